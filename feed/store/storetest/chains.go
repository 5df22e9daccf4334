package storetest

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/publish"
)

// The rules of archives (FH-1, RFC 5005 §4) are checked on the documents themselves, as
// readers get them: what is published leads to everything there is.

// press publishes all that is stale, as the program does.
func (b *bench) press() publish.Result {
	b.Helper()
	done, err := publish.BuiltIn.Publish(b.ctx(), b.Store, b.now, slog.New(slog.DiscardHandler))
	b.ok(err)
	return done
}

// read is what is read of a document of a chain.
type read struct {
	path    string
	ids     []string
	older   string // path of the one before it
	newer   string
	current string
	gone    []string
	archive bool
}

// formats are the files of a section that a chain may begin with.
var formats = []string{"rss.xml", "atom.xml", "feed.json"}

// got is a document by its path, from the shelf or the archive.
func (b *bench) got(path string) (feed.Document, bool) {
	b.Helper()
	if strings.Contains(path, "/archive/") {
		doc, gone, err := b.Archived(b.ctx(), path)
		b.ok(err)
		if doc.Body == nil && doc.Path != "" && doc.Path != path {
			return b.got(doc.Path) // as a redirect says
		}
		return doc, doc.Body != nil && !gone
	}
	docs, _, _, err := b.Shelf(b.ctx(), 0)
	b.ok(err)
	i := slices.IndexFunc(docs, func(d feed.Document) bool { return d.Path == path })
	if i < 0 {
		return feed.Document{}, false
	}
	return docs[i], true
}

// body is the bytes of a document.
func (b *bench) body(path string) []byte {
	b.Helper()
	doc, _ := b.got(path)
	return doc.Body
}

// reads is what a document says, which must be sound.
func (b *bench) reads(path string) read {
	b.Helper()
	doc, ok := b.got(path)
	if !ok {
		b.Fatalf("there is no %s", path)
	}
	b.ok(publish.Check(doc))
	r := read{path: path}
	local := func(address string) string { return strings.TrimPrefix(address, "https://paper.example") }
	if strings.HasSuffix(path, ".json") {
		var f struct {
			Self  string `json:"feed_url"`
			Next  string `json:"next_url"`
			Items []struct{ ID string }
		}
		b.ok(json.Unmarshal(doc.Body, &f))
		for _, it := range f.Items {
			r.ids = append(r.ids, it.ID)
		}
		r.older, r.current = local(f.Next), local(f.Self)
		return r
	}
	type link struct {
		Rel  string `xml:"rel,attr"`
		Href string `xml:"href,attr"`
	}
	var f struct {
		RSS   []link    `xml:"channel>link"`
		Atom  []link    `xml:"link"`
		Guids []string  `xml:"channel>item>guid"`
		IDs   []string  `xml:"entry>id"`
		A     *struct{} `xml:"archive"`
		B     *struct{} `xml:"channel>archive"`
		Gone  []struct {
			Ref string `xml:"ref,attr"`
		} `xml:"deleted-entry"`
	}
	b.ok(xml.Unmarshal(doc.Body, &f))
	r.ids, r.archive = append(f.Guids, f.IDs...), f.A != nil || f.B != nil
	for _, l := range append(f.RSS, f.Atom...) {
		switch l.Rel {
		case "prev-archive":
			r.older = local(l.Href)
		case "next-archive":
			r.newer = local(l.Href)
		case "current":
			r.current = local(l.Href)
		}
	}
	for _, g := range f.Gone {
		r.gone = append(r.gone, g.Ref)
	}
	return r
}

// walk follows the chain from a section's own document to its end.
func (b *bench) walk(path string) (chain []read) {
	b.Helper()
	for at := path; at != ""; {
		r := b.reads(at)
		if len(chain) > 0 && (strings.HasSuffix(path, ".xml") && !r.archive || r.current != path) {
			b.Fatalf("%s says that it is of an archive: %v, of %s", at, r.archive, r.current)
		}
		chain = append(chain, r)
		if at = r.older; len(chain) > 1000 {
			b.Fatal("the chain has no end")
		}
	}
	return chain
}

