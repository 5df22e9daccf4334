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
}

// FeedXml makes the list one that gorilla/feeds writes.
func (o *opml) FeedXml() any { return o }

func newOPML(title string) *opml {
	return &opml{Version: "2.0", Title: title}
}

// renderSections lists our own feeds: the whole paper, then each section.
func renderSections(v feed.View) ([]byte, error) {
	o := newOPML(v.Site.Title)
	for _, section := range append([]feed.Section{v.Section}, sections(v.Index)...) {
		m := head(feed.View{Site: v.Site, Section: section})
		o.Body.Lines = append(o.Body.Lines, outline{
			Text: m.title, Title: m.title, Type: "rss", Version: "RSS2",
			XMLURL: m.base + m.file("rss.xml"), HTMLURL: m.home(),
			Language: m.language, Description: section.Description,
		})
	}
	return writeXML(o)
}

func sections(index []feed.IndexLine) []feed.Section {
	var out []feed.Section
	for _, line := range index {
		out = append(out, line.Section)
	}
	return out
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
