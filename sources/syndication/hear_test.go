package syndication

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

const pushedFeed = `<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Gulf</title>
	<atom:link rel="self" href="http://gulf.example/own"/><item><guid>1</guid><title>One</title><link>one</link></item></channel></rss>`

// TestWhatAHubPushesIsReadAsWhatWasAskedFor: WSS-5. The same bytes give the same items by
// either way, or a push would look like a correction of every article.
func TestWhatAHubPushesIsReadAsWhatWasAskedFor(t *testing.T) {
	o := newOrigin(t)
	o.answer = func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/feed" {
			http.Redirect(w, r, "/deep/feed", http.StatusFound) // relative links are of there
			return
		}
		w.Header().Set("Link", `</header>; rel="self"`)
		serve(`"a"`, pushedFeed)(w, r)
	}
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
	if polled.Items[0].Links[0].Href != "http://gulf.example/deep/one" || polled.Items[0].Channel.Self != "http://gulf.example/header" {
		t.Fatalf("the test proves nothing: %+v", polled.Items[0])
	}
	bare, err := listener.Hear(t.Context(), feed.Visit{URL: home1}, feed.Header{}, feed.Pushed{Body: []byte(pushedFeed)})
	if err != nil || bare.Items[0].Links[0].Href != "http://gulf.example/one" {
		t.Errorf("without a memo: %v, %+v", err, bare.Items)
	}
	if len(o.asked) != 2 {
		t.Errorf("%d requests; hearing asks nobody", len(o.asked))
	}
	if _, err := listener.Hear(t.Context(), feed.Visit{URL: home1}, feed.Header{},
		feed.Pushed{ContentType: "text/html", Body: []byte("<html>maintenance</html>")}); feed.KindOf(err) != feed.KindNotFeed {
		t.Errorf("a page that was pushed: %v", err)
	}
}

// TestDiscovery: WSS-1. Which hub and which self a poll finds, in each format and order.
func TestDiscovery(t *testing.T) {
	const (
		links   = `<%slink rel="hub" href="https://hub.example/"/><%slink rel="self" href="/own"/>`
		rssFeed = `<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>x</title>%s<item><guid>1</guid></item></channel></rss>`
		atom    = `<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title>%s<entry><id>urn:x:1</id></entry></feed>`
	)
	embedded := func(format, prefix string) string {
		return strings.Replace(format, "%s", strings.ReplaceAll(links, "%s", prefix), 1)
	}
	for name, tt := range map[string]struct {
		body, link string
		redirect   int
		hubs       []string
		self       string
	}{
		"RSS":  {embedded(rssFeed, "a:"), "", 0, []string{"https://hub.example/"}, "http://gulf.example/own"},
		"Atom": {embedded(atom, ""), "", 0, []string{"https://hub.example/"}, "http://gulf.example/own"},
		"JSON Feed": {`{"version": "https://jsonfeed.org/version/1.1", "title": "x", "feed_url": "http://gulf.example/own",
			"hubs": [{"type": "WebSub", "url": "https://hub.example/"}], "items": [{"id": "1"}]}`, "", 0,
			[]string{"https://hub.example/"}, "http://gulf.example/own"},
		"the HTTP header stands for all": {embedded(atom, ""), `<http://one.example/>; rel=hub, <https://two.example/>; rel="hub", </header>; rel="self"`, 0,
			[]string{"http://one.example/", "https://two.example/"}, "http://gulf.example/header"},
		"a header without a hub": {embedded(atom, ""), `</next>; rel="next"`, 0, []string{"https://hub.example/"}, "http://gulf.example/own"},
		"a 302 on the way":       {embedded(atom, ""), "", http.StatusFound, []string{"https://hub.example/"}, "http://gulf.example/own"},
		"a 301 on the way":       {embedded(atom, ""), "", http.StatusMovedPermanently, []string{"https://hub.example/"}, "http://gulf.example/own"},
		"no self is where it came from": {strings.Replace(rssFeed, "%s", `<a:link rel="hub" href="https://hub.example/"/>`, 1), "", http.StatusFound,
			[]string{"https://hub.example/"}, "http://gulf.example/there"},
		"none": {strings.Replace(rssFeed, "%s", "", 1), "", 0, nil, "http://gulf.example/feed"},
	} {
		o := newOrigin(t)
		o.answer = func(w http.ResponseWriter, r *http.Request) {
			if tt.redirect != 0 && r.URL.Path == "/feed" {
				http.Redirect(w, r, "/there", tt.redirect)
				return
			}
			if tt.link != "" {
				w.Header().Set("Link", tt.link)
			}
			_, _ = w.Write([]byte(tt.body))
		}
		got := o.poll(t, feed.Memo{}).Header
		if diff := cmp.Diff(tt.hubs, got.Hubs); diff != "" || got.Self != tt.self {
			t.Errorf("%s: self %q, want %q; hubs (-want +got):\n%s", name, got.Self, tt.self, diff)
		}
	}
}
