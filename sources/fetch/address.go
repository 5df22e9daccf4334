package fetch

import (
	"fmt"
	"net/netip"
	"slices"
)

// special is a range of addresses where no public web server lives.
type special struct {
	prefix netip.Prefix
	is     string // completes "the address … is"
	rfc    string // or who says so
}

// specials are the IANA special-purpose address registries of both families,
// with what else was set apart or withdrawn since. Ranges that the registries
// call globally reachable are refused too where they serve protocols and not
// sites. More precise ranges come first, as they explain more.
var specials = []special{
	{netip.MustParsePrefix("0.0.0.0/8"), "of this network only", "RFC 791 §3.2"},
	{netip.MustParsePrefix("10.0.0.0/8"), "private", "RFC 1918"},
	{netip.MustParsePrefix("100.64.0.0/10"), "shared by a provider's customers", "RFC 6598"},
	{netip.MustParsePrefix("127.0.0.0/8"), "this machine itself", "RFC 1122 §3.2.1.3"},
	{netip.MustParsePrefix("168.63.129.16/32"), "of a cloud's own services", "none; Azure names it"},
	{netip.MustParsePrefix("169.254.0.0/16"), "link-local", "RFC 3927"},
	{netip.MustParsePrefix("172.16.0.0/12"), "private", "RFC 1918"},
	{netip.MustParsePrefix("192.0.0.0/24"), "reserved for protocols", "RFC 6890"},
	{netip.MustParsePrefix("192.0.2.0/24"), "reserved for documentation", "RFC 5737"},
	{netip.MustParsePrefix("192.31.196.0/24"), "reserved for AS112", "RFC 7535"},
	{netip.MustParsePrefix("192.52.193.0/24"), "reserved for AMT", "RFC 7450"},
	{netip.MustParsePrefix("192.88.99.0/24"), "of a 6to4 relay", "RFC 7526"},
	{netip.MustParsePrefix("192.168.0.0/16"), "private", "RFC 1918"},
	{netip.MustParsePrefix("192.175.48.0/24"), "reserved for AS112", "RFC 7534"},
	{netip.MustParsePrefix("198.18.0.0/15"), "reserved for benchmarks", "RFC 2544"},
	{netip.MustParsePrefix("198.51.100.0/24"), "reserved for documentation", "RFC 5737"},
	{netip.MustParsePrefix("203.0.113.0/24"), "reserved for documentation", "RFC 5737"},
	{netip.MustParsePrefix("224.0.0.0/4"), "multicast", "RFC 5771"},
	{netip.MustParsePrefix("255.255.255.255/32"), "broadcast", "RFC 8190"},
	{netip.MustParsePrefix("240.0.0.0/4"), "reserved", "RFC 1112 §4"},

	{netip.MustParsePrefix("::/128"), "unspecified", "RFC 4291 §2.5.2"},
	{netip.MustParsePrefix("::1/128"), "this machine itself", "RFC 4291 §2.5.3"},
	{netip.MustParsePrefix("::/96"), "an embedded IPv4 address", "RFC 4291 §2.5.5.1"},
	{netip.MustParsePrefix("::ffff:0:0/96"), "an embedded IPv4 address", "RFC 4291 §2.5.5.2"},
	{netip.MustParsePrefix("::ffff:0:0:0/96"), "an embedded IPv4 address", "RFC 2765 §2.1"},
	{netip.MustParsePrefix("64:ff9b:1::/48"), "of a local translator", "RFC 8215"},
	{netip.MustParsePrefix("100::/64"), "reserved for discarding", "RFC 6666"},
	{netip.MustParsePrefix("100:0:0:1::/64"), "a dummy", "RFC 9780"},
	{netip.MustParsePrefix("2001::/32"), "a Teredo tunnel", "RFC 4380"},
	{netip.MustParsePrefix("2001:2::/48"), "reserved for benchmarks", "RFC 5180"},
	{netip.MustParsePrefix("2001::/23"), "reserved for protocols", "RFC 2928"},
	{netip.MustParsePrefix("2001:db8::/32"), "reserved for documentation", "RFC 3849"},
	{netip.MustParsePrefix("2002::/16"), "a 6to4 tunnel", "RFC 3056"},
	{netip.MustParsePrefix("2620:4f:8000::/48"), "reserved for AS112", "RFC 7534"},
	{netip.MustParsePrefix("3ffe::/16"), "of the former 6bone", "RFC 3701"},
	{netip.MustParsePrefix("3fff::/20"), "reserved for documentation", "RFC 9637"},
	{netip.MustParsePrefix("5f00::/16"), "a segment identifier", "RFC 9602"},
	{netip.MustParsePrefix("fc00::/7"), "private", "RFC 4193"},
	{netip.MustParsePrefix("fe80::/10"), "link-local", "RFC 4291 §2.5.6"},
	{netip.MustParsePrefix("fec0::/10"), "site-local", "RFC 3879"},
	{netip.MustParsePrefix("ff00::/8"), "multicast", "RFC 4291 §2.7"},
}

var (
	// globalUnicast is all that IANA has given out of IPv6 (RFC 4291 §2.4): what
	// lies outside is reserved, named above or not.
	globalUnicast = netip.MustParsePrefix("2000::/3")
	// nat64 is how an IPv6-only network reaches IPv4: the last 32 bits are the
	// real address (RFC 6052 §2.1), so they decide.
	nat64 = netip.MustParsePrefix("64:ff9b::/96")
)

// blockedError says why an address may not be connected to.
type blockedError struct {
	addr netip.Addr
	is   string
	port uint16 // not zero if it is the port that is refused
}

func (e *blockedError) Error() string {
	if e.port != 0 {
		return fmt.Sprintf("port %d is not one that web servers use", e.port)
	}
	return fmt.Sprintf("the address %s is %s; to allow it, add it to fetch.allow_networks",
		e.addr, e.is)
}

// The ports below firstUserPort belong to other services than the web's, which
// could be spoken to by mistake.
const (
	portHTTP      = 80
	portHTTPS     = 443
	firstUserPort = 1024
)

// checkAddr refuses addresses outside the public internet, unless they are in
// allow, and ports where no web server listens.
func checkAddr(ap netip.AddrPort, allow []netip.Prefix) error {
	addr := ap.Addr().Unmap().WithZone("")
	allowed := func(a netip.Addr) bool {
		return slices.ContainsFunc(allow, func(p netip.Prefix) bool { return p.Contains(a) })
	}
	if allowed(addr) {
		return nil
	}
	real := addr
	if nat64.Contains(addr) {
		b := addr.As16()
		real = netip.AddrFrom4([4]byte(b[12:]))
	}
	if is := specialUse(real); is != "" && !allowed(real) {
		return &blockedError{addr: addr, is: is}
	}
	if p := ap.Port(); p < firstUserPort && p != portHTTP && p != portHTTPS {
		return &blockedError{addr: addr, port: p}
	}
	return nil
}

// specialUse says what an address is if it is not a public one.
func specialUse(addr netip.Addr) string {
	for _, s := range specials {
		if s.prefix.Contains(addr) {
			return s.is
		}
	}
	if addr.Is6() && !globalUnicast.Contains(addr) {
		return "reserved"
	}
	return ""
}
