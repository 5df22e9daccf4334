package fetch_test

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/internal/fakeweb"
	"broadsheet/sources/fetch"
)

func TestACallIsMadeAsItIs(t *testing.T) {
	inWorld(t, fetch.Options{UserAgent: "Broadsheet/1"}, func(t *testing.T, w world) {
		var got *http.Request
		var body []byte
		w.HandlePage("reader.example", "/push", http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
			got = r.Clone(t.Context())
			body, _ = io.ReadAll(r.Body)
			http.SetCookie(out, &http.Cookie{Name: "id", Value: "1"})
			out.Header().Set("Retry-After", "120")
			out.WriteHeader(http.StatusTeapot)
			io.WriteString(out, "short and stout")
		}))
		call := fetch.Call{Method: http.MethodPost, URL: "https://Reader.example:443/push?a=%7E&b=1+2&", ContentType: "application/rss+xml",
			Header: http.Header{"Link": {`<https://paper.example/-/hub>; rel="hub"`}}, Body: bytes.Repeat([]byte("x"), 100_000)}
		for range 2 {
			reply, err := w.client.Call(t.Context(), call)
			if err != nil || reply.Code != http.StatusTeapot || string(reply.Body) != "short and stout" || reply.RetryAfter != 2*time.Minute {
				t.Fatalf("%+v %v", reply, err)
			}
			if got.Method != http.MethodPost || got.URL.RequestURI() != "/push?a=%7E&b=1+2&" || len(body) != 100_000 || got.ContentLength != 100_000 {
				t.Errorf("%s %s with %d bytes, said to be %d", got.Method, got.URL.RequestURI(), len(body), got.ContentLength)
			}
			for name, want := range map[string]string{"Content-Type": "application/rss+xml", "User-Agent": "Broadsheet/1",
				"Link": `<https://paper.example/-/hub>; rel="hub"`, "Cookie": "", "Referer": "", "Expect": ""} {
				if v := got.Header.Get(name); v != want {
					t.Errorf("%s: %q, want %q", name, v, want)
				}
			}
		}
		if len(w.gate.hosts) != 0 {
			t.Error("a call passed the gate")
		}
	})
}

func TestACallFollowsNoRedirect(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		for _, code := range []int{301, 302, 303, 307, 308} {
			w.Forget()
			w.Handle("reader.example", fakeweb.Redirect(code, "https://elsewhere.example/"))
			w.Handle("elsewhere.example", http.NotFoundHandler())
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				reply, err := w.client.Call(t.Context(), fetch.Call{Method: method, URL: "https://reader.example/"})
				if err != nil || reply.Code != code {
					t.Errorf("%s %d: %+v %v", method, code, reply, err)
				}
			}
			if log := w.Log(); len(log) != 2 {
				t.Errorf("%d: %d requests", code, len(log))
			}
		}
	})
}

func TestACallIsBounded(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.HandlePage("reader.example", "/long", fakeweb.Page("text/plain", bytes.Repeat([]byte("y"), 1<<20)))
		reply, err := w.client.Call(t.Context(), fetch.Call{Method: http.MethodGet, URL: "https://reader.example/long"})
		if err != nil || len(reply.Body) != 16<<10 {
			t.Errorf("%d bytes, %v", len(reply.Body), err)
		}
		for _, path := range []string{"/hangs", "/drips"} {
			w.HandlePage("reader.example", "/hangs", fakeweb.HeaderDrip(time.Second))
			w.HandlePage("reader.example", "/drips", fakeweb.BodyDrip("text/plain", bytes.Repeat([]byte("z"), 1000), 1, time.Second))
			began := time.Now()
			_, err := w.client.Call(t.Context(), fetch.Call{Method: http.MethodPost, URL: "https://reader.example" + path, Body: []byte("x"),
				Timeout: 4 * time.Second})
			if took := time.Since(began); feed.KindOf(err) != feed.KindTimeout || took != 4*time.Second || !strings.Contains(err.Error(), "reader.example did not answer within 4s") {
				t.Errorf("%s: %s, %v", path, took, err)
			}
		}
	})
}

func TestACallIsRefusedWhereAGetIs(t *testing.T) {
	var asked atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
	defer s.Close()
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	closed := over(t, fetch.Options{})
	urls := []string{"http://127.0.0.1:" + port + "/", "http://localhost:" + port + "/", "http://[::ffff:127.0.0.1]:" + port + "/",
		"http://8.8.8.8:25/"}
	for _, text := range iana {
		for _, addr := range edges(netip.MustParsePrefix(text)) {
			urls = append(urls, "http://"+netip.AddrPortFrom(addr, 8080).String()+"/")
		}
	}
	for _, u := range urls {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			if _, err := closed.Call(t.Context(), fetch.Call{Method: method, URL: u, Body: []byte("x")}); feed.KindOf(err) != feed.KindBlocked {
				t.Errorf("%s %s: %v", method, u, err)
			}
		}
	}
	for _, u := range []string{"ftp://reader.example/", "https://jo:pw@reader.example/", "reader", ""} {
		if _, err := closed.Call(t.Context(), fetch.Call{Method: http.MethodPost, URL: u}); feed.KindOf(err) != feed.KindConfig {
			t.Errorf("%s: %v", u, err)
		}
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("%d requests arrived", n)
	}
	open := over(t, fetch.Options{Allow: loopback})
	if reply, err := open.Call(t.Context(), fetch.Call{Method: http.MethodPost, URL: s.URL, Body: []byte("x")}); err != nil || reply.Code != 200 {
		t.Errorf("%+v %v", reply, err)
	}
}

// A name that changes its address after it was checked: T-01.
func TestACallIsCheckedOnTheConnection(t *testing.T) {
	var turn atomic.Int32
	resolver, _ := resolverFor(t, func(string) []netip.Addr {
		if turn.Add(1)%2 == 0 {
			return []netip.Addr{netip.MustParseAddr("127.0.0.1")}
		}
		return []netip.Addr{netip.MustParseAddr("10.0.0.1"), netip.MustParseAddr("169.254.169.254")}
	})
	c := over(t, fetch.Options{Resolver: resolver})
	for range 50 {
		if _, err := c.Call(t.Context(), fetch.Call{Method: http.MethodPost, URL: "http://reader.example/", Body: []byte("x")}); feed.KindOf(err) != feed.KindBlocked {
			t.Fatal(err)
		}
	}
}
