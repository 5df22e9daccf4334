package serve

import (
	"flag"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

var update = flag.Bool("update", false, "write the golden files anew")

func site(prefix string) feed.Site {
	return feed.Site{Title: "The Tideway", URL: "https://news.example" + prefix, Language: "en"}
}

// ask sends a request with the given lines of header fields.
func ask(h http.Handler, method, path string, fields ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	for _, f := range fields {
		name, value, _ := strings.Cut(f, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func get(h http.Handler, path string, fields ...string) *httptest.ResponseRecorder {
	return ask(h, http.MethodGet, path, fields...)
}

func TestADocumentIsSentWithAllThatBelongsToIt(t *testing.T) {
	h := Readers(filled(t, paper()), site(""), ReaderOptions{})
	shared := map[string]string{
		"Access-Control-Allow-Origin": "*",
		"Cache-Control":               "public, max-age=300, stale-while-revalidate=300, stale-if-error=86400",
		"Vary":                        "Accept-Encoding",
	}
	link := `<https://news.example/world/rss.xml>; rel="self", <https://news.example/world/>; rel="alternate"; type="text/html"`
	sent := map[string]string{"Last-Modified": same, "X-Content-Type-Options": "nosniff"}
	data := map[string]string{"Access-Control-Expose-Headers": "ETag, Last-Modified, Link",
		"Content-Security-Policy": "default-src 'none'; form-action 'none'; sandbox"}
	feeds := map[string]string{"Vary": "Accept-Encoding, Sec-Fetch-Dest"}
	for name, row := range map[string]struct {
		path   string
		fields []string
		body   string
		want   map[string]string
	}{
		"a feed": {"/world/rss.xml", nil, "world feed", map[string]string{
			"Content-Type": typeRSS, "Content-Length": "10", "Etag": tag, "Link": link}},
		"a feed, compressed": {"/world/rss.xml", []string{"Accept-Encoding: gzip"}, "gzip world feed", map[string]string{
			"Content-Type": typeRSS, "Content-Length": "15", "Etag": gzipTag, "Link": link, "Content-Encoding": "gzip"}},
		"a page": {"/world/", nil, "world page", map[string]string{
			"Content-Type": typeHTML, "Content-Length": "10", "Etag": `"h/world/"`, "Referrer-Policy": "no-referrer",
			"Content-Security-Policy": "default-src 'none'; img-src 'self' https:; media-src https:; style-src 'self'; " +
				"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"}},
		"what compressing makes no smaller": {"/-/style.css", []string{"Accept-Encoding: gzip"}, "style", map[string]string{
			"Content-Type": typeCSS, "Content-Length": "5", "Etag": `"h/-/style.css"`}},
	} {
		t.Run(name, func(t *testing.T) {
			w := get(h, row.path, row.fields...)
			want := joined(shared, sent, row.want)
			if !strings.HasSuffix(row.path, "/") {
				want = joined(want, data)
			}
			if strings.HasSuffix(row.path, ".xml") {
				want = joined(want, feeds)
			}
			if diff := cmp.Diff(want, flat(w.Header())); diff != "" {
				t.Error(diff)
			}
			if w.Body.String() != row.body {
				t.Errorf("body %q, want %q", w.Body, row.body)
			}
			head := ask(h, http.MethodHead, row.path, row.fields...)
			if diff := cmp.Diff(flat(w.Header()), flat(head.Header())); diff != "" {
				t.Errorf("HEAD says other than GET: %s", diff)
			}
		})
	}
	t.Run("nothing new", func(t *testing.T) {
		w := get(h, "/world/rss.xml", "If-None-Match: "+tag)
		if diff := cmp.Diff(joined(shared, feeds, map[string]string{"Etag": tag}), flat(w.Header())); diff != "" {
			t.Error(diff)
		}
	})
}

func joined(maps ...map[string]string) map[string]string {
	out := make(map[string]string)
	for _, m := range maps {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

func flat(h http.Header) map[string]string {
	out := make(map[string]string, len(h))
	for k, v := range h {
		out[k] = strings.Join(v, " | ")
	}
	return out
}

func TestPathsLeadWhereTheyShould(t *testing.T) {
	renamed := map[string]string{"monde": "world", "welt": "monde", "loop": "ring", "ring": "loop", "lost": "gone", "arts": "world"}
	for name, row := range map[string]struct {
		prefix, path string
		code         int
		location     string
	}{
		"the front page":                     {"", "/", 200, ""},
		"a section":                          {"", "/world/", 200, ""},
		"a query changes nothing":            {"", "/world/?a=b", 200, ""},
		"a section without its slash":        {"", "/world", 301, "/world/"},
		"a section by its old name":          {"", "/monde/", 301, "/world/"},
		"the same without its slash":         {"", "/monde", 301, "/world/"},
		"a feed of a section by an old name": {"", "/monde/rss.xml", 301, "/world/rss.xml"},
		"a section renamed twice":            {"", "/welt/rss.xml", 301, "/world/rss.xml"},
		"an old name that is in use again":   {"", "/arts/", 200, ""},
		"names that go in a circle":          {"", "/loop/", 404, ""},
		"an old name of nothing":             {"", "/lost/", 404, ""},
		"no such feed":                       {"", "/world/no.xml", 404, ""},
		"no such feed of an old name":        {"", "/monde/no.xml", 404, ""},
		"too many slashes":                   {"", "//world//", 404, ""},
		"another host is no path of ours":    {"", "//evil.example/world", 404, ""},
		"dots are not followed":              {"", "/world/../arts/", 404, ""},
		"encoded dots neither":               {"", "/%2e%2e/world/", 404, ""},
		"a slash that is encoded":            {"", "/world%2Frss.xml", 200, ""},
		"a letter that is not ours":          {"", "/w%00rld/", 404, ""},
		"below the prefix":                   {"/news", "/news/world/", 200, ""},
		"the prefix itself":                  {"/news", "/news/", 200, ""},
		"the prefix without its slash":       {"/news", "/news", 301, "/news/"},
		"a section below the prefix":         {"/news", "/news/world", 301, "/news/world/"},
		"an old name below the prefix":       {"/news", "/news/monde/", 301, "/news/world/"},
		"beside the prefix":                  {"/news", "/world/", 404, ""},
		"above the prefix":                   {"/news", "/", 404, ""},
		"what only begins like the prefix":   {"/news", "/newsworld/", 404, ""},
		"an old name after such a beginning": {"/news", "/newsmonde/", 404, ""},
		"a prefix that ends in a slash":      {"/news/", "/news/world/", 200, ""},
	} {
		t.Run(name, func(t *testing.T) {
			h := Readers(filled(t, paper()), site(row.prefix), ReaderOptions{Renamed: renamed})
			w := get(h, row.path)
			if w.Code != row.code || w.Header().Get("Location") != row.location {
				t.Errorf("%d to %q, want %d to %q", w.Code, w.Header().Get("Location"), row.code, row.location)
			}
		})
	}
}

func TestTheHostIsNeverLookedAt(t *testing.T) {
	h := Readers(filled(t, paper()), site(""), ReaderOptions{})
	for _, path := range []string{"/", "/world", "/nowhere", "/world/rss.xml"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Host = "evil.example"
		r.Header.Set("X-Forwarded-Host", "evil.example")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if all := w.Body.String() + strings.Join([]string{w.Header().Get("Location"), w.Header().Get("Link")}, " "); strings.Contains(all, "evil") {
			t.Errorf("%s: %s", path, all)
		}
	}
}

func TestOnlyReadingIsAllowed(t *testing.T) {
	h := Readers(filled(t, paper()), site(""), ReaderOptions{})
	for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "get"} {
		for _, path := range []string{"/world/", "/nowhere"} {
			w := ask(h, method, path)
			if w.Code != 405 || w.Header().Get("Allow") != "GET, HEAD, OPTIONS" {
				t.Errorf("%s %s: %d, Allow %q", method, path, w.Code, w.Header().Get("Allow"))
			}
		}
	}
}

func TestAnyPageOfTheWebMayReadTheFeeds(t *testing.T) {
	h := Readers(filled(t, paper()), site(""), ReaderOptions{})
	w := ask(h, http.MethodOptions, "/world/rss.xml", "Origin: https://reader.example",
		"Access-Control-Request-Method: GET", "Access-Control-Request-Headers: if-none-match")
	want := map[string]string{
		"Access-Control-Allow-Origin":  "*",
		"Access-Control-Allow-Methods": "GET, HEAD",
		"Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
		"Access-Control-Max-Age":       "86400",
		"Allow":                        "GET, HEAD, OPTIONS",
	}
	if w.Code != http.StatusNoContent {
		t.Errorf("status %d", w.Code)
	}
	if diff := cmp.Diff(want, flat(w.Header())); diff != "" {
		t.Error(diff)
	}
}

func TestAPaperThatIsNotMadeYetSaysSo(t *testing.T) {
	empty := NewShelf(&library{})
	refresh(t, empty, false)
	bare := paper()
	stripped := filled(t, bare)
	for p := range bare.docs {
		bare.remove(p)
	}
	refresh(t, stripped, true)
	for name, shelf := range map[string]*Shelf{"never filled": NewShelf(&library{}), "empty": empty, "emptied": stripped} {
		w := get(Readers(shelf, site(""), ReaderOptions{}), "/")
		if w.Code != 503 || w.Header().Get("Retry-After") != "30" || w.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("%s: %d %v", name, w.Code, w.Header())
		}
	}
}

func TestAMissingPageNamesThoseThatThereAre(t *testing.T) {
	h := Readers(filled(t, paper()), site("/news"), ReaderOptions{Titles: map[string]string{"world": "World & <Beyond>"}})
	w := get(h, "/news/no/such/<script>alert(1)</script>")
	const file = "testdata/missing.html"
	if *update {
		if err := os.WriteFile(file, w.Body.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), w.Body.String()); diff != "" {
		t.Errorf("page changed (-want +got); if meant so, run with -update:\n%s", diff)
	}
	if w.Code != 404 || w.Header().Get("Cache-Control") != "public, max-age=60" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := ask(h, http.MethodHead, "/news/no"); w.Code != 404 || w.Body.Len() > 0 || w.Header().Get("Content-Length") == "" {
		t.Errorf("HEAD: %d %v %q", w.Code, w.Header(), w.Body)
	}
}

func TestAPageOfAnHTTPSiteMayShowHTTPPictures(t *testing.T) {
	plain := site("")
	plain.URL = "http://localhost:8080"
	w := get(Readers(filled(t, paper()), plain, ReaderOptions{}), "/world/")
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "img-src 'self' https: http:;") {
		t.Error(policy)
	}
}

func TestEveryAnswerIsObserved(t *testing.T) {
	var seen []string
	h := Readers(filled(t, paper()), site(""), ReaderOptions{Observe: func(route string, code int) {
		seen = append(seen, route+" "+http.StatusText(code))
	}})
	get(h, "/world/")
	get(h, "/world/rss.xml", "If-None-Match: "+tag)
	get(h, "/world")
	get(h, "/nowhere")
	ask(h, "POST", "/")
	ask(h, "OPTIONS", "/")
	want := []string{"page OK", "rss Not Modified", "none Moved Permanently", "none Not Found",
		"none Method Not Allowed", "none No Content"}
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Error(diff)
	}
}

// TestOverARealConnection is what a polite reader sees through net/http: dates,
// lengths, and a second request that brings nothing.
func TestOverARealConnection(t *testing.T) {
	if testing.Short() {
		t.Skip("uses a loopback socket")
	}
	server := httptest.NewServer(Readers(filled(t, paper()), site(""), ReaderOptions{}))
	defer server.Close()
	client := server.Client()
	client.Transport.(*http.Transport).DisableCompression = true
	do := func(fields http.Header) *http.Response {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/world/rss.xml", nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header = fields
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Fatal(err)
		}
		return resp
	}
	first := do(http.Header{"Accept-Encoding": {"gzip"}})
	second := do(http.Header{"Accept-Encoding": {"gzip"}, "If-None-Match": first.Header["Etag"],
		"If-Modified-Since": first.Header["Last-Modified"]})
	if first.StatusCode != 200 || first.ContentLength != 15 || second.StatusCode != 304 {
		t.Errorf("%d with %d bytes, then %d", first.StatusCode, first.ContentLength, second.StatusCode)
	}
	for _, name := range []string{"Date", "Etag", "Cache-Control", "Vary"} {
		if second.Header.Get(name) == "" {
			t.Errorf("304 without %s", name)
		}
	}
}

// sink is a connection that costs nothing.
type sink struct{ header http.Header }

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(int)             {}
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }

