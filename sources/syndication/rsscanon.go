package syndication

import "strings"

// writeRSS writes an RSS feed anew for gofeed. What gofeed would overwrite,
// drop or put into its map of unknown names is written in a form that it keeps:
// a second author as dc:creator, an item's image as media:thumbnail.
func (r *reader) writeRSS(f rssFeed) string {
	c := &canon{}
	c.start("channel")
	for _, name := range []string{
		"title", "language", "copyright", "managingEditor", "generator", "ttl",
	} {
		if e := f.channel.first(own, name); e != nil {
			c.leaf(name, e.text())
		}
	}
	if e := f.channel.first(own, "description", "abstract"); e != nil {
		c.leaf("description", e.text())
	}
	c.date("pubDate", f.channel.first(own, "pubDate").text())
	c.date("lastBuildDate", or(f.channel.first(own, "lastBuildDate").text(), f.channel.attr("lastmod")))
	writeLinks(c, f.channel, baseOf(f.channel, r.in.URL))
	writeCategories(c, f.channel)
	r.writeImage(c, f)
	writeHours(c, f.channel)
	for e := range f.channel.children {
		if e.is(own, "author") {
			c.leaf(c.named("dc", "creator"), e.text())
		}
	}
	for e := range f.channel.children {
		if e.space != own {
			c.extension(e)
		}
	}
	for _, e := range f.items {
		r.writeItem(c, e)
	}
	c.end("channel")
	return c.document("rss", ` version="2.0"`)
}

func (r *reader) writeImage(c *canon, f rssFeed) {
	image := f.channel.child(own, "image")
	if image == nil {
		image = f.root.child(own, "image") // RSS 1.0 has it beside the channel
	}
	if image == nil {
		return
	}
	target := or(image.child(own, "url").text(), image.attr("url"), image.attr("href"),
		image.qualified("rdf", "resource"))
	if target == "" && !image.hasElements() {
		target = image.text()
	}
	c.start("image")
	c.leaf("url", target)
	c.end("image")
}

func writeHours(c *canon, channel *element) {
	for _, names := range [][2]string{{"skipHours", "hour"}, {"skipDays", "day"}} {
		list := channel.child(own, names[0])
		if list == nil {
			continue
		}
		c.start(names[0])
		for e := range list.children {
			if e.is(own, names[1]) {
				c.leaf(names[1], e.text())
			}
		}
		c.end(names[0])
	}
}

func writeCategories(c *canon, parent *element) {
	for e := range parent.children {
		if e.is(own, "categories") || e.is(own, "tags") {
			writeCategories(c, e) // RSS has no such wrapper
			if !e.hasElements() {
				for term := range strings.SplitSeq(e.text(), ",") {
					c.leaf("category", term)
				}
			}
		}
		if e.is(own, "category") || e.is(own, "tag") {
			c.leaf("category", or(e.text(), e.attr("text"), e.attr("term")),
				pair{"domain", e.attr("domain")})
		}
	}
}

// writeLinks writes the links of a channel or an item. One that is written like
// Atom's, with a relation, is one of Atom's. The Channel Definition Format of 1997,
// of which RSS was made, has it as an attribute (and "abstract" and "lastmod").
func writeLinks(c *canon, parent *element, base string) {
	if href := parent.attr("href"); href != "" && parent.child(own, "link") == nil {
		c.leaf("link", resolve(baseOf(parent, base), href))
	}
	for e := range parent.children {
		if !e.is(own, "link") {
			continue
		}
		if rel := e.attr("rel"); rel != "" && e.attr("href") != "" {
			name := c.named("atom", "link")
			c.start(name, attributesOf(e)...)
			c.end(name)
			continue
		}
		if target := rssLink(e); target != "" {
			c.leaf("link", resolve(baseOf(e, base), target))
		}
	}
}

func (r *reader) writeItem(c *canon, e *element) {
	c.start("item")
	for _, name := range []string{"title", "comments"} {
		if field := e.first(own, name); field != nil {
			c.leaf(name, field.text())
		}
	}
	if field := e.first(own, "description", "abstract"); field != nil {
		c.leaf("description", field.text())
	}
	c.date("pubDate", or(e.first(own, "pubDate").text(), e.attr("lastmod")))
	writeLinks(c, e, r.base(e))
	writeCategories(c, e)
	if guid := e.first(own, "guid"); guid != nil {
		c.leaf("guid", guid.text(), pair{"isPermaLink", guid.attr("isPermaLink")})
	}
	if source := e.first(own, "source"); source != nil {
		c.leaf("source", source.text(), pair{"url", or(source.attr("url"), source.attr("href"))})
	}
	for f := range e.children {
		if f.is(own, "enclosure") {
			target := or(f.attr("url"), f.attr("href"), f.qualified("rdf", "resource"))
			c.leaf("enclosure", "", pair{"url", target},
				pair{"type", f.attr("type")}, pair{"length", f.attr("length")})
		}
	}
	body := contentOf(e)
	if body != nil {
		c.leaf(c.named("content", "encoded"), body.text())
	}
	writeAuthors(c, e)
	writeStrays(c, e)
	for f := range e.children {
		if f.space != own && f != body {
			c.extension(f)
		}
	}
	c.end("item")
}

// contentOf is the element that holds an RSS item's full text, or nil. Feeds
// without the content module put it in an element of several other names.
func contentOf(e *element) *element {
	for _, key := range []string{
		"content:encoded", "xhtml:body", "xhtml:div", "yandex:full-text",
		"content", "encoded", "full-text", "fullitem", "body",
	} {
		for f := range e.children {
			if f.key() == key && !f.blank() {
				return f
			}
		}
	}
	return nil
}

// writeAuthors writes the first author as RSS's and the others as creators.
func writeAuthors(c *canon, e *element) {
	first := true
	for f := range e.children {
		if !f.is(own, "author") || f.blank() {
			continue
		}
		text := f.text()
		if f.hasElements() { // written like Atom's
			text = or(f.child(own, "name").text(), f.child(own, "email").text())
		}
		name := "author"
		if !first {
			name = c.named("dc", "creator")
		}
		c.leaf(name, text)
		first = false
	}
}

// strays are elements that RSS does not have, written by feeds that meant those
// of another vocabulary.
var strays = map[string][2]string{
	"date": {"dc", "date"}, "creator": {"dc", "creator"}, "subject": {"dc", "subject"},
	"updated": {"atom", "updated"}, "modified": {"atom", "updated"},
	"published": {"atom", "published"}, "summary": {"atom", "summary"}, "id": {"atom", "id"},
	"copyright": {"dc", "rights"}, "rights": {"dc", "rights"}, "language": {"dc", "language"},
	"origlink": {"feedburner", "origLink"},
}

func writeStrays(c *canon, e *element) {
	for f := range e.children {
		if f.space != own {
			continue
		}
		name := strings.ToLower(f.name)
		if to, ok := strays[name]; ok {
			c.leaf(c.named(to[0], to[1]), f.text())
		}
		if name == "image" || name == "thumbnail" {
			target := or(f.child(own, "url").text(), f.attr("url"), f.attr("href"))
			if target == "" && !f.hasElements() {
				target = f.text()
			}
			tag := c.named("media", "thumbnail")
			c.start(tag, pair{"url", target})
			c.end(tag)
		}
	}
}
