package publish

import (
	"bytes"
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
	// frontLine is how many stories of each section the front page shows at most.
	frontLine = 5
	// leadReach is how far down the newest stories the front page looks for one
	// with a picture to lead with.
	leadReach = 5
	// shownSources is how many sources a page names; the reading list has them all.
	shownSources = 24
)

const typePage = "text/html; charset=utf-8"

// page is what the templates are given. Links within the site are relative to
// the page, so that a static site works under any host and prefix; only what
// must name the public address (canonical) is absolute.
type page struct {
	voice
	Language    string // of the site: the page's own
	Direction   string // "ltr" or "rtl"
	Site        string // title of the paper
	Title       string // of the document
	Heading     string
	Description string
	Canonical   string // public address of what is shown; empty for what is no document of ours
	NoIndex     bool   // search engines shall not list the page
	Root        string // way to the front page: relative, or a path
	Front       bool
	Feeds       *feedLinks // nil if it has none
	SearchBox   *searchBox // nil if the site has no search
	Sections    []sectionLink
	Inner       []sectionLink // sections within the one that is shown, or beside it
	InnerOf     string        // title of the one that they are in
	Hotlinks    bool          // pictures come from elsewhere
	Sources     []medium
	MoreSources string
	Lead        *story // front page only
	Stories     []story
	Earlier     []story // one line each
	Rest        string  // how many there was no room for; empty if for all
	Lines       []line  // front page only
	Article     *article
	Search      *search
	Notice      *notice
}

// voice is the words of ours that a page is written with.
type voice struct {
	W *words
	// Marked: they are in another language than the text around them.
	Marked bool
}

// feedLinks are where the feeds of what is shown are, and what they are called.
type feedLinks struct{ Title, RSS, Atom, JSON string }

// sectionLink is a section in the navigation.
type sectionLink struct {
	Title   string
	Href    string
	Current bool // it is the page
	Open    bool // the page is in it
}

// line is a section on the front page.
type line struct {
	sectionLink
	Inner   []sectionLink
	Tell    bool // the first story has its text and picture
	Stories []story
}

// pages makes the documents that people read in a browser: for a section its
// page, for the whole paper the front page and what all pages have.
func (p *Press) pages(v feed.View) ([]draft, error) {
	base, err := url.Parse(v.Site.URL)
	if err != nil {
		return nil, fmt.Errorf("page of section %q: site.url: %w", v.Section.Name, err)
	}
	path := v.Section.Path()
	d := newDesk(v, base, path)
	if v.Section.Name != feed.WholePaper {
		body, err := p.execute("section.html", d.section(v))
		return []draft{{path: path, mediaType: typePage, body: body}}, err
	}
	body, err := p.execute("front.html", d.front(v))
	if err != nil {
		return nil, err
	}
	return append([]draft{{path: path, mediaType: typePage, body: body}}, p.assets(v.Site, base.Path)...), nil
}

// pagePaths are the paths that pages makes documents for.
func (p *Press) pagePaths(v feed.View) []string {
	paths := []string{v.Section.Path()}
	if v.Section.Name == feed.WholePaper {
		for _, d := range p.assets(v.Site, "") {
			paths = append(paths, d.path)
		}
	}
	return paths
}

func (p *Press) execute(name string, data page) ([]byte, error) {
	var b bytes.Buffer
	if err := p.templates.ExecuteTemplate(&b, name, data); err != nil {
		return nil, fmt.Errorf("page %s: %w", data.Canonical, err)
	}
	return b.Bytes(), nil
}

// section is the page of one section.
func (d desk) section(v feed.View) page {
	p := d.frame(v)
	p.Heading = v.Section.Title
	p.Title = v.Section.Title + " · " + v.Site.Title
	p.Canonical = d.base + v.Section.Path()
	p.Description = v.Section.Description
	p.Feeds = &feedLinks{Title: p.Title, RSS: "rss.xml", Atom: "atom.xml", JSON: "feed.json"}
	p.NoIndex = v.Section.Private != ""
	p.Sources, p.MoreSources = d.sources(entrySources(v.Entries))
	d.arrange(&p, v.Entries)
	return p
}

