package worker

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

// list polls one feed of "gulf" and finds items.
func list(t *testing.T, w *Worker, b *board, feedURL string, items ...feed.Item) feed.Report {
	t.Helper()
	claim := claimOf("gulf")
	claim.URL, claim.First = feedURL, len(b.reports) == 0
	claim.Lease.Token = "gulf"
	b.leases[claim.Lease.Host] = claim.Lease
	report := reportOf(claim, feed.Outcome{Status: feed.Changed, Items: items}, nil, time.Now())
	if err := w.edit(t.Context(), &report, items); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Finish(t.Context(), time.Now(), report); err != nil {
		t.Fatal(err)
	}
	return report
}

const (
	front = "http://gulf.example/feed"
	more  = "http://gulf.example/feed/more"
)

func TestAnArticleInTwoFeedsOfASourceIsOneEntry(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": nil})
		list(t, w, b, front, found("Storm").Items...)
		first := b.stored[0].Entry
		time.Sleep(time.Hour)
		list(t, w, b, more, found("Storm").Items...)
		if len(b.stored) != 1 {
			t.Fatalf("%d entries are stored", len(b.stored))
		}
		got := b.stored[0].Entry
		if diff := cmp.Diff([]string{front, more}, got.Feeds); diff != "" {
			t.Errorf("its feeds (-want +got):\n%s", diff)
		}
		if len(b.stored[0].Sightings) != 2 || !got.Updated.Equal(first.Updated) || got.ID != first.ID || !got.SortAt.Equal(first.SortAt) {
			t.Errorf("it was %+v and became %+v", first, got)
		}
	})
}

func TestAChangedArticleMovesUpdatedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": nil})
		item := found("Storm").Items[0]
		list(t, w, b, front, item)
		first := b.stored[0].Entry
		time.Sleep(time.Hour)
		item.Title = feed.Plain("Storm turns north")
		changed := time.Now()
		list(t, w, b, front, item)
		time.Sleep(time.Hour)
		if r := list(t, w, b, front, item); len(r.Arrivals) != 0 {
			t.Errorf("the same item arrived again: %+v", r.Arrivals)
		}
		got := b.stored[0].Entry
		if got.Title != "Storm turns north" || !got.Updated.Equal(changed) || !got.Published.Equal(first.Published) ||
			!got.SortAt.Equal(first.SortAt) || got.ID != first.ID {
			t.Errorf("it was %+v and became %+v; changed at %v", first, got, changed)
		}
	})
}

// TestWhatIsReadOtherwiseWasNotWrittenAnew: another version of the parser finds more in
// the same feed, which is shown, and is no correction.
func TestWhatIsReadOtherwiseWasNotWrittenAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": nil})
		history := feed.History{}
		read := func(reader string, item feed.Item) feed.Entry {
			t.Helper()
			claim := claimOf("gulf")
			claim.History, claim.First, claim.Lease.Token = history, len(b.reports) == 0, "gulf"
			b.leases[claim.Lease.Host] = claim.Lease
			report := reportOf(claim, feed.Outcome{Status: feed.Changed, Items: []feed.Item{item}, Reader: reader}, nil, time.Now())
			if err := w.edit(t.Context(), &report, []feed.Item{item}); err != nil {
				t.Fatal(err)
			}
			if _, err := b.Finish(t.Context(), time.Now(), report); err != nil {
				t.Fatal(err)
			}
			history = report.History
			time.Sleep(2 * time.Hour)
			return b.stored[0].Entry
		}
		item := found("Storm").Items[0]
		first := read("feed 1", item)
		item.Content = feed.Plain("It turned north in the night, and the boats stayed in.")
		if got := read("feed 2", item); !got.Updated.Equal(first.Updated) || got.Content == "" {
			t.Errorf("it was %+v and became %+v", first, got)
		}
		item.Content = feed.Plain("It turned south in the night, and the boats went out.")
		if got := read("feed 2", item); !got.Updated.After(first.Updated) {
			t.Errorf("a correction did not count: updated %v", got.Updated)
		}
	})
}

func TestAChangeThatNoReaderSeesLeavesUpdated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": nil})
		item := found("Storm").Items[0]
		list(t, w, b, front, item)
		first := b.stored[0].Entry.Updated
		time.Sleep(time.Hour)
		item.Title = feed.Plain("Storm ")
		item.Categories = []feed.Category{{Term: "weather"}}
		if r := list(t, w, b, front, item); len(r.Arrivals) != 1 || !b.stored[0].Entry.Updated.Equal(first) {
			t.Errorf("%d arrived, updated moved from %v to %v", len(r.Arrivals), first, b.stored[0].Entry.Updated)
		}
	})
}

