package fetch_test

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"broadsheet/feed"
	"broadsheet/sources/fetch"
)

// iana is the special-purpose address registries of both families, entry by
// entry (2025-10), with what else no public server has: T-01, T-02.
var iana = []string{
	// https://www.iana.org/assignments/iana-ipv4-special-registry
	"0.0.0.0/8", "0.0.0.0/32", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
	"192.0.0.0/24", "192.0.0.0/29", "192.0.0.8/32", "192.0.0.9/32", "192.0.0.10/32", "192.0.0.170/32",
	"192.0.0.171/32", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24", "192.88.99.2/32",
	"192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",
	"255.255.255.255/32",
	// https://www.iana.org/assignments/iana-ipv6-special-registry
	"::1/128", "::/128", "::ffff:0:0/112", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23",
	"2001::/32", "2001:1::1/128", "2001:1::2/128", "2001:1::3/128", "2001:2::/48", "2001:3::/32",
	"2001:4:112::/48", "2001:10::/28", "2001:20::/28", "2001:30::/28", "2001:db8::/32", "2002::/16",
	"2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10",
	// Embedded IPv4 addresses that are special themselves; multicast; withdrawn; never given out.
	"::ffff:127.0.0.0/104", "::ffff:169.254.0.0/112", "::7f00:0/104", "::ffff:0:7f00:0/104",
	"64:ff9b::7f00:0/104", "64:ff9b::a9fe:0/112", "64:ff9b::a00:0/104", "64:ff9b::c0a8:0/112",
	"224.0.0.0/4", "ff00::/8", "fec0::/10", "3ffe::/16", "4000::/3", "e000::/4", "168.63.129.16/32",
}

// edges are the first address of a range, one in its middle, and the last.
func edges(p netip.Prefix) []netip.Addr {
	first, last := p.Masked().Addr().As16(), p.Masked().Addr().As16()
	bits := p.Bits()
	if p.Addr().Is4() {
		bits += 96
	}
	for i := bits; i < 128; i++ {
		last[i/8] |= 1 << (7 - i%8)
	}
	middle := last
	if bits < 127 {
		middle[15] &^= 1
		middle[bits/8] &^= 1 << (7 - bits%8)
	}
	var out []netip.Addr
	for _, a := range [][16]byte{first, middle, last} {
		addr := netip.AddrFrom16(a)
		if p.Addr().Is4() {
			addr = addr.Unmap()
		}
		out = append(out, addr)
	}
	return out
}

// hopping is an origin whose /N?to=URL is N redirects away from URL.
func hopping(t *testing.T) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var n int
		fmt.Sscanf(r.URL.Path, "/%d", &n)
		to := r.URL.Query().Get("to")
		if n > 1 {
			to = fmt.Sprintf("/%d?to=%s", n-1, url.QueryEscape(to))
		}
		http.Redirect(w, r, to, http.StatusFound)
	}))
	t.Cleanup(s.Close)
	return s
}

// here is the one address of this machine that stands for the public internet.
var here = netip.MustParseAddr("127.0.0.1")

// Every range of the registries is refused on every way to it: written as a
// number, behind a name, behind one redirect and behind five, as the address of
// a robots.txt, and through each kind of proxy (T-01, T-02).
func TestEverySpecialRangeIsRefusedOnEveryPath(t *testing.T) {
	origin := hopping(t)
	p := newProxy(t, "")
	resolver, _ := resolverFor(t, func(name string) []netip.Addr {
		text := strings.ReplaceAll(strings.TrimPrefix(strings.TrimSuffix(name, ".addr.example"), "a"), "x", ":")
		addr, err := netip.ParseAddr(strings.ReplaceAll(text, "y", "."))
		if err != nil {
			return nil
		}
		return []netip.Addr{addr}
	})
	c := over(t, fetch.Options{Resolver: resolver, Allow: []netip.Prefix{netip.PrefixFrom(here, 32)}})
	tried := 0
	for _, text := range iana {
		for _, addr := range edges(netip.MustParsePrefix(text)) {
			if addr.Unmap() == here {
				continue
			}
			literal := "http://" + netip.AddrPortFrom(addr, 8080).String() + "/"
			name := "http://a" + strings.NewReplacer(":", "x", ".", "y").Replace(addr.String()) + ".addr.example:8080/"
			for path, req := range map[string]fetch.Request{
				"literal":                {URL: literal},
				"name":                   {URL: name},
				"redirect":               {URL: origin.URL + "/1?to=" + url.QueryEscape(literal)},
				"redirect to a name":     {URL: origin.URL + "/1?to=" + url.QueryEscape(name)},
				"fifth redirect":         {URL: origin.URL + "/5?to=" + url.QueryEscape(literal)},
				"through a proxy":        {URL: literal, Access: feed.Access{Proxy: p.url("http")}},
				"a name through a proxy": {URL: name, Access: feed.Access{Proxy: p.url("http")}},
				"through SOCKS":          {URL: name, Access: feed.Access{Proxy: p.url("socks5")}},
			} {
				tried++
				if _, err := c.Get(t.Context(), &gate{}, req); feed.KindOf(err) != feed.KindBlocked {
					t.Errorf("%s, %s by %s: %v", text, addr, path, err)
				}
			}
			if _, err := c.Get(t.Context(), &gate{}, fetch.Request{URL: literal, Page: true}); err == nil ||
				!strings.Contains(err.Error(), "fetch.allow_networks") {
				t.Errorf("%s, %s: its robots.txt: %v", text, addr, err)
			}
		}
	}
	if n := len(p.targets()); n != 0 {
		t.Errorf("a proxy was asked for %v", p.targets())
	}
	t.Logf("%d requests refused", tried)
}

