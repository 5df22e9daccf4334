package route

import (
	"strings"

	"broadsheet/feed/lexis"
)

// phrase is a value that is looked for as words: runs of elements with gaps
// between the runs. There is at least one run, and none is empty.
type phrase []run

// run is a sequence of elements that must follow each other.
type run []element

// element stands for one token of a text.
type element struct {
	text  string // folded; "" if it has wildcards
	glob  glob   // nil if it has none
	glued bool   // the token must stand directly at the one before
}

// parsePhrase reads a value. ok is false if nothing in it could be told from
// anything else: it has no letter, digit or symbol.
//
// White space and punctuation in a value stand for any such, or for none.
// A star at a word is any part of that word, a star by itself any one word,
// and a star between characters of a script without spaces any run of them.
func parsePhrase(value string) (p phrase, ok bool) {
	tokens := lexis.Tokenize(lexis.Fold(value), true)
	current := run{}
	for i, t := range tokens {
		switch {
		case t.Text == "": // a paragraph in a value is a slip of the pen
		case strings.Trim(t.Text, "*") == "" && beside(tokens, i):
			if inside(tokens, i) && len(current) > 0 {
				p, current = append(p, current), run{}
			}
		default:
			e := newElement(t, len(current) > 0 && tokens[i-1].Unspaced)
			ok = ok || e.text != "" || !e.isAny()
			current = append(current, e)
		}
	}
	if len(current) > 0 {
		p = append(p, current)
	}
	return p, ok
}

func newElement(t lexis.Token, afterUnspaced bool) element {
	e := element{glued: t.Glued && t.Unspaced && afterUnspaced}
	if strings.Contains(t.Text, "*") {
		e.glob = strings.Split(t.Text, "*")
	} else {
		e.text = t.Text
	}
	return e
}

// beside reports whether the star at i stands directly at a character of a
// script without spaces; inside, whether it stands between two of them.
func beside(tokens []lexis.Token, i int) bool { return before(tokens, i) || after(tokens, i) }
func inside(tokens []lexis.Token, i int) bool { return before(tokens, i) && after(tokens, i) }

func before(tokens []lexis.Token, i int) bool {
	return i > 0 && tokens[i].Glued && tokens[i-1].Unspaced
}

func after(tokens []lexis.Token, i int) bool {
	return i+1 < len(tokens) && tokens[i+1].Glued && tokens[i+1].Unspaced
}

// isAny reports whether the element stands for every word.
func (e element) isAny() bool {
	return e.text == "" && strings.Join(e.glob, "") == ""
}

func (e element) matches(t lexis.Token) bool {
	switch {
	case t.Text == "" || e.glued && !t.Glued:
		return false
	case e.glob == nil:
		return e.text == t.Text
	default:
		return e.glob.matches(t.Text)
	}
}

// matchesAt reports whether the run stands at tokens[i].
func (r run) matchesAt(tokens []lexis.Token, i int) bool {
	if i < 0 || i+len(r) > len(tokens) {
		return false
	}
	for j, e := range r {
		if !e.matches(tokens[i+j]) {
			return false
		}
	}
	return true
}

// matchesAt reports whether the phrase begins at tokens[i]. A gap takes as few
// characters as it can, so it never has to be tried twice.
func (p phrase) matchesAt(tokens []lexis.Token, i int) bool {
	if !p[0].matchesAt(tokens, i) {
		return false
	}
	i += len(p[0])
	for _, r := range p[1:] {
		for !r.matchesAt(tokens, i) {
			if !inGap(tokens, i) {
				return false
			}
			i++
		}
		if !tokens[i].Glued {
			return false
		}
		i += len(r)
	}
	return true
}

func inGap(tokens []lexis.Token, i int) bool {
	return i < len(tokens) && tokens[i].Glued && tokens[i].Unspaced
}

// anchor is the element of the first run to find the phrase by: the longest
// that has no wildcard, else the longest.
func (p phrase) anchor() int {
	best, length := 0, -1
	for i, e := range p[0] {
		n := len(e.text) << 8 // a word without wildcards before any other
		if e.glob != nil {
			n = len(strings.Join(e.glob, ""))
		}
		if n > length {
			best, length = i, n
		}
	}
	return best
}
