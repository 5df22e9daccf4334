package normalise

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"broadsheet/feed"
)

// longSummary is the length, in characters, from which a text without markup is
// an article and not the summary of one.
const longSummary = 600

// part is one of the two texts of an item, made safe.
type part struct {
	html  feed.HTML
	plain string // what a reader sees of it
	rich  bool   // plain text would lose something: links, images, lists, several paragraphs
}

// sanitise fills in Content and Summary.
//
// Content is the fullest text that the item has. Summary is plain text, and empty
// if it would only repeat Content. So:
//   - text and summary: both, unless the one is the beginning of the other; then the
//     longer one is Content and there is no Summary;
//   - media without words, and a summary: both together are Content, because readers
//     show Content in place of Summary and the words would be lost;
//   - a summary alone (most of RSS): it is Content if it has markup that
//     matters or is longer than longSummary characters, and Summary if not.
//
// For RSS this means: description is Summary, or if that is empty the
// beginning of Content, and content:encoded is Content.
func sanitise(d *draft) {
	content := d.part(d.item.Content)
	summary := d.part(d.item.Summary)
	switch {
	case content.html == "" && summary.html == "":
	case content.html == "":
		d.alone(summary)
	case letters(content.plain) == "" && letters(summary.plain) != "":
		d.entry.Content = content.html + summary.html
		d.plain = summary.plain
		d.note(stepSanitise, "its text is media alone; the summary was added to it")
	case longer(summary.plain, content.plain) && repeats(content.plain, summary.plain):
		d.entry.Content, d.plain = summary.html, summary.plain
		d.note(stepSanitise, "its summary is longer than its text and took the place of it")
	default:
		d.entry.Content, d.plain = content.html, content.plain
		switch {
		case !repeats(summary.plain, content.plain):
			d.entry.Summary = summary.plain
		case summary.html != "":
			d.note(stepSanitise, "its summary only repeats its text and was left out")
		}
	}
}

// alone places a summary that has no text beside it.
func (d *draft) alone(summary part) {
	if summary.rich || len([]rune(summary.plain)) > longSummary {
		d.entry.Content, d.plain = summary.html, summary.plain
		return
	}
	d.entry.Summary = summary.plain
}

// part makes one text of the item safe.
func (d *draft) part(t feed.Text) part {
	if t.Empty() {
		return part{}
	}
	markup, tagged := asMarkup(t)
	c := newCleaner(d.textBase(t))
	c.anchors.mark = markFor(d, markup)
	c.title = func() string { return plainLine(d.item.Title) }
	safe := c.clean(markup)
	d.report(c)
	plain := visible(string(safe), false)
	several := strings.Contains(plain, "\n\n")
	return part{html: safe, plain: plain, rich: several || tagged && rich(safe)}
}

// textBase is what relative references in a text resolve against: the text's own
// base, the item's, its page, the feed's page; and the page of the article, to
// which its anchors belong.
func (d *draft) textBase(t feed.Text) (base, page location) {
	page, linked := absolute(d.entry.Link)
	own, hasOwn := absolute(t.Base)
	_, based := absolute(d.item.Base)
	switch {
	case hasOwn:
		base = own
	case linked && !based:
		base = page
	case len(d.bases) > 0:
		base = d.bases[0]
	}
	if !linked {
		page = base
	}
	return base, page
}

// report notes what was taken out of a text.
func (d *draft) report(c *cleaner) {
	if len(c.removed) > 0 {
		d.note(stepSanitise, "taken out: %s", counted(c.removed))
	}
	if len(c.made) > 0 {
		d.note(stepSanitise, "made readable: %s", counted(c.made))
	}
	for _, what := range c.cut {
		d.note(stepSanitise, "taken out: %s", what)
	}
}

// counted lists what is in a table of numbers, in order.
func counted(n map[string]int) string {
	var what []string
	for _, kind := range slices.Sorted(maps.Keys(n)) {
		what = append(what, fmt.Sprintf("%s (%d)", kind, n[kind]))
	}
	return strings.Join(what, ", ")
}

// wrappers are elements without which a text says the same.
var wrappers = map[string]bool{
	"p": true, "div": true, "span": true, "br": true, "section": true, "article": true, "wbr": true,
}

// rich tells whether markup says more than its text.
func rich(h feed.HTML) bool {
	z := html.NewTokenizer(strings.NewReader(string(h)))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return false
		case html.StartTagToken, html.SelfClosingTagToken:
			if name, _ := z.TagName(); !wrappers[string(name)] {
				return true
			}
		}
	}
}

// teaserEnd matches what feeds write at the end of an excerpt.
var teaserEnd = regexp.MustCompile(
	`(?i)(?:\s*(?:\[?\(?(?:\.{3,}|…)\)?\]?|` +
		`read (?:the )?(?:more|rest|full story).{0,40}|continue reading.{0,200}|` +
		`weiterlesen.{0,20}|lire la suite.{0,20}|leer más.{0,20}|` +
		`the post .{1,300} (?:appeared first on|first appeared on) .{1,100}))+\s*$`)

// longestTeaserEnd is how much of the end of a text is looked at, in bytes.
const longestTeaserEnd = 1000

func withoutTeaserEnd(s string) string { return withoutEnd(s, teaserEnd) }

// withoutEnd is a text without what an expression, which matches at its end, finds there.
func withoutEnd(s string, end *regexp.Regexp) string {
	body := head(s, max(0, len(s)-longestTeaserEnd))
	return body + end.ReplaceAllString(s[len(body):], "")
}

// sameShare is how much of a summary must stand in a text for it to be the
// text's beginning: excerpts end in words of their own.
const sameShare = 0.9

// repeats tells whether all that a summary says is in a text too.
func repeats(summary, text string) bool {
	s := letters(withoutTeaserEnd(summary))
	return strings.Contains(letters(text), s[:int(float64(len(s))*sameShare)])
}

func longer(a, b string) bool { return len(letters(a)) > len(letters(b)) }
