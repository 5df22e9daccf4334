package robots

import (
	"net/url"
	"strings"
)

// Path is where robots.txt lies, at the root of each origin (RFC 9309 §2.3).
const Path = "/robots.txt"

// Allows reports whether the file lets its crawler ask for u. The most specific
// rule decides, which is the one with the longest pattern; of two as long, the
// one that allows (RFC 9309 §2.2.2). robots.txt itself is always allowed.
func (f *File) Allows(u *url.URL) bool {
	if u.EscapedPath() == Path && u.RawQuery == "" {
		return true
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" || u.ForceQuery {
		path += "?" + u.RawQuery
	}
	path = normal(path, false)
	best, allowed := -1, true
	for _, r := range f.rules {
		n := r.pattern.size
		if n < best || n == best && (allowed || !r.allow) || !r.pattern.matches(path) {
			continue
		}
		best, allowed = n, r.allow
	}
	return allowed
}

// pattern is a path with wildcards, cut at them.
type pattern struct {
	parts    []string // what lies between the wildcards; the first is a prefix
	anchored bool     // it ends with $: the last part is a suffix
	size     int      // octets of the whole pattern: how specific it is
}

func compile(text string) pattern {
	var p pattern
	text, p.anchored = strings.CutSuffix(text, "$")
	text = normal(text, true)
	p.size = len(text)
	if p.anchored {
		p.size++
	}
	p.parts = strings.Split(text, "*")
	return p
}

// matches reports whether path begins with what the pattern describes. Each part
// is looked for once, from where the one before it ended, so the time is linear
// whatever the pattern is.
func (p *pattern) matches(path string) bool {
	rest, ok := strings.CutPrefix(path, p.parts[0])
	if !ok {
		return false
	}
	if len(p.parts) == 1 {
		return !p.anchored || rest == ""
	}
	last := len(p.parts) - 1
	for i, part := range p.parts[1:] {
		if p.anchored && i+1 == last {
			return strings.HasSuffix(rest, part)
		}
		at := strings.Index(rest, part)
		if at < 0 {
			return false
		}
		rest = rest[at+len(part):]
	}
	return true
}

// normal is the form in which a path and a pattern are compared octet by octet
// (RFC 9309 §2.2.2): what may stand unencoded does, what may not is encoded with
// capital digits, and in the query the characters that separate parts of a URL
// stand for themselves, encoded or not. * and $ are encoded where they are
// meant: everywhere in a path, and in a pattern a $ that is not its end.
func normal(s string, isPattern bool) string {
	var b strings.Builder
	b.Grow(len(s))
	query := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c == '%' && i+2 < len(s) && isHex(s[i+1]) && isHex(s[i+2]) {
			c = unhex(s[i+1])<<4 | unhex(s[i+2])
			i += 2
			if unreserved(c) || query && strings.IndexByte(separators, c) >= 0 {
				b.WriteByte(c)
			} else {
				encode(&b, c)
			}
			continue
		}
		query = query || c == '?'
		switch {
		case c == '*' && isPattern:
			b.WriteByte(c)
		case c == '*', c == '$', c == '%', c <= ' ', c >= 0x7f, strings.IndexByte(unwise, c) >= 0:
			encode(&b, c)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// unwise are the printable characters that stand in no URL as they are (RFC 3986
// §2): Go's URLs encode most of them in a path, and files are written without.
const unwise = "\"<>\\^`{|}[]"

// separators are the general delimiters of RFC 3986 §2.2 that may stand in a
// query as they are.
const separators = ":/?@"

func encode(b *strings.Builder, c byte) {
	const digits = "0123456789ABCDEF"
	b.WriteByte('%')
	b.WriteByte(digits[c>>4])
	b.WriteByte(digits[c&15])
}

// unreserved characters mean the same encoded and not (RFC 3986 §2.3).
func unreserved(c byte) bool {
	switch c {
	case '-', '.', '_', '~':
		return true
	}
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}

func isHex(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'F' || c >= 'a' && c <= 'f'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c <= 'F':
		return c - 'A' + 10
	default:
		return c - 'a' + 10
	}
}
