package route

import (
	"slices"
	"strings"
	"testing"

	"broadsheet/feed/lexis"
)

// naive finds a phrase by trying it everywhere: what the lexicon must agree
// with.
func naive(p phrase, tokens []lexis.Token) bool {
	for i := range tokens {
		if p.matchesAt(tokens, i) {
			return true
		}
	}
	return false
}

func FuzzLexicon(f *testing.F) {
	f.Add("iran*", "*stan", "Middle * East", "Iranian, Kazakhstan: the Middle Far East")
	f.Add("伊*判", "C++", "a*b*c", "伊朗核问题谈判 c++ aXbYc")
	f.Add("*", "* x", "x *", "y x z")
	f.Add("é", "*é*", "\n\n", "e\n\ne")
	f.Fuzz(func(t *testing.T, a, b, c, text string) {
		tokens := lexis.Tokenize(lexis.Fold(text), false)
		var l lexicon
		var phrases []phrase
		for _, value := range []string{a, b, c} {
			if p, ok := parsePhrase(value); ok {
				l.add(p, int32(len(phrases)))
				phrases = append(phrases, p)
			}
		}
		found := newSet(3)
		l.scan(tokens, found)
		for i, p := range phrases {
			if want := naive(p, tokens); found.has(int32(i)) != want {
				t.Errorf("%v in %q: %v, want %v", p, text, !want, want)
			}
		}
		if joined := tokensText(tokens); !slices.Equal(texts(lexis.Tokenize(joined, false)), texts(tokens)) {
			t.Errorf("tokens of %q are %q", text, joined)
		}
	})
}

func texts(tokens []lexis.Token) []string {
	list := make([]string, len(tokens))
	for i, t := range tokens {
		list[i] = t.Text
	}
	return list
}

// tokensText writes tokens so that they are read as the same again.
func tokensText(tokens []lexis.Token) string {
	var b strings.Builder
	for _, t := range tokens {
		switch {
		case t.Text == "":
			b.WriteString("\n\n")
		case t.Glued:
			b.WriteString(t.Text)
		default:
			b.WriteString(" " + t.Text)
		}
	}
	return b.String()
}
