package worker

import (
	"context"
	"time"

	"broadsheet/feed"
)

const (
	// hearWait is how long what a hub pushed waits while the source is being polled; most
	// polls take less. After that the feed is made due instead.
	hearWait = 10 * time.Second
	// hearStep is how often it is looked whether that is over.
	hearStep = 100 * time.Millisecond

	// A feed whose hub pushes is polled pushSlows times as rarely as it would be, and no
	// sooner than pushLeast after the last poll; what a hub does not push, be it dead or
	// lying, comes that much later and no more (WSS-5). It is never more than a day.
	pushSlows = 4
	pushLeast = time.Hour
	// missedRest is how long a feed is polled as usual after a poll found what its hub
	// should have pushed.
	missedRest = 24 * time.Hour
	// pushGrace is how long a hub may take; what is younger may still be on its way.
	pushGrace = 10 * time.Minute
)

// Doorbell is the part of the store that what hubs push needs besides Schedule and Archive.
type Doorbell interface {
	// ClaimFor leases the host of a feed for what was brought to it, whether it is due or
	// not: no request will be sent. ok is false while another feed of its source is being
	// polled, with the moment when that lease ends, and if the feed is not wanted any more,
	// with a zero one.
	ClaimFor(ctx context.Context, now time.Time, sub int64, until time.Time) (claim feed.Claim, retry time.Time, ok bool, err error)
	// Hasten moves the next poll of a feed that is well forward, to floor after the last
	// one at the earliest, and never into a hold.
	Hasten(ctx context.Context, now time.Time, sub int64, floor time.Duration) error
}

// Hear takes what a hub pushed the way of a poll: read → decide → normalise → route → finish,
// under a lease. Nothing that it does not hold counts as gone, and all that is kept of polls
// stays as it is. What cannot be taken in makes the feed due; the error says why.
func (w *Worker) Hear(ctx context.Context, bell Doorbell, d feed.Pushed) error {
	err := w.hear(ctx, bell, d)
	switch kind := feed.KindOf(err); {
	case err == nil, kind == feed.KindCanceled:
		return err
	case kind == feed.KindGone: // not wanted any more
		return nil
	}
	w.Log.Warn("what a hub pushed was not taken in; its feed is polled instead", "source", d.Source, "error", err)
	if due := bell.Hasten(ctx, w.Clock(), d.Sub, w.Desk.Floor); due != nil {
		w.Log.Error("a feed was not made due", "source", d.Source, "error", due)
	}
	return err
}

func (w *Worker) hear(ctx context.Context, bell Doorbell, d feed.Pushed) error {
	claim, err := w.answer(ctx, bell, d)
	if err != nil {
		return err
	}
	g := w.newGate(claim)
	job, ok := w.Desk.beats[claim.Source].feeds[claim.URL]
	listener, hears := job.source.(feed.Listener)
	// A feed that was never read tells new from old by its first poll only, and is due.
	if !ok || !hears || claim.First || claim.URL != d.URL {
		w.putDown(ctx, g)
		return nil
	}
	report, err := w.read(ctx, g, listener, claim, d)
	if err != nil {
		w.putDown(ctx, g)
		return err
	}
	receipt, err := w.finish(ctx, report)
	if err != nil {
		w.putDown(ctx, g)
		return err
	}
	w.Log.Info("push", "source", claim.Source, "listed", report.Listed, "new", receipt.New, "updated", receipt.Updated,
		"kept_back", receipt.Kept, "duration_s", w.Clock().Sub(report.Started).Seconds())
	if w.OnTouched != nil && len(receipt.Sections) > 0 {
		w.OnTouched(receipt.Sections)
	}
	return nil
}

