package serve

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"broadsheet/feed"
)

// Static are the files by which common hosts of static sites answer as Readers does, as
// far as they can: _headers and _redirects, as Netlify and Cloudflare Pages read them.
// renamed gives the present name of a section by an earlier one. Where two rules of
// _headers name one field, both values hold; a feed thus has the policy of pages and a
// stricter one.
func Static(site feed.Site, renamed map[string]string) map[string]string {
	var h strings.Builder
	rule := func(path string, fields ...string) {
		fmt.Fprintf(&h, "%s\n", path)
		for _, f := range fields {
			fmt.Fprintf(&h, "  %s\n", f)
		}
	}
	rule("/*", "X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer",
		"Access-Control-Allow-Origin: *", "Content-Security-Policy: "+policyOf(site))
	cache := "Cache-Control: " + fmt.Sprintf(cachePublic, int64(freshUnsaid.Seconds()))
	for _, kind := range []struct{ file, typ string }{
		{"rss.xml", "application/rss+xml"}, {"atom.xml", "application/atom+xml"}, {"feed.json", "application/feed+json"},
	} {
		for _, path := range []string{"/", "/*/"} {
			rule(path+kind.file, "Content-Type: "+kind.typ+"; charset=utf-8", cache, "Content-Security-Policy: "+feedPolicy)
		}
	}
	for _, file := range []string{"/opml.xml", "/sources.opml"} {
		rule(file, "Content-Type: text/x-opml; charset=utf-8", cache)
	}
	var r strings.Builder
	for _, old := range slices.Sorted(maps.Keys(renamed)) {
		fmt.Fprintf(&r, "/%s/* /%s/:splat 301\n", old, renamed[old])
		fmt.Fprintf(&r, "%s%s/* %s%s/:splat 301\n", feed.ArchivePath, old, feed.ArchivePath, renamed[old])
	}
	return map[string]string{"/_headers": h.String(), "/_redirects": r.String()}
}
