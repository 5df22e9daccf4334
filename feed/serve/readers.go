package serve

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"broadsheet/feed"
)

// What a client is told to wait, in seconds: before the first documents are there, and
// when more is asked to be made than can be made at once.
const (
	retryLater = "30"
	retrySoon  = "5"
)

// ReaderOptions are for Readers. The zero value will do.
type ReaderOptions struct {
	// Renamed gives the present name of a section by an earlier one: requests for
	// the old paths are sent on for ever.
	Renamed map[string]string
	// Titles of sections by name, for the page that says that there is no such
	// page. A section that is not in it is listed by its name.
	Titles map[string]string
	// Retired are names of sections that there were once: what is asked for by them is
	// gone (410), which tells a subscriber to stop asking.
	Retired []string
	// Hubs announce the feeds (WebSub), absolute. Private sections are announced by hubs
	// of the site itself only: another would learn their addresses.
	Hubs []string
	// XML calls feeds and reading lists application/xml, which browsers show and do not
	// offer to save.
	XML bool
	// Maker makes what is not on the shelf; nil if there is nothing else.
	Maker Maker
	// Say makes pages that say that there is nothing to read, in the site's words; nil
	// is in English.
	Say Say
	// Doors are who answers below a path of the site, before anything else: "/-/hub" for
	// exactly this path, "/-/push/" for all paths below it. They get any method.
	Doors map[string]http.Handler
	// Observe, if not nil, is told of every answer: the kind of document ("page",
	// "rss", "atom", "json", "opml", "file", "none") and the status code.
	Observe func(route string, code int)
	// Log is told why a document could not be made; nil for nobody.
	Log *slog.Logger
}

// Readers answers everyone: GET and HEAD for the documents on the shelf, at
// their paths below the path of site.URL, and through o.Maker for what is made when it
// is asked for. It never asks the store, never writes anything, and reads nothing of a
// request but its method, path, the query of what is selected, and the fields for
// conditions and codings.
func Readers(shelf *Shelf, site feed.Site, o ReaderOptions) http.Handler {
	r := &readers{shelf: shelf, site: site, options: o, pagePolicy: []string{policyOf(site)},
		retired: make(map[string]bool), orders: newOrders(o.Maker, o.Log)}
	for _, name := range o.Retired {
		r.retired[name] = true
	}
	if base, err := url.Parse(site.URL); err == nil {
		r.prefix = strings.TrimSuffix(base.Path, "/")
	}
	return r
}

type readers struct {
	shelf      *Shelf
	site       feed.Site
	options    ReaderOptions
	prefix     string // path of the site: empty, or with a leading slash
	pagePolicy []string
	retired    map[string]bool
	orders     *orders
}

// Values of header fields that are the same in all answers.
var (
	valueAny       = []string{"*"}
	valueExposed   = []string{"ETag, Last-Modified, Link"}
	valueNoSniff   = []string{"nosniff"}
	valueNoReferer = []string{"no-referrer"}
	valueVary      = []string{"Accept-Encoding"}
	valueData      = []string{dataPolicy}
	valueNoIndex   = []string{"noindex"}
	valueXML       = []string{"application/xml; charset=utf-8"}
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
		return "none", s.later(w, r, retryLater, "The paper is being made. Please try again in half a minute.")
	}
	path, below := strings.CutPrefix(r.URL.Path, s.prefix)
	if !below || path != "" && path[0] != '/' {
		return "none", s.missing(w, r, now, path)
	}
	c := now.copies[path]
	if c != nil && (r.URL.RawQuery == "" || s.options.Maker == nil || !selectable(c, path)) {
		return c.kind.route, s.document(w, r, c, path, "")
	}
	query := ""
	if s.options.Maker != nil && r.URL.RawQuery != "" {
		if len(r.URL.RawQuery) > maxQuery {
			return "none", s.say(w, r, http.StatusRequestURITooLong, "That is more than can be searched for.")
		}
		query = feed.SelectionOf(r.URL.Query()).Encode()
	}
	if c != nil && query == "" {
		return c.kind.route, s.document(w, r, c, path, "")
	}
	if s.options.Maker != nil {
		switch made := s.orders.get(r.Context(), now.serial, path, query); {
		case made.err != nil:
			return "none", s.later(w, r, retrySoon, "This cannot be made just now. Please try again in a few seconds.")
		case made.found == Gone:
			return "none", s.gone(w, r, now, "This was taken back by its publisher.")
		case made.found == Moved:
			return "none", redirect(w, s.prefix+made.moved, query)
		case made.copies != nil:
			return made.copies.kind.route, s.document(w, r, made.copies, path, query)
		}
	}
	if target := s.elsewhere(now, path); target != "" {
		return "none", redirect(w, s.prefix+target, query)
	}
	return "none", s.missing(w, r, now, path)
}

