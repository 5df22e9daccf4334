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
	e.Digest = hash(letters(e.Title) + "\n" + letters(withoutCounters(text)))
}

const (
	// counterLine is how much of a line is looked at for counters, in bytes, at its
	// beginning and at its end: in the middle of a long paragraph there are none.
	counterLine = 200
	// counterText is how much of a text is, in all.
	counterText = 64 << 10
)

// withoutCounters is text without what changes in it although nobody wrote anything.
func withoutCounters(text string) string {
	if !mayCount(text) {
		return text
	}
	var b strings.Builder
	b.Grow(len(text))
	left := counterText
	found := counters
	strip := func(s string) {
		if left -= len(s); left > 0 && mayCount(s) {
			s = found.ReplaceAllString(s, " ")
		}
		b.WriteString(s)
	}
	for line := range strings.Lines(text) {
		if found = counters; isSentence(line) {
			found = sureCounters
		}
		if len(line) <= 2*counterLine {
			strip(line)
			continue
		}
		first, last := head(line, counterLine), head(line, len(line)-counterLine)
		strip(first)
		b.WriteString(line[len(first):len(last)])
		strip(line[len(last):])
	}
	return b.String()
}

// isSentence tells whether a line ends as sentences do.
func isSentence(line string) bool {
	line = strings.TrimRight(line, " \n\"'”’»)")
	return line != "" && strings.ContainsAny(line[len(line)-1:], ".!?")
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

var (
	// counters match text that changes although nobody wrote anything: how many
	// comments, how long ago.
	counters = countersOf("|shares?|votes?|points?")
	// sureCounters are those of them that a sentence has for no other reason: "5,000
	// shares", "by 3 points" and "1,204 votes" in it are news.
	sureCounters = countersOf("")
)

// countersOf matches counters, and some more words for what they count.
func countersOf(more string) *regexp.Regexp {
	return regexp.MustCompile(strings.ReplaceAll(counterForms, "|MORE", more))
}

const counterForms = `(?i)` +
	`\b\d[\d.,]*\s?[km]?\s*(?:comments?|views?|likes?|reads?|MORE|` +
	`replies|reactions?|` +
	`kommentare?|commentaires?|comentarios?|comentários?|commenti|reacties|kommentarer|komentarzy|` +
	`aufrufe|vues|lectures|vistas|visitas|visualizaciones|visualizações|visualizzazioni|letture|weergaven|visningar)\b` +
	`|\d[\d.,]*\s?(?:комментари|просмотр|отзыв)\pL*` +
	`|\b(?:comments?|views?|reads|likes?|MORE|kommentare?|commentaires?|` +
	`comentarios?|comentários?|commenti|reacties|aufrufe|vues|vistas|visitas|lecturas)\s*[:(]?\s*\d[\d.,]*\)?` +
	`|(?:комментарии|просмотры|просмотров|отзывы)\s*[:(]?\s*\d[\d.,]*\)?` +
	`|\b(?:viewed|read|shared|played|downloaded)\s+\d[\d.,]*\s?[km]?\s*(?:times|x)\b` +
	`|\b\d[\d.,]*\s?mal\s+(?:gelesen|aufgerufen|geteilt)\b` +
	`|\b(?:lu|vu|partagé)e?s?\s+\d[\d.,]*\s+fois\b` +
	`|\b(?:leído|visto|compartido|lido)\s+\d[\d.,]*\s+ve(?:c|z)es\b` +
	`|\b\d[\d.,]*\s+keer\s+(?:gelezen|bekeken|gedeeld)\b` +
	`|\b(?:\d+|an?|one)\s+(?:second|minute|hour|day|week|month|year)s?\s+ago\b` +
	`|\bvor\s+(?:\d+|einer|einem)\s+(?:Sekunde|Minute|Stunde|Tag|Woche|Monat|Jahr)\pL*` +
	`|\bil y a\s+\d+\s+(?:seconde|minute|heure|jour|semaine|mois|an)s?\b` +
	`|\bhace\s+\d+\s+(?:segundo|minuto|hora|d[ií]a|semana|mes|año)\pL*` +
	`|\bh[áa]\s+\d+\s+(?:segundo|minuto|hora|dia|semana|m[eê]s|ano)\pL*` +
	`|\b\d+\s+(?:secondi?|minut[oi]|or[ae]|giorn[oi]|settiman[ae]|mes[ei]|ann[oi])\s+fa\b` +
	`|\b\d+\s+(?:seconden?|minuten|minuut|uur|uren|dag|dagen|weken|week|maanden|maand|jaar)\s+geleden\b` +
	`|\bför\s+\d+\s+(?:sekund|minut|timm|dag|veck|månad)\pL*\s+sedan\b` +
	`|\b\d+\s+(?:sekund|minut|godzin|dni|tygodni|miesięcy)\pL*\s+temu\b` +
	`|\d+\s+(?:секунд|минут|час|дн|день|недел|месяц|лет|год)\pL*\s+назад`
