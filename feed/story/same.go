package story

import (
	"slices"
	"time"
)

// Match is what two entries are to each other.
type Match int

// What they can be.
const (
	No   Match = iota // two articles
	Text              // the same article, by title and text
	Link              // the same article, by the canonical link and a text that does not contradict it
)

// Window is how far apart two copies of one article appear at most to be recognised by
// their text: wire copy is printed within two days and a weekend, and what comes later
// under the same title recurs, or is a reprint.
const Window = 3 * 24 * time.Hour

const (
	// leastText is how many grams a text must have to be recognised by: about ten words.
	// Two grams of glyphs count as one of words.
	leastText = 8
	// longText is from how many on a text is no excerpt and no notice, so that hardly
	// anything but a copy shares nine tenths of it.
	longText = 60

	// shareBrief and shareLong are how much of the shorter text must be in the other one:
	// two changed words are much of a short text and little of a long one.
	shareBrief, shareLong = 0.80, 0.70
	// shareEqual is from what on two texts are as good as equal.
	shareEqual = 0.9

	// startGrams is how many grams the very beginning has, and leastStart and leastOpening
	// how much of it, and of the opening, must be found in the other's opening.
	startGrams   = 10
	leastStart   = 0.35
	leastOpening = 0.55
	// strictStart is how much of the very beginning must be found if one of them may quote
	// the other.
	strictStart = 0.8

	// likeTitle is how much of the shorter title must be in the other one. Where each has
	// words of its own, only two long and equal texts make up for it.
	likeTitle = 0.34

	// shareLink is how much of the shorter text must be in the other one if they have one
	// link.
	shareLink = 0.5
)

// Same says whether two entries are the same article, and why, in words for an operator.
// oneSource tells that both are of one source, which lists an article again only under the
// same link with the same text; outlets do use a link or a text for different articles.
func Same(a, b Sketch, oneSource bool) (m Match, why string) {
	oneLink := a.link != 0 && a.link == b.link
	switch {
	case a.Language != "" && b.Language != "" && a.Language != b.Language:
		return No, "they are in different languages"
	case differ(a.ordinals, b.ordinals):
		return No, "their titles have different numbers"
	case oneSource && !oneLink:
		return No, "one source has them under different links"
	case oneSource:
		return again(&a, &b)
	case oneLink:
		if why := contradicts(&a, &b); why != "" {
			return No, why
		}
		return Link, "they have the same link, and their texts do not contradict it"
	}
	if why := apart(&a, &b); why != "" {
		return No, why
	}
	return Text, "they have the same title and text"
}

// again compares two entries of one source with one link.
func again(a, b *Sketch) (Match, string) {
	t := compareTexts(a, b)
	if t.less < leastText || t.union < shareEqual || differ(a.numbers, b.numbers) {
		return No, "one source uses the link with different texts"
	}
	if compareTitles(a, b).share < likeTitle {
		return No, "one source uses the link with different titles"
	}
	return Link, "one source has the same text under the same link twice"
}

// contradicts says why two entries with one link are not the same; empty if they are.
// An outlet may describe its own article in two ways. What somebody else says of it is
// the article only if it is the article's own text: link blogs quote, and have words of
// their own.
func contradicts(a, b *Sketch) string {
	t, title := compareTexts(a, b), compareTitles(a, b)
	equal := t.less >= longText && t.share >= shareEqual
	if !a.home || !b.home {
		switch {
		case !title.within && !equal:
			return "they have the same link, but different titles"
		case a.size == 0 || b.size == 0:
			return briefly(a, b, title.equal)
		case t.less < leastText || t.share < share(t.less) || differ(a.numbers, b.numbers):
			return "they have the same link, but one may have words of its own"
		case !opensAlike(a, b, strictStart), !longer(a, b).home && t.union < shareBrief:
			return "they have the same link, but one may quote the other"
		}
		return ""
	}
	switch {
	case equal:
		return ""
	case !title.within:
		return "they have the same link, but different titles"
	case t.less >= leastText && t.share >= share(t.less), t.share >= shareLink && lasting(a, b):
		return ""
	case t.less > longText:
		return "they have the same link, but different texts"
	}
	return briefly(a, b, false)
}

// briefly says why two entries with one link and title are not the same, though there is
// no text to tell by: the title must be one that does not return, or sure for another
// reason.
func briefly(a, b *Sketch, sure bool) string {
	switch {
	case !sure && !lasting(a, b):
		return "they have the same link, but their title is short and their texts differ"
	case apartInTime(a, b):
		return "they have the same link, but appeared too far apart with different texts"
	}
	return ""
}

// lasting tells whether titles are long enough not to return every day or week.
func lasting(a, b *Sketch) bool { return min(len(a.stems), len(b.stems)) >= leastStems }

// longer is the one with more text.
func longer(a, b *Sketch) *Sketch {
	if a.size < b.size || a.size == b.size && b.home {
		return b
	}
	return a
}

// apart says why two entries of different sources and links are not the same; empty if
// they are.
func apart(a, b *Sketch) string {
	if apartInTime(a, b) {
		return "they appeared too far apart"
	}
	title := compareTitles(a, b)
	if title.share < likeTitle {
		return "their titles differ"
	}
	t := compareTexts(a, b)
	long := t.less >= longText
	switch {
	case t.less < leastText:
		return "there is too little text to tell"
	case t.share < share(t.less):
		return "their texts differ"
	case !title.within && (!long || t.share < shareEqual):
		return "their titles differ, and their texts are short or differ as well"
	case !title.within && title.slot:
		return "their titles are one pattern with different names in it"
	case differ(a.numbers, b.numbers):
		return "their texts have different numbers"
	case !opensAlike(a, b, leastStart):
		return "their texts begin differently"
	case !title.within && (tells(a, b) || tells(b, a)):
		return "what only one title says, only its text says"
	}
	return ""
}

