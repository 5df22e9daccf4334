package route

import (
	"iter"
	"math/bits"
	"slices"
	"strings"

	"broadsheet/feed/lexis"
)

// set is a set of small numbers.
type set []uint64

func newSet(n int32) set       { return make(set, (n+63)/64) }
func (s set) add(i int32)      { s[i/64] |= 1 << (i % 64) }
func (s set) has(i int32) bool { return s[i/64]&(1<<(i%64)) != 0 }

// all gives the numbers in order.
func (s set) all() iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for i, word := range s {
			for ; word != 0; word &= word - 1 {
				if !yield(int32(i*64 + bits.TrailingZeros64(word))) {
					return
				}
			}
		}
	}
}

// lexicon finds all phrases of all rules that look at one text in one pass over
// its tokens: each phrase is filed under one of its words.
type lexicon struct {
	phrases []filed
	words   map[string][]int32 // filed under a whole word
	heads   affixes            // filed under the beginning of a word: iran*
	tails   affixes            // filed under the end of one: *iran
	rest    []int32            // filed under a word with other wildcards
}

type filed struct {
	phrase
	id     int32
	anchor int
}

// affixes are beginnings or ends of words, and the lengths in bytes that occur
// among them, in order.
type affixes struct {
	of      map[string][]int32
	lengths []int
}

func (a *affixes) add(affix string, i int32) {
	if a.of == nil {
		a.of = map[string][]int32{}
	}
	a.of[affix] = append(a.of[affix], i)
	if at, found := slices.BinarySearch(a.lengths, len(affix)); !found {
		a.lengths = slices.Insert(a.lengths, at, len(affix))
	}
}

// add files a phrase; scan will report id where it occurs.
func (l *lexicon) add(p phrase, id int32) {
	if l.words == nil {
		l.words = map[string][]int32{}
	}
	f := filed{phrase: p, id: id, anchor: p.anchor()}
	i := int32(len(l.phrases))
	l.phrases = append(l.phrases, f)
	e := p[0][f.anchor]
	switch {
	case e.glob == nil:
		l.words[e.text] = append(l.words[e.text], i)
	case len(e.glob) == 2 && e.glob[1] == "" && e.glob[0] != "":
		l.heads.add(e.glob[0], i)
	case len(e.glob) == 2 && e.glob[0] == "" && e.glob[1] != "":
		l.tails.add(e.glob[1], i)
	default:
		l.rest = append(l.rest, i)
	}
}

// scan adds the ids of all phrases that occur in the tokens.
func (l *lexicon) scan(tokens []lexis.Token, found set) {
	for i, t := range tokens {
		if t.Text == "" {
			continue
		}
		l.check(l.words[t.Text], tokens, i, found)
		for _, n := range l.heads.lengths {
			if n > len(t.Text) {
				break
			}
			l.check(l.heads.of[t.Text[:n]], tokens, i, found)
		}
		for _, n := range l.tails.lengths {
			if n > len(t.Text) {
				break
			}
			l.check(l.tails.of[t.Text[len(t.Text)-n:]], tokens, i, found)
		}
		l.check(l.rest, tokens, i, found)
	}
}

// check tries the phrases of which a word that they are filed under may stand
// at i.
func (l *lexicon) check(candidates []int32, tokens []lexis.Token, i int, found set) {
	for _, c := range candidates {
		f := &l.phrases[c]
		if !found.has(f.id) && f.matchesAt(tokens, i-f.anchor) {
			found.add(f.id)
		}
	}
}

// roster finds all values of all rules that compare one field as a whole.
type roster struct {
	ids   map[string][]int32 // several: Iran and iran are written differently
	globs []namedGlob
}

type namedGlob struct {
	glob
	id int32
}

func (r *roster) add(folded string, id int32) {
	if r.ids == nil {
		r.ids = map[string][]int32{}
	}
	if strings.Contains(folded, "*") {
		r.globs = append(r.globs, namedGlob{strings.Split(folded, "*"), id})
		return
	}
	r.ids[folded] = append(r.ids[folded], id)
}

// scan adds the ids of all values that one of the entry's folded values is.
func (r *roster) scan(folded []string, found set) {
	for _, s := range folded {
		for _, id := range r.ids[s] {
			found.add(id)
		}
		for _, g := range r.globs {
			if g.matches(s) {
				found.add(g.id)
			}
		}
	}
}
