package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// selfSigned writes a certificate for localhost with a serial number, and gives it.
func selfSigned(t *testing.T, certificate, key string, serial int64) *x509.Certificate {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{certificate: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: keyDER}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// TestReadersOverTLS runs the program with a certificate: HTTP/2, sane versions, plain HTTP
// sent on to site.url whatever host was asked for, and a renewed certificate without a restart.
func TestReadersOverTLS(t *testing.T) {
	if testing.Short() {
		t.Skip("uses loopback sockets")
	}
	d := newDesk(t)
	certificate, key := filepath.Join(d.dir, "cert.pem"), filepath.Join(d.dir, "key.pem")
	first := selfSigned(t, certificate, key, 1)
	plain := filepath.Join(d.dir, "plain.sock")
	d.config(`site: {title: The Test, url: "https://paper.example/news", id: paper.example}
serve: {listen: 127.0.0.1:0, admin: 127.0.0.1:0, http: "unix:` + plain + `", tls: {certificate: cert.pem, key: key.pem}}
` + twoSections)
	d.web.Serve("gulf.example", "/feed.xml", "application/rss+xml", rss(d.clock(), "1|http://gulf.example/1|One|1|sport"))
	d.run("once")
	base, _, stop := d.serve()
	addr := strings.TrimPrefix(base, "http://")
	serial := func(roots ...*x509.Certificate) int64 {
		t.Helper()
		pool := x509.NewCertPool()
		for _, c := range roots {
			pool.AddCert(c)
		}
		transport := &http.Transport{ForceAttemptHTTP2: true, TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "localhost"}}
		defer transport.CloseIdleConnections()
		answer, err := (&http.Client{Transport: transport}).Get("https://" + addr + "/news/")
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if answer.StatusCode != 200 || answer.ProtoMajor != 2 || answer.TLS.Version < tls.VersionTLS12 {
			t.Errorf("%s %s, TLS %x", answer.Proto, answer.Status, answer.TLS.Version)
		}
		return answer.TLS.PeerCertificates[0].SerialNumber.Int64()
	}
	if n := serial(first); n != 1 {
		t.Errorf("certificate %d", n)
	}
	second := selfSigned(t, certificate, key, 2)
	d.later(certificateLook)
	if n := serial(second); n != 2 {
		t.Errorf("after the files were renewed: certificate %d", n)
	}
	if err := os.WriteFile(certificate, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	d.later(certificateLook)
	if n := serial(second); n != 2 {
		t.Errorf("while a file is being written: certificate %d", n)
	}
	if _, err := tls.Dial("tcp", addr, &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	over := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "unix", plain)
		}}}
	answer, err := over.Get("http://evil.example/news/sport/rss.xml?q=a%20b")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if got := answer.Header.Get("Location"); answer.StatusCode != 301 || got != "https://paper.example/news/sport/rss.xml?q=a%20b" {
		t.Errorf("plain HTTP: %d to %q", answer.StatusCode, got)
	}
	stop()
	if !strings.Contains(d.logged.String(), "a changed certificate is not taken") {
		t.Error("a damaged certificate was not reported")
	}
}

func TestPlainHTTPIsSentOnToThePaperOnly(t *testing.T) {
	h := toHTTPS("https://paper.example/news")
	for target, want := range map[string]string{
		"/":                        "https://paper.example/",
		"/news/world/":             "https://paper.example/news/world/",
		"//evil.example/x":         "https://paper.example//evil.example/x",
		"/a%2Fb%0d%0aX-Evil:%201":  "https://paper.example/a%2Fb%0d%0aX-Evil:%201",
		"/rss.xml?source=gulf&q=a": "https://paper.example/rss.xml?source=gulf&q=a",
	} {
		r := httptest.NewRequest(http.MethodGet, "http://evil.example"+target, nil)
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != 301 || w.Header().Get("Location") != want {
			t.Errorf("%s: %d to %q, want %q", target, w.Code, w.Header().Get("Location"), want)
		}
	}
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/-/hub", nil)); w.Code != 403 {
		t.Errorf("POST over plain HTTP: %d", w.Code)
	}
}

