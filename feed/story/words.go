package story

import (
	"math/bits"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// kind is what a piece of text is.
type kind int

const (
	word   kind = iota // of a script that puts spaces between words
	glyph              // a character of a script that does not
	number             // digits, without what groups them
	figure             // a number in ideographs, said beside its glyphs
)

// words hands out the pieces of a text in order, in lower case, without accents,
// vowel points and joiners. The piece is only good until emit returns.
func words(s string, emit func(piece []byte, k kind)) {
	if strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) >= 0 { // ASCII is what it is
		s = norm.NFKD.String(s)
	}
	r := reader{s: s, emit: emit}
	for i := 0; i < len(s); {
		i = r.next(i)
	}
	r.flush()
	r.count()
}

// reader is a text as words reads it.
type reader struct {
	s       string
	emit    func([]byte, kind)
	buf     [64]byte // the beginning of a word: enough to tell words apart
	n       int      // bytes of it
	numeral [32]byte // ideographs of a number
	m       int      // bytes of it
	marks   int      // how many ideographs they are
}

func (r *reader) flush() {
	if r.n > 0 {
		r.emit(r.buf[:r.n], word)
		r.n = 0
	}
}

// leastFigure is how many ideographs of numbers make one: a single one is more often
// part of a word, unless something that is counted follows.
const leastFigure = 2

// counted are ideographs of what is counted: people, ships, animals, years, hours.
const counted = "人名位个個艘隻只头頭匹件棟歳岁年月日時时号號度"

func (r *reader) count() {
	if r.marks >= leastFigure {
		r.emit(r.numeral[:r.m], figure)
	}
	r.m, r.marks = 0, 0
}

// next reads the character at i and gives the place of the one after it.
func (r *reader) next(i int) int {
	c := rune(r.s[i])
	size := 1
	if c >= utf8.RuneSelf {
		c, size = utf8.DecodeRuneInString(r.s[i:])
	}
	switch {
	case c >= 'a' && c <= 'z':
		r.add(c)
	case c >= 'A' && c <= 'Z':
		r.add(c + 'a' - 'A')
	case digit(c) >= 0 && r.n == 0:
		r.count()
		return r.number(i)
	case c < utf8.RuneSelf && (c < '0' || c > '9'):
		r.flush()
		r.count()
	case skipped(c):
	case dense(c):
		r.flush()
		r.glyph(c, r.s[i:i+size])
	case digit(c) >= 0:
		r.add('0' + rune(digit(c)))
	case unicode.IsLetter(c) || unicode.IsNumber(c):
		r.add(unicode.ToLower(alike(c)))
	default:
		r.flush()
		r.count()
	}
	return i + size
}

func (r *reader) add(c rune) {
	r.count()
	if r.n+utf8.UTFMax <= len(r.buf) {
		r.n += utf8.EncodeRune(r.buf[r.n:], c)
	}
}

func (r *reader) glyph(c rune, text string) {
	if !strings.ContainsRune(numerals, c) {
		if r.marks == 1 && strings.ContainsRune(counted, c) {
			r.marks = leastFigure
		}
		r.count()
	} else if r.m+len(text) <= len(r.numeral) {
		r.m += copy(r.numeral[r.m:], text)
		r.marks++
	}
	var b [utf8.UTFMax]byte
	r.emit(b[:copy(b[:], text)], glyph)
}

// numerals are the ideographs that numbers are written with.
const numerals = "〇零一二三四五六七八九十百千万萬亿億兆"

// number reads the number at i: its digits, whatever script they are of, without the
// points, commas and spaces that group them.
func (r *reader) number(i int) int {
	var b [24]byte
	n, since := 0, 0
	for i < len(r.s) {
		c, size := utf8.DecodeRuneInString(r.s[i:])
		if d := digit(c); d >= 0 {
			if n < len(b) {
				b[n] = '0' + byte(d)
				n++
			}
			since++
			i += size
			continue
		}
		if !groups(c, since, r.s[i+size:]) {
			break
		}
		since = 0
		i += size
	}
	r.emit(b[:n], number)
	return i
}

// groups tells whether c stands between the digits of one number. A space does only
// where three digits follow and at most three went before.
func groups(c rune, since int, rest string) bool {
	const group = 3
	count := 0
	for _, d := range rest {
		if digit(d) < 0 {
			break
		}
		count++
	}
	switch c {
	case '.', ',', '\'', '’', '٬', '٫':
		return count > 0
	case ' ':
		return count == group && since <= group
	default:
		return false
	}
}

// digit is the value of a decimal digit of any script, -1 of anything else.
func digit(c rune) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c < 0x660 || !unicode.Is(unicode.Nd, c):
		return -1
	}
	const digits = 10
	for _, t := range unicode.Nd.R16 {
		if c <= rune(t.Hi) {
			return int(c-rune(t.Lo)) % digits
		}
	}
	return -1
}

// skipped are characters that do not end a word and are none of it: accents that
// NFKD took off their letters, joiners, marks of direction, the Arabic stroke that
// makes words longer.
func skipped(c rune) bool {
	return c == '\u00ad' || c == '\u0640' || c >= '\u200b' && c <= '\u200f' || c == '\u2060' || unicode.Is(unicode.Mn, c)
}

// alike gives letters that keyboards mix up one form: the Persian and the Arabic yeh
// and kaf.
func alike(c rune) rune {
	switch c {
	case 'ی', 'ى':
		return 'ي'
	case 'ک':
		return 'ك'
	default:
		return c
	}
}

// dense tells whether a character is of a script that puts no spaces between words.
func dense(c rune) bool {
	switch {
	case c < 0x0e00:
		return false
	case c <= 0x0eff, // Thai, Lao
		c >= 0x1000 && c <= 0x109f,                                          // Burmese
		c >= 0x1780 && c <= 0x17ff,                                          // Khmer
		c >= 0x3040 && c <= 0x30ff, c >= 0x31f0 && c <= 0x31ff, c == 0x3007, // kana, the round zero
		c >= 0x3400 && c <= 0x4dbf, c >= 0x4e00 && c <= 0x9fff, c >= 0xf900 && c <= 0xfaff, // ideographs
		c >= 0x20000 && c <= 0x3ffff:
		return true
	default:
		return false
	}
}

// hashOf is a hash of a piece of text.
func hashOf[T string | []byte](s T) uint64 {
	h := uint64(14695981039346656037) // FNV-1a
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return mix(h)
}

// mix spreads what tells two values apart over all bits (the finisher of splitmix64).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// gram is a hash of pieces in their order.
func gram(pieces []uint64) uint64 {
	h := uint64(len(pieces))
	for _, p := range pieces {
		h = (bits.RotateLeft64(h, 23) ^ p) * 0x9e3779b97f4a7c15
	}
	return mix(h)
}
