package feed

import "time"

// View is a section as it is to be published: all that a document is made of,
// read from the store at one version.
type View struct {
	Site     Site
	Section  Section
	ID       string // the feed's id, minted from the section's first name
	Version  int64
	Modified time.Time // commit time of Version: Last-Modified, not part of any document
	Created  time.Time // when the section was first known: its date while it is empty
	Entries  []Entry   // shown, in order
	Hubs     []string  // WebSub hubs that announce the section's feeds, absolute; none is usual
	// Selection narrows the section to what a reader asked for; zero for the section's own
	// documents.
	Selection Selection
	// Chain is where what is not among Entries is found (RFC 5005).
	Chain Chain
	// Gone are articles that were published in the section and taken back, the latest first.
	Gone []Tombstone
	// Index is every public section but WholePaper, in the order of the configuration,
	// for navigation and OPML. Only for WholePaper do the lines hold Entries.
	Index []IndexLine
	// Sources are the configured sources, in order, for OPML; filled in for
	// WholePaper only.
	Sources []SourceLine
}

// Selection is what of a section is asked for. Its texts are a reader's, and bounded by
// whoever takes them.
type Selection struct {
	Source   string // name of a source
	Category string
	Language string // BCP 47 tag: en holds for en-GB
	Query    string // words to search for
}

// IsZero reports whether everything is asked for.
func (s Selection) IsZero() bool { return s == Selection{} }

// Chain is the place of a document among those that together are a whole section
// (RFC 5005 §4). The numbers are those of archive pages; the first is 1, 0 is none.
type Chain struct {
	// Page is that of this document; 0 if it is the subscription document. Part is how
	// many entries a page has that is not full yet, 0 for a full one: it has another
	// address for each number, for archived pages never change.
	Page, Part int
	// Older is the page before it (prev-archive) and OlderPart its Part; Newer is the one
	// after it (next-archive), 0 if that is not full yet.
	Older, OlderPart, Newer int
}

// IsArchive reports whether the document is a page of an archive.
func (c Chain) IsArchive() bool { return c.Page > 0 }

// Sheet is a page of a section's archive that is to be made.
type Sheet struct {
	View   View
	Places []Seat // of its entries, by number
	Made   bool   // it is stored already, and need not be made again
	Stale  int64  // the store's: what happened to the page before it was read
}

// Seat is an entry's place in the archive of a section, which it keeps.
type Seat struct {
	Seq  int64  // its number, from 1
	ID   string // published id that the place bears
	Row  int64  // entry whose words stand there; 0 if none do
	Mark int64  // the store's: what happened to the place before the sheet was read
}

// Tombstone says that an article was taken back (RFC 6721).
type Tombstone struct {
	ID string
	At time.Time
}

// IndexLine is a section as the front page lists it.
type IndexLine struct {
	Section Section
	Entries []Entry // the newest few
}

// SourceLine is a source as readers see it. URLs carry no credentials.
type SourceLine struct {
	Name     string   `json:"name"`
	Title    string   `json:"title"`
	Link     string   `json:"link,omitempty"`
	Image    string   `json:"image,omitempty"`
	Language string   `json:"lang,omitempty"`
	Feeds    []string `json:"feeds"`
}

// Plan is the configuration as far as the store must know it.
type Plan struct {
	Site     Site // ID empty: the one in the store, else its URL
	Outlets  []PlannedOutlet
	Sections []Section // in order, without WholePaper
	Rules    string    // version of the router's rules and of how stories are recognised
	Press    string    // version of the publisher: another one makes every document anew
	Hubs     []string  // WebSub hubs that announce the feeds, absolute
	Withdraw []string  // articles that the operator takes back, by id or link, and WithdrawSource with names
}

// WithdrawSource is what a line of Plan.Withdraw begins with that takes a whole source back.
const WithdrawSource = "source:"

// PlannedOutlet is an outlet with the recipe that its entries are made by.
type PlannedOutlet struct {
	Outlet
	Recipe string // version of the normaliser and of the settings it uses for this outlet
}

// FeedStatus is how one feed of a source is doing.
type FeedStatus struct {
	Source      string
	URL         string
	State       State
	Since       time.Time // when it came into this state
	LastPoll    time.Time // start of the last attempt; zero if none
	LastSuccess time.Time
	NextPoll    time.Time
	Reason      string // why then
	Error       string // one plain sentence, empty if the last poll was good
	Kind        Kind
	Failures    int
	Warnings    []Warning
	Listed      int            // items in the last body that was read
	Drops       map[string]int // of that body, by code
	Format      string
	Title       string // the feed's own
	Code        int    // HTTP status of the last answer
	Bytes       int64
	Entries     int // stored entries that this feed listed
	Held        int // of these, entries that its guard holds
	History     History
}

// SectionStatus is how a section is doing.
type SectionStatus struct {
	Section  Section
	Entries  int // members, shown or not
	Shown    int
	Newest   time.Time // SortAt of the first one; zero if empty
	Version  int64
	Modified time.Time
	ETag     string // hash of the Atom document; empty if there is none yet
	Pending  bool   // its documents are older than its version
}
