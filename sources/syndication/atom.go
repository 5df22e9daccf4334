package syndication

import (
	"strings"

	"github.com/mmcdole/gofeed/atom"

	"broadsheet/feed"
)

// atom reads Atom 0.3 and 1.0, and a document of one entry (RFC 4287 §2).
func (r *reader) atom(root *element) error {
	r.site = r.in.URL
	head, entries, lost := root, []*element{}, 0
	if root.is(own, "entry") { // what is known of its feed is in its source
		head, entries = &element{}, append(entries, root)
		if source := root.child(own, "source"); source != nil {
			head = source
		}
	}
	for e := range root.children {
		switch {
		case !e.is(own, "entry") && !e.is(own, "item"): // some take it from RSS
		case e.whole:
			entries = append(entries, e)
		default:
			lost++
		}
	}
	read, err := (&atom.Parser{}).Parse(strings.NewReader(r.writeAtom(head, entries)))
	if err != nil {
		return err
	}
	if len(read.Entries) != len(entries) {
		return miscounted(len(entries), len(read.Entries))
	}
	r.atomHeader(read, head)
	r.doc.Header.Format = atomFormat(root)
	for i, e := range read.Entries {
		r.accept(r.atomItem(e, entries[i]))
	}
	r.retractions(root)
	if !root.whole {
		r.cutOff(lost)
	}
	r.share()
	return nil
}

// atomFormat names the format and version.
func atomFormat(root *element) string {
	if strings.Contains(root.native, "purl.org/") || strings.HasPrefix(root.attr("version"), "0.") {
		return "Atom " + or(clip(root.attr("version"), 10), "0.3")
	}
	return "Atom 1.0"
}

func (r *reader) atomHeader(read *atom.Feed, head *element) {
	h := &r.doc.Header
	x := extensions(read.Extensions)
	abs := func(ref string) string { return resolve(baseOf(head, r.in.URL), ref) }
	source := atom.Source{
		Title: read.Title, Updated: read.Updated, Subtitle: read.Subtitle, Links: read.Links,
		Icon: read.Icon, Logo: read.Logo, Rights: read.Rights, Authors: read.Authors,
		Extensions: read.Extensions,
	}
	self := h.Self // by the HTTP header
	h.Channel = r.atomChannel(&source, head)
	h.Self = or(self, h.Self)
	h.Language = clip(or(head.language(), x.one("dc", "language")), maxShort)
	h.Image = or(h.Image, abs(cover(x)))
	for _, s := range x.all("dc", "creator") {
		if len(read.Authors) == 0 {
			h.Authors = addPerson(h.Authors, person(s))
		}
	}
	if read.Generator != nil {
		h.Generator = clip(read.Generator.Value, maxShort)
	}
	h.Categories = atomCategories(read.Categories, x)
	r.relations(links(read.Links))
	h.UpdateEvery = updateEvery(x)
	h.Complete = ended(x)
	h.Block = h.BlockedBy != ""
	r.show, r.cast = x, podcastPersons(x, abs)
}

// atomChannel is a feed's, or an atom:source's, description of itself. The id is
// taken from the tree, because gofeed rewrites ids that look like URLs.
func (r *reader) atomChannel(read *atom.Source, e *element) feed.Channel {
	abs := func(ref string) string { return resolve(baseOf(e, r.in.URL), ref) }
	base := r.in.URL // a channel has no base for its texts: each keeps its own
	all := links(read.Links)
	ch := feed.Channel{
		ID:       e.first(own, "id").text(),
		Title:    r.atomText(read.Title, e.first(own, "title"), base),
		Subtitle: r.atomText(read.Subtitle, e.first(own, "subtitle", "tagline", "info"), base),
		Link:     home(all),
		Language: clip(e.language(), maxShort),
		Rights:   r.atomText(read.Rights, e.first(own, "rights", "copyright"), base),
		Image:    read.Logo,
		Icon:     read.Icon,
		Updated:  date(read.Updated),
		Authors:  people(read.Authors),
		Extras:   readExtras(extensions(read.Extensions), abs, ofFeed),
		// What another feed forbids it forbids to those who have its articles from us.
		BlockedBy: blocked(extensions(read.Extensions)),
	}
	for _, l := range all {
		if l.Rel == "self" {
			ch.Self = or(ch.Self, l.Href)
		}
	}
	return ch
}

// atomText is a text construct as gofeed read it, of the kind that the tree
// says.
func (r *reader) atomText(value string, e *element, base string) feed.Text {
	if e == nil {
		return feed.Text{}
	}
	return r.textOf(e.kind, value, e, base)
}