// share is how much of the shorter text must be in the other one, by its length.
func share(less int) float64 {
	if less < longText {
		return shareBrief
	}
	return shareLong
}

func apartInTime(a, b *Sketch) bool { return a.Published.Sub(b.Published).Abs() > Window }

// differ tells whether each of two sets has something that the other has not. Where only
// one has more, a text was shortened, or a footer added.
func differ(a, b []uint32) bool {
	if len(a) == maxNumbers {
		b = b[:upTo(b, a[maxNumbers-1])]
	}
	if len(b) == maxNumbers {
		a = a[:upTo(a, b[maxNumbers-1])]
	}
	both := common(a, b)
	return both < len(a) && both < len(b)
}

// upTo is how many of a sorted set are at most limit.
func upTo(set []uint32, limit uint32) int {
	i, found := slices.BinarySearch(set, limit)
	if found {
		i++
	}
	return i
}

// common is how many values two sorted sets share.
func common(a, b []uint32) (n int) {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			n++
			a, b = a[1:], b[1:]
		}
	}
	return n
}

// wording is how far two titles say the same.
type wording struct {
	share  float64 // how much of the shorter one is in the longer one
	within bool    // all of it is
	equal  bool    // they have the same words
	slot   bool    // they are one pattern with different words in one place
}

func compareTitles(a, b *Sketch) wording {
	x, y := a.stems, b.stems
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) == 0 {
		if len(y) == 0 && slices.Equal(a.ordinals, b.ordinals) {
			return wording{share: 1, within: true, equal: true}
		}
		return wording{}
	}
	both := 0
	for _, w := range x {
		if slices.Contains(y, w) {
			both++
		}
	}
	head := 0
	for head < len(x) && x[head] == y[head] {
		head++
	}
	tail := 0
	for tail < len(x)-head && x[len(x)-1-tail] == y[len(y)-1-tail] {
		tail++
	}
	return wording{
		share:  float64(both) / float64(len(x)),
		within: both == len(x),
		equal:  both == len(x) && both == len(y),
		slot:   2*(head+tail) >= len(x),
	}
}

// tells tells whether a word that only a's title has stands in the opening of a's text
// and not in that of b's: it is what the two are about.
func tells(a, b *Sketch) bool {
	for _, w := range a.stems {
		if !slices.Contains(b.stems, w) && opensWith(a, w) && !opensWith(b, w) {
			return true
		}
	}
	return false
}

// opensWith tells whether a word of a title is in the opening.
func opensWith(s *Sketch, w uint32) bool {
	if !s.glyphs {
		return slices.Contains(s.opening, w)
	}
	for i := 1; i < len(s.opening); i++ {
		if bigram(s.opening[i-1], s.opening[i]) == w {
			return true
		}
	}
	return false
}

// likeness is how far two texts are alike.
type likeness struct {
	less  int     // grams of the shorter one, of words
	share float64 // how much of it is in the longer one
	union float64 // how much of both together is in both
}

// compareTexts estimates it from the smallest hashes: up to the largest value that both
// sketches reach, both know all of their grams.
func compareTexts(a, b *Sketch) likeness {
	less := min(a.weight(), b.weight())
	x, y := a.grams, b.grams
	if a.glyphs != b.glyphs || len(x) == 0 || len(y) == 0 {
		return likeness{less: less}
	}
	if a.size > len(a.grams) {
		y = y[:upTo(y, a.grams[len(a.grams)-1])]
	}
	if b.size > len(b.grams) {
		x = x[:upTo(x, b.grams[len(b.grams)-1])]
	}
	both := common(x, y)
	t := likeness{less: less}
	if n := min(len(x), len(y)); n > 0 {
		t.share = float64(both) / float64(n)
		t.union = float64(both) / float64(len(x)+len(y)-both)
	}
	return t
}

// weight is how much text there is, in grams of words: two of glyphs count as one.
func (s *Sketch) weight() int {
	if s.glyphs {
		return s.size / 2
	}
	return s.size
}

// opensAlike tells whether each text begins with what the other begins with: an update
// has a new beginning.
func opensAlike(a, b *Sketch, least float64) bool {
	if a.glyphs != b.glyphs {
		return false
	}
	n := a.gram()
	var ga, gb [openingPieces]uint64
	x, y := openingGrams(a.opening, n, ga[:0]), openingGrams(b.opening, n, gb[:0])
	inY, startX := found(x, y)
	inX, startY := found(y, x)
	return inY >= leastOpening && inX >= leastOpening && startX >= least && startY >= least
}

func openingGrams(pieces []uint32, n int, out []uint64) []uint64 {
	for i := 0; i+n <= len(pieces); i++ {
		h := uint64(0)
		for _, p := range pieces[i : i+n] {
			h = mix(h ^ uint64(p))
		}
		out = append(out, h)
	}
	return out
}

// found is how much of some grams, of as many as the others are, is among them; start is
// the same of the first few.
func found(grams, others []uint64) (all, start float64) {
	if len(grams) > len(others) {
		grams = grams[:len(others)]
	}
	n, first, next := 0, 0, 0
	for i, g := range grams {
		if next >= len(others) || others[next] != g { // it does not follow the last one
			next = slices.Index(others, g)
		}
		if next < 0 {
			next = len(others)
			continue
		}
		next++
		n++
		if i < startGrams {
			first++
		}
	}
	if len(grams) == 0 {
		return 0, 0
	}
	return float64(n) / float64(len(grams)), float64(first) / float64(min(len(grams), startGrams))
}
