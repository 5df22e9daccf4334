package publish

import (
	"errors"
	"fmt"
	"html/template"
	"net/url"
	"strings"
	"time"

	"broadsheet/feed"
)

// ArticlePath is where the page of an article is that a section shows: its address is
// the Entry's. Pages of articles of a private section are below its own path.
func ArticlePath(s feed.Section, address string) string {
	if s.Private != "" {
		return s.Path() + "a/" + address + "/"
	}
	return feed.ArticlePath + address + "/"
}

// article is the page of one article, beside what a story says of it.
type article struct {
	story
	Content   template.HTML // as the normaliser made it, fit for a page of ours
	Updated   string        // empty if it was not changed
	UpdatedAt string        // RFC 3339
	Players   []player
	Files     []medium
	Rights    string
	Full      bool // it has the whole text
	Section   string
	SectionAt string
}

// player is a recording.
type player struct {
	medium
	Type string
	Film bool
}

// ErrNoPage says that an article may have no page here: its source or its section allow
// no more than a link, or there is no text.
var ErrNoPage = errors.New("it has no page of its own")

// RenderArticle makes the page of the one entry of a view, for the section of the view.
// What it shows is what the entry's and the section's terms allow (S-10): the whole text,
// or its beginning. It is told to search engines as a copy of the original.
func (p *Press) RenderArticle(v feed.View) (feed.Document, error) {
	if len(v.Entries) != 1 || v.Entries[0].Address == "" || allowance(v.Entries[0], v.Section) == feed.TermsLink {
		return feed.Document{}, ErrNoPage
	}
	v = sound(v)
	base, err := url.Parse(v.Site.URL)
	if err != nil {
		return feed.Document{}, fmt.Errorf("site.url: %w", err)
	}
	path := ArticlePath(v.Section, v.Entries[0].Address)
	d := newDesk(v, base, path)
	d.aside = true
	body, err := p.execute("article.html", d.article(v))
	if err != nil {
		return feed.Document{}, err
	}
	return checked(v, draft{path: path, mediaType: typePage, body: body})
}

// checked makes a document of a draft that has no fault.
func checked(v feed.View, d draft) (feed.Document, error) {
	if faults := inspect(d.path, d.mediaType, d.body); len(faults) > 0 {
		return feed.Document{}, faults[0]
	}
	return newMade(v, d), nil
}

// article is the page of the entry of a view.
func (d desk) article(v feed.View) page {
	e := v.Entries[0]
	p := d.frame(v)
	s := d.story(e)
	a := &article{story: s, Rights: e.Rights, Section: v.Section.Title, SectionAt: d.root + strings.TrimPrefix(v.Section.Path(), "/")}
	p.Article = a
	p.Title = s.Title + " · " + v.Site.Title
	p.Heading = s.Title
	p.Description = excerpt(e, descriptionWidth)
	p.Canonical = s.Link
	p.NoIndex = true
	p.Feeds = d.feeds(v.Section, "")
	a.Own = ""
	a.Full = allowance(e, v.Section) == feed.TermsFull
	var more int
	if a.Authors, more = authorNames(e.Authors, s.Source, pageAuthors); more > 0 {
		a.More = d.W.count(d.W.AndMore, more)
	}
	a.Categories = categoryNames(e.Categories, len(e.Categories))
	if e.Updated.After(e.Published.Add(time.Minute)) {
		a.Updated, a.UpdatedAt = d.W.moment(e.Updated), e.Updated.UTC().Format(time.RFC3339)
	}
	d.text(a, e)
	if a.Full {
		a.Players, a.Files = d.files(e)
		a.Media = nil
	}
	return p
}

// text puts the article's text on its page, without the picture that stands in it anyway.
func (d desk) text(a *article, e feed.Entry) {
	if a.Full && e.Content != "" && fragmentMarkup(string(e.Content)) == nil {
		content, pictures := d.content(string(e.Content))
		a.Content = template.HTML(content)
		if a.Image != nil && pictures > 0 {
			a.Image = nil
		}
	}
	switch {
	case a.Content != "" && e.Summary != "":
		a.Text = strings.Join(strings.Fields(e.Summary), " ")
	case a.Content != "":
		a.Text = ""
	case a.Full && e.Summary != "":
		a.Content, a.Text = template.HTML(paragraphed(e.Summary)), ""
	}
}

// files are the entry's recordings, to be played, and its other files.
func (d desk) files(e feed.Entry) (players []player, files []medium) {
	for _, m := range e.Enclosures {
		href, kind := webURL(m.URL), mediaKind(m)
		switch {
		case href == "" || m.URL == e.Image || m.Medium == "image" || strings.HasPrefix(m.Type, "image/"):
		case kind != "" && (!d.secure || strings.HasPrefix(href, "https:")):
			label := first(m.Title, d.W.Audio)
			if kind == "video" {
				label = first(m.Title, d.W.Video)
			}
			players = append(players, player{medium: medium{Label: label, URL: href}, Type: fileType(m), Film: kind == "video"})
		default:
			files = append(files, medium{Label: first(m.Title, nameOfFile(href)), URL: href})
		}
	}
	return players, files
}

// nameOfFile is what people call the file at a URL.
func nameOfFile(href string) string {
	u, err := url.Parse(href)
	if err != nil {
		return href
	}
	name := u.Path[strings.LastIndexByte(u.Path, '/')+1:]
	return clip(first(name, u.Hostname()), titleWidth)
}

// feeds are where the feeds of a section are, narrowed by a query.
func (d desk) feeds(s feed.Section, query string) *feedLinks {
	at := d.root + strings.TrimPrefix(s.Path(), "/")
	end, title := "", d.site.Title
	if query != "" {
		end = "?" + query
	}
	if s.Name != feed.WholePaper {
		title = s.Title + " · " + title
	}
	return &feedLinks{Title: title, RSS: at + "rss.xml" + end, Atom: at + "atom.xml" + end, JSON: at + "feed.json" + end}
}
