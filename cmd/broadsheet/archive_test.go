package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/store"
)

// chainOf follows next_url from a feed.json of a running program, and gives how often
// each id stands on pages of the archive, and all ids.
func chainOf(t *testing.T, base, path string) (all map[string]int, pages []string) {
	t.Helper()
	all = map[string]int{}
	for at := base + path; at != ""; {
		resp, err := http.Get(at)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != http.StatusOK {
			t.Fatalf("%s: %s, %v", at, resp.Status, err)
		}
		var f struct {
			Next  string `json:"next_url"`
			Items []struct{ ID string }
		}
		if err := json.Unmarshal(body, &f); err != nil {
			t.Fatalf("%s: %v", at, err)
		}
		for _, it := range f.Items {
			if len(pages) > 0 || f.Next == "" && len(pages) == 0 {
				all[it.ID]++
			} else {
				all[it.ID] += 0
			}
		}
		pages = append(pages, strings.TrimPrefix(at, base))
		if at = f.Next; at != "" {
			at = base + strings.TrimPrefix(at, "http://paper.example")
		}
		if len(pages) > 100 {
			t.Fatal("the chain has no end")
		}
	}
	return all, pages
}

const longSection = `
sections: [{name: long, title: Long, limit: 3, sources: [gulf]}]
sources: [{name: gulf, url: "http://gulf.example/feed.xml", every: 30m}]
`

// long is a feed of n items, the newest first.
func long(now time.Time, from, n int) []byte {
	var items []string
	for i := n; i > from; i-- {
		items = append(items, fmt.Sprintf("%d|http://gulf.example/%d|Tide table %d|%d|Sea", i, i, i, 200-i))
	}
	return rss(now, items...)
}

// FH-1, JSON-2: a newcomer finds everything, at addresses that go on holding.
func TestANewcomerFindsTheWholeOfASection(t *testing.T) {
	d := newDesk(t)
	d.config(longSection)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", long(d.now, 0, 70))
	d.run("once")
	base, _, stop := d.serve()
	waitFor(t, base+"/long/feed.json", "next_url")
	all, pages := chainOf(t, base, "/long/feed.json")
	if len(all) != 70 || len(pages) != 3 || pages[1] != "/-/archive/long/2-20/feed.json" {
		t.Errorf("%d articles on %v", len(all), pages)
	}
	full := get(t, base+"/-/archive/long/1/atom.xml")
	if full.StatusCode != http.StatusOK || full.Header.Get("ETag") == "" {
		t.Errorf("the full page: %s %v", full.Status, full.Header)
	}
	if resp := get(t, base+"/-/archive/long/1/atom.xml", "If-None-Match", full.Header.Get("ETag")); resp.StatusCode != http.StatusNotModified {
		t.Errorf("asked again: %s", resp.Status)
	}
	stop()

	// The section goes on, and has another name.
	d.web.Set("gulf.example", "/feed.xml", long(d.now, 0, 75))
	d.later(3 * time.Hour)
	d.config(strings.Replace(longSection, "name: long,", "name: sea, renamed_from: long,", 1))
	d.run("once")
	base, _, stop = d.serve()
	defer stop()
	waitFor(t, base+"/sea/feed.json", "next_url")
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for path, want := range map[string]string{
		"/-/archive/sea/2-20/rss.xml":   "/-/archive/sea/2-25/rss.xml",
		"/-/archive/long/2-20/atom.xml": "/-/archive/sea/2-25/atom.xml",
		"/-/archive/long/1/feed.json":   "/-/archive/sea/1/feed.json",
		"/-/archive/sea/9/feed.json":    "",
		"/-/archive/none/1/feed.json":   "",
	} {
		resp, err := client.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if code := resp.StatusCode; resp.Header.Get("Location") != want || want != "" && code != http.StatusMovedPermanently ||
			want == "" && code != http.StatusNotFound {
			t.Errorf("%s: %s to %q", path, resp.Status, resp.Header.Get("Location"))
		}
	}
}

