package feed

import "time"

// PageVerdict says what came of asking for an article's page.
type PageVerdict string

// The verdicts on a page.
const (
	PageUnread  PageVerdict = ""        // it was not asked for yet
	PageUsed    PageVerdict = "used"    // its text is the article's
	PageSame    PageVerdict = "same"    // it has no more than the feed's text, which stays
	PageRefused PageVerdict = "refused" // its text is not to be shown: a wall, a fragment, another article
	PageTwin    PageVerdict = "twin"    // it has the same text as pages of other articles of the source
	PageFailed  PageVerdict = "failed"  // it did not come
	PageSkipped PageVerdict = "skipped" // it was not asked for: the source's articles come whole in the feed
)

// PageWait is how long a new article waits for its page at most before it is published
// with the feed's text (DESIGN §1.8).
const PageWait = 10 * time.Minute

// Reading is what is known of an article's page, as it lies in the store.
type Reading struct {
	URL     string
	Verdict PageVerdict // on the page that came last
	Why     string      // in words
	Kind    Kind        // of the failure, if Verdict is PageFailed
	Tries   int         // that failed or were refused, in a row
	Asked   time.Time   // when it was asked for last; zero if it never was
	Due     time.Time   // when it is asked for; zero if it is not to be
	Until   time.Time   // until when the new article waits for it; zero if it does not
	Reader  string      // version that read the page which came last; empty if none came
	Leaves  bool        // what came is kept, to be read again
	// Page is what the entry is made of besides its items; nil if no page is of use. Shown:
	// its text was chosen, and gives way only to a fuller one.
	Page  *Page
	Shown bool
}

// PageAsk asks for the page of an entry that is written.
type PageAsk struct {
	URL    string
	Host   string // the budget that requests to it count against, and how many may
	Slots  int    // run there at once
	Server string // its host, with the port if that is not the scheme's: what a hold binds
	// Due is when it is to be asked for: not sooner than Rest after the last time. Zero
	// is only once the entry is let go.
	Due  time.Time
	Rest time.Duration
	// Until is how long a new entry waits for it (Pending); zero if it does not.
	Until time.Time
}

// PageClaim is a page that is to be asked for now, with the lease of its host. While it is
// held no other worker is given the page.
type PageClaim struct {
	Lease  Lease
	Row    int64  // of the entry
	Source string // name of the source now
	URL    string
	Tries  int // that failed or were refused, in a row
	First  bool
	// Spare is Claim.Spare as of now.
	Spare int
}

// PageReport is all that asking for a page leaves behind, written in one transaction.
type PageReport struct {
	Claim   PageClaim
	Asked   time.Time // zero if it was not asked for after all
	Verdict PageVerdict
	Why     string // in words
	Kind    Kind   // of a failure
	Tries   int
	Next    time.Time // when to ask again; zero is never, but for a changed item
	Waits   bool      // the article goes on waiting for it, if it does

	Reader string // version that read it; empty if nothing came
	Print  string // of its text; empty if it has none
	Leaves []Leaf // as they came; nil leaves alone what is kept

	// Twins are the other entries of the source whose pages had the same Print, as the
	// report was made. If others are found when it is written, it is not.
	Twins []Twin
	// Made are entries made again: the one whose page this is, if it is another now or has
	// waited, and the Twins whose page is taken back.
	Made []Arrival

	HostFree time.Time
	Hold     Hold
}

// Twin is an entry whose page had the same text as another one's.
type Twin struct {
	Row   int64
	URL   string
	Shown bool // that text is the entry's
}

// PagesStatus is how the pages of one source's articles are doing.
type PagesStatus struct {
	Source  string
	Waiting int // to be asked for, and never were
	Used    int
	Same    int
	Skipped int
	Failed  int // of these, GivenUp will not be asked for again
	Refused int
	GivenUp int
	// Failure and Refusal are the latest of their kind, in words.
	Failure, Refusal string
}
