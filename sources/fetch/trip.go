package fetch

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"golang.org/x/net/http/httpguts"

	"broadsheet/feed"
)

// trip is one Get: a request and the redirects that follow it.
type trip struct {
	client *Client
	gate   feed.Gate
	req    Request
	res    Response

	url       *url.URL    // of the next request; normal form, without userinfo
	access    feed.Access // for this origin; less its secrets once the trip has left it
	way       *accessKey  // see wayKey
	stamp     string      // of the access that the trip began with
	transport *http.Transport
	limit     bodyLimit
	hops      int // redirects that are followed
	seen      map[string]bool
	permanent bool // every redirect so far was 301 or 308
}

func newTrip(c *Client, gate feed.Gate, req Request) (*trip, *feed.Error) {
	t := &trip{client: c, gate: gate, req: req, access: req.Access, hops: maxRedirects,
		limit: bodyLimit{bytes: c.options.MaxBody}, seen: map[string]bool{}, permanent: true}
	if what := req.Access.Missing; what != "" {
		return t, &feed.Error{Kind: feed.KindConfig, Text: "a variable in " + what +
			" is not set here, so nothing is asked; set it, or run this where it is set"}
	}
	u, err := parseURL(req.URL)
	if err != nil {
		return t, &feed.Error{Kind: feed.KindConfig, Text: err.Error()}
	}
	user := u.User
	if home, err := parseURL(req.Home); err == nil {
		if u.Scheme != home.Scheme || u.Host != home.Host {
			t.access, user = abroad(t.access), nil
		} else if user == nil {
			user = home.User
		}
	}
	if user != nil {
		t.access.User = user.Username()
		t.access.Password, _ = user.Password()
	}
	u.User, t.url = nil, u
	t.stamp = stampOf(t.access)
	var ferr *feed.Error
	t.transport, ferr = c.transportFor(t.access, keyOf(t.access))
	return t, ferr
}

// wayKey is the key of what of the access holds beyond its origin. It is made once
// for all hops, and only where it is needed: authorities are long.
func (t *trip) wayKey() accessKey {
	if t.way == nil {
		key := keyOf(abroad(t.access))
		t.way = &key
	}
	return *t.way
}

// run makes requests until one is not redirected.
func (t *trip) run(ctx context.Context) *feed.Error {
	for range t.hops + 1 {
		if t.seen[t.url.String()] {
			return &feed.Error{Kind: feed.KindRedirect,
				Text: "the redirects go round in a circle, back to " + Redact(t.url.String())}
		}
		t.seen[t.url.String()] = true
		next, err := t.hop(ctx)
		if next == nil || err != nil {
			return err
		}
		if err := t.follow(next); err != nil {
			return err
		}
	}
	return &feed.Error{Kind: feed.KindRedirect,
		Text: fmt.Sprintf("there are more than %d redirects", t.hops)}
}

// follow makes next the URL of the next request.
func (t *trip) follow(next *url.URL) (err *feed.Error) {
	switch t.res.Trace.Code {
	case http.StatusMovedPermanently, http.StatusPermanentRedirect:
		if t.permanent {
			t.res.Trace.Permanent = next.String()
		}
	default:
		t.permanent = false
	}
	// Whoever sits on a way without TLS chose where it went on.
	if t.url.Scheme == "https" && next.Scheme == "http" {
		t.permanent, t.res.Trace.Permanent = false, ""
	}
	// Once left, an origin does not get its secrets back, even if the trip
	// returns to it: the way back was chosen by someone else.
	if next.Scheme != t.url.Scheme || next.Host != t.url.Host {
		t.access = abroad(t.access)
		t.transport, err = t.client.transportFor(t.access, t.wayKey())
	}
	t.url = next
	return err
}

// hop makes one request and reads its answer. It returns where a redirect leads,
// or nil if this was the answer.
func (t *trip) hop(ctx context.Context) (*url.URL, *feed.Error) {
	rest, ferr := t.obey(ctx)
	if ferr != nil {
		return nil, ferr
	}
	done, err := t.gate.Pass(ctx, t.url.Host)
	if err != nil {
		return nil, gateError(ctx, err)
	}
	defer done()
	if ferr := t.rest(ctx, rest); ferr != nil {
		return nil, ferr
	}
	defer rest.begin()
	started := time.Now()
	defer func() { t.res.Trace.Took += time.Since(started) }()

	w := newWatch(ctx, t.client.options.Timeout-t.res.Trace.Took)
	defer w.stop()
	t.res.Trace.URL = t.url.String()
	t.res.Trace.Code = 0
	answer, err := t.transport.RoundTrip(t.request(w))
	if err != nil {
		return nil, t.fault(w, err)
	}
	defer discard(answer, w)
	return t.read(answer, w)
}

// rest lets the rest that robots.txt wants pass. If more requests of other polls
// wait for theirs than fit into maxRest, this one is to come again.
func (t *trip) rest(ctx context.Context, r *rest) *feed.Error {
	long, ok := r.wait(ctx)
	switch {
	case ok:
		return nil
	case long == 0:
		return canceled(ctx)
	}
	t.res.Hints.RetryAfter = long
	return &feed.Error{Kind: feed.KindBusy, Text: fmt.Sprintf(
		"robots.txt of %s wants %s between two requests for pages, and others are waiting",
		t.url.Host, plain(r.gap))}
}

// request is the GET for t.url, conditional if the validators are its own.
func (t *trip) request(w *watch) *http.Request {
	r := &http.Request{
		Method: http.MethodGet,
		URL:    t.url,
		Host:   t.url.Host,
		Proto:  "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{
			"Accept":          {t.req.Accept},
			"Accept-Encoding": {acceptEncoding},
			"User-Agent":      {t.userAgent()},
		},
	}
	if t.req.Accept == "" {
		r.Header.Set("Accept", accept)
	}
	admit(r, t.access)
	if t.conditional() {
		setValidator(r.Header, "If-None-Match", t.req.Memo.ETag)
		setValidator(r.Header, "If-Modified-Since", t.req.Memo.LastModified)
	}
	return r.WithContext(w.traced())
}

// userAgent is who the next request says it is from.
func (t *trip) userAgent() string {
	if own := t.access.Headers["User-Agent"]; own != "" {
		return own
	}
	return t.client.options.UserAgent
}

// conditional reports whether the validators at hand came from t.url, and to us as
// whom we are now.
func (t *trip) conditional() bool {
	m := t.req.Memo
	if m.ETag == "" && m.LastModified == "" || m.Access != t.stamp {
		return false
	}
	return m.URL == t.url.String() || (m.URL == t.req.URL && len(t.seen) == 1)
}

// maxValidator is the longest validator that is kept; real ones are under 100
// bytes, and whatever is kept is stored and sent at each poll.
const maxValidator = 1024

// usable reports whether a validator can be kept and sent back unchanged.
func usable(v string) bool {
	return v != "" && len(v) <= maxValidator && httpguts.ValidHeaderFieldValue(v)
}

func setValidator(h http.Header, name, value string) {
	if usable(value) {
		h.Set(name, value)
	}
}