// maxQuery is how long a query may be that is heeded, in bytes: twice what all parts of a
// selection can be, in scripts whose letters take nine bytes of a URL.
const maxQuery = 8 << 10

// selectable reports whether a document on the shelf can be asked for in part.
func selectable(c *copies, path string) bool {
	return c.kind.feed && !strings.HasPrefix(path, feed.ArchivePath)
}

// document answers with a document, or with 304 or 412. path and query are its address.
func (s *readers) document(w http.ResponseWriter, r *http.Request, c *copies, path, query string) (code int) {
	chosen := &c.variants[c.choose(r.Header["Accept-Encoding"])]
	h := w.Header()
	h["Cache-Control"] = c.cache
	h["Vary"] = valueVary
	if c.styled() {
		h["Vary"] = valueVaryFeed // also of a 304
	}
	switch v, about := judge(r.Header, c, chosen); v {
	case notModified:
		// What updates a stored copy, and no more (RFC 9110 §15.4.5).
		h["Etag"] = about.etag
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
	// Each field costs a hundredth of the answer's time. A page has links, and needs no
	// script of another site; data is the other way round.
	if c.kind == kindPage {
		h["Content-Security-Policy"] = s.pagePolicy
		h["Referrer-Policy"] = valueNoReferer
	} else {
		h["Content-Security-Policy"] = valueData
		h["Access-Control-Expose-Headers"] = valueExposed
	}
	if c.kind.feed {
		h["Link"] = s.linkOf(c, path, query)
	}
	if s.options.XML {
		h["Content-Type"] = c.xml
	}
	if c.styled() {
		show(h, r.Header)
	}
	if chosen.coding != nil {
		h["Content-Encoding"] = chosen.coding
	}
	if c.robots != nil {
		h["X-Robots-Tag"] = c.robots
		h["Referrer-Policy"] = valueNoReferer // its address is a secret, or what somebody looks for
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
	rest, archived := strings.CutPrefix(path, feed.ArchivePath)
	name, rest, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
	for range s.options.Renamed { // a section may have been renamed more than once
		next, ok := s.options.Renamed[name]
		if !ok {
			break
		}
		name = next
		if archived {
			// Its pages need not be on the shelf.
			if now.copies["/"+name+"/"] != nil {
				return feed.ArchivePath + name + "/" + rest
			}
		} else if target := exists("/" + name + "/" + rest); target != "" {
			return target
		}
	}
	return ""
}

// redirect sends the client on for good, to a path on the host that it asked.
func redirect(w http.ResponseWriter, target, query string) int {
	h := w.Header()
	location := (&url.URL{Path: target}).EscapedPath()
	if query != "" {
		location += "?" + query
	}
	h.Set("Location", location)
	h.Set("Cache-Control", cacheMoved)
	if strings.Contains(target, feed.PrivatePath) {
		h.Set("Cache-Control", cacheNothing) // the answer holds a secret
	}
	h.Set("Content-Length", "0")
	h["X-Content-Type-Options"] = valueNoSniff
	h["Referrer-Policy"] = valueNoReferer
	h["Content-Security-Policy"] = valueData
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
