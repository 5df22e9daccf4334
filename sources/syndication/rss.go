package syndication

import (
	"strings"

	"github.com/mmcdole/gofeed/rss"

	"broadsheet/feed"
)

// rssFeed is an RSS document taken apart: the channel's own fields and the
// articles, wherever they stand.
type rssFeed struct {
	root     *element
	channel  *element // the first; the root if there is none
	channels int
	items    []*element // whole ones, in document order
	lost     int        // items that the end of the document cut off
}

func outlineRSS(root *element) rssFeed {
	f := rssFeed{root: root}
	for e := range root.children {
		if !e.is(own, "channel") {
			f.take(e)
			continue
		}
		if f.channels++; f.channel == nil {
			f.channel = e
		}
		for c := range e.children {
			f.take(c)
		}
	}
	if f.channel == nil {
		f.channel = root
	}
	return f
}

// take adds e to the articles, if it is one.
func (f *rssFeed) take(e *element) {
	switch {
	case !e.is(own, "item"):
	case e.whole:
		f.items = append(f.items, e)
	default:
		f.lost++
	}
}

// rss reads any RSS, from 0.90 to 2.0.
func (r *reader) rss(root *element) error {
	outline := outlineRSS(root)
	r.site = r.in.URL
	link := outline.channel.first(own, "link")
	home := or(rssLink(link), outline.channel.attr("href"))
	if home = resolve(baseOf(link, r.in.URL), home); isWeb(home) {
		r.site = home
	}
	read, err := (&rss.Parser{}).Parse(strings.NewReader(r.writeRSS(outline)))
	if err != nil {
		return err
	}
	if len(read.Items) != len(outline.items) {
		return miscounted(len(outline.items), len(read.Items))
	}
	r.rssHeader(read, outline)
	for i, it := range read.Items {
		r.accept(r.rssItem(it, outline.items[i]))
	}
	if outline.channels > 1 {
		r.w.add(warnChannel, "the document has several channels; the first names the feed")
	}
	if !root.whole {
		r.cutOff(outline.lost)
	}
	r.share()
	return nil
}

// base is what references in an RSS element resolve against: its xml:base, else
// the channel's link, else where the feed came from.
func (r *reader) base(e *element) string {
	if hasBase(e) {
		return baseOf(e, r.in.URL)
	}
	return r.site
}

// rssLink is the target of an RSS link element, which some write like Atom's.
func rssLink(e *element) string {
	if e == nil {
		return ""
	}
	return or(e.text(), e.attr("href"), e.qualified("rdf", "resource"))
}

// rssFormat names the format and version.
func rssFormat(f rssFeed, native string) string {
	if strings.EqualFold(f.root.name, "rdf") {
		if strings.Contains(native, "/0.9") {
			return "RSS 0.90"
		}
		return "RSS 1.0"
	}
	if v := clip(f.root.attr("version"), 10); v != "" {
		return "RSS " + v
	}
	return "RSS"
}

