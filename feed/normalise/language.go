package normalise

import (
	"errors"
	"strings"
	"unicode"

	"github.com/abadojack/whatlanggo"
	"golang.org/x/text/language"

	"broadsheet/feed"
)

const (
	// languageText is how much text the language is guessed from, in bytes.
	languageText = 2048
	// leastToGuess is how many letters it takes to tell a language by.
	leastToGuess = 60
	// maxLanguage is the longest tag that is looked at, in bytes (RFC 5646 §4.4.1).
	maxLanguage = 35
)

// lang fills in Language: what the text itself declares, else the item, else the
// operator for the outlet, else the feed. Only if nobody says anything is it
// guessed, and only if the guess is sure.
func lang(d *draft) {
	for _, declared := range []string{
		d.item.Content.Language, d.item.Summary.Language, d.item.Language,
		d.in.Outlet.Language, d.item.Channel.Language,
	} {
		if tag := canonicalLanguage(declared); tag != "" {
			d.entry.Language = tag
			return
		}
	}
	text := d.plain
	if text == "" {
		text = d.entry.Summary
	}
	d.entry.Language = guessLanguage(d.entry.Title + "\n" + head(text, languageText))
	if d.entry.Language != "" {
		d.note(stepLanguage, "nobody says which language it is in; it reads like %s", d.entry.Language)
	}
}

// canonicalLanguage is a language tag in its canonical form (RFC 5646 §4.5), or
// empty if it names no language. Of a tag with a part that nobody knows
// ("en-uk") the language is kept.
func canonicalLanguage(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxLanguage {
		return ""
	}
	tag, err := language.Parse(s)
	if err != nil {
		if !errors.As(err, new(language.ValueError)) {
			return ""
		}
		base, _ := tag.Base()
		declared, _, _ := strings.Cut(strings.ReplaceAll(s, "_", "-"), "-")
		if !strings.EqualFold(base.String(), declared) {
			return ""
		}
		tag = language.Make(base.String())
	}
	switch base, _, _ := tag.Raw(); base.String() {
	case "und", "mul", "zxx", "mis": // unknown, several, none, not coded
		return ""
	}
	return tag.String()
}

// guessLanguage is the language that text is written in; empty if in doubt.
func guessLanguage(text string) string {
	n, kana := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			n++
		}
		if unicode.In(r, unicode.Hiragana, unicode.Katakana) {
			kana++
		}
	}
	if n < leastToGuess && weight(letters(text)) < leastToGuess {
		return ""
	}
	info := whatlanggo.Detect(text)
	if info.Script == unicode.Han && kana > 0 {
		return canonicalLanguage(whatlanggo.Jpn.Iso6391())
	}
	if !info.IsReliable() {
		return ""
	}
	return canonicalLanguage(info.Lang.Iso6391())
}

// rights fills in Rights: the item's own, else what the operator says of the
// outlet, else the feed's.
func rights(d *draft) {
	texts := []feed.Text{d.item.Rights, feed.Plain(d.in.Outlet.Rights)}
	if d.item.Origin != nil {
		texts = append(texts, d.item.Origin.Rights)
	}
	for _, t := range append(texts, d.item.Channel.Rights) {
		if d.entry.Rights = shorten(plainLine(t), maxTitle); d.entry.Rights != "" {
			return
		}
	}
}
