package feed

import "time"

// History is what the worker remembers of a feed from poll to poll, besides the
// Memo of its source. It is committed with every poll, good or not, is forgotten
// when the feed's url is changed, and its JSON form is a storage format to which
// fields are only ever added.
type History struct {
	// Full is when a body last came, be it equal to the one before; zero if none
	// did or the feed is older than this field.
	Full time.Time `json:"full,omitzero"`
	// Bare is when it was last asked for a body without validators, though there
	// were some: some servers say 304 for ever.
	Bare time.Time `json:"bare,omitzero"`
	// Ill is when the first poll of a run of failed ones began that has not ended;
	// zero after a good poll.
	Ill time.Time `json:"ill,omitzero"`
	// Fresh is for how long the last good answer that spoke of it stays good.
	Fresh time.Duration `json:"fresh,omitempty"`
	// Took is how long the last poll took.
	Took time.Duration `json:"took,omitempty"`
	// News is when the latest articles of the feed became public, the oldest
	// first, to the minute and each minute once: its rhythm. Watched is since when
	// it is kept.
	News    []time.Time `json:"news,omitempty"`
	Watched time.Time   `json:"watched,omitzero"`
	// Reader is what read the last body (Outcome.Reader); empty if the feed is older than
	// this field.
	Reader string `json:"reader,omitempty"`
	// Move is where the feed went, by its own permanent redirects.
	Move Move `json:"move,omitzero"`
	// Pushed is when what a hub pushed was last read, and Signed by which method that was
	// signed; zero and empty if nothing ever was.
	Pushed time.Time `json:"pushed,omitzero"`
	Signed string    `json:"signed,omitempty"`
	// Retold: a hub changed articles since the last body came. The next poll reads a whole
	// one, for what the origin says holds.
	Retold bool `json:"retold,omitempty"`
	// Missed is when a poll last found articles that its hub should have pushed.
	Missed time.Time `json:"missed,omitzero"`
	// Guard keeps the feed from announcing old articles as new ones.
	Guard Guard `json:"guard,omitzero"`
}

// Move is what is known of a feed's permanent redirects (RFC 9110 §15.4.2,
// §15.4.9).
type Move struct {
	// To is asked in place of the configured url; empty if the feed did not move.
	To string `json:"to,omitempty"`
	// Next is where the last good polls were redirected for good, without a break
	// since First, Count times; empty if the last one was not.
	Next  string    `json:"next,omitempty"`
	First time.Time `json:"first,omitzero"`
	Count int       `json:"count,omitempty"`
	// Past are the addresses that were given up, the oldest first.
	Past []Moved `json:"past,omitempty"`
}

// Moved is an address that was given up for another one.
type Moved struct {
	From string    `json:"from"`
	At   time.Time `json:"at"`
}

// Guard is the state of a feed's guard against floods.
type Guard struct {
	// Largest is the largest number of new articles that one poll brought after
	// the first and that were not held, or that were let go at once.
	Largest int `json:"largest,omitempty"`
	// Tripped is when it last tripped, zero if it never did, and Why says by what,
	// in words.
	Tripped time.Time `json:"tripped,omitzero"`
	Why     string    `json:"why,omitempty"`
	// Changed is when its ids were last made anew; zero if they never were. What is
	// held joins after a while without that.
	Changed time.Time `json:"changed,omitzero"`
	// Turns counts polls in a row at which nothing listed was known in any way.
	Turns int `json:"turns,omitempty"`
	// Was is the title that the feed had before another one came in its place;
	// empty while the feed is its own.
	Was string `json:"was,omitempty"`
	// Strikes counts polls in a row whose guids were all made anew, and Blurs
	// those whose links were too.
	Strikes int `json:"strikes,omitempty"`
	Blurs   int `json:"blurs,omitempty"`
	// By is the kind of key that the feed's items are recognised by: guids unless
	// they turned out to be no ids. It does not go back by itself.
	By KeyKind `json:"by,omitempty"`
	// Day and Today count the new articles since a moment, for a day each.
	Day   time.Time `json:"day,omitzero"`
	Today int       `json:"today,omitempty"`
}

// Visit is one poll of a feed: where to ask, and what the last good one left.
type Visit struct {
	URL  string // the subscription's own, or where it moved for good
	Memo Memo   // validators removed if the whole body is wanted
}
