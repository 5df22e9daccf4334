package article

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// bylines are the names of authors that the page shows, by how surely they are names of
// authors: elements that say so for machines, links that do, and elements that are called so.
type bylines struct {
	props, links, named []string
	dates               []string // what elements that are called dates show
	below               string   // a date right below the headline
}

// maxBylines is how many elements of each sort are taken: a byline is one line.
const maxBylines = 8

// readBylines looks a page through, but for what others wrote on it.
func readBylines(doc *html.Node) bylines {
	var b bylines
	headed, read := false, 0
	walk(doc, func(n *html.Node) bool {
		if n.Type == html.TextNode && headed && read < paragraph*2 {
			s := tidy(clip(n.Data, short))
			if read += letters(s); len(s) < paragraph {
				b.below = firstOf(b.below, written.FindString(s))
			}
		}
		headed = headed || element(n, atom.H1)
		if n.Type != html.ElementNode || element(n, atom.Html, atom.Body, atom.Head, atom.Main, atom.Article) {
			return true
		}
		if n.DataAtom == atom.H1 {
			return false
		}
		if unseen[n.DataAtom] || element(n, atom.Nav, atom.Footer) {
			return false
		}
		t := traits(n)
		if t&(comments|related|aside|menu|foot|newsletter) != 0 && t&(byline|dateline) == 0 {
			return t&comments == 0 && prose(n) > long // names of a whole page, such as "with-sidebar"
		}
		prop := strings.ToLower(attr(n, "itemprop"))
		switch {
		case says(prop, "author"), says(prop, "creator"):
			b.props = shown(b.props, itemName(n))
			return false
		case says(strings.ToLower(attr(n, "rel")), "author"):
			if s := clip(text(n), maxValue); isName(s) {
				b.links = shown(b.links, s)
			}
			return false
		case t&byline != 0:
			if s := clip(text(n), maxValue); len(s) < short && first(n, func(c *html.Node) bool {
				return traits(c)&byline != 0 || says(strings.ToLower(attr(c, "rel")), "author")
			}) == nil {
				b.named = shown(b.named, bylineName(n, s))
			}
		case t&dateline != 0:
			if s := clip(text(n), maxValue); len(s) < short {
				b.dates = shown(b.dates, written.FindString(s))
			}
		}
		return true
	})
	return b
}

// bylineName is the name in a line of an author: of a link in it, or what is left without
// the words around names. It is empty if more than names is left.
func bylineName(n *html.Node, line string) string {
	if a := first(n, func(c *html.Node) bool { return element(c, atom.A) && isName(text(c)) }); a != nil {
		return text(a)
	}
	for _, part := range strings.FieldsFunc(line, func(r rune) bool { return strings.ContainsRune("|•·–—\n", r) }) {
		if part = strings.TrimSpace(by.ReplaceAllString(part, "")); isName(part) {
			return part
		}
	}
	return ""
}

// by are the words before the name of an author.
var by = regexp.MustCompile(`(?i)^(written|posted|published|reported|reviewed|text|story|words|created|added)?[\s:]*(by\b|by:|von\b|par\b|por\b|door\b|di\b|autor\w*:|author\w*:|af\b|av\b)[\s:]*`)

// isName reports whether a text may be the names of people: some words without digits and
// without what names do not hold.
func isName(s string) bool {
	if s == "" || len(s) > short || len(strings.Fields(s)) > 9 || strings.ContainsAny(s, "0123456789@?!/{}<>") {
		return false
	}
	return !contains(" "+fold(s)+" ", []string{" follow ", " twitter ", " bio ", " profile ", " comment", " more ", " all posts ", " view ", " about ", " contact ", " share ", " email ", " subscribe ", " staff page "}) &&
		fold(s) != "by" && fold(s) != "author"
}

func shown(list []string, s string) []string {
	if s = strings.TrimSpace(s); s == "" || len(s) > short || len(list) >= maxBylines {
		return list
	}
	return append(list, s)
}

// itemName is the name that an item of microdata has, or its text.
func itemName(n *html.Node) string {
	if inner := first(n, func(c *html.Node) bool { return says(strings.ToLower(attr(c, "itemprop")), "name") }); inner != nil {
		return valueOf(inner)
	}
	return valueOf(n)
}

// written is a date as people write it.
var written = regexp.MustCompile(`(?i)\b(?:(?:19|20)\d\d-\d{1,2}-\d{1,2}(?:[T ]\d{1,2}:\d{2}(?::\d{2})?)?|` +
	`\d{1,2}[./-] ?\d{1,2}[./-] ?(?:19|20)?\d\d(?:,? (?:um |at |- )?\d{1,2}[:.]\d{2})?|` +
	`\d{1,2}(?:\.|st|nd|rd|th|er)? (?:de |d')?\p{L}{3,12}\.?,? (?:de )?(?:19|20)\d\d(?:,? (?:um |at |- )?\d{1,2}:\d{2})?|` +
	`\p{L}{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d(?:,? (?:at )?\d{1,2}:\d{2}(?: ?[ap]\.?m\b\.?)?)?|` +
	`(?:19|20)\d\d[年/] ?\d{1,2}[月/] ?\d{1,2}日?)`)

// datedPath is a date in the path of a URL.
var datedPath = regexp.MustCompile(`/((?:19|20)\d{2})[/-](0[1-9]|1[0-2])[/-](0[1-9]|[12]\d|3[01])(?:[/-]|$)`)

// pathDate is the date that a path names, empty if it names none.
func pathDate(path string) string {
	if m := datedPath.FindStringSubmatch(path); m != nil {
		return m[1] + "-" + m[2] + "-" + m[3]
	}
	return ""
}
