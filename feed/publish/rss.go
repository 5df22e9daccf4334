package publish

import (
	"bytes"
	"cmp"
	"encoding/xml"
	"html"
	"net/url"
	"strconv"
	"strings"

	"github.com/gorilla/feeds"

	"broadsheet/feed"
)

// The names of the XML namespaces that the documents use.
const (
	nsAtom    = "http://www.w3.org/2005/Atom"
	nsContent = "http://purl.org/rss/1.0/modules/content/"
	nsDC      = "http://purl.org/dc/elements/1.1/"
	nsITunes  = "http://www.itunes.com/dtds/podcast-1.0.dtd"
	nsMedia   = "http://search.yahoo.com/mrss/"
	nsPodcast = "https://podcastindex.org/namespace/1.0"
	nsSlash   = "http://purl.org/rss/1.0/modules/slash/"
	nsThread  = "http://purl.org/syndication/thread/1.0"
)

// generator names the program that made a feed, so that another one can tell
// an aggregate from an original. It carries no version: a new one must not
// change every document.
const generator = "Broadsheet"

const (
	typeRSS  = "application/rss+xml; charset=utf-8"
	typeAtom = "application/atom+xml; charset=utf-8"
	typeJSON = "application/feed+json; charset=utf-8"
	typeOPML = "text/x-opml; charset=utf-8"
)

// descriptionWidth is how much of the content stands in an item's description
// where the entry has no summary, in Latin letters: three lines in a reader.
const descriptionWidth = 300

// rssRoot is the document. The namespaces that few feeds need are declared
// where one of them is used.
type rssRoot struct {
	XMLName   xml.Name `xml:"rss"`
	Version   string   `xml:"version,attr"`
	NSAtom    string   `xml:"xmlns:atom,attr"`
	NSContent string   `xml:"xmlns:content,attr"`
	NSDC      string   `xml:"xmlns:dc,attr"`
	extensions
	NSHistory string `xml:"xmlns:fh,attr,omitempty"`
	Channel   rssChannel
}

// FeedXml makes the document one that gorilla/feeds writes.
func (r *rssRoot) FeedXml() any { return r }

// rssChannel is gorilla's channel; the fields before it stand before its own
// and, where they have the same name in XML, in their place.
type rssChannel struct {
	Title       plainTitle `xml:"title"`
	Link        string     `xml:"link"`
	Description plainTitle `xml:"description"`
	Links       []rssLink  `xml:"atom:link"`
	Archive     *mark      `xml:"fh:archive"`
	feeds.RssFeed
	show
	Items []*rssItem `xml:"item"`
}

// rssItem is gorilla's item, corrected in the same way: its description comes
// before its content, which readers and validators want.
//
// Authors are named by dc:creator alone: RSS's own author holds one, by an
// e-mail address, and what readers make of the name beside it differs.
type rssItem struct {
	Title       plainTitle `xml:"title"`
	Link        string     `xml:"link,omitempty"`
	Description string     `xml:"description,omitempty"`
	feeds.RssItem
	Creators     []string      `xml:"dc:creator"`
	Contributors []string      `xml:"dc:contributor"`
	Categories   []rssCategory `xml:"category"`
	Source       *rssSource    `xml:"source"`
	From         string        `xml:"dc:source,omitempty"`
	Updated      string        `xml:"atom:updated,omitempty"`
	Language     string        `xml:"dc:language,omitempty"`
	Rights       *plainTitle   `xml:"dc:rights"`
	Replies      int           `xml:"slash:comments,omitempty"`
	RepliesFeed  string        `xml:"wfw:commentRss,omitempty"`
	Licence      string        `xml:"creativeCommons:license,omitempty"`
	Links        []rssLink     `xml:"atom:link"`
	gallery
	episode
	passed
}

