package main

import (
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/fakeweb"
)

// origin is a feed that changes every five hours and judges each request for it:
// all but the first must bring the validators that it sent last.
type origin struct {
	begun time.Time
	id    int

	mu       sync.Mutex // guards what follows
	asked    int
	etag     string // as sent last
	modified string
	bare     int      // requests without validators
	wrong    []string // what was wrong with requests
}

func (o *origin) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	version := int(time.Since(o.begun)/(5*time.Hour)) + o.id
	h := r.Header
	match, since := h.Get("If-None-Match"), h.Get("If-Modified-Since")
	if match == "" && since == "" {
		o.bare++
	} else if match != o.etag || since != o.modified {
		o.wrong = append(o.wrong, fmt.Sprintf("request %d came with %q and %q; sent last were %q and %q",
			o.asked, match, since, o.etag, o.modified))
	}
	same := strings.HasPrefix(strings.TrimPrefix(match, "W/"), fmt.Sprintf(`"v%d `, version))
	// A 304 may carry another validator, which counts from then on (H-2).
	o.asked++
	o.etag = fmt.Sprintf(`"v%d %d"`, version, o.asked/7)
	if o.id%2 == 1 {
		o.etag = "W/" + o.etag
	}
	o.modified = o.begun.Add(time.Duration(version) * time.Hour).UTC().Format(http.TimeFormat)
	w.Header().Set("ETag", o.etag)
	w.Header().Set("Last-Modified", o.modified)
	w.Header().Set("Set-Cookie", "taste=this")
	if same {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", "application/rss+xml")
	w.Write(rss(o.begun, fmt.Sprintf("%d-%d|http://%s/%d|Title %d %d|1|A", o.id, version, r.Host, version, o.id, version)))
}

// scored is a web of n changing feeds, two at each host, with the configuration
// that polls them hourly and never more often.
func scored(d *desk, n int) map[string]*origin {
	var b strings.Builder
	b.WriteString("fetch: {host_gap: 2s, floor: 60m}\nsections: [{name: all, title: All, sources: ['*']}]\nsources:\n")
	out := map[string]*origin{}
	for i := range n {
		host, path := fmt.Sprintf("www.h%d.example", i/2), fmt.Sprintf("/%d.xml", i)
		o := &origin{begun: time.Now(), id: i}
		out["http://"+host+path] = o
		d.web.HandlePage(host, path, o)
		fmt.Fprintf(&b, "  - {name: s%d, url: 'http://%s%s', every: 1h}\n", i, host, path)
	}
	d.config(b.String())
	return out
}

// byURL sorts a log by what was asked for.
func byURL(log []fakeweb.Request) map[string][]fakeweb.Request {
	out := map[string][]fakeweb.Request{}
	for _, r := range log {
		out[r.URL()] = append(out[r.URL()], r)
	}
	return out
}

var realAgent = regexp.MustCompile(`^Broadsheet/\S+ \(\+http://paper\.example/\)$`)

// judgeScore is E-2: one unconditional request a feed, no gap under an hour, the
// last validators, no cookie, referer or query, a real User-Agent, one request at
// a time to a host and two seconds of rest there.
func judgeScore(t *testing.T, log []fakeweb.Request, origins map[string]*origin, least, most int) {
	t.Helper()
	asked := byURL(log)
	if len(asked) != len(origins) {
		t.Errorf("%d urls were asked, want %d", len(asked), len(origins))
	}
	hosts := map[string]bool{}
	for url, o := range origins {
		log := asked[url]
		if o.bare != 1 || len(o.wrong) > 0 {
			t.Errorf("%s: %d unconditional requests, want 1; %v", url, o.bare, o.wrong)
		}
		if len(log) < least || len(log) > most {
			t.Errorf("%s was asked %d times, want %d to %d", url, len(log), least, most)
		}
		for i, r := range log {
			hosts[r.Host] = true
			if i > 0 && r.Start.Sub(log[i-1].Start) < time.Hour {
				t.Errorf("%s: only %v between two polls", url, r.Start.Sub(log[i-1].Start))
			}
			if h := r.Header; h.Get("Cookie")+h.Get("Referer") != "" || !realAgent.MatchString(h.Get("User-Agent")) ||
				strings.Contains(r.Path, "?") || h.Get("Accept-Encoding") == "" {
				t.Errorf("%s: asked with %v", r.URL(), h)
			}
		}
	}
	for host := range hosts {
		log := fakeweb.To(log, host)
		if gap, ok := fakeweb.Gap(log); fakeweb.InFlight(log) > 1 || ok && gap < 2*time.Second {
			t.Errorf("%s had %d requests at once, and a rest of only %v", host, fakeweb.InFlight(log), gap)
		}
	}
}

