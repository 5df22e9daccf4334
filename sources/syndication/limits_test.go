package syndication

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/internal/cost"
)

// T-08: what nests without end, or has attributes without end, is refused before
// it costs anything, whatever the format.
func TestDepthAndAttributesAreRefusedAtOnce(t *testing.T) {
	const limit = 100 * time.Millisecond
	const jsonStart = `{"version":"https://jsonfeed.org/version/1.1","items":`
	tests := []struct{ name, body, want string }{
		{"a depth of a million", inItem(strings.Repeat("<a>", 1_000_000)), "nests over 200 elements"},
		{"a depth of a million, in markup", inItem("<description>" + strings.Repeat("<b>", 1_000_000)), "nests over 200 elements"},
		{"a depth of a million, all closed", inItem(strings.Repeat("<a>", 1_000_000) + strings.Repeat("</a>", 1_000_000)), "nests over 200 elements"},
		{"a million attributes", inItem("<a" + many(1_000_000, " a%d=''") + "/>"), "over 100 attributes"},
		{"a million attributes on the root", "<rss" + many(1_000_000, " a%d=''") + "/>", "over 100 attributes"},
		{"a million attributes of one name", inItem("<a" + strings.Repeat(" a=''", 1_000_000) + "/>"), "over 100 attributes"},
		{"a million namespaces", "<rss" + many(1_000_000, " xmlns:a%d='u'") + "/>", "over 100 attributes"},
		{"JSON of a depth of a million", jsonStart + strings.Repeat("[", 1_000_000), "nests over 100 levels"},
		{"JSON of a depth of a million objects", jsonStart + strings.Repeat(`{"a":`, 1_000_000), "nests over 100 levels"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var err error
			body := []byte(tt.body)
			cost.Within(t, limit, func() { _, err = Parse(body, Input{URL: from}) })
			t.Logf("%d bytes: %v", len(body), err)
			if feed.KindOf(err) != feed.KindTooLarge || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
}

// T-07: no entity of a document is ever expanded, and nothing that it names is ever
// read: there is nothing in this package that could.
func TestEntitiesAreNeverExpandedAndNothingIsRead(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret.txt")
	if err := os.WriteFile(secret, []byte("the tide table"), 0o600); err != nil {
		t.Fatal(err)
	}
	laughs := `<!DOCTYPE rss [<!ENTITY l0 "ha">`
	for i := range 30 {
		laughs += fmt.Sprintf(`<!ENTITY l%d "%s">`, i+1, strings.Repeat(fmt.Sprintf("&l%d;", i), 10))
	}
	long := strings.Repeat("a", 50_000)
	tests := []struct{ name, doctype, title, want string }{
		{"billion laughs", laughs + "]>", "&l30;", "&l30;"},
		{"quadratic blow-up", `<!DOCTYPE rss [<!ENTITY a "` + long + `">]>`, strings.Repeat("&a;", 2000), strings.Repeat("&a;", 2000)},
		{"a file", `<!DOCTYPE rss [<!ENTITY x SYSTEM "file://` + secret + `">]>`, "&x;", "&x;"},
		{"a page", `<!DOCTYPE rss [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>`, "&x;", "&x;"},
		{"a parameter entity", `<!DOCTYPE rss [<!ENTITY % p SYSTEM "file://` + secret + `"> %p;]>`, "x", "x"},
		{"an external subset", `<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/rss.dtd">`, "&x;", "&x;"},
		{"a known name with another meaning", `<!DOCTYPE rss [<!ENTITY amp "boo"><!ENTITY eacute "boo">]>`, "&amp;&eacute;", "&é"},
		{"XInclude", ``, `<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://` + secret + `"/>`, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body := []byte(tt.doctype + inItem("<title>"+tt.title+"</title>"))
			var doc Document
			var err error
			cost.Within(t, 50*time.Millisecond, func() { doc, err = Parse(body, Input{URL: from}) })
			if err != nil || len(doc.Items) != 1 {
				t.Fatalf("%d items, %v", len(doc.Items), err)
			}
			got := string(doc.Items[0].Title.Value)
			if tt.want != "" && got != tt.want || strings.Contains(got, "tide") {
				t.Errorf("the title is %.80q, want %.80q", got, tt.want)
			}
		})
	}
}

// T-10: a mebibyte in any field of an item costs little, and leaves the item.
func TestAMebibyteInAFieldCostsLittle(t *testing.T) {
	if cost.Race {
		t.Skip("what it costs is not to be told under the race detector")
	}
	fill := func(unit string) string { return strings.Repeat(unit, (1<<20)/len(unit)) }
	tests := map[string]string{
		"a url of dots":            `<link>../` + fill("../") + `</link>`,
		"a url of a host":          `<link>http://` + fill("a.") + `</link>`,
		"a url of escapes":         `<link>/` + fill("%2e%2e/") + `</link>`,
		"an xml:base":              `<link xml:base="` + fill("a/../") + `">x</link>`,
		"a date":                   `<pubDate>` + fill("Tue, ") + `</pubDate>`,
		"a date of digits":         `<pubDate>` + fill("1") + `</pubDate>`,
		"a date of Dublin Core":    `<dc:date>` + fill("2026-") + `</dc:date>`,
		"an author":                `<author>` + fill("a@b.example (") + `</author>`,
		"an author of brackets":    `<author><![CDATA[` + fill("<") + `]]></author>`,
		"an author of commas":      `<dc:creator>` + fill("a, ") + `</dc:creator>`,
		"a mime type":              `<enclosure url="/a" type="` + fill("a/b; ") + `"/>`,
		"a mime word":              `<title>` + fill("=?utf-8?q?a?= ") + `</title>`,
		"a length":                 `<enclosure url="/a" length="` + fill("9") + `"/>`,
		"a duration":               `<itunes:duration>` + fill("1:") + `</itunes:duration>`,
		"a title":                  `<title>` + fill("word ") + `</title>`,
		"a title of references":    `<title>` + fill("&amp;") + `</title>`,
		"a title of half entities": `<title>` + fill("&a") + `</title>`,
		"a guid":                   `<guid>` + fill("x") + `</guid>`,
		"a category":               `<category>` + fill("word ") + `</category>`,
		"keywords":                 `<itunes:keywords>` + fill("a,") + `</itunes:keywords>`,
		"a language":               `<dc:language>` + fill("en-") + `</dc:language>`,
		"a source":                 `<source url="` + fill("a/../") + `">x</source>`,
		"a name":                   `<` + fill("n") + `/>`,
		"a prefix":                 `<` + fill("n:") + `/>`,
		"a comment":                `<!--` + fill("- -") + `-->`,
	}
	for name, markup := range tests {
		t.Run(name, func(t *testing.T) {
			body := []byte(inItem("<description>The ferry was late.</description>" + markup))
			var doc Document
			var err error
			cost.Within(t, 250*time.Millisecond, func() { doc, err = Parse(body, Input{URL: from}) })
			if err != nil || len(doc.Items) != 1 || doc.Items[0].Summary.Value != "The ferry was late." {
				t.Fatalf("%d items, %v", len(doc.Items), err)
			}
			checkItem(t, doc.Items[0])
		})
	}
}

// T-39: what JSON leaves open is decided, and what it allows is bounded.
func TestOddJSONIsReadByFixedRules(t *testing.T) {
	const open = `{"version":"https://jsonfeed.org/version/1.1",`
	item := func(fields string) string { return open + `"title":"Gulf","items":[{"id":"1",` + fields + `}]}` }
	tests := []struct{ name, body, title string }{
		{"of two equal names the last counts", item(`"title":"first","title":"last"`), "last"},
		{"also where the last is empty", item(`"title":"first","title":null`), ""},
		{"of two lists of items, too", open + `"items":[{"id":"0","title":"first"}],"items":[{"id":"1","title":"last"}]}`, "last"},
		{"names in capitals are others", item(`"title":"small","TITLE":"LARGE"`), "small"},
		{"half of a pair of surrogates", item(`"title":"a\ud83db"`), "a\uFFFDb"},
		{"a whole pair", item(`"title":"a\ud83d\ude00b"`), "a😀b"},
		{"characters that no document may hold", item(`"title":"a\u0000\u0001\ufffe\u001bb"`), "ab"},
		{"bytes that are no UTF-8", item("\"title\":\"caf\xe9\""), "café"},
		{"a number that no computer holds", item(`"title":1e999999999`), "1e999999999"},
		{"a number of a thousand digits", item(`"title":` + strings.Repeat("9", 1000)), strings.Repeat("9", 1000)},
		{"a number of negative length", item(`"title":"x","attachments":[{"url":"/a","size_in_bytes":-1e30,"duration_in_seconds":1e300}]`), "x"},
		{"as deep as may be", item(`"title":"x","_x":` + strings.Repeat("[", 97) + strings.Repeat("]", 97)), "x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := Parse([]byte(tt.body), Input{URL: from})
			if err != nil || len(doc.Items) != 1 || doc.Items[0].ID != "1" {
				t.Fatalf("%+v, %v", doc.Items, err)
			}
			it := doc.Items[0]
			if got := string(it.Title.Value); got != tt.title {
				t.Errorf("title %q, want %q", got, tt.title)
			}
			for _, enc := range it.Enclosures {
				if enc.Length < 0 || enc.Duration < 0 {
					t.Errorf("a file of %d bytes and %s", enc.Length, enc.Duration)
				}
			}
		})
	}
}

