package storetest

import (
	"time"

	"broadsheet/feed"
)

var spreadRules = []rule{
	{"what was spread by a wrong clock is due when it is mended (R-7)", func(b *bench) {
		b.sync(plan("a"))
		b.finish(b.good(b.claim()))
		b.later(3 * time.Hour)
		ahead := b.now.Add(365 * 24 * time.Hour)
		_, err := b.Spread(b.ctx(), ahead, func(late []feed.Late) []time.Time { return []time.Time{ahead.Add(time.Hour)} })
		b.ok(err)
		b.nothing("it is spread over next year")
		_, err = b.Housekeep(b.ctx(), b.now)
		b.ok(err)
		b.same("due", b.claim().Source, "a")
	}},
	{"E-5 what is overdue is spread, and nothing else", func(b *bench) {
		b.sync(plan("late", "later", "future", "gone"))
		for i, name := range []string{"late", "later", "future", "gone"} {
			r := b.good(b.claim(name))
			r.Next = b.now.Add([]time.Duration{time.Hour, 2 * time.Hour, 7 * time.Hour, time.Hour}[i])
			if name == "gone" {
				r.State, r.Failure = feed.StateGone, &feed.Error{Kind: feed.KindGone}
			}
			b.finish(r)
		}
		b.later(5 * time.Hour)
		b.sync(plan("late", "later", "future", "gone", "fresh"))
		b.later(time.Hour)
		var got []feed.Late
		n, err := b.Spread(b.ctx(), b.now, func(late []feed.Late) []time.Time {
			got = late
			return []time.Time{b.now.Add(10 * time.Minute), late[1].Due}
		})
		b.ok(err)
		b.same("moved", n, 1)
		b.same("late", got, []feed.Late{
			{Source: "late", URL: "https://late.example/feed", Due: start.Add(time.Hour)},
			{Source: "later", URL: "https://later.example/feed", Due: start.Add(2 * time.Hour)}})
		b.same("due now", []string{b.claim().Source, b.claim().Source}, []string{"later", "fresh"})
		b.nothing("the late one has another place")
		b.same("reason", b.feedStatus("late").Reason, "catching up after an outage")
		due, ok, err := b.NextDue(b.ctx(), b.now, feed.Ask{DueBy: b.now.Add(time.Hour)})
		b.ok(err)
		b.same("next", []any{ok, due.Sub(b.now)}, []any{true, time.Minute}) // a lease ends
		b.later(10 * time.Minute)
		b.same("in its place", b.claim("late").Source, "late")
	}},
	{"T-28 a url is taken if another feed has it or moved there", func(b *bench) {
		b.sync(plan("gulf", "tide"))
		gulf, tide := b.claim("gulf"), b.claim("tide")
		r := b.good(tide)
		r.History.Move.To = "https://new.example/tide"
		b.finish(r)
		for url, want := range map[string]bool{"https://tide.example/feed": true, "https://new.example/tide": true,
			"https://gulf.example/feed": false, "https://other.example/": false} {
			taken, err := b.Taken(b.ctx(), gulf, url)
			b.ok(err)
			b.same(url, taken, want)
		}
	}},
	{"H-5 a move is remembered by polls good and bad, and forgotten with the configured url", func(b *bench) {
		b.sync(plan("gulf"))
		r := b.good(b.claim())
		r.History = feed.History{Full: b.now, Took: 3 * time.Second, News: []time.Time{b.now}, Watched: b.now,
			Move: feed.Move{To: "https://new.example/", Past: []feed.Moved{{From: "https://gulf.example/feed", At: b.now}}}}
		b.finish(r)
		b.later(time.Hour)
		c := b.claim()
		b.same("history", c.History, r.History)
		b.finish(feed.Report{Claim: c, Started: b.now, State: feed.StateFailing, History: c.History,
			Failure: &feed.Error{Kind: feed.KindServer}, Next: b.now.Add(time.Hour), HostFree: b.now})
		b.same("status", b.feedStatus("gulf").History, r.History)
		p := plan("gulf")
		p.Outlets[0].Feeds[0].URL = "https://gulf.example/other"
		b.sync(p)
		b.same("after another url", b.claim().History, feed.History{})
	}},
	{"a poll that another host kept from happening counts no failure", func(b *bench) {
		b.sync(plan("gulf"))
		c := b.claim()
		b.finish(feed.Report{Claim: c, Started: b.now, State: c.State, Next: b.now, HostFree: b.now,
			Failure: &feed.Error{Kind: feed.KindBusy, Text: "other polls kept it busy"}})
		b.same("failures", b.claim().Failures, 0)
	}},
}
