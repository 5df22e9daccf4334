package fetch_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
	"broadsheet/internal/fakeweb"
	"broadsheet/sources/fetch"
)

// gate lets everyone pass and remembers who did.
type gate struct {
	mu     sync.Mutex
	hosts  []string
	inside int
	refuse error
}

func (g *gate) Pass(_ context.Context, host string) (func(), error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.refuse != nil {
		return nil, g.refuse
	}
	g.hosts = append(g.hosts, host)
	g.inside++
	return func() {
		g.mu.Lock()
		defer g.mu.Unlock()
		g.inside--
	}, nil
}

// world is a web with a client and a gate, in a bubble of its own time.
type world struct {
	*fakeweb.Web
	client *fetch.Client
	gate   *gate
}

// inWorld runs f in a bubble. Whatever f does, everything must end with it: a
// goroutine that is left over fails the test.
func inWorld(t *testing.T, o fetch.Options, f func(t *testing.T, w world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := world{Web: fakeweb.New(), gate: &gate{}}
		o.Dial, o.Roots = w.DialContext, w.Roots()
		w.client = fetch.New(o)
		defer w.Close()
		defer w.client.Close()
		f(t, w)
		if w.gate.inside != 0 {
			t.Errorf("%d requests never gave the gate back", w.gate.inside)
		}
	})
}

func (w world) get(t *testing.T, url string, memo feed.Memo) (*fetch.Response, error) {
	t.Helper()
	res, err := w.client.Get(t.Context(), w.gate, fetch.Request{URL: url, Memo: memo})
	if res == nil {
		t.Fatal("there is no response")
	}
	var fe *feed.Error
	if err != nil && !errors.As(err, &fe) {
		t.Fatalf("%T is no *feed.Error", err)
	}
	return res, err
}

// mustGet is get where nothing may go wrong.
func (w world) mustGet(t *testing.T, url string, memo feed.Memo) *fetch.Response {
	t.Helper()
	res, err := w.get(t, url, memo)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestADocumentComesWithAllThatIsSaidAboutIt(t *testing.T) {
	o := fetch.Options{UserAgent: "Broadsheet/1 (+editor@news.example)"}
	inWorld(t, o, func(t *testing.T, w world) {
		w.HandlePage("gulf.example", "/feed", fakeweb.Slow(2*time.Second, fakeweb.Raw([]byte("<rss/>"),
			"Content-Type", "application/rss+xml",
			"ETag", `W/"a"`, "Last-Modified", "yesterday, about noon",
			"Cache-Control", "max-age=3600", "Age", "60", "Set-Cookie", "id=1",
			"Link", `</hub>; rel="hub", <https://gulf.example/feed>; rel=self`)))
		got := w.mustGet(t, "http://Gulf.example:80/feed#top", feed.Memo{})
		want := &fetch.Response{
			Trace: feed.Trace{URL: "http://gulf.example/feed", Code: 200, Bytes: 6,
				Took: 2 * time.Second},
			Memo: feed.Memo{URL: "http://gulf.example/feed", ETag: `W/"a"`,
				LastModified: "yesterday, about noon"},
			Hints:       feed.Hints{Fresh: 59 * time.Minute, Said: true},
			ContentType: "application/rss+xml",
			Links: []feed.Link{{Rel: "hub", Href: "http://gulf.example/hub"},
				{Rel: "self", Href: "https://gulf.example/feed"}},
			Body: []byte("<rss/>"),
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("-want +got\n%s", d)
		}
		w.mustGet(t, "http://gulf.example/feed", feed.Memo{})
		asked := w.Log()[1].Header
		if ua := asked.Get("User-Agent"); ua != "Broadsheet/1 (+editor@news.example)" {
			t.Errorf("user agent %q", ua)
		}
		for _, name := range []string{"Cookie", "Referer", "Authorization", "If-None-Match"} {
			if v := asked.Get(name); v != "" {
				t.Errorf("%s: %q was sent", name, v)
			}
		}
		if !strings.Contains(asked.Get("Accept"), "application/rss+xml") {
			t.Errorf("accept %q", asked.Get("Accept"))
		}
	})
}

func TestASecondPollOfAnUnchangedPageIs304(t *testing.T) {
	for _, url := range []string{"http://gulf.example/feed", "https://gulf.example/feed"} {
		inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
			w.Serve("gulf.example", "/feed", "text/xml", []byte("<rss/>"))
			memo := w.mustGet(t, url, feed.Memo{}).Memo
			memo.Digest = "d"
			time.Sleep(time.Hour)
			second := w.mustGet(t, url, memo)
			if !second.NotModified || second.Body != nil || second.Trace.Code != 304 {
				t.Errorf("got %+v", second)
			}
			if d := cmp.Diff(memo, second.Memo); d != "" {
				t.Errorf("memo -before +after\n%s", d)
			}
			w.Set("gulf.example", "/feed", []byte("<rss>2</rss>"))
			third := w.mustGet(t, url, second.Memo)
			if third.NotModified || string(third.Body) != "<rss>2</rss>" || third.Memo.Digest != "" {
				t.Errorf("after a change: got %+v", third)
			}
			if len(w.gate.hosts) != 3 {
				t.Errorf("gates passed: %v", w.gate.hosts)
			}
		})
	}
}

