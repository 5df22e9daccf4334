package fakeweb_test

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/internal/fakeweb"
)

// browse makes a client of w in the running bubble, and closes both at its end.
func browse(t *testing.T, w *fakeweb.Web) *http.Client {
	tr := &http.Transport{
		DialContext:       w.DialContext,
		TLSClientConfig:   &tls.Config{RootCAs: w.Roots()},
		ForceAttemptHTTP2: true,
	}
	t.Cleanup(func() {
		tr.CloseIdleConnections()
		w.Close()
	})
	return &http.Client{Transport: tr, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
}

// get returns the status and the body; body errors end up in the body's place.
func get(t *testing.T, c *http.Client, url string, headers ...string) (*http.Response, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return res, err.Error()
	}
	return res, string(body)
}

func TestAPageAnswers304ToThoseWhoKnowIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := fakeweb.New()
		c := browse(t, w)
		w.Serve("gulf.example", "/feed", "application/rss+xml", []byte("one"))
		first, body := get(t, c, "http://gulf.example/feed")
		if first.StatusCode != 200 || body != "one" ||
			first.Header.Get("Content-Type") != "application/rss+xml" {
			t.Fatalf("got %d %q %v", first.StatusCode, body, first.Header)
		}
		etag, modified := first.Header.Get("ETag"), first.Header.Get("Last-Modified")
		for _, h := range [][]string{{"If-None-Match", etag}, {"If-Modified-Since", modified}} {
			if res, _ := get(t, c, "http://gulf.example/feed", h...); res.StatusCode != 304 {
				t.Errorf("%s: got %d, want 304", h[0], res.StatusCode)
			}
		}
		time.Sleep(time.Hour)
		w.Set("gulf.example", "/feed", []byte("two"))
		second, body := get(t, c, "http://gulf.example/feed",
			"If-None-Match", etag, "If-Modified-Since", modified)
		if second.StatusCode != 200 || body != "two" {
			t.Errorf("after a change: got %d %q", second.StatusCode, body)
		}
		w.Remove("gulf.example", "/feed")
		if res, _ := get(t, c, "http://gulf.example/feed"); res.StatusCode != 404 {
			t.Errorf("after removal: got %d, want 404", res.StatusCode)
		}
	})
}

func TestHTTPSSpeaksHTTP2WithACertificateOfTheWeb(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := fakeweb.New()
		c := browse(t, w)
		w.Serve("gulf.example", "/feed", "text/plain", []byte("hello"))
		res, body := get(t, c, "https://gulf.example/feed")
		if body != "hello" || res.Proto != "HTTP/2.0" {
			t.Errorf("got %q over %s", body, res.Proto)
		}
		if got := w.Log()[0].URL(); got != "https://gulf.example/feed" {
			t.Errorf("logged %q", got)
		}
	})
}

func TestAHostThatDoesNotExistIsNotFound(t *testing.T) {
	w := fakeweb.New()
	defer w.Close()
	if _, err := w.DialContext(t.Context(), "tcp", "nowhere.example:80"); err == nil ||
		!strings.Contains(err.Error(), "no such host") {
		t.Errorf("got %v", err)
	}
}

func TestADialAfterCloseIsRefused(t *testing.T) {
	w := fakeweb.New()
	w.Serve("gulf.example", "/", "text/plain", nil)
	w.Close()
	if _, err := w.DialContext(t.Context(), "tcp", "gulf.example:80"); err == nil {
		t.Error("a closed web took a connection")
	}
}

func TestBrokenOrigins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := fakeweb.New()
		c := browse(t, w)
		w.HandlePage("bad.example", "/cut", fakeweb.Truncated("text/xml", []byte("<rss></rss>"), 5))
		w.HandlePage("bad.example", "/slow", fakeweb.Slow(time.Minute,
			fakeweb.Status(503, "Retry-After", "5")))
		w.HandlePage("bad.example", "/moved", fakeweb.Redirect(301, "/new"))
		w.HandlePage("bad.example", "/turn", fakeweb.InTurn(
			fakeweb.Status(500), fakeweb.Raw([]byte("ok"))))
		w.Handle("bad.example", fakeweb.Status(410))

		if _, body := get(t, c, "http://bad.example/cut"); body != io.ErrUnexpectedEOF.Error() {
			t.Errorf("truncated: got %q", body)
		}
		began := time.Now()
		if res, _ := get(t, c, "http://bad.example/slow"); res.StatusCode != 503 ||
			res.Header.Get("Retry-After") != "5" || time.Since(began) != time.Minute {
			t.Errorf("slow: got %d after %s", res.StatusCode, time.Since(began))
		}
		if res, _ := get(t, c, "http://bad.example/moved"); res.Header.Get("Location") != "/new" {
			t.Errorf("moved: got %v", res.Header)
		}
		for i, want := range []int{500, 200, 200} {
			if res, _ := get(t, c, "http://bad.example/turn"); res.StatusCode != want {
				t.Errorf("turn %d: got %d, want %d", i, res.StatusCode, want)
			}
		}
		if res, _ := get(t, c, "http://bad.example/other"); res.StatusCode != 410 {
			t.Errorf("the host's own handler: got %d, want 410", res.StatusCode)
		}
	})
}

