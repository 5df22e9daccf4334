package corpus

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"broadsheet/feed"
)

// TestCategories prints every category of the corpus that was taken apart, to be
// judged by people. More than were judged fail.
func TestCategories(t *testing.T) {
	split, all := map[string]int{}, map[string]bool{}
	eachItem(t, func(name string, it feed.Item) {
		for _, c := range it.Categories {
			all[name+c.Name()] = true
		}
		_, notes := normalised(feed.Item{Title: feed.Plain("x"), Categories: it.Categories})
		for _, n := range notes {
			if n.Step == "categories" {
				split[fmt.Sprintf("%s: %s", name, n.Text)]++
			}
		}
	})
	for _, s := range slices.Sorted(maps.Keys(split)) {
		t.Logf("%4d  %s", split[s], s)
	}
	t.Logf("%d of %d categories were taken apart", len(split), len(all))
	const judged = 57
	if len(split) > judged {
		t.Errorf("%d categories are taken apart, and %d were judged: judge the list", len(split), judged)
	}
}
