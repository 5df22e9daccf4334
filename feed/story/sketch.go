package story

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"broadsheet/feed"
)

// Version names the way in which sketches are drawn and compared. Sketches of another
// version are not comparable: they are drawn again from their entries.
const Version = "1"

const (
	// maxPieces is how many words, or glyphs, of a text are looked at: more than any
	// article needs to be told apart, so that a book costs no more.
	maxPieces = 6000
	// maxGrams is how many grams of a text a sketch keeps, the smallest hashes of all:
	// of two texts that share nine tenths it tells 0.9 ± 0.03.
	maxGrams = 128
	// openingPieces is how many pieces of the beginning are kept in order: two or three
	// sentences.
	openingPieces = 48
	// maxTitle and maxNumbers are how many words of a title and numbers of a text are
	// kept.
	maxTitle   = 32
	maxNumbers = 40
	// wordGram and glyphGram are how many words, or glyphs, make a gram: a word is about
	// two glyphs.
	wordGram, glyphGram = 3, 5
)

// Sketch is what is kept of an entry to compare it by: about a kilobyte, whatever its
// length.
type Sketch struct {
	// Language is the primary language ("en" of "en-GB"); empty if unknown.
	Language string
	// Length is the length of the visible text without furniture, in letters: fuller
	// copies lead.
	Length int
	// Published is the entry's own date, or when it was first seen.
	Published time.Time
	// Original: its link is on the site of the feed that it comes from, and neither
	// dateline nor credit names another outlet.
	Original bool

	home     bool     // its link is on the site of its feed: it speaks of its own article
	link     uint64   // hash of the canonical link; 0 if it has none that names an article
	stems    []uint32 // of the words of the title, in order, each once
	ordinals []uint32 // numbers of the title, sorted
	numbers  []uint32 // of the text: the smallest hashes, sorted
	opening  []uint32 // stems of the first pieces of the text, in order
	grams    []uint32 // the smallest hashes of its grams, sorted
	size     int      // how many different grams the text has
	glyphs   bool     // the text is of glyphs, not of words
	marks    []uint64
}

// Draw makes the sketch of an entry.
//
// The canonical link is the one that the entry's own page names, else its Link, in the
// form in which links are compared.
func Draw(e feed.Entry) Sketch {
	outlet := plain(e.Origin.Title)
	lines, credit := trim(body(e))
	agency := ""
	if wall(lines) {
		lines = nil
	}
	if len(lines) > 0 {
		lines = slices.Clone(lines)
		lines[0], agency = dateline(lines[0])
	}
	s := Sketch{
		Language: primary(e.Language), Published: e.Published.UTC().Truncate(time.Second),
		home: atHome(e), link: linkHash(cmp.Or(e.Canonical, e.Link)),
	}
	s.Original = s.home && !foreign(agency, outlet) && !foreign(credit, outlet)
	for _, line := range lines {
		s.Length += utf8.RuneCountInString(line)
	}
	s.readTitle(withoutOutlet(e.Title, outlet))
	s.readText(lines)
	return s
}

func plain(t feed.Text) string { return strings.TrimSpace(string(t.Value)) }

func primary(language string) string {
	base, _, _ := strings.Cut(strings.ToLower(language), "-")
	if len(base) > maxLanguage {
		return ""
	}
	return base
}

// maxLanguage is the longest code of a language, in bytes (RFC 5646 §2.1).
const maxLanguage = 8

// stemRunes is how much of a word of a title counts: "reopens" and "reopened" are one.
const stemRunes = 5

