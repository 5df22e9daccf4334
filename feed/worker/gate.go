package worker

import (
	"context"
	"errors"
	"sync"
	"time"

	"broadsheet/feed"
)

const (
	// leaseTime is how long a host is ours without a word; a worker that dies
	// keeps the host's other feeds waiting for at most this long. It is longer
	// than any single request may take (fetch.timeout).
	leaseTime = 3 * time.Minute
	// renewAfter: a lease that has run for this long is renewed, and always before
	// a request is sent, so that no request starts on a lease about to end.
	renewAfter = leaseTime / 3
	// borrowWait bounds the wait for the host that a redirect leads to, so that
	// two polls that wait for each other's hosts both let go.
	borrowWait = 30 * time.Second
	// borrowStep is how often a host that another worker holds is asked for.
	borrowStep = 250 * time.Millisecond
)

// gate is the feed.Gate of one poll: it knows the lease of the claim, keeps it
// alive, and borrows the hosts that redirects lead to.
type gate struct {
	w     *Worker
	claim feed.Claim

	mu      sync.Mutex // guards what follows
	lease   feed.Lease
	renewed time.Time
	free    time.Time // when the claim's host may be asked again
	sent    time.Time // when the first request was let through
	held    time.Time // until when a server asked to be left alone that was not asked for it
}

func (w *Worker) newGate(claim feed.Claim) *gate {
	return &gate{w: w, claim: claim, lease: claim.Lease, renewed: w.Clock()}
}

// Pass implements feed.Gate.
func (g *gate) Pass(ctx context.Context, host string) (done func(), err error) {
	defer func() {
		if err == nil {
			g.note()
		}
	}()
	budget, gap := g.w.Desk.Budget(host)
	if budget != g.claim.Lease.Host {
		return g.borrow(ctx, budget, host, gap)
	}
	// The claim was given because its own server is not held.
	if host != serverOf(g.claim.URL) {
		if err := g.heed(ctx, budget, host); err != nil {
			return nil, err
		}
	}
	g.mu.Lock()
	free := g.free
	g.mu.Unlock()
	if err := sleep(ctx, free.Sub(g.w.Clock())); err != nil {
		return nil, err
	}
	if err := g.renew(ctx); err != nil {
		return nil, err
	}
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.free = g.w.Clock().Add(gap)
	}, nil
}

// note notes that a request goes out.
func (g *gate) note() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.sent.IsZero() {
		g.sent = g.w.Clock()
	}
}

// sentAt is when the first request went out; zero if none did.
func (g *gate) sentAt() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.sent
}

// heed is an error of KindHeld if a server asked to be left alone.
func (g *gate) heed(ctx context.Context, budget, server string) error {
	now := g.w.Clock()
	until, err := g.w.Schedule.Held(ctx, now, budget, server)
	if err != nil {
		return asStoreError(err)
	}
	if !until.After(now) {
		return nil
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.held = until
	return &feed.Error{Step: "following a redirect", Kind: feed.KindHeld,
		Text: server + ", where it leads, asked to be left alone for a while"}
}

// heldFor is how long the server still wants to be left alone that heed told of;
// zero if it told of none.
func (g *gate) heldFor() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.held.IsZero() {
		return 0
	}
	return max(g.held.Sub(g.w.Clock()), time.Second)
}

// freeAt is when the host of the claim may be asked again: its gap after the end
// of the last request, or now if none was sent.
func (g *gate) freeAt() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.free.IsZero() {
		return g.w.Clock()
	}
	return g.free
}

// freeAfter is freeAt, but no sooner than rest from now.
func (g *gate) freeAfter(rest time.Duration) time.Time {
	free, earliest := g.freeAt(), g.w.Clock().Add(rest)
	if free.Before(earliest) {
		return earliest
	}
	return free
}

// renew asks for more time if a good part of the lease is used up.
func (g *gate) renew(ctx context.Context) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.w.Clock()
	if now.Sub(g.renewed) < renewAfter {
		return nil
	}
	lease, err := g.w.Schedule.Renew(ctx, now, g.lease, now.Add(leaseTime))
	if err != nil {
		return asStoreError(err)
	}
	g.lease, g.renewed = lease, now
	return nil
}

// storeError is a failure of the store on a source's way: no fault of the source.
type storeError struct{ err error }

func (e *storeError) Error() string { return e.err.Error() }
func (e *storeError) Unwrap() error { return e.err }

// asStoreError marks what is not a verdict of the store (a lost lease, our own
// stopping) but a failure of it.
func asStoreError(err error) error {
	if feed.KindOf(err) != feed.KindUnknown {
		return err
	}
	return &storeError{err}
}

// keep renews the lease until ctx ends, and calls lost if another worker has the
// host now. It returns when ctx has ended.
func (g *gate) keep(ctx context.Context, lost func()) {
	for sleep(ctx, renewAfter) == nil {
		if err := g.renew(ctx); feed.KindOf(err) == feed.KindFenced {
			lost()
			return
		}
	}
}

// borrow waits for a free slot of another host, unless the server there is held.
func (g *gate) borrow(ctx context.Context, budget, server string, gap time.Duration) (func(), error) {
	deadline := g.w.Clock().Add(borrowWait)
	for {
		now := g.w.Clock()
		lease, retry, ok, err := g.w.Schedule.Borrow(ctx, now, budget, now.Add(leaseTime))
		if err != nil {
			return nil, asStoreError(err)
		}
		// Only now, for who had the host until now may have been told to wait.
		if err := g.heed(ctx, budget, server); err != nil {
			if ok {
				g.returnTo(ctx, lease, 0)()
			}
			return nil, err
		}
		switch {
		case ok:
			return g.returnTo(ctx, lease, gap), nil
		case !now.Before(deadline):
			// Not sooner, though retry is later: it is the end of a lease, and most
			// leases are given back long before that.
			return nil, &feed.Error{Step: "following a redirect", Kind: feed.KindBusy,
				Text: "other polls kept " + budget + " busy, where it leads"}
		}
		if err := sleep(ctx, max(borrowStep, min(retry.Sub(now), time.Second))); err != nil {
			return nil, err
		}
	}
}

// returnTo gives a borrowed host back, also if the poll was cancelled meanwhile:
// nobody else could use it before the lease ends.
func (g *gate) returnTo(ctx context.Context, lease feed.Lease, gap time.Duration) func() {
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishTime)
		defer cancel()
		now := g.w.Clock()
		if err := g.w.Schedule.Release(ctx, now, lease, now.Add(gap)); err != nil {
			g.w.Log.Warn("a borrowed host was not given back; its lease will run out",
				"host", lease.Host, "error", err)
		}
	}
}

// sleep waits for d, or until ctx ends. It does not wait at all if d is not
// positive.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return canceled(ctx.Err())
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return canceled(ctx.Err())
	}
}

// canceled makes a feed.Error of a context's error; nil stays nil.
func canceled(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return &feed.Error{Step: "waiting", Kind: feed.KindTimeout, Text: "there was no time left", Err: err}
	default:
		return &feed.Error{Step: "waiting", Kind: feed.KindCanceled, Text: "the program is stopping", Err: err}
	}
}
