package publish

import (
	"strings"
	"testing"

	"broadsheet/feed"
)

// The smallest documents that pass. A test spoils one thing at a time.
const (
	soundRSS = `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:media="http://search.yahoo.com/mrss/"><channel>
<title>T</title><link>https://n.example/a/</link><description>D</description>
<atom:link rel="self" href="https://n.example/a/rss.xml"/><lastBuildDate>Sat, 14 Mar 2026 09:26:53 +0000</lastBuildDate>
<item><title>One</title><link>https://a.example/1</link><description>&lt;b&gt;d&lt;/b&gt;</description>
<content:encoded><![CDATA[<p>c <a href="https://a.example/x">x</a> <a href="mailto:a@a.example">m</a></p>]]></content:encoded>
<enclosure url="https://a.example/1.mp3" length="0" type="audio/mpeg"/><guid isPermaLink="false">urn:x:1</guid>
<pubDate>Sat, 14 Mar 2026 09:26:53 +0000</pubDate><atom:updated>2026-03-14T09:26:53Z</atom:updated>
<media:thumbnail url="https://a.example/1.jpg"/></item>
<item><title>Two</title><guid isPermaLink="false">urn:x:2</guid></item></channel></rss>`

	soundAtom = `<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom">
<id>urn:x:feed</id><title>T</title><updated>2026-03-14T09:26:53Z</updated><author><name>N</name></author>
<link rel="self" href="https://n.example/a/atom.xml"/><link rel="alternate" href="https://n.example/a/"/>
<entry><id>urn:x:1</id><title>use &lt;script&gt; with care</title><updated>2026-03-14T09:26:53Z</updated>
<author><name>A</name></author><link rel="alternate" href="https://a.example/1"/>
<content type="html">&lt;p&gt;c&lt;/p&gt;</content><summary type="text">a &lt;script&gt; is text here</summary>
<source><id>urn:x:s</id><title>S</title></source></entry>
<entry><id>urn:x:2</id><title>Two</title><updated>2026-03-14T09:26:53Z</updated><author><name>A</name></author>
<content type="text">t</content></entry></feed>`

	soundJSON = `{"version":"https://jsonfeed.org/version/1.1","title":"T","home_page_url":"https://n.example/a/",
"feed_url":"https://n.example/a/feed.json","items":[
{"id":"urn:x:1","url":"https://a.example/1","content_html":"<p>c</p>","date_published":"2026-03-14T09:26:53Z",
"authors":[{"name":"A"}],"attachments":[{"url":"https://a.example/1.mp3","mime_type":"audio/mpeg"}]},
{"id":"urn:x:2","content_text":"a <script> is text here","authors":[{"name":"A","url":"https://a.example/"}]}]}`

	soundOPML = `<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head><title>T</title></head><body>
<outline text="A" title="A" type="rss" xmlUrl="https://a.example/rss" htmlUrl="https://a.example/"/></body></opml>`

	soundPage = `<!doctype html><title>T</title><link rel=stylesheet href="../-/style.css"><p><a href="/">x</a>`
)

var soundDocuments = []feed.Document{
	{Path: "/a/rss.xml", MediaType: typeRSS, Body: []byte(soundRSS)},
	{Path: "/a/atom.xml", MediaType: typeAtom, Body: []byte(soundAtom)},
	{Path: "/a/feed.json", MediaType: typeJSON, Body: []byte(soundJSON)},
	{Path: "/opml.xml", MediaType: typeOPML, Body: []byte(soundOPML)},
	{Path: "/a/", MediaType: typePage, Body: []byte(soundPage)},
	{Path: "/-/style.css", MediaType: typeStyle, Body: []byte("p{}")},
}

func TestCheckPassesSoundDocuments(t *testing.T) {
	for _, d := range soundDocuments {
		if err := Check(d); err != nil {
			t.Error(err)
		}
	}
}

