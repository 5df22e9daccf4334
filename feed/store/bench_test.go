package store_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/store"
)

// day is when the benchmarks begin.
var day = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// paper is a configuration of n sources and three sections.
func paper(n int) feed.Plan {
	p := feed.Plan{Site: feed.Site{Title: "The Test", URL: "https://paper.example"},
		Rules: "rules-1", Press: "press-1",
		Sections: []feed.Section{{Name: "all", Title: "All"},
			{Name: "world", Title: "World", Limit: 80, MaxAge: 30 * 24 * time.Hour, Min: 10},
			{Name: "sport", Title: "Sport", Limit: 80}}}
	for i := range n {
		name := fmt.Sprintf("source-%d", i)
		p.Outlets = append(p.Outlets, feed.PlannedOutlet{Recipe: "recipe-1",
			Outlet: feed.Outlet{Name: name, Feeds: []feed.Subscription{{Source: name, Kind: "feed",
				URL: "https://" + name + ".example/feed", Every: "1h", Slots: 1,
				Host: fmt.Sprintf("host-%d.example", i%(n/2+1))}}}})
	}
	return p
}

// prose is about the text of a feed's article.
var prose = func() feed.HTML {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, "<p>The %d ferries of line %d left the harbour at %d o'clock, as they do "+
			"whenever the wind is from the west.</p>", i*7, i, i%24)
	}
	return feed.HTML(b.String())
}()

// article is the n-th of all, in two sections, published n minutes before day.
func article(n int) feed.Arrival {
	id := fmt.Sprintf("https://source.example/%d", n)
	at := day.Add(-time.Duration(n) * time.Minute)
	return feed.Arrival{IDs: []string{id}, Original: id, FirstPoll: true,
		Keys: []feed.Key{{Kind: feed.KeyGUID, Value: id}, {Kind: feed.KeyLink, Value: id[8:]},
			{Kind: feed.KeyText, Value: fmt.Sprintf("%064d", n)}},
		Hash: fmt.Sprintf("%064d", n), Made: "recipe-1", Routed: "rules-1",
		Item: feed.Item{ID: id, Title: feed.Plain("Ferries"), Content: feed.Text{Value: feed.RawHTML(prose)}},
		Entry: feed.Entry{Title: fmt.Sprintf("Ferries, part %d", n), Link: id, Content: prose,
			Published: at, Updated: at, FirstSeen: day, SortAt: at, Digest: id},
		Members: []feed.Membership{{Section: "all", Why: "a rule"}, {Section: "world", Why: "another rule"}}}
}

// filled is a store of one source with entries.
func filled(b *testing.B, entries int) *store.Store {
	b.Helper()
	s := open(b, filepath.Join(b.TempDir(), "paper.db"))
	if _, err := s.Sync(b.Context(), day, paper(1)); err != nil {
		b.Fatal(err)
	}
	for from := 0; from < entries; from += 1000 {
		var some []feed.Arrival
		for n := from; n < min(from+1000, entries); n++ {
			some = append(some, article(n))
		}
		poll(b, s, day, some)
	}
	return s
}

