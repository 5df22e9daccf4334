package worker

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/feed"
)

// bell is a Doorbell over a board: the first feed of each source has row 1.
type bell struct {
	*board
	claim    feed.Claim
	busy     time.Time // until when the source is being polled; far away is always
	gone     bool      // it is not polled any more
	hastened int
}

func (b *bell) ClaimFor(_ context.Context, now time.Time, _ int64, until time.Time) (feed.Claim, time.Time, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.gone:
		return feed.Claim{}, time.Time{}, false, nil
	case b.busy.After(now):
		return feed.Claim{}, b.busy, false, nil
	}
	c := b.claim
	c.Lease.Token, c.Lease.Until = "heard", until
	b.leases[c.Lease.Host] = c.Lease
	return c, time.Time{}, true, nil
}

func (b *bell) Hasten(context.Context, time.Time, int64, time.Duration) error {
	b.hastened++
	return nil
}

// hearing is a source that only listens.
type hearing func(d feed.Pushed) (feed.Outcome, error)

func (h hearing) Poll(context.Context, feed.Gate, feed.Visit) (feed.Outcome, error) {
	return feed.Outcome{}, &feed.Error{Kind: feed.KindServer, Text: "a test polls nobody"}
}

func (h hearing) Hear(_ context.Context, _ feed.Visit, _ feed.Header, d feed.Pushed) (feed.Outcome, error) {
	return h(d)
}

// earOf is a worker whose one source hears as given, and was polled before.
func earOf(t *testing.T, hear hearing) (*Worker, *bell) {
	t.Helper()
	w, b := staff(t, map[string]sourceFunc{"wire": nil})
	beat := w.Desk.beats["wire"]
	for url, job := range beat.feeds {
		job.source = hear
		beat.feeds[url] = job
	}
	c := claimOf("wire")
	c.First, c.Success = false, time.Now().Add(-time.Hour)
	c.Memo = feed.Memo{ETag: `"1"`, Digest: "d"}
	c.Header.Title = feed.Plain("Wire of the Gulf")
	c.History = feed.History{Reader: "reader 1", Guard: feed.Guard{Turns: 0, Largest: 7}}
	return w, &bell{board: b, claim: c}
}

var pushed = feed.Pushed{Source: "wire", URL: "http://wire.example/feed", Signed: "sha256"}

// TestAPushGoesTheWayOfAPoll: WSS-5.
func TestAPushGoesTheWayOfAPoll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := earOf(t, func(feed.Pushed) (feed.Outcome, error) {
			o := found("Harbour opens")
			o.Reader, o.Header.Title = "reader 2", feed.Plain("Wire of the Gulf")
			return o, nil
		})
		var touched []string
		w.OnTouched = func(names []string) { touched = names }
		if err := w.Hear(t.Context(), b, pushed); err != nil {
			t.Fatal(err)
		}
		if len(b.reports) != 1 || len(touched) == 0 || b.hastened > 0 {
			t.Fatalf("%d reports, touched %v, hastened %d times", len(b.reports), touched, b.hastened)
		}
		r := b.reports[0]
		if !r.Pushed || len(r.Arrivals) != 1 || r.Arrivals[0].Entry.Title != "Harbour opens" || len(r.Arrivals[0].Members) != 2 || r.Arrivals[0].FirstPoll {
			t.Errorf("report: %+v", r)
		}
		h := r.History
		if !h.Pushed.Equal(time.Now()) || h.Signed != "sha256" || h.Retold || h.Reader != "reader 1" || len(h.News) != 1 {
			t.Errorf("history: %+v", h)
		}
		if len(b.leases) > 0 || b.renewed > 0 {
			t.Errorf("leases: %v", b.leases)
		}
		// The same once more is nothing new, and another text under its id is.
		if err := w.Hear(t.Context(), b, pushed); err != nil || len(b.reports[1].Arrivals) != 0 {
			t.Errorf("the same again: %v, %+v", err, b.reports[1].Arrivals)
		}
	})
}

// TestWhatAHubChangesIsAskedOfTheOrigin: a hub that lies about articles that are known
// is found out at the next poll, though the origin's body did not change.
func TestWhatAHubChangesIsAskedOfTheOrigin(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		title := "Harbour opens"
		w, b := earOf(t, func(feed.Pushed) (feed.Outcome, error) {
			o := found("x")
			o.Items[0].Title = feed.Plain(title)
			return o, nil
		})
		for range 2 {
			if err := w.Hear(t.Context(), b, pushed); err != nil {
				t.Fatal(err)
			}
			title = "Harbour sold"
		}
		h := b.reports[1].History
		if len(b.reports[1].Arrivals) != 1 || b.reports[1].Arrivals[0].Row == 0 || !h.Retold {
			t.Fatalf("second push: %+v", b.reports[1])
		}
		claim := b.claim
		claim.History = h
		if v, bare := visiting(claim, feed.Subscription{}, false, time.Now()); v.Memo.ETag != "" || v.Memo.Digest != "" || bare {
			t.Errorf("asked with %+v", v.Memo)
		}
		if v, _ := visiting(claim, feed.Subscription{Conditional: true}, false, time.Now()); v.Memo.ETag == "" || v.Memo.Digest != "" {
			t.Errorf("a feed that is never to be asked without validators: %+v", v.Memo)
		}
	})
}

