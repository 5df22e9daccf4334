package storetest

import (
	"cmp"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"broadsheet/feed"
)

var scheduleRules = []rule{
	{"a new feed is due at once and knows nothing", func(b *bench) {
		b.sync(plan("gulf"))
		c := b.claim()
		b.same("claim", []any{c.Source, c.FirstName, c.URL, c.First, c.Failures, c.State, c.Memo, c.Due},
			[]any{"gulf", "gulf", "https://gulf.example/feed", true, 0, feed.StateNew, feed.Memo{}, b.now})
		b.same("lease", []any{c.Lease.Host, c.Lease.Until}, []any{"gulf.example", b.now.Add(time.Minute)})
		if len(c.Lease.Token) < 20 {
			b.Fatalf("the token %q can be guessed", c.Lease.Token)
		}
	}},
	{"the feed that has been due longest comes first", func(b *bench) {
		b.sync(plan("one", "two", "three"))
		for i, name := range []string{"two", "three", "one"} {
			r := b.good(b.claim(name))
			r.Next = b.now.Add(time.Duration(i+1) * time.Minute)
			b.finish(r)
		}
		b.nothing("all were polled")
		b.later(time.Hour)
		var order []string
		for range 3 {
			order = append(order, b.claim().Source)
		}
		b.same("order", order, []string{"two", "three", "one"})
	}},
	{"what is due longest comes first, also past feeds whose source is busy", func(b *bench) {
		p := plan("thirty", "forty", "twenty")
		many := outlet("many", "https://many.example/0", "https://many.example/10", "https://many.example/5")
		hosts := map[string]string{"thirty": "h.example", "forty": "g.example", "twenty": "m.example",
			"https://many.example/0": "h.example", "https://many.example/10": "g.example",
			"https://many.example/5": "k.example"}
		p.Outlets = append(p.Outlets, many)
		for i, o := range p.Outlets {
			for j, f := range o.Feeds {
				p.Outlets[i].Feeds[j].Host = cmp.Or(hosts[f.URL], hosts[f.Source])
			}
		}
		b.sync(p)
		due := map[string]int{"thirty": 30, "forty": 40, "twenty": 20, "https://many.example/0": 0,
			"https://many.example/10": 10, "https://many.example/5": -5}
		for range due {
			r := b.good(b.claim())
			at := due[r.Claim.URL] + due[r.Claim.Source]
			r.Next = b.now.Add(time.Hour + time.Duration(at)*time.Minute)
			b.finish(r)
		}
		b.later(2 * time.Hour)
		b.same("first", b.claim().URL, "https://many.example/5")
		b.same("second", b.claim().Source, "twenty")
		b.same("third", b.claim().Source, "thirty")
		b.same("fourth", b.claim().Source, "forty")
		b.nothing("the rest is of a source that is being polled")
	}},
	{"a poll leaves its memo, header and next time for the one after it", func(b *bench) {
		b.sync(plan("gulf"))
		r := b.good(b.claim())
		r.Header = feed.Header{Channel: feed.Channel{Title: feed.Plain("Gulf")}, Format: "RSS 2.0"}
		b.finish(r)
		b.later(time.Hour - time.Microsecond)
		b.nothing("it is not due for another microsecond")
		b.later(time.Microsecond)
		c := b.claim()
		b.same("memo", c.Memo, r.Memo)
		b.same("header", c.Header, r.Header)
		b.same("first, state, due", []any{c.First, c.State, c.Due}, []any{false, feed.StateOK, b.now})
	}},
	{"a failed poll keeps memo and header and counts", func(b *bench) {
		b.sync(plan("gulf"))
		b.finish(b.good(b.claim()))
		for n := 1; n <= 2; n++ {
			b.later(time.Hour)
			c := b.claim()
			b.finish(feed.Report{Claim: c, Started: b.now, State: feed.StateFailing,
				Failure: &feed.Error{Step: "fetching", Kind: feed.KindServer, Text: "the server answered 503"},
				Next:    b.now.Add(time.Hour), HostFree: b.now})
			st := b.feedStatus("gulf")
			b.same("status", []any{st.State, st.Error, st.Kind, st.Failures},
				[]any{feed.StateFailing, "the server answered 503", feed.KindServer, n})
			b.same("since", st.Since, start.Add(time.Hour))
		}
		b.later(time.Hour)
		c := b.claim()
		b.same("memo, failures, first", []any{c.Memo.ETag, c.Failures, c.First}, []any{`"1"`, 2, false})
	}},
	{"a paused source is not polled, not even by name, and is due after the pause", func(b *bench) {
		p := plan("gulf")
		p.Outlets[0].Paused = true
		b.sync(p)
		b.nothing("it is paused")
		ask := b.ask("gulf")
		ask.Anyway = true
		if _, ok, err := b.Claim(b.ctx(), b.now, ask); ok || err != nil {
			b.Fatalf("got a paused feed, %v", err)
		}
		b.same("state", b.feedStatus("gulf").State, feed.StatePaused)
		p.Outlets[0].Paused = false
		b.sync(p)
		b.claim()
	}},
	{"a feed that is gone is not due until its url changes", func(b *bench) {
		b.sync(plan("gulf"))
		r := b.good(b.claim())
		r.State, r.Status, r.Failure = feed.StateGone, "", &feed.Error{Kind: feed.KindGone, Text: "410"}
		b.finish(r)
		b.later(1000 * time.Hour)
		b.nothing("it is gone")
		b.sync(plan("gulf"))
		b.nothing("it is gone, also after a restart")
		if _, ok, err := b.NextDue(b.ctx(), b.now, b.ask()); ok || err != nil {
			b.Fatalf("it will be due, %v", err)
		}
		p := plan("gulf")
		p.Outlets[0].Feeds[0].URL = "https://gulf.example/moved"
		b.sync(p)
		b.same("state", b.claim().State, feed.StateNew)
	}},
	{"a feed that is gone keeps no other one of its host waiting", func(b *bench) {
		p := plan("gulf", "other")
		p.Outlets[1].Feeds[0].Host = "gulf.example"
		b.sync(p)
		r := b.good(b.claim("gulf"))
		r.State, r.Status, r.Failure = feed.StateGone, "", &feed.Error{Kind: feed.KindGone, Text: "410"}
		r.Next = b.now // it may say what it wants
		b.finish(r)
		b.same("claim", b.claim().Source, "other")
	}},
	{"an ask by name takes what is not due, once", func(b *bench) {
		b.sync(plan("gulf", "other"))
		b.finish(b.good(b.claim("gulf")))
		b.later(time.Minute)
		ask := b.ask("gulf")
		if _, ok, _ := b.Claim(b.ctx(), b.now, ask); ok {
			b.Fatal("not due, and not asked for anyway")
		}
		ask.Anyway = true
		c, ok, err := b.Claim(b.ctx(), b.now, ask)
		b.ok(err)
		b.same("claimed", []any{ok, c.Source}, []any{true, "gulf"})
		b.later(time.Second)
		b.finish(b.good(c))
		if _, ok, _ := b.Claim(b.ctx(), b.now, ask); ok {
			b.Fatal("polled since it was asked for")
		}
		if _, ok, _ := b.NextDue(b.ctx(), b.now, ask); ok {
			b.Fatal("nothing more will come of that ask")
		}
	}},
	{"NextDue is when a claim may succeed", func(b *bench) {
		b.sync(plan("gulf", "other"))
		next := func() time.Duration {
			b.Helper()
			due, ok, err := b.NextDue(b.ctx(), b.now, feed.Ask{DueBy: b.now.Add(100 * time.Hour)})
			b.ok(err)
			if !ok {
				b.Fatal("nothing will be due")
			}
			return due.Sub(b.now)
		}
		b.same("all due", next(), time.Duration(0))
		c := b.claim("gulf")
		r := b.good(b.claim("other"))
		r.HostFree, r.Next = b.now.Add(90*time.Minute), b.now.Add(30*time.Minute)
		b.finish(r)
		b.same("gulf's lease ends first", next(), time.Minute)
		r = b.good(c)
		r.Next = b.now.Add(2 * time.Hour)
		b.finish(r)
		b.same("the other's host is held for longer than it is due", next(), 90*time.Minute)
		_, ok, err := b.NextDue(b.ctx(), b.now, b.ask())
		b.ok(err)
		b.same("within the ask", ok, false)
	}},
	{"only the sources asked for", func(b *bench) {
		b.sync(plan("one", "two", "three"))
		b.same("claim", b.claim("two").Source, "two")
		_, ok, err := b.Claim(b.ctx(), b.now, b.ask("nobody"))
		b.ok(err)
		b.same("unknown", ok, false)
		_, ok, err = b.Claim(b.ctx(), b.now, feed.Ask{DueBy: b.now, Sources: []string{}, Until: b.now})
		b.ok(err)
		b.same("none", ok, false)
	}},
	{"what fell due during an outage is simply due", func(b *bench) {
		b.sync(plan("gulf"))
		b.finish(b.good(b.claim()))
		b.later(1000 * time.Hour)
		b.claim()
		b.nothing("it is due once")
	}},
	{"a clock that was wrong is undone", func(b *bench) {
		b.sync(plan("gulf"))
		right := b.now
		b.later(10 * 365 * 24 * time.Hour)
		r := b.good(b.claim())
		r.HostFree = b.now.Add(time.Second)
		b.finish(r)
		b.now = right.Add(time.Minute)
		b.nothing("it was polled in ten years")
		_, err := b.Housekeep(b.ctx(), b.now)
		b.ok(err)
		b.claim()
	}},
	{"ten thousand feeds: each is claimed once", func(b *bench) {
		if testing.Short() {
			b.Skip("it writes thousands of rows")
		}
		const feeds, workers = 10000, 4
		p := plan(names("source", feeds)...)
		for i := range p.Outlets {
			p.Outlets[i].Feeds[0].Host = p.Outlets[i%100].Name + ".example"
			p.Outlets[i].Feeds[0].Slots = 4
		}
		b.sync(p)
		var mu sync.Mutex
		seen := map[string]int{}
		var all sync.WaitGroup
		errs := make(chan error, workers)
		for range workers {
			all.Go(func() {
				for range 100 {
					c, ok, err := b.Claim(b.ctx(), b.now, b.ask())
					if err != nil || !ok {
						errs <- errors.Join(err, errors.New("no feed"))
						return
					}
					mu.Lock()
					seen[c.Source]++
					mu.Unlock()
				}
			})
		}
		all.Wait()
		select {
		case err := <-errs:
			b.Fatal(err)
		default:
		}
		b.same("feeds claimed", len(seen), workers*100)
		b.nothing("100 hosts have 4 slots each")
		var counts []int
		for _, n := range seen {
			counts = append(counts, n)
		}
		b.same("most often", slices.Max(counts), 1)
	}},
}
