package storetest

import (
	"fmt"
	"strings"
	"time"

	"broadsheet/feed"
)

// reading is plan with full text for the named sources.
func reading(sources ...string) feed.Plan {
	p := plan(sources...)
	for i := range p.Outlets {
		p.Outlets[i].FullText = feed.FullTextAuto
	}
	return p
}

// asking is a new article that waits for its page, which is at a host of its own source.
func (b *bench) asking(source, id string, sections ...string) feed.Arrival {
	a := b.story(id, time.Hour, sections...)
	a.Standing, a.Why = feed.Pending, "its page is being asked for"
	a.Ask = &feed.PageAsk{URL: "https://" + source + ".example/" + id, Host: source + ".example", Server: source + ".example",
		Slots: 1, Due: b.now, Until: b.now.Add(feed.PageWait)}
	return a
}

// claimPage takes the next page; the test ends if there is none.
func (b *bench) claimPage() feed.PageClaim {
	b.Helper()
	c, ok, err := b.ClaimPage(b.ctx(), b.now, b.ask())
	b.ok(err)
	if !ok {
		b.Fatal("there is no page to claim")
	}
	return c
}

// noPage checks that no page can be claimed.
func (b *bench) noPage(why string) {
	b.Helper()
	c, ok, err := b.ClaimPage(b.ctx(), b.now, b.ask())
	b.ok(err)
	if ok {
		b.Fatalf("%s: got %s", why, c.URL)
	}
}

// came is the report of a page whose text is the article's now.
func (b *bench) came(c feed.PageClaim, id, text string) feed.PageReport {
	b.Helper()
	s := b.find(id)
	e := s.Entry
	e.Content = feed.HTML("<p>" + text + "</p>")
	a := feed.Arrival{Row: s.Row, Revision: s.Revision, Original: s.Original, Entry: e, Made: "recipe-1", Routed: "rules-1",
		Members: []feed.Membership{{Section: "world", Why: "a test says so"}},
		Reread: &feed.Reread{Verdict: feed.PageUsed, Why: "it is fuller", Reader: "reader-1", Print: "print of " + text,
			Chosen: "print of " + text, Page: &feed.Page{URL: c.URL, Content: feed.Text{Value: feed.RawHTML(text)}}}}
	return feed.PageReport{Claim: c, Asked: b.now, Verdict: feed.PageUsed, Why: "it is fuller", Reader: "reader-1",
		Print: "print of " + text, Leaves: []feed.Leaf{{URL: c.URL, ContentType: "text/html", Body: []byte(text)}},
		Made: []feed.Arrival{a}, HostFree: b.now}
}

// failing is the report of a page that did not come and is asked for again at next.
func (b *bench) failing(c feed.PageClaim, id string, next time.Time) feed.PageReport {
	b.Helper()
	s := b.find(id)
	a := feed.Arrival{Row: s.Row, Revision: s.Revision, Original: s.Original, Entry: s.Entry, Made: "recipe-1", Routed: "rules-1",
		Members: []feed.Membership{{Section: "world", Why: "a test says so"}}}
	return feed.PageReport{Claim: c, Asked: b.now, Verdict: feed.PageFailed, Why: "the server answered 500", Kind: feed.KindServer,
		Tries: c.Tries + 1, Next: next, Made: []feed.Arrival{a}, HostFree: b.now}
}

func (b *bench) finishPage(r feed.PageReport) feed.Receipt {
	b.Helper()
	receipt, err := b.FinishPage(b.ctx(), b.now, r)
	b.ok(err)
	return receipt
}

// ripe ends the waiting of what waited long enough, as a worker does, and counts it.
func (b *bench) ripe() int {
	b.Helper()
	found, _, err := b.Ripe(b.ctx(), b.now, 100)
	b.ok(err)
	var made []feed.Arrival
	for _, s := range found {
		made = append(made, feed.Arrival{Row: s.Row, Revision: s.Revision, Entry: s.Entry, Made: "recipe-1", Routed: "rules-1",
			Members: []feed.Membership{{Section: "world", Why: "a test says so"}}})
	}
	receipt, err := b.Join(b.ctx(), b.now, made)
	b.ok(err)
	return receipt.Updated
}

// pagesOf is how the pages of a source are doing.
func (b *bench) pagesOf(source string) feed.PagesStatus {
	b.Helper()
	all, err := b.Pages(b.ctx())
	b.ok(err)
	for _, p := range all {
		if p.Source == source {
			return p
		}
	}
	return feed.PagesStatus{}
}

