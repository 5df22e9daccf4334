package picture

import (
	"context"
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"broadsheet/feed"
)

// origin is a fake Getter.
type origin struct {
	bodies map[string]string
	asked  atomic.Int32
	wait   time.Duration
}

func (o *origin) Picture(ctx context.Context, url string) ([]byte, error) {
	o.asked.Add(1)
	select {
	case <-time.After(o.wait):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	if body, ok := o.bodies[url]; ok {
		return []byte(body), nil
	}
	return nil, errors.New("404")
}

const (
	gif = "GIF89a\x01\x00\x01\x00\x00\x00\x00;"
	src = "https://img.example/a.gif?x=1&y=%20"
	key = "a key of a store"
)

func ask(p *Proxy, path string, fields ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://paper.example"+path, nil)
	for i := 0; i+1 < len(fields); i += 2 {
		r.Header.Set(fields[i], fields[i+1])
	}
	w := httptest.NewRecorder()
	p.ServeHTTP(w, r)
	return w
}

func TestAPictureIsPassedOnAndKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &origin{bodies: map[string]string{src: gif}}
		p := New(Options{Key: key, Prefix: "/paper", Get: o, Clock: time.Now})
		for range 3 {
			w := ask(p, "/paper"+Path(key, src))
			if w.Code != 200 || w.Body.String() != gif || w.Header().Get("Content-Type") != "image/gif" {
				t.Fatalf("%d %v %q", w.Code, w.Header(), w.Body)
			}
			for _, want := range [][2]string{{"X-Content-Type-Options", "nosniff"}, {"Content-Security-Policy", "default-src 'none'; form-action 'none'; sandbox"},
				{"Cross-Origin-Resource-Policy", "same-origin"}, {"Cache-Control", "public, max-age=604800"}} {
				if got := w.Header().Get(want[0]); got != want[1] {
					t.Errorf("%s: %q", want[0], got)
				}
			}
			if w := ask(p, "/paper"+Path(key, src), "If-None-Match", w.Header().Get("Etag")); w.Code != 304 || w.Body.Len() > 0 {
				t.Errorf("%d for who has it", w.Code)
			}
		}
		if o.asked.Load() != 1 {
			t.Errorf("the origin was asked %d times", o.asked.Load())
		}
		time.Sleep(freshTime)
		ask(p, "/paper"+Path(key, src))
		if o.asked.Load() != 2 {
			t.Error("after a week the origin is not asked again")
		}
	})
}

// T-01, T-15: nothing is fetched for who has no signature, and only pixels are passed on.
func TestOnlySignedAddressesAndOnlyPixels(t *testing.T) {
	o := &origin{bodies: map[string]string{
		src:                         "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
		"https://img.example/page":  "<html>GIF89a",
		"https://img.example/empty": "",
		"https://img.example/big":   "GIF89a" + strings.Repeat("x", MaxSize),
	}}
	p := New(Options{Key: key, Get: o, Clock: time.Now})
	good := Path(key, "https://img.example/other")
	for name, path := range map[string]string{
		"another key":         Path("another", src),
		"no key":              Path("", src),
		"a changed address":   strings.TrimSuffix(good, good[len(good)-4:]) + "AAAA",
		"no signature":        feed.ImagePath + "/" + base64.RawURLEncoding.EncodeToString([]byte(src)),
		"no address":          feed.ImagePath + "xyz",
		"a short signature":   feed.ImagePath + signature(key, src)[:8] + "/" + base64.RawURLEncoding.EncodeToString([]byte(src)),
		"no web address":      Path(key, "file:///etc/passwd"),
		"no host":             Path(key, "http:///x"),
		"with bytes to spare": Path(key, src) + "=",
		"a very long one":     Path(key, "https://img.example/"+strings.Repeat("a", maxAddress)),
	} {
		if w := ask(p, path); w.Code != 404 || w.Body.Len() > 0 {
			t.Errorf("%s: %d", name, w.Code)
		}
	}
	if n := o.asked.Load(); n != 0 {
		t.Errorf("%d requests went out", n)
	}
	for url := range o.bodies {
		for range 2 {
			if w := ask(p, Path(key, url)); w.Code != 404 || w.Body.Len() > 0 || w.Header().Get("Content-Type") != "" {
				t.Errorf("%s: %d, %s", url, w.Code, w.Header().Get("Content-Type"))
			}
		}
	}
	if n := int(o.asked.Load()); n != len(o.bodies) {
		t.Errorf("%d requests for %d pictures that are none", n, len(o.bodies))
	}
	if w := httptest.NewRecorder(); true {
		p.ServeHTTP(w, httptest.NewRequest(http.MethodPost, good, nil))
		if w.Code != 405 {
			t.Errorf("POST: %d", w.Code)
		}
	}
}