// answer claims the feed that something was brought to, and waits a little for it.
func (w *Worker) answer(ctx context.Context, bell Doorbell, d feed.Pushed) (feed.Claim, error) {
	deadline := w.Clock().Add(hearWait)
	for {
		now := w.Clock()
		claim, retry, ok, err := bell.ClaimFor(ctx, now, d.Sub, now.Add(leaseTime))
		switch {
		case ok || err != nil:
			return claim, err
		case retry.IsZero():
			return claim, &feed.Error{Source: d.Source, Step: "hearing a hub", Kind: feed.KindGone, Text: "the feed is not polled any more"}
		case !now.Before(deadline):
			return claim, &feed.Error{Source: d.Source, Step: "hearing a hub", Kind: feed.KindBusy, Text: "the source was being polled all the time"}
		}
		if err := sleep(ctx, hearStep); err != nil {
			return claim, err
		}
	}
}

// read makes the report of what was brought.
func (w *Worker) read(ctx context.Context, g *gate, listener feed.Listener, claim feed.Claim, d feed.Pushed) (feed.Report, error) {
	start := w.Clock()
	var outcome feed.Outcome
	if failure := w.attend(ctx, g, claim.Source, func(ctx context.Context) (err error) {
		outcome, err = listener.Hear(ctx, feed.Visit{URL: addressOf(claim), Memo: claim.Memo}, claim.Header, d)
		return err
	}); failure != nil {
		return feed.Report{}, failure
	}
	report := reportOf(claim, outcome, nil, start)
	report.Pushed = true
	if err := w.edit(ctx, &report, outcome.Items); err != nil {
		return report, err
	}
	now := w.Clock()
	h := withNews(report.History, report.Arrivals, false, now)
	h.Reader = claim.History.Reader // of what was not pushed
	h.Guard = heard(claim.History.Guard, h.Guard)
	h.Pushed, h.Signed = now, d.Signed
	for _, a := range report.Arrivals {
		h.Retold = h.Retold || a.Row != 0
	}
	report.History = h
	return report, nil
}

// heard is a guard after what was pushed: that counts towards what the feed brings and may
// trip it, but says nothing of what the feed lists, for it may be a part (WSS-5).
func heard(before, after feed.Guard) feed.Guard {
	after.Turns, after.Strikes, after.Blurs = before.Turns, before.Strikes, before.Blurs
	after.By, after.Was = before.By, before.Was
	return after
}

// putDown gives back a lease under which nothing was asked and nothing written.
func (w *Worker) putDown(ctx context.Context, g *gate) {
	ctx, cancel := withGrace(ctx, finishTime)
	defer cancel()
	if err := w.Schedule.Release(ctx, w.Clock(), g.claim.Lease, time.Time{}); err != nil {
		w.Log.Warn("a lease was not given back; it will run out", "host", g.claim.Lease.Host, "error", err)
	}
}

// Lend waits for a free slot of the budget that requests to a URL's host count against,
// for a request that is no poll. The function ends it.
func (w *Worker) Lend(ctx context.Context, host string) (done func(), err error) {
	return w.newGate(feed.Claim{}).Pass(ctx, host)
}

// pushed slows a feed down whose hub pushes, until the lease ends.
func (a Asked) pushed(w *wait) {
	if a.Failure != nil || !a.PushUntil.After(w.until) {
		return
	}
	slow := a.Start.Add(min(max(pushSlows*w.until.Sub(a.Start), pushLeast), maxHint))
	if slow.After(a.PushUntil) {
		slow = a.PushUntil
	}
	w.later(slow, feed.PushReason)
}

// pushes is until when a feed's hub pushes, as far as it is to be relied on.
func pushes(claim feed.Claim, h feed.History, now time.Time) time.Time {
	if since := now.Sub(h.Missed); since >= 0 && since < missedRest {
		return time.Time{}
	}
	return claim.PushUntil
}

// missed tells whether a poll found an article that its hub should have pushed: one that
// became public since the hub is listened to, and not just now.
func missed(claim feed.Claim, arrivals []feed.Arrival, now time.Time) bool {
	if claim.First || !claim.PushUntil.After(now) {
		return false
	}
	for _, a := range arrivals {
		at := a.Entry.Published
		if a.Entry.Undated {
			at = claim.Success // it was not there then
		}
		if a.Row == 0 && (a.Standing == feed.Shown || a.Standing == feed.Pending) && at.After(claim.PushSince) && now.Sub(at) > pushGrace {
			return true
		}
	}
	return false
}
