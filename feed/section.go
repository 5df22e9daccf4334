package feed

import (
	"fmt"
	"time"
)

// WholePaper is the name of the built-in section that holds every entry which
// at least one section took: the documents at the root of the site.
const WholePaper = ""

// Site is the paper as a whole.
type Site struct {
	Title    string `json:"title"`
	URL      string `json:"url"` // public base, absolute, without a trailing slash
	ID       string `json:"id"`  // part of every minted id
	Language string `json:"lang,omitempty"`
	Images   Images `json:"images,omitempty"` // where pictures on pages come from
	NoSearch bool   `json:"no_search,omitempty"`
	// ImageKey is what addresses of pictures that are passed on are signed with. It is the
	// store's own, made once; a Plan has none.
	ImageKey string `json:"-"`
}

// Images says where the pictures on pages come from. Feeds have the addresses that their
// sources gave, whatever it is: readers ask for pictures themselves.
type Images string

// The ways to show pictures on pages.
const (
	ImagesLink  Images = ""      // from the servers of their publishers, which is said
	ImagesProxy Images = "proxy" // through us: publishers see no reader
	ImagesNone  Images = "none"  // no page has any
)

// Terms is how much of an article its source lets us publish.
type Terms string

// The terms of a source or a section. Where both say something the stricter holds.
const (
	TermsUnsaid  Terms = ""        // nothing was said: everything is published, and check warns
	TermsFull    Terms = "full"    // the whole text
	TermsExcerpt Terms = "excerpt" // title, link and a summary
	TermsLink    Terms = "link"    // title and link
)

// severity orders terms by how little they let through.
func (t Terms) severity() int {
	switch t {
	case TermsUnsaid, TermsFull:
		return 0
	case TermsExcerpt:
		return 1
	default: // terms that nobody knows are taken for the strictest
		return 2
	}
}

// Looser reports whether t lets more be published than u does.
func (t Terms) Looser(u Terms) bool { return t.severity() < u.severity() }

// Stricter are those of t and u that let less be published; t if both let the same.
func (t Terms) Stricter(u Terms) Terms {
	if t.Looser(u) {
		return u
	}
	return t
}

// Show is what a section that is a podcast says of itself (itunes, podcast namespaces).
// The zero Show is of a section that is none.
type Show struct {
	Author   string `json:"author,omitempty"`
	Owner    string `json:"owner,omitempty"`    // name of whom to write to
	Email    string `json:"email,omitempty"`    // of Owner
	Category string `json:"category,omitempty"` // one of Apple's, "Main" or "Main > Sub"
	Explicit bool   `json:"explicit,omitempty"`
	Type     string `json:"type,omitempty"` // "episodic" or "serial"; empty for a section that is no podcast
	// GUID is its podcast:guid (ShowGUID), made once by the store; empty in a Plan.
	GUID string `json:"-"`
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

	// Parent is the section that gathers this one's entries with its own; empty for none.
	Parent string `json:"parent,omitempty"`
	// MaxPerSource is how many entries of one source are shown; 0 is any number.
	// MaxShare is the same as percent of Limit; 0 is any. The smaller of the two holds.
	MaxPerSource int `json:"max_per_source,omitempty"`
	MaxShare     int `json:"max_share,omitempty"`
	// MaxSize is how large each of its feeds may be, in bytes: fewer entries are shown,
	// the same in all formats. 0 is any size.
	MaxSize int64 `json:"max_size,omitempty"`
	// ItemTitle is how its feeds write titles: "{source}" and "{title}" stand for what
	// they say; empty is the title alone.
	ItemTitle string `json:"item_title,omitempty"`
	Terms     Terms  `json:"terms,omitempty"`
	Show      Show   `json:"show,omitzero"`
	// Private is the unguessable part of its address, if only those who know it may read
	// it; empty for a public section. In a Plan it is the word that the address is made
	// from, in a View the part itself.
	Private string `json:"-"`
}

// Path is where the section's documents are, below the site's base, with slashes at
// both ends.
func (s Section) Path() string {
	switch {
	case s.Private != "":
		return PrivatePath + s.Private + "/"
	case s.Name == WholePaper:
		return "/"
	default:
		return "/" + s.Name + "/"
	}
}

// Archive is the path below which the pages of its archive are.
func (s Section) Archive() string {
	switch {
	case s.Private != "":
		return s.Path() + "archive/"
	case s.Name == WholePaper:
		return ArchivePath + "-/" // no section's name
	default:
		return ArchivePath + s.Name + "/"
	}
}

// ArchivePage is the path below which the documents of a page of its archive are:
// "/-/archive/world/3/"; with a part, "/-/archive/world/3-27/".
func (s Section) ArchivePage(page, part int) string {
	if part > 0 {
		return fmt.Sprintf("%s%d-%d/", s.Archive(), page, part)
	}
	return fmt.Sprintf("%s%d/", s.Archive(), page)
}

// Paths below the site's base of what is no section's document.
const (
	ArchivePath = "/-/archive/" // archives of public sections
	PrivatePath = "/-/p/"       // private sections
	ArticlePath = "/-/a/"       // pages of single articles, by Entry.Address
	SearchPath  = "/-/search"
	ImagePath   = "/-/img/" // pictures that are passed on
	HubPath     = "/-/hub"
	PushPath    = "/-/push/" // what hubs call us back at
)

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
	// Squeezed: it is not shown there, because more of its source's articles that stand
	// before it are than the section shows of one.
	Squeezed bool `json:"squeezed,omitempty"`
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
	Brotli    []byte    // the same in other codings
	Zstd      []byte
	// Fresh is how long a copy need not be asked for again: as the section's rhythm is.
	// 0 is unsaid.
	Fresh time.Duration
}