// TestTwoDaysOfPolling is the 48-hour score (E-2, H-1, H-2, H-9), with twenty
// restarts and feeds that change.
func TestTwoDaysOfPolling(t *testing.T) {
	if testing.Short() {
		t.Skip("two days of twenty feeds")
	}
	synctest.Test(t, func(t *testing.T) {
		const feeds = 20
		d := newDesk(t)
		origins := scored(d, feeds)
		conf := paper(t, d)
		begun := time.Now()
		for i := range 21 {
			shift(t, d, conf, 130*time.Minute)
			time.Sleep(time.Duration(i%7) * time.Minute) // the program is down
		}
		shift(t, d, conf, 48*time.Hour-time.Since(begun))
		judgeScore(t, d.web.Log(), origins, 42, 49)
		polls := 0
		for _, o := range origins {
			polls += o.asked
		}
		t.Logf("%d feeds, %d requests, %v", len(origins), polls, time.Since(begun))
	})
}

// TestRestartsCostNoRequest is F-23: a restart every 20 seconds for ten minutes,
// while nothing and while something is due.
func TestRestartsCostNoRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		origins := scored(d, 20)
		conf := paper(t, d)
		restless := func() {
			for range 30 {
				shift(t, d, conf, 20*time.Second)
			}
		}
		restless()
		judgeScore(t, d.web.Log(), origins, 1, 1)
		shift(t, d, conf, 80*time.Minute)
		restless()
		shift(t, d, conf, 30*time.Minute)
		judgeScore(t, d.web.Log(), origins, 2, 3)
	})
}

// TestA304Reschedules: H-2, E-4. What the feed's last 304 says of its freshness
// counts, and status says so.
func TestA304Reschedules(t *testing.T) {
	if testing.Short() {
		t.Skip("days of polling")
	}
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.config("sections: [{name: all, title: All, sources: ['*']}]\nsources: [{name: gulf, url: 'http://gulf.example/f.xml', every: 30m}]\n")
		body := rss(time.Now(), "1|http://gulf.example/1|Storm|1|A")
		d.web.Handle("gulf.example", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"1"`)
			if r.Header.Get("If-None-Match") == "" {
				w.Write(body)
				return
			}
			w.Header().Set("Cache-Control", "max-age=18000")
			w.Header().Set("Age", "3600")
			w.WriteHeader(http.StatusNotModified)
		}))
		shift(t, d, paper(t, d), 12*time.Hour)
		log := d.web.Log()
		for i := 2; i < len(log); i++ {
			if gap := log[i].Start.Sub(log[i-1].Start); gap < 4*time.Hour || gap > 4*time.Hour+time.Second {
				t.Errorf("it was asked again after %v; it said that it stays good for 4h", gap)
			}
		}
		if len(log) != 4 {
			t.Errorf("it was asked %d times in 12h, want 4", len(log))
		}
		source := statusOf(t, d, "gulf")
		if source["next_reason"] != "Cache-Control" {
			t.Errorf("it waits for %q", source["next_reason"])
		}
	})
}

// statusOf is a source in `status --json`.
func statusOf(t *testing.T, d *desk, name string) map[string]any {
	t.Helper()
	p, out, errs := d.start()
	p.clock = time.Now
	if code := p.main(t.Context(), []string{"-c", filepath.Join(d.dir, "config.yaml"), "status", "--json"}); code != exitDone {
		t.Fatal(errs)
	}
	var report struct{ Sources []map[string]any }
	decode(t, out.String(), &report)
	for _, s := range report.Sources {
		if s["name"] == name {
			return s
		}
	}
	t.Fatalf("status has no %s", name)
	return nil
}
