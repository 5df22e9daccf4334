package siterule

import (
	"fmt"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxSteps is how many steps from node to node all XPaths of a rule may take on one page,
// some two seconds of work: two thousand real rules on real pages take less than a
// hundredth of it.
const maxSteps = 40_000_000

// Found is what a rule names on a page.
type Found struct {
	// Body are the parts that are the article's text, in the page's order, none within
	// another: elements of the page, seldom a text between them. They stay in the page.
	// Empty if the rule names none, or none of what it names is there.
	Body []*html.Node

	Title   string   // plain text, its white space in order
	Authors []string // the same, none twice
	Date    string   // as written

	Single string // the link to the whole article on one page, as written: may be relative
	Next   string // the link to its next page, as written: may be relative

	Prune      bool // what is found may be pruned of what looks like furniture; default true
	Tidy       bool // the page was to be tidied before; without meaning here; default true
	SkipJSONLD bool // the page's JSON-LD is not to be believed
	Advert     bool // the page is an advertisement that looks like an article
	// AutodetectOnFailure says that what the rule does not find may be found by other
	// means; default true.
	AutodetectOnFailure bool

	// Trouble says which lines of the rule could not be obeyed on this page, and why.
	Trouble []string
}

// Apply finds on a page what the rule names. It changes the page: what the rule strips is
// gone from it, and so are the headline, byline and date that it names within the page's
// body, so that they are not found in the text once more. Nothing that a page holds makes
// it panic or run for ever; what was found before trouble stays found.
func (r *Rule) Apply(doc *html.Node) (f Found) {
	f = Found{
		Prune: r.says(prune, true), Tidy: r.says(tidy, true), AutodetectOnFailure: r.says(autodetectOnFailure, true),
		SkipJSONLD: r.says(skipJSONLD, false),
	}
	if r == nil || len(r.lines) == 0 || doc == nil {
		return f
	}
	p := page{doc: doc, left: maxSteps, found: &f}
	defer func() {
		if caught := recover(); caught != nil {
			f.Trouble = append(f.Trouble, fmt.Sprintf("the rule was given up on this page: %v", caught))
		}
	}()
	f.Single = p.link(r.all(singlePageLink))
	f.Next = p.link(r.all(nextPageLink))
	for l := range r.all(nativeAdClue) {
		f.Advert = f.Advert || p.find(l, l.value).any()
	}
	p.facts(r)
	p.strip(r)
	p.rearrange(r)
	p.body(r)
	for l := range r.all(stripAttr) {
		for _, h := range p.find(l, l.value).hits {
			h.node.Attr = slices.DeleteFunc(h.node.Attr, func(a html.Attribute) bool { return h.attr != "" && a.Key == h.attr })
		}
	}
	return f
}

// page is a page that a rule is being applied to.
type page struct {
	doc   *html.Node
	left  int // steps
	found *Found
	moved []*html.Node // what move_into(body) names

	weighed  bool
	siblings int // the squares of how many children each element has, added up
	depths   int // how deep each node is, added up
}

// How much work the shape of a page may make of a selector: the library looks at all
// siblings for one that counts or asks for them, and at all ancestors for one that asks
// for these. Either is a second or two; a page of 14,000 siblings is allowed.
const (
	maxSiblings = 200_000_000
	maxDepths   = 30_000_000
)

// tooDear reports whether the page has a shape that makes a selector run for long.
func (p *page) tooDear(selector string) bool {
	if !strings.ContainsAny(selector, ":~+ ") {
		return false
	}
	if !p.weighed {
		p.weighed = true
		for n := range within(p.doc) {
			if n.Parent == nil {
				continue
			}
			if n.PrevSibling == nil {
				children := 0
				for c := n; c != nil; c = c.NextSibling {
					children++
				}
				p.siblings += children * children
				depth := 0
				for up := n.Parent; up != nil; up = up.Parent {
					depth++
				}
				p.depths += children * depth
			}
		}
	}
	return p.siblings > maxSiblings && strings.ContainsAny(selector, ":~+") ||
		p.depths > maxDepths && strings.ContainsAny(selector, ": ")
}

// any reports whether an XPath found something, or came to something true.
func (f found) any() bool { return len(f.hits) > 0 || f.text != "" }

// find evaluates a line's XPath, or its selector. What goes wrong is noted, and finds
// nothing.
func (p *page) find(l line, expr string) found {
	if l.selector != nil {
		var f found
		if p.tooDear(l.value) {
			p.found.Trouble = append(p.found.Trouble, fmt.Sprintf("%s: %s: the page makes this selector too much work", l.directive, clip(l.value)))
			return f
		}
		for _, n := range cascadia.QueryAll(p.doc, l.selector) {
			f.hits = append(f.hits, hit{node: n})
		}
		return f
	}
	f, err := find(expr, p.doc, &p.left)
	if err != nil {
		p.found.Trouble = append(p.found.Trouble, fmt.Sprintf("%s: %s: %v", l.directive, clip(expr), err))
	}
	return f
}

// link is the first link that a line names, where the line holds.
func (p *page) link(lines func(func(line) bool)) string {
	for l := range lines {
		if l.when != "" && !p.find(l, l.when).any() {
			continue
		}
		f := p.find(l, l.value)
		if f.text != "" {
			return f.text
		}
		for _, h := range f.hits {
			name := h.attr
			if name == "" {
				name = "href"
			}
			if href := strings.TrimSpace(attribute(h.node, name)); href != "" {
				return href
			}
		}
	}
	return ""
}

// maxAuthors is how many authors a page names at most: a rule grown old may name every
// link.
const maxAuthors = 50

// facts finds the headline, the authors and the date, and takes them out of the page.
func (p *page) facts(r *Rule) {
	for l := range r.all(title) {
		if p.found.Title = p.first(l); p.found.Title != "" {
			break
		}
	}
	for l := range r.all(author) {
		f := p.find(l, l.value)
		names := []string{strings.Join(strings.Fields(f.text), " ")}
		for _, h := range f.hits[:min(len(f.hits), maxAuthors)] {
			names = append(names, h.text())
			p.takeOut(h)
		}
		for _, name := range names {
			if name != "" && !slices.Contains(p.found.Authors, name) {
				p.found.Authors = append(p.found.Authors, name)
			}
		}
		if len(p.found.Authors) > 0 {
			break
		}
	}
	for l := range r.all(date) {
		if p.found.Date = p.first(l); p.found.Date != "" {
			break
		}
	}
}

// first is the text of the first part that a line names and that says something.
func (p *page) first(l line) string {
	f := p.find(l, l.value)
	for _, h := range f.hits {
		if text := h.text(); text != "" {
			p.takeOut(h)
			return text
		}
	}
	return strings.Join(strings.Fields(f.text), " ")
}

// maxFact is how long a headline, a byline or a date is at most that is taken out of the
// page, in bytes: a rule grown old may name the whole article.
const maxFact = 500

// takeOut takes a fact out of the page's body. What the head says stays: others read it.
func (p *page) takeOut(h hit) {
	if h.attr != "" || len(h.text()) > maxFact {
		return
	}
	for n := h.node.Parent; n != nil; n = n.Parent {
		if n.DataAtom == atom.Body {
			remove(h.node)
			return
		}
	}
}

// remove takes a node out of the page. The frame of the page itself always stays: no rule
// means to take away everything.
func remove(n *html.Node) {
	if n.Parent != nil && n.DataAtom != atom.Html && n.DataAtom != atom.Body {
		n.Parent.RemoveChild(n)
	}
}

// strip takes away what the rule wants gone.
func (p *page) strip(r *Rule) {
	for l := range r.all(strip) {
		for _, h := range p.find(l, l.value).hits {
			if h.attr == "" {
				remove(h.node)
			}
		}
	}
	var names, pictures []string
	for l := range r.all(stripIDOrClass) {
		names = append(names, strings.NewReplacer(`"`, "", `'`, "").Replace(l.value))
	}
	for l := range r.all(stripImageSrc) {
		pictures = append(pictures, strings.NewReplacer(`"`, "", `'`, "").Replace(l.value))
	}
	var lazy []string
	for l := range r.all(lazySrc) {
		lazy = append(lazy, l.value)
	}
	if len(names)+len(pictures)+len(lazy) == 0 {
		return
	}
	var gone []*html.Node
	for n := range within(p.doc) {
		if n.Type != html.ElementNode {
			continue
		}
		if holdsAny(attribute(n, "class"), names) || holdsAny(attribute(n, "id"), names) ||
			n.DataAtom == atom.Img && holdsAny(attribute(n, "src"), pictures) {
			gone = append(gone, n)
		}
		if n.DataAtom == atom.Img {
			wake(n, lazy)
		}
	}
	for _, n := range gone {
		remove(n)
	}
}

// holdsAny reports whether a text holds one of some others.
func holdsAny(text string, parts []string) bool {
	return text != "" && slices.ContainsFunc(parts, func(part string) bool { return part != "" && strings.Contains(text, part) })
}

// wake gives a lazy picture its address.
func wake(img *html.Node, lazy []string) {
	for _, name := range lazy {
		src := attribute(img, strings.ToLower(name))
		if src == "" {
			continue
		}
		img.Attr = slices.DeleteFunc(img.Attr, func(a html.Attribute) bool { return a.Key == "src" })
		img.Attr = append(img.Attr, html.Attribute{Key: "src", Val: src})
	}
}

// rearrange dissolves, moves and wraps parts of the page, in this order.
func (p *page) rearrange(r *Rule) {
	for l := range r.all(dissolve) {
		for _, h := range p.find(l, l.value).hits {
			if h.attr == "" && h.node.Type == html.ElementNode {
				unwrap(h.node)
			}
		}
	}
	for l := range r.all(moveInto) {
		hits := p.find(l, l.value).hits
		if l.inside == string(body) {
			for _, h := range hits {
				if h.attr == "" {
					p.moved = append(p.moved, h.node)
				}
			}
			continue
		}
		var into *html.Node
		for _, h := range p.find(l, l.inside).hits {
			if h.attr == "" && h.node.Type == html.ElementNode {
				into = h.node
				break
			}
		}
		for _, h := range hits {
			if into != nil && h.attr == "" && h.node.Parent != nil && !isWithin(into, h.node) {
				remove(h.node)
				if h.node.Parent == nil {
					into.AppendChild(h.node)
				}
			}
		}
	}
	for l := range r.all(wrapIn) {
		for _, h := range p.find(l, l.value).hits {
			n := h.node
			if h.attr != "" || n.Parent == nil || n.DataAtom == atom.Html || n.DataAtom == atom.Body || n.DataAtom == atom.Head {
				continue
			}
			wrap := &html.Node{Type: html.ElementNode, Data: l.inside, DataAtom: atom.Lookup([]byte(l.inside))}
			n.Parent.InsertBefore(wrap, n)
			n.Parent.RemoveChild(n)
			wrap.AppendChild(n)
		}
	}
}

// unwrap puts what is in an element into its place.
func unwrap(n *html.Node) {
	if n.Parent == nil || n.DataAtom == atom.Html || n.DataAtom == atom.Body {
		return
	}
	for n.FirstChild != nil {
		child := n.FirstChild
		n.RemoveChild(child)
		n.Parent.InsertBefore(child, n)
	}
	n.Parent.RemoveChild(n)
}

// isWithin reports whether n is top or in it.
func isWithin(n, top *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == top {
			return true
		}
	}
	return false
}

