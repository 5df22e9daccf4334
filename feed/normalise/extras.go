package normalise

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"broadsheet/feed"
)

// maxProse bounds a text in an element that is passed on, in characters: iTunes allows
// 4000 in the longest.
const maxProse = 4000

// extras fills in Extras, Place and Block: what other vocabularies say of the article.
func extras(d *draft) {
	d.entry.Extras = d.elements(d.item.Extras, func(p feed.Passage) bool { return p.Items })
	d.entry.Extras = slices.DeleteFunc(d.entry.Extras, func(e feed.Element) bool { return repeated(e, &d.entry, d.plain) })
	d.entry.Place = place(d.item.Place)
	feeds := d.item.Channel.BlockedBy
	if o := d.item.Origin; o != nil && feeds == "" {
		feeds = o.BlockedBy
	}
	own := d.item.Block
	if p := d.item.Podcast; p != nil && p.Block && own == "" {
		own = "itunes:block" // read before the element's name was kept
	}
	d.entry.Block = feed.BlockOf(blockName(own), blockName(feeds))
	if d.entry.Block != "" {
		d.note(stepExtras, "%s", d.entry.Block.Why())
	}
}

// blockName is the name of an element that can ask not to be republished.
func blockName(s string) string {
	if s == "" || s == "podcast:block" {
		return s
	}
	return "itunes:block"
}

// repeated tells whether an element only says again what the entry says: the text of the
// article, which podcasts often have twice, or its lead image.
func repeated(e feed.Element, entry *feed.Entry, plain string) bool {
	switch {
	case e.Name == "media:thumbnail":
		return len(e.Attrs) == 1 && e.Attrs["url"] == entry.Image
	case e.Name == "media:title":
		return e.Text == entry.Title
	case feed.Passages[e.Name].Text == feed.FormProse && len(e.Children) == 0:
		said := letters(e.Text)
		return said == letters(entry.Summary) || strings.HasPrefix(letters(plain), said)
	}
	return false
}

// elements are those of a list that may be passed on in one place, cleaned.
func (d *draft) elements(list []feed.Element, here func(feed.Passage) bool) []feed.Element {
	var out []feed.Element
	count := map[string]int{}
	for _, e := range list {
		p, known := feed.Passages[e.Name]
		if !known || !here(p) || count[e.Name] >= p.Most {
			continue
		}
		if made, ok := d.element(e, p); ok {
			count[e.Name]++
			out = append(out, made)
		}
	}
	return out
}

// element is one element with what its passage allows; ok is false if that says nothing.
func (d *draft) element(e feed.Element, p feed.Passage) (out feed.Element, ok bool) {
	out = feed.Element{Name: e.Name, Text: d.inForm(e.Text, p.Text)}
	for name, form := range p.Attrs {
		if v := d.inForm(e.Attrs[name], form); v != "" {
			if out.Attrs == nil {
				out.Attrs = map[string]string{}
			}
			out.Attrs[name] = v
		}
	}
	out.Children = d.elements(e.Children, func(feed.Passage) bool { return true })
	out.Children = slices.DeleteFunc(out.Children, func(c feed.Element) bool { return !slices.Contains(p.Inner, c.Name) })
	if p.Need != "" && out.Attrs[p.Need] == "" || p.Text == feed.FormNumber && out.Text == "" {
		return out, false
	}
	return out, out.Text != "" || len(out.Attrs) > 0 || len(out.Children) > 0
}

var (
	wordForm   = regexp.MustCompile(`^[\pL\pN_:/.,;@#+()*=-]{1,200}$`)
	numberForm = regexp.MustCompile(`^\d{1,15}(?:\.\d{1,20})?$`)
	// shortURN is a name as the schemes of Media RSS are: "urn:ebu".
	shortURN = regexp.MustCompile(`^urn:[a-z0-9-]{2,31}$`)
)

// namers are the schemes of IRIs that are passed on: what leads to the web, or nowhere.
var namers = map[string]bool{"http": true, "https": true, "urn": true, "tag": true, "ipfs": true}

// inForm is a text in a form, or empty if it has another one.
func (d *draft) inForm(s string, form feed.Form) string {
	const most = 8 // bytes of markup for a character that is kept
	guess := feed.Text{Value: feed.RawHTML(head(s, maxTitle*most))}
	switch form {
	case feed.FormLine:
		return shorten(plainLine(guess), maxTitle)
	case feed.FormProse:
		markup, _ := asMarkup(feed.Text{Value: feed.RawHTML(head(s, maxProse*most))})
		return shortenProse(visible(markup, false))
	case feed.FormURL:
		return resolveText(s, d.bases)
	case feed.FormIRI:
		s = strings.TrimSpace(s)
		if kind, _ := splitScheme(s); absoluteIRI(s) && namers[strings.ToLower(kind)] || shortURN.MatchString(s) {
			return s
		}
	case feed.FormWord:
		if s = strings.TrimSpace(s); len(s) <= maxTitle && wordForm.MatchString(s) && !strings.Contains(strings.ToLower(s), "script:") {
			return s
		}
	case feed.FormNumber:
		if s = strings.TrimSpace(s); numberForm.MatchString(s) {
			return s
		}
	}
	return ""
}

// shortenProse cuts a text in paragraphs at a word.
func shortenProse(s string) string {
	if r := []rune(s); len(r) > maxProse {
		return shorten(s, maxProse)
	}
	return s
}

// place is where the article is about, with what a shape must have; nil without one.
func place(p *feed.Place) *feed.Place {
	if p == nil || len(p.At) == 0 {
		return nil
	}
	switch p.Shape {
	case "point", "line", "polygon", "box":
	default:
		return nil
	}
	return &feed.Place{Shape: p.Shape, At: p.At,
		Name: shorten(plainLine(feed.Text{Value: feed.RawHTML(p.Name)}), maxName)}
}

// details are the attributes of a media:content that are passed on.
func (d *draft) details(said map[string]string) map[string]string {
	var out map[string]string
	for name, form := range feed.FileDetails {
		v := d.inForm(said[name], form)
		switch {
		case v == "", name == "isDefault" && !isBool(v):
		case name == "expression" && v != "sample" && v != "full" && v != "nonstop":
		default:
			if out == nil {
				out = map[string]string{}
			}
			out[name] = v
		}
	}
	return out
}

func isBool(s string) bool { _, err := strconv.ParseBool(s); return err == nil && len(s) > 1 }
