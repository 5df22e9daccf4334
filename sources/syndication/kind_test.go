package syndication

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/internal/fakeweb"
	"broadsheet/sources"
	"broadsheet/sources/fetch"
)

type openGate struct{}

func (openGate) Pass(context.Context, string) (func(), error) { return func() {}, nil }

// origin is one feed whose answer changes from poll to poll.
type origin struct {
	*fakeweb.Web
	source feed.Source
	answer func(w http.ResponseWriter, r *http.Request)
	asked  []http.Header
}

const home1 = "http://gulf.example/feed"

func newOrigin(t *testing.T) *origin {
	t.Helper()
	o := &origin{Web: fakeweb.New()}
	client := fetch.New(fetch.Options{Dial: o.DialContext, Roots: o.Roots()})
	t.Cleanup(func() { client.Close(); o.Web.Close() })
	o.Handle("gulf.example", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.asked = append(o.asked, r.Header.Clone())
		o.answer(w, r)
	}))
	sub := feed.Subscription{Source: "gulf", URL: home1, Kind: "feed"}
	source, err := sources.New([]sources.Kind{Kind()}, sources.Env{Fetch: client}, sub)
	if err != nil {
		t.Fatal(err)
	}
	o.source = source
	return o
}

func (o *origin) poll(t *testing.T, memo feed.Memo) feed.Outcome {
	t.Helper()
	out, err := o.source.Poll(t.Context(), openGate{}, feed.Visit{URL: home1, Memo: memo})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// serve answers with a body and an ETag; the ETag is honoured.
func serve(etag, body string) func(http.ResponseWriter, *http.Request) {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", etag)
		w.Header().Set("Cache-Control", "max-age=600")
		w.Header().Set("Content-Type", "application/rss+xml")
		w.Header().Add("Link", `<https://hub.example/>; rel="hub"`)
		if r.Header.Get("If-None-Match") == etag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte(body))
	}
}

const oneItem = `<rss version="2.0"><channel><title>Gulf</title><item><guid>1</guid><title>One</title></item></channel></rss>`

func TestAFeedIsReadOnceForEachBody(t *testing.T) {
	o := newOrigin(t)
	o.answer = serve(`"a"`, oneItem)
	first := o.poll(t, feed.Memo{})
	if first.Status != feed.Changed || len(first.Items) != 1 || first.Header.Hubs[0] != "https://hub.example/" {
		t.Fatalf("first poll: %+v", first)
	}
	if first.Memo.ETag != `"a"` || first.Memo.Digest == "" || first.Memo.URL != home1 {
		t.Errorf("memo: %+v", first.Memo)
	}
	if first.Trace.Code != 200 || first.Trace.Bytes != int64(len(oneItem)) || first.Hints.Fresh != 10*time.Minute {
		t.Errorf("trace %+v, hints %+v", first.Trace, first.Hints)
	}
	if got := o.asked[0].Get("Accept"); !strings.Contains(got, "application/atom+xml") {
		t.Errorf("Accept: %s", got)
	}

	second := o.poll(t, first.Memo)
	if second.Status != feed.NotModified || second.Items != nil || second.Memo.Digest != first.Memo.Digest {
		t.Errorf("after a 304: %+v", second)
	}

	o.answer = serve(`"b"`, oneItem) // a new name for the same bytes
	third := o.poll(t, second.Memo)
	if third.Status != feed.Unchanged || third.Items != nil || third.Memo.ETag != `"b"` {
		t.Errorf("the same bytes again: %+v", third)
	}

	o.answer = serve(`"c"`, strings.Replace(oneItem, "One", "Two", 1))
	fourth := o.poll(t, third.Memo)
	if fourth.Status != feed.Changed || fourth.Items[0].Title.Value != "Two" {
		t.Errorf("other bytes: %+v", fourth)
	}
}

func TestAnotherParserReadsTheSameBodyAgain(t *testing.T) {
	in := Input{URL: home1}
	if digest([]byte("x"), in) == digest([]byte("y"), in) {
		t.Error("the digest does not depend on the body")
	}
	moved := Input{URL: "http://gulf.example/moved"}
	if digest([]byte("x"), in) == digest([]byte("x"), moved) {
		t.Error("the digest does not depend on where the body came from, but what is read from it does")
	}
}

func TestABodyThatIsNoFeedLeavesTheMemoAlone(t *testing.T) {
	o := newOrigin(t)
	o.answer = serve(`"new"`, "<html>maintenance</html>")
	old := feed.Memo{URL: home1, ETag: `"old"`, Digest: "d"}
	out, err := o.source.Poll(t.Context(), openGate{}, feed.Visit{URL: home1, Memo: old})
	if feed.KindOf(err) != feed.KindNotFeed {
		t.Errorf("error: %v", err)
	}
	if out.Memo != old || out.Trace.Code != 200 || out.Hints.Fresh == 0 || out.Status != "" {
		t.Errorf("outcome: %+v", out)
	}
}

func TestAFailureToFetchStillTellsWhatIsKnown(t *testing.T) {
	o := newOrigin(t)
	o.answer = func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "120")
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	out, err := o.source.Poll(t.Context(), openGate{}, feed.Visit{URL: home1})
	if feed.KindOf(err) != feed.KindHeld || out.Hints.RetryAfter != 2*time.Minute || out.Trace.Code != 503 {
		t.Errorf("%v; %+v", err, out)
	}
}
