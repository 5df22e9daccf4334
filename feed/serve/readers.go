package serve

import (
	"net/http"
	"net/url"
	"strings"

	"broadsheet/feed"
)

// What caches may do (RFC 9111 §5.2.2, RFC 5861). Five minutes is well under the
// cadence at which sections change and well over that of a reader who reloads;
// afterwards a copy may be shown once more while a new one is fetched, and for a
// day if we do not answer, because yesterday's paper is better than none.
const (
	cacheDocument = "public, max-age=300, stale-while-revalidate=600, stale-if-error=86400"
	// cacheMissing is short: the section may be there in a minute.
	cacheMissing = "public, max-age=60"
)

// retryLater is what a client is told before the first documents are there, in
// seconds.
const retryLater = "30"

// Policies for content (CSP). A page of ours needs its stylesheet and pictures.
// Anything else is data, in which a browser must not run anything: XML can hold
// scripts.
const (
	pagePolicy = "default-src 'none'; style-src 'self'; img-src 'self' https:; " +
		"base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
	dataPolicy = "default-src 'none'; form-action 'none'; sandbox"
)

// ReaderOptions are for Readers. The zero value will do.
type ReaderOptions struct {
	// Renamed gives the present name of a section by an earlier one: requests for
	// the old paths are sent on for ever.
	Renamed map[string]string
	// Titles of sections by name, for the page that says that there is no such
	// page. A section that is not in it is listed by its name.
	Titles map[string]string
	// Maker makes what is not on the shelf; nil if there is nothing else.
	Maker Maker
	// Doors are who answers below a path of the site, before anything else: "/-/hub" for
	// exactly this path, "/-/push/" for all paths below it. They get any method.
	Doors map[string]http.Handler
	// Observe, if not nil, is told of every answer: the kind of document ("page",
	// "rss", "atom", "json", "opml", "file", "none") and the status code.
	Observe func(route string, code int)
}

// Readers answers everyone: GET and HEAD for the documents on the shelf, at
// their paths below the path of site.URL. It never asks the store, never writes
// anything, and reads nothing of a request but its method, path and the fields
// for conditions and codings.
func Readers(shelf *Shelf, site feed.Site, o ReaderOptions) http.Handler {
	r := &readers{shelf: shelf, site: site, options: o, pagePolicy: []string{pagePolicy}}
	if base, err := url.Parse(site.URL); err == nil {
		r.prefix = strings.TrimSuffix(base.Path, "/")
		if base.Scheme == "http" {
			r.pagePolicy = []string{strings.Replace(pagePolicy, "https:", "https: http:", 1)}
		}
	}
	return r
}

type readers struct {
	shelf      *Shelf
	site       feed.Site
	options    ReaderOptions
	prefix     string // path of the site: empty, or with a leading slash
	pagePolicy []string
}

// Values of header fields that are the same in all answers.
var (
	valueAny       = []string{"*"}
	valueExposed   = []string{"ETag, Last-Modified, Link"}
	valueNoSniff   = []string{"nosniff"}
	valueNoReferer = []string{"no-referrer"}
	valueVary      = []string{"Accept-Encoding"}
	valueGzip      = []string{"gzip"}
	valueCache     = []string{cacheDocument}
	valueData      = []string{dataPolicy}
	valueAllow     = []string{"GET, HEAD, OPTIONS"}
)

func (s *readers) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	route, code := s.answer(w, r)
	if s.options.Observe != nil {
		s.options.Observe(route, code)
	}
}

