package publish

import (
	"cmp"
	"encoding/xml"

	"github.com/gorilla/feeds"

	"broadsheet/feed"
)

// atomFeed is gorilla's feed with what it lacks. XMLName and Xmlns are
// gorilla's; a field here takes the place of its field of the same XML name.
type atomFeed struct {
	XMLName xml.Name `xml:"feed"`
	Lang    string   `xml:"xml:lang,attr,omitempty"`
	extensions
	NSHistory   string `xml:"xmlns:fh,attr,omitempty"`
	NSTombstone string `xml:"xmlns:at,attr,omitempty"`
	feeds.AtomFeed
	Generator string             `xml:"generator"`
	Authors   []feeds.AtomPerson `xml:"author"`
	Links     []atomLink         `xml:"link"`
	Archive   *mark              `xml:"fh:archive"`
	Gone      []deleted
	Entries   []*atomEntry `xml:"entry"`
}

// FeedXml makes the feed one that gorilla/feeds writes.
func (f *atomFeed) FeedXml() any { return f }

// atomEntry is gorilla's entry, corrected in the same way.
type atomEntry struct {
	XMLName xml.Name `xml:"entry"`
	Lang    string   `xml:"xml:lang,attr,omitempty"`
	feeds.AtomEntry
	Authors      []feeds.AtomPerson `xml:"author"`
	Contributors []feeds.AtomPerson `xml:"contributor"`
	Categories   []atomCategory     `xml:"category"`
	Links        []atomLink         `xml:"link"`
	Source       *atomSource        `xml:"source"`
	Replies      int                `xml:"thr:total,omitempty"` // RFC 4685 §5
	gallery
	episode
	passed
}

// atomLink is gorilla's link with what else an Atom link can say, and the
// number of replies at its end (RFC 4685 §4).
type atomLink struct {
	XMLName xml.Name `xml:"link"`
	feeds.AtomLink
	Length   int64  `xml:"length,attr,omitempty"`
	Hreflang string `xml:"hreflang,attr,omitempty"`
	Title    string `xml:"title,attr,omitempty"`
	Replies  int    `xml:"thr:count,attr,omitempty"`
}

type atomCategory struct {
	Term   string `xml:"term,attr"`
	Scheme string `xml:"scheme,attr,omitempty"`
	Label  string `xml:"label,attr,omitempty"`
}

// atomSource is where an entry was first published (RFC 4287 §4.2.11).
type atomSource struct {
	Lang     string             `xml:"xml:lang,attr,omitempty"`
	ID       string             `xml:"id,omitempty"`
	Title    string             `xml:"title"`
	Subtitle string             `xml:"subtitle,omitempty"`
	Updated  string             `xml:"updated,omitempty"`
	Authors  []feeds.AtomPerson `xml:"author"`
	Links    []atomLink         `xml:"link"`
	Rights   string             `xml:"rights,omitempty"`
	Icon     string             `xml:"icon,omitempty"`
	Logo     string             `xml:"logo,omitempty"`
	Extras   []extra            `xml:"passed"`
}

func renderAtom(v feed.View) ([]byte, error) {
	m := head(v)
	f := &atomFeed{Lang: m.language, Generator: generator}
	f.Xmlns, f.Id, f.Title = nsAtom, v.ID, m.title
	f.Subtitle, f.Updated = v.Section.Description, date3339(m.updated)
	f.Logo = v.Section.Image
	f.Authors = []feeds.AtomPerson{{Name: cmp.Or(v.Site.Title, m.title), Uri: m.base + "/"}}
	f.Links = []atomLink{
		newAtomLink("self", m.base+m.file("atom.xml"), mediaType(typeAtom)),
		newAtomLink("alternate", m.home(), mediaType(typePage)),
	}
	for _, hub := range v.Hubs {
		f.Links = append(f.Links, newAtomLink("hub", hub, ""))
	}
	for _, l := range chain(v, m, "atom.xml") {
		f.Links = append(f.Links, newAtomLink(l.rel, l.href, mediaType(typeAtom)))
	}
	if v.Chain.IsArchive() {
		f.NSHistory, f.Archive = nsHistory, &mark{}
	}
	if f.Gone = deletedOf(v.Gone); f.Gone != nil {
		f.NSTombstone = nsTombstone
	}
	f.Entries = make([]*atomEntry, len(v.Entries))
	for i := range v.Entries {
		entry := newAtomEntry(v.Entries[i], v.Site)
		f.use(entry.gallery, entry.episode, entry.passed)
		if entry.Source != nil {
			f.declare(entry.Source.Extras)
		}
		if v.Entries[i].Comments != "" || entry.Replies > 0 {
			f.NSThread = nsThread
		}
		f.Entries[i] = entry
	}
	return writeXML(f)
}

