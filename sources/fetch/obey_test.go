package fetch_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
	"broadsheet/internal/fakeweb"
	"broadsheet/sources/fetch"
	"broadsheet/sources/fetch/robots"
)

// page asks for a page that nobody configured as a feed.
func (w world) page(t *testing.T, url string) error {
	t.Helper()
	_, err := w.client.Get(t.Context(), w.gate, fetch.Request{URL: url, Page: true})
	return err
}

// asked is the log as "host/path".
func (w world) asked() (out []string) {
	for _, r := range w.Log() {
		out = append(out, r.Host+r.Path)
	}
	return out
}

// robotsSay puts a robots.txt at a host.
func (w world) robotsSay(host, text string) {
	w.HandlePage(host, "/robots.txt", fakeweb.Raw([]byte(text), "Content-Type", "text/plain"))
}

// E-7: a page that robots.txt does not allow is not asked for; a feed asks for no
// robots.txt at all.
func TestPagesObeyRobotsAndFeedsDoNot(t *testing.T) {
	inWorld(t, fetch.Options{UserAgent: "Broadsheet/1 (+https://news.example/)"}, func(t *testing.T, w world) {
		w.Handle("gulf.example", fakeweb.Raw([]byte("x")))
		w.robotsSay("gulf.example", "User-agent: *\nDisallow: /\n\nUser-agent: broadsheet\nDisallow: /private/\n")
		w.mustGet(t, "http://gulf.example/private/feed", feed.Memo{})
		if err := w.page(t, "http://gulf.example/open"); err != nil {
			t.Error(err)
		}
		err := w.page(t, "http://gulf.example/private/page")
		if feed.KindOf(err) != feed.KindRobots || err.Error() != "fetching: robots.txt of gulf.example does not allow it" {
			t.Errorf("got %q: %v", feed.KindOf(err), err)
		}
		want := []string{"gulf.example/private/feed", "gulf.example/robots.txt", "gulf.example/open"}
		if d := cmp.Diff(want, w.asked()); d != "" {
			t.Errorf("-want +got\n%s", d)
		}
		if d := cmp.Diff([]string{"gulf.example", "gulf.example", "gulf.example"}, w.gate.hosts); d != "" {
			t.Errorf("gates: %s", d)
		}
	})
}

// RFC 9309 §2.3.1: what it means that there is none, or that it cannot be read.
func TestWhatAnAnswerForRobotsMeans(t *testing.T) {
	disallow := []byte("User-agent: *\nDisallow: /")
	for _, tc := range []struct {
		name    string
		h       http.Handler
		allowed bool
	}{
		{"200", fakeweb.Raw(disallow), false},
		{"200 in gzip", fakeweb.Raw(compressed("gzip", disallow), "Content-Encoding", "gzip"), false},
		{"a web page", fakeweb.Raw([]byte("<!doctype html><p>welcome")), true},
		{"empty", fakeweb.Raw(nil), true},
		{"204", fakeweb.Status(204), true},
		{"401", fakeweb.Status(401), true},
		{"403", fakeweb.Status(403), true},
		{"404", fakeweb.Status(404), true},
		{"407 of the origin itself", fakeweb.Status(407), true},
		{"410", fakeweb.Status(410), true},
		{"451", fakeweb.Status(451), true},
		{"304 to no question", fakeweb.Status(304), false},
		{"429 says neither", fakeweb.Status(429), false},
		{"500", fakeweb.Status(500), false},
		{"503", fakeweb.Status(503), false},
		{"a broken connection", fakeweb.Truncated("text/plain", []byte("User-agent: *\nAllow: /\n"), 5), false},
		{"no answer", fakeweb.Hang(), false},
		{"a damaged coding", fakeweb.Raw([]byte("x"), "Content-Encoding", "gzip"), false},
		{"a redirect to one that disallows", fakeweb.Redirect(302, "http://other.example/rules"), false},
		{"a redirect to nowhere", fakeweb.Status(302), true},
		{"a redirect to a private address", fakeweb.Redirect(302, "http://127.0.0.1/robots.txt"), false},
		{"one of 600 KiB, the rule first", fakeweb.Raw(append(slices.Clone(disallow), []byte("\n"+strings.Repeat("# x\n", 150<<10))...)), false},
		{"one without end", fakeweb.Endless("text/plain", append(slices.Clone(disallow), '\n'), 0), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
				w.Handle("gulf.example", fakeweb.Raw([]byte("x")))
				w.HandlePage("gulf.example", "/robots.txt", tc.h)
				w.Handle("other.example", fakeweb.Raw(disallow))
				err := w.page(t, "http://gulf.example/page")
				kind := feed.KindRobots
				if tc.name == "503" || strings.HasPrefix(tc.name, "429") {
					kind = feed.KindHeld
				}
				if tc.allowed != (err == nil) || err != nil && feed.KindOf(err) != kind {
					t.Errorf("got %q: %v", feed.KindOf(err), err)
				}
				if got := slices.Contains(w.asked(), "gulf.example/page"); got != tc.allowed {
					t.Errorf("the page was asked for: %t", got)
				}
			})
		})
	}
}

