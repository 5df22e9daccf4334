package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
	"broadsheet/sources/syndication"
)

// Text is decoded once, and only once, from the bytes of a feed to what is published
// (RSS-5, ATOM-5, JSON-2), in whichever of the many ways it was written.
func TestTextIsDecodedOnceFromBytesToEntry(t *testing.T) {
	rss := func(title, text string) string {
		return `<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>T</title><link>http://gulf.example/</link><description>d</description>` +
			`<item><guid>1</guid><title>` + title + `</title><content:encoded>` + text + `</content:encoded></item></channel></rss>`
	}
	atom := func(title, text string) string {
		return `<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x:f</id><title>T</title><updated>2026-11-20T08:00:00Z</updated>` +
			`<entry><id>urn:x:1</id><updated>2026-11-20T08:00:00Z</updated><title` + title + `</title><content` + text + `</content></entry></feed>`
	}
	json := func(title, fields string) string {
		return `{"version":"https://jsonfeed.org/version/1.1","title":"T","items":[{"id":"1","title":` + title + `,` + fields + `}]}`
	}
	tests := []struct{ name, in, title, content string }{
		{"RSS, escaped once", rss("AT&amp;T", "&lt;p&gt;AT&amp;amp;T&lt;/p&gt;"), "AT&T", "<p>AT&amp;T</p>"},
		{"RSS, escaped as HTML in XML", rss("AT&amp;amp;T", "&lt;p&gt;x &amp;lt; y&lt;/p&gt;"), "AT&T", "<p>x &lt; y</p>"},
		{"RSS, an entity that was meant", rss("The &amp;amp;amp; sign", "&lt;p&gt;&amp;amp;amp;&lt;/p&gt;"), "The &amp; sign", "<p>&amp;amp;</p>"},
		{"RSS, CDATA", rss("<![CDATA[AT&T]]>", "<![CDATA[<p>AT&amp;T</p>]]>"), "AT&T", "<p>AT&amp;T</p>"},
		{"RSS, CDATA with an entity", rss("<![CDATA[AT&amp;T]]>", "<![CDATA[<p>&lt;b&gt;</p>]]>"), "AT&T", "<p>&lt;b&gt;</p>"},
		{"RSS, CDATA twice", rss("<![CDATA[A]]>&amp;<![CDATA[B]]>", "&lt;![CDATA[&lt;p&gt;x&lt;/p&gt;]]&gt;"), "A&B", "<p>x</p>"},
		{"RSS, raw tags", rss("Rain <b>now</b>", "<p>Rain <b>now</b></p>"), "Rain now", "<p>Rain <b>now</b></p>"},
		{"RSS, tags in a title", rss("Rain &lt;i&gt;now&lt;/i&gt;", "&lt;p&gt;x&lt;/p&gt;"), "Rain now", "<p>x</p>"},
		{"RSS, a tag that was meant", rss("The &amp;lt;b&amp;gt; tag", "&lt;p&gt;The &amp;lt;b&amp;gt; tag&lt;/p&gt;"), "The <b> tag", "<p>The &lt;b&gt; tag</p>"},
		{"RSS, plain text", strings.ReplaceAll(rss("1 &lt; 2", "1 &lt; 2 and so on\n\nNext"), "content:encoded", "description"), "1 < 2", "<p>1 &lt; 2 and so on</p><p>Next</p>"},
		{"RSS, an entity of HTML", rss("Caf&amp;eacute;", "&lt;p&gt;Caf&amp;eacute; &amp;#8211; open&lt;/p&gt;"), "Café", "<p>Café – open</p>"},
		{"RSS, generics", rss("List&lt;String&gt;", "&lt;p&gt;List&amp;lt;String&amp;gt;&lt;/p&gt;"), "List<String>", "<p>List&lt;String&gt;</p>"},
		{"RSS, escaped twice", rss("x", "&amp;lt;p&amp;gt;Rain.&amp;lt;/p&amp;gt;"), "x", "&lt;p&gt;Rain.&lt;/p&gt;"},
		{"Atom, plain text", atom(">AT&amp;T", ">1 &lt; 2\n\nNext"), "AT&T", "<p>1 &lt; 2</p><p>Next</p>"},
		{"Atom, plain text with what is no entity", atom(` type="text">AT&amp;amp;T`, ` type="text">AT&amp;amp;T`+"\n\nx"), "AT&amp;T", "<p>AT&amp;amp;T</p><p>x</p>"},
		{"Atom, HTML", atom(` type="html">AT&amp;amp;T &lt;i&gt;now&lt;/i&gt;`, ` type="html">&lt;p&gt;AT&amp;amp;T&lt;/p&gt;`), "AT&T now", "<p>AT&amp;T</p>"},
		{"Atom, HTML in CDATA", atom(` type="html"><![CDATA[AT&amp;T]]>`, ` type="html"><![CDATA[<p>AT&amp;T</p>]]>`), "AT&T", "<p>AT&amp;T</p>"},
		{"Atom, XHTML", atom(` type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">AT&amp;T <i>now</i></div>`,
			` type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>1 &lt; 2 &amp;amp; more</p></div>`), "AT&T now", "<p>1 &lt; 2 &amp;amp; more</p>"},
		{"JSON, HTML", json(`"AT&T"`, `"content_html":"<p>AT&amp;T</p>"`), "AT&T", "<p>AT&amp;T</p>"},
		{"JSON, plain text", json(`"AT&amp;T <b>"`, `"content_text":"1 < 2 &amp; <b>\n\nNext"`), "AT&amp;T <b>", "<p>1 &lt; 2 &amp;amp; &lt;b&gt;</p><p>Next</p>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := syndication.Parse([]byte(tt.in), syndication.Input{URL: "http://gulf.example/feed"})
			if err != nil || len(doc.Items) != 1 {
				t.Fatalf("%d items, %v", len(doc.Items), err)
			}
			made, err := normalise.Make(normalise.Input{Sightings: []feed.Sighting{{Item: doc.Items[0]}}, FirstSeen: time.Now()})
			if err != nil {
				t.Fatal(err)
			}
			got := string(made.Entry.Content)
			if got == "" {
				got = fmt.Sprintf("<p>%s</p>", made.Entry.Summary)
			}
			if made.Entry.Title != tt.title || got != tt.content {
				t.Errorf("title %q, content %q\n want %q, %q", made.Entry.Title, got, tt.title, tt.content)
			}
		})
	}
}

