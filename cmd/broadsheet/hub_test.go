package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/feed/serve"
)

// pushed takes what the hub of a `run` sends.
type pushed struct {
	*httptest.Server
	mu     sync.Mutex
	asked  int
	bodies []string
	at     []time.Time
	came   chan struct{}
}

func newPushed(t *testing.T) *pushed {
	p := &pushed{came: make(chan struct{}, 100)}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if r.Method == http.MethodGet {
			p.asked++
			io.WriteString(w, r.URL.Query().Get("hub.challenge"))
		} else {
			body, _ := io.ReadAll(r.Body)
			p.bodies, p.at = append(p.bodies, string(body)), append(p.at, time.Now())
		}
		p.came <- struct{}{}
	}))
	t.Cleanup(p.Close)
	return p
}

// wait waits for a request of the hub.
func (p *pushed) wait(t *testing.T) {
	t.Helper()
	select {
	case <-p.came:
	case <-time.After(20 * time.Second):
		t.Fatal("the hub did not come")
	}
}

// oneSection is a paper whose feeds and callbacks are on this machine.
func oneSection(origin, more string) string {
	return "site: {title: The Test, url: http://paper.example, id: paper.example}\nserve: {listen: 127.0.0.1:0, admin: 127.0.0.1:0}\n" +
		"sections:\n  - {name: all, sources: [\"*\"]}\nsources:\n  - {name: gulf, url: \"" + origin + "\"}\n" + more
}

// TestANewArticleIsPushedWithinASecondOfItsPoll: the whole way, over real sockets.
func TestANewArticleIsPushedWithinASecondOfItsPoll(t *testing.T) {
	d := newDesk(t)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, "1|http://gulf.example/1|First ferry|1|Trade"))
	d.config(oneSection("http://gulf.example/feed.xml", "fetch: {host_gap: 0s, floor: 1s, every: 1s, allow_networks: [127.0.0.0/8]}\n"))
	d.run("once")
	p := newPushed(t)
	// The readers' side is real; the invented web holds the origin, and what listens is reached through it.
	u, _ := url.Parse(p.URL)
	d.web.Handle(u.Host, p.Config.Handler)
	base, _, stop := d.serve()
	defer stop()
	form := url.Values{"hub.mode": {"subscribe"}, "hub.topic": {"http://paper.example/all/rss.xml"}, "hub.callback": {p.URL + "/cb"}}
	resp, err := http.PostForm(base+"/-/hub", form)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if resp.StatusCode != http.StatusAccepted {
		t.Fatalf("%d %s", resp.StatusCode, text)
	}
	p.wait(t)
	d.web.Set("gulf.example", "/feed.xml", rss(d.now, "1|http://gulf.example/1|First ferry|1|Trade", "2|http://gulf.example/2|Second ferry|0|Trade"))
	d.later(time.Minute)
	p.wait(t)
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.bodies) != 1 || !strings.Contains(p.bodies[0], "Second ferry") {
		t.Fatalf("%d deliveries: %.500s", len(p.bodies), p.bodies)
	}
	resp, err = http.Get(base + "/all/rss.xml")
	if err != nil {
		t.Fatal(err)
	}
	served, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if string(served) != p.bodies[0] {
		t.Error("what was pushed is not what is served")
	}
}

// TestACallbackOnThisMachineIsRefused: T-01, T-33.
func TestACallbackOnThisMachineIsRefused(t *testing.T) {
	d := newDesk(t)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, "1|http://gulf.example/1|First ferry|1|Trade"))
	d.config(oneSection("http://gulf.example/feed.xml", ""))
	d.run("once")
	p := newPushed(t)
	_, port, _ := net.SplitHostPort(p.Listener.Addr().String())
	base, _, stop := d.serve()
	defer stop()
	for _, host := range []string{"127.0.0.1:" + port, "[::1]:" + port, "169.254.169.254", "10.1.2.3", "[::ffff:127.0.0.1]:" + port} {
		resp, err := http.PostForm(base+"/-/hub", url.Values{"hub.mode": {"subscribe"}, "hub.topic": {"http://paper.example/all/rss.xml"},
			"hub.callback": {"http://" + host + "/"}})
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
	}
	deadline := time.Now().Add(10 * time.Second)
	for {
		n, err := d.intents()
		if err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d wait still", n)
		}
		time.Sleep(20 * time.Millisecond)
	}
	stop()
	if p.asked != 0 || strings.Count(d.logged.String(), "fetch.allow_networks") != 5 {
		t.Errorf("asked %d times\n%s", p.asked, d.logged)
	}
}