// RFC 9309 §2.5: a robots.txt that is cut at the limit is read to the end of a line:
// half a rule is another rule.
func TestALongRobotsIsNotCutWithinARule(t *testing.T) {
	head := "User-agent: *\nDisallow: /first\n"
	long := head + strings.Repeat("\n", robots.MaxBytes-len(head)-len("Disallow: /")) + "Disallow: /page"
	for name, h := range map[string]http.Handler{
		"as it is":     fakeweb.Raw([]byte(long)),
		"gzip":         fakeweb.Raw(compressed("gzip", []byte(long)), "Content-Encoding", "gzip"),
		"without end":  fakeweb.Endless("text/plain", []byte(long+"/"), 0),
		"of its limit": fakeweb.Raw([]byte(head + strings.Repeat("\n", robots.MaxBytes-len(head)-len("Disallow: /x")) + "Disallow: /x")),
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
				w.Handle("gulf.example", fakeweb.Raw([]byte("x")))
				w.HandlePage("gulf.example", "/robots.txt", h)
				if err := w.page(t, "http://gulf.example/other"); err != nil {
					t.Errorf("half of a rule was obeyed: %v", err)
				}
				if err := w.page(t, "http://gulf.example/first"); feed.KindOf(err) != feed.KindRobots {
					t.Errorf("a whole rule was not: %v", err)
				}
			})
		})
	}
}

func TestFiveRedirectsAreFollowedToRobots(t *testing.T) {
	for n, allowed := range map[int]bool{5: false, 6: true} {
		inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
			w.Handle("gulf.example", fakeweb.Raw([]byte("x")))
			w.HandlePage("gulf.example", "/robots.txt", fakeweb.Redirect(301, "http://hop1.example/"))
			for i := 1; i < n; i++ {
				w.Handle(fmt.Sprintf("hop%d.example", i), fakeweb.Redirect(302, fmt.Sprintf("http://hop%d.example/", i+1)))
			}
			w.Handle(fmt.Sprintf("hop%d.example", n), fakeweb.Raw([]byte("User-agent: *\nDisallow: /")))
			if err := w.page(t, "http://gulf.example/page"); (err == nil) != allowed {
				t.Errorf("%d redirects: %v", n, err)
			}
		})
	}
}

// Every hop of a page's redirect is asked about, each at its own origin.
func TestEachHopOfAPageIsAllowedByItsOwnOrigin(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("short.example", fakeweb.Redirect(302, "http://shop.example:8080/item"))
		w.HandlePage("short.example", "/robots.txt", fakeweb.Status(404))
		w.Handle("shop.example:8080", fakeweb.Raw([]byte("x")))
		w.robotsSay("shop.example:8080", "User-agent: *\nDisallow: /item")
		w.Handle("shop.example", fakeweb.Raw([]byte("User-agent: *\nAllow: /"))) // another origin's
		err := w.page(t, "http://short.example/1")
		if feed.KindOf(err) != feed.KindRobots || !strings.Contains(err.Error(), "shop.example:8080") {
			t.Errorf("got %v", err)
		}
		want := []string{"short.example/robots.txt", "short.example/1", "shop.example:8080/robots.txt"}
		if d := cmp.Diff(want, w.asked()); d != "" {
			t.Errorf("-want +got\n%s", d)
		}
	})
}

