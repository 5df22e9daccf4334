package feed

import "time"

// Entry is an article made safe and whole by the normaliser: what is stored,
// routed and published. Its JSON form is a storage format.
type Entry struct {
	// ID is the published id: an absolute IRI, fixed at first sight, the same in
	// every format (RFC 4287 §4.2.6). The store fills it in; see IDs.
	ID string `json:"id"`
	// Source is the name of the source that the entry belongs to, as configured
	// now; Feeds are the URLs of the source's feeds that listed it. Both are
	// filled in by the store and are not part of the stored form.
	Source string   `json:"-"`
	Feeds  []string `json:"-"`

	Title   string `json:"title,omitempty"`   // plain text, one line; never empty once normalised
	Link    string `json:"link,omitempty"`    // absolute http(s) URL of the article; empty if it has none
	Summary string `json:"summary,omitempty"` // plain text, paragraphs separated by "\n\n"; empty if it would only repeat Content
	Content HTML   `json:"content,omitempty"` // the fullest text there is; empty if there is only a summary or a title

	Authors      []Person    `json:"authors,omitempty"` // own, else the feed's; may be empty: publish then names the source
	Contributors []Person    `json:"contributors,omitempty"`
	Categories   []Category  `json:"categories,omitempty"` // own and configured, without repeats, in order
	Language     string      `json:"lang,omitempty"`       // BCP 47 tag; empty if unknown
	Links        []Link      `json:"links,omitempty"`      // others than Link: related, via, replies, alternate in another language
	Enclosures   []Enclosure `json:"enclosures,omitempty"`
	Image        string      `json:"image,omitempty"`  // absolute URL of the lead image
	Rights       string      `json:"rights,omitempty"` // plain text
	Comments     string      `json:"comments,omitempty"`
	CommentCount int         `json:"comment_count,omitempty"`
	Podcast      *Podcast    `json:"podcast,omitempty"`
	Place        *Place      `json:"place,omitempty"`
	Extras       []Element   `json:"extras,omitempty"` // by Passages; passed on as they are

	// Block names the element by which the article, or its feed, asks not to be republished;
	// empty if neither does. See Block.Why.
	Block Block `json:"block,omitempty"`

	// Canonical is what the article's own page names as its address, absolute; empty if
	// it was not read or names none. It tells copies of one story, and is not published.
	Canonical string `json:"canonical,omitempty"`

	// Also are the other places that have this story, if Entry stands for several
	// (feed/story). Filled in by the store for a View; not part of the stored form.
	Also []Copy `json:"-"`

	// Terms is how much of it its source lets us publish, and NoIndex that search engines
	// shall not show its text. Address is the name of its own page here, below ArticlePath;
	// empty if it has none. Filled in by the store for a View, as Also is.
	Terms   Terms  `json:"-"`
	NoIndex bool   `json:"-"`
	Address string `json:"-"`

	// Published never moves once stored. It is the article's own date; for an
	// article without a usable one it is the moment it was first seen, and
	// Undated is true.
	Published time.Time `json:"published"`
	Undated   bool      `json:"undated,omitempty"`
	// Updated moves only for a change that a reader would notice. Never before
	// Published.
	Updated time.Time `json:"updated"`
	// FirstSeen is when the article became known; SortAt is its place in every
	// section (SortAt), stored once.
	FirstSeen time.Time `json:"first_seen"`
	SortAt    time.Time `json:"sort_at"`

	// Origin is the feed that the article comes from, as it described itself when
	// the entry was stored or last changed (atom:source). URLs are absolute,
	// texts plain.
	Origin Channel `json:"origin,omitzero"`

	// Digest is a hash of what a reader would notice of the entry: equal digests
	// mean that Updated must not move.
	Digest string `json:"digest,omitempty"`
}

// Copy is another article of the same story.
type Copy struct {
	Source string // name of its source, as configured now
	Title  string // the source's name for readers
	Link   string // absolute http(s) URL; never empty
}

// Plain is the text of a Text that is known to be plain.
func Plain(s string) Text {
	if s == "" {
		return Text{}
	}
	return Text{Kind: TextPlain, Value: RawHTML(s)}
}

// Note is something that a step did to an item and that a person may ask about.
type Note struct {
	Step string `json:"step"` // name of the normaliser's step
	Text string `json:"text"` // what it did, in words
}

// LateLimit is how late an article may become known and still stand at the
// moment it became known; later ones are placed by their own date.
const LateLimit = 7 * 24 * time.Hour

// SortAt is the one place of an entry in every section that shows it.
//
// On the first poll of a feed it is the earlier of the article's own date and
// the moment it was first seen, so that a new source does not put its whole
// archive on top. Later, an article stands at the moment it became known, so
// that readers do not miss it below the fold, unless it is more than LateLimit
// late. published is zero for an undated article.
func SortAt(firstPoll bool, published, seen time.Time) time.Time {
	switch {
	case published.IsZero():
		return seen
	case firstPoll || seen.Sub(published) > LateLimit:
		if published.After(seen) {
			return seen
		}
		return published
	default:
		return seen
	}
}
