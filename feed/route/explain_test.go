package route

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

var update = flag.Bool("update", false, "write the golden files anew")

// paper is a configuration with one of everything.
func paper() Spec {
	at := func(line int) feed.Pos { return feed.Pos{File: "config.yaml", Line: line, Column: 5} }
	values := func(line int, field string, texts ...string) Condition {
		c := Condition{Pos: at(line), Field: field}
		for _, text := range texts {
			c.Values = append(c.Values, Value{Text: text, Pos: at(line)})
		}
		return c
	}
	rule := func(line int, conditions ...Condition) Rule {
		return Rule{Pos: at(line), Conditions: conditions}
	}
	return Spec{
		Outlets: []feed.Outlet{
			{Name: "gulf-wire", Title: "Gulf Wire", Tags: []string{"region"},
				Sections: []string{"world"}, Pos: at(80)},
			{Name: "meridien", Title: "Le Méridien", Tags: []string{"paper"}, Pos: at(90),
				Feeds: []feed.Subscription{
					{URL: "https://key:secret@meridien.example/monde.xml?token=1", Pos: at(92),
						Sections: []string{"world"}},
					{URL: "https://meridien.example/sport.xml", Pos: at(93)},
				}},
			{Name: "kicker", Title: "Kicker", Tags: []string{"sport"}, Pos: at(99)},
		},
		Sections: []SectionSpec{
			{Name: "region", Pos: at(10), Sources: []Selector{{Text: "tag:region", Pos: at(11)}},
				Match: []Rule{
					rule(13, values(13, "category", "Middle East", "Iran")),
					rule(14, values(14, "words", "Evian", "Teheran*"), values(15, "language", "fr", "en"),
						Condition{Field: "not", Pos: at(16), Not: &Rule{Pos: at(16),
							Conditions: []Condition{values(16, "category", "sport")}}}),
				},
				Exclude: []Rule{rule(18, values(18, "title", "/^live: /i"))}},
			{Name: "world", Pos: at(20)},
			{Name: "sport", Pos: at(30), From: []Selector{{Text: "!gulf-wire", Pos: at(31)}},
				Match: []Rule{rule(32, values(32, "category", "sport*")),
					rule(33, values(33, "when", `source == "kicker" and length > 1000`))}},
			{Name: "listen", Pos: at(40), Match: []Rule{
				rule(41, values(41, "has", "audio", "video"), Condition{Field: "longer", Pos: at(42), Number: 20})}},
			{Name: "all", Pos: at(50), Sources: []Selector{{Text: "*", Pos: at(51)}, {Text: "!kicker", Pos: at(51)}}},
			{Name: "rest", Pos: at(60), Rest: true,
				Exclude: []Rule{rule(62, values(62, "url", "*://*/ads/*"))}},
		},
	}
}

// articles are invented entries, each with something to explain.
func articles() map[string]feed.Entry {
	return map[string]feed.Entry{
		"by-source": {Source: "gulf-wire", Title: "Harbour opens", Language: "en"},
		"by-category": {Source: "meridien", Title: "Accord", Language: "fr",
			Feeds:      []string{"https://key:secret@meridien.example/monde.xml?token=1"},
			Categories: []feed.Category{{Term: "Monde"}, {Term: "IRAN"}}},
		"by-words": {Source: "meridien", Title: "Réunion à Évian", Language: "fr-CH",
			Enclosures: []feed.Enclosure{{URL: "https://meridien.example/1", Type: "audio/mpeg"}},
			Content:    "<p>Une longue journée au bord du lac.</p>"},
		"kept-out-by-not": {Source: "meridien", Title: "Évian wins", Language: "en",
			Categories: []feed.Category{{Term: "Sport"}}},
		"excluded": {Source: "gulf-wire", Title: "LIVE: harbour", Language: "en"},
		"left-over": {Source: "kicker", Title: "Quiet \x1b[31mweekend\nat home",
			Link: "https://kicker.example/1", Summary: "Nothing."},
		"left-over-and-excluded": {Source: "kicker", Title: "Buy", Link: "https://kicker.example/ads/1"},
		"of-no-source":           {Title: "A preview", Categories: []feed.Category{{Term: "Iran"}}},
		"of-a-source-taken-out":  {Source: "gone", Title: "Iran"},
	}
}