// A robots.txt is believed for a day, one that could not be read for ten minutes.
func TestRobotsAreRemembered(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("gulf.example", fakeweb.Raw([]byte("x")))
		w.robotsSay("gulf.example", "User-agent: *\nAllow: /")
		w.Handle("ill.example", fakeweb.Raw([]byte("x")))
		w.HandlePage("ill.example", "/robots.txt", fakeweb.InTurn(fakeweb.Status(503, "Retry-After", "120"), fakeweb.Status(404)))
		count := func(host string) (n int) {
			for _, a := range w.asked() {
				if a == host+"/robots.txt" {
					n++
				}
			}
			return n
		}
		for range 49 { // two days, by the hour
			if err := w.page(t, "http://gulf.example/page"); err != nil {
				t.Fatal(err)
			}
			time.Sleep(time.Hour)
		}
		if n := count("gulf.example"); n != 3 {
			t.Errorf("asked %d times in two days", n)
		}
		res, err := w.client.Get(t.Context(), w.gate, fetch.Request{URL: "http://ill.example/page", Page: true})
		if feed.KindOf(err) != feed.KindHeld || !strings.Contains(err.Error(), "could not be read") ||
			!strings.Contains(err.Error(), "503") || res.Hints.RetryAfter != 2*time.Minute {
			t.Errorf("%v, retry after %s", err, res.Hints.RetryAfter)
		}
		time.Sleep(9 * time.Minute)
		if err := w.page(t, "http://ill.example/page"); err == nil || count("ill.example") != 1 {
			t.Errorf("after nine minutes: %v, asked %d times", err, count("ill.example"))
		}
		time.Sleep(2 * time.Minute)
		if err := w.page(t, "http://ill.example/page"); err != nil || count("ill.example") != 2 {
			t.Errorf("after eleven minutes: %v, asked %d times", err, count("ill.example"))
		}
	})
}

// T-25: the question for robots.txt carries nothing that lets anyone in, and what
// one way to an origin heard is not believed on another (T-19).
func TestRobotsAreAskedForWithoutCredentials(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("club.example", fakeweb.Raw([]byte("x")))
		w.HandlePage("club.example", "/robots.txt", fakeweb.Status(404))
		for _, access := range accesses {
			req := fetch.Request{URL: "http://club.example/page", Page: true, Access: access}
			if _, err := w.client.Get(t.Context(), w.gate, req); err != nil {
				t.Fatal(err)
			}
		}
		for _, r := range w.Log() {
			if want := r.Path == "/page"; knows(r) != want {
				t.Errorf("%s was told the secret: %t", r.Path, !want)
			}
		}
		if n := len(w.Log()); n != 2+len(accesses) { // one of them has a User-Agent of its own
			t.Errorf("%d requests", n)
		}
	})
}

// Crawl-delay is the least rest between the end of a request for a page and the
// next, up to half a minute; feeds are not slowed.
func TestCrawlDelayLengthensTheRest(t *testing.T) {
	for asked, want := range map[string]time.Duration{"7": 7 * time.Second, "0.5": 500 * time.Millisecond, "3600": 30 * time.Second} {
		inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
			w.Handle("gulf.example", fakeweb.Slow(2*time.Second, fakeweb.Raw([]byte("x"))))
			w.robotsSay("gulf.example", "User-agent: *\nCrawl-delay: "+asked)
			for range 4 {
				if err := w.page(t, "http://gulf.example/page"); err != nil {
					t.Fatal(err)
				}
			}
			if gap, _ := fakeweb.Gap(w.Log()[1:]); gap != want {
				t.Errorf("Crawl-delay: %s: a rest of %s", asked, gap)
			}
			w.Forget()
			w.mustGet(t, "http://gulf.example/feed", feed.Memo{})
			w.mustGet(t, "http://gulf.example/feed", feed.Memo{})
			if gap, _ := fakeweb.Gap(w.Log()); gap != 0 {
				t.Errorf("feeds rest for %s", gap)
			}
		})
	}
}

