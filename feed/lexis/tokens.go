package lexis

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Token is a word of a folded text, or one character of a script that puts no
// spaces between words, or one symbol. A token without text is a barrier (the
// end of a paragraph or of a title) that no phrase reaches across.
type Token struct {
	Text     string // folded
	Glued    bool   // nothing stands between it and the token before
	Unspaced bool   // it is one character of a script without spaces
}

// class is what a character is in the eyes of the tokeniser.
type class uint8

const (
	separator class = iota // white space and punctuation: between words, and otherwise nothing
	word                   // a letter or digit, or a mark on one
	unspaced               // a letter of a script without spaces
	symbol                 // a sign that is read: + # & € ⚽
)

// symbols are the punctuation marks (as Unicode sees them) that are read aloud
// and make another thing of a word: #metoo, R&D, @name, 5 %.
const symbols = "#&@%"

// InWord reports whether a character of a folded text is part of a word: a letter or
// digit of a script with spaces, or a mark.
func InWord(r rune) bool { return classify(r) == word }

// IsSymbol reports whether a character is a sign that is read: + # & € ⚽.
func IsSymbol(r rune) bool { return classify(r) == symbol }

func classify(r rune) class {
	if table := classes(); int(r) < len(table) {
		return table[r]
	}
	return classOf(r)
}

// classes is the class of each character up to simpleEnd, looked up because
// every character of every article is asked for.
var classes = sync.OnceValue(func() []class {
	table := make([]class, simpleEnd)
	for r := range rune(simpleEnd) {
		table[r] = classOf(r)
	}
	return table
})

func classOf(r rune) class {
	switch {
	case isSettled(r) && !isHangul(r):
		if r == middleDot {
			return separator
		}
		return unspaced
	case strings.ContainsRune(symbols, r):
		return symbol
	case isUnspaced(r):
		return unspaced
	case unicode.In(r, unicode.L, unicode.N, unicode.M):
		return word
	case unicode.In(r, unicode.Sm, unicode.Sc, unicode.So):
		return symbol
	default:
		return separator
	}
}

const (
	firstUnspaced  = 0x0E00 // Thai: the first block of a script without spaces
	prolongedSound = 'ー'    // of both kana, so of neither for Unicode
	middleDot      = '・'    // between the words of a foreign name in kana
)

func isUnspaced(r rune) bool {
	if r < firstUnspaced {
		return false
	}
	return r == prolongedSound || !unicode.Is(unicode.M, r) && unicode.In(r,
		unicode.Han, unicode.Hiragana, unicode.Katakana,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// Tokenize splits a folded text. In a value, stars belong to the word that they
// stand at.
func Tokenize(folded string, stars bool) []Token {
	tokens := make([]Token, 0, len(folded)/4+1)
	glued := false
	for i := 0; i < len(folded); {
		r, size := utf8.DecodeRuneInString(folded[i:])
		c := classify(r)
		if stars && r == '*' {
			c = word
		}
		if c == separator {
			next := skipSeparators(folded, i, stars)
			if strings.Count(folded[i:next], "\n") > 1 && len(tokens) > 0 {
				tokens = append(tokens, Token{})
			}
			i, glued = next, false
			continue
		}
		end := tokenEnd(folded, i+size, c, stars)
		tokens = append(tokens, Token{folded[i:end], glued, c == unspaced})
		i, glued = end, true
	}
	return tokens
}

func skipSeparators(s string, i int, stars bool) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		if classify(r) != separator || stars && r == '*' {
			break
		}
		i += size
	}
	return i
}

// tokenEnd finds the end of a token whose first character ends at i: a word
// takes all letters, a character without spaces and a symbol their marks only.
func tokenEnd(s string, i int, c class, stars bool) int {
	for i < len(s) {
		r, size := utf8.DecodeRuneInString(s[i:])
		isWord := classify(r) == word || stars && r == '*'
		if !isWord || c != word && !unicode.Is(unicode.M, r) {
			break
		}
		i += size
	}
	return i
}
