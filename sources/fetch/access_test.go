package fetch_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
	"broadsheet/internal/fakeweb"
	"broadsheet/sources/fetch"
)

// canary is a secret; nothing but its own origin may ever see it.
const canary = "canary"

// accesses are every way of being let in that a header can say.
var accesses = map[string]feed.Access{
	"basic":   {User: "reader", Password: canary},
	"bearer":  {Bearer: canary},
	"headers": {Headers: map[string]string{"X-Api-Key": canary, "Cookie": "session=" + canary, "User-Agent": canary}},
	"all":     {User: "reader", Password: canary, Headers: map[string]string{"X-Api-Key": canary}},
}

// knows reports whether a request carries the canary, in any coding that we send.
func knows(r fakeweb.Request) bool {
	for _, values := range r.Header {
		for _, v := range values {
			plain, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(v, "Basic "))
			if strings.Contains(v, canary) || strings.Contains(string(plain), canary) {
				return true
			}
		}
	}
	return strings.Contains(r.Path, canary)
}

// H-6, T-25: credentials go to the origin of the url, which is scheme, host and
// port, over as many redirects as it likes; beyond it they are not sent, and once
// it was left they do not come back.
func TestCredentialsAreBoundToOneOrigin(t *testing.T) {
	for name, access := range accesses {
		for _, away := range []string{"http://other.example/x", "http://sub.club.example/x", "http://club.example:8080/x", "https://club.example/x"} {
			t.Run(name+" and "+away, func(t *testing.T) {
				inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
					w.HandlePage("club.example", "/a", fakeweb.Redirect(301, "/b"))
					w.HandlePage("club.example", "/b", fakeweb.Redirect(302, away))
					for _, host := range []string{"other.example", "sub.club.example", "club.example:8080", "club.example"} {
						w.HandlePage(host, "/x", fakeweb.Redirect(307, "http://club.example/back"))
					}
					w.HandlePage("club.example", "/back", fakeweb.Raw([]byte("x")))
					_, err := w.client.Get(t.Context(), w.gate, fetch.Request{URL: "http://club.example/a", Access: access})
					if err != nil {
						t.Fatal(err)
					}
					var got []bool
					for _, r := range w.Log() {
						got = append(got, knows(r))
					}
					if d := cmp.Diff([]bool{true, true, false, false}, got); d != "" {
						t.Errorf("who was told the secret: -want +got\n%s", d)
					}
				})
			})
		}
	}
}

// T-28: a feed that moved for good is asked at its new address, and what the
// operator gave for the old one goes there only if it is the same origin.
func TestCredentialsStayBehindWhenAFeedMoves(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		for _, host := range []string{"club.example", "other.example"} {
			w.Handle(host, fakeweb.Raw([]byte("x")))
		}
		for _, tc := range []struct {
			home, url string
			sent      bool
		}{
			{"http://club.example/old", "http://club.example/new", true},
			{"http://reader:" + canary + "@club.example/old", "http://club.example/new", true},
			{"http://club.example/old", "http://other.example/new", false},
			{"http://reader:" + canary + "@club.example/old", "http://other.example/new", false},
			{"http://club.example/old", "https://club.example/new", false},
		} {
			w.Forget()
			req := fetch.Request{URL: tc.url, Home: tc.home}
			if !strings.Contains(tc.home, "@") {
				req.Access = feed.Access{Bearer: canary}
			}
			if _, err := w.client.Get(t.Context(), w.gate, req); err != nil {
				t.Fatal(err)
			}
			if log := w.Log(); len(log) != 1 || knows(log[0]) != tc.sent {
				t.Errorf("from %s to %s: credentials sent: %t", tc.home, tc.url, knows(log[0]))
			}
		}
	})
}

func TestHeadersOfTheOperatorReplaceOurs(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("club.example", fakeweb.Raw([]byte("x"), "Set-Cookie", "id=1; Path=/"))
		req := fetch.Request{URL: "http://club.example/", Access: feed.Access{Bearer: "t",
			Headers: map[string]string{"User-Agent": "Reader/1", "Accept": "text/xml", "Cookie": "own=1"}}}
		for range 2 {
			if _, err := w.client.Get(t.Context(), w.gate, req); err != nil {
				t.Fatal(err)
			}
		}
		for _, r := range w.Log() {
			for name, want := range map[string]string{"User-Agent": "Reader/1", "Accept": "text/xml",
				"Cookie": "own=1", "Authorization": "Bearer t", "Accept-Encoding": "gzip, br, zstd"} {
				if got := strings.Join(r.Header.Values(name), "|"); got != want {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
		}
	})
}

