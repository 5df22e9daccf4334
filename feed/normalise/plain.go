package normalise

import (
	"math"
	"strings"
	"unicode"

	"golang.org/x/net/html"

	"broadsheet/feed"
)

// PlainText is the visible text of safe markup: paragraphs are separated by
// "\n\n", lines of one paragraph and items of a list by "\n", and runs of white
// space are one space except in preformatted text.
func PlainText(h feed.HTML) string { return visible(string(h), false) }

// gap is the white space that is due before the next text, weakest first.
type gap int

const (
	gapNone gap = iota
	gapSpace
	gapLine
	gapParagraph
)

var gapText = [...]string{"", " ", "\n", "\n\n"}

// textWriter collects visible text.
type textWriter struct {
	out     strings.Builder
	due     gap
	skip    int // depth of elements whose text nobody sees
	pre     int // depth of preformatted elements
	withAlt bool
}

// visible is the text of markup, safe or not, that a reader would see. withAlt
// adds the alternative texts of images.
func visible(markup string, withAlt bool) string {
	return visibleHead(markup, withAlt, math.MaxInt)
}

// visibleHead is the beginning of it, of a number of bytes or a few more: what comes
// after is not read.
func visibleHead(markup string, withAlt bool, enough int) string {
	if !strings.ContainsAny(markup, "<&") {
		w := textWriter{}
		w.text(markup)
		return w.out.String()
	}
	w := textWriter{withAlt: withAlt}
	z := html.NewTokenizer(strings.NewReader(markup))
	for w.out.Len() < enough {
		switch z.Next() {
		case html.ErrorToken:
			return w.out.String()
		case html.TextToken:
			w.text(string(z.Text()))
		case html.StartTagToken:
			name, _ := z.TagName()
			w.tag(string(name), 1, z)
		case html.SelfClosingTagToken:
			name, _ := z.TagName()
			w.tag(string(name), 0, z)
		case html.EndTagToken:
			name, _ := z.TagName()
			w.tag(string(name), -1, z)
		}
	}
	return w.out.String()
}

// breaks are the elements that part text, and how far.
var breaks = map[string]gap{
	"address": gapParagraph, "article": gapParagraph, "aside": gapParagraph,
	"blockquote": gapParagraph, "body": gapParagraph, "center": gapParagraph,
	"details": gapParagraph, "div": gapParagraph, "dl": gapParagraph,
	"fieldset": gapParagraph, "figcaption": gapParagraph, "figure": gapParagraph,
	"footer": gapParagraph, "form": gapParagraph, "h1": gapParagraph,
	"h2": gapParagraph, "h3": gapParagraph, "h4": gapParagraph, "h5": gapParagraph,
	"h6": gapParagraph, "header": gapParagraph, "hr": gapParagraph,
	"main": gapParagraph, "nav": gapParagraph, "ol": gapParagraph, "p": gapParagraph,
	"pre": gapParagraph, "section": gapParagraph, "summary": gapParagraph,
	"table": gapParagraph, "ul": gapParagraph, "video": gapParagraph, "audio": gapParagraph,
	"br": gapLine, "li": gapLine, "tr": gapLine, "dt": gapLine, "dd": gapLine,
	"caption": gapLine, "td": gapSpace, "th": gapSpace,
}

// unseen are the elements whose text nobody sees.
var unseen = map[string]bool{
	"script": true, "style": true, "template": true, "svg": true, "iframe": true,
	"textarea": true, "select": true, "datalist": true, "rp": true, "noembed": true,
	"noframes": true,
}

// tag takes notice of a start tag (depth 1), an end tag (-1) or an empty
// element (0).
func (w *textWriter) tag(name string, depth int, z *html.Tokenizer) {
	if unseen[name] {
		w.skip = max(0, w.skip+depth)
		return
	}
	w.due = max(w.due, breaks[name])
	switch {
	case name == "pre":
		w.pre = max(0, w.pre+depth)
	case name == "img" && w.withAlt:
		w.alt(z)
	}
}

func (w *textWriter) alt(z *html.Tokenizer) {
	for {
		key, value, more := z.TagAttr()
		if string(key) == "alt" {
			w.due = max(w.due, gapSpace)
			w.text(string(value))
			w.due = max(w.due, gapSpace)
		}
		if !more {
			return
		}
	}
}

func (w *textWriter) text(s string) {
	if w.skip > 0 {
		return
	}
	for _, r := range s {
		switch {
		case w.pre > 0 && r == '\n':
			if w.due == gapLine {
				w.due = gapParagraph
			}
			w.due = max(w.due, gapLine)
		case r != '\u00a0' && unicode.IsSpace(r) && (w.pre == 0 || w.due > gapNone):
			w.due = max(w.due, gapSpace)
		default:
			w.rune(r)
		}
	}
}

// rune writes a character after the gap that is due; a text begins with none.
func (w *textWriter) rune(r rune) {
	r = publishable(r)
	if r < 0 {
		return
	}
	if r == '\u00a0' {
		r = ' '
		if w.due > gapNone || w.out.Len() == 0 {
			return
		}
		w.due = gapSpace
		return
	}
	if w.out.Len() > 0 {
		w.out.WriteString(gapText[w.due])
	}
	w.due = gapNone
	w.out.WriteRune(r)
}

// oneLine is text with every run of white space made one space.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
