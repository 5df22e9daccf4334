package storetest

import (
	"fmt"
	"testing"
	"time"

	"broadsheet/feed"
)

var archiveRules = []rule{
	{"what arrives is there, whole", func(b *bench) {
		b.sync(plan("gulf"))
		a := b.story("one", 90*time.Minute, "world", "sport")
		a.Entry.Authors = []feed.Person{{Name: "A. Writer"}}
		receipt := b.finish(b.good(b.claim(), a))
		b.same("receipt", receipt, feed.Receipt{New: 1, Sections: []string{"world", "sport", feed.WholePaper}})
		want := a.Entry
		want.ID, want.Source, want.Feeds = a.IDs[0], "gulf", []string{"https://gulf.example/feed"}
		got := b.find("one")
		b.same("stored", got, feed.Stored{Row: got.Row, Revision: got.Revision, Entry: want,
			Original: "one", FirstPoll: true, Members: a.Members, Made: "recipe-1", Routed: "rules-1",
			Sightings: []feed.Sighting{{Feed: "https://gulf.example/feed", Seen: b.now, Item: a.Item}}})
		want.Address = b.view("sport").Entries[0].Address // see articleRules
		b.same("shown", b.view("sport").Entries, []feed.Entry{want})
		b.same("whole", b.view(feed.WholePaper).Entries, []feed.Entry{want})
	}},
	{"what was committed is there after a crash", func(b *bench) {
		b.sync(plan("gulf"))
		b.finish(b.good(b.claim(), b.story("one", 0, "world")))
		next := &bench{T: b.T, Store: b.open(), now: b.now} // the first one was not closed
		b.same("shown", next.titles("world"), []string{"Story one"})
		b.same("status", next.feedStatus("gulf").LastSuccess, b.now)
	}},
	{"keys find entries, of their source only", func(b *bench) {
		b.sync(plan("gulf", "other"))
		b.poll("gulf", b.story("one", 0, "world"))
		row := b.find("one").Row
		gulf, other := b.claimAnyway("gulf"), b.claimAnyway("other")
		keys := []feed.Key{{Kind: feed.KeyGUID, Value: "one"}, {Kind: feed.KeyLink, Value: "news.example/one"},
			{Kind: feed.KeyLink, Value: "one"}, {Kind: feed.KeyText, Value: "unknown"}}
		known, err := b.Known(b.ctx(), gulf, keys)
		b.ok(err)
		is := feed.Known{Entry: row, Hash: "hash of one"}
		b.same("known", known, map[feed.Key]feed.Known{keys[0]: is, keys[1]: is})
		known, err = b.Known(b.ctx(), other, keys)
		b.ok(err)
		b.same("in another source", known, map[feed.Key]feed.Known{})
	}},
	{"thousands of keys are looked up at once", func(b *bench) {
		if testing.Short() {
			b.Skip("it writes thousands of rows")
		}
		b.sync(plan("gulf"))
		var arrivals []feed.Arrival
		var keys []feed.Key
		for i := range 1500 {
			a := b.story(fmt.Sprint("n", i), time.Duration(i)*time.Minute)
			arrivals, keys = append(arrivals, a), append(keys, a.Keys...)
		}
		b.poll("gulf", arrivals...)
		known, err := b.Known(b.ctx(), b.claimAnyway("gulf"), keys)
		b.ok(err)
		b.same("known", len(known), 3000)
	}},
	{"a hash belongs to the feed that listed the item", func(b *bench) {
		p := plan()
		p.Outlets = append(p.Outlets, outlet("gulf", "https://gulf.example/a", "https://gulf.example/b"))
		b.sync(p)
		first := b.claim()
		b.finish(b.good(first, b.story("one", 0, "world")))
		second := b.claim()
		key := feed.Key{Kind: feed.KeyGUID, Value: "one"}
		known, err := b.Known(b.ctx(), second, []feed.Key{key})
		b.ok(err)
		old := b.find("one")
		b.same("known", known[key], feed.Known{Entry: old.Row})
		a := b.again(old, "Story one")
		a.Item = feed.Item{ID: "one", Title: feed.Plain("by the second feed")}
		b.finish(b.good(second, a))
		got := b.find("one")
		b.same("feeds", got.Entry.Feeds, []string{first.URL, second.URL})
		b.same("the first sighting leads", got.Sightings[0].Item.Title.Value, feed.RawHTML("Story one"))
		b.same("sightings", len(got.Sightings), 2)
	}},
	{"Load gives entries in the order asked and leaves out what does not exist", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.story("one", 0, "world"), b.story("two", 0, "world"))
		one, two := b.find("one").Row, b.find("two").Row
		got, err := b.Load(b.ctx(), []int64{two, 999, one})
		b.ok(err)
		b.same("loaded", []any{len(got), got[0].Original, got[1].Original}, []any{2, "two", "one"})
	}},
	{"a changed item changes the entry, and nothing that may not move", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.story("one", 2*time.Hour, "world"))
		old := b.find("one")
		b.later(time.Hour)
		a := b.again(old, "Corrected")
		a.IDs, a.Original, a.FirstPoll = []string{"urn:other"}, "other", false
		a.Entry.ID = "urn:other"
		a.Entry.Published, a.Entry.FirstSeen, a.Entry.SortAt = b.now, b.now, b.now
		a.Entry.Undated = true
		receipt := b.poll("gulf", a)
		b.same("receipt", receipt, feed.Receipt{Updated: 1, Sections: []string{"world", feed.WholePaper}})
		got := b.find("one")
		want := old.Entry
		want.Title, want.Digest, want.Updated = "Corrected", "digest of Corrected", a.Entry.Updated
		b.same("entry", got.Entry, want)
		b.same("the rest", []any{got.Original, got.FirstPoll, got.Sightings[0].Seen},
			[]any{"one", true, old.Sightings[0].Seen})
		if got.Revision <= old.Revision {
			b.Fatal("the revision did not move")
		}
	}},
	{"an unchanged poll writes no entry and bumps no version", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.story("one", 0, "world"))
		old := b.find("one")
		b.later(time.Hour)
		b.same("bumped", b.bumped(func() {
			r := b.good(b.claim())
			r.Status = feed.NotModified
			b.same("receipt", b.finish(r), feed.Receipt{})
		}), []string(nil))
		b.same("entry", b.find("one"), old)
		st := b.feedStatus("gulf")
		b.same("polled", []any{st.LastPoll, st.LastSuccess}, []any{b.now, b.now})
	}},
	{"what a poll says of the feed is in its status", func(b *bench) {
		b.sync(plan("gulf"))
		r := b.good(b.claim(), b.story("one", 0, "world"))
		r.Header = feed.Header{Channel: feed.Channel{Title: feed.Plain("Gulf Wire")}, Format: "Atom 1.0"}
		r.Warnings = []feed.Warning{{Code: "truncated", Text: "it ends too early"}}
		r.Drops = []feed.Drop{{Code: "empty"}, {Code: "no-id"}, {Code: "empty"}}
		r.Listed, r.Trace = 4, feed.Trace{Code: 200, Bytes: 4711}
		b.finish(r)
		want := feed.FeedStatus{Source: "gulf", URL: r.Claim.URL, State: feed.StateOK, Since: b.now,
			LastPoll: b.now, LastSuccess: b.now, NextPoll: r.Next, Reason: "every 1h",
			Warnings: r.Warnings, Listed: 4, Drops: map[string]int{"empty": 2, "no-id": 1},
			Format: "Atom 1.0", Title: "Gulf Wire", Code: 200, Bytes: 4711, Entries: 1}
		b.same("status", b.feedStatus("gulf"), want)
		b.later(time.Hour)
		r = b.good(b.claim())
		r.Status, r.Trace = feed.NotModified, feed.Trace{Code: 304}
		b.finish(r)
		want.LastPoll, want.LastSuccess, want.NextPoll = b.now, b.now, r.Next
		want.Code, want.Bytes = 304, 0
		b.same("after a 304 the last body still counts", b.feedStatus("gulf"), want)
	}},
	{"another recipe or other rules: outdated; made anew: not", func(b *bench) {
		p := plan("gulf", "other")
		b.sync(p)
		b.poll("gulf", b.story("one", 0, "world"), b.story("two", 0, "world"))
		b.poll("other", b.story("three", 0, "world"))
		b.same("outdated", b.outdated(), []string(nil))
		p.Outlets[0].Recipe = "recipe-2"
		b.sync(p)
		b.same("other recipe", b.outdated(), []string{"one", "two"})
		p.Rules = "rules-2"
		b.sync(p)
		b.same("other rules", b.outdated(), []string{"one", "two", "three"})
		some, err := b.Outdated(b.ctx(), b.find("one").Row, 1)
		b.ok(err)
		b.same("after a row, up to a limit", []any{len(some), some[0].Original}, []any{1, "two"})
		b.same("remade", b.remakeAll("recipe-2", "rules-2"), 2)
		b.same("the other one's recipe is old now", b.outdated(), []string{"three"})
		p.Outlets = p.Outlets[:1]
		b.sync(p)
		b.same("not configured", b.outdated(), []string(nil))
	}},
	{"making anew moves no id and no date", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.story("one", 2*time.Hour, "world"))
		old := b.find("one")
		b.later(time.Hour)
		a := b.again(old, "Cleaner")
		a.Made, a.Entry.ID = "recipe-2", "urn:other"
		a.Entry.Published, a.Entry.Updated, a.Entry.FirstSeen, a.Entry.SortAt = b.now, b.now, b.now, b.now
		a.Members = []feed.Membership{{Section: "sport", Why: "other rules"}}
		b.same("bumped", b.bumped(func() {
			_, err := b.Remake(b.ctx(), b.now, []feed.Arrival{a})
			b.ok(err)
		}), []string{feed.WholePaper, "sport", "world"})
		got := b.find("one")
		want := old.Entry
		want.Title, want.Digest = "Cleaner", "digest of Cleaner"
		b.same("entry", got.Entry, want)
		b.same("members", got.Members, a.Members)
		b.same("sightings", got.Sightings, old.Sightings)
		b.same("hash", b.known("gulf", "one").Hash, "hash of one")
	}},
	{"making anew leaves alone what was written meanwhile", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.story("one", 0, "world"))
		old := b.find("one")
		b.poll("gulf", b.again(old, "By a poll"))
		receipt, err := b.Remake(b.ctx(), b.now, []feed.Arrival{b.again(old, "By a batch")})
		b.ok(err)
		b.same("receipt", receipt, feed.Receipt{})
		b.same("title", b.find("one").Entry.Title, "By a poll")
	}},
	{"making anew what comes out the same bumps nothing", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.story("one", 0, "world"))
		old := b.find("one")
		a := b.again(old, old.Entry.Title)
		a.Entry, a.Made = old.Entry, "recipe-2"
		b.same("bumped", b.bumped(func() {
			_, err := b.Remake(b.ctx(), b.now, []feed.Arrival{a})
			b.ok(err)
		}), []string(nil))
		b.same("made", b.find("one").Made, "recipe-2")
	}},
}

