package normalise

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"broadsheet/feed"
)

// IDs are the ids that an entry may be published under, best first: the
// original one byte for byte, if it is an absolute IRI (RFC 4287 §4.2.6), then
// one minted from the site's id, the first name of the source and the original.
// The store takes the first that no other entry has.
func IDs(siteID, firstName string, original string) []string {
	minted := feed.Mint(siteID, firstName, original)
	if absoluteIRI(original) {
		return []string{original, minted}
	}
	return []string{minted}
}

// iriLetter is one ASCII character of an IRI, or an escape.
const iriLetter = `[0-9A-Za-z;/?:@&=+$.\-_!~*'(),]|%[0-9A-Fa-f]{2}`

var (
	// schemeForm is RFC 3986 §3.1.
	schemeForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)
	// asciiForm has the ASCII characters of an absolute IRI; brackets are legal
	// only around an IPv6 address, right after the slashes.
	asciiForm = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:` +
		`(?://\[[0-9A-Fa-f:.]+\]|` + iriLetter + `|#)(?:` + iriLetter + `|#)*$`)
	// urnForm and uuidForm are RFC 8141 §2 and RFC 9562 §4, as far as the W3C
	// validator knows them; tagForm is RFC 4151 §2.1.
	urnForm = regexp.MustCompile(`^(?i:urn):[A-Za-z0-9][A-Za-z0-9-]{1,31}:` +
		`(?:[A-Za-z0-9()+,.:=@;$_!*'-]|%[0-9A-Fa-f]{2})+$`)
	uuidForm = regexp.MustCompile(
		`^(?i:urn:uuid):[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	tagForm = regexp.MustCompile(`^tag:(?:[a-z0-9._-]+@)?[a-z0-9.-]+,` +
		`\d{4}(?:-\d{2}(?:-\d{2})?)?:(?:` + iriLetter + `)*(?:#(?:` + iriLetter + `)*)?$`)
	webForm = regexp.MustCompile(`^(?i:https?|ftp)://[^/?#@:]`)
)

// absoluteIRI tells whether s may stand as an id in every format: an absolute
// IRI by RFC 3987 which the W3C feed validator also takes for one.
func absoluteIRI(s string) bool {
	if len(s) > maxID || !utf8.ValidString(s) || strings.Count(s, "#") > 1 {
		return false
	}
	ascii, ok := asciiView(s)
	if !ok || !asciiForm.MatchString(ascii) {
		return false
	}
	scheme, _, _ := strings.Cut(strings.ToLower(s), ":")
	switch scheme {
	case "javascript", "vbscript", "data", "blob", "file":
		return false // a reader may follow an id
	case "urn":
		return urnForm.MatchString(s) && (uuidForm.MatchString(s) || !hasPrefixFold(s, "urn:uuid:"))
	case "tag":
		return tagForm.MatchString(s)
	case "http", "https", "ftp":
		return webForm.MatchString(s) && webHost(s)
	}
	return schemeForm.MatchString(s)
}

// asciiView replaces the characters that an IRI may have and a URI may not
// (RFC 3987 §2.2) by a letter. The validator reads such an IRI as if it were
// one long host name, so it fails those with a part, between two dots, that is too
// long for one.
func asciiView(s string) (string, bool) {
	if isASCII(s) {
		return s, true
	}
	const longestLabel = 63
	encoded, err := idna.Punycode.ToASCII(s)
	if err != nil {
		return "", false
	}
	labels := strings.Split(encoded, ".")
	for i, label := range labels {
		if len(label) > longestLabel || label == "" && i < len(labels)-1 {
			return "", false
		}
	}
	legal := true
	view := strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf {
			return r
		}
		legal = legal && iriCharacter(r)
		return 'x'
	}, s)
	return view, legal
}

// iriCharacter is ucschar of RFC 3987 §2.2, without the characters that only
// change the direction of others, which §4.1 forbids.
func iriCharacter(r rune) bool {
	switch {
	case r >= 0x200e && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069:
		return false
	case r >= 0x2000 && r <= 0x200a, r == 0x2028, r == 0x2029, r == 0x202f, r == 0x3000, r == 0xa0:
		return false // spaces, which software trims
	case r >= 0xa0 && r <= 0xd7ff, r >= 0xf900 && r <= 0xfdcf, r >= 0xfdf0 && r <= 0xffef:
		return true
	}
	return r >= 0x10000 && r < 0xe0000 && r&0xffff < 0xfffe
}

// webHost tells whether the host of a web address could be one.
func webHost(s string) bool {
	_, rest, _ := strings.Cut(s, "://")
	authority := rest[:len(rest)-len(strings.TrimLeftFunc(rest, notSlash))]
	scheme, _, _ := strings.Cut(strings.ToLower(s), ":")
	_, ok := cleanHost(scheme, authority)
	return ok && !strings.Contains(authority, "@")
}
