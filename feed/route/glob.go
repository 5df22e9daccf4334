package route

import "strings"

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
