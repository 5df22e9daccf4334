package storetest

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/feed"
)

// syllables are what the words of the tests are made of.
var syllables = strings.Fields("ba co du fe gi ha jo ku la mi no pu ra se ti vo wa xe yo zu")

// prose is an invented text that no other name gives.
func prose(name string) string {
	h := fnv.New64a()
	h.Write([]byte(name))
	n := h.Sum64()
	next := func() string {
		n = n*6364136223846793005 + 1442695040888963407
		return syllables[n>>33%20] + syllables[n>>40%20] + syllables[n>>48%20] + syllables[n>>56%20]
	}
	var b strings.Builder
	for range 20 {
		fmt.Fprintf(&b, "<p>The %s of the %s met the %s near the old %s, and the %s said that no %s would close.</p>",
			next(), next(), next(), next(), next(), next())
	}
	return b.String()
}

// headline is a title that no other name gives.
func headline(name string) string {
	words := strings.Fields(strings.NewReplacer("<p>", "", "</p>", "", ",", "", ".", "").Replace(prose(name)))
	return fmt.Sprintf("%s %s %s %s %s after %s", strings.ToUpper(name), words[1], words[4], words[7], words[11], words[14])
}

// wire is the article name as a source has it, at its own link and under its own id.
func (b *bench) wire(name, source string, old time.Duration, sections ...string) feed.Arrival {
	link := "https://" + source + ".example/" + name
	a := b.story(name+"-"+source, old, sections...)
	a.Original, a.IDs = link, []string{link}
	a.Item.ID = link
	a.Keys = []feed.Key{{Kind: feed.KeyGUID, Value: link}}
	a.Entry.Title, a.Entry.Link, a.Entry.Content = headline(name), link, feed.HTML(prose(name))
	a.Entry.Language = "en"
	a.Entry.Origin = feed.Channel{Title: feed.Plain("The " + source), Link: "https://" + source + ".example/"}
	return a
}

// news says that an article is no archive of a new feed: it stands where it became
// known.
func (b *bench) news(a feed.Arrival) feed.Arrival {
	a.FirstPoll = false
	a.Entry.SortAt = feed.SortAt(false, a.Entry.Published, b.now)
	return a
}

// shown is what a section shows, an entry a line: whose it is, under whose id, and who
// else has it.
func (b *bench) shown(section string) []string {
	b.Helper()
	var out []string
	for _, e := range b.view(section).Entries {
		line := e.Source + " as " + strings.TrimPrefix(e.ID, "https://")
		var also []string
		for _, c := range e.Also {
			also = append(also, c.Source)
		}
		if len(also) > 0 {
			line += ", also " + strings.Join(also, " ")
		}
		out = append(out, line)
	}
	return out
}

// publish stores documents of all sections that are stale.
func (b *bench) publish() {
	b.Helper()
	names, err := b.Stale(b.ctx())
	b.ok(err)
	for _, name := range names {
		b.save(name, document("/"+name+"/rss.xml", fmt.Sprint(b.shown(name))))
	}
}

// ranks gives sources of a plan their ranks, in order.
func ranks(p feed.Plan, ranks ...int) feed.Plan {
	for i, r := range ranks {
		p.Outlets[i].Rank = r
	}
	return p
}

// remadeAs makes an entry anew with what change does to it.
func (b *bench) remadeAs(id string, change func(*feed.Arrival)) feed.Receipt {
	b.Helper()
	s := b.find(id)
	a := b.again(s, s.Entry.Title)
	a.Entry = s.Entry
	change(&a)
	receipt, err := b.Remake(b.ctx(), b.now, []feed.Arrival{a})
	b.ok(err)
	return receipt
}

