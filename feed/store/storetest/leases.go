package storetest

import (
	"sync"
	"time"

	"broadsheet/feed"
)

var leaseRules = []rule{
	{"one host, one poll", func(b *bench) {
		p := plan("one", "two")
		p.Outlets[1].Feeds[0].Host = "one.example"
		b.sync(p)
		first := b.claim()
		b.nothing("the host is taken")
		b.ok(b.Release(b.ctx(), b.now, first.Lease, b.now))
		b.claim()
	}},
	{"as many polls as slots", func(b *bench) {
		p := plan("one", "two", "three")
		for i := range p.Outlets {
			p.Outlets[i].Feeds[0].Host = "bridge.example"
			p.Outlets[i].Feeds[0].Slots = 2
		}
		b.sync(p)
		first, second := b.claim(), b.claim()
		if first.Lease.Slot == second.Lease.Slot || first.Lease.Token == second.Lease.Token {
			b.Fatalf("two leases are the same: %v %v", first.Lease, second.Lease)
		}
		b.nothing("both slots are taken")
		b.finish(b.good(second))
		b.same("third", b.claim().Lease.Slot, second.Lease.Slot)
	}},
	{"one source, one poll, also at several hosts", func(b *bench) {
		p := plan()
		o := outlet("gulf", "https://a.example/feed", "https://b.example/feed")
		o.Feeds[0].Host, o.Feeds[1].Host = "a.example", "b.example"
		p.Outlets = append(p.Outlets, o)
		b.sync(p)
		c := b.claim()
		b.nothing("another feed of the source is being polled")
		b.finish(b.good(c))
		if next := b.claim(); next.URL == c.URL {
			b.Fatal("the same feed twice")
		}
	}},
	{"a hold is of the server that asked for it, and a person does not override it", func(b *bench) {
		p := plan("one", "two", "three")
		urls := []string{"https://www.one.example/a", "https://WWW.one.example/b", "https://blog.one.example/c"}
		for i := range p.Outlets {
			p.Outlets[i].Feeds[0].Host, p.Outlets[i].Feeds[0].URL = "one.example", urls[i]
		}
		b.sync(p)
		r := b.good(b.claim("one"))
		r.Failure, r.State = &feed.Error{Kind: feed.KindHeld}, feed.StateHeld
		r.Hold = feed.Hold{Server: "www.one.example", Host: "one.example", Until: b.now.Add(2 * time.Hour)}
		r.Next = b.now.Add(time.Hour)
		b.finish(r)
		c := b.claim()
		b.same("the domain's other server", c.Source, "three")
		b.finish(b.good(c))
		b.nothing("both feeds of the server are held")
		ask := feed.Ask{DueBy: b.now.Add(time.Minute), Sources: []string{"one", "two"}, Anyway: true,
			Until: b.now.Add(time.Hour)}
		if _, ok, err := b.Claim(b.ctx(), b.now.Add(time.Minute), ask); ok || err != nil {
			b.Fatalf("a person may claim a held feed: %t, %v", ok, err)
		}
		due, ok, err := b.NextDue(b.ctx(), b.now.Add(time.Minute), ask)
		if err != nil || !ok || !due.Equal(r.Hold.Until) {
			b.Fatalf("the next claim is at %v, %t, %v; want %v", due, ok, err, r.Hold.Until)
		}
		p.Outlets[1].Feeds[0].Every = "20m" // a new cadence does not end a hold
		b.sync(p)
		b.nothing("still held")
	}},
	{"a gap or a hold keeps the host, the longest of them", func(b *bench) {
		p := plan("one", "two", "three")
		for i := range p.Outlets {
			p.Outlets[i].Feeds[0].Host, p.Outlets[i].Feeds[0].Slots = "slow.example", 2
		}
		b.sync(p)
		one, two := b.claim(), b.claim()
		r := b.good(one)
		r.HostFree = b.now.Add(time.Hour)
		b.finish(r)
		r = b.good(two)
		r.HostFree = b.now.Add(time.Second)
		b.finish(r)
		b.later(time.Minute)
		b.nothing("the hold is not over")
		b.later(time.Hour)
		b.claim()
	}},
	{"a host that lost a slot keeps to what it has left", func(b *bench) {
		p := plan("one", "two", "three")
		for i := range p.Outlets {
			p.Outlets[i].Feeds[0].Host, p.Outlets[i].Feeds[0].Slots = "bridge.example", 2
		}
		b.sync(p)
		b.claim()
		r := b.good(b.claim())
		for i := range p.Outlets {
			p.Outlets[i].Feeds[0].Slots = 1
		}
		b.sync(p)
		r.HostFree = b.now.Add(time.Hour)
		b.finish(r)
		b.nothing("its only slot is taken")
		_, retry, ok, err := b.Borrow(b.ctx(), b.now, "bridge.example", b.now.Add(time.Minute))
		b.ok(err)
		b.same("when the hold is over, too", []any{ok, retry}, []any{false, b.now.Add(time.Hour)})
	}},
	{"a lease that ran out is taken over, and the old holder writes nothing", func(b *bench) {
		b.sync(plan("gulf"))
		old := b.claim()
		b.later(59 * time.Second)
		b.nothing("the lease is alive")
		b.later(time.Second)
		fresh := b.claim()
		_, err := b.Finish(b.ctx(), b.now, b.good(old, b.story("late", 0, "world")))
		b.fenced(err)
		_, err = b.Renew(b.ctx(), b.now, old.Lease, b.now.Add(time.Minute))
		b.fenced(err)
		b.ok(b.Release(b.ctx(), b.now, old.Lease, b.now.Add(24*time.Hour)))
		b.same("shown", b.titles("world"), []string(nil))
		b.same("memo", b.feedStatus("gulf").LastPoll, time.Time{})
		b.same("receipt", b.finish(b.good(fresh, b.story("first", 0, "world"))).New, 1)
		b.later(2 * time.Hour)
		b.claim() // not held by the lease that was released after it was lost
	}},
	{"a source that was taken over at another host is lost, too", func(b *bench) {
		p := plan()
		o := outlet("gulf", "https://a.example/feed", "https://b.example/feed")
		o.Feeds[0].Host, o.Feeds[1].Host = "a.example", "b.example"
		p.Outlets = append(p.Outlets, o)
		b.sync(p)
		p.Outlets[0].Feeds[0].Slots = 2
		b.sync(p)
		old := b.claim()
		b.same("first", old.Lease.Host, "a.example")
		guest, _, ok, err := b.Borrow(b.ctx(), b.now, "a.example", b.now.Add(time.Minute))
		b.ok(err)
		b.same("borrowed", ok, true)
		b.ok(b.Release(b.ctx(), b.now, guest, b.now.Add(time.Hour))) // it was told to wait
		b.later(time.Minute)
		b.same("second", b.claim().Lease.Host, "b.example")
		_, err = b.Finish(b.ctx(), b.now, b.good(old))
		b.fenced(err)
	}},
	{"a lease is renewed", func(b *bench) {
		b.sync(plan("gulf"))
		c := b.claim()
		b.later(50 * time.Second)
		l, err := b.Renew(b.ctx(), b.now, c.Lease, b.now.Add(time.Minute))
		b.ok(err)
		b.same("until", l.Until, b.now.Add(time.Minute))
		b.later(50 * time.Second)
		b.nothing("it was renewed")
		c.Lease = l
		b.finish(b.good(c))
	}},
	{"a lease ends once", func(b *bench) {
		b.sync(plan("gulf"))
		r := b.good(b.claim(), b.story("one", 0, "world"))
		b.finish(r)
		r.Arrivals = []feed.Arrival{b.story("two", 0, "world")}
		_, err := b.Finish(b.ctx(), b.now, r)
		b.fenced(err)
		b.same("shown", b.titles("world"), []string{"Story one"})
	}},
	{"a claimed feed that is let go stays due", func(b *bench) {
		b.sync(plan("gulf"))
		c := b.claim()
		b.ok(b.Release(b.ctx(), b.now, c.Lease, b.now.Add(time.Second)))
		b.nothing("the host rests")
		b.later(time.Second)
		b.same("due", b.claim().Due, start)
	}},
	{"a host that a redirect leads to is borrowed", func(b *bench) {
		b.sync(plan("gulf", "cdn"))
		b.claim("gulf")
		lease, _, ok, err := b.Borrow(b.ctx(), b.now, "cdn.example", b.now.Add(time.Minute))
		b.ok(err)
		b.same("borrowed", ok, true)
		b.nothing("the host is lent out")
		_, retry, ok, err := b.Borrow(b.ctx(), b.now, "cdn.example", b.now.Add(time.Minute))
		b.ok(err)
		b.same("again", []any{ok, retry}, []any{false, b.now.Add(time.Minute)})
		b.ok(b.Release(b.ctx(), b.now, lease, b.now.Add(3*time.Second)))
		_, retry, ok, err = b.Borrow(b.ctx(), b.now, "cdn.example", b.now.Add(time.Minute))
		b.ok(err)
		b.same("in its gap", []any{ok, retry}, []any{false, b.now.Add(3 * time.Second)})
		b.later(3 * time.Second)
		b.same("claim", b.claim().Source, "cdn")
		_, _, ok, err = b.Borrow(b.ctx(), b.now, "unheard-of.example", b.now.Add(time.Minute))
		b.ok(err)
		b.same("a host of no source", ok, true)
	}},
	{"housekeeping ends leases that ran out", func(b *bench) {
		b.sync(plan("gulf"))
		c := b.claim()
		b.later(time.Minute)
		_, err := b.Housekeep(b.ctx(), b.now)
		b.ok(err)
		_, err = b.Finish(b.ctx(), b.now, b.good(c))
		b.fenced(err)
		b.claim()
	}},
	{"two processes that race for one feed: one has it", func(b *bench) {
		b.sync(plan("gulf"))
		other := b.open()
		for range 20 {
			var wins [2]feed.Claim
			var won [2]bool
			var all sync.WaitGroup
			for i, s := range []Store{b.Store, other} {
				all.Go(func() {
					var err error
					if wins[i], won[i], err = s.Claim(b.ctx(), b.now, b.ask()); err != nil {
						b.Error(err)
					}
				})
			}
			all.Wait()
			if won[0] == won[1] {
				b.Fatalf("winners: %v", won)
			}
			for i := range won {
				if won[i] {
					b.ok(b.Release(b.ctx(), b.now, wins[i].Lease, b.now))
				}
			}
		}
	}},
}
