package article

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// attr is the value of an attribute, empty if the element has none.
func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

// has reports whether an element has an attribute, be it empty.
func has(n *html.Node, key string) bool {
	for _, a := range n.Attr {
		if a.Key == key && a.Namespace == "" {
			return true
		}
	}
	return false
}

// remove takes a node out of the tree.
func remove(n *html.Node) {
	if n.Parent != nil {
		n.Parent.RemoveChild(n)
	}
}

// element reports whether a node is an element of one of these names.
func element(n *html.Node, names ...atom.Atom) bool {
	if n == nil || n.Type != html.ElementNode {
		return false
	}
	for _, name := range names {
		if n.DataAtom == name {
			return true
		}
	}
	return false
}

// walk visits a node and all below it in document order; visit says whether to go
// below. A node may be taken out while it is visited.
func walk(n *html.Node, visit func(*html.Node) bool) {
	if !visit(n) {
		return
	}
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		walk(c, visit)
		c = next
	}
}

// first is the first element below n that is wanted, nil if none is.
func first(n *html.Node, wanted func(*html.Node) bool) *html.Node {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.ElementNode && wanted(c) {
			return c
		}
		if found := first(c, wanted); found != nil {
			return found
		}
	}
	return nil
}

// all are the elements below n that are wanted, in document order.
func all(n *html.Node, wanted func(*html.Node) bool) []*html.Node {
	var out []*html.Node
	walk(n, func(c *html.Node) bool {
		if c != n && c.Type == html.ElementNode && wanted(c) {
			out = append(out, c)
		}
		return true
	})
	return out
}

// within reports whether a node is another one or stands below it.
func within(n, ancestor *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if n == ancestor {
			return true
		}
	}
	return false
}

// blocks are the elements that begin a line of their own.
var blocks = map[atom.Atom]bool{
	atom.Address: true, atom.Article: true, atom.Aside: true, atom.Blockquote: true, atom.Body: true,
	atom.Center: true, atom.Dd: true, atom.Details: true, atom.Div: true, atom.Dl: true, atom.Dt: true,
	atom.Fieldset: true, atom.Figcaption: true, atom.Figure: true, atom.Footer: true, atom.Form: true,
	atom.H1: true, atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true,
	atom.Header: true, atom.Hr: true, atom.Html: true, atom.Li: true, atom.Main: true, atom.Nav: true,
	atom.Ol: true, atom.P: true, atom.Pre: true, atom.Section: true, atom.Summary: true, atom.Table: true,
	atom.Tbody: true, atom.Td: true, atom.Th: true, atom.Tr: true, atom.Ul: true,
}

// unseen are the elements whose text nobody sees.
var unseen = map[atom.Atom]bool{
	atom.Script: true, atom.Style: true, atom.Template: true, atom.Noscript: true, atom.Textarea: true,
	atom.Select: true, atom.Option: true, atom.Iframe: true, atom.Head: true, atom.Title: true, atom.Svg: true,
}

// text is what one sees of a node: words with one blank between two, and one
// between two blocks.
func text(n *html.Node) string {
	var b strings.Builder
	writeText(&b, n)
	return tidy(b.String())
}

func writeText(b *strings.Builder, n *html.Node) {
	switch n.Type {
	case html.TextNode:
		b.WriteString(n.Data)
		return
	case html.ElementNode:
		if unseen[n.DataAtom] {
			return
		}
		if blocks[n.DataAtom] || n.DataAtom == atom.Br {
			b.WriteByte(' ')
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		writeText(b, c)
	}
	if n.Type == html.ElementNode && blocks[n.DataAtom] {
		b.WriteByte(' ')
	}
}

// raw is the text of a script or of a title, as it is written.
func raw(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return b.String()
}

// tidy is a text with one blank between two words and none around it.
func tidy(s string) string { return strings.Join(strings.Fields(s), " ") }

// syllable is how many letters a character of a script counts that writes words with
// one or two of them.
const syllable = 3

// letters is how many characters of a text are none of white space, in letters of an
// alphabet.
func letters(s string) int {
	n := 0
	for _, r := range s {
		switch {
		case r >= '\u2E80' && r <= '\uD7FF' || r >= '\uF900' && r <= '\uFAFF' || r >= 0x20000:
			n += syllable
		case r > ' ' && !unicode.IsSpace(r):
			n++
		}
	}
	return n
}

// weight is what stands in an element.
type weight struct {
	letters int // seen
	linked  int // letters within links
	prose   int // letters of its paragraphs that are no links
	links   int
	images  int // pictures and players
}

// dense is the share of letters that are links'.
func (w weight) dense() float64 {
	if w.letters == 0 {
		return 0
	}
	return float64(w.linked) / float64(w.letters)
}

// scale weighs elements; a tree is weighed once, and what is taken out of it later
// leaves the weights of what it stood in as they were.
type scale map[*html.Node]weight

// paragraph is how many letters outside of links make a block of text a paragraph:
// labels, names and dates are shorter.
const paragraph = 60

// weigh weighs n and all below it.
func (s scale) weigh(n *html.Node) weight {
	w, _ := s.add(n, false)
	return w
}

// add weighs n; loose is how many letters outside of links stand in it and in no block of its own.
func (s scale) add(n *html.Node, linked bool) (w weight, loose int) {
	switch n.Type {
	case html.TextNode:
		w.letters = letters(n.Data)
		if linked {
			w.linked = w.letters
			return w, 0
		}
		return w, w.letters
	case html.ElementNode:
		if unseen[n.DataAtom] {
			if element(n, atom.Iframe) {
				w.images = 1
			}
			s[n] = w
			return w, 0
		}
	}
	if element(n, atom.A) && has(n, "href") {
		linked = true
		w.links++
	}
	if element(n, atom.Img, atom.Video, atom.Picture) {
		w.images++
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		cw, l := s.add(c, linked)
		w.letters += cw.letters
		w.linked += cw.linked
		w.prose += cw.prose
		w.links += cw.links
		w.images += cw.images
		loose += l
	}
	if n.Type != html.ElementNode {
		return w, loose
	}
	if blocks[n.DataAtom] {
		if loose >= paragraph {
			w.prose += loose
		}
		loose = 0
	}
	s[n] = w
	return w, loose
}
