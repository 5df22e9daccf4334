package siterule

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/net/html/charset"

	"broadsheet/internal/cost"
)

// corpus is a folder of real files; without it the test is skipped.
func corpus(t testing.TB, parts ...string) string {
	t.Helper()
	dir := os.Getenv("BROADSHEET_CORPUS")
	if dir == "" {
		t.Skip("BROADSHEET_CORPUS is not set")
	}
	return filepath.Join(append([]string{dir}, parts...)...)
}

// slips are the lines of the real rules that are mistakes of whoever wrote them: each
// with what is said of it.
var slips = map[string]string{
	".tvbs.com.tw.txt:23":        "a URL stands alone",
	"araraneon.com.br.txt:15":    "a URL stands alone",
	"clubic.com.txt:23":          "is not a directive",
	"faz.net.txt:24":             "lacks an argument",
	"fzone.cz.txt:8":             `no directive "test"`,
	"gendai.media.txt:7":         "contain()",
	"lapresse.ca.txt:21":         `no directive "test_rul"`,
	"lecker.de.txt:23":           `no directive "test_content"`,
	"polygon.com.txt:1":          "lacks an argument",
	"publications.aap.org.txt:1": `no directive "titl"`,
	"ruhlman.com.txt:2":          "must evaluate to a node-set", // ///span
	"zive.cz.txt:1":              "lacks an argument",
}

// The rules that exist work: all files load, 99 of 100 lines are understood, and each
// line that is not is a slip.
func TestRealRulesAreUnderstood(t *testing.T) {
	dir := corpus(t, "site-rules")
	folder, problems, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.txt")) // names with a dot first too
	const others = 2                                         // LICENSE.txt is none, and one has a second file with www.
	if err != nil || len(folder.rules) != len(files)-others {
		t.Errorf("%d rules of %d files, %v", len(folder.rules), len(files), err)
	}
	obeyed, passed := map[directive]int{}, map[directive]int{}
	all, expressions := 0, 0
	for _, r := range folder.rules {
		for l := range r.each {
			n := 1
			if l.directive == replaceString || l.when != "" {
				n = 2 // a find_string, or an if_page_contains, is kept in the line it belongs to
			}
			all += n
			if vocabulary[l.directive].passed != "" {
				passed[l.directive] += n
			} else {
				obeyed[l.directive] += n
			}
			if vocabulary[l.directive].form == xpathExpr {
				expressions++
			}
		}
	}
	all += len(problems)
	for _, d := range slices.Sorted(maps.Keys(obeyed)) {
		t.Logf("%6d %s", obeyed[d], d)
	}
	for _, d := range slices.Sorted(maps.Keys(passed)) {
		t.Logf("%6d %s: passed over: %s", passed[d], d, vocabulary[d].passed)
	}
	for _, p := range problems {
		t.Logf("       %s", p)
		want, slip := slips[fmt.Sprintf("%s:%d", p.File, p.Line)]
		if !slip || !strings.Contains(p.Text, want) {
			t.Errorf("it is no slip known: %s", p)
		}
	}
	share := 1 - float64(len(problems))/float64(all)
	t.Logf("%d rules, %d lines, %d XPaths, %d problems: %.2f %% understood", len(folder.rules), all, expressions, len(problems), 100*share)
	if share < 0.99 || len(problems) > len(slips) {
		t.Errorf("%.2f %% of all lines are understood, with %d problems", 100*share, len(problems))
	}
}

func TestRealRulesLoadFastAndSmall(t *testing.T) {
	dir := corpus(t, "site-rules")
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	var folder *Folder
	cost.Within(t, 700*time.Millisecond, func() {
		var err error
		if folder, _, err = Load(dir); err != nil {
			t.Fatal(err)
		}
	})
	runtime.GC()
	runtime.ReadMemStats(&after)
	held := int64(after.HeapAlloc) - int64(before.HeapAlloc)
	t.Logf("%d rules hold %d KiB", len(folder.rules), held>>10)
	if held > 8<<20 {
		t.Errorf("the rules hold %d bytes", held)
	}
	runtime.KeepAlive(folder)
}

// truth is a page of the corpus and what its text is.
type truth struct {
	File, URL, Body, Title string
	Must, MustNot          []string
}

