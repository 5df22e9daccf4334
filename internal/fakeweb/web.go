package fakeweb

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// Web is a set of hosts. Its methods are safe for concurrent use. Close it when
// done, after the client's connections.
type Web struct {
	server   *http.Server
	listener *listener
	loops    sync.WaitGroup  // of the server, one a listener
	open     context.Context // what every request's context comes of
	shut     context.CancelFunc

	mu      sync.Mutex
	idle    sync.Cond // signalled when busy falls to zero
	busy    int       // connections and handlers that have not ended
	sites   map[string]*site
	log     []*Request
	pending int               // requests that have not been answered
	doors   []net.Listener    // that Listen opened
	ports   map[string]string // addresses that Listen gave to one host
	issuer  *issuer           // made when first needed
}

// site is one host: pages by path, and a handler for all others.
type site struct {
	pages map[string]http.Handler
	rest  http.Handler
}

// New makes a Web without hosts.
func New() *Web {
	w := &Web{
		listener: newListener(),
		sites:    map[string]*site{},
		ports:    map[string]string{},
	}
	w.open, w.shut = context.WithCancel(context.Background())
	w.idle.L = &w.mu
	w.server = &http.Server{
		Handler:     http.HandlerFunc(w.serve),
		ConnState:   w.connState,
		ErrorLog:    log.New(io.Discard, "", 0), // broken clients are what it is for
		BaseContext: func(net.Listener) context.Context { return w.open },
	}
	w.loops.Go(func() { w.server.Serve(w.listener) }) // ends when the listener is closed
	return w
}

// Close ends all connections and waits until every goroutine of the web has
// ended; a handler that sleeps without heeding its request's context is waited
// for. Connections made afterwards are refused.
func (w *Web) Close() {
	w.listener.Close()
	w.shut()
	w.closeDoors()
	w.loops.Wait() // from here on the server knows every connection there is
	w.server.Close()
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.busy > 0 {
		w.idle.Wait()
	}
}

// DialContext connects to a host of this web. addr is "host:port"; a host that
// does not exist fails as its name lookup would.
func (w *Web) DialContext(ctx context.Context, network, addr string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if w.site(host, port) == nil {
		return nil, &net.OpError{Op: "dial", Net: network, Err: &net.DNSError{
			Err: "no such host", Name: host, IsNotFound: true}}
	}
	client, server := net.Pipe()
	if port == "443" {
		server = w.secure(server, host)
	}
	if err := w.listener.offer(ctx, server); err != nil {
		client.Close()
		server.Close()
		return nil, &net.OpError{Op: "dial", Net: network, Err: err}
	}
	return client, nil
}

// Handle answers with h for all of host that has no page of its own. host is as
// in a URL: with its port unless that is 80 or 443.
func (w *Web) Handle(host string, h http.Handler) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.siteFor(host).rest = h
}

// HandlePage answers with h for one path of host. path may have a query, and
// then counts for that query only; one without counts for every query.
func (w *Web) HandlePage(host, path string, h http.Handler) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.siteFor(host).pages[path] = h
}

// Serve puts a static page at a path of host. It carries an ETag made of body
// and a Last-Modified of now, and answers 304 to those who know either.
func (w *Web) Serve(host, path, contentType string, body []byte) {
	w.HandlePage(host, path, newPage(contentType, body, time.Now()))
}

// Set changes the body of a page that Serve put there, and so its validators.
// It panics if there is no such page: the test would prove nothing.
func (w *Web) Set(host, path string, body []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	old, ok := w.siteFor(host).pages[path].(*page)
	if !ok {
		panic(fmt.Sprintf("fakeweb: %s%s is no page that can be set", host, path))
	}
	w.siteFor(host).pages[path] = newPage(old.contentType, body, time.Now())
}

// Remove takes a page away: its path answers as every unknown one does, with
// 404 unless Handle said otherwise.
func (w *Web) Remove(host, path string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.siteFor(host).pages, path)
}

// siteFor is the site of host, made if it is new. The caller holds w.mu.
func (w *Web) siteFor(host string) *site {
	s := w.sites[host]
	if s == nil {
		s = &site{pages: map[string]http.Handler{}, rest: http.NotFoundHandler()}
		w.sites[host] = s
	}
	return s
}

// site is the site at host and port, nil if there is none.
func (w *Web) site(host, port string) *site {
	w.mu.Lock()
	defer w.mu.Unlock()
	if port == "80" || port == "443" {
		return w.sites[bracketed(host)]
	}
	return w.sites[net.JoinHostPort(host, port)]
}

// bracketed is host as it stands in a URL.
func bracketed(host string) string {
	for _, r := range host {
		if r == ':' {
			return "[" + host + "]"
		}
	}
	return host
}

// handlerFor is what answers r.
func (w *Web) handlerFor(r *http.Request) http.Handler {
	w.mu.Lock()
	defer w.mu.Unlock()
	s := w.sites[r.Host]
	if s == nil {
		return http.NotFoundHandler()
	}
	if h := s.pages[r.URL.RequestURI()]; h != nil {
		return h
	}
	if h := s.pages[r.URL.Path]; h != nil {
		return h
	}
	return s.rest
}

// connState counts connections; each is born new and dies closed.
func (w *Web) connState(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		w.begin()
	case http.StateClosed, http.StateHijacked:
		w.end()
	}
}

func (w *Web) begin() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy++
}

func (w *Web) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.busy--; w.busy == 0 {
		w.idle.Broadcast()
	}
}