func TestARestEndsWithItsContext(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("gulf.example", fakeweb.Raw([]byte("x")))
		w.robotsSay("gulf.example", "User-agent: *\nCrawl-delay: 20")
		if err := w.page(t, "http://gulf.example/1"); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
		defer cancel()
		began := time.Now()
		_, err := w.client.Get(ctx, w.gate, fetch.Request{URL: "http://gulf.example/2", Page: true})
		if feed.KindOf(err) != feed.KindCanceled || time.Since(began) != 3*time.Second {
			t.Errorf("after %s: %v", time.Since(began), err)
		}
	})
}

// Many pages of one origin at once rest one after the other.
func TestPagesAtOnceRestInTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		web := fakeweb.New()
		defer web.Close()
		web.Handle("gulf.example", fakeweb.Raw([]byte("x")))
		web.HandlePage("gulf.example", "/robots.txt", fakeweb.Raw([]byte("User-agent: *\nCrawl-delay: 5")))
		c := fetch.New(fetch.Options{Dial: web.DialContext})
		defer c.Close()
		get := func() {
			if _, err := c.Get(t.Context(), &gate{}, fetch.Request{URL: "http://gulf.example/page", Page: true}); err != nil {
				t.Error(err)
			}
		}
		get()
		web.Forget()
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(get)
		}
		wait.Wait()
		if gap, _ := fakeweb.Gap(web.Log()); gap != 5*time.Second {
			t.Errorf("a rest of %s", gap)
		}
	})
}

// H-4: a server that answers the question for robots.txt with 429 or 503 is left
// alone like any other: whoever asked is told so, with the answer, once. Later ones
// hear how long it is still.
func TestAServerThatHoldsItsRobotsIsHeld(t *testing.T) {
	for _, code := range []int{429, 503} {
		inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
			w.Handle("gulf.example", fakeweb.Raw([]byte("x")))
			w.HandlePage("gulf.example", "/robots.txt", fakeweb.Redirect(301, "http://far.example/robots.txt"))
			w.Handle("far.example", fakeweb.InTurn(fakeweb.Status(code, "Retry-After", "7200"), fakeweb.Status(404)))
			get := func() (*fetch.Response, error) {
				return w.client.Get(t.Context(), w.gate, fetch.Request{URL: "http://gulf.example/page", Page: true})
			}
			res, err := get()
			if want := (feed.Trace{URL: "http://far.example/robots.txt", Code: code}); feed.KindOf(err) != feed.KindHeld ||
				res.Trace != want || res.Hints.RetryAfter != 2*time.Hour {
				t.Errorf("%d: %v, %+v, %+v", code, err, res.Trace, res.Hints)
			}
			time.Sleep(90 * time.Minute)
			if res, err = get(); feed.KindOf(err) != feed.KindRobots || res.Trace.Code != 0 || res.Hints.RetryAfter != 30*time.Minute {
				t.Errorf("%d, remembered: %v, %+v, %+v", code, err, res.Trace, res.Hints)
			}
			if n := len(w.Log()); n != 2 {
				t.Errorf("%d: %d requests while it wanted to be left alone", code, n)
			}
			time.Sleep(31 * time.Minute)
			if _, err := get(); err != nil {
				t.Error(err)
			}
		})
	}
}

// A gate that knows of a hold is believed, and it is not remembered as a word of
// the origin.
func TestAGateThatHoldsIsNoWordOfRobots(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("gulf.example", fakeweb.Status(404))
		w.HandlePage("gulf.example", "/page", fakeweb.Raw([]byte("x")))
		w.gate.refuse = &feed.Error{Kind: feed.KindHeld, Text: "it asked to be left alone"}
		if err := w.page(t, "http://gulf.example/page"); feed.KindOf(err) != feed.KindHeld {
			t.Errorf("got %v", err)
		}
		w.gate.refuse = nil
		if err := w.page(t, "http://gulf.example/page"); err != nil {
			t.Errorf("it is remembered: %v", err)
		}
	})
}

