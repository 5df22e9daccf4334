package publish

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"broadsheet/feed"
)

const (
	// titleWidth is where a headline is cut: a headline longer than a paragraph
	// is a fault of its source.
	titleWidth = 200
	// excerptWidth is how much of a story's text a page shows.
	excerptWidth = 300
	// loneWidth is that of a story without a link: nowhere else to read it on.
	loneWidth = 2000
	// namedAuthors and namedCategories are how many are shown; papers of physics
	// have hundreds of authors.
	namedAuthors    = 3
	namedCategories = 4
)

// pageTime is how pages write a moment: absolute, so that the page is true
// whenever it is read, and the same bytes whenever it is made.
const pageTime = "2 Jan 2006, 15:04 UTC"

// story is an entry as pages show it. What is shown of it is plain text and
// http(s) URLs; the templates escape them.
type story struct {
	ID         string // of the entry; not shown
	Title      string
	Link       string // empty: no link
	Known      bool   // the language is known
	Language   string
	Direction  string // "ltr", "rtl" or "auto"
	Source     string
	SourceLink string
	Found      bool   // the date is when it was found, not its own
	Date       string // for people; empty if there is none
	Stamp      string // RFC 3339
	Authors    []string
	More       int // authors not named
	Categories []string
	Image      *picture
	Text       string
	Media      []medium
	Also       []medium // other places that have the story
}

// picture is a lead image. Width and Height are in pixels, both or neither.
type picture struct {
	URL           string
	Alt           string // empty: decorative
	Width, Height int
}

// medium is something to hear, to see or to read that comes with a story.
type medium struct {
	Label string
	URL   string
}

// desk makes stories of entries.
type desk struct {
	secure bool // the site is https: browsers show no http image on its pages
}

func (d desk) stories(entries []feed.Entry) []story {
	out := make([]story, 0, len(entries))
	for _, e := range entries {
		out = append(out, d.story(e))
	}
	return out
}

// story is the entry with its excerpt and picture.
func (d desk) story(e feed.Entry) story {
	s := d.headline(e)
	s.Authors, s.More = authorNames(e.Authors, s.Source)
	s.Categories = categoryNames(e.Categories)
	s.Image = d.picture(e)
	s.Media, s.Also = mediaLinks(e), alsoMedia(e.Also)
	width := excerptWidth
	if s.Link == "" {
		width = loneWidth
	}
	if s.Text = excerpt(e, width); s.Text == s.Title {
		s.Text = ""
	}
	return s
}

// headline is the entry in one line.
func (d desk) headline(e feed.Entry) story {
	s := story{
		ID:         e.ID,
		Title:      clip(e.Title, titleWidth),
		Link:       webURL(e.Link),
		Direction:  direction(e.Language),
		Source:     sourceName(e),
		SourceLink: webURL(e.Origin.Link),
		Found:      e.Undated,
	}
	if s.Title == "" {
		s.Title = "Untitled"
	}
	if s.Direction != "auto" {
		s.Known, s.Language = true, e.Language
	}
	if !e.Published.IsZero() {
		t := e.Published.UTC()
		s.Date, s.Stamp = t.Format(pageTime), t.Format(time.RFC3339)
	}
	return s
}

// sourceName is what readers know the source by: its title, else the host of
// the article, else its name in the configuration.
func sourceName(e feed.Entry) string {
	if title := clip(string(e.Origin.Title.Value), titleWidth); title != "" {
		return title
	}
	for _, link := range []string{e.Origin.Link, e.Link} {
		if u, err := url.Parse(link); err == nil && u.Hostname() != "" {
			return strings.TrimPrefix(u.Hostname(), "www.")
		}
	}
	return e.Source
}

func authorNames(people []feed.Person, source string) (names []string, more int) {
	for _, p := range people {
		name := clip(p.Name, titleWidth)
		switch {
		case name == "" || strings.EqualFold(name, source):
		case len(names) == namedAuthors:
			more++
		default:
			names = append(names, name)
		}
	}
	return names, more
}

func categoryNames(categories []feed.Category) []string {
	var names []string
	seen := make(map[string]bool)
	for _, c := range categories {
		name := clip(c.Name(), titleWidth)
		if key := strings.ToLower(name); name != "" && !seen[key] {
			seen[key] = true
			names = append(names, name)
		}
		if len(names) == namedCategories {
			break
		}
	}
	return names
}

// picture is the entry's lead image, with what its media say of it.
func (d desk) picture(e feed.Entry) *picture {
	src := webURL(e.Image)
	if src == "" || d.secure && !strings.HasPrefix(src, "https:") {
		return nil
	}
	p := &picture{URL: src}
	for _, m := range e.Enclosures {
		if m.URL != e.Image {
			continue
		}
		p.Alt = clip(m.Text, excerptWidth)
		if m.Width > 0 && m.Height > 0 {
			p.Width, p.Height = m.Width, m.Height
		}
		break
	}
	return p
}

// mediaLinks are the entry's first recording to hear and first to see.
func mediaLinks(e feed.Entry) []medium {
	var links []medium
	seen := make(map[string]bool)
	for _, m := range e.Enclosures {
		kind, href := mediaKind(m), webURL(m.URL)
		if kind == "" || href == "" || seen[kind] {
			continue
		}
		seen[kind] = true
		length := m.Duration
		if length == 0 && e.Podcast != nil {
			length = e.Podcast.Duration
		}
		label := kind
		if minutes := int(length.Round(time.Minute) / time.Minute); minutes > 0 {
			label += ", " + strconv.Itoa(minutes) + " min"
		}
		links = append(links, medium{Label: label, URL: href})
	}
	return links
}

func mediaKind(m feed.Enclosure) string {
	switch {
	case m.Medium == "audio" || strings.HasPrefix(m.Type, "audio/"):
		return "Audio"
	case m.Medium == "video" || strings.HasPrefix(m.Type, "video/"):
		return "Video"
	default:
		return ""
	}
}

// webURL is s if it is an absolute http(s) URL with a host, else empty.
func webURL(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return u.String()
}

// rightToLeft are the scripts (ISO 15924) that are written from right to left.
var rightToLeft = map[string]bool{
	"Adlm": true, "Arab": true, "Aran": true, "Hebr": true, "Mand": true,
	"Mend": true, "Nkoo": true, "Rohg": true, "Samr": true, "Syrc": true,
	"Thaa": true, "Yezi": true,
}

// direction is the value of the dir attribute for text in a language: that of
// the script that the tag names, or that the language is most often written in.
// It is "auto", which lets the first letter decide, if the language is unknown.
func direction(tag string) string {
	t, err := language.Parse(tag)
	if err != nil || t.IsRoot() {
		return "auto"
	}
	script, confidence := t.Script()
	switch {
	case confidence == language.No:
		return "auto"
	case rightToLeft[script.String()]:
		return "rtl"
	default:
		return "ltr"
	}
}
