package normalise

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet/feed"
)

const (
	// maxMarkup is how much of a text is read, in bytes: the longest articles have a
	// tenth of it.
	maxMarkup = 1 << 20
	// maxTags is how many tags are read of a text: the longest articles have a tenth
	// of it too, and markup that is nothing but tags costs most (T-09).
	maxTags = 1 << 15
	// maxRescued is how much text is kept of markup that cannot be made safe, in
	// bytes: a long article.
	maxRescued = 64 << 10
	// maxPasses bounds how often markup is read again until it stays as it is.
	maxPasses = 6
)

// cleaner makes markup safe and whole.
type cleaner struct {
	base location // against which relative references resolve
	page location // of the article, for references that are only a fragment
	// images are those seen so far, to drop their repeats in <noscript>.
	images    map[string]bool
	repeating bool           // inside <noscript>
	removed   map[string]int // what was taken out, by kind, for the notes
	made      map[string]int // what was made something else
	blocks    blockList      // of the text, in which furniture is looked for
	cut       []string       // which furniture was taken out, in words
	title     func() string  // the article's, to know the line that names it by; nil is none
	anchors   anchors
	// asides tells whether an element was taken out by its class; keepAsides leaves them.
	asides, keepAsides bool
}

func newCleaner(base, page location) *cleaner {
	return &cleaner{base: base, page: page, images: map[string]bool{}, removed: map[string]int{}, made: map[string]int{}}
}

// readable is as much of markup as is read: up to a limit of bytes and of tags,
// without a tag that would be cut.
func readable(markup string) string {
	end, tags := min(len(markup), maxMarkup), 0
	for i := 0; i < end; i++ {
		if markup[i] != '<' {
			continue
		}
		if tags++; tags > maxTags {
			return markup[:i]
		}
	}
	if end == len(markup) {
		return markup
	}
	markup = head(markup, end)
	if i := strings.LastIndexByte(markup, '<'); i > strings.LastIndexByte(markup, '>') {
		markup = markup[:i]
	}
	return markup
}

// clean is markup made safe: only allowed elements, attributes and schemes, every
// reference absolute, balanced, and such that cleaning it again changes
// nothing. It is read, filtered as a tree and written, again and again until it
// stays as it is and an independent sanitiser finds nothing in it, because a
// text that a second reading takes for something else is how scripts are
// smuggled. Markup that is nested too deeply, or never stays as it is, becomes text.
func (c *cleaner) clean(markup string) feed.HTML {
	if read := readable(markup); len(read) < len(markup) {
		markup = read
		c.removed["what is past the limit of 1 MiB and 32,768 tags"]++
	}
	current := cleanText(markup)
	for range maxPasses {
		next, err := c.pass(current)
		if err != nil {
			break
		}
		if next == current {
			if next = strings.TrimSpace(gate.Sanitize(current)); next == current {
				return feed.HTML(current)
			}
		}
		current = next
	}
	c.removed["markup that cannot be made safe"]++
	text, err := c.pass(paragraphs(head(visibleHead(markup, true, maxRescued), maxRescued), true))
	if err != nil {
		return ""
	}
	return feed.HTML(gate.Sanitize(text))
}

var errNested = errors.New("the markup is nested too deeply")

// pass filters markup once.
func (c *cleaner) pass(markup string) (string, error) {
	if amplifies(markup) {
		return "", errNested
	}
	body := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragmentWithOptions(
		strings.NewReader(markup), body, html.ParseOptionEnableScripting(false))
	if err != nil {
		return "", errNested
	}
	c.survey(nodes)
	root := &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div}
	cut := len(c.cut)
	for _, n := range nodes {
		adopt(root, c.node(n))
	}
	if c.asides && !full(root) && !c.keepAsides { // a text that is nothing else is the text
		c.keepAsides, c.cut = true, c.cut[:cut]
		defer func() { c.keepAsides = false }()
		return c.pass(markup)
	}
	trimBreaks(root)
	c.sweep(root)
	var b strings.Builder
	for n := root.FirstChild; n != nil; n = n.NextSibling {
		if err := html.Render(&b, n); err != nil {
			return "", fmt.Errorf("writing markup: %w", err)
		}
	}
	return strings.TrimSpace(b.String()), nil
}

