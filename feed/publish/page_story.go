package publish

import (
	"cmp"
	"net/url"
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
	excerptWidth = 250
	// loneWidth is that of a story without a link: nowhere else to read it on.
	loneWidth = 2000
	// namedAuthors and namedCategories are how many are shown; papers of physics
	// have hundreds of authors.
	namedAuthors    = 3
	namedCategories = 4
	// pageAuthors is how many the page of an article names.
	pageAuthors = 30
	// fullStories is how many stories of a section page have a summary and a
	// picture, if there is room (page_room.go). Those after them are one line each.
	fullStories = 60
)

// story is an entry as pages show it. What is shown of it is plain text and
// http(s) URLs; the templates escape them.
type story struct {
	voice
	ID         string // of the entry; not shown
	Title      string
	Link       string // empty: no link
	Known      bool   // the language is known
	Language   string
	Direction  string // "ltr", "rtl" or "auto"
	Source     string
	SourceLink string
	Date       string // for people, in our words; empty if there is none
	Stamp      string // RFC 3339
	Authors    []string
	More       string // how many authors are not named; empty if all are
	Categories []string
	Image      *picture
	Text       string
	Media      []medium
	Also       []medium // other places that have the story
	Own        string   // way to its page here, if that has more of it
	Quiet      bool     // search engines shall not show its text
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

// desk makes stories of entries, for one page.
type desk struct {
	voice
	secure bool   // the site is https: browsers show no http image on its pages
	base   string // public address of the site, without a slash at its end
	root   string // way from the page to the front page
	aside  bool   // the page is that of no section, though it names one
	site   feed.Site
	owner  feed.Section // whose page it is, or that the page belongs to
}

// newDesk is for the page at a path below the site's base.
func newDesk(v feed.View, base *url.URL, path string) desk {
	w := siteWords(v.Site)
	return desk{
		voice:  voice{W: w, Marked: direction(v.Site.Language) != "auto" && !sameLanguage(v.Site.Language, w.tag)},
		secure: base.Scheme == "https", base: strings.TrimRight(v.Site.URL, "/"), root: wayUp(path),
		site: v.Site, owner: v.Section,
	}
}

// wayUp leads from the page at path to the front page.
func wayUp(path string) string {
	if n := strings.Count(path, "/") - 1; n > 0 {
		return strings.Repeat("../", n)
	}
	return "./"
}

// sameLanguage reports whether two tags begin with the same language.
func sameLanguage(a, b string) bool {
	a, _, _ = strings.Cut(a, "-")
	b, _, _ = strings.Cut(b, "-")
	return strings.EqualFold(a, b)
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
	var more int
	if s.Authors, more = authorNames(e.Authors, s.Source, namedAuthors); more > 0 {
		s.More = d.W.count(d.W.AndMore, more)
	}
	s.Categories = categoryNames(e.Categories, namedCategories)
	s.Also = alsoMedia(e.Also)
	s.Quiet = e.NoIndex
	if allowance(e, d.owner) == feed.TermsLink {
		return s
	}
	s.Image = d.picture(e)
	s.Media = d.mediaLinks(e)
	width := excerptWidth
	if s.Link == "" {
		width = loneWidth
	}
	if s.Text = excerpt(e, width); s.Text == s.Title {
		s.Text = ""
	}
	if d.hasMore(e, width) {
		s.Own = d.root + strings.TrimPrefix(ArticlePath(d.owner, e.Address), "/")
	}
	return s
}

// hasMore reports whether the entry's own page shows more than width letters of it.
func (d desk) hasMore(e feed.Entry, width int) bool {
	return e.Address != "" && allowance(e, d.owner) == feed.TermsFull &&
		strings.HasSuffix(clip(leadText(string(e.Content), 2*width), width), "…")
}

// allowance is how much of an entry a section may show: the stricter of what its source
// and the section say. What nobody spoke of is allowed.
func allowance(e feed.Entry, s feed.Section) feed.Terms {
	return cmp.Or(e.Terms.Stricter(s.Terms), feed.TermsFull)
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
		voice:      voice{W: d.W, Marked: true},
	}
	if s.Title == "" {
		s.Title = d.W.Untitled
	}
	if s.Direction != "auto" {
		s.Known, s.Language = true, e.Language
		s.Marked = !sameLanguage(e.Language, d.W.tag)
	}
	if !e.Published.IsZero() {
		s.Date, s.Stamp = d.date(e.Published, e.Undated), e.Published.UTC().Format(time.RFC3339)
	}
	return s
}

// date is a moment in words; found: it is when the article was found.
func (d desk) date(t time.Time, found bool) string {
	if found {
		return fill(d.W.Found, d.W.moment(t))
	}
	return d.W.moment(t)
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

func authorNames(people []feed.Person, source string, most int) (names []string, more int) {
	for _, p := range people {
		name := clip(p.Name, titleWidth)
		switch {
		case name == "" || strings.EqualFold(name, source):
		case len(names) == most:
			more++
		default:
			names = append(names, name)
		}
	}
	return names, more
}

func categoryNames(categories []feed.Category, most int) []string {
	var names []string
	seen := make(map[string]bool)
	for _, c := range categories {
		name := clip(c.Name(), titleWidth)
		if key := strings.ToLower(name); name != "" && !seen[key] {
			seen[key] = true
			names = append(names, name)
		}
		if len(names) == most {
			break
		}
	}
	return names
}

// picture is the entry's lead image, with what its media say of it.
func (d desk) picture(e feed.Entry) *picture {
	src := d.pictureURL(e.Image)
	if src == "" {
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
func (d desk) mediaLinks(e feed.Entry) []medium {
	var links []medium
	seen := make(map[string]bool)
	for _, m := range e.Enclosures {
		kind, href := mediaKind(m), webURL(m.URL)
		if kind == "" || href == "" || seen[kind] {
			continue
		}
		seen[kind] = true
		label := d.W.Audio
		if kind == "video" {
			label = d.W.Video
		}
		length := m.Duration
		if length == 0 && e.Podcast != nil {
			length = e.Podcast.Duration
		}
		if minutes := int(length.Round(time.Minute) / time.Minute); minutes > 0 {
			label += d.W.comma + d.W.count(d.W.Minutes, minutes)
		}
		links = append(links, medium{Label: label, URL: href})
	}
	return links
}

// mediaKind is "audio" or "video"; empty for any other file.
func mediaKind(m feed.Enclosure) string {
	switch {
	case m.Medium == "audio" || strings.HasPrefix(m.Type, "audio/"):
		return "audio"
	case m.Medium == "video" || strings.HasPrefix(m.Type, "video/"):
		return "video"
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
