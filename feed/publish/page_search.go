package publish

import (
	"fmt"
	"net/url"
	"strings"

	"broadsheet/feed"
)

// searchBox is the form for a search.
type searchBox struct {
	voice
	Action string // way to the page of results
	Query  string
	Large  bool // it is what the page is for
}

// search is what was found.
type search struct {
	Query   string
	Where   string // in words: in what section, and of what source, category and language
	Count   string // in words; empty if nothing was asked for
	Nothing string // said if nothing was found
	Hint    string
	Follow  bool // its feeds are worth subscribing to
}

// RenderSearch makes the page of what was found for the selection of a view; without
// one, the page with the form.
func (p *Press) RenderSearch(v feed.View) (feed.Document, error) {
	v = sound(v)
	v.Selection.Query = soundText(v.Selection.Query)
	base, err := url.Parse(v.Site.URL)
	if err != nil {
		return feed.Document{}, fmt.Errorf("site.url: %w", err)
	}
	d := newDesk(v, base, feed.SearchPath)
	d.aside = true
	body, err := p.execute("search.html", d.found(v))
	if err != nil {
		return feed.Document{}, err
	}
	return checked(v, draft{path: feed.SearchPath, mediaType: typePage, body: body})
}

// found is the page of the results of a search.
func (d desk) found(v feed.View) page {
	p := d.frame(v)
	sel := v.Selection
	p.Search = &search{Query: sel.Query, Where: d.where(v)}
	p.Heading = d.W.Search
	p.Title = d.W.Search + " · " + v.Site.Title
	if sel.Query != "" {
		p.Title = clip(sel.Query, titleWidth) + " · " + p.Title
	}
	p.NoIndex = true
	p.Feeds = d.feeds(v.Section, sel.Encode())
	if sel.Query != "" {
		p.Feeds.Title = clip(sel.Query, titleWidth) + " · " + p.Feeds.Title
	}
	box := &searchBox{voice: d.voice, Action: "search", Query: sel.Query, Large: true}
	p.SearchBox = box
	switch s := p.Search; {
	case sel.IsZero():
		s.Hint = d.W.AskForWords
		return p
	case len(v.Entries) == 0:
		s.Nothing = fill(d.W.NothingFound, first(sel.Query, s.Where))
	default:
		s.Count = d.W.count(d.W.Results, len(v.Entries))
	}
	p.Search.Follow = true
	d.arrange(&p, v.Entries)
	return p
}

// where says in what was searched.
func (d desk) where(v feed.View) string {
	var parts []string
	if v.Section.Name != feed.WholePaper {
		parts = append(parts, v.Section.Title)
	}
	for _, s := range []string{v.Selection.Source, v.Selection.Category, v.Selection.Language} {
		if s != "" {
			parts = append(parts, clip(s, titleWidth))
		}
	}
	if len(parts) == 0 {
		return ""
	}
	return strings.Join(parts, " · ")
}
