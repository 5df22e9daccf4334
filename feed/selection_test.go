package feed

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSelectionOfAURL(t *testing.T) {
	for query, want := range map[string]Selection{
		"":                                {},
		"q=ferry&source=gulf&language=en": {Query: "ferry", Source: "gulf", Language: "en"},
		"q=%20the%09ferry%0a+left+&q=other&utm=1": {Query: "the ferry left"},
		"category=R%26D&Q=x&sort=1":               {Category: "R&D"},
		"q=%ff%00x":                               {Query: "x"},
		"q=" + strings.Repeat("%E7%9A%84", 500):   {Query: strings.Repeat("的", maxSelect)},
	} {
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		if got := SelectionOf(values); got != want {
			t.Errorf("%s is %+v, want %+v", query, got, want)
		}
	}
	if got := (Selection{Source: "b", Query: "a&b", Language: "en", Category: "é"}).Encode(); got != "category=%C3%A9&language=en&q=a%26b&source=b" {
		t.Errorf("encoded: %s", got)
	}
}

// FuzzSelection: what is written is read as the same, so that an address stands for
// itself.
func FuzzSelection(f *testing.F) {
	f.Add("q=ferry+tram&source=gulf")
	f.Add("q=%ff%c2%85+%E2%80%A8x&category=a%00b&language=%20")
	f.Fuzz(func(t *testing.T, query string) {
		values, _ := url.ParseQuery(query)
		s := SelectionOf(values)
		again, err := url.ParseQuery(s.Encode())
		if err != nil || SelectionOf(again) != s || !utf8.ValidString(s.Query+s.Source+s.Category+s.Language) {
			t.Errorf("%q is %+v, and then %+v (%v)", query, s, SelectionOf(again), err)
		}
	})
}
