package config

import (
	"fmt"
	"net/netip"
	"net/url"
	"strings"

	"broadsheet/feed"
)

// shownTerms is how many sources without terms a warning names.
const shownTerms = 3

// UnsaidTerms warns once of all sources whose stanzas do not say how much of them may be
// published, if the paper has an address that everybody can reach: whoever publishes the
// texts of others should have asked himself. ok is false if there is nothing to warn of.
func (p *Paper) UnsaidTerms() (warning Problem, ok bool) {
	u, err := url.Parse(p.Site.URL)
	if err != nil || !isPublic(u) {
		return Problem{}, false
	}
	var names []string
	for _, o := range p.Outlets {
		if o.Terms != feed.TermsUnsaid {
			continue
		}
		if len(names) == 0 {
			warning.Pos = o.Pos
		}
		names = append(names, o.Name)
	}
	if len(names) == 0 {
		return Problem{}, false
	}
	who := "the source " + names[0] + " does"
	if n := len(names); n > 1 {
		who = fmt.Sprintf("%d sources (%s) do", n, strings.Join(names[:min(n, shownTerms)], ", "))
		if n > shownTerms {
			who = strings.Replace(who, ")", ", …)", 1)
		}
	}
	warning.Key, warning.Warning = "sources.terms", true
	warning.Text = who + " not say how much of the articles may be published, and everyone can read them at " +
		p.Site.URL + "; write terms: full, excerpt or link"
	return warning, true
}

// isPublic reports whether an address of the paper can be reached by everybody: it is not
// of this machine or of a private network, as far as its name tells.
func isPublic(u *url.URL) bool {
	host := strings.ToLower(strings.TrimSuffix(u.Hostname(), "."))
	if ip, err := netip.ParseAddr(host); err == nil {
		ip = ip.Unmap()
		return ip.IsGlobalUnicast() && !ip.IsPrivate()
	}
	if !strings.Contains(host, ".") {
		return false // localhost, or a name of a local network
	}
	for _, local := range localNames {
		if strings.HasSuffix(host, local) {
			return false
		}
	}
	return true
}

// localNames are the ends of names that no resolver of the world knows (RFC 6761, 6762,
// 8375, and what ICANN reserved for private use).
var localNames = []string{".localhost", ".local", ".home.arpa", ".internal", ".lan", ".test", ".invalid"}
