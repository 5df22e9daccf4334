package config

import "strings"

// Near is the candidate that a misspelt word most likely stood for; empty if
// none is close.
func Near(word string, candidates []string) string {
	best, bestAt := "", len([]rune(word))/3+2
	for _, c := range candidates {
		if strings.EqualFold(strings.ReplaceAll(c, "_", "-"), strings.ReplaceAll(word, "_", "-")) {
			return c
		}
		if abs(len(c)-len(word)) >= bestAt*4 { // cannot be near: a rune has at most four bytes
			continue
		}
		if d := distance([]rune(word), []rune(c)); d < bestAt && d < len(word) {
			best, bestAt = c, d
		}
	}
	return best
}

// distance is how many letters must be added, dropped, changed or swapped with
// their neighbour to get from a to b (Damerau and Levenshtein).
func distance(a, b []rune) int {
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return above[len(b)]
}

func abs(n int) int { return max(n, -n) }

// maxHints is how many names are looked for by likeness: with thousands of
// sources each look takes milliseconds.
const maxHints = 20

// hints suggests names, up to a bound.
type hints struct{ used int }

// instead is " (did you mean X?)" as a clause, or what else could be said.
func (h *hints) instead(word string, candidates []string, otherwise string) string {
	if h.used++; h.used <= maxHints {
		if n := Near(word, candidates); n != "" {
			return "; did you mean " + n + "?"
		}
	}
	if otherwise != "" {
		return "; " + otherwise
	}
	return ""
}
