package worker

import (
	"slices"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/route"
)

// TestWhatRulesAskForPartsLabelsThatWereGlued: a theme ran two names together; the rules
// know both.
func TestWhatRulesAskForPartsLabelsThatWereGlued(t *testing.T) {
	spec := route.Spec{Outlets: []feed.Outlet{{Name: "gulf"}}, Sections: []route.SectionSpec{{Name: "trade", Match: []route.Rule{
		{Conditions: []route.Condition{{Field: "category", Values: []route.Value{{Text: "Europe"}, {Text: "Trade"}}}}}}}}}
	router, problems := route.Compile(spec)
	if router == nil {
		t.Fatal(problems)
	}
	w := &Worker{Desk: &Desk{Zone: time.UTC, Router: router}}
	if err := w.Desk.Assign(spec.Outlets[0], nil); err != nil {
		t.Fatal(err)
	}
	item := feed.Item{Title: feed.Plain("A quay reopens"), Categories: []feed.Category{{Term: "EuropeTrade"}}}
	made, err := w.make("gulf", []feed.Sighting{{Item: item}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if members := router.Route(&made); !slices.ContainsFunc(members, func(m feed.Membership) bool { return m.Section == "trade" }) {
		t.Errorf("categories %v, sections %v", made.Categories, members)
	}
}
