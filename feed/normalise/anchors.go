package normalise

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// Footnotes work where they are read: a link of the text to a place in the same text
// leads there. The name of such a place begins with a mark of the entry's own, so
// that two articles on one page do not take each other's footnotes, and no article
// can name a place after one of the page's. Places that no link leads to have no name.

// anchorForm is what names a place in published markup, and anchorLink what leads there.
var (
	anchorForm = regexp.MustCompile(`^` + markPattern + `[A-Za-z0-9_:.-]+$`)
	anchorLink = regexp.MustCompile(`^#` + markPattern + `[A-Za-z0-9_:.-]+$`)
)

const (
	// markPattern is the form of an entry's mark.
	markPattern = `e[0-9a-f]{10}-`
	// markDigits of a hash tell the entries of any page apart.
	markDigits = 10
	// maxAnchor is the longest name of a place that is kept as it is, in bytes. A
	// longer one, or one with other letters, is replaced by its hash.
	maxAnchor = 80
)

// mark is what the names of places in an entry's text begin with: of the item's own
// id and the feed that listed it first, which stay when the item is edited.
func (d *draft) mark() string {
	first := d.in.Sightings[0]
	own := orElse(orElse(first.Item.ID, d.entry.Link), string(first.Item.Title.Value))
	return "e" + hash(first.Feed + "\n" + own)[:markDigits] + "-"
}

// anchors are the places of a text that its own links lead to.
type anchors struct {
	mark   string          // what their names begin with; empty if there are none
	wanted map[string]bool // places that links lead to and that are there, without the mark
	placed map[string]bool // those of them that were written
}

// markFor is the mark of a text: few have a link to a place in themselves, and what
// has none needs no mark.
func markFor(d *draft, markup string) string {
	for i := range len(markup) {
		if markup[i] == '#' && i > 0 && markup[i-1] != '&' { // a character's number is no link
			return d.mark()
		}
	}
	return ""
}

// survey finds the places of a text that its own links lead to.
func (c *cleaner) survey(nodes []*html.Node) {
	c.anchors.wanted, c.anchors.placed = nil, nil
	if c.anchors.mark == "" {
		return
	}
	there, sought := map[string]bool{}, map[string]bool{}
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && n.Namespace == "" && !removed[n.Data] {
			if id := c.placeName(n); id != "" {
				there[id] = true
			}
			if n.Data == "a" {
				if id, ok := c.inText(attribute(n, "href")); ok {
					sought[id] = true
				}
			}
		}
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			walk(child)
		}
	}
	for _, n := range nodes {
		walk(n)
	}
	for id := range sought {
		if there[id] {
			if c.anchors.wanted == nil {
				c.anchors.wanted, c.anchors.placed = map[string]bool{}, map[string]bool{}
			}
			c.anchors.wanted[id] = true
		}
	}
}

// placeName is what a node names its place, in the form in which it is published,
// without the mark.
func (c *cleaner) placeName(n *html.Node) string {
	id := attribute(n, "id")
	if id == "" && n.Data == "a" {
		id = attribute(n, "name")
	}
	return c.publishedName(id)
}

func (c *cleaner) publishedName(id string) string {
	id = strings.TrimPrefix(strings.TrimSpace(id), c.anchors.mark)
	if len(id) > maxAnchor {
		return hash(id)
	}
	for i := range len(id) {
		if c := id[i]; !isLetter(c) && !isDigit(c) && strings.IndexByte("_:.-", c) < 0 {
			return hash(id)
		}
	}
	return id
}

// inText is the name of the place that a link leads to, if it is one of the article's
// own page.
func (c *cleaner) inText(href string) (id string, ok bool) {
	href = tidyReference(href)
	before, fragment, found := strings.Cut(href, "#")
	if !found || fragment == "" {
		return "", false
	}
	if before != "" {
		l, ok := c.base.resolve(before)
		if !ok || c.page.host == "" || canonical(l, false) != canonical(c.page, false) {
			return "", false
		}
	}
	if strings.Contains(fragment, "%") {
		if decoded, err := url.PathUnescape(fragment); err == nil {
			fragment = decoded
		}
	}
	return c.publishedName(fragment), true
}

// anchorHref is where a link within the text leads: to the place there, if the text
// has it; else to the same place of the article's page. ok is false for other links.
func (c *cleaner) anchorHref(href string) (string, bool) {
	if c.anchors.mark == "" {
		return "", false
	}
	id, ok := c.inText(href)
	switch {
	case !ok:
		return "", false
	case c.anchors.wanted[id]:
		return "#" + c.anchors.mark + id, true
	case strings.HasPrefix(href, "#"+c.anchors.mark): // its place was taken out
		return c.resolve("#" + id)
	}
	return "", false
}

// place gives an element the name that links of the text lead to.
func (c *cleaner) place(out, n *html.Node) {
	if len(c.anchors.wanted) == 0 {
		return
	}
	id := c.placeName(n)
	if id == "" || !c.anchors.wanted[id] || c.anchors.placed[id] {
		return
	}
	c.anchors.placed[id] = true
	setAttribute(out, "id", c.anchors.mark+id)
}

// placed is an element in place of one that is not published, if a link of the text
// leads there.
func (c *cleaner) placed(n *html.Node, children []*html.Node) []*html.Node {
	if len(c.anchors.wanted) == 0 {
		return children
	}
	out := newElement("span")
	c.place(out, n)
	if len(out.Attr) == 0 {
		return children
	}
	adopt(out, children)
	return []*html.Node{out}
}
