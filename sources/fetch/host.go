package fetch

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"broadsheet/feed"
)

// HostOf names the host that a URL's requests go to and the domain it belongs
// to. host is in lower case and Punycode, with the port unless it is the
// scheme's own. domain is the part that somebody registered, by the ICANN part
// of the public suffix list only: all of github.io is one domain, because it is
// one service. For addresses and single labels domain is the host. It has no
// port.
func HostOf(rawURL string) (host, domain string, err error) {
	u, err := parseURL(rawURL)
	if err != nil {
		return "", "", err
	}
	return u.Host, domainOf(u.Hostname()), nil
}

func domainOf(host string) string {
	if _, err := netip.ParseAddr(host); err == nil {
		return host
	}
	// A private suffix ends in an ICANN one: shorten it until that is found.
	suffix, icann := publicsuffix.PublicSuffix(host)
	for !icann {
		_, parent, ok := strings.Cut(suffix, ".")
		if !ok {
			break // no rule at all: the last label
		}
		suffix, icann = publicsuffix.PublicSuffix(parent)
	}
	rest, ok := strings.CutSuffix(host, "."+suffix)
	if !ok {
		return host // the host is itself a suffix
	}
	return rest[strings.LastIndexByte(rest, '.')+1:] + "." + suffix
}

// parseURL reads the URL of a document into its normal form. The error does not
// repeat the URL, which may hold secrets.
func parseURL(rawURL string) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(rawURL))
	if err != nil {
		return nil, errors.New("that is not a URL")
	}
	return normal(u)
}

// normal is the form of u in which equal URLs are equal strings: scheme and host
// in lower case, host in Punycode, no default port, a path, no fragment.
func normal(u *url.URL) (*url.URL, error) {
	n := *u
	n.Scheme = strings.ToLower(u.Scheme)
	if n.Scheme != "http" && n.Scheme != "https" {
		return nil, errors.New("only URLs that begin with http:// or https:// can be fetched")
	}
	host, err := asciiHost(u.Hostname())
	if err != nil {
		return nil, err
	}
	port := u.Port()
	if port == "80" && n.Scheme == "http" || port == "443" && n.Scheme == "https" {
		port = ""
	}
	switch {
	case port != "":
		n.Host = net.JoinHostPort(host, port)
	case strings.Contains(host, ":"):
		n.Host = "[" + host + "]"
	default:
		n.Host = host
	}
	if n.Path == "" {
		n.Path = "/"
	}
	n.Fragment, n.RawFragment = "", ""
	return &n, nil
}

var errNoHost = errors.New("the URL names no host that can exist")

// asciiHost is a host name in lower case and Punycode, or an address in its
// shortest form. A zone is refused: it names a wire of this machine.
func asciiHost(host string) (string, error) {
	if addr, err := netip.ParseAddr(host); err == nil && addr.Zone() == "" {
		return addr.String(), nil
	}
	ascii, err := idna.Lookup.ToASCII(host)
	if err != nil {
		// Names that the standard forbids and the web uses, with an underscore.
		ascii, err = idna.ToASCII(strings.ToLower(host))
	}
	ascii = strings.TrimSuffix(ascii, ".")
	if err != nil || ascii == "" || strings.ContainsFunc(ascii, notInName) ||
		slices.Contains(strings.Split(ascii, "."), "") {
		return "", errNoHost
	}
	return ascii, nil
}

func notInName(r rune) bool {
	return (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '-' && r != '_' && r != '.'
}

const hidden = "***"

// Redact is rawURL without its secrets, for messages: name and password, values
// of query parameters that look like keys, and the fragment are hidden.
func Redact(rawURL string) string {
	u, err := url.Parse(rawURL)
	if err != nil {
		return "a URL that cannot be read"
	}
	if u.RawQuery != "" {
		parts := strings.Split(u.RawQuery, "&")
		for i, part := range parts {
			parts[i] = redactParam(part)
		}
		u.RawQuery = strings.Join(parts, "&")
	}
	if u.Fragment != "" {
		u.Fragment, u.RawFragment = hidden, ""
	}
	user := u.User
	u.User = nil
	text := u.String()
	if user != nil {
		text = strings.Replace(text, "//", "//"+hidden+"@", 1)
	}
	return text
}

// redactParam hides the value of a parameter, or all of one that is a value alone.
func redactParam(param string) string {
	name, value, _ := strings.Cut(param, "=")
	switch {
	case !feed.SecretParam(param):
		return param
	case value == "":
		return hidden
	default:
		return name + "=" + hidden
	}
}
