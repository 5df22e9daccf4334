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

// innocent takes words out of a name that only look like those above: an author
// is nobody's authorization.
var innocent = strings.NewReplacer("authoriz", "auth", "authoris", "auth", "author", " ",
	"secretar", " ", "possession", " ", "obsession", " ")

// openIDs are parameters whose values look like keys and are names that everyone
// may know: without them the feeds of large video sites would have no address.
var openIDs = []string{"channel_id", "playlist_id"}

// SecretParam reports whether a parameter of a URL's query, "name=value" or a
// value alone, as it stands there, is likely to hold a secret. It is the one rule
// for what is hidden from readers and in messages.
func SecretParam(param string) bool {
	name, value, _ := strings.Cut(param, "=")
	if value == "" {
		return keyLike(name)
	}
	if plain, err := url.QueryUnescape(name); err == nil {
		name = plain
	}
	name = strings.ToLower(name)
	return secretName(name) || keyLike(value) && !slices.Contains(openIDs, name)
}

// secretName reports whether a parameter of that name, in lower case, carries a
// secret whatever its value looks like.
func secretName(name string) bool {
	plain := innocent.Replace(name)
	return slices.Contains(secretNames.whole, name) ||
		slices.ContainsFunc(secretNames.contained, func(s string) bool { return strings.Contains(plain, s) })
}

// minKeyLength is the length from which a value of letters and digits mixed, as
// people do not write them, is taken for a key.
const minKeyLength = 20

// keyLike reports whether a value, as it stands in a query, looks like a key. An
// encoded URL, words and a slug such as budget-of-2030-in-words do not.
func keyLike(value string) bool {
	plain, err := url.QueryUnescape(value)
	if err != nil {
		plain = value
	}
	if len(plain) < minKeyLength || strings.ContainsAny(value, "/+") || strings.ContainsAny(plain, ".,: ") ||
		strings.ContainsFunc(plain, func(r rune) bool { return r > '~' }) {
		return false
	}
	return slices.ContainsFunc(strings.FieldsFunc(plain, func(r rune) bool { return r == '-' || r == '_' }), mixed)
}

// mixed reports whether a word has digits in it and what is none.
func mixed(word string) bool {
	const digits = "0123456789"
	return strings.ContainsAny(word, digits) && strings.Trim(word, digits) != ""
}

// SecretQuery reports whether the query of a URL holds what is likely to be a
// secret, without which the URL is another one: readers must not see it.
func SecretQuery(rawURL string) bool {
	u, err := url.Parse(rawURL)
	if err != nil {
		return false
	}
	return slices.ContainsFunc(strings.Split(u.RawQuery, "&"), SecretParam)
}