var storyRules = []rule{
	{"who leaves one section moves nothing in another", func(b *bench) {
		b.sync(ranks(plan("a", "b"), 2, 1))
		b.poll("a", b.news(b.wire("x", "a", 0, "sport")))
		b.later(48 * time.Hour)
		b.poll("b", b.news(b.wire("x", "b", 0, "world")))
		place := b.view("world").Entries[0].SortAt
		b.judge("withdraw", feed.Withdrawn, b.find("https://a.example/x"))
		b.same("its place", b.view("world").Entries[0].SortAt, place)
	}},
	{"updated does not go back because another copy leads", func(b *bench) {
		b.sync(ranks(plan("a", "b"), 2, 1))
		b.poll("a", b.wire("x", "a", 40*time.Hour, "world"))
		s := b.find("https://a.example/x")
		a := b.again(s, s.Entry.Title)
		a.Entry = s.Entry
		a.Entry.Updated = b.now
		b.poll("a", a)
		up := b.view("world").Entries[0].Updated
		b.later(2 * time.Hour)
		b.poll("b", b.news(b.wire("x", "b", 39*time.Hour, "world")))
		e := b.view("world").Entries[0]
		if e.Updated.Before(up) {
			b.Errorf("updated of %s went from %s back to %s", e.ID, up, e.Updated)
		}
	}},
	{"one article of three sources is one entry, which names the others", func(b *bench) {
		b.sync(ranks(plan("a", "b", "c"), 3, 1, 2))
		for _, source := range []string{"a", "b", "c"} {
			b.poll(source, b.wire("x", source, time.Hour, "world"), b.wire("own-"+source, source, 2*time.Hour, "sport"))
		}
		b.same("world", b.shown("world"), []string{"b as b.example/x, also c a"})
		b.same("whole", b.shown(feed.WholePaper)[0], "b as b.example/x, also c a")
		b.same("the rest", len(b.shown(feed.WholePaper)), 4)
		b.same("the others", b.view("world").Entries[0].Also, []feed.Copy{
			{Source: "c", Title: "The c", Link: "https://c.example/x"}, {Source: "a", Title: "The a", Link: "https://a.example/x"}})
		_, sections, err := b.Status(b.ctx(), b.now)
		b.ok(err)
		b.same("members", []int{sections[0].Entries, sections[0].Shown, sections[2].Entries}, []int{1, 1, 4})
	}},
	{"who leads does not depend on who came first", func(b *bench) {
		b.sync(ranks(plan("a", "b", "c"), 2, 0, 1))
		for i, order := range [][]string{{"a", "b", "c"}, {"a", "c", "b"}, {"b", "a", "c"}, {"b", "c", "a"}, {"c", "a", "b"}, {"c", "b", "a"}} {
			name := "n" + strings.Repeat("n", i)
			for _, source := range order {
				b.poll(source, b.wire(name, source, time.Duration(i)*time.Hour, "world"))
			}
			b.same(fmt.Sprint(order), b.shown("world")[i], "c as c.example/"+name+", also a b")
		}
	}},
	{"a story keeps the id that was published first, whoever leads", func(b *bench) {
		p := ranks(plan("a", "b"), 2, 1)
		b.sync(p)
		b.poll("a", b.wire("x", "a", 2*time.Hour, "world"))
		b.publish()
		b.same("bumped", b.bumped(func() { b.poll("b", b.wire("x", "b", time.Hour, "world")) }), []string{feed.WholePaper, "world"})
		b.same("the better one leads", b.shown("world"), []string{"b as a.example/x, also a"})
		e := b.view("world").Entries[0]
		b.same("with its own words", []any{e.Link, e.Published}, []any{"https://b.example/x", b.view("world").Entries[0].Updated})
		b.publish()
		b.sync(plan("a", "b", "c"))
		b.same("ranks are gone", b.shown("world"), []string{"a as a.example/x, also b"})
		b.sync(ranks(plan("b"), 1))
		b.same("its bearer is gone", b.shown("world"), []string{"b as a.example/x"})
		b.publish()
		b.sync(p)
		b.remadeAs("https://a.example/x", func(a *feed.Arrival) { a.Members = b.wire("x", "a", 0, "world").Members })
		b.same("and comes back", b.shown("world"), []string{"b as a.example/x, also a"})
	}},
	{"of two that were published apart the first id stays and the other leaves", func(b *bench) {
		b.sync(plan("a", "b"))
		other := b.wire("x", "b", time.Hour, "world")
		other.Entry.Content, other.Entry.Title = feed.HTML(prose("y")), headline("y")
		b.poll("b", other)
		b.publish()
		b.later(time.Minute)
		b.poll("a", b.wire("x", "a", time.Hour, "world"))
		b.publish()
		b.same("two", b.shown("world"), []string{"a as a.example/x", "b as b.example/x"})
		again := b.wire("x", "b", time.Hour, "world")
		s := b.find("https://b.example/x")
		again.Row, again.Revision = s.Row, s.Revision
		b.poll("b", again)
		b.same("one", b.shown("world"), []string{"b as b.example/x, also a"})
		b.publish()
		b.sync(ranks(plan("a", "b"), 1))
		b.same("under the first id", b.shown("world"), []string{"a as b.example/x, also b"})
	}},
	{"all sections agree on the id, be it published yet or not", func(b *bench) {
		b.sync(ranks(plan("a", "b"), 2, 1))
		b.poll("a", b.wire("x", "a", time.Hour, "world"))
		b.poll("b", b.wire("x", "b", time.Hour, "sport"))
		check := func(when, id string) {
			b.Helper()
			b.same(when+": world", b.shown("world"), []string{"a as " + id + ", also b"})
			b.same(when+": sport", b.shown("sport"), []string{"b as " + id + ", also a"})
			b.same(when+": whole", b.shown(feed.WholePaper), []string{"b as " + id + ", also a"})
		}
		check("at first", "b.example/x")
		b.save("world", document("/world/rss.xml", "x"))
		b.sync(ranks(plan("a", "b"), 1, 2))
		b.same("whole", b.shown(feed.WholePaper), []string{"a as b.example/x, also b"})
	}},
	{"a section that has the copy alone shows it", func(b *bench) {
		b.sync(ranks(plan("a", "b"), 1, 2))
		b.poll("a", b.wire("x", "a", time.Hour, "world"))
		b.poll("b", b.wire("x", "b", time.Hour, "sport", "world"))
		b.same("sport", b.shown("sport"), []string{"b as a.example/x, also a"})
		b.same("world", b.shown("world"), []string{"a as a.example/x, also b"})
		s := b.find("https://b.example/x")
		b.same("its sections", s.Members, []feed.Membership{{Section: "world", Why: "a test says so", Instead: "a"}, {Section: "sport", Why: "a test says so"}})
		b.remadeAs("https://a.example/x", func(a *feed.Arrival) { a.Members = a.Members[:0:0] })
		b.same("the other is routed nowhere", b.shown("world"), []string{"b as b.example/x"})
	}},
	{"what is stored of a story says who leads and why", func(b *bench) {
		b.sync(ranks(plan("a", "b", "c"), 2, 1))
		b.poll("a", b.wire("x", "a", time.Hour, "world"))
		b.poll("b", b.wire("x", "b", time.Hour, "sport"))
		s := b.find("https://a.example/x")
		if s.Story == nil || len(s.Story.Members) != 2 || s.Story.ID != "https://b.example/x" {
			b.Fatalf("its story is %+v", s.Story)
		}
		first, last := s.Story.Members[0], s.Story.Members[1]
		b.same("who leads", []any{first.Source, first.Link, first.Shown, first.Before}, []any{"b", "https://b.example/x", true, "the rank of its source (1 before 2)"})
		b.same("itself", []any{last.Source, last.Row, last.Same, last.Before}, []any{"a", s.Row, "", ""})
		if !strings.Contains(first.Same, "title and text") {
			b.Fatalf("the same because of %q", first.Same)
		}
		b.poll("c", b.wire("y", "c", time.Hour, "world"))
		if alone := b.find("https://c.example/y"); alone.Story != nil {
			b.Fatalf("it is alone, and in %+v", alone.Story)
		}
	}},
	{"a copy that is late does not lift a story", func(b *bench) {
		b.sync(plan("a", "b"))
		b.poll("a", b.news(b.wire("x", "a", 0, "world")))
		place := b.view("world").Entries[0].SortAt
		b.later(time.Hour)
		b.poll("a", b.news(b.wire("y", "a", 0, "world")))
		b.later(time.Hour)
		b.sync(ranks(plan("a", "b"), 2, 1))
		b.poll("b", b.news(b.wire("x", "b", 0, "world")))
		b.same("order", b.shown("world"), []string{"a as a.example/y", "b as b.example/x, also a"})
		b.same("its place", b.view("world").Entries[1].SortAt, place)
		b.sync(ranks(plan("b"), 1))
		b.same("also if the first one leaves", b.view("world").Entries[0].SortAt, place)
	}},
	{"a copy that says it is old does not sink a story, nor take its place or its date", func(b *bench) {
		b.sync(ranks(plan("thief", "a", "b"), 0, 2))
		b.poll("a", b.wire("x", "a", time.Hour, "world"), b.wire("y", "a", 2*time.Hour, "world"))
		before := b.view("world").Entries
		thief := b.wire("x", "thief", 40*time.Hour, "world")
		thief.Entry.Content += feed.HTML(prose("x, and more, for a fuller text"))
		thief.Entry.Image = "https://thief.example/large.jpg"
		b.poll("thief", thief)
		b.same("shown", b.shown("world"), []string{"a as a.example/x, also thief", "a as a.example/y"})
		after := b.view("world").Entries
		after[0].Also = nil
		b.same("nothing else moved", after, before)
		// And if it came first.
		b.poll("thief", b.wire("z", "thief", 40*time.Hour, "world"))
		b.poll("a", b.wire("z", "a", time.Minute, "world"))
		b.same("on top", b.shown("world")[0], "a as a.example/z, also thief")
	}},
	{"of equal rank the original goes before a copy, however old or full that says it is", func(b *bench) {
		b.sync(plan("thief", "a"))
		thief := b.wire("x", "thief", 40*time.Hour, "world")
		thief.Entry.Content += feed.HTML(prose("x, and more, for a fuller text"))
		thief.Entry.Link = "https://a.example/x?from=thief" // as aggregators do
		b.poll("thief", thief)
		b.poll("a", b.wire("x", "a", time.Hour, "world"))
		b.same("shown", b.shown("world"), []string{"a as a.example/x, also thief"})
	}},
	{"another rank has the stories told anew, without a poll", func(b *bench) {
		b.sync(ranks(plan("a", "b"), 1, 2))
		b.poll("a", b.wire("x", "a", time.Hour, "world"))
		b.poll("b", b.wire("x", "b", time.Hour, "world"))
		b.same("bumped", b.bumped(func() { b.sync(ranks(plan("a", "b"), 2, 1)) }), []string{feed.WholePaper, "world"})
		b.same("world", b.shown("world"), []string{"b as b.example/x, also a"})
		b.same("bumped again by nothing", b.bumped(func() { b.sync(ranks(plan("a", "b"), 2, 1)) }), []string(nil))
	}},
	{"if a source is taken out the next best takes its place at once", func(b *bench) {
		b.sync(ranks(plan("a", "b", "c"), 1, 2, 3))
		for _, source := range []string{"a", "b", "c"} {
			b.poll(source, b.news(b.wire("x", source, time.Hour, "world")))
		}
		place := b.view("world").Entries[0].SortAt
		b.sync(ranks(plan("b", "c"), 2, 3))
		b.same("world", b.shown("world"), []string{"b as b.example/x, also c"})
		b.same("its place", b.view("world").Entries[0].SortAt, place)
		b.sync(ranks(plan("c"), 3))
		b.same("world", b.shown("world"), []string{"c as c.example/x"})
	}},
	{"if the one that leads is withdrawn or pruned the next takes its place, under the same id", func(b *bench) {
		b.sync(ranks(plan("a", "b", "c"), 1, 2, 3))
		for i, source := range []string{"a", "b", "c"} {
			b.poll(source, b.wire("x", source, time.Duration(40-i)*time.Hour, "world"))
		}
		b.publish()
		b.same("bumped", b.bumped(func() { b.judge("withdraw", feed.Withdrawn, b.find("https://a.example/x")) }), []string{feed.WholePaper, "world"})
		b.same("withdrawn", b.shown("world"), []string{"b as a.example/x, also c"})
		b.ok(b.Prune(b.ctx(), b.now, b.now.Add(-38*time.Hour-time.Minute)))
		b.same("pruned", b.shown("world"), []string{"c as a.example/x"})
		b.poll("a", b.wire("z", "a", time.Hour, "world"))
		b.same("the rest goes on", len(b.shown("world")), 2)
	}},
	{"what is kept back may be of a story, is not shown and not named", func(b *bench) {
		b.sync(ranks(plan("a", "b"), 1, 2))
		held := b.wire("x", "a", time.Hour, "world")
		held.Standing = feed.Held
		b.poll("a", held)
		b.poll("b", b.wire("x", "b", time.Hour, "world"))
		b.same("held", b.shown("world"), []string{"b as b.example/x"})
		b.publish()
		b.judge("release", feed.Shown, b.find("https://a.example/x"))
		b.remadeAs("https://a.example/x", func(a *feed.Arrival) { a.Members = held.Members })
		b.same("let go", b.shown("world"), []string{"a as b.example/x, also b"})
	}},
	{"off shows every article, link only what has one link once; changing it asks nobody", func(b *bench) {
		p := ranks(plan("a", "b", "c"), 1, 2, 3)
		p.Sections[0].Stories = feed.StoriesOff
		p.Sections[1].Stories = feed.StoriesLink
		b.sync(p)
		b.poll("a", b.wire("x", "a", time.Hour, "world", "sport"))
		linked := b.wire("x", "b", 2*time.Hour, "world", "sport")
		linked.Entry.Link = "http://a.example/x?utm_source=b"
		b.poll("b", linked)
		b.poll("c", b.wire("x", "c", 3*time.Hour, "world", "sport"))
		off := []string{"a as a.example/x", "b as b.example/x", "c as c.example/x"}
		link := []string{"a as a.example/x, also b", "c as c.example/x"}
		on := []string{"a as a.example/x, also b c"}
		b.same("off", b.shown("world"), off)
		b.same("link", b.shown("sport"), link)
		b.same("the whole paper", b.shown(feed.WholePaper), on)
		b.publish()
		p.Sections[0].Stories, p.Sections[1].Stories = feed.StoriesLink, feed.StoriesOn
		b.same("bumped", b.bumped(func() { b.sync(p) }), everything)
		b.same("link", b.shown("world"), link)
		b.same("on", b.shown("sport"), on)
		p.Sections[0].Stories, p.Sections[1].Stories = feed.StoriesOff, feed.StoriesOff
		b.sync(p)
		b.same("off", b.shown("sport"), off)
		b.same("the whole paper", b.shown(feed.WholePaper), on)
	}},
	{"a text or a link that one source uses again makes no story, not even by way of another source", func(b *bench) {
		b.sync(ranks(plan("a", "b"), 2, 1))
		b.poll("a", b.wire("x", "a", time.Hour, "world"))
		again := b.wire("x", "a", 2*time.Hour, "world")
		again.IDs, again.Entry.Link, again.Keys = []string{"https://a.example/x2"}, "https://a.example/x2", nil
		relinked := b.wire("y", "a", 3*time.Hour, "world")
		relinked.Entry.Link = "https://a.example/x"
		b.poll("a", again, relinked)
		b.same("one source", b.shown("world"), []string{"a as a.example/x", "a as a.example/x2", "a as a.example/y"})
		b.poll("b", b.wire("x", "b", 4*time.Hour, "world"))
		b.same("another one", b.shown("world"), []string{"a as a.example/x", "a as a.example/y", "b as b.example/x, also a"})
	}},
	{"what is alike to two articles does not make them one", func(b *bench) {
		b.sync(ranks(plan("a", "b", "thief"), 1, 3, 2))
		// Two articles that begin alike under one title, and what has the text of both.
		alike := func(source string, old time.Duration, texts ...string) feed.Arrival {
			a := b.wire("x", source, old, "world")
			a.Entry.Content = feed.HTML(strings.Join(append([]string{prose("the beginning")[:400] + "</p>"}, texts...), ""))
			return a
		}
		b.poll("a", alike("a", time.Hour, prose("one"), prose("two")))
		b.poll("b", alike("b", 2*time.Hour, prose("three"), prose("four")))
		b.same("two articles", b.shown("world"), []string{"a as a.example/x", "b as b.example/x"})
		thief := alike("thief", 3*time.Hour, prose("one"), prose("two"), prose("three"), prose("four"))
		b.poll("thief", thief)
		b.same("and what is both", b.shown("world"), []string{"a as a.example/x, also thief", "b as b.example/x"})
		s := b.find("https://thief.example/x")
		b.judge("withdraw", feed.Withdrawn, s)
		b.sync(ranks(plan("a", "b", "thief"), 2, 3, 1))
		b.same("the best rank does not count for what is kept apart", b.shown("world"), []string{"a as a.example/x", "b as b.example/x"})
	}},
	{"a copy finds the best of many, however many came in between", func(b *bench) {
		if testing.Short() {
			b.Skip("it writes thousands of rows")
		}
		sources := names("s", 40)
		b.sync(ranks(plan(sources...), 1))
		for _, source := range sources {
			b.poll(source, b.wire("x", source, time.Hour, "world"))
		}
		b.same("world", b.shown("world"), []string{"s-0 as s-0.example/x, also " + strings.Join(sources[1:11], " ")})
	}},
	{"one source that repeats an article does not hide it from the others", func(b *bench) {
		if testing.Short() {
			b.Skip("it writes thousands of rows")
		}
		b.sync(ranks(plan("a", "b", "thief"), 1, 2))
		b.poll("a", b.wire("x", "a", time.Hour, "world"))
		var flood []feed.Arrival
		for i := range 200 {
			again := b.wire("x", "thief", 2*time.Hour, "sport")
			again.Original += fmt.Sprint("?", i)
			again.IDs, again.Keys, again.Entry.Link = []string{again.Original}, nil, again.Original
			flood = append(flood, again)
		}
		b.poll("thief", flood...)
		b.poll("b", b.wire("x", "b", time.Hour, "world"))
		b.same("world", b.shown("world"), []string{"a as a.example/x, also b thief"})
	}},
	{"if a section is taken out, what it alone had gives its place in the whole paper away", func(b *bench) {
		p := ranks(plan("a", "b"), 1, 2)
		b.sync(p)
		b.poll("a", b.wire("x", "a", time.Hour, "sport"))
		b.poll("b", b.wire("x", "b", time.Hour, "world"))
		b.publish()
		b.same("whole", b.shown(feed.WholePaper), []string{"a as a.example/x, also b"})
		p.Sections = p.Sections[:1]
		b.sync(p)
		b.same("whole", b.shown(feed.WholePaper), []string{"b as a.example/x"})
	}},
	{"a copy that becomes another article leaves the story", func(b *bench) {
		b.sync(ranks(plan("a", "b"), 1, 2))
		b.poll("a", b.wire("x", "a", time.Hour, "world"))
		b.poll("b", b.wire("x", "b", 2*time.Hour, "world"))
		b.publish()
		other := b.wire("y", "a", time.Hour, "world")
		s := b.find("https://a.example/x")
		other.Row, other.Revision = s.Row, s.Revision
		b.poll("a", other)
		b.same("world", b.shown("world"), []string{"a as a.example/x", "b as b.example/x"})
		back := b.wire("x", "a", time.Hour, "world")
		s = b.find("https://a.example/x")
		back.Row, back.Revision = s.Row, s.Revision
		b.poll("a", back)
		b.same("world", b.shown("world"), []string{"a as a.example/x, also b"})
	}},
	{"a limit counts stories, and a change of a copy bumps what shows the story", func(b *bench) {
		p := ranks(plan("a", "b"), 1, 2)
		p.Sections[0].Limit = 2
		b.sync(p)
		b.poll("a", b.wire("x", "a", time.Hour, "world"), b.wire("y", "a", 2*time.Hour, "world"), b.wire("z", "a", 3*time.Hour, "world"))
		b.poll("b", b.wire("x", "b", time.Hour, "world"), b.wire("y", "b", time.Hour, "world"))
		b.same("world", b.shown("world"), []string{"a as a.example/x, also b", "a as a.example/y, also b"})
		b.same("a copy of what is not shown", b.bumped(func() { b.poll("b", b.wire("z", "b", 3*time.Hour, "sport")) }),
			[]string{feed.WholePaper, "sport"})
		b.same("nothing changed", b.bumped(func() { b.remadeAs("https://b.example/x", func(*feed.Arrival) {}) }), []string(nil))
		b.same("another link", b.bumped(func() {
			b.remadeAs("https://b.example/x", func(a *feed.Arrival) { a.Entry.Link = "https://b.example/x-again" })
		}), []string{feed.WholePaper, "world"})
	}},
	{"without a date of its own an entry has the earliest of its story", func(b *bench) {
		b.sync(ranks(plan("a", "b", "c"), 1, 2, 3))
		seen := b.now
		undated := func(source string) feed.Arrival {
			a := b.wire("x", source, 0, "world")
			a.Entry.Undated = true
			return a
		}
		b.poll("b", undated("b"))
		b.later(time.Hour)
		b.poll("a", undated("a"))
		e := b.view("world").Entries[0]
		b.same("none has one", []any{e.Source, e.Undated, e.Published, e.Updated, e.SortAt}, []any{"a", true, seen, seen, seen})
		dated := b.wire("x", "c", 30*time.Minute, "sport")
		b.poll("c", dated)
		e = b.view("world").Entries[0]
		b.same("one has", []any{e.Source, e.Undated, e.Published}, []any{"a", false, dated.Entry.Published})
	}},
	{"the marks of old texts go; one link still makes a story", func(b *bench) {
		b.sync(ranks(plan("a", "b", "c"), 1, 2, 3))
		a := b.wire("x", "a", time.Hour, "world")
		b.poll("a", a)
		b.later(31 * 24 * time.Hour)
		b.housekeep()
		same := func(source, link string) feed.Arrival {
			copied := b.wire("x", source, 0, "world")
			copied.Entry.Published, copied.Entry.Link = a.Entry.Published, link
			return copied
		}
		b.poll("b", same("b", "https://b.example/x"))
		b.same("by its text", len(b.shown("world")), 2)
		b.poll("c", same("c", "https://a.example/x"))
		if got := b.shown("world"); !slices.Contains(got, "a as a.example/x, also c") && !slices.Contains(got, "a as a.example/x, also b c") {
			b.Fatalf("by its link: %v", got)
		}
	}},
	{"stories stay whole while a better recipe goes through the store", func(b *bench) {
		p := ranks(plan("a", "b"), 1, 2)
		b.sync(p)
		b.poll("a", b.wire("x", "a", time.Hour, "world"))
		b.poll("b", b.wire("x", "b", time.Hour, "world"))
		b.publish()
		p.Rules = "rules-2"
		b.sync(p)
		better := func(a *feed.Arrival) { // which leaves another text of it
			a.Entry.Content, a.Routed = feed.HTML(prose("y")), "rules-2"
		}
		b.remadeAs("https://a.example/x", better)
		b.same("half of it is made anew", b.shown("world"), []string{"a as a.example/x, also b"})
		b.remadeAs("https://b.example/x", better)
		b.same("all of it", b.shown("world"), []string{"a as a.example/x, also b"})
	}},
	{"two workers that finish copies at once do not miss each other", func(b *bench) {
		sources := names("s", 8)
		b.sync(plan(sources...))
		other := &bench{T: b.T, Store: b.open(), open: b.open, now: b.now}
		var reports []feed.Report
		for _, source := range sources {
			reports = append(reports, b.good(b.claim(source), b.wire("x", source, time.Hour, "world")))
		}
		var all sync.WaitGroup
		for i, r := range reports {
			s := []Store{b.Store, other.Store}[i%2]
			all.Go(func() {
				if _, err := s.Finish(b.ctx(), b.now, r); err != nil {
					b.Error(err)
				}
			})
		}
		all.Wait()
		if got := b.shown("world"); len(got) != 1 || got[0] != "s-0 as s-0.example/x, also "+strings.Join(sources[1:], " ") {
			b.Fatalf("%v", got)
		}
	}},
	{"a crash between arrival and publishing changes nothing", func(b *bench) {
		b.sync(ranks(plan("a", "b"), 2, 1))
		b.poll("a", b.wire("x", "a", time.Hour, "world"))
		b.publish()
		b.poll("b", b.wire("x", "b", time.Hour, "world"))
		next := &bench{T: b.T, Store: b.open(), open: b.open, now: b.now} // the first one was not closed
		b.same("after it", next.shown("world"), b.shown("world"))
		b.same("under its id", next.shown("world"), []string{"b as a.example/x, also a"})
	}},
	{"documents that would give a story a second id are not stored", func(b *bench) {
		b.sync(ranks(plan("a", "b"), 1, 2))
		b.poll("b", b.wire("x", "b", time.Hour, "world", "sport"))
		late := b.view("sport")
		b.poll("a", b.wire("x", "a", time.Hour, "world"))
		b.save("world", document("/world/rss.xml", "a leads"))
		b.ok(b.SaveDocuments(b.ctx(), b.now, "sport", late.Version, []feed.Document{document("/sport/rss.xml", "b alone")}, nil, []string{late.Entries[0].ID}))
		got, _ := b.shelf()
		b.same("documents", got, map[string]string{"/world/rss.xml": "a leads"})
		b.same("sport", b.shown("sport"), []string{"b as a.example/x, also a"})
		names, err := b.Stale(b.ctx())
		b.ok(err)
		b.same("still to be made", names, []string{"sport", feed.WholePaper})
	}},
	{"nor are they where stories are told by their links", func(b *bench) {
		p := ranks(plan("a", "b"), 1, 2)
		p.Sections[1].Stories = feed.StoriesLink
		b.sync(p)
		linked := b.wire("x", "b", time.Hour, "world", "sport")
		linked.Entry.Link = "https://a.example/x"
		b.poll("b", linked)
		late := b.view("sport")
		b.poll("a", b.wire("x", "a", time.Hour, "world", "sport"))
		b.save("world", document("/world/rss.xml", "a leads"))
		b.ok(b.SaveDocuments(b.ctx(), b.now, "sport", late.Version, []feed.Document{document("/sport/rss.xml", "b alone")}, nil, []string{late.Entries[0].ID}))
		got, _ := b.shelf()
		b.same("documents", got, map[string]string{"/world/rss.xml": "a leads"})
		b.same("sport", b.shown("sport"), []string{"a as a.example/x, also b"})
	}},
	{"two sources with one id are one story under it, whichever came first", func(b *bench) {
		b.sync(ranks(plan("a", "b"), 1, 2))
		for i, order := range [][]string{{"a", "b"}, {"b", "a"}} {
			name := []string{"x", "y"}[i]
			for _, source := range order {
				w := b.wire(name, source, time.Duration(i)*time.Hour, "world")
				w.Original = "https://wire.example/" + name
				w.IDs = []string{w.Original, feed.Mint("paper", source, w.Original)}
				b.poll(source, w)
			}
		}
		b.same("world", b.shown("world"), []string{"a as wire.example/x, also b", "a as wire.example/y, also b"})
	}},
}
