package feed

import (
	"net/url"
	"slices"
	"strings"
)

// secretNames are what names of parameters that carry a secret contain, or, for
// the short ones, are.
var secretNames = struct{ contained, whole []string }{
	contained: []string{"token", "secret", "passw", "apikey", "api_key", "api-key",
		"auth", "signature", "session", "credential"},
	whole: []string{"key", "code", "sig", "pw", "pass", "pwd", "sid", "hash", "hmac", "jwt"},
}

// SecretParam reports whether the value of a URL's parameter of that name, as it
// stands in the URL, is likely to be a secret.
func SecretParam(name string) bool {
	if plain, err := url.QueryUnescape(name); err == nil {
		name = plain
	}
	name = strings.ToLower(name)
	return slices.Contains(secretNames.whole, name) ||
		slices.ContainsFunc(secretNames.contained, func(s string) bool { return strings.Contains(name, s) })
}

// SecretQuery reports whether the query of a URL holds what is likely to be a
// secret, without which the URL is another one: readers must not see it.
func SecretQuery(rawURL string) bool {
	u, err := url.Parse(rawURL)
	if err != nil {
		return false
	}
	for param := range strings.SplitSeq(u.RawQuery, "&") {
		if name, value, _ := strings.Cut(param, "="); value != "" && SecretParam(name) {
			return true
		}
	}
	return false
}
