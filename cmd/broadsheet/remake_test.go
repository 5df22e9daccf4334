package main

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
	"broadsheet/feed/worker"
)

// dated is what of an entry must not move when it is made anew.
type dated struct {
	ID                                      string
	Published, Updated, FirstSeen, SortedAt time.Time
	Undated                                 bool
}

// stored reads every entry of a desk's store whose title has a word.
func stored(t *testing.T, d *desk, word string) map[string]dated {
	t.Helper()
	n := d.newsroom()
	defer n.close()
	found, err := n.store.Find(t.Context(), word, 1<<20)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]dated{}
	for _, s := range found {
		e := s.Entry
		out[e.Title] = dated{e.ID, e.Published, e.Updated, e.FirstSeen, e.SortAt, e.Undated}
	}
	return out
}

// newsroom opens the desk's newsroom as a command would.
func (d *desk) newsroom() *newsroom {
	d.t.Helper()
	p, _, _ := d.start()
	n, err := p.openNewsroom(d.t.Context(), paper(d.t, d), slog.New(slog.DiscardHandler), true)
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

// TestWhatChangesInCleaningAndRulesIsAppliedToStoredEntries: a recipe and a rule
// change; every stored entry is made anew, without a request, and nothing moves
// that readers hold on to.
func TestWhatChangesInCleaningAndRulesIsAppliedToStoredEntries(t *testing.T) {
	d := newDesk(t)
	d.config(twoSections)
	var items []string
	for i := range 250 { // more than two batches
		items = append(items, fmt.Sprintf("%d|http://gulf.example/%d|Report %d|%d|Weather", i, i, i, i))
	}
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, items...))
	d.run("once")
	before := stored(t, d, "Report")
	if len(before) != len(items) {
		t.Fatalf("%d entries are stored, want %d", len(before), len(items))
	}
	d.web.Forget()
	d.later(50 * time.Hour)
	// The categories of a source are part of its recipe; the rule asks for them.
	d.config(strings.NewReplacer("every: 1h", "every: 1h, categories: [Bulletin]",
		"category: Iran", "category: Bulletin").Replace(twoSections))
	n := d.newsroom()
	written, err := n.worker.Remake(t.Context())
	if err != nil || written != len(items) {
		t.Errorf("%d entries were made anew, %v; want %d", written, err, len(items))
	}
	if again, err := n.worker.Remake(t.Context()); err != nil || again != 0 {
		t.Errorf("%d were made anew again, %v", again, err)
	}
	if err := n.close(); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, stored(t, d, "Report")); diff != "" {
		t.Errorf("something moved (-before +after):\n%s", diff)
	}
	var section jsonFeed
	decode(t, d.build()["iran/feed.json"], &section)
	if len(section.Items) != 50 || !strings.Contains(strings.Join(section.Items[0].Tags, " "), "Bulletin") {
		t.Errorf("the section shows %d articles, the first tagged %v", len(section.Items), section.Items[0].Tags)
	}
	if log := d.web.Log(); len(log) != 0 {
		t.Errorf("%d requests were sent", len(log))
	}
}

// fill stores count entries of the desk's first source, through the store's own
// door: claims and reports.
func fill(tb testing.TB, d *desk, n *newsroom, count int) {
	tb.Helper()
	const perPoll = 1000
	outlet := n.conf.Outlets[0]
	for done := 0; done < count; done += perPoll {
		d.later(3 * time.Hour)
		now := d.clock()
		claim, ok, err := n.store.Claim(context.Background(), now, feed.Ask{DueBy: now, Until: now.Add(time.Hour)})
		if err != nil || !ok {
			tb.Fatalf("claim: %t, %v", ok, err)
		}
		report := feed.Report{Claim: claim, Started: now, State: feed.StateOK, Status: feed.Changed,
			Next: now.Add(time.Hour), Reason: "every 1h", HostFree: now}
		for i := done; i < done+perPoll; i++ {
			report.Arrivals = append(report.Arrivals, filler(outlet, n.worker.Desk, i, now))
		}
		if _, err := n.store.Finish(context.Background(), now, report); err != nil {
			tb.Fatal(err)
		}
	}
}

// fillerText is about as long as an article of a news site.
var fillerText = strings.Repeat("The first convoy in three weeks left on Sunday, hours after all had agreed on one tariff. ", 30)

// filler is a stored article as a poll would bring it.
func filler(outlet feed.Outlet, desk *worker.Desk, i int, now time.Time) feed.Arrival {
	id := fmt.Sprintf("tag:gulf.example,2026:%d", i)
	e := feed.Entry{Title: fmt.Sprintf("Report %d", i), Link: fmt.Sprintf("http://gulf.example/%d", i),
		Content: feed.HTML("<p>" + fillerText + "</p>"), Published: now.Add(-time.Minute), Updated: now.Add(-time.Minute),
		FirstSeen: now, SortAt: now, Source: outlet.Name, Digest: id, Language: "en"}
	item := feed.Item{ID: id, Title: feed.Plain(e.Title), Content: feed.Text{Kind: feed.TextHTML, Value: feed.RawHTML(e.Content)},
		Links: []feed.Link{{Rel: "alternate", Href: e.Link}}, Published: e.Published.Format(time.RFC3339)}
	return feed.Arrival{IDs: []string{id}, Original: id, Keys: []feed.Key{{Kind: feed.KeyGUID, Value: id}}, Entry: e, Item: item,
		Hash: id, Members: desk.Router.Route(&e), Made: desk.Recipe(outlet.Name), Routed: desk.Rules()}
}

// BenchmarkStart is the time from the start of `run` to the first byte, with a
// hundred thousand entries stored, all of which a changed recipe outdates each
// time, so that they are made anew meanwhile:
//
//	go test ./cmd/broadsheet -run xxx -bench 'Start|Remake' -benchtime 3x -timeout 20m
func BenchmarkStart(b *testing.B) {
	d := newDesk(b)
	fillDesk(b, d)
	for i := 0; b.Loop(); i++ {
		d.config(recipe(i))
		base, _, stop := d.serve()
		if resp := get(b, base+"/world/atom.xml"); resp.StatusCode != 200 {
			b.Errorf("the first answer is %s", resp.Status)
		}
		b.StopTimer()
		stop()
		b.StartTimer()
	}
}

// BenchmarkRemake is the making anew of a hundred thousand stored entries.
func BenchmarkRemake(b *testing.B) {
	d := newDesk(b)
	fillDesk(b, d)
	for i := 0; b.Loop(); i++ {
		d.config(recipe(i))
		n := d.newsroom()
		if written, err := n.worker.Remake(b.Context()); err != nil || written != manyEntries {
			b.Errorf("%d entries were made anew, %v", written, err)
		}
		if err := n.close(); err != nil {
			b.Fatal(err)
		}
	}
}

const manyEntries = 100_000

// fillDesk stores and publishes manyEntries.
func fillDesk(b *testing.B, d *desk) {
	d.config(recipe(-1))
	n := d.newsroom()
	begun := time.Now()
	fill(b, d, n, manyEntries)
	if _, err := n.publish(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := n.close(); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d entries stored in %v", manyEntries, time.Since(begun).Round(time.Millisecond))
}

// recipe is a configuration that makes entries otherwise than any other one.
func recipe(i int) string {
	return strings.Replace(twoSections, "every: 1h", fmt.Sprintf("every: 1h, categories: [Edition %d]", i), 1)
}
