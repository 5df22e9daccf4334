package storetest

import (
	"time"

	"broadsheet/feed"
)

var everything = []string{feed.WholePaper, "sport", "world"}

var configRules = []rule{
	{"the same configuration again changes nothing", func(b *bench) {
		p := plan("gulf", "other")
		p.Sections[0].MaxAge = time.Hour
		b.sync(p)
		b.poll("gulf", b.story("one", 0, "world"))
		b.later(48 * time.Hour)
		status := b.feedStatus("gulf")
		b.same("bumped", b.bumped(func() { b.sync(p) }), []string(nil))
		b.same("status", b.feedStatus("gulf"), status)
	}},
	{"the site, the index and the press change every document", func(b *bench) {
		b.sync(plan("gulf"))
		for name, change := range map[string]func(*feed.Plan){
			"title":   func(p *feed.Plan) { p.Site.Title = "Other" },
			"url":     func(p *feed.Plan) { p.Site.URL = "https://other.example" },
			"press":   func(p *feed.Plan) { p.Press = "press-2" },
			"index":   func(p *feed.Plan) { p.Sections[0].Title = "Weltgeschehen" },
			"order":   func(p *feed.Plan) { p.Sections[0], p.Sections[1] = p.Sections[1], p.Sections[0] },
			"section": func(p *feed.Plan) { p.Sections = append(p.Sections, feed.Section{Name: "new"}) },
		} {
			p := plan("gulf")
			change(&p)
			b.same(name, b.bumped(func() { b.sync(p) }), everything)
			b.same(name+" and back", b.bumped(func() { b.sync(plan("gulf")) }), everything)
		}
	}},
	{"a section's own settings change that one and the whole paper", func(b *bench) {
		b.sync(plan("gulf"))
		for name, change := range map[string]func(*feed.Section){
			"limit":   func(s *feed.Section) { s.Limit = 3 },
			"max_age": func(s *feed.Section) { s.MaxAge = time.Hour },
			"min":     func(s *feed.Section) { s.Min = 3 },
		} {
			p := plan("gulf")
			change(&p.Sections[1])
			b.same(name, b.bumped(func() { b.sync(p) }), []string{feed.WholePaper, "sport"})
			b.sync(plan("gulf"))
		}
	}},
	{"a cadence, a recipe and rules change no document by themselves", func(b *bench) {
		p := plan("gulf")
		b.sync(p)
		p.Rules, p.Outlets[0].Recipe, p.Outlets[0].Feeds[0].Every = "rules-2", "recipe-2", "2h"
		b.same("bumped", b.bumped(func() { b.sync(p) }), []string(nil))
	}},
	{"a source's title changes the reading list alone", func(b *bench) {
		p := plan("gulf")
		b.sync(p)
		b.poll("gulf", b.story("one", 0, "world"))
		p.Outlets[0].Title = "Gulf Wire"
		b.same("bumped", b.bumped(func() { b.sync(p) }), []string{feed.WholePaper})
	}},
	{"a source's terms make the sections anew that it is in", func(b *bench) {
		p := plan("gulf", "other")
		b.sync(p)
		b.poll("gulf", b.story("one", 0, "world"))
		b.poll("other", b.story("two", time.Hour, "sport"))
		said := func() (out []any) {
			for _, e := range append(b.view("world").Entries, b.view("sport").Entries...) {
				out = append(out, e.Terms, e.NoIndex)
			}
			for _, e := range b.view(feed.WholePaper).Index[0].Entries {
				out = append(out, e.Terms, e.NoIndex)
			}
			return out
		}
		b.same("unsaid", said(), []any{feed.TermsUnsaid, false, feed.TermsUnsaid, false, feed.TermsUnsaid, false})
		p.Outlets[0].Terms = feed.TermsExcerpt
		b.same("terms", b.bumped(func() { b.sync(p) }), []string{feed.WholePaper, "world"})
		p.Outlets[0].NoIndex = true
		b.same("noindex", b.bumped(func() { b.sync(p) }), []string{feed.WholePaper, "world"})
		b.same("said", said(), []any{feed.TermsExcerpt, true, feed.TermsUnsaid, false, feed.TermsExcerpt, true})
		b.same("the same again", b.bumped(func() { b.sync(p) }), []string(nil))
		b.same("taken back", b.bumped(func() { b.sync(plan("gulf", "other")) }), []string{feed.WholePaper, "world"})
	}},
	{"a source taken out leaves at once; put back it goes on", func(b *bench) {
		b.sync(plan("gulf", "other"))
		b.poll("gulf", b.story("one", 0, "world"))
		b.poll("other", b.story("two", time.Hour, "world"))
		row, id := b.find("one").Row, b.find("one").Entry.ID
		b.later(2 * time.Hour)
		b.same("bumped", b.bumped(func() { b.sync(plan("other")) }), []string{feed.WholePaper, "world"})
		b.same("world", b.titles("world"), []string{"Story two"})
		b.same("whole", b.titles(feed.WholePaper), []string{"Story two"})
		b.same("due", b.claim().Source, "other")
		b.nothing("it is not configured")
		b.sync(plan("gulf", "other"))
		c := b.claim()
		b.same("claim", []any{c.Source, c.First, c.Memo.ETag}, []any{"gulf", false, `"1"`})
		b.same("to be routed again", b.outdated(), []string{"one"})
		b.same("remade", b.remakeWith("world"), 1)
		b.same("world", b.titles("world"), []string{"Story one", "Story two"})
		b.same("same row and id", []any{b.find("one").Row, b.find("one").Entry.ID}, []any{row, id})
	}},
	{"a poll that ends after its source was taken out keeps its articles to itself", func(b *bench) {
		b.sync(plan("gulf"))
		c := b.claim()
		b.sync(plan("other"))
		b.finish(b.good(c, b.story("one", 0, "world")))
		b.same("world", b.titles("world"), []string(nil))
		b.sync(plan("gulf", "other"))
		b.same("to be routed", b.outdated(), []string{"one"})
	}},
	{"a section taken out loses its entries and documents", func(b *bench) {
		p := plan("gulf")
		b.sync(p)
		b.poll("gulf", b.story("one", 0, "world"), b.story("two", time.Hour, "world", "sport"))
		b.save("world", document("/world/rss.xml", "a"))
		id := b.view("world").ID
		p.Sections = p.Sections[1:]
		b.sync(p)
		b.same("whole", b.titles(feed.WholePaper), []string{"Story two"})
		_, paths, _, err := b.Shelf(b.ctx(), 0)
		b.ok(err)
		b.same("paths", paths, []string(nil))
		b.sync(plan("gulf"))
		b.same("put back: its id, no entries yet", []any{b.view("world").ID, len(b.titles("world"))}, []any{id, 0})
	}},
	{"a moved url keeps its row and what is known, and asks for the whole", func(b *bench) {
		p := plan()
		p.Outlets = append(p.Outlets, outlet("gulf", "https://gulf.example/a", "https://gulf.example/b"))
		b.sync(p)
		b.finish(b.good(b.claim(), b.story("one", 0, "world")))
		b.finish(b.good(b.claim(), b.story("two", 0, "world")))
		b.later(time.Minute)
		p.Outlets[0].Feeds[0].URL = "https://gulf.example/moved"
		b.sync(p)
		c := b.claim()
		b.same("claim", []any{c.URL, c.Memo, c.First}, []any{"https://gulf.example/moved", feed.Memo{}, true})
		b.same("feeds", b.find("one").Entry.Feeds, []string{"https://gulf.example/moved"})
		known, err := b.Known(b.ctx(), c, []feed.Key{{Kind: feed.KeyGUID, Value: "one"}})
		b.ok(err)
		b.same("hash", known[feed.Key{Kind: feed.KeyGUID, Value: "one"}].Hash, "hash of one")
		b.finish(b.good(c))
		b.nothing("the feed that stayed is not due")
	}},
	{"a poll of an url that was moved meanwhile is dropped", func(b *bench) {
		p := plan("gulf")
		b.sync(p)
		c := b.claim()
		p.Outlets[0].Feeds[0].URL = "https://gulf.example/moved"
		b.sync(p)
		_, err := b.Finish(b.ctx(), b.now, b.good(c, b.story("one", 0, "world")))
		b.fenced(err)
		b.later(time.Minute)
		b.same("memo", b.claim().Memo, feed.Memo{})
	}},
	{"feeds of one source may change places", func(b *bench) {
		p := plan()
		p.Outlets = append(p.Outlets, outlet("gulf", "https://gulf.example/a", "https://gulf.example/b"))
		b.sync(p)
		for range 2 {
			b.finish(b.good(b.claim()))
		}
		f := p.Outlets[0].Feeds
		f[0], f[1] = f[1], f[0]
		b.sync(p)
		b.nothing("neither moved")
	}},
	{"a shorter cadence is heard at once, but not right after a poll", func(b *bench) {
		p := plan("gulf")
		p.Outlets[0].Feeds[0].Every = "7d"
		b.sync(p)
		r := b.good(b.claim())
		r.Next = b.now.Add(7 * 24 * time.Hour)
		b.finish(r)
		b.later(time.Minute)
		p.Outlets[0].Feeds[0].Every = "1h"
		b.sync(p)
		b.nothing("it was polled a minute ago")
		b.later(15 * time.Minute)
		b.claim()
	}},
	{"a site that was synced before keeps what a new configuration does not say", func(b *bench) {
		site := b.sync(plan())
		if len(site.ImageKey) < 32 || b.sync(plan()).ImageKey != site.ImageKey {
			b.Fatalf("pictures are signed with %q, then with %q", site.ImageKey, b.sync(plan()).ImageKey)
		}
		b.same("view", b.view("world").Site, site)
		site.ImageKey = ""
		b.same("site", site, feed.Site{ID: "https://paper.example", Title: "The Test",
			URL: "https://paper.example", Language: "en"})
	}},
}

// remakeWith makes all outdated entries anew, as members of a section.
func (b *bench) remakeWith(section string) int {
	b.Helper()
	all, err := b.Outdated(b.ctx(), 0, 1000)
	b.ok(err)
	var batch []feed.Arrival
	for _, s := range all {
		a := b.again(s, s.Entry.Title)
		a.Entry, a.Members = s.Entry, []feed.Membership{{Section: section, Why: "again"}}
		batch = append(batch, a)
	}
	receipt, err := b.Remake(b.ctx(), b.now, batch)
	b.ok(err)
	return receipt.Updated
}
