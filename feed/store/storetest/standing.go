package storetest

import (
	"time"

	"broadsheet/feed"
)

var standingRules = []rule{
	{"what is kept back is in no section, also if it changes or is made anew", func(b *bench) {
		b.sync(plan("a"))
		held := b.story("one", time.Hour, "world")
		held.Standing, held.Why = feed.Held, "its ids changed"
		receipt := b.poll("a", held, b.story("two", time.Hour, "world"))
		b.same("what came", [2]int{receipt.New, receipt.Kept}, [2]int{1, 1})
		b.same("the section", b.titles("world"), []string{"Story two"})
		s := b.find("one")
		b.same("why", *s.Apart, feed.Apart{Standing: feed.Held, Since: b.now, Why: "its ids changed", Feed: "https://a.example/feed"})
		again := b.again(s, "Story one, corrected")
		again.Members = held.Members
		b.poll("a", again)
		s = b.find("one")
		anew := b.again(s, s.Entry.Title)
		anew.Members = held.Members
		if _, err := b.Remake(b.ctx(), b.now, []feed.Arrival{anew}); err != nil {
			b.Fatal(err)
		}
		b.same("the section", b.titles("world"), []string{"Story two"})
	}},
	{"what is let go is made anew, and then stands at its own place", func(b *bench) {
		b.sync(plan("a"))
		held := b.story("one", 48*time.Hour, "world")
		held.Standing = feed.Held
		b.poll("a", held, b.story("two", time.Hour, "world"), b.story("three", 72*time.Hour, "world"))
		b.judge("release", feed.Shown, b.find("one"))
		outdated, err := b.Outdated(b.ctx(), 0, 10)
		b.ok(err)
		if len(outdated) != 1 || outdated[0].Original != "one" || outdated[0].Apart != nil {
			b.Fatalf("to be made anew: %+v", outdated)
		}
		anew := held
		anew.Row, anew.Revision = outdated[0].Row, outdated[0].Revision
		_, err = b.Remake(b.ctx(), b.now, []feed.Arrival{anew})
		b.ok(err)
		b.same("the section", b.titles("world"), []string{"Story two", "Story one", "Story three"})
		b.same("its id", b.find("one").Entry.ID, "https://news.example/one")
	}},
	{"a withdrawn entry leaves its sections at once and does not come back", func(b *bench) {
		b.sync(plan("a"))
		b.poll("a", b.story("one", time.Hour, "world", "sport"), b.story("two", 2*time.Hour, "world"))
		b.same("sections that change", b.bumped(func() { b.judge("withdraw", feed.Withdrawn, b.find("one")) }),
			[]string{feed.WholePaper, "sport", "world"})
		b.same("the section", b.titles("world"), []string{"Story two"})
		again := b.again(b.find("one"), "Story one, once more")
		again.Members = b.story("one", 0, "world").Members
		b.poll("a", again)
		b.same("the section", b.titles("world"), []string{"Story two"})
		b.judge("release", feed.Shown, b.find("one"))
		if found, err := b.Outdated(b.ctx(), 0, 10); err != nil || len(found) != 1 {
			b.Fatalf("after all, to be made anew: %v, %v", found, err)
		}
	}},
	{"what is kept back is listed by source and standing", func(b *bench) {
		b.sync(plan("a", "b"))
		held, old := b.story("one", time.Hour, "world"), b.story("two", 2*time.Hour, "world")
		held.Standing, old.Standing = feed.Held, feed.Backlog
		b.poll("a", held, old)
		other := b.story("three", time.Hour, "world")
		other.Standing = feed.Held
		b.poll("b", other, b.story("four", time.Hour, "world"))
		list := func(source string, standings ...feed.Standing) (titles []string) {
			found, err := b.Apart(b.ctx(), source, standings...)
			b.ok(err)
			for _, s := range found {
				titles = append(titles, s.Entry.Title)
			}
			return titles
		}
		b.same("held", list("", feed.Held), []string{"Story one", "Story three"})
		b.same("of a", list("a", feed.Held, feed.Backlog), []string{"Story one", "Story two"})
		b.same("discarded", list("", feed.Discarded), []string(nil))
		b.same("in the status", b.feedStatus("a").Held, 1)
	}},
	{"what is held joins after a day of stable ids, and not without polls", func(b *bench) {
		b.sync(plan("a"))
		b.poll("a", b.story("two", time.Hour, "world"))
		held := b.story("one", 48*time.Hour, "world")
		held.Standing = feed.Held
		changed := b.now.Add(2 * time.Hour)
		joins := func(want int) {
			b.Helper()
			receipt, err := b.Housekeep(b.ctx(), b.now)
			b.ok(err)
			b.same("joining", receipt.New, want)
		}
		b.guarded("a", feed.Guard{}, held)
		b.later(2 * time.Hour)
		b.guarded("a", feed.Guard{Changed: changed}) // its ids changed once more
		b.later(23 * time.Hour)
		b.guarded("a", feed.Guard{Changed: changed})
		joins(0)
		b.later(3 * time.Hour) // a day later, and nobody looked
		joins(0)
		b.guarded("a", feed.Guard{Changed: changed, Tripped: b.now}) // so many at once change no id
		joins(1)
		joins(0)
		b.same("what is usual now", b.feedStatus("a").History.Guard.Largest, 1)
		if s := b.find("one"); s.Apart != nil {
			b.Fatalf("it stands apart: %+v", s.Apart)
		}
	}},
	{"what is held joins batch by batch", func(b *bench) {
		b.sync(plan("a"))
		for i, id := range []string{"one", "two", "three"} {
			held := b.story(id, 48*time.Hour, "world")
			held.Standing = feed.Held
			b.guarded("a", feed.Guard{Tripped: b.now, Turns: i}, held)
			b.later(24 * time.Hour)
			b.guarded("a", feed.Guard{Tripped: b.now})
			receipt, err := b.Housekeep(b.ctx(), b.now)
			b.ok(err)
			b.same("joining", receipt.New, 1)
		}
	}},
	{"what is held of a feed that is not polled any more joins after a day", func(b *bench) {
		p := plan("a")
		p.Outlets[0].Feeds = append(p.Outlets[0].Feeds, feed.Subscription{Source: "a", URL: "https://a.example/more", Every: "1h", Host: "a.example", Slots: 1})
		b.sync(p)
		held := b.story("one", 48*time.Hour, "world")
		held.Standing = feed.Held
		c := b.claimAnyway("a")
		b.finish(b.good(c, held))
		p.Outlets[0].Feeds = p.Outlets[0].Feeds[:1]
		if c.URL == p.Outlets[0].Feeds[0].URL {
			p.Outlets[0].Feeds[0].URL = "https://a.example/more"
		}
		b.sync(p)
		b.later(25 * time.Hour)
		receipt, err := b.Housekeep(b.ctx(), b.now)
		b.ok(err)
		b.same("joining", receipt.New, 1)
	}},
	{"a poll in flight does not undo what an operator decided", func(b *bench) {
		b.sync(plan("a"))
		parked := b.story("one", 48*time.Hour, "world")
		parked.Standing = feed.Strange
		b.guarded("a", feed.Guard{Was: "Gulf Wire"}, parked)
		c := b.claimAnyway("a")
		b.judge("release", feed.Shown, b.find("one"))
		r := b.good(c)
		r.History.Guard.Was = "Gulf Wire"
		b.finish(r)
		b.same("the guard", b.feedStatus("a").History.Guard.Was, "")
	}},
	{"an article whose body was pruned is found by the keys it comes with later", func(b *bench) {
		b.sync(plan("a"))
		b.poll("a", b.story("one", 40*24*time.Hour, "world"))
		row := b.find("one").Row
		b.ok(b.Prune(b.ctx(), b.now, b.now.Add(-30*24*time.Hour)))
		again := b.story("other", 0)
		again.Row = row
		b.poll("a", again)
		b.same("found", b.known("a", "other").Entry, row)
		b.same("the section", b.titles("world"), []string(nil))
	}},
	{"what is of another feed does not join, until an operator lets it go", func(b *bench) {
		b.sync(plan("a"))
		parked := b.story("one", 48*time.Hour, "world")
		parked.Standing = feed.Strange
		tripped := b.now
		b.guarded("a", feed.Guard{Tripped: tripped, Was: "Gulf Wire", By: feed.KeyLink}, parked)
		b.later(48 * time.Hour)
		b.guarded("a", feed.Guard{Tripped: tripped, Was: "Gulf Wire", By: feed.KeyLink})
		receipt, err := b.Housekeep(b.ctx(), b.now)
		b.ok(err)
		b.same("joining", receipt.New, 0)
		b.same("in the status", b.feedStatus("a").Held, 1)
		b.judge("release", feed.Shown, b.find("one"))
		b.same("the guard", b.feedStatus("a").History.Guard, feed.Guard{Largest: 1, Tripped: tripped, By: feed.KeyLink})
	}},
	{"what was discarded does not join", func(b *bench) {
		b.sync(plan("a"))
		held := b.story("one", 48*time.Hour, "world")
		held.Standing = feed.Held
		b.guarded("a", feed.Guard{Tripped: b.now}, held)
		b.judge("discard", feed.Discarded, b.find("one"))
		b.later(48 * time.Hour)
		b.guarded("a", feed.Guard{})
		receipt, err := b.Housekeep(b.ctx(), b.now)
		b.ok(err)
		b.same("joining", receipt.New, 0)
	}},
	{"a section is settled an hour after its first entry", func(b *bench) {
		settled := func() map[string]bool {
			b.Helper()
			c := b.claimAnyway("b")
			names, shown, err := b.Settled(b.ctx(), b.now, c)
			b.ok(err)
			b.ok(b.Release(b.ctx(), b.now, c.Lease, b.now))
			b.same("shown of another source", shown, 0)
			delete(names, feed.WholePaper)
			return names
		}
		b.sync(plan("a", "b"))
		b.later(24 * time.Hour)
		b.same("empty", settled(), map[string]bool{})
		b.poll("a", b.story("one", time.Hour, "world"))
		c := b.claimAnyway("a")
		_, shown, err := b.Settled(b.ctx(), b.now, c)
		b.ok(err)
		b.ok(b.Release(b.ctx(), b.now, c.Lease, b.now))
		b.same("shown of the source", shown, 1)
		b.later(58 * time.Minute)
		b.same("filling", settled(), map[string]bool{})
		b.later(2 * time.Minute)
		b.same("full", settled(), map[string]bool{"world": true})
	}},
	{"a key that another entry came with is shared", func(b *bench) {
		b.sync(plan("a", "b"))
		same := feed.Key{Kind: feed.KeyLink, Value: "news.example/same"}
		one, two, three := b.story("one", time.Hour), b.story("two", time.Hour), b.story("three", time.Hour)
		one.Keys, three.Keys = append(one.Keys, same), append(three.Keys, same)
		shared := func() bool {
			b.Helper()
			c := b.claimAnyway("a")
			known, err := b.Known(b.ctx(), c, []feed.Key{same})
			b.ok(err)
			b.finish(b.good(c))
			return known[same].Shared
		}
		b.poll("a", one)
		b.poll("b", three) // another source's keys are its own
		b.same("of one entry", shared(), false)
		two.Keys = append(two.Keys, same)
		b.poll("a", two)
		b.same("of two", shared(), true)
	}},
	{"a source that an operator paused is not polled, across configurations", func(b *bench) {
		b.sync(plan("a"))
		b.ok(b.Stop(b.ctx(), b.now, feed.Decision{Who: "jo", Verb: "pause", Target: "a", Why: "broken"}, "a", true))
		b.nothing("it is paused")
		f := b.feedStatus("a")
		b.same("status", [2]string{string(f.State), f.Reason}, [2]string{"paused", "paused by jo: broken"})
		changed := plan("a", "b")
		changed.Outlets[0].Feeds[0].Every = "2h"
		b.sync(changed)
		b.same("only the other is due", b.claim().Source, "b")
		ask := b.ask("a")
		ask.Anyway = true
		if _, ok, err := b.Claim(b.ctx(), b.now.Add(time.Second), ask); err != nil || ok {
			b.Fatalf("by name: %t, %v", ok, err)
		}
		b.ok(b.Stop(b.ctx(), b.now, feed.Decision{Who: "jo", Verb: "resume", Target: "a"}, "a", false))
		b.same("resumed", b.claim().Source, "a")
		if err := b.Stop(b.ctx(), b.now, feed.Decision{}, "nobody", true); err == nil {
			b.Fatal("a source that does not exist was paused")
		}
	}},
	{"decisions are kept with who, when and why, the latest first", func(b *bench) {
		b.sync(plan("a"))
		first := feed.Decision{At: b.now, Who: "jo", Verb: "pause", Target: "a", Why: "broken"}
		b.ok(b.Stop(b.ctx(), b.now, first, "a", true))
		b.later(time.Hour)
		second := feed.Decision{At: b.now, Who: "mo", Verb: "resume", Target: "a"}
		b.ok(b.Stop(b.ctx(), b.now, second, "a", false))
		all, err := b.Decisions(b.ctx(), 0)
		b.ok(err)
		b.same("decisions", all, []feed.Decision{second, first})
		one, err := b.Decisions(b.ctx(), 1)
		b.ok(err)
		b.same("the latest", one, []feed.Decision{second})
	}},
}

// judge gives an entry another standing.
func (b *bench) judge(verb string, standing feed.Standing, s feed.Stored) {
	b.Helper()
	_, err := b.Judge(b.ctx(), b.now, feed.Decision{Who: "jo", Verb: verb, Target: s.Entry.ID, Why: "a test"}, standing, []int64{s.Row})
	b.ok(err)
}

// guarded stores a good poll that leaves the feed's guard as it is given.
func (b *bench) guarded(source string, g feed.Guard, arrivals ...feed.Arrival) {
	b.Helper()
	r := b.good(b.claimAnyway(source), arrivals...)
	r.History.Guard = g
	b.finish(r)
}
