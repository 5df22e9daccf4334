package route

import (
	"fmt"
	"strings"
	"testing"

	"broadsheet/feed"
	"broadsheet/feed/lexis"
)

// syllables make words that look like words and are all different.
var syllables = []string{"ba", "ké", "ли", "mo", "то", "nür", "sa", "pé", "ri", "ву"}

func inventedWord(n int) string {
	var b strings.Builder
	for range 4 {
		b.WriteString(syllables[n%len(syllables)])
		n /= len(syllables)
	}
	return b.String()
}

// bigSpec has sections with five rules each of twenty words and a category.
func bigSpec(sections, outlets int) Spec {
	spec := Spec{}
	for i := range outlets {
		name := fmt.Sprintf("source-%d", i)
		spec.Outlets = append(spec.Outlets, feed.Outlet{
			Name: name, Title: "Source " + name, Tags: []string{fmt.Sprintf("tag-%d", i%50)},
			Sections: []string{fmt.Sprintf("section-%d", i%sections)},
			Feeds:    []feed.Subscription{{URL: "https://" + name + ".example/feed"}},
		})
	}
	for i := range sections {
		s := SectionSpec{
			Name:    fmt.Sprintf("section-%d", i),
			Sources: []Selector{{Text: fmt.Sprintf("source-%d", i)}, {Text: "tag:tag-1"}},
		}
		for j := range 5 {
			rule := Rule{Conditions: []Condition{{Field: "words"}, {Field: "category"}}}
			for k := range 20 {
				word := inventedWord(i*97 + j*31 + k*7)
				if k%4 == 0 {
					word += "*"
				}
				rule.Conditions[0].Values = append(rule.Conditions[0].Values, Value{Text: word})
			}
			rule.Conditions[1].Values = []Value{{Text: inventedWord(i + j)}, {Text: "World"}}
			s.Match = append(s.Match, rule)
		}
		spec.Sections = append(spec.Sections, s)
	}
	return spec
}

// bigEntry has a text of a thousand words, a summary of fifty and a category.
func bigEntry() feed.Entry {
	var text strings.Builder
	for i := range 1000 {
		fmt.Fprintf(&text, "%s ", inventedWord(i*13+7))
	}
	words := strings.Fields(text.String())
	return feed.Entry{
		Source: "source-7", Title: strings.Join(words[:8], " "),
		Summary:    strings.Join(words[:50], " "),
		Content:    feed.HTML("<p>" + text.String() + "</p>"),
		Categories: []feed.Category{{Term: "World"}},
	}
}

func BenchmarkRoute(b *testing.B) {
	for _, field := range []string{"words", "text"} {
		for _, n := range []int{10, 100, 1000} {
			b.Run(fmt.Sprintf("%s/%d", field, n), func(b *testing.B) {
				spec := bigSpec(n, n)
				for i := range spec.Sections {
					for j := range spec.Sections[i].Match {
						spec.Sections[i].Match[j].Conditions[0].Field = field
					}
				}
				router, problems := Compile(spec)
				if router == nil {
					b.Fatal(problems)
				}
				e := bigEntry()
				b.ReportAllocs()
				for b.Loop() {
					router.Route(&e)
				}
			})
		}
	}
}

func BenchmarkCompile(b *testing.B) {
	spec := bigSpec(200, 10_000)
	b.ReportAllocs()
	for b.Loop() {
		if router, problems := Compile(spec); router == nil {
			b.Fatal(problems)
		}
	}
}

func BenchmarkFold(b *testing.B) {
	for name, text := range map[string]string{
		"ascii":    strings.Repeat("The quick brown fox ", 250),
		"latin":    strings.Repeat("Réunion à Évian près ", 250),
		"cyrillic": strings.Repeat("Москва и Тегеран сей ", 250),
		"arabic":   strings.Repeat("الجمهورية الإسلامية ", 250),
		"han":      strings.Repeat("伊朗核问题谈判继续进行。", 250),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				lexis.Tokenize(lexis.Fold(text), false)
			}
		})
	}
}