// rssLink is an atom:link inside RSS.
type rssLink struct {
	Rel      string `xml:"rel,attr"`
	Href     string `xml:"href,attr"`
	Type     string `xml:"type,attr,omitempty"`
	Hreflang string `xml:"hreflang,attr,omitempty"`
	Title    string `xml:"title,attr,omitempty"`
	Length   int64  `xml:"length,attr,omitempty"`
}

type rssCategory struct {
	plainTitle
	Domain string `xml:"domain,attr,omitempty"`
}

type rssSource struct {
	plainTitle
	URL string `xml:"url,attr"`
}

// plainTitle is plain text where readers may expect HTML. The characters that
// matter are written as hexadecimal references, which those who read titles as
// text and those who read them as HTML show alike (RSS Best Practices Profile,
// "Character Data").
type plainTitle struct {
	Escaped string `xml:",innerxml"`
}

func title(s string) plainTitle { return plainTitle{Escaped: titleEscapes.Replace(s)} }

var titleEscapes = strings.NewReplacer("&", "&#x26;", "<", "&#x3C;", ">", "&#x3E;")

func renderRSS(v feed.View) ([]byte, error) {
	m := head(v)
	root := rssRoot{Version: "2.0", NSAtom: nsAtom, NSContent: nsContent, NSDC: nsDC}
	ch := &root.Channel
	ch.Title, ch.Link, ch.Description = title(m.title), m.home(), title(m.description)
	ch.Language, ch.Generator = m.language, generator
	ch.LastBuildDate = date822(m.updated)
	self := m.base + m.file("rss.xml")
	ch.Links = []rssLink{{Rel: "self", Href: self, Type: mediaType(typeRSS)}}
	for _, hub := range v.Hubs {
		ch.Links = append(ch.Links, rssLink{Rel: "hub", Href: hub})
	}
	for _, l := range chain(v, m, "rss.xml") {
		ch.Links = append(ch.Links, rssLink{Rel: l.rel, Href: l.href, Type: mediaType(typeRSS)})
	}
	if v.Chain.IsArchive() {
		root.NSHistory, ch.Archive = nsHistory, &mark{}
	}
	if v.Section.Image != "" {
		ch.Image = &feeds.RssImage{Url: v.Section.Image, Title: m.title, Link: m.home()}
	}
	ch.show = showOf(v, m)
	root.host(ch.show)
	ch.Items = make([]*rssItem, len(v.Entries))
	for i := range v.Entries {
		item := newRSSItem(v.Entries[i], v.Site)
		root.use(item.gallery, item.episode, item.passed)
		root.useIn(item)
		ch.Items[i] = item
	}
	return writeXML(&root)
}

func newRSSItem(e feed.Entry, site feed.Site) *rssItem {
	item := &rssItem{
		Title: title(e.Title), Link: e.Link, Description: description(e),
		Creators:     names(bylines(e, site)),
		Contributors: names(e.Contributors),
		Source:       rssSourceOf(e.Origin),
		Updated:      date3339(e.Updated),
		Language:     e.Language,
		Replies:      max(0, e.CommentCount),
		RepliesFeed:  firstLink(e.Links, "replies", mediaType(typeRSS)),
		Licence:      firstLink(e.Links, "license", ""),
		Links:        rssLinks(e.Links),
		episode:      episodeOf(e),
		passed:       passedOf(e),
	}
	if item.Source == nil { // a feed without an address that may be told has a name
		item.From = cmp.Or(string(e.Origin.Title.Value), e.Origin.Link)
	}
	if e.Rights != "" {
		rights := title(e.Rights)
		item.Rights = &rights
	}
	if content := told(e, site).Content; content != "" {
		item.Content = &feeds.RssContent{Content: string(content)}
	}
	item.Comments = e.Comments
	item.Guid = &feeds.RssGuid{Id: e.ID, IsPermaLink: "false"}
	item.PubDate = date822(e.Published)
	for _, c := range e.Categories {
		item.Categories = append(item.Categories,
			rssCategory{plainTitle: title(c.Name()), Domain: c.Scheme})
	}
	item.enclose(e)
	return item
}

