package siterule

import (
	"errors"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/antchfx/htmlquery"
	"github.com/antchfx/xpath"
	"golang.org/x/net/html"
)

// compiles says what is wrong with an XPath, if anything is. Expressions are compiled
// again when they are used: that takes microseconds, and a compiled one takes a hundred
// times the memory and cannot be shared.
func compiles(expr string) error {
	_, err := compile(expr)
	return err
}

// byID is a call of id(), which the library lacks: two old rules in a hundred have one.
var byID = regexp.MustCompile(`(^|[\s(,|=])id\(\s*('[^']*'|"[^"]*")\s*\)`)

// compile compiles an XPath 1.0.
func compile(expr string) (*xpath.Expr, error) {
	compiled, err := xpath.Compile(byID.ReplaceAllString(expr, "$1//*[@id=$2]"))
	if caught := runtime.Error(nil); errors.As(err, &caught) { // the library's own index out of range
		err = errors.New("a function in it lacks an argument, as contains(@class, 'story') has two")
	}
	return compiled, err
}

// hit is a part of a page that an XPath names: an element, a text or a comment, or an
// attribute of an element.
type hit struct {
	node *html.Node
	attr string // the attribute's name; empty if it is the node itself
}

// text is what a hit says, its white space put in order.
func (h hit) text() string {
	var b strings.Builder
	switch {
	case h.attr != "":
		b.WriteString(attribute(h.node, h.attr))
	default:
		for n := range within(h.node) {
			if n.Type == html.TextNode {
				b.WriteString(n.Data)
			}
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// found is what an XPath comes to on a page: parts of it, in the page's order and none
// twice, or a text.
type found struct {
	hits []hit
	text string
}

// errDear says that a page and an XPath together are too much work.
var errDear = errors.New("the page makes this XPath too much work")

// find evaluates an XPath on a page, within what is left of the work for it. A panic of
// the library is an error.
func find(expr string, doc *html.Node, left *int) (f found, err error) {
	defer func() {
		switch caught := recover(); {
		case caught == nil:
		case caught == any(errDear):
			f, err = found{}, errDear
		default:
			f, err = found{}, fmt.Errorf("the XPath cannot be evaluated on this page: %v", caught)
		}
	}()
	if *left <= 0 {
		return found{}, errDear
	}
	compiled, err := compile(expr)
	if err != nil {
		return found{}, err
	}
	switch v := compiled.Evaluate(newCursor(doc, left)).(type) {
	case *xpath.NodeIterator:
		seen := map[hit]bool{}
		for v.MoveNext() {
			at := v.Current().(*cursor)
			h := hit{node: at.Current()}
			if at.NodeType() == xpath.AttributeNode {
				h.attr = at.LocalName()
			}
			if !seen[h] {
				seen[h] = true
				f.hits = append(f.hits, h)
			}
		}
		inOrder(doc, f.hits)
	case string:
		f.text = strings.TrimSpace(v)
	case bool:
		if v {
			f.text = "true"
		}
	case float64:
		f.text = strconv.FormatFloat(v, 'f', -1, 64)
	}
	return f, nil
}

// inOrder puts hits into the order of the page: the library gives those of a union one
// side after the other.
func inOrder(doc *html.Node, hits []hit) {
	if len(hits) < 2 {
		return
	}
	place := make(map[*html.Node]int, len(hits))
	for _, h := range hits {
		place[h.node] = 0
	}
	i := 0
	for n := range within(doc) {
		if _, wanted := place[n]; wanted {
			place[n] = i
		}
		i++
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return place[a.node] - place[b.node] })
}

// cursor walks a page for the XPath library and counts the steps, which the library does
// not: it panics with errDear once they are used up.
type cursor struct {
	htmlquery.NodeNavigator
	left *int
}

func newCursor(doc *html.Node, left *int) *cursor {
	return &cursor{NodeNavigator: *htmlquery.CreateXPathNavigator(doc), left: left}
}

func (c *cursor) step() {
	if *c.left--; *c.left < 0 {
		panic(errDear)
	}
}

func (c *cursor) Copy() xpath.NodeNavigator {
	c.step()
	twin := *c
	return &twin
}

func (c *cursor) MoveTo(other xpath.NodeNavigator) bool {
	c.step()
	o, ok := other.(*cursor)
	return ok && c.NodeNavigator.MoveTo(&o.NodeNavigator)
}

func (c *cursor) MoveToParent() bool        { c.step(); return c.NodeNavigator.MoveToParent() }
func (c *cursor) MoveToNextAttribute() bool { c.step(); return c.NodeNavigator.MoveToNextAttribute() }
func (c *cursor) MoveToChild() bool         { c.step(); return c.NodeNavigator.MoveToChild() }
func (c *cursor) MoveToNext() bool          { c.step(); return c.NodeNavigator.MoveToNext() }
func (c *cursor) MoveToPrevious() bool      { c.step(); return c.NodeNavigator.MoveToPrevious() }

func (c *cursor) MoveToFirst() bool {
	moved := false
	for c.MoveToPrevious() {
		moved = true
	}
	return moved
}

// valueStep is how many bytes of text are one step: they are copied, not looked at.
const valueStep = 64

// Value is the string value of the node (XPath 1.0 §5): of an element and of the page,
// all text in it.
func (c *cursor) Value() string {
	n := c.Current()
	if n.Type != html.DocumentNode && n.Type != html.ElementNode || c.NodeType() == xpath.AttributeNode {
		v := c.NodeNavigator.Value()
		*c.left -= len(v) / valueStep
		c.step()
		return v
	}
	var b strings.Builder
	for n := range within(n) {
		c.step()
		if n.Type == html.TextNode {
			*c.left -= len(n.Data) / valueStep
			b.WriteString(n.Data)
		}
	}
	return b.String()
}

// within goes through a node and all that is in it, in the page's order.
func within(top *html.Node) func(yield func(*html.Node) bool) {
	return func(yield func(*html.Node) bool) {
		for n := top; n != nil; {
			if !yield(n) {
				return
			}
			if n.FirstChild != nil {
				n = n.FirstChild
				continue
			}
			for n != top && n.NextSibling == nil {
				n = n.Parent
			}
			if n == top {
				return
			}
			n = n.NextSibling
		}
	}
}

// attribute is the value of an element's attribute, empty if it has none.
func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
