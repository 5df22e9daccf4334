package normalise

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxURL is the longest URL that is looked at, in bytes: what browsers and
// servers agree on, and far more than any article needs.
const maxURL = 8192

// Identify stands on how URLs are read here: a change must leave its golden test
// alone.

// location is an absolute http(s) URL in parts, each legal in a URI (RFC 3986):
// what the source wrote, with only illegal characters escaped.
type location struct {
	scheme   string // "http" or "https"
	host     string // lower-case, punycode, with the port if it is not the scheme's
	path     string // empty or with a leading slash
	query    string // empty or with its "?"
	fragment string // empty or with its "#"
}

func (l location) String() string {
	return l.scheme + "://" + l.host + l.path + l.query + l.fragment
}

// absolute reads an absolute URL; ok is false for anything but http(s).
func absolute(s string) (l location, ok bool) { return location{}.resolve(s) }

// resolve finds what ref means in a document at l, as the URL Standard says for
// http(s): white space around it and line breaks in it are dropped, backslashes
// are slashes, and illegal characters are escaped, not refused. User names and
// passwords are left out: they are nobody's business but the publisher's. l may
// be zero: then only absolute references resolve.
func (l location) resolve(ref string) (location, bool) {
	if len(ref) > maxURL {
		return location{}, false
	}
	ref = tidyReference(ref)
	scheme, rest := splitScheme(ref)
	switch {
	case scheme != "" && scheme != "http" && scheme != "https":
		return location{}, false
	case scheme != "" && (scheme != l.scheme || startsWithSlash(rest)):
		return fromAuthority(scheme, strings.TrimLeft(rest, `/\`))
	case scheme != "":
		ref = rest // "http:page" in a document of the same scheme is relative
	case hasPrefixFold(ref, "www.") && !strings.ContainsAny(firstSegment(ref), "@ "):
		return fromAuthority("http", ref) // an address as people say it
	}
	if doubleSlash(ref) {
		scheme := l.scheme
		if scheme == "" {
			scheme = "https"
		}
		return fromAuthority(scheme, strings.TrimLeft(ref, `/\`))
	}
	if l.scheme == "" {
		return location{}, false
	}
	return l.join(ref), true
}

// join resolves a reference without scheme and authority (RFC 3986 §5.2).
func (l location) join(ref string) location {
	path, query, fragment := splitReference(ref)
	out := location{scheme: l.scheme, host: l.host, query: query, fragment: fragment}
	switch {
	case path == "" && query == "":
		out.path, out.query = l.path, l.query
	case path == "":
		out.path = l.path
	case path[0] == '/':
		out.path = removeDots(path)
	default:
		folder := l.path[:strings.LastIndexByte(l.path, '/')+1]
		out.path = removeDots("/" + strings.TrimPrefix(folder, "/") + path)
	}
	return out
}

func fromAuthority(scheme, s string) (location, bool) {
	end := strings.IndexAny(s, `/\?#`)
	if end < 0 {
		end = len(s)
	}
	host, ok := cleanHost(scheme, s[:end])
	if !ok {
		return location{}, false
	}
	path, query, fragment := splitReference(s[end:])
	return location{scheme, host, removeDots(path), query, fragment}, true
}

// tidyReference drops what the URL Standard drops before it reads anything.
func tidyReference(s string) string {
	s = strings.TrimFunc(s, func(r rune) bool { return r <= ' ' || r == '\u00a0' || r == '\ufeff' })
	if !strings.ContainsAny(s, "\t\r\n") {
		return s
	}
	return strings.NewReplacer("\t", "", "\r", "", "\n", "").Replace(s)
}

// splitScheme cuts a scheme off, lower-cased; it is empty if there is none.
func splitScheme(s string) (scheme, rest string) {
	for i := range len(s) {
		c := s[i]
		switch {
		case isLetter(c):
		case i > 0 && (c >= '0' && c <= '9' || c == '+' || c == '-' || c == '.'):
		case i > 0 && c == ':':
			return strings.ToLower(s[:i]), s[i+1:]
		default:
			return "", s
		}
	}
	return "", s
}

func isSlash(c byte) bool           { return c == '/' || c == '\\' }
func startsWithSlash(s string) bool { return s != "" && isSlash(s[0]) }
func doubleSlash(s string) bool     { return len(s) > 1 && isSlash(s[0]) && isSlash(s[1]) }
func firstSegment(s string) string  { return s[:len(s)-len(strings.TrimLeftFunc(s, notSlash))] }
func notSlash(r rune) bool          { return r != '/' && r != '\\' && r != '?' && r != '#' }
func lowerHex(c byte) bool          { return c >= 'a' && c <= 'f' }
func isLetter(c byte) bool          { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool           { return c >= '0' && c <= '9' }
func isHex(c byte) bool             { return isDigit(c) || lowerHex(c) || c >= 'A' && c <= 'F' }
func isEscape(s string, i int) bool { return i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) }

func isASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// splitReference cuts path, query and fragment apart and escapes each.
func splitReference(s string) (path, query, fragment string) {
	if i := strings.IndexByte(s, '#'); i >= 0 {
		s, fragment = s[:i], "#"+escape(s[i+1:])
	}
	if i := strings.IndexByte(s, '?'); i >= 0 {
		s, query = s[:i], "?"+escape(s[i+1:])
	}
	return escape(strings.ReplaceAll(s, `\`, "/")), query, fragment
}

// legal are the characters of a URI besides letters and digits (RFC 3986 §2).
// The brackets are left out: outside of a host they are legal nowhere.
const legal = "-._~:/?@!$&'()*+,;="

func isLegal(r rune) bool {
	if r >= utf8.RuneSelf {
		return false
	}
	c := byte(r)
	return isLetter(c) || isDigit(c) || strings.IndexByte(legal, c) >= 0
}

// escape makes s legal in a URI: it escapes what is not, and leaves every
// escape that is there alone.
func escape(s string) string {
	if clean := strings.IndexFunc(s, func(r rune) bool { return !isLegal(r) }) < 0; clean {
		return s
	}
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case c == '%' && isEscape(s, i), isLegal(rune(c)):
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(digits[c>>4])
			b.WriteByte(digits[c&15])
		}
	}
	return b.String()
}

// removeDots resolves "." and ".." in a path (RFC 3986 §5.2.4), also where they
// are escaped, in one pass.
func removeDots(path string) string {
	if !strings.Contains(path, "/.") && !strings.Contains(path, "/%2") {
		return path
	}
	var kept []string
	segments := strings.Split(path[1:], "/")
	for i, s := range segments {
		last := i == len(segments)-1
		switch strings.ReplaceAll(strings.ReplaceAll(s, "%2e", "."), "%2E", ".") {
		case ".":
			if last {
				kept = append(kept, "")
			}
		case "..":
			kept = kept[:max(0, len(kept)-1)]
			if last {
				kept = append(kept, "")
			}
		default:
			kept = append(kept, s)
		}
	}
	return "/" + strings.Join(kept, "/")
}

// cleanHost checks an authority and gives host and port, without user
// information and without the scheme's own port.
func cleanHost(scheme, s string) (string, bool) {
	s = s[strings.LastIndexByte(s, '@')+1:]
	host, port := s, ""
	if i := strings.LastIndexByte(s, ':'); i >= 0 && !strings.HasSuffix(s, "]") {
		host, port = s[:i], s[i+1:]
	}
	host, ok := cleanName(host)
	if !ok {
		return "", false
	}
	if port == "" {
		return host, true
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return "", false
	}
	if scheme == "http" && n == 80 || scheme == "https" && n == 443 {
		return host, true
	}
	return host + ":" + strconv.FormatUint(n, 10), true
}

// names maps international names to ASCII as browsers do (UTS 46).
var names = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))

// maxHost is the longest name that DNS has (RFC 1035 §3.1), with a final dot.
const maxHost = 254

func cleanName(host string) (string, bool) {
	if strings.HasPrefix(host, "[") {
		addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
		if err != nil || !addr.Is6() || addr.Zone() != "" || !strings.HasSuffix(host, "]") {
			return "", false
		}
		return "[" + addr.String() + "]", true
	}
	if strings.Contains(host, "%") {
		return "", false
	}
	if !isASCII(host) {
		mapped, err := names.ToASCII(host)
		if err != nil {
			return "", false
		}
		host = mapped
	}
	host = strings.ToLower(host)
	if host == "" || len(host) > maxHost || host[0] == '.' || strings.Contains(host, "..") {
		return "", false
	}
	for i := range len(host) {
		c := host[i]
		if !isDigit(c) && (c < 'a' || c > 'z') && c != '-' && c != '.' && c != '_' {
			return "", false
		}
	}
	return host, plausibleAddress(host)
}

// plausibleAddress refuses numbers that only some programs take for an address,
// such as 127.1 and 0x7f000001.
func plausibleAddress(host string) bool {
	last := host[strings.LastIndexByte(strings.TrimSuffix(host, "."), '.')+1:]
	last = strings.TrimSuffix(last, ".")
	if last == "" || !isDigit(last[0]) {
		return last != ""
	}
	if !allDigits(last) && !strings.HasPrefix(last, "0x") {
		return true // a label such as "3com"
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Is4()
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}
