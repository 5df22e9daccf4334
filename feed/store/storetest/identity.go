package storetest

import (
	"time"

	"broadsheet/feed"
)

var identityRules = []rule{
	{"two sources, one id: the second is published under its next candidate", func(b *bench) {
		b.sync(plan("gulf", "thief"))
		one := b.story("one", 0, "world")
		b.poll("gulf", one)
		copied := b.story("one", 0, "world")
		copied.IDs = append(copied.IDs, "urn:minted")
		copied.Entry.Title = "Stolen"
		b.poll("thief", copied)
		ids := map[string]string{}
		for _, e := range b.view("world").Entries {
			ids[e.Source] = e.ID
		}
		b.same("ids", ids, map[string]string{"gulf": one.IDs[0], "thief": "urn:minted"})
	}},
	{"ids stay unique when all candidates are taken", func(b *bench) {
		b.sync(plan("gulf"))
		stories := []feed.Arrival{b.story("one", 0, "world"), b.story("two", 0, "world"), b.story("three", 0, "world")}
		for i := range stories {
			stories[i].IDs = []string{"urn:same"}
		}
		b.poll("gulf", stories...)
		seen := map[string]bool{}
		for _, e := range b.view("world").Entries {
			seen[e.ID] = true
		}
		b.same("ids", len(seen), 3)
	}},
	{"a key stays with the entry that had it first", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.story("one", 0, "world"))
		two := b.story("two", 0, "world")
		two.Keys = append(two.Keys, feed.Key{Kind: feed.KeyGUID, Value: "one"})
		b.poll("gulf", two)
		b.same("one", b.known("gulf", "one").Entry, b.find("Story one").Row)
		b.same("two", b.known("gulf", "two").Entry, b.find("Story two").Row)
	}},
	{"a retired key finds nothing, and is never used again", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.story("one", 0, "world"))
		r := b.good(b.claimAnyway("gulf"), b.story("two", 0, "world"))
		r.Retired = []feed.Key{{Kind: feed.KeyGUID, Value: "one"}, {Kind: feed.KeyGUID, Value: "never seen"},
			{Kind: feed.KeyGUID, Value: "two"}}
		b.finish(r)
		for _, guid := range []string{"one", "never seen", "two"} {
			b.same(guid, b.known("gulf", guid), feed.Known{Retired: true})
		}
		three := b.story("three", 0, "world")
		three.Keys = []feed.Key{{Kind: feed.KeyGUID, Value: "one"}}
		b.poll("gulf", three)
		b.same("one", b.known("gulf", "one"), feed.Known{Retired: true})
	}},
	{"no source writes another one's entry", func(b *bench) {
		b.sync(plan("gulf", "thief"))
		b.poll("gulf", b.story("one", 0, "world"))
		c := b.claimAnyway("thief")
		if _, err := b.Finish(b.ctx(), b.now, b.good(c, b.again(b.find("one"), "Defaced"))); err == nil {
			b.Fatal("no error")
		}
		b.same("title", b.titles("world"), []string{"Story one"})
	}},
	{"a renamed source keeps its rows, its first name and its entries", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.story("one", 0, "world"))
		p := plan("gulf-wire")
		p.Outlets[0].RenamedFrom = "gulf"
		p.Outlets[0].Feeds[0].URL = "https://gulf.example/feed"
		b.same("bumped", b.bumped(func() { b.sync(p) }), []string{feed.WholePaper, "world"})
		b.same("source", b.view("world").Entries[0].Source, "gulf-wire")
		b.later(time.Hour)
		c := b.claim()
		b.same("names", []any{c.Source, c.FirstName, c.First}, []any{"gulf-wire", "gulf", false})
		b.finish(b.good(c))
		b.same("known", b.known("gulf-wire", "one").Entry, b.find("one").Row)
	}},
	{"a renaming is done once, and chains", func(b *bench) {
		b.sync(plan("a"))
		p := plan("b")
		p.Outlets[0].RenamedFrom = "a"
		b.sync(p)
		p = plan("b", "c") // b goes on to c, and a new b comes
		p.Outlets[1].RenamedFrom = "b"
		p.Outlets[0].RenamedFrom = "x"
		b.sync(p)
		b.same("b is kept: it is configured", b.claimAnyway("b").FirstName, "a")
		b.same("so c is new", b.claimAnyway("c").FirstName, "c")
	}},
	{"a name that was a renamed source's first one mints other ids", func(b *bench) {
		b.sync(plan("a"))
		p := plan("b")
		p.Outlets[0].RenamedFrom = "a"
		b.sync(p)
		p = plan("b", "a")
		p.Outlets[0].RenamedFrom = "a"
		b.sync(p)
		if first := b.claimAnyway("a").FirstName; first == "a" {
			b.Fatal("two sources have one first name")
		}
		b.same("b", b.claimAnyway("b").FirstName, "a")
	}},
	{"a renamed section keeps its id and its entries", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.story("one", 0, "world"))
		old := b.view("world")
		p := plan("gulf")
		p.Sections[0].Name, p.Sections[0].RenamedFrom = "planet", "world"
		b.sync(p)
		now := b.view("planet")
		b.same("id", now.ID, old.ID)
		b.same("created", now.Created, old.Created)
		b.same("first name", now.Section.FirstName, "world")
		b.same("entries", titles(now.Entries), []string{"Story one"})
		if _, err := b.View(b.ctx(), "world"); err == nil {
			b.Fatal("the old name still has a section")
		}
	}},
	{"section ids come from the site's id, which outlives its url", func(b *bench) {
		p := plan("gulf")
		b.same("site id", b.sync(p).ID, "https://paper.example")
		old := b.view("world").ID
		b.same("minted", old, feed.Mint("https://paper.example", "world"))
		p.Site.URL = "https://moved.example"
		b.same("site id", b.sync(p).ID, "https://paper.example")
		b.same("section id", b.view("world").ID, old)
		p.Site.ID = "chosen"
		b.same("chosen", b.sync(p).ID, "chosen")
		p.Site.ID = ""
		b.same("kept", b.sync(p).ID, "chosen")
	}},
}
