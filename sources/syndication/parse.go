package syndication

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"broadsheet/feed"
)

// Input is what is known of a body besides its bytes.
type Input struct {
	URL         string // where it came from, after redirects; absolute
	ContentType string // as the server sent it; may be empty
	// Links are those of the HTTP Link header that say hub, self or next. They go
	// before what the document says (WebSub §4).
	Links []feed.Link
}

// Document is a feed as it was read. Items are in document order, of every
// channel there is.
type Document struct {
	Header   feed.Header
	Encoding string // that it was read in, by the name of the WHATWG's Encoding Standard
	Items    []feed.Item
	Warnings []feed.Warning    // at most one for each code
	Drops    []feed.Drop       // items that were found and are of no use
	Gone     []feed.Retraction // articles that the feed says were taken back
}

// Parse reads a feed of any format. It is pure, and takes time and memory in
// proportion to the body. A damaged feed gives the items that are whole, and a
// warning; the error is a *feed.Error of kind
//
//	KindEmpty      there is nothing but space
//	KindNotFeed    it is something else; the text says what it looks like
//	KindMalformed  it is a feed, too damaged to read any of it
//	KindTooLarge   a limit was passed
//	KindBug        the parser panicked; nothing of the feed is used
func Parse(body []byte, in Input) (Document, error) {
	return guarded(body, in, (*reader).read)
}

// guarded reads a document, and confines a panic to it (T-40). What made it panic
// is kept for whoever mends it.
func guarded(body []byte, in Input, read func(*reader, []byte) error) (doc Document, err error) {
	defer func() {
		if r := recover(); r != nil {
			doc = Document{}
			err = &feed.Error{
				Step: step, Kind: feed.KindBug,
				Text:  "the parser crashed on this document",
				Err:   fmt.Errorf("panic: %v", r),
				Input: bytes.Clone(body[:min(len(body), feed.MaxInput)]),
			}
		}
	}()
	r := &reader{in: in}
	if err := read(r, body); err != nil {
		return Document{}, asError(err)
	}
	return r.doc, nil
}

// read reads body into the reader's document.
func (r *reader) read(body []byte) (err error) {
	in := r.in
	r.relations(in.Links)
	r.headed = len(r.doc.Header.Hubs) > 0
	text, encoding := decode(body, in.ContentType, &r.w)
	r.doc.Encoding = encoding
	text = legible(text, &r.w)
	if space := len(text) - len(strings.TrimLeft(text, " \n\t")); space > 0 {
		text = text[space:]
		r.lateDeclaration(text)
	}
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return refuse(feed.KindEmpty, "the answer is empty")
	case text[0] == '{' || text[0] == '[':
		err = r.json(text)
	default:
		err = r.xml(text)
	}
	if errors.Is(err, errPage) {
		err = refusePage(text, body, in)
	}
	if err != nil {
		return err
	}
	if len(r.doc.Items)+len(r.doc.Drops) == 0 && !r.w.seen[warnTruncated] {
		r.w.add(warnNoItems, "the feed lists no items")
	}
	r.doc.Warnings = r.w.list
	return nil
}

// reader holds what is known while one document is read.
type reader struct {
	in   Input
	w    warnings
	site string        // what references in RSS resolve against
	show extensions    // of the channel: some of them hold for its items
	cast []feed.Person // the persons of a podcast's every episode
	doc  Document

	headed bool // the HTTP header names a hub
	values int  // of a JSON document, decoded so far
}

// lateDeclaration warns if text, which does not stand at the beginning of the
// document, begins with what only stands there.
func (r *reader) lateDeclaration(text string) {
	if strings.HasPrefix(text, "<?xml ") {
		r.w.add(warnBefore, "something stands before the XML declaration")
	}
}

func asError(err error) *feed.Error {
	if e, ok := errors.AsType[*feed.Error](err); ok {
		return e
	}
	return &feed.Error{Step: step, Kind: feed.KindMalformed, Err: err}
}

// xml reads an RSS or Atom feed.
func (r *reader) xml(text string) error {
	start, err := findRoot(text, &r.w)
	if err != nil {
		return err
	}
	if i := strings.LastIndex(text[:start], "<?xml "); i > 0 {
		r.lateDeclaration(text[i:])
	}
	root, report, err := build(text[start:], &r.w)
	if err != nil {
		return err
	}
	if root == nil {
		return refuse(feed.KindMalformed, "the feed has no beginning")
	}
	r.flooded(report())
	switch strings.ToLower(root.name) {
	case "feed", "entry":
		return r.atom(root)
	default:
		return r.rss(root)
	}
}

// roots are the elements that a feed may begin with. A channel, an entry or an
// item alone is no feed by the book, but everything in it is one.
var roots = map[string]bool{
	"rss": true, "rdf": true, "feed": true, "channel": true, "entry": true,
}

// maxJunk is how far into a document its feed is looked for.
const maxJunk = 64 << 10

// findRoot is where the start tag of the feed begins.
func findRoot(text string, w *warnings) (int, error) {
	at, name := firstTag(text)
	if roots[name] {
		if text[0] != '<' {
			w.add(warnBefore, "something stands before the beginning of the feed")
		}
		return at, nil
	}
	const page = "<!doctype html"
	if name == "html" || strings.EqualFold(text[:min(len(text), len(page))], page) {
		return 0, errPage
	}
	head := text[:min(len(text), maxJunk)]
	for i := strings.IndexByte(head, '<'); i >= 0; {
		if roots[tagName(head[i:])] && tagName(head[i:]) != "entry" {
			w.add(warnBefore, "something stands before the beginning of the feed")
			return i, nil
		}
		next := strings.IndexByte(head[i+1:], '<')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return 0, notFeed(text, name)
}

// firstTag finds the first start tag behind declarations and comments.
func firstTag(text string) (at int, name string) {
	for at < len(text) {
		next := strings.IndexByte(text[at:], '<')
		if next < 0 {
			break
		}
		at += next
		rest, end := text[at:], ">"
		switch {
		case strings.HasPrefix(rest, "<!--"):
			end = "-->"
		case strings.HasPrefix(rest, "<?"):
			end = "?>"
		case strings.HasPrefix(rest, "<!"):
			if i := strings.IndexByte(rest, '>'); i >= 0 && strings.Contains(rest[:i], "[") {
				end = "]>"
			}
		default:
			return at, tagName(rest)
		}
		n := strings.Index(rest, end)
		if n < 0 {
			break
		}
		at += n + len(end)
	}
	return len(text), ""
}

// tagName is the local name, in lower case, of the start tag that s begins with;
// empty if it begins with none.
func tagName(s string) string {
	if len(s) < 2 || !nameStart(s[1]) {
		return ""
	}
	n := 1
	for n < len(s) && nameByte(s[n]) {
		n++
	}
	name := s[1:n]
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		name = name[i+1:]
	}
	return strings.ToLower(name)
}
