package publish

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/text/language"
)

// content is an article's text as a page of ours shows it: its pictures as the site's
// are, its headings below the page's own, and nothing that a screen reader would stumble
// over (axe-core: list, dlitem, image-alt, link-name, th-has-data-cells, valid-lang).
// What the normaliser let through stays; pictures is how many of these are shown.
func (d desk) content(markup string) (out string, pictures int) {
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(markup), body)
	if err != nil {
		return "", 0
	}
	f := &fitter{desk: d}
	for _, n := range nodes {
		body.AppendChild(n)
	}
	f.children(body)
	var b strings.Builder
	for n := body.FirstChild; n != nil; n = n.NextSibling {
		if html.Render(&b, n) != nil {
			return "", 0
		}
	}
	return b.String(), f.pictures
}

// fitter makes an article's text fit for a page.
type fitter struct {
	desk
	pictures int
}

// children fits everything below n.
func (f *fitter) children(n *html.Node) {
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if c.Type == html.ElementNode {
			f.children(c)
			f.element(c)
		}
		c = next
	}
}

// element fits one element, whose children are fit already.
func (f *fitter) element(n *html.Node) {
	keepAttributes(n, func(a html.Attribute) bool {
		if a.Key == "lang" || a.Key == "hreflang" {
			_, err := language.Parse(a.Val)
			return err == nil
		}
		return a.Key != "role" && a.Key != "tabindex" && !strings.HasPrefix(a.Key, "aria-")
	})
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		f.heading(n)
	case atom.Img:
		f.picture(n)
	case atom.Source:
		// Another size of a picture cannot be had from us, and on our page only one way
		// to get pictures is allowed.
		if n.Parent != nil && n.Parent.DataAtom == atom.Picture {
			drop(n)
		} else {
			f.recording(n)
		}
	case atom.Audio, atom.Video:
		f.recording(n)
	case atom.A:
		f.link(n)
	case atom.Ul, atom.Ol:
		wrapStrays(n)
	case atom.Li:
		if p := n.Parent; p == nil || p.DataAtom != atom.Ul && p.DataAtom != atom.Ol {
			rename(n, atom.Div)
		}
	case atom.Dl:
		if !isDefinitions(n) {
			looseDefinitions(n)
		}
	case atom.Dt, atom.Dd:
		if p := n.Parent; p == nil || p.DataAtom != atom.Dl {
			rename(n, atom.Div)
		}
	case atom.Table:
		f.table(n)
	case atom.Summary:
		if !f.says(n) {
			n.AppendChild(&html.Node{Type: html.TextNode, Data: "…"})
		}
	}
}

// heading puts a heading below that of the page; one without words is none.
func (f *fitter) heading(n *html.Node) {
	switch {
	case !f.says(n):
		rename(n, atom.Div)
	case n.DataAtom == atom.H1:
		rename(n, atom.H2)
	}
}

// picture shows a picture as the site's are. One that may not be shown is told of in
// words, as a link, unless it has none and stands in a link anyway.
func (f *fitter) picture(n *html.Node) {
	src, alt := attr(n, "src"), attr(n, "alt")
	if shown := f.pictureURL(src); shown != "" {
		f.pictures++
		own := map[string]string{"src": shown, "alt": alt}
		keepAttributes(n, func(a html.Attribute) bool {
			return a.Key == "width" || a.Key == "height" || a.Key == "title"
		})
		for _, key := range []string{"src", "alt"} {
			n.Attr = append(n.Attr, html.Attribute{Key: key, Val: own[key]})
		}
		n.Attr = append(n.Attr, html.Attribute{Key: "loading", Val: "lazy"},
			html.Attribute{Key: "decoding", Val: "async"}, html.Attribute{Key: "referrerpolicy", Val: "no-referrer"})
		return
	}
	label := first(alt, f.W.Picture)
	href := webURL(src)
	inLink := false
	for p := n.Parent; p != nil; p = p.Parent {
		inLink = inLink || p.DataAtom == atom.A
	}
	text := &html.Node{Type: html.TextNode, Data: "[" + label + "]"}
	if href == "" || inLink {
		n.Parent.InsertBefore(text, n)
	} else {
		a := &html.Node{Type: html.ElementNode, Data: "a", DataAtom: atom.A, Attr: []html.Attribute{
			{Key: "href", Val: href}, {Key: "rel", Val: "noopener noreferrer nofollow"}}}
		a.AppendChild(text)
		n.Parent.InsertBefore(a, n)
	}
	drop(n)
}