// twoFaces listens on two addresses at one port: a good one, and one that nobody
// may come to. It gives the port and counts.
func twoFaces(t *testing.T) (port string, good, bad *atomic.Int32) {
	t.Helper()
	good, bad = new(atomic.Int32), new(atomic.Int32)
	for range 50 { // until a port is free on both
		first, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		_, port, _ = net.SplitHostPort(first.Addr().String())
		second, err := net.Listen("tcp", "127.0.0.2:"+port)
		if err != nil {
			first.Close()
			continue
		}
		s := &httptest.Server{Listener: first, Config: &http.Server{Handler: http.HandlerFunc(
			func(w http.ResponseWriter, _ *http.Request) {
				good.Add(1)
				w.Header().Set("Connection", "close")
				w.Write([]byte("x"))
			})}}
		s.Start()
		var wait sync.WaitGroup
		wait.Go(func() {
			for {
				conn, err := second.Accept()
				if err != nil {
					return
				}
				bad.Add(1)
				conn.Close()
			}
		})
		t.Cleanup(func() {
			s.Close()
			second.Close()
			wait.Wait()
		})
		return port, good, bad
	}
	t.Fatal("no port is free on two addresses")
	return
}

const rounds = 1000

// rebinding answers with the good address and the bad one by turns, and with both
// every third time, the bad one first.
func rebinding() func(string) []netip.Addr {
	var n atomic.Int32
	bad := netip.MustParseAddr("127.0.0.2")
	return func(string) []netip.Addr {
		switch n.Add(1) % 5 { // both families are asked for: an odd number, so that the turns shift
		case 0, 3:
			return []netip.Addr{here}
		case 1, 4:
			return []netip.Addr{bad}
		default:
			return []netip.Addr{bad, here}
		}
	}
}

// A thousand polls of a name that changes its address with each lookup, over real
// TCP: no connection to the address that may not be fetched (T-01). The good
// address stands for the public internet.
func TestAThousandRoundsOfRebindingReachNothing(t *testing.T) {
	port, good, bad := twoFaces(t)
	resolver, _ := resolverFor(t, rebinding())
	c := over(t, fetch.Options{Resolver: resolver, Allow: []netip.Prefix{netip.PrefixFrom(here, 32)}})
	blocked := 0
	for range rounds {
		_, err := c.Get(t.Context(), &gate{}, at("rebind.example", port))
		switch {
		case feed.KindOf(err) == feed.KindBlocked:
			blocked++
		case err != nil:
			t.Fatal(err)
		}
	}
	if bad.Load() != 0 {
		t.Errorf("%d connections to an address that may not be fetched", bad.Load())
	}
	if int(good.Load())+blocked != rounds || good.Load() < rounds/4 || blocked < rounds/4 {
		t.Errorf("%d rounds came through and %d were refused: the name did not change its address", good.Load(), blocked)
	}
	t.Logf("%d rounds: %d answered, %d refused, %d connections to the refused address",
		rounds, good.Load(), blocked, bad.Load())
}

