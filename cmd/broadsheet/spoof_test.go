package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestNoSourceChangesOrHidesAnothersArticles (T-18, T-27): a source copies the
// guids, links and dates of another one, before it or after it, with words of its
// own. Both sides' articles are there, each under an id that no other has, and
// those of the first keep theirs.
func TestNoSourceChangesOrHidesAnothersArticles(t *testing.T) {
	const articles = 100
	var honest, copied []string
	for n := range articles {
		honest = append(honest, fmt.Sprintf("https://honest.example/%d|https://honest.example/%d|Honest %d|%d|A", n, n, n, n))
		copied = append(copied, fmt.Sprintf("https://honest.example/%d|https://honest.example/%d|Copied %d|%d|A", n, n, n, n))
	}
	for name, order := range map[string][]string{"copied later": {"honest", "copy"}, "copied before": {"copy", "honest"}} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.config("defaults: {section: {limit: all, max_size: none}, source: {first: all}}\nsections: [{name: all, title: All, sources: ['*']}]\nsources:\n" +
				"  - {name: honest, url: 'http://honest.example/feed', rank: 1}\n  - {name: copy, url: 'http://copy.example/feed', rank: 2}\n")
			d.web.Serve("honest.example", "/feed", "application/rss+xml", rss(d.clock(), honest...))
			d.web.Serve("copy.example", "/feed", "application/rss+xml", rss(d.clock(), copied...))
			d.run("once", order[0])
			before := ids(t, d.build(), "all")
			d.run("once", order[1])
			for range 3 { // and goes on trying
				d.later(time.Hour)
				d.run("once", "honest", "copy")
			}
			site := d.build()
			after := ids(t, site, "all")
			if len(after) != 2*articles {
				t.Fatalf("%d articles are published, want %d", len(after), 2*articles)
			}
			for title, id := range before {
				if after[title] != id {
					t.Errorf("%q was %s and is %s", title, id, after[title])
				}
			}
			owners := map[string]string{}
			for title, id := range after {
				if other := owners[id]; other != "" {
					t.Errorf("%q and %q have the id %s", title, other, id)
				}
				owners[id] = title
			}
			for title, id := range after {
				if n := strings.Count(site["all/atom.xml"], "<id>"+id+"</id>"); n != 1 {
					t.Errorf("the id of %q stands %d times in the Atom feed", title, n)
				}
			}
		})
	}
}
