package worker

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"broadsheet/feed"
)

// finishTime bounds the writing of a result after the program was told to stop.
const finishTime = 4 * time.Second

// Polled tells what came of one poll, for progress and logs.
type Polled struct {
	Source  string
	URL     string
	Status  feed.Status
	Failure *feed.Error // nil if the poll was good
	Listed  int
	New     int
	Updated int
	Kept    int // new ones that are kept back
	Drops   []feed.Drop
	Next    time.Time
	Reason  string
	Was     feed.State // before the poll
	State   feed.State
	Bare    bool      // validators were left out
	Due     time.Time // when the feed was to be polled
	Start   time.Time // when it was
	Took    time.Duration
}

// poll takes one claim its whole way. The error is of the store or of the
// program's stopping; what the source does wrong is in Polled.
func (w *Worker) poll(ctx context.Context, claim feed.Claim) (Polled, feed.Receipt, error) {
	start := w.Clock()
	out := Polled{Source: claim.Source, URL: claim.URL}
	g := w.newGate(claim)
	job, ok := w.Desk.beats[claim.Source].feeds[claim.URL]
	if !ok {
		return out, feed.Receipt{}, w.letGo(ctx, g, fmt.Errorf(
			"%s: a feed of it is due that is not in this configuration", claim.Source))
	}
	t := trip{job: job}
	t.visit, t.bare = visiting(claim, job.sub, w.Desk.has(claim, claim.History.Move.To), start)
	outcome, failure := w.visit(ctx, g, job.source, claim.Source, t.visit)
	if err := ours(failure); err != nil {
		return out, feed.Receipt{}, w.letGo(ctx, g, err)
	}
	report := reportOf(claim, outcome, failure, start)
	if failure == nil && outcome.Status == feed.Changed {
		err := w.edit(ctx, &report, outcome.Items)
		switch {
		case feed.KindOf(err) == feed.KindBug:
			failure = asFailure(claim.Source, err)
			report = reportOf(claim, outcome, failure, start)
		case err != nil:
			return out, feed.Receipt{}, w.letGo(ctx, g, err)
		}
	}
	t.out, t.sent = outcome, g.sentAt()
	if err := w.remember(ctx, &report, t); err != nil {
		return out, feed.Receipt{}, w.letGo(ctx, g, err)
	}
	report.HostFree = g.freeAt()
	receipt, err := w.finish(ctx, report)
	if err != nil {
		return out, feed.Receipt{}, w.letGo(ctx, g, err)
	}
	out.Status, out.Failure = outcome.Status, failure
	out.Listed, out.Drops = report.Listed, report.Drops
	out.New, out.Updated, out.Kept = receipt.New, receipt.Updated, receipt.Kept
	out.Next, out.Reason = report.Next, report.Reason
	out.Was, out.State, out.Bare = claim.State, report.State, t.bare
	out.Due, out.Start, out.Took = claim.Due, start, w.Clock().Sub(start)
	return out, receipt, nil
}

// ours is what kept a poll from happening that is not of the source's making: we
// stopped, lost the host, or the store failed; nil for any other failure.
func ours(failure *feed.Error) error {
	if failure == nil {
		return nil
	}
	if broken, ok := errors.AsType[*storeError](failure); ok {
		return broken
	}
	if failure.Kind == feed.KindCanceled || failure.Kind == feed.KindFenced {
		return failure
	}
	return nil
}

// visit polls the source while its lease is kept alive. A panic of the source
// is a failure of that source alone.
func (w *Worker) visit(ctx context.Context, g *gate, source feed.Source, name string, v feed.Visit) (
	outcome feed.Outcome, failure *feed.Error) {
	failure = w.attend(ctx, g, name, func(ctx context.Context) (err error) {
		outcome, err = source.Poll(ctx, g, v)
		return err
	})
	if rest := g.heldFor(); failure != nil && failure.Kind == feed.KindHeld && rest > 0 {
		outcome.Hints.RetryAfter = rest
	}
	return outcome, failure
}

// attend does what asks a host, while its lease is kept alive. A panic is a failure of
// that source alone.
func (w *Worker) attend(ctx context.Context, g *gate, name string, do func(context.Context) error) (failure *feed.Error) {
	ctx, stop := context.WithCancelCause(ctx)
	var keeper sync.WaitGroup
	keeper.Go(func() { g.keep(ctx, func() { stop(errLost) }) })
	defer keeper.Wait()
	defer stop(nil)
	defer func() {
		if r := recover(); r != nil {
			failure = w.panicked(name, r)
		}
	}()
	err := do(ctx)
	if err == nil {
		return nil
	}
	switch {
	case context.Cause(ctx) == errLost:
		err = errLost
	case ctx.Err() != nil: // whatever the source makes of it
		err = canceled(ctx.Err())
	}
	return asFailure(name, err)
}

// panicked is a panic as a failure of the source whose bytes brought it about.
func (w *Worker) panicked(source string, what any) *feed.Error {
	w.Log.Error("a source panicked", "source", source, "panic", what, "stack", string(debug.Stack()))
	return &feed.Error{Source: source, Step: "polling", Kind: feed.KindBug,
		Text: "reading it made this program panic; the log has the details"}
}

// errLost: the lease ran out and another worker took the host over.
var errLost error = &feed.Error{Step: "polling", Kind: feed.KindFenced,
	Text: "another worker took the host over"}

// asFailure is err as an *Error that names the source.
func asFailure(source string, err error) *feed.Error {
	e := &feed.Error{Source: source, Step: "polling", Kind: feed.KindOf(err), Err: err}
	if inner, ok := err.(*feed.Error); ok {
		*e = *inner
		e.Source = source
	}
	return e
}

// reportOf is what a poll leaves behind besides its articles, and besides what
// remember adds.
func reportOf(claim feed.Claim, o feed.Outcome, failure *feed.Error, start time.Time) feed.Report {
	header := claim.Header
	history := claim.History
	if o.Status == feed.Changed {
		header, history.Reader = o.Header, o.Reader
	}
	return feed.Report{
		Claim: claim, Started: start, Failure: failure, State: stateAfter(claim, failure, start),
		Status: o.Status, Memo: o.Memo, History: history, Header: header, Warnings: o.Warnings,
		Drops: o.Drops, Gone: o.Gone, Listed: len(o.Items) + len(o.Drops), Trace: o.Trace,
	}
}

// finish writes a report, also after the program was told to stop: the work is
// done, and a moment is left for it.
func (w *Worker) finish(ctx context.Context, report feed.Report) (feed.Receipt, error) {
	ctx, cancel := withGrace(ctx, finishTime)
	defer cancel()
	return w.Archive.Finish(ctx, w.Clock(), report)
}

// letGo ends a claim without a result, and gives cause back. The feed stays due:
// without a rest, its origin would be asked at once and again for as long as the
// store fails or another configuration is not ours.
func (w *Worker) letGo(ctx context.Context, g *gate, cause error) error {
	ctx, cancel := withGrace(ctx, finishTime)
	defer cancel()
	free := g.freeAt()
	if kind := feed.KindOf(cause); kind != feed.KindCanceled && kind != feed.KindFenced {
		free = g.freeAfter(busyDelay)
	}
	if err := w.Schedule.Release(ctx, w.Clock(), g.claim.Lease, free); err != nil {
		w.Log.Warn("a lease was not given back; it will run out", "host", g.claim.Lease.Host, "error", err)
	}
	return cause
}

// withGrace is ctx, but its end is delayed by grace.
func withGrace(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	unhook := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(grace):
			cancel()
		case <-out.Done():
		}
	})
	return out, func() { unhook(); cancel() }
}
