package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"broadsheet/feed"
)

// inventedHub is a hub of the invented web for one feed. It verifies what it is asked at
// once, and pushes what it is told to.
type inventedHub struct {
	t *testing.T

	mu   sync.Mutex // guards what follows
	ours string     // where the program really listens; empty if that is not known yet
	subs map[string]url.Values
}

// newHub puts a hub at hub.example.
func newHub(d *desk, t *testing.T) *inventedHub {
	h := &inventedHub{t: t, subs: map[string]url.Values{}}
	d.roots = d.web.Roots()
	d.web.Handle("hub.example", h)
	return h
}

func (h *inventedHub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	form := r.PostForm
	w.WriteHeader(http.StatusAccepted)
	go func() {
		const challenge = "a challenge"
		q := url.Values{"hub.mode": form["hub.mode"], "hub.topic": form["hub.topic"], "hub.challenge": {challenge}, "hub.lease_seconds": {"864000"}}
		res, err := http.Get(h.really(form.Get("hub.callback")) + "?" + q.Encode())
		if err != nil {
			return // the test is over
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		if res.StatusCode != http.StatusOK || string(body) != challenge {
			h.t.Errorf("%s was not verified: %d %q", form.Get("hub.mode"), res.StatusCode, body)
			return
		}
		h.mu.Lock()
		defer h.mu.Unlock()
		h.subs[form.Get("hub.callback")] = form
		if form.Get("hub.mode") == "unsubscribe" {
			delete(h.subs, form.Get("hub.callback"))
		}
	}()
}

// reach tells where the program under test listens from now on; empty is nowhere.
func (h *inventedHub) reach(base string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ours = base
}

// really is where a callback leads in this test, once that is known.
func (h *inventedHub) really(callback string) string {
	for {
		h.mu.Lock()
		ours := h.ours
		h.mu.Unlock()
		if ours != "" || h.t.Context().Err() != nil {
			return ours + strings.TrimPrefix(callback, "http://paper.example")
		}
		time.Sleep(time.Millisecond)
	}
}

// all are the subscriptions there are.
func (h *inventedHub) all() (out []url.Values) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range h.subs {
		out = append(out, s)
	}
	return out
}

// push delivers a body to all subscribers, signed.
func (h *inventedHub) push(body []byte) {
	h.t.Helper()
	for _, s := range h.all() {
		r, err := http.NewRequest(http.MethodPost, h.really(s.Get("hub.callback")), bytes.NewReader(body))
		if err != nil {
			h.t.Fatal(err)
		}
		mac := hmac.New(sha256.New, []byte(s.Get("hub.secret")))
		mac.Write(body)
		r.Header.Set("X-Hub-Signature", "sha256="+hex.EncodeToString(mac.Sum(nil)))
		r.Header.Set("Content-Type", "application/rss+xml")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			h.t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode/100 != 2 {
			h.t.Errorf("a delivery was answered %d", res.StatusCode)
		}
	}
}

// hubbed is a feed that names the hub.
func hubbed(now time.Time, items ...string) []byte {
	return bytes.Replace(rss(now, items...), []byte(`<rss version="2.0"><channel>`),
		[]byte(`<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel>`+
			`<a:link rel="hub" href="https://hub.example/"/><a:link rel="self" href="http://origin.example/own"/>`), 1)
}

// until waits until ok holds, and fails after a while.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not after 20 seconds", what)
		}
	}
}

// page reads a document of the running program.
func page(t *testing.T, address string) string {
	t.Helper()
	_, _, body := fetched(t, address)
	return body
}

// requests counts those to a host.
func requests(d *desk, host string) (n int) {
	for _, r := range d.web.Log() {
		if r.Host == host {
			n++
		}
	}
	return n
}

const pushConfig = `
sections: [{name: all, title: All, sources: "*"}]
sources: [{name: wire, url: "http://origin.example/feed", every: 1h}]
`

