package normalise

import (
	"html"
	"regexp"
	"strings"
	"unicode/utf8"

	"broadsheet/feed"
)

// cdataStart begins a CDATA section; "]]>" ends it.
const cdataStart = "<![CDATA["

// Text is decoded once here, and only here: a feed.Text was decoded from its
// container before, so that `AT&amp;amp;T` in an RSS document arrives as
// `AT&amp;T` and leaves as `AT&T`. What is left after that was meant.

// maxLine is how much of a text is read where one line is wanted, in bytes.
const maxLine = 1 << 16

// plainLine is a text as one line of plain text.
func plainLine(t feed.Text) string {
	s := head(string(t.Value), maxLine)
	switch t.Kind {
	case feed.TextPlain:
		return oneLine(cleanText(s))
	case feed.TextGuess:
		s = literalBrackets(unwrapCDATA(s))
	default:
		s = unwrapCDATA(s)
	}
	return oneLine(visible(expandEmpty(s, t.Kind), true))
}

// asMarkup is a text as HTML, not yet safe. tagged tells whether it came with
// tags; if not, it was plain text and its paragraphs are made of its lines.
func asMarkup(t feed.Text) (markup string, tagged bool) {
	s := string(t.Value)
	switch t.Kind {
	case feed.TextPlain:
		return paragraphs(s, true), false
	case feed.TextGuess:
		s = literalBrackets(unwrapCDATA(s))
		if !hasTag(s) {
			return paragraphs(html.UnescapeString(s), false), false
		}
	default:
		s = unwrapCDATA(s)
	}
	return expandEmpty(s, t.Kind), hasTag(s)
}

// unwrapCDATA takes the marks of a CDATA section off text in which they survived
// a second wrapping; HTML would make a comment of it all.
func unwrapCDATA(s string) string {
	if !strings.Contains(s, cdataStart) {
		return s
	}
	return strings.NewReplacer(cdataStart, "", "]]>", "").Replace(s)
}

var (
	emptyTag = regexp.MustCompile(`<([A-Za-z][A-Za-z0-9]*)((?:\s[^<>]*?["'\s]|\s?))/>`)
	rawTag   = regexp.MustCompile(`(?i)<(script|style|iframe|textarea|title|xmp|noembed|` +
		`noframes|noscript|template|svg)((?:\s[^<>]*?["'\s]|\s?))/>`)
)

// expandEmpty gives empty elements that are written the XML way an end tag.
// HTML takes "<script/>" for the beginning of a script, and the rest of the text for
// its inside.
func expandEmpty(s string, kind feed.TextKind) string {
	if !strings.Contains(s, "/>") {
		return s
	}
	if kind != feed.TextXHTML {
		return rawTag.ReplaceAllString(s, "<$1$2></$1>")
	}
	return emptyTag.ReplaceAllStringFunc(s, func(tag string) string {
		m := emptyTag.FindStringSubmatch(tag)
		if voidTags[strings.ToLower(m[1])] {
			return tag
		}
		return "<" + m[1] + m[2] + "></" + m[1] + ">"
	})
}

// voidTags are the elements of HTML that have no end tag (HTML Standard §13.1.2).
var voidTags = map[string]bool{
	"area": true, "base": true, "br": true, "col": true, "embed": true, "hr": true,
	"img": true, "input": true, "link": true, "meta": true, "param": true,
	"source": true, "track": true, "wbr": true,
}

var (
	anyTag     = regexp.MustCompile(`</?[A-Za-z][^<]*>|<!--`)
	blankLines = regexp.MustCompile(`[ \t\r]*\n[ \t\r]*(?:\n[ \t\r]*)+`)
)

func hasTag(s string) bool { return strings.Contains(s, "<") && anyTag.MatchString(s) }

