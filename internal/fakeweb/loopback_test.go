package fakeweb_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"testing"
	"time"

	"broadsheet/internal/fakeweb"
)

// TestAWebOnLoopbackIsTheSameWeb: every way to name a host finds it, and the log
// tells of the host itself.
func TestAWebOnLoopbackIsTheSameWeb(t *testing.T) {
	w := fakeweb.New()
	defer w.Close()
	page := func(text string) http.Handler { return fakeweb.Page("text/plain", []byte(text)) }
	w.HandlePage("gulf.example", "/feed.xml", page("gulf"))
	w.HandlePage("gulf.example", "/a%2Fb", page("escaped"))
	w.HandlePage("tide.example", "/feed.xml", page("tide"))
	shared, err := w.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	own, err := w.ListenAs(t.Context(), "127.0.0.1:0", "tide.example")
	if err != nil {
		t.Fatal(err)
	}
	proxied := &http.Transport{Proxy: http.ProxyURL(&url.URL{Scheme: "http", Host: shared.String()})}
	defer proxied.CloseIdleConnections()
	direct := &http.Transport{}
	defer direct.CloseIdleConnections()
	for _, tc := range []struct {
		name, url, host string
		through         http.RoundTripper
		body, logged    string
	}{
		{"by path", "http://" + shared.String() + "/gulf.example/feed.xml", "", direct, "gulf", "http://gulf.example/feed.xml"},
		{"by name", "http://" + shared.String() + "/feed.xml", "gulf.example", direct, "gulf", "http://gulf.example/feed.xml"},
		{"by name with a query", "http://" + shared.String() + "/feed.xml?a=b", "tide.example.localhost:8090", direct,
			"tide", "http://tide.example/feed.xml?a=b"},
		{"by proxy", "http://gulf.example/feed.xml", "", proxied, "gulf", "http://gulf.example/feed.xml"},
		{"by port", "http://" + own.String() + "/feed.xml", "", direct, "tide", "http://tide.example/feed.xml"},
		{"by port, whatever the name", "http://" + own.String() + "/feed.xml", "gulf.example", direct, "tide",
			"http://tide.example/feed.xml"},
		{"a path as it was written", "http://" + shared.String() + "/a%2Fb", "gulf.example", direct, "escaped",
			"http://gulf.example/a%2Fb"},
		{"no host of the web", "http://" + shared.String() + "/nowhere.example/feed.xml", "", direct, "404 page not found\n",
			"http://" + shared.String() + "/nowhere.example/feed.xml"},
	} {
		w.Forget()
		r, _ := http.NewRequestWithContext(t.Context(), "GET", tc.url, nil)
		if tc.host != "" {
			r.Host = tc.host
		}
		res, err := tc.through.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(res.Body)
		res.Body.Close()
		if err != nil || string(body) != tc.body {
			t.Errorf("%s: got %q, %v", tc.name, body, err)
		}
		log := w.Log()
		if len(log) != 1 || log[0].URL() != tc.logged {
			t.Errorf("%s: logged %v", tc.name, log)
		}
	}
}

func TestAListenerEndsWithItsContextAndWithTheWeb(t *testing.T) {
	w := fakeweb.New()
	w.Handle("gulf.example", fakeweb.Hang())
	ctx, cancel := context.WithCancel(t.Context())
	one, err := w.Listen(ctx, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	two, err := w.Listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refused := func(addr net.Addr) bool {
		for range 100 { // the listener is closed by a goroutine of its own
			c, err := net.DialTimeout("tcp", addr.String(), time.Second)
			if err != nil {
				return true
			}
			c.Close()
			time.Sleep(10 * time.Millisecond)
		}
		return false
	}
	cancel()
	if !refused(one) {
		t.Error("the listener outlives its context")
	}
	c, err := net.Dial("tcp", two.String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	io.WriteString(c, "GET / HTTP/1.1\r\nHost: gulf.example\r\n\r\n")
	w.Close() // hangs if the connection keeps it
	if !refused(two) {
		t.Error("the listener outlives the web")
	}
	if _, err := w.Listen(t.Context(), "127.0.0.1:0"); err == nil {
		t.Error("a closed web listens")
	}
}

func TestAddresses(t *testing.T) {
	for _, tc := range []struct {
		base   string
		n      int
		byPort bool
		want   []string // first and last; nil is an error
	}{
		{"127.0.0.1:8090", 3, true, []string{"127.0.0.1:8091", "127.0.0.1:8093"}},
		{"127.0.0.1:0", 2, true, []string{"127.0.0.1:0", "127.0.0.1:0"}},
		{"127.0.0.1:8090", 251, false, []string{"127.0.1.1:8090", "127.0.2.1:8090"}},
		{"127.0.0.1:65000", 600, true, nil},
		{"127.0.0.1:8090", 70000, false, nil},
		{"127.0.0.1", 1, true, nil},
	} {
		got, err := fakeweb.Addresses(tc.base, tc.n, tc.byPort)
		if tc.want == nil {
			if err == nil {
				t.Errorf("%s × %d was taken", tc.base, tc.n)
			}
			continue
		}
		if err != nil || len(got) != tc.n || !slices.Equal([]string{got[0], got[len(got)-1]}, tc.want) {
			t.Errorf("%s × %d: got %v, %v", tc.base, tc.n, got, err)
		}
	}
}
