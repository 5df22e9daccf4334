package main

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/internal/fakeweb"
)

// TestWhatCameBackIsNotWhatWasAskedFor (F-17, T-35): for a week a source answers
// with something else than its feed. Nothing of what is published changes by a
// byte, the status says in words what came, and afterwards all is well again.
func TestWhatCameBackIsNotWhatWasAskedFor(t *testing.T) {
	if testing.Short() {
		t.Skip("many days of many sources")
	}
	const page = "<!doctype html><html><head><title>%s</title>%s</head><body>%s</body></html>"
	html := func(title, head, body string) http.Handler {
		return fakeweb.Raw(fmt.Appendf(nil, page, title, head, body), "Content-Type", "text/html")
	}
	good := func(now time.Time) []byte { return rss(now, gulfItems("id", "Story")...) }
	parked := `<rss version="2.0"><channel><title>gulf.example is for sale</title><link>http://parked.example/</link><description>d</description>` +
		`<item><title>Buy this domain</title><link>http://parked.example/buy</link><guid>buy</guid></item></channel></rss>`
	tests := map[string]struct {
		answer func(now time.Time) http.Handler
		state  feed.State // after a week
		says   string     // error or warning of the status
	}{
		"nothing": {func(time.Time) http.Handler { return fakeweb.Raw(nil) }, feed.StateStale, "empty"},
		"a page to log in": {func(time.Time) http.Handler {
			return html("Sign in", "", `<form><input name=user><input type="password" name=pass></form>`)
		}, feed.StateStale, "log"},
		"a web page that links to a feed": {func(time.Time) http.Handler {
			return html("Gulf", `<link rel="alternate" type="application/rss+xml" href="/new-feed.xml">`, "<p>All the news.</p>")
		}, feed.StateStale, "http://gulf.example/new-feed.xml"},
		"a feed without items": {func(time.Time) http.Handler {
			return fakeweb.Raw([]byte(`<rss version="2.0"><channel><title>Feed</title><link>http://origin.example/</link><description>d</description></channel></rss>`), "Content-Type", "application/rss+xml")
		}, feed.StateOK, "no items"},
		"half of it": {func(now time.Time) http.Handler {
			body := good(now)
			return fakeweb.Raw(body[:len(body)/2], "Content-Type", "application/rss+xml")
		}, feed.StateOK, "ends"},
		"errors of the server": {func(time.Time) http.Handler { return fakeweb.Status(500) }, feed.StateStale, "500 (Internal Server Error)"},
		"not found":            {func(time.Time) http.Handler { return fakeweb.Status(404) }, feed.StateStale, "404 (Not Found)"},
		"forbidden":            {func(time.Time) http.Handler { return fakeweb.Status(403) }, feed.StateStale, "403 (Forbidden)"},
		"gone":                 {func(time.Time) http.Handler { return fakeweb.Status(410) }, feed.StateGone, "410 (Gone)"},
		"the feed of a parked domain": {func(time.Time) http.Handler {
			return fakeweb.Raw([]byte(parked), "Content-Type", "application/rss+xml")
		}, feed.StateOK, `it is called "gulf.example is for sale" and was called "Feed"`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.config("sections: [{name: all, title: All, sources: ['*']}]\nsources: [{name: gulf, url: 'http://gulf.example/feed'}]\n")
			written := d.clock()
			d.web.Serve("gulf.example", "/feed", "application/rss+xml", good(written))
			d.run("once")
			before := d.build()
			d.web.HandlePage("gulf.example", "/feed", tt.answer(written))
			for range 8 {
				d.later(23 * time.Hour)
				d.try("once")
			}
			if after := d.build(); !maps.Equal(before, after) {
				for file := range before {
					if before[file] != after[file] {
						t.Errorf("%s changed", file)
					}
				}
			}
			var report statusReport
			d.runJSON(&report, "status")
			s := report.Sources[0]
			told := s.Error
			for _, w := range s.Warnings {
				told += "\n" + w.Text
			}
			if s.State != tt.state || !strings.Contains(told, tt.says) {
				t.Errorf("the status is %s: %s", s.State, told)
			}
			if s.State == feed.StateGone {
				return // until its url changes
			}
			d.web.Serve("gulf.example", "/feed", "application/rss+xml", rss(d.clock(), "later|http://gulf.example/later|Later|0|A"))
			d.later(25 * time.Hour)
			d.run("once", "gulf")
			if got := ids(t, d.build(), "all"); got["Later"] == "" || len(got) != 5 {
				t.Errorf("after it recovered the section shows %v", got)
			}
		})
	}
}
