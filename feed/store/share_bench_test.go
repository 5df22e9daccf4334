package store_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/store"
	"broadsheet/internal/cost"
)

// crowd is a store whose section all shows five entries of a source and holds n of
// one.
type crowd struct {
	s *store.Store
	n int
}

func crowded(tb testing.TB, n int) *crowd {
	tb.Helper()
	c := &crowd{s: open(tb, filepath.Join(tb.TempDir(), "paper.db"))}
	p := paper(1)
	p.Sections[0].MaxPerSource, p.Sections[1].MaxPerSource = 5, 5
	if _, err := c.s.Sync(tb.Context(), day, p); err != nil {
		tb.Fatal(err)
	}
	for c.n < n {
		c.poll(tb, min(1000, n-c.n))
	}
	return c
}

// poll brings so many new entries, the newest of all, each without a text that another
// one could be a copy of.
func (c *crowd) poll(tb testing.TB, n int) {
	tb.Helper()
	var some []feed.Arrival
	for range n {
		a := article(c.n)
		at := day.Add(time.Duration(c.n) * time.Second)
		a.Entry.Content, a.Item.Content = "", feed.Text{}
		a.Entry.Title = fmt.Sprintf("Ferry %d", c.n)
		a.Entry.Published, a.Entry.Updated, a.Entry.SortAt = at, at, at
		some = append(some, a)
		c.n++
	}
	claim, ok, err := c.s.Claim(tb.Context(), day, feed.Ask{DueBy: day, Until: day.Add(time.Minute)})
	if err != nil || !ok {
		tb.Fatal("no feed", err)
	}
	if _, err := c.s.Finish(tb.Context(), day, feed.Report{Claim: claim, Started: day, State: feed.StateOK,
		Status: feed.Changed, Next: day, HostFree: day, Arrivals: some}); err != nil {
		tb.Fatal(err)
	}
}

func BenchmarkPollWith20NewEntriesOfACrowd(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			c := crowded(b, n)
			for b.Loop() {
				c.poll(b, 20)
			}
		})
	}
}

// Of 100,000 that is what the benchmark says.
func TestASharedSectionCostsTheSameHoweverManyAreSqueezedOut(t *testing.T) {
	if testing.Short() || cost.Race {
		t.Skip("fills a store")
	}
	measure := func(stored int) time.Duration {
		c := crowded(t, stored)
		best := time.Hour
		for range 10 {
			best = min(best, cost.Of(func() { c.poll(t, 20) }))
		}
		return best
	}
	few, many := measure(500), measure(5_000)
	t.Logf("20 new entries: %v where 500 are stored, %v where 5,000 are", few, many)
	if many > 2*few {
		t.Errorf("20 new entries cost %v where 5,000 are stored, and %v where 500 are", many, few)
	}
}
