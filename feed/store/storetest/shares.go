package storetest

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"broadsheet/feed"
)

// shared is a plan whose section world shows at most n entries of one source; sport
// has no such bound.
func shared(n int, sources ...string) feed.Plan {
	p := plan(sources...)
	p.Sections[0].MaxPerSource = n
	return p
}

// flood is n articles of a source, the first one old ago, the others a minute apart
// after it.
func (b *bench) flood(source string, n int, old time.Duration, sections ...string) []feed.Arrival {
	out := make([]feed.Arrival, n)
	for i := range out {
		out[i] = b.story(fmt.Sprintf("%s-%d", source, i), old-time.Duration(i)*time.Minute, sections...)
	}
	return out
}

var shareRules = []rule{
	{"a flood of wire items does not push the weekly column out", func(b *bench) {
		p := shared(0, "wire", "weekly")
		p.Sections[0].MaxShare = 30 // of ten
		b.sync(p)
		b.poll("weekly", b.story("column", 100*time.Hour, "world"), b.story("column before", 268*time.Hour, "world"))
		b.poll("wire", b.flood("wire", 1000, 20*time.Hour, "world")...)
		b.same("world", b.titles("world"), []string{"Story wire-999", "Story wire-998", "Story wire-997",
			"Story column", "Story column before"})
		b.same("the whole paper has no such bound", len(b.titles(feed.WholePaper)), 100)
		for i := range 50 { // and poll by poll
			b.later(time.Minute)
			b.poll("wire", b.news(b.story(fmt.Sprint("later-", i), 0, "world")))
		}
		b.same("later", b.titles("world"), []string{"Story later-49", "Story later-48", "Story later-47",
			"Story column", "Story column before"})
	}},
	{"what is squeezed out is a member, and comes in when another one goes", func(b *bench) {
		b.sync(shared(2, "wire", "weekly"))
		b.poll("weekly", b.story("column", 100*time.Hour, "world"))
		b.poll("wire", b.flood("wire", 5, 5*time.Hour, "world")...)
		b.same("world", b.titles("world"), []string{"Story wire-4", "Story wire-3", "Story column"})
		b.same("a member", b.find("wire-0").Members, []feed.Membership{{Section: "world", Why: "a test says so", Squeezed: true}})
		_, sections, err := b.Status(b.ctx(), b.now)
		b.ok(err)
		b.same("status", []any{sections[0].Entries, sections[0].Shown, sections[0].Newest},
			[]any{6, 3, b.find("wire-4").Entry.SortAt})
		b.same("bumped", b.bumped(func() { b.judge("withdraw", feed.Withdrawn, b.find("wire-3")) }),
			[]string{feed.WholePaper, "world"})
		b.same("the next one", b.titles("world"), []string{"Story wire-4", "Story wire-2", "Story column"})
		b.ok(b.Prune(b.ctx(), b.now, b.now.Add(-99*time.Hour))) // nothing of the wire
		b.judge("withdraw", feed.Withdrawn, b.find("wire-2"))
		a := b.again(b.find("wire-4"), "Story wire-4")
		a.Members = []feed.Membership{{Section: "sport", Why: "x"}}
		b.poll("wire", a)
		b.same("routed elsewhere", b.titles("world"), []string{"Story wire-1", "Story wire-0"})
	}},
	{"what changes of what is squeezed out changes no document of the section", func(b *bench) {
		b.sync(shared(2, "wire"))
		b.poll("wire", b.flood("wire", 5, 5*time.Hour, "world")...)
		b.same("changed", b.bumped(func() { b.poll("wire", b.again(b.find("wire-0"), "Other words")) }),
			[]string{feed.WholePaper}) // which shows it
		b.same("withdrawn", b.bumped(func() { b.judge("withdraw", feed.Withdrawn, b.find("wire-1")) }),
			[]string{feed.WholePaper})
		b.same("come", b.bumped(func() { b.poll("wire", b.story("older", 50*time.Hour, "world")) }),
			[]string{feed.WholePaper})
		b.same("world", b.titles("world"), []string{"Story wire-4", "Story wire-3"})
	}},
	{"another number holds at once, and none too", func(b *bench) {
		p := shared(2, "wire", "weekly")
		b.sync(p)
		b.poll("weekly", b.story("column", 100*time.Hour, "world"))
		b.poll("wire", b.flood("wire", 8, 5*time.Hour, "world")...)
		for _, c := range []struct{ perSource, share, want int }{
			{4, 0, 4}, {1, 0, 1}, {0, 0, 8}, {0, 50, 5}, {3, 50, 3}, {7, 50, 5}, {2, 0, 2},
		} {
			p.Sections[0].MaxPerSource, p.Sections[0].MaxShare = c.perSource, c.share
			b.same("bumped", b.bumped(func() { b.sync(p) }), []string{feed.WholePaper, "world"})
			b.same(fmt.Sprint(c), len(b.titles("world")), c.want+1)
			b.same("again", b.bumped(func() { b.sync(p) }), []string(nil))
		}
		p.Sections[0].MaxPerSource, p.Sections[0].MaxShare = 0, 50
		b.sync(p)
		p.Sections[0].Limit = 4 // half of it is another number
		b.sync(p)
		b.same("a share of another limit", b.titles("world"), []string{"Story wire-7", "Story wire-6", "Story column"})
	}},
	{"a story counts for the source that leads it", func(b *bench) {
		b.sync(ranks(shared(1, "wire", "weekly"), 1, 2))
		b.poll("weekly", b.wire("x", "weekly", 9*time.Hour, "world"))
		b.poll("wire", b.wire("y", "wire", time.Hour, "world"))
		b.same("each has its own", b.shown("world"), []string{"wire as wire.example/y", "weekly as weekly.example/x"})
		b.poll("wire", b.wire("x", "wire", 8*time.Hour, "world"))
		b.same("the wire has it too", b.shown("world"), []string{"wire as wire.example/y"})
		b.sync(ranks(shared(1, "wire", "weekly"), 2, 1))
		b.same("the weekly leads", b.shown("world"), []string{"wire as wire.example/y", "weekly as weekly.example/x, also wire"})
		b.judge("withdraw", feed.Withdrawn, b.find("https://weekly.example/x"))
		b.same("it is the wire's alone", b.shown("world"), []string{"wire as wire.example/y"})
		b.judge("withdraw", feed.Withdrawn, b.find("https://wire.example/y"))
		b.same("which has room", b.shown("world"), []string{"wire as wire.example/x"})
	}},
	{"a source taken out and put back has its share again", func(b *bench) {
		b.sync(shared(2, "wire", "weekly"))
		b.poll("weekly", b.story("column", 100*time.Hour, "world"))
		b.poll("wire", b.flood("wire", 4, 5*time.Hour, "world")...)
		b.sync(shared(2, "weekly"))
		b.same("without", b.titles("world"), []string{"Story column"})
		b.sync(shared(2, "wire", "weekly"))
		b.remakeWith("world")
		b.same("with", b.titles("world"), []string{"Story wire-3", "Story wire-2", "Story column"})
	}},
	{"of what stands in one place the first that came is shown", func(b *bench) {
		b.sync(shared(2, "wire"))
		var all []feed.Arrival
		for _, id := range []string{"c", "b", "a"} {
			all = append(all, b.story(id, time.Hour, "world"))
		}
		b.poll("wire", all...)
		b.same("world", b.titles("world"), []string{"Story b", "Story c"})
		b.later(time.Minute)
		b.poll("wire", b.again(b.find("a"), "Story a"))
		b.same("still", b.titles("world"), []string{"Story b", "Story c"})
	}},
	{"whatever happens a section shows what its shares let through of all it holds", func(b *bench) {
		for _, seed := range []uint64{1, 2} {
			(&sharing{bench: b, Rand: rand.New(rand.NewPCG(seed, 5)), seed: seed}).run(40)
		}
	}},
}