// whole checks that each format of a section leads to exactly these ids, and that no two
// pages of its archive have the same.
func (b *bench) whole(section feed.Section, want []string) {
	b.Helper()
	for _, file := range formats {
		seen, found := map[string]string{}, map[string]bool{}
		for i, r := range b.walk(section.Path() + file) {
			for _, id := range r.ids {
				if found[id] = true; i == 0 {
					continue
				}
				if seen[id] != "" {
					b.Fatalf("%s is in %s and in %s", id, seen[id], r.path)
				}
				seen[id] = r.path
			}
		}
		var got []string
		for id := range found {
			got = append(got, id)
		}
		slices.Sort(got)
		slices.Sort(want)
		b.same(section.Path()+file+" and what it leads to", got, want)
	}
}

// idsOf are the ids of stories.
func idsOf(names ...string) (ids []string) {
	for _, name := range names {
		ids = append(ids, "https://news.example/"+name)
	}
	return ids
}

// flow polls n stories, each a minute younger than the one before.
func (b *bench) flow(source, name string, n int, sections ...string) []string {
	b.Helper()
	var arrivals []feed.Arrival
	all := names(name, n)
	for i, id := range all {
		arrivals = append(arrivals, b.story(id, time.Duration(n-i)*time.Minute, sections...))
	}
	b.poll(source, arrivals...)
	return all
}

// archiveOf are all documents of archives of a section that the chain leads to.
func (b *bench) archiveOf(section feed.Section) map[string]feed.Document {
	b.Helper()
	out := map[string]feed.Document{}
	for _, file := range formats {
		for _, r := range b.walk(section.Path() + file)[1:] {
			out[r.path], _ = b.got(r.path)
		}
	}
	return out
}