func TestValidatorsAreSentByteForByteAndOnlyToTheirURL(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("gulf.example", fakeweb.Raw([]byte("x")))
		memo := feed.Memo{URL: "http://gulf.example/a", ETag: `W/"x'y" z`, LastModified: "not a date"}
		w.mustGet(t, "http://gulf.example/a", memo)
		w.mustGet(t, "http://gulf.example/b", memo)
		w.mustGet(t, "https://gulf.example/a", memo)
		w.mustGet(t, "http://gulf.example/a", feed.Memo{URL: memo.URL, ETag: "bad\r\nHost: x"})
		for i, want := range []http.Header{
			{"If-None-Match": {memo.ETag}, "If-Modified-Since": {memo.LastModified}}, {}, {}, {},
		} {
			got := w.Log()[i].Header
			for _, name := range []string{"If-None-Match", "If-Modified-Since"} {
				if got.Get(name) != want.Get(name) {
					t.Errorf("request %d: %s is %q, want %q", i, name, got.Get(name), want.Get(name))
				}
			}
		}
	})
}

func TestA304RefreshesWhatItCarries(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("gulf.example", fakeweb.Status(304, "ETag", `"2"`, "Cache-Control", "max-age=60"))
		res := w.mustGet(t, "http://gulf.example/", feed.Memo{
			URL: "http://gulf.example/", ETag: `"1"`, LastModified: "m", Digest: "d"})
		want := feed.Memo{URL: "http://gulf.example/", ETag: `"2"`, LastModified: "m", Digest: "d"}
		if d := cmp.Diff(want, res.Memo); d != "" {
			t.Errorf("-want +got\n%s", d)
		}
		if res.Hints.Fresh != time.Minute {
			t.Errorf("fresh for %s", res.Hints.Fresh)
		}
		if _, err := w.get(t, "http://gulf.example/", feed.Memo{}); feed.KindOf(err) != feed.KindServer {
			t.Errorf("a 304 to a request without validators: %v", err)
		}
	})
}

