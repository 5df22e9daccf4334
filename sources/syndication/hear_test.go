package syndication

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

const pushedFeed = `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Gulf</title>
	<atom:link rel="self" href="http://gulf.example/own"/><item><guid>1</guid><title>One</title><link>/one</link></item></channel></rss>`

// TestWhatAHubPushesIsReadAsWhatWasAskedFor: WSS-5. The same bytes give the same items by
// either way, or a push would look like a correction of every article.
func TestWhatAHubPushesIsReadAsWhatWasAskedFor(t *testing.T) {
	o := newOrigin(t)
	o.answer = serve(`"a"`, pushedFeed)
	polled := o.poll(t, feed.Memo{})
	listener, ok := o.source.(feed.Listener)
	if !ok {
		t.Fatal("a feed does not listen")
	}
	heard, err := listener.Hear(t.Context(), feed.Visit{URL: home1, Memo: polled.Memo}, polled.Header,
		feed.Pushed{ContentType: "application/rss+xml", Body: []byte(pushedFeed)})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(polled.Items, heard.Items); diff != "" {
		t.Errorf("read otherwise than by a poll (-poll +push):\n%s", diff)
	}
	if heard.Memo != (feed.Memo{}) || heard.Status != feed.Changed || heard.Reader != polled.Reader {
		t.Errorf("outcome: %+v", heard)
	}
	if len(o.asked) != 1 {
		t.Errorf("%d requests; hearing asks nobody", len(o.asked))
	}
	if _, err := listener.Hear(t.Context(), feed.Visit{URL: home1}, feed.Header{},
		feed.Pushed{ContentType: "text/html", Body: []byte("<html>maintenance</html>")}); feed.KindOf(err) != feed.KindNotFeed {
		t.Errorf("a page that was pushed: %v", err)
	}
}
