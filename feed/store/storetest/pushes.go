package storetest

import (
	"time"

	"broadsheet/feed"
)

const testBase = "https://paper.example/-/push/"

// pushPlan is a configuration in which hubs are subscribed at, but for sources named.
func pushPlan(quiet ...string) feed.PushPlan {
	return feed.PushPlan{On: true, Base: testBase, Quiet: quiet}
}

// offer polls a source whose feed names hubs.
func (b *bench) offer(source string, hubs ...string) {
	b.Helper()
	r := b.good(b.claimAnyway(source))
	r.Header = feed.Header{Hubs: hubs, Channel: feed.Channel{Self: "https://" + source + ".example/self"}}
	b.finish(r)
}

// planPushes compares and changes; it returns how many changed.
func (b *bench) planPushes(p feed.PushPlan) int {
	b.Helper()
	n, err := b.PlanPushes(b.ctx(), b.now, p)
	b.ok(err)
	return n
}

// claimPush takes the next subscription; the test ends if there is none.
func (b *bench) claimPush() feed.Push {
	b.Helper()
	p, ok, err := b.ClaimPush(b.ctx(), b.now)
	b.ok(err)
	if !ok {
		b.Fatal("no hub is to be asked")
	}
	return p
}

// noPush checks that no hub is to be asked now.
func (b *bench) noPush(why string) {
	b.Helper()
	if p, ok, err := b.ClaimPush(b.ctx(), b.now); ok || err != nil {
		b.Fatalf("%s: got %+v, %v", why, p, err)
	}
}

// pushAt reads a subscription.
func (b *bench) pushAt(token string) feed.Push {
	b.Helper()
	p, _, err := b.PushAt(b.ctx(), token)
	b.ok(err)
	return p
}

// confirm has a hub verify a subscription for as long as lease.
func (b *bench) confirm(p feed.Push, lease time.Duration) {
	b.Helper()
	ok, err := b.ConfirmPush(b.ctx(), b.now, p.Token, p.Topic, lease)
	b.ok(err)
	if !ok {
		b.Fatalf("not confirmed: %+v", p)
	}
}

// verified is a source whose hub pushes for as long as lease.
func (b *bench) verified(lease time.Duration) feed.Push {
	b.Helper()
	b.sync(plan("gulf"))
	b.offer("gulf", "https://hub.example/")
	b.planPushes(pushPlan())
	p := b.claimPush()
	b.confirm(p, lease)
	return p
}

