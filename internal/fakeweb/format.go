package fakeweb

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"time"
)

// Format is a dialect of feeds.
type Format int

// The formats that a newsroom writes: RSS 2.0, Atom (RFC 4287), JSON Feed 1.1.
const (
	RSS Format = iota
	Atom
	JSONFeed
)

// mediaType is what the format is sent as.
func (f Format) mediaType() string {
	switch f {
	case Atom:
		return "application/atom+xml; charset=utf-8"
	case JSONFeed:
		return "application/feed+json"
	default:
		return "application/rss+xml; charset=utf-8"
	}
}

// render is the document of n with these articles. What an article does not have
// is left out, also where the format demands it. n is filled.
func (f Format) render(n Newsroom, list []Article) []byte {
	switch f {
	case Atom:
		return atomOf(n, list)
	case JSONFeed:
		return jsonOf(n, list)
	default:
		return rssOf(n, list)
	}
}

// writer writes XML line by line.
type writer struct{ bytes.Buffer }

// linef writes a line; every argument is escaped.
func (w *writer) linef(format string, args ...string) {
	escaped := make([]any, len(args))
	for i, a := range args {
		var b bytes.Buffer
		xml.EscapeText(&b, []byte(a)) // a buffer never fails
		escaped[i] = b.String()
	}
	fmt.Fprintf(w, format+"\n", escaped...)
}

// optional writes a line unless its one argument is empty.
func (w *writer) optional(format, arg string) {
	if arg != "" {
		w.linef(format, arg)
	}
}

// stamp is a time in a layout; empty for no time.
func stamp(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(layout)
}

func rssOf(n Newsroom, list []Article) []byte {
	var w writer
	w.linef(`<?xml version="1.0" encoding="UTF-8"?>`)
	w.linef(`<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>`)
	w.linef(`<title>%s</title><link>http://%s/</link><description>Invented news</description><language>en</language>`,
		n.Title, n.Host)
	for _, a := range list {
		w.linef(`<item>`)
		w.linef(`<title>%s</title><link>%s</link>`, a.Title, a.Link)
		w.optional(`<guid isPermaLink="false">%s</guid>`, a.GUID)
		w.optional(`<pubDate>%s</pubDate>`, stamp(a.Published, time.RFC1123Z))
		w.linef(`<dc:creator>%s</dc:creator><category>%s</category>`, a.Author, a.Category)
		w.linef(`<description>%s</description>`, a.Text)
		w.linef(`</item>`)
	}
	w.linef(`</channel></rss>`)
	return w.Bytes()
}

func atomOf(n Newsroom, list []Article) []byte {
	var w writer
	var newest time.Time
	for _, a := range list {
		if a.Published.After(newest) {
			newest = a.Published
		}
	}
	w.linef(`<?xml version="1.0" encoding="UTF-8"?>`)
	w.linef(`<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">`)
	w.linef(`<id>http://%s/</id><title>%s</title><link href="http://%s/"/>`, n.Host, n.Title, n.Host)
	w.optional(`<updated>%s</updated>`, stamp(newest, time.RFC3339))
	for _, a := range list {
		w.linef(`<entry>`)
		w.optional(`<id>%s</id>`, a.GUID)
		w.linef(`<title>%s</title><link href="%s"/>`, a.Title, a.Link)
		w.optional(`<published>%s</published>`, stamp(a.Published, time.RFC3339))
		w.optional(`<updated>%s</updated>`, stamp(a.Published, time.RFC3339))
		w.linef(`<author><name>%s</name></author><category term="%s"/>`, a.Author, a.Category)
		w.linef(`<content type="html">%s</content>`, a.Text)
		w.linef(`</entry>`)
	}
	w.linef(`</feed>`)
	return w.Bytes()
}

func jsonOf(n Newsroom, list []Article) []byte {
	type author struct {
		Name string `json:"name"`
	}
	type item struct {
		ID        string   `json:"id,omitempty"`
		URL       string   `json:"url"`
		Title     string   `json:"title"`
		HTML      string   `json:"content_html"`
		Published string   `json:"date_published,omitempty"`
		Authors   []author `json:"authors"`
		Tags      []string `json:"tags"`
	}
	items := make([]item, 0, len(list))
	for _, a := range list {
		items = append(items, item{a.GUID, a.Link, a.Title, a.Text,
			stamp(a.Published, time.RFC3339), []author{{a.Author}}, []string{a.Category}})
	}
	text, err := json.MarshalIndent(map[string]any{
		"version": "https://jsonfeed.org/version/1.1", "title": n.Title,
		"home_page_url": "http://" + n.Host + "/", "language": "en", "items": items}, "", " ")
	if err != nil {
		panic(err) // strings only
	}
	return text
}
