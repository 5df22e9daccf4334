package config

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

func TestSectionsSayWhoGetsHowMuchRoom(t *testing.T) {
	paper := load(t, "config.yaml", someSite+someSource+`
defaults: {section: {max_per_source: 9, max_share: 30%, max_size: 1MB, item_title: "{source}:   {title}", terms: excerpt}}
sections:
  - {name: a, sources: "*"}
  - {name: b, sources: "*", parent: a, image: https://paper.example/b.png, max_per_source: 0, max_share: 100%, limit: all,
     max_size: none, item_title: "{title}", terms: full}
  - name: c
    sources: "*"
    private: true
    image: https://paper.example/c.png
    podcast: {author: Ada, owner: Ada Quay, email: ada@paper.example, category: News>Politics, explicit: true}
  - {name: d, sources: "*", private: "yes please", parent: c}
  - {name: e, sources: "*", private: 7}
  - {name: f, sources: "*", private: false, parent: c}
`)
	common := feed.Section{Limit: 50, MaxPerSource: 9, MaxShare: 30, MaxSize: 1_000_000,
		ItemTitle: "{source}: {title}", Terms: feed.TermsExcerpt}
	as := func(name, title string, change func(*feed.Section)) feed.Section {
		s := common
		s.Name, s.Title = name, title
		change(&s)
		return s
	}
	want := []feed.Section{
		as("a", "A", func(s *feed.Section) {}),
		{Name: "b", Title: "B", Parent: "a", Image: "https://paper.example/b.png", MaxShare: 100,
			ItemTitle: "{title}", Terms: feed.TermsFull},
		as("c", "C", func(s *feed.Section) {
			s.Private, s.Image = "true", "https://paper.example/c.png"
			s.Show = feed.Show{Author: "Ada", Owner: "Ada Quay", Email: "ada@paper.example",
				Category: "News > Politics", Explicit: true, Type: "episodic"}
		}),
		as("d", "D", func(s *feed.Section) { s.Private, s.Parent = "yes please", "c" }),
		as("e", "E", func(s *feed.Section) { s.Private = "7" }),
		as("f", "F", func(s *feed.Section) { s.Parent = "c" }), // what is public may be in a private one too
	}
	if diff := cmp.Diff(want, paper.Sections); diff != "" {
		t.Error(diff)
	}
}
