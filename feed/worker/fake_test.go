package worker

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
	"broadsheet/feed/route"
)

// board is a Schedule and an Archive in memory, as small as the tests need: each
// feed is due once, hosts have one slot, and a lease does not end by itself.
type board struct {
	mu      sync.Mutex
	due     []feed.Claim
	leases  map[string]feed.Lease // by host
	free    map[string]time.Time  // by host
	held    map[string]feed.Claim // what was claimed, by host
	renewed int
	// feedsOnly is whether who asked for a feed last takes no pages.
	feedsOnly bool
	broken    error // what the archive answers when it is asked what is known
	torn      error // what the schedule answers when it is asked for work
	jammed    error // what it answers when a poll asks for a host
	full      error // what the archive answers when a poll is to be written
	known     map[feed.Key]feed.Known
	stored    []feed.Stored
	reports   []feed.Report
	outdated  []feed.Stored
	remade    []feed.Arrival
	asked     map[string]time.Time // until when a server asked to be left alone
	spread    []time.Time          // what Spread was told
	taken     string               // a url that another feed has

	pages       []feed.PageClaim // that are due, each once
	pageReports []feed.PageReport
	twins       []feed.Twin
	leaves      []feed.Leaf
	ripe        []feed.Stored // that waited long enough
	moved       int           // so often FinishPage finds that an entry was written meanwhile
}

func newBoard() *board {
	return &board{leases: map[string]feed.Lease{}, free: map[string]time.Time{},
		held: map[string]feed.Claim{}, known: map[feed.Key]feed.Known{}}
}

// takeOver gives a host to a worker that is not under test.
func (b *board) takeOver(host string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.leases[host] = feed.Lease{Host: host, Token: "another worker", Until: time.Now().Add(leaseTime)}
}

// open is when a host may be asked: as in the store, after the end of its lease,
// however much sooner that may be given back.
func (b *board) open(host string) time.Time { return later(b.leases[host].Until, b.free[host]) }

func (b *board) Claim(_ context.Context, now time.Time, ask feed.Ask) (feed.Claim, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.feedsOnly = ask.FeedsOnly
	for i, c := range b.due {
		if b.torn == nil && !b.open(c.Lease.Host).After(now) {
			b.due = append(b.due[:i:i], b.due[i+1:]...)
			c.Lease.Token, c.Lease.Until = c.Source, ask.Until
			b.leases[c.Lease.Host], b.held[c.Lease.Host] = c.Lease, c
			return c, true, nil
		}
	}
	return feed.Claim{}, false, b.torn
}

func (b *board) NextDue(_ context.Context, now time.Time, _ feed.Ask) (due time.Time, ok bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.due {
		if at := later(now, b.open(c.Lease.Host)); !ok || at.Before(due) {
			due, ok = at, true
		}
	}
	return due, ok, nil
}

func (b *board) ClaimPage(_ context.Context, now time.Time, ask feed.Ask) (feed.PageClaim, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, c := range b.pages {
		if !b.open(c.Lease.Host).After(now) {
			b.pages = append(b.pages[:i:i], b.pages[i+1:]...)
			c.Lease.Token, c.Lease.Until = "page", ask.Until
			b.leases[c.Lease.Host] = c.Lease
			return c, true, nil
		}
	}
	return feed.PageClaim{}, false, nil
}

func (b *board) NextPage(_ context.Context, now, _ time.Time, _ feed.Ask) (due time.Time, ok bool, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, c := range b.pages {
		if at := later(now, b.open(c.Lease.Host)); !ok || at.Before(due) {
			due, ok = at, true
		}
	}
	return due, ok, nil
}

func (b *board) Leaves(context.Context, int64) ([]feed.Leaf, error) { return b.leaves, nil }

func (b *board) Twins(context.Context, feed.PageClaim, string) ([]feed.Twin, error) {
	return b.twins, nil
}

