package publish

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

// texts gives every text of the words by its name, and whether it may be empty.
func (w *words) texts() (out map[string]string) {
	out = map[string]string{}
	v := reflect.ValueOf(*w)
	for i := range v.NumField() {
		switch name, x := v.Type().Field(i).Name, v.Field(i); x.Kind() {
		case reflect.String:
			out[name] = x.String()
		case reflect.Array:
			for j := range x.Len() {
				out[name+" "+strconv.Itoa(j)] = x.Index(j).String()
			}
		}
	}
	return out
}

// Every language has every word, with the same places for texts as English.
func TestNoWordIsMissingInAnyLanguage(t *testing.T) {
	if len(vocabulary) < 7 {
		t.Fatalf("only %d languages", len(vocabulary))
	}
	model := englishWords.texts()
	plurals := map[string]bool{"AndMore": true, "Minutes": true, "Results": true, "Rest": true}
	for _, w := range vocabulary {
		used := map[pluralClass]bool{}
		for n := range 300 {
			used[w.class(n)] = true
		}
		for name, text := range w.texts() {
			field, class, _ := strings.Cut(name, " ")
			if plurals[field] {
				n, _ := strconv.Atoi(class)
				if used[pluralClass(n)] != (text != "") {
					t.Errorf("%s: %s: the form is %q, and a number takes it: %v", w.tag, name, text, used[pluralClass(n)])
				}
				continue
			}
			if text == "" && name != "digits" {
				t.Errorf("%s: %s is missing", w.tag, name)
			}
			if strings.Count(text, "{}") != strings.Count(model[name], "{}") && name != "digits" {
				t.Errorf("%s: %s is %q; in English it has %d places", w.tag, name, text, strings.Count(model[name], "{}"))
			}
			if w != &englishWords && text == model[name] && len(text) > 12 && name != "date" {
				t.Errorf("%s: %s is left in English: %q", w.tag, name, text)
			}
		}
	}
}

func TestDatesAreWrittenAsTheLanguageDoes(t *testing.T) {
	at := time.Date(2026, 11, 22, 11, 5, 59, 0, time.FixedZone("", 3600))
	for tag, want := range map[string]string{
		"en":      "22 Nov 2026, 10:05 UTC",
		"de-AT":   "22. Nov. 2026, 10:05 UTC",
		"fr":      "22 nov. 2026, 10:05 UTC",
		"es":      "22 nov 2026, 10:05 UTC",
		"ar":      "٢٢ نوفمبر ٢٠٢٦، ١٠:٠٥ UTC",
		"fa-AF":   "۲۲ نوامبر ۲۰۲۶، ۱۰:۰۵ UTC",
		"zh-Hant": "2026年11月22日 10:05 UTC",
		"ja":      "22 Nov 2026, 10:05 UTC", // not covered: English
		"":        "22 Nov 2026, 10:05 UTC",
	} {
		if got := wordsOf(tag).moment(at); got != want {
			t.Errorf("%q: %s, want %s", tag, got, want)
		}
	}
}

// CLDR's plural rules, as far as whole numbers go.
func TestCountsTakeTheRightForm(t *testing.T) {
	for tag, rows := range map[string]map[int]string{
		"en": {0: "0 stories found", 1: "1 story found", 2: "2 stories found"},
		"de": {1: "1 Artikel gefunden"},
		"fr": {0: "0 article trouvé", 1: "1 article trouvé", 2: "2 articles trouvés"},
		"ar": {0: "لا مقالات", 1: "مقال واحد", 2: "مقالان", 3: "٣ مقالات", 10: "١٠ مقالات", 11: "١١ مقالًا", 99: "٩٩ مقالًا", 100: "١٠٠ مقال", 103: "١٠٣ مقالات"},
		"fa": {1: "۱ خبر پیدا شد", 25: "۲۵ خبر پیدا شد"},
		"zh": {1: "找到 1 篇文章"},
	} {
		w := wordsOf(tag)
		for n, want := range rows {
			if got := w.count(w.Results, n); got != want {
				t.Errorf("%s: %d: %q, want %q", tag, n, got, want)
			}
		}
	}
}
