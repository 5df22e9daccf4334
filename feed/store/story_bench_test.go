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
	"broadsheet/internal/cost"
)

// stocked is a store of two sources that has n entries of a third one, with sketches
// and with eight marks each, which is as many as there are. They are written past the
// store: what they are is of no account, only how many there are.
func stocked(b testing.TB, n int) *store.Store {
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
		{`INSERT INTO sketches SELECT entry, first_seen, ?, 1, 0, 0, ? FROM entries`, []any{story.Version, sketch}},
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

// brings brings articles to a store.
type brings struct {
	s    *store.Store
	next int // number of the next article
}

// poll stores count articles of a source and gives what that cost.
func (g *brings) poll(tb testing.TB, source string, first, count int, bare bool) time.Duration {
	tb.Helper()
	var some []feed.Arrival
	for i := range count {
		e := invented(first + i)
		id := fmt.Sprintf("https://%s.example/%d", source, g.next)
		if g.next++; bare {
			e.Title, e.Content = "", ""
		} else {
			e.Link = id
		}
		some = append(some, feed.Arrival{IDs: []string{id}, Original: id, Made: "recipe-1", Routed: "rules-1", Entry: e,
			Keys:    []feed.Key{{Kind: feed.KeyGUID, Value: id}},
			Members: []feed.Membership{{Section: "all", Why: "a rule"}}})
	}
	c, ok, err := g.s.Claim(tb.Context(), day, feed.Ask{DueBy: day, Sources: []string{source}, Until: day.Add(time.Minute)})
	if err != nil || !ok {
		tb.Fatal("no feed", err)
	}
	return cost.Of(func() {
		if _, err := g.s.Finish(tb.Context(), day, feed.Report{Claim: c, Started: day, State: feed.StateOK,
			Status: feed.Changed, Next: day, HostFree: day, Arrivals: some}); err != nil {
			tb.Fatal(err)
		}
	})
}

// measure is what polls of twenty new articles cost, in milliseconds of the processor
// for each article: in full, five of them brought by another source before, and bare, with
// nothing that can be grouped: no title, no text, no link.
func (g *brings) measure(tb testing.TB, polls int) (full, bare float64) {
	tb.Helper()
	const perPoll, copies = 20, 5
	var spent [2]time.Duration
	for i := range polls {
		first := (g.next + i) * 1000
		g.poll(tb, "source-0", first, copies, false)
		spent[0] += g.poll(tb, "source-1", first, perPoll, false)
		spent[1] += g.poll(tb, "source-1", first, perPoll, true)
	}
	each := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(polls*perPoll) }
	return each(spent[0]), each(spent[1])
}

// BenchmarkGrouping is the cost of a new article in stores of growing size.
//
//	go test ./feed/store -run xxx -bench Grouping -benchtime 1x -timeout 30m
func BenchmarkGrouping(b *testing.B) {
	for _, stored := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(stored), func(b *testing.B) {
			g := brings{s: stocked(b, stored)}
			var full, bare float64
			for b.Loop() {
				full, bare = g.measure(b, 50)
			}
			b.ReportMetric(full, "cpu-ms/article")
			b.ReportMetric(bare, "cpu-ms/bare")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// TestGroupingCostsTheSameHoweverManyAreStored: of a million that is what the benchmark
// says.
func TestGroupingCostsTheSameHoweverManyAreStored(t *testing.T) {
	if testing.Short() || cost.Race {
		t.Skip("fills a store")
	}
	small, large := brings{s: stocked(t, 2_000)}, brings{s: stocked(t, 60_000)}
	few, _ := small.measure(t, 10)
	many, _ := large.measure(t, 10)
	t.Logf("of 2,000 stored %.2f ms an article, of 60,000 %.2f ms", few, many)
	if many > 2*few {
		t.Errorf("an article costs %.2f ms where 60,000 are stored, and %.2f ms where 2,000 are", many, few)
	}
}
