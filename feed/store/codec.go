package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/klauspost/compress/s2"
	"golang.org/x/text/unicode/norm"

	"broadsheet/feed"
)

// pack makes the stored form of a body: JSON, compressed. S2 needs no state and
// costs a fraction of the JSON; articles shrink to about half.
func pack(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return s2.EncodeBetter(nil, text), nil
}

// unpack reads what pack made.
func unpack(data []byte, v any) error {
	text, err := s2.Decode(nil, data)
	if err != nil {
		return fmt.Errorf("a stored body is damaged: %w", err)
	}
	return json.Unmarshal(text, v)
}

// packEntry leaves out what the columns of an entry hold.
func packEntry(e feed.Entry) ([]byte, error) {
	var zero time.Time
	e.ID, e.Undated = "", false
	e.Published, e.Updated, e.FirstSeen, e.SortAt = zero, zero, zero, zero
	return pack(e)
}

// fold makes a title and a search for it equal whatever their case and accents.
func fold(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return unicode.ToLower(r)
	}, norm.NFKD.String(s))
	return norm.NFC.String(s)
}