var pushRules = []rule{
	{"WSS-1 WSS-2 a feed that names hubs is subscribed to at one, with a secret only over TLS", func(b *bench) {
		b.sync(plan("gulf", "plain", "silent", "quiet"))
		b.offer("gulf", "http://old.example/", "https://hub.example/")
		b.offer("plain", "http://old.example/")
		b.offer("silent")
		b.offer("quiet", "https://hub.example/")
		b.same("changed", b.planPushes(pushPlan("quiet")), 2)
		b.same("again", b.planPushes(pushPlan("quiet")), 0)
		b.same("in another process", first(b.open().PlanPushes(b.ctx(), b.now, pushPlan("quiet"))), 0)
		gulf, plain := b.claimPush(), b.claimPush()
		b.noPush("both are claimed")
		b.same("hub and topic", []string{gulf.Source, gulf.Hub, gulf.Topic, gulf.URL},
			[]string{"gulf", "https://hub.example/", "https://gulf.example/self", "https://gulf.example/feed"})
		b.same("hub without TLS", []string{plain.Hub, plain.Secret}, []string{"http://old.example/", ""})
		if len(gulf.Secret) < 32 || len(gulf.Secret) >= 200 || len(gulf.Token) < 26 || gulf.Token == plain.Token {
			b.Fatalf("a weak secret or token: %+v", gulf)
		}
		b.same("callback", gulf.Callback(), testBase+gulf.Token)
		b.same("off: all are left or dropped", b.planPushes(feed.PushPlan{Base: testBase}), 2)
	}},
	{"a hub is asked by one process, and what a lost claim finishes is not written", func(b *bench) {
		b.sync(plan("gulf"))
		b.offer("gulf", "https://hub.example/")
		b.planPushes(pushPlan())
		old := b.claimPush()
		if _, ok, err := b.open().ClaimPush(b.ctx(), b.now); ok || err != nil {
			b.Fatalf("claimed twice: %v", err)
		}
		b.later(3 * time.Minute) // that process died
		again := b.claimPush()
		b.same("as it stands", []any{again.State, again.Tries}, []any{feed.PushAsked, 1})
		old.State, old.Next = feed.PushFailed, b.now.Add(time.Hour)
		b.ok(b.FinishPush(b.ctx(), old))
		b.same("the old claim wrote nothing", b.pushAt(old.Token).State, feed.PushAsked)
		again.State, again.Next, again.Why = feed.PushFailed, b.now.Add(time.Hour), "a test says so"
		b.ok(b.FinishPush(b.ctx(), again))
		b.noPush("it rests")
		b.same("why", b.pushAt(old.Token).Why, "a test says so")
		b.later(time.Hour)
		b.same("tries", b.claimPush().Tries, 2)
	}},
	{"WSS-3 only what was asked for is verified, of its own topic, also before the hub answered", func(b *bench) {
		b.sync(plan("gulf"))
		b.offer("gulf", "https://hub.example/")
		b.planPushes(pushPlan())
		confirm := func(token, topic string) bool {
			return first(b.ConfirmPush(b.ctx(), b.now, token, topic, time.Hour))
		}
		p := b.claimPush()
		b.same("another topic", confirm(p.Token, "https://gulf.example/other"), false)
		b.same("another token", confirm("AAAAAAAAAAAAAAAAAAAAAAAAAA", p.Topic), false)
		b.same("not to be left", first(b.LeavePush(b.ctx(), p.Token, p.Topic)), false)
		b.same("right", confirm(p.Token, p.Topic), true)
		p.State, p.Next = feed.PushFailed, b.now // the answer that comes later
		b.ok(b.FinishPush(b.ctx(), p))
		got, since := b.pushAt(p.Token), b.now
		b.same("verified", []any{got.State, got.Until, got.Next, got.Tries},
			[]any{feed.PushVerified, b.now.Add(time.Hour), b.now.Add(40 * time.Minute), 0})
		b.later(time.Minute)
		b.same("once more, by the hub", confirm(p.Token, p.Topic), true)
		b.same("since and until", []time.Time{b.pushAt(p.Token).Since, b.pushAt(p.Token).Until}, []time.Time{since, b.now.Add(time.Hour)})
		until := b.now.Add(time.Hour)
		c := b.claimAnyway("gulf")
		b.same("known to polls", []time.Time{c.PushSince, c.PushUntil}, []time.Time{since, until})
	}},
	{"WSS-2 it is renewed at two thirds by another address, and the old one is honoured until then", func(b *bench) {
		old := b.verified(9 * time.Hour)
		b.later(6*time.Hour - time.Second)
		b.same("before", b.planPushes(pushPlan()), 0)
		b.later(time.Second)
		b.planPushes(pushPlan())
		b.same("begun once", b.planPushes(pushPlan()), 0)
		other := b.open() // another process goes on
		fresh, ok, err := other.ClaimPush(b.ctx(), b.now)
		b.ok(err)
		if !ok || fresh.Token == old.Token || fresh.Secret == old.Secret || fresh.State != feed.PushWanted {
			b.Fatalf("the renewal: %t %+v", ok, fresh)
		}
		b.same("the old one", b.pushAt(old.Token).Live(b.now), true)
		b.confirm(fresh, 9*time.Hour)
		b.same("the old one then", b.pushAt(old.Token).State, feed.PushLeaving)
		b.same("the new one", b.pushAt(fresh.Token).Live(b.now), true)
		left := b.claimPush()
		b.same("its hub is told", []any{left.Token, left.State}, []any{old.Token, feed.PushLeaving})
		b.same("of another topic", first(b.LeavePush(b.ctx(), old.Token, "https://other.example/")), false)
		b.same("its end is verified", first(b.LeavePush(b.ctx(), old.Token, old.Topic)), true)
		b.same("gone", b.pushAt(old.Token).State, feed.PushNone)
		b.same("the new one is not to be left", first(b.LeavePush(b.ctx(), fresh.Token, fresh.Topic)), false)
	}},
	{"a lease that ends without a renewal ends the subscription, and the feed is polled soon", func(b *bench) {
		p := b.verified(3 * time.Hour)
		r := b.good(b.claimAnyway("gulf"))
		r.Header = feed.Header{Hubs: []string{"https://hub.example/"}, Channel: feed.Channel{Self: "https://gulf.example/self"}}
		r.Next, r.Reason = b.now.Add(24*time.Hour), feed.PushReason
		b.finish(r)
		b.later(2 * time.Hour)
		b.planPushes(pushPlan())
		failed := b.claimPush()
		failed.State, failed.Next = feed.PushFailed, b.now.Add(time.Hour)
		b.ok(b.FinishPush(b.ctx(), failed))
		b.later(59 * time.Minute)
		b.planPushes(pushPlan())
		b.same("rarely polled until then", b.feedStatus("gulf").NextPoll, r.Next)
		b.later(time.Minute)
		b.planPushes(pushPlan())
		b.same("ended", b.pushAt(p.Token).State, feed.PushNone)
		b.same("due", b.feedStatus("gulf").NextPoll, b.now)
		b.same("the renewal is tried on", b.claimPush().Token, failed.Token)
		c := b.claim("gulf")
		b.same("polls know", c.PushUntil, time.Time{})
	}},
	{"WSS-3 a hub that refuses is asked no more for a week, and the feed is polled soon", func(b *bench) {
		p := b.verified(90 * time.Hour)
		r := b.good(b.claimAnyway("gulf"))
		r.Status, r.Next, r.Reason = feed.NotModified, b.now.Add(24*time.Hour), feed.PushReason
		b.finish(r)
		b.later(30 * time.Minute)
		b.same("of another topic", first(b.DenyPush(b.ctx(), b.now, p.Token, "https://other.example/", "no")), false)
		b.same("denied", first(b.DenyPush(b.ctx(), b.now, p.Token, p.Topic, "not you")), true)
		got := b.pushAt(p.Token)
		b.same("recorded", []any{got.State, got.Why, got.Live(b.now)}, []any{feed.PushDenied, "not you", false})
		b.same("late verification", first(b.ConfirmPush(b.ctx(), b.now, p.Token, p.Topic, time.Hour)), false)
		b.same("due", b.feedStatus("gulf").NextPoll, b.now)
		b.planPushes(pushPlan())
		b.noPush("it refused")
		b.later(7 * 24 * time.Hour)
		b.claimPush()
	}},
	{"what waits for another reason than its hub is not hastened by its end", func(b *bench) {
		p := b.verified(90 * time.Hour)
		r := b.good(b.claimAnyway("gulf"))
		r.Status, r.Next, r.Reason = feed.NotModified, b.now.Add(5*time.Hour), "Cache-Control"
		b.finish(r)
		b.later(30 * time.Minute)
		first(b.DenyPush(b.ctx(), b.now, p.Token, p.Topic, "no"))
		b.same("next poll", b.feedStatus("gulf").NextPoll, r.Next)
	}},
	{"a source that is taken out, another hub, and another site.url end subscriptions", func(b *bench) {
		p := b.verified(90 * time.Hour)
		b.later(time.Hour)
		b.offer("gulf", "https://other.example/hub")
		b.same("another hub", b.planPushes(pushPlan()), 2)
		b.same("left", b.pushAt(p.Token).State, feed.PushLeaving)
		left, asked := b.claimPush(), b.claimPush()
		if left.State != feed.PushLeaving {
			left, asked = asked, left
		}
		left.State = feed.PushNone
		b.ok(b.FinishPush(b.ctx(), left))
		b.same("gone", b.pushAt(p.Token).State, feed.PushNone)
		b.confirm(asked, 90*time.Hour)
		moved := pushPlan()
		moved.Base = "https://moved.example/-/push/"
		b.same("another address of ours", b.planPushes(moved), 2)
		b.same("where it is called back", b.pushAt(asked.Token).Callback(), testBase+asked.Token)
		b.sync(plan("other"))
		b.same("taken out", b.planPushes(moved), 1) // of the second no hub was ever told
		statuses, err := b.Pushes(b.ctx())
		b.ok(err)
		b.same("status", len(statuses), 0)
	}},
	{"a clock that was wrong keeps no subscription from being renewed", func(b *bench) {
		b.later(400 * 24 * time.Hour)
		p := b.verified(10 * 24 * time.Hour)
		b.now = start
		b.same("begun anew", b.planPushes(pushPlan()), 2)
		b.same("the old one", b.pushAt(p.Token).State, feed.PushLeaving)
	}},
	{"status tells which hub pushes until when", func(b *bench) {
		b.verified(9 * time.Hour)
		since := b.now
		b.later(6 * time.Hour)
		b.planPushes(pushPlan()) // a renewal is under way
		got, err := b.Pushes(b.ctx())
		b.ok(err)
		b.same("status", got, []feed.PushStatus{{Source: "gulf", URL: "https://gulf.example/feed", Hub: "https://hub.example/",
			State: feed.PushVerified, Since: since, Until: since.Add(9 * time.Hour), Next: since.Add(9 * time.Hour)}})
	}},
	{"WSS-5 what is pushed leaves what is kept of polls as it was", func(b *bench) {
		p := b.verified(90 * time.Hour)
		b.later(time.Minute)
		r := b.good(b.claimAnyway("gulf"))
		r.Hold = feed.Hold{Server: "gulf.example", Host: "gulf.example", Until: b.now.Add(2 * time.Hour)} // no request is sent
		b.finish(r)
		before := b.feedStatus("gulf")
		b.later(time.Minute)
		c, _, ok, err := b.ClaimFor(b.ctx(), b.now, p.Sub, b.now.Add(time.Minute))
		b.ok(err)
		b.same("claimed, though its server is held", ok, true)
		if _, retry, ok, err := b.ClaimFor(b.ctx(), b.now, p.Sub, b.now.Add(time.Minute)); ok || err != nil || !retry.Equal(b.now.Add(time.Minute)) {
			b.Fatalf("claimed twice: %t, %v, %v", ok, retry, err)
		}
		receipt := b.finish(feed.Report{Claim: c, Started: b.now, Status: feed.Changed, Pushed: true, Memo: feed.Memo{ETag: "other"},
			Header: feed.Header{Format: "other", Channel: feed.Channel{Title: feed.Plain("Other")}}, History: feed.History{Pushed: b.now},
			Arrivals: []feed.Arrival{b.story("pushed", 0, "world")}})
		b.same("receipt", []any{receipt.New, b.titles("world")}, []any{1, []string{"Story pushed"}})
		after := b.feedStatus("gulf")
		b.same("pushed", after.History.Pushed, b.now)
		after.History, after.Entries = before.History, before.Entries
		b.same("status", after, before)
		b.later(2 * time.Hour)
		again := b.claimAnyway("gulf")
		b.same("memo", again.Memo, r.Memo)
	}},
	{"a lease that was lost writes nothing of what was pushed", func(b *bench) {
		p := b.verified(90 * time.Hour)
		c, _, _, err := b.ClaimFor(b.ctx(), b.now, p.Sub, b.now.Add(time.Minute))
		b.ok(err)
		b.later(2 * time.Minute)
		b.claimAnyway("gulf")
		_, err = b.Finish(b.ctx(), b.now, feed.Report{Claim: c, Status: feed.Changed, Pushed: true,
			Arrivals: []feed.Arrival{b.story("late", 0, "world")}})
		b.fenced(err)
	}},
	{"a feed that is not polled takes no push", func(b *bench) {
		p := b.verified(90 * time.Hour)
		paused := plan("gulf")
		paused.Outlets[0].Paused = true
		b.sync(paused)
		_, retry, ok, err := b.ClaimFor(b.ctx(), b.now, p.Sub, b.now.Add(time.Minute))
		b.ok(err)
		b.same("claimed", []any{ok, retry}, []any{false, time.Time{}})
		b.planPushes(pushPlan())
		b.same("left", b.pushAt(p.Token).State, feed.PushLeaving)
	}},
	{"a feed is hastened, not past the floor, a hold or a failure", func(b *bench) {
		p := b.verified(90 * time.Hour)
		b.ok(b.Hasten(b.ctx(), b.now, p.Sub, 15*time.Minute))
		b.same("the floor", b.feedStatus("gulf").NextPoll, b.now.Add(15*time.Minute))
		b.later(20 * time.Minute)
		r := b.good(b.claimAnyway("gulf"))
		r.Next = b.now.Add(time.Minute)
		b.finish(r)
		b.ok(b.Hasten(b.ctx(), b.now, p.Sub, 15*time.Minute))
		b.same("never later", b.feedStatus("gulf").NextPoll, r.Next)
		b.later(5 * time.Minute)
		r = b.good(b.claimAnyway("gulf"))
		r.Failure, r.State, r.Next = &feed.Error{Kind: feed.KindServer}, feed.StateFailing, b.now.Add(8*time.Hour)
		b.finish(r)
		b.later(time.Hour)
		b.ok(b.Hasten(b.ctx(), b.now, p.Sub, 15*time.Minute))
		b.same("its back-off holds", b.feedStatus("gulf").NextPoll, r.Next)
	}},
}

// first is the first of two results; the error must be none, which the caller's own
// comparison shows.
func first[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