// T-26: a cookie that an origin sets is never sent back, not to the next hop of
// the same poll either, and not over HTTP/2.
func TestCookiesAreNotKept(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		set := []string{"Set-Cookie", "id=1; Path=/; Max-Age=999999", "Set-Cookie", "track=2; Domain=club.example; SameSite=None"}
		w.HandlePage("club.example", "/a", fakeweb.Status(302, append(set, "Location", "/b")...))
		w.HandlePage("club.example", "/b", fakeweb.Raw([]byte("x"), set...))
		for _, scheme := range []string{"http", "https"} {
			for _, access := range []feed.Access{{}, {Bearer: "t"}} {
				for range 3 {
					if _, err := w.client.Get(t.Context(), w.gate, fetch.Request{URL: scheme + "://club.example/a", Access: access}); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		for _, r := range w.Log() {
			if v := r.Header.Values("Cookie"); len(v) > 0 {
				t.Errorf("%s was sent %q", r.URL(), v)
			}
		}
		if n := len(w.Log()); n != 24 {
			t.Errorf("%d requests", n)
		}
	})
}

// T-19: two sources with one URL and other credentials share no connection, over
// HTTP/1.1 and HTTP/2, while each reuses its own; and no validators.
func TestNoConnectionIsSharedBetweenCredentials(t *testing.T) {
	for _, h2 := range []bool{false, true} {
		var mu sync.Mutex
		owners := map[string]map[string]bool{} // by connection
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			mu.Lock()
			defer mu.Unlock()
			if owners[r.RemoteAddr] == nil {
				owners[r.RemoteAddr] = map[string]bool{}
			}
			owners[r.RemoteAddr][r.Header.Get("Authorization")+r.Header.Get("X-Api-Key")] = true
			w.Header().Set("ETag", `"`+r.Header.Get("Authorization")+`"`)
			w.Write([]byte("x"))
		}))
		s.EnableHTTP2 = h2
		s.StartTLS()
		defer s.Close()
		c := over(t, fetch.Options{Allow: loopback, Roots: s.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs})
		all := []feed.Access{{}, {User: "a", Password: "1"}, {User: "a", Password: "2"}, {User: "a1"}, {Bearer: "a"}, {Bearer: "b"},
			{Headers: map[string]string{"X-Api-Key": "a"}}, {Headers: map[string]string{"X-Api-Key": "b"}}}
		for range 3 {
			for _, access := range all {
				if _, err := c.Get(t.Context(), &gate{}, fetch.Request{URL: s.URL, Access: access}); err != nil {
					t.Fatal(err)
				}
			}
		}
		for addr, who := range owners {
			if len(who) != 1 {
				t.Errorf("h2 %t: %s was shared by %d", h2, addr, len(who))
			}
		}
		if len(owners) != len(all) {
			t.Errorf("h2 %t: %d connections for %d sources that polled three times", h2, len(owners), len(all))
		}
	}
}

// A name and password in a URL are credentials like others.
func TestCredentialsOfAURLHaveConnectionsOfTheirOwn(t *testing.T) {
	seen := map[string]string{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen[r.Header.Get("Authorization")] = r.RemoteAddr
		w.Write([]byte("x"))
	}))
	defer s.Close()
	c := over(t, fetch.Options{Allow: loopback})
	for _, user := range []string{"", "a:1@", "a:2@"} {
		if _, err := c.Get(t.Context(), &gate{}, fetch.Request{URL: strings.Replace(s.URL, "//", "//"+user, 1)}); err != nil {
			t.Fatal(err)
		}
	}
	conns := map[string]bool{}
	for _, addr := range seen {
		conns[addr] = true
	}
	if len(seen) != 3 || len(conns) != 3 {
		t.Errorf("%d logins over %d connections", len(seen), len(conns))
	}
}

