package fakeweb

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"strings"
)

// besideName is what a host's name gets behind it to be found on this machine.
const besideName = ".localhost"

// Listen serves the web on a real address too, for clients that cannot be given
// DialContext, until ctx or the web ends. addr is as for net.Listen; port 0 is a
// free one. It speaks plain HTTP, and tells hosts apart by what is asked for:
//
//   - the Host header: gulf.example, as in a request to a proxy, so a browser or
//     client that takes this address for its HTTP proxy sees the whole web;
//   - gulf.example.localhost, where the system finds such names;
//   - by the first part of the path, /gulf.example/feed.xml, where the Host header
//     is a bare address.
//
// Requests are logged as if the host itself had been asked.
func (w *Web) Listen(ctx context.Context, addr string) (net.Addr, error) {
	return w.ListenAs(ctx, addr, "")
}

// ListenAs is Listen at an address of one host: whoever asks there asks host,
// whatever the Host header says. This is how clients see many hosts on one
// machine: each has a port, or an address of 127.0.0.0/8, of its own.
func (w *Web) ListenAs(ctx context.Context, addr, host string) (net.Addr, error) {
	var config net.ListenConfig
	l, err := config.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open.Err() != nil {
		l.Close()
		return nil, errRefused
	}
	w.doors = append(w.doors, l)
	if host != "" {
		w.ports[l.Addr().String()] = host
	}
	stop := context.AfterFunc(ctx, func() { l.Close() })
	w.loops.Go(func() {
		defer stop()
		w.server.Serve(l) // ends when the listener is closed
	})
	return l.Addr(), nil
}

// closeDoors ends all real listeners.
func (w *Web) closeDoors() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, l := range w.doors {
		l.Close()
	}
}

// named is r as it would be if it had been sent to its host itself. What came
// through a pipe has been.
func (w *Web) named(r *http.Request) *http.Request {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(*net.TCPAddr)
	if !ok {
		return r
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	host := r.Host
	if bound, ok := w.ports[local.String()]; ok {
		return sentTo(r, bound, r.URL.Path)
	}
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	first, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	inner, beside := strings.CutSuffix(name, besideName)
	switch {
	case net.ParseIP(name) != nil && w.sites[first] != nil:
		return sentTo(r, first, "/"+rest)
	case w.sites[host] == nil && beside && w.sites[inner] != nil:
		return sentTo(r, inner, r.URL.Path)
	default:
		return r
	}
}

// sentTo is r with another host and path.
func sentTo(r *http.Request, host, path string) *http.Request {
	to, u := *r, *r.URL
	if path != u.Path {
		u.Path, u.RawPath = path, ""
	}
	u.Scheme, u.Host = "", ""
	to.Host, to.URL = host, &u
	return &to
}

// perThird is how many addresses are used of each 127.0.x.0/24: none that looks
// like a network's own or its broadcast.
const perThird = 250

// Addresses gives n addresses for ListenAs beside base, "host:port" of a loopback
// IPv4 address: by port the ones that follow on the same address (all free ones
// if base's is 0), else the same port on the addresses from 127.0.1.1 on, which
// only some systems listen on without being told to (Linux and Windows do).
func Addresses(base string, n int, byPort bool) ([]string, error) {
	addr, err := net.ResolveTCPAddr("tcp4", base)
	if err != nil {
		return nil, err
	}
	if last := addr.Port + n; byPort && last > 65535 {
		return nil, fmt.Errorf("there are no %d ports after %d", n, addr.Port)
	}
	if n > perThird*254 {
		return nil, fmt.Errorf("there are addresses for %d hosts, and not for %d", perThird*254, n)
	}
	var list []string
	for i := range n {
		ip, port := addr.IP, addr.Port
		switch {
		case !byPort:
			ip = net.IPv4(127, 0, byte(1+i/perThird), byte(1+i%perThird))
		case port != 0:
			port += 1 + i
		}
		list = append(list, net.JoinHostPort(ip.String(), fmt.Sprint(port)))
	}
	return list, nil
}
