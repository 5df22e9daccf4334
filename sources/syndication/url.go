package syndication

import (
	"net/url"
	"strings"

	"broadsheet/feed"
)

// resolve makes ref absolute by base (RFC 3986 §5). What has a scheme, and what
// cannot be resolved, stays as it was found.
func resolve(base, ref string) string {
	ref = strings.TrimSpace(ref)
	if ref == "" || base == "" || hasScheme(ref) || len(ref) > maxURL {
		return ref
	}
	b, err := url.Parse(base)
	if err != nil || b.Opaque != "" || !b.IsAbs() {
		return ref
	}
	r, err := url.Parse(spaceless.Replace(ref))
	if err != nil {
		return ref
	}
	return b.ResolveReference(r).String()
}

// spaceless drops line ends and tabs, as browsers do, and encodes blanks.
var spaceless = strings.NewReplacer("\n", "", "\t", "", " ", "%20")

// hasScheme reports whether a reference begins with a scheme (RFC 3986 §3.1).
func hasScheme(ref string) bool {
	scheme, _, ok := strings.Cut(ref, ":")
	return ok && scheme != "" && scheme[0]|0x20 >= 'a' && scheme[0]|0x20 <= 'z' &&
		strings.Trim(strings.ToLower(scheme), "abcdefghijklmnopqrstuvwxyz0123456789+-.") == ""
}

// isWeb reports whether a URL leads to a page of the web.
func isWeb(ref string) bool {
	scheme, rest, ok := strings.Cut(ref, "://")
	return ok && rest != "" && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// baseOf is the base of references in e: the chain of xml:base on top of the
// document's base (XML Base §4). One that is no address of the web is none.
func baseOf(e *element, document string) string {
	if e == nil {
		return document
	}
	base := baseOf(e.parent, document)
	if e.base == "" {
		return base
	}
	// A third slash is one too many, and browsers take it for that (WHATWG URL §4.4).
	if own := strings.Replace(resolve(base, e.base), ":///", "://", 1); isWeb(own) {
		return own
	}
	return base
}

// hasBase reports whether an xml:base is in effect for e.
func hasBase(e *element) bool {
	for ; e != nil; e = e.parent {
		if e.base != "" {
			return true
		}
	}
	return false
}

// ownPage is the base of references in an article of a feed without xml:base:
// the article's page, if it is on the feed's own site, else that site. The page
// of a link to somebody else's article, or a counting service's, is no base.
func ownPage(links []feed.Link, site string) string {
	if len(links) == 0 || links[0].Rel != "alternate" || !isWeb(links[0].Href) {
		return site
	}
	page, err := url.Parse(links[0].Href)
	if err != nil {
		return site
	}
	if home, err := url.Parse(site); err != nil || !sameSite(page.Hostname(), home.Hostname()) {
		return site
	}
	return links[0].Href
}

// sameSite reports whether hosts are equal but for a leading "www".
func sameSite(a, b string) bool {
	return strings.EqualFold(strings.TrimPrefix(a, "www."), strings.TrimPrefix(b, "www."))
}
