package fetch

import (
	"net/netip"
	"strings"
)

// localNames are the domains of names that mean nothing beyond a machine or its network
// (RFC 6761, RFC 6762, RFC 9476, ICANN's "internal").
var localNames = []string{"localhost", "local", "internal", "lan", "home.arpa", "test", "invalid", "alt", "onion"}

// PublicHost tells whether a host, with or without a port, may be one that anybody on the
// internet reaches: not a name without a dot or of a local domain, and not an address of
// a private or reserved network.
func PublicHost(host string) bool {
	name := strings.ToLower(host)
	if ap, err := netip.ParseAddrPort(name); err == nil {
		return specialUse(ap.Addr().Unmap()) == ""
	}
	if a, err := netip.ParseAddr(strings.Trim(name, "[]")); err == nil {
		return specialUse(a.Unmap().WithZone("")) == ""
	}
	if i := strings.LastIndexByte(name, ':'); i >= 0 {
		name = name[:i]
	}
	name = strings.TrimSuffix(name, ".")
	for _, local := range localNames {
		if name == local || strings.HasSuffix(name, "."+local) {
			return false
		}
	}
	return strings.Contains(name, ".")
}
