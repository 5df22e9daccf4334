package fetch

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"golang.org/x/net/proxy"

	"broadsheet/feed"
)

// maxTries is how many addresses of a target a proxy is asked to connect to.
const maxTries = 3

// tunnel connects to origins through a proxy. The proxy is told an address and
// never a name: the target's name is looked up here and its address checked, so
// that a proxy, which may well stand in a private network, leads into none
// (T-03). Origins of http are reached through a tunnel too.
type tunnel struct {
	*line
	proxy *url.URL
	roots *x509.CertPool // for a proxy that is spoken to over TLS
}

// through makes the dialer of a proxy.
func (l *line) through(rawURL string, roots *x509.CertPool) (dialFunc, error) {
	u, err := parseProxy(rawURL)
	if err != nil {
		return nil, fmt.Errorf("the proxy %w", err)
	}
	return (&tunnel{line: l, proxy: u, roots: roots}).connect, nil
}

// proxyError says why there is no way through a proxy.
type proxyError struct {
	kind feed.Kind
	text string
	err  error
}

func (e *proxyError) Error() string { return e.text }
func (e *proxyError) Unwrap() error { return e.err }

// connect makes a connection to addr, "host:port".
func (t *tunnel) connect(ctx context.Context, network, addr string) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, dialTimeout)
	defer cancel()
	targets, err := t.permitted(ctx, addr)
	if err != nil {
		return nil, err
	}
	targets = alternate(targets)
	targets = targets[:min(len(targets), maxTries)]
	for i, target := range targets {
		var conn net.Conn
		conn, err = t.try(ctx, network, target, len(targets)-i)
		if refused, ok := errors.AsType[*proxyError](err); !ok || refused.kind == feed.KindDenied {
			return conn, err
		}
	}
	return nil, err
}

// alternate takes addresses of the two families in turn, beginning with that of
// the first: a proxy may have no way to one of them, as we may not.
func alternate(targets []string) []string {
	var first, other []string
	for _, target := range targets {
		if isIPv6(target) == isIPv6(targets[0]) {
			first = append(first, target)
		} else {
			other = append(other, target)
		}
	}
	out := make([]string, 0, len(targets))
	for i := range first {
		out = append(out, first[i])
		if i < len(other) {
			out = append(out, other[i])
		}
	}
	return append(out, other[min(len(first), len(other)):]...)
}

func isIPv6(target string) bool { return strings.HasPrefix(target, "[") }

// try makes a connection to one address in its share of what is left of the time,
// when so many are still to be tried: one that is slow leaves some to the others.
func (t *tunnel) try(ctx context.Context, network, target string, tries int) (net.Conn, error) {
	if end, ok := ctx.Deadline(); ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, time.Until(end)/time.Duration(tries))
		defer cancel()
	}
	return t.reach(ctx, network, target)
}

// reach makes a connection to one address.
func (t *tunnel) reach(ctx context.Context, network, target string) (net.Conn, error) {
	if t.proxy.Scheme == "socks5" {
		return t.socks(ctx, network, target)
	}
	conn, err := t.toProxy(ctx, network, t.address())
	if err != nil {
		return nil, err
	}
	if t.proxy.Scheme == "https" {
		secure := tls.Client(conn, &tls.Config{ServerName: t.proxy.Hostname(),
			RootCAs: t.roots, MinVersion: tls.VersionTLS12})
		if err := secure.HandshakeContext(ctx); err != nil {
			conn.Close()
			return nil, t.failed("speaks no TLS that is trusted", err)
		}
		conn = secure
	}
	if err := t.ask(ctx, conn, target); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// address is where the proxy is.
func (t *tunnel) address() string {
	port := t.proxy.Port()
	if port == "" {
		port = proxySchemes[t.proxy.Scheme]
	}
	return net.JoinHostPort(t.proxy.Hostname(), port)
}

// toProxy connects to the proxy itself, wherever it is.
func (t *tunnel) toProxy(ctx context.Context, network, addr string) (net.Conn, error) {
	conn, err := t.free(ctx, network, addr)
	if err != nil {
		return nil, t.failed("cannot be reached", err)
	}
	return conn, nil
}

// failed is a failure of the proxy, which did what.
func (t *tunnel) failed(what string, err error) error {
	kind := feed.KindUnreachable
	if isTimeout(err) {
		kind = feed.KindTimeout
	}
	return &proxyError{kind: kind, text: "the proxy " + t.proxy.Host + " " + what, err: err}
}

// ask has an HTTP proxy connect to target (RFC 9110 §9.3.6).
func (t *tunnel) ask(ctx context.Context, conn net.Conn, target string) error {
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	request := "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n"
	if u := t.proxy.User; u != nil {
		password, _ := u.Password()
		request += "Proxy-Authorization: Basic " +
			base64.StdEncoding.EncodeToString([]byte(u.Username()+":"+password)) + "\r\n"
	}
	if _, err := io.WriteString(conn, request+"\r\n"); err != nil {
		return t.failed("closed the connection", t.why(ctx, err))
	}
	in := bufio.NewReader(io.LimitReader(conn, maxHeader))
	answer, err := http.ReadResponse(in, &http.Request{Method: http.MethodConnect})
	switch {
	case err != nil:
		return t.failed("gave no answer that can be read", t.why(ctx, err))
	case answer.StatusCode == http.StatusProxyAuthRequired:
		return &proxyError{kind: feed.KindDenied, text: fmt.Sprintf(
			"the proxy %s asks for a name and a password; write them into proxy", t.proxy.Host)}
	case answer.StatusCode != http.StatusOK && strings.HasSuffix(target, ":80"):
		return t.failed("answered "+status(answer.StatusCode)+" when asked to connect to port 80, which many proxies do not; "+
			"allow CONNECT to it there, or use an https:// url", nil)
	case answer.StatusCode != http.StatusOK:
		return t.failed("answered "+status(answer.StatusCode), nil)
	case in.Buffered() > 0: // nothing may come before the origin was spoken to
		return t.failed("sent more than was asked for", nil)
	case !stop():
		return t.failed("did not answer in time", ctx.Err())
	}
	return nil
}

// why is the reason that a context ended, where that is what broke a connection.
func (t *tunnel) why(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return err
}

// socks has a SOCKS 5 proxy connect to target (RFC 1928, RFC 1929).
func (t *tunnel) socks(ctx context.Context, network, target string) (net.Conn, error) {
	var auth *proxy.Auth
	if u := t.proxy.User; u != nil {
		password, _ := u.Password()
		auth = &proxy.Auth{User: u.Username(), Password: password}
	}
	d, err := proxy.SOCKS5("tcp", t.address(), auth, toProxy{t})
	if err != nil {
		return nil, t.failed("cannot be used", err)
	}
	conn, err := d.(proxy.ContextDialer).DialContext(ctx, network, target)
	if _, told := errors.AsType[*proxyError](err); err != nil && !told {
		return nil, t.failed("made no connection", t.why(ctx, err))
	}
	return conn, err
}

// toProxy is a tunnel's way to its proxy, as package proxy takes it.
type toProxy struct{ t *tunnel }

func (p toProxy) Dial(network, addr string) (net.Conn, error) {
	return p.DialContext(context.Background(), network, addr)
}

func (p toProxy) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	return p.t.toProxy(ctx, network, addr)
}