// poll claims the only feed and stores arrivals; it is due again at once.
func poll(b testing.TB, s *store.Store, now time.Time, arrivals []feed.Arrival) {
	b.Helper()
	c, ok, err := s.Claim(b.Context(), now, feed.Ask{DueBy: now, Until: now.Add(time.Minute)})
	if err != nil || !ok {
		b.Fatal("no feed", err)
	}
	var keys []feed.Key
	for _, a := range arrivals {
		keys = append(keys, a.Keys...)
	}
	if _, err := s.Known(b.Context(), c, keys); err != nil {
		b.Fatal(err)
	}
	if _, err := s.Finish(b.Context(), now, feed.Report{Claim: c, Started: now, State: feed.StateOK,
		Status: feed.Changed, Next: now, HostFree: now, Arrivals: arrivals}); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkPollWith20NewEntries(b *testing.B) {
	s, n := filled(b, 10000), 10000
	for b.Loop() {
		var some []feed.Arrival
		for range 20 {
			some = append(some, article(n))
			n++
		}
		poll(b, s, day, some)
	}
}

func BenchmarkPollThatFoundNothingNew(b *testing.B) {
	s := filled(b, 10000)
	for b.Loop() {
		poll(b, s, day, nil)
	}
}

func BenchmarkLookUp100ItemsOf3Keys(b *testing.B) {
	s := filled(b, 10000)
	c, _, err := s.Claim(b.Context(), day, feed.Ask{DueBy: day, Until: day.Add(time.Minute)})
	if err != nil {
		b.Fatal(err)
	}
	var keys []feed.Key
	for n := range 100 {
		keys = append(keys, article(n*50).Keys...)
	}
	for b.Loop() {
		if known, err := s.Known(b.Context(), c, keys); err != nil || len(known) != 300 {
			b.Fatal(len(known), err)
		}
	}
}

// BenchmarkClaim takes and lets go a feed of 10,000 at 5,000 hosts, most of which
// are due, while 30 others are being polled.
func BenchmarkClaim(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "paper.db"))
	if _, err := s.Sync(b.Context(), day, paper(10000)); err != nil {
		b.Fatal(err)
	}
	ask := feed.Ask{DueBy: day, Until: day.Add(time.Hour)}
	for range 30 {
		if _, ok, err := s.Claim(b.Context(), day, ask); err != nil || !ok {
			b.Fatal(ok, err)
		}
	}
	b.Run("claim and release", func(b *testing.B) {
		for b.Loop() {
			c, ok, err := s.Claim(b.Context(), day, ask)
			if err != nil || !ok {
				b.Fatal(ok, err)
			}
			if err := s.Release(b.Context(), day, c.Lease, day); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("next due", func(b *testing.B) {
		for b.Loop() {
			if _, ok, err := s.NextDue(b.Context(), day, ask); err != nil || !ok {
				b.Fatal(ok, err)
			}
		}
	})
	b.Run("sync again", func(b *testing.B) {
		p := paper(10000)
		for b.Loop() {
			if _, err := s.Sync(b.Context(), day, p); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkClaimPage takes and lets go a page of 20,000 at 500 hosts, half of which are
// due, and looks when the next one is.
func BenchmarkClaimPage(b *testing.B) {
	s := open(b, filepath.Join(b.TempDir(), "paper.db"))
	p := paper(1)
	p.Outlets[0].FullText = feed.FullTextAuto
	if _, err := s.Sync(b.Context(), day, p); err != nil {
		b.Fatal(err)
	}
	for from := 0; from < 20000; from += 1000 {
		var some []feed.Arrival
		for n := from; n < from+1000; n++ {
			a := article(n)
			host := fmt.Sprintf("page-%d.example", n%500)
			a.Ask = &feed.PageAsk{URL: a.Entry.Link, Host: host, Server: host, Slots: 1, Due: day.Add(time.Duration(n%2) * time.Hour)}
			some = append(some, a)
		}
		poll(b, s, day, some)
	}
	ask := feed.Ask{DueBy: day.Add(-time.Hour), Until: day.Add(time.Hour)}
	b.Run("claim and release", func(b *testing.B) {
		for b.Loop() {
			c, ok, err := s.ClaimPage(b.Context(), day, ask)
			if err != nil || !ok {
				b.Fatal(ok, err)
			}
			if err := s.Release(b.Context(), day, c.Lease, day); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("next due", func(b *testing.B) {
		for b.Loop() {
			if _, ok, err := s.NextPage(b.Context(), day, day.Add(time.Minute), ask); err != nil || !ok {
				b.Fatal(ok, err)
			}
		}
	})
	b.Run("nothing waits", func(b *testing.B) {
		for b.Loop() {
			if some, _, err := s.Ripe(b.Context(), day, 100); err != nil || len(some) != 0 {
				b.Fatal(len(some), err)
			}
		}
	})
}

func BenchmarkView(b *testing.B) {
	s := filled(b, 20000)
	for _, n := range []int{50, 500, 5000} {
		p := paper(1)
		p.Sections[0].Limit = n
		if _, err := s.Sync(b.Context(), day, p); err != nil {
			b.Fatal(err)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if v, err := s.View(b.Context(), "all"); err != nil || len(v.Entries) != n {
					b.Fatal(len(v.Entries), err)
				}
			}
		})
	}
}

func BenchmarkOf100000Entries(b *testing.B) {
	s := filled(b, 100000)
	b.Run("nothing is outdated", func(b *testing.B) {
		for b.Loop() {
			if some, err := s.Outdated(b.Context(), 0, 100); err != nil || len(some) != 0 {
				b.Fatal(len(some), err)
			}
		}
	})
	b.Run("find by words", func(b *testing.B) {
		for b.Loop() {
			if some, err := s.Find(b.Context(), "ferries 99999", 10); err != nil || len(some) != 1 {
				b.Fatal(len(some), err)
			}
		}
	})
	b.Run("status", func(b *testing.B) {
		for b.Loop() {
			if _, _, err := s.Status(b.Context(), day); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("housekeep", func(b *testing.B) {
		for b.Loop() {
			if _, err := s.Housekeep(b.Context(), day); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("shelf without news", func(b *testing.B) {
		for b.Loop() {
			if _, _, _, err := s.Shelf(b.Context(), 0); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("all outdated, a batch of 100", func(b *testing.B) {
		p := paper(1)
		p.Rules = "rules-2"
		if _, err := s.Sync(b.Context(), day, p); err != nil {
			b.Fatal(err)
		}
		for b.Loop() {
			if some, err := s.Outdated(b.Context(), 50000, 100); err != nil || len(some) != 100 {
				b.Fatal(len(some), err)
			}
		}
	})
}