func (r *reader) rssHeader(read *rss.Feed, f rssFeed) {
	h, ch := &r.doc.Header, f.channel
	x := extensions(read.Extensions)
	base := r.base(ch)
	abs := func(ref string) string { return resolve(base, ref) }
	h.Format = rssFormat(f, f.root.native)
	h.Title = r.rssText(or(read.Title, x.one("dc", "title")), ch.first(own, "title"), base)
	about := or(read.Description, x.one("itunes", "subtitle", "summary"), x.one("dc", "description"))
	h.Subtitle = r.rssText(about, ch.first(own, "description", "abstract"), base)
	h.Language = clip(or(ch.language(), read.Language, x.one("dc", "language")), maxShort)
	h.Rights = r.rssText(or(read.Copyright, x.one("dc", "rights"), x.one("media", "copyright")),
		ch.first(own, "copyright"), base)
	h.ID = x.one("atom", "id")
	h.Generator = clip(or(read.Generator, x.one("atom", "generator"),
		x.attr("admin", "generatorAgent", "resource")), maxShort)
	h.Updated = date(read.LastBuildDate, x.one("atom", "updated"), read.PubDate,
		x.one("dcterms", "modified"), x.one("dc", "date"))
	h.Authors = r.rssAuthors(read.ManagingEditor, x, abs)
	for _, o := range x["itunes"]["owner"] {
		if len(h.Authors) == 0 {
			owner := feed.Person{Name: within(o, "name"), Email: within(o, "email")}
			h.Authors = addPerson(nil, owner)
		}
	}
	links := atomLinks(x, func(ref string) string { return resolve(baseOf(ch, r.in.URL), ref) })
	for _, l := range read.Links {
		links = addLink(links, feed.Link{Rel: "alternate", Href: l})
	}
	if isWeb(read.Link) {
		h.Link = read.Link
	} else {
		h.Link = or(home(links), read.Link)
	}
	r.relations(links)
	if read.Image != nil {
		h.Image = abs(read.Image.URL)
	}
	h.Image = or(h.Image, abs(cover(x)))
	h.Icon = abs(x.one("atom", "icon"))
	h.Categories = rssTopics(read, x)
	h.TTL = ttl(read.TTL)
	h.SkipHours, h.SkipDays = skipHours(read.SkipHours), skipDays(read.SkipDays)
	h.UpdateEvery = updateEvery(x)
	h.Complete = ended(x)
	h.BlockedBy = blocked(x)
	h.Block = h.BlockedBy != ""
	h.Extras = readExtras(x, abs, ofFeed)
	r.show, r.cast = x, podcastPersons(x, abs)
}

// rssTopics are the categories of a channel.
func rssTopics(read *rss.Feed, x extensions) []feed.Category {
	var out []feed.Category
	for _, c := range read.Categories {
		out = addCategory(out, feed.Category{Term: c.Value, Scheme: c.Domain})
	}
	out = showTopics(out, x)
	for _, s := range x.all("dc", "subject") {
		out = addCategory(out, feed.Category{Term: s})
	}
	if len(out) == 0 {
		out = keywords(x.one("itunes", "keywords"))
	}
	return out
}

// showTopics adds the subjects by iTunes, which has two levels of them.
func showTopics(list []feed.Category, x extensions) []feed.Category {
	for _, c := range x["itunes"]["category"] {
		list = addCategory(list, feed.Category{Term: attrOf(c, "text")})
		for _, sub := range c.Children["category"] {
			list = addCategory(list, feed.Category{Term: attrOf(sub, "text")})
		}
	}
	return list
}

// rssText is a text of RSS, which does not say whether it is plain or HTML,
// unless there was markup in it as elements.
func (r *reader) rssText(value string, e *element, base string) feed.Text {
	kind := feed.TextGuess
	if e != nil && e.hasElements() {
		kind = feed.TextHTML
	}
	return r.textOf(kind, value, e, base)
}