// readTitle keeps the words of a title, and its numbers.
func (s *Sketch) readTitle(title string) {
	var glyphs uint64
	words(title, func(piece []byte, k kind) {
		h := hashOf(piece)
		if k != glyph {
			glyphs = 0
		}
		switch {
		case k == number:
			s.ordinals = append(s.ordinals, uint32(h))
		case k == figure:
			s.ordinals = append(s.ordinals, uint32(h))
		case k == glyph:
			if glyphs != 0 {
				s.addStem(bigram(uint32(glyphs), uint32(h)))
			}
			glyphs = h
		default:
			if n := numeral(s.Language, piece); n != "" {
				s.ordinals = append(s.ordinals, uint32(hashOf(n)))
			}
			if w, ok := stem(piece); ok {
				s.addStem(uint32(hashOf(w)))
			}
		}
	})
	s.ordinals = smallest(told(s.ordinals), maxNumbers)
}

func (s *Sketch) addStem(h uint32) {
	if len(s.stems) < maxTitle && !slices.Contains(s.stems, h) {
		s.stems = append(s.stems, h)
	}
}

// bigram is what stands for a stem where there are no words: two glyphs in a row.
func bigram(a, b uint32) uint32 { return uint32(gram([]uint64{uint64(a), uint64(b)})) }

// stem is the part of a word that its forms share; ok is false for a word that is too
// short to mean anything by itself.
func stem(w []byte) (stem []byte, ok bool) {
	const leastRunes = 3
	n := utf8.RuneCount(w)
	if article, ok := strings.CutPrefix(string(w), "ال"); ok && n > leastRunes+2 { // the Arabic article
		w, n = []byte(article), n-2
	}
	if n < leastRunes {
		return w, false
	}
	count := 0
	for i := range string(w) {
		if count == stemRunes {
			return w[:i], true
		}
		count++
	}
	return w, true
}

// readText keeps the beginning, the grams and the numbers of a text.
func (s *Sketch) readText(lines []string) {
	pieces := make([]uint64, 0, 1024)
	numbers := make([]uint32, 0, maxNumbers)
	glyphs := 0
	for _, line := range lines {
		if len(pieces) >= maxPieces {
			break
		}
		words(line, func(piece []byte, k kind) {
			h := hashOf(piece)
			switch k {
			case number, figure:
				numbers = append(numbers, uint32(h))
			case glyph:
				glyphs++
			case word:
				if n := numeral(s.Language, piece); n != "" {
					numbers = append(numbers, uint32(hashOf(n)))
				}
			}
			if k == figure || len(pieces) == maxPieces {
				return
			}
			pieces = append(pieces, h)
			if len(s.opening) < openingPieces {
				w, _ := stem(piece)
				s.opening = append(s.opening, uint32(hashOf(w)))
			}
		})
	}
	s.glyphs = 2*glyphs > len(pieces)
	s.numbers = smallest(told(numbers), maxNumbers)
	n := s.gram()
	grams := make([]uint32, 0, len(pieces))
	for i := 0; i+n <= len(pieces); i++ {
		grams = append(grams, uint32(gram(pieces[i:i+n])>>32))
	}
	slices.Sort(grams)
	grams = slices.Compact(grams)
	s.size = len(grams)
	s.grams = smallest(grams, maxGrams)
	s.marks = marks(s, pieces)
}

// gram is how many pieces a gram of the text has.
func (s *Sketch) gram() int {
	if s.glyphs {
		return glyphGram
	}
	return wordGram
}

// told gives a number that stands in a text several times another value each time, so
// that "two … three" is not "three … three".
func told(numbers []uint32) []uint32 {
	slices.Sort(numbers)
	last, times := uint32(0), uint64(0)
	for i, n := range numbers {
		if i == 0 || n != last {
			last, times = n, 0
			continue
		}
		times++
		numbers[i] = uint32(mix(uint64(n) ^ times<<32))
	}
	return numbers
}

// smallest sorts hashes, leaves out repeats and keeps the n smallest: of two sets it
// keeps the same part.
func smallest(hashes []uint32, n int) []uint32 {
	slices.Sort(hashes)
	hashes = slices.Compact(hashes)
	if len(hashes) == 0 {
		return nil
	}
	return slices.Clone(hashes[:min(len(hashes), n)])
}
