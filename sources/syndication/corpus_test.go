package syndication

import (
	"bufio"
	"encoding/json"
	"html"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
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

// tally counts what became of the feeds of the corpus.
type tally struct {
	read, warned, items  int
	refused, warnings    map[string]int
	drops                map[string]int
	sameIDs, sameTitles  int // as the other parser reads them
	compared, otherCount int
}

func TestEveryFeedOfTheCorpusIsReadOrRefusedForATrueReason(t *testing.T) {
	dir := corpus(t)
	oracle := opinions(t, dir)
	n := tally{refused: map[string]int{}, warnings: map[string]int{}, drops: map[string]int{}}
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
		kind := feed.KindOf(err)
		if err != nil {
			n.refused[string(kind)]++
			t.Logf("%s (%s, %d items) is refused: %v", s.file, s.format, s.items, err)
			if s.sound && kind != feed.KindNotFeed || kind == feed.KindBug {
				t.Errorf("%s: a sound feed", s.file)
			}
			continue
		}
		n.count(t, s, doc, oracle[s.file])
	}
	t.Logf("%d read / %d read with warnings / refused: %v", n.read, n.warned, n.refused)
	t.Logf("%d items, drops %v, warnings %v", n.items, n.drops, n.warnings)
	t.Logf("of %d items that another parser lists as well, %d have the same id and %d the same title; %d feeds have another number of items",
		n.compared, n.sameIDs, n.sameTitles, n.otherCount)
	if n.sameIDs*100 < n.compared*99 || n.sameTitles*100 < n.compared*98 {
		t.Error("too many ids or titles differ")
	}
}

// count adds a feed that was read. The other parser is a second opinion only: it
// mends text that was encoded twice, and drops half of what a document that was
// cut off holds.
func (n *tally) count(t *testing.T, s sample, doc Document, other opinion) {
	n.items += len(doc.Items)
	if len(doc.Warnings) == 0 {
		n.read++
	} else {
		n.warned++
	}
	for _, w := range doc.Warnings {
		n.warnings[w.Code]++
	}
	for _, d := range doc.Drops {
		n.drops[d.Code]++
	}
	found := len(doc.Items) + len(doc.Drops)
	if found != s.items || found != len(other.Entries) {
		n.otherCount++
		t.Logf("%s: %d items, %d by the manifest, %d by the other parser; %v",
			s.file, found, s.items, len(other.Entries), doc.Warnings)
	}
	if len(doc.Items) != len(other.Entries) {
		return
	}
	for i, it := range doc.Items {
		n.compared++
		if it.ID == other.Entries[i].ID {
			n.sameIDs++
		}
		if words(string(it.Title.Value)) == words(other.Entries[i].Title) {
			n.sameTitles++
		}
	}
}

// words is text without the markup and references that parsers treat differently.
func words(s string) string {
	s = tags.ReplaceAllString(html.UnescapeString(s), "")
	return strings.Join(strings.Fields(html.UnescapeString(s)), " ")
}

var tags = regexp.MustCompile(`<[^>]*>`)

// The inputs of other parsers' tests, which are broken in every way that somebody
// thought of. It is enough to survive them.
func TestOtherParsersTestsDoNoHarm(t *testing.T) {
	dir := corpus(t)
	count, refused := 0, map[feed.Kind]int{}
	for _, folder := range []string{"suites/feedvalidator/input", "feedparser_cases/input"} {
		err := filepath.WalkDir(filepath.Join(dir, folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			body, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			start := time.Now()
			_, perr := Parse(body, Input{URL: from})
			if kind := feed.KindOf(perr); perr != nil {
				refused[kind]++
				if kind == feed.KindBug || kind == feed.KindUnknown {
					t.Errorf("%s: %v", path, perr)
				}
			}
			if took := time.Since(start); took > patience {
				t.Errorf("%s: took %s", path, took)
			}
			count++
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d files, refused: %v", count, refused)
}
