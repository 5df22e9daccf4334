package search

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/feed/lexis"
)

const (
	// MaxQuery is how many characters of a query are read.
	MaxQuery = 200
	// maxPhrases is how many words and phrases of it.
	maxPhrases = 8
	// maxPhrase is how many words of a phrase, or characters of a script without spaces.
	maxPhrase = 40
	// minStem is how many letters stand before a star: fewer are the beginning of too
	// many words.
	minStem = 4
	// maxStems is how many stars of a query are heeded: each costs what gathering all
	// words that begin so does.
	maxStems = 2
)

// Query is what a reader asks for.
type Query struct {
	Need []Phrase // all of these
	Bar  []Phrase // and none of these
}

// Phrase is words that stand one after the other.
type Phrase struct {
	Words []string // as Words gives them
	Stem  bool     // the last one may go on
}

// IsZero reports whether nothing is asked for.
func (q Query) IsZero() bool { return len(q.Need)+len(q.Bar) == 0 }

// Unstemmed is the query with the stars taken off.
func (q Query) Unstemmed() Query {
	bare := func(phrases []Phrase) []Phrase {
		out := slices.Clone(phrases)
		for i := range out {
			out[i].Stem = false
		}
		return out
	}
	return Query{Need: bare(q.Need), Bar: bare(q.Bar)}
}

// Parse reads a query. All of its words are needed; what stands in "quotes" is a phrase,
// and so is what stands together without white space (l'état, R&D, a run of Chinese).
// A star at the end of a word stands for its rest, a - before one keeps out what has it.
// Anything else is text. No query is wrong; what is too much of one is left out.
func Parse(s string) Query {
	var q Query
	stems := 0
	s = lexis.Fold(cut(s, MaxQuery))
	for len(q.Need)+len(q.Bar) < maxPhrases {
		if s = strings.TrimLeftFunc(s, unicode.IsSpace); s == "" {
			break
		}
		out := len(s) > 1 && s[0] == '-' && !opensWithSpace(s[1:])
		if out {
			s = s[1:]
		}
		var p Phrase
		if rest, quoted := strings.CutPrefix(s, `"`); quoted {
			s, _ = p.read(rest, func(r rune) bool { return r == '"' })
			s = strings.TrimPrefix(s, `"`)
		} else {
			var text string
			s, text = p.read(s, unicode.IsSpace)
			if strings.HasSuffix(text, "*") && isStem(p.Words) && stems < maxStems {
				p.Stem = true
				stems++
			}
		}
		list := &q.Need
		if out {
			list = &q.Bar
		}
		if len(p.Words) > 0 && !slices.ContainsFunc(*list, p.equal) {
			*list = append(*list, p)
		}
	}
	return q
}

// read takes the words of a text up to an end, and gives the rest from there on.
func (p *Phrase) read(s string, end func(rune) bool) (rest, text string) {
	text = s
	if i := strings.IndexFunc(s, end); i >= 0 {
		text, rest = s[:i], s[i:]
	}
	p.Words = slices.DeleteFunc(appendWords(nil, text), func(w string) bool { return w == Barrier })
	p.Words = p.Words[:min(len(p.Words), maxPhrase)]
	return rest, text
}

func (p Phrase) equal(o Phrase) bool { return p.Stem == o.Stem && slices.Equal(p.Words, o.Words) }

// isStem reports whether a star after the last word can stand for its rest: in scripts
// without spaces, and in Korean, a phrase is found inside of words anyway.
func isStem(words []string) bool {
	if len(words) == 0 {
		return false
	}
	last := words[len(words)-1]
	r, _ := utf8.DecodeLastRuneInString(last)
	n := utf8.RuneCountInString(last)
	return n >= minStem && n < maxWord && lexis.InWord(r) && !unicode.Is(unicode.Hangul, r)
}

func opensWithSpace(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(r)
}
