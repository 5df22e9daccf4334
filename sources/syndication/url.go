package syndication

import (
	"net/url"
	"strings"
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
	for i := range len(ref) {
		c := ref[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		case i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
		default:
			return c == ':' && i > 0
		}
	}
	return false
}

// isWeb reports whether a URL leads to a page of the web.
func isWeb(ref string) bool {
	scheme, rest, ok := strings.Cut(ref, "://")
	return ok && rest != "" && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https"))
}

// baseOf is the base of references in e: the chain of xml:base on top of the
// document's base (XML Base §4).
func baseOf(e *element, document string) string {
	if e == nil {
		return document
	}
	base := baseOf(e.parent, document)
	if e.base == "" {
		return base
	}
	return resolve(base, e.base)
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
