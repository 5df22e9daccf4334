package article

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet/feed"
	"broadsheet/sources/article/siterule"
	"broadsheet/sources/fetch"
)

// maxPages is how many pages of one article are asked for: those that spread an article
// over more mean to show something else on each.
const maxPages = 10

// accept names the types of pages.
const accept = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"

// Options is what a Reader is made of.
type Options struct {
	Fetch *fetch.Client
	// Rules gives the rule for the pages that a host shows of a source's articles; nil
	// where there is none. The func itself may be nil.
	Rules func(source, host string) *siterule.Rule
	// Settings tells all that Rules of a source depends on: another text, and its kept pages are
	// read again. May be nil.
	Settings func(source string) string
	// Access is how a source's pages are got at, and the URL that it was given for: what
	// lets its operator in goes to that origin alone. May be nil.
	Access func(source string) (feed.Access, string)
	Now    func() time.Time // default time.Now
}

// Reader gets the pages of articles and reads them. It is safe for concurrent use and keeps
// nothing between two articles.
type Reader struct{ o Options }

// New makes a Reader.
func New(o Options) *Reader {
	if o.Now == nil {
		o.Now = time.Now
	}
	return &Reader{o}
}

// Version names the extraction, and the settings of it, that reads a source's pages now.
func (r *Reader) Version(source string) string {
	settings := ""
	if r.o.Settings != nil {
		settings = r.o.Settings(source)
	}
	if settings == "" {
		return Version
	}
	sum := sha256.Sum256([]byte(settings))
	return Version + "-" + hex.EncodeToString(sum[:8])
}

// Read gets the page of an article, and then its single-page view if there is one, else
// its further pages. It gives what they say with the pages as they came, to be read
// Again. Each request passes gate, and robots.txt is obeyed. A further page that is not
// there ends the article; one that cannot be had just now is an error. So is a page that
// is no HTML, KindNotFeed.
func (r *Reader) Read(ctx context.Context, gate feed.Gate, errand feed.Errand) (feed.Page, []feed.Leaf, error) {
	seen := r.o.Now().UTC()
	leaf, err := r.fetch(ctx, gate, errand, errand.URL)
	if err != nil {
		return feed.Page{}, nil, r.tell(errand, err)
	}
	one, err := r.read(errand, leaf, "")
	if err != nil {
		return feed.Page{}, nil, r.tell(errand, err)
	}
	if one.links.Single != "" && sameSite(leaf.URL, one.links.Single) {
		single, whole, err := r.single(ctx, gate, errand, one)
		if err != nil {
			return feed.Page{}, nil, r.tell(errand, err)
		}
		if whole != nil {
			page := join([]*reading{whole})
			return r.sign(page, errand, seen), []feed.Leaf{single}, nil
		}
	}
	pages, leaves := []*reading{one}, []feed.Leaf{leaf}
	asked := map[string]bool{key(errand.URL): true, key(leaf.URL): true}
	for next := one.links.Next; next != "" && len(pages) < maxPages && sameSite(leaf.URL, next) && !asked[key(next)]; {
		asked[key(next)] = true
		more, err := r.fetch(ctx, gate, errand, next)
		if err != nil {
			if passing(err) {
				return feed.Page{}, nil, r.tell(errand, err)
			}
			break
		}
		if !sameSite(leaf.URL, more.URL) || key(more.URL) != key(next) && asked[key(more.URL)] {
			break
		}
		asked[key(more.URL)] = true
		page, err := r.read(errand, more, leaf.URL)
		if err != nil || page.root == nil || repeats(pages, page) {
			break
		}
		pages, leaves = append(pages, page), append(leaves, more)
		next = page.links.Next
	}
	return r.sign(join(pages), errand, seen), leaves, nil
}

// single gets the single-page view of an article; nothing if it is not there or shows less
// than the page that links to it.
func (r *Reader) single(ctx context.Context, gate feed.Gate, errand feed.Errand, one *reading) (feed.Leaf, *reading, error) {
	leaf, err := r.fetch(ctx, gate, errand, one.links.Single)
	if err != nil {
		if passing(err) {
			return feed.Leaf{}, nil, err
		}
		return feed.Leaf{}, nil, nil
	}
	whole, err := r.read(errand, leaf, "")
	if err != nil || whole.root == nil || one.root != nil && letters(text(whole.root)) < letters(text(one.root)) {
		return feed.Leaf{}, nil, nil
	}
	return leaf, whole, nil
}

