package corpus

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"broadsheet/feed"
)

// TestAuthors prints what became of every author of the corpus whose name was
// changed, taken apart or left out, to be judged by people. More than were judged fail.
func TestAuthors(t *testing.T) {
	changed, all := map[string]int{}, map[string]bool{}
	eachItem(t, func(_ string, it feed.Item) {
		for _, p := range it.Authors {
			said := fmt.Sprintf("%s <%s>", p.Name, p.Email)
			all[said] = true
			is := made(feed.Item{Title: feed.Plain("x"), Authors: []feed.Person{p}}).Authors
			if got := fmt.Sprint(byName(is)); got != fmt.Sprint(byName([]feed.Person{p})) {
				changed[said+"  →  "+got]++
			}
		}
	})
	for _, s := range slices.Sorted(maps.Keys(changed)) {
		t.Logf("%4d  %s", changed[s], s)
	}
	t.Logf("%d of %d authors were changed", len(changed), len(all))
	const judged = 223
	if len(changed) > judged {
		t.Errorf("%d names are changed, and %d were judged: judge the list", len(changed), judged)
	}
}

func byName(list []feed.Person) []string {
	var out []string
	for _, p := range list {
		out = append(out, fmt.Sprintf("%s <%s>", p.Name, p.Email))
	}
	return out
}
