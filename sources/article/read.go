package article

import (
	"bytes"
	"fmt"
	"mime"
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"broadsheet/feed"
	"broadsheet/sources/article/siterule"
)

// Input is what is known of a page besides its bytes.
type Input struct {
	Title string         // of the article, as its feed has it: to know its headline by; may be empty
	Rule  *siterule.Rule // of the site; nil: none
	// First is the URL of the article's first page if this is a later one; empty if it
	// is the first.
	First string
}

// Links are where the rest of an article is: absolute URLs, or empty.
type Links struct {
	Single string // the whole article on one page
	Next   string // its next page, never the next article
}

// step is what a failure of this package was met in.
const step = "reading the article"

// Read reads one page of an article. It is pure, and its cost is bounded whatever the
// page holds. Only HTML is read. A page without any text is no error: its Content is
// empty, and Wall may say why. Seen and Reader of the Page are left to the caller. The
// error is a *feed.Error of kind
//
//	KindEmpty     there is nothing but space
//	KindNotFeed   it is something else than HTML
//	KindTooLarge  a limit was passed
//	KindBug       the reader panicked; Input holds what made it
func Read(leaf feed.Leaf, in Input) (feed.Page, Links, error) {
	r, err := read(leaf, in)
	if err != nil {
		return feed.Page{}, Links{}, err
	}
	return r.page, r.links, nil
}

// reading is a page that was read.
type reading struct {
	page  feed.Page
	links Links
	root  *html.Node // its text, nil if it has none
}

// read reads a page.
func read(leaf feed.Leaf, in Input) (*reading, error) {
	if ferr := refuse(leaf); ferr != nil {
		return nil, ferr
	}
	var failed error
	r, err := guarded(leaf.Body, func() *reading {
		source := decode(leaf.Body, leaf.ContentType)
		if in.Rule != nil {
			source = string(in.Rule.Edit([]byte(source)))
		}
		doc, err := parse(source)
		if err != nil {
			failed = err
			return nil
		}
		return readTree(doc, leaf.URL, in)
	})
	if failed != nil {
		return nil, failed
	}
	return r, err
}

// guarded confines a panic to the page that makes it (T-40), and keeps the beginning of
// that for whoever mends it.
func guarded(body []byte, do func() *reading) (r *reading, err error) {
	defer func() {
		if caught := recover(); caught != nil {
			r = nil
			err = &feed.Error{
				Step: step, Kind: feed.KindBug, Text: "the reader crashed on this page",
				Err:   fmt.Errorf("panic: %v", caught),
				Input: bytes.Clone(body[:min(len(body), feed.MaxInput)]),
			}
		}
	}()
	return do(), nil
}

// refuse says why a leaf is not looked at, nil if it is.
func refuse(leaf feed.Leaf) *feed.Error {
	if what := other(leaf); what != "" {
		return &feed.Error{Step: step, Kind: feed.KindNotFeed, Text: "this is " + what + ", not a web page"}
	}
	switch {
	case len(bytes.TrimSpace(leaf.Body)) == 0:
		return &feed.Error{Step: step, Kind: feed.KindEmpty, Text: "the page is empty"}
	case len(leaf.Body) > maxBytes:
		return &feed.Error{Step: step, Kind: feed.KindTooLarge,
			Text: fmt.Sprintf("the page has more than %d MB", maxBytes>>20)}
	}
	return nil
}

// other says what a leaf is that is no HTML; empty if it is HTML.
func other(leaf feed.Leaf) string {
	media, _, err := mime.ParseMediaType(leaf.ContentType)
	if err != nil {
		media, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(leaf.ContentType)), ";")
	}
	switch media = strings.TrimSpace(media); media {
	case "text/html", "application/xhtml+xml":
		return ""
	case "":
		if b := bytes.TrimLeft(leaf.Body, "\xEF\xBB\xBF \t\r\n"); len(b) == 0 || b[0] == '<' {
			return ""
		}
		return "something of no declared type"
	case "application/pdf":
		return "a PDF file"
	}
	return "of type " + clip(media, short)
}

// readTree reads a page that was parsed. It uses the tree up.
func readTree(doc *html.Node, address string, in Input) *reading {
	at, err := url.Parse(address)
	if err != nil {
		at = &url.URL{}
	}
	h := readHead(doc)
	base := at
	if h.base != "" {
		if b, err := at.Parse(strings.TrimSpace(h.base)); err == nil && (b.Scheme == "http" || b.Scheme == "https") && b.Host != "" {
			base = b
		}
	}
	found := in.Rule.Apply(doc)
	var ld linked
	if !found.SkipJSONLD {
		ld = readLinked(h.scripts)
	}
	r := &reading{page: about(h, ld, readBylines(doc), base, in)}
	p := &r.page
	p.URL = address
	p.Categories = categories(doc, h, ld)
	if found.Title != "" {
		p.Title = plain(found.Title)
	}
	if len(found.Authors) > 0 {
		p.Authors = nil
		for _, name := range found.Authors {
			p.Authors = append(p.Authors, feed.Person{Name: name})
		}
	}
	p.Published = firstOf(found.Date, p.Published)
	r.links = follow(h, found.Single, found.Next, base, at, in.First)

	look := glance(doc, h)
	e := extractor{doc: doc, base: base, page: *p, linked: ld}
	switch {
	case len(found.Body) > 0:
		r.root = e.named(found.Body, found.Prune)
	case found.AutodetectOnFailure:
		r.root = e.automatic()
	}
	if r.root != nil {
		settle(r.root, base, in.First != "")
		p.Content = feed.Text{Kind: feed.TextHTML, Value: feed.RawHTML(markup(r.root)), Base: base.String()}
		if p.Content.Empty() {
			r.root, p.Content = nil, feed.Text{}
		}
	}
	p.Wall = look.wall(r.root, ld, at, in.Title)
	return r
}

// markup is the HTML of what stands in an element.
func markup(root *html.Node) string {
	var b strings.Builder
	for c := root.FirstChild; c != nil; c = c.NextSibling {
		if html.Render(&b, c) != nil { // nothing but a tree that is none makes it fail
			return ""
		}
	}
	return strings.TrimSpace(b.String())
}