// Again reads kept pages without asking anybody. Seen is left to the caller, who knows
// when they were asked for.
func (r *Reader) Again(errand feed.Errand, leaves []feed.Leaf) (feed.Page, error) {
	var pages []*reading
	for i, leaf := range leaves {
		first := ""
		if i > 0 {
			first = leaves[0].URL
		}
		page, err := r.read(errand, leaf, first)
		switch {
		case err != nil && i == 0:
			return feed.Page{}, r.tell(errand, err)
		case err != nil || i > 0 && (page.root == nil || repeats(pages, page)):
			return r.sign(join(pages), errand, time.Time{}), nil
		}
		pages = append(pages, page)
	}
	if len(pages) == 0 {
		return feed.Page{}, r.tell(errand, &feed.Error{Step: step, Kind: feed.KindEmpty, Text: "no page of the article is kept"})
	}
	return r.sign(join(pages), errand, time.Time{}), nil
}

// fetch gets one page.
func (r *Reader) fetch(ctx context.Context, gate feed.Gate, errand feed.Errand, address string) (feed.Leaf, error) {
	req := fetch.Request{URL: address, Accept: accept, Page: true}
	if r.o.Access != nil {
		req.Access, req.Home = r.o.Access(errand.Source)
	}
	res, err := r.o.Fetch.Get(ctx, gate, req)
	if err != nil {
		return feed.Leaf{}, err
	}
	leaf := feed.Leaf{URL: res.Trace.URL, ContentType: res.ContentType, Body: res.Body}
	if ferr := refuse(leaf); ferr != nil {
		return feed.Leaf{}, ferr
	}
	return leaf, nil
}

// read reads one page by the rule of its host.
func (r *Reader) read(errand feed.Errand, leaf feed.Leaf, first string) (*reading, error) {
	in := Input{Title: errand.Title, First: first}
	if u, err := url.Parse(leaf.URL); err == nil && r.o.Rules != nil {
		in.Rule = r.o.Rules(errand.Source, u.Hostname())
	}
	return read(leaf, in)
}

func (r *Reader) sign(page feed.Page, errand feed.Errand, seen time.Time) feed.Page {
	page.Seen = seen
	page.Reader = r.Version(errand.Source)
	return page
}

// tell says of which source an error is.
func (r *Reader) tell(errand feed.Errand, err error) error {
	if e, ok := errors.AsType[*feed.Error](err); ok && e.Source == "" {
		named := *e
		named.Source = errand.Source
		return &named
	}
	return err
}

// passing reports whether what a page could not be had for may pass.
func passing(err error) bool {
	switch feed.KindOf(err) {
	case feed.KindCanceled, feed.KindUnreachable, feed.KindTimeout, feed.KindHeld, feed.KindServer, feed.KindFenced, feed.KindBusy, feed.KindUnknown:
		return true
	}
	return false
}

// sameSite reports whether two URLs are of one site.
func sameSite(a, b string) bool {
	_, x, err := fetch.HostOf(a)
	_, y, err2 := fetch.HostOf(b)
	return err == nil && err2 == nil && x == y
}

// key is a URL as far as it names a page.
func key(address string) string {
	address, _, _ = strings.Cut(address, "#")
	_, address, _ = strings.Cut(address, "://")
	return strings.TrimSuffix(address, "/")
}

// repeats reports whether half of a page's paragraphs stand on earlier ones: it is the next
// page of the comments, or the same page under another address.
func repeats(earlier []*reading, page *reading) bool {
	known := map[string]bool{}
	for _, e := range earlier {
		for _, l := range linesOf(e.root) {
			known[l.text] = true
		}
	}
	old, all := 0, 0
	for _, l := range linesOf(page.root) {
		all += l.weight.letters
		if known[l.text] {
			old += l.weight.letters
		}
	}
	return old*2 >= all
}

// join makes one page of an article's pages. What the first says of itself is what the
// article says; paragraphs that each page shows again stand once.
func join(pages []*reading) feed.Page {
	out := pages[0].page
	if len(pages) == 1 {
		return out
	}
	out.Pages = len(pages)
	whole := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	known := map[string]bool{}
	for _, p := range pages {
		if p.root == nil {
			continue
		}
		lines := linesOf(p.root)
		for _, l := range lines {
			if known[l.text] && l.weight.letters >= paragraph {
				remove(l.node)
			}
		}
		for _, l := range lines {
			known[l.text] = true
		}
		prune(p.root)
		for c := p.root.FirstChild; c != nil; c = p.root.FirstChild {
			p.root.RemoveChild(c)
			whole.AppendChild(c)
		}
		if p.page.Wall != "" && out.Wall == "" {
			out.Wall = p.page.Wall
		}
	}
	base := pages[0].page.Content.Base
	if base == "" {
		base = out.URL
	}
	out.Content = feed.Text{Kind: feed.TextHTML, Value: feed.RawHTML(markup(whole)), Base: base}
	return out
}

// linesOf are the lines of a text.
func linesOf(root *html.Node) []line {
	if root == nil {
		return nil
	}
	r := &refiner{root: root}
	r.read()
	return r.lines
}