// A proxy that refuses us says nothing of its origins: all is refused, and asked
// for again soon.
func TestAProxysRefusalIsNoWordOfRobots(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("proxy.example:3128", fakeweb.Status(500))
		w.Handle("gulf.example:80", fakeweb.Status(407)) // what CONNECT names; the web is the proxy, too
		req := fetch.Request{URL: "http://gulf.example/page", Page: true, Access: feed.Access{Proxy: "http://proxy.example:3128"}}
		for n := range 3 {
			_, err := w.client.Get(t.Context(), w.gate, req)
			if feed.KindOf(err) != feed.KindRobots || !strings.Contains(err.Error(), "the proxy proxy.example:3128 asks for a name") {
				t.Errorf("got %q: %v", feed.KindOf(err), err)
			}
			if asked := len(w.gate.hosts); asked != n+1 {
				t.Errorf("%d requests after %d questions for robots.txt", asked, n+1)
			}
			time.Sleep(11 * time.Minute)
		}
	})
}

// RFC 9309 §2.2.1: the group is that of the product which is told to the origin.
func TestAUserAgentOfItsOwnReadsItsOwnRules(t *testing.T) {
	inWorld(t, fetch.Options{UserAgent: "Broadsheet/1"}, func(t *testing.T, w world) {
		w.Handle("gulf.example", fakeweb.Raw([]byte("x")))
		w.robotsSay("gulf.example", "User-agent: broadsheet\nDisallow: /a\n\nUser-agent: reader\nDisallow: /b\n")
		for range 2 {
			for agent, denied := range map[string]string{"": "/a", "Reader/2 (x)": "/b", "Other": "/none"} {
				for _, path := range []string{"/a", "/b"} {
					req := fetch.Request{URL: "http://gulf.example" + path, Page: true}
					if agent != "" {
						req.Access.Headers = map[string]string{"User-Agent": agent}
					}
					if _, err := w.client.Get(t.Context(), w.gate, req); (err != nil) != (path == denied) {
						t.Errorf("%q asks for %s: %v", agent, path, err)
					}
				}
			}
		}
	})
}

// A request rests for no longer than half a minute, with the lease of its host in
// hand: whoever would have to is sent away, and told for how long.
func TestNobodyRestsForLong(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		web := fakeweb.New()
		defer web.Close()
		web.Handle("gulf.example", fakeweb.Raw([]byte("x")))
		web.HandlePage("gulf.example", "/robots.txt", fakeweb.Raw([]byte("User-agent: *\nCrawl-delay: 20")))
		c := fetch.New(fetch.Options{Dial: web.DialContext})
		defer c.Close()
		get := func() (*fetch.Response, error) {
			return c.Get(t.Context(), &gate{}, fetch.Request{URL: "http://gulf.example/page", Page: true})
		}
		if _, err := get(); err != nil {
			t.Fatal(err)
		}
		web.Forget()
		began := time.Now()
		var mu sync.Mutex
		kinds := map[feed.Kind]int{}
		var wait sync.WaitGroup
		for range 4 {
			wait.Go(func() {
				res, err := get()
				mu.Lock()
				defer mu.Unlock()
				kinds[feed.KindOf(err)]++
				if took := time.Since(began); took > 30*time.Second || err != nil && res.Hints.RetryAfter != 40*time.Second {
					t.Errorf("after %s: %v, again after %s", took, err, res.Hints.RetryAfter)
				}
			})
		}
		wait.Wait()
		if kinds[feed.KindBusy] != 3 || len(web.Log()) != 1 {
			t.Errorf("%v, %d requests", kinds, len(web.Log()))
		}
	})
}

// T-19: what was heard of robots on one way to an origin is not believed on
// another: other authorities, or another proxy, may lead to another server.
func TestRobotsAreHeardOnEachWay(t *testing.T) {
	one, _ := identity(t)
	two, _ := identity(t)
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("gulf.example", fakeweb.Raw([]byte("x")))
		w.HandlePage("gulf.example", "/robots.txt", fakeweb.InTurn(fakeweb.Status(404), fakeweb.Raw([]byte("User-agent: *\nDisallow: /"))))
		for _, way := range []struct {
			access  feed.Access
			allowed bool
		}{{feed.Access{CA: one}, true}, {feed.Access{CA: two}, false}, {feed.Access{CA: one, Bearer: "x"}, true}, {feed.Access{CA: two}, false}} {
			_, err := w.client.Get(t.Context(), w.gate, fetch.Request{URL: "http://gulf.example/page", Page: true, Access: way.access})
			if (err == nil) != way.allowed {
				t.Errorf("%v", err)
			}
		}
	})
}
