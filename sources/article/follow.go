package article

import (
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// follow finds where the rest of an article is. What the site's rule says goes before
// what the page says.
func follow(h *headers, single, next string, base, at *url.URL, first string) Links {
	var l Links
	if s := absolute(base, single); s != "" && !same(s, at.String()) {
		l.Single = s
	}
	if n := absolute(base, next); n != "" && !same(n, at.String()) {
		l.Next = n
	}
	if first == "" {
		first = at.String()
	}
	for _, a := range h.links {
		if l.Next == "" && says(a.rel, "next") {
			if n := absolute(base, a.href); follows(first, at.String(), n) {
				l.Next = n
			}
		}
		if l.Single == "" && whole(a) {
			if s := absolute(base, a.href); s != "" && !same(s, at.String()) && kin(first, s) {
				l.Single = s
			}
		}
	}
	return l
}

// wholes are what links to the whole of an article on one page say.
var wholes = map[string]bool{
	"single page": true, "view as single page": true, "view on one page": true, "view all on one page": true, "read on one page": true, "show all pages": true, "view full article": true,
	"auf einer seite": true, "auf einer seite lesen": true, "artikel auf einer seite lesen": true, "alles auf einer seite": true, "auf einer seite anzeigen": true,
	"sur une seule page": true, "en una sola página": true, "em uma só página": true, "su una sola pagina": true,
}

func whole(a anchor) bool { return wholes[fold(a.text)] || wholes[fold(a.title)] }

// same reports whether two URLs differ in their fragments at most.
func same(a, b string) bool {
	a, _, _ = strings.Cut(a, "#")
	b, _, _ = strings.Cut(b, "#")
	return strings.TrimSuffix(a, "/") == strings.TrimSuffix(b, "/")
}

// kin reports whether two URLs have one host, and the path of one begins with the
// other's.
func kin(a, b string) bool {
	u, err := url.Parse(a)
	v, err2 := url.Parse(b)
	if err != nil || err2 != nil || u.Host != v.Host {
		return false
	}
	p, q := stem(u.Path), stem(v.Path)
	return len(p) > 1 && len(q) > 1 && (strings.HasPrefix(p, q) || strings.HasPrefix(q, p))
}

// stem is a path without what stands behind the name.
func stem(path string) string {
	path = strings.TrimSuffix(path, "/")
	for _, ext := range []string{".html", ".htm", ".php", ".shtml", ".aspx", ".asp", ".jsp"} {
		path = strings.TrimSuffix(path, ext)
	}
	return path
}

// numbered is how a later page of an article is told in what comes behind the path of the first.
var numbered = regexp.MustCompile(`^(?:/|/page/|/seite/|/page-|/seite-|-page-|-seite-|[-_,.]|,page-|_page)(\d{1,2})$`)

// counted are the names that a page's number has in a query.
var counted = map[string]bool{
	"page": true, "p": true, "seite": true, "pg": true, "paged": true, "pagina": true, "pageno": true, "pagenumber": true, "pn": true, "pno": true,
}

// follows reports whether next is the page of one article that comes after the page at, by the
// URL of the first: it adds a number, one higher than the number that at adds. The
// number of an article ("week-12") stands in the URL of its first page, so one that
// counts it up leads elsewhere.
func follows(first, at, next string) bool {
	n, ok := pageNumber(first, next)
	if !ok {
		return false
	}
	m, ok := pageNumber(first, at)
	return ok && n == m+1
}

// pageNumber is which page of the article at first a URL is of.
func pageNumber(first, page string) (int, bool) {
	u, err := url.Parse(first)
	v, err2 := url.Parse(page)
	if err != nil || err2 != nil || u.Host != v.Host || v.Host == "" {
		return 0, false
	}
	if same(first, page) {
		return 1, true
	}
	a, b := u.Query(), v.Query()
	number := 1
	for key := range counted {
		if a.Get(key) == "1" {
			a.Del(key)
		}
		if vals := b[key]; len(vals) == 1 && !a.Has(key) {
			k, err := strconv.Atoi(vals[0])
			if err != nil || number > 1 || k < 1 || k > 99 {
				return 0, false
			}
			number = k
			b.Del(key)
		}
	}
	if a.Encode() != b.Encode() {
		return 0, false
	}
	p, q := strings.TrimSuffix(stem(u.Path), "/page/1"), stem(v.Path)
	if p == q {
		return number, true
	}
	rest, ok := strings.CutPrefix(q, p)
	if !ok || number > 1 || p == "" {
		return 0, false
	}
	m := numbered.FindStringSubmatch(rest)
	if m == nil {
		return 0, false
	}
	number, err = strconv.Atoi(m[1])
	return number, err == nil && number > 0
}