// T-40: one of a hundred documents makes the parser panic. It alone fails, and the
// beginning of it is kept.
func TestAPanicCostsOneDocument(t *testing.T) {
	poison := bytes.Repeat([]byte("poison "), 100_000)
	read := func(r *reader, body []byte) error {
		if bytes.HasPrefix(body, []byte("poison")) {
			panic("index out of range")
		}
		return r.read(body)
	}
	for i := range 100 {
		body := []byte(inItem("<title>One</title>"))
		if i == 50 {
			body = poison
		}
		doc, err := guarded(body, Input{URL: from}, read)
		if i != 50 {
			if err != nil || len(doc.Items) != 1 {
				t.Errorf("document %d: %v", i, err)
			}
			continue
		}
		e, _ := errors.AsType[*feed.Error](err)
		if e == nil || e.Kind != feed.KindBug || e.Sentence() == "" || doc.Items != nil || !strings.Contains(e.Err.Error(), "index out of range") {
			t.Fatalf("%+v", err)
		}
		if !bytes.Equal(e.Input, poison[:feed.MaxInput]) {
			t.Errorf("%d bytes of the input are kept", len(e.Input))
		}
		clear(body)
		if e.Input[0] != 'p' {
			t.Error("what is kept is not a copy")
		}
	}
}

