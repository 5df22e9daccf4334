package fetch

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"broadsheet/feed"
)

const (
	// callTimeout is how long a Call may take, if it does not say: what is called is a
	// program that only has to say that it heard.
	callTimeout = 10 * time.Second
	// callAnswer is how much of the answer to a Call is read, in decoded bytes.
	callAnswer = 16 << 10
)

// Call is one request to a program rather than for a document: to a WebSub callback or
// to a hub. It passes no gate, because it is made when something happened and not to look
// whether it did; whoever makes calls bounds how many.
type Call struct {
	Method string // GET or POST
	// URL is absolute, http or https. It may not hold a name and password.
	URL         string
	ContentType string // of Body
	Header      http.Header
	Body        []byte
	Timeout     time.Duration // of the whole call; default 10s
}

// Reply is what was answered to a Call.
type Reply struct {
	Code       int
	Header     http.Header
	Body       []byte        // decoded; its beginning, if it is long
	RetryAfter time.Duration // that the answer asks for; 0 if it does not
}

// Call makes a request as it is, once, under the guards that hold for every other: the
// address is checked on the connection, each phase has its patience, the answer is
// bounded. It follows no redirect, keeps no cookie and sends no referrer: a redirect is an
// answer like another.
//
// The error, if any, is a *feed.Error and means that there was no answer; any answer at
// all, of whatever code, is none.
func (c *Client) Call(ctx context.Context, call Call) (Reply, error) {
	reply, ferr := c.call(ctx, call)
	if ferr != nil {
		ferr.Step = "calling"
		return Reply{}, ferr
	}
	return reply, nil
}

func (c *Client) call(ctx context.Context, call Call) (Reply, *feed.Error) {
	t, ferr := newTrip(c, nil, Request{URL: call.URL})
	if ferr != nil {
		return Reply{}, ferr
	}
	if t.access.User != "" || t.access.Password != "" {
		return Reply{}, &feed.Error{Kind: feed.KindConfig, Text: "there is a name and password in the URL, which is not called"}
	}
	t.limit = bodyLimit{bytes: callAnswer, cut: true}
	patience := call.Timeout
	if patience <= 0 {
		patience = callTimeout
	}
	w := newWatch(ctx, patience)
	defer w.stop()
	answer, err := t.transport.RoundTrip(t.calling(call, w))
	if err != nil {
		return Reply{}, t.callFault(w, err, patience)
	}
	defer discard(answer, w)
	reply := Reply{Code: answer.StatusCode, Header: answer.Header}
	if answer.Header.Get("Retry-After") != "" {
		reply.RetryAfter = t.hold(answer)
	}
	var body *feed.Error
	if reply.Body, body = t.readBody(answer, w); body != nil {
		if context.Cause(w.ctx) != nil && !success(reply.Code) {
			return reply, nil // the code says it all
		}
		if context.Cause(w.ctx) != nil {
			return Reply{}, t.callFault(w, body, patience)
		}
		reply.Body = nil // nothing that can be read: the code is the answer
	}
	return reply, nil
}

func success(code int) bool { return code >= 200 && code < 300 }

// calling is the request of a call.
func (t *trip) calling(call Call, w *watch) *http.Request {
	r := &http.Request{
		Method: call.Method, URL: t.url, Host: t.url.Host,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{},
	}
	for name, values := range call.Header {
		r.Header[http.CanonicalHeaderKey(name)] = values
	}
	r.Header.Set("User-Agent", t.client.options.UserAgent)
	r.Header.Set("Accept-Encoding", acceptEncoding)
	if call.ContentType != "" {
		r.Header.Set("Content-Type", call.ContentType)
	}
	if call.Method == http.MethodPost {
		r.ContentLength = int64(len(call.Body))
		r.Body = io.NopCloser(bytes.NewReader(call.Body))
		r.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(call.Body)), nil }
		if len(call.Body) == 0 {
			r.Body = http.NoBody
		}
	}
	return r.WithContext(w.traced())
}

// callFault is fault, of a call with a patience of its own.
func (t *trip) callFault(w *watch, err error, patience time.Duration) *feed.Error {
	if w.parent.Err() == nil && context.Cause(w.ctx) == errTotal {
		return timeout(err, fmt.Sprintf("%s did not answer within %s", t.url.Host, plain(patience)))
	}
	if ferr, ok := err.(*feed.Error); ok {
		return ferr
	}
	return t.fault(w, err)
}
