package serve

import (
	"strings"
	"testing"

	"broadsheet/feed"
)

// TestAStaticHostAnswersAsWeDo compares what _headers says of a path with what Readers
// answers.
func TestAStaticHostAnswersAsWeDo(t *testing.T) {
	files := Static(site(""), map[string]string{"monde": "world"})
	l := paper()
	l.save(feed.Document{Path: "/opml.xml", MediaType: "text/x-opml; charset=utf-8", Hash: "o", Body: []byte("<opml/>")})
	h := Readers(filled(t, l), site(""), ReaderOptions{})
	for rule, path := range map[string]string{"/*/rss.xml": "/world/rss.xml", "/opml.xml": "/opml.xml"} {
		_, fields, found := strings.Cut(files["/_headers"], "\n"+rule+"\n")
		if !found {
			t.Fatalf("no rule for %s in\n%s", rule, files["/_headers"])
		}
		typ := get(h, path).Header().Get("Content-Type")
		if first, _, _ := strings.Cut(strings.TrimSpace(fields), "\n"); first != "Content-Type: "+typ {
			t.Errorf("%s: %q, and we say %q", rule, first, typ)
		}
	}
	if page := get(h, "/world/").Header().Get("Content-Security-Policy"); !strings.Contains(files["/_headers"], "  Content-Security-Policy: "+page+"\n") {
		t.Errorf("no policy of pages (%s) in\n%s", page, files["/_headers"])
	}
	want := "/monde/* /world/:splat 301\n/-/archive/monde/* /-/archive/world/:splat 301\n"
	if files["/_redirects"] != want {
		t.Errorf("_redirects: %q, want %q", files["/_redirects"], want)
	}
	for _, line := range strings.Split(strings.TrimSpace(files["/_headers"]), "\n") {
		if !strings.HasPrefix(line, "/") && !strings.HasPrefix(line, "  ") {
			t.Errorf("%q is neither a path nor a field", line)
		}
	}
}
