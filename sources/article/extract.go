package article

import (
	"log/slog"
	"net/url"
	"strings"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet/feed"
)

// extractor finds the text in a page. It uses the tree up.
type extractor struct {
	doc    *html.Node
	base   *url.URL
	page   feed.Page // what the page says of itself
	linked linked
}

// named makes a text of the parts that a site's rule names.
func (e *extractor) named(parts []*html.Node, prune bool) *html.Node {
	root := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	for _, part := range parts {
		remove(part)
		root.AppendChild(part)
	}
	if prune {
		c := clearer{}
		c.core = root
		c.clear(root)
	} else {
		unscript(root)
	}
	if letters(text(root)) == 0 && first(root, func(n *html.Node) bool { return element(n, atom.Img, atom.Iframe, atom.Video) }) == nil {
		return nil
	}
	return root
}

// unscript takes out what is never text.
func unscript(root *html.Node) {
	walk(root, func(n *html.Node) bool {
		if n.Type == html.CommentNode || element(n, atom.Script, atom.Style, atom.Template, atom.Link, atom.Meta) {
			remove(n)
			return false
		}
		return true
	})
}

// half of a text is the least that must be found of what is known of it.
const half = 2

// automatic finds the text by the library; what microdata and JSON-LD say is the check.
func (e *extractor) automatic() *html.Node {
	c := clearer{title: fold(string(e.page.Title.Value))}
	c.clear(e.doc)
	p := readability.NewParser()
	p.DisableJSONLD = true
	p.KeepClasses = true
	p.Logger = slog.New(slog.DiscardHandler)
	var root *html.Node
	if found, err := p.ParseAndMutate(e.doc, e.base); err == nil && found.Node != nil {
		root = found.Node
		rename(root)
	}
	// The library read a copy: the page is still there to look elsewhere in.
	have := prose(root)
	if c.core != nil {
		if there := prose(c.core); there*4 > have*5 {
			root, have = c.core, there
		}
	}
	if known := letters(e.linked.Body); known > scant {
		switch found := holds(root, e.linked.Body); {
		case found && letters(text(root)) > half*known:
			if n := holder(root, e.linked.Body); n != nil { // there is much else beside it
				root = n
			}
		case found:
		default:
			if n := holder(e.doc, e.linked.Body); n != nil {
				root = n
			} else if known > half*have {
				root = paragraphs(e.linked.Body)
			}
		}
	}
	if root == nil {
		return nil
	}
	if root.Parent != nil { // an element of the page itself: it becomes the inside of one
		remove(root)
	}
	refine(root, e.page)
	if letters(text(root)) == 0 && first(root, func(n *html.Node) bool { return element(n, atom.Img, atom.Iframe, atom.Video) }) == nil {
		return nil
	}
	return root
}

func prose(n *html.Node) int {
	if n == nil {
		return 0
	}
	s := scale{}
	return s.weigh(n).prose
}

// rename gives elements the atoms of their names: the library changes names alone.
func rename(root *html.Node) {
	walk(root, func(n *html.Node) bool {
		if n.Type == html.ElementNode {
			n.DataAtom = atom.Lookup([]byte(n.Data))
		}
		return true
	})
}

// probe is how many letters of a text tell that it is in another one, and probes how many
// places of it are tried.
const (
	probe  = 40
	probes = 5
)

// samples are pieces of a text, from all along it, without white space.
func samples(body string) []string {
	b := []rune(squash(body))
	var out []string
	for i := range probes {
		from := (len(b) - probe) * i / (probes - 1)
		if from < 0 {
			return nil
		}
		out = append(out, string(b[from:from+probe]))
	}
	return out
}

// squash is a text in lower case and without white space and marks that are written in
// several ways.
func squash(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\r\n\u00a0\u200b\"'“”‘’-–—", r) {
			return -1
		}
		return r
	}, strings.ToLower(s))
}

// held is how many of some pieces of a text are found in a node.
func held(n *html.Node, pieces []string) int {
	all, found := squash(text(n)), 0
	for _, s := range pieces {
		if strings.Contains(all, s) {
			found++
		}
	}
	return found
}

// holds reports whether most pieces of a text are found in a node.
func holds(n *html.Node, body string) bool {
	return n != nil && held(n, samples(body))*half > probes
}

// holder is the smallest element in a node that holds a text as well as all of the node
// does, nil if none holds most of it.
func holder(n *html.Node, body string) *html.Node {
	pieces := samples(body)
	most := held(n, pieces)
	if most*half <= probes {
		return nil
	}
	for inner := n; inner != nil; {
		n, inner = inner, nil
		for c := n.FirstChild; c != nil && inner == nil; c = c.NextSibling {
			if c.Type == html.ElementNode && held(c, pieces) == most {
				inner = c
			}
		}
	}
	if n.Type != html.ElementNode || element(n, atom.Html, atom.P) {
		return nil
	}
	return n
}

// paragraphs makes a text of JSON-LD into elements.
func paragraphs(body string) *html.Node {
	root := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	if strings.Contains(body, "</p>") || strings.Contains(body, "<br") {
		doc, err := parse(body) // within the limits of a page: in a script they were not looked for
		if err != nil {
			return nil
		}
		inner := first(doc, func(n *html.Node) bool { return element(n, atom.Body) })
		for inner != nil && inner.FirstChild != nil {
			c := inner.FirstChild
			inner.RemoveChild(c)
			root.AppendChild(c)
		}
		unscript(root)
		return root
	}
	for part := range strings.SplitSeq(strings.ReplaceAll(body, "\r", "\n"), "\n") {
		if part = tidy(part); part != "" {
			p := &html.Node{Type: html.ElementNode, Data: "p", DataAtom: atom.P}
			p.AppendChild(&html.Node{Type: html.TextNode, Data: part})
			root.AppendChild(p)
		}
	}
	return root
}