func TestWhatAnAnswerMeans(t *testing.T) {
	for _, tc := range []struct {
		name  string
		h     http.Handler
		kind  feed.Kind
		retry time.Duration
		says  string
	}{
		{"204 has no document", fakeweb.Status(204), feed.KindEmpty, 0, "204 (No Content)"},
		{"an empty body is nothing", fakeweb.Raw(nil), feed.KindEmpty, 0, "empty"},
		{"an empty body in gzip is nothing", fakeweb.Raw(nil, "Content-Encoding", "gzip"),
			feed.KindEmpty, 0, "empty"},
		{"an empty body in zstd is nothing", fakeweb.Raw(nil, "Content-Encoding", "zstd"),
			feed.KindEmpty, 0, "empty"},
		{"an empty body in br is nothing", fakeweb.Raw(nil, "Content-Encoding", "br"),
			feed.KindEmpty, 0, "empty"},
		{"206 is no whole document", fakeweb.Status(206), feed.KindServer, 0, "206"},
		{"300 leaves the choice to nobody", fakeweb.Status(300), feed.KindRedirect, 0, "300"},
		{"401 needs the operator", fakeweb.Status(401), feed.KindDenied, 0, "401 (Unauthorized)"},
		{"403 needs the operator", fakeweb.Status(403), feed.KindDenied, 0, "403 (Forbidden)"},
		{"404 is missing", fakeweb.Status(404), feed.KindMissing, 0, "404 (Not Found)"},
		{"a 4xx without a name is missing", fakeweb.Status(499), feed.KindMissing, 0, "answered 499"},
		{"410 is gone", fakeweb.Status(410), feed.KindGone, 0, "410 (Gone)"},
		{"429 holds for the default", fakeweb.Status(429),
			feed.KindHeld, 10 * time.Minute, "429 (Too Many Requests)"},
		{"503 holds for the default", fakeweb.Status(503),
			feed.KindHeld, 10 * time.Minute, "503 (Service Unavailable)"},
		{"429 holds for seconds", fakeweb.Status(429, "Retry-After", "120"),
			feed.KindHeld, 2 * time.Minute, "429"},
		{"503 holds until a date on the server's clock", fakeweb.Status(503,
			"Date", "Tue, 01 Jan 2030 00:00:00 GMT", "Retry-After", "Tue, 01 Jan 2030 03:00:00 GMT"),
			feed.KindHeld, 3 * time.Hour, "503"},
		{"503 with nonsense holds for the default", fakeweb.Status(503, "Retry-After", "soon"),
			feed.KindHeld, 10 * time.Minute, "503"},
		{"500 is the server's fault", fakeweb.Status(500),
			feed.KindServer, 0, "500 (Internal Server Error)"},
		{"500 may ask to wait", fakeweb.Status(500, "Retry-After", "60"),
			feed.KindServer, time.Minute, "500"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
				w.Handle("gulf.example", tc.h)
				res, err := w.get(t, "http://gulf.example/", feed.Memo{})
				if err == nil {
					t.Fatal("no error")
				}
				if feed.KindOf(err) != tc.kind || res.Hints.RetryAfter != tc.retry {
					t.Errorf("got %q, retry after %s", feed.KindOf(err), res.Hints.RetryAfter)
				}
				if !strings.Contains(err.Error(), tc.says) || !strings.HasPrefix(err.Error(), "fetching: ") {
					t.Errorf("%q does not say %q", err, tc.says)
				}
				if res.Trace.URL != "http://gulf.example/" || res.Trace.Code == 0 {
					t.Errorf("trace %+v", res.Trace)
				}
			})
		})
	}
}

func TestNothingIsWaitedForTooLong(t *testing.T) {
	for _, tc := range []struct {
		name string
		h    http.Handler
		took time.Duration
		says string
	}{
		{"an answer that never begins", fakeweb.Hang(), 10 * time.Second, "no answer from"},
		{"a body that falls silent", fakeweb.Endless("text/xml", []byte("x"), time.Hour),
			15 * time.Second, "sent nothing for 15s"},
		{"a body that drips for ever", fakeweb.Endless("text/xml", []byte("x"), time.Second),
			time.Minute, "not complete after 60s"},
	} {
		for _, scheme := range []string{"http", "https"} {
			t.Run(tc.name+" over "+scheme, func(t *testing.T) {
				inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
					w.Handle("bad.example", tc.h)
					began := time.Now()
					res, err := w.get(t, scheme+"://bad.example/", feed.Memo{})
					if feed.KindOf(err) != feed.KindTimeout || !strings.Contains(err.Error(), tc.says) {
						t.Errorf("got %v", err)
					}
					if took := time.Since(began); took != tc.took || res.Trace.Took != took {
						t.Errorf("took %s, traced %s, want %s", took, res.Trace.Took, tc.took)
					}
				})
			})
		}
	}
}

