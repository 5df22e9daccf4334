package syndication

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"broadsheet/feed"
)

// seeds are the feeds of testdata.
func seeds(f *testing.F) {
	f.Helper()
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range archives {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			if !strings.HasSuffix(file.Name, ".golden") {
				f.Add(file.Data, "")
			}
		}
	}
	f.Add([]byte("\xFF\xFE<\x00r\x00s\x00s\x00"), "text/xml; charset=koi8-r")
	f.Add([]byte(`{"version":"https://jsonfeed.org/version/1","items":[null,{"id":1,"authors":[null]}]}`), "")
}

// T-11, T-39: whatever the bytes are: no panic, an error of a known kind, or items of which
// each is of use, in characters that any document can hold.
func FuzzParse(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		doc, err := Parse(body, Input{URL: from, ContentType: contentType})
		if err != nil {
			var e *feed.Error
			if !errors.As(err, &e) || e.Kind == feed.KindBug || e.Sentence() == "" || !printable(e.Error()) {
				t.Fatalf("%q", err)
			}
			return
		}
		for _, w := range doc.Warnings {
			if !printable(w.Text) {
				t.Errorf("the warning %q cannot be shown", w.Text)
			}
		}
		if len(doc.Items) > maxItems {
			t.Errorf("%d items", len(doc.Items))
		}
		out, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		if !utf8.Valid(out) {
			t.Error("what was read is not UTF-8")
		}
		for _, it := range doc.Items {
			checkItem(t, it)
		}
	})
}

// checkItem judges what every item promises.
func checkItem(t *testing.T, it feed.Item) {
	t.Helper()
	for _, s := range []string{it.ID, string(it.Title.Value), string(it.Summary.Value), string(it.Content.Value), it.Image, it.Comments} {
		if strings.IndexFunc(s, illegal) >= 0 {
			t.Errorf("%q holds characters that no document can hold", s)
		}
	}
	for _, l := range it.Links {
		if l.Href == "" || l.Rel == "" || len(l.Href) > maxURL {
			t.Errorf("a link without a target or a relation, or too long: %+v", l)
		}
	}
	for _, c := range it.Categories {
		if c.Term == "" || len(c.Term) > maxShort {
			t.Errorf("a category without a name, or with too long a one: %+v", c)
		}
	}
	for _, e := range it.Enclosures {
		if e.URL == "" || e.Length < 0 || e.Duration < 0 {
			t.Errorf("a file without an address, or of negative size: %+v", e)
		}
	}
	if len(it.Published) > maxDate || len(it.Updated) > maxDate {
		t.Errorf("a date of %d bytes", max(len(it.Published), len(it.Updated)))
	}
}

// What is written for gofeed is well-formed, whatever was read.
func FuzzWritten(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		r := &reader{in: Input{URL: from}}
		text := strings.TrimSpace(characters(body, contentType, &r.w))
		start, err := findRoot(text, &r.w)
		if err != nil {
			return
		}
		root, _, err := build(text[start:], &r.w)
		if err != nil {
			return
		}
		written := r.writeRSS(outlineRSS(root))
		if root.is(own, "feed") {
			var entries []*element
			for e := range root.children {
				if e.is(own, "entry") {
					entries = append(entries, e)
				}
			}
			written = r.writeAtom(root, entries)
		}
		d := xml.NewDecoder(strings.NewReader(written))
		for {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%v in\n%s", err, written)
			}
		}
	})
}

func BenchmarkParse(b *testing.B) {
	item := func(i int) string {
		return `<item><title>An article of some length, number ` + string(rune('0'+i%10)) + `</title>` +
			`<link>http://gulf.example/2026/11/` + string(rune('a'+i%26)) + `</link><guid isPermaLink="false">x</guid>` +
			`<pubDate>Tue, 03 Nov 2026 08:00:00 +0000</pubDate><dc:creator>Ines Marlow</dc:creator>` +
			`<category>Ferries</category><description>A sentence &amp; another one.</description>` +
			`<media:content url="http://gulf.example/i.jpg" medium="image"><media:title>Fog</media:title></media:content>` +
			`<content:encoded><![CDATA[` + strings.Repeat("<p>Two boats waited for <b>hours</b>.</p>\n", 60) +
			`]]></content:encoded></item>`
	}
	var feed strings.Builder
	feed.WriteString(`<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
		xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
		<channel><title>Gulf</title><link>http://gulf.example/</link>`)
	for i := range 50 {
		feed.WriteString(item(i))
	}
	feed.WriteString(`</channel></rss>`)
	body := []byte(feed.String())
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if doc, err := Parse(body, Input{URL: from}); err != nil || len(doc.Items) != 50 {
			b.Fatal(len(doc.Items), err)
		}
	}
}

// BenchmarkParseCorpus reads the largest feeds of the corpus.
func BenchmarkParseCorpus(b *testing.B) {
	dir := os.Getenv("BROADSHEET_CORPUS")
	if dir == "" {
		b.Skip("BROADSHEET_CORPUS names no folder of real feeds")
	}
	files, err := filepath.Glob(filepath.Join(dir, "feeds", "*.rss"))
	if err != nil {
		b.Fatal(err)
	}
	var bodies [][]byte
	total := 0
	for _, name := range files {
		body, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		if len(body) > 300_000 {
			bodies = append(bodies, body)
			total += len(body)
		}
	}
	b.SetBytes(int64(total))
	b.ReportAllocs()
	for b.Loop() {
		for _, body := range bodies {
			if _, err := Parse(body, Input{URL: from}); err != nil {
				b.Fatal(err)
			}
		}
	}
}