// recording leaves what plays as it is, but asks for nothing before it is played, and for
// nothing at all that the browser would not load.
func (f *fitter) recording(n *html.Node) {
	keepAttributes(n, func(a html.Attribute) bool {
		if a.Key == "src" && f.secure && !strings.HasPrefix(strings.ToLower(a.Val), "https:") {
			return false
		}
		return a.Key == "src" || a.Key == "type" || a.Key == "width" || a.Key == "height" || a.Key == "title"
	})
	if n.DataAtom == atom.Source {
		if attr(n, "src") == "" {
			drop(n)
		}
		return
	}
	n.Attr = append(n.Attr, html.Attribute{Key: "controls"}, html.Attribute{Key: "preload", Val: "none"})
}

// link gives a link words: without any nobody knows where it leads.
func (f *fitter) link(n *html.Node) {
	if attr(n, "href") == "" || f.says(n) {
		return
	}
	for img := range n.Descendants() {
		if img.DataAtom == atom.Img {
			keepAttributes(img, func(a html.Attribute) bool { return a.Key != "alt" })
			img.Attr = append(img.Attr, html.Attribute{Key: "alt", Val: f.W.Picture})
			return
		}
	}
	if n.FirstChild == nil {
		drop(n)
		return
	}
	keepAttributes(n, func(a html.Attribute) bool { return a.Key != "href" && a.Key != "rel" })
}

// table lets a wide table slide in its own box, also by the keyboard, and takes the
// meaning from cells that head nothing.
func (f *fitter) table(n *html.Node) {
	data := false
	for c := range n.Descendants() {
		data = data || c.DataAtom == atom.Td
	}
	if !data {
		for c := range n.Descendants() {
			if c.DataAtom == atom.Th {
				rename(c, atom.Td)
			}
		}
	}
	for c := range n.Descendants() {
		if c.DataAtom == atom.Th && !f.says(c) {
			rename(c, atom.Td)
		}
	}
	box := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div, Attr: []html.Attribute{
		{Key: "class", Val: "wide"}, {Key: "tabindex", Val: "0"}, {Key: "role", Val: "group"},
		{Key: "aria-label", Val: f.W.Table}, {Key: "lang", Val: f.W.tag}}}
	n.Parent.InsertBefore(box, n)
	drop(n)
	box.AppendChild(n)
}

// says reports whether there are words in what n holds, those of pictures included.
func (f *fitter) says(n *html.Node) bool {
	for c := range n.Descendants() {
		if c.Type == html.TextNode && strings.TrimSpace(c.Data) != "" ||
			c.DataAtom == atom.Img && strings.TrimSpace(attr(c, "alt")) != "" {
			return true
		}
	}
	return false
}

// wrapStrays puts everything in a list into items: nothing else may stand there.
func wrapStrays(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Li || c.Type == html.TextNode && strings.TrimSpace(c.Data) == "" || c.Type == html.CommentNode {
			continue
		}
		item := &html.Node{Type: html.ElementNode, Data: "li", DataAtom: atom.Li}
		n.InsertBefore(item, c)
		drop(c)
		item.AppendChild(c)
		c = item
	}
}

// isDefinitions reports whether a dl has what it must: terms with their definitions.
func isDefinitions(n *html.Node) bool {
	last := atom.Dd
	seen := false
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		switch {
		case c.DataAtom == atom.Dt, c.DataAtom == atom.Dd && seen:
			seen, last = true, c.DataAtom
		case c.Type == html.TextNode && strings.TrimSpace(c.Data) == "":
		default:
			return false
		}
	}
	return seen && last == atom.Dd
}

func looseDefinitions(n *html.Node) {
	rename(n, atom.Div)
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.DataAtom == atom.Dt || c.DataAtom == atom.Dd {
			rename(c, atom.Div)
		}
	}
}

func rename(n *html.Node, a atom.Atom) { n.DataAtom, n.Data = a, a.String() }

func drop(n *html.Node) {
	if n.Parent != nil {
		n.Parent.RemoveChild(n)
	}
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func keepAttributes(n *html.Node, keep func(html.Attribute) bool) {
	var kept []html.Attribute
	for _, a := range n.Attr {
		if keep(a) {
			kept = append(kept, a)
		}
	}
	n.Attr = kept
}