// ATOM-*, RFC 6721: what is taken back leaves every document, and is told of.
func TestWithdrawLeavesNoTraceButATombstone(t *testing.T) {
	d := newDesk(t)
	d.config(longSection)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", long(d.now, 0, 70))
	d.run("once")
	d.run("withdraw", "http://gulf.example/5")
	base, _, stop := d.serve()
	defer stop()
	waitFor(t, base+"/long/feed.json", "next_url")
	all, _ := chainOf(t, base, "/long/feed.json")
	if len(all) != 69 {
		t.Errorf("%d articles", len(all))
	}
	for _, path := range []string{"/long/atom.xml", "/-/archive/long/1/atom.xml", "/atom.xml"} {
		resp, err := http.Get(base + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if !strings.Contains(string(body), "<at:deleted-entry ref=") || strings.Contains(string(body), "Tide table 5<") {
			t.Errorf("%s:\n%s", path, body)
		}
	}
}

// One line takes an article down, and one a source; without it they are back.
func TestALineOfTheConfigurationTakesBackAnArticleOrASource(t *testing.T) {
	d := newDesk(t)
	d.config(longSection)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", long(d.now, 0, 4))
	d.run("once")
	before := ids(t, d.build(), "long")
	shown := func(withdraw string) map[string]string {
		d.config("withdraw: [" + withdraw + "]\n" + longSection)
		return ids(t, d.build(), "long")
	}
	got := shown("https://gulf.example/4?utm_source=feed") // whatever form the link is in
	if len(got) != 3 || got["Tide table 4"] != "" {
		t.Errorf("the section shows %v", got)
	}
	if _, errs, code := d.try("release", "http://gulf.example/4"); code == exitDone || !strings.Contains(errs, "withdraw:") {
		t.Errorf("release: exit %d, %s", code, errs)
	}
	if out := d.run("explain", "http://gulf.example/4"); !strings.Contains(out, "the configuration takes it back") {
		t.Errorf("explain does not say so:\n%s", out)
	}
	if got := shown("source:gulf"); len(got) != 0 {
		t.Errorf("the section shows %v", got)
	}
	if got := shown(""); !maps.Equal(got, before) {
		t.Errorf("it shows %v, before that %v", got, before)
	}
}

// wholeChains checks that each section's feed.json leads to all that is in the section
// (JSON-2, FH-1), with everything on one page of the archive at most.
func wholeChains(t *testing.T, d *desk) {
	t.Helper()
	rows, err := store.Open(t.Context(), filepath.Join(d.dir, "broadsheet.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	_, sections, err := rows.Status(t.Context(), d.clock())
	if err != nil {
		t.Fatal(err)
	}
	shelf := map[string]feed.Document{}
	docs, _, _, err := rows.Shelf(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, doc := range docs {
		shelf[doc.Path] = doc
	}
	articles, pages := 0, 0
	for _, s := range sections {
		found, archived := map[string]bool{}, map[string]bool{}
		for at := s.Section.Path() + "feed.json"; at != ""; {
			doc, ok := shelf[at]
			if !ok {
				if doc, _, err = rows.Archived(t.Context(), at); err != nil || doc.Body == nil {
					t.Fatalf("%s: %v", at, err)
				}
				pages++
			}
			var f struct {
				Next  string `json:"next_url"`
				Items []struct{ ID string }
			}
			decode(t, string(doc.Body), &f)
			for _, it := range f.Items {
				if found[it.ID] = true; !ok && archived[it.ID] {
					t.Errorf("%s is in the archive of %q twice", it.ID, s.Section.Name)
				}
				archived[it.ID] = archived[it.ID] || !ok
			}
			at = strings.TrimPrefix(f.Next, "http://paper.example")
		}
		if len(found) != s.Entries {
			t.Errorf("section %q has %d articles, its chain %d", s.Section.Name, s.Entries, len(found))
		}
		articles += len(found)
	}
	t.Logf("%d articles of %d sections are in their chains, of %d archived pages", articles, len(sections), pages)
}