// TestFromTheHubIntoTheSection: WSS-1 to WSS-5 in one piece. An origin publishes, its hub
// pushes, and the article is in the section's documents; without a request to the origin.
func TestFromTheHubIntoTheSection(t *testing.T) {
	d := newDesk(t)
	hub := newHub(d, t)
	items := []string{"tag:origin.example,2026:0|http://origin.example/0|Story 0|5|"}
	d.web.Serve("origin.example", "/feed", "application/rss+xml", hubbed(d.clock(), items...))
	d.config(pushConfig)
	base, _, stop := d.serve()
	hub.reach(base)
	until(t, "subscribed", func() bool { return len(hub.all()) == 1 })
	sub := hub.all()[0]
	if sub.Get("hub.topic") != "http://origin.example/own" || len(sub.Get("hub.secret")) < 32 {
		t.Errorf("subscribed: %v", sub)
	}
	asked := requests(d, "origin.example")
	var took []time.Duration
	n := 9
	if testing.Short() {
		n = 3
	}
	for i := 1; i <= n; i++ {
		title := fmt.Sprintf("Story %d", i)
		one := fmt.Sprintf("tag:origin.example,2026:%d|http://origin.example/%d|%s|0|", i, i, title)
		start := time.Now()
		if i%2 == 0 { // a diff: what is not in it stays (WSS-5)
			hub.push(hubbed(d.clock(), one))
		} else {
			hub.push(hubbed(d.clock(), append([]string{one}, items...)...))
		}
		items = append([]string{one}, items...)
		until(t, title, func() bool { return strings.Contains(page(t, base+"/all/atom.xml"), title+"<") })
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	t.Logf("from the hub into the documents: median %v, at most %v", took[len(took)/2].Round(time.Millisecond), took[len(took)-1].Round(time.Millisecond))
	if took[len(took)/2] > time.Second && !testing.Short() {
		t.Errorf("median %v", took[len(took)/2])
	}
	if got := strings.Count(page(t, base+"/all/atom.xml"), "<entry>"); got != n+1 {
		t.Errorf("%d entries of %d", got, n+1)
	}
	if more := requests(d, "origin.example") - asked; more != 0 {
		t.Errorf("the origin was asked %d times", more)
	}
	// Forged: of no signature, of a wrong one, to an address that is none.
	forged := hubbed(d.clock(), "tag:evil|http://evil.example/|Forged|0|")
	for _, address := range []string{hub.really(sub.Get("hub.callback")), base + feed.PushPath + strings.Repeat("A", 26)} {
		for _, signature := range []string{"", "sha256=" + strings.Repeat("0", 64)} {
			r, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(forged))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("X-Hub-Signature", signature)
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
		}
	}
	hub.push(hubbed(d.clock(), "tag:last|http://origin.example/last|The last one|0|"))
	until(t, "the last one", func() bool { return strings.Contains(page(t, base+"/all/atom.xml"), "The last one<") })
	if strings.Contains(page(t, base+"/all/atom.xml"), "Forged") {
		t.Error("a forged delivery was believed")
	}
	stop()

	var report statusReport
	d.runJSON(&report, "status")
	p := report.Sources[0].Feeds[0].Push
	if p == nil || p.State != feed.PushVerified || p.Hub != "https://hub.example/" || p.Why != "" || p.Signed != "sha256" || !p.Pushed.Equal(d.clock()) {
		t.Errorf("status: %+v", p)
	}
	if table := d.run("status"); !strings.Contains(table, "https://hub.example/") {
		t.Error(table)
	}
	// A poll finds nothing new then, and the next one is far away.
	d.web.Set("origin.example", "/feed", hubbed(d.clock(), append([]string{"tag:last|http://origin.example/last|The last one|0|"}, items...)...))
	d.later(time.Hour)
	d.run("once", "wire")
	d.runJSON(&report, "status")
	s := report.Sources[0]
	if s.NextReason != feed.PushReason || s.NextPoll.Sub(d.clock()) < 3*time.Hour || s.Entries != n+2 {
		t.Errorf("next poll %v (%s), %d entries", s.NextPoll, s.NextReason, s.Entries)
	}
	// Taken out of the file, it is unsubscribed.
	d.config(strings.Replace(pushConfig, "every: 1h", "every: 1h, push: false", 1))
	hub.reach("")
	base, _, stop = d.serve()
	hub.reach(base)
	until(t, "unsubscribed", func() bool { return len(hub.all()) == 0 })
	stop()
	d.runJSON(&report, "status")
	if p := report.Sources[0].Feeds[0].Push; p == nil || p.State != feed.PushNone || p.Why != "push is false for this source" {
		t.Errorf("status: %+v", p)
	}
}

// TestALyingHubCostsLatencyOnly: WSS-5. It says that articles read otherwise than they do,
// and keeps others to itself: the next poll puts both right, and is followed by others as
// if there was no hub.
func TestALyingHubCostsLatencyOnly(t *testing.T) {
	d := newDesk(t)
	hub := newHub(d, t)
	first := "tag:origin.example,2026:0|http://origin.example/0|Harbour opens|5|"
	d.web.Serve("origin.example", "/feed", "application/rss+xml", hubbed(d.clock(), first))
	d.config(pushConfig)
	base, _, stop := d.serve()
	hub.reach(base)
	until(t, "subscribed", func() bool { return len(hub.all()) == 1 })
	hub.push(hubbed(d.clock(), strings.Replace(first, "opens", "sold", 1)))
	until(t, "the lie", func() bool { return strings.Contains(page(t, base+"/all/atom.xml"), "Harbour sold<") })
	stop()

	next := func() (time.Duration, string, *pushStatus) {
		var report statusReport
		d.runJSON(&report, "status")
		s := report.Sources[0]
		return s.NextPoll.Sub(d.clock()), s.NextReason, s.Feeds[0].Push
	}
	d.later(2 * time.Hour) // the origin's body and validators are those of before
	d.run("once")
	if site := d.build(); !strings.Contains(site["all/atom.xml"], "Harbour opens<") || strings.Contains(site["all/atom.xml"], "sold") {
		t.Error("a poll did not put right what the hub said")
	}
	wait, why, _ := next()
	if wait < 3*time.Hour || wait > 24*time.Hour || why != feed.PushReason {
		t.Errorf("the next poll is after %v (%s)", wait, why)
	}
	d.later(wait / 2)
	d.web.Set("origin.example", "/feed", hubbed(d.clock(), "tag:new|http://origin.example/new|Bridge closed|0|", first))
	d.later(wait)
	d.run("once")
	if site := d.build(); !strings.Contains(site["all/atom.xml"], "Bridge closed<") {
		t.Error("what the hub kept to itself is missing after a poll")
	}
	wait, why, p := next()
	if wait > 2*time.Hour || why != "every 1h" || !p.Missed.Equal(d.clock()) || p.State != feed.PushVerified {
		t.Errorf("the next poll is after %v (%s); %+v", wait, why, p)
	}
	// A restart subscribes to nothing anew.
	asked := requests(d, "hub.example")
	_, _, stop = d.serve()
	time.Sleep(2 * wakePause)
	stop()
	if more := requests(d, "hub.example") - asked; more != 0 {
		t.Errorf("the hub was asked %d times after a restart", more)
	}
}

