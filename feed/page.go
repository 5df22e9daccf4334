package feed

import "time"

// FullText says whether the pages of a source's articles are asked for their text.
type FullText string

// The ways to ask for full text.
const (
	FullTextNever  FullText = ""
	FullTextAuto   FullText = "auto"   // where the feed's text is, or may be, less than the page's
	FullTextAlways FullText = "always" // for every article that has a link
)

// Page is what an article's own page says: the page's side of an article, as an Item
// is the feed's. It is stored beside the Item, so that an Entry can be made anew
// of both without asking anybody; its JSON form is a storage format, and fields are only
// ever added to it. Nothing in it is cleaned: it passes the normaliser as items do.
type Page struct {
	URL  string    `json:"url"`  // where it was found, after redirects
	Seen time.Time `json:"seen"` // when it was asked for
	// Reader names the version of the extraction, and the settings of it, that read the
	// page: another one reads the kept copy again.
	Reader string `json:"reader"`

	Title   Text `json:"title,omitzero"`
	Summary Text `json:"summary,omitzero"` // its description (Open Graph, meta)
	// Content is the text of the article, of all its pages in order, as HTML without the
	// furniture. Its Base is what references in it resolve against.
	Content Text `json:"content,omitzero"`

	Authors    []Person   `json:"authors,omitempty"`
	Categories []Category `json:"categories,omitempty"` // article:section, tags, JSON-LD keywords
	Published  string     `json:"published,omitempty"`  // as written
	Updated    string     `json:"updated,omitempty"`    // as written
	Language   string     `json:"lang,omitempty"`
	Canonical  string     `json:"canonical,omitempty"` // absolute; empty if it names none
	Image      string     `json:"image,omitempty"`     // absolute URL of its lead image
	Site       string     `json:"site,omitempty"`      // what the site calls itself
	Pages      int        `json:"pages,omitempty"`     // how many pages Content was joined of; 0 is one

	// Wall says in words what stands in the place of the article ("a consent page"), or
	// before most of it ("a paywall"); empty if nothing does.
	Wall string `json:"wall,omitempty"`
}

// Leaf is one page of an article as it came: kept for a while (keep_pages), so that a
// better extraction can be applied to it.
type Leaf struct {
	URL         string `json:"url"` // after redirects
	ContentType string `json:"type,omitempty"`
	Body        []byte `json:"body"` // as it came, decompressed
}

// Errand is an article whose page is to be asked for.
type Errand struct {
	Source string // name, as configured now: its settings say how the page is read
	URL    string // the article's link: absolute
	Title  string // of the article, to know its headline by; plain text
}
