package story

import "slices"

const (
	// MaxMarks is how many marks a sketch has at most.
	MaxMarks = 8
	// Popular is how many candidates of one mark are worth comparing, the newest first: a
	// mark that more entries have is of a template or a page that many items link to, and
	// copies of one article appear close together.
	Popular = 32
	// wordMark and glyphMark are how many words, or glyphs, are hashed for a mark: so many
	// in a row are shared by copies, and by hardly anything else.
	wordMark, glyphMark = 6, 12
	// leastStems is how many words a title must have for a mark: shorter ones return.
	leastStems = 4
	// textMarks is how many marks the text as a whole gives.
	textMarks = 3
)

// openings are the parts of the beginning that give a mark each, in pieces: excerpts
// are the beginnings of their texts, of one sentence or two.
var openings = [...]int{18, 32, openingPieces}

// Marks are the values that a store finds candidates by: two entries that are the same
// share at least one, in 99 of 100 cases. The first is LinkMark, if there is one.
func (s Sketch) Marks() []uint64 { return slices.Clone(s.marks) }

// LinkMark is the mark of the canonical link; 0 if there is none. It is the only one that
// two entries share which appeared more than Window apart and are the same.
func (s Sketch) LinkMark() uint64 {
	if s.link == 0 {
		return 0
	}
	return mark(tagLink, s.link)
}

// The tags keep marks of different kinds apart.
const (
	tagLink uint64 = iota + 1
	tagTitle
	tagText
)

func mark(tag, h uint64) uint64 { return mix(h ^ tag*0x9e3779b97f4a7c15) }

// marks are the smallest hashes of long grams, over the beginning and over all of the
// text, besides link and title.
func marks(s *Sketch, pieces []uint64) []uint64 {
	var out []uint64
	if l := s.LinkMark(); l != 0 {
		out = append(out, l)
	}
	if s.weight() < leastText {
		return out // nothing but the link can make it the same as another
	}
	if len(s.stems) >= leastStems {
		h := uint64(0)
		for _, w := range s.stems {
			h += mix(uint64(w)) // in any order: headlines are turned round
		}
		for _, w := range s.ordinals {
			h = mix(h ^ uint64(w))
		}
		out = append(out, mark(tagTitle, h))
	}
	n := wordMark
	if s.glyphs {
		n = glyphMark
	}
	n = min(n, max(len(pieces), 1))
	var best [textMarks]uint64 // the smallest first; 0 is none
	next := 0
	for i := 0; i+n <= len(pieces); i++ {
		for next < len(openings) && i+n > openings[next] {
			out = add(out, best[0])
			next++
		}
		keep(&best, max(1, gram(pieces[i:i+n])))
	}
	for _, b := range best {
		out = add(out, b)
	}
	return out
}

// keep puts h among the smallest.
func keep(best *[textMarks]uint64, h uint64) {
	for i, b := range best {
		if b == h {
			return
		}
		if b == 0 || h < b {
			best[i], h = h, b
			if h == 0 {
				return
			}
		}
	}
}

func add(out []uint64, h uint64) []uint64 {
	if m := mark(tagText, h); h != 0 && !slices.Contains(out, m) {
		return append(out, m)
	}
	return out
}
