package lexis

import (
	"strings"
	"unicode"

	"golang.org/x/text/language"
)

// Whole is the form in which whole values are compared: folded, white space trimmed and
// collapsed.
func Whole(s string) string { return strings.TrimSpace(collapse(Fold(s))) }

// collapse makes each run of white space one space.
func collapse(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) {
			if !space {
				b.WriteByte(' ')
			}
			space = true
			continue
		}
		space = false
		b.WriteRune(r)
	}
	return b.String()
}

// UnknownLanguage is the language of what does not say its own (BCP 47).
const UnknownLanguage = "und"

// Languages gives the tag of a language and all that hold for it: en-gb, en.
// (RFC 4647 §3.3.1, basic filtering.)
func Languages(tag string) []string {
	tag = Language(tag)
	all := []string{tag}
	for {
		i := strings.LastIndexByte(tag, '-')
		if i < 0 {
			return all
		}
		tag = tag[:i]
		all = append(all, tag)
	}
}

// Language writes a tag in one way: lower case, hyphens, the present code of a language
// whose code was changed (iw is he); UnknownLanguage if there is none.
func Language(tag string) string {
	tag = strings.ReplaceAll(strings.TrimSpace(tag), "_", "-")
	if tag == "" {
		return UnknownLanguage
	}
	if t, err := language.DeprecatedBase.Parse(tag); err == nil {
		tag = t.String()
	}
	return strings.ToLower(tag)
}