// TestAServerIsPatientWithinLimits: a slow sender is cut off, and so is a header of any size.
func TestAServerIsPatientWithinLimits(t *testing.T) {
	s := newServer(http.NotFoundHandler(), nil, slog.New(slog.DiscardHandler))
	for name, limit := range map[string]time.Duration{"header": s.ReadHeaderTimeout, "request": s.ReadTimeout, "answer": s.WriteTimeout, "idle": s.IdleTimeout} {
		if limit <= 0 || limit > 10*time.Minute {
			t.Errorf("%s: %v", name, limit)
		}
	}
	client, server := net.Pipe()
	l := oneConn{make(chan net.Conn, 1), make(chan struct{})}
	l.conns <- server
	go s.Serve(l)
	defer close(l.done)
	go func() {
		_, _ = io.WriteString(client, "GET / HTTP/1.1\r\nHost: x\r\nX-Long: "+strings.Repeat("x", 2*requestHeader)+"\r\n\r\n")
	}()
	answer := make([]byte, 12)
	if _, err := io.ReadFull(client, answer); err != nil || !bytes.HasSuffix(answer, []byte(" 431")) {
		t.Errorf("a header of %d bytes: %q, %v", 2*requestHeader, answer, err)
	}
	client.Close()
}

// oneConn is a listener with one connection.
type oneConn struct {
	conns chan net.Conn
	done  chan struct{}
}

func (l oneConn) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.done:
		return nil, net.ErrClosed
	}
}
func (l oneConn) Close() error   { return nil }
func (l oneConn) Addr() net.Addr { return &net.UnixAddr{} }

// TestAnAuthorityIsAskedForOurNamesOnly: whoever connects with another name gets nothing,
// and the authority is not asked; plain HTTP is sent on, but for the authority's questions.
// A whole run against an authority is by hand (docs/decisions.md).
func TestAnAuthorityIsAskedForOurNamesOnly(t *testing.T) {
	d := newDesk(t)
	d.config(`site: {title: T, url: "https://paper.example", contact: editor@paper.example}
serve: {tls: {acme: [Paper.example], directory: "https://authority.example/dir"}}
` + twoSections)
	p, _, _ := d.start()
	p.configFile = filepath.Join(d.dir, "config.yaml")
	asked := make(chan string, 10)
	p.dial = func(_ context.Context, _, addr string) (net.Conn, error) {
		asked <- addr
		return nil, net.ErrClosed
	}
	conf, err := p.load(true)
	if err != nil {
		t.Fatal(err)
	}
	if got := conf.Serve.TLS; got.Email != "editor@paper.example" || got.Cache != filepath.Join(d.dir, "acme") {
		t.Errorf("%+v", got)
	}
	client := p.fetcher(conf)
	defer client.Close()
	secured, err := secure(conf.Serve.TLS, conf.Site.URL, client, userAgent(conf), slog.New(slog.DiscardHandler), d.clock)
	if err != nil {
		t.Fatal(err)
	}
	hello := func(name string) error {
		_, err := secured.config.GetCertificate(&tls.ClientHelloInfo{ServerName: name, CipherSuites: []uint16{tls.TLS_AES_128_GCM_SHA256}})
		return err
	}
	if hello("evil.example") == nil || len(asked) > 0 {
		t.Error("the authority is asked for any name")
	}
	if hello("paper.example") == nil || len(asked) == 0 || <-asked != "authority.example:443" {
		t.Error("the authority is not asked, or not through the program's client")
	}
	for path, want := range map[string]int{"/x": 301, "/.well-known/acme-challenge/none": 404} {
		w := httptest.NewRecorder()
		if secured.plain.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://paper.example"+path, nil)); w.Code != want {
			t.Errorf("%s: %d, want %d", path, w.Code, want)
		}
	}
}
