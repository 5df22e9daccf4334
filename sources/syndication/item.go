package syndication

import (
	"fmt"
	"strconv"
	"strings"

	"broadsheet/feed"
)

// accept adds an item to the document, unless it is of no use to anybody.
func (r *reader) accept(it feed.Item) {
	if it.Title.Empty() && it.Summary.Empty() && it.Content.Empty() && it.ID == "" &&
		len(it.Links) == 0 && len(it.Enclosures) == 0 {
		r.drop("empty", it, "the item has neither title nor text, link or id")
		return
	}
	r.doc.Items = append(r.doc.Items, it)
}

func (r *reader) drop(code string, it feed.Item, text string) {
	name := it.ID
	if name == "" && len(it.Links) > 0 {
		name = it.Links[0].Href
	}
	if name == "" {
		text := or(string(it.Title.Value), string(it.Summary.Value), string(it.Content.Value))
		name = clip(text, maxShort)
	}
	r.doc.Drops = append(r.doc.Drops, feed.Drop{Code: code, Item: name, Text: text})
}

// share gives every item what the channel says of itself.
func (r *reader) share() {
	h := &r.doc.Header
	h.Self = or(h.Self, r.in.URL)
	for i := range r.doc.Items {
		r.doc.Items[i].Channel = h.Channel
	}
}

// textOf is a text read by gofeed, with what the element that it comes from says
// of its language and base. base is that of the item.
func (r *reader) textOf(kind feed.TextKind, value string, e *element, base string) feed.Text {
	if value == "" {
		return feed.Text{}
	}
	t := feed.Text{Kind: kind, Value: feed.RawHTML(value)}
	if e != nil {
		t.Language = clip(e.lang, maxShort)
		if hasBase(e) {
			if own := baseOf(e, r.in.URL); own != base {
				t.Base = own
			}
		}
	}
	return t
}

// addLink adds a link once. Links without a target are none.
func addLink(list []feed.Link, l feed.Link) []feed.Link {
	if l.Href == "" || len(l.Href) > maxURL || len(list) >= maxList {
		return list
	}
	for _, old := range list {
		if old.Rel == l.Rel && old.Href == l.Href && old.Language == l.Language {
			return list
		}
	}
	return append(list, l)
}

// addCategory adds a category once.
func addCategory(list []feed.Category, c feed.Category) []feed.Category {
	c.Term = clip(or(strings.TrimSpace(c.Term), strings.TrimSpace(c.Label)), maxShort)
	c.Label, c.Scheme = clip(strings.TrimSpace(c.Label), maxShort), clip(c.Scheme, maxShort)
	if c.Label == c.Term {
		c.Label = ""
	}
	if c.Term == "" || len(list) >= maxList {
		return list
	}
	for _, old := range list {
		if old.Term == c.Term && old.Scheme == c.Scheme {
			return list
		}
	}
	return append(list, c)
}

// keywords splits a list as itunes:keywords holds it.
func keywords(s string) []feed.Category {
	var out []feed.Category
	for term := range strings.SplitSeq(s, ",") {
		out = addCategory(out, feed.Category{Term: term})
	}
	return out
}

// date is a date as written; what is too long to be one is none.
func date(list ...string) string {
	for _, s := range list {
		if s = strings.TrimSpace(s); s != "" && len(s) <= maxDate {
			return s
		}
	}
	return ""
}

// count reads a number of comments; 0 if it is none.
func count(list ...string) int {
	for _, s := range list {
		if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n > 0 {
			return min(n, 1<<30)
		}
	}
	return 0
}

// cutOff warns of a document that ends in the middle. lost is how many items
// were not whole.
func (r *reader) cutOff(lost int) {
	text := "the document ends before its end tag"
	if lost > 0 {
		text = fmt.Sprintf("the document ends in the middle of an item; the %d before it were read",
			len(r.doc.Items))
	}
	r.w.add(warnTruncated, text)
}

// proxied is the article's own address where a feed's links lead through a
// counting service.
func proxied(x extensions) string {
	return or(x.one("feedburner", "origLink"), x.one("pheedo", "origLink"))
}

// prefer puts the article's own address in the place of the first alternate.
func prefer(links []feed.Link, href string) []feed.Link {
	if !isWeb(href) || len(href) > maxURL {
		return links
	}
	for i := range links {
		if links[i].Rel == "alternate" {
			links[i].Href = href
			return links
		}
	}
	return append([]feed.Link{{Rel: "alternate", Href: href}}, links...)
}

// cover is the picture of a show or an article by iTunes or Media RSS.
func cover(x extensions) string {
	return or(episodeImage(x), x.attr("media", "thumbnail", "url"))
}

// episodeImage is the picture of an episode or a show by iTunes, whose first version
// had a link for it; some write its address as RSS does.
func episodeImage(x extensions) string {
	image := or(x.attr("itunes", "image", "href"), x.attr("itunes", "image", "url"))
	for _, l := range x["itunes"]["link"] {
		if attrOf(l, "rel") == "image" {
			image = or(image, attrOf(l, "href"))
		}
	}
	return image
}

// miscounted: what gofeed read is not what was written for it. Items would get
// each other's text kinds and ids.
func miscounted(written, read int) *feed.Error {
	return refuse(feed.KindBug, "%d items were written and %d read", written, read)
}
