package store_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/store"
	"broadsheet/feed/story"
)

// stocked is a store of two sources that has n entries of a third one, with sketches
// and with eight marks each, which is as many as there are. They are written past the
// store: what they are is of no account, only how many there are.
func stocked(b *testing.B, n int) *store.Store {
	b.Helper()
	path := filepath.Join(b.TempDir(), "paper.db")
	s := open(b, path)
	p := paper(3)
	for i := range p.Outlets {
		p.Outlets[i].Feeds[0].Host = fmt.Sprintf("host-%d.example", i)
	}
	if _, err := s.Sync(b.Context(), day, p); err != nil {
		b.Fatal(err)
	}
	db, err := sql.Open("sqlite", path)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	at := day.UnixMicro()
	sketch := story.Draw(feed.Entry{Title: "Ferries of the western harbour", Content: prose}).Pack()
	for _, step := range []struct {
		query string
		args  []any
	}{
		{`PRAGMA cache_size = -200000`, nil},
		{`INSERT INTO stamps (source, made, routed) SELECT source, recipe, 'rules-1' FROM sources`, nil},
		{`WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?)
			INSERT INTO entries (entry, source, stamp, revision, id, original, first_poll, undated, published, updated,
			first_seen, sort_at, words) SELECT n, 3, 3, 1, 'urn:' || n, 'urn:' || n, 0, 0, ?, ?, ?, ?, '' FROM i`,
			[]any{n, at, at, at, at}},
		{`INSERT INTO sketches SELECT entry, first_seen, 1, ? FROM entries`, []any{sketch}},
		{`WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 8)
			INSERT INTO marks SELECT random() AS mark, entry FROM entries, i ORDER BY mark`, nil},
		{`INSERT INTO members (entry, section, sort_at, published, why) SELECT entry, 1, sort_at - entry, published, '' FROM entries`, nil},
	} {
		if _, err := db.Exec(step.query, step.args...); err != nil {
			b.Fatal(err)
		}
	}
	return s
}

// invented is an article of its own.
func invented(n int) feed.Entry {
	words := []string{"harbour", "pilot", "orchard", "granite", "meadow", "violin", "market", "bridge", "copper", "winter", "parliament", "teacher", "glacier"}
	seed := uint64(n+1) * 0x9e3779b97f4a7c15
	next := func() string {
		seed = seed*6364136223846793005 + 1442695040888963407
		return words[seed>>33%uint64(len(words))]
	}
	var text strings.Builder
	for range 60 {
		fmt.Fprintf(&text, "<p>The %s of the %s met the %s near an old %s.</p>", next(), next(), next(), next())
	}
	return feed.Entry{Title: fmt.Sprintf("The %s, the %s and the %s of %s", next(), next(), next(), next()),
		Content: feed.HTML(text.String()), Language: "en", Published: day, Updated: day, FirstSeen: day, SortAt: day}
}

// BenchmarkGrouping is a poll with twenty new articles, five of which another source
// has brought before, in stores of growing size; ms/article is what one of them costs, all
// in all, and ms/bare the same where nothing can be grouped: no title, no text, no link.
//
//	go test ./feed/store -run xxx -bench Grouping -benchtime 50x -timeout 30m
func BenchmarkGrouping(b *testing.B) {
	for _, stored := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(stored), func(b *testing.B) {
			s := stocked(b, stored)
			n := 0
			bring := func(source string, first, count int, bare bool) time.Duration {
				var some []feed.Arrival
				for i := range count {
					e := invented(first + i)
					id := fmt.Sprintf("https://%s.example/%d", source, n)
					if n++; bare {
						e.Title, e.Content = "", ""
					} else {
						e.Link = id
					}
					some = append(some, feed.Arrival{IDs: []string{id}, Original: id, Made: "recipe-1", Routed: "rules-1", Entry: e,
						Keys:    []feed.Key{{Kind: feed.KeyGUID, Value: id}},
						Members: []feed.Membership{{Section: "all", Why: "a rule"}}})
				}
				c, ok, err := s.Claim(b.Context(), day, feed.Ask{DueBy: day, Sources: []string{source}, Until: day.Add(time.Minute)})
				if err != nil || !ok {
					b.Fatal("no feed", err)
				}
				begun := time.Now()
				if _, err := s.Finish(b.Context(), day, feed.Report{Claim: c, Started: day, State: feed.StateOK,
					Status: feed.Changed, Next: day, HostFree: day, Arrivals: some}); err != nil {
					b.Fatal(err)
				}
				return time.Since(begun)
			}
			const perPoll, copies = 20, 5
			var full, bare time.Duration
			polls := 0
			for i := 0; b.Loop(); i++ {
				bring("source-0", i*100, copies, false)
				full += bring("source-1", i*100, perPoll, false)
				bare += bring("source-1", i*100, perPoll, true)
				polls++
			}
			each := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(polls*perPoll) }
			b.ReportMetric(each(full), "ms/article")
			b.ReportMetric(each(bare), "ms/bare")
			b.ReportMetric(0, "ns/op")
		})
	}
}
