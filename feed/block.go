package feed

import "strings"

// Block is the element by which an article asks not to be republished ("itunes:block",
// "podcast:block"), with ofFeed before it if its feed does.
type Block string

const ofFeed = "feed "

// BlockOf is the block of an article by its own element, else by its feed's.
func BlockOf(own, feeds string) Block {
	switch {
	case own != "":
		return Block(own)
	case feeds != "":
		return Block(ofFeed + feeds)
	}
	return ""
}

// Why says in words who asks, and by what.
func (b Block) Why() string {
	name, feeds := strings.CutPrefix(string(b), ofFeed)
	if feeds {
		return "its feed asks not to be republished (" + name + ")"
	}
	return "it asks not to be republished (" + name + ")"
}
