package publish

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
)

// shape is what a kind of XML document must be like. Elements are named with
// the usual prefix of their namespace; those of the format itself have none.
type shape struct {
	root      string
	namespace string // of the format's own elements
	entry     string // the element that is an entry; empty if there are none
	id        string // child of an entry
	// self is the parent of the link to the document itself; empty if the format
	// has none.
	self string
	need map[string][]string           // children that must be there and not be empty
	once map[string][]string           // children that must not be there twice
	text map[string]func(string) error // what the text of an element must be
	// markup are the elements of an entry that are shown as HTML, unless they say
	// that they are text.
	markup []string
}

var prefixes = map[string]string{
	nsAtom: "atom:", nsContent: "content:", nsDC: "dc:", nsITunes: "itunes:",
	nsMedia: "media:", nsPodcast: "podcast:", nsSlash: "slash:", nsThread: "thr:",
	nsHistory: "fh:", nsTombstone: "at:",
	nsGeoRSS: "georss:", nsLicence: "creativeCommons:", nsWfw: "wfw:",
	"http://www.w3.org/XML/1998/namespace": "xml:",
}

// urlAttributes are the attributes that hold URLs, in any of the formats.
var urlAttributes = []string{"url", "href", "img", "src", "xmlUrl", "htmlUrl"}

var rssShape = shape{
	root: "rss", entry: "item", id: "guid", self: "channel",
	need: map[string][]string{
		"rss": {"channel"}, "channel": {"title", "link", "description"},
		"item": {"guid", "title"}, "image": {"url", "title", "link"},
	},
	once: map[string][]string{
		"rss": {"channel"},
		"item": {"title", "link", "description", "content:encoded", "guid", "pubDate",
			"enclosure", "source", "author", "comments"},
	},
	text: map[string]func(string) error{
		"wfw:commentRss": absoluteURL, "wfw:comment": absoluteURL, "creativeCommons:license": absoluteURL,
		"link": absoluteURL, "comments": absoluteURL, "url": absoluteURL,
		"guid": absoluteIRI, "atom:updated": dateOf(time.RFC3339),
		"pubDate": dateOf(time.RFC1123Z), "lastBuildDate": dateOf(time.RFC1123Z),
	},
	markup: []string{"description", "content:encoded"},
}

var atomShape = shape{
	root: "feed", namespace: nsAtom, entry: "entry", id: "id", self: "feed",
	need: map[string][]string{
		"feed":  {"id", "title", "updated", "author"},
		"entry": {"id", "title", "updated", "author"}, "source": {"title"},
		"author": {"name"}, "contributor": {"name"},
	},
	once: map[string][]string{
		"feed":   {"id", "title", "updated", "subtitle", "logo", "generator"},
		"entry":  {"id", "title", "updated", "published", "content", "summary", "rights", "source"},
		"source": {"id", "title", "updated", "subtitle", "rights", "icon", "logo"},
	},
	text: map[string]func(string) error{
		"id": absoluteIRI, "updated": dateOf(time.RFC3339), "published": dateOf(time.RFC3339),
		"uri": absoluteURL, "icon": absoluteURL, "logo": absoluteURL,
	},
	markup: []string{"content", "summary", "rights"},
}

var opmlShape = shape{
	root: "opml",
	need: map[string][]string{"opml": {"head", "body"}, "head": {"title"}},
	once: map[string][]string{"opml": {"head", "body"}, "head": {"title"}},
}

// element is an open element of the document that is read.
type element struct {
	name     string
	plain    bool // it says that its text is no markup
	text     []byte
	children []string // names, each time it was there with something in it
}

// xmlReader reads a document against a shape.
type xmlReader struct {
	*inspection
	shape *shape
	open  []element // from the root on; the elements and their memory are reused
	roots int
	self  bool // a link to the document itself was seen
	chain chainSeen
	count int // entries so far
}

// xml reads the document once.
func (in *inspection) xml(body []byte, s *shape) {
	r := xmlReader{inspection: in, shape: s}
	d := xml.NewDecoder(bytes.NewReader(body))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			in.blame("not well-formed", err)
			return
		}
		switch t := token.(type) {
		case xml.StartElement:
			r.start(t)
		case xml.CharData:
			r.characters(t)
		case xml.EndElement:
			r.end()
		case xml.Directive:
			in.blame("document type", errors.New("there is one"))
		}
	}
	in.entry = noEntry
	switch {
	case r.roots == 0:
		in.blame("document", errEmpty)
	case s.self != "" && !r.self:
		in.blame("link rel=self", errors.New("it is missing"))
	}
	in.blame("archive", r.chain.fault())
}

