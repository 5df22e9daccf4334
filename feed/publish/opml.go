package publish

import (
	"cmp"
	"encoding/xml"

	"broadsheet/feed"
)

// opml is a reading list (OPML 2.0). It carries no date: what it lists has
// none, and the time at which it was written is nobody's business.
type opml struct {
	XMLName xml.Name `xml:"opml"`
	Version string   `xml:"version,attr"`
	Title   string   `xml:"head>title"`
	Body    opmlBody `xml:"body"`
}

type opmlBody struct {
	Lines []outline `xml:"outline"`
}

// outline is a feed to subscribe to.
type outline struct {
	Text        string `xml:"text,attr"`
	Title       string `xml:"title,attr"`
	Type        string `xml:"type,attr"`
	Version     string `xml:"version,attr,omitempty"`
	XMLURL      string `xml:"xmlUrl,attr"`
	HTMLURL     string `xml:"htmlUrl,attr,omitempty"`
	Language    string `xml:"language,attr,omitempty"`
	Description string `xml:"description,attr,omitempty"`
	// Lines are feeds that this one gathers.
	Lines []outline `xml:"outline"`
}

// FeedXml makes the list one that gorilla/feeds writes.
func (o *opml) FeedXml() any { return o }

func newOPML(title string) *opml {
	return &opml{Version: "2.0", Title: title}
}

// renderSections lists our own feeds: the whole paper, then each section, with those
// that it gathers below it.
func renderSections(v feed.View) ([]byte, error) {
	o := newOPML(v.Site.Title)
	o.Body.Lines = append([]outline{outlineOf(v.Site, v.Section)}, nested(v.Site, v.Index)...)
	return writeXML(o)
}

// nested are the sections of an index, each below its parent if that is listed.
func nested(site feed.Site, index []feed.IndexLine) []outline {
	listed := make(map[string]bool)
	for _, line := range index {
		listed[line.Section.Name] = true
	}
	below := make(map[string][]feed.Section)
	for _, line := range index {
		up := line.Section.Parent
		if !listed[up] {
			up = ""
		}
		below[up] = append(below[up], line.Section)
	}
	return outlines(site, below, "")
}

func outlines(site feed.Site, below map[string][]feed.Section, parent string) (out []outline) {
	for _, section := range below[parent] {
		line := outlineOf(site, section)
		line.Lines = outlines(site, below, section.Name)
		out = append(out, line)
	}
	return out
}

func outlineOf(site feed.Site, section feed.Section) outline {
	m := head(feed.View{Site: site, Section: section})
	return outline{
		Text: m.title, Title: m.title, Type: "rss", Version: "RSS2",
		XMLURL: m.base + m.file("rss.xml"), HTMLURL: m.home(),
		Language: m.language, Description: section.Description,
	}
}

// renderSources lists the feeds that the paper is made of. An outlet with
// several feeds has a line for each: readers that import the list subscribe to
// the same set.
func renderSources(v feed.View) ([]byte, error) {
	o := newOPML(v.Site.Title + ": sources")
	for _, s := range v.Sources {
		name := cmp.Or(s.Title, s.Name)
		for _, url := range s.Feeds {
			o.Body.Lines = append(o.Body.Lines, outline{
				Text: name, Title: name, Type: "rss",
				XMLURL: url, HTMLURL: s.Link, Language: s.Language,
			})
		}
	}
	return writeXML(o)
}