// wakePause is longer than it takes from the start to the first look at hubs.
const wakePause = 300 * time.Millisecond

// TestNoHubIsAskedThatCannotReachUs: websub.subscribe.
func TestNoHubIsAskedThatCannotReachUs(t *testing.T) {
	for config, why := range map[string]string{
		"site: {title: T, url: http://localhost:8080}\n":                                   "site.url is no public address, so that no hub can reach it",
		"site: {title: T, url: http://paper.example}\nwebsub: {subscribe: never}\n":        "websub.subscribe is never",
		"site: {title: T, url: http://10.0.0.7}\nwebsub: {subscribe: always}\n":            "the hub is asked by run",
		"site: {title: T, url: http://paper.example}\ndefaults: {source: {push: false}}\n": "push is false for this source",
	} {
		d := newDesk(t)
		d.web.Serve("origin.example", "/feed", "application/rss+xml", hubbed(d.clock(), "a|http://origin.example/a|A|0|"))
		d.config(config + pushConfig)
		d.run("once")
		var report statusReport
		d.runJSON(&report, "status")
		if p := report.Sources[0].Feeds[0].Push; p == nil || p.Why != why {
			t.Errorf("%s: %+v", config, p)
		}
	}
}

// TestFromTheHubOfAnOriginToASubscriberOfOurs is the whole chain over real sockets: the
// hub of an origin delivers to our listener, the article goes into its section, and our
// hub delivers the section to who subscribed to it.
func TestFromTheHubOfAnOriginToASubscriberOfOurs(t *testing.T) {
	d := newDesk(t)
	hub := newHub(d, t)
	d.web.Serve("origin.example", "/feed", "application/rss+xml", hubbed(d.clock(), "tag:origin.example,2026:0|http://origin.example/0|Story 0|5|"))
	d.config(pushConfig + "fetch: {allow_networks: [127.0.0.0/8]}\n")
	d.run("once")
	theirs := newPushed(t)
	u, err := url.Parse(theirs.URL)
	if err != nil {
		t.Fatal(err)
	}
	d.web.Handle(u.Host, theirs.Config.Handler)
	base, _, stop := d.serve()
	defer stop()
	hub.reach(base)
	until(t, "subscribed", func() bool { return len(hub.all()) == 1 })
	const topic = "http://paper.example/all/rss.xml"
	res, err := http.PostForm(base+"/-/hub", url.Values{"hub.mode": {"subscribe"}, "hub.topic": {topic}, "hub.callback": {theirs.URL + "/cb"}})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusAccepted {
		t.Fatalf("subscribing to %s: %s", topic, res.Status)
	}
	theirs.wait(t) // verified
	var took []time.Duration
	n := 15
	if testing.Short() {
		n = 3
	}
	for i := 1; i <= n; i++ {
		title := fmt.Sprintf("Story %d", i)
		start := time.Now()
		hub.push(hubbed(d.clock(), fmt.Sprintf("tag:origin.example,2026:%d|http://origin.example/%d|%s|0|", i, i, title)))
		theirs.wait(t)
		theirs.mu.Lock()
		last, at := theirs.bodies[len(theirs.bodies)-1], theirs.at[len(theirs.at)-1]
		theirs.mu.Unlock()
		if !strings.Contains(last, title+"<") {
			t.Fatalf("%s is not in the delivery: %.800s", title, last)
		}
		took = append(took, at.Sub(start))
	}
	slices.Sort(took)
	median := took[len(took)/2]
	t.Logf("from the origin's hub to our subscriber: median %v, at most %v", median.Round(time.Millisecond), took[len(took)-1].Round(time.Millisecond))
	if median > time.Second && !testing.Short() {
		t.Errorf("median %v", median)
	}
}
