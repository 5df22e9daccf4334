package syndication

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"broadsheet/feed"
)

// The codes of warnings. They are counted and shown, so they are never changed.
const (
	warnTruncated  = "truncated"
	warnMalformed  = "not-well-formed"
	warnBefore     = "junk-before"
	warnAfter      = "junk-after"
	warnCharacters = "illegal-characters"
	warnEncoding   = "encoding"
	warnEntity     = "undefined-entity"
	warnChannel    = "second-channel"
	warnType       = "wrong-type"
	warnVersion    = "version"
	warnNoItems    = "no-items"
	warnTooMany    = "too-many-items"
)

// warnings collects one warning per code: the first sentence stands for all.
type warnings struct {
	list []feed.Warning
	seen map[string]bool
}

func (w *warnings) add(code, text string) {
	if w.seen[code] {
		return
	}
	if w.seen == nil {
		w.seen = make(map[string]bool)
	}
	w.seen[code] = true
	w.list = append(w.list, feed.Warning{Code: code, Text: legibly(text)})
}

// legibly is a sentence that quotes a source, fit to be shown and logged: one line
// without control characters and without those that turn the direction of text
// (T-32).
func legibly(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return utf8.RuneError
	}, s)
}