// claimAnyway claims a source by name.
func (b *bench) claimAnyway(source string) feed.Claim {
	b.Helper()
	b.later(time.Microsecond)
	ask := b.ask(source)
	ask.Anyway = true
	c, ok, err := b.Claim(b.ctx(), b.now, ask)
	b.ok(err)
	if !ok {
		b.Fatalf("%s cannot be polled", source)
	}
	return c
}

// known looks a guid up for a source, and lets its host go again.
func (b *bench) known(source, guid string) feed.Known {
	b.Helper()
	c := b.claimAnyway(source)
	key := feed.Key{Kind: feed.KeyGUID, Value: guid}
	known, err := b.Known(b.ctx(), c, []feed.Key{key})
	b.ok(err)
	b.ok(b.Release(b.ctx(), b.now, c.Lease, b.now))
	return known[key]
}

// outdated are the original ids of all outdated entries.
func (b *bench) outdated() []string {
	b.Helper()
	all, err := b.Outdated(b.ctx(), 0, 1000)
	b.ok(err)
	var out []string
	for _, s := range all {
		out = append(out, s.Original)
	}
	return out
}

// remakeAll makes all outdated entries of the source gulf anew, as they are, and
// returns how many.
func (b *bench) remakeAll(made, routed string) int {
	b.Helper()
	all, err := b.Outdated(b.ctx(), 0, 1000)
	b.ok(err)
	var batch []feed.Arrival
	for _, s := range all {
		if s.Entry.Source != "gulf" {
			continue
		}
		a := b.again(s, s.Entry.Title)
		a.Entry, a.Made, a.Routed = s.Entry, made, routed
		batch = append(batch, a)
	}
	receipt, err := b.Remake(b.ctx(), b.now, batch)
	b.ok(err)
	return receipt.Updated
}
