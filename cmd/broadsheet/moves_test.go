package main

import (
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/fakeweb"
)

// emigrant is a desk with a source whose feed moved for good.
func emigrant(t *testing.T) *desk {
	t.Helper()
	d := newDesk(t)
	d.config("sections: [{name: all, title: All, sources: ['*']}]\nsources:\n" +
		"  - {name: gulf, url: 'http://old.example/f.xml', every: 1h}\n" +
		"  - {name: tide, url: 'http://tide.example/f.xml', every: 1h}\n")
	for _, host := range []string{"new.example", "old.example", "tide.example"} {
		d.web.Serve(host, "/f.xml", "application/rss+xml", rss(time.Now(), host+"|http://"+host+"/1|Storm "+host+"|1|A"))
	}
	return d
}

// TestAFeedThatMovedIsAskedAtItsNewAddress: H-5. With its own validators, across a
// restart, and status says which line to change.
func TestAFeedThatMovedIsAskedAtItsNewAddress(t *testing.T) {
	if testing.Short() {
		t.Skip("two days of polls")
	}
	synctest.Test(t, func(t *testing.T) {
		d := emigrant(t)
		d.web.HandlePage("old.example", "/f.xml", fakeweb.Redirect(301, "http://new.example/f.xml"))
		conf := paper(t, d)
		shift(t, d, conf, 23*time.Hour)
		if n := len(fakeweb.To(d.web.Log(), "old.example")); n < 21 {
			t.Errorf("within a day the old address was asked only %d times", n)
		}
		shift(t, d, conf, 4*time.Hour)
		d.web.Forget()
		shift(t, d, conf, 12*time.Hour)
		if n := len(fakeweb.To(d.web.Log(), "old.example")); n != 0 {
			t.Errorf("after the move the old address was asked %d times", n)
		}
		log := fakeweb.To(d.web.Log(), "new.example")
		if len(log) < 11 {
			t.Errorf("the new one was asked %d times", len(log))
		}
		for _, r := range log {
			if r.Status != http.StatusNotModified {
				t.Errorf("it answered %d", r.Status)
			}
		}
		one := statusOf(t, d, "gulf")["feeds"].([]any)[0].(map[string]any)
		if one["moved_to"] != "http://new.example/f.xml" || one["url"] != "http://old.example/f.xml" || len(one["moves"].([]any)) != 1 ||
			one["last_body"] == nil || one["took_s"] == nil {
			t.Errorf("status --json says %v", one)
		}
		p, out, _ := d.start()
		p.clock = time.Now
		p.main(t.Context(), []string{"-c", filepath.Join(d.dir, "config.yaml"), "status"})
		// The helper of the tests writes three lines before the sources.
		if want := "moved to http://new.example/f.xml: change the url in config.yaml:6"; !strings.Contains(out.String(), want) {
			t.Errorf("status says\n%s\nwithout %q", out, want)
		}

		// The new address dies: the old one, which lives again, is found again (H-5).
		d.web.HandlePage("new.example", "/f.xml", fakeweb.Status(404))
		d.web.HandlePage("old.example", "/f.xml", fakeweb.Page("application/rss+xml", rss(time.Now(), "9|http://old.example/9|Home again|0|A")))
		shift(t, d, conf, 12*time.Hour)
		one = statusOf(t, d, "gulf")["feeds"].([]any)[0].(map[string]any)
		if one["moved_to"] != "" || one["state"] != "ok" || len(one["moves"].([]any)) != 2 {
			t.Errorf("after the new address died, status --json says %v", one)
		}
	})
}