// FinishPage notes the report, and stores the entries that it makes.
func (b *board) FinishPage(ctx context.Context, _ time.Time, r feed.PageReport) (feed.Receipt, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return feed.Receipt{}, ctx.Err()
	case b.leases[r.Claim.Lease.Host].Token != r.Claim.Lease.Token:
		return feed.Receipt{}, &feed.Error{Kind: feed.KindFenced}
	case b.moved > 0:
		b.moved--
		b.stored[r.Claim.Row-1].Revision++
		return feed.Receipt{}, &feed.Error{Kind: feed.KindBusy}
	}
	for _, a := range r.Made {
		b.stored[a.Row-1].Entry = a.Entry
	}
	b.pageReports = append(b.pageReports, r)
	b.end(r.Claim.Lease, r.HostFree)
	return feed.Receipt{Updated: len(r.Made), Sections: []string{"all"}}, nil
}

func (b *board) Ripe(context.Context, time.Time, int) (ripe []feed.Stored, next time.Time, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	ripe, b.ripe = b.ripe, nil
	return ripe, time.Time{}, nil
}

func (b *board) Join(_ context.Context, _ time.Time, made []feed.Arrival) (feed.Receipt, error) {
	b.remade = append(b.remade, made...)
	return feed.Receipt{Updated: len(made), Sections: []string{"all"}}, nil
}

func (b *board) Waiting(context.Context, []string) (int, error) { return 0, nil }

func (b *board) Borrow(_ context.Context, now time.Time, host string, until time.Time) (
	feed.Lease, time.Time, bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if at := b.open(host); b.jammed != nil || at.After(now) {
		return feed.Lease{}, at, false, b.jammed
	}
	b.leases[host] = feed.Lease{Host: host, Token: "borrowed", Until: until}
	return b.leases[host], time.Time{}, true, nil
}

func (b *board) Renew(_ context.Context, _ time.Time, lease feed.Lease, until time.Time) (feed.Lease, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.leases[lease.Host].Token != lease.Token {
		return feed.Lease{}, &feed.Error{Kind: feed.KindFenced}
	}
	b.renewed++
	lease.Until = until
	b.leases[lease.Host] = lease
	return lease, nil
}

func (b *board) Release(ctx context.Context, _ time.Time, lease feed.Lease, free time.Time) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.leases[lease.Host].Token != lease.Token {
		return nil
	}
	if c, ok := b.held[lease.Host]; ok && c.Source == lease.Token {
		b.due = append(b.due, c)
	}
	b.end(lease, free)
	return nil
}

// end ends a live lease.
func (b *board) end(lease feed.Lease, free time.Time) {
	delete(b.leases, lease.Host)
	delete(b.held, lease.Host)
	b.free[lease.Host] = free
}

// Held says that a server is held as long as it stands in asked.
func (b *board) Held(_ context.Context, now time.Time, _, server string) (time.Time, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if until := b.asked[server]; until.After(now) {
		return until, nil
	}
	return time.Time{}, nil
}

func (b *board) Spread(_ context.Context, before time.Time, place func([]feed.Late) []time.Time) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var late []feed.Late
	for _, c := range b.due {
		if !c.First && c.Due.Before(before) {
			late = append(late, feed.Late{Source: c.Source, URL: c.URL, Due: c.Due})
		}
	}
	b.spread = append(b.spread, place(late)...)
	return len(late), nil
}

func (b *board) Taken(_ context.Context, _ feed.Claim, url string) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.taken == url, nil
}

func (b *board) Known(_ context.Context, claim feed.Claim, keys []feed.Key) (map[feed.Key]feed.Known, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := map[feed.Key]feed.Known{}
	for _, k := range keys {
		known, ok := b.known[k]
		if !ok {
			continue
		}
		for _, s := range b.stored[known.Entry-1].Sightings {
			if s.Feed == claim.URL {
				known.Hash = normalise.Identify(s.Item).Hash
			}
		}
		out[k] = known
	}
	return out, b.broken
}