func (r *xmlReader) characters(text []byte) {
	if n := len(r.open); n > 0 {
		r.open[n-1].text = append(r.open[n-1].text, text...)
	} else if len(bytes.TrimSpace(text)) > 0 {
		r.blame("document", errors.New("there is text outside of it"))
	}
}

// name writes an element's name as shapes do.
func (r *xmlReader) name(n xml.Name) string {
	if n.Space == r.shape.namespace {
		return n.Local
	}
	prefix, ok := prefixes[n.Space]
	if !ok {
		r.blame("element "+n.Local, fmt.Errorf("its namespace %.60q is unknown", n.Space))
	}
	return prefix + n.Local
}

func (r *xmlReader) start(t xml.StartElement) {
	e := r.push(r.name(t.Name))
	if len(r.open) == 1 {
		r.roots++
		if r.roots > 1 || e.name != r.shape.root {
			r.blame("root", fmt.Errorf("it is not one %s", r.shape.root))
		}
	}
	switch kind := attribute(t.Attr, "type"); {
	case slices.Contains(r.shape.markup, e.name):
		e.plain = kind == "text" || kind == "" && r.shape.namespace == nsAtom
	case e.name == r.shape.entry && r.entry == noEntry:
		r.entry = r.count
		r.count++
	}
	for _, a := range t.Attr {
		if a.Name.Space == "" && slices.Contains(urlAttributes, a.Name.Local) {
			r.blame(e.name+" "+a.Name.Local, absoluteURL(a.Value))
		}
	}
	switch e.name {
	case "fh:archive":
		r.chain.archive = true
	case "fh:complete":
		r.chain.complete = true
	case "at:deleted-entry":
		r.deleted(t.Attr)
	case "link", "atom:link":
		r.link(t.Attr)
	case "outline":
		r.outline(t.Attr)
	case "enclosure":
		r.blame("enclosure type", present(attribute(t.Attr, "type")))
		r.blame("enclosure length", present(attribute(t.Attr, "length")))
	}
}

// push opens an element in the place of one that was closed, if there is one.
func (r *xmlReader) push(name string) *element {
	n := len(r.open)
	if n < cap(r.open) {
		r.open = r.open[:n+1]
		e := &r.open[n]
		e.name, e.plain, e.text, e.children = name, false, e.text[:0], e.children[:0]
		return e
	}
	r.open = append(r.open, element{name: name})
	return &r.open[n]
}

func (r *xmlReader) link(attrs []xml.Attr) {
	if len(attrs) == 0 { // RSS's own
		return
	}
	rel := attribute(attrs, "rel")
	r.blame("link rel", present(rel))
	r.blame("link href", present(attribute(attrs, "href")))
	r.history(rel)
	if n := len(r.open); rel == "self" && n > 1 && r.open[n-2].name == r.shape.self {
		r.self = true
		r.blame("link rel=self", r.selfLink(attribute(attrs, "href")))
	}
}

func (r *xmlReader) outline(attrs []xml.Attr) {
	r.blame("outline text", present(attribute(attrs, "text")))
	if attribute(attrs, "type") == "rss" {
		r.blame("outline xmlUrl", absoluteURL(attribute(attrs, "xmlUrl")))
	}
}

func attribute(attrs []xml.Attr, name string) string {
	for _, a := range attrs {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

func (r *xmlReader) end() {
	n := len(r.open)
	e := &r.open[n-1]
	text := string(bytes.TrimSpace(e.text))
	if rule := r.shape.text[e.name]; rule != nil && text != "" {
		r.blame(e.name, rule(text))
	}
	if r.entry != noEntry && !e.plain && slices.Contains(r.shape.markup, e.name) {
		r.blame(e.name, fragmentMarkup(text))
	}
	for _, child := range r.shape.need[e.name] {
		if !slices.Contains(e.children, child) {
			r.blame(e.name, fmt.Errorf("it has no %s", child))
		}
	}
	if n > 1 {
		r.close(e, &r.open[n-2], text)
	}
	r.open = r.open[:n-1]
}

// close tells the parent of an element that it was there.
func (r *xmlReader) close(e, parent *element, text string) {
	if slices.Contains(r.shape.once[parent.name], e.name) && slices.Contains(parent.children, e.name) {
		r.blame(parent.name, fmt.Errorf("it has %s twice", e.name))
	}
	if text != "" || len(e.children) > 0 || e.name == "body" {
		parent.children = append(parent.children, e.name)
	}
	if parent.name == r.shape.entry && e.name == r.shape.id {
		r.blame(e.name, r.unique(text))
	}
	if e.name == r.shape.entry {
		r.entry = noEntry
	}
}