// changed are the paths of documents that are others now, or gone.
func changed(before, now map[string]feed.Document) (paths []string) {
	for path, was := range before {
		if is := now[path]; is.Hash != was.Hash || !is.Modified.Equal(was.Modified) || string(is.Body) != string(was.Body) {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// small is a paper whose world shows little.
func small(limit int) feed.Plan {
	p := plan("gulf", "wire")
	p.Sections[0].Limit = limit
	return p
}

var (
	worldSection = feed.Section{Name: "world"}
	wholePaper   = feed.Section{Name: feed.WholePaper}
)

var chainRules = []rule{
	{"a section that is shown whole leads nowhere", func(b *bench) {
		b.sync(small(50))
		all := b.flow("gulf", "s", 49, "world")
		b.press()
		b.same("pages", len(b.walk("/world/atom.xml")), 1)
		b.whole(worldSection, idsOf(all...))
	}},
	{"whatever is squeezed out is in the archive, which is cut into pages of 50", func(b *bench) {
		b.sync(small(7))
		all := b.flow("gulf", "s", 127, "world")
		b.press()
		chain := b.walk("/world/atom.xml")
		b.same("pages", []string{chain[1].path, chain[2].path, chain[3].path},
			[]string{"/-/archive/world/3-27/atom.xml", "/-/archive/world/2/atom.xml", "/-/archive/world/1/atom.xml"})
		b.same("entries", []int{len(chain[1].ids), len(chain[2].ids), len(chain[3].ids)}, []int{27, 50, 50})
		b.same("the first page leads on, the last full one does not", []string{chain[3].newer, chain[2].newer},
			[]string{"/-/archive/world/2/atom.xml", ""})
		b.whole(worldSection, idsOf(all...))
		b.whole(wholePaper, idsOf(all...))
	}},
	{"what shares squeeze out is in the archive", func(b *bench) {
		b.sync(shared(2, "gulf", "wire"))
		all := b.flow("gulf", "s", 7, "world")
		b.press()
		b.whole(worldSection, idsOf(all...))
		all = append(all, b.flow("wire", "t", 70, "world")...)
		b.press()
		b.same("shown", len(b.titles("world")), 4)
		b.whole(worldSection, idsOf(all...))
		b.sync(shared(0, "gulf", "wire"))
		b.press()
		b.whole(worldSection, idsOf(all...))
	}},
	{"the page that is not full is not needed while all of it is shown", func(b *bench) {
		b.sync(small(30))
		all := b.flow("gulf", "s", 70, "world")
		b.press()
		b.same("older", b.reads("/world/rss.xml").older, "/-/archive/world/1/rss.xml")
		b.whole(worldSection, idsOf(all...))
		// One that is late stands below the fold, and is on the last page all the same.
		b.poll("wire", b.story("late", 300*time.Hour, "world"))
		b.press()
		b.same("older", b.reads("/world/rss.xml").older, "/-/archive/world/2-21/rss.xml")
		b.whole(worldSection, append(idsOf(all...), idsOf("late")...))
	}},
	{"what ages out stays in the archive", func(b *bench) {
		p := small(0)
		p.Sections[0].MaxAge, p.Sections[0].Min = 24*time.Hour, 2
		b.sync(p)
		all := b.flow("gulf", "s", 60, "world")
		b.press()
		b.later(100 * time.Hour)
		b.housekeep()
		b.press()
		b.same("shown", len(b.titles("world")), 2)
		b.whole(worldSection, idsOf(all...))
	}},
	{"one that arrives too old to be shown is in the archive at once", func(b *bench) {
		p := small(0)
		p.Sections[0].MaxAge, p.Sections[0].Min = 24*time.Hour, 1
		b.sync(p)
		all := b.flow("gulf", "s", 3, "world")
		b.press()
		b.poll("wire", b.story("old", 48*time.Hour, "world"))
		b.press()
		b.whole(worldSection, append(idsOf(all...), idsOf("old")...))
		names, err := b.Stale(b.ctx())
		b.ok(err)
		b.same("nothing is left to do", names, []string(nil))
	}},
	{"a full page never changes: not by restarts, new or changed articles, recipes, rules or the press", func(b *bench) {
		b.sync(small(5))
		b.flow("gulf", "s", 110, "world")
		b.press()
		before := b.archiveOf(worldSection)
		full := map[string]feed.Document{}
		for path, doc := range before {
			if !strings.Contains(path, "-10/") {
				full[path] = doc
			}
		}
		b.same("full pages in three formats", len(full), 6)
		b.later(time.Hour)
		old := b.find("s-3")
		b.finish(b.good(b.claimAnyway("gulf"), b.again(old, "Corrected")))
		b.press()
		b.same("by a correction", changed(full, b.archiveOf(worldSection)), []string(nil))
		b.flow("wire", "t", 60, "world")
		b.press()
		b.same("by new ones", changed(full, b.archiveOf(worldSection)), []string(nil))
		p := small(5)
		p.Press, p.Rules, p.Outlets[0].Recipe = "press-2", "rules-2", "recipe-2"
		p.Sections[0].Title, p.Site.Title = "The World", "Another Name"
		b.sync(p)
		outdated, err := b.Outdated(b.ctx(), 0, 500)
		b.ok(err)
		var made []feed.Arrival
		for _, st := range outdated {
			a := b.again(st, st.Entry.Title+" again")
			a.Made, a.Routed = "recipe-2", "rules-2"
			made = append(made, a)
		}
		_, err = b.Remake(b.ctx(), b.now, made)
		b.ok(err)
		b.press()
		next := &bench{T: b.T, Store: b.open(), open: b.open, now: b.now}
		b.same("by all that", changed(full, next.archiveOf(worldSection)), []string(nil))
	}},
	{"the page that is not full has another address for each number, and forwards earlier ones", func(b *bench) {
		b.sync(small(1))
		b.flow("gulf", "s", 10, "world")
		b.press()
		first, ok := b.got("/-/archive/world/1-10/atom.xml")
		b.same("there", ok, true)
		b.later(time.Hour)
		b.finish(b.good(b.claimAnyway("gulf"), b.again(b.find("s-3"), "Corrected")))
		b.press()
		again, _ := b.got("/-/archive/world/1-10/atom.xml")
		b.same("what an address says never changes", again, first)
		b.flow("wire", "t", 5, "world")
		b.press()
		forwarded := func(path string) string {
			doc, gone, err := b.Archived(b.ctx(), path)
			b.ok(err)
			b.same(path+" gone", gone, false)
			return doc.Path
		}
		b.same("on its way", forwarded("/-/archive/world/1-10/atom.xml"), "/-/archive/world/1-15/atom.xml")
		b.same("not there yet", forwarded("/-/archive/world/1-16/atom.xml"), "")
		b.same("nor that", forwarded("/-/archive/world/1/atom.xml"), "")
		b.flow("wire", "u", 40, "world")
		b.press()
		b.same("full", forwarded("/-/archive/world/1-15/rss.xml"), "/-/archive/world/1/rss.xml")
		b.same("of no section", forwarded("/-/archive/nowhere/1-15/rss.xml"), "")
		for _, odd := range []string{"", "/", "/-/archive/world/", "/-/archive/world/x/rss.xml", "/-/archive/world/0/rss.xml",
			"/-/archive/world/1-/rss.xml", "/-/archive/world/1-99/rss.xml", "/-/archive/world/-1/rss.xml",
			"/-/archive/world/1/page.html", "/-/archive/world/99999999999999999999/rss.xml"} {
			b.same(odd, forwarded(odd), "")
		}
	}},
	{"a withdrawal rewrites one page per format and section, and leaves a tombstone", func(b *bench) {
		b.sync(small(5))
		all := b.flow("gulf", "s", 130, "world")
		b.press()
		worlds, papers := b.archiveOf(worldSection), b.archiveOf(wholePaper)
		b.later(time.Hour)
		b.withdraw("s-60")
		b.press()
		b.same("of world", changed(worlds, b.archiveOf(worldSection)), []string{
			"/-/archive/world/2/atom.xml", "/-/archive/world/2/feed.json", "/-/archive/world/2/rss.xml"})
		b.same("of the whole paper", changed(papers, b.archiveOf(wholePaper)), []string{
			"/-/archive/-/2/atom.xml", "/-/archive/-/2/feed.json", "/-/archive/-/2/rss.xml"})
		doc, _ := b.got("/-/archive/world/2/atom.xml")
		if was := worlds[doc.Path]; !doc.Modified.After(was.Modified) {
			b.Errorf("modified %v, then %v", was.Modified, doc.Modified)
		}
		b.same("tombstones", [][]string{b.reads(doc.Path).gone, b.reads("/world/atom.xml").gone, b.reads("/atom.xml").gone},
			[][]string{idsOf("s-60"), idsOf("s-60"), idsOf("s-60")})
		b.whole(worldSection, idsOf(slices.Concat(all[:60], all[61:])...))
		if strings.Contains(string(doc.Body), "Story s-60<") {
			b.Error("the text is still there")
		}
	}},
	{"what is let go again is on its page again", func(b *bench) {
		b.sync(small(5))
		all := b.flow("gulf", "s", 60, "world")
		b.press()
		before := b.archiveOf(worldSection)
		row := b.withdraw("s-7")
		b.press()
		_, err := b.Judge(b.ctx(), b.now, feed.Decision{Verb: "release"}, feed.Shown, []int64{row})
		b.ok(err)
		b.replaceAll()
		b.press()
		b.whole(worldSection, idsOf(all...))
		is, _ := b.got("/-/archive/world/1/atom.xml")
		b.same("as it was", is.Hash, before["/-/archive/world/1/atom.xml"].Hash)
		b.same("tombstones", b.reads("/world/atom.xml").gone, []string(nil))
	}},
	{"an article that left by a changed rule, or whose source left, stays on its page", func(b *bench) {
		b.sync(small(5))
		b.flow("wire", "t", 3, "world")
		b.press()
		b.flow("gulf", "s", 60, "world")
		b.press()
		left := b.again(b.find("s-7"), "Story s-7")
		left.Members = nil
		_, err := b.Remake(b.ctx(), b.now, []feed.Arrival{left})
		b.ok(err)
		p := small(5)
		p.Outlets = p.Outlets[1:]
		b.sync(p)
		b.flow("wire", "u", 3, "world")
		b.press()
		b.later(time.Hour)
		_, err = b.Remake(b.ctx(), b.now, []feed.Arrival{b.again(b.find("t-1"), "Corrected")})
		b.ok(err)
		b.withdraw("s-9") // has the page made anew
		b.press()
		page := b.reads("/-/archive/world/1/rss.xml")
		b.same("what was corrected since", strings.Contains(string(b.body(page.path)), "Corrected"), false)
		b.same("entries", len(page.ids), 49)
		b.same("the one that left", slices.Contains(page.ids, idsOf("s-7")[0]), true)
	}},
	{"pages show no more than may be published now, and lose nothing of what they hold", func(b *bench) {
		p := small(3)
		b.sync(p)
		var arrivals []feed.Arrival
		for i, id := range names("s", 60) {
			a := b.story(id, time.Duration(60-i)*time.Minute, "world")
			a.Entry.Content = "<p>The whole of the text.</p>"
			arrivals = append(arrivals, a)
		}
		b.poll("gulf", arrivals...)
		b.press()
		full := func(section feed.Section) (n int) {
			for path, doc := range b.archiveOf(section) {
				if strings.Contains(string(doc.Body), "The whole of the text.") {
					n++
				} else {
					b.Log("without a text: ", path)
				}
			}
			return n
		}
		b.same("at first, in three formats", full(worldSection), 6)
		p.Outlets[0].Terms = feed.TermsLink
		b.sync(p)
		b.press()
		b.same("by the terms of the source", full(worldSection), 0)
		b.whole(worldSection, idsOf(names("s", 60)...))
		p.Outlets[0].Terms = feed.TermsUnsaid
		p.Sections[0].Terms = feed.TermsLink
		b.sync(p)
		b.press()
		b.same("by those of the section", full(worldSection), 0)
	}},
	{"one that left before its page was made, and comes back, has another place", func(b *bench) {
		b.sync(small(2))
		all := b.flow("gulf", "s", 20, "world")
		b.press()
		away := b.again(b.find("s-4"), "Story s-4")
		away.Members = nil
		_, err := b.Remake(b.ctx(), b.now, []feed.Arrival{away})
		b.ok(err)
		more := b.flow("wire", "t", 40, "world")
		b.press()
		b.same("a page without it", len(b.reads("/-/archive/world/1/rss.xml").ids), 49)
		back := b.again(b.find("s-4"), "Story s-4")
		back.Members = []feed.Membership{{Section: "world", Why: "again"}}
		_, err = b.Remake(b.ctx(), b.now, []feed.Arrival{back})
		b.ok(err)
		b.press()
		b.whole(worldSection, idsOf(append(all, more...)...))
	}},
	{"a section renamed has its pages at the new address, and a moved site in them", func(b *bench) {
		b.sync(small(2))
		all := b.flow("gulf", "s", 60, "world")
		b.press()
		p := small(2)
		p.Sections[0].Name, p.Sections[0].RenamedFrom = "globe", "world"
		b.sync(p)
		b.press()
		b.whole(feed.Section{Name: "globe"}, idsOf(all...))
		_, there := b.got("/-/archive/world/1/rss.xml")
		b.same("at the old one", there, false)
		p.Site.URL = "https://moved.example/paper"
		b.sync(p)
		b.press()
		doc, _ := b.got("/-/archive/globe/1/rss.xml")
		if n := strings.Count(string(doc.Body), "https://paper.example"); n > 0 {
			b.Errorf("the old address is there %d times", n)
		}
		b.ok(publish.Check(doc))
	}},
	{"pages of which no text is kept are dropped, the oldest first, and then the chain ends", func(b *bench) {
		b.sync(small(2))
		b.flow("gulf", "s", 130, "world")
		b.press()
		b.ok(b.Prune(b.ctx(), b.now, b.now.Add(-100*time.Minute))) // s-0 … s-29
		b.press()
		b.same("a page of which some is kept is as it was", len(b.reads("/-/archive/world/1/rss.xml").ids), 50)
		b.ok(b.Prune(b.ctx(), b.now, b.now.Add(-70*time.Minute))) // … s-59
		b.press()
		_, gone, err := b.Archived(b.ctx(), "/-/archive/world/1/rss.xml")
		b.ok(err)
		b.same("gone", gone, true)
		chain := b.walk("/world/rss.xml")
		b.same("the last one", []any{chain[len(chain)-1].path, len(chain)}, []any{"/-/archive/world/2/rss.xml", 3})
		b.later(time.Hour)
		b.withdraw("s-90")
		b.press()
		b.same("what was pruned stays on a page that is made anew", len(b.reads("/-/archive/world/2/rss.xml").ids), 49)
	}},
	{"a crash between the steps leaves a chain that is whole", func(b *bench) {
		b.sync(small(2))
		all := b.flow("gulf", "s", 60, "world")
		b.press()
		more := b.flow("wire", "t", 60, "world")
		for stop := 1; ; stop++ {
			next := &bench{T: b.T, Store: b.open(), open: b.open, now: b.now}
			dying := &dying{Store: next.Store, left: stop}
			_, err := publish.BuiltIn.Publish(b.ctx(), dying, b.now, slog.New(slog.DiscardHandler))
			if err == nil {
				break
			}
			chain := next.walk("/world/atom.xml")
			found := map[string]bool{}
			for _, r := range chain {
				for _, id := range r.ids {
					found[id] = true
				}
			}
			for _, id := range idsOf(all...) {
				if !found[id] {
					b.Fatalf("after %d steps %s is nowhere", stop, id)
				}
			}
		}
		b.whole(worldSection, idsOf(append(all, more...)...))
	}},
	{"a story that another copy leads has one place, under its id", func(b *bench) {
		b.sync(ranks(plan("a", "b"), 2, 1))
		b.poll("a", b.wire("x", "a", time.Hour, "world"))
		b.press()
		b.poll("b", b.wire("x", "b", time.Hour, "world"))
		var others []feed.Arrival
		for i := range 60 {
			others = append(others, b.story(fmt.Sprintf("s-%d", i), time.Duration(i)*time.Second, "world"))
		}
		b.poll("a", others...)
		b.press()
		want := append(idsOf(names("s", 60)...), "https://a.example/x")
		b.whole(worldSection, want)
		doc, _ := b.got("/-/archive/world/1/atom.xml")
		b.same("its words", strings.Contains(string(doc.Body), "https://b.example/x"), true)
		// The copy that leads is taken back: its words leave the page, the story stays.
		found, err := b.Named(b.ctx(), "https://b.example/x")
		b.ok(err)
		_, err = b.Judge(b.ctx(), b.now, feed.Decision{Verb: "withdraw"}, feed.Withdrawn, []int64{found[0].Row})
		b.ok(err)
		b.press()
		b.whole(worldSection, want)
		doc, _ = b.got("/-/archive/world/1/atom.xml")
		b.same("its words", strings.Contains(string(doc.Body), "https://b.example/x"), false)
		b.same("tombstones", b.reads("/world/atom.xml").gone, []string(nil))
	}},
	{"what the configuration takes back is gone while the line stands, and arrives in no section", func(b *bench) {
		p := small(2)
		b.sync(p)
		all := b.flow("gulf", "s", 60, "world")
		b.press()
		before := b.archiveOf(worldSection)
		p.Withdraw = []string{"https://news.example/s-7", "news.example/s-8", "later"}
		b.sync(p)
		b.press()
		less := slices.Concat(all[:7], all[9:])
		b.whole(worldSection, idsOf(less...))
		b.same("apart", b.find("s-7").Apart.Standing, feed.Withdrawn)
		b.later(time.Hour)
		b.poll("wire", b.story("later", 0, "world"), b.story("other", 0, "world"))
		b.press()
		b.whole(worldSection, idsOf(append(less, "other")...))
		b.same("again changes nothing", b.bumped(func() { b.sync(p) }), []string(nil))
		p.Withdraw = []string{"https://news.example/s-7"}
		b.sync(p)
		b.replaceAll()
		b.press()
		b.whole(worldSection, idsOf(slices.Concat(all[:7], all[8:], []string{"other", "later"})...))
		p.Withdraw = nil
		b.sync(p)
		b.replaceAll()
		b.press()
		b.whole(worldSection, idsOf(append(all, "other", "later")...))
		page, _ := b.got("/-/archive/world/1/atom.xml")
		b.same("the page is as it was", page.Hash, before["/-/archive/world/1/atom.xml"].Hash)
	}},
	{"the configuration wins over a command, and gives way to what was decided before it", func(b *bench) {
		p := small(2)
		b.sync(p)
		b.flow("gulf", "s", 5, "world")
		row := b.withdraw("s-1")
		p.Withdraw = []string{"s-2", "s-1"}
		b.sync(p)
		_, err := b.Judge(b.ctx(), b.now, feed.Decision{Verb: "release"}, feed.Shown, []int64{row, b.find("s-2").Row})
		b.ok(err)
		b.replaceAll()
		b.same("released in vain", []any{b.find("s-1").Apart != nil, b.find("s-2").Apart != nil}, []any{true, true})
		b.withdraw("s-2")
		p.Withdraw = nil
		b.sync(p)
		b.replaceAll()
		b.same("then", []any{b.find("s-1").Apart != nil, b.find("s-2").Apart != nil}, []any{false, true})
	}},
	{"a source taken back leaves everything, and comes back with its line", func(b *bench) {
		p := small(2)
		b.sync(p)
		all := b.flow("gulf", "s", 60, "world")
		more := b.flow("wire", "t", 55, "world")
		b.press()
		p.Withdraw = []string{feed.WithdrawSource + "gulf"}
		b.sync(p)
		b.press()
		b.whole(worldSection, idsOf(more...))
		for path, doc := range b.archiveOf(worldSection) {
			if strings.Contains(string(doc.Body), "Story s-") {
				b.Errorf("%s has words of it", path)
			}
		}
		b.later(2 * time.Hour)
		fresh := b.flow("gulf", "u", 1, "world")
		b.press()
		b.whole(worldSection, idsOf(more...))
		b.same("tombstones", len(b.reads("/world/atom.xml").gone), 50)
		p.Withdraw = nil
		b.sync(p)
		b.replaceAll()
		b.press()
		b.whole(worldSection, idsOf(slices.Concat(all, more, fresh)...))
	}},
	{"a source takes back its own articles, each once, and nobody else's", func(b *bench) {
		b.sync(small(2))
		all := b.flow("gulf", "s", 60, "world")
		more := b.flow("wire", "t", 3, "world")
		b.press()
		b.later(2 * time.Hour)
		gone := []feed.Retraction{{ID: "s-7"}, {ID: "t-1"}, {ID: "nothing"}}
		again := func() {
			r := b.good(b.claimAnyway("gulf"))
			r.Gone = gone
			b.finish(r)
			b.press()
		}
		again()
		less := slices.Concat(all[:7], all[8:], more)
		b.whole(worldSection, idsOf(less...))
		b.same("tombstones", b.reads("/-/archive/world/1/atom.xml").gone, idsOf("s-7"))
		b.same("why", b.find("s-7").Apart.Why, "its source took it back (at:deleted-entry)")
		_, err := b.Judge(b.ctx(), b.now, feed.Decision{Verb: "release"}, feed.Shown, []int64{b.find("s-7").Row})
		b.ok(err)
		b.replaceAll()
		b.later(2 * time.Hour)
		again()
		b.whole(worldSection, idsOf(append(less, "s-7")...))
	}},
}

// withdraw takes an article back, and gives its row.
func (b *bench) withdraw(original string) int64 {
	b.Helper()
	row := b.find(original).Row
	_, err := b.Judge(b.ctx(), b.now, feed.Decision{Verb: "withdraw"}, feed.Withdrawn, []int64{row})
	b.ok(err)
	return row
}

// replaceAll puts everything that is outdated into its places again.
func (b *bench) replaceAll() {
	b.Helper()
	outdated, err := b.Outdated(b.ctx(), 0, 1000)
	b.ok(err)
	var made []feed.Arrival
	for _, st := range outdated {
		a := feed.Arrival{Row: st.Row, Revision: st.Revision, Original: st.Original, Entry: st.Entry,
			Members: []feed.Membership{{Section: "world", Why: "a test says so"}}, Made: "recipe-1", Routed: "rules-1"}
		made = append(made, a)
	}
	_, err = b.Remake(b.ctx(), b.now, made)
	b.ok(err)
}