func (s *readers) answer(w http.ResponseWriter, r *http.Request) (route string, code int) {
	if door := s.door(r); door != nil {
		door.ServeHTTP(w, r)
		return "door", http.StatusOK
	}
	h := w.Header()
	h["Access-Control-Allow-Origin"] = valueAny
	h["Access-Control-Expose-Headers"] = valueExposed
	switch r.Method {
	case http.MethodGet, http.MethodHead:
	case http.MethodOptions:
		return "none", preflight(w)
	default:
		h["Allow"] = valueAllow
		return "none", s.say(w, r, http.StatusMethodNotAllowed, "This is a paper: it can be read (GET, HEAD), not written.")
	}
	now := s.shelf.now.Load()
	if now == nil || len(now.copies) == 0 {
		h.Set("Retry-After", retryLater)
		return "none", s.say(w, r, http.StatusServiceUnavailable, "The paper is being made. Please try again in half a minute.")
	}
	path, below := strings.CutPrefix(r.URL.Path, s.prefix)
	below = below && (path == "" || path[0] == '/')
	if c := now.copies[path]; below && c != nil {
		return c.route, s.document(w, r, c)
	}
	if below && s.options.Maker != nil {
		if c, found := s.make(r, path); c != nil || found != None {
			return s.made(w, r, c, found)
		}
	}
	if below {
		if target := s.elsewhere(now, path); target != "" {
			return "none", redirect(w, s.prefix+target)
		}
	}
	return "none", s.missing(w, r, now)
}

// document answers with a document, or with 304 or 412.
func (s *readers) document(w http.ResponseWriter, r *http.Request, c *copies) (code int) {
	chosen := &c.plain
	if c.gzip != nil && prefersGzip(r.Header["Accept-Encoding"]) {
		chosen = c.gzip
	}
	h := w.Header()
	h["Cache-Control"] = valueCache
	h["Vary"] = valueVary
	switch v, about := judge(r.Header, c, chosen); v {
	case notModified:
		h["Etag"] = about.etag
		h["Last-Modified"] = c.lastMod
		w.WriteHeader(http.StatusNotModified)
		return http.StatusNotModified
	case refused:
		return s.say(w, r, http.StatusPreconditionFailed, "The document is not the one that your condition names.")
	}
	h["Etag"] = chosen.etag
	h["Last-Modified"] = c.lastMod
	h["Content-Type"] = c.typ
	h["Content-Length"] = chosen.length
	h["X-Content-Type-Options"] = valueNoSniff
	h["Referrer-Policy"] = valueNoReferer
	h["Content-Security-Policy"] = valueData
	if c.page {
		h["Content-Security-Policy"] = s.pagePolicy
	}
	if chosen == c.gzip {
		h["Content-Encoding"] = valueGzip
	}
	w.WriteHeader(http.StatusOK)
	if r.Method != http.MethodHead {
		_, _ = w.Write(chosen.body) // a reader who has gone needs no answer
	}
	return http.StatusOK
}

// elsewhere is the path of the document that is meant by one that does not
// exist: a section without its slash, or by an earlier name. Empty if none is.
func (s *readers) elsewhere(now *snapshot, path string) string {
	exists := func(p string) string {
		switch {
		case now.copies[p] != nil:
			return p
		case now.copies[p+"/"] != nil:
			return p + "/"
		default:
			return ""
		}
	}
	if target := exists(path); target != "" {
		return target
	}
	name, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	for range s.options.Renamed { // a section may have been renamed more than once
		next, ok := s.options.Renamed[name]
		if !ok {
			break
		}
		name = next
		if target := exists("/" + name + "/" + rest); target != "" {
			return target
		}
	}
	return ""
}

// redirect sends the client on for good, to a path on the host that it asked.
func redirect(w http.ResponseWriter, target string) int {
	h := w.Header()
	h.Set("Location", target)
	h["Cache-Control"] = valueCache
	h.Set("Content-Length", "0")
	w.WriteHeader(http.StatusMovedPermanently)
	return http.StatusMovedPermanently
}

// preflight answers OPTIONS: any page of the web may read the feeds with the
// conditions of a polite client (Fetch, "CORS-preflight").
func preflight(w http.ResponseWriter) int {
	h := w.Header()
	h["Allow"] = valueAllow
	h.Set("Access-Control-Allow-Methods", "GET, HEAD")
	h.Set("Access-Control-Allow-Headers", "If-None-Match, If-Modified-Since")
	h.Set("Access-Control-Max-Age", "86400")
	w.WriteHeader(http.StatusNoContent)
	return http.StatusNoContent
}
