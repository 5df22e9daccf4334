package main

import (
	"fmt"
	"strings"
	"testing"
)

// fairDesk is a paper of a wire that brings 60 notes in an hour and a weekly with two
// columns. more is more of the section world.
func fairDesk(t *testing.T, more string) *desk {
	d := newDesk(t)
	var notes []string
	for i := range 60 {
		notes = append(notes, fmt.Sprintf("n%d|http://wire.example/%d|Note %d of the %s|1|%s", i, i, i, prefix(i), []string{"oil", "port"}[i%2]))
	}
	d.web.Serve("wire.example", "/feed.xml", "application/rss+xml", rss(d.now, notes...))
	d.web.Serve("weekly.example", "/feed.xml", "application/rss+xml",
		rss(d.now, "c2|http://weekly.example/2|The second column|90|column", "c1|http://weekly.example/1|The first column|258|column"))
	d.fairConfig(more)
	return d
}

// prefix is a word that no other number gives, so that notes are not alike.
func prefix(i int) string {
	return string(rune('a'+i%26)) + string(rune('a'+i/26)) + "burg " + strings.Repeat("o", 1+i%7)
}

func (d *desk) fairConfig(more string) {
	d.t.Helper()
	d.config(`
sections:
  - {name: world, sources: weekly, limit: 20` + more + `}
  - {name: gulf, from: wire, match: [{category: oil}], parent: world}
  - {name: ports, from: wire, match: [{category: port}], parent: world}
  - {name: desk, sources: weekly, private: true}
sources:
  - {name: wire, url: "http://wire.example/feed.xml"}
  - {name: weekly, url: "http://weekly.example/feed.xml"}
`)
}

// wireAndWeekly counts whose articles a feed has.
func wireAndWeekly(t *testing.T, text string) (wire, weekly int) {
	t.Helper()
	var f jsonFeed
	decode(t, text, &f)
	for _, item := range f.Items {
		if strings.Contains(item.URL, "wire.example") {
			wire++
		} else {
			weekly++
		}
	}
	return wire, weekly
}

// TestASectionIsFair: a parent gathers what its sections have, a share leaves room for
// the weekly, and both may be changed without asking anybody again.
func TestASectionIsFair(t *testing.T) {
	d := fairDesk(t, "")
	d.run("once")
	d.web.Forget()
	for _, tc := range []struct {
		more         string
		wire, weekly int
	}{
		{"", 20, 0}, {", max_share: 30%", 6, 2}, {", max_per_source: 1", 1, 1},
		{", max_share: 50%, max_per_source: 12", 10, 2}, {", exclude: [{category: oil}]", 20, 0},
	} {
		d.fairConfig(tc.more)
		site := d.build()
		if wire, weekly := wireAndWeekly(t, site["world/feed.json"]); wire != tc.wire || weekly != tc.weekly {
			t.Errorf("with %q world shows %d of the wire and %d of the weekly", tc.more, wire, weekly)
		}
	}
	if log := d.web.Log(); len(log) != 0 {
		t.Errorf("%d requests were sent", len(log))
	}
	d.fairConfig(", max_share: 30%")
	site := d.build()
	if opml := site["opml.xml"]; strings.Count(opml, "</outline>\n      </outline>") == 0 && !strings.Contains(opml, "    <outline text=\"Gulf\"") {
		t.Errorf("gulf is not below world in %s", opml)
	}
	for _, want := range []string{`it is in section "ports"`, "as many newer articles of wire are as the section shows"} {
		if out := d.run("explain", "Note 59 of"); !strings.Contains(out, want) {
			if out = d.run("explain", "Note 1 of"); !strings.Contains(out, want) {
				t.Errorf("explain does not say %q: %s", want, out)
			}
		}
	}
}

// TestAPrivateSectionIsReadByWhoKnowsWhere: the daemon serves it there, and names it
// nowhere; the operator is told.
func TestAPrivateSectionIsReadByWhoKnowsWhere(t *testing.T) {
	d := fairDesk(t, "")
	d.run("once")
	var told statusReport
	d.runJSON(&told, "status")
	path := ""
	for _, s := range told.Sections {
		if s.Name == "desk" && s.Private {
			path = s.Path
		}
		if s.Name == "world" && (s.Private || s.Path != "/world/") {
			t.Errorf("world is at %q", s.Path)
		}
	}
	if !strings.HasPrefix(path, "/-/p/") || len(path) < len("/-/p/")+26 {
		t.Fatalf("desk is at %q", path)
	}
	if out := d.run("status"); !strings.Contains(out, "desk is private, at "+path) {
		t.Errorf("status does not tell: %s", out)
	}
	for name, text := range d.published() {
		switch {
		case strings.HasPrefix(name, path):
		case strings.HasPrefix(name, "/desk"), strings.Contains(text, path), strings.Contains(text, "/desk/"):
			t.Errorf("%s gives it away", name)
		}
	}
	if _, weekly := wireAndWeekly(t, d.published()[path+"feed.json"]); weekly != 2 {
		t.Errorf("it shows %d articles", weekly)
	}
	for name := range d.build() {
		if strings.HasPrefix(name, "-/p/") {
			t.Errorf("the static site has %s", name)
		}
	}
}
