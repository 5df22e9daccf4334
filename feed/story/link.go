package story

import (
	"cmp"
	"strings"

	"golang.org/x/net/publicsuffix"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
)

// linkHash is a hash of a link in the form in which links are compared here; 0 if it
// names no article but a site.
func linkHash(link string) uint64 {
	host, path := splitLink(normalise.CanonicalLink(link))
	if host == "" || path == "" {
		return 0
	}
	return max(1, hashOf(host+path))
}

// mobile are the beginnings of hosts, and ends of paths, under which sites show the same
// page once more.
var (
	mobileHosts = []string{"www.", "m.", "mobile.", "amp."}
	mobilePaths = []string{"/amp", ".amp", "?amp=1", "?amp", "?outputType=amp"}
)

// splitLink parts a canonical link into host and path, without what only tells the copy
// for telephones from the other.
func splitLink(canonical string) (host, path string) {
	rest, ok := strings.CutPrefix(canonical, "https://")
	if !ok {
		return "", ""
	}
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		rest, path = rest[:i], rest[i:]
	}
	host = rest
	for _, p := range mobileHosts {
		if cut, ok := strings.CutPrefix(host, p); ok && strings.Contains(cut, ".") {
			host = cut
			break
		}
	}
	for _, p := range mobilePaths {
		if cut, ok := strings.CutSuffix(path, p); ok {
			path = strings.TrimRight(cut, "/")
			break
		}
	}
	return host, path
}

// site is what links of one publisher share: the registrable domain.
func site(link string) string {
	host, _ := splitLink(normalise.CanonicalLink(link))
	host, _, _ = strings.Cut(host, ":")
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host
}

// atHome tells whether an entry's link is on the site of the feed that it comes from. It
// looks at nothing but what is stored of an entry, so that a sketch is the same whenever it
// is drawn. An article whose page says that it belongs elsewhere is a copy.
func atHome(e feed.Entry) bool {
	at := site(cmp.Or(e.Canonical, e.Link))
	return at != "" && (site(e.Origin.Link) == at || site(e.Origin.Self) == at)
}

// foreign tells whether a dateline or a credit names somebody else than the outlet.
func foreign(name, outlet string) bool {
	return name != "" && (outlet == "" || !strings.Contains(letters(name), letters(outlet)))
}
