package feed

import (
	"context"
	"strings"
	"time"
)

// PushState says how a subscription at a hub stands (WebSub).
type PushState string

// The states of a subscription at a hub.
const (
	PushNone     PushState = ""         // there is none any more
	PushWanted   PushState = "wanted"   // the hub is to be asked for it
	PushAsked    PushState = "asked"    // the hub was asked, and has not verified it yet
	PushVerified PushState = "verified" // the hub pushes, until the lease ends
	PushDenied   PushState = "denied"   // the hub does not want to
	PushFailed   PushState = "failed"   // the hub could not be asked, or did not verify it
	PushLeaving  PushState = "leaving"  // the hub is to be told to end it
)

// PushReason is why a feed whose hub pushes is polled so rarely, as FeedStatus.Reason.
const PushReason = "its hub pushes; polled all the same"

// Push is a subscription of one feed at a hub. A renewal is a subscription of its own,
// with another address to call back; the old one is honoured until it is verified.
type Push struct {
	Row    int64  // in the store
	Sub    int64  // row of the feed
	Source string // name of the source that the feed belongs to
	URL    string // of the feed
	Hub    string // absolute
	Topic  string // the feed's own name for itself (rel=self), absolute
	Base   string // what Token is put behind to be the address that the hub calls back
	Token  string // unguessable, and no other subscription ever had it
	Secret string // what the hub signs with; empty if it is asked without TLS
	State  PushState
	Since  time.Time // when it was verified; zero if it was not
	Until  time.Time // end of the lease; zero if there is none
	Next   time.Time // when something is to be done about it
	Tries  int       // requests to the hub that came to nothing, in a row
	Why    string    // why it stands so, in words
	Claim  string    // of whoever asks the hub just now; empty if nobody does
}

// Callback is where the hub calls us back.
func (p Push) Callback() string { return p.Base + p.Token }

// Live tells whether what the hub pushes is wanted at now.
func (p Push) Live(now time.Time) bool { return p.State == PushVerified && p.Until.After(now) }

// PushPlan is what the configuration says of subscribing at hubs.
type PushPlan struct {
	On    bool     // feeds that offer a hub are subscribed there
	Base  string   // what addresses to call back begin with: site.url and PushPath
	Quiet []string // names of sources whose feeds are not
}

// PushStatus is how the subscription of a feed that offers a hub stands.
type PushStatus struct {
	Source string
	URL    string
	Hub    string
	State  PushState // PushNone if there is no subscription
	Since  time.Time
	Until  time.Time
	Next   time.Time
	Why    string
}

// Pushed is what a hub pushed, as far as it is to be believed: its signature was right,
// if one was asked for.
type Pushed struct {
	Sub         int64 // row of the feed whose subscription was called back
	Source      string
	URL         string // of the feed
	ContentType string
	Body        []byte
	Signed      string // the method of the signature; empty if none was asked for
}

// Listener is a Source that can also be told: it reads what is brought to it.
type Listener interface {
	// Hear reads a body that is of the feed but that nobody asked for, and sends no
	// request. header is what the last good poll said of the feed: a body need not hold
	// all that the feed lists. The Memo of the Outcome is empty. The error is an *Error.
	Hear(ctx context.Context, visit Visit, header Header, d Pushed) (Outcome, error)
}

// BestHub is the hub that is asked where several are named: the first with TLS, else the
// first (WebSub §8.2); empty if none is.
func BestHub(hubs []string) string {
	for _, h := range hubs {
		if strings.HasPrefix(strings.ToLower(h), "https:") {
			return h
		}
	}
	if len(hubs) > 0 {
		return hubs[0]
	}
	return ""
}

// Pending tells whether it is one that we wish for and that the hub was asked for, so that
// the hub may verify it now: for the first time, late, or again.
func (p Push) Pending() bool {
	switch p.State {
	case PushAsked, PushVerified:
		return true
	case PushFailed:
		return p.Tries > 0
	}
	return false
}

// RenewAfter is when a lease is renewed: at two thirds of it, which leaves a third for a
// hub that is away.
func RenewAfter(lease time.Duration) time.Duration { return lease / 3 * 2 }
