package worker

import (
	"context"
	"sync"
	"time"

	"broadsheet/feed"
)

const (
	// slowAfter is how long a poll may keep its seat: then it goes on in the slow
	// lane, so that a few dozen hosts that answer a byte a second do not keep all
	// others waiting (DESIGN §7, F-10).
	slowAfter = 5 * time.Second
	// slowLane is how many times as many polls may go on there as have seats. A slow
	// poll costs a connection and a few kilobytes; they are bounded all the same.
	slowLane = 8
	// laneRetry is when a poll that found the lane full looks again.
	laneRetry = time.Second
)

// crew is the goroutines that poll, all waited for: at most Concurrency on seats
// and slowLane times as many in the slow lane.
type crew struct {
	w     *Worker
	ctx   context.Context // of the polls: outlives the caller's by pollGrace
	end   context.CancelFunc
	seats chan struct{}
	slow  chan struct{} // places of the slow lane
	done  chan struct{} // a poll ended: its host may be free, its source too
	all   sync.WaitGroup

	mu     sync.Mutex // guards busy and failed
	busy   int
	fed    bool  // a feed was claimed last, and not a page
	failed error // of the store, by a poll
}

func (w *Worker) newCrew(ctx context.Context) *crew {
	c := &crew{w: w, seats: make(chan struct{}, w.Concurrency),
		slow: make(chan struct{}, slowLane*w.Concurrency), done: make(chan struct{}, 1)}
	c.ctx, c.end = withGrace(ctx, pollGrace)
	return c
}

// seat waits for a free place; false if ctx ended first.
func (c *crew) seat(ctx context.Context) bool {
	select {
	case c.seats <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// leave frees a place.
func (c *crew) leave() { <-c.seats }

// seated is the place of one poll.
type seated struct {
	c    *crew
	mu   sync.Mutex // guards slow and left
	slow bool       // it has a place in the slow lane, and no seat
	left bool
}

// slowDown takes a place in the slow lane for the seat. done is false if none is
// free.
func (s *seated) slowDown() (done bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.slow || s.left {
		return true
	}
	select {
	case s.c.slow <- struct{}{}:
		s.slow = true
		s.c.leave()
		return true
	default:
		return false
	}
}

// patience moves the poll to the slow lane once it has kept its seat for long
// enough, and tries again while the lane is full. The function ends that.
func (s *seated) patience() (stop func()) {
	ctx, stop := context.WithCancel(context.Background())
	s.c.all.Go(func() {
		for wait := slowAfter; sleep(ctx, wait) == nil && !s.slowDown(); wait = laneRetry {
		}
	})
	return stop
}

// leave frees whichever place the poll has.
func (s *seated) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.left = true
	if s.slow {
		<-s.c.slow
		return
	}
	s.c.leave()
}

// start polls a claim on the seat that was taken for it. A feed that was slow
// last time starts in the slow lane.
func (c *crew) start(claim feed.Claim) {
	c.work(true, claim.History.Took >= slowAfter, func(ctx context.Context) error {
		polled, receipt, err := c.w.poll(ctx, claim)
		c.w.tell(polled, receipt, err)
		return err
	})
}

// startPage asks for a page on the seat that was taken for it.
func (c *crew) startPage(claim feed.PageClaim) {
	c.work(false, false, func(ctx context.Context) error {
		read, receipt, err := c.w.page(ctx, claim)
		c.w.tellPage(read, receipt, err)
		return err
	})
}

// work does a piece of work on the seat that was taken for it, or in the slow lane.
func (c *crew) work(fed, slow bool, do func(context.Context) error) {
	c.mu.Lock()
	c.busy++
	c.fed = fed
	c.mu.Unlock()
	place := &seated{c: c}
	if slow {
		place.slowDown()
	}
	c.all.Go(func() {
		defer place.leave()
		stop := place.patience()
		defer stop()
		err := do(c.ctx)
		c.mu.Lock()
		c.busy--
		if kind := feed.KindOf(err); err != nil && kind != feed.KindFenced && kind != feed.KindCanceled {
			c.failed = err
		}
		c.mu.Unlock()
		select {
		case c.done <- struct{}{}:
		default:
		}
	})
}

// rest waits until a poll ends, d has passed or ctx ends.
func (c *crew) rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(max(d, minIdle))
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.done:
	case <-ctx.Done():
	}
}

// pagesFirst reports whether it is the pages' turn: a feed was claimed last.
func (c *crew) pagesFirst() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.fed
}

func (c *crew) idle() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.busy == 0
}

func (c *crew) failure() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

// wait returns when every poll has ended.
func (c *crew) wait() {
	c.all.Wait()
	c.end()
}
