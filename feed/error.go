package feed

import (
	"errors"
	"strings"
	"time"
)

// Kind says what went wrong in terms of what to do about it. It decides what
// happens next; the text is for people.
type Kind string

// The kinds of error.
const (
	KindUnknown     Kind = ""            // a bug or something unforeseen: back off, keep all, tell
	KindCanceled    Kind = "canceled"    // we stopped: not the source's failure, poll again
	KindUnreachable Kind = "unreachable" // DNS, connection, TLS
	KindTimeout     Kind = "timeout"     // a phase took too long
	KindBlocked     Kind = "blocked"     // the address may not be fetched (allow_networks)
	KindRobots      Kind = "robots"      // robots.txt does not allow the page: nothing is wrong
	KindHeld        Kind = "held"        // 429, 503: the host asked us to wait
	KindDenied      Kind = "denied"      // 401, 403: needs the operator
	KindMissing     Kind = "missing"     // 404 and other 4xx
	KindGone        Kind = "gone"        // 410: stop asking
	KindServer      Kind = "server"      // 5xx
	KindRedirect    Kind = "redirect"    // loop, too many, nowhere
	KindTooLarge    Kind = "too-large"   // a limit of ours was passed
	KindNotFeed     Kind = "not-a-feed"  // something came, but no feed
	KindEmpty       Kind = "empty"       // nothing came
	KindMalformed   Kind = "malformed"   // a feed, too damaged to read any of it
	KindBug         Kind = "bug"         // a panic, confined to one source
	KindFenced      Kind = "fenced"      // another worker took the host over: drop the result
	KindBusy        Kind = "busy"        // the store is busy: wait and try again
	KindConfig      Kind = "config"      // the operator must change something
)

// Error is a failure told as source → step → cause.
type Error struct {
	Source string // name, or URL where there is no name; may be empty and filled in on the way up
	Step   string // what was being done, as a gerund: "fetching", "reading the feed"
	Kind   Kind
	// Text is the cause in one plain sentence without a full stop, for an
	// operator. If empty, Err's text stands in.
	Text string
	Err  error // may be nil
	// Feeds are the feeds that a web page links to which came in the place of one
	// (KindNotFeed): absolute, http or https, the likeliest first, at most a few. They
	// are as the page has them and may hold keys: what shows them hides these.
	Feeds []string
	// Input is the beginning of the body that made a parser panic (KindBug), to be
	// kept for whoever mends it: at most MaxInput bytes, as they came; nil otherwise.
	Input []byte
	// RetryAfter is how long a server asked to be left alone (KindHeld), and Server
	// which one answered so; zero and empty if unsaid.
	RetryAfter time.Duration
	Server     string
}

// MaxInput is how much of a body is kept that made a parser panic, in bytes.
const MaxInput = 256 << 10

// Error reads "gulf-wire: fetching: the server answered 503".
func (e *Error) Error() string {
	parts := make([]string, 0, 3)
	for _, p := range []string{e.Source, e.Step, e.Sentence()} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ": ")
}

// Sentence is the cause alone.
func (e *Error) Sentence() string {
	switch {
	case e.Text != "":
		return e.Text
	case e.Err != nil:
		return e.Err.Error()
	default:
		return string(e.Kind)
	}
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the Kind of the first *Error in err's chain; KindUnknown if none.
func KindOf(err error) Kind {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return KindUnknown
}

// State is how a source is doing, as status shows it.
type State string

// The states of a source.
const (
	StateNew     State = "new"     // never polled with success
	StateOK      State = "ok"      //
	StateFailing State = "failing" // the last poll failed
	StateStale   State = "stale"   // no success for StaleAfter
	StateGone    State = "gone"    // 410, until its url changes
	StatePaused  State = "paused"
	StateHeld    State = "held" // the host asked to wait
)

// StaleAfter is how long a source may go without a success before it is stale.
// After DeadAfter it is looked at once a week.
const (
	StaleAfter = 7 * 24 * time.Hour
	DeadAfter  = 90 * 24 * time.Hour
)
