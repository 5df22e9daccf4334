package fetch

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"broadsheet/feed"
)

// defaultHold is how long a host that asks us to wait is left alone when it does
// not say how long.
const defaultHold = 10 * time.Minute

// read takes what an answer says into t.res. It returns where a redirect leads.
func (t *trip) read(a *http.Response, w *watch) (*url.URL, *feed.Error) {
	t.res.Trace.Code = a.StatusCode
	if isRedirect(a.StatusCode) {
		return t.target(a)
	}
	t.res.ContentType = a.Header.Get("Content-Type")
	t.res.Links = parseLinks(a.Header.Values("Link"), t.url)
	t.res.Hints.Fresh, t.res.Hints.Said = freshness(a.Header, received(a.Header))
	switch a.StatusCode {
	case http.StatusOK, http.StatusNonAuthoritativeInfo, http.StatusIMUsed:
		return nil, t.body(a, w)
	case http.StatusNotModified:
		return nil, t.notModified(a)
	default:
		t.res.Hints.RetryAfter = t.hold(a)
		return nil, statusError(a.StatusCode)
	}
}

func isRedirect(code int) bool {
	switch code {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	default:
		return false
	}
}

// target is where a redirect leads. A name and password in it are dropped: an
// origin does not choose whom we claim to be.
func (t *trip) target(a *http.Response) (*url.URL, *feed.Error) {
	location := a.Header.Get("Location")
	if location == "" {
		return nil, &feed.Error{Kind: feed.KindRedirect, Text: fmt.Sprintf(
			"the server answered %s but did not say where to", status(a.StatusCode))}
	}
	next, err := t.url.Parse(location)
	if err != nil {
		return nil, &feed.Error{Kind: feed.KindRedirect, Text: fmt.Sprintf(
			"the server answered %s with an address that is none", status(a.StatusCode))}
	}
	next, err = normal(next)
	if err != nil {
		return nil, &feed.Error{Kind: feed.KindRedirect, Text: fmt.Sprintf(
			"the server answered %s: %s", status(a.StatusCode), err)}
	}
	next.User = nil
	return next, nil
}

// body reads the document and its validators.
func (t *trip) body(a *http.Response, w *watch) *feed.Error {
	body, ferr := t.readBody(a, w)
	t.res.Trace.Bytes = int64(len(body))
	switch {
	case ferr != nil:
		return ferr
	case len(body) == 0:
		return &feed.Error{Kind: feed.KindEmpty, Text: "the server sent an empty answer"}
	}
	t.res.Body = body
	t.res.Memo = feed.Memo{
		URL:          t.url.String(),
		ETag:         a.Header.Get("ETag"),
		LastModified: a.Header.Get("Last-Modified"),
		Access:       t.stamp,
	}
	if !usable(t.res.Memo.ETag) {
		t.res.Memo.ETag = ""
	}
	if !usable(t.res.Memo.LastModified) {
		t.res.Memo.LastModified = ""
	}
	return nil
}

// notModified refreshes the validators by those of a 304 (RFC 9111 §4.3.4).
func (t *trip) notModified(a *http.Response) *feed.Error {
	if !t.conditional() {
		return &feed.Error{Kind: feed.KindServer,
			Text: "the server answered 304 (Not Modified) to a request without validators"}
	}
	t.res.NotModified = true
	t.res.Memo = t.req.Memo
	t.res.Memo.URL = t.url.String()
	if v := a.Header.Get("ETag"); usable(v) {
		t.res.Memo.ETag = v
	}
	if v := a.Header.Get("Last-Modified"); usable(v) {
		t.res.Memo.LastModified = v
	}
	return nil
}

// hold is how long the host asks to be left alone, zero if it does not ask.
func (t *trip) hold(a *http.Response) time.Duration {
	wait := parseRetryAfter(a.Header.Get("Retry-After"), received(a.Header))
	asks := a.StatusCode == http.StatusTooManyRequests ||
		a.StatusCode == http.StatusServiceUnavailable
	if wait == 0 && asks {
		return defaultHold
	}
	return wait
}

// statusError says what an answer without a document means.
func statusError(code int) *feed.Error {
	return &feed.Error{Kind: kindOfStatus(code), Text: "the server answered " + status(code)}
}

func kindOfStatus(code int) feed.Kind {
	switch {
	case code == http.StatusNoContent, code == http.StatusResetContent:
		return feed.KindEmpty
	case code == http.StatusUnauthorized, code == http.StatusForbidden:
		return feed.KindDenied
	case code == http.StatusGone:
		return feed.KindGone
	case code == http.StatusTooManyRequests, code == http.StatusServiceUnavailable:
		return feed.KindHeld
	case code >= 400 && code < 500:
		return feed.KindMissing
	case code >= 300 && code < 400:
		return feed.KindRedirect
	default:
		return feed.KindServer
	}
}

// status is a status code with its name, "503 (Service Unavailable)". The reason
// phrase of the answer itself is not used: it may be anything.
func status(code int) string {
	if text := http.StatusText(code); text != "" {
		return fmt.Sprintf("%d (%s)", code, text)
	}
	return fmt.Sprint(code)
}

// maxDiscard is how much of a body that nobody wants is read, so that its
// connection can be used again. A longer one, or one that does not say how long
// it is, costs a new connection instead.
const maxDiscard = 2 << 10

func discard(a *http.Response, w *watch) {
	if a.ContentLength >= 0 && a.ContentLength <= maxDiscard {
		w.reading()
		io.Copy(io.Discard, a.Body) // an error costs no more than the connection
	}
	a.Body.Close()
}
