package syndication

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
)

// corpus is the folder of real feeds; tests that need it are skipped without.
func corpus(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("BROADSHEET_CORPUS")
	if dir == "" {
		t.Skip("BROADSHEET_CORPUS names no folder of real feeds")
	}
	return dir
}

// sample is a line of the corpus's manifest.
type sample struct {
	file, format, host string
	items              int
	sound              bool // its XML or JSON is well-formed
}

func manifest(t *testing.T, dir string) []sample {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "feeds", "manifest.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	column := map[string]int{}
	for i, name := range strings.Split(lines[0], "\t") {
		column[name] = i
	}
	var out []sample
	for _, line := range lines[1:] {
		f := strings.Split(line, "\t")
		items, _ := strconv.Atoi(f[column["items"]])
		out = append(out, sample{
			file: f[column["file"]], format: f[column["format"]], host: f[column["host"]],
			items: items, sound: f[column["xml"]] == "ok",
		})
	}
	return out
}

// opinion is how another parser reads a feed.
type opinion struct {
	File    string
	Entries []struct{ ID, Title, Link string }
}

func opinions(t *testing.T, dir string) map[string]opinion {
	t.Helper()
	f, err := os.Open(filepath.Join(dir, "feeds", "oracle.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[string]opinion{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var o opinion
		if err := json.Unmarshal(lines.Bytes(), &o); err != nil {
			t.Fatal(err)
		}
		out[o.File] = o
	}
	return out
}

const patience = 5 * time.Second

func TestEveryFeedOfTheCorpusIsReadOrRefusedForATrueReason(t *testing.T) {
	dir := corpus(t)
	oracle := opinions(t, dir)
	var read, warned, items int
	refused, warnings := map[string]int{}, map[string]int{}
	for _, s := range manifest(t, dir) {
		body, err := os.ReadFile(filepath.Join(dir, "feeds", s.file))
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		doc, err := Parse(body, Input{URL: "http://" + s.host + "/feed"})
		if took := time.Since(start); took > patience {
			t.Errorf("%s: took %s", s.file, took)
		}
		if err != nil {
			refused[string(feed.KindOf(err))+": "+err.Error()]++
			if s.sound && feed.KindOf(err) != feed.KindNotFeed || feed.KindOf(err) == feed.KindBug {
				t.Errorf("%s: %v", s.file, err)
			}
			t.Logf("REFUSED %s (%s, %d items): %v", s.file, s.format, s.items, err)
			continue
		}
		items += len(doc.Items)
		if len(doc.Warnings) == 0 {
			read++
		} else {
			warned++
		}
		for _, w := range doc.Warnings {
			warnings[w.Code]++
		}
		if n, m := len(doc.Items)+len(doc.Drops), len(oracle[s.file].Entries); n != s.items || n != m {
			t.Logf("ITEMS %s (%s): %d read, %d by the manifest, %d by the oracle; %v", s.file, s.format, n, s.items, m, doc.Warnings)
		}
	}
	t.Logf("%d read, %d read with warnings %v, refused %v; %d items", read, warned, warnings, refused, items)
}