// literalBrackets escapes the brackets of text, of which nobody said whether it
// is HTML, that are no tags of HTML: "List<String>", "the <b> tag". A tag is one
// if HTML has it and it is closed or need not be.
func literalBrackets(s string) string {
	if !strings.Contains(s, "<") {
		return s
	}
	names := tagNames{document: strings.ToLower(s), closed: map[string]bool{}}
	var b strings.Builder
	last := 0
	for i := strings.IndexByte(s, '<'); i >= 0; {
		if !names.isTag(s[i:]) {
			b.WriteString(s[last:i])
			b.WriteString("&lt;")
			last = i + 1
		}
		next := strings.IndexByte(s[i+1:], '<')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	b.WriteString(s[last:])
	return b.String()
}

// tagNames knows which elements of a text are both opened and closed in it.
type tagNames struct {
	document string // in lower case
	closed   map[string]bool
}

// isTag tells whether s begins with a tag or comment of HTML.
func (n tagNames) isTag(s string) bool {
	if strings.HasPrefix(s, "<!--") {
		return true
	}
	name := tagName(s)
	closing, known := elements[name]
	if !known || closing == closingOptional {
		return known
	}
	closed, asked := n.closed[name]
	if !asked { // once for each name: a text may have a million tags
		closed = strings.Contains(n.document, "</"+name) && strings.Contains(n.document, "<"+name)
		n.closed[name] = closed
	}
	return closed
}

// tagName is the name in the tag that s begins with, in lower case; empty if it
// begins with none.
func tagName(s string) string {
	s = strings.TrimPrefix(s[1:], "/")
	end := 0
	for end < len(s) && (isLetter(s[end]) || end > 0 && isDigit(s[end])) {
		end++
	}
	if end < len(s) && strings.IndexByte(" \t\r\n/>", s[end]) < 0 {
		return ""
	}
	return strings.ToLower(s[:end])
}

// paragraphs makes HTML of plain text: blank lines part paragraphs; single line
// breaks are kept if lines says that they mean something.
func paragraphs(s string, lines bool) string {
	s = strings.TrimSpace(strings.ReplaceAll(cleanText(s), "\r\n", "\n"))
	if s == "" {
		return ""
	}
	var b strings.Builder
	for p := range strings.SplitSeq(blankLines.ReplaceAllString(s, "\n\n"), "\n\n") {
		p = html.EscapeString(p)
		if lines {
			p = strings.ReplaceAll(p, "\n", "<br>")
		}
		b.WriteString("<p>" + p + "</p>")
	}
	return b.String()
}

// cleanText is s in valid UTF-8, with only the characters that XML 1.0 allows.
func cleanText(s string) string {
	for _, r := range s {
		if r == utf8.RuneError || publishable(r) != r {
			return strings.Map(publishable, strings.ToValidUTF8(s, "\uFFFD"))
		}
	}
	return s
}

// windows1252 are the characters that were meant by the control characters
// U+0080 to U+009F (HTML Standard §13.2.5.80); 0 means nothing.
var windows1252 = [32]rune{
	'€', 0, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', 0, 'Ž', 0,
	0, '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', 0, 'ž', 'Ÿ',
}

// publishable is r, or the character that it stands for, or -1 if XML 1.0 §2.2
// forbids it.
func publishable(r rune) rune {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return r
	case r < 0x20, r == 0x7f, r == 0xfeff, r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe:
		return -1
	case r >= 0x80 && r < 0xa0:
		if meant := windows1252[r-0x80]; meant != 0 {
			return meant
		}
		return -1
	}
	return r
}

const (
	// titleLength is how long a title made of an article's text is, in characters.
	titleLength = 100
	// maxTitle bounds a title of the source's own, in characters.
	maxTitle = 1000
)

// title fills in Title: the item's own; else the first words of its text; else
// what else there is to call it by. It stays empty if there is nothing.
func title(d *draft) {
	t := shorten(plainLine(d.item.Title), maxTitle)
	if t != "" {
		d.entry.Title = t
		return
	}
	t = d.firstWords()
	if t != "" {
		d.note(stepTitle, "it has no title; these are its first words")
	} else if t = d.otherName(); t != "" {
		d.note(stepTitle, "it has neither title nor text; it is called by its address")
	}
	d.entry.Title = t
}

func (d *draft) firstWords() string {
	text := d.plain
	if text == "" {
		text = d.entry.Summary
	}
	if text == "" {
		text = visible(string(d.entry.Content), true)
	}
	return shorten(oneLine(text), titleLength)
}

// otherName names an item that has no text at all.
func (d *draft) otherName() string {
	for _, e := range d.item.Enclosures {
		if t := plainLine(feed.Text{Value: feed.RawHTML(e.Title)}); t != "" {
			return shorten(t, titleLength)
		}
	}
	address := d.entry.Link
	for _, e := range d.item.Enclosures {
		if l, ok := resolveFirst(e.URL, d.bases); ok && address == "" {
			address = l.String()
		}
	}
	if address == "" {
		address = firstImage(string(d.entry.Content))
	}
	l, ok := absolute(address)
	if !ok {
		return ""
	}
	return shorten(strings.TrimSuffix(l.host+l.path, "/"), titleLength)
}

// shorten cuts one line of text at a word to at most n characters and marks the
// cut; text without spaces is cut anywhere.
func shorten(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	end := 0
	for range n - 1 {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	cut := s[:end]
	if i := strings.LastIndexByte(cut, ' '); i > end/2 && s[end] != ' ' {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.-–—") + "…"
}
