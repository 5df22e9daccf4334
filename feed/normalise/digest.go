package normalise

import (
	"regexp"
	"strings"
)

// digest fills in Digest: a hash of what a reader would notice of the entry, its
// title and its visible text. Markup, links, images, white space, case, accents and
// punctuation do not count, nor do counters and relative times in the text.
func digest(d *draft) {
	e := &d.entry
	text := d.plain
	if e.Summary != "" {
		text = e.Summary + "\n" + text
	}
	if mayCount(text) {
		text = counters.ReplaceAllString(text, " ")
	}
	e.Digest = hash(letters(e.Title) + "\n" + letters(text))
}

// mayCount tells whether counters can find anything in a text, at a fraction of the
// cost: each needs a digit, or one of two words.
func mayCount(text string) bool {
	if strings.ContainsAny(text, "0123456789") {
		return true
	}
	text = strings.ToLower(text)
	return strings.Contains(text, "ago") || strings.Contains(text, "vor")
}

// counters match text that changes although nobody wrote anything: how many
// comments, how long ago.
var counters = regexp.MustCompile(`(?i)` +
	`\b\d[\d.,]*\s?[km]?\s*(?:comments?|views?|likes?|shares?|reads?|votes?|points?|` +
	`replies|reactions?|` +
	`kommentare?|commentaires?|comentarios?|commenti|reacties|комментари\pL*)\b` +
	`|\b(?:comments?|views?|likes?|shares?|votes?|points?|kommentare?|commentaires?|` +
	`comentarios?)\s*[:(]\s*\d[\d.,]*\)?` +
	`|\b(?:\d+|an?|one)\s+(?:second|minute|hour|day|week|month|year)s?\s+ago\b` +
	`|\bvor\s+(?:\d+|einer|einem)\s+(?:Sekunde|Minute|Stunde|Tag|Woche|Monat|Jahr)\pL*` +
	`|\bil y a\s+\d+\s+(?:seconde|minute|heure|jour|semaine|mois|an)s?\b` +
	`|\bhace\s+\d+\s+(?:segundo|minuto|hora|d[ií]a|semana|mes|año)\pL*`)