// TestTheGuardLooksAtWhatIsPushed, and draws no conclusion from what a part of a feed lacks.
func TestTheGuardLooksAtWhatIsPushed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		w, b := earOf(t, func(feed.Pushed) (feed.Outcome, error) {
			var o feed.Outcome
			for range n {
				one := found(fmt.Sprint("Story ", n, len(o.Items)))
				o.Status, o.Items = one.Status, append(o.Items, one.Items...)
			}
			return o, nil
		})
		for n = 1; n <= 2; n++ {
			if err := w.Hear(t.Context(), b, pushed); err != nil {
				t.Fatal(err)
			}
			if g := b.reports[n-1].History.Guard; g.Turns != 0 || g.Was != "" || g.Strikes != 0 || !g.Tripped.IsZero() || g.Today != n {
				t.Errorf("after a part of %d: %+v", n, g)
			}
		}
		n = 60 // more than the usual batch
		if err := w.Hear(t.Context(), b, pushed); err != nil {
			t.Fatal(err)
		}
		r := b.reports[2]
		if r.History.Guard.Tripped.IsZero() || r.Arrivals[0].Standing != feed.Held {
			t.Errorf("a flood: %+v, %q", r.History.Guard, r.Arrivals[0].Standing)
		}
	})
}

// TestWhatCannotBeTakenInMakesTheFeedDue, and harms nothing else.
func TestWhatCannotBeTakenInMakesTheFeedDue(t *testing.T) {
	for name, tt := range map[string]struct {
		hear     hearing
		set      func(b *bell)
		hastened int
		kind     feed.Kind
		took     time.Duration
	}{
		"a body that is no feed": {func(feed.Pushed) (feed.Outcome, error) {
			return feed.Outcome{}, &feed.Error{Kind: feed.KindNotFeed}
		}, nil, 1, feed.KindNotFeed, 0},
		"a panic":                    {func(feed.Pushed) (feed.Outcome, error) { panic("a test") }, nil, 1, feed.KindBug, 0},
		"a source that is busy":      {nil, func(b *bell) { b.busy = time.Now().Add(time.Hour) }, 1, feed.KindBusy, hearWait},
		"one that was busy":          {nil, func(b *bell) { b.busy = time.Now().Add(2 * time.Second) }, 0, "", 2 * time.Second},
		"one that is not polled":     {nil, func(b *bell) { b.gone = true }, 0, "", 0},
		"one that was never read":    {nil, func(b *bell) { b.claim.First = true }, 0, "", 0},
		"one whose url was changed":  {nil, func(b *bell) { b.claim.URL += "/more" }, 0, "", 0},
		"a store that cannot write":  {nil, func(b *bell) { b.full = fmt.Errorf("the disk is full") }, 1, "", 0},
		"a store that cannot look":   {nil, func(b *bell) { b.broken = fmt.Errorf("the disk is broken") }, 1, "", 0},
		"one that another took over": {nil, func(b *bell) { b.full = &feed.Error{Kind: feed.KindFenced} }, 1, feed.KindFenced, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			hear := tt.hear
			if hear == nil {
				hear = func(feed.Pushed) (feed.Outcome, error) { return found("Harbour opens"), nil }
			}
			w, b := earOf(t, hear)
			if tt.set != nil {
				tt.set(b)
			}
			start := time.Now()
			err := w.Hear(t.Context(), b, pushed)
			if feed.KindOf(err) != tt.kind || b.hastened != tt.hastened || (err != nil) != (tt.hastened > 0) {
				t.Errorf("%s: %v, hastened %d times", name, err, b.hastened)
			}
			if took := time.Since(start); took < tt.took || took > tt.took+time.Second {
				t.Errorf("%s: it took %v", name, took)
			}
			if len(b.leases) > 0 {
				t.Errorf("%s: leases are left: %v", name, b.leases)
			}
		})
	}
}

