package websub

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"broadsheet/feed"
)

// Options are what a Hub is made of. Store, Client, Site and Clock are needed.
type Options struct {
	Store  Store
	Client Client
	Press  Press
	Site   feed.Site
	// Own: subscribers are taken and delivered to. Without it only Others are pinged.
	Own bool
	// Hubs are all that the documents name, Others those of them that are not ours.
	Hubs, Others []string
	// Domain gives what a callback's requests are counted against: the part of its host's
	// name that somebody registered.
	Domain func(url string) string
	Clock  func() time.Time
	Log    *slog.Logger
}

// Hub takes subscriptions, delivers to them and pings other hubs. It is an http.Handler
// for feed.HubPath. Run does the work; without it requests are only stored.
type Hub struct {
	store        Store
	client       Client
	press        Press
	site         feed.Site
	own          bool
	hubs, others []string
	domain       func(string) string
	clock        func() time.Time
	log          *slog.Logger

	handling chan struct{} // holds a signal for each request that is being answered
	poked    chan struct{}
	work     sync.WaitGroup

	mu   sync.Mutex
	busy map[lane]int // requests under way
}

// lane is a sort of requests that has room for so many at once.
type lane int

const (
	verifying lane = iota
	fast
	slow
	pinging
)

// room is how many requests of a lane are under way at once.
var room = map[lane]int{verifying: verifiers, fast: fastLane, slow: slowLane, pinging: pingers}

// New makes a hub.
func New(o Options) *Hub {
	h := &Hub{store: o.Store, client: o.Client, press: o.Press, site: o.Site, own: o.Own, hubs: o.Hubs, others: o.Others,
		domain: o.Domain, clock: o.Clock, log: o.Log, handling: make(chan struct{}, maxHandled),
		poked: make(chan struct{}, 1), busy: map[lane]int{}}
	if h.log == nil {
		h.log = slog.New(slog.DiscardHandler)
	}
	if h.domain == nil {
		h.domain = func(string) string { return "" }
	}
	return h
}

// Poke says that there may be something to do: documents changed and are served, or
// somebody asked for something.
func (h *Hub) Poke() {
	select {
	case h.poked <- struct{}{}:
	default:
	}
}

// Run verifies, delivers and pings until ctx ends, and then waits for the requests under
// way, which end with it. It returns nil.
func (h *Hub) Run(ctx context.Context) error {
	defer h.work.Wait()
	kept := time.Time{}
	for ctx.Err() == nil {
		if now := h.clock(); now.Sub(kept) >= keepEvery || now.Before(kept) {
			h.trouble(ctx, h.store.HubKeep(ctx, now))
			kept = now
		}
		h.trouble(ctx, h.hand(ctx))
		select {
		case <-ctx.Done():
		case <-time.After(breath):
		}
		select {
		case <-ctx.Done():
		case <-h.poked:
		default:
			h.idle(ctx, kept)
		}
	}
	return nil
}

// idle waits until there may be something to do: for a poke, for what comes due by itself,
// and no longer than until house is to be kept. What is due already and was not handed out
// waits for room.
func (h *Hub) idle(ctx context.Context, kept time.Time) {
	now := h.clock()
	wait := keepEvery - now.Sub(kept)
	next, err := h.store.HubNext(ctx, now, h.others)
	h.trouble(ctx, err)
	if err != nil || !next.IsZero() {
		wait = min(wait, max(next.Sub(now), tick))
	}
	alarm := time.NewTimer(max(wait, 0))
	defer alarm.Stop()
	select {
	case <-ctx.Done():
	case <-h.poked:
	case <-alarm.C:
	}
}

// trouble tells of the store's, which is asked again at the next beat.
func (h *Hub) trouble(ctx context.Context, err error) {
	if err != nil && ctx.Err() == nil {
		h.log.Error("the hub is held up; it tries again", "error", err)
	}
}

// hand claims what is due, as much as there is room for, and has it done.
func (h *Hub) hand(ctx context.Context) error {
	now := h.clock()
	until := now.Add(claimTime)
	if h.own {
		intents, err := h.store.HubIntents(ctx, now, h.free(verifying), Limits(), until)
		if err != nil {
			return err
		}
		for _, i := range intents {
			h.start(verifying, func(leave func(lane) bool) { h.verify(ctx, i) })
		}
		for at, which := range map[lane]feed.Lane{fast: feed.FastLane, slow: feed.SlowLane} {
			free := h.free(at)
			if free == 0 {
				continue
			}
			deliveries, err := h.store.HubDeliveries(ctx, now, which, free, Limits(), until)
			if err != nil {
				return err
			}
			parts := h.parts(deliveries)
			for _, d := range deliveries {
				h.start(at, func(change func(lane) bool) { h.deliver(ctx, d, parts, change) })
			}
		}
	}
	pings, err := h.store.HubPings(ctx, now, h.others, h.free(pinging), pingRest, until)
	for _, p := range pings {
		h.start(pinging, func(func(lane) bool) { h.ping(ctx, p) })
	}
	return err
}

// free is how many more requests of a lane may be under way.
func (h *Hub) free(at lane) int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return max(room[at]-h.busy[at], 0)
}

// start does something in a lane. do may change over to another lane, if that has room.
func (h *Hub) start(at lane, do func(change func(lane) bool)) {
	h.mu.Lock()
	h.busy[at]++
	h.mu.Unlock()
	ended := false // guarded by h.mu
	h.work.Go(func() {
		defer h.Poke() // there is room, and perhaps something more for the same subscriber
		defer func() {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.busy[at]--
			ended = true
		}()
		do(func(to lane) bool {
			h.mu.Lock()
			defer h.mu.Unlock()
			if ended || h.busy[to] >= room[to] {
				return false // a timer of it may be late
			}
			h.busy[at]--
			h.busy[to]++
			at = to
			return true
		})
	})
}

// storing is the context in which results are stored: also when the program ends.
func storing(ctx context.Context) context.Context { return context.WithoutCancel(ctx) }
