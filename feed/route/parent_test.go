package route

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

// family is a paper whose sections gather each other: world has gulf and levant, gulf
// has oil; rest takes what is left, and leftovers gathers rest.
func family() Spec {
	at := func(line int) feed.Pos { return feed.Pos{File: "config.yaml", Line: line} }
	titled := func(word string) []Rule { return []Rule{{Conditions: []Condition{one("title", word)}}} }
	return Spec{
		Outlets: []feed.Outlet{{Name: "wire"}},
		Sections: []SectionSpec{
			{Name: "world", Pos: at(1), Exclude: titled("gossip")},
			{Name: "gulf", Pos: at(2), Match: titled("gulf"), Parent: "world", ParentPos: at(3)},
			{Name: "levant", Pos: at(4), Match: titled("levant"), Parent: "world", ParentPos: at(5)},
			{Name: "oil", Pos: at(6), Match: titled("oil"), Parent: "gulf", ParentPos: at(7)},
			{Name: "rest", Pos: at(8), Rest: true, Parent: "leftovers", ParentPos: at(9)},
			{Name: "leftovers", Pos: at(10)},
			{Name: "rest-too", Pos: at(11), Rest: true},
		},
	}
}

func TestAParentGathersWhatIsInItsChildren(t *testing.T) {
	router, problems := Compile(family())
	if router == nil || len(problems) > 0 {
		t.Fatal(problems)
	}
	gathered := func(line int, from string) string {
		return fmt.Sprintf("config.yaml:%d: it is in section %q", line, from)
	}
	for title, want := range map[string]map[string]string{
		"the levant": {"world": gathered(5, "levant"), "levant": "title has levant"},
		"oil":        {"world": gathered(3, "gulf"), "gulf": gathered(7, "oil"), "oil": "title has oil"},
		// The section's own exclude beats what it gathers, and nothing else does.
		"oil gossip": {"gulf": gathered(7, "oil"), "oil": "title has oil"},
		// A parent's own rule comes first.
		"gulf oil": {"world": gathered(3, "gulf"), "gulf": "title has gulf", "oil": "title has oil"},
		// Rest takes what no section took by itself; what only gathers rest took nothing.
		"anything": {"rest": "config.yaml:8: no other section took it", "leftovers": gathered(9, "rest"),
			"rest-too": "config.yaml:11: no other section took it"},
	} {
		got := map[string]string{}
		e := &feed.Entry{Source: "wire", Title: title}
		for _, m := range router.Route(e) {
			if m.Section != feed.WholePaper {
				got[m.Section] = m.Why
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", title, diff)
		}
		for _, v := range router.Explain(e) {
			if _, in := got[v.Section]; in != v.In {
				t.Errorf("%s: explain says of %s: %v", title, v.Section, v)
			}
		}
	}
}

func TestExplainTellsThatAParentGathersNothingOfAnArticle(t *testing.T) {
	router, _ := Compile(family())
	for _, v := range router.Explain(&feed.Entry{Source: "wire", Title: "anything"}) {
		if v.Section != "world" {
			continue
		}
		if got := v.String(); got != "world: out\n  config.yaml:1: asks that it is in section \"gulf\" or \"levant\", but it is in none\n" {
			t.Error(got)
		}
		return
	}
	t.Error("no verdict")
}

func TestParentsThatAreWrongAreToldOf(t *testing.T) {
	for name, c := range map[string]struct {
		parents []string // of a, b, c, d
		want    []string
	}{
		"none of that name": {[]string{"bb", "", "", ""}, []string{"parent: there is no section bb; did you mean b?"}},
		"itself":            {[]string{"a", "", "", ""}, []string{"parent: a section cannot be its own parent; name another one, or take it out"}},
		"a circle": {[]string{"b", "c", "a", "a"},
			[]string{"parent: a would be its own parent by way of b, c; take one of these parents out"}},
		"two circles": {[]string{"b", "a", "d", "c"}, []string{
			"parent: a would be its own parent by way of b; take one of these parents out",
			"parent: c would be its own parent by way of d; take one of these parents out"}},
	} {
		spec := Spec{Outlets: []feed.Outlet{{Name: "wire"}}}
		for i, p := range c.parents {
			spec.Sections = append(spec.Sections, SectionSpec{Name: string(rune('a' + i)),
				Sources: []Selector{{Text: "*"}}, Parent: p, ParentPos: feed.Pos{Line: i + 1}})
		}
		router, problems := Compile(spec)
		var got []string
		for _, p := range problems {
			got = append(got, p.Key+": "+p.Text)
			if p.Pos.Line == 0 {
				t.Errorf("%s: no place", name)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" || router != nil {
			t.Errorf("%s: a router: %v (-want +got):\n%s", name, router != nil, diff)
		}
	}
}

// Stored articles are routed anew when parents change, and only then.
func TestParentsArePartOfTheVersion(t *testing.T) {
	version := func(change func(*Spec)) string {
		spec := family()
		change(&spec)
		router, problems := Compile(spec)
		if router == nil {
			t.Fatal(problems)
		}
		return router.Version()
	}
	as := version(func(*Spec) {})
	if got := version(func(s *Spec) { s.Sections[3].Parent = "levant" }); got == as {
		t.Error("another parent is the same version")
	}
	if got := version(func(s *Spec) { s.Sections[3].Parent = "" }); got == as {
		t.Error("no parent is the same version")
	}
	if got := version(func(s *Spec) { s.Sections[3].ParentPos.Line = 70 }); got != as {
		t.Error("another line is another version")
	}
}

// T-30: a long line of parents is linked in no time.
func TestParentsOfParentsOfParents(t *testing.T) {
	const n = 20_000
	spec := Spec{Outlets: []feed.Outlet{{Name: "wire"}}}
	for i := range n {
		s := SectionSpec{Name: fmt.Sprint("s", i), Parent: fmt.Sprint("s", i+1)}
		if i == 0 {
			s.Sources = []Selector{{Text: "*"}}
		}
		if i == n-1 {
			s.Parent = ""
		}
		spec.Sections = append(spec.Sections, s)
	}
	router, problems := Compile(spec)
	if router == nil {
		t.Fatal(problems)
	}
	if got := len(router.Route(&feed.Entry{Source: "wire"})); got != n+1 {
		t.Errorf("it is in %d sections", got)
	}
}