// TestPollsOfAFeedWhoseHubPushes: WSS-5. They are slower, and never rarer than once a day.
func TestPollsOfAFeedWhoseHubPushes(t *testing.T) {
	start := at("2026-11-22 10:00:00")
	far := start.Add(9 * 24 * time.Hour)
	for name, tt := range map[string]struct {
		every  string
		until  time.Time
		a      Asked
		want   time.Duration
		reason string
	}{
		"every 15m: once an hour":             {"15m", far, Asked{}, time.Hour, feed.PushReason},
		"every 1h: every 4h or more":          {"1h", far, Asked{}, 4 * time.Hour, feed.PushReason},
		"every 8h: once a day":                {"8h", far, Asked{}, 24 * time.Hour, feed.PushReason},
		"every 2d: as before":                 {"2d", far, Asked{}, 48 * time.Hour, "every 2d"},
		"no lease: as before":                 {"1h", time.Time{}, Asked{}, time.Hour, "every 1h"},
		"a lease that ends first: then":       {"1h", start.Add(150 * time.Minute), Asked{}, 150 * time.Minute, feed.PushReason},
		"a lease that ends before: as before": {"1h", start.Add(time.Minute), Asked{}, time.Hour, "every 1h"},
		"a failure: as before":                {"1h", far, Asked{Failure: &feed.Error{Kind: feed.KindServer}, Failures: 1}, time.Hour, "every 1h"},
	} {
		a := tt.a
		a.Name, a.Cadence, a.Floor, a.Start, a.Now, a.PushUntil = "wire", mustCadence(t, tt.every, time.UTC), 15*time.Minute, start, start, tt.until
		got, reason := Next(a)
		usual := a.Cadence.Next("wire", start).Sub(start) // the feed's own place comes on top
		most := max(usual, 4*usual)
		if wait := got.Sub(start); wait < tt.want || wait > most || wait > 24*time.Hour && wait != usual || reason != tt.reason {
			t.Errorf("%s: after %v (%s), want %v or more (%s)", name, wait, reason, tt.want, tt.reason)
		}
	}
}

// TestPushesThatAreMissing are noticed, and then it is polled as usual for a day.
func TestPushesThatAreMissing(t *testing.T) {
	now := at("2026-11-22 10:00:00")
	claim := feed.Claim{PushSince: now.Add(-10 * time.Hour), PushUntil: now.Add(9 * 24 * time.Hour), Success: now.Add(-4 * time.Hour)}
	old := claim
	old.PushSince = now.Add(-time.Hour)
	none := claim
	none.PushUntil = time.Time{}
	first := claim
	first.First = true
	fresh := func(ago time.Duration) feed.Arrival { return feed.Arrival{Entry: feed.Entry{Published: now.Add(-ago)}} }
	with := func(a feed.Arrival, change func(*feed.Arrival)) feed.Arrival { change(&a); return a }
	for name, tt := range map[string]struct {
		claim feed.Claim
		a     feed.Arrival
		want  bool
	}{
		"an hour old":                        {claim, fresh(time.Hour), true},
		"on its way":                         {claim, fresh(5 * time.Minute), false},
		"from before it was listened":        {claim, fresh(11 * time.Hour), false},
		"dated ahead":                        {claim, fresh(-time.Hour), false},
		"a correction":                       {claim, with(fresh(time.Hour), func(a *feed.Arrival) { a.Row = 7 }), false},
		"held by the guard":                  {claim, with(fresh(time.Hour), func(a *feed.Arrival) { a.Standing = feed.Held }), false},
		"waiting for its page":               {claim, with(fresh(time.Hour), func(a *feed.Arrival) { a.Standing = feed.Pending }), true},
		"undated, and not there 4 hours ago": {claim, with(fresh(0), func(a *feed.Arrival) { a.Entry.Undated = true }), true},
		"undated, since before it listened":  {old, with(fresh(0), func(a *feed.Arrival) { a.Entry.Undated = true }), false},
		"no hub pushes":                      {none, fresh(time.Hour), false},
		"a first poll":                       {first, fresh(time.Hour), false},
	} {
		if got := missed(tt.claim, []feed.Arrival{tt.a}, now); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	for ago, want := range map[time.Duration]bool{0: false, 23 * time.Hour: false, 24 * time.Hour: true, -time.Hour: true} {
		if got := !pushes(claim, feed.History{Missed: now.Add(-ago)}, now).IsZero(); got != want {
			t.Errorf("%v after one was missing, its hub is relied on: %t", ago, got)
		}
	}
}

// TestLend: a request that is no poll waits for its host as polls do.
func TestLend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, b := staff(t, nil)
		done, err := w.Lend(t.Context(), "hub.example")
		if err != nil {
			t.Fatal(err)
		}
		time.AfterFunc(time.Second, done)
		start := time.Now()
		again, err := w.Lend(t.Context(), "hub.example")
		if err != nil {
			t.Fatal(err)
		}
		if took := time.Since(start); took < 3*time.Second { // the rest of the host comes on top
			t.Errorf("lent again after %v", took)
		}
		again()
		b.asked = map[string]time.Time{"hub.example": time.Now().Add(time.Hour)}
		time.Sleep(time.Minute)
		if _, err := w.Lend(t.Context(), "hub.example"); feed.KindOf(err) != feed.KindHeld {
			t.Errorf("a host that asked to be left alone: %v", err)
		}
	})
}
