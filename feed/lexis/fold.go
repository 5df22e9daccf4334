package lexis

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Fold gives the form in which two texts that differ only by case, accents or
// the way they are encoded are equal. Fold(Fold(s)) is Fold(s).
//
// The form is NFKD (full-width and presentation forms, ligatures), without
// format characters, in one case, with the marks taken off that are accents in
// their script (see isAccent), a few letters spelt out (spellings), decimal
// digits in ASCII, typographic quotes and dashes plain, and composed again
// (NFC), so that a letter that keeps its mark is one letter.
func Fold(s string) string {
	if folded, ok := foldASCII(s); ok {
		return folded
	}
	if folded, ok := foldSimple(s); ok {
		return folded
	}
	return foldAny(s)
}

// foldAny folds text that may have marks apart from their letters.
func foldAny(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	base := rune(0)
	valid := strings.ToValidUTF8(s, string(utf8.RuneError)) // NFKD stumbles over other bytes
	for _, r := range norm.NFKD.String(trademarks.Replace(valid)) {
		switch {
		case r < utf8.RuneSelf:
			base = lowerASCII(r)
			b.WriteByte(byte(base))
		case isMark(r):
			if !isAccent(base, r) {
				b.WriteRune(r)
			}
		case unicode.Is(unicode.Cf, r) || r == tatweel:
			// Soft hyphens, joiners, directions: they are seen, not read.
		default:
			base = foldLetter(&b, r)
		}
	}
	return norm.NFC.String(b.String())
}

// tatweel stretches an Arabic word and is no letter of it.
const tatweel = 'ـ'

// trademarks are signs that NFKD would turn into letters of the word before.
var trademarks = strings.NewReplacer("™", " ", "℠", " ")

// foldASCII folds what needs nothing but lower case.
func foldASCII(s string) (string, bool) {
	upper := false
	for i := range len(s) {
		c := s[i]
		if c >= utf8.RuneSelf {
			return "", false
		}
		upper = upper || 'A' <= c && c <= 'Z'
	}
	if upper {
		return strings.ToLower(s), true
	}
	return s, true
}

// foldSimple folds text of characters that fold by themselves, whatever stands
// beside them; ok is false if it has another one. Nearly all text is such, and
// looking its characters up is several times faster than taking them apart.
func foldSimple(s string) (folded string, ok bool) {
	table := simple()
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			b.WriteByte(byte(lowerASCII(r)))
		case int(r) < len(table):
			f := table[r]
			if f == notSimple {
				return "", false
			}
			b.WriteString(f)
		case isSettled(r):
			b.WriteRune(r)
		default:
			return "", false
		}
	}
	return b.String(), true
}

const (
	// simpleEnd is the end of the table of simple characters: Latin to Arabic,
	// punctuation, currencies and ™.
	simpleEnd = 0x2123
	notSimple = "\xff"
)

// simple gives the folded forms of characters up to simpleEnd that fold by
// themselves: those of the scripts to Arabic that are no marks, and from the
// block of Latin letters with accents on.
var simple = sync.OnceValue(func() []string {
	table := make([]string, simpleEnd)
	for r := range rune(simpleEnd) {
		if isMark(r) || 0x0700 <= r && r < 0x1e00 {
			table[r] = notSimple
			continue
		}
		table[r] = foldAny(string(r))
	}
	return table
})

// isSettled reports whether a character is its own folded form: Han, kana and
// Hangul syllables. The marks of kana and the letters that Hangul syllables are
// composed of are none of them.
func isSettled(r rune) bool {
	return 0x4e00 <= r && r <= 0x9fff ||
		0x3041 <= r && r <= 0x3096 || 0x30a1 <= r && r <= 0x30fc || isHangul(r)
}

func isHangul(r rune) bool { return 0xac00 <= r && r <= 0xd7a3 }

func lowerASCII(r rune) rune {
	if 'A' <= r && r <= 'Z' {
		return r + 'a' - 'A'
	}
	return r
}

// foldLetter writes the folded form of a character that is no mark and gives
// the letter that marks after it belong to.
func foldLetter(b *strings.Builder, r rune) (base rune) {
	// Up and down again: that is how ς and σ, ı and i come together.
	r = unicode.ToLower(unicode.ToUpper(r))
	if s, ok := spellings[r]; ok {
		b.WriteString(s)
		base, _ = utf8.DecodeLastRuneInString(s)
		return base
	}
	if d, ok := digit(r); ok {
		r = d
	}
	b.WriteRune(r)
	return r
}

// digit gives the ASCII digit of a decimal digit of any script. Unicode keeps
// them in runs of ten from zero to nine.
func digit(r rune) (rune, bool) {
	if !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	for _, run := range unicode.Nd.R16 {
		if rune(run.Lo) <= r && r <= rune(run.Hi) {
			return '0' + (r-rune(run.Lo))%10, true
		}
	}
	for _, run := range unicode.Nd.R32 {
		if rune(run.Lo) <= r && r <= rune(run.Hi) {
			return '0' + (r-rune(run.Lo))%10, true
		}
	}
	return 0, false
}

func isMark(r rune) bool { return unicode.In(r, unicode.Mn, unicode.Me) }

// isAccent says whether a mark may be taken off its base letter without making
// another letter of it. That depends on the script: in Latin and Greek every
// mark may go, and so may the vowel points of Hebrew, Arabic and Syriac; in
// Cyrillic й is not и; in Indic scripts, Thai or kana a mark is a vowel or
// makes another consonant. Marks on what is no letter stay, so that ≠ is not =.
func isAccent(base, mark rune) bool {
	switch {
	case unicode.Is(unicode.Variation_Selector, mark) || unicode.Is(unicode.Me, mark):
		return true
	case unicode.Is(unicode.Cyrillic, base):
		return !strings.ContainsRune(cyrillic[mark], base)
	default:
		return unicode.In(base, unicode.Latin, unicode.Greek,
			unicode.Hebrew, unicode.Arabic, unicode.Syriac)
	}
}

// cyrillic lists, for each mark, the letters that are another letter of some
// alphabet with it: ѓ ќ, ӣ ӯ, ӂ й ў ӑ ӗ, ї and the many of the Volga and Ural
// languages, ӳ, ѷ. It leaves out ё, which is printed е as often as not, ѐ and
// ѝ, which are accents, and every stress mark.
var cyrillic = map[rune]string{
	'\u0301': "гк",
	'\u0304': "иу",
	'\u0306': "жиуае",
	'\u0308': "іаәжзиоөуыэч",
	'\u030b': "у",
	'\u030f': "ѵ",
}

// spellings are letters that Unicode does not take apart, and that people
// write in another way where their keyboard lacks them; marks of punctuation
// that have a plain form; and the letters that Arabic and Persian keyboards,
// or two schools of Arabic spelling, tell apart.
var spellings = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'ħ': "h",
	'ł': "l", 'ŧ': "t", 'þ': "th", 'ŋ': "n", 'ə': "e",

	'‘': "'", '’': "'", '‚': "'", '‛': "'", '′': "'", 'ʼ': "'", 'ʻ': "'",
	'ʹ': "'", 'ʿ': "'", 'ʾ': "'", '׳': "'", '＇': "'",
	'“': `"`, '”': `"`, '„': `"`, '‟': `"`, '«': `"`, '»': `"`, '״': `"`,
	'‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-", '―': "-", '−': "-", '־': "-",

	'ٱ': "ا", 'ى': "ي", 'ی': "ي", 'ې': "ي", 'ے': "ي", 'ک': "ك",
	'ة': "ه", 'ە': "ه", 'ہ': "ه",
}