func TestExplain(t *testing.T) {
	router, problems := Compile(paper())
	if router == nil {
		t.Fatal(problems)
	}
	for name, e := range articles() {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			for _, m := range router.Route(&e) {
				fmt.Fprintf(&b, "%q: %s\n", m.Section, m.Why)
			}
			b.WriteString("\n")
			for _, v := range router.Explain(&e) {
				b.WriteString(v.String())
			}
			golden(t, name, b.String())
		})
	}
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", "explain", name+".txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Error(diff)
	}
}

// anyEntry makes an entry of parts that the rules of paper ask for, by chance.
func anyEntry(rng *rand.Rand) feed.Entry {
	pick := func(list ...string) string { return list[rng.IntN(len(list))] }
	return feed.Entry{
		Source: pick("gulf-wire", "meridien", "kicker", "", "gone"),
		Feeds: []string{pick("https://key:secret@meridien.example/monde.xml?token=1",
			"https://meridien.example/sport.xml")},
		Title:      pick("Live: ", "", "live ") + pick("Évian", "Teheraner", "Tirana"),
		Language:   pick("", "en-GB", "fr", "de"),
		Categories: []feed.Category{{Term: pick("sport", "Sports", "Iran", "middle  east", "x")}},
		Link:       pick("https://a.example/ads/1", "https://a.example/1", ""),
		Content:    feed.HTML(pick("", "<p>short</p>", "<p>long enough to be longer</p>")),
		Image:      pick("", "https://a.example/1.png"),
		Enclosures: []feed.Enclosure{{Type: pick("audio/ogg", "video/ogg", "text/plain")}},
	}
}

func TestRouteIsAPureFunctionAndAgreesWithExplain(t *testing.T) {
	router, problems := Compile(paper())
	if router == nil {
		t.Fatal(problems)
	}
	again, _ := Compile(paper())
	rng := rand.New(rand.NewPCG(1, 2))
	for range 5000 {
		e := anyEntry(rng)
		before := fmt.Sprintf("%#v", e)
		members := router.Route(&e)
		if diff := cmp.Diff(members, again.Route(&e)); diff != "" {
			t.Fatalf("%+v: another router says %s", e, diff)
		}
		var explained []feed.Membership
		for _, v := range router.Explain(&e) {
			switch {
			case v.In:
				explained = append(explained, feed.Membership{Section: v.Section, Why: v.Why})
			case v.Why == "" && len(v.Misses) == 0:
				t.Fatalf("%+v: out of %s for no reason", e, v.Section)
			}
		}
		if len(explained) > 0 {
			explained = append(explained, feed.Membership{Section: feed.WholePaper, Why: "in a section"})
		}
		if diff := cmp.Diff(members, explained); diff != "" {
			t.Fatalf("%+v: Explain says %s", e, diff)
		}
		if after := fmt.Sprintf("%#v", e); after != before {
			t.Fatalf("the entry was changed from %s to %s", before, after)
		}
	}
}

func TestSelectors(t *testing.T) {
	for list, want := range map[string]string{
		"*":                   "gulf-wire kicker meridien",
		"gulf-wire":           "gulf-wire",
		"tag:sport kicker":    "kicker",
		"tag:PAPER gulf-wire": "gulf-wire meridien",
		"!gulf-wire":          "kicker meridien",
		"!tag:region !kicker": "meridien",
		"* !tag:region":       "kicker meridien",
		"!kicker tag:sport":   "", // what is taken away stays away
		"!tag:sport kicker *": "gulf-wire meridien",
	} {
		section := SectionSpec{Name: "s"}
		for text := range strings.FieldsSeq(list) {
			section.Sources = append(section.Sources, Selector{Text: text})
		}
		router, problems := Compile(Spec{Sections: []SectionSpec{section}, Outlets: []feed.Outlet{
			{Name: "gulf-wire", Tags: []string{"region"}},
			{Name: "meridien", Tags: []string{"paper"}},
			{Name: "kicker", Tags: []string{"sport"}},
		}})
		if router == nil {
			t.Fatal(problems)
		}
		var got []string
		for _, name := range []string{"gulf-wire", "kicker", "meridien"} {
			if len(router.Route(&feed.Entry{Source: name})) > 0 {
				got = append(got, name)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s takes %s, want %s", list, got, want)
		}
	}
}