// body finds the article's text: the first line that names a part that holds something.
func (p *page) body(r *Rule) {
	for l := range r.all(body) {
		var parts []*html.Node
		for _, h := range p.find(l, l.value).hits {
			if h.attr == "" && h.node.Type != html.CommentNode && isWithin(h.node, p.doc) {
				parts = append(parts, h.node)
			}
		}
		if parts = outermost(parts); slices.ContainsFunc(parts, holdsSomething) {
			p.found.Body = parts
			break
		}
	}
	p.found.Body = outermost(append(p.found.Body, p.moved...))
}

// outermost leaves out the nodes that are within another one.
func outermost(nodes []*html.Node) []*html.Node {
	wanted := make(map[*html.Node]bool, len(nodes))
	for _, n := range nodes {
		wanted[n] = true
	}
	var out []*html.Node
	for _, n := range nodes {
		inner := !wanted[n] // it came before
		for up := n.Parent; up != nil && !inner; up = up.Parent {
			inner = wanted[up]
		}
		if !inner {
			out = append(out, n)
		}
	}
	return out
}

// holdsSomething reports whether there is anything to see in a part of a page.
func holdsSomething(top *html.Node) bool {
	for n := range within(top) {
		switch {
		case n.Type == html.TextNode && strings.TrimSpace(n.Data) != "" && !(n.Parent != nil && (n.Parent.DataAtom == atom.Script || n.Parent.DataAtom == atom.Style)),
			n.DataAtom == atom.Img, n.DataAtom == atom.Video, n.DataAtom == atom.Audio, n.DataAtom == atom.Iframe:
			return true
		}
	}
	return false
}
