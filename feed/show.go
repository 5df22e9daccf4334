package feed

import (
	"crypto/sha1"
	"encoding/hex"
	"strings"
)

// showNamespace is the UUID namespace of podcast:guid (Podcasting 2.0).
var showNamespace = [16]byte{0xea, 0xd4, 0xc2, 0x36, 0xbf, 0x58, 0x58, 0xc6, 0xa2, 0xc6, 0xa6, 0xb2, 0x8d, 0x12, 0x8c, 0xb6}

// ShowGUID is the podcast:guid of a feed: the UUID of version 5 of its URL without the
// scheme and without slashes at the end (POD-2). It is made once: a podcast that moves
// keeps it.
func ShowGUID(feedURL string) string {
	if _, rest, ok := strings.Cut(feedURL, "://"); ok {
		feedURL = rest
	}
	h := sha1.New()
	h.Write(showNamespace[:])
	h.Write([]byte(strings.TrimRight(feedURL, "/")))
	return uuid5(h.Sum(nil))
}

// uuid5 writes the first 16 bytes of a hash as a UUID of version 5 (RFC 9562 §5.5).
func uuid5(hash []byte) string {
	u := hash[:16]
	u[6] = u[6]&0x0f | 0x50
	u[8] = u[8]&0x3f | 0x80
	s := hex.EncodeToString(u)
	return strings.Join([]string{s[:8], s[8:12], s[12:16], s[16:20], s[20:]}, "-")
}
