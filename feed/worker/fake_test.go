package worker

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/route"
)

// board is a Schedule and an Archive in memory, as small as the tests need: each
// feed is due once, hosts have one slot.
type board struct {
	mu       sync.Mutex
	due      []feed.Claim
	leases   map[string]string // token by host
	free     map[string]time.Time
	renewed  int
	lost     bool // renewals are refused: another worker has the host
	reports  []feed.Report
	outdated []feed.Stored
	remade   []feed.Arrival
}

func newBoard(claims ...feed.Claim) *board {
	return &board{due: claims, leases: map[string]string{}, free: map[string]time.Time{}}
}

func (b *board) Claim(_ context.Context, now time.Time, ask feed.Ask) (feed.Claim, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, c := range b.due {
		if b.leases[c.Lease.Host] != "" || b.free[c.Lease.Host].After(now) {
			continue
		}
		b.due = append(b.due[:i:i], b.due[i+1:]...)
		c.Lease.Token, c.Lease.Until = c.Source, ask.Until
		b.leases[c.Lease.Host] = c.Source
		return c, true, nil
	}
	return feed.Claim{}, false, nil
}

func (b *board) NextDue(_ context.Context, now time.Time, _ feed.Ask) (time.Time, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.due) == 0 {
		return time.Time{}, false, nil
	}
	return later(now, b.free[b.due[0].Lease.Host]), true, nil
}

func (b *board) Borrow(_ context.Context, now time.Time, host string, until time.Time) (
	feed.Lease, time.Time, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.leases[host] != "" || b.free[host].After(now) {
		return feed.Lease{}, later(now, b.free[host]), false, nil
	}
	b.leases[host] = "borrowed"
	return feed.Lease{Host: host, Token: "borrowed", Until: until}, time.Time{}, true, nil
}

func (b *board) Renew(_ context.Context, _ time.Time, lease feed.Lease, until time.Time) (feed.Lease, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.lost {
		return lease, &feed.Error{Kind: feed.KindFenced}
	}
	b.renewed++
	lease.Until = until
	return lease, nil
}

func (b *board) Release(_ context.Context, _ time.Time, lease feed.Lease, free time.Time) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.leases[lease.Host] == lease.Token {
		delete(b.leases, lease.Host)
		b.free[lease.Host] = free
	}
	return nil
}

func (b *board) Known(context.Context, feed.Claim, []feed.Key) (map[feed.Key]feed.Known, error) {
	return nil, nil
}

func (b *board) Load(context.Context, []int64) ([]feed.Stored, error) { return nil, nil }

func (b *board) Finish(ctx context.Context, now time.Time, r feed.Report) (feed.Receipt, error) {
	b.mu.Lock()
	b.reports = append(b.reports, r)
	b.mu.Unlock()
	return feed.Receipt{New: len(r.Arrivals), Sections: []string{"all"}}, b.Release(ctx, now, r.Claim.Lease, r.HostFree)
}

func (b *board) Outdated(_ context.Context, after int64, limit int) ([]feed.Stored, error) {
	var out []feed.Stored
	for _, s := range b.outdated {
		if s.Row > after && len(out) < limit {
			out = append(out, s)
		}
	}
	return out, nil
}

func (b *board) Remake(_ context.Context, _ time.Time, made []feed.Arrival) (feed.Receipt, error) {
	b.remade = append(b.remade, made...)
	return feed.Receipt{Sections: []string{"all"}}, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// sourceFunc is a feed.Source made of a function.
type sourceFunc func(ctx context.Context, gate feed.Gate) (feed.Outcome, error)

func (f sourceFunc) Poll(ctx context.Context, gate feed.Gate, _ feed.Memo) (feed.Outcome, error) {
	return f(ctx, gate)
}

// claimOf is a claim of a source's only feed, on a host of its own.
func claimOf(source string) feed.Claim {
	return feed.Claim{Source: source, FirstName: source, URL: "http://" + source + ".example/feed",
		Lease: feed.Lease{Host: source + ".example"}, First: true}
}

// staff seats a worker whose sources behave as given, over a board on which all
// of them are due.
func staff(t *testing.T, sources map[string]sourceFunc) (*Worker, *board) {
	t.Helper()
	spec := route.Spec{Sections: []route.SectionSpec{{Name: "all", Sources: []route.Selector{{Text: "*"}}}}}
	desk := &Desk{Zone: time.UTC, Floor: time.Minute, Site: feed.Site{ID: "paper.example"},
		Budget: func(host string) (string, time.Duration) { return host, 2 * time.Second }}
	b := newBoard()
	for name, source := range sources {
		c := claimOf(name)
		b.due = append(b.due, c)
		o := feed.Outlet{Name: name, Feeds: []feed.Subscription{{Source: name, URL: c.URL, Every: "1h"}}}
		spec.Outlets = append(spec.Outlets, o)
		open := func(feed.Subscription) (feed.Source, error) { return source, nil }
		if err := desk.Assign(o, open); err != nil {
			t.Fatal(err)
		}
	}
	router, problems := route.Compile(spec)
	if router == nil {
		t.Fatal(problems)
	}
	desk.Router = router
	return &Worker{Desk: desk, Schedule: b, Archive: b, Clock: time.Now, Log: slog.New(slog.DiscardHandler),
		Concurrency: 4}, b
}

// found is a good outcome with one article.
func found(title string) feed.Outcome {
	return feed.Outcome{Status: feed.Changed, Items: []feed.Item{{ID: "tag:origin.example,2026:" + title,
		Title: feed.Plain(title), Published: "2026-11-20T08:00:00Z"}}}
}
