package serve

import (
	"strings"
	"testing"
	"time"

	"broadsheet/feed"
)

// TestCachesKeepACopyAsLongAsTheSectionsRhythmSays is S-2: max-age is what the document
// says, and a 304 says it, too.
func TestCachesKeepACopyAsLongAsTheSectionsRhythmSays(t *testing.T) {
	for fresh, want := range map[time.Duration]string{
		0:                "public, max-age=300, stale-while-revalidate=300, stale-if-error=86400",
		time.Minute:      "public, max-age=60, stale-while-revalidate=60, stale-if-error=86400",
		12 * time.Minute: "public, max-age=720, stale-while-revalidate=720, stale-if-error=86400",
	} {
		l := paper()
		d := doc("/world/rss.xml", typeRSS, "x")
		d.Fresh = fresh
		l.save(d)
		h := Readers(filled(t, l), site(""), ReaderOptions{})
		for _, fields := range [][]string{nil, {"If-None-Match: *"}} {
			if got := get(h, "/world/rss.xml", fields...).Header().Get("Cache-Control"); got != want {
				t.Errorf("fresh for %v: %q, want %q", fresh, got, want)
			}
		}
	}
}

// TestAFeedNamesItsHubsAndItself is WSP-1: every hub, and exactly one self, which is the
// canonical address whatever host was asked.
func TestAFeedNamesItsHubsAndItself(t *testing.T) {
	l := paper()
	l.save(doc("/world/atom.xml", typeAtom, ""), doc("/world/feed.json", typeJSON, ""),
		doc("/-/archive/world/1.xml", typeAtom, ""), doc("/-/p/s3cret/rss.xml", typeRSS, ""))
	hubs := []string{"https://news.example/paper/-/hub", "https://hub.example/"}
	h := Readers(filled(t, l), site("/paper"), ReaderOptions{Hubs: hubs})
	own, other := `<https://news.example/paper/-/hub>; rel="hub", `, `<https://hub.example/>; rel="hub", `
	page := `, <https://news.example/paper/world/>; rel="alternate"; type="text/html"`
	for path, want := range map[string]string{
		"/world/rss.xml":         own + other + `<https://news.example/paper/world/rss.xml>; rel="self"` + page,
		"/world/atom.xml":        own + other + `<https://news.example/paper/world/atom.xml>; rel="self"` + page,
		"/world/feed.json":       own + other + `<https://news.example/paper/world/feed.json>; rel="self"` + page,
		"/-/archive/world/1.xml": own + other + `<https://news.example/paper/-/archive/world/1.xml>; rel="self"`,
		// A hub of somebody else does not learn a private section's address.
		"/-/p/s3cret/rss.xml": own + `<https://news.example/paper/-/p/s3cret/rss.xml>; rel="self", ` +
			`<https://news.example/paper/-/p/s3cret/>; rel="alternate"; type="text/html"`,
		"/world/":      "",
		"/-/style.css": "",
	} {
		for range 2 { // the second answer has what was made for the first
			w := get(h, "/paper"+path, "Host: evil.example")
			if got := strings.Join(w.Header()["Link"], "|"); w.Code != 200 || got != want {
				t.Errorf("%s: %d\n got %s\nwant %s", path, w.Code, got, want)
			}
		}
	}
}

// TestARedirectIsAnAddress: what was asked for is in it as it was, and a secret is not kept.
func TestARedirectIsAnAddress(t *testing.T) {
	l := paper()
	l.save(doc("/-/p/s3cret/", "text/html; charset=utf-8", ""))
	h := Readers(filled(t, l), site("/paper"), ReaderOptions{Renamed: map[string]string{"monde": "world"}})
	for path, want := range map[string]string{
		"/paper/-/archive/monde/1%0d%0aX:%201/%3Fa": "/paper/-/archive/world/1%0D%0AX:%201/%3Fa",
		"/paper/-/p/s3cret":                         "/paper/-/p/s3cret/",
	} {
		w := get(h, path)
		if got := w.Header().Get("Location"); w.Code != 301 || got != want {
			t.Errorf("%s: %d %q", path, w.Code, got)
		}
		if got := w.Header().Get("Cache-Control"); strings.Contains(path, "s3cret") && got != "no-store" {
			t.Errorf("%s: %s", path, got)
		}
	}
}

