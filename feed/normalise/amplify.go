package normalise

import (
	"strings"

	"golang.org/x/net/html"
)

const (
	// maxNodes is how many nodes may be made of one text by re-opening elements:
	// about as many as tags can be written within maxMarkup.
	maxNodes = 1 << 18
	// harmlessLength is the length of markup, in bytes, that cannot make so many: the
	// half of it would have to open elements, and the other half paragraphs.
	harmlessLength = 8 << 10
	// sameFormatting is how often equal formatting elements are re-opened (HTML,
	// "push onto the list of active formatting elements").
	sameFormatting = 3
)

// formatting are the elements that a parser opens again, each time, in every
// paragraph after the one in which they were not closed (HTML, "formatting").
var formatting = map[string]bool{
	"a": true, "b": true, "big": true, "code": true, "em": true, "font": true, "i": true, "nobr": true,
	"s": true, "small": true, "strike": true, "strong": true, "tt": true, "u": true,
}

// amplifies tells whether a parser would make far more of markup than is written
// (T-09): a few hundred tags that are never closed, and then short paragraphs, of
// which each has all of them again. It counts from above.
func amplifies(markup string) bool {
	if len(markup) <= harmlessLength {
		return false
	}
	z := html.NewTokenizer(strings.NewReader(markup))
	open := map[string][]string{} // formatting elements by name, as written
	same := map[string]int{}
	nodes, active := 0, 0
	drop := func(name string) {
		if list := open[name]; len(list) > 0 {
			same[list[len(list)-1]]--
			open[name] = list[:len(list)-1]
			active--
		}
	}
	for {
		kind := z.Next()
		if kind == html.ErrorToken {
			return false
		}
		if kind == html.TextToken || kind == html.CommentToken {
			continue
		}
		raw := string(z.Raw())
		tag, _ := z.TagName()
		name := string(tag)
		switch {
		case !formatting[name]:
			nodes += active
		case kind == html.EndTagToken:
			drop(name)
		default:
			if name == "a" || name == "nobr" {
				drop(name)
			}
			if same[raw] < sameFormatting {
				same[raw]++
				open[name] = append(open[name], raw)
				active++
			}
		}
		if nodes > maxNodes {
			return true
		}
	}
}
