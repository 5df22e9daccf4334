package fetch_test

import (
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"broadsheet/feed"
	"broadsheet/internal/fakeweb"
	"broadsheet/sources/fetch"
)

// loopback may be fetched by tests that say so.
var loopback = []netip.Prefix{
	netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128"),
}

// over makes a client that uses the real dialer.
func over(t *testing.T, o fetch.Options) *fetch.Client {
	c := fetch.New(o)
	t.Cleanup(c.Close)
	return c
}

// at asks for the root of a host, as it may be spelt.
func at(host, port string) fetch.Request {
	return fetch.Request{URL: "http://" + host + ":" + port + "/"}
}

func TestTheRealDialerRefusesThisMachineUnlessAllowed(t *testing.T) {
	var asked atomic.Int32
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Write([]byte("x"))
	}))
	defer s.Close()
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	closed := over(t, fetch.Options{})
	for _, host := range []string{
		"127.0.0.1", "127.0.0.2", "localhost", "LOCALHOST.", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]",
		"0.0.0.0", "[::]", "[::1]",
	} {
		_, err := closed.Get(t.Context(), &gate{}, at(host, port))
		if feed.KindOf(err) != feed.KindBlocked ||
			!strings.Contains(err.Error(), "fetch.allow_networks") {
			t.Errorf("%s: got %q: %v", host, feed.KindOf(err), err)
		}
	}
	// Spellings that only some resolvers take for an address.
	for _, host := range []string{
		"127.1", "0177.0.0.1", "0x7f.0.0.1", "2130706433",
		"0x7f000001", "127.0.0.1.", "①②⑦.⓪.⓪.①",
		"[64:ff9b::7f00:1]", "[::1%25lo]", "%31%32%37.0.0.1",
	} {
		_, err := closed.Get(t.Context(), &gate{}, at(host, port))
		if err == nil {
			t.Errorf("%s was fetched", host)
		}
	}
	if n := asked.Load(); n != 0 {
		t.Fatalf("%d requests came through", n)
	}
	open := over(t, fetch.Options{Allow: loopback})
	res, err := open.Get(t.Context(), &gate{}, fetch.Request{URL: s.URL})
	if err != nil || string(res.Body) != "x" {
		t.Errorf("allowed: got %q, %v", res.Body, err)
	}
}

func TestARedirectDoesNotGetAroundTheDialer(t *testing.T) {
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("the inner server was asked")
	}))
	defer inner.Close()
	target := strings.Replace(inner.URL, "127.0.0.1", "127.0.0.2", 1)
	outer := httptest.NewServer(fakeweb.Redirect(302, target))
	defer outer.Close()
	c := over(t, fetch.Options{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}})
	_, err := c.Get(t.Context(), &gate{}, fetch.Request{URL: outer.URL})
	if feed.KindOf(err) != feed.KindBlocked {
		t.Errorf("got %v", err)
	}
}

func TestARefusedConnectionIsToldAsSuch(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	c := over(t, fetch.Options{Allow: loopback})
	_, err = c.Get(t.Context(), &gate{}, fetch.Request{URL: "http://" + addr})
	if feed.KindOf(err) != feed.KindUnreachable ||
		!strings.Contains(err.Error(), "refused the connection") {
		t.Errorf("got %v", err)
	}
}

func TestWhatIsWrongWithTLSIsSaid(t *testing.T) {
	s := httptest.NewUnstartedServer(fakeweb.Raw([]byte("x")))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	defer s.Close()
	trusted := x509.NewCertPool()
	trusted.AddCert(s.Certificate())
	plain := httptest.NewServer(fakeweb.Raw([]byte("x")))
	defer plain.Close()
	for _, tc := range []struct {
		name, url, says string
		roots           *x509.CertPool
	}{
		{"unknown authority", s.URL, "not trusted", x509.NewCertPool()},
		{"another host", strings.Replace(s.URL, "127.0.0.1", "localhost", 1), "another host", trusted},
		{"no TLS at all", strings.Replace(plain.URL, "http:", "https:", 1), "does not speak TLS", trusted},
		{"TLS where none was expected", strings.Replace(s.URL, "https:", "http:", 1), "400", trusted},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := over(t, fetch.Options{Allow: loopback, Roots: tc.roots})
			_, err := c.Get(t.Context(), &gate{}, fetch.Request{URL: tc.url})
			if err == nil || !strings.Contains(err.Error(), tc.says) {
				t.Errorf("got %v", err)
			}
		})
	}
}
