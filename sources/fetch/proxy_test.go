package fetch_test

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"broadsheet/feed"
	"broadsheet/sources/fetch"
)

// proxy is a proxy on loopback that speaks CONNECT and SOCKS 5 on one port, and
// remembers what it was asked to connect to.
type proxy struct {
	listener net.Listener
	login    string // "name:password", or empty

	mu     sync.Mutex
	asked  []string // targets
	logins []string // as shown
	wait   sync.WaitGroup
}

func newProxy(t *testing.T, login string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, login: login}
	p.wait.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			p.wait.Go(func() { p.serve(conn) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		p.wait.Wait()
	})
	return p
}

// url is where it is, as the configuration says it.
func (p *proxy) url(scheme string) string {
	user := ""
	if p.login != "" {
		user = p.login + "@"
	}
	return scheme + "://" + user + p.listener.Addr().String()
}

func (p *proxy) targets() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.asked)
}

func (p *proxy) note(target, login string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked, p.logins = append(p.asked, target), append(p.logins, login)
}

func (p *proxy) serve(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	first, err := in.Peek(1)
	if err != nil {
		return
	}
	target, ok := "", false
	if first[0] == 5 {
		target, ok = p.socks(conn, in)
	} else {
		target, ok = p.connect(conn, in)
	}
	if !ok {
		return
	}
	out, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	defer out.Close()
	var both sync.WaitGroup
	for to, from := range map[net.Conn]io.Reader{out: in, conn: out} {
		both.Go(func() {
			io.Copy(to, from)
			to.(interface{ CloseWrite() error }).CloseWrite()
		})
	}
	both.Wait()
}

func (p *proxy) connect(conn net.Conn, in *bufio.Reader) (target string, ok bool) {
	r, err := http.ReadRequest(in)
	if err != nil {
		return "", false
	}
	login, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(r.Header.Get("Proxy-Authorization"), "Basic "))
	p.note(r.RequestURI, string(login))
	switch {
	case r.Method != http.MethodConnect:
		io.WriteString(conn, "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
	case string(login) != p.login:
		io.WriteString(conn, "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
	default:
		io.WriteString(conn, "HTTP/1.1 200 OK\r\n\r\n")
		return r.RequestURI, true
	}
	return "", false
}

func (p *proxy) socks(conn net.Conn, in *bufio.Reader) (target string, ok bool) {
	read := func(n int) []byte {
		b := make([]byte, n)
		io.ReadFull(in, b)
		return b
	}
	read(int(read(2)[1])) // methods
	login := ""
	if p.login != "" {
		conn.Write([]byte{5, 2})
		name := read(int(read(2)[1]))
		login = string(name) + ":" + string(read(int(read(1)[0])))
		conn.Write([]byte{1, 0})
	} else {
		conn.Write([]byte{5, 0})
	}
	switch head := read(4); head[3] {
	case 1:
		target = netip.AddrFrom4([4]byte(read(4))).String()
	case 4:
		target = netip.AddrFrom16([16]byte(read(16))).String()
	case 3:
		target = string(read(int(read(1)[0])))
	}
	port := binary.BigEndian.Uint16(read(2))
	target = net.JoinHostPort(target, strconv.Itoa(int(port)))
	p.note(target, login)
	conn.Write([]byte{5, 0, 0, 1, 0, 0, 0, 0, 0, 0})
	return target, true
}

// T-03: a proxy is told addresses that were looked up and checked here, over http
// and https alike, and never a name.
func TestAProxyIsToldCheckedAddressesOnly(t *testing.T) {
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("plain")) }))
	defer plain.Close()
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("secure")) }))
	defer secure.Close()
	resolver, _ := resolverFor(t, func(name string) []netip.Addr {
		if name == "private.example.com" {
			return []netip.Addr{netip.MustParseAddr("127.0.0.2"), netip.MustParseAddr("10.0.0.1")}
		}
		return []netip.Addr{netip.MustParseAddr("10.0.0.1"), here}
	})
	for _, login := range []string{"", "reader:canary"} {
		for _, scheme := range []string{"http", "socks5"} {
			p := newProxy(t, login)
			c := over(t, fetch.Options{Resolver: resolver, Allow: []netip.Prefix{netip.PrefixFrom(here, 32)},
				Roots: secure.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs})
			get := func(url string) (string, error) {
				res, err := c.Get(t.Context(), &gate{}, fetch.Request{URL: url, Access: feed.Access{Proxy: p.url(scheme)}})
				return string(res.Body), err
			}
			for url, want := range map[string]string{
				"http://example.com:" + portOf(plain):   "plain",
				"https://example.com:" + portOf(secure): "secure",
			} {
				if body, err := get(url); body != want || err != nil {
					t.Errorf("%s %q: got %q, %v", scheme, login, body, err)
				}
			}
			if _, err := get("http://private.example.com:" + portOf(plain)); feed.KindOf(err) != feed.KindBlocked {
				t.Errorf("%s: a name that leads into a private network: %v", scheme, err)
			}
			for _, target := range p.targets() {
				if !strings.HasPrefix(target, "127.0.0.1:") {
					t.Errorf("%s: the proxy was asked for %s", scheme, target)
				}
			}
			for _, shown := range p.logins {
				if shown != login {
					t.Errorf("%s: the proxy was shown %q", scheme, shown)
				}
			}
			if n := len(p.targets()); n != 2 {
				t.Errorf("%s: the proxy was asked %d times", scheme, n)
			}
		}
	}
}

