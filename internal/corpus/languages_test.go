package corpus

import (
	"maps"
	"slices"
	"testing"

	"broadsheet/feed"
)

// TestLanguages prints of how many articles the language is declared, read from the
// text, or unknown, and every one whose letters are not those of its declared
// language, to be judged by people. More than were judged fail.
func TestLanguages(t *testing.T) {
	const sample = 4 // articles of a feed: they are in one language
	counts, other, seen := map[string]int{}, map[string]int{}, map[string]int{}
	eachItem(t, func(name string, it feed.Item) {
		if seen[name]++; seen[name] > sample {
			return
		}
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
	const judged, mostUnknown = 35, 320
	if n := counts["declared, and not so"]; n > judged {
		t.Errorf("%d declarations are not believed, and %d were judged: judge the list", n, judged)
	}
	if n := counts["unknown"]; n > mostUnknown {
		t.Errorf("the language of %d articles is unknown, of %d before", n, mostUnknown)
	}
}
