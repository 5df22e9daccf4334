package fetch

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"time"

	"broadsheet/feed"
)

// Post is something to send.
type Post struct {
	URL         string // absolute, http or https
	ContentType string
	Header      http.Header // more fields; may be nil
	Body        []byte
	Timeout     time.Duration // of the whole request; default as for a Get
	MaxBody     int64         // how much of the answer is kept, in bytes; default as for a Get
}

// Posted is what was answered, whatever that was.
type Posted struct {
	Code   int
	Header http.Header
	Body   []byte // at most MaxBody bytes
}

// Post sends something once. The address is checked as for a Get; a redirect is an answer
// like any other. The error, if any, is a *feed.Error.
func (c *Client) Post(ctx context.Context, p Post) (*Posted, error) {
	u, err := parseURL(p.URL)
	if err != nil {
		return nil, &feed.Error{Step: "posting", Kind: feed.KindConfig, Text: err.Error()}
	}
	u.User = nil
	t := &trip{client: c, url: u, limit: bodyLimit{bytes: c.options.MaxBody, cut: true}}
	if p.MaxBody > 0 {
		t.limit.bytes = p.MaxBody
	}
	patience := c.options.Timeout
	if p.Timeout > 0 {
		patience = p.Timeout
	}
	w := newWatch(ctx, patience)
	defer w.stop()
	header := p.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	header.Set("Content-Type", p.ContentType)
	header.Set("User-Agent", c.options.UserAgent)
	r := &http.Request{Method: http.MethodPost, URL: u, Host: u.Host, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: header, Body: io.NopCloser(bytes.NewReader(p.Body)), ContentLength: int64(len(p.Body)),
		GetBody: func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(p.Body)), nil }}
	answer, err := c.open.RoundTrip(r.WithContext(w.traced()))
	if err != nil {
		return nil, posting(t.fault(w, err))
	}
	defer discard(answer, w)
	body, ferr := t.readBody(answer, w)
	if ferr != nil && ferr.Kind != feed.KindMalformed && ferr.Kind != feed.KindServer { // what is coded wrongly is no answer's text
		return nil, posting(ferr)
	}
	return &Posted{Code: answer.StatusCode, Header: answer.Header, Body: body}, nil
}

func posting(err *feed.Error) *feed.Error {
	err.Step = "posting"
	return err
}
