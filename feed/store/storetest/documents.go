package storetest

import (
	"time"

	"broadsheet/feed"
)

// document is one with a body; its hash is the body.
func document(path, body string) feed.Document {
	return feed.Document{Path: path, MediaType: "application/rss+xml; charset=utf-8",
		Hash: "hash of " + body, Body: []byte(body), Gzip: []byte("small " + body),
		Brotli: []byte("smaller " + body), Zstd: []byte("quick " + body), Fresh: 7 * time.Minute}
}

// save stores the documents of a section as made of its present version.
func (b *bench) save(section string, docs ...feed.Document) {
	b.Helper()
	b.ok(b.Number(b.ctx(), b.now, section))
	v := b.view(section)
	for i := range docs {
		docs[i].Section, docs[i].Version, docs[i].Modified = section, v.Version, v.Modified
	}
	var ids []string
	for _, e := range v.Entries {
		ids = append(ids, e.ID)
	}
	b.ok(b.SaveDocuments(b.ctx(), b.now, section, v.Version, docs, nil, ids))
}

// shelf is everything that is published.
func (b *bench) shelf() (map[string]string, int64) {
	b.Helper()
	docs, _, serial, err := b.Shelf(b.ctx(), 0)
	b.ok(err)
	out := map[string]string{}
	for _, d := range docs {
		out[d.Path] = string(d.Body)
	}
	return out, serial
}

