package storetest

import (
	"time"

	"broadsheet/feed"
)

// article reads the article at an address of public sections: its title, or why there is
// none.
func (b *bench) article(address string) string {
	b.Helper()
	v, err := b.Article(b.ctx(), address, "")
	b.ok(err)
	switch {
	case len(v.Entries) == 1 && v.Entries[0].Address == address:
		return v.Section.Name + ": " + v.Entries[0].Title
	case len(v.Gone) == 1:
		return "gone"
	default:
		return "none"
	}
}

var articleRules = []rule{
	{"an article has an address that follows from its id, once it was published", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.story("one", 0, "world", "sport"))
		e := b.view("world").Entries[0]
		b.same("length", len(e.Address), 20)
		b.same("another section", b.view("sport").Entries[0].Address, e.Address)
		b.same("before it was published", b.article(e.Address), "none")
		b.publish()
		b.same("then", b.article(e.Address), "world: Story one")
		b.same("another address", b.article("abcdefghijklmnopqrst"), "none")
		v, err := b.Article(b.ctx(), e.Address, "")
		b.ok(err)
		b.same("entry", v.Entries[0], e)
		b.same("navigation", len(v.Index), 2)
		b.same("site", v.Site, b.view("world").Site)
		v, err = b.Article(b.ctx(), e.Address, "no such token")
		b.ok(err)
		b.same("in a private section", len(v.Entries), 0)
	}},
	{"an article that a section has no room for has its page; one that left has none", func(b *bench) {
		p := plan("gulf")
		p.Sections[0].Limit = 1
		b.sync(p)
		b.poll("gulf", b.story("one", time.Hour, "world"))
		b.publish()
		address := b.view("world").Entries[0].Address
		b.poll("gulf", b.story("two", 0, "world"))
		b.publish()
		b.same("shown", b.titles("world"), []string{"Story two"})
		b.same("below the fold", b.article(address), "world: Story one")
		p.Outlets = nil
		b.sync(p)
		b.same("its source was taken out", b.article(address), "none")
	}},
	{"an article that was taken back is gone", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.story("one", 0, "world"))
		b.publish()
		address := b.view("world").Entries[0].Address
		b.judge("withdraw", feed.Withdrawn, b.find("one"))
		b.same("then", b.article(address), "gone")
	}},
	{"what the configuration takes back is gone too", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.story("one", 0, "world"))
		b.press()
		address := b.view("world").Entries[0].Address
		for _, line := range []string{"https://news.example/one", feed.WithdrawSource + "gulf"} {
			p := plan("gulf")
			p.Withdraw = []string{line}
			b.sync(p)
			b.same(line, b.article(address), "gone")
		}
	}},
	{"an article that is found, and that no document ever had room for, has its page", func(b *bench) {
		b.sync(small(1))
		b.flow("gulf", "s", 3, "world")
		b.press()
		v, err := b.Select(b.ctx(), feed.WholePaper, feed.Selection{Query: "s-0"}, 0)
		b.ok(err)
		b.same("page", b.article(v.Entries[0].Address), "world: Story s-0")
	}},
	{"a story has one page, whichever copy leads", func(b *bench) {
		b.sync(ranks(plan("a", "b"), 2, 1))
		b.poll("a", b.wire("ferry", "a", time.Hour, "world"))
		b.publish()
		address := b.view("world").Entries[0].Address
		b.poll("b", b.wire("ferry", "b", 0, "world"))
		b.publish()
		v, err := b.Article(b.ctx(), address, "")
		b.ok(err)
		b.same("entries", len(v.Entries), 1)
		b.same("the better copy", []string{v.Entries[0].Source, v.Entries[0].ID}, []string{"b", "https://a.example/ferry"})
		b.same("also", v.Entries[0].Also[0].Source, "a")
	}},
	{"ids that were published before addresses were kept get theirs with the next documents", func(b *bench) {
		b.sync(plan("gulf"))
		b.poll("gulf", b.story("one", 0, "world"))
		v := b.view("world")
		b.ok(b.SaveDocuments(b.ctx(), b.now, "world", v.Version, nil, nil, nil)) // its documents name no id
		b.same("no document has it", b.article(v.Entries[0].Address), "none")
		b.save("world", document("/world/rss.xml", "x"))
		b.same("then", b.article(v.Entries[0].Address), "world: Story one")
		b.save("world", document("/world/rss.xml", "x"))
		b.same("and again", b.article(v.Entries[0].Address), "world: Story one")
	}},
}
