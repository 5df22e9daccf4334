package publish

import (
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"broadsheet/feed"
)

// words are all that the pages, and what feeds say of their own, are written with: the
// words of one language. {} in one stands for a text or a number. Every field is
// filled in for every language, which a test keeps.
type words struct {
	tag string // BCP 47: the lang attribute of the words

	// Every page.
	Skip, Sections, Front string
	Search, SearchHint    string // what the box is called; what may be put into it
	Subscribe, HowTo      string
	AllSections           string // a link: every section as one list for feed readers
	Hotlinks              string // said where pictures come from their publishers' servers

	// The front page and sections.
	Newest, Earlier, Empty string
	From                   string // before the names of sources
	Rest                   plural // stories that the page has no room for
	AndMore                plural // sources, authors
	Headlines              string // where a headline leads

	// A story.
	Untitled, Found, Also, By string
	ReadHere                  string // a link to its text on our page
	Audio, Video, Picture     string
	Minutes                   plural // how long a recording is
	Table                     string

	// The page of one article.
	Original, Excerpt string // link to the original; link to it where only the beginning is shown
	Rights, Files     string
	Republished       string // what the page is

	// Search.
	Results             plural
	NothingFound        string
	AskForWords         string
	FollowSearch, Which string // what its feeds are good for; the section searched in

	// Pages that say that there is nothing to read.
	NotFound, NotFoundText string
	Taken, TakenText       string
	Busy, BusyText         string
	ReadOnly               string
	Condition              string

	// A feed opened in a browser.
	ThisIsAFeed, FeedHowTo string

	months [12]string // as in a date
	date   string     // with {d}, {m}, {y} and {t} for day, month, year and time
	digits string     // the ten of them, if they are not those of ASCII
	comma  string     // between the names of a list
	class  func(n int) pluralClass
}

// plural is a word for a number of things, {} being the number.
type plural [pluralClasses]string

// pluralClass is a form that a word takes with numbers (CLDR, "Plural Rules").
type pluralClass int

const (
	other pluralClass = iota // needed in every language
	one
	two  // Arabic
	few  // Arabic
	many // Arabic
	zero // Arabic
	pluralClasses
)

// wordsOf are the words for a site in a language: English if they are not known in it.
func wordsOf(tag string) *words {
	t, err := language.Parse(tag)
	if err != nil {
		return &englishWords
	}
	base, _ := t.Base()
	for _, w := range vocabulary {
		if w.tag == base.String() {
			return w
		}
	}
	return &englishWords
}

// vocabulary is every language that pages are written in.
var vocabulary = []*words{&englishWords, &germanWords, &frenchWords, &spanishWords, &arabicWords, &persianWords, &chineseWords}

// fill puts a text in the place of {}.
func fill(pattern, text string) string { return strings.Replace(pattern, "{}", text, 1) }

// Tag is the language of the words, for a lang attribute, and Dir its direction.
func (w *words) Tag() string { return w.tag }

// Dir is the direction that the words are written in: "ltr" or "rtl".
func (w *words) Dir() string { return direction(w.tag) }

// number writes n in the language's digits.
func (w *words) number(n int) string { return w.localise(strconv.Itoa(n)) }

// localise writes the digits of s as the language does.
func (w *words) localise(s string) string {
	if w.digits == "" {
		return s
	}
	digits := []rune(w.digits)
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' {
			return digits[r-'0']
		}
		return r
	}, s)
}

// count is a word with its number.
func (w *words) count(p plural, n int) string {
	text := p[w.class(n)]
	if text == "" {
		text = p[other]
	}
	return fill(text, w.number(n))
}

// moment is a date for people: absolute and in UTC, so that the page is true whenever
// and wherever it is read, and the same bytes whenever it is made.
func (w *words) moment(t time.Time) string {
	t = t.UTC()
	s := strings.NewReplacer("{d}", strconv.Itoa(t.Day()), "{m}", w.months[t.Month()-1],
		"{y}", strconv.Itoa(t.Year()), "{t}", t.Format("15:04")).Replace(w.date)
	return w.localise(s)
}

// siteWords are the words for a site.
func siteWords(s feed.Site) *words { return wordsOf(s.Language) }

// oneOther are the plural forms of English, German and Spanish.
func oneOther(n int) pluralClass {
	if n == 1 {
		return one
	}
	return other
}

// upToOne are those of French and Persian, for which nothing is one, too.
func upToOne(n int) pluralClass {
	if n <= 1 {
		return one
	}
	return other
}

// always is the one form of Chinese.
func always(int) pluralClass { return other }

// arabicForms are the six of Arabic.
func arabicForms(n int) pluralClass {
	switch {
	case n == 0:
		return zero
	case n == 1:
		return one
	case n == 2:
		return two
	case n%100 >= 3 && n%100 <= 10:
		return few
	case n%100 >= 11:
		return many
	default:
		return other
	}
}
