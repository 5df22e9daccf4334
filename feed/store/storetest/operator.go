package storetest

import (
	"bytes"
	"time"

	"broadsheet/feed"
)

var operatorRules = []rule{
	{"what made a parser panic is kept, of the last few feeds and no more of each", func(b *bench) {
		const feeds = 25
		b.sync(plan(names("s", feeds)...))
		for i, name := range names("s", feeds) {
			b.later(time.Minute)
			r := b.good(b.claimAnyway(name))
			r.Status, r.State = "", feed.StateFailing
			r.Failure = &feed.Error{Kind: feed.KindBug, Text: "the parser crashed", Input: bytes.Repeat([]byte{byte(i)}, feed.MaxInput+9)}
			b.finish(r)
		}
		kept := 0
		for i, name := range names("s", feeds) {
			input, at, err := b.Crash(b.ctx(), name)
			b.ok(err)
			if input == nil {
				continue
			}
			kept++
			if len(input) != feed.MaxInput || input[0] != byte(i) || at.IsZero() || i < feeds-20 {
				b.Fatalf("%s: %d bytes at %v", name, len(input), at)
			}
		}
		b.same("kept", kept, 20)
		b.finish(b.good(b.claimAnyway("s-24"))) // a good poll takes nothing away: nobody looked at it yet
		if input, _, err := b.Crash(b.ctx(), "s-24"); err != nil || input == nil {
			b.Fatalf("it is gone: %v", err)
		}
	}},
	{"find by id, original id, link and words", func(b *bench) {
		b.sync(plan("gulf"))
		one, two := b.story("one", time.Hour, "world"), b.story("two", 2*time.Hour)
		one.Entry.Title, two.Entry.Title = "Évian hält 100% Wort", "Тегеран: Wort für Wort"
		b.poll("gulf", one, two)
		for query, want := range map[string][]string{
			"https://news.example/one": {"one"},
			"one":                      {"one"},
			"news.example/two":         {"two"},
			"evian":                    {"one"},
			"ТЕГЕРАН wort":             {"two"},
			"wort":                     {"one", "two"},
			"100%":                     {"one"},
			"1_0":                      nil,
			"nothing like it":          nil,
			"":                         nil,
		} {
			found, err := b.Find(b.ctx(), query, 10)
			b.ok(err)
			var got []string
			for _, s := range found {
				got = append(got, s.Original)
			}
			b.same(query, got, want)
		}
		found, err := b.Find(b.ctx(), "wort", 1)
		b.ok(err)
		b.same("limit", len(found), 1)
	}},
	{"a source without success for a week is stale", func(b *bench) {
		b.sync(plan("gulf"))
		b.finish(b.good(b.claim()))
		for range 8 {
			b.later(24 * time.Hour)
			r := b.good(b.claim())
			r.State, r.Failure = feed.StateFailing, &feed.Error{Kind: feed.KindTimeout, Text: "no answer"}
			b.finish(r)
		}
		st := b.feedStatus("gulf")
		b.same("stale", []any{st.State, st.Since, st.Failures},
			[]any{feed.StateStale, start.Add(7 * 24 * time.Hour), 8})
		b.later(24 * time.Hour)
		b.finish(b.good(b.claim()))
		b.same("well again", b.feedStatus("gulf").State, feed.StateOK)
	}},
	{"a source that is polled seldom is not stale", func(b *bench) {
		b.sync(plan("gulf"))
		r := b.good(b.claim())
		r.Next = b.now.Add(30 * 24 * time.Hour)
		b.finish(r)
		b.later(29 * 24 * time.Hour)
		b.same("state", b.feedStatus("gulf").State, feed.StateOK)
	}},
	{"sections tell what they hold and what they show", func(b *bench) {
		p := plan("gulf")
		p.Sections[0].Limit = 2
		b.sync(p)
		b.poll("gulf", b.story("1", time.Hour, "world"), b.story("2", 2*time.Hour, "world"),
			b.story("3", 3*time.Hour, "world"))
		newest := b.find("1").Entry.SortAt
		atom := document("/world/atom.xml", "a")
		atom.MediaType = "application/atom+xml; charset=utf-8"
		b.save("world", document("/world/rss.xml", "r"), atom)
		_, sections, err := b.Status(b.ctx(), b.now)
		b.ok(err)
		world := sections[0]
		b.same("world", []any{world.Section.Name, world.Entries, world.Shown, world.Newest, world.ETag, world.Pending},
			[]any{"world", 3, 2, newest, "hash of a", false})
		b.same("sport", []any{sections[1].Entries, sections[1].Newest, sections[1].Pending}, []any{0, time.Time{}, true})
		b.same("the whole paper comes last", sections[2].Section.Name, feed.WholePaper)
	}},
	{"pruned entries leave, and never come back as new ones", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.story("old", 48*time.Hour, "world"), b.story("new", time.Hour, "world"))
		old := b.find("old")
		b.same("bumped", b.bumped(func() {
			b.ok(b.Prune(b.ctx(), b.now, b.now.Add(-24*time.Hour)))
		}), []string{feed.WholePaper, "world"})
		b.same("world", b.titles("world"), []string{"Story new"})
		b.same("whole", b.titles(feed.WholePaper), []string{"Story new"})
		b.same("its key", b.known("gulf", "old"), feed.Known{Entry: old.Row, Hash: "hash of old"})
		left, err := b.Load(b.ctx(), []int64{old.Row})
		b.ok(err)
		b.same("what is left of it", []any{left[0].Entry.ID, left[0].Entry.Title, left[0].Entry.SortAt, len(left[0].Sightings)},
			[]any{old.Entry.ID, "", old.Entry.SortAt, 0})
		b.same("bumped by its return", b.bumped(func() {
			b.same("receipt", b.poll("gulf", b.again(left[0], "Back again")), feed.Receipt{})
		}), []string(nil))
		b.same("its new hash", b.known("gulf", "old").Hash, "hash of Back again")
		b.same("bumped by pruning again", b.bumped(func() {
			b.ok(b.Prune(b.ctx(), b.now, b.now.Add(-24*time.Hour)))
		}), []string(nil))
		taken := b.story("other", 0, "world")
		taken.IDs = []string{old.Entry.ID, "urn:second"}
		b.poll("gulf", taken)
		b.same("its id stays taken", b.find("other").Entry.ID, "urn:second")
	}},
	{"pruned entries are not outdated", func(b *bench) {
		p := plan("gulf")
		b.sync(p)
		b.poll("gulf", b.story("old", 48*time.Hour, "world"))
		b.ok(b.Prune(b.ctx(), b.now, b.now))
		p.Rules = "rules-2"
		b.sync(p)
		b.same("outdated", b.outdated(), []string(nil))
	}},
}