func portOf(s *httptest.Server) string {
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	return port
}

// A thousand rounds of rebinding through a proxy: it is asked for the address that
// may not be fetched not once (T-03).
func TestRebindingThroughAProxyReachesNothing(t *testing.T) {
	for _, scheme := range []string{"http", "socks5"} {
		t.Run(scheme, func(t *testing.T) {
			port, good, bad := twoFaces(t)
			p := newProxy(t, "")
			resolver, _ := resolverFor(t, rebinding())
			c := over(t, fetch.Options{Resolver: resolver, Allow: []netip.Prefix{netip.PrefixFrom(here, 32)}})
			blocked := 0
			for range rounds {
				req := at("rebind.example", port)
				req.Access.Proxy = p.url(scheme)
				_, err := c.Get(t.Context(), &gate{}, req)
				switch {
				case feed.KindOf(err) == feed.KindBlocked:
					blocked++
				case err != nil:
					t.Fatal(err)
				}
			}
			for _, target := range p.targets() {
				if target != "127.0.0.1:"+port {
					t.Errorf("the proxy was asked for %s", target)
				}
			}
			if bad.Load() != 0 || int(good.Load())+blocked != rounds || blocked < rounds/4 || good.Load() < rounds/4 {
				t.Errorf("%d answered, %d refused, %d connections to the refused address", good.Load(), blocked, bad.Load())
			}
			t.Logf("%d rounds: %d tunnels, %d refused, %d to the refused address", rounds, len(p.targets()), blocked, bad.Load())
		})
	}
}

// A redirect that comes through a proxy is checked as well.
func TestARedirectThroughAProxyIsChecked(t *testing.T) {
	p, origin := newProxy(t, ""), hopping(t)
	c := over(t, fetch.Options{Allow: []netip.Prefix{netip.PrefixFrom(here, 32)}})
	_, err := c.Get(t.Context(), &gate{}, fetch.Request{URL: origin.URL + "/2?to=http://169.254.169.254/latest",
		Access: feed.Access{Proxy: p.url("http")}})
	if feed.KindOf(err) != feed.KindBlocked || len(slices.Compact(p.targets())) != 1 {
		t.Errorf("got %v, and the proxy was asked for %v", err, p.targets())
	}
}

func TestWhatIsWrongWithAProxyIsSaid(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	gone := closed.Addr().String()
	closed.Close()
	web := httptest.NewServer(http.NotFoundHandler())
	defer web.Close()
	locked := newProxy(t, "reader:canary")
	c := over(t, fetch.Options{Allow: loopback})
	for _, tc := range []struct {
		proxy, says string
		kind        feed.Kind
	}{
		{"http://reader:canary@" + gone, "the proxy " + gone + " cannot be reached", feed.KindUnreachable},
		{"socks5://reader:canary@" + gone, "the proxy " + gone + " cannot be reached", feed.KindUnreachable},
		{"http://wrong:canary@" + locked.listener.Addr().String(), "asks for a name and a password", feed.KindDenied},
		{strings.Replace(web.URL, "//", "//reader:canary@", 1), "answered 404 (Not Found)", feed.KindUnreachable},
		{"https://reader:canary@" + web.Listener.Addr().String(), "speaks no TLS that is trusted", feed.KindUnreachable},
		{"ftp://reader:canary@proxy.example", "not a proxy of a known kind", feed.KindConfig},
	} {
		_, err := c.Get(t.Context(), &gate{}, fetch.Request{URL: web.URL, Access: feed.Access{Proxy: tc.proxy}})
		if feed.KindOf(err) != tc.kind || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: got %q: %v", tc.proxy, feed.KindOf(err), err)
		}
		for ; err != nil; err = unwrap(err) {
			if strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), base64.StdEncoding.EncodeToString([]byte("reader:canary"))) {
				t.Errorf("the password is told in %q", err)
			}
		}
	}
}

// A proxy may be spoken to over TLS; its certificate is checked like any other.
func TestAProxyOverTLS(t *testing.T) {
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.Write([]byte("x")) }))
	defer secure.Close()
	p := newProxy(t, "reader:canary")
	front, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: secure.TLS.Certificates})
	if err != nil {
		t.Fatal(err)
	}
	var wait sync.WaitGroup
	defer wait.Wait()
	defer front.Close()
	wait.Go(func() {
		for {
			conn, err := front.Accept()
			if err != nil {
				return
			}
			wait.Go(func() { p.serve(conn) })
		}
	})
	url := "https://reader:canary@" + front.Addr().String()
	for trusted, roots := range map[bool]*x509.CertPool{
		true: secure.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, false: x509.NewCertPool(),
	} {
		c := fetch.New(fetch.Options{Allow: loopback, Roots: roots})
		res, err := c.Get(t.Context(), &gate{}, fetch.Request{URL: secure.URL, Access: feed.Access{Proxy: url}})
		if trusted && (err != nil || string(res.Body) != "x") || !trusted && feed.KindOf(err) != feed.KindUnreachable {
			t.Errorf("trusted %t: %v", trusted, err)
		}
		c.Close()
	}
	if n := len(p.targets()); n != 1 {
		t.Errorf("%d tunnels", n)
	}
}
