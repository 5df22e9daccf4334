package worker

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"broadsheet/feed"
)

const (
	// movesAgree and movesTake: a permanent redirect is believed once so many good
	// polls in a row, over so long, led to the same place (H-5, T-28).
	movesAgree = 3
	movesTake  = 24 * time.Hour
	// movesDoubt: after so many failures at the new address, the configured one is
	// tried again in turn.
	movesDoubt = 3
	// maxPast is how many addresses that were given up are remembered.
	maxPast = 20
)

// addressOf is where a feed is asked: its configured url, or where it moved for
// good, which gives way to the configured one every other time once it fails.
func addressOf(claim feed.Claim) string {
	to := claim.History.Move.To
	doubts := claim.Failures - movesDoubt
	if to == "" || doubts >= 0 && doubts%2 == 0 {
		return claim.URL
	}
	return to
}

// Led is what a good poll says of where a feed is.
type Led struct {
	Configured string // the feed's url in the configuration
	Asked      string // Configured, or where the feed moved
	Permanent  string // where the leading permanent redirects led; empty if there were none
	At         time.Time
}

// believable tells whether a permanent redirect may ever be followed for good:
// neither to less security nor to a page that stands in the way of feeds.
func (l Led) believable() bool {
	from, err := url.Parse(l.Asked)
	to, err2 := url.Parse(l.Permanent)
	if err != nil || err2 != nil || to.Scheme != "http" && to.Scheme != "https" {
		return false
	}
	first, err := url.Parse(l.Configured)
	if err != nil {
		return false
	}
	secure := strings.EqualFold(from.Scheme, "https") || strings.EqualFold(first.Scheme, "https")
	return to.Host != "" && (!secure || to.Scheme == "https") && !inTheWay(to)
}

// obstacles are words by which pages that stand in the way name themselves, in
// their host or path.
var obstacles = []string{"login", "signin", "logon", "sso", "oauth", "auth", "consent", "captive", "captiveportal",
	"hotspot", "wifi", "lodgenet", "landingpage", "parking", "parked", "sedoparking", "hugedomains", "afternic",
	"bodis", "parkingcrew", "forsale", "suspended", "suspendedpage", "blocked", "captcha", "challenge", "paywall", "cookiewall"}

// inTheWay tells whether a URL names itself as a login, a consent page, a captive
// portal or a parked domain.
func inTheWay(u *url.URL) bool {
	words := strings.FieldsFunc(strings.ToLower(u.Hostname()+"/"+u.Path), func(r rune) bool {
		return r == '.' || r == '/'
	})
	for _, w := range words {
		w = strings.NewReplacer("-", "", "_", "").Replace(w)
		if slices.Contains(obstacles, w) {
			return true
		}
	}
	return false
}

// moved is what is known of a feed's moves after a good poll. adopt is true if it
// would move with this poll: whoever calls must then see that no other feed has
// the address, and may ask with taken.
func moved(m feed.Move, l Led, taken bool) (after feed.Move, adopt bool) {
	if m.To != "" && sameAddress(l.Asked, l.Configured) && !sameAddress(l.Permanent, m.To) {
		// The configured address is good again, and does not lead there any more.
		m = given(m, m.To, l.At)
		m.To = ""
	}
	if l.Permanent == "" || sameAddress(l.Permanent, m.To) || sameAddress(l.Permanent, l.Asked) || !l.believable() || taken {
		m.Next, m.First, m.Count = "", time.Time{}, 0
		return m, false
	}
	if m.Next != l.Permanent {
		m.Next, m.First, m.Count = l.Permanent, l.At, 0
	}
	m.Count++
	if m.Count < movesAgree || l.At.Sub(m.First) < movesTake {
		return m, false
	}
	m = given(m, l.Asked, l.At)
	m.To, m.Next, m.First, m.Count = l.Permanent, "", time.Time{}, 0
	if sameAddress(m.To, l.Configured) {
		m.To = "" // it moved back
	}
	return m, true
}

// undone gives up an address at which the feed is gone: the configured one has
// the last word.
func undone(m feed.Move, at time.Time) feed.Move {
	m = given(m, m.To, at)
	m.To, m.Next, m.First, m.Count = "", "", time.Time{}, 0
	return m
}

// given notes an address that was given up.
func given(m feed.Move, from string, at time.Time) feed.Move {
	m.Past = append(slices.Clone(m.Past), feed.Moved{From: from, At: at.UTC()})
	m.Past = m.Past[max(0, len(m.Past)-maxPast):]
	return m
}

// sameAddress tells whether two URLs name the same document in all but writing.
func sameAddress(a, b string) bool { return a == b || plainAddress(a) == plainAddress(b) }

// plainAddress is a URL without what does not tell documents apart: case of
// scheme and host, the scheme's own port, a fragment, credentials.
func plainAddress(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	host = strings.TrimSuffix(host, map[string]string{"http": ":80", "https": ":443"}[scheme])
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	return scheme + "://" + host + path + "?" + u.RawQuery
}

// anyScheme is plainAddress for http and https alike: two sources may not become
// one by it.
func anyScheme(address string) string {
	return strings.TrimPrefix(strings.Replace(plainAddress(address), "https://", "http://", 1), "http://")
}