var pageRules = []rule{
	{"a new article waits for its page, and joins its sections with it", func(b *bench) {
		b.sync(reading("a"))
		receipt := b.poll("a", b.asking("a", "one", "world"), b.story("two", 2*time.Hour, "world"))
		b.same("what came", [2]int{receipt.New, receipt.Kept}, [2]int{2, 0})
		b.same("the section", b.titles("world"), []string{"Story two"})
		b.same("its standing", b.find("one").Apart.Standing, feed.Pending)
		b.same("the status", b.pagesOf("a"), feed.PagesStatus{Source: "a", Waiting: 1})
		before := b.find("one").Entry
		b.later(time.Minute)
		c := b.claimPage()
		b.same("the claim", [2]any{c.URL, c.First}, [2]any{"https://a.example/one", true})
		var named []string
		b.same("sections that change", b.bumped(func() { named = b.finishPage(b.came(c, "one", "the whole")).Sections }),
			[]string{feed.WholePaper, "world"})
		b.same("and are named", len(named), 2)
		b.same("the section", b.titles("world"), []string{"Story one", "Story two"})
		s := b.find("one")
		before.Content = "<p>the whole</p>"
		b.same("the entry", s.Entry, before)
		b.same("what is known", [3]any{s.Reading.Verdict, s.Reading.Shown, s.Reading.Leaves}, [3]any{feed.PageUsed, true, true})
		b.same("what is known of the page", s.Reading.Page.Content.Value, feed.RawHTML("the whole"))
		leaves, err := b.Leaves(b.ctx(), s.Row)
		b.ok(err)
		b.same("what is kept", leaves, []feed.Leaf{{URL: c.URL, ContentType: "text/html", Body: []byte("the whole")}})
		b.same("the status", b.pagesOf("a"), feed.PagesStatus{Source: "a", Used: 1})
		b.noPage("it was asked for once")
	}},
	{"a page that fails lets its article join at once, and is asked for again", func(b *bench) {
		b.sync(reading("a"))
		b.poll("a", b.asking("a", "one", "world"))
		c := b.claimPage()
		b.finishPage(b.failing(c, "one", b.now.Add(time.Hour)))
		b.same("the section", b.titles("world"), []string{"Story one"})
		b.same("the status", b.pagesOf("a"), feed.PagesStatus{Source: "a", Failed: 1, Failure: "the server answered 500"})
		b.later(59 * time.Minute)
		b.noPage("too soon")
		b.later(time.Minute)
		b.poll("a") // its feed is due, and goes first
		c = b.claimPage()
		b.same("the claim", [2]any{c.Tries, c.First}, [2]any{1, false})
		r := b.failing(c, "one", time.Time{})
		r.Made = nil
		b.finishPage(r)
		b.later(1000 * time.Hour)
		b.poll("a")
		b.noPage("it was given up")
		b.same("the status", b.pagesOf("a").GivenUp, 1)
	}},
	{"an article waits no longer than its deadline, whoever looks", func(b *bench) {
		b.sync(reading("a"))
		b.poll("a", b.asking("a", "one", "world"), b.asking("a", "two", "world"))
		b.claimPage() // by a worker that dies
		n, err := b.Waiting(b.ctx(), nil)
		b.ok(err)
		b.same("waiting", n, 2)
		_, next, err := b.Ripe(b.ctx(), b.now, 10)
		b.ok(err)
		b.same("the deadline", next, start.Add(feed.PageWait))
		b.now = start.Add(feed.PageWait - time.Second)
		b.same("before the deadline", b.ripe(), 0)
		b.later(time.Second)
		b.Store = b.open() // the next start
		b.same("at the deadline", b.ripe(), 2)
		b.same("the section", b.titles("world"), []string{"Story one", "Story two"})
		b.same("again", b.ripe(), 0)
		// Text that comes later changes the content alone.
		before := b.find("two").Entry
		b.poll("a") // the feed has its turn
		c := b.claimPage()
		b.finishPage(b.came(c, "one", "the whole"))
		c = b.claimPage()
		b.finishPage(b.came(c, "two", "the other whole"))
		before.Content = "<p>the other whole</p>"
		b.same("the entry", b.find("two").Entry, before)
	}},
	{"one holder's page is committed", func(b *bench) {
		p := reading("a")
		p.Outlets[0].Feeds[0].Slots = 2
		b.sync(p)
		b.poll("a", b.asking("a", "one", "world"), b.asking("a", "two", "world"))
		first, second := b.claimPage(), b.claimPage()
		if first.Row == second.Row {
			b.Fatal("two workers got one page")
		}
		b.noPage("both are being asked for")
		b.later(50 * time.Second)
		_, err := b.Renew(b.ctx(), b.now, first.Lease, b.now.Add(time.Minute))
		b.ok(err)
		b.later(30 * time.Second) // the second one's lease is over
		third := b.claimPage()
		b.same("what the third worker gets", third.URL, second.URL)
		_, err = b.FinishPage(b.ctx(), b.now, b.came(second, "two", "late"))
		b.fenced(err)
		b.finishPage(b.came(third, "two", "in time"))
		b.finishPage(b.came(first, "one", "renewed"))
		b.same("its text", b.find("two").Entry.Content, feed.HTML("<p>in time</p>"))
		_, err = b.FinishPage(b.ctx(), b.now, b.came(first, "one", "twice"))
		b.fenced(err)
	}},
	{"a page that is let go stays due", func(b *bench) {
		b.sync(reading("a"))
		b.poll("a", b.asking("a", "one", "world"))
		c := b.claimPage()
		b.noPage("it is being asked for")
		b.ok(b.Release(b.ctx(), b.now, c.Lease, b.now.Add(time.Second)))
		b.noPage("its host rests")
		due, ok, err := b.NextPage(b.ctx(), b.now, b.now.Add(time.Minute), b.ask())
		b.ok(err)
		b.same("when", [2]any{due, ok}, [2]any{b.now.Add(time.Second), true})
		b.later(time.Second)
		b.same("again", b.claimPage().URL, c.URL)
	}},
	{"pages share the budget of their host with feeds, which go first and then in turn", func(b *bench) {
		p := reading("a", "b", "c")
		for i := range p.Outlets {
			p.Outlets[i].Feeds[0].Host = "shared.example"
		}
		b.sync(p)
		one, two := b.asking("a", "one", "world"), b.asking("a", "two", "world")
		one.Ask.Host, two.Ask.Host = "shared.example", "shared.example"
		b.poll("a", one, two)
		b.noPage("a feed of the host is due, and it is not the pages' turn")
		var order []string
		for range 4 { // two feeds and two pages are due
			c, ok, err := b.Claim(b.ctx(), b.now, b.ask())
			b.ok(err)
			if ok {
				order = append(order, "feed")
				b.noPage("the host has one slot")
				b.finish(b.good(c))
				continue
			}
			page := b.claimPage()
			order = append(order, "page")
			b.nothing("the host has one slot")
			b.finishPage(b.came(page, b.idOf(page), "the whole of "+b.idOf(page)))
		}
		b.same("the order", strings.Join(order, " "), "feed page feed page")
	}},
	{"a server that wants to be left alone holds its pages", func(b *bench) {
		b.sync(reading("a", "b"))
		held := b.asking("b", "two", "world")
		held.Ask.Server, held.Ask.Host = "a.example", "a.example" // a's article at b
		b.poll("a", b.asking("a", "one", "world"))
		b.poll("b", held, b.asking("b", "three", "world"))
		until := start.Add(2 * time.Hour)
		c := b.claimPage()
		b.same("first", c.URL, "https://a.example/one")
		r := b.failing(c, "one", until)
		r.Hold = feed.Hold{Server: "a.example", Host: "a.example", Until: until}
		b.finishPage(r)
		b.same("what waits in vain waits no more", b.ripe(), 1)
		b.same("the section", b.titles("world"), []string{"Story one", "Story two"})
		c = b.claimPage()
		b.same("second", c.URL, "https://b.example/three")
		b.finishPage(b.came(c, "three", "whole"))
		b.noPage("the server is held")
		late := b.asking("b", "four", "world") // nor does a new article wait for one
		late.Ask.Server, late.Ask.Host = "a.example", "a.example"
		b.poll("b", late)
		if s := b.find("four"); s.Apart != nil || !s.Reading.Due.Equal(until) {
			b.Fatalf("a new article of a held server: %+v, due %s", s.Apart, s.Reading.Due)
		}
	}},
	{"a domain that wants to be left alone keeps no article waiting", func(b *bench) {
		b.sync(reading("a"))
		var all []feed.Arrival
		for _, id := range []string{"one", "two", "three"} {
			a := b.asking("a", id, "world")
			a.Ask.Server = id + ".a.example"
			all = append(all, a)
		}
		b.poll("a", all...)
		for range 2 {
			c := b.claimPage()
			b.same("waiting in vain", b.ripe(), 0)
			until := b.now.Add(30 * time.Minute)
			r := b.failing(c, b.idOf(c), until)
			r.Hold = feed.Hold{Server: b.idOf(c) + ".a.example", Host: "a.example", Until: until}
			b.finishPage(r)
		}
		b.same("waiting in vain", b.ripe(), 1)
		b.same("the section", len(b.titles("world")), 3)
		b.noPage("the domain is held")
	}},
	{"pages of what is kept back are asked for only once it is let go", func(b *bench) {
		b.sync(reading("a"))
		held := b.asking("a", "one", "world")
		held.Standing, held.Ask.Due, held.Ask.Until = feed.Held, time.Time{}, time.Time{}
		b.poll("a", held, b.story("two", time.Hour, "world"))
		b.noPage("it is held")
		b.later(time.Minute)
		b.judge("release", feed.Shown, b.find("one"))
		c := b.claimPage()
		b.same("its page", c.URL, held.Ask.URL)
		b.ok(b.Release(b.ctx(), b.now, c.Lease, b.now))
		b.judge("withdraw", feed.Withdrawn, b.find("one"))
		b.noPage("it is withdrawn")
		b.judge("release", feed.Shown, b.find("one"))
		c = b.claimPage()
		b.judge("withdraw", feed.Withdrawn, b.find("one")) // while it is asked for
		_, err := b.FinishPage(b.ctx(), b.now, b.came(c, "one", "whole"))
		b.fenced(err)
		b.same("the section", b.titles("world"), []string{"Story two"})
	}},
	{"a changed article asks for its page again, not too soon after the last time", func(b *bench) {
		b.sync(reading("a"))
		b.poll("a", b.asking("a", "one", "world"))
		b.finishPage(b.came(b.claimPage(), "one", "whole"))
		asked := b.now
		b.later(20 * time.Minute)
		again := b.again(b.find("one"), "Story one, changed")
		again.Ask = &feed.PageAsk{URL: "https://a.example/one-moved", Host: "a.example", Server: "a.example", Slots: 1, Due: b.now, Rest: time.Hour}
		b.poll("a", again)
		s := b.find("one")
		b.same("when", [2]any{s.Reading.Due, s.Reading.URL}, [2]any{asked.Add(time.Hour), "https://a.example/one-moved"})
		b.same("it stays in its section", b.titles("world"), []string{"Story one, changed"})
		b.later(40 * time.Minute)
		b.poll("a")
		b.same("again", b.claimPage().URL, "https://a.example/one-moved")
	}},
	{"a page whose item changes while it is asked for is asked for once more, later", func(b *bench) {
		p := reading("a")
		p.Outlets[0].Feeds[0].Slots = 2
		b.sync(p)
		b.poll("a", b.asking("a", "one", "world"))
		c := b.claimPage()
		b.later(time.Second)
		again := b.again(b.find("one"), "Story one, corrected")
		again.Ask = &feed.PageAsk{URL: c.URL, Host: "a.example", Server: "a.example", Slots: 2, Due: b.now, Rest: time.Hour}
		b.poll("a", again)
		due := b.now.Add(time.Hour - time.Microsecond) // the poll took one
		b.noPage("it is being asked for")
		b.finishPage(b.came(c, "one", "the whole"))
		b.same("when", b.find("one").Reading.Due, due)
	}},
	{"a page that moves to another host leaves nothing due at the old one", func(b *bench) {
		p := reading("a")
		p.Outlets[0].Feeds[0].Slots = 2
		b.sync(p)
		due := func() bool {
			_, ok, err := b.NextPage(b.ctx(), b.now, b.now.Add(24*time.Hour), b.ask("a"))
			b.ok(err)
			_, all, err := b.NextPage(b.ctx(), b.now, b.now.Add(24*time.Hour), feed.Ask{DueBy: b.now.Add(-time.Hour)})
			b.ok(err)
			if ok != all {
				b.Fatalf("a page is due: %t by the hosts, %t by the pages", all, ok)
			}
			return ok
		}
		b.poll("a", b.asking("a", "one", "world"))
		b.same("asked for", due(), true)
		for i, during := range []bool{false, true, false, false, true} {
			var c feed.PageClaim
			if during {
				c = b.claimPage()
			}
			again := b.again(b.find("one"), "Story one, moved")
			again.Ask = &feed.PageAsk{URL: "https://b.example/one", Host: fmt.Sprintf("b-%d.example", i), Server: "b.example", Slots: 1, Due: b.now}
			b.poll("a", again)
			b.same("moved", due(), true)
			if during {
				b.later(time.Second)
				b.finishPage(b.came(c, "one", "the whole"))
				b.same("asked for", due(), false)
			}
		}
	}},
	{"what a feed says while a page comes is not lost, nor is the page", func(b *bench) {
		b.sync(reading("a"))
		p := reading("a")
		p.Outlets[0].Feeds[0].Slots = 2
		b.sync(p)
		b.poll("a", b.asking("a", "one", "world"))
		claim := b.claimAnyway("a")
		read := b.find("one") // by the poll
		b.later(time.Second)
		b.finishPage(b.came(b.claimPage(), "one", "the whole"))
		again := b.again(read, "Story one, corrected")
		b.finish(b.good(claim, again))
		s := b.find("one")
		b.same("its text", s.Entry.Content, feed.HTML("<p>the whole</p>"))
		b.same("what its feed says", string(s.Sightings[0].Item.Title.Value), "Story one, corrected")
		outdated, err := b.Outdated(b.ctx(), 0, 10)
		b.ok(err)
		b.same("to be made anew, of both", outdated[0].Made, feed.Overtaken)
		// It counts as updated only with what a reader sees, and if the re-making says so.
		b.same("updated", s.Entry.Updated, read.Entry.Updated)
		b.later(time.Minute)
		again = b.again(s, "Story one, corrected")
		again.Entry.Content = s.Entry.Content
		_, err = b.Remake(b.ctx(), b.now, []feed.Arrival{again})
		b.ok(err)
		b.same("updated", b.find("one").Entry.Updated, b.now)
		again = b.again(b.find("one"), "Story one, by another recipe")
		again.Entry.Updated = b.now.Add(time.Minute)
		_, err = b.Remake(b.ctx(), b.now, []feed.Arrival{again})
		b.ok(err)
		b.same("updated", b.find("one").Entry.Updated, b.now)
		// And the other way round: a page that was made of what is not so any more.
		b.later(time.Hour)
		c := b.pageAgain("one")
		r := b.came(c, "one", "another whole")
		r.Made[0].Revision--
		_, err = b.FinishPage(b.ctx(), b.now, r)
		b.same("its verdict", feed.KindOf(err), feed.KindBusy)
		b.finishPage(b.came(c, "one", "another whole"))
	}},
	{"pages with one text are known, and a report that does not know all of them is refused", func(b *bench) {
		b.sync(reading("a"))
		b.poll("a", b.asking("a", "one", "world"), b.asking("a", "two", "world"), b.asking("a", "three", "world"))
		for range 2 {
			c := b.claimPage()
			r := b.came(c, b.idOf(c), "accept cookies")
			var err error
			r.Twins, err = b.Twins(b.ctx(), c, r.Print)
			b.ok(err)
			b.finishPage(r)
		}
		c := b.claimPage()
		r := b.failing(c, b.idOf(c), time.Time{})
		r.Verdict, r.Kind, r.Why, r.Reader, r.Print = feed.PageTwin, "", "the same text", "reader-1", "print of accept cookies"
		_, err := b.FinishPage(b.ctx(), b.now, r)
		b.same("without them", feed.KindOf(err), feed.KindBusy)
		r.Twins, err = b.Twins(b.ctx(), c, r.Print)
		b.ok(err)
		b.same("twins", len(r.Twins), 2)
		for _, twin := range r.Twins {
			b.same("it has the text", twin.Shown, true)
			stored, err := b.Load(b.ctx(), []int64{twin.Row})
			b.ok(err)
			e := stored[0].Entry
			e.Content = "<p>the feed's</p>"
			r.Made = append(r.Made, feed.Arrival{Row: twin.Row, Revision: stored[0].Revision, Entry: e, Made: "recipe-1", Routed: "rules-1",
				Members: stored[0].Members, Reread: &feed.Reread{Verdict: feed.PageTwin, Why: "the same text", Reader: "reader-1", Print: r.Print,
					Next: b.now.Add(time.Hour)}})
		}
		b.finishPage(r)
		for _, id := range []string{"one", "two"} {
			s := b.find(id)
			b.same(id, [4]any{s.Entry.Content, s.Reading.Page == nil, s.Reading.Shown, s.Reading.Due},
				[4]any{feed.HTML("<p>the feed's</p>"), true, false, b.now.Add(time.Hour)})
		}
		b.same("the status", b.pagesOf("a"), feed.PagesStatus{Source: "a", Refused: 3, GivenUp: 1, Refusal: "the same text"})
	}},
	{"pages of a source that is paused, taken out or wants none are not asked for, and nothing waits", func(b *bench) {
		b.sync(reading("a", "b", "c"))
		for _, name := range []string{"a", "b", "c"} {
			b.poll(name, b.asking(name, name+"-1", "world"))
		}
		p := reading("a", "b")
		p.Outlets[0].Paused, p.Outlets[1].FullText = true, feed.FullTextNever
		b.sync(p)
		b.noPage("no source wants any")
		b.same("published", b.ripe(), 2)
		n, err := b.Waiting(b.ctx(), nil)
		b.ok(err)
		b.same("waiting", n, 0)
		b.sync(reading("a", "b", "c"))
		outdated, err := b.Outdated(b.ctx(), 0, 10)
		b.ok(err)
		b.same("of c, to be put in its place", [2]any{len(outdated), outdated[0].Apart == nil}, [2]any{1, true})
		for range 3 {
			c := b.claimPage()
			b.finishPage(b.came(c, b.idOf(c), "whole "+c.URL))
		}
		b.poll("a", b.asking("a", "a-2", "world"))
		b.ok(b.Stop(b.ctx(), b.now, feed.Decision{Verb: "pause", Target: "a"}, "a", true))
		b.noPage("it was paused by a command")
		b.same("published", b.ripe(), 1)
		b.ok(b.Stop(b.ctx(), b.now, feed.Decision{Verb: "resume", Target: "a"}, "a", false))
		b.claimPage()
	}},
	{"what came is dropped after a while, what was read of it with its article", func(b *bench) {
		b.sync(reading("a"))
		b.poll("a", b.asking("a", "one", "world"))
		b.finishPage(b.came(b.claimPage(), "one", "whole"))
		row := b.find("one").Row
		b.ok(b.PrunePages(b.ctx(), b.now))
		if leaves, err := b.Leaves(b.ctx(), row); err != nil || len(leaves) != 1 {
			b.Fatalf("too soon: %v, %v", leaves, err)
		}
		b.ok(b.PrunePages(b.ctx(), b.now.Add(time.Second)))
		if leaves, err := b.Leaves(b.ctx(), row); err != nil || len(leaves) != 0 {
			b.Fatalf("too late: %v, %v", leaves, err)
		}
		s := b.find("one")
		b.same("what was read", [2]any{s.Reading.Shown, s.Reading.Leaves}, [2]any{true, false})
		b.ok(b.Prune(b.ctx(), b.now, b.now.Add(time.Hour)))
		b.same("the rest", b.find("one").Reading == nil, true)
	}},
	{"made anew of another reading, an entry keeps what must not move", func(b *bench) {
		b.sync(reading("a"))
		b.poll("a", b.asking("a", "one", "world"))
		b.finishPage(b.came(b.claimPage(), "one", "whole"))
		s := b.find("one")
		before := s.Entry
		anew := b.came(feed.PageClaim{}, "one", "better").Made[0]
		anew.Reread.Reader = "reader-2"
		_, err := b.Remake(b.ctx(), b.now.Add(time.Hour), []feed.Arrival{anew})
		b.ok(err)
		s = b.find("one")
		before.Content = "<p>better</p>"
		b.same("the entry", s.Entry, before)
		b.same("the reading", [2]any{s.Reading.Reader, s.Reading.Page.Content.Value}, [2]any{"reader-2", feed.RawHTML("better")})
		b.noPage("nobody is asked")
	}},
	{"how many of a source's latest pages had no more than its feed is known", func(b *bench) {
		b.sync(reading("a"))
		for i, verdict := range []feed.PageVerdict{feed.PageSame, feed.PageUsed, feed.PageSame, feed.PageFailed, feed.PageSame, feed.PageSkipped} {
			id := fmt.Sprintf("n%d", i)
			b.poll("a", b.asking("a", id, "world"))
			c := b.claimPage()
			r := b.came(c, id, "whole "+id)
			r.Verdict, r.Made[0].Reread.Verdict = verdict, verdict
			b.finishPage(r)
			b.later(2 * time.Hour)
		}
		b.same("in a row", b.claimAnyway("a").Spare, 2)
	}},
	{"nothing waits of a source that was taken out while it was polled", func(b *bench) {
		b.sync(reading("a", "b"))
		c := b.claim("a")
		b.sync(reading("b"))
		b.finish(b.good(c, b.asking("a", "one", "world")))
		n, err := b.Waiting(b.ctx(), nil)
		b.ok(err)
		b.same("waiting", n, 0)
		b.later(feed.PageWait)
		ripe, _, err := b.Ripe(b.ctx(), b.now, 10)
		b.ok(err)
		b.same("to be published in vain", len(ripe), 0)
		b.sync(reading("a", "b"))
		b.same("put back, to be put in its place", b.outdated(), []string{"one"})
		b.same("its standing", b.find("one").Apart == nil, true)
	}},
	{"a page that moved while it was asked for, and is let go, is due at its new host alone", func(b *bench) {
		b.sync(reading("a"))
		b.poll("a", b.asking("a", "one", "world"))
		c := b.claimPage()
		again := b.again(b.find("one"), "Story one, moved")
		again.Ask = &feed.PageAsk{URL: "https://b.example/one", Host: "b.example", Server: "b.example", Slots: 1, Due: b.now, Rest: time.Hour}
		p := reading("a")
		p.Outlets[0].Feeds[0].Slots = 2
		b.sync(p)
		b.poll("a", again)
		b.ok(b.Release(b.ctx(), b.now, c.Lease, b.now))
		due, ok, err := b.NextPage(b.ctx(), b.now, b.now.Add(24*time.Hour), feed.Ask{DueBy: b.now.Add(-time.Hour)})
		b.ok(err)
		b.same("when", [2]any{due, ok}, [2]any{b.find("one").Reading.Due, true})
	}},
	{"who takes no pages is not kept from feeds by the pages' turn", func(b *bench) {
		p := reading("a", "b")
		for i := range p.Outlets {
			p.Outlets[i].Feeds[0].Host = "shared.example"
		}
		b.sync(p)
		one := b.asking("a", "one", "world")
		one.Ask.Host = "shared.example"
		two := b.asking("a", "two", "world")
		two.Ask.Host = "shared.example"
		b.poll("a", one, two)
		b.later(time.Second)
		ask := b.ask()
		b.finish(b.good(b.claim("b"))) // with it, the pages have their turn
		b.later(24 * time.Hour)
		ask = b.ask()
		ask.FeedsOnly = true
		_, ok, err := b.Claim(b.ctx(), b.now, ask)
		b.ok(err)
		b.same("a feed", ok, true)
	}},
	{"what is let go or put back asks no server that wants to be left alone", func(b *bench) {
		p := reading("a", "b", "c", "d")
		b.sync(p)
		held := b.asking("a", "one", "world")
		held.Standing, held.Ask.Due, held.Ask.Until = feed.Held, time.Time{}, time.Time{}
		b.poll("a", held)
		b.poll("b", b.asking("b", "two", "world"))
		p.Outlets[1].Paused = true
		b.sync(p)
		until := b.now.Add(2 * time.Hour)
		for by, name := range map[string]string{"c": "a", "d": "b"} { // two that were redirected there
			r := b.good(b.claim(by))
			r.Hold = feed.Hold{Server: name + ".example", Host: name + ".example", Until: until}
			b.finish(r)
		}
		b.judge("release", feed.Shown, b.find("one"))
		p.Outlets[1].Paused = false
		b.sync(p)
		for _, id := range []string{"one", "two"} {
			b.same(id, b.find(id).Reading.Due, until)
		}
		b.later(time.Hour)
		_, ok, err := b.ClaimPage(b.ctx(), b.now, feed.Ask{DueBy: start.Add(-time.Hour), Until: b.now.Add(time.Minute)})
		b.ok(err)
		b.same("claimed", ok, false)
	}},
	{"an article whose link changes while it is held is asked for where it is then", func(b *bench) {
		b.sync(reading("a"))
		held := b.asking("a", "one", "world")
		held.Standing, held.Ask.Due, held.Ask.Until = feed.Held, time.Time{}, time.Time{}
		b.poll("a", held)
		b.later(time.Minute)
		again := b.again(b.find("one"), "Story one, moved")
		again.Ask = &feed.PageAsk{URL: "https://a.example/moved", Host: "a.example", Server: "a.example", Slots: 1, Rest: time.Hour}
		b.poll("a", again)
		b.noPage("it is held")
		b.judge("release", feed.Shown, b.find("one"))
		b.same("its page", b.claimPage().URL, "https://a.example/moved")
	}},
	{"of pages with one text those are told of first that are shown", func(b *bench) {
		b.sync(reading("a"))
		b.poll("a", b.asking("a", "one", "world"), b.asking("a", "two", "world"), b.asking("a", "three", "world"))
		first := b.claimPage()
		r := b.failing(first, b.idOf(first), time.Time{})
		r.Reader, r.Print = "reader-1", "print of accept cookies"
		b.finishPage(r)
		second := b.claimPage()
		r = b.came(second, b.idOf(second), "accept cookies")
		var err error
		r.Twins, err = b.Twins(b.ctx(), second, r.Print)
		b.ok(err)
		b.finishPage(r)
		twins, err := b.Twins(b.ctx(), b.claimPage(), r.Print)
		b.ok(err)
		b.same("twins", twins, []feed.Twin{{Row: second.Row, URL: second.URL, Shown: true}, {Row: first.Row, URL: first.URL}})
	}},
	{"a page that is being asked for while its server is held is not asked for once more for that", func(b *bench) {
		p := reading("a")
		p.Outlets[0].Feeds[0].Slots = 3
		b.sync(p)
		b.poll("a", b.asking("a", "one", "world"), b.asking("a", "two", "world"), b.asking("a", "three", "world"), b.asking("a", "four", "world"))
		came, fails, tells := b.claimPage(), b.claimPage(), b.claimPage()
		until := b.now.Add(2 * time.Hour)
		r := b.failing(tells, b.idOf(tells), until)
		r.Hold = feed.Hold{Server: "a.example", Host: "a.example", Until: until}
		b.finishPage(r)
		b.finishPage(b.came(came, b.idOf(came), "the whole"))
		b.same("of the page that came", b.find(b.idOf(came)).Reading.Due, time.Time{})
		b.finishPage(b.failing(fails, b.idOf(fails), b.now.Add(time.Hour)))
		b.same("of the page that failed", b.find(b.idOf(fails)).Reading.Due, until)
	}},
	{"a page that is let go while its server is held waits for the end of that", func(b *bench) {
		p := reading("a")
		p.Outlets[0].Feeds[0].Slots = 2
		b.sync(p)
		b.poll("a", b.asking("a", "one", "world"), b.asking("a", "two", "world"))
		first, second := b.claimPage(), b.claimPage()
		until := b.now.Add(2 * time.Hour)
		r := b.failing(second, b.idOf(second), until)
		r.Hold = feed.Hold{Server: "a.example", Host: "a.example", Until: until}
		b.finishPage(r)
		b.ok(b.Release(b.ctx(), b.now, first.Lease, b.now))
		b.noPage("its server is held")
		b.same("when", b.find(b.idOf(first)).Reading.Due, until)
	}},
	{"a page that is taken back is not asked for of a source that was paused meanwhile", func(b *bench) {
		p := reading("a")
		b.sync(p)
		b.poll("a", b.asking("a", "one", "world"), b.asking("a", "two", "world"))
		b.finishPage(b.came(b.claimPage(), "one", "accept cookies"))
		c := b.claimPage()
		p.Outlets[0].Paused = true
		b.sync(p)
		r := b.came(c, "two", "accept cookies")
		taken := b.came(feed.PageClaim{}, "one", "the feed's").Made[0]
		taken.Reread = &feed.Reread{Verdict: feed.PageTwin, Why: "the same text", Reader: "reader-1", Print: r.Print, Next: b.now.Add(time.Hour)}
		var err error
		r.Twins, err = b.Twins(b.ctx(), c, r.Print)
		b.ok(err)
		r.Made = append(r.Made, taken)
		b.finishPage(r)
		b.later(2 * time.Hour)
		b.noPage("the source is paused")
		p.Outlets[0].Paused = false
		b.sync(p)
		b.poll("a")
		b.same("put back", b.claimPage().Row, taken.Row)
	}},
	{"a page that failed is asked for again when it was to be, if its article was withdrawn and let go", func(b *bench) {
		b.sync(reading("a"))
		b.poll("a", b.asking("a", "one", "world"), b.asking("a", "two", "world"), b.asking("a", "three", "world"))
		next := b.now.Add(time.Hour)
		b.finishPage(b.failing(b.claimPage(), "one", next))
		b.finishPage(b.failing(b.claimPage(), "two", time.Time{}))
		b.finishPage(b.came(b.claimPage(), "three", "the whole"))
		all := []feed.Stored{b.find("one"), b.find("two"), b.find("three")}
		for _, s := range all {
			b.judge("withdraw", feed.Withdrawn, s)
		}
		b.later(2 * time.Hour)
		p := reading("a")
		p.Outlets[0].Paused = true
		b.sync(p)
		b.sync(reading("a"))
		b.poll("a")
		b.noPage("they are withdrawn")
		for _, s := range all {
			b.judge("release", feed.Shown, s)
		}
		b.same("when", b.find("one").Reading.Due, next)
		b.same("its page", b.claimPage().Row, all[0].Row)
		b.noPage("the others are not to be asked for again")
	}},
	{"a host that only pages use has as many slots as it is said to, another one those of its feeds", func(b *bench) {
		b.sync(reading("a"))
		asking := func(id, host string, slots int) feed.Arrival {
			a := b.asking("a", id, "world")
			a.Ask.Host, a.Ask.Slots = host, slots
			return a
		}
		b.poll("a", asking("one", "b.example", 1), asking("two", "a.example", 2), asking("three", "a.example", 2))
		b.poll("a", asking("four", "b.example", 2)) // the configuration was changed
		b.later(time.Second)
		hosts := map[string]int{}
		for range 3 {
			hosts[b.claimPage().Lease.Host]++
		}
		b.noPage("all slots are taken")
		b.same("claimed at once", hosts, map[string]int{"a.example": 1, "b.example": 2})
	}},
	{"a clock that ran ahead keeps no page for long", func(b *bench) {
		b.sync(reading("a"))
		right := b.now
		b.later(1000 * time.Hour)
		b.poll("a", b.asking("a", "one", "world"))
		c := b.claimPage()
		b.finishPage(b.failing(c, "one", b.now.Add(time.Hour)))
		b.poll("a", b.asking("a", "two", "world"))
		b.now = right
		_, err := b.Housekeep(b.ctx(), b.now)
		b.ok(err)
		b.same("published", b.ripe(), 1)
		b.later(time.Minute)
		b.finish(b.good(b.claim()))
		b.claimPage()
	}},
}

// idOf is the id of the article whose page is claimed.
func (b *bench) idOf(c feed.PageClaim) string { return c.URL[strings.LastIndex(c.URL, "/")+1:] }

// pageAgain has the page of an article asked for once more, and claims it.
func (b *bench) pageAgain(id string) feed.PageClaim {
	b.Helper()
	again := b.again(b.find(id), "Story "+id+", once more")
	again.Ask = &feed.PageAsk{URL: "https://a.example/" + id, Host: "a.example", Server: "a.example", Slots: 1, Due: b.now}
	b.poll("a", again)
	return b.claimPage()
}
