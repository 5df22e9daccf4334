package worker

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/feed"
)

func TestRemakeWritesInBatchesAndKeepsWhatCannotBeMadeAnyMore(t *testing.T) {
	w, b := staff(t, map[string]sourceFunc{"gulf": nil})
	for row := range int64(remakeBatch + 20) {
		s := feed.Stored{Row: row + 1, Revision: 7, Made: "old", Routed: "old", Original: "x",
			Entry:     feed.Entry{ID: "urn:x", Source: "gulf", Title: "before", Updated: at("2026-11-01 00:00:00")},
			Sightings: []feed.Sighting{{Feed: "http://gulf.example/feed", Item: found("after").Items[0]}}}
		if row == 3 {
			s.Sightings[0].Item = feed.Item{} // nothing to show
		}
		b.outdated = append(b.outdated, s)
	}
	told := 0
	w.OnTouched = func([]string) { told++ }
	written, err := w.Remake(t.Context())
	if err != nil || written != remakeBatch+20 || told != 2 {
		t.Fatalf("%d were written in %d batches, %v", written, told, err)
	}
	for i, a := range b.remade {
		want := "after"
		if i == 3 {
			want = "before"
		}
		if a.Entry.Title != want || a.Entry.ID != "urn:x" || a.Revision != 7 || a.Made != w.Desk.Recipe("gulf") ||
			len(a.Members) != 2 || !a.Entry.Updated.Equal(at("2026-11-01 00:00:00")) {
			t.Fatalf("entry %d was made %+v", i, a)
		}
	}
}

func TestRemakeCountsWhatItWrote(t *testing.T) {
	w, b := staff(t, map[string]sourceFunc{"gulf": nil})
	for row := range int64(4) { // the first was written meanwhile
		b.outdated = append(b.outdated, feed.Stored{Row: row + 1, Revision: row, Entry: feed.Entry{Source: "gulf"}})
	}
	if written, err := w.Remake(t.Context()); err != nil || written != 3 {
		t.Errorf("%d were written, %v", written, err)
	}
}

func TestRemakeStopsBetweenBatches(t *testing.T) {
	w, b := staff(t, map[string]sourceFunc{"gulf": nil})
	for row := range int64(3 * remakeBatch) {
		b.outdated = append(b.outdated, feed.Stored{Row: row + 1, Revision: 1, Entry: feed.Entry{Source: "gulf"}})
	}
	ctx, cancel := context.WithCancel(t.Context())
	w.OnTouched = func([]string) { cancel() }
	written, err := w.Remake(ctx)
	if written != remakeBatch || len(b.remade) != remakeBatch || !errors.Is(err, context.Canceled) {
		t.Errorf("%d were written, %v", written, err)
	}
}

func TestAnEntryThatOnlyTheRulesChangedForIsRoutedAsItIs(t *testing.T) {
	w, b := staff(t, map[string]sourceFunc{"gulf": nil})
	b.outdated = []feed.Stored{{Row: 1, Revision: 1, Made: w.Desk.Recipe("gulf"), Routed: "old",
		Entry:     feed.Entry{Source: "gulf", Title: "as it is"},
		Sightings: []feed.Sighting{{Item: found("made anew").Items[0]}}}}
	if _, err := w.Remake(t.Context()); err != nil {
		t.Fatal(err)
	}
	if a := b.remade[0]; a.Entry.Title != "as it is" || len(a.Members) != 2 || a.Routed != w.Desk.Rules() {
		t.Errorf("it became %+v", a)
	}
}

// TestWhatWasOvertakenCountsAsUpdatedWhenItIsMadeAnew: with what a reader sees, and within
// the rest between two updates like any other change.
func TestWhatWasOvertakenCountsAsUpdatedWhenItIsMadeAnew(t *testing.T) {
	for name, tc := range map[string]struct {
		made    string
		title   string
		ago     time.Duration // since it last counted as updated
		updates bool
	}{
		"it says something else":       {feed.Overtaken, "corrected", 2 * time.Hour, true},
		"it was updated a moment ago":  {feed.Overtaken, "corrected", 10 * time.Minute, false},
		"a reader notices nothing":     {feed.Overtaken, "before", 2 * time.Hour, false},
		"it is another recipe's doing": {"old", "corrected", 2 * time.Hour, false},
	} {
		synctest.Test(t, func(t *testing.T) {
			w, b := staff(t, map[string]sourceFunc{"gulf": nil})
			as := func(title string) []feed.Sighting {
				return []feed.Sighting{{Feed: "http://gulf.example/feed", Item: found(title).Items[0]}}
			}
			seen := time.Now().Add(-100 * time.Hour)
			before, err := w.make("gulf", as("before"), seen)
			if err != nil {
				t.Fatal(err)
			}
			before.Published, before.Updated = seen, time.Now().Add(-tc.ago)
			b.outdated = []feed.Stored{{Row: 1, Revision: 1, Made: tc.made, Entry: before, Sightings: as(tc.title)}}
			if _, err := w.Remake(t.Context()); err != nil {
				t.Fatal(err)
			}
			want := before.Updated
			if tc.updates {
				want = time.Now()
			}
			if got := b.remade[0].Entry; got.Title != tc.title || !got.Updated.Equal(want) {
				t.Errorf("%s: %q updated %s, want %s", name, got.Title, got.Updated, want)
			}
		})
	}
}

// TestAnEntryThatMakesUsPanicStaysAsItWas: it ends neither the batch nor the program, and
// is not tried again by the same recipe and rules.
func TestAnEntryThatMakesUsPanicStaysAsItWas(t *testing.T) {
	for way, does := range map[string]func(*Worker) error{
		"Remake": func(w *Worker) error { _, err := w.Remake(t.Context()); return err },
		"Ripen":  func(w *Worker) error { _, err := w.Ripen(t.Context()); return err },
	} {
		t.Run(way, func(t *testing.T) {
			again := func([]feed.Leaf) (feed.Page, error) { return pageWith(""), nil }
			w, b := readingStaff(t, feed.FullTextAuto, &readerFake{version: "1", again: again})
			log := &bytes.Buffer{}
			w.Log = slog.New(slog.NewTextHandler(log, nil))
			stored := []feed.Stored{{Row: 1, Revision: 7, Made: "old", Routed: "old", Entry: feed.Entry{Source: "gulf", Title: "before"},
				// The text that is shown is to be there, and is not.
				Reading: &feed.Reading{Verdict: feed.PageUsed, Shown: true, Leaves: true}},
				{Row: 2, Revision: 7, Made: "old", Routed: "old", Entry: feed.Entry{Source: "gulf", Title: "before"}}}
			for i := range stored {
				stored[i].Sightings = []feed.Sighting{{Item: found("after").Items[0]}}
			}
			b.outdated, b.ripe = stored, stored
			if err := does(w); err != nil || len(b.remade) != 2 {
				t.Fatalf("%d were written, %v", len(b.remade), err)
			}
			a := b.remade[0]
			if a.Entry.Title != "before" || len(a.Members) != 2 || a.Reread != nil || a.Revision != 7 ||
				a.Made != w.Desk.Recipe("gulf") || a.Routed != w.Desk.Rules() || !strings.Contains(log.String(), "panic") {
				t.Errorf("it became %+v, and the log says %q", a, log)
			}
			if got := b.remade[1].Entry.Title; got != "after" {
				t.Errorf("the next one is %q", got)
			}
		})
	}
}
