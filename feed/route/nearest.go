package route

import (
	"fmt"
	"strings"

	"broadsheet/feed/lexis"
)

// A hint lists all names if there are at most listable, else the first few.
const (
	listable = 20
	few      = 8
)

// hint says which name was probably meant, or which there are.
func hint(name string, known []string) string {
	if near := nearest(name, known); near != "" {
		return fmt.Sprintf("did you mean %s?", near)
	}
	switch {
	case len(known) == 0:
		return "there are none"
	case len(known) <= listable:
		return "there are " + strings.Join(known, ", ")
	default:
		return fmt.Sprintf("there are %d, such as %s", len(known),
			strings.Join(known[:few], ", "))
	}
}

// nearest gives the known name with the fewest slips of the pen from name, if
// they are few for its length; the first of several. It is empty if none is
// near.
func nearest(name string, known []string) string {
	best, fewest := "", len([]rune(name))/3+1
	folded := []rune(lexis.Fold(name))
	for _, k := range known {
		candidate := []rune(lexis.Fold(k))
		if abs(len(candidate)-len(folded)) > fewest {
			continue
		}
		if n := slips(folded, candidate); n < fewest || n == fewest && best == "" {
			best, fewest = k, n
		}
	}
	return best
}

func abs(n int) int { return max(n, -n) }

// slips counts the letters to insert, leave out, change or swap with the next
// that make b of a (optimal string alignment distance).
func slips(a, b []rune) int {
	row, last, older := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			change := last[j]
			if a[i] != b[j] {
				change++
			}
			row[j+1] = min(row[j]+1, last[j+1]+1, change)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], older[j-1]+1)
			}
		}
		older, last, row = last, row, older
	}
	return last[len(b)]
}