func (r *reader) atomItem(read *atom.Entry, e *element) feed.Item {
	x := extensions(read.Extensions)
	base := baseOf(e, r.in.URL)
	abs := func(ref string) string { return resolve(base, ref) }
	m := readMedia(x, abs)
	it := feed.Item{
		ID:      e.first(own, "id").text(),
		Title:   r.atomText(read.Title, e.first(own, "title"), base),
		Summary: r.atomText(read.Summary, e.first(own, "summary", "description"), base),
		Published: date(read.Published, x.one("dcterms", "created", "issued"),
			x.one("dc", "date")),
		Updated:      date(read.Updated, x.one("dcterms", "modified")),
		Rights:       r.atomText(read.Rights, e.first(own, "rights", "copyright"), base),
		Language:     clip(or(stated(e.language()), x.one("dc", "language"), e.language(), r.doc.Header.Language), maxShort),
		Base:         base,
		Authors:      people(read.Authors),
		Contributors: people(read.Contributors),
		Categories:   atomCategories(read.Categories, x),
		CommentCount: count(x.one("thr", "total"), x.one("slash", "comments")),
		Podcast:      castOf(readPodcast(x, abs), r.cast),
		Place:        readPlace(x),
		Extras:       r.itemExtras(x, m, abs),
		Block:        blocked(x),
		Image:        or(abs(episodeImage(x)), m.image),
	}
	if read.Content != nil {
		it.Content = r.atomText(read.Content.Value, e.first(own, "content"), base)
	}
	if it.Title.Empty() {
		it.Title = r.rssText(x.one("dc", "title"), nil, base)
	}
	if it.Title.Empty() {
		it.Title = m.title
	}
	if it.Summary.Empty() && it.Content.Empty() {
		it.Summary = m.description
	}
	if it.Rights.Empty() {
		it.Rights = r.rssText(or(x.one("dc", "rights"), m.rights), nil, base)
	}
	r.atomAuthors(&it, read, e, x)
	r.atomLinks(&it, read, e, x, m)
	for _, enc := range m.enclosures {
		it.Enclosures = addEnclosure(it.Enclosures, enc)
	}
	return it
}

// atomAuthors completes the authors: those of atom:source stand for an entry
// that has none (RFC 4287 §4.2.1), then those of other vocabularies.
func (r *reader) atomAuthors(it *feed.Item, read *atom.Entry, e *element, x extensions) {
	if source := e.child(own, "source"); source != nil && read.Source != nil {
		origin := r.atomChannel(read.Source, source)
		it.Origin = &origin
		if len(it.Authors) == 0 {
			it.Authors = origin.Authors
		}
	}
	if len(it.Authors) > 0 {
		return
	}
	for _, s := range append(x.all("dc", "creator"), x.all("itunes", "author")...) {
		it.Authors = addPerson(it.Authors, person(s))
	}
}

// atomLinks sorts the links of an entry: enclosures apart, the page of its
// discussion, content that lies elsewhere (RFC 4287 §4.1.3.2).
func (r *reader) atomLinks(it *feed.Item, read *atom.Entry, e *element, x extensions, m media) {
	all := links(read.Links)
	for _, l := range all {
		if l.Rel == "enclosure" {
			continue
		}
		it.Links = addLink(it.Links, l)
		if l.Rel == "replies" && strings.Contains(l.Type, "html") {
			it.Comments = or(it.Comments, l.Href)
		}
	}
	it.Enclosures = linkedEnclosures(nil, all)
	if c := read.Content; c != nil && c.Src != "" {
		r.atomContentSource(it, c, e)
	}
	it.Links = prefer(it.Links, proxied(x))
	it.Links = mediaLinks(repliesLinks(it.Links, x, func(ref string) string { return resolve(it.Base, ref) }), x, m)
	for f := range e.children {
		if it.CommentCount == 0 && f.is(own, "link") {
			it.CommentCount = count(f.qualified("thr", "count"))
		}
	}
}

func (r *reader) atomContentSource(it *feed.Item, c *atom.Content, e *element) {
	kind := e.first(own, "content").attr("type")
	switch main, _, _ := strings.Cut(kind, "/"); main {
	case "image", "audio", "video":
		it.Enclosures = addEnclosure(it.Enclosures, feed.Enclosure{URL: c.Src, Type: kind})
		return
	}
	rel := "related"
	if home(it.Links) == "" {
		rel = "alternate"
	}
	it.Links = addLink(it.Links, feed.Link{Rel: rel, Href: c.Src, Type: kind})
}

func links(list []*atom.Link) []feed.Link {
	var out []feed.Link
	for _, l := range list {
		out = addLink(out, feed.Link{
			Rel: l.Rel, Href: l.Href, Type: clip(l.Type, maxShort), Language: clip(l.Hreflang, maxShort),
			Title: clip(l.Title, maxShort), Length: size(l.Length),
		})
	}
	return out
}

func people(list []*atom.Person) []feed.Person {
	var out []feed.Person
	for _, p := range list {
		out = addPerson(out, feed.Person{Name: p.Name, Email: p.Email, URL: p.URI})
	}
	return out
}

func atomCategories(list []*atom.Category, x extensions) []feed.Category {
	var out []feed.Category
	for _, c := range list {
		out = addCategory(out, feed.Category{Term: c.Term, Scheme: c.Scheme, Label: c.Label})
	}
	for _, s := range x.all("dc", "subject") {
		out = addCategory(out, feed.Category{Term: s})
	}
	if len(out) == 0 {
		out = keywords(or(x.one("itunes", "keywords"), x.one("media", "keywords")))
	}
	return out
}
