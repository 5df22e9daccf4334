package article

import (
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// settle makes a found text ready to be written: what only its page needs is taken off,
// such as classes. What lazy pictures are made of stays. absolute is for a text that is
// joined to another, with another base.
func settle(root *html.Node, base *url.URL, resolve bool) {
	walk(root, func(n *html.Node) bool {
		if n.Type != html.ElementNode {
			return true
		}
		for i, a := range n.Attr {
			if a.Key == place && heading(n) {
				n.Attr[i].Key = "id"
			}
		}
		n.Attr = slices.DeleteFunc(n.Attr, func(a html.Attribute) bool { return surplus(n, a) })
		if resolve {
			for i, a := range n.Attr {
				n.Attr[i].Val = resolved(a, base)
			}
		}
		return true
	})
}

// surplus reports whether an attribute is of no use outside of its page.
func surplus(n *html.Node, a html.Attribute) bool {
	switch a.Key {
	case "class":
		// The language of code, kinds of quotes, pictures that stand for letters.
		return !element(n, atom.Code, atom.Pre, atom.Blockquote, atom.Img, atom.Div) || len(a.Val) > short ||
			element(n, atom.Div) && !strings.Contains(a.Val, "highlight")
	case "style", "role", "itemprop", "itemscope", "itemtype", "tabindex":
		return true
	case "id":
		return strings.HasPrefix(a.Val, "readability-")
	}
	return strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "aria-") || strings.HasPrefix(a.Key, "data-readability") ||
		strings.HasPrefix(a.Key, "data-") && !element(n, atom.Img, atom.Picture, atom.Source, atom.Figure, atom.Iframe, atom.Video, atom.Audio)
}

// resolved is the value of an attribute with references made absolute.
func resolved(a html.Attribute, base *url.URL) string {
	switch a.Key {
	case "href", "src", "poster", "cite", "data-src", "data-original", "data-lazy-src":
		if strings.HasPrefix(a.Val, "#") {
			return a.Val
		}
		if u, err := base.Parse(strings.TrimSpace(a.Val)); err == nil {
			return u.String()
		}
	case "srcset", "data-srcset", "data-lazy-srcset":
		parts := strings.Split(a.Val, ", ")
		for i, p := range parts {
			ref, size, _ := strings.Cut(strings.TrimSpace(p), " ")
			if u, err := base.Parse(ref); err == nil && ref != "" {
				parts[i] = strings.TrimSpace(u.String() + " " + size)
			}
		}
		return strings.Join(parts, ", ")
	}
	return a.Val
}
