package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestStatusForPrograms: the keys are a contract, and always there.
func TestStatusForPrograms(t *testing.T) {
	d := threeDesk(t)
	d.run("once")
	d.config(threeSources + `  - {name: later, url: "http://later.example/feed.xml"}` + "\n")
	var got struct {
		Sources, Sections []map[string]any
	}
	d.runJSON(&got, "status")
	now := d.now.Format(time.RFC3339)
	common := map[string]any{"warnings": []any{}, "error": "", "entries": 0., "held": 0., "pages": nil}
	fresh := with(common, "last_poll", nil, "last_success", nil, "next_poll", nil)
	want := []map[string]any{
		with(common, "name", "gulf", "state", "ok", "since", now, "last_poll", now, "last_success", now,
			"next_reason", "every 1h", "entries", 1.),
		with(common, "name", "tide", "state", "held", "since", now, "last_poll", now, "last_success", nil,
			"next_reason", "Retry-After", "next_poll", d.now.Add(2*time.Hour).Format(time.RFC3339),
			"error", "the server answered 429 (Too Many Requests)"),
		with(fresh, "name", "sleepy", "state", "paused", "since", now, "next_reason", "paused"),
		with(fresh, "name", "later", "state", "new", "since", nil, "next_reason", "once the new configuration is run"),
	}
	for i, s := range got.Sources {
		delete(s, "feeds")
		if s["name"] == "gulf" {
			delete(s, "next_poll") // a place in the hour that follows from a hash
		}
		if diff := cmp.Diff(want[i], s); diff != "" {
			t.Errorf("source %d (-want +got):\n%s", i, diff)
		}
	}
	if len(got.Sources) != len(want) {
		t.Errorf("%d sources are shown, want %d", len(got.Sources), len(want))
	}
	all := got.Sections[0]
	if etag, _ := all["etag"].(string); all["name"] != "all" || all["entries"] != 1. || len(etag) < 32 {
		t.Errorf("the section is %v", all)
	}
	for _, key := range []string{"shown", "newest", "modified", "pending"} {
		if _, ok := all[key]; !ok {
			t.Errorf("a section has no %q", key)
		}
	}
}

func TestExplainTellsThatMoreArticlesMatch(t *testing.T) {
	d := newDesk(t)
	d.config(twoSections)
	var items []string
	for i := range explainLimit + 1 {
		items = append(items, fmt.Sprintf("%d|http://gulf.example/%d|Storm %d|%d|Iran", i, i, i, i))
	}
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, items...))
	d.run("once")
	if out := d.run("explain", "storm"); strings.Count(out, "\n  id ") != explainLimit || !strings.Contains(out, "more articles match") {
		t.Errorf("explain shows:\n%s", out)
	}
	if out := d.run("explain", "storm", "3"); strings.Contains(out, "more articles match") {
		t.Errorf("explain shows:\n%s", out)
	}
}

func TestExplainSaysWhichSourcesMayHaveMissedAnArticle(t *testing.T) {
	d := threeDesk(t)
	item := "1|http://gulf.example/1|Storm|2|Iran"
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, item, item))
	d.run("once")
	out, _, code := d.try("explain", "Calm")
	for _, want := range []string{"gulf left out 1 item: duplicate\n",
		"tide is held: the server answered 429 (Too Many Requests)\n", "sleepy is paused\n"} {
		if !strings.Contains(out, want) || code != exitFailed {
			t.Errorf("exit %d without %q:\n%s", code, want, out)
		}
	}
}