// TestWhereASectionWent is S-5: unknown is 404, retired 410, renamed 301 with what is below
// it, its archive, too.
func TestWhereASectionWent(t *testing.T) {
	l := paper()
	l.save(doc("/-/archive/world/1.xml", typeAtom, ""))
	h := Readers(filled(t, l), site("/paper"), ReaderOptions{
		Renamed: map[string]string{"monde": "world", "welt": "monde", "closed": "shut"}, Retired: []string{"sport", "football"},
	})
	for path, want := range map[string]struct {
		code     int
		location string
	}{
		"/nowhere/":                   {404, ""},
		"/-/archive/nowhere/1.xml":    {404, ""},
		"/sport":                      {410, ""},
		"/sport/":                     {410, ""},
		"/sport/rss.xml":              {410, ""},
		"/football/feed.json":         {410, ""},
		"/-/archive/sport/1.xml":      {410, ""},
		"/sports/":                    {404, ""},
		"/monde/rss.xml":              {301, "/paper/world/rss.xml"},
		"/-/archive/world/1.xml":      {200, ""},
		"/-/archive/monde/1.xml":      {301, "/paper/-/archive/world/1.xml"},
		"/-/archive/welt/1.xml":       {301, "/paper/-/archive/world/1.xml"},
		"/-/archive/welt/99.part.xml": {301, "/paper/-/archive/world/99.part.xml"}, // made when it is asked for, or 404 there
		"/-/archive/closed/1.xml":     {404, ""},
		"/closed/":                    {404, ""},
	} {
		w := get(h, "/paper"+path)
		if w.Code != want.code || w.Header().Get("Location") != want.location {
			t.Errorf("%s: %d to %q, want %d to %q", path, w.Code, w.Header().Get("Location"), want.code, want.location)
		}
		if w.Header().Get("Content-Security-Policy") == "" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d without a policy: %v", path, w.Code, w.Header())
		}
	}
	if body := get(h, "/paper/sport/").Body.String(); !strings.Contains(body, "no longer part") || !strings.Contains(body, "/paper/world/") {
		t.Errorf("the page says %s", body)
	}
	if get(Readers(NewShelf(&library{}), site(""), ReaderOptions{Retired: []string{"sport"}}), "/sport/").Code != 503 {
		t.Error("a paper that is not made yet says what is gone")
	}
}

// TestAPrivateSectionIsForThoseWhoKnowIt: no shared cache keeps it, no search engine lists
// it, no page names it, and its former address is like any that never was.
func TestAPrivateSectionIsForThoseWhoKnowIt(t *testing.T) {
	l := paper()
	l.save(doc("/-/p/s3cret/", typeHTML, "page"), doc("/-/p/s3cret/rss.xml", typeRSS, "feed"), doc("/-/p/s3cret/archive/1.xml", typeAtom, "old"))
	shelf := filled(t, l)
	h := Readers(shelf, site(""), ReaderOptions{Maker: &workshop{}, Titles: map[string]string{"board": "The Board"}})
	for _, path := range []string{"/-/p/s3cret/", "/-/p/s3cret/rss.xml", "/-/p/s3cret/archive/1.xml", "/-/p/s3cret/rss.xml?q=a"} {
		w := get(h, path)
		for name, want := range map[string]string{
			"X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer",
		} {
			if got := w.Header().Get(name); w.Code != 200 || got != want {
				t.Errorf("%s: %d, %s is %q", path, w.Code, name, got)
			}
		}
		if cache := w.Header().Get("Cache-Control"); !strings.HasPrefix(cache, "private, ") || strings.Contains(cache, "public") {
			t.Errorf("%s: Cache-Control %q", path, cache)
		}
	}
	never := get(h, "/-/p/wr0ng/").Body.String()
	if strings.Contains(never, "s3cret") || strings.Contains(never, "Board") {
		t.Errorf("the page of what is missing tells of it: %s", never)
	}
	l.remove("/-/p/s3cret/")
	refresh(t, shelf, true)
	if w := get(h, "/-/p/s3cret/"); w.Code != 404 || w.Body.String() != never {
		t.Errorf("its former address: %d %s", w.Code, w.Body)
	}
}

