package syndication

import (
	"encoding/base64"
	"strings"
	"unicode/utf8"

	"broadsheet/feed"
)

// writeAtom writes an Atom feed anew for gofeed. Text constructs become plain
// characters, with their kind left in the tree; Atom 0.3's names become those
// of Atom 1.0; references become absolute.
func (r *reader) writeAtom(head *element, entries []*element) string {
	c := &canon{}
	r.writeSource(c, head)
	for _, e := range entries {
		r.writeEntry(c, e)
	}
	return c.document("feed", ` version="1.0"`)
}

// writeSource writes what a feed, or the atom:source of an entry, says of
// itself.
func (r *reader) writeSource(c *canon, e *element) {
	r.writeTexts(c, e)
	if f := e.first(own, "subtitle", "tagline", "info"); f != nil {
		c.leaf("subtitle", settle(f))
	}
	if f := e.first(own, "generator"); f != nil {
		c.leaf("generator", f.text())
	}
	for _, name := range []string{"icon", "logo"} {
		if f := e.first(own, name); f != nil {
			c.leaf(name, resolve(baseOf(f, r.in.URL), f.text()))
		}
	}
	r.writeCommon(c, e)
}

func (r *reader) writeEntry(c *canon, e *element) {
	c.start("entry")
	r.writeTexts(c, e)
	if f := e.first(own, "summary", "description"); f != nil {
		c.leaf("summary", settle(f))
	}
	if f := e.first(own, "content"); f != nil {
		c.leaf("content", settle(f), pair{"src", resolve(baseOf(f, r.in.URL), f.attr("src"))})
	}
	if f := e.first(own, "published", "issued", "created", "pubDate"); f != nil {
		c.date("published", f.text())
	}
	if f := e.child(own, "source"); f != nil {
		c.start("source")
		r.writeSource(c, f)
		c.end("source")
	}
	r.writeCommon(c, e)
	c.end("entry")
}

// writeTexts writes title, rights and the date of the last change.
func (r *reader) writeTexts(c *canon, e *element) {
	if f := e.first(own, "title"); f != nil {
		c.leaf("title", settle(f))
	}
	if f := e.first(own, "rights", "copyright"); f != nil {
		c.leaf("rights", settle(f))
	}
	if f := e.first(own, "updated", "modified"); f != nil {
		c.date("updated", f.text())
	}
}

// writeCommon writes what feeds and entries share: people, links, categories
// and the elements of other vocabularies.
func (r *reader) writeCommon(c *canon, e *element) {
	for f := range e.children {
		switch key := f.key(); key {
		case "author", "contributor":
			r.writePerson(c, key, f)
		case "link":
			r.writeAtomLink(c, f)
		case "category":
			c.start("category", pair{"term", or(f.attr("term"), f.text())},
				pair{"scheme", f.attr("scheme")}, pair{"label", f.attr("label")})
			c.end("category")
		default:
			if f.space != own {
				c.extension(f)
			}
		}
	}
}

func (r *reader) writePerson(c *canon, role string, e *element) {
	var names []string
	for f := range e.children {
		if f.is(own, "name") {
			names = append(names, f.text())
		}
	}
	if !e.hasElements() {
		names = []string{e.text()}
	}
	c.start(role)
	c.leaf("name", clip(or(names...), maxShort))
	c.leaf("email", clip(bareMail(e.child(own, "email").text()), maxShort))
	if f := e.first(own, "uri", "url", "homepage"); f != nil {
		c.leaf("uri", resolve(baseOf(f, r.in.URL), f.text()))
	}
	c.end(role)
	for _, name := range names[min(1, len(names)):] { // several people in one element
		c.start(role)
		c.leaf("name", clip(name, maxShort))
		c.end(role)
	}
}

func (r *reader) writeAtomLink(c *canon, e *element) {
	href := or(e.attr("href"), e.text())
	c.start("link",
		pair{"rel", relation(e.attr("rel"))}, pair{"href", resolve(baseOf(e, r.in.URL), href)},
		pair{"type", e.attr("type")}, pair{"hreflang", e.attr("hreflang")},
		pair{"title", e.attr("title")}, pair{"length", e.attr("length")})
	c.end("link")
	for f := range e.children {
		c.extension(f) // media of an entry, found inside of its link
	}
}

