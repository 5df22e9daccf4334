package fakeweb_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/zstd"

	"broadsheet/internal/fakeweb"
)

// TestValidators: for each kind, what an answer carries, and what becomes of a
// client that sends back all, one, or something old.
func TestValidators(t *testing.T) {
	sound := fakeweb.Page("text/plain", []byte("sound"))
	for _, tc := range []struct {
		name                 string
		h                    http.Handler
		etag, modified       bool // are carried
		both, byTag, byDate  int
		madeUp, twiceTheSame int
	}{
		{"both", sound, true, true, 304, 304, 304, 200, 304},
		{"ETag only", fakeweb.ETagOnly(sound), true, false, 304, 304, 200, 200, 304},
		{"Last-Modified only", fakeweb.LastModifiedOnly(sound), false, true, 304, 200, 304, 200, 304},
		{"none", fakeweb.NoValidators(sound), false, false, 200, 200, 200, 200, 200},
		{"weak", fakeweb.WeakETag(sound), true, true, 304, 304, 304, 200, 304},
		{"changing", fakeweb.ChangingValidators(sound), true, true, 200, 200, 200, 200, 200},
		{"rotating", fakeweb.RotatingValidators(sound), true, false, 304, 304, 200, 200, 200},
		{"always 304", fakeweb.AlwaysNotModified(sound), true, true, 304, 304, 304, 304, 304},
	} {
		t.Run(tc.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := fakeweb.New()
				c := browse(t, w)
				w.HandlePage("a.example", "/", tc.h)
				ask := func(want int, headers ...string) {
					t.Helper()
					if res, _ := get(t, c, "http://a.example/", headers...); res.StatusCode != want {
						t.Errorf("with %q: %d, want %d", headers, res.StatusCode, want)
					}
				}
				fresh := func() (etag, modified string) {
					res, body := get(t, c, "http://a.example/")
					if res.StatusCode != 200 || body != "sound" {
						t.Errorf("without validators: %d %q", res.StatusCode, body)
					}
					return res.Header.Get("ETag"), res.Header.Get("Last-Modified")
				}
				etag, modified := fresh()
				if (etag != "") != tc.etag || (modified != "") != tc.modified || tc.name == "weak" != strings.HasPrefix(etag, "W/") {
					t.Errorf("carries %q and %q", etag, modified)
				}
				if etag == "" {
					etag = `"unknown"`
				}
				if modified == "" {
					modified = time.Now().UTC().Format(http.TimeFormat)
				}
				ask(tc.both, "If-None-Match", etag, "If-Modified-Since", modified)
				if tc.etag {
					etag, _ = fresh()
				}
				ask(tc.byTag, "If-None-Match", etag)
				ask(tc.byDate, "If-Modified-Since", modified)
				ask(tc.madeUp, "If-None-Match", `"made-up"`)
				if tc.etag {
					etag, _ = fresh()
				}
				ask(tc.both, "If-None-Match", etag, "If-Modified-Since", modified)
				ask(tc.twiceTheSame, "If-None-Match", etag, "If-Modified-Since", modified)
			})
		})
	}
}

func TestWhoAnswersWhen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := fakeweb.New()
		c := browse(t, w)
		start := time.Now()
		ok, bad := fakeweb.Status(200), fakeweb.Status(500)
		w.HandlePage("a.example", "/between", fakeweb.Between(start.Add(time.Hour), start.Add(2*time.Hour), bad, ok))
		w.HandlePage("a.example", "/until", fakeweb.Until(start.Add(2*time.Hour), bad, ok))
		w.HandlePage("a.example", "/third", fakeweb.EveryNth(3, bad, ok))
		want := map[string][]int{"/between": {200, 500, 200, 200}, "/until": {500, 500, 200, 200}, "/third": {200, 200, 500, 200}}
		for i := range 4 {
			for path, statuses := range want {
				if res, _ := get(t, c, "http://a.example"+path); res.StatusCode != statuses[i] {
					t.Errorf("%s after %v: %d, want %d", path, time.Since(start), res.StatusCode, statuses[i])
				}
			}
			time.Sleep(time.Hour)
		}
	})
}

func TestLatencyByChanceIsWithinItsBoundsAndRepeats(t *testing.T) {
	took := func(seed uint64) (waits []time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			w := fakeweb.New()
			c := browse(t, w)
			w.HandlePage("a.example", "/", fakeweb.SlowByChance(seed, time.Second, 3*time.Second, fakeweb.Status(200)))
			for range 20 {
				start := time.Now()
				get(t, c, "http://a.example/")
				wait := time.Since(start)
				if wait < time.Second || wait >= 3*time.Second {
					t.Errorf("waited %v", wait)
				}
				waits = append(waits, wait)
			}
		})
		return waits
	}
	one, again, other := took(1), took(1), took(2)
	for i := range one {
		if one[i] != again[i] {
			t.Fatalf("the same seed waits %v and %v", one, again)
		}
	}
	if one[0] == other[0] || one[0] == one[1] {
		t.Errorf("that is no chance: %v, %v", one, other)
	}
}

func TestRedirectsAndHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := fakeweb.New()
		c := browse(t, w)
		c.CheckRedirect = nil // ten, then an error
		w.HandlePage("a.example", "/chain", fakeweb.RedirectChain(302, 4, fakeweb.Raw([]byte("end"))))
		w.HandlePage("a.example", "/loop", fakeweb.RedirectLoop(301, 2))
		if _, body := get(t, c, "http://a.example/chain"); body != "end" || len(w.Log()) != 5 {
			t.Errorf("a chain of 4 took %d requests to %q", len(w.Log()), body)
		}
		w.Forget()
		if res, err := c.Get("http://a.example/loop"); err == nil {
			t.Errorf("a loop ends with %s", res.Status)
		}
		seen := map[string]bool{}
		for _, r := range w.Log() {
			seen[r.Path] = true
		}
		if len(seen) != 3 { // without a count, and two counts
			t.Errorf("a loop of 2 goes through %v", seen)
		}

		w.HandlePage("a.example", "/busy", fakeweb.Hold(429, 90*time.Second))
		w.HandlePage("a.example", "/down", fakeweb.HoldUntil(503, time.Hour))
		res, _ := get(t, c, "http://a.example/busy")
		if v := res.Header.Get("Retry-After"); res.StatusCode != 429 || v != "90" {
			t.Errorf("held with %d, %q", res.StatusCode, v)
		}
		res, _ = get(t, c, "http://a.example/down")
		until, err := http.ParseTime(res.Header.Get("Retry-After"))
		if wait := time.Until(until); err != nil || res.StatusCode != 503 || wait > time.Hour || wait < time.Hour-time.Second {
			t.Errorf("held with %d for %v, %v", res.StatusCode, wait, err)
		}
	})
}

func TestWhatIsNoFeed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := fakeweb.New()
		c := browse(t, w)
		feed := fakeweb.Newsroom{}.Handler(nil)
		for name, e := range fakeweb.Excuses() {
			w.HandlePage("a.example", "/"+name, fakeweb.Instead(e, "/feed.xml"))
			res, body := get(t, c, "http://a.example/"+name)
			if res.StatusCode != 200 || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") ||
				!strings.Contains(body, `<link rel="alternate" type="application/rss+xml" title="Feed" href="/feed.xml">`) {
				t.Errorf("%s: %s %v\n%s", name, res.Status, res.Header, body)
			}
		}
		w.HandlePage("a.example", "/alone", fakeweb.Instead(fakeweb.Login))
		if _, body := get(t, c, "http://a.example/alone"); strings.Contains(body, "alternate") {
			t.Error("links to feeds that it was not given")
		}
		w.HandlePage("a.example", "/empty", fakeweb.Empty("text/xml"))
		if res, body := get(t, c, "http://a.example/empty"); res.StatusCode != 200 || body != "" {
			t.Errorf("empty: %s %q", res.Status, body)
		}
		w.HandlePage("a.example", "/none", fakeweb.NoItems())
		if _, body := get(t, c, "http://a.example/none"); len(items(t, []byte(body))) != 0 || !strings.Contains(body, "<channel>") {
			t.Errorf("no items: %s", body)
		}
		w.HandlePage("a.example", "/cut", fakeweb.CutAfter(1000, feed))
		if res, body := get(t, c, "http://a.example/cut"); len(body) != 1000 || res.StatusCode != 200 {
			t.Errorf("cut: %s with %d bytes", res.Status, len(body))
		}
	})
}

func TestTarpitsAndFloods(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := fakeweb.New()
		c := browse(t, w)
		w.HandlePage("a.example", "/headers", fakeweb.HeaderDrip(10*time.Second))
		for _, scheme := range []string{"http", "https"} {
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			r, _ := http.NewRequestWithContext(ctx, "GET", scheme+"://a.example/headers", nil)
			if _, err := c.Do(r); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: dripping headers end with %v", scheme, err)
			}
			cancel()
			time.Sleep(time.Minute) // the drip finds its client gone
			if n := w.Pending(); n != 0 {
				t.Errorf("%s: %d handlers go on dripping", scheme, n)
			}
		}
		body := []byte(strings.Repeat("drop", 25))
		w.HandlePage("a.example", "/body", fakeweb.BodyDrip("text/plain", body, 10, time.Second))
		start := time.Now()
		if _, got := get(t, c, "http://a.example/body"); got != string(body) || time.Since(start) != 9*time.Second {
			t.Errorf("dripped %q in %v", got, time.Since(start))
		}
		w.HandlePage("a.example", "/flood", fakeweb.HeaderFlood(500, 1000, fakeweb.Status(200)))
		res, _ := get(t, c, "http://a.example/flood")
		if size := len(res.Header); size < 500 {
			t.Errorf("flooded with %d headers", size)
		}
	})
}