// TestFeedsMayBeCalledXML is S-4: a site whose feeds are to be shown by browsers.
func TestFeedsMayBeCalledXML(t *testing.T) {
	l := paper()
	l.save(doc("/atom.xml", typeAtom, ""), doc("/feed.json", typeJSON, ""), doc("/opml.xml", "text/x-opml; charset=utf-8", ""))
	shelf := filled(t, l)
	const xml = "application/xml; charset=utf-8"
	for path, want := range map[string][2]string{
		"/rss.xml": {typeRSS, xml}, "/atom.xml": {typeAtom, xml}, "/opml.xml": {"text/x-opml; charset=utf-8", xml},
		"/feed.json": {typeJSON, typeJSON}, "/": {typeHTML, typeHTML}, "/-/style.css": {typeCSS, typeCSS},
	} {
		got := [2]string{get(Readers(shelf, site(""), ReaderOptions{}), path).Header().Get("Content-Type"),
			get(Readers(shelf, site(""), ReaderOptions{XML: true}), path).Header().Get("Content-Type")}
		if got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
}

// TestNoConnegOnFeeds is S-7: whatever a reader accepts, an address has one representation.
func TestNoConnegOnFeeds(t *testing.T) {
	h := Readers(filled(t, paper()), site(""), ReaderOptions{})
	for _, accept := range []string{
		"application/xml,application/atom+xml,application/rss+xml,application/rdf+xml,application/feed+json,text/html,*/*;q=0.9", // Miniflux
		"text/html", "application/feed+json", "image/png",
	} {
		if w := get(h, "/world/rss.xml", "Accept: "+accept); w.Code != 200 || w.Header().Get("Content-Type") != typeRSS || w.Header().Get("Vary") != "Accept-Encoding, Sec-Fetch-Dest" {
			t.Errorf("Accept %s: %d %v", accept, w.Code, w.Header())
		}
		if w := get(h, "/world/", "Accept: "+accept); w.Code != 200 || w.Header().Get("Content-Type") != typeHTML {
			t.Errorf("Accept %s of a page: %d %v", accept, w.Code, w.Header())
		}
	}
}

// TestEveryAnswerHasAPolicy is S-8 and T-15: nothing that is not a page of ours may run or
// load anything, and nothing is sniffed.
func TestEveryAnswerHasAPolicy(t *testing.T) {
	l := paper()
	l.save(doc("/feed.json", typeJSON, ""), feed.Document{Path: "/-/img/1", MediaType: "image/svg+xml", Hash: "svg", Body: []byte("<svg/>")})
	h := Readers(filled(t, l), site(""), ReaderOptions{Maker: &workshop{}, Renamed: map[string]string{"monde": "world"}, Retired: []string{"sport"}})
	page := "default-src 'none'; img-src 'self' https:; media-src https:; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	data := "default-src 'none'; form-action 'none'; sandbox"
	for path, want := range map[string]string{
		"/": page, "/world/": page, "/nowhere": page, "/sport/": page, "/-/search?" + strings.Repeat("q", maxQuery+1): page,
		"/rss.xml": data, "/feed.json": data, "/-/style.css": data, "/-/img/1": data, "/monde/": data, "/world": data, "/rss.xml?q=a": data,
	} {
		w := get(h, path)
		if got := w.Header().Get("Content-Security-Policy"); got != want || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %q", path, w.Code, got)
		}
	}
}
