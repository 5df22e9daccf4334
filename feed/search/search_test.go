package search

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

func TestParse(t *testing.T) {
	words := func(s string) Phrase { return Phrase{Words: strings.Fields(s)} }
	for query, want := range map[string]Query{
		"":                         {},
		"  Ferry   HARBOUR ":       {Need: []Phrase{words("ferry"), words("harbour")}},
		"ferry ferry":              {Need: []Phrase{words("ferry")}},
		`"the ferry left"`:         {Need: []Phrase{words("the ferry left")}},
		"“the ferry” «und mehr»":   {Need: []Phrase{words("the ferry"), words("und mehr")}},
		`ferry "harbour`:           {Need: []Phrase{words("ferry"), words("harbour")}},
		`מצה״ל "`:                  {Need: []Phrase{words("מצה ל")}},
		"l’État e-mail R&D":        {Need: []Phrase{words("l etat"), words("e mail"), words("r & d")}},
		"-tram":                    {Bar: []Phrase{words("tram")}},
		`ferry -"by tram" -boat`:   {Need: []Phrase{words("ferry")}, Bar: []Phrase{words("by tram"), words("boat")}},
		"a - b":                    {Need: []Phrase{words("a"), words("b")}},
		"--x":                      {Bar: []Phrase{words("x")}},
		"ferr* fer* 氣候* 기후* 2024*": {Need: []Phrase{{[]string{"ferr"}, true}, words("fer"), words("氣 候"), words("기 후"), {[]string{"2024"}, true}}},
		"ferr* tram* boat*":        {Need: []Phrase{{[]string{"ferr"}, true}, {[]string{"tram"}, true}, words("boat")}},
		"e-mail*":                  {Need: []Phrase{{[]string{"e", "mail"}, true}}},
		`"ferr*"`:                  {Need: []Phrase{words("ferr")}},
		"北京　大学":                    {Need: []Phrase{words("北 京"), words("大 学")}},
		"AI기술":                     {Need: []Phrase{words("ai 기 술")}},
		"ＦＥＲＲＹ":                    {Need: []Phrase{words("ferry")}},
		"!?… * \" ()":              {},
		"\ue000 \ue001s1 x":        {Need: []Phrase{words("s1"), words("x")}},
		"AND OR NEAR(x)":           {Need: []Phrase{words("and"), words("or"), words("near x")}},
	} {
		if diff := cmp.Diff(want, Parse(query)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", query, diff)
		}
	}
}

// FuzzParse: whatever is asked, no word has what an index could read as its own.
func FuzzParse(f *testing.F) {
	for _, s := range []string{`ferry -"by tram" x*`, "北京 기후* \xff", `"""-"-*`, "\ue000\ue001", "٢٠٢٤ ½ ™ İ", strings.Repeat("ab ", 99)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := Parse(s)
		if len(q.Need)+len(q.Bar) > maxPhrases {
			t.Errorf("%d phrases", len(q.Need)+len(q.Bar))
		}
		for _, p := range slices.Concat(q.Need, q.Bar) {
			if len(p.Words) == 0 || len(p.Words) > maxPhrase {
				t.Errorf("a phrase of %d words", len(p.Words))
			}
			for _, w := range p.Words {
				if w == "" || !utf8.ValidString(w) || utf8.RuneCountInString(w) > maxWord ||
					strings.ContainsAny(w, "\"*^(){}:\\'\x00 \t\n"+Barrier+label) {
					t.Errorf("%q of %q", w, s)
				}
			}
		}
	})
}

// FuzzWords: a text is found by itself, whatever it is.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"The ferry left.", "北京大学iPhone", "기후AI변화", "กิน ข้าว", "\ue000x", "C++ ⚽️"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		words := Words(feed.Entry{Title: s})
		text := " " + strings.Join(words, " ") + " "
		for _, p := range Parse(cut(s, 50)).Need {
			last := len(p.Words) - 1
			whole := strings.Join(p.Words[:last], " ") // the last may have been cut
			if last > 0 && !strings.ContainsAny(s, "\n\r\v\f\u0085\u2028\u2029\u00a0-\"") && !strings.Contains(text, " "+whole+" ") {
				t.Errorf("%q is not among %q", whole, words)
			}
		}
	})
}

func TestWordsOfAnArticleAreBounded(t *testing.T) {
	long := strings.Repeat("x", 10_000)
	words := Words(feed.Entry{Title: "A " + long, Content: feed.HTML("<p>" + strings.Repeat("word ", maxWords) + "</p>")})
	if len(words) != maxWords || words[1] != long[:maxWord] || words[2] != Barrier {
		t.Errorf("%d words, the second is %q, the third %q", len(words), words[1], words[2])
	}
}

func TestLabels(t *testing.T) {
	e := feed.Entry{Language: "pt-BR", Categories: []feed.Category{{Term: "Sea", Label: "Sea Travel"}, {Term: " "}, {Label: "SEA  travel"}}}
	want := []string{Any, Source(7), Section(1), Section(40), Category("sea"), Category("sea travel"), Category("Sea Travel"), Language("pt-BR"), Language("PT")}
	if diff := cmp.Diff(want, Labels(e, 7, []int64{1, 40})); diff != "" {
		t.Error(diff)
	}
	for _, l := range append(want, Language(`en" OR *`), Language(" "), Language("")) {
		if !strings.HasPrefix(l, label) || strings.ContainsAny(l, "\" *()") {
			t.Errorf("%q is no label", l)
		}
	}
}