// intents is how many requests wait to be verified.
func (d *desk) intents() (int, error) {
	n := d.newsroom()
	defer n.close()
	status, err := n.store.HubStatus(d.t.Context(), d.clock())
	return status.Unverified, err
}

func TestTheFirstTouchIsPrintedAtOnceAndABurstTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newDesk(t)
		d.config(twoSections)
		d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, "0|http://gulf.example/0|Report 0|0|Iran"))
		d.run("once")
		n := d.newsroom()
		defer n.close()
		touched, ended := make(chan struct{}, 1), make(chan error, 1)
		n.worker.OnTouched = func([]string) { poke(touched) }
		go func() { ended <- n.press(t.Context(), touched, serve.NewShelf(n.store)) }()
		time.Sleep(time.Minute)
		var serials []int64
		serial := func() int64 {
			_, _, serial, err := n.store.Shelf(t.Context(), 0)
			if err != nil {
				t.Fatal(err)
			}
			return serial
		}
		report := func(i int) {
			d.web.Set("gulf.example", "/feed.xml", rss(d.now, fmt.Sprintf("%d|http://gulf.example/%d|Report %d|0|Iran", i, i, i)))
			d.later(time.Hour)
			if _, err := n.worker.Pass(t.Context(), []string{"gulf-wire"}); err != nil {
				t.Error(err)
			}
		}
		before := serial()
		report(1)
		time.Sleep(50 * time.Millisecond)
		if serial() == before {
			t.Error("the first touch was not printed within 50 ms")
		}
		for i := range 5 { // in half a second
			report(2 + i)
			time.Sleep(80 * time.Millisecond)
			if s := serial(); !slices.Contains(serials, s) {
				serials = append(serials, s)
			}
		}
		if len(serials) != 1 {
			t.Errorf("a burst was printed %d times while it went on", len(serials)-1)
		}
		time.Sleep(time.Second)
		if serial() == serials[0] {
			t.Error("the burst was not printed")
		}
	})
}

func TestGathering(t *testing.T) {
	for since, want := range map[time.Duration]time.Duration{
		0: pressPause, 100 * time.Millisecond: 400 * time.Millisecond, pressPause: pressGather, time.Hour: pressGather,
		-time.Second: pressPause, // a clock that was set back
	} {
		if got := gathering(since); got != want {
			t.Errorf("%s after a printing: %s, want %s", since, got, want)
		}
	}
}

func TestABuildSaysThatItsFeedsNameAHub(t *testing.T) {
	d := newDesk(t)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now, "1|http://gulf.example/1|First ferry|1|Trade"))
	for config, want := range map[string]bool{"": true, "websub: {hub: false}\n": false, "websub: {hub: false, hubs: [https://hub.example/]}\n": false} {
		d.config(oneSection("http://gulf.example/feed.xml", config))
		d.run("once")
		_, errs, _ := d.try("build", "-o", t.TempDir())
		if strings.Contains(errs, "http://paper.example/-/hub") != want {
			t.Errorf("%q: %s", config, errs)
		}
		feed := d.build()["all/atom.xml"]
		if strings.Contains(feed, `href="http://paper.example/-/hub"`) != want || strings.Contains(feed, `href="https://hub.example/"`) != strings.Contains(config, "hubs") {
			t.Errorf("%q: %.800s", config, feed)
		}
	}
}

func TestWithoutAHubOfOurOwnNobodyAnswers(t *testing.T) {
	d := newDesk(t)
	d.config(oneSection("http://gulf.example/feed.xml", "websub: {hub: false}\n"))
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.now))
	d.run("once")
	base, _, stop := d.serve()
	defer stop()
	resp, err := http.PostForm(base+"/-/hub", url.Values{"hub.mode": {"subscribe"}})
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusMethodNotAllowed && resp.StatusCode != http.StatusNotFound {
		t.Errorf("%d", resp.StatusCode)
	}
}