func adopt(parent *html.Node, children []*html.Node) {
	for _, n := range children {
		parent.AppendChild(n)
	}
}

// node gives what is published in place of n.
func (c *cleaner) node(n *html.Node) []*html.Node {
	switch {
	case n.Type == html.TextNode:
		return textNode(cleanText(n.Data))
	case n.Type != html.ElementNode:
		return nil
	case n.Namespace == "math":
		c.made["a formula became text"]++
		return textNode(oneLine(cleanText(formula(n))))
	case n.Namespace != "" || removed[n.Data]:
		c.removed[n.Data]++
		return nil
	case c.isAside(n):
		return nil
	}
	c.countPrograms(n)
	switch n.Data {
	case "iframe", "embed", "amp-iframe":
		return c.embed(n)
	case "object":
		return c.object(n)
	case "noscript":
		return c.noscript(n)
	case "img", "image", "amp-img", "amp-anim":
		return c.image(n)
	case "source":
		return c.source(n)
	}
	if videoElements[n.Data] != "" {
		return c.videoElement(n)
	}
	return c.element(n)
}

func textNode(s string) []*html.Node {
	if s == "" {
		return nil
	}
	return []*html.Node{{Type: html.TextNode, Data: s}}
}

// children gives what is published of all that is in n.
func (c *cleaner) children(n *html.Node) []*html.Node {
	var out []*html.Node
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		out = append(out, c.node(child)...)
	}
	return out
}

// countPrograms counts the attributes of an element that run a program.
func (c *cleaner) countPrograms(n *html.Node) {
	for _, a := range n.Attr {
		if len(a.Key) > len("on") && a.Key[0] == 'o' && a.Key[1] == 'n' {
			c.removed["a program on an element"]++
		}
	}
}

// element gives an element without rules of its own.
func (c *cleaner) element(n *html.Node) []*html.Node {
	children := c.children(n)
	name := n.Data
	if to, ok := renamed[name]; ok {
		name = to
	}
	attributes, ok := allowed[name]
	if !ok {
		return c.placed(n, children)
	}
	out := newElement(name)
	c.place(out, n)
	copyAttributes(out, n, commonAttributes)
	copyAttributes(out, n, attributes)
	switch name {
	case "a":
		if !c.anchor(out, n) {
			delete(c.anchors.placed, c.placeName(n))
			return c.placed(n, children)
		}
	case "blockquote", "q", "del", "ins":
		if l, ok := c.resolve(attribute(n, "cite")); ok {
			setAttribute(out, "cite", l)
		}
	case "video", "audio":
		c.player(out, n)
	}
	adopt(out, children)
	return keepIfFull(out)
}

func newElement(name string) *html.Node {
	return &html.Node{Type: html.ElementNode, Data: name, DataAtom: atom.Lookup([]byte(name))}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name && a.Namespace == "" {
			return a.Val
		}
	}
	return ""
}

func hasAttribute(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool {
		return a.Key == name && a.Namespace == ""
	})
}

func setAttribute(n *html.Node, name, value string) {
	n.Attr = append(n.Attr, html.Attribute{Key: name, Val: value})
}

// copyAttributes copies those of the named attributes whose values are well formed.
func copyAttributes(to, from *html.Node, names []string) {
	for _, name := range names {
		if !hasAttribute(from, name) {
			continue
		}
		value := oneLine(cleanText(attribute(from, name)))
		switch name {
		case "width", "height":
			value = strings.TrimSuffix(value, "px")
		case "open", "reversed":
			value = ""
		case "dir", "scope":
			value = strings.ToLower(value)
		}
		if forms[name].MatchString(value) {
			setAttribute(to, name, value)
		}
	}
}

// linkRelation is on every link: the page that it leads to learns nothing of
// the reader and can do nothing to the page it was on.
const linkRelation = "noopener noreferrer nofollow"

// anchor writes the address of a link; ok is false if it leads nowhere that is safe.
func (c *cleaner) anchor(out, n *html.Node) (ok bool) {
	href := attribute(n, "href")
	if mail, isMail := mailAddress(href); isMail {
		setAttribute(out, "href", mail)
	} else if place, within := c.anchorHref(href); within {
		setAttribute(out, "href", place)
	} else {
		address, ok := c.target(href)
		if !ok {
			c.countTarget(href)
			return false
		}
		setAttribute(out, "href", address)
	}
	setAttribute(out, "rel", linkRelation)
	return true
}