func TestANewArticleIsPlacedAndRouted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": nil})
		w.Clock = func() time.Time { return at("2026-11-22 12:00:00") }
		list(t, w, b, front, found("Storm").Items...)
		r := list(t, w, b, front, found("Flood").Items...)
		if got := b.stored[0].Entry; !got.SortAt.Equal(at("2026-11-20 08:00:00")) {
			t.Errorf("on the first poll it stands at %v", got.SortAt)
		}
		if got := b.stored[1].Entry; !got.SortAt.Equal(at("2026-11-22 12:00:00")) || got.ID != "tag:origin.example,2026:Flood" {
			t.Errorf("later, %s stands at %v", got.ID, got.SortAt)
		}
		if a := r.Arrivals[0]; len(a.Members) != 2 || a.Members[1].Section != "all" && a.Members[0].Section != "all" {
			t.Errorf("it is in %v", a.Members)
		}
	})
}

func TestAnUnusableItemIsANamedDropAndCostsNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": nil})
		r := list(t, w, b, front, feed.Item{ID: "empty-1"}, found("Storm").Items[0])
		if len(r.Drops) != 1 || r.Drops[0].Code != "unusable" || r.Drops[0].Item != "empty-1" || r.Drops[0].Text == "" {
			t.Errorf("dropped %+v", r.Drops)
		}
		if len(r.Arrivals) != 1 || len(b.stored) != 1 || r.Listed != 2 {
			t.Errorf("%d of %d arrived", len(r.Arrivals), r.Listed)
		}
	})
}

func TestAFailureNamesItsSourceAndKeepsItsKind(t *testing.T) {
	inner := &feed.Error{Source: "http://x.example/", Step: "fetching", Kind: feed.KindHeld, Text: "503"}
	for err, want := range map[error]string{
		inner:                           "gulf: fetching: 503 (held)",
		fmt.Errorf("page 2: %w", inner): "gulf: polling: page 2: http://x.example/: fetching: 503 (held)",
		errors.New("odd"):               "gulf: polling: odd ()",
	} {
		got := asFailure("gulf", err)
		if s := fmt.Sprintf("%v (%s)", got, got.Kind); s != want {
			t.Errorf("got %q, want %q", s, want)
		}
	}
	if inner.Source != "http://x.example/" {
		t.Error("the source's own error was changed")
	}
}

// TestAFailureOfTheStoreIsNotTheSources: nothing is written of it, the host is
// given back, and it rests before the feed, which is still due, is asked again.
func TestAFailureOfTheStoreIsNotTheSources(t *testing.T) {
	disk := errors.New("the disk is full")
	redirected := func(ctx context.Context, gate feed.Gate) (feed.Outcome, error) {
		done, err := gate.Pass(ctx, "cdn.example")
		if err != nil {
			return feed.Outcome{}, &feed.Error{Step: "fetching", Err: err}
		}
		done()
		return found("Storm"), nil
	}
	breaks := map[string]func(b *board){
		"while a host is borrowed": func(b *board) { b.jammed = disk },
		"while looking for keys":   func(b *board) { b.broken = disk },
		"while writing":            func(b *board) { b.full = disk },
		"while writing, for the feed was moved": func(b *board) {
			b.full = &feed.Error{Kind: feed.KindFenced, Err: disk}
		},
	}
	for when, damage := range breaks {
		t.Run(when, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, b := staff(t, map[string]sourceFunc{"gulf": redirected})
				claim, ok, err := b.Claim(t.Context(), time.Now(), feed.Ask{Until: time.Now().Add(leaseTime)})
				if !ok || err != nil {
					t.Fatal(ok, err)
				}
				damage(b)
				if _, _, err := w.poll(t.Context(), claim); !errors.Is(err, disk) {
					t.Errorf("the poll ended with %v", err)
				}
				if len(b.reports) != 0 || len(b.leases) != 0 || len(b.due) != 1 {
					t.Errorf("%d reports, leases %v, %d due", len(b.reports), b.leases, len(b.due))
				}
				want := busyDelay
				if b.full != nil && feed.KindOf(b.full) == feed.KindFenced {
					want = 0
				}
				if rest := time.Until(b.free["gulf.example"]); rest != want {
					t.Errorf("the host rests %v, want %v", rest, want)
				}
			})
		})
	}
}

func TestAPanicOverItemsIsAFailureOfTheirSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": func(context.Context, feed.Gate) (feed.Outcome, error) {
			return found("Storm"), nil
		}})
		w.Desk.Router = nil
		if _, err := w.Pass(t.Context(), nil); err != nil {
			t.Fatal(err)
		}
		r := b.reports[0]
		if r.Failure == nil || r.Failure.Kind != feed.KindBug || r.Failure.Source != "gulf" || len(r.Arrivals) != 0 ||
			r.State != feed.StateFailing {
			t.Errorf("it was told as %+v", r)
		}
	})
}
