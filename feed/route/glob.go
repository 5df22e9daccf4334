package route

import (
	"strings"
	"unicode"
)

// glob is a folded text with wildcards: the pieces between the stars.
type glob []string

// matches reports whether s is the pieces in order, with anything between them.
func (g glob) matches(s string) bool {
	last := len(g) - 1
	if last == 0 {
		return s == g[0]
	}
	s, ok := strings.CutPrefix(s, g[0])
	if !ok {
		return false
	}
	for _, piece := range g[1:last] {
		i := strings.Index(s, piece)
		if i < 0 {
			return false
		}
		s = s[i+len(piece):]
	}
	return strings.HasSuffix(s, g[last])
}

// whole is the form in which whole values are compared: folded, white space
// trimmed and collapsed.
func whole(s string) string { return strings.TrimSpace(collapse(Fold(s))) }

// collapse makes each run of white space one space.
func collapse(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}
