package corpus

import (
	"slices"
	"strings"

	"golang.org/x/net/html"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
)

// text is a text of a feed as the normaliser reads it.
type text struct {
	kind   feed.TextKind
	line   string // as a title
	markup string // as an article

	language string // of such an article
}

// String is for messages.
func (t text) String() string { return string(t.kind) + ":" + t.line + " | " + t.markup }

// read reads a text by the normaliser, wherever it stands in a feed; base is
// what its references resolve against if it has none of its own, and language that of
// what is around it.
func read(t feed.Text, base, language string) text {
	if t.Empty() {
		return text{}
	}
	asTitle := made(feed.Item{Title: t, ID: "x", Base: base})
	asText := made(feed.Item{Title: feed.Plain("x"), Content: t, Base: base, Language: language})
	return text{kind: t.Kind, line: asTitle.Title, markup: string(asText.Content), language: asText.Language}
}

// says tells whether a text is what a case wants. feedparser's value is markup unless
// the text is declared as plain.
func (t text) says(want string, markup bool) bool {
	plain := oneLine(want)
	if t.kind != feed.TextPlain {
		if tagged := strings.Contains(want, "<"); tagged && markup {
			return sameMarkup(t.markup, want) && t.line == oneLine(seen(want))
		}
	}
	return t.line == plain || t.kind != feed.TextPlain && t.line == oneLine(seen(want))
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// seen is the text of markup.
func seen(markup string) string {
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return b.String()
		case html.TextToken:
			b.Write(z.Text())
		default:
			switch tag := z.Token(); tag.Data {
			case "br", "p", "div":
				b.WriteByte(' ')
			case "img":
				for _, a := range tag.Attr {
					if a.Key == "alt" {
						b.WriteString(" " + a.Val + " ")
					}
				}
			}
		}
	}
}

// addresses are the attributes that are compared.
var addresses = map[string]bool{"href": true, "src": true, "cite": true, "poster": true, "alt": true}

// wraps are the elements without which a text says the same.
var wraps = map[string]bool{"div": true, "p": true, "span": true, "html": true, "head": true, "body": true}

// bones is what is compared of markup.
func bones(markup string) []string {
	var out []string
	z := html.NewTokenizer(strings.NewReader(markup))
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return out
		case html.TextToken:
			if s := oneLine(string(z.Text())); s != "" {
				out = append(out, "text "+s)
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			tag := z.Token()
			if wraps[tag.Data] {
				continue
			}
			s := "<" + tag.Data
			slices.SortFunc(tag.Attr, func(a, b html.Attribute) int { return strings.Compare(a.Key, b.Key) })
			for _, a := range tag.Attr {
				if addresses[a.Key] {
					s += " " + a.Key + "=" + address(a.Val)
				}
			}
			out = append(out, s)
		}
	}
}

// made is the entry that the normaliser makes of an item.
func made(it feed.Item) feed.Entry {
	entry, _ := normalised(it)
	return entry
}

// normalised is the entry that is made of an item, and what was done to it.
func normalised(it feed.Item) (feed.Entry, []feed.Note) {
	in := normalise.Input{Sightings: []feed.Sighting{{Item: it}}, FirstSeen: now}
	result, err := normalise.Make(in)
	if err != nil {
		in.Sightings[0].Item.Title = feed.Plain("x") // nothing to show: see titled
		result, _ = normalise.Make(in)
	}
	return result.Entry, result.Notes
}
