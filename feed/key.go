package feed

import (
	"crypto/sha1"
	"fmt"
)

// KeyKind says what a Key is made of.
type KeyKind string

// The kinds of key, strongest first.
const (
	KeyGUID KeyKind = "guid" // the source's own id for the item, byte for byte
	KeyLink KeyKind = "link" // the canonical form of the article's link
	KeyText KeyKind = "text" // a hash of title and text, blind to markup
	// KeyBrief is a text key of so little text that articles may share it: beside
	// a link it tells that nothing changed, alone it is believed only where a feed
	// made all of its ids anew.
	KeyBrief KeyKind = "brief"
)

// Key is one of the ways to find an entry again. Keys belong to one source:
// the same value in two sources finds two entries. A key may be retired, and
// is never moved to another entry.
type Key struct {
	Kind  KeyKind
	Value string
}

// Identity is how an item is recognised: computed from the item alone, by the
// normaliser, before anything costly is done with it.
type Identity struct {
	// Original is the id that the published id is made of: the item's own id,
	// else its link, else its text key. Never empty.
	Original string
	Keys     []Key  // strongest first
	Hash     string // of everything in the item but its Channel: equal means nothing to do
}

// Key gives the key of a kind; ok is false if the item has none.
func (id Identity) Key(kind KeyKind) (key Key, ok bool) {
	for _, k := range id.Keys {
		if k.Kind == kind {
			return k, true
		}
	}
	return Key{}, false
}

// namespace is the UUID namespace of every id that this program mints. It is
// part of the meaning of published ids and must never change.
var namespace = [16]byte{0x6f, 0x0e, 0x3c, 0x52, 0x4f, 0x1d, 0x4b, 0x0a, 0x9c, 0x7e, 0x5a, 0x1b, 0x2e, 0x8d, 0x43, 0x91}

// Mint makes the urn:uuid of its parts: version 5 (RFC 9562 §5.5), so the same
// parts give the same id for ever and on every machine. Parts are site.id, the
// first name of the source or section, and for an entry its original id.
func Mint(parts ...string) string {
	h := sha1.New()
	h.Write(namespace[:])
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s;", len(p), p) // lengths keep ("ab","c") and ("a","bc") apart
	}
	return "urn:uuid:" + uuid5(h.Sum(nil))
}
