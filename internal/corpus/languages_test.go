package corpus

import (
	"maps"
	"slices"
	"testing"

	"broadsheet/feed"
)

// TestLanguages prints of how many articles the language is declared, read from the
// text, or unknown, and every one whose letters are not those of its declared
// language, to be judged by people.
func TestLanguages(t *testing.T) {
	counts, other := map[string]int{}, map[string]int{}
	eachItem(t, func(name string, it feed.Item) {
		e, notes := normalised(it)
		language, told := e.Language, ""
		for _, n := range notes {
			if n.Step == "language" {
				told = n.Text
			}
		}
		switch {
		case it.Language != "" && told != "":
			counts["declared, and not so"]++
			other[name+": "+told]++
		case told == "" && language != "":
			counts["declared"]++
		case language != "":
			counts["read from the text"]++
		default:
			counts["unknown"]++
		}
	})
	for _, s := range slices.Sorted(maps.Keys(other)) {
		t.Logf("%4d  %s", other[s], s)
	}
	t.Logf("%v", counts)
}