// sharing is a paper to which anything happens. Its sections world and sport have the
// same members; sport shows all of them, so that it tells what world has to choose from.
type sharing struct {
	*bench
	*rand.Rand
	seed    uint64
	plan    feed.Plan
	stored  []string // original ids
	written int
	shown   []string // by world, at its version
	version int64
}

var sharers = []string{"a", "b", "c"}

func (s *sharing) run(steps int) {
	s.plan = ranks(shared(2, sharers...), 1, 2, 3)
	for i := range s.plan.Sections {
		s.plan.Sections[i].Name = fmt.Sprintf("%s-%d", s.plan.Sections[i].Name, s.seed) // a new one
	}
	s.plan.Sections[0].Limit, s.plan.Sections[1].Limit = 12, 0
	s.sync(s.plan)
	for step := range steps {
		did := s.something()
		s.check(fmt.Sprintf("seed %d, step %d (%s)", s.seed, step, did))
	}
}

// both are the sections that everything is in.
func (s *sharing) both() []string { return []string{s.plan.Sections[0].Name, s.plan.Sections[1].Name} }

// something happens.
func (s *sharing) something() string {
	s.later(time.Duration(1+s.IntN(5000)) * time.Millisecond)
	switch n := s.IntN(20); {
	case n < 10 || len(s.stored) == 0:
		s.bring()
		return "a poll"
	case n < 12:
		s.judge("withdraw", feed.Withdrawn, s.any())
		return "a withdrawal"
	case n < 13:
		s.judge("release", feed.Shown, s.any())
		s.remakeIn(s.both())
		return "a release"
	case n < 15:
		e := s.any()
		if e.Apart != nil {
			return "nothing"
		}
		a := s.again(e, e.Entry.Title)
		a.Entry, a.Members = e.Entry, nil
		if s.IntN(2) == 0 {
			for _, name := range s.both() {
				a.Members = append(a.Members, feed.Membership{Section: name, Why: "routed"})
			}
		}
		_, err := s.Remake(s.ctx(), s.now, []feed.Arrival{a})
		s.ok(err)
		return "routed anew"
	case n < 18:
		s.plan.Sections[0].MaxPerSource = s.IntN(4)
		s.plan.Sections[0].MaxShare = []int{0, 1, 20, 50}[s.IntN(4)]
		s.plan.Sections[0].Limit = 1 + s.IntN(12)
		s.sync(s.plan)
		return "another share"
	case n < 19:
		ranks(s.plan, s.Perm(4)[:3]...)
		s.sync(s.plan)
		return "other ranks"
	default:
		whole := s.plan.Outlets
		s.plan.Outlets = slices.Delete(slices.Clone(whole), 0, 1)
		s.sync(s.plan)
		s.plan.Outlets = whole
		s.sync(s.plan)
		s.remakeIn(s.both())
		return "a source out and in"
	}
}

