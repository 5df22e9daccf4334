package worker

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/feed"
)

// pass runs one pass in a bubble and gives the reports by source.
func pass(t *testing.T, w *Worker, b *board) map[string]feed.Report {
	t.Helper()
	if _, err := w.Pass(t.Context(), nil); err != nil {
		t.Fatal(err)
	}
	out := map[string]feed.Report{}
	for _, r := range b.reports {
		out[r.Claim.Source] = r
	}
	return out
}

func TestTwoRequestsToTheClaimsHostAreTheGapApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var gap time.Duration
		w, b := staff(t, map[string]sourceFunc{"gulf": func(ctx context.Context, gate feed.Gate) (feed.Outcome, error) {
			done, err := gate.Pass(ctx, "gulf.example")
			if err != nil {
				return feed.Outcome{}, err
			}
			time.Sleep(5 * time.Second) // the answer takes its time
			done()
			ended := time.Now()
			done, err = gate.Pass(ctx, "gulf.example")
			gap = time.Since(ended)
			done()
			return found("Storm"), err
		}})
		r := pass(t, w, b)["gulf"]
		if gap != 2*time.Second {
			t.Errorf("the second request came %v after the end of the first, want 2s", gap)
		}
		if rest := time.Until(r.HostFree); rest != 2*time.Second || len(r.Arrivals) != 1 {
			t.Errorf("the host is free in %v, with %d articles; want 2s and 1", rest, len(r.Arrivals))
		}
	})
}

func TestALeaseIsRenewedAsLongAsAPollLasts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"slow": func(context.Context, feed.Gate) (feed.Outcome, error) {
			time.Sleep(3 * leaseTime)
			return found("Late"), nil
		}})
		if r := pass(t, w, b)["slow"]; len(r.Arrivals) != 1 || b.renewed < 3 {
			t.Errorf("%d articles after %d renewals", len(r.Arrivals), b.renewed)
		}
	})
}

func TestAPollWhoseLeaseIsLostIsCutOffAndWritesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": func(ctx context.Context, _ feed.Gate) (feed.Outcome, error) {
			<-ctx.Done()
			return feed.Outcome{}, ctx.Err()
		}})
		b.lost = true
		if r := pass(t, w, b); len(r) != 0 {
			t.Errorf("it wrote %v", r)
		}
	})
}

func TestAPanicCostsOneSource(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{
			"mad":  func(context.Context, feed.Gate) (feed.Outcome, error) { panic("mad") },
			"gulf": func(context.Context, feed.Gate) (feed.Outcome, error) { return found("Storm"), nil },
		})
		got := pass(t, w, b)
		if f := got["mad"].Failure; f == nil || f.Kind != feed.KindBug || f.Source != "mad" {
			t.Errorf("the panic was told as %v", f)
		}
		if r := got["gulf"]; r.Failure != nil || len(r.Arrivals) != 1 {
			t.Errorf("the other source: %v, %d articles", r.Failure, len(r.Arrivals))
		}
	})
}

func TestTheHostOfARedirectIsBorrowedAndGivenBackWithItsGap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": func(ctx context.Context, gate feed.Gate) (feed.Outcome, error) {
			done, err := gate.Pass(ctx, "cdn.example")
			if err != nil {
				return feed.Outcome{}, err
			}
			done()
			return found("Storm"), nil
		}})
		b.free["cdn.example"] = time.Now().Add(3 * time.Second)
		begun := time.Now()
		pass(t, w, b)
		if waited := time.Since(begun); waited < 3*time.Second || waited > 5*time.Second {
			t.Errorf("the borrowed host was free after 3s; the poll took %v", waited)
		}
		if rest := time.Until(b.free["cdn.example"]); rest != 2*time.Second || b.leases["cdn.example"] != "" {
			t.Errorf("the borrowed host rests %v, leased to %q", rest, b.leases["cdn.example"])
		}
	})
}

func TestAHostThatStaysBusyIsNotTheFeedsFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"gulf": func(ctx context.Context, gate feed.Gate) (feed.Outcome, error) {
			_, err := gate.Pass(ctx, "cdn.example")
			return feed.Outcome{}, err
		}})
		b.leases["cdn.example"] = "another poll"
		begun := time.Now()
		r := pass(t, w, b)["gulf"]
		if r.Failure == nil || r.Failure.Kind != feed.KindBusy || time.Since(begun) > borrowWait+time.Second {
			t.Errorf("after %v: %v", time.Since(begun), r.Failure)
		}
		if wait := time.Until(r.Next); wait != busyDelay {
			t.Errorf("it is tried again in %v", wait)
		}
	})
}

func TestNeverMorePollsThanSeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int32
		sources := map[string]sourceFunc{}
		for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"} {
			sources[name] = func(context.Context, feed.Gate) (feed.Outcome, error) {
				most.Store(max(most.Load(), now.Add(1)))
				time.Sleep(time.Second)
				now.Add(-1)
				return found("x"), nil
			}
		}
		w, b := staff(t, sources)
		if got := pass(t, w, b); len(got) != len(sources) || most.Load() != int32(w.Concurrency) {
			t.Errorf("%d of %d sources were polled, %d at once; want %d", len(got), len(sources), most.Load(), w.Concurrency)
		}
	})
}

func TestRunEndsInTimeAlthoughAPollHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, map[string]sourceFunc{"tarpit": func(ctx context.Context, _ feed.Gate) (feed.Outcome, error) {
			<-ctx.Done()
			return feed.Outcome{}, &feed.Error{Kind: feed.KindCanceled, Err: ctx.Err()}
		}})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		begun := time.Now()
		if err := w.Run(ctx); err != nil {
			t.Error(err)
		}
		if took := time.Since(begun) - time.Minute; took > 10*time.Second {
			t.Errorf("it ended %v after it was told to", took)
		}
		if len(b.reports) != 0 || b.leases["tarpit.example"] != "" {
			t.Errorf("a poll that we cut off is no failure, and its host is free: %v, %v", b.reports, b.leases)
		}
	})
}

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

func TestAJobThatPanicsRunsAgainAndNoneOverlaps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var runs, now, most atomic.Int32
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute+time.Second)
		defer cancel()
		err := Housekeep(ctx, slog.New(slog.DiscardHandler), time.UTC, []Job{{Name: "sweep", Spec: "@every 1m",
			Do: func(context.Context) error {
				most.Store(max(most.Load(), now.Add(1)))
				defer now.Add(-1)
				time.Sleep(90 * time.Second) // longer than its period
				if runs.Add(1) == 1 {
					panic("once")
				}
				return nil
			}}})
		if err != nil || runs.Load() < 4 || most.Load() != 1 {
			t.Errorf("it ran %d times, %d at once, %v", runs.Load(), most.Load(), err)
		}
	})
}
