package feed

import (
	"fmt"
	"log/slog"
	"strings"
)

// Access is how a source is got at beyond its URL: what its operator was given
// to be let in, whom to trust and which way to take. It holds secrets and keeps
// them: printed, logged or marshalled it only says which kinds there are.
type Access struct {
	// User and Password are sent as basic authentication (RFC 7617) if either is
	// not empty.
	User, Password string
	// Bearer is a token (RFC 6750), sent if it is not empty. Not beside User.
	Bearer string
	// Headers are sent as they are, by canonical name.
	Headers map[string]string
	// Certificate, with its chain, and Key are PEM; both or neither.
	Certificate, Key []byte
	// CA is PEM: authorities that are trusted beside those of the system.
	CA []byte
	// Proxy is the http, https or socks5 URL of a proxy, perhaps with name and
	// password; empty is none.
	Proxy string
	// Missing names what of it is not known here, by its key in the configuration: a
	// variable that is not set. If it is not empty nothing is asked: without, the
	// request would go another way than was meant, or as another person.
	Missing string
}

// Basic reports whether basic authentication is sent.
func (a Access) Basic() bool { return a.User != "" || a.Password != "" }

// openHeaders are those that let nobody in: they say who asks, and for what.
var openHeaders = []string{"Accept", "Accept-Language", "From", "User-Agent"}

// OpenHeader reports whether a header, by its canonical name, is no credential.
func OpenHeader(name string) bool {
	for _, open := range openHeaders {
		if name == open {
			return true
		}
	}
	return false
}

// Credentials reports whether something in it lets in its operator and not
// everyone: what a source brings by it may not be everyone's to read.
func (a Access) Credentials() bool {
	for name := range a.Headers {
		if !OpenHeader(name) {
			return true
		}
	}
	return a.Basic() || a.Bearer != "" || len(a.Certificate) > 0
}

// IsZero reports whether there is nothing in it.
func (a Access) IsZero() bool {
	return !a.Basic() && a.Bearer == "" && len(a.Headers) == 0 && len(a.Certificate) == 0 &&
		len(a.Key) == 0 && len(a.CA) == 0 && a.Proxy == "" && a.Missing == ""
}

// String names the kinds of what is in it, and nothing of what they hold.
func (a Access) String() string {
	var kinds []string
	for _, k := range []struct {
		has  bool
		name string
	}{
		{a.Basic(), "password"}, {a.Bearer != "", "token"}, {len(a.Headers) > 0, "headers"},
		{len(a.Certificate) > 0 || len(a.Key) > 0, "certificate"}, {len(a.CA) > 0, "authority"},
		{a.Proxy != "", "proxy"}, {a.Missing != "", "missing"},
	} {
		if k.has {
			kinds = append(kinds, k.name)
		}
	}
	return "access(" + strings.Join(kinds, ", ") + ")"
}

// Format writes String whatever the verb is: %+v and %x tell no more.
func (a Access) Format(f fmt.State, _ rune) { fmt.Fprint(f, a.String()) }

// GoString is String.
func (a Access) GoString() string { return a.String() }

// LogValue is String for slog.
func (a Access) LogValue() slog.Value { return slog.StringValue(a.String()) }

// MarshalText is String for JSON, XML and YAML.
func (a Access) MarshalText() ([]byte, error) { return []byte(a.String()), nil }
