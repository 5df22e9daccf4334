package main

import (
	"strings"

	"broadsheet/feed"
)

// takenBack are the names that articles may have which lines of withdraw: mean: a link
// is written down in its canonical forms, too.
func takenBack(lines []string) []string {
	var out []string
	for _, line := range lines {
		out = append(out, line)
		if !strings.HasPrefix(line, feed.WithdrawSource) {
			out = append(out, canonical(line)...)
		}
	}
	return out
}
