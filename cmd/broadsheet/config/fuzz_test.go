package config

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/internal/cost"
)

// loadBytes is Load of bytes, in a folder where there is nothing else.
func loadBytes(t testing.TB, dir string, data []byte) (*Paper, Problems) {
	t.Helper()
	found := &findings{}
	l := &loader{
		expander: &expander{env: testEnv, dir: dir},
		found:    found, hints: &hints{}, shapes: shapes{}, complete: true,
	}
	return l.load(filepath.Join(dir, "config.yaml"), "config.yaml", data)
}

// Whatever the bytes, there is a paper or there are sentences, and soon.
func FuzzLoad(f *testing.F) {
	paths, _ := filepath.Glob("testdata/*/*.yaml")
	for _, path := range append(paths, "../../../config.yaml") {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 64<<10 {
			return
		}
		start := time.Now()
		paper, problems := loadBytes(t, "testdata/none", data)
		if took := time.Since(start); took > 5*time.Second && !cost.Race {
			t.Errorf("took %v", took)
		}
		if problems.Failed() == (paper != nil) {
			t.Errorf("a paper and errors, or neither:\n%s", problems)
		}
		for _, p := range problems {
			if p.Text == "" || p.Pos.File == "" || strings.ContainsAny(p.String(), "\n\r") && !strings.ContainsAny(p.Pos.File, "\n") {
				t.Errorf("not one line: %q", p.String())
			}
		}
	})
}

// manySources is a configuration of n sources, as large ones look.
func manySources(n int) []byte {
	var b strings.Builder
	b.WriteString(someSite + "defaults: {source: {every: 30m}}\nprofiles: {journal: {every: 6h, rank: 1}}\n" +
		"lists: {iran: [iran*, Téhéran, Тегеран, إيران]}\nsections:\n")
	for i := range 20 {
		fmt.Fprintf(&b, "  - name: section-%d\n    sources: [\"tag:t%d\"]\n    match: [{words: [list:iran, word%d]}]\n", i, i, i)
	}
	b.WriteString("sources:\n")
	for i := range n {
		fmt.Fprintf(&b, "  - name: source-%d\n    title: Source %d\n    url: https://www.host-%d.example/feed.xml?%d\n"+
			"    language: en\n    tags: [t%d, all]\n    profile: journal\n    sections: [section-%d]\n", i, i, i%7000, i, i%20, i%20)
	}
	return []byte(b.String())
}

func TestTenThousandSourcesLoadInUnderASecond(t *testing.T) {
	data := manySources(10_000)
	cost.Within(t, time.Second, func() {
		paper, problems := loadBytes(t, t.TempDir(), data)
		if paper == nil || len(paper.Outlets) != 10_000 {
			t.Fatal(problems)
		}
	})
}

func BenchmarkLoadTenThousandSources(b *testing.B) {
	data := manySources(10_000)
	for b.Loop() {
		if paper, problems := loadBytes(b, b.TempDir(), data); paper == nil {
			b.Fatal(problems)
		}
	}
}

// Mistakes in every one of many sources are told in bounded time.
func TestManyMistakesAreToldInBoundedTime(t *testing.T) {
	data := strings.ReplaceAll(string(manySources(5_000)), "profile: journal", "profile: jornal")
	data = strings.ReplaceAll(data, "language: en", "langage: en")
	start := time.Now()
	_, problems := loadBytes(t, t.TempDir(), []byte(data))
	if took := time.Since(start); took > 5*time.Second && !cost.Race {
		t.Errorf("took %v", took)
	}
	if n := len(problems); n != maxProblems+1 {
		t.Errorf("%d problems", n)
	}
}