// relation is a link relation by its short name (RFC 4287 §4.2.7.2).
func relation(rel string) string {
	for _, registry := range []string{
		"http://www.iana.org/assignments/relation/",
		"http://www.iana.org/assignments/link-relations/",
	} {
		rel = strings.TrimPrefix(rel, registry)
	}
	return or(strings.ToLower(rel), "alternate")
}

// settle is the text of a construct, with its kind noted in the tree.
func settle(e *element) string {
	kind, text := construct(e)
	e.kind = kind
	return text
}

// construct reads an Atom text construct or content (RFC 4287 §3.1, §4.1.3; for
// Atom 0.3 its mode). The text is decoded once; markup is written out.
func construct(e *element) (feed.TextKind, string) {
	if e == nil {
		return feed.TextPlain, ""
	}
	kind, mode := strings.ToLower(e.attr("type")), strings.ToLower(e.attr("mode"))
	kind, _, _ = strings.Cut(kind, ";")
	if mode == "base64" {
		return decoded(kind, e.text())
	}
	switch kind {
	case "xhtml", "application/xhtml+xml":
		return xhtml(e)
	case "html", "text/html":
		return htmlText(e)
	case "", "text", "plain", "text/plain":
		return plainText(e)
	}
	switch {
	case strings.HasPrefix(kind, "text/"):
		return plainText(e)
	case e.hasElements():
		return feed.TextXHTML, e.text()
	case strings.HasSuffix(kind, "xml") || !strings.Contains(kind, "/"):
		return feed.TextGuess, e.text()
	}
	return octets(e.text())
}

// octets is text that is sent as base64 because its type is none of text (RFC 4287
// §4.1.3.3); anything else in base64 is nothing to read.
func octets(text string) (feed.TextKind, string) {
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil || !utf8.Valid(raw) || strings.IndexFunc(string(raw), illegal) >= 0 {
		return feed.TextPlain, ""
	}
	return feed.TextGuess, string(raw)
}

// plainText is a text of type text. With elements in it, it is none.
func plainText(e *element) (feed.TextKind, string) {
	if e.hasElements() {
		return xhtml(e)
	}
	return feed.TextPlain, e.text()
}

// htmlText is a text of type html: its characters are HTML. Some write a div
// around as in XHTML, or forget to escape.
func htmlText(e *element) (feed.TextKind, string) {
	if e.hasElements() {
		_, text := xhtml(e)
		return feed.TextHTML, text
	}
	return feed.TextHTML, e.text()
}

// xhtml is the markup inside of an element, without the div that RFC 4287
// §3.1.1.3 wraps it in. Where there are only characters, somebody escaped it.
func xhtml(e *element) (feed.TextKind, string) {
	if !e.hasElements() {
		if strings.Contains(e.text(), "<") {
			return feed.TextHTML, e.text()
		}
		return feed.TextXHTML, e.markup()
	}
	if div := wrapper(e); div != nil {
		return feed.TextXHTML, div.markup()
	}
	return feed.TextXHTML, e.text()
}

// wrapper is the only child of an element, if it is a div.
func wrapper(e *element) *element {
	var div *element
	for _, n := range e.nodes {
		switch {
		case n.el == nil && strings.TrimSpace(n.text) == "":
		case n.el != nil && div == nil && strings.EqualFold(n.el.name, "div"):
			div = n.el
		default:
			return nil
		}
	}
	return div
}

// decoded reads base64 (Atom 0.3 mode="base64"). Only text is of use.
func decoded(kind, text string) (feed.TextKind, string) {
	raw, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	if err != nil || kind != "" && !strings.HasPrefix(kind, "text/") {
		return feed.TextPlain, ""
	}
	var w warnings
	out := legible(strings.ToValidUTF8(string(raw), "\uFFFD"), &w)
	if kind == "text/html" {
		return feed.TextHTML, out
	}
	return feed.TextPlain, out
}
