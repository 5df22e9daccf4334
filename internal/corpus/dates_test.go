package corpus

import (
	"maps"
	"slices"
	"testing"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
)

// noDates are the feeds of the corpus with dates that cannot be read: how many forms,
// and why.
var noDates = map[string]struct {
	forms int
	why   string
}{
	"simplepie_simplepie-ng__2322.rss":       {3, "the month Jua is as near to January as to June"},
	"feedhq_feedhq__nikolay.rocks_atom.atom": {1, "the word null is no date"},
}

// TestEveryDateIsRead: every date of an article of the corpus is read, but for those
// of which it is known why they cannot be (RSS-5).
func TestEveryDateIsRead(t *testing.T) {
	dates, unread := 0, map[string]map[string]bool{}
	eachItem(t, func(name string, it feed.Item) {
		for _, s := range []string{it.Published, it.Updated} {
			if s == "" {
				continue
			}
			dates++
			if _, ok := normalise.OwnDate(feed.Item{Published: s, Language: it.Language}, nil); !ok {
				if unread[name] == nil {
					unread[name] = map[string]bool{}
				}
				unread[name][s] = true
			}
		}
	})
	t.Logf("%d dates; %d feeds have some that cannot be read", dates, len(unread))
	for _, name := range slices.Sorted(maps.Keys(unread)) {
		forms := slices.Sorted(maps.Keys(unread[name]))
		t.Logf("%s: %q: %s", name, forms, noDates[name].why)
		if len(forms) != noDates[name].forms {
			t.Errorf("%s: %d forms are not read, want %d", name, len(forms), noDates[name].forms)
		}
	}
	for name := range noDates {
		if unread[name] == nil {
			t.Errorf("every date of %s is read, or there is none", name)
		}
	}
}