// T-32, T-14: nothing that a source writes gets into a sentence in a form that
// could move a cursor, break a line of a log or turn the direction of its text.
func TestSentencesHoldNoControlCharacters(t *testing.T) {
	const bad = "\x1b[31m\r\n\u009b31m\u202e\u2028\x07\x7f"
	bodies := []string{
		bad, "{" + bad, `{"` + bad + `":` + bad, `{"error":"` + bad + `"}`, `{"error":"\u001b[31m\r\n\u009b\u202e"}`,
		`{"version":"jsonfeed.org/version/1` + bad + `","items":[]`, `["\u001b", ` + bad,
		"<" + bad + ">", "<x" + bad + ">", `<?xml version="1.0" encoding="` + bad + `"?><rss/>`, `<?xml version="1.0" encoding="x-mars"?><rss/>`,
		`<rss><channel><item></a` + bad + `></item>`, `<rss><channel><it` + bad + `><item></channel></rss>`, inItem("<title>&" + bad + ";&eacute;</title>"),
		`<html><head><title>` + bad + `</title><link rel=alternate type="application/rss+xml" href="http://gulf.example/` + bad + `">`,
		`<html><head><base href="http://gulf.example/` + bad + `"><link rel=alternate type="application/rss+xml" href="` + bad + `">`,
	}
	for _, body := range bodies {
		for _, contentType := range []string{"", "text/xml; charset=\"" + bad + "\"", "text/xml; charset=\"koi8-r\t\""} {
			doc, err := Parse([]byte(body), Input{URL: from, ContentType: contentType})
			var said []string
			if err != nil {
				said = append(said, err.Error())
				if e, ok := errors.AsType[*feed.Error](err); ok {
					said = append(said, e.Feeds...)
				}
			}
			for _, w := range doc.Warnings {
				said = append(said, w.Code, w.Text)
			}
			for _, s := range said {
				if !printable(s) {
					t.Errorf("%q says %q", body, s)
				}
			}
			checkLog(t, said)
		}
	}
}

// checkLog writes sentences as they are logged: each is one line.
func checkLog(t *testing.T, said []string) {
	t.Helper()
	for _, handler := range []func(io.Writer) slog.Handler{
		func(w io.Writer) slog.Handler { return slog.NewJSONHandler(w, nil) },
		func(w io.Writer) slog.Handler { return slog.NewTextHandler(w, nil) },
	} {
		var out bytes.Buffer
		for _, s := range said {
			slog.New(handler(&out)).Warn("reading", "error", s)
		}
		if n := bytes.Count(out.Bytes(), []byte("\n")); n != len(said) || bytes.ContainsAny(out.Bytes(), "\x1b\r\x07\x7f") {
			t.Errorf("%d lines of %d: %q", n, len(said), out.String())
		}
	}
}