var documentRules = []rule{
	{"what has no documents is stale, the whole paper last", func(b *bench) {
		b.sync(plan("gulf"))
		stale := func() []string {
			names, err := b.Stale(b.ctx())
			b.ok(err)
			return names
		}
		b.same("at first", stale(), []string{"world", "sport", feed.WholePaper})
		for _, name := range everything {
			b.save(name, document("/"+name+"/rss.xml", "x"))
		}
		b.same("all made", stale(), []string(nil))
		b.poll("gulf", b.story("one", 0, "sport"))
		b.same("after a poll", stale(), []string{"sport", feed.WholePaper})
	}},
	{"documents come back as they were saved", func(b *bench) {
		b.sync(plan())
		doc := document("/world/rss.xml", "bytes")
		b.save("world", doc)
		docs, paths, serial, err := b.Shelf(b.ctx(), 0)
		b.ok(err)
		v := b.view("world")
		doc.Section, doc.Version, doc.Modified = "world", v.Version, v.Modified
		b.same("docs", docs, []feed.Document{doc})
		b.same("paths", paths, []string{"/world/rss.xml"})
		docs, paths, again, err := b.Shelf(b.ctx(), serial)
		b.ok(err)
		b.same("nothing since", []any{len(docs), len(paths), again}, []any{0, 0, serial})
	}},
	{"the shelf tells what changed, and what went", func(b *bench) {
		b.sync(plan())
		b.save("world", document("/world/rss.xml", "a"), document("/world/atom.xml", "b"))
		_, serial := b.shelf()
		b.save("world", document("/world/rss.xml", "a"), document("/world/feed.json", "c"))
		docs, paths, now, err := b.Shelf(b.ctx(), serial)
		b.ok(err)
		b.same("changed", []any{len(docs), docs[0].Path}, []any{1, "/world/feed.json"})
		b.same("paths", paths, []string{"/world/feed.json", "/world/rss.xml"})
		if now <= serial {
			b.Fatal("the serial did not move")
		}
		docs, _, _, err = b.Shelf(b.ctx(), now+1000)
		b.ok(err)
		b.same("a serial of another store", len(docs), 2)
	}},
	{"equal bytes leave the document alone", func(b *bench) {
		b.sync(plan("gulf"))
		b.save("world", document("/world/rss.xml", "a"))
		before, _, serial, err := b.Shelf(b.ctx(), 0)
		b.ok(err)
		b.later(time.Hour)
		b.poll("gulf", b.story("one", 0, "world"))
		b.save("world", document("/world/rss.xml", "a"))
		after, _, now, err := b.Shelf(b.ctx(), 0)
		b.ok(err)
		b.same("documents", after, before)
		b.same("serial", now, serial)
		names, err := b.Stale(b.ctx())
		b.ok(err)
		b.same("world is published all the same", names, []string{"sport", feed.WholePaper})
	}},
	{"what is made beside equal bytes is taken over, and the document is the same one", func(b *bench) {
		b.sync(plan("gulf"))
		b.save("world", document("/world/rss.xml", "a"))
		before, _, serial, err := b.Shelf(b.ctx(), 0)
		b.ok(err)
		b.later(time.Hour)
		doc := document("/world/rss.xml", "a")
		doc.Brotli, doc.Zstd, doc.Fresh = nil, []byte("otherwise a"), time.Hour
		b.save("world", doc)
		after, _, now, err := b.Shelf(b.ctx(), serial)
		b.ok(err)
		b.same("it moved on the shelf", []any{len(after), now > serial}, []any{1, true})
		b.same("the same document", []any{after[0].Hash, after[0].Modified}, []any{before[0].Hash, before[0].Modified})
		b.same("beside it", []any{after[0].Brotli, after[0].Zstd, after[0].Fresh}, []any{doc.Brotli, doc.Zstd, doc.Fresh})
	}},
	{"a document is later than the one it replaces, also in the same second", func(b *bench) {
		b.sync(plan("gulf"))
		var last time.Time
		for _, body := range []string{"a", "b", "c"} {
			b.save("world", document("/world/rss.xml", body))
			docs, _, _, err := b.Shelf(b.ctx(), 0)
			b.ok(err)
			at := docs[0].Modified
			if !at.After(last) || at.Nanosecond() != 0 {
				b.Fatalf("modified %v, then %v", last, at)
			}
			last = at
		}
		b.later(time.Hour)
		b.poll("gulf", b.story("one", 0, "world"))
		b.save("world", document("/world/rss.xml", "d"))
		docs, _, _, err := b.Shelf(b.ctx(), 0)
		b.ok(err)
		b.same("the clock has caught up", docs[0].Modified, b.now.Truncate(time.Second))
	}},
	{"a document that is kept stays as it is", func(b *bench) {
		b.sync(plan())
		b.save("world", document("/world/rss.xml", "good"), document("/world/atom.xml", "a"))
		v := b.view("world")
		doc := document("/world/atom.xml", "b")
		doc.Modified = v.Modified
		b.ok(b.SaveDocuments(b.ctx(), b.now, "world", v.Version, []feed.Document{doc},
			[]string{"/world/rss.xml", "/world/never.json"}, nil))
		got, _ := b.shelf()
		b.same("documents", got, map[string]string{"/world/rss.xml": "good", "/world/atom.xml": "b"})
	}},
	{"older documents do not replace newer ones", func(b *bench) {
		b.sync(plan("gulf"))
		old := b.view("world").Version
		b.poll("gulf", b.story("one", 0, "world"))
		b.save("world", document("/world/rss.xml", "new"))
		b.ok(b.SaveDocuments(b.ctx(), b.now, "world", old, []feed.Document{document("/world/rss.xml", "old")}, nil, nil))
		got, _ := b.shelf()
		b.same("documents", got, map[string]string{"/world/rss.xml": "new"})
	}},
	{"documents of a version that is no longer the newest are published, and stale", func(b *bench) {
		b.sync(plan("gulf"))
		v := b.view("world")
		b.poll("gulf", b.story("one", 0, "world"))
		doc := document("/world/rss.xml", "a")
		doc.Modified = v.Modified
		b.ok(b.SaveDocuments(b.ctx(), b.now, "world", v.Version, []feed.Document{doc}, nil, nil))
		got, _ := b.shelf()
		b.same("documents", len(got), 1)
		names, err := b.Stale(b.ctx())
		b.ok(err)
		b.same("stale", names[0], "world")
	}},
	{"a section of another name takes over its documents", func(b *bench) {
		b.sync(plan())
		b.save("world", document("/world/rss.xml", "a"))
		p := plan()
		p.Sections[0].Name, p.Sections[0].RenamedFrom = "planet", "world"
		b.sync(p)
		got, _ := b.shelf()
		b.same("until the new ones are made", got, map[string]string{"/world/rss.xml": "a"})
		b.save("planet", document("/planet/rss.xml", "b"))
		got, _ = b.shelf()
		b.same("then", got, map[string]string{"/planet/rss.xml": "b"})
	}},
	{"earlier names lead to the present one, also after more than one renaming", func(b *bench) {
		b.sync(plan())
		p := plan()
		for _, step := range [][2]string{{"planet", "world"}, {"globe", "planet"}, {"orb", "globe"}} {
			p.Sections[0].Name, p.Sections[0].RenamedFrom = step[0], step[1]
			b.sync(p)
		}
		renamed, retired, err := b.FormerNames(b.ctx())
		b.ok(err)
		b.same("renamed", renamed, map[string]string{"world": "orb", "planet": "orb", "globe": "orb"})
		b.same("retired", retired, []string(nil))
		// Its first name is given to another section, and it takes an earlier one again.
		p.Sections[0].Name, p.Sections[0].RenamedFrom = "planet", "orb"
		p.Sections = append(p.Sections, feed.Section{Name: "world", Title: "World"})
		b.sync(p)
		renamed, _, err = b.FormerNames(b.ctx())
		b.ok(err)
		b.same("names that are in use lead nowhere else", renamed, map[string]string{"globe": "planet", "orb": "planet"})
	}},
	{"a section that is configured no more is retired, under all of its names", func(b *bench) {
		b.sync(plan())
		p := plan()
		p.Sections[0].Name, p.Sections[0].RenamedFrom = "planet", "world"
		b.sync(p)
		gone := plan()
		gone.Sections = gone.Sections[1:]
		b.sync(gone)
		renamed, retired, err := b.FormerNames(b.ctx())
		b.ok(err)
		b.same("renamed", renamed, map[string]string{})
		b.same("retired", retired, []string{"planet", "world"})
		b.sync(p)
		renamed, retired, err = b.FormerNames(b.ctx())
		b.ok(err)
		b.same("put back: renamed", renamed, map[string]string{"world": "planet"})
		b.same("put back: retired", retired, []string(nil))
	}},
	{"nobody is told the names that a private section had", func(b *bench) {
		p := secretive("true")
		b.sync(p)
		p.Sections[1].Name, p.Sections[1].RenamedFrom = "matches", "sport"
		b.sync(p)
		check := func(when string) {
			renamed, retired, err := b.FormerNames(b.ctx())
			b.ok(err)
			b.same(when, []any{len(renamed), len(retired)}, []any{0, 0})
		}
		check("renamed")
		p.Sections = p.Sections[:1]
		b.sync(p)
		check("retired")
	}},
	{"documents of a section that is not configured are not stored", func(b *bench) {
		b.sync(plan())
		b.ok(b.SaveDocuments(b.ctx(), b.now, "nowhere", 1, []feed.Document{document("/nowhere/rss.xml", "a")}, nil, nil))
		got, _ := b.shelf()
		b.same("documents", got, map[string]string{})
	}},
}
