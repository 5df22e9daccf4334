package main

import (
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
	"broadsheet/feed/story"
	"broadsheet/internal/cost"
	"broadsheet/sources/syndication"
)

// trueMerges is how many pairs of real entries are one story. Every one of them was read
// and judged when this was written: change it only after doing so again.
const trueMerges = 22

// mayCompare is how many candidates an entry may have on average.
const mayCompare = 8

// printed is an entry of the corpus and whose it is.
type printed struct {
	source string
	entry  feed.Entry
	sketch story.Sketch
	folded string // title and text in letters only; empty if the text is short
}

// TestStoriesOfTheCorpus merges all real entries as a store would: it finds candidates
// by marks and compares them. Pairs that agree in every letter of title and text and do not
// merge are listed with the reason.
func TestStoriesOfTheCorpus(t *testing.T) {
	t.Parallel()
	root, feeds := corpus(t)
	if testing.Short() || cost.Race {
		t.Skip("it normalises the whole corpus")
	}
	if !*whole {
		t.Skip("it takes a minute and a half: -whole")
	}
	all := printedEntries(t, root, feeds)
	index, merges, compared := map[uint64][]int{}, 0, 0
	for i, p := range all {
		near := map[int]bool{}
		for _, m := range p.sketch.Marks() {
			for _, j := range index[m][max(0, len(index[m])-story.Popular):] {
				near[j] = true
			}
			index[m] = append(index[m], i)
		}
		compared += len(near)
		for j := range near {
			m, why := story.Same(all[j].sketch, p.sketch, all[j].source == p.source)
			if m != story.No {
				merges++
				t.Logf("merge %s: %s\n%s\n%s", []string{"", "by text", "by link"}[m], why, show(all[j]), show(p))
			}
		}
	}
	t.Logf("%d entries, %d comparisons, %d merges", len(all), compared, merges)
	if merges != trueMerges {
		t.Errorf("%d merges, and %d were judged", merges, trueMerges)
	}
	if compared > mayCompare*len(all) {
		t.Errorf("%d comparisons are too many", compared)
	}
	missed(t, all)
}

// missed lists what agrees in every letter, at different sources, and does not merge.
func missed(t *testing.T, all []printed) {
	const most = 200
	twins, merged, listed := map[string][]int{}, 0, 0
	for i, p := range all {
		if p.folded == "" {
			continue
		}
		for _, j := range twins[p.folded] {
			if all[j].source == p.source || listed == most {
				continue
			}
			if m, why := story.Same(all[j].sketch, p.sketch, false); m != story.No {
				merged++
			} else {
				listed++
				t.Logf("no merge: %s\n%s\n%s", why, show(all[j]), show(p))
			}
		}
		twins[p.folded] = append(twins[p.folded], i)
	}
	t.Logf("%d pairs agree in every letter and merge, %d do not", merged, listed)
	if listed > 0 {
		t.Error("those that do not were none when this was written")
	}
}

func show(p printed) string {
	text := normalise.PlainText(p.entry.Content)
	if text == "" {
		text = p.entry.Summary
	}
	return fmt.Sprintf("  [%s] %s | %s | %s | %s\n    %.400q", p.source, p.entry.Title, p.entry.Link,
		p.entry.Published.Format(time.DateTime), p.sketch, text)
}

// printedEntries makes every item of the corpus an entry; what one source lists twice
// is one.
func printedEntries(t *testing.T, root string, feeds []captured) (all []printed) {
	t.Helper()
	seen := map[string]bool{}
	for _, f := range feeds {
		body, err := os.ReadFile(filepath.Join(root, "feeds", f.file))
		if err != nil {
			t.Fatal(err)
		}
		doc, err := syndication.Parse(body, syndication.Input{URL: "http://" + f.host + "/feed", ContentType: f.mediaType})
		if err != nil {
			continue
		}
		source := publisher(f, doc.Header)
		for _, item := range doc.Items {
			item.Channel = doc.Header.Channel
			if known(seen, source, item) {
				continue
			}
			r, err := normalise.Make(normalise.Input{
				Sightings: []feed.Sighting{{Item: item}},
				Outlet:    feed.Outlet{Name: source},
				FirstSeen: time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC),
			})
			if err == nil {
				all = append(all, printed{source, r.Entry, story.Draw(r.Entry), folded(r.Entry)})
			}
		}
	}
	return all
}

// publisher names the source of a feed: feeds of one host, and captures of one feed, are
// of one source.
func publisher(f captured, h feed.Header) string {
	for _, link := range []string{h.Link, h.Self} {
		if u, err := url.Parse(link); err == nil && strings.Contains(u.Host, ".") {
			return strings.TrimPrefix(strings.ToLower(u.Host), "www.")
		}
	}
	return f.file
}

// known tells whether a source listed an item before, and remembers it.
func known(seen map[string]bool, source string, item feed.Item) (yes bool) {
	for _, k := range normalise.Identify(item).Keys {
		if k.Kind != feed.KeyGUID && k.Kind != feed.KeyText {
			continue
		}
		key := fmt.Sprint(source, k.Kind, k.Value)
		yes = yes || seen[key]
		seen[key] = true
	}
	return yes
}

// folded is what an entry says in letters only; empty for a short text.
func folded(e feed.Entry) string {
	const least = 300
	keep := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsLetter(r) {
				return unicode.ToLower(r)
			}
			return -1
		}, s)
	}
	text := keep(normalise.PlainText(e.Content))
	if text == "" {
		text = keep(e.Summary)
	}
	if len([]rune(text)) < least {
		return ""
	}
	return keep(e.Title) + "\n" + text
}
