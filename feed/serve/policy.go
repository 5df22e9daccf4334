package serve

import (
	"net/http"
	"net/url"
	"strings"

	"broadsheet/feed"
)

// Policies for content (CSP). A page of ours needs its stylesheet, its icon, pictures and
// what is played; its search asks us. Anything else is data, in which a browser must not
// run anything: XML can hold scripts. A feed may be styled, by us, for whoever opens it.
const (
	dataPolicy = "default-src 'none'; form-action 'none'; sandbox"
	feedPolicy = "default-src 'none'; style-src 'self'; form-action 'none'; sandbox"
	pageRules  = "; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

// policyOf is that of the site's pages: pictures come from where the site says, and what
// is played from its publisher. An http site may show what is on http, too.
func policyOf(site feed.Site) string {
	web := " https:"
	if base, err := url.Parse(site.URL); err == nil && base.Scheme == "http" {
		web = " https: http:"
	}
	pictures := " 'self'"
	if site.Images == feed.ImagesLink {
		pictures += web
	}
	return "default-src 'none'; img-src" + pictures + "; media-src" + web + pageRules
}

// opened reports whether a person opens the document in a browser (Fetch Metadata). No
// feed reader says so.
func opened(h http.Header) bool {
	dest := h["Sec-Fetch-Dest"]
	return len(dest) == 1 && dest[0] == "document"
}

// shown is the media type under which a browser shows a feed with its stylesheet: under
// those of RSS and Atom it shows its source, or saves it. The bytes are the same (S-4,
// S-7, S-9).
const shown = "application/xml; charset=utf-8"

var (
	valueShown    = []string{shown}
	valueFeed     = []string{feedPolicy}
	valueVaryFeed = []string{"Accept-Encoding, Sec-Fetch-Dest"}
)

// styled reports whether the document is a feed that names a stylesheet.
func (c *copies) styled() bool { return c.kind.xml && c.kind.feed }

// show sets what a feed's answer has beside that of other documents.
func show(w, r http.Header) {
	if opened(r) {
		w["Content-Type"] = valueShown
		w["Content-Security-Policy"] = valueFeed
	}
}

// Say makes the page that says that there is nothing to read, for a status code. root is
// the path of the front page; empty while no page can be had.
type Say func(code int, root string) ([]byte, error)

// said is the page for a code in the site's own words, if there is somebody to make it.
func (s *readers) said(code int) []byte {
	if s.options.Say == nil {
		return nil
	}
	root := ""
	if s.shelf.Documents() > 0 {
		root = strings.TrimSuffix(s.prefix, "/") + "/"
	}
	body, err := s.options.Say(code, root)
	if err != nil {
		return nil
	}
	return body
}
