package publish

import (
	"cmp"
	"strconv"
	"strings"

	"broadsheet/feed"
)

// show is what the iTunes and Podcasting 2.0 namespaces say of a channel that is a
// podcast (ITUNES-1, POD-2).
type show struct {
	ShowAuthor   string        `xml:"itunes:author,omitempty"`
	ShowOwner    *showOwner    `xml:"itunes:owner"`
	ShowCategory *showCategory `xml:"itunes:category"`
	ShowImage    *showImage    `xml:"itunes:image"`
	ShowExplicit string        `xml:"itunes:explicit,omitempty"`
	ShowType     string        `xml:"itunes:type,omitempty"`
	ShowGUID     string        `xml:"podcast:guid,omitempty"`
}

type showOwner struct {
	Name  string `xml:"itunes:name,omitempty"`
	Email string `xml:"itunes:email"`
}

type showCategory struct {
	Text string        `xml:"text,attr"`
	Sub  *showCategory `xml:"itunes:category"`
}

type showImage struct {
	Href string `xml:"href,attr"`
}

// showOf is what the section of a view says of itself as a podcast; nothing if it is
// none.
func showOf(v feed.View, m masthead) show {
	s := v.Section.Show
	if s == (feed.Show{}) {
		return show{}
	}
	out := show{
		ShowAuthor:   cmp.Or(s.Author, v.Site.Title),
		ShowExplicit: strconv.FormatBool(s.Explicit),
		ShowType:     s.Type,
		ShowGUID:     cmp.Or(s.GUID, feed.ShowGUID(m.base+m.file("rss.xml"))),
	}
	if s.Email != "" { // an owner is whom one can write to
		out.ShowOwner = &showOwner{Name: s.Owner, Email: s.Email}
	}
	if main, sub, _ := strings.Cut(s.Category, " > "); main != "" {
		out.ShowCategory = &showCategory{Text: main}
		if sub != "" {
			out.ShowCategory.Sub = &showCategory{Text: sub}
		}
	}
	if v.Section.Image != "" {
		out.ShowImage = &showImage{Href: v.Section.Image}
	}
	return out
}

// host declares the namespaces of a podcast.
func (x *extensions) host(s show) {
	if s != (show{}) {
		x.NSITunes, x.NSPodcast = nsITunes, nsPodcast
	}
}

func soundShow(s feed.Show) feed.Show {
	s.Author, s.Owner, s.Category = soundText(s.Author), soundText(s.Owner), soundText(s.Category)
	s.Email = emailAddress(s.Email)
	switch s.Type {
	case "episodic", "serial":
	default:
		s.Type = ""
	}
	return s
}
