package feed

import "time"

// Standing says why an entry is stored and yet in no section.
type Standing string

// The standings of an entry. One that stands in its sections has none.
const (
	Shown     Standing = ""
	Held      Standing = "held"      // the guard of its feed tripped: it may be an old article
	Strange   Standing = "strange"   // another feed came in the place of its own: an operator must decide
	Pending   Standing = "pending"   // its page is being asked for its text, for a few minutes
	Backlog   Standing = "backlog"   // it is older than what a new source may publish (first)
	Discarded Standing = "discarded" // an operator threw it out before it was shown
	Withdrawn Standing = "withdrawn" // an operator took it back
)

// StableTime is how long a feed's ids must have been stable until what its guard
// holds joins its sections by its own dates.
const StableTime = 24 * time.Hour

// Apart is why an entry is in no section, whatever the rules say.
type Apart struct {
	Standing Standing
	Since    time.Time
	Why      string
	Feed     string // URL of the feed whose guard holds it; empty if an operator decided
}

// Decision is what an operator decided by a command.
type Decision struct {
	At     time.Time
	Who    string // the account that gave the command
	Verb   string // "pause", "resume", "release", "discard", "withdraw"
	Target string // a source's name or an entry's id
	Why    string // as given; may be empty
}
