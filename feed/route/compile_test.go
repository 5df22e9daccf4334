package route

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

// sectionOf is a section with one rule of one condition.
func sectionOf(c Condition) SectionSpec {
	return SectionSpec{Name: "world", Match: []Rule{{Conditions: []Condition{c}}}}
}

func TestProblemsAreToldInSentences(t *testing.T) {
	when := func(code string) SectionSpec { return sectionOf(one("when", code)) }
	for name, c := range map[string]struct {
		section SectionSpec
		want    string // key: text
	}{
		"a source that is nearly one": {
			SectionSpec{Sources: []Selector{{Text: "gulf-wrie"}}},
			"sources: there is no source gulf-wrie; did you mean gulf-wire?",
		},
		"a source that is none": {
			SectionSpec{Sources: []Selector{{Text: "!nobody"}}},
			"sources: there is no source nobody; there are gulf-wire, meridien",
		},
		"a tag without tag:": {
			SectionSpec{Sources: []Selector{{Text: "region"}}},
			"sources: there is no source region, but a tag: write tag:region",
		},
		"a tag that is none": {
			SectionSpec{Match: []Rule{{Conditions: []Condition{one("title", "x")}}},
				From: []Selector{{Text: "tag:regoin"}}},
			"from: no source has the tag regoin; did you mean region?",
		},
		"everything taken away": {
			SectionSpec{Sources: []Selector{{Text: "!*"}}},
			`sources: "!*" would take every source away; leave it out`,
		},
		"an empty rule": {
			SectionSpec{Match: []Rule{{}}},
			`match: an empty rule would match everything; give it a condition, or list the ` +
				`sources in "sources"`,
		},
		"an empty not": {
			sectionOf(Condition{Field: "not"}),
			`match.not: an empty rule would match everything; give it a condition, or list the ` +
				`sources in "sources"`,
		},
		"a condition without values": {
			sectionOf(Condition{Field: "category"}),
			"match.category: it has no value and would match everything",
		},
		"an empty value": {
			sectionOf(one("title", " ")),
			"match.title: an empty value would match everything or nothing; leave it out",
		},
		"a condition that is nearly one": {
			sectionOf(one("categories", "x")),
			"match: there is no condition categories; did you mean category?",
		},
		"a condition that is none": {
			sectionOf(one("mood", "x")),
			"match: there is no condition mood; there are author, category, has, language, longer, " +
				"not, shorter, source, tag, text, title, url, when, words",
		},
		"backspaces": {
			sectionOf(one("title", "\bIran\b")),
			`match.title: it has a backspace character: between double quotes YAML reads \b as ` +
				`one; use single quotes`,
		},
		"another backslash in double quotes": {
			sectionOf(one("title", "\x07x")),
			"match.title: it has a control character; between double quotes YAML reads " +
				"backslashes: use single quotes",
		},
		"a bad regular expression": {
			sectionOf(one("title", "/Iran(/")),
			"match.title: the regular expression (RE2) has a fault: missing closing ): Iran(",
		},
		"a wildcard in a regular expression": {
			sectionOf(one("title", "/*stan/")),
			"match.title: the regular expression (RE2) has a fault: missing argument to " +
				"repetition operator: * (a plain value takes * as a wildcard; in a regular " +
				"expression it is .*)",
		},
		"Perl": {
			sectionOf(one("title", "/(?<!Anti-)Iran/")),
			"match.title: the regular expression (RE2) has a fault: invalid named capture: " +
				"(?<!Anti-)Iran (RE2 has no look-around)",
		},
		"a regular expression without an end": {
			sectionOf(one("title", "/Iran")),
			"match.title: /Iran begins as a regular expression: end it with / or /i",
		},
		"an empty regular expression": {
			sectionOf(one("category", "//")),
			"match.category: an empty regular expression would match everything",
		},
		"a value that is too long": {
			sectionOf(one("text", "/"+strings.Repeat("a", 1000)+"/")),
			"match.text: it has 1002 characters; 1000 is the most, so split it into several values",
		},
		"nothing but a star": {
			sectionOf(one("words", " * ")),
			"match.words:  *  would match everything; put a word beside the star",
		},
		"nothing but punctuation": {
			sectionOf(one("words", "—")),
			"match.words: — has no letter, digit or symbol to look for; look for punctuation " +
				"with a regular expression, as in /…/",
		},
		"no language": {
			sectionOf(one("language", "english")),
			"match.language: english is no language tag; write one such as en, pt-BR or " +
				"zh-Hant, or und for unknown",
		},
		"a part of a URL": {
			sectionOf(one("url", "gulf.example/world/*")),
			"match.url: the whole URL is compared, and none begins so; write " +
				"*://gulf.example/world/*",
		},
		"a source that no condition can find": {
			sectionOf(one("source", "Gulf Wyre")),
			"match.source: no source has the name or title Gulf Wyre; did you mean gulf-wire?",
		},
		"a tag that no condition can find": {
			sectionOf(one("tag", "sports")),
			"match.tag: no source has the tag sports; there are Agence, region",
		},
		"no medium": {
			sectionOf(one("has", "images")),
			"match.has: images is nothing an article has; did you mean image?",
		},
		"less than nothing": {
			sectionOf(Condition{Field: "longer", Number: -1}),
			"match.longer: -1 is less than nothing; it is a number of characters",
		},
		"shorter than nothing": {
			sectionOf(Condition{Field: "shorter"}),
			"match.shorter: no text is shorter than 0 characters",
		},
		"a problem below not": {
			sectionOf(Condition{Field: "not", Not: &Rule{Conditions: []Condition{one("has", "x")}}}),
			"match.not.has: x is nothing an article has; there are audio, image, video",
		},
		"a name that is nearly one": {
			when(`titel contains "x"`),
			"match.when: column 1 of the expression: there is no name titel; did you mean title?",
		},
		"not an expression": {
			when(`title contains`),
			"match.when: column 14 of the expression: unexpected token EOF",
		},
		"not true or false": {
			when(`len(title)`),
			"match.when: it must be true or false: expected bool, but got int",
		},
		"types that do not fit": {
			when("has_image and\n  title > 3"),
			"match.when: line 2, column 9 of the expression: invalid operation: > (mismatched " +
				"types string and int)",
		},
		"the clock": {
			when(`published > now() - duration("24h")`),
			"match.when: column 13 of the expression: now is refused: an article's sections may " +
				"not depend on when one asks",
		},
		"the zone of the machine": {
			when(`published.Local().Hour() < 6`),
			"match.when: column 11 of the expression: Local is refused: the zone of the machine " +
				"may not matter; published is in UTC",
		},
		"a zone of the machine's list": {
			when(`date("2024-01-01", "2006-01-02", "Asia/Tehran") < published`),
			"match.when: column 1 of the expression: date is refused: the zones that a machine " +
				"knows differ; published is in UTC",
		},
		"a loop within a loop": {
			when(`any(tags, any(categories, # == "x"))`),
			"match.when: column 11 of the expression: a loop within a loop is refused: it could " +
				"take for ever; ask with in whether a list has a value",
		},
		"the order of a map": {
			when(`keys(groupBy(tags, #))[0] == "x"`),
			"match.when: column 1 of the expression: keys is refused: the order of a map is by chance",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c.section.Name = "world"
			router, problems := Compile(Spec{Outlets: plainOutlets(), Sections: []SectionSpec{c.section}})
			if router != nil {
				t.Error("there is a router")
			}
			var got []string
			for _, p := range problems {
				got = append(got, p.Key+": "+p.Text)
			}
			if diff := cmp.Diff([]string{c.want}, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestARegularExpressionIsBounded(t *testing.T) {
	_, err := compileRegexp(`(\pL{500}){2}(\pL{1000})(\pL{999})(.{1000})(.{1000})(.{800})`)
	if err == nil || !strings.HasSuffix(err.Error(), "; 5000 is the most") {
		t.Error(err)
	}
	if _, err := compileRegexp(`.{0,1000}\pL{1000}`); err != nil {
		t.Error(err)
	}
}

func TestProblemsComeAllAtOnceEachWithItsPlace(t *testing.T) {
	pos := func(line int) feed.Pos { return feed.Pos{File: "config.yaml", Line: line, Column: 5} }
	_, problems := Compile(Spec{
		Outlets: []feed.Outlet{{
			Name: "gulf-wire", Title: "Gulf Wire", Pos: pos(40), Sections: []string{"wrold"},
			Feeds: []feed.Subscription{{URL: "https://gulf.example/", Pos: pos(42),
				Sections: []string{"sport"}}},
		}},
		Sections: []SectionSpec{{
			Name: "world", Pos: pos(1),
			Sources: []Selector{{Text: "gulf", Pos: pos(3)}},
			Match: []Rule{{Pos: pos(5), Conditions: []Condition{
				{Field: "words", Pos: pos(6), Values: []Value{
					{Text: "/(/", Pos: pos(7)}, {Text: "fine", Pos: pos(8)}, {Text: "", Pos: pos(9)},
				}},
				{Field: "has", Pos: pos(10), Values: []Value{{Text: "x"}}},
			}}},
			Exclude: []Rule{{Pos: pos(12)}},
		}},
	})
	var got []string
	for _, p := range problems {
		got = append(got, fmt.Sprintf("%d %s", p.Pos.Line, p.Key))
	}
	want := []string{"3 sources", "7 match.words", "9 match.words", "10 match.has",
		"12 exclude", "40 sections", "42 sections"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestAWarningLeavesTheRulesInForce(t *testing.T) {
	router, problems := Compile(Spec{Outlets: plainOutlets(), Sections: []SectionSpec{
		{Name: "empty"},
		{Name: "all", Sources: []Selector{{Text: "*"}}, From: []Selector{{Text: "tag:region"}}},
	}})
	if router == nil || len(problems) != 2 || !problems[0].Warning || !problems[1].Warning {
		t.Fatal(router, problems)
	}
	if got := router.Route(&feed.Entry{Source: "meridien"}); len(got) != 2 {
		t.Error(got)
	}
}

func TestATitleThatOnlyTheFeedKnowsMayBeAsked(t *testing.T) {
	router, problems := Compile(Spec{
		Outlets:  []feed.Outlet{{Name: "gulf-wire"}},
		Sections: []SectionSpec{sectionOf(one("source", "Gulf Wire"))},
	})
	if router == nil {
		t.Fatal(problems)
	}
	e := feed.Entry{Source: "gulf-wire", Origin: feed.Channel{Title: feed.Plain("Gulf wire")}}
	if len(router.Route(&e)) == 0 {
		t.Error("not routed by the title that the feed gives itself")
	}
}

func TestVersionMovesWithMembershipOnly(t *testing.T) {
	build := func(change func(*Spec)) string {
		spec := Spec{
			Outlets: append(plainOutlets(), feed.Outlet{Name: "third", Title: "Third",
				Feeds: []feed.Subscription{{URL: "https://third.example/", Sections: []string{"a"}}}}),
			Sections: []SectionSpec{
				{Name: "a", Match: []Rule{{Conditions: []Condition{one("words", "iran*")}}}},
				{Name: "b", Sources: []Selector{{Text: "tag:region"}},
					Exclude: []Rule{{Conditions: []Condition{{Field: "longer", Number: 5}}}}},
			},
		}
		change(&spec)
		router, problems := Compile(spec)
		if router == nil {
			t.Fatal(problems)
		}
		return router.Version()
	}
	same := build(func(*Spec) {})
	for name, change := range map[string]func(*Spec){
		"places":         func(s *Spec) { s.Sections[0].Pos.Line, s.Outlets[0].Pos.Line = 7, 8 },
		"source titles":  func(s *Spec) { s.Outlets[0].Title = "Other" },
		"their order":    func(s *Spec) { s.Outlets[0], s.Outlets[1] = s.Outlets[1], s.Outlets[0] },
		"section order":  func(s *Spec) { s.Sections[0], s.Sections[1] = s.Sections[1], s.Sections[0] },
		"other settings": func(s *Spec) { s.Outlets[0].Rank = 1; s.Outlets[2].Feeds[0].Every = "1h" },
	} {
		if build(change) != same {
			t.Errorf("%s move the version", name)
		}
	}
	seen := map[string]string{same: "nothing"}
	for name, change := range map[string]func(*Spec){
		"value":         func(s *Spec) { s.Sections[0].Match[0].Conditions[0].Values[0].Text = "iraq*" },
		"field":         func(s *Spec) { s.Sections[0].Match[0].Conditions[0].Field = "title" },
		"number":        func(s *Spec) { s.Sections[1].Exclude[0].Conditions[0].Number = 6 },
		"exclude":       func(s *Spec) { s.Sections[1].Exclude = nil },
		"match":         func(s *Spec) { s.Sections[1].Match, s.Sections[1].Exclude = s.Sections[1].Exclude, nil },
		"from":          func(s *Spec) { s.Sections[0].From = []Selector{{Text: "*"}} },
		"rest":          func(s *Spec) { s.Sections[1].Rest = true },
		"section name":  func(s *Spec) { s.Sections[1].Name = "c" },
		"tags":          func(s *Spec) { s.Outlets[1].Tags = append(s.Outlets[1].Tags, "x") },
		"source name":   func(s *Spec) { s.Outlets[1].Name = "meridian" },
		"source's own":  func(s *Spec) { s.Outlets[1].Sections = []string{"a"} },
		"feed sections": func(s *Spec) { s.Outlets[2].Feeds[0].Sections = []string{"b"} },
		"terms":         func(s *Spec) { s.Outlets[0].Terms = feed.TermsExcerpt },
		"feed url":      func(s *Spec) { s.Outlets[2].Feeds[0].URL += "x" },
		"not": func(s *Spec) {
			s.Sections[0].Match = []Rule{{Conditions: []Condition{{Field: "not", Not: &s.Sections[0].Match[0]}}}}
		},
	} {
		version := build(change)
		if other, ok := seen[version]; ok {
			t.Errorf("%s gives the version of %s", name, other)
		}
		seen[version] = name
	}
	withTitle := func(title string) string {
		return build(func(s *Spec) {
			s.Sections[0].Match[0].Conditions = []Condition{one("source", "g*")}
			s.Outlets[0].Title = title
		})
	}
	if withTitle("A") == withTitle("B") {
		t.Error("a rule asks for titles, and the version does not depend on them")
	}
}

func TestTheCategoriesThatRulesAskForAreNamed(t *testing.T) {
	categories := func(values ...Value) []Condition { return []Condition{{Field: "category", Values: values}} }
	not := Rule{Conditions: categories(Value{Text: "Sport"})}
	router, problems := Compile(Spec{Outlets: plainOutlets(), Sections: []SectionSpec{{Name: "world",
		Match: []Rule{{Conditions: append(categories(Value{Text: "North America"}, Value{Text: "Iran*"}, Value{Text: "/^tr/i"}),
			Condition{Field: "not", Not: &not})}}}}})
	if router == nil {
		t.Fatal(problems)
	}
	if diff := cmp.Diff([]string{"North America", "Sport"}, router.Categories()); diff != "" {
		t.Error(diff)
	}
}