func (r *reader) rssItem(read *rss.Item, e *element) feed.Item {
	x := extensions(read.Extensions)
	base := r.base(e)
	abs := func(ref string) string { return resolve(base, ref) }
	m := readMedia(x, abs)
	it := feed.Item{
		Published: date(read.PubDate, x.one("dcterms", "created", "issued", "available"),
			x.one("dc", "date"), x.one("atom", "published")),
		Updated:      date(x.one("atom", "updated"), x.one("dcterms", "modified")),
		Language:     clip(or(stated(e.language()), x.one("dc", "language"), e.language(), r.doc.Header.Language), maxShort),
		Authors:      r.rssAuthors(read.Author, x, abs),
		Rights:       r.rssText(or(x.one("dc", "rights"), x.one("dcterms", "rights"), m.rights), nil, base),
		Comments:     abs(read.Comments),
		CommentCount: count(x.one("slash", "comments"), x.one("thr", "total")),
		Podcast:      castOf(readPodcast(x, abs), r.cast),
		Place:        readPlace(x),
		Extras:       r.itemExtras(x, m, abs),
		Block:        blocked(x),
	}
	for _, s := range x.all("dc", "contributor") {
		it.Contributors = addPerson(it.Contributors, person(s))
	}
	r.rssID(&it, read, e, x)
	it.Links = r.rssLinks(read, x, m, abs)
	if about := e.qualified("rdf", "about"); len(it.Links) == 0 && isWeb(about) {
		it.Links = addLink(nil, feed.Link{Rel: "alternate", Href: about})
	}
	it.Base = base
	if !hasBase(e) {
		it.Base = ownPage(it.Links, base)
	}
	r.rssTexts(&it, read, e, x, m)
	it.Categories = rssCategories(read, x, m)
	for _, enc := range read.Enclosures {
		it.Enclosures = addEnclosure(it.Enclosures, feed.Enclosure{
			URL: abs(enc.URL), Type: clip(enc.Type, maxShort), Length: size(enc.Length),
		})
	}
	it.Enclosures = linkedEnclosures(it.Enclosures, atomLinks(x, abs))
	for _, enc := range m.enclosures {
		it.Enclosures = addEnclosure(it.Enclosures, enc)
	}
	it.Image = or(abs(episodeImage(x)), m.image)
	if s := read.Source; s != nil && (s.URL != "" || s.Title != "") {
		it.Origin = &feed.Channel{Title: r.rssText(s.Title, nil, base), Self: abs(s.URL)}
	}
	return it
}

// rssID takes the guid, else the identifier of RSS 1.0, else Dublin Core's.
func (r *reader) rssID(it *feed.Item, read *rss.Item, e *element, x extensions) {
	if read.GUID != nil && read.GUID.Value != "" {
		it.ID = read.GUID.Value
		it.Permalink = !strings.EqualFold(read.GUID.IsPermalink, "false")
		return
	}
	it.ID = or(e.qualified("rdf", "about"), x.one("atom", "id"), x.one("dc", "identifier"))
}

// rssTexts fills in title, summary and content. Where RSS's own elements say
// nothing, those of other vocabularies stand in.
func (r *reader) rssTexts(it *feed.Item, read *rss.Item, e *element, x extensions, m media) {
	it.Title = r.rssText(or(read.Title, x.one("dc", "title"), x.one("itunes", "title")),
		e.first(own, "title"), it.Base)
	if it.Title.Empty() {
		it.Title = m.title
	}
	it.Summary = r.rssText(read.Description, e.first(own, "description", "abstract"), it.Base)
	if body := contentOf(e); body != nil {
		kind := feed.TextHTML
		if body.space == "xhtml" {
			kind = feed.TextXHTML
		}
		it.Content = r.textOf(kind, read.Content, body, it.Base)
	}
	if brief := x.one("atom", "summary"); brief != "" && it.Content.Empty() {
		it.Content, it.Summary = it.Summary, feed.Text{} // beside a summary it is the text
	}
	if !it.Summary.Empty() {
		return
	}
	it.Summary = r.rssText(or(x.one("dc", "description"), x.one("dcterms", "abstract"),
		x.one("atom", "summary"), x.one("itunes", "summary", "subtitle")), nil, it.Base)
	if it.Summary.Empty() && it.Content.Empty() {
		it.Summary = m.description
	}
}

// rssLinks are RSS's links as alternates, then Atom's with their relations.
func (r *reader) rssLinks(read *rss.Item, x extensions, m media, abs func(string) string) []feed.Link {
	var out []feed.Link
	for _, l := range read.Links {
		out = addLink(out, feed.Link{Rel: "alternate", Href: l})
	}
	out = prefer(out, proxied(x))
	for _, l := range atomLinks(x, abs) {
		if l.Rel != "enclosure" {
			out = addLink(out, l)
		}
	}
	return mediaLinks(repliesLinks(out, x, abs), x, m)
}

