package storetest

import (
	"time"

	"broadsheet/feed"
)

// family is a paper with the named feeds at servers of one domain, NAME.held.example.
func family(names ...string) feed.Plan {
	p := plan(names...)
	for i, name := range names {
		f := &p.Outlets[i].Feeds[0]
		f.URL, f.Host, f.Server = "https://"+name+".held.example/feed", "held.example", name+".held.example"
	}
	return p
}

// refuse is a poll that a server of held.example answers with a wish to be left
// alone for as long.
func (b *bench) refuse(c feed.Claim, server string, rest time.Duration) {
	b.Helper()
	b.finish(feed.Report{Claim: c, Started: b.now, State: feed.StateHeld,
		Failure: &feed.Error{Kind: feed.KindHeld, Text: "the server answered 429"},
		Next:    b.now.Add(rest), Reason: "Retry-After", HostFree: b.now,
		Hold: feed.Hold{Server: server, Host: "held.example", Until: b.now.Add(rest)}})
}

// heldFor is for how long a server of held.example is held, in whole seconds.
func (b *bench) heldFor(server string) time.Duration {
	b.Helper()
	until, err := b.Held(b.ctx(), b.now, "held.example", server)
	b.ok(err)
	if until.IsZero() {
		return 0
	}
	return until.Sub(b.now).Round(time.Second)
}