// T-04: whatever a host is spelt like, it does not become this machine.
func TestOddSpellingsOfThisMachineReachNothing(t *testing.T) {
	trap, port := trapped(t)
	// A resolver as credulous as can be: every name is this machine.
	resolver, _ := resolverFor(t, func(string) []netip.Addr { return []netip.Addr{here} })
	c := over(t, fetch.Options{Resolver: resolver})
	hosts := []string{
		"127.0.0.1", "127.1", "127.0.1", "127.0.0.1.", "0177.0.0.1", "0177.0.0.01", "0x7f.0.0.1", "0x7f.1",
		"0x7f000001", "0X7F000001", "2130706433", "017700000001", "127.000.000.001", "00127.0.0.1",
		"127.0.0.0x1", "0", "0.0.0.0", "127.0.0.1%00.gulf.example", "127.0.0.1%2egulf.example", "%31%32%37.0.0.1",
		"①②⑦.⓪.⓪.①", "127。0。0。1", "127｡0｡0｡1", "１２７.0.0.1", "𝟏𝟐𝟕.0.0.1", "١٢٧.0.0.1",
		"localhost", "LOCALHOST", "localhost.", "ⓛocalhost", "localhost.localdomain",
		"[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]",
		"[::1%25lo]", "[::1%25]", "[fe80::1%25lo]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "[::ffff:0:127.0.0.1]",
		"gulf.example@127.0.0.1", "user:pass@127.0.0.1", "gulf.example:80@127.0.0.1", "gulf.example#@127.0.0.1",
		"127.0.0.1\t", " 127.0.0.1", "[127.0.0.1]",
	}
	for _, host := range hosts {
		if _, err := c.Get(t.Context(), &gate{}, at(host, port)); err == nil {
			t.Errorf("%q was fetched", host)
		}
	}
	for _, rest := range []string{"ftp://127.0.0.1", "file:///etc/passwd", "gopher://127.0.0.1:" + port, "//127.0.0.1:" + port,
		`http:\\127.0.0.1:` + port, "http:127.0.0.1:" + port, "unix:///run/x", "data:text/xml,x", "javascript:1",
		"http://93.184.215.14:22/", "http://93.184.215.14:25/", "http://93.184.215.14:0/", "http://127.0.0.1:99999/"} {
		if _, err := c.Get(t.Context(), &gate{}, fetch.Request{URL: rest}); err == nil {
			t.Errorf("%q was fetched", rest)
		}
	}
	if n := trap.Load(); n != 0 || len(hosts) < 30 {
		t.Errorf("%d connections came about, with %d spellings", n, len(hosts))
	}
	t.Logf("%d spellings, %d connections", len(hosts), trap.Load())
}

// trapped listens on every loopback address that this machine has, and counts who
// comes.
func trapped(t *testing.T) (hits *atomic.Int32, port string) {
	t.Helper()
	hits = new(atomic.Int32)
	l, err := net.Listen("tcp", ":0") // both families, where there are two
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	wait.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			hits.Add(1)
			conn.Close()
		}
	})
	t.Cleanup(func() {
		l.Close()
		wait.Wait()
	})
	_, port, _ = net.SplitHostPort(l.Addr().String())
	return hits, port
}

// T-03: what the environment says of proxies is not heard, in any spelling.
func TestNoProxyOfTheEnvironmentIsAsked(t *testing.T) {
	trap, port := trapped(t)
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"} {
		t.Setenv(name, "http://127.0.0.1:"+port)
	}
	t.Setenv("NO_PROXY", "")
	t.Setenv("no_proxy", "")
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("x")) }))
	defer s.Close()
	_, own, _ := net.SplitHostPort(s.Listener.Addr().String())
	// Not a loopback name: for those the environment's proxies are passed over anyway.
	resolver, _ := resolverFor(t, func(string) []netip.Addr { return []netip.Addr{here} })
	c := over(t, fetch.Options{Resolver: resolver, Allow: loopback})
	for _, access := range []feed.Access{{}, {Bearer: "x"}, {User: "x"}} {
		res, err := c.Get(t.Context(), &gate{}, fetch.Request{URL: "http://gulf.example:" + own + "/", Access: access})
		if err != nil || string(res.Body) != "x" {
			t.Errorf("got %v", err)
		}
		if _, err := c.Get(t.Context(), &gate{}, fetch.Request{URL: "https://gulf.example:" + own + "/", Access: access}); err == nil {
			t.Error("a plain server spoke TLS")
		}
	}
	if n := trap.Load(); n != 0 {
		t.Errorf("the trap was asked %d times", n)
	}
}
