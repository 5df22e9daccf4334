package push

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"strings"
)

// methods are those that a hub may sign with (WebSub §7.1). SHA-1 is one of them, and
// weak: who hears it is told.
var methods = map[string]func() hash.Hash{
	"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
}

// Weak is the method of a signature that is still taken, and should not be used any more.
const Weak = "sha1"

// signed tells by which method a body was signed with secret; empty if it was not. The
// time that takes says nothing of the right signature.
func signed(header, secret string, body []byte) (method string) {
	name, value, _ := strings.Cut(strings.TrimSpace(header), "=")
	name = strings.ToLower(name)
	sum := methods[name]
	if sum == nil {
		return ""
	}
	given, err := hex.DecodeString(value)
	if err != nil {
		return ""
	}
	mac := hmac.New(sum, []byte(secret))
	mac.Write(body) // never fails (package hash)
	if !hmac.Equal(given, mac.Sum(nil)) {
		return ""
	}
	return name
}
