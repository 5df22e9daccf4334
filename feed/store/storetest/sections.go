package storetest

import (
	"time"

	"broadsheet/feed"
)

// aging is a plan whose section world shows a day, but never fewer than two.
func aging() feed.Plan {
	p := plan("gulf")
	p.Sections[0].MaxAge, p.Sections[0].Min = 24*time.Hour, 2
	return p
}

var sectionRules = []rule{
	{"order is sort_at, then published, newest first, then id", func(b *bench) {
		b.sync(plan("gulf"))
		var all []feed.Arrival
		for _, s := range []struct {
			id              string
			sort, published time.Duration
		}{{"c", 2, 3}, {"b", 2, 9}, {"a2", 1, 5}, {"a1", 1, 5}, {"d", 8, 1}} {
			a := b.story(s.id, s.sort*time.Hour, "world")
			a.Entry.Published = b.now.Add(-s.published * time.Hour)
			all = append(all, a)
		}
		b.poll("gulf", all...)
		b.same("order", b.titles("world"), []string{"Story a1", "Story a2", "Story c", "Story b", "Story d"})
	}},
	{"a section shows its limit, and all without one", func(b *bench) {
		p := plan("gulf")
		p.Sections[0].Limit, p.Sections[1].Limit = 2, 0
		b.sync(p)
		b.poll("gulf", b.story("1", time.Hour, "world", "sport"), b.story("2", 2*time.Hour, "world", "sport"),
			b.story("3", 3*time.Hour, "world", "sport"))
		b.same("world", b.titles("world"), []string{"Story 1", "Story 2"})
		b.same("sport", b.titles("sport"), []string{"Story 1", "Story 2", "Story 3"})
	}},
	{"an entry of no section is not in the whole paper", func(b *bench) {
		b.sync(plan("gulf"))
		receipt := b.poll("gulf", b.story("nowhere", 0), b.story("unknown", 0, "abolished"))
		b.same("receipt", receipt, feed.Receipt{New: 2})
		b.same("whole", b.titles(feed.WholePaper), []string(nil))
	}},
	{"an entry that is routed elsewhere moves", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.story("one", 0, "world"))
		a := b.again(b.find("one"), "Story one")
		a.Members = []feed.Membership{{Section: "sport", Why: "x"}}
		b.same("bumped", b.bumped(func() { b.poll("gulf", a) }), []string{feed.WholePaper, "sport", "world"})
		b.same("world", b.titles("world"), []string(nil))
		b.same("sport", b.titles("sport"), []string{"Story one"})
		a = b.again(b.find("one"), "Story one")
		a.Members = nil
		b.poll("gulf", a)
		b.same("whole", b.titles(feed.WholePaper), []string(nil))
	}},
	{"a change bumps the sections that show it, and the whole paper", func(b *bench) {
		p := plan("gulf")
		p.Sections[0].Limit = 1
		b.sync(p)
		b.same("new", b.bumped(func() {
			b.poll("gulf", b.story("new", time.Hour, "world"), b.story("old", 2*time.Hour, "world"))
		}), []string{feed.WholePaper, "world"})
		b.same("a change of what is not shown", b.bumped(func() {
			a := b.again(b.find("old"), "Still old")
			a.Members = []feed.Membership{{Section: "world", Why: "x"}}
			receipt, err := b.Remake(b.ctx(), b.now, []feed.Arrival{a})
			b.ok(err)
			// The whole paper has room for it.
			b.same("touched", receipt.Sections, []string{feed.WholePaper})
		}), []string{feed.WholePaper})
		b.same("a change of what is shown", b.bumped(func() {
			b.poll("gulf", b.again(b.find("new"), "Newer"))
		}), []string{feed.WholePaper, "world"})
	}},
	{"the whole paper has the newest of each section, and the sources", func(b *bench) {
		p := plan("gulf", "other")
		p.Outlets[0].Title, p.Outlets[0].Link = "", ""
		p.Outlets[0].Feeds[0].URL = "https://reader:secret@gulf.example/feed"
		b.sync(p)
		var all []feed.Arrival
		for i, id := range []string{"1", "2", "3", "4", "5", "6"} {
			all = append(all, b.story(id, time.Duration(i)*time.Hour, "sport"))
		}
		r := b.good(b.claim("gulf"), all...)
		r.Header.Title, r.Header.Link = feed.Plain("Gulf's own"), "https://gulf.example/"
		b.finish(r)
		v := b.view(feed.WholePaper)
		b.same("index", []any{v.Index[0].Section.Name, v.Index[1].Section.Title}, []any{"world", "Sport"})
		b.same("empty", titles(v.Index[0].Entries), []string(nil))
		b.same("newest", titles(v.Index[1].Entries), []string{"Story 1", "Story 2", "Story 3", "Story 4", "Story 5"})
		b.same("sources", v.Sources, []feed.SourceLine{
			{Name: "gulf", Title: "Gulf's own", Link: "https://gulf.example/", Feeds: []string{"https://gulf.example/feed"}},
			{Name: "other", Title: "The other", Feeds: []string{"https://other.example/feed"}}})
		w := b.view("world")
		b.same("no entries in another's index", w.Index[1].Entries, []feed.Entry(nil))
		b.same("no sources", w.Sources, []feed.SourceLine(nil))
	}},
	{"a feed that describes itself anew changes the reading list", func(b *bench) {
		p := plan("gulf")
		p.Outlets[0].Title = ""
		b.sync(p)
		b.same("bumped", b.bumped(func() {
			r := b.good(b.claim())
			r.Header.Title = feed.Plain("Gulf's own")
			b.same("receipt", b.finish(r), feed.Receipt{Sections: []string{feed.WholePaper}})
		}), []string{feed.WholePaper})
	}},
	{"entries age out, but never the last ones", func(b *bench) {
		b.sync(aging())
		b.poll("gulf", b.story("young", time.Hour, "world"), b.story("middle", 20*time.Hour, "world"),
			b.story("older", 21*time.Hour, "world"), b.story("old", 48*time.Hour, "world"))
		b.same("at first", b.titles("world"), []string{"Story young", "Story middle", "Story older"})
		b.later(10 * time.Hour)
		b.same("time alone changes nothing", len(b.titles("world")), 3)
		b.same("bumped", b.bumped(func() { b.housekeep() }), []string{feed.WholePaper, "world"})
		b.same("after housekeeping", b.titles("world"), []string{"Story young", "Story middle"})
		b.later(1000 * time.Hour)
		b.same("bumped by nothing", b.bumped(func() { b.housekeep() }), []string(nil))
		b.same("the last two stay", b.titles("world"), []string{"Story young", "Story middle"})
		b.same("the whole paper has no age", len(b.titles(feed.WholePaper)), 4)
	}},
	{"a poll commits what aged out of the sections that it touches", func(b *bench) {
		b.sync(aging())
		b.poll("gulf", b.story("1", time.Hour, "world"), b.story("2", 2*time.Hour, "world"),
			b.story("3", 3*time.Hour, "world"))
		b.later(40 * time.Hour)
		b.poll("gulf", b.story("4", 0, "world"))
		b.same("shown", b.titles("world"), []string{"Story 4", "Story 1"})
	}},
	{"an entry that arrives too old is not shown, and bumps nothing", func(b *bench) {
		b.sync(aging())
		b.poll("gulf", b.story("1", time.Hour, "world"), b.story("2", 2*time.Hour, "world"))
		b.later(10 * time.Hour)
		receipt := b.poll("gulf", b.story("archive", 20*time.Hour+24*time.Hour, "world"))
		b.same("touched", receipt.Sections, []string{feed.WholePaper}) // which has room for it
		b.same("shown", b.titles("world"), []string{"Story 1", "Story 2"})
	}},
	{"a poll that fails empties nothing", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.story("one", 0, "world"))
		b.later(time.Hour)
		r := b.good(b.claim())
		r.State, r.Status, r.Failure = feed.StateFailing, "", &feed.Error{Kind: feed.KindEmpty, Text: "nothing came"}
		b.same("receipt", b.finish(r), feed.Receipt{})
		b.same("shown", b.titles("world"), []string{"Story one"})
	}},
	{"modified is the second of the commit, and never goes back", func(b *bench) {
		b.sync(plan("gulf"))
		b.later(1500 * time.Millisecond)
		b.poll("gulf", b.story("one", 0, "world"))
		b.same("modified", b.view("world").Modified, start.Add(time.Second))
		b.now = start.Add(-time.Hour)
		_, err := b.Remake(b.ctx(), b.now, []feed.Arrival{b.again(b.find("one"), "Other")})
		b.ok(err)
		b.same("after the clock went back", b.view("world").Modified, start.Add(time.Second))
	}},
	{"a section that was never known has no view", func(b *bench) {
		b.sync(plan())
		if _, err := b.View(b.ctx(), "nowhere"); err == nil {
			b.Fatal("no error")
		}
	}},
}

func (b *bench) housekeep() {
	b.Helper()
	_, err := b.Housekeep(b.ctx(), b.now)
	b.ok(err)
}