// repliesLinks adds the feed of an article's comments.
func repliesLinks(links []feed.Link, x extensions, abs func(string) string) []feed.Link {
	for _, name := range []string{"commentRss", "commentRSS"} {
		if u := abs(x.one("wfw", name)); u != "" {
			links = addLink(links, feed.Link{Rel: "replies", Href: u, Type: "application/rss+xml"})
		}
	}
	return links
}

// rssAuthors are the author by RSS, then those of Dublin Core and Atom; iTunes
// names a show's author in every episode, so it comes last.
func (r *reader) rssAuthors(author string, x extensions, abs func(string) string) []feed.Person {
	out := addPerson(nil, person(author))
	for _, name := range []string{"creator", "author"} {
		for _, s := range x.all("dc", name) {
			out = addPerson(out, person(s))
		}
	}
	for _, e := range x["atom"]["author"] {
		out = addPerson(out, feed.Person{
			Name:  clip(or(within(e, "name"), e.Value), maxShort),
			Email: within(e, "email"), URL: abs(within(e, "uri")),
		})
	}
	show := person(x.one("itunes", "author"))
	switch {
	case len(out) == 0:
		return addPerson(out, show)
	case len(out) == 1 && out[0].Name == "":
		out[0].Name = show.Name // the show's mail address, and its name apart
	}
	return out
}

func rssCategories(read *rss.Item, x extensions, m media) []feed.Category {
	var out []feed.Category
	for _, c := range read.Categories {
		out = addCategory(out, feed.Category{Term: c.Value, Scheme: c.Domain})
	}
	for _, s := range x.all("dc", "subject") {
		out = addCategory(out, feed.Category{Term: s})
	}
	for _, c := range x["atom"]["category"] {
		out = addCategory(out, feed.Category{
			Term: attrOf(c, "term"), Scheme: attrOf(c, "scheme"), Label: attrOf(c, "label"),
		})
	}
	for _, c := range m.categories {
		out = addCategory(out, c)
	}
	out = showTopics(out, x)
	for _, s := range x.all("slash", "section") {
		out = addCategory(out, feed.Category{Term: s})
	}
	if len(out) == 0 {
		out = keywords(or(x.one("itunes", "keywords"), x.one("media", "keywords")))
	}
	return out
}

// mediaLinks adds the pages of players, and the licence (RFC 4946).
func mediaLinks(links []feed.Link, x extensions, m media) []feed.Link {
	for _, u := range m.players {
		links = addLink(links, feed.Link{Rel: "related", Href: u, Type: "text/html"})
	}
	licence := or(x.one("creativeCommons", "license"),
		x.attr("cc", "license", "resource"), x.one("cc", "license"))
	if terms := x.one("dcterms", "license"); licence == "" && isWeb(terms) {
		licence = terms
	}
	return addLink(links, feed.Link{Rel: "license", Href: licence})
}

// atomLinks are the Atom links in RSS.
func atomLinks(x extensions, abs func(string) string) []feed.Link {
	var out []feed.Link
	for _, l := range x["atom"]["link"] {
		out = addLink(out, feed.Link{
			Rel:  strings.ToLower(or(attrOf(l, "rel"), "alternate")),
			Href: abs(attrOf(l, "href")), Type: attrOf(l, "type"), Language: attrOf(l, "hreflang"),
			Title: attrOf(l, "title"), Length: size(attrOf(l, "length")),
		})
	}
	return out
}

// linkedEnclosures adds the links that are enclosures (RFC 4287 §4.2.7.2).
func linkedEnclosures(list []feed.Enclosure, links []feed.Link) []feed.Enclosure {
	for _, l := range links {
		if l.Rel == "enclosure" {
			list = addEnclosure(list, feed.Enclosure{
				URL: l.Href, Type: l.Type, Length: l.Length, Title: l.Title,
			})
		}
	}
	return list
}