func (b *board) Settled(context.Context, time.Time, feed.Claim) (map[string]bool, int, error) {
	return nil, 0, nil
}

func (b *board) Load(_ context.Context, rows []int64) (out []feed.Stored, _ error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, row := range rows {
		out = append(out, b.stored[row-1])
	}
	return out, nil
}

func (b *board) Finish(ctx context.Context, now time.Time, r feed.Report) (feed.Receipt, error) {
	if ctx.Err() != nil {
		return feed.Receipt{}, ctx.Err()
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	lease := r.Claim.Lease
	if b.full != nil {
		return feed.Receipt{}, b.full
	}
	if b.leases[lease.Host].Token != lease.Token {
		return feed.Receipt{}, &feed.Error{Kind: feed.KindFenced}
	}
	for _, a := range r.Arrivals {
		b.file(now, r.Claim.URL, a)
	}
	b.reports = append(b.reports, r)
	b.end(lease, r.HostFree)
	return feed.Receipt{New: len(r.Arrivals), Sections: []string{"all"}}, nil
}

// file stores an arrival; its row is its place.
func (b *board) file(now time.Time, url string, a feed.Arrival) {
	s := feed.Stored{Row: a.Row}
	if a.Row == 0 {
		b.stored = append(b.stored, feed.Stored{})
		s.Row, a.Entry.ID = int64(len(b.stored)), a.IDs[0]
	} else {
		s = b.stored[a.Row-1]
	}
	s.Entry, s.Original, s.Made, s.Routed = a.Entry, a.Original, a.Made, a.Routed
	s.Revision++
	s.Sightings = resight(s.Sightings, feed.Sighting{Feed: url, Seen: now, Item: a.Item})
	for _, k := range a.Keys {
		b.known[k] = feed.Known{Entry: s.Row}
	}
	b.stored[s.Row-1] = s
}

func (b *board) Outdated(ctx context.Context, after int64, limit int) ([]feed.Stored, error) {
	var out []feed.Stored
	for _, s := range b.outdated {
		if s.Row > after && len(out) < limit {
			out = append(out, s)
		}
	}
	return out, ctx.Err()
}

// Remake leaves alone what was written meanwhile: entries of revision 0 here.
func (b *board) Remake(_ context.Context, _ time.Time, made []feed.Arrival) (feed.Receipt, error) {
	receipt := feed.Receipt{Sections: []string{"all"}}
	for _, a := range made {
		if a.Revision != 0 {
			b.remade = append(b.remade, a)
			receipt.Updated++
		}
	}
	return receipt, nil
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// sourceFunc is a feed.Source made of a function.
type sourceFunc func(ctx context.Context, gate feed.Gate) (feed.Outcome, error)

func (f sourceFunc) Poll(ctx context.Context, gate feed.Gate, _ feed.Visit) (feed.Outcome, error) {
	return f(ctx, gate)
}

// claimOf is a claim of a source's first feed, on a host of its own.
func claimOf(source string) feed.Claim {
	return feed.Claim{Source: source, FirstName: source, URL: "http://" + source + ".example/feed",
		Lease: feed.Lease{Host: source + ".example"}, First: true}
}

// staff seats a worker whose sources behave as given, over a board on which the
// first feed of each is due.
func staff(t *testing.T, sources map[string]sourceFunc) (*Worker, *board) {
	t.Helper()
	spec := route.Spec{Sections: []route.SectionSpec{{Name: "all", Sources: []route.Selector{{Text: "*"}}}}}
	desk := &Desk{Zone: time.UTC, Floor: time.Minute, Site: feed.Site{ID: "paper.example"},
		Budget: func(host string) (string, time.Duration) { return host, 2 * time.Second }}
	b := newBoard()
	for name, source := range sources {
		c := claimOf(name)
		b.due = append(b.due, c)
		o := feed.Outlet{Name: name, Feeds: []feed.Subscription{{Source: name, URL: c.URL, Every: "1h"},
			{Source: name, URL: c.URL + "/more", Every: "1h"}}}
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
