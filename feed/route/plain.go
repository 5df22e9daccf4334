package route

import (
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"broadsheet/feed"
)

// plainText gives the text of safe markup as it is read: without tags, entities
// decoded, white space collapsed, paragraphs apart. Elements inside a paragraph
// join: <b>Par</b>is.
func plainText(content feed.HTML) string {
	if content == "" {
		return ""
	}
	var f flow
	f.text.Grow(len(content))
	z := html.NewTokenizer(strings.NewReader(string(content)))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return f.text.String()
		case html.TextToken:
			f.write(string(z.Text()))
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			f.part(spacing(atom.Lookup(name)))
		}
	}
}

// gap is what stands between two pieces of text.
type gap int

const (
	noGap gap = iota
	space
	line
	paragraphs
)

var gaps = [...]string{noGap: "", space: " ", line: "\n", paragraphs: paragraph}

// flow is text being set: of several gaps in a row, the widest stands.
type flow struct {
	text    strings.Builder
	pending gap
}

func (f *flow) part(g gap) { f.pending = max(f.pending, g) }

func (f *flow) write(s string) {
	for _, r := range s {
		if unicode.IsSpace(r) {
			f.part(space)
			continue
		}
		if f.text.Len() > 0 {
			f.text.WriteString(gaps[f.pending])
		}
		f.pending = noGap
		f.text.WriteRune(r)
	}
}

// spacing is what the tag of an element leaves in the text.
func spacing(element atom.Atom) gap {
	switch element {
	case atom.Br:
		return line
	case atom.Td, atom.Th:
		return space
	case atom.A, atom.Abbr, atom.B, atom.Bdi, atom.Bdo, atom.Cite, atom.Code,
		atom.Data, atom.Del, atom.Dfn, atom.Em, atom.Font, atom.I, atom.Img,
		atom.Ins, atom.Kbd, atom.Mark, atom.Q, atom.Rp, atom.Rt, atom.Ruby,
		atom.S, atom.Samp, atom.Small, atom.Span, atom.Strike, atom.Strong,
		atom.Sub, atom.Sup, atom.Time, atom.U, atom.Var, atom.Wbr:
		return noGap
	default:
		return paragraphs
	}
}
