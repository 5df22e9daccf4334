package normalise

import (
	"strings"

	"golang.org/x/net/html"
)

// block is a piece of text that stands for itself: the inside of a paragraph, a line
// between two breaks, a short list, an item of a long one.
type block struct {
	// first and last are siblings; what is between them belongs to the block too.
	first, last *html.Node

	long     bool // too long to be furniture: nothing else is known
	solid    bool // has a picture that is no button, a player, a table or the like
	pictured bool // has a picture that is a link
	heading  bool
	item     bool   // of a list that is long
	blank    bool   // has no text
	wordy    bool   // has too much text beside its links to be furniture in the middle of a text
	size     int    // letters, as far as they were counted: a long one has more
	text     string // as a reader sees it, in one line; filled in by read
	links    []*html.Node
	loose    string // what of the text is in no link
	why      string // it is taken out; empty if it stays
}

// words tells whether a block is text and nothing else.
func (b block) words() bool { return !b.long && !b.solid && !b.pictured && b.text != "" }

// bold tells whether a block is bold from its beginning to its end, and no link.
func (b block) bold() bool {
	return b.first == b.last && (b.first.Data == "b" || b.first.Data == "strong") && len(b.links) == 0
}

// short is the block's text without signs, if it is no longer than set words are.
func (b block) short() string {
	if !b.words() || b.item || len(b.text) > longestWords {
		return ""
	}
	return bareWords(b.text)
}

// opaque are elements that are a block as they are, and never furniture.
var opaque = map[string]bool{
	"table": true, "pre": true, "figure": true, "blockquote": true, "details": true, "dl": true,
}

// solid are elements within a line that are more than text.
var solid = map[string]bool{"img": true, "picture": true, "video": true, "audio": true}

// blockList lists the blocks of a tree, in order.
type blockList []block

// add appends the blocks in n; items tells whether n is in a long list.
func (l *blockList) add(n *html.Node, items bool) {
	var run block
	flush := func() {
		if run.first != nil {
			l.addRun(run, items)
			run = block{}
		}
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if child.Type != html.ElementNode || solid[child.Data] || !opaque[child.Data] && breaks[child.Data] <= gapSpace {
			if run.first == nil {
				run.first = child
			}
			run.last = child
			continue
		}
		flush()
		switch {
		case child.Data == "br" || child.Data == "hr":
		case opaque[child.Data]:
			*l = append(*l, block{first: child, last: child, solid: true})
		case isList(child):
			if b := measured(block{first: child, last: child}); b.long {
				l.add(child, true)
			} else {
				b.read()
				*l = append(*l, b)
			}
		default:
			l.add(child, items)
		}
	}
	flush()
}

// addRun appends a line of text, if there is anything to see in it.
func (l *blockList) addRun(b block, items bool) {
	b = measured(b)
	if !b.wordy {
		b.read()
	}
	if b.solid || b.pictured || !b.blank {
		b.item, b.heading = items, isHeading(b.first.Parent)
		*l = append(*l, b)
	}
}

func isHeading(n *html.Node) bool {
	return len(n.Data) == 2 && n.Data[0] == 'h' && isDigit(n.Data[1])
}

// measured is a block with what is known of it without its text.
func measured(b block) block {
	var size, loose int
	for n := b.first; n != nil; n = n.NextSibling {
		b.measure(n, false, &size, &loose)
		if n == b.last {
			break
		}
	}
	b.size, b.blank, b.wordy = size, size == 0, loose > longestWords
	return b
}

// measure counts the letters in n, all and those in no link, and looks what else is in it.
func (b *block) measure(n *html.Node, linked bool, size, loose *int) {
	switch {
	case b.long:
		return
	case n.Type == html.TextNode:
		letters := 0
		for i := range len(n.Data) {
			if n.Data[i] > ' ' {
				letters++
			}
		}
		if *size += letters; !linked {
			*loose += letters
		}
		b.long = *size > longestFurniture
		return
	case n.Data == "a":
		b.links = append(b.links, n)
		linked = true
	case n.Data == "img" && linked:
		b.pictured = true
	case solid[n.Data] || opaque[n.Data]:
		b.solid = true
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		b.measure(child, linked, size, loose)
	}
}

// read fills in the text of a block. It is not done for each: most have so many words
// that no more need be known unless they are the last.
func (b *block) read() {
	if b.long || b.text != "" {
		return
	}
	var text, loose strings.Builder
	var walk func(n *html.Node, linked bool)
	walk = func(n *html.Node, linked bool) {
		if n.Type == html.TextNode {
			text.WriteString(n.Data)
			if !linked {
				loose.WriteString(n.Data)
			}
			return
		}
		for child := n.FirstChild; child != nil; child = child.NextSibling {
			walk(child, linked || n.Data == "a")
		}
		if breaks[n.Data] > gapNone { // the items of a list, and what is in them
			text.WriteString(" | ")
		}
	}
	for n := b.first; n != nil; n = n.NextSibling {
		walk(n, n.Data == "a" && n.Type == html.ElementNode)
		if n == b.last {
			break
		}
	}
	b.text, b.loose = strings.Trim(oneLine(text.String()), "| "), oneLine(loose.String())
	b.blank = b.text == ""
}