func BenchmarkReaders(b *testing.B) {
	l := paper()
	l.save(doc("/world/rss.xml", typeRSS, strings.Repeat("x", 200_000)))
	h := Readers(filled(b, l), site("/news"), ReaderOptions{})
	for _, bench := range []struct {
		name   string
		fields http.Header
	}{
		{"200 plain", http.Header{}},
		{"200 gzip", http.Header{"Accept-Encoding": {"gzip, deflate, br"}}},
		{"304 by tag", http.Header{"Accept-Encoding": {"gzip, deflate, br"}, "If-None-Match": {gzipTag}, "If-Modified-Since": {same}}},
		{"304 by date", http.Header{"Accept-Encoding": {"gzip"}, "If-Modified-Since": {same}}},
		{"304 by a list of tags", http.Header{"If-None-Match": {strings.Repeat(`"0123456789abcdef", `, 5) + tag}}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, "/news/world/rss.xml", nil)
			r.Header = bench.fields
			w := &sink{header: make(http.Header)}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				h.ServeHTTP(w, r)
			}
		})
	}
}

// BenchmarkBareHandler is the least that any handler does: it writes the same
// bytes once. What Readers takes more is the cost of answering well.
func BenchmarkBareHandler(b *testing.B) {
	body, length := []byte(strings.Repeat("x", 200_000)), []string{"200000"}
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Length"] = length
		_, _ = w.Write(body)
	})
	r := httptest.NewRequest(http.MethodGet, "/news/world/rss.xml", nil)
	w := &sink{header: make(http.Header)}
	b.ReportAllocs()
	for b.Loop() {
		clear(w.header)
		h.ServeHTTP(w, r)
	}
}