func TestCloseEndsWhatHangsOrNeverEnds(t *testing.T) {
	for name, h := range map[string]http.Handler{
		"hanging":          fakeweb.Hang(),
		"endless":          fakeweb.Endless("text/plain", bytes.Repeat([]byte("x"), 4096), 0),
		"endless and slow": fakeweb.Endless("text/plain", []byte("x"), time.Second),
		"slow":             fakeweb.Slow(time.Hour, fakeweb.Status(200)),
	} {
		for _, scheme := range []string{"http", "https"} {
			t.Run(name+" "+scheme, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := fakeweb.New()
					c := browse(t, w)
					w.Handle("bad.example", h)
					ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
					defer cancel()
					r, _ := http.NewRequestWithContext(ctx, "GET", scheme+"://bad.example/", nil)
					began := time.Now()
					res, err := c.Do(r)
					if err == nil {
						_, err = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<20))
						res.Body.Close()
					}
					if err != nil && !errors.Is(err, context.DeadlineExceeded) {
						t.Error(err)
					}
					w.Close()
					if took := time.Since(began); took > time.Minute {
						t.Errorf("Close waited %s", took)
					}
				})
			})
		}
	}
}

func TestTheLogCanBeJudged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := fakeweb.New()
		c := browse(t, w)
		w.Handle("a.example", fakeweb.Slow(2*time.Second, fakeweb.Status(200)))
		w.Handle("b.example", fakeweb.Slow(5*time.Second, fakeweb.Status(200)))
		done := make(chan struct{})
		go func() {
			defer close(done)
			get(t, c, "http://b.example/")
		}()
		for range 3 {
			get(t, c, "http://a.example/?x=1")
			time.Sleep(time.Second)
		}
		<-done
		log := w.Log()
		if n := fakeweb.InFlight(log); n != 2 {
			t.Errorf("in flight: got %d, want 2", n)
		}
		a := fakeweb.To(log, "a.example")
		if n := fakeweb.InFlight(a); n != 1 {
			t.Errorf("in flight at a: got %d, want 1", n)
		}
		if gap, ok := fakeweb.Gap(a); !ok || gap != time.Second {
			t.Errorf("gap: got %s", gap)
		}
		if gap, ok := fakeweb.Gap(log); !ok || gap >= 0 {
			t.Errorf("gap of overlapping requests: got %s", gap)
		}
		if a[0].Path != "/?x=1" || a[0].Status != 200 || a[0].Header.Get("Accept-Encoding") == "" {
			t.Errorf("got %+v", a[0])
		}
		w.Forget()
		if len(w.Log()) != 0 {
			t.Error("the log was not forgotten")
		}
	})
}

const archive = `A web of two hosts.
-- http://gulf.example/feed.rss --
<rss/>
-- http://gulf.example/list?page=2 text/plain; charset=utf-8 --
page two
-- https://meridien.example/old 301 http://gulf.example/feed.rss --
-- http://busy.example:8080/feed 503 Retry-After: 600 --
-- http://closed.example/feed 410 --
`

func TestAnArchiveIsAWeb(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, err := fakeweb.FromTxtar([]byte(archive))
		if err != nil {
			t.Fatal(err)
		}
		c := browse(t, w)
		for _, tc := range []struct {
			url, body, header, value string
			code                     int
		}{
			{"http://gulf.example/feed.rss", "<rss/>\n",
				"Content-Type", "application/rss+xml; charset=utf-8", 200},
			{"http://gulf.example/list?page=2", "page two\n",
				"Content-Type", "text/plain; charset=utf-8", 200},
			{"http://gulf.example/list", "404 page not found\n", "", "", 404},
			{"http://meridien.example/old", "", "Location", "http://gulf.example/feed.rss", 301},
			{"http://busy.example:8080/feed", "Service Unavailable", "Retry-After", "600", 503},
			{"https://closed.example/feed", "Gone", "", "", 410},
		} {
			res, body := get(t, c, tc.url)
			if res.StatusCode != tc.code || body != tc.body || res.Header.Get(tc.header) != tc.value {
				t.Errorf("%s: got %d %q %v", tc.url, res.StatusCode, body, res.Header)
			}
		}
	})
}

func TestABadArchiveIsRefused(t *testing.T) {
	for _, name := range []string{
		"feed.xml", "ftp://a.example/", "http://a.example/ nonsense",
		"http://a.example/ 1000", "http://a.example/ 503 nonsense", "http:///nowhere",
	} {
		if _, err := fakeweb.FromTxtar([]byte("-- " + name + " --\nx\n")); err == nil {
			t.Errorf("%q was taken", name)
		}
	}
}