// TestCloseEndsADripThatIsNotRead, though its connection is not the server's.
func TestCloseEndsADripThatIsNotRead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := fakeweb.New()
		w.Handle("a.example", fakeweb.HeaderDrip(time.Hour))
		c, err := w.DialContext(t.Context(), "tcp", "a.example:80")
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		io.WriteString(c, "GET / HTTP/1.1\r\nHost: a.example\r\n\r\n")
		synctest.Wait()
		start := time.Now()
		w.Close()
		if took := time.Since(start); took > time.Minute {
			t.Errorf("Close waited %v", took)
		}
	})
}

// decode is what a client makes of an answer's body.
func decode(t *testing.T, res *http.Response) io.Reader {
	switch res.Header.Get("Content-Encoding") {
	case "gzip":
		r, err := gzip.NewReader(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return r
	case "br":
		return brotli.NewReader(res.Body)
	case "zstd":
		r, err := zstd.NewReader(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(r.Close)
		return r
	}
	return res.Body
}

// bombed is what a bomb decodes to: the head of a feed, cut where whole pieces of
// a MiB begin.
func bombed(size int64) []byte {
	const head, piece = `<?xml version="1.0"?><rss version="2.0"><channel><title>`, 1 << 20
	whole := max(0, size-int64(len(head))) / piece * piece
	fill := strings.Repeat("boom", int(size)/4+1)
	return []byte((head + fill)[:size-whole] + fill[:whole])
}

// TestBombsAreSmallAndExact: of the size asked for when decoded, whole to the
// last letter, and a small part of that on the wire.
func TestBombsAreSmallAndExact(t *testing.T) {
	for _, size := range []int64{5, 1000, 1 << 20, 3<<20 + 1, 16<<20 + 7} {
		for coding, share := range map[string]int64{"gzip": 150, "br": 1000, "zstd": 1000, "": 1} {
			w := fakeweb.New()
			c := browse(t, w)
			w.Handle("a.example", fakeweb.Bomb(coding, size))
			r, _ := http.NewRequestWithContext(t.Context(), "GET", "http://a.example/", nil)
			r.Header.Set("Accept-Encoding", coding) // the transport does not decode what was asked for by name
			res, err := c.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(decode(t, res))
			res.Body.Close()
			if err != nil || !bytes.Equal(body, bombed(size)) {
				t.Errorf("%q of %d: decodes to %d bytes, %v", coding, size, len(body), err)
			}
			w.Close()
			if sent := w.Log()[0].Bytes; sent > size/share+1000 {
				t.Errorf("%q of %d: %d bytes were sent", coding, size, sent)
			}
		}
	}
}

// TestABombTakesNoMemory: 10 GiB of each coding are made and sent within a few
// MiB; nobody decodes them here.
func TestABombTakesNoMemory(t *testing.T) {
	for _, coding := range []string{"gzip", "br", "zstd"} {
		w := fakeweb.New()
		c := browse(t, w)
		w.Handle("a.example", fakeweb.Bomb(coding, 10<<30))
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		r, _ := http.NewRequestWithContext(t.Context(), "GET", "http://a.example/", nil)
		r.Header.Set("Accept-Encoding", coding)
		res, err := c.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		n, err := io.Copy(io.Discard, res.Body)
		res.Body.Close()
		runtime.ReadMemStats(&after)
		if err != nil || n > 16<<20 {
			t.Errorf("%s: %d bytes, %v", coding, n, err)
		}
		if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 16<<20 {
			t.Errorf("%s: the heap grew by %d MiB", coding, grown>>20)
		}
		t.Logf("%s: 10 GiB are %d KiB", coding, n>>10)
	}
}

// TestABombEndsWithItsClient, however large it is.
func TestABombEndsWithItsClient(t *testing.T) {
	for _, coding := range []string{"gzip", "br", "zstd"} {
		w := fakeweb.New()
		c := browse(t, w)
		w.Handle("a.example", fakeweb.Bomb(coding, 1<<45))
		res, err := c.Get("http://a.example/")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(io.Discard, decode(t, res), 1<<20); err != nil {
			t.Errorf("%s: %v", coding, err)
		}
		res.Body.Close()
		w.Close() // hangs if the handler does not end
	}
}
