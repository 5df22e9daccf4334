package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"broadsheet/feed"
)

// Limits of one request. Each phase has its own patience, so that a dead host
// is given up long before a slow one.
const (
	dialTimeout   = 10 * time.Second // name lookup and connection
	tlsTimeout    = 10 * time.Second
	headerTimeout = 10 * time.Second // from the request sent to the answer's header
	idleTimeout   = 15 * time.Second // between two reads of the body
	keepAlive     = 30 * time.Second // between two probes of an idle connection
	idleConn      = 30 * time.Second // a connection is kept for a redirect, not for the next poll

	maxHeader    = 64 << 10 // bytes of the answer's header
	maxRedirects = 10

	defaultTimeout   = 60 * time.Second
	defaultMaxBody   = 15 << 20
	defaultUserAgent = "Broadsheet"
)

// accept is sent unless a Request says otherwise: feeds first, then what feeds
// are often labelled as, then anything, for servers that would answer 406.
const accept = "application/atom+xml, application/rss+xml, application/feed+json, " +
	"application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, " +
	"application/json;q=0.7, text/html;q=0.3, */*;q=0.1"

// Options is how a Client behaves. The zero value is usable.
type Options struct {
	UserAgent string        // default "Broadsheet"
	Timeout   time.Duration // of a whole Get, without the time spent at gates; default 60s
	MaxBody   int64         // decoded bytes; default 15 MiB
	// Allow lists the private and reserved networks that may be fetched from.
	Allow []netip.Prefix
	// Dial connects in place of the real dialer, to an in-memory web. Addresses
	// that are written as numbers are checked all the same; names are Dial's
	// business.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// Resolver looks names up; nil is the system's.
	Resolver *net.Resolver
	// Roots are the certificate authorities to trust; nil is the system's.
	Roots *x509.CertPool
}

// Client fetches documents. It is safe for concurrent use, keeps no cookies,
// sends no referrer and ignores the proxies of the environment: a proxy would
// connect where the address check cannot see.
type Client struct {
	options Options
	line    *line
	open    *http.Transport // for requests without any Access

	mu      sync.Mutex
	private map[accessKey]*http.Transport // for those with one, each its own

	robots *robotsCache
}

// New makes a Client. Close it when done.
func New(o Options) *Client {
	if o.UserAgent == "" {
		o.UserAgent = defaultUserAgent
	}
	if o.Timeout <= 0 {
		o.Timeout = defaultTimeout
	}
	if o.MaxBody <= 0 {
		o.MaxBody = defaultMaxBody
	}
	c := &Client{options: o, line: newLine(o), private: map[accessKey]*http.Transport{},
		robots: newRobotsCache()}
	c.open = transport(c.line.dial, &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.Roots})
	return c
}

// transport is HTTP over connections that dial makes.
func transport(dial dialFunc, security *tls.Config) *http.Transport {
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dial,
		TLSClientConfig:        security,
		TLSHandshakeTimeout:    tlsTimeout,
		ResponseHeaderTimeout:  headerTimeout,
		MaxResponseHeaderBytes: maxHeader,
		IdleConnTimeout:        idleConn,
		MaxIdleConns:           64,
		MaxIdleConnsPerHost:    2,
		DisableCompression:     true, // decoded here, under our own limits
		ForceAttemptHTTP2:      true,
	}
}

// Close closes the connections that are kept for reuse. Requests that are under
// way are not disturbed: end their contexts first.
func (c *Client) Close() {
	c.open.CloseIdleConnections()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.private {
		t.CloseIdleConnections()
	}
}

// Request is one document to get.
type Request struct {
	// URL is absolute, http or https. A name and password in it are taken for those
	// of Access.
	URL    string
	Accept string // default: the types of feeds
	// Memo is what the last good poll left behind. Its validators are sent, byte
	// for byte, only to the URL they came from and with the Access they were got by.
	Memo feed.Memo
	// Access is how the document is got at. What lets its operator in goes to the
	// origin of URL (scheme, host and port) and to no other, and not again once a
	// redirect has left it. The authorities and the proxy hold for every hop.
	Access feed.Access
	// Home is the URL that Access was given for, if that is another one than URL: a
	// feed that moved for good takes nothing along to another origin. A name and
	// password in it count as if they stood in URL.
	Home string
	// Page: nobody configured this very document as a feed, so robots.txt is
	// obeyed, at every hop (RFC 9309).
	Page bool
}

// Response is what came back.
type Response struct {
	// Trace says how it went. URLs in it carry no name and password.
	Trace feed.Trace
	// NotModified: the origin says that the last body still stands (304). There
	// is no Body.
	NotModified bool
	// Memo holds the validators to send next time, bound to the URL they came
	// from and to Access. After a 304 they are the old ones, refreshed by what the 304 carries,
	// with the old Digest; otherwise Digest is empty.
	Memo        feed.Memo
	Hints       feed.Hints
	ContentType string // as received
	// Links are those of the HTTP Link header that say hub, self or next
	// (RFC 8288, WebSub §4), absolute.
	Links []feed.Link
	Body  []byte // decoded
}

// Get asks for a document once, through up to ten redirects. Each request
// passes gate first, and gives it back when its answer was read to the end.
//
// The error, if any, is always a *feed.Error whose Kind says what to do. The
// Response is never nil: after an error it holds what is known, Hints.RetryAfter
// above all.
func (c *Client) Get(ctx context.Context, gate feed.Gate, req Request) (*Response, error) {
	t, ferr := newTrip(c, gate, req)
	if ferr == nil {
		ferr = t.run(ctx)
	}
	if ferr != nil {
		ferr.Step = "fetching"
		if ferr.Kind == feed.KindHeld {
			ferr.RetryAfter, ferr.Server = t.res.Hints.RetryAfter, t.answered()
		}
		return &t.res, ferr
	}
	return &t.res, nil
}

// answered is the server that gave the last answer, with its port if that is not the
// scheme's; empty if none did.
func (t *trip) answered() string {
	if t.res.Trace.Code == 0 {
		return ""
	}
	return t.url.Host
}