func TestAnEndlessOrAnnouncedGiantIsCutAtTheLimit(t *testing.T) {
	chunk := []byte(strings.Repeat("x", 1<<10))
	for name, h := range map[string]http.Handler{
		"endless":   fakeweb.Endless("text/xml", chunk, 0),
		"announced": fakeweb.Raw([]byte(strings.Repeat("x", 70<<10)), "Content-Length", "71680"),
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, fetch.Options{MaxBody: 64 << 10}, func(t *testing.T, w world) {
				w.Handle("bad.example", h)
				_, err := w.get(t, "http://bad.example/", feed.Memo{})
				if feed.KindOf(err) != feed.KindTooLarge ||
					!strings.Contains(err.Error(), "larger than 64KiB") {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

func TestABodyOfExactlyTheLimitIsTaken(t *testing.T) {
	inWorld(t, fetch.Options{MaxBody: 64 << 10}, func(t *testing.T, w world) {
		w.Handle("good.example", fakeweb.Raw([]byte(strings.Repeat("x", 64<<10))))
		if res := w.mustGet(t, "http://good.example/", feed.Memo{}); len(res.Body) != 64<<10 {
			t.Errorf("got %d bytes", len(res.Body))
		}
	})
}

func TestWhatCannotBeReached(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("cut.example", fakeweb.Truncated("text/xml", []byte("<rss></rss>"), 5))
		var flood []string
		for range 70 {
			flood = append(flood, "X-Flood", strings.Repeat("x", 1<<10))
		}
		w.Handle("flood.example", fakeweb.Status(200, flood...))
		w.Handle("mute.example", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			panic(http.ErrAbortHandler)
		}))
		for _, tc := range []struct {
			url  string
			kind feed.Kind
			says string
		}{
			{"http://nowhere.example/", feed.KindUnreachable, "there is no host called nowhere.example"},
			{"http://cut.example/", feed.KindUnreachable, "in the middle of its answer"},
			{"https://cut.example/", feed.KindUnreachable, "in the middle of its answer"},
			{"http://mute.example/", feed.KindUnreachable, "closed the connection without an answer"},
			{"https://mute.example/", feed.KindUnreachable, "mute.example"},
			{"http://flood.example/", feed.KindTooLarge, "header of the answer is larger than 64KiB"},
			{"https://flood.example/", feed.KindTooLarge, "header of the answer is larger than 64KiB"},
			{"http://10.0.0.8/", feed.KindBlocked,
				"the address 10.0.0.8 is private; to allow it, add it to fetch.allow_networks"},
			{"ftp://gulf.example/", feed.KindConfig, "http"},
			{"http://", feed.KindConfig, "no host"},
		} {
			_, err := w.get(t, tc.url, feed.Memo{})
			if feed.KindOf(err) != tc.kind || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%s: got %q: %v", tc.url, feed.KindOf(err), err)
			}
		}
	})
}

func TestStoppingIsNotTheSourcesFailure(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("slow.example", fakeweb.Hang())
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		_, err := w.client.Get(ctx, w.gate, fetch.Request{URL: "http://slow.example/"})
		if feed.KindOf(err) != feed.KindCanceled || !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func TestAClosedGateLetsNothingOut(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("gulf.example", fakeweb.Status(200))
		w.gate.refuse = &feed.Error{Kind: feed.KindFenced, Text: "another worker has the host"}
		_, err := w.get(t, "http://gulf.example/", feed.Memo{})
		if feed.KindOf(err) != feed.KindFenced || err.Error() != "fetching: another worker has the host" {
			t.Errorf("got %v", err)
		}
		if len(w.Log()) != 0 {
			t.Error("a request went out")
		}
	})
}

func TestTheProxyOfTheEnvironmentIsIgnored(t *testing.T) {
	t.Setenv("HTTP_PROXY", "http://trap.example:3128")
	t.Setenv("HTTPS_PROXY", "http://trap.example:3128")
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("trap.example:3128", fakeweb.Status(500))
		w.Handle("gulf.example", fakeweb.Raw([]byte("x")))
		w.mustGet(t, "http://gulf.example/", feed.Memo{})
		w.mustGet(t, "https://gulf.example/", feed.Memo{})
		if n := len(fakeweb.To(w.Log(), "trap.example:3128")); n != 0 {
			t.Errorf("the proxy was asked %d times", n)
		}
	})
}
