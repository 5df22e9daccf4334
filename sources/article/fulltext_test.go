package article

import (
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/internal/cost"
)

// scrapinghub names the pages whose whole text annotators wrote down, in the way that the
// benchmark measures.
const scrapinghub = "scrapinghub/article-extraction-benchmark"

// What is asked of full text on the open pages of scrapinghub: F1 over that of the better of
// two bare libraries on the same pages, recall, and the processor's time for a page.
// go-trafilatura is no dependency of ours, its figure is of a run by hand (v1.12.2, without
// fallback, comments excluded).
const (
	trafilaturaF1 = 0.9584
	gainF1        = 0.008
	leastRecall   = 0.985
	pageCost      = 8 * time.Millisecond
)

func ours(t testing.TB, k known) feed.Page {
	t.Helper()
	page, _, err := Read(feed.Leaf{URL: k.URL, ContentType: "text/html", Body: k.bytes}, Input{})
	if err != nil {
		t.Logf("%s: %v", k.ID, err)
	}
	return page
}

// part is the half of the pages that a page falls into: a rule that helps one half alone
// is made for single pages.
func part(id string) string {
	h := fnv.New32a()
	h.Write([]byte(id))
	return fmt.Sprintf("half %d", h.Sum32()>>7&1+1)
}

// TestFullTextAgainstTheTruth measures what is read by the benchmark's own measure, beside the
// bare library on the same pages. Captions count as text, though the truth has
// none of them; the last column is without.
func TestFullTextAgainstTheTruth(t *testing.T) {
	pages := corpus(t)
	type pair struct{ ours, bare, uncaptioned []score }
	table := map[string]*pair{}
	for _, k := range pages {
		if k.Body == "" {
			continue
		}
		content := string(ours(t, k).Content.Value)
		mine, theirs, uncaptioned := match(k.Body, textOf(t, content, false)), match(k.Body, bare(k)), match(k.Body, textOf(t, content, true))
		for _, row := range []string{k.Source, k.Source + ", " + part(k.ID)} {
			if table[row] == nil {
				table[row] = &pair{}
			}
			p := table[row]
			p.ours, p.bare, p.uncaptioned = append(p.ours, mine), append(p.bare, theirs), append(p.uncaptioned, uncaptioned)
		}
	}
	t.Logf("%-52s %5s  %-22s %-22s %s", "", "pages", "ours: P R F1", "go-readability: P R F1", "ours without captions")
	for _, row := range slices.Sorted(maps.Keys(table)) {
		p := table[row]
		t.Logf("%-52s %5d  %v   %v   %v", row, len(p.ours), mean(p.ours), mean(p.bare), mean(p.uncaptioned))
	}
	got, best := mean(table[scrapinghub].ours), max(mean(table[scrapinghub].bare).f1, trafilaturaF1)
	if got.f1 < best+gainF1 || got.recall < leastRecall {
		t.Errorf("full text has F1 %.4f and recall %.4f, not %.4f and %.3f", got.f1, got.recall, best+gainF1, leastRecall)
	}
}

func (a averages) String() string { return fmt.Sprintf("%.3f %.3f %.4f", a.precision, a.recall, a.f1) }

// TestFullTextCost: a page of scrapinghub's takes some milliseconds.
func TestFullTextCost(t *testing.T) {
	var pages []known
	for _, k := range corpus(t) {
		if k.Source == scrapinghub {
			pages = append(pages, k)
		}
	}
	all := func(do func(known)) time.Duration {
		return cost.Of(func() {
			for _, k := range pages {
				do(k)
			}
		}) / time.Duration(len(pages))
	}
	t.Logf("a page takes %s, with go-readability alone %s", all(func(k known) { ours(t, k) }), all(func(k known) { bare(k) }))
	cost.Within(t, pageCost*time.Duration(len(pages)), func() {
		for _, k := range pages {
			ours(t, k)
		}
	})
}

// tally counts by field what fits the truth.
type tally map[string]*[2]int

func (c tally) count(field string, fits bool) {
	if c[field] == nil {
		c[field] = &[2]int{}
	}
	c[field][1]++
	if fits {
		c[field][0]++
	}
}

// least is what part of each field's truths must be met. Truths of tests are what a site's
// own program made of its page; some differ from what the page says.
var least = map[string]float64{
	"postlight/parser title": 0.82, "postlight/parser author": 0.63, "postlight/parser date": 0.90, "postlight/parser image": 0.95, "postlight/parser start": 0.83,
	"adbar/trafilatura title": 0.79, "adbar/trafilatura author": 0.51, "adbar/trafilatura date": 0.80, "adbar/trafilatura must": 0.91, "adbar/trafilatura must not": 0.89,
}

func TestFieldsAgainstTheTruth(t *testing.T) {
	found := tally{}
	for _, k := range corpus(t) {
		if k.Source != "postlight/parser" && k.Source != "adbar/trafilatura" {
			continue
		}
		page := ours(t, k)
		text := fold(textOf(t, string(page.Content.Value), false))
		count := func(field string, fits bool, got any, want string) {
			found.count(k.Source+" "+field, fits)
			if !fits && testing.Verbose() {
				t.Logf("%s %s: %q, not %q", k.ID, field, got, want)
			}
		}
		if k.Title != "" {
			count("title", fold(string(page.Title.Value)) == fold(k.Title), page.Title.Value, k.Title)
		}
		if a := k.authors(); a != "" {
			count("author", folk(page.Authors) == a, folk(page.Authors), a)
		}
		if k.Date != "" {
			count("date", near(page.Published, k.Date), page.Published, k.Date)
		}
		if k.Image != "" {
			count("image", page.Image == k.Image, page.Image, k.Image)
		}
		if k.BodyStart != "" {
			start := squash(k.BodyStart)
			count("start", strings.Contains(squash(text), start), clip(text, 100), k.BodyStart)
		}
		for _, m := range k.Must {
			count("must", strings.Contains(squash(text), squash(m)), "", m)
		}
		for _, m := range k.MustNot {
			count("must not", !strings.Contains(squash(text), squash(m)), "", m)
		}
	}
	for _, field := range slices.Sorted(maps.Keys(found)) {
		n := found[field]
		share := float64(n[0]) / float64(n[1])
		t.Logf("%-30s %4d of %4d  %.3f", field, n[0], n[1], share)
		if share < least[field] {
			t.Errorf("%s: %.3f fit, less than %.3f", field, share, least[field])
		}
	}
}
