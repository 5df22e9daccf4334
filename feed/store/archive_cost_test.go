package store_test

import (
	"database/sql"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/publish"
	"broadsheet/feed/store"
	"broadsheet/internal/cost"
)

// archivedPaper is a store with n archived places in a section that shows few, as if its
// pages had been made: they are not looked at again, so that empty ones will do.
func archivedPaper(t *testing.T, n int) *store.Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "paper.db")
	s := open(t, path)
	plan := paper(1)
	plan.Sections = plan.Sections[1:2] // world
	plan.Sections[0].Limit = 20
	if _, err := s.Sync(t.Context(), day, plan); err != nil {
		t.Fatal(err)
	}
	press(t, s)
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=synchronous(0)")
	if err != nil {
		t.Fatal(err)
	}
	for _, statement := range []string{
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
			INSERT INTO entries (entry, source, revision, id, original, first_poll, undated, published, updated, first_seen, sort_at, words, issued)
			SELECT i, 1, 1, 'urn:x:' || i, i, 0, 0, i, i, i, i, '', 1 FROM n`,
		`INSERT INTO members (entry, section, sort_at, published, why)
			SELECT e.entry, c.section, e.sort_at, e.published, '' FROM entries e, sections c WHERE e.entry <= ?1`,
		`INSERT INTO sequence (section, seq, entry, teller) SELECT section, entry, entry, entry FROM members WHERE entry <= ?1`,
		`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1 / 50)
			INSERT INTO volumes (section, page, part, entries) SELECT c.section, i, 0, zeroblob(4000) FROM n, sections c`,
		`INSERT INTO archived (path, section, page, part, media_type, version, modified, hash, gzip)
			SELECT '/-/archive/' || section || '/' || page || '/rss.xml', section, page, 0, '', 1, 0, '', zeroblob(2000) FROM volumes WHERE page <= ?1`,
		`UPDATE sections SET places = ?1, bound = ?1 / 50`,
	} {
		if _, err := db.ExecContext(t.Context(), statement, n); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	press(t, s)
	return s
}

func press(t *testing.T, s *store.Store) {
	t.Helper()
	if _, err := publish.BuiltIn.Publish(t.Context(), s, day, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
}

// What is published costs what is new, whatever is stored: 100,000 archived entries are no
// dearer than 1,000.
func TestPublishingCostsTheSameHoweverMuchIsArchived(t *testing.T) {
	if cost.Race {
		t.Skip("the race detector counts for more than what is counted")
	}
	if testing.Short() {
		t.Skip("100,000 entries take a while to write")
	}
	const rounds = 3
	next := 0
	of := func(s *store.Store) time.Duration {
		least := time.Duration(1 << 62)
		for range rounds {
			var arrivals []feed.Arrival
			for range 20 {
				a := article(-next)
				next++
				a.Members = a.Members[1:]
				arrivals = append(arrivals, a)
			}
			pollNow(t, s, arrivals)
			least = min(least, cost.Of(func() { press(t, s) }))
		}
		return least
	}
	little, much := of(archivedPaper(t, 1000)), of(archivedPaper(t, 100_000))
	t.Logf("with 1,000: %v; with 100,000: %v", little, much)
	if much > 3*little/2+10*time.Millisecond {
		t.Errorf("publishing 20 articles took %v with 1,000 archived, and %v with 100,000", little, much)
	}
}

// pollNow stores arrivals of the only feed.
func pollNow(t *testing.T, s *store.Store, arrivals []feed.Arrival) {
	t.Helper()
	c, ok, err := s.Claim(t.Context(), day, feed.Ask{DueBy: day, Until: day.Add(time.Minute)})
	if err != nil || !ok {
		t.Fatal("no feed", err)
	}
	if _, err := s.Finish(t.Context(), day, feed.Report{Claim: c, Started: day, State: feed.StateOK,
		Status: feed.Changed, Next: day, HostFree: day, Arrivals: arrivals}); err != nil {
		t.Fatal(err)
	}
}
