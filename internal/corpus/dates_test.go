package corpus

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
	"broadsheet/sources/syndication"
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

// TestDatesOfTheValidator: the forms of RSS 2.0 that the W3C's validator tests are
// read, the wrong ones too where no other day could be meant (RSS-5).
func TestDatesOfTheValidator(t *testing.T) {
	root := os.Getenv("BROADSHEET_CORPUS")
	if root == "" {
		t.Skip("BROADSHEET_CORPUS does not name a corpus")
	}
	const noSuchDay = "invalid_pubdate_day.xml" // 31 June
	files, err := filepath.Glob(filepath.Join(root, "suites/feedvalidator/input/rss20/data-types-datetime/*.xml"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	read, one := 0, map[time.Time]int{}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		doc, err := syndication.Parse(body, syndication.Input{URL: "https://corpus.example/"})
		if err != nil {
			t.Fatal(err)
		}
		dates := []string{doc.Header.Updated}
		for _, it := range doc.Items {
			dates = append(dates, it.Published)
		}
		for _, s := range dates {
			if s == "" {
				continue
			}
			at, ok := normalise.OwnDate(feed.Item{Published: s}, nil)
			if ok == (filepath.Base(file) == noSuchDay) {
				t.Errorf("%s: %q is read as %v, %v", filepath.Base(file), s, at, ok)
			}
			read++
			one[at]++
		}
	}
	t.Logf("%d dates of %d files", read, len(files))
	// One file writes one moment in every way there is; three of them use military
	// zones, the signs of which RFC 822 had wrong.
	const ways = 20
	if same := one[time.Date(2006, 2, 9, 23, 59, 45, 0, time.UTC)]; same < ways {
		t.Errorf("only %d ways to write one moment are read alike, not %d", same, ways)
	}
}