// What real rules find on real pages, years apart: printed, to be looked at; and never a
// panic, never more than a page is worth.
func TestRealRulesFindRealBodies(t *testing.T) {
	folder, _, err := Load(corpus(t, "site-rules"))
	if err != nil {
		t.Fatal(err)
	}
	lines, err := os.Open(corpus(t, "articles", "truth.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer lines.Close()
	var pages, ruled, withBodyLine, bodies, titles, judged, good int
	var sum, musts, mustHits, nots, notHits float64
	var worst time.Duration
	scan := bufio.NewScanner(lines)
	scan.Buffer(nil, 16<<20)
	for scan.Scan() {
		var a truth
		if err := json.Unmarshal(scan.Bytes(), &a); err != nil {
			t.Fatal(err)
		}
		pages++
		u, err := url.Parse(a.URL)
		if err != nil || u.Hostname() == "" {
			continue
		}
		rule := folder.For(u.Hostname())
		if rule == nil || len(rule.lines) == len(folder.rules[everywhere].lines) {
			continue
		}
		raw, err := os.ReadFile(corpus(t, "articles", a.File))
		if err != nil {
			t.Fatal(err)
		}
		ruled++
		in, err := charset.NewReader(bytes.NewReader(raw), "text/html")
		if err != nil {
			t.Fatal(err)
		}
		var page bytes.Buffer
		if _, err := page.ReadFrom(in); err != nil {
			t.Fatal(err)
		}
		doc, err := html.Parse(bytes.NewReader(rule.Edit(page.Bytes())))
		if err != nil {
			t.Fatal(err)
		}
		start := time.Now()
		f := rule.Apply(doc)
		worst = max(worst, time.Since(start))
		for _, trouble := range f.Trouble {
			t.Errorf("%s: %s", a.URL, trouble)
		}
		if f.Title != "" {
			titles++
		}
		for range rule.all(body) {
			withBodyLine++
			break
		}
		if len(f.Body) == 0 {
			continue
		}
		bodies++
		text := words(f.Body)
		for _, m := range a.Must {
			musts++
			if strings.Contains(strings.Join(text, " "), strings.Join(fields(m), " ")) {
				mustHits++
			}
		}
		for _, m := range a.MustNot {
			nots++
			if strings.Contains(strings.Join(text, " "), strings.Join(fields(m), " ")) {
				notHits++
			}
		}
		if a.Body != "" {
			judged++
			f1 := likeness4(text, fields(a.Body))
			sum += f1
			if f1 > 0.9 {
				good++
			} else {
				t.Logf("F1 %.2f %s", f1, a.URL)
			}
		}
	}
	t.Logf("%d pages, %d have a rule for their site, %d of these a body line; %d bodies and %d titles found", pages, ruled, withBodyLine, bodies, titles)
	t.Logf("%d judged by their text: mean F1 %.3f, %d above 0.9; %.0f of %.0f wanted pieces and %.0f of %.0f unwanted ones; slowest %s",
		judged, sum/float64(max(judged, 1)), good, mustHits, musts, notHits, nots, worst)
	if ruled == 0 || bodies*2 < withBodyLine {
		t.Errorf("%d bodies on %d pages of sites whose rule names one", bodies, withBodyLine)
	}
}

// words are the words of parts of a page.
func words(parts []*html.Node) []string {
	var b strings.Builder
	for _, part := range parts {
		for n := range within(part) {
			if n.Type == html.TextNode && n.Parent.DataAtom != atom.Script && n.Parent.DataAtom != atom.Style {
				b.WriteString(n.Data)
			}
			b.WriteByte(' ')
		}
	}
	return fields(b.String())
}

func fields(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// likeness4 is the benchmark's measure: F1 over shingles of four words, as bags.
func likeness4(a, b []string) float64 {
	bag := func(w []string) map[string]int {
		out := map[string]int{}
		const shingle = 4
		for i := range max(len(w)-shingle+1, min(len(w), 1)) {
			out[strings.Join(w[i:min(i+shingle, len(w))], " ")]++
		}
		return out
	}
	x, y := bag(a), bag(b)
	both, nx, ny := 0, 0, 0
	for s, n := range x {
		nx += n
		both += min(n, y[s])
	}
	for _, n := range y {
		ny += n
	}
	if nx+ny == 0 {
		return 1
	}
	return 2 * float64(both) / float64(nx+ny)
}
