package fetch_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/internal/fakeweb"
	"broadsheet/sources/fetch"
)

// said writes head to the connection and then tail for ever, with a rest before
// each, until the other side goes away.
func said(head, tail string, rest time.Duration) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err) // the test asked over HTTP/2, which has no connection to take
		}
		defer conn.Close()
		gone := make(chan struct{})
		go func() {
			defer close(gone)
			io.Copy(io.Discard, conn)
		}()
		for _, err = io.WriteString(conn, head); err == nil; _, err = io.WriteString(conn, tail) {
			timer := time.NewTimer(rest)
			select {
			case <-timer.C:
			case <-gone:
			}
			timer.Stop()
		}
		conn.Close()
		<-gone
	})
}

// T-06: whatever a server does to keep us, each request ends in bounded time and
// is told by its kind. The times are of the bubble's clock, and nothing is left
// running behind them: the bubble would not end.
func TestTarpitsAreLeft(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
	for _, tc := range []struct {
		name  string
		h     http.Handler
		took  time.Duration
		kind  feed.Kind
		says  string
		plain bool // it needs a connection of HTTP/1
	}{
		{"nothing is ever said", fakeweb.Hang(), 10 * time.Second, feed.KindTimeout, "no answer from", false},
		{"the header comes after a minute", fakeweb.Slow(time.Minute, fakeweb.Raw([]byte("x"))),
			10 * time.Second, feed.KindTimeout, "no answer from", false},
		{"the header drips", said(ok+"X-Drip: ", "x", time.Second), 10 * time.Second, feed.KindTimeout, "no answer from", true},
		{"the status line drips", said("HTTP/1.1 200 ", "x", time.Second), 10 * time.Second, feed.KindTimeout, "no answer from", true},
		{"early hints without end, slowly", said("", "HTTP/1.1 103 Early Hints\r\n\r\n", time.Second),
			10 * time.Second, feed.KindTimeout, "no answer from", true},
		{"early hints without end, fast", said("", "HTTP/1.1 103 Early Hints\r\nX: "+strings.Repeat("x", 8<<10)+"\r\n\r\n", 0),
			0, feed.KindTooLarge, "larger than 64KiB", true},
		{"a header without end", said(ok, "X-Flood: "+strings.Repeat("x", 1<<10)+"\r\n", 0),
			0, feed.KindTooLarge, "larger than 64KiB", true},
		{"one line without end", said(ok+"X-Flood: ", strings.Repeat("x", 1<<10), 0), 0, feed.KindTooLarge, "larger than 64KiB", true},
		{"a header of 70 KiB", fakeweb.Status(200, "X-Flood", strings.Repeat("x", 70<<10)),
			0, feed.KindTooLarge, "larger than 64KiB", true},
		{"a body that stops and stays open", said(ok+"\r\n<rss>", "", time.Hour), 15 * time.Second, feed.KindTimeout, "sent nothing for 15s", true},
		{"a whole body that is never closed", said(ok+"Content-Length: 100\r\n\r\n<rss></rss>", "", time.Hour),
			15 * time.Second, feed.KindTimeout, "sent nothing for 15s", true},
		{"a body that drips", fakeweb.Endless("text/xml", []byte("x"), 10*time.Second), time.Minute, feed.KindTimeout, "not complete after 60s", false},
		{"an endless body", fakeweb.Endless("text/xml", []byte(strings.Repeat("x", 64<<10)), 0), 0, feed.KindTooLarge, "15MiB", false},
		{"a chunk without end", said(ok+"Transfer-Encoding: chunked\r\n\r\nFFFFFFFF\r\n", strings.Repeat("x", 64<<10), 0),
			0, feed.KindTooLarge, "15MiB", true},
		{"trailers without end", said(ok+"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", "X-Flood: "+strings.Repeat("x", 1<<10)+"\r\n", 0),
			0, feed.KindUnreachable, "in the middle", true},
		{"redirects that drip", fakeweb.Slow(9*time.Second, fakeweb.Redirect(302, "/?x")), 9 * time.Second, feed.KindRedirect, "circle", false},
	} {
		for _, scheme := range []string{"http", "https"} {
			if tc.plain && scheme == "https" {
				continue
			}
			t.Run(tc.name+" over "+scheme, func(t *testing.T) {
				inWorld(t, fetch.Options{}, func(t *testing.T, w world) {
					w.Handle("bad.example", tc.h)
					began := time.Now()
					res, err := w.get(t, scheme+"://bad.example/?x", feed.Memo{})
					if feed.KindOf(err) != tc.kind || !strings.Contains(err.Error(), tc.says) {
						t.Errorf("got %q: %v", feed.KindOf(err), err)
					}
					if took := time.Since(began); took != tc.took || res.Trace.Took != took {
						t.Errorf("took %s, traced %s, want %s", took, res.Trace.Took, tc.took)
					}
				})
			})
		}
	}
}
