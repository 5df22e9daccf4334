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
// article's page, else the operator for the outlet, else the feed. If nobody says anything, or the text is
// not even in the script of the declared language, it is told by the text, and
// only if that is sure.
func lang(d *draft) {
	text := d.plain
	if text == "" {
		text = d.entry.Summary
	}
	text = d.entry.Title + "\n" + head(text, languageText)
	declared := d.declaredLanguage()
	if declared == "" {
		guess, confidence := guessLanguage(text)
		switch d.entry.Language = guess; {
		case guess != "":
			d.note(stepLanguage, "nobody says which language it is in; it reads like %s (confidence %.2f)", guess, confidence)
		case confidence > 0:
			d.note(stepLanguage, "nobody says which language it is in, and its text does not tell for sure (confidence %.2f)", confidence)
		}
		return
	}
	if d.byDefault(declared) {
		if guess, confidence := guessLanguage(text); guess != "" && !strings.HasPrefix(guess, english) {
			d.entry.Language = guess
			d.note(stepLanguage, "its page says %s, as many themes do that nobody set up; it reads like %s (confidence %.2f)", declared, guess, confidence)
			return
		}
	}
	d.entry.Language = declared
	script := contradicted(declared, text)
	if script == "" {
		return
	}
	guess, confidence := guessLanguage(text)
	d.entry.Language = guess
	if guess == "" { // whatever it is, it is not what is declared
		d.note(stepLanguage, "it is declared as %s and written in %s letters; which language it is the text does not tell for sure (confidence %.2f)",
			declared, script, confidence)
		return
	}
	d.note(stepLanguage, "it is declared as %s and written in %s letters; it reads like %s (confidence %.2f)",
		declared, script, guess, confidence)
}

// english is what programs that make pages say where nobody told them better.
const english = "en"

// byDefault tells whether a language is the article's page's word alone, and English.
func (d *draft) byDefault(declared string) bool {
	return d.page != nil && strings.HasPrefix(declared, english) && d.in.Sightings[0].Item.Language == "" && d.item.Language == d.page.Language &&
		d.item.Content.Language == "" && d.item.Summary.Language == "" && d.item.Channel.Language == "" && d.in.Outlet.Language == ""
}

// declaredLanguage is the language by the first who says it, in its canonical
// form; empty if nobody does. Whoever says of an article that its language is not
// known ("und") keeps it from being taken for the feed's.
func (d *draft) declaredLanguage() string {
	for _, own := range []string{d.item.Content.Language, d.item.Summary.Language, d.item.Language} {
		if tag := canonicalLanguage(own); tag != "" || strings.EqualFold(own, undetermined) {
			return tag
		}
	}
	return orElse(canonicalLanguage(d.in.Outlet.Language), canonicalLanguage(d.item.Channel.Language))
}

// undetermined is the tag of an unknown language (RFC 5646 §4.1).
const undetermined = "und"

// scripts are the scripts that languages of the news are written in, by their codes
// (ISO 15924).
var scripts = []struct {
	name  string
	codes string
	table []*unicode.RangeTable
}{
	{"Latin", "Latn", []*unicode.RangeTable{unicode.Latin}},
	{"Cyrillic", "Cyrl", []*unicode.RangeTable{unicode.Cyrillic}},
	{"Greek", "Grek", []*unicode.RangeTable{unicode.Greek}},
	{"Arabic", "Arab", []*unicode.RangeTable{unicode.Arabic}},
	{"Hebrew", "Hebr", []*unicode.RangeTable{unicode.Hebrew}},
	{"East Asian", "Hans Hant Hani Jpan Kore Hang",
		[]*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul}},
	{"Devanagari", "Deva", []*unicode.RangeTable{unicode.Devanagari}},
	{"Bengali", "Beng", []*unicode.RangeTable{unicode.Bengali}},
	{"Tamil", "Taml", []*unicode.RangeTable{unicode.Tamil}},
	{"Thai", "Thai", []*unicode.RangeTable{unicode.Thai}},
	{"Georgian", "Geor", []*unicode.RangeTable{unicode.Georgian}},
	{"Armenian", "Armn", []*unicode.RangeTable{unicode.Armenian}},
}

// severalScripts are languages that are written in more than one script, though
// one is the usual one. Those of which Unicode itself is in doubt need no mention.
var severalScripts = map[string]bool{"bs": true, "kk": true, "ms": true, "pa": true, "ro": true, "ur": true}

// plainShare is how much of the letters of a text must be of one script to say that
// it is written in it: names and quotations are foreign in any text.
const plainShare = 0.9

// contradicted names the script of a text, if that is not one of the language that
// it is declared to be in; empty if all is well or the text is too short to tell.
func contradicted(declared, text string) string {
	tag := language.Make(declared)
	base, _ := tag.Base()
	code, sure := tag.Script()
	chinese := base.String() == "zh" // simplified or traditional: a doubt of no interest
	if sure < language.High && !chinese || severalScripts[base.String()] {
		return ""
	}
	letters, counts := 0, make([]int, len(scripts))
	for _, r := range text {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		for i, s := range scripts {
			if unicode.In(r, s.table...) {
				counts[i]++
				break
			}
		}
	}
	for i, s := range scripts {
		if counts[i] >= leastToGuess && float64(counts[i]) >= plainShare*float64(letters) {
			if strings.Contains(s.codes, code.String()) {
				return ""
			}
			return s.name
		}
	}
	return ""
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

// guessLanguage is the language that text is written in, and how sure that is, up to 1;
// empty if in doubt.
func guessLanguage(text string) (tag string, confidence float64) {
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
		return "", 0
	}
	info := whatlanggo.Detect(text)
	if info.Script == unicode.Han && kana > 0 {
		return canonicalLanguage(whatlanggo.Jpn.Iso6391()), 1
	}
	if !info.IsReliable() {
		return "", info.Confidence
	}
	return canonicalLanguage(info.Lang.Iso6391()), info.Confidence
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