// A link to a footnote of the same text leads nowhere else, under the name that the
// normaliser gives the place.
func TestCheckLetsFootnotesPass(t *testing.T) {
	const note = `<p>Rain<a href="#e0123456789-fn:1">1</a></p><p id="e0123456789-fn:1">All night.</p>`
	if err := fragmentMarkup(note); err != nil {
		t.Error(err)
	}
	for _, other := range []string{"#fn1", "#e012-fn1", "#e0123456789-", "e0123456789-fn1", "#", "/#e0123456789-fn1"} {
		if fragmentMarkup(`<a href="`+other+`">1</a>`) == nil {
			t.Errorf("%q passes", other)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	for _, test := range []struct{ name, path, old, new, want string }{
		{"truncated XML", "/a/rss.xml", "</channel></rss>", "", "not well-formed"},
		{"a control character", "/a/rss.xml", "One", "O\x01ne", "not well-formed"},
		{"bytes that are no UTF-8", "/a/rss.xml", "One", "O\xffne", "not well-formed"},
		{"an end of CDATA in text", "/a/rss.xml", "One", "]]>", "not well-formed"},
		{"an entity", "/a/rss.xml", "One", "&nbsp;", "not well-formed"},
		{"a document type", "/a/rss.xml", "<rss", "<!DOCTYPE rss><rss", "document type"},
		{"another root", "/a/rss.xml", "rss", "rdf", "root"},
		{"a second root", "/a/rss.xml", "</rss>", "</rss><rss/>", "root"},
		{"text after the end", "/a/rss.xml", "</rss>", "</rss>x", "outside"},
		{"nothing", "/a/rss.xml", soundRSS, " ", "it is empty"},
		{"a prefix that is not declared", "/a/rss.xml", "media:thumbnail", "other:thumbnail", "namespace"},
		{"no channel", "/a/rss.xml", "channel>", "chanel>", "no channel"},
		{"no channel title", "/a/rss.xml", "<title>T</title>", "", "no title"},
		{"an empty description", "/a/rss.xml", "<description>D</description>", "<description> </description>", "no description"},
		{"no link to itself", "/a/rss.xml", `rel="self"`, `rel="via"`, "rel=self: it is missing"},
		{"a link to another document as itself", "/a/rss.xml", "/a/rss.xml", "/b/rss.xml", "does not lead to /a/rss.xml"},
		{"no guid", "/a/rss.xml", `<guid isPermaLink="false">urn:x:2</guid>`, "", "entry 2: item: it has no guid"},
		{"a guid twice", "/a/rss.xml", "urn:x:2", "urn:x:1", "entry 2: guid: it was there before"},
		{"a guid that is no IRI", "/a/rss.xml", "urn:x:2", "two words", "entry 2: guid"},
		{"two titles", "/a/rss.xml", "<title>Two</title>", "<title>Two</title><title>Too</title>", "title twice"},
		{"a relative link", "/a/rss.xml", "<link>https://a.example/1", "<link>/1", "entry 1: link"},
		{"a link of another scheme", "/a/rss.xml", "<link>https://a.example/1", "<link>javascript:x()", "entry 1: link"},
		{"credentials", "/a/rss.xml", "https://a.example/1.mp3", "https://u:p@a.example/1.mp3", "credentials"},
		{"a relative picture", "/a/rss.xml", "https://a.example/1.jpg", "1.jpg", "media:thumbnail url"},
		{"an enclosure without a length", "/a/rss.xml", ` length="0"`, "", "enclosure length"},
		{"a date in another form", "/a/rss.xml", "<pubDate>Sat, 14 Mar 2026", "<pubDate>14.3.2026", "pubDate"},
		{"a date in the form of the other format", "/a/rss.xml", "2026-03-14T09:26:53Z", "Sat, 14 Mar 2026 09:26:53 +0000", "atom:updated"},
		{"a script in the content", "/a/rss.xml", "<p>c", "<p><sCript>c", "has <script>"},
		{"a script in the description", "/a/rss.xml", "&lt;b&gt;d", "&lt;script&gt;d", "description: it has <script>"},
		{"a handler", "/a/rss.xml", "<p>c", "<p onclick=x()>c", "has onclick"},
		{"a javascript: URL", "/a/rss.xml", `"https://a.example/x"`, `" JavaScript&colon;x()"`, "javascript:"},
		{"a javascript: URL in pieces", "/a/rss.xml", `"https://a.example/x"`, "'java&#10;script:x()'", "javascript:"},
		{"a data: URL", "/a/rss.xml", `<p>c`, "<p><img src='data:text/html,x'>c", "data:"},
		{"a relative reference", "/a/rss.xml", `"https://a.example/x"`, "'/x'", "no absolute"},
		{"a place of the page", "/a/rss.xml", `"https://a.example/x"`, "'#top'", "no absolute"},
		{"a reference without a scheme", "/a/rss.xml", `"https://a.example/x"`, "'//a.example/x'", "no absolute"},
		{"a relative reference in a set", "/a/rss.xml", `<p>c`, "<p><img srcset='https://a.example/1 1x, /2 2x'>c", "srcset"},
		{"a frame", "/a/rss.xml", "<p>c", "<iframe src=https://a.example/></iframe>", "has <iframe>"},
		{"a form", "/a/rss.xml", "<p>c", "<form>", "has <form>"},
		{"a style", "/a/rss.xml", "<p>c", "<p style='x'>c", "has style"},
		{"drawings", "/a/rss.xml", "<p>c", "<svg>", "has <svg>"},

		{"no id of the feed", "/a/atom.xml", "<id>urn:x:feed</id>", "", "feed: it has no id"},
		{"no author", "/a/atom.xml", "<author><name>A</name></author>\n<content", "<content", "entry 2: entry: it has no author"},
		{"an author without a name", "/a/atom.xml", "<name>A</name>", "<uri>https://a.example/</uri>", "author: it has no name"},
		{"no updated", "/a/atom.xml", "<title>Two</title><updated>2026-03-14T09:26:53Z</updated>", "<title>Two</title>", "no updated"},
		{"an id twice", "/a/atom.xml", "urn:x:2", "urn:x:1", "entry 2: id: it was there before"},
		{"a source without a title", "/a/atom.xml", "<title>S</title>", "", "source: it has no title"},
		{"a link without an address", "/a/atom.xml", ` href="https://a.example/1"`, "", "link href"},
		{"a script in HTML content", "/a/atom.xml", "&lt;p&gt;c", "&lt;script&gt;c", "content: it has <script>"},
		{"a summary that turns to HTML", "/a/atom.xml", `summary type="text"`, `summary type="html"`, "summary: it has <script>"},

		{"truncated JSON", "/a/feed.json", "]}", "", "not well-formed"},
		{"JSON that is no UTF-8", "/a/feed.json", `"T"`, "\"\xff\"", "not UTF-8"},
		{"another version", "/a/feed.json", "version/1.1", "version/9", "version"},
		{"no items", "/a/feed.json", `"items"`, `"posts"`, "items: they are missing"},
		{"no id of an item", "/a/feed.json", `"id":"urn:x:2",`, "", "entry 2: id"},
		{"an id of an item twice", "/a/feed.json", "urn:x:2", "urn:x:1", "entry 2: id"},
		{"an id that is a number", "/a/feed.json", `"urn:x:2"`, "2", "not well-formed"},
		{"no content", "/a/feed.json", `"content_text"`, `"text"`, "entry 2: content"},
		{"a script in JSON", "/a/feed.json", "<p>c", "<script>c", "content_html: it has <script>"},
		{"a bad date in JSON", "/a/feed.json", "2026-03-14T", "2026-03-14 ", "date_published"},
		{"no authors", "/a/feed.json", `"authors":[{"name":"A"}],`, "", "entry 1: authors"},
		{"an attachment without a type", "/a/feed.json", `"mime_type"`, `"type"`, "mime_type"},
		{"another document as itself", "/a/feed.json", `a/feed.json"`, `b/feed.json"`, "feed_url"},

		{"no head", "/opml.xml", "<head><title>T</title></head>", "", "opml: it has no head"},
		{"an outline without a text", "/opml.xml", ` text="A"`, "", "outline text"},
		{"an outline without a feed", "/opml.xml", ` xmlUrl="https://a.example/rss"`, "", "outline xmlUrl"},
		{"credentials in a list", "/opml.xml", "https://a.example/rss", "https://u:p@a.example/rss", "credentials"},

		{"a script in a page", "/a/", "<p>", "<script src=x></script>", "has <script>"},
		{"a handler in a page", "/a/", "<p>", "<p onclick=x>", "has onclick"},
		{"a javascript: URL in a page", "/a/", `href="/"`, `href="javascript:x"`, "javascript:"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, d := range soundDocuments {
				if d.Path != test.path {
					continue
				}
				body := strings.ReplaceAll(string(d.Body), test.old, test.new)
				if body == string(d.Body) {
					t.Fatalf("%q is not in the document", test.old)
				}
				d.Body = []byte(body)
				if err := Check(d); err == nil || !strings.Contains(err.Error(), test.want) {
					t.Errorf("got %v, want something with %q", err, test.want)
				}
			}
		})
	}
}

func TestCheckRefusesAnUnknownMediaType(t *testing.T) {
	if err := Check(feed.Document{Path: "/x", MediaType: "text/plain", Body: []byte("x")}); err == nil {
		t.Error("it passed")
	}
}

func TestCheckTellsAllFaultsAtOnceUpToALimit(t *testing.T) {
	body := strings.ReplaceAll(soundRSS, "urn:x:", "no iri ")
	err := Check(feed.Document{Path: "/a/rss.xml", MediaType: typeRSS, Body: []byte(body)})
	if err == nil || strings.Count(err.Error(), "no absolute IRI") != 2 {
		t.Errorf("got %v, want both", err)
	}
	item := `<item><title/></item>`
	body = strings.Replace(soundRSS, "<item>", strings.Repeat(item, 2*maxFaults)+"<item>", 1)
	if got := len(inspect("/a/rss.xml", typeRSS, []byte(body))); got != maxFaults {
		t.Errorf("got %d faults, want %d", got, maxFaults)
	}
}