func names(people []feed.Person) []string {
	var out []string
	for _, p := range people {
		out = append(out, p.Name)
	}
	return out
}

// enclose puts the first enclosure into the item's only one and the others,
// and all that came as media, into media:content. The first is there as well
// if it has more to say. An enclosure must be on a host with a full name.
func (item *rssItem) enclose(e feed.Entry) {
	var media []feed.Enclosure
	for _, m := range e.Enclosures {
		if m.Media || item.Enclosure != nil || !isDomain(hostname(m.URL)) {
			media = append(media, m)
			continue
		}
		item.Enclosure = &feeds.RssEnclosure{
			Url: m.URL, Type: sureType(m), Length: strconv.FormatInt(m.Length, 10),
		}
		if described(m) || timed(m, e) || m.Title != "" {
			media = append(media, m)
		}
	}
	item.gallery = galleryOf(media, e)
}

// firstLink is the first link of a relation, and of a media type if one is asked for.
func firstLink(links []feed.Link, rel, kind string) string {
	for _, l := range links {
		if l.Rel == rel && (kind == "" || l.Type == kind) {
			return l.Href
		}
	}
	return ""
}

// useIn declares what else an item of RSS needs.
func (x *extensions) useIn(item *rssItem) {
	if item.Replies > 0 {
		x.NSSlash = nsSlash
	}
	if item.RepliesFeed != "" {
		x.NSWfw = nsWfw
	}
	if item.Licence != "" {
		x.NSLicence = nsLicence
	}
}

func hostname(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// description is the entry's summary as HTML, which is what readers take an
// RSS description for. Without a content it is all the text there is, and keeps
// its paragraphs. Without a summary it is the beginning of the content, or, if
// that has no words but pictures, the content itself.
func description(e feed.Entry) string {
	switch {
	case e.Summary == "" && e.Content == "":
		return ""
	case e.Summary == "":
		lead := excerpt(e, descriptionWidth)
		if lead == "" {
			return string(e.Content)
		}
		return html.EscapeString(lead)
	case e.Content != "":
		return html.EscapeString(e.Summary)
	default:
		return paragraphs(e.Summary)
	}
}

// paragraphs is plain text as HTML; a single paragraph stays as bare as it is.
func paragraphs(s string) string {
	parts := strings.Split(s, "\n\n")
	if len(parts) == 1 {
		return html.EscapeString(s)
	}
	for i, p := range parts {
		parts[i] = "<p>" + html.EscapeString(p) + "</p>"
	}
	return strings.Join(parts, "\n")
}

// rssSourceOf names the feed that an item comes from, if its URL is known.
func rssSourceOf(c feed.Channel) *rssSource {
	if c.Self == "" {
		return nil
	}
	name := string(c.Title.Value)
	if name == "" {
		name = c.Self
	}
	return &rssSource{plainTitle: title(name), URL: c.Self}
}

// linkRels are the relations of an entry's links that are published, by what
// the source calls them (IANA link relations). Those that are not here speak of
// the document that the link was found in. Another alternate, mostly the same
// article in another language, is only related: readers take one alternate for
// the article's own link, and some take the last.
var linkRels = map[string]string{
	"alternate": "related", "external": "related", "license": "license", "payment": "payment",
	"related": "related", "replies": "replies", "via": "via",
}

func rssLinks(links []feed.Link) []rssLink {
	var out []rssLink
	for _, l := range links {
		if rel := linkRels[l.Rel]; rel != "" {
			out = append(out, rssLink{
				Rel: rel, Href: l.Href, Type: l.Type, Hreflang: l.Language,
				Title: l.Title, Length: max(0, l.Length),
			})
		}
	}
	return out
}

func writeXML(doc feeds.XmlFeed) ([]byte, error) {
	var b bytes.Buffer
	if err := feeds.WriteXML(doc, &b); err != nil {
		return nil, err
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}