// identity makes a self-signed certificate with its key, in PEM.
func identity(t *testing.T) (certificate, key []byte) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "reader"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	pkcs, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs})
}

// A client certificate is shown to its own origin only; an authority is trusted
// for the source that names it and for no other.
func TestCertificatesAndAuthoritiesAreTheirSourcesOwn(t *testing.T) {
	shown := map[string]int{}
	tlsServer := func(h http.HandlerFunc) *httptest.Server {
		s := httptest.NewUnstartedServer(h)
		s.TLS = &tls.Config{ClientAuth: tls.RequestClientCert}
		s.Config.ErrorLog = log.New(io.Discard, "", 0)
		s.StartTLS()
		t.Cleanup(s.Close)
		return s
	}
	other := tlsServer(func(w http.ResponseWriter, r *http.Request) {
		shown["other"] += len(r.TLS.PeerCertificates)
		w.Write([]byte("x"))
	})
	own := tlsServer(func(w http.ResponseWriter, r *http.Request) {
		shown["own"] += len(r.TLS.PeerCertificates)
		http.Redirect(w, r, other.URL, http.StatusFound)
	})
	certificate, key := identity(t)
	ca := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: own.Certificate().Raw})
	c := over(t, fetch.Options{Allow: loopback, Roots: x509.NewCertPool()})
	get := func(a feed.Access) error {
		_, err := c.Get(t.Context(), &gate{}, fetch.Request{URL: own.URL, Access: a})
		return err
	}
	if err := get(feed.Access{Certificate: certificate, Key: key, CA: ca}); err != nil {
		t.Fatal(err)
	}
	if shown["own"] != 1 || shown["other"] != 0 {
		t.Errorf("the certificate was shown: %v", shown)
	}
	for _, a := range []feed.Access{{}, {Certificate: certificate, Key: key}, {Bearer: "x"}} {
		if err := get(a); err == nil || !strings.Contains(err.Error(), "not trusted") {
			t.Errorf("without the authority: %v", err)
		}
	}
	for says, a := range map[string]feed.Access{
		"holds no certificate":      {CA: []byte("x")},
		"the certificate is none":   {Certificate: []byte("x"), Key: key},
		"the key is none":           {Certificate: certificate, Key: []byte("x")},
		"is not that of the":        {Certificate: certificate, Key: func() []byte { _, k := identity(t); return k }()},
		"not a proxy of a known ki": {Proxy: "ftp://u:canary@proxy.example"},
	} {
		if err := get(a); feed.KindOf(err) != feed.KindConfig || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
}

// T-25: no error tells a secret, whatever goes wrong, to the last of its causes.
func TestNoErrorTellsAnAccess(t *testing.T) {
	certificate, _ := identity(t)
	inWorld(t, fetch.Options{MaxBody: 1 << 10}, func(t *testing.T, w world) {
		w.Handle("denied.example", fakeweb.Status(401, "WWW-Authenticate", `Basic realm="canary"`))
		w.Handle("circle.example", fakeweb.Redirect(302, "/?token=canary"))
		w.Handle("large.example", fakeweb.Raw(make([]byte, 2<<10)))
		w.Handle("cut.example", fakeweb.Truncated("text/xml", []byte("<rss></rss>"), 5))
		w.Handle("held.example", fakeweb.Status(429, "Retry-After", "60"))
		w.Handle("odd.example", fakeweb.Redirect(302, "https://canary:canary@[::1]:99999/?token=canary"))
		for _, host := range []string{"denied", "circle", "large", "cut", "held", "odd", "nowhere"} {
			for name, access := range accesses {
				_, err := w.client.Get(t.Context(), w.gate, fetch.Request{Access: access,
					URL: "http://reader:canary@" + host + ".example/?token=canary"})
				if err == nil {
					t.Fatalf("%s: no error", host)
				}
				for e := err; e != nil; e = unwrap(e) {
					if said := fmt.Sprintf("%v %+v", e, e); strings.Contains(e.Error(), canary) {
						t.Errorf("%s, %s: %s", host, name, said)
					}
				}
			}
		}
		for _, bad := range []feed.Access{{Certificate: certificate, Key: []byte(canary)}, {CA: []byte(canary)}, {Proxy: "canary://canary:canary@x"}} {
			_, err := w.client.Get(t.Context(), w.gate, fetch.Request{URL: "http://denied.example/", Access: bad})
			if err == nil || strings.Contains(err.Error(), canary) {
				t.Errorf("got %v", err)
			}
		}
	})
}

