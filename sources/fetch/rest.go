package fetch

import (
	"context"
	"sync"
	"time"
)

// rest is the rest between two requests for pages of an origin. A nil one is none.
type rest struct {
	gap  time.Duration
	mu   sync.Mutex
	free time.Time
}

// wait lets the rest of the request before pass. It reports whether it did so to
// the end: not if ctx ended, nor if that would take longer than maxRest, because
// others are waiting too. long is how long then; nothing was waited.
func (r *rest) wait(ctx context.Context) (long time.Duration, ok bool) {
	if r == nil || r.gap == 0 {
		return 0, true
	}
	r.mu.Lock()
	now := time.Now()
	start := now
	if r.free.After(now) {
		start = r.free
	}
	if long = start.Sub(now); long > maxRest {
		r.mu.Unlock()
		return long, false
	}
	r.free = start.Add(r.gap) // for whoever comes before this request ends
	r.mu.Unlock()
	timer := time.NewTimer(start.Sub(now))
	defer timer.Stop()
	select {
	case <-timer.C:
		return 0, true
	case <-ctx.Done():
		return 0, false
	}
}

// begin begins the rest after a request.
func (r *rest) begin() {
	if r == nil || r.gap == 0 {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if free := time.Now().Add(r.gap); free.After(r.free) {
		r.free = free
	}
}