func TestManyReadersAskTheOriginOnceAndTooManyPicturesWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &origin{bodies: map[string]string{src: gif}, wait: time.Second}
		p := New(Options{Key: key, Get: o, Clock: time.Now})
		codes := make(chan int, 100)
		for range 100 {
			go func() { codes <- ask(p, Path(key, src)).Code }()
		}
		for range 100 {
			if code := <-codes; code != 200 {
				t.Errorf("%d", code)
			}
		}
		if o.asked.Load() != 1 {
			t.Errorf("%d requests for one picture", o.asked.Load())
		}
		o.wait = time.Hour // until the timeout
		for i := range atOnce + 5 {
			go func() { codes <- ask(p, Path(key, src+strings.Repeat("x", i))).Code }()
		}
		counts := map[int]int{}
		began := time.Now()
		for range atOnce + 5 {
			counts[<-codes]++
		}
		// The first of them is there already.
		if counts[503] != 4 || counts[404] != atOnce || counts[200] != 1 {
			t.Errorf("answers: %v", counts)
		}
		if took := time.Since(began); took != 20*time.Second {
			t.Errorf("they took %v", took)
		}
	})
}

func TestTheCacheIsBounded(t *testing.T) {
	o := &origin{bodies: map[string]string{}}
	p := New(Options{Key: key, Get: o, Clock: time.Now, Memory: 20_000})
	for i := range 100 {
		url := "https://img.example/" + strings.Repeat("x", i)
		if i%2 == 0 {
			o.bodies[url] = gif + strings.Repeat("y", 1000)
		}
		ask(p, Path(key, url))
	}
	if p.cache.size > 20_000 || p.cache.size < 15_000 || p.cache.order.Len() != len(p.cache.bySrc) {
		t.Errorf("%d bytes in %d and %d records", p.cache.size, p.cache.order.Len(), len(p.cache.bySrc))
	}
	o.bodies["https://img.example/huge"] = gif + strings.Repeat("y", 30_000)
	if w := ask(p, Path(key, "https://img.example/huge")); w.Code != 200 {
		t.Error("what is too large to keep is not passed on")
	}
}

func TestTypesAreToldByTheirFirstBytes(t *testing.T) {
	for body, want := range map[string]string{
		"\xff\xd8\xff\xe0":             "image/jpeg",
		"\x89PNG\r\n\x1a\n":            "image/png",
		gif:                            "image/gif",
		"RIFF\x10\x00\x00\x00WEBPVP8L": "image/webp",
		"\x00\x00\x00\x1cftypavif":     "image/avif",
		"\x00\x00\x00\x1cftypmp42":     "",
		"RIFF\x10\x00\x00\x00WAVEfmt ": "",
		"<?xml version='1.0'?><svg>":   "",
		"BM":                           "",
		"":                             "",
	} {
		if got := typeOf([]byte(body)); got != want {
			t.Errorf("%q is %q, want %q", body, got, want)
		}
	}
}

func FuzzOf(f *testing.F) {
	f.Add(Path(key, src))
	f.Add(feed.ImagePath + "/")
	f.Fuzz(func(t *testing.T, path string) {
		if got := Of(key, path); got != "" && Path(key, got) != path {
			t.Errorf("%q was taken for %q", path, got)
		}
	})
}
