package feed

import "time"

// Ask says which work a worker wants.
type Ask struct {
	// DueBy: only feeds whose next poll is not later than this.
	DueBy time.Time
	// Sources, if not nil, limits the work to the feeds of these sources.
	Sources []string
	// Anyway takes feeds that are not due, if their last poll began before DueBy:
	// a person asked for them by name. Host leases, gaps and holds still count,
	// and so does "paused".
	Anyway bool
	// FeedsOnly: who asks takes no pages, so that no feed waits for the pages' turn.
	FeedsOnly bool
	Until     time.Time // end of the lease
}

// Claim is a subscription that is to be polled now, with the lease of its host
// and what the last polls left behind. While it is held no other worker is
// given the host, nor any feed of the same source.
type Claim struct {
	Lease     Lease
	Row       int64  // of the subscription, in the store
	Source    string // name of the source now
	FirstName string // the name it had first: part of every id minted for it
	URL       string
	Memo      Memo
	Header    Header // of the last good poll, for its hints
	First     bool   // no poll of this feed was ever good
	History   History
	Held      int // articles that the feed's guard holds
	// Spare is how many of the source's latest pages in a row had no more than the feed's
	// text, counted up to a few.
	Spare    int
	Success  time.Time // start of the last good poll; zero if none was
	Failures int       // in a row
	State    State
	Due      time.Time
	// PushSince and PushUntil are since and until when a hub pushes what the feed has new;
	// zero if none does.
	PushSince, PushUntil time.Time
}

// Known is what the store knows under a key.
type Known struct {
	Entry   int64  // row of the entry; 0 if the key is retired
	Hash    string // of the item when this same feed last listed it; empty if it never did
	Retired bool   // the key once stood for several items and identifies nothing any more
	Shared  bool   // another entry came with it, too: alone it tells nothing
}

// Stored is an entry as it lies in the store, with what it was made of.
type Stored struct {
	Row       int64
	Revision  int64 // moves with each write: a batch that finds another one lets go
	Entry     Entry
	Original  string // see Identity
	FirstPoll bool   // it came with the first good poll of its feed
	Sightings []Sighting
	Members   []Membership
	Apart     *Apart   // nil if it stands in its sections
	Story     *Story   // nil if no other source has the article
	Made      string   // recipe of the normaliser that made the entry
	Routed    string   // version of the rules that routed it
	Reading   *Reading // of its own page; nil if that was never asked for
}

// Overtaken is Stored.Made of an entry whose item changed while something else was written
// of it: what is shown is of before, and whether it counts as updated is decided when it
// is made anew. No recipe is called so.
const Overtaken = "overtaken"

// Arrival is an entry to be written: new, or made again from a changed item.
type Arrival struct {
	Row      int64 // 0 if new
	Revision int64 // expected, if not new
	// IDs are the candidates for the published id of a new entry, best first: the
	// store takes the first that no other entry has. Never moved afterwards.
	IDs       []string
	Original  string
	FirstPoll bool
	Keys      []Key // added to those it has; a key that another entry has stays there
	Entry     Entry
	Item      Item   // the sighting by the polled feed; not written by a batch of re-making
	Hash      string // of Item
	// Standing keeps a new entry out of every section, and Why says why in words.
	Standing Standing
	Why      string
	Members  []Membership
	Made     string
	Routed   string
	// Ask asks for the entry's page; nil leaves that as it is.
	Ask *PageAsk
	// Reread is what a page of the entry that is stored says after another reading; nil
	// leaves that as it is.
	Reread *Reread
}

// Reread is what the entry is made of from now on besides its items.
type Reread struct {
	Verdict PageVerdict
	Why     string
	Reader  string // version that read what came last
	Print   string // of the text that came last
	Page    *Page  // nil: no page is of use
	Chosen  string // print of Page's text if that was chosen; empty if not
	// Next is when the page is asked for again; zero leaves that as it is.
	Next time.Time
}

// Report is all that a poll leaves behind, written in one transaction.
type Report struct {
	Claim    Claim
	Started  time.Time
	Failure  *Error // nil if the poll was good
	State    State
	Status   Status  // of a good poll
	Memo     Memo    // replaces the old one after a good poll
	History  History // replaces the old one
	Header   Header  // replaces the old one if Status is Changed
	Warnings []Warning
	Drops    []Drop
	Listed   int // items that the feed listed
	Trace    Trace
	Next     time.Time    // when to poll again
	Reason   string       // why then, in words: "every 1h", "Retry-After"
	HostFree time.Time    // when the host may be asked again
	Hold     Hold         // zero if no server asked to be left alone
	Arrivals []Arrival    // new and changed entries
	Retired  []Key        // keys that turned out to identify nothing
	Gone     []Retraction // of the source's own articles
	// Pushed: nobody was asked, a hub brought it. It leaves its articles and History, and
	// nothing of what is kept of polls.
	Pushed bool
}

// Hold is a server's wish to be left alone (429, 503). Nobody overrides it, not
// even a person who asks for a feed by name.
type Hold struct {
	// Server is who answered so: the host of a URL, with its port if that is not
	// the scheme's. It holds every feed whose url is there, besides the polled one.
	// Empty if it speaks for the polled feed alone.
	Server string
	Host   string // the budget that requests to Server count against
	Until  time.Time
}

// Late is a feed whose poll is overdue.
type Late struct {
	Source string
	URL    string
	Due    time.Time
}

// Receipt is what writing a Report changed.
type Receipt struct {
	New      int // that are in their sections
	Kept     int // new ones that are kept back: see Standing
	Updated  int
	Sections []string // touched: their documents are to be made anew
}