// countTarget counts a link that leads nowhere, by what it would have done.
func (c *cleaner) countTarget(href string) {
	switch scheme, _ := splitScheme(tidyReference(href)); scheme {
	case "javascript", "vbscript", "data":
		c.removed["a link that runs a program"]++
	case "":
	default:
		c.removed["a link that leads to no web page"]++
	}
}

// target is where a link of the text leads, without what only counts clicks.
func (c *cleaner) target(href string) (string, bool) {
	l, ok := c.location(href)
	if !ok {
		return "", false
	}
	if l.query != "" {
		if clean := leadsTo(l); clean != l {
			c.removed["a click counter in a link"]++
			l = clean
		}
	}
	return l.String(), true
}

// mailAddress is a link to an e-mail address, made legal.
func mailAddress(href string) (string, bool) {
	scheme, rest := splitScheme(tidyReference(href))
	if scheme != "mailto" || !strings.Contains(rest, "@") || len(rest) > maxURL {
		return "", false
	}
	return "mailto:" + strings.ReplaceAll(escape(strings.TrimLeft(rest, "/")), "#", "%23"), true
}

// resolve gives the absolute form of a reference in the text.
func (c *cleaner) resolve(ref string) (string, bool) {
	l, ok := c.location(ref)
	if !ok {
		return "", false
	}
	return l.String(), true
}

// location is resolve in parts.
func (c *cleaner) location(ref string) (location, bool) {
	base := c.base
	if strings.HasPrefix(tidyReference(ref), "#") {
		base = c.page
	}
	if strings.TrimSpace(ref) == "" {
		return location{}, false
	}
	return base.resolve(ref)
}

// formula is the text of a mathematical formula: its source if it has one.
func formula(n *html.Node) string {
	if alt := attribute(n, "alttext"); alt != "" {
		return alt
	}
	var b strings.Builder
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		switch {
		case child.Type == html.TextNode:
			b.WriteString(child.Data)
		case strings.HasPrefix(child.Data, "annotation"), removed[child.Data]:
		case child.Type == html.ElementNode:
			b.WriteString(formula(child))
		}
	}
	return b.String()
}

// void are elements that show something though nothing is in them.
var void = map[string]bool{
	"br": true, "hr": true, "wbr": true, "img": true, "source": true, "col": true,
}

// placeholders are elements that may be empty: they hold a place in a table.
var placeholders = map[string]bool{"td": true, "th": true, "colgroup": true}

// keepIfFull gives n, or what is left of it if there is nothing to see in it: the
// white space that parted the words around it.
func keepIfFull(n *html.Node) []*html.Node {
	if void[n.Data] || placeholders[n.Data] || isPlayer(n) || hasAttribute(n, "id") || full(n) {
		return []*html.Node{n}
	}
	if breaks[n.Data] == gapNone && n.FirstChild != nil {
		return textNode(" ")
	}
	return nil
}

func isPlayer(n *html.Node) bool {
	return (n.Data == "video" || n.Data == "audio") && hasAttribute(n, "src")
}

// full tells whether there is anything to see in n.
func full(n *html.Node) bool {
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		switch {
		case child.Type == html.TextNode:
			if strings.Trim(child.Data, " \t\r\n\u00a0\u200b\u2060") != "" {
				return true
			}
		case child.Data == "img" || child.Data == "hr" || isPlayer(child):
			return true
		case child.Data == "source" && n.Data == "picture": // shows nothing alone
		case child.Data == "source" || hasAttribute(child, "id"):
			return true
		case full(child):
			return true
		}
	}
	return false
}

// trimBreaks drops line breaks and white space from both ends of the text.
func trimBreaks(root *html.Node) {
	blank := func(n *html.Node) bool {
		return n != nil && (n.Data == "br" && n.Type == html.ElementNode ||
			n.Type == html.TextNode && strings.Trim(n.Data, " \t\r\n\u00a0") == "")
	}
	for blank(root.FirstChild) {
		root.RemoveChild(root.FirstChild)
	}
	for blank(root.LastChild) {
		root.RemoveChild(root.LastChild)
	}
}
