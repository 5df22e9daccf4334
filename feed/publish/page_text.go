package publish

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet/feed"
)

// excerpt is the beginning of the entry's text: its summary, else its content
// without markup.
func excerpt(e feed.Entry, width int) string {
	if e.Summary != "" {
		return clip(e.Summary, width)
	}
	return clip(leadText(string(e.Content), width), width)
}

// clip puts s on one line and cuts it, at a word where there is one nearby, so
// that it takes the room of width Latin letters at most. Letters of the East
// Asian scripts take the room of two.
func clip(s string, width int) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) <= width {
		return s
	}
	used, space := 0, 0 // space: where the last word that fits ends
	for i, r := range s {
		if used += letterWidth(r); used > width {
			return cut(s, i, space) + "…"
		}
		if r == ' ' {
			space = i
		}
	}
	return s
}

// cut shortens s to at most end bytes: at the space if little is lost by it,
// else before the last whole letter with its marks.
func cut(s string, end, space int) string {
	if s[end] != ' ' && space > end/2 {
		end = space
	}
	for end > 0 && combines(s[end:]) {
		end--
	}
	return strings.TrimRightFunc(s[:end], func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsPunct(r)
	})
}

// combines reports whether s does not begin with a letter of its own: in the
// middle of one, or with a mark or joiner that belongs to the one before.
func combines(s string) bool {
	for _, r := range s {
		return r == unicode.ReplacementChar || r == '\u200d' || unicode.Is(unicode.M, r)
	}
	return false
}

func letterWidth(r rune) int {
	switch {
	case r < 0x1100:
		return 1
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		return 2
	default:
		return 1
	}
}

// leadText is the text of markup from its beginning until it is surely wider
// than width; the rest of a long article is not looked at. Captions and what is
// no text are left out.
func leadText(markup string, width int) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(markup))
	skip := 0 // open elements whose text is not part of the story
	for b.Len() <= width*4 {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			if skip == 0 {
				b.Write(z.Text())
			}
		case html.StartTagToken:
			name, _ := z.TagName()
			skip += apart(&b, name)
		case html.EndTagToken:
			name, _ := z.TagName()
			skip = max(0, skip-apart(&b, name))
		case html.SelfClosingTagToken:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// apart writes a space where the element ends a word, and is 1 for an element
// whose text is no part of the story.
func apart(b *strings.Builder, name []byte) int {
	switch atom.Lookup(name) {
	case atom.A, atom.Abbr, atom.B, atom.Bdi, atom.Bdo, atom.Cite, atom.Code, atom.Dfn,
		atom.Em, atom.I, atom.Kbd, atom.Mark, atom.Q, atom.S, atom.Samp, atom.Small,
		atom.Span, atom.Strong, atom.Sub, atom.Sup, atom.Time, atom.U, atom.Var, atom.Wbr:
		return 0
	case atom.Figure, atom.Script, atom.Style, atom.Iframe, atom.Noscript:
		b.WriteByte(' ')
		return 1
	default:
		b.WriteByte(' ')
		return 0
	}
}
