package publish

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/url"
	"strings"

	"broadsheet/feed"
)

const (
	// frontNewest is how many of the paper's newest stories the front page shows
	// before its sections: a lead and one column.
	frontNewest = 10
	// frontLine is how many stories of each section the front page shows.
	frontLine = 5
	// fullStories is how many stories of a section page have a summary and a
	// picture. Those after them are one line each, so that a section without a
	// limit still shows the set that its feeds show, in a page that opens on a
	// phone.
	fullStories = 60
	// leadReach is how far down the newest stories the front page looks for one
	// with a picture to lead with.
	leadReach = 5
)

const (
	typePage  = "text/html; charset=utf-8"
	typeStyle = "text/css; charset=utf-8"
)

// stylePath is where the one stylesheet of all pages is, below the site's base.
const stylePath = "/-/style.css"

//go:embed templates/*.html
var templateFiles embed.FS

//go:embed style.css
var stylesheet []byte

var pageTemplates = template.Must(template.ParseFS(templateFiles, "templates/*.html"))

// page is what the templates are given. Links within the site are relative to
// the page, so that a static site works under any host and prefix; only what
// must name the public address (canonical) is absolute.
type page struct {
	Language  string // of the site: the page's own
	Direction string // "ltr" or "rtl"
	// Foreign: the site is not in English, which the few words of the pages
	// themselves are in; they are marked as such.
	Foreign     bool
	Site        string // title of the paper
	Title       string // of the document; its feeds are called so too, with the format
	Heading     string
	Description string
	Canonical   string
	Root        string // relative way to the front page
	Front       bool
	Sections    []sectionLink
	Lead        *story // front page only
	Stories     []story
	Earlier     []story // one line each
	Lines       []line  // front page only
}

// sectionLink is a section in the navigation.
type sectionLink struct {
	Title   string
	Href    string
	Current bool
}

// line is a section on the front page.
type line struct {
	sectionLink
	Tell    bool // the first story has its text and picture
	Stories []story
}

// pages makes the documents that people read in a browser: for a section its
// page, for the whole paper the front page and the stylesheet.
func pages(v feed.View) ([]draft, error) {
	base, err := url.Parse(v.Site.URL)
	if err != nil {
		return nil, fmt.Errorf("page of section %q: site.url: %w", v.Section.Name, err)
	}
	d := desk{secure: base.Scheme == "https"}
	if v.Section.Name == feed.WholePaper {
		body, err := execute("front.html", d.front(v))
		if err != nil {
			return nil, err
		}
		return []draft{
			{path: "/", mediaType: typePage, body: body},
			{path: stylePath, mediaType: typeStyle, body: stylesheet},
		}, nil
	}
	body, err := execute("section.html", d.section(v))
	if err != nil {
		return nil, err
	}
	return []draft{{path: v.Section.Path(), mediaType: typePage, body: body}}, nil
}

func execute(name string, p page) ([]byte, error) {
	var b bytes.Buffer
	if err := pageTemplates.ExecuteTemplate(&b, name, p); err != nil {
		return nil, fmt.Errorf("page %s: %w", p.Canonical, err)
	}
	return b.Bytes(), nil
}

// section is the page of one section.
func (d desk) section(v feed.View) page {
	p := d.frame(v, upFrom(v.Section.Path()))
	p.Heading = v.Section.Title
	p.Title = v.Section.Title + " · " + v.Site.Title
	p.Canonical = v.Site.URL + v.Section.Path()
	full := min(len(v.Entries), fullStories)
	p.Stories = d.stories(v.Entries[:full])
	for _, e := range v.Entries[full:] {
		p.Earlier = append(p.Earlier, d.headline(e))
	}
	return p
}

// upFrom is the relative way to the front page from a page at path, which begins and
// ends with a slash.
func upFrom(path string) string { return strings.Repeat("../", strings.Count(path, "/")-1) }

// front is the page of the whole paper.
func (d desk) front(v feed.View) page {
	p := d.frame(v, "./")
	p.Front = true
	p.Heading = v.Site.Title
	p.Title = v.Site.Title
	p.Canonical = v.Site.URL + "/"
	p.Stories = d.stories(v.Entries[:min(len(v.Entries), frontNewest)])
	p.Lead, p.Stories = takeLead(p.Stories)
	told := make(map[string]bool) // by id: shown with its text
	if p.Lead != nil {
		told[p.Lead.ID] = true
	}
	for i, x := range v.Index {
		if len(x.Entries) == 0 {
			continue // the navigation names it; an empty box would say no more
		}
		l := line{sectionLink: p.Sections[i]}
		l.Stories = d.stories(x.Entries[:min(len(x.Entries), frontLine)])
		// A story may be in many sections; its text stands on the page once.
		l.Tell = !told[l.Stories[0].ID]
		told[l.Stories[0].ID] = true
		p.Lines = append(p.Lines, l)
	}
	return p
}

// frame is what all pages have.
func (d desk) frame(v feed.View, root string) page {
	p := page{
		Language:    v.Site.Language,
		Direction:   direction(v.Site.Language),
		Site:        v.Site.Title,
		Description: v.Section.Description,
		Root:        root,
	}
	if p.Language == "" {
		p.Language = "en"
	}
	if p.Direction == "auto" {
		p.Direction = "ltr"
	}
	p.Foreign = p.Language != "en" && !strings.HasPrefix(p.Language, "en-")
	for _, x := range v.Index {
		p.Sections = append(p.Sections, sectionLink{
			Title:   x.Section.Title,
			Href:    root + x.Section.Name + "/",
			Current: x.Section.Name == v.Section.Name,
		})
	}
	return p
}

// takeLead picks the story that opens the front page: the newest that has a
// picture, if it is among the first few, else the newest. The others keep their
// order.
func takeLead(stories []story) (*story, []story) {
	if len(stories) == 0 {
		return nil, nil
	}
	at := 0
	for i := range stories[:min(len(stories), leadReach)] {
		if stories[i].Image != nil {
			at = i
			break
		}
	}
	lead := stories[at]
	rest := make([]story, 0, len(stories)-1)
	rest = append(rest, stories[:at]...)
	return &lead, append(rest, stories[at+1:]...)
}