// References are made absolute by the base nearest to them, in every attribute that
// holds one: xml:base of the text, of the entry, of the feed; else the article's page, else the feed's.
func TestReferencesAreAbsoluteFromBytesToEntry(t *testing.T) {
	const markup = `<a href="a">a</a><img src="b.png" srcset="c.png 1x, d.png 2x" alt="" longdesc="x"><video src="e.mp4" poster="f.jpg"></video>` +
		`<audio><source src="g.ogg"></audio><blockquote cite="h">h</blockquote><del cite="i">i</del><picture><source srcset="j.webp"><img data-src="k.jpg"></picture><table background="l"><tr><td>x</td></tr></table>`
	wants := []string{`href="%sa"`, `src="%sb.png"`, `srcset="%[1]sc.png 1x, %[1]sd.png 2x"`, `src="%se.mp4"`, `poster="%sf.jpg"`, `src="%sg.ogg"`,
		`cite="%sh"`, `cite="%si"`, `srcset="%sj.webp"`, `src="%sk.jpg"`}
	atom := func(feedBase, entryBase, textBase string) string {
		return `<feed xmlns="http://www.w3.org/2005/Atom"` + feedBase + `><id>urn:x:f</id><title>T</title><updated>2026-11-20T08:00:00Z</updated><entry` + entryBase + `><id>urn:x:1</id>` +
			`<updated>2026-11-20T08:00:00Z</updated><title>x</title><link href="http://page.example/news/1"/><content type="html"` + textBase + `><![CDATA[` + markup + `]]></content></entry></feed>`
	}
	const rss = `<rss version="2.0"><channel><title>T</title><link>http://home.example/p/</link><description>d</description><item><title>x</title><description><![CDATA[` +
		markup + `]]></description></item></channel></rss>`
	for _, tt := range []struct{ name, in, base string }{
		{"the text's", atom(` xml:base="http://f.example/"`, ` xml:base="http://e.example/"`, ` xml:base="http://t.example/x/"`), "http://t.example/x/"},
		{"the text's, relative to the entry's", atom("", ` xml:base="http://e.example/y/"`, ` xml:base="z/"`), "http://e.example/y/z/"},
		{"the entry's", atom(` xml:base="http://f.example/"`, ` xml:base="http://e.example/y/"`, ""), "http://e.example/y/"},
		{"the feed's", atom(` xml:base="http://f.example/w/"`, "", ""), "http://f.example/w/"},
		{"the address of the feed (RFC 3986 §5.1.3)", atom("", "", ""), "http://gulf.example/"},
		{"the article's page", strings.Replace(rss, "<item>", "<item><link>http://home.example/news/1</link>", 1), "http://home.example/news/"},
		{"the feed's page", rss, "http://home.example/p/"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			doc, err := syndication.Parse([]byte(tt.in), syndication.Input{URL: "http://gulf.example/feed"})
			if err != nil || len(doc.Items) != 1 {
				t.Fatalf("%d items, %v", len(doc.Items), err)
			}
			made, err := normalise.Make(normalise.Input{Sightings: []feed.Sighting{{Item: doc.Items[0]}}, FirstSeen: time.Now()})
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range wants {
				if want = fmt.Sprintf(want, tt.base); !strings.Contains(string(made.Entry.Content), want) {
					t.Errorf("%s is not in %s", want, made.Entry.Content)
				}
			}
		})
	}
}