func newAtomEntry(e feed.Entry, site feed.Site) *atomEntry {
	a := &atomEntry{
		Authors:      atomPeople(bylines(e, site)),
		Contributors: atomPeople(e.Contributors),
		Categories:   atomCategories(e.Categories),
		Links:        atomLinks(e),
		Source:       atomSourceOf(e),
		Replies:      max(0, e.CommentCount),
		episode:      episodeOf(e),
		passed:       passedOf(e),
	}
	if e.Language != site.Language {
		a.Lang = e.Language
	}
	a.Id, a.Title, a.Rights = e.ID, e.Title, e.Rights
	a.Published, a.Updated = date3339(e.Published), date3339(e.Updated)
	e = told(e, site)
	if e.Summary != "" {
		a.Summary = &feeds.AtomSummary{Type: "text", Content: e.Summary}
	}
	switch {
	case e.Content != "":
		a.Content = &feeds.AtomContent{Type: "html", Content: string(e.Content)}
	case e.Link == "":
		// An entry without a link must have a content (RFC 4287 §4.1.2).
		a.Content = &feeds.AtomContent{Type: "text", Content: plainText(e)}
		a.Summary = nil
	}
	var media []feed.Enclosure
	for _, m := range e.Enclosures {
		if m.Media || described(m) || timed(m, e) {
			media = append(media, m)
		}
	}
	a.gallery = galleryOf(media, e)
	return a
}

func newAtomLink(rel, href, kind string) atomLink {
	var l atomLink
	l.Rel, l.Href, l.Type = rel, href, kind
	return l
}

// atomLinks are the entry's own link, its enclosures, its other links, the other
// places that have its story and the page where it is discussed.
func atomLinks(e feed.Entry) []atomLink {
	var out []atomLink
	if e.Link != "" {
		out = append(out, newAtomLink("alternate", e.Link, ""))
	}
	for _, m := range e.Enclosures {
		if !m.Media {
			l := newAtomLink("enclosure", m.URL, fileType(m))
			l.Length, l.Title = m.Length, m.Title
			out = append(out, l)
		}
	}
	var discussion feed.Link
	for _, l := range e.Links {
		rel := linkRels[l.Rel]
		if rel == "" {
			continue
		}
		if rel == "replies" && l.Href == e.Comments { // stands at the end, with its count
			discussion = l
			continue
		}
		x := newAtomLink(rel, l.Href, l.Type)
		x.Hreflang, x.Title, x.Length = l.Language, l.Title, max(0, l.Length)
		out = append(out, x)
	}
	for _, c := range e.Also {
		l := newAtomLink("related", c.Link, "")
		l.Title = c.Title
		out = append(out, l)
	}
	if e.Comments != "" {
		l := newAtomLink("replies", e.Comments, discussion.Type)
		l.Hreflang, l.Title = discussion.Language, discussion.Title
		l.Replies = max(0, e.CommentCount)
		out = append(out, l)
	}
	return out
}

func atomPeople(people []feed.Person) []feeds.AtomPerson {
	var out []feeds.AtomPerson
	for _, p := range people {
		out = append(out, feeds.AtomPerson{Name: p.Name, Uri: p.URL, Email: p.Email})
	}
	return out
}

func atomCategories(categories []feed.Category) []atomCategory {
	var out []atomCategory
	for _, c := range categories {
		x := atomCategory{Term: c.Term, Label: c.Label}
		if isIRI(c.Scheme) { // what RSS calls a domain may be any text
			x.Scheme = c.Scheme
		}
		out = append(out, x)
	}
	return out
}

// atomSourceOf names the feed that an entry comes from by its id, else by its
// own URL; of a feed known by neither there is its name. A date that is not known is
// left out: the specification recommends one, but only a true one.
func atomSourceOf(e feed.Entry) *atomSource {
	c := e.Origin
	id := c.Self
	if isIRI(c.ID) {
		id = c.ID
	}
	name := cmp.Or(string(c.Title.Value), sourceName(e))
	if id == "" && name == "" {
		return nil
	}
	s := &atomSource{
		Lang: c.Language, ID: id, Title: name,
		Subtitle: string(c.Subtitle.Value), Updated: date3339(sourceDate(c.Updated)),
		Authors: atomPeople(c.Authors), Rights: string(c.Rights.Value),
		Icon: c.Icon, Logo: c.Image, Extras: extrasOf(c.Extras),
	}
	if c.BlockedBy != "" { // whoever takes the entry from us shall know of it
		s.Extras = append(s.Extras, extra{Name: c.BlockedBy, Text: "yes"})
	}
	if c.Self != "" {
		s.Links = append(s.Links, newAtomLink("self", c.Self, ""))
	}
	if c.Link != "" {
		s.Links = append(s.Links, newAtomLink("alternate", c.Link, ""))
	}
	return s
}
