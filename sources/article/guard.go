package article

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet/feed"
)

// Limits of a page. The longest of the corpus has 1.5 MB and 20,000 tags.
const (
	maxBytes = 5 << 20
	maxTags  = 40_000
	// maxNodes is how many nodes a parser may make of these: an element and a text for each,
	// and some that it opens again.
	maxNodes = 4 * maxTags
	// maxAttrs is how many attributes of one element are kept, and maxAttr how long a
	// value may be: a thumbnail written into its address has some kilobytes.
	maxAttrs = 60
	maxAttr  = 64 << 10
	// deepest is how deep the tree may be that is searched for the text: each element is
	// weighed with all that stands in it. What is deeper keeps its text. html.Parse refuses
	// more than 512.
	deepest = 200
	// maxLayers is how many bytes may be looked at, once for each layer that they stand in:
	// a layer is weighed with all that stands in it. A text of 200 kB in thirty of them, which
	// is more than an article has, comes to two thirds of it.
	maxLayers = 8 << 20
	// perNode is what a node counts there besides its text, in bytes.
	perNode = 8
)

// layers are the elements that are weighed with all that stands in them.
var layers = map[atom.Atom]bool{
	atom.Div: true, atom.Section: true, atom.Article: true, atom.Figure: true, atom.Main: true, atom.Form: true, atom.Fieldset: true,
	atom.Table: true, atom.Ul: true, atom.Ol: true, atom.Blockquote: true, atom.Center: true, atom.Aside: true, atom.Header: true,
}

// peel takes the innermost layers out of a tree in which too much stands too deep, and
// leaves what stands in them.
func peel(doc *html.Node) {
	in := make([]int, 1, deepest) // bytes, by how many layers they stand in
	var tally func(n *html.Node, depth int)
	tally = func(n *html.Node, depth int) {
		if unseen[n.DataAtom] {
			return
		}
		if layers[n.DataAtom] {
			if depth++; depth == len(in) {
				in = append(in, 0)
			}
		}
		in[depth] += perNode
		if n.Type == html.TextNode {
			in[depth] += len(n.Data)
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			tally(c, depth)
		}
	}
	tally(doc, 0)
	deeper := 0
	for _, bytes := range in {
		deeper += bytes
	}
	looked := 0
	for depth := range in {
		deeper -= in[depth]
		if looked += deeper; looked > maxLayers {
			unwrap(doc, 0, depth)
			return
		}
	}
}

// unwrap puts what stands in a layer in the place of it, where it stands in more than most.
func unwrap(n *html.Node, depth, most int) {
	if layers[n.DataAtom] {
		depth++
	}
	for c := n.FirstChild; c != nil; {
		next := c.NextSibling
		if depth >= most && layers[c.DataAtom] {
			if c.FirstChild != nil {
				next = c.FirstChild
			}
			for c.FirstChild != nil {
				inner := c.FirstChild
				c.RemoveChild(inner)
				n.InsertBefore(inner, c)
			}
			n.RemoveChild(c)
		} else {
			unwrap(c, depth, most)
		}
		c = next
	}
}

// parse makes a tree of a page.
func parse(source string) (*html.Node, error) {
	if n := strings.Count(source, "<"); n > maxTags {
		return nil, &feed.Error{Step: step, Kind: feed.KindTooLarge, Text: fmt.Sprintf("the page has more than %d tags", maxTags)}
	}
	doc, err := html.Parse(bytes.NewReader(plainFormatting([]byte(source))))
	if err != nil {
		if errors.Is(err, html.ErrBufferExceeded) {
			return nil, &feed.Error{Step: step, Kind: feed.KindTooLarge, Err: err}
		}
		return nil, &feed.Error{Step: step, Kind: feed.KindTooLarge, Text: "the page's elements are nested too deep", Err: err}
	}
	if count(doc, maxNodes) > maxNodes {
		return nil, &feed.Error{Step: step, Kind: feed.KindTooLarge, Text: "the page's elements multiply"}
	}
	bound(doc, 0)
	peel(doc)
	return doc, nil
}

// count is how many nodes a tree has, or more than limit.
func count(n *html.Node, limit int) int {
	all := 1
	for c := n.FirstChild; c != nil && all <= limit; c = c.NextSibling {
		all += count(c, limit-all)
	}
	return all
}

// bound cuts attributes to their limits, because each look at one goes through those
// before it, and trees to their depth.
func bound(n *html.Node, depth int) {
	if len(n.Attr) > maxAttrs {
		n.Attr = slices.Clone(n.Attr[:maxAttrs])
	}
	for i, a := range n.Attr {
		if len(a.Val) > maxAttr {
			n.Attr[i].Val = ""
		}
	}
	if depth >= deepest {
		flatten(n)
		return
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		bound(c, depth+1)
	}
}

// flatten leaves the text of an element that is too deep, and none of its elements.
func flatten(n *html.Node) {
	if n.Type != html.ElementNode || unseen[n.DataAtom] {
		return
	}
	s := text(n)
	for n.FirstChild != nil {
		n.RemoveChild(n.FirstChild)
	}
	if s != "" {
		n.AppendChild(&html.Node{Type: html.TextNode, Data: s})
	}
}

// formatting are the elements that a parser opens again in every paragraph after the one
// that they were not closed in (HTML, "formatting"). Of elements written alike it opens
// three at most, of links one: so without their attributes a page can make no more than
// some forty nodes of each tag (T-09).
var formatting = []string{"b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}

// namedCode is how many <code> elements may keep their attributes, which say what language
// the code is of.
const namedCode = 40

// plainFormatting blanks the attributes of formatting elements, wherever something looks
// like one: it does not know what a parser takes for a tag. Hidden ones stay hidden only
// if another element hides them.
func plainFormatting(source []byte) []byte {
	codes := 0
	for at := 0; ; {
		i := bytes.IndexByte(source[at:], '<')
		if i < 0 {
			return source
		}
		at += i + 1
		name, rest := tagName(source[at:])
		if !slices.Contains(formatting, name) {
			continue
		}
		if name == "code" {
			if codes++; codes <= namedCode {
				continue
			}
		}
		from := len(source) - len(rest)
		to := from + tagEnd(rest)
		for j := from; j < to; j++ {
			if source[j] != '\n' {
				source[j] = ' '
			}
		}
		at = to
	}
}

// tagName is the name of a start tag behind its "<", in lower case, with what follows;
// empty if it has no attributes or is no tag of a short name.
func tagName(s []byte) (string, []byte) {
	n := 0
	for n < len(s) && n < 8 && (s[n]|0x20 >= 'a' && s[n]|0x20 <= 'z') {
		n++
	}
	if n == 0 || n == len(s) || s[n] == '>' || !bytes.ContainsRune([]byte(" \t\r\n\f/"), rune(s[n])) {
		return "", nil
	}
	return strings.ToLower(string(s[:n])), s[n:]
}

// tagEnd is where the attributes of a tag end (HTML, "attribute name state" and on): the
// ">" outside of quotes that follow a "=".
func tagEnd(s []byte) int {
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '>':
			return i
		case '=':
			j := i + 1
			for j < len(s) && bytes.ContainsRune([]byte(" \t\r\n\f"), rune(s[j])) {
				j++
			}
			if j < len(s) && (s[j] == '"' || s[j] == '\'') {
				end := bytes.IndexByte(s[j+1:], s[j])
				if end < 0 {
					return len(s)
				}
				i = j + 1 + end
			}
		}
	}
	return len(s)
}