// front is the page of the whole paper.
func (d desk) front(v feed.View) page {
	p := d.frame(v)
	p.Front = true
	p.Heading = v.Site.Title
	p.Title = v.Site.Title
	p.Canonical = d.base + "/"
	p.Description = v.Section.Description
	p.Feeds = &feedLinks{Title: p.Title, RSS: "rss.xml", Atom: "atom.xml", JSON: "feed.json"}
	var sources []medium
	for _, s := range v.Sources {
		sources = append(sources, medium{Label: s.Title, URL: webURL(s.Link)})
	}
	p.Sources, p.MoreSources = d.sources(sources)
	p.Stories = d.stories(v.Entries[:min(len(v.Entries), frontNewest)])
	p.Lead, p.Stories = takeLead(p.Stories)
	told := make(map[string]bool) // by id: shown with its text
	if p.Lead != nil {
		told[p.Lead.ID] = true
	}
	parents := parentsOf(v.Index)
	for _, x := range v.Index {
		if len(x.Entries) == 0 || x.Section.Private != "" || parents[x.Section.Name] != "" {
			// The navigation names it; an empty box would say no more, and what is
			// within another section is in that one's box.
			continue
		}
		l := line{sectionLink: d.sectionLink(x.Section, v.Section), Inner: d.within(v, parents, x.Section.Name)}
		l.Stories = d.stories(x.Entries[:min(len(x.Entries), frontLine)])
		// A story may be in many sections; its text stands on the page once.
		l.Tell = !told[l.Stories[0].ID]
		told[l.Stories[0].ID] = true
		p.Lines = append(p.Lines, l)
	}
	trimLines(&p)
	return p
}

// frame is what all pages have.
func (d desk) frame(v feed.View) page {
	p := page{
		voice:     d.voice,
		Language:  v.Site.Language,
		Direction: direction(v.Site.Language),
		Site:      v.Site.Title,
		Root:      d.root,
		Hotlinks:  v.Site.Images == feed.ImagesLink,
	}
	if p.Language == "" {
		p.Language = "en"
	}
	if p.Direction == "auto" {
		p.Direction = "ltr"
	}
	if !v.Site.NoSearch {
		p.SearchBox = &searchBox{voice: d.voice, Action: d.root + strings.TrimPrefix(feed.SearchPath, "/")}
	}
	parents := parentsOf(v.Index)
	above := parents[v.Section.Name]
	for _, x := range v.Index {
		if x.Section.Private != "" && x.Section.Name != v.Section.Name || parents[x.Section.Name] != "" {
			continue
		}
		link := d.sectionLink(x.Section, v.Section)
		link.Open = x.Section.Name == above
		p.Sections = append(p.Sections, link)
	}
	if top := first(above, v.Section.Name); top != feed.WholePaper {
		p.Inner = d.within(v, parents, top)
		for _, x := range v.Index {
			if x.Section.Name == top {
				p.InnerOf = x.Section.Title
			}
		}
	}
	return p
}

// first is the first of names that is not empty.
func first(names ...string) string {
	for _, name := range names {
		if name != "" {
			return name
		}
	}
	return ""
}

// parentsOf gives for each section that is within another one the name of the outermost
// of these. One within a section that is not listed, or within itself, is on its own.
func parentsOf(index []feed.IndexLine) map[string]string {
	above := map[string]string{}
	for _, x := range index {
		if x.Section.Private == "" {
			above[x.Section.Name] = x.Section.Parent
		}
	}
	top := map[string]string{}
	for name := range above {
		at := name
		for range above { // a circle ends somewhere
			if _, listed := above[above[at]]; above[at] == "" || !listed {
				break
			}
			at = above[at]
		}
		if at != name && above[at] == "" {
			top[name] = at
		}
	}
	return top
}

// within are the links to the sections within one.
func (d desk) within(v feed.View, parents map[string]string, name string) []sectionLink {
	var out []sectionLink
	for _, x := range v.Index {
		if parents[x.Section.Name] == name {
			out = append(out, d.sectionLink(x.Section, v.Section))
		}
	}
	return out
}

func (d desk) sectionLink(s, shown feed.Section) sectionLink {
	return sectionLink{Title: s.Title, Href: d.root + strings.TrimPrefix(s.Path(), "/"),
		Current: s.Name == shown.Name && s.Name != feed.WholePaper && !d.aside}
}

// sources names sources, each once, in order.
func (d desk) sources(list []medium) (shown []medium, more string) {
	seen := map[string]bool{}
	for _, m := range list {
		if m.Label = clip(m.Label, titleWidth); m.Label == "" || seen[m.Label] {
			continue
		}
		seen[m.Label] = true
		if len(shown) < shownSources {
			shown = append(shown, m)
		}
	}
	if n := len(seen) - len(shown); n > 0 {
		more = d.W.count(d.W.AndMore, n)
	}
	return shown, more
}

// entrySources are where entries are from, in their order.
func entrySources(entries []feed.Entry) []medium {
	var out []medium
	for _, e := range entries {
		out = append(out, medium{Label: sourceName(e), URL: webURL(e.Origin.Link)})
	}
	return out
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

// funcs are what templates may call beside what Go's have.
var funcs = template.FuncMap{"fill": fill}
