package feed

import (
	"context"
	"time"
)

// Outlet is a source as the operator configured it: one identity, with one or
// more feeds. Articles are recognised across all feeds of an outlet.
type Outlet struct {
	Name        string
	RenamedFrom string // an earlier name; its rows and ids are taken over
	Title       string // for readers; the feed's own title if empty
	Link        string // home page; the feed's own if empty
	Image       string
	Language    string         // BCP 47; declared for articles that do not say
	Timezone    *time.Location // for dates without a zone; nil is the site's
	Rank        int            // 1 is best; 0 is unranked, after all ranks
	Tags        []string
	Categories  []string // added to each article
	Sections    []string // sections that take everything from this source
	Rights      string
	Terms       Terms // how much of its articles may be published
	NoIndex     bool  // search engines shall not show their texts
	Contact     string
	Note        string
	Paused      bool
	FullText    FullText       // whether its articles' pages are asked for
	First       *int           // how many old articles it may publish when it is new; nil is the default, see the worker
	Feeds       []Subscription // at least one
	Pos         Pos
}

// Subscription is one feed of an outlet: the unit that is polled.
type Subscription struct {
	Source     string // name of the outlet
	URL        string // absolute
	Kind       string // which kind of source reads it: "feed"
	Categories []string
	Sections   []string
	Every      string // cadence: a duration, a cron spec or "auto"; validated when loaded
	// Host is the budget that its requests are counted against: the registrable
	// domain, or host:port where the configuration makes an exception. Slots is
	// how many requests may run there at once; Gap is the rest between two.
	Host string
	// Server is the host of URL in its normal form, with the port if that is not
	// the scheme's: what a hold binds. If empty it is taken from URL as it is.
	Server string
	Slots  int
	Gap    time.Duration
	// HoldAlone: a 429 or 503 of its server holds this feed only, not all of the
	// host: for a local bridge that answers for many sites.
	HoldAlone bool
	// Conditional: once it has left validators it is never asked without them.
	Conditional bool
	// Access is how it is got at. What it holds goes to the origin of URL only.
	Access Access
	Pos    Pos
	URLPos Pos // where URL stands
}

// Memo is what a source asks its worker to keep from one good poll to the next.
// It is committed together with the items it came with, never before.
type Memo struct {
	URL          string `json:"url,omitempty"`           // where the validators came from: they are sent to no other
	ETag         string `json:"etag,omitempty"`          // opaque, quotes and W/ included
	LastModified string `json:"last_modified,omitempty"` // opaque, as received
	// Access tells the Access apart that they were got with, and no secret in it:
	// what another account, language or proxy was given says nothing of this one's
	// (T-19). Empty if there was none.
	Access string `json:"access,omitempty"`
	// Digest is of the body, salted with the source's settings and the parser's
	// version: if it is equal, the body need not be read.
	Digest string `json:"digest,omitempty"`
}

// Source is something that can be polled for items.
type Source interface {
	// Poll asks the origin once. Every request goes through gate. Three things
	// may happen:
	//  1. the origin, or the body, is unchanged: Status says so, there are no
	//     items, and Memo carries what was refreshed;
	//  2. there are items: Status is Changed;
	//  3. an *Error: nothing of use came back. Outcome still carries what is
	//     known (Trace, RetryAfter).
	// Poll owns nothing after it returns and may be called concurrently.
	Poll(ctx context.Context, gate Gate, visit Visit) (Outcome, error)
}

// Gate is passed before each outbound request: it is where politeness is kept.
type Gate interface {
	// Pass blocks until a request to host (a URL's host, with port if not the
	// scheme's) may be sent, and returns the function to call when its response
	// has been read to the end. It fails if ctx ends, or if the right to poll
	// was lost.
	Pass(ctx context.Context, host string) (done func(), err error)
}

// Status says what a poll found.
type Status string

// What a poll can find.
const (
	Changed     Status = "changed"      // a body with items
	Unchanged   Status = "unchanged"    // a body, equal to the last one
	NotModified Status = "not modified" // 304
)

// Outcome is what came of a poll.
type Outcome struct {
	Status Status
	Memo   Memo   // to bring along next time
	Header Header // zero unless Status is Changed
	Items  []Item // in document order
	// Reader names the version of what read the items: items that another one reads
	// otherwise were not changed by anybody.
	Reader   string
	Warnings []Warning
	Drops    []Drop       // items that were found and are of no use
	Gone     []Retraction // articles that the source says it took back
	Hints    Hints
	Trace    Trace
}

// Retraction is a source's own word that it took an article back (RFC 6721). That an
// article is not listed any more is none.
type Retraction struct {
	ID   string // the source's own id of it, byte for byte
	When time.Time
}

// Warning is something wrong with a source that did not stop it from being read.
type Warning struct {
	Code string `json:"code"` // stable, for counting: "truncated", "encoding", "not-well-formed", …
	Text string `json:"text"` // one plain sentence
}

// Drop is an item that will not be published.
type Drop struct {
	Code string `json:"code"` // stable, for counting: "no-id", "empty", "duplicate", …
	Item string `json:"item"` // enough to recognise it: id, link or title
	Text string `json:"text"` // one plain sentence
}

// Hints is what the response said about when to ask again.
type Hints struct {
	Fresh      time.Duration // max-age or Expires, less Age; 0 if unsaid
	Said       bool          // it spoke of freshness: a 304 that does not leaves it as it was (RFC 9111 §4.3.4)
	RetryAfter time.Duration // 0 if unsaid
}

// Trace is how the request went.
type Trace struct {
	URL       string // where the body came from, after redirects
	Permanent string // where a leading run of 301/308 led; empty if none
	Code      int    // HTTP status; 0 if none
	Bytes     int64  // of the decoded body
	Took      time.Duration
}

// Lease is the right to send requests to a host, and to commit what came of it,
// until a moment. Token is random: whoever took the host over has another one.
type Lease struct {
	Host  string
	Slot  int
	Token string
	Until time.Time
}