var holdRules = []rule{
	{"H-4 one server speaks for itself, however often", func(b *bench) {
		b.sync(family("a", "b", "c"))
		for range 3 {
			b.refuse(b.claim("a"), "a.held.example", time.Minute)
			b.same("held", []time.Duration{b.heldFor("a.held.example"), b.heldFor("b.held.example")},
				[]time.Duration{time.Minute, 0})
			b.later(time.Minute)
		}
		b.same("a sibling", b.claim("b").Source, "b")
	}},
	{"H-4 two servers of a domain hold it, for as long as both asked and for at most an hour", func(b *bench) {
		b.sync(family("a", "b", "c"))
		b.refuse(b.claim("a"), "a.held.example", 30*time.Minute)
		b.later(9 * time.Minute)
		b.refuse(b.claim("b"), "b.held.example", 24*time.Hour)
		b.nothing("the domain is held")
		b.same("held", []time.Duration{b.heldFor("c.held.example"), b.heldFor("b.held.example")},
			[]time.Duration{21 * time.Minute, 24 * time.Hour})
		_, _, ok, err := b.Borrow(b.ctx(), b.now, "held.example", b.now.Add(time.Minute))
		b.ok(err)
		b.same("borrowed", ok, false)
		st := b.feedStatus("c")
		b.same("status", []any{st.NextPoll, st.Reason, st.State},
			[]any{b.now.Add(21 * time.Minute), "Retry-After of two servers of its domain", feed.StateNew})
		b.later(21 * time.Minute)
		b.same("the sibling, and the one that is free again", []string{b.claim("c").Source}, []string{"c"})
	}},
	{"a domain is held for an hour at most, and not again before it was free for as long", func(b *bench) {
		b.sync(family("a", "b", "c"))
		b.refuse(b.claim("a"), "a.held.example", 24*time.Hour)
		b.refuse(b.claim("b"), "b.held.example", 24*time.Hour)
		b.same("held", b.heldFor("c.held.example"), time.Hour)
		b.later(time.Hour)
		c := b.claim("c")
		b.refuse(c, "d.held.example", 25*time.Minute)
		b.later(time.Minute)
		b.refuse(b.redirected(c), "e.held.example", 25*time.Minute)
		b.same("in its free hour", b.heldFor("f.held.example"), time.Duration(0))
		b.later(59 * time.Minute)
		b.refuse(b.redirected(c), "d.held.example", 25*time.Minute)
		b.refuse(b.redirected(c), "e.held.example", 25*time.Minute)
		b.same("later", b.heldFor("f.held.example"), 25*time.Minute)
	}},
	{"two servers eleven minutes apart do not hold their domain", func(b *bench) {
		b.sync(family("a", "b", "c"))
		b.refuse(b.claim("a"), "a.held.example", time.Hour)
		b.later(11 * time.Minute)
		b.refuse(b.claim("b"), "b.held.example", time.Hour)
		b.same("a sibling", b.claim().Source, "c")
	}},
	{"a feed that comes to a server while it is held is held too", func(b *bench) {
		b.sync(family("a", "elsewhere"))
		b.refuse(b.claim("a"), "a.held.example", 2*time.Hour)
		p := family("a", "elsewhere", "fresh", "alone")
		for _, i := range []int{1, 2, 3} { // a url that is changed, a new feed, and one with hold: source
			f := &p.Outlets[i].Feeds[0]
			f.URL, f.Server = "https://a.held.example/"+f.Source, "a.held.example"
		}
		p.Outlets[3].Feeds[0].HoldAlone = true
		b.sync(p)
		b.same("the only one that may be asked", b.claim().Source, "alone")
		for _, name := range []string{"elsewhere", "fresh"} {
			ask := feed.Ask{DueBy: b.now.Add(time.Minute), Sources: []string{name}, Anyway: true, Until: b.now.Add(time.Hour)}
			if _, ok, err := b.Claim(b.ctx(), b.now.Add(time.Minute), ask); ok || err != nil {
				b.Fatalf("a person may claim %s, which is held: %t, %v", name, ok, err)
			}
			b.same("status", b.feedStatus(name).NextPoll, b.now.Add(2*time.Hour))
			b.same("reason", b.feedStatus(name).Reason, "Retry-After of its server")
		}
		b.later(2 * time.Hour)
		b.same("after the hold", b.claim("fresh").Source, "fresh")
	}},
	{"a hold of where a redirect led is of that server, and of the feed that went there", func(b *bench) {
		p := family("a")
		p.Outlets = append(p.Outlets, plan("gulf", "tide").Outlets...)
		p.Outlets[2].Feeds[0].Host = "gulf.example"
		b.sync(p)
		b.refuse(b.claim("gulf"), "a.held.example", 2*time.Hour)
		b.same("the first server's other feed", b.claim().Source, "tide")
		b.nothing("the feed of the held server and the feed that was led there")
	}},
	{"a hold of one feed alone is of that feed, and a person does not override it", func(b *bench) {
		p := family("a", "b")
		p.Outlets[1].Feeds[0].Server = "a.held.example"
		b.sync(p)
		b.refuse(b.claim("a"), "", time.Hour)
		b.later(time.Minute)
		ask := b.ask("a")
		ask.Anyway = true
		if _, ok, err := b.Claim(b.ctx(), b.now, ask); ok || err != nil {
			b.Fatalf("a person may claim a held feed: %t, %v", ok, err)
		}
		b.same("the other feed", b.claim().Source, "b")
	}},
	{"a hold outlives a restart and housekeeping, and ends", func(b *bench) {
		b.sync(family("a"))
		b.refuse(b.claim(), "a.held.example", 2*time.Hour)
		b.later(time.Hour)
		_, err := b.Housekeep(b.ctx(), b.now)
		b.ok(err)
		b.Store = b.open()
		b.sync(family("a"))
		b.same("held", b.heldFor("a.held.example"), time.Hour)
		b.nothing("it is held")
		b.later(time.Hour)
		_, err = b.Housekeep(b.ctx(), b.now)
		b.ok(err)
		b.same("held", b.heldFor("a.held.example"), time.Duration(0))
		b.claim()
	}},
	{"a hold that a wrong clock made is undone", func(b *bench) {
		b.sync(family("a", "b"))
		right := b.now
		b.later(10 * 365 * 24 * time.Hour)
		b.refuse(b.claim("a"), "a.held.example", time.Hour)
		b.refuse(b.claim("b"), "b.held.example", time.Hour)
		b.now = right.Add(time.Minute)
		_, err := b.Housekeep(b.ctx(), b.now)
		b.ok(err)
		b.same("held", []time.Duration{b.heldFor("a.held.example"), b.heldFor("c.held.example")}, []time.Duration{0, 0})
		b.claim("a")
	}},
}

// redirected claims the feed of c again, as a person would.
func (b *bench) redirected(c feed.Claim) feed.Claim {
	b.Helper()
	b.sync(feed.Plan{Site: plan().Site}) // forgets the feed, and its hold with it
	p := family(c.Source)
	b.later(time.Microsecond)
	p.Outlets[0].Feeds[0].URL += "?" + b.now.String()
	b.sync(p)
	return b.claim(c.Source)
}
