package main

import (
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"
	"time"
)

// longDesk is a paper with two archive pages behind its section, read from its origin.
func longDesk(t *testing.T) *desk {
	d := newDesk(t)
	var items []string
	for i := range 130 {
		items = append(items, fmt.Sprintf("%d|http://gulf.example/%d|Ferry %d|%d|Trade", i, i, i, i+1))
	}
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, items...))
	d.config("sections:\n  - {name: trade, title: Trade, sources: \"*\", limit: 20}\n" +
		"sources:\n  - {name: gulf, title: Gulf Wire, url: \"http://gulf.example/feed.xml\", first: all, terms: full}\n")
	d.run("once")
	return d
}

// answered is what a reader keeps of an answer: its tag, when it changed and its body.
func answered(t *testing.T, address string) string {
	t.Helper()
	code, header, body := fetched(t, address)
	if code != http.StatusOK || header.Get("ETag") == "" {
		t.Errorf("%s: %d, tag %q", address, code, header.Get("ETag"))
	}
	return header.Get("ETag") + "\n" + header.Get("Last-Modified") + "\n" + body
}

// TestTwoPapersAndTenRestartsAreTheSameBytes: what is published is a function of what is
// stored. A second process with a store of its own that read the same origins builds the
// same site, and a daemon that is started ten times, an hour after the other, answers
// with the same bytes under the same tags, so that no reader fetches anything again.
func TestTwoPapersAndTenRestartsAreTheSameBytes(t *testing.T) {
	d := longDesk(t)
	site := d.build()
	if other := longDesk(t).build(); !maps.Equal(site, other) {
		for name := range site {
			if site[name] != other[name] {
				t.Errorf("%s: a second paper gives other bytes", name)
			}
		}
		t.Errorf("%d files and %d", len(site), len(other))
	}
	var paths []string
	archives := 0
	for _, name := range slices.Sorted(maps.Keys(site)) {
		base := path.Base(name)
		if base == "index.html" {
			name = strings.TrimSuffix(name, base)
		} else if strings.HasPrefix(base, ".") || !slices.Contains([]string{".xml", ".json", ".opml"}, path.Ext(name)) {
			continue
		}
		if strings.HasPrefix(name, "-/search") {
			continue // answered from what was asked
		}
		if strings.HasPrefix(name, "-/archive/") {
			archives++
		}
		paths = append(paths, "/"+name)
	}
	if archives < 6 || len(paths) < 20 {
		t.Fatalf("%d documents, %d of archives: %v", len(paths), archives, paths)
	}
	first := map[string]string{}
	for start := range 10 {
		base, _, stop := d.serve()
		for _, name := range paths {
			got := answered(t, base+name)
			if start == 0 {
				first[name] = got
			} else if got != first[name] {
				t.Errorf("start %d: %s has changed", start+1, name)
			}
		}
		stop()
		d.later(time.Hour)
	}
	if again := d.build(); !maps.Equal(site, again) {
		t.Error("after ten starts a build gives other files")
	}
}
