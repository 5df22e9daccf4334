package normalise

import (
	"strings"
	"testing"

	"broadsheet/feed"
)

// TestGluedCategories: what a theme wrote into one element is taken apart where it is
// known, or plain by its form, that it is several; what only looks like it is left.
func TestGluedCategories(t *testing.T) {
	three := []string{"North Quay", "Europe", "Trade"}
	tests := []struct {
		name   string
		found  string   // categories of the item, with a "+" between them
		known  []string // elsewhere
		outlet []string
		want   string
	}{
		{"all parts known", "North QuayEuropeTrade", three, nil, "North Quay+Europe+Trade"},
		{"all parts but one", "North QuayEuropeTrade", three[1:], nil, "North Quay+Europe+Trade"},
		{"two parts", "EuropeTrade", three, nil, "Europe+Trade"},
		{"two parts, one unknown", "EuropeQuays", three, nil, "EuropeQuays"},
		{"known by what stands beside it", "Europe+Trade+EuropeTrade", nil, nil, "Europe+Trade"},
		{"a part that looks glued itself", "YouTubeMusicVideo", []string{"YouTube", "Music", "Video"}, nil, "YouTube+Music+Video"},
		{"blind to case and in other scripts", "ПолитикаСпорт", []string{"политика", "спорт"}, nil, "Политика+Спорт"},
		{"nobody knows", "North QuayEuropeTrade", nil, nil, "North QuayEuropeTrade"},
		{"only one part is known", "North QuayEuropeTrade", three[2:], nil, "North QuayEuropeTrade"},
		{"the operator's own name", "Play+Station+PlayStation", nil, []string{"PlayStation"}, "Play+Station+PlayStation"},
		{"short parts may be anything", "AIUp+A+I+Up", nil, nil, "AIUp+A+I+Up"},

		{"names", "McDonald+YouTube+iPhone+PlayStation+BlackBerry+DailyPic+JavaScript", nil, nil,
			"McDonald+YouTube+iPhone+PlayStation+BlackBerry+DailyPic+JavaScript"},
		{"a name alone", "MacKenzie", nil, nil, "MacKenzie"},
		{"capitals", "EUROPETRADE", three, nil, "EUROPETRADE"},
		{"a path", "Arts+Music+Arts/Music", nil, nil, "Arts+Music+Arts/Music"},

		{"semicolons", "Europe; Trade", nil, nil, "Europe+Trade"},
		{"commas without spaces", "Behind the Scenes,Interview,Quays", nil, nil, "Behind the Scenes+Interview+Quays"},
		{"a comma at the end", "harbour,", nil, nil, "harbour"},
		{"commas", "news, phone, tablet, review", nil, nil, "news+phone+tablet+review"},
		{"commas, with an and inside", "Health & Science, International, Quays", nil, nil, "Health & Science+International+Quays"},
		{"commas between known names", "Europe, Trade", three, nil, "Europe+Trade"},
		{"strokes between known names", "Europe | Trade", three, nil, "Europe+Trade"},
		{"a pair", "Rain, Jo", nil, nil, "Rain, Jo"},
		{"one name with commas", "Arts, Culture and Entertainment", nil, nil, "Arts, Culture and Entertainment"},
		{"a sentence with commas", "What we saw, what we heard of it, what we think", nil, nil, "What we saw, what we heard of it, what we think"},
		{"a number", "1,000 words", nil, nil, "1,000 words"},
		{"a list among others", "Unrest, war, peace+Europe", nil, nil, "Unrest, war, peace+Europe"},
		{"strokes", "Quays 21: the conference | Paris", nil, nil, "Quays 21: the conference | Paris"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			item := feed.Item{Title: feed.Plain("x")}
			for c := range strings.SplitSeq(tt.found, "+") {
				item.Categories = append(item.Categories, feed.Category{Term: c, Scheme: "https://quay.example/topics"})
			}
			result, err := Make(Input{Sightings: []feed.Sighting{{Item: item}}, Vocabulary: NewVocabulary(tt.known),
				Outlet: feed.Outlet{Categories: tt.outlet}, FirstSeen: seenTest})
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range result.Entry.Categories {
				got = append(got, c.Name())
				if c.Scheme == "" {
					t.Errorf("%q lost its scheme", c.Name())
				}
			}
			if text := strings.Join(got, "+"); text != tt.want {
				t.Errorf("%q becomes %q, want %q", tt.found, text, tt.want)
			}
			if told := len(result.Notes) > 0; told != (tt.want != tt.found && !strings.HasSuffix(tt.found, ",")) {
				t.Errorf("notes %v", result.Notes)
			}
		})
	}
}

// TestCategoriesOfTheArticlesPage: they come after the feed's, and a term with a label
// keeps both.
func TestCategoriesOfTheArticlesPage(t *testing.T) {
	item := feed.Item{Title: feed.Plain("x"), Categories: []feed.Category{{Term: "eu", Label: "Europe", Scheme: "urn:x"}}}
	page := &feed.Page{Title: feed.Plain("x"), Content: feed.Plain("x is in the harbour"), Categories: []feed.Category{{Term: "europe"}, {Term: "EuropeTrade"}, {Term: "Trade"}}}
	result, err := Make(Input{Sightings: []feed.Sighting{{Item: item}}, Page: page, FirstSeen: seenTest})
	if err != nil {
		t.Fatal(err)
	}
	got := result.Entry.Categories
	if len(got) != 2 || got[0] != (feed.Category{Term: "eu", Label: "Europe", Scheme: "urn:x"}) || got[1].Term != "Trade" {
		t.Errorf("categories %+v", got)
	}
}

// FuzzGluedCategories: what is taken apart loses no letter, and the parts are what was
// known or what was parted by signs.
func FuzzGluedCategories(f *testing.F) {
	for _, s := range []string{"North QuayEuropeTrade", "a, b, c", "a,b", "x;y", "McDonald", "YouTubeMusicVideo", "1,000", "Europe | Trade",
		",,;", "(A)Bcd", "ПолитикаСпорт", "\xff,\xfe", strings.Repeat("aB", 200)} {
		f.Add(s, true)
	}
	known := vocabulary{NewVocabulary([]string{"Europe", "Trade", "Music"}), map[string]bool{"video": true, "youtube": true, "политика": true, "спорт": true}}
	f.Fuzz(func(t *testing.T, s string, alone bool) {
		name := label(s)
		parts := apartLabels(name, alone, vocabulary{}, known)
		if len(parts) == 1 {
			t.Errorf("%q is taken apart into one", name)
		}
		if len(parts) > 0 && letters(strings.Join(parts, "")) != letters(name) {
			t.Errorf("%q becomes %q", name, parts)
		}
		for _, p := range parts {
			if strings.TrimSpace(p) == "" {
				t.Errorf("%q has an empty part: %q", name, parts)
			}
		}
	})
}
