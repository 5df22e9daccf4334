package normalise

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"broadsheet/feed"
)

// keyText is how much of a text goes into its key, in bytes: enough to tell two
// articles apart, little enough to be cheap on every listed item.
const keyText = 4096

// leastLetters is how many letters and digits a text must have besides its title to
// be recognised by: titles such as "Morning briefing" return every day.
const leastLetters = 60

// textKey is a hash of the item's title and text, reduced to letters and digits
// in lower case and without accents; empty if it has neither. enough is false if
// there is too little of it to tell two articles apart.
func textKey(item feed.Item) (key string, enough bool) {
	body := item.Content
	if len(strings.TrimSpace(string(body.Value))) == 0 {
		body = item.Summary
	}
	titleLetters := letters(bare(item.Title))
	bodyLetters := letters(bare(body))
	if titleLetters == "" && bodyLetters == "" {
		return "", false
	}
	return hash(titleLetters + "\n" + bodyLetters), weight(bodyLetters) >= leastLetters
}

// weight counts letters; an ideograph or syllable counts as a short word does.
func weight(s string) int {
	const syllable = 3
	n := 0
	for _, r := range s {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
			n += syllable
		} else {
			n++
		}
	}
	return n
}

// bare is the beginning of a text without markup. It is deliberately simpler than the
// parser that published text goes through, so that no change there moves a key.
func bare(t feed.Text) string {
	s := string(t.Value)
	if t.Kind == feed.TextPlain {
		return head(s, keyText)
	}
	var b strings.Builder
	for s != "" && b.Len() < keyText {
		i := strings.IndexAny(s, "<&")
		if i < 0 {
			b.WriteString(head(s, keyText))
			break
		}
		b.WriteString(head(s[:i], keyText))
		s = s[i:]
		var skipped int
		if s[0] == '<' {
			skipped = tagLength(s)
		} else {
			skipped = entity(&b, s)
		}
		if skipped == 0 {
			b.WriteByte(s[0])
			skipped = 1
		}
		s = s[skipped:]
	}
	return head(b.String(), keyText)
}

// tagLength is the length of the tag, comment, script or style that s begins
// with; 0 if it begins with none.
func tagLength(s string) int {
	if len(s) < 2 || !isLetter(s[1]) && strings.IndexByte("/!?", s[1]) < 0 {
		return 0
	}
	end := ">"
	switch {
	case strings.HasPrefix(s, "<!--"):
		end = "-->"
	case hasPrefixFold(s, "<script"):
		end = "</script>"
	case hasPrefixFold(s, "<style"):
		end = "</style>"
	}
	i := indexFold(s, end)
	if i < 0 {
		return len(s)
	}
	return i + len(end)
}

func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}

// indexFold finds an ASCII string blind to case.
func indexFold(s, sub string) int {
	if len(sub) == 1 {
		return strings.Index(s, sub)
	}
	for i := 0; i+len(sub) <= len(s); i++ {
		if s[i] == sub[0] && hasPrefixFold(s[i:], sub) {
			return i
		}
	}
	return -1
}

// longestEntity is longer than any entity that HTML names.
const longestEntity = 34

// entity writes what the entity that s begins with stands for and gives its
// length; 0 if it begins with none.
func entity(b *strings.Builder, s string) int {
	end := strings.IndexByte(head(s, longestEntity), ';')
	if end < 2 {
		return 0
	}
	decoded := html.UnescapeString(s[:end+1])
	if decoded == s[:end+1] {
		return 0
	}
	b.WriteString(decoded)
	return end + 1
}

// head is the first n bytes of s, less a character that would be cut.
func head(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// letters is s reduced to letters and digits, in lower case and without accents.
func letters(s string) string {
	if !isASCII(s) {
		s = norm.NFKD.String(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range s {
		switch {
		case r < utf8.RuneSelf:
			if r >= 'A' && r <= 'Z' {
				r += 'a' - 'A'
			}
			if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
				b.WriteByte(byte(r))
			}
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			b.WriteRune(unicode.ToLower(r))
		}
	}
	return b.String()
}