// TestNoFeedIsLedAway: T-28. Whatever does not lead there for good, consistently
// and to a free, safe feed changes nothing.
func TestNoFeedIsLedAway(t *testing.T) {
	if testing.Short() {
		t.Skip("many days of polls")
	}
	home := fakeweb.Page("application/rss+xml", rss(time.Now(), "1|http://old.example/1|Storm|1|A"))
	for name, hijack := range map[string]http.Handler{
		"one 301 from a compromised origin": fakeweb.InTurn(home, fakeweb.Redirect(301, "http://new.example/f.xml"), home),
		"302":                               fakeweb.Redirect(302, "http://new.example/f.xml"),
		"303":                               fakeweb.Redirect(303, "http://new.example/f.xml"),
		"307":                               fakeweb.Redirect(307, "http://new.example/f.xml"),
		"onto another source":               fakeweb.Redirect(308, "http://tide.example/f.xml"),
		"to no feed":                        fakeweb.Redirect(301, "http://new.example/page.html"),
		"every other time":                  alternately(home, fakeweb.Redirect(301, "http://new.example/f.xml")),
		"to a login":                        fakeweb.Redirect(301, "http://new.example/login/f.xml"),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				d := emigrant(t)
				d.web.HandlePage("old.example", "/f.xml", hijack)
				d.web.Serve("new.example", "/page.html", "text/html", []byte("<html><title>For sale</title></html>"))
				d.web.Serve("new.example", "/login/f.xml", "application/rss+xml", rss(time.Now(), "1|http://new.example/1|A|1|A"))
				passes(t, d, paper(t, d), 72*time.Hour, 20*time.Minute)
				one := statusOf(t, d, "gulf")["feeds"].([]any)[0].(map[string]any)
				if one["moved_to"] != "" || len(one["moves"].([]any)) != 0 {
					t.Errorf("it moved: %v", one)
				}
			})
		})
	}
}

// alternately answers with a and b in turn, for ever.
func alternately(a, b http.Handler) http.Handler {
	n := 0
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n++
		if n%2 == 0 {
			b.ServeHTTP(w, r)
			return
		}
		a.ServeHTTP(w, r)
	})
}

// TestEndsOfFeeds: H-7, E-6, O-8. What fails is asked ever more rarely and never
// given up; what is gone is not asked until its url changes.
func TestEndsOfFeeds(t *testing.T) {
	if testing.Short() {
		t.Skip("months of polling")
	}
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		var sources strings.Builder
		answers := map[string]int{"missing": 404, "denied": 403, "locked": 401, "broken": 500, "gone": 410}
		for name, code := range answers {
			fmt.Fprintf(&sources, "  - {name: %s, url: 'http://%s.example/f.xml', every: 1h}\n", name, name)
			d.web.Handle(name+".example", fakeweb.Status(code))
		}
		d.config("sections: [{name: all, title: All, sources: ['*']}]\nsources:\n" + sources.String())
		conf := paper(t, d)
		passes(t, d, conf, 10*24*time.Hour, time.Hour)
		for name := range answers {
			log := fakeweb.To(d.web.Log(), name+".example")
			want, state := 16, "stale" // a back-off that doubles, then once a day
			if name == "gone" {
				want, state = 1, "gone"
			}
			if len(log) < min(want, 14) || len(log) > want {
				t.Errorf("%s was asked %d times in ten days, want about %d", name, len(log), want)
			}
			if got := statusOf(t, d, name)["state"]; got != state {
				t.Errorf("%s is %s, want %s", name, got, state)
			}
		}
		passes(t, d, conf, 90*24*time.Hour, 12*time.Hour)
		d.web.Forget()
		passes(t, d, conf, 28*24*time.Hour, 12*time.Hour)
		if n := len(fakeweb.To(d.web.Log(), "missing.example")); n != 4 {
			t.Errorf("a feed that is dead for 90 days was asked %d times in four weeks, want 4", n)
		}
		if why := statusOf(t, d, "missing")["next_reason"]; why != "no success for 90 days: one look a week" {
			t.Errorf("it waits for %q", why)
		}
		d.web.Handle("missing.example", fakeweb.Page("application/rss+xml", rss(time.Now(), "1|http://missing.example/1|Back|1|A")))
		passes(t, d, conf, 8*24*time.Hour, 12*time.Hour)
		if got := statusOf(t, d, "missing")["state"]; got != "ok" {
			t.Errorf("the feed that came back is %s", got)
		}
	})
}
