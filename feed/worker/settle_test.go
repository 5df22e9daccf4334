package worker_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
	"broadsheet/feed/worker"
)

// settled is what becomes of a stored entry, made of before, when its feed says now.
func settled(t *testing.T, stored feed.Entry, before, now feed.Item, at time.Time) feed.Entry {
	t.Helper()
	makeOf := func(it feed.Item) feed.Entry {
		made, err := normalise.Make(normalise.Input{Sightings: []feed.Sighting{{Item: it}}, FirstSeen: stored.FirstSeen})
		if err != nil {
			t.Fatal(err)
		}
		return made.Entry
	}
	return worker.Settle(stored, makeOf(before), makeOf(now), at)
}

// TestPublishedNeverMoves: whatever date a feed gives to an article later, or takes
// away, it stands where it stood; one without a date stands at first sight for ever
// (RSS-5, ATOM-7).
func TestPublishedNeverMoves(t *testing.T) {
	seen := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	own := time.Date(2026, 2, 20, 8, 0, 0, 0, time.UTC)
	text := feed.Plain("A plank of the pier was mended, said the harbour office.")
	dates := map[string]feed.Item{
		"none":                {},
		"its own":             {Published: own.Format(time.RFC1123Z)},
		"an earlier one":      {Published: own.AddDate(0, 0, -9).Format(time.RFC3339)},
		"a later one":         {Published: own.AddDate(0, 0, 2).Format(time.RFC3339)},
		"the future":          {Published: seen.AddDate(0, 1, 0).Format(time.RFC3339)},
		"nonsense":            {Published: "soon"},
		"when it was built":   {Published: "Mon, 02 Mar 2026 12:00:00 GMT", Channel: feed.Channel{Updated: "Mon, 02 Mar 2026 12:00:00 GMT"}},
		"updated only":        {Updated: own.AddDate(0, 0, 3).Format(time.RFC3339)},
		"another and updated": {Published: own.AddDate(0, 0, 2).Format(time.RFC3339), Updated: own.AddDate(0, 0, 3).Format(time.RFC3339)},
	}
	for first, before := range dates {
		for later, after := range dates {
			for _, edited := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, then %s, edited %v", first, later, edited), func(t *testing.T) {
					before, after := before, after
					before.Title, before.Summary, after.Title, after.Summary = feed.Plain("Pier"), text, feed.Plain("Pier"), text
					if edited {
						after.Summary = feed.Plain("Two planks of the pier were mended, said the harbour office.")
					}
					made, err := normalise.Make(normalise.Input{Sightings: []feed.Sighting{{Item: before}}, FirstSeen: seen})
					if err != nil {
						t.Fatal(err)
					}
					stored := made.Entry
					at := seen.AddDate(0, 0, 1)
					got := settled(t, stored, before, after, at)
					if !got.Published.Equal(stored.Published) || got.Undated != stored.Undated || !got.FirstSeen.Equal(seen) {
						t.Errorf("published %v, undated %v; it was %v, %v", got.Published, got.Undated, stored.Published, stored.Undated)
					}
					if moved := !got.Updated.Equal(stored.Updated); moved != edited {
						t.Errorf("updated moved from %v to %v", stored.Updated, got.Updated)
					}
					if got.Updated.Before(got.Published) || got.Updated.After(at) {
						t.Errorf("updated %v", got.Updated)
					}
				})
			}
		}
	}
}

// TestFlapsAreNoUpdates: what changes at every poll although nobody wrote anything does
// not count, a thousand times over; one corrected paragraph does.
func TestFlapsAreNoUpdates(t *testing.T) {
	seen := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	random := rand.New(rand.NewPCG(4, 3))
	flap := func(planks string) feed.Item {
		var b strings.Builder
		n := func() int { return random.IntN(9000) }
		fmt.Fprintf(&b, `<p>%s planks of the pier were mended, said the harbour office on Tuesday.</p>`, planks)
		fmt.Fprintf(&b, `<p class="meta">%d comments, %d hours ago</p>`, n(), 2+random.IntN(20))
		fmt.Fprintf(&b, `<img src="https://ads.example/banner-%d.png?cb=%d" width="728" height="90" alt="">`, n(), n())
		fmt.Fprintf(&b, `<p>The ferry goes again on <a href="https://pier.example/ferry?utm_campaign=c%d">Friday</a>.</p>`, n())
		fmt.Fprintf(&b, `<img src="https://count.example/pixel.gif?n=%d" width="1" height="1">`, n())
		fmt.Fprintf(&b, `<p>%d views | %d shares | %d Likes</p>`, n(), n(), n())
		return feed.Item{ID: "1", Title: feed.Plain("Pier"), Content: feed.Text{Kind: feed.TextHTML, Value: feed.RawHTML(b.String())},
			Published: "Sun, 01 Mar 2026 10:00:00 GMT", CommentCount: n()}
	}
	before := flap("Two")
	made, err := normalise.Make(normalise.Input{Sightings: []feed.Sighting{{Item: before}}, FirstSeen: seen})
	if err != nil {
		t.Fatal(err)
	}
	stored, updates, at := made.Entry, 0, seen
	for range 1000 {
		at = at.Add(20 * time.Minute)
		after := flap("Two")
		got := settled(t, stored, before, after, at)
		if !got.Updated.Equal(stored.Updated) {
			updates++
		}
		stored, before = got, after
	}
	if updates != 0 {
		t.Errorf("%d updates by 1000 flaps", updates)
	}
	if got := settled(t, stored, before, flap("Three"), at.Add(time.Hour)); !got.Updated.Equal(at.Add(time.Hour)) {
		t.Errorf("a corrected paragraph: updated %v", got.Updated)
	}
}
