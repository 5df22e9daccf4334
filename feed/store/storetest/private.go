package storetest

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"broadsheet/feed"
)

// secretive is a plan whose section sport has this word; an empty one makes it public.
func secretive(word string, sources ...string) feed.Plan {
	p := plan(sources...)
	p.Sections[1].Private = word
	return p
}

// sections are those of the status, by name.
func (b *bench) sections() map[string]feed.Section {
	b.Helper()
	_, all, err := b.Status(b.ctx(), b.now)
	b.ok(err)
	out := map[string]feed.Section{}
	for _, s := range all {
		out[s.Section.Name] = s.Section
	}
	return out
}

// paths are those of all documents.
func (b *bench) paths() []string {
	b.Helper()
	_, paths, _, err := b.Shelf(b.ctx(), 0)
	b.ok(err)
	return paths
}

// publishAt stores documents of all sections that are stale, where they belong.
func (b *bench) publishAt() {
	b.Helper()
	names, err := b.Stale(b.ctx())
	b.ok(err)
	for _, name := range names {
		path := b.view(name).Section.Path() + "rss.xml"
		b.save(name, document(path, path))
	}
}

var sectionKeyRules = []rule{
	{"what the configuration says of a section is in its view, and in the index", func(b *bench) {
		p := plan("gulf")
		p.Sections[1] = feed.Section{Name: "sport", Title: "Sport", Limit: 10, Image: "https://paper.example/sport.png",
			Parent: "world", MaxPerSource: 3, MaxShare: 40, MaxSize: 100_000, ItemTitle: "{source}: {title}",
			Terms: feed.TermsExcerpt, Show: feed.Show{Author: "Ada", Owner: "Ada Quay", Email: "ada@paper.example",
				Category: "News > Politics", Explicit: true, Type: "serial"}}
		b.sync(p)
		want := p.Sections[1]
		want.FirstName = "sport"
		want.Show.GUID = feed.ShowGUID("https://paper.example/sport/rss.xml")
		b.same("view", b.view("sport").Section, want)
		b.same("index", b.view("world").Index[1].Section, want)
		b.same("status", b.sections()["sport"], want)
		b.same("the whole paper has a bound of its own", b.view(feed.WholePaper).Section.MaxSize, int64(250_000))
	}},
	{"each of a section's keys changes its documents", func(b *bench) {
		b.sync(plan("gulf"))
		for name, change := range map[string]func(*feed.Section){
			"max_per_source": func(s *feed.Section) { s.MaxPerSource = 3 },
			"max_share":      func(s *feed.Section) { s.MaxShare = 3 },
			"max_size":       func(s *feed.Section) { s.MaxSize = 3 },
			"item_title":     func(s *feed.Section) { s.ItemTitle = "{title}" },
			"terms":          func(s *feed.Section) { s.Terms = feed.TermsLink },
			"podcast":        func(s *feed.Section) { s.Show.Type = "serial" },
		} {
			p := plan("gulf")
			change(&p.Sections[1])
			b.same(name, b.bumped(func() { b.sync(p) }), []string{feed.WholePaper, "sport"})
			b.same(name+" again", b.bumped(func() { b.sync(p) }), []string(nil))
			b.sync(plan("gulf"))
		}
		p := plan("gulf")
		p.Sections[1].Parent = "world"
		b.same("parent, which lists and navigation show", b.bumped(func() { b.sync(p) }), everything)
	}},
	{"the whole paper shows no more of an article than one of its sections does", func(b *bench) {
		p := plan("gulf")
		p.Sections[0].Terms = feed.TermsExcerpt
		p.Sections[1].Terms = feed.TermsLink
		b.sync(p)
		b.poll("gulf", b.story("one", time.Hour, "world"), b.story("two", 2*time.Hour, "sport"),
			b.story("three", 3*time.Hour, "sport", "world"))
		terms := func() (out []feed.Terms) {
			for _, e := range b.view(feed.WholePaper).Entries {
				out = append(out, e.Terms)
			}
			return out
		}
		b.same("terms", terms(), []feed.Terms{feed.TermsExcerpt, feed.TermsLink, feed.TermsExcerpt})
		b.same("found", first(b.Select(b.ctx(), feed.WholePaper, feed.Selection{Source: "gulf"}, 1)).Entries[0].Terms, feed.TermsExcerpt)
		b.same("in a section", b.view("world").Entries[0].Terms, feed.TermsUnsaid)
		p.Outlets[0].Terms = feed.TermsLink
		b.sync(p)
		b.same("the source says less", terms(), []feed.Terms{feed.TermsLink, feed.TermsLink, feed.TermsLink})
		p.Sections[0].Terms, p.Sections[1].Terms, p.Outlets[0].Terms = "", "", ""
		b.sync(p)
		b.same("none", terms(), []feed.Terms{"", "", ""})
	}},
	{"a podcast keeps its guid whatever becomes of its address", func(b *bench) {
		p := plan("gulf")
		p.Sections[1].Show = feed.Show{Type: "episodic"}
		b.sync(p)
		guid := b.view("sport").Section.Show.GUID
		p.Site.URL = "https://moved.example"
		p.Sections[1].RenamedFrom, p.Sections[1].Name = "sport", "matches"
		b.sync(p)
		b.same("guid", b.view("matches").Section.Show.GUID, guid)
		p.Sections[1].Show = feed.Show{}
		b.sync(p)
		b.same("no podcast", b.view("matches").Section.Show, feed.Show{})
		p.Sections[1].Show = feed.Show{Type: "serial"}
		b.sync(p)
		b.same("once more", b.view("matches").Section.Show, feed.Show{Type: "serial", GUID: guid})
	}},
	{"a private section has an address that nobody guesses, and is in no list", func(b *bench) {
		b.sync(secretive("true", "gulf"))
		sport := b.view("sport").Section
		if !regexp.MustCompile(`^/-/p/[a-z2-7]{32}/$`).MatchString(sport.Path()) { // 160 bits
			b.Fatalf("it is at %s", sport.Path())
		}
		b.same("told to the operator", b.sections()["sport"].Path(), sport.Path())
		for _, name := range everything {
			v := b.view(name)
			b.same("index of "+name, []any{len(v.Index), v.Index[0].Section.Name}, []any{1, "world"})
		}
		again, err := b.open().View(b.ctx(), "sport")
		b.ok(err)
		b.same("for another process too", again.Section.Path(), sport.Path())
	}},
	{"what is only in private sections is not in the whole paper", func(b *bench) {
		b.sync(secretive("true", "gulf"))
		b.poll("gulf", b.story("secret", time.Hour, "sport"), b.story("both", 2*time.Hour, "sport", "world"),
			b.story("open", 3*time.Hour, "world"))
		b.same("sport", b.titles("sport"), []string{"Story secret", "Story both"})
		b.same("whole", b.titles(feed.WholePaper), []string{"Story both", "Story open"})
		a := b.again(b.find("both"), "Story both")
		a.Members = []feed.Membership{{Section: "sport", Why: "x"}}
		b.poll("gulf", a)
		b.same("left the public one", b.titles(feed.WholePaper), []string{"Story open"})
	}},
	{"sources of what only few may read are in no list", func(b *bench) {
		p := secretive("true", "gulf", "letter")
		p.Sections[0].MaxAge, p.Sections[0].Min = 24*time.Hour, 1
		b.sync(p)
		listed := func() (names []string) {
			for _, line := range b.view(feed.WholePaper).Sources {
				names = append(names, line.Name)
			}
			return names
		}
		b.same("before anything came", listed(), []string(nil))
		b.poll("gulf", b.story("one", time.Hour, "world"))
		b.poll("letter", b.story("two", 2*time.Hour, "sport"))
		b.same("then", listed(), []string{"gulf"})
		b.same("bumped", b.bumped(func() { b.poll("letter", b.story("three", 300*time.Hour, "world")) }), []string{feed.WholePaper})
		b.same("something of it is public", listed(), []string{"gulf", "letter"})
		b.sync(secretive("", "gulf", "letter"))
		b.poll("gulf")
		b.same("nothing is private", listed(), []string{"gulf", "letter"})
	}},
	{"names of private sections are told to nobody", func(b *bench) {
		b.sync(plan())
		p := secretive("true")
		p.Sections[1].Name, p.Sections[1].RenamedFrom = "matches", "sport"
		b.sync(p)
		renamed, retired, err := b.FormerNames(b.ctx())
		b.ok(err)
		b.same("names", []any{renamed, retired}, []any{map[string]string{}, []string(nil)})
	}},
	{"a section that becomes private is gone from where it was at once", func(b *bench) {
		b.sync(secretive("", "gulf"))
		b.poll("gulf", b.story("secret", time.Hour, "sport"), b.story("both", 2*time.Hour, "sport", "world"))
		b.publishAt()
		b.same("at first", b.paths(), []string{"/rss.xml", "/sport/rss.xml", "/world/rss.xml"})
		b.same("bumped", b.bumped(func() { b.sync(secretive("true", "gulf")) }), everything)
		b.same("before anything was made anew", b.paths(), []string{"/rss.xml", "/world/rss.xml"})
		b.same("whole", b.titles(feed.WholePaper), []string{"Story both"})
		b.publishAt()
		private := b.view("sport").Section.Path()
		b.same("then", b.paths(), []string{private + "rss.xml", "/rss.xml", "/world/rss.xml"})

		b.sync(secretive("another word", "gulf"))
		other := b.view("sport").Section.Path()
		if other == private {
			b.Fatal("another word is the same address")
		}
		b.same("the old address", b.paths(), []string{"/rss.xml", "/world/rss.xml"})
		b.sync(secretive("true", "gulf"))
		b.same("the first word again", b.view("sport").Section.Path(), private)

		b.sync(secretive("", "gulf"))
		b.same("public again", b.titles(feed.WholePaper), []string{"Story secret", "Story both"})
		b.same("at its own address", b.view("sport").Section.Path(), "/sport/")
		b.publishAt()
		b.same("at last", b.paths(), []string{"/rss.xml", "/sport/rss.xml", "/world/rss.xml"})
	}},
	{"a section that becomes private leaves the archives that everyone may read, and comes back with them", func(b *bench) {
		sport := feed.Section{Name: "sport"}
		b.sync(secretive("", "gulf"))
		all := b.flow("gulf", "s", 60, "sport")
		both := b.flow("gulf", "t", 2, "sport", "world")
		b.press()
		b.whole(wholePaper, idsOf(append(both, all...)...))
		b.sync(secretive("true", "gulf"))
		for _, path := range []string{"/-/archive/sport/1/atom.xml", "/-/archive/sport/2-12/rss.xml"} {
			if _, ok := b.got(path); ok {
				b.Errorf("%s is there before anything was made anew", path)
			}
		}
		b.press()
		_, ok := b.got("/-/archive/sport/1/atom.xml")
		b.same("at its old address", ok, false)
		b.whole(b.view("sport").Section, idsOf(append(both, all...)...))
		b.whole(wholePaper, idsOf(both...))
		b.sync(secretive("another word", "gulf"))
		b.sync(secretive("true", "gulf"))
		b.press()
		b.whole(b.view("sport").Section, idsOf(append(both, all...)...))
		b.sync(secretive("", "gulf"))
		b.press()
		b.whole(sport, idsOf(append(both, all...)...))
		b.whole(wholePaper, idsOf(append(both, all...)...))
	}},
	{"what was always private is in the archive of the whole paper once it is public", func(b *bench) {
		b.sync(secretive("true", "gulf"))
		all := b.flow("gulf", "s", 120, "sport")
		b.press()
		b.whole(wholePaper, nil)
		b.sync(secretive("", "gulf"))
		b.press()
		b.whole(wholePaper, idsOf(all...))
	}},
	{"whoever had a section pushed does not learn where it is when it becomes private", func(b *bench) {
		b.sync(secretive("", "gulf"))
		b.flow("gulf", "s", 2, "sport")
		b.press()
		b.subscribes("/sport/rss.xml", cb)
		b.same("asked", b.asks(feed.HubSubscribe, "/sport/atom.xml", cb), feed.HubTakes)
		b.take(b.due())
		b.sync(secretive("true", "gulf"))
		b.press()
		b.same("deliveries", len(b.due()), 0)
		for _, i := range b.intents() { // to tell it that it gets no more
			b.same("mode", i.Mode, feed.HubDenied)
			b.same("topic", strings.Contains(i.Topic, feed.PrivatePath), false)
		}
	}},
	{"a private section keeps its address when it is renamed, and no other has it", func(b *bench) {
		p := secretive("true", "gulf")
		b.sync(p)
		path := b.view("sport").Section.Path()
		p.Sections[1].RenamedFrom, p.Sections[1].Name = "sport", "matches"
		b.sync(p)
		b.same("renamed", b.view("matches").Section.Path(), path)
		p.Sections = append(p.Sections, feed.Section{Name: "board", Private: "true"})
		b.sync(p)
		if other := b.view("board").Section.Path(); other == path {
			b.Fatal("two sections have one address")
		}
	}},
	{"stories of a public section do not name places that only few may know of", func(b *bench) {
		b.sync(ranks(secretive("true", "a", "b"), 1, 2))
		b.poll("a", b.wire("x", "a", time.Hour, "world"))
		b.poll("b", b.wire("x", "b", time.Hour, "sport"))
		b.same("world", b.shown("world"), []string{"a as a.example/x"})
		b.same("sport", b.shown("sport"), []string{"b as a.example/x, also a"})
		b.sync(ranks(secretive("", "a", "b"), 1, 2))
		b.same("public", b.shown("world"), []string{"a as a.example/x, also b"})
		b.same("the whole paper", b.shown(feed.WholePaper), []string{"a as a.example/x, also b"})
		b.sync(ranks(secretive("true", "a", "b"), 2, 1))
		b.same("the whole paper shows what is public", b.shown(feed.WholePaper), []string{"a as a.example/x"})
		if all := strings.Join(slices.Concat(b.shown("world"), b.shown(feed.WholePaper)), " "); strings.Contains(all, "b as") {
			b.Fatal(all)
		}
	}},
}
