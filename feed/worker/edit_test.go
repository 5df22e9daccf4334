package worker

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/feed"
)

// flood are n articles that nobody saw before, each a minute older than the one
// before.
func flood(n int, newest time.Time) (items []feed.Item) {
	for i := range n {
		items = append(items, feed.Item{ID: fmt.Sprintf("flood-%d", i), Title: feed.Plain(fmt.Sprintf("Flood %d", i)),
			Published: newest.Add(-time.Duration(i) * time.Minute).Format(time.RFC3339)})
	}
	return items
}

// pollAgain polls "gulf" once more, as a feed that holds so many articles.
func pollAgain(t *testing.T, held int, items ...feed.Item) feed.Report {
	t.Helper()
	w, b := staff(t, map[string]sourceFunc{"gulf": nil})
	w.Clock = func() time.Time { return at("2026-11-22 12:00:00") }
	claim := claimOf("gulf")
	claim.First, claim.Held, claim.Success = false, held, at("2026-11-22 11:00:00")
	claim.Lease.Token = "gulf"
	b.leases[claim.Lease.Host] = claim.Lease
	report := reportOf(claim, feed.Outcome{Status: feed.Changed, Items: items,
		Gone: []feed.Retraction{{ID: "old"}}}, nil, w.Clock())
	if err := w.edit(t.Context(), &report, items); err != nil {
		t.Fatal(err)
	}
	return report
}

// TestAFloodIsHeldAtItsOwnDates (T-21).
func TestAFloodIsHeldAtItsOwnDates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		newest := at("2026-11-22 11:50:00")
		r := pollAgain(t, 0, flood(51, newest)...)
		if len(r.Arrivals) != 51 {
			t.Fatalf("%d arrive", len(r.Arrivals))
		}
		for _, a := range r.Arrivals {
			if a.Standing != feed.Held || a.Why == "" || !a.Entry.SortAt.Equal(a.Entry.Published) {
				t.Fatalf("%s is %q (%s) at %v", a.Entry.Title, a.Standing, a.Why, a.Entry.SortAt)
			}
		}
		if g := r.History.Guard; !g.Tripped.Equal(at("2026-11-22 12:00:00")) || g.Largest != 0 {
			t.Errorf("the guard after it is %+v", g)
		}
		for _, a := range pollAgain(t, 0, flood(50, newest)...).Arrivals {
			if a.Standing != feed.Shown {
				t.Fatalf("fifty are usual, and %s is %q", a.Entry.Title, a.Standing)
			}
		}
	})
}

// TestWhatIsHeldIsBounded: a source that floods at every poll fills no disk.
func TestWhatIsHeldIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := pollAgain(t, maxHeld-10, flood(60, at("2026-11-22 11:50:00"))...)
		if len(r.Arrivals) != 10 || len(r.Drops) != 50 || r.Drops[0].Code != "flood" {
			t.Errorf("%d are held, %d left out: %+v", len(r.Arrivals), len(r.Drops), r.Drops[:1])
		}
	})
}

// A source takes back what it says it does (RFC 6721), but not while it may be another one
// that answers in its place.
func TestWhatASourceTakesBackIsBelievedUnlessItsGuardTrips(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		newest := at("2026-11-22 11:50:00")
		if r := pollAgain(t, 0, flood(3, newest)...); len(r.Gone) != 1 || r.Gone[0].ID != "old" {
			t.Errorf("took back %v", r.Gone)
		}
		if r := pollAgain(t, 0, flood(51, newest)...); r.Gone != nil {
			t.Errorf("in a flood it took back %v", r.Gone)
		}
	})
}