// T-19: validators are sent back by whom they were given to. Another password,
// language or proxy asks anew, and so does a feed that had none of them.
func TestValidatorsAreBoundToAnAccess(t *testing.T) {
	header := func(name, value string) feed.Access { return feed.Access{Headers: map[string]string{name: value}} }
	one, key := identity(t)
	two, _ := identity(t)
	all := []feed.Access{{}, {User: "a", Password: "1"}, {User: "a", Password: "2"}, {User: "b", Password: "1"}, {Bearer: "1"},
		{Bearer: "2"}, header("Accept-Language", "en"), header("Accept-Language", "ar"), header("Cookie", "en"), header("X-Key", "en"),
		{CA: one}, {CA: two}, {Certificate: one, Key: key}}
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("club.example", fakeweb.Raw([]byte("x"), "ETag", `"1"`, "Last-Modified", "then"))
		get := func(url string, a feed.Access, m feed.Memo) (sent bool, memo feed.Memo) {
			w.Forget()
			res, err := w.client.Get(t.Context(), w.gate, fetch.Request{URL: url, Access: a, Memo: m})
			if err != nil {
				t.Fatal(err)
			}
			h := w.Log()[0].Header
			if (h.Get("If-None-Match") == "") != (h.Get("If-Modified-Since") == "") {
				t.Error("one validator without the other")
			}
			return h.Get("If-None-Match") != "", res.Memo
		}
		const url = "http://club.example/"
		for i, a := range all {
			_, memo := get(url, a, feed.Memo{})
			for j, b := range all {
				if sent, _ := get(url, b, memo); sent != (i == j) {
					t.Errorf("from %s (%d) to %s (%d): validators sent: %t", a, i, b, j, sent)
				}
			}
		}
		// A name and password in the URL are credentials like others.
		_, memo := get("http://a:1@club.example/", feed.Access{}, feed.Memo{})
		for other, want := range map[string]bool{"http://a:1@club.example/": true, "http://a:2@club.example/": false, url: false} {
			if sent, _ := get(other, feed.Access{}, memo); sent != want {
				t.Errorf("%s: validators sent: %t", other, sent)
			}
		}
		if sent, _ := get(url, feed.Access{User: "a", Password: "1"}, memo); !sent {
			t.Error("they are forgotten because they moved out of the URL")
		}
	})
}

// Something of an Access is not known: it is not done without.
func TestNothingIsAskedWithHalfAnAccess(t *testing.T) {
	inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
		w.Handle("club.example", fakeweb.Raw([]byte("x")))
		for _, page := range []bool{true, false} {
			_, err := w.client.Get(t.Context(), w.gate, fetch.Request{URL: "http://club.example/", Page: page,
				Access: feed.Access{Missing: "auth.password", User: "reader"}})
			if feed.KindOf(err) != feed.KindConfig || !strings.Contains(err.Error(), "a variable in auth.password is not set here") {
				t.Errorf("got %v", err)
			}
		}
		if len(w.Log()) > 0 || len(w.gate.hosts) > 0 {
			t.Errorf("asked %v", w.asked())
		}
	})
}

func TestHeadersThatCannotBeSet(t *testing.T) {
	for name, ok := range map[string]bool{
		"X-Api-Key": true, "Cookie": true, "User-Agent": true, "Accept": true, "Authorization": true, "Referer": true,
		"Host": false, "Connection": false, "Te": false, "Transfer-Encoding": false, "Upgrade": false, "Keep-Alive": false,
		"Proxy-Authorization": false, "If-None-Match": false, "If-Modified-Since": false, "Content-Length": false,
		"Accept-Encoding": false, "Range": false, "X Y": false, "": false, "X\n": false,
	} {
		if err := fetch.CheckHeader(name, "v"); (err == nil) != ok {
			t.Errorf("%q: %v", name, err)
		}
	}
	if err := fetch.CheckHeader("X-Api-Key", "canary\r\nHost: x"); err == nil || strings.Contains(err.Error(), canary) {
		t.Errorf("a line break: %v", err)
	}
}