// bring polls a source, whose articles others have too now and then.
func (s *sharing) bring() {
	source := sharers[s.IntN(len(sharers))]
	var all []feed.Arrival
	for range 1 + s.IntN(6) {
		name := fmt.Sprintf("n%d-%d", s.seed, s.written)
		if s.IntN(3) == 0 && s.written > 0 {
			name = fmt.Sprintf("n%d-%d", s.seed, s.IntN(s.written))
		} else {
			s.written++
		}
		a := s.wire(name, source, time.Duration(s.IntN(40*3600*1000))*time.Millisecond, s.both()...)
		if slices.Contains(s.stored, a.Original) {
			continue
		}
		if s.IntN(2) == 0 {
			a = s.news(a)
		}
		s.stored, all = append(s.stored, a.Original), append(all, a)
	}
	s.poll(source, all...)
}

func (s *sharing) any() feed.Stored { return s.find(s.stored[s.IntN(len(s.stored))]) }

// remakeIn makes all outdated entries anew, as members of sections.
func (s *sharing) remakeIn(sections []string) {
	all, err := s.Outdated(s.ctx(), 0, 1000)
	s.ok(err)
	var some []feed.Arrival
	for _, e := range all {
		a := s.again(e, e.Entry.Title)
		a.Entry, a.Members = e.Entry, nil
		for _, name := range sections {
			a.Members = append(a.Members, feed.Membership{Section: name, Why: "again"})
		}
		some = append(some, a)
	}
	_, err = s.Remake(s.ctx(), s.now, some)
	s.ok(err)
}

// check compares what world shows with the naive way to find that: all that there is,
// from the top, less what is over its source's number.
func (s *sharing) check(what string) {
	s.Helper()
	line := func(e feed.Entry) string { return e.Source + " " + strings.TrimPrefix(e.ID, "https://") }
	var want, got []string
	had := map[string]int{}
	world := s.plan.Sections[0]
	for _, e := range s.view(s.plan.Sections[1].Name).Entries {
		if had[e.Source]++; world.Share() > 0 && had[e.Source] > world.Share() {
			continue
		}
		if len(want) < world.Limit {
			want = append(want, line(e))
		}
	}
	v := s.view(world.Name)
	for _, e := range v.Entries {
		got = append(got, line(e))
	}
	s.same(what, got, want)
	if v.Version == s.version && !slices.Equal(got, s.shown) {
		s.Fatalf("%s: it shows something else at the same version: %v, before %v", what, got, s.shown)
	}
	s.shown, s.version = got, v.Version
}
