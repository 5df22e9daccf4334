package store_test

import (
	"fmt"
	"math"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/search"
	"broadsheet/feed/store"
)

// teller invents articles: words come as often as words of languages do, the n-th in
// one of n places.
type teller struct{ seed uint64 }

func (l *teller) next() float64 {
	l.seed = l.seed*6364136223846793005 + 1442695040888963407
	return float64(l.seed>>11) / (1 << 53)
}

// word is one of 30,000, the first ones most often.
func (l *teller) word() string { return nth(int(math.Pow(30_000, l.next()))) }

// nth is the n-th word, of five letters: one of five hundred begins with the same four.
func nth(n int) string {
	var b [5]byte
	for i := range b {
		b[i] = 'a' + byte(n%26)
		n /= 26
	}
	return string(b[:])
}

// hanzi is one of 3,000 characters, the first ones most often.
func (l *teller) hanzi() rune { return rune(0x4e00 + int(math.Pow(3_000, l.next()))) }

// article is the n-th of all with some 400 words, one of twenty in Chinese.
func (l *teller) article(n int) feed.Arrival {
	a := article(n)
	var b strings.Builder
	for range 5 {
		b.WriteString("<p>")
		for range 80 {
			if n%20 == 0 {
				b.WriteRune(l.hanzi())
			} else {
				b.WriteString(l.word() + " ")
			}
		}
		b.WriteString("</p>")
	}
	a.Entry.Content, a.Entry.Language = feed.HTML(b.String()), []string{"en", "en-GB", "de"}[n%3]
	a.Item.Content.Value = feed.RawHTML(b.String())
	a.Entry.Categories = []feed.Category{{Term: "Politics"}, {Term: fmt.Sprintf("Topic %d", n%5000)}}
	if n%1000 != 0 {
		a.Members = a.Members[:1]
	}
	return a
}

// library is a store of n told articles.
func library(b *testing.B, n int) *store.Store {
	s := open(b, filepath.Join(b.TempDir(), "paper.db"))
	if _, err := s.Sync(b.Context(), day, paper(2)); err != nil {
		b.Fatal(err)
	}
	l := &teller{1}
	for from := 0; from < n; from += 50 {
		var some []feed.Arrival
		for i := from; i < from+50; i++ {
			some = append(some, l.article(i))
		}
		poll(b, s, day, some)
	}
	return s
}

func BenchmarkSelectOf100000Entries(b *testing.B) {
	s := library(b, 100_000)
	for _, c := range []struct {
		name, section string
		sel           feed.Selection
	}{
		{"common word", "all", feed.Selection{Query: nth(1)}},
		{"rare word", "all", feed.Selection{Query: nth(29_876)}},
		{"no such word", "all", feed.Selection{Query: "nowhere"}},
		{"common words and one that is not", "all", feed.Selection{Query: nth(1) + " " + nth(2) + " " + nth(3) + " " + nth(4) + " nowhere"}},
		{"common words without others", "all", feed.Selection{Query: nth(1) + " -" + nth(2) + " -" + nth(3) + " -politics"}},
		{"phrase", "all", feed.Selection{Query: `"` + nth(1) + " " + nth(2) + `"`}},
		{"phrase with few hits", "all", feed.Selection{Query: `"` + strings.Repeat(nth(1)+" ", 5) + `"`}},
		{"Chinese word", "all", feed.Selection{Query: "\u4e01\u4e02"}},
		{"Chinese with few hits", "all", feed.Selection{Query: "\u4e01\u4e01\u4e01\u4e01\u4e01\u4e01"}},
		{"star", "all", feed.Selection{Query: "baaa*"}},
		{"stars", "all", feed.Selection{Query: "baaa* caaa* daaa* eaaa* faaa* gaaa* haaa* iaaa*"}},
		{"common word in a small section", "world", feed.Selection{Query: nth(1)}},
		{"common word in the paper", "", feed.Selection{Query: nth(1)}},
		{"common category", "all", feed.Selection{Category: "politics"}},
		{"rare category", "all", feed.Selection{Category: "topic 77"}},
		{"no such category", "all", feed.Selection{Category: "nothing"}},
		{"language", "all", feed.Selection{Language: "en"}},
		{"source", "all", feed.Selection{Source: "source-0"}},
		{"source without any", "all", feed.Selection{Source: "source-1"}},
		{"all of them", "all", feed.Selection{Source: "source-0", Language: "de", Category: "topic 77", Query: nth(1)}},
	} {
		b.Run(c.name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				v, err := s.Select(b.Context(), c.section, c.sel, 100)
				if err != nil {
					b.Fatal(err)
				}
				n = len(v.Entries)
			}
			b.ReportMetric(float64(n), "hits")
		})
	}
}

// BenchmarkIndex is what an article costs: its words, and a poll of 20 new ones beside
// 20,000 that are stored.
func BenchmarkIndex(b *testing.B) {
	l := &teller{2}
	b.Run("words", func(b *testing.B) {
		e := l.article(1).Entry
		for b.Loop() {
			search.Words(e)
		}
	})
	b.Run("poll of 20", func(b *testing.B) {
		s := library(b, 20_000)
		for n := 20_000; b.Loop(); n += 20 {
			var some []feed.Arrival
			for i := range 20 {
				some = append(some, l.article(n+i))
			}
			poll(b, s, day.Add(time.Second), some)
		}
	})
}
