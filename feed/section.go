package feed

import "time"

// WholePaper is the name of the built-in section that holds every entry which
// at least one section took: the documents at the root of the site.
const WholePaper = ""

// Site is the paper as a whole.
type Site struct {
	Title    string `json:"title"`
	URL      string `json:"url"` // public base, absolute, without a trailing slash
	ID       string `json:"id"`  // part of every minted id
	Language string `json:"lang,omitempty"`
}

// Section is a named, ordered set of entries. What gets into it is the router's
// business; this is what it is called and how much of it is shown.
type Section struct {
	Name        string        `json:"name"` // [a-z0-9][a-z0-9-]{0,63}: the URL; WholePaper for the built-in one
	FirstName   string        `json:"first_name,omitempty"`
	RenamedFrom string        `json:"-"` // an earlier name of the section, from the config
	Title       string        `json:"title"`
	Description string        `json:"description,omitempty"`
	Image       string        `json:"image,omitempty"`   // absolute URL of its picture or logo
	Limit       int           `json:"limit"`             // entries shown; 0 is all
	MaxAge      time.Duration `json:"max_age,omitempty"` // older ones age out; 0 is never
	Min         int           `json:"min,omitempty"`     // the newest Min never age out
	Stories     Stories       `json:"stories,omitempty"` // what of one story is shown once
}

// Stories says what of one story a section shows once.
type Stories string

// The ways to show stories.
const (
	StoriesOn   Stories = ""     // the same article from several sources is one entry
	StoriesLink Stories = "link" // only articles with the same canonical link are
	StoriesOff  Stories = "off"  // every article is an entry of its own
)

// Membership is an entry's place in one section, with the reason.
type Membership struct {
	Section string `json:"section"`
	// Why names the rule, e.g. "sections.yaml:31: category is Iran" or
	// "config.yaml:12: source gulf-wire".
	Why string `json:"why"`
	// Instead names the source whose article of the same story is shown there in the
	// place of this one; empty if this one is.
	Instead string `json:"instead,omitempty"`
}

// Pos is a place in a file of the configuration.
type Pos struct {
	File   string `json:"file"`
	Line   int    `json:"line"`   // from 1; 0 is unknown
	Column int    `json:"column"` // from 1; 0 is unknown
}

// Document is a section in one format, ready to serve: a pure function of the
// store, so the same store gives the same bytes everywhere.
type Document struct {
	Path      string    // URL path below the site's base, with a leading slash: "/world/rss.xml"
	Section   string    // section it shows; WholePaper for the site's own
	MediaType string    // with charset
	Version   int64     // of the section when it was rendered
	Modified  time.Time // commit time of that version, whole seconds UTC
	Hash      string    // hex SHA-256 of Body: the ETag without its suffix for the coding
	Body      []byte    // identity bytes
	Gzip      []byte    // Body compressed, or nil where that saves nothing
}
