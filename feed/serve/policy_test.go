package serve

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"broadsheet/feed"
)

// S-8: pictures come from where the site says, and from nowhere else.
func TestThePolicyOfPagesFollowsTheSite(t *testing.T) {
	for _, row := range []struct {
		site feed.Site
		want string
	}{
		{feed.Site{URL: "https://a.example"}, "img-src 'self' https:; media-src https:;"},
		{feed.Site{URL: "http://localhost:8080"}, "img-src 'self' https: http:; media-src https: http:;"},
		{feed.Site{URL: "https://a.example", Images: feed.ImagesProxy}, "img-src 'self'; media-src https:;"},
		{feed.Site{URL: "http://a.example", Images: feed.ImagesNone}, "img-src 'self'; media-src https: http:;"},
	} {
		w := ask(Readers(filled(t, paper()), row.site, ReaderOptions{}), http.MethodGet, "/world/")
		got := w.Header().Get("Content-Security-Policy")
		if !strings.Contains(got, row.want) || !strings.HasPrefix(got, "default-src 'none';") || strings.Contains(got, "script-src") {
			t.Errorf("%+v: %s", row.site, got)
		}
	}
}

// S-4, S-7, S-9: a browser that a person points at a feed gets a type that it shows, and
// may load the stylesheet; nobody else sees a difference, and the bytes are the same.
func TestAFeedThatIsOpenedIsShown(t *testing.T) {
	h := Readers(filled(t, paper()), site(""), ReaderOptions{})
	reader := ask(h, http.MethodGet, "/world/rss.xml", "Accept: application/xml,application/atom+xml,application/rss+xml,application/rdf+xml,application/feed+json,text/html,*/*;q=0.9")
	opened := ask(h, http.MethodGet, "/world/rss.xml", "Sec-Fetch-Dest: document")
	if got := reader.Header().Get("Content-Type"); !strings.HasPrefix(got, "application/rss+xml") {
		t.Errorf("a reader gets %s", got)
	}
	if got := opened.Header().Get("Content-Type"); got != "application/xml; charset=utf-8" {
		t.Errorf("a browser gets %s", got)
	}
	if got := opened.Header().Get("Content-Security-Policy"); !strings.Contains(got, "style-src 'self'") || !strings.Contains(got, "sandbox") {
		t.Errorf("a browser gets %s", got)
	}
	if reader.Body.String() != opened.Body.String() || reader.Header().Get("Etag") != opened.Header().Get("Etag") {
		t.Error("the bytes differ")
	}
	for _, w := range []http.Header{reader.Header(), opened.Header()} {
		if !strings.Contains(w.Get("Vary"), "Sec-Fetch-Dest") {
			t.Errorf("Vary: %s", w.Get("Vary"))
		}
	}
	other := ask(h, http.MethodGet, "/world/", "Sec-Fetch-Dest: document")
	if other.Header().Get("Vary") != "Accept-Encoding" || !strings.HasPrefix(other.Header().Get("Content-Type"), "text/html") {
		t.Errorf("a page: %v", other.Header())
	}
}

func TestWhatIsNotThereIsSaidInTheSitesWords(t *testing.T) {
	var fail error
	h := Readers(filled(t, paper()), site("/paper"), ReaderOptions{Say: func(code int, root string) ([]byte, error) {
		return []byte("<p>" + http.StatusText(code) + " at " + root), fail
	}})
	if w := ask(h, http.MethodGet, "/paper/nowhere/"); w.Code != 404 || w.Body.String() != "<p>Not Found at /paper/" {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	fail = errors.New("a template of one's own")
	if w := ask(h, http.MethodGet, "/paper/nowhere/"); w.Code != 404 || !strings.Contains(w.Body.String(), "<!doctype html>") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
