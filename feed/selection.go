package feed

import (
	"errors"
	"net/url"
	"strings"
	"unicode"
)

// ErrUnknown says that there is no source or section of a name.
var ErrUnknown = errors.New("there is none of this name")

// The names of a Selection's parts in the query of a URL.
const (
	SelectSource   = "source"
	SelectCategory = "category"
	SelectLanguage = "language"
	SelectQuery    = "q"
)

// maxSelect is how many characters of each part of a selection are heeded: more than
// any source's name, subject or language has, and a sentence to search for.
const maxSelect = 200

// SelectionOf reads the query of a URL. Keys that are none of a selection's are ignored,
// and so is all but the first value of one. Texts are bounded, on one line, with single
// spaces, so that few URLs mean the same.
func SelectionOf(query url.Values) Selection {
	return Selection{
		Source: tidy(query.Get(SelectSource)), Category: tidy(query.Get(SelectCategory)),
		Language: tidy(query.Get(SelectLanguage)), Query: tidy(query.Get(SelectQuery)),
	}
}

// Encode is the selection as the query of a URL: keys in order, those without a value
// left out. SelectionOf reads it as what it was.
func (s Selection) Encode() string {
	v := url.Values{}
	for key, text := range map[string]string{SelectSource: s.Source, SelectCategory: s.Category,
		SelectLanguage: s.Language, SelectQuery: s.Query} {
		if text != "" {
			v.Set(key, text)
		}
	}
	return v.Encode()
}

// tidy bounds a text of a reader's.
func tidy(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	n := 0
	for i := range s {
		if n++; n > maxSelect {
			s = s[:i]
			break
		}
	}
	return strings.Join(strings.Fields(s), " ")
}
