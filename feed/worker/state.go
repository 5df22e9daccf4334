package worker

import (
	"time"

	"broadsheet/feed"
)

// illSince is when a feed that fails was last good, zero if it never was ill. A
// feed that was never good is ill since its first poll; what polls of another url
// said does not count.
func illSince(claim feed.Claim, start time.Time) time.Time {
	switch {
	case !claim.First && !claim.Success.IsZero():
		return claim.Success
	case !claim.History.Ill.IsZero():
		return claim.History.Ill
	}
	return start
}

// stateAfter is how a feed is doing after a poll that began at start. A poll that
// another host kept from happening says nothing about it.
func stateAfter(claim feed.Claim, failure *feed.Error, start time.Time) feed.State {
	switch {
	case failure == nil:
		return feed.StateOK
	case failure.Kind == feed.KindBusy:
		return claim.State
	case failure.Kind == feed.KindGone:
		return feed.StateGone
	case start.Sub(illSince(claim, start)) >= feed.StaleAfter:
		return feed.StateStale
	case failure.Kind == feed.KindHeld:
		return feed.StateHeld
	default:
		return feed.StateFailing
	}
}

// fullEvery is how long a feed's server may say 304 before it is asked for a body:
// some say so for ever (H-8).
const fullEvery = 8 * 24 * time.Hour

// wantsFull tells whether a poll at now is to be made without validators.
func wantsFull(sub feed.Subscription, memo feed.Memo, h feed.History, now time.Time) bool {
	if sub.Conditional || memo.ETag == "" && memo.LastModified == "" || h.Full.IsZero() {
		return false
	}
	last := h.Full
	if h.Bare.After(last) {
		last = h.Bare // it was tried, and failed
	}
	return now.Sub(last) > fullEvery || last.Sub(now) > fullEvery // or the clock was wrong
}

// withFull notes what a poll that began at start says about bodies. A feed that
// was polled before this was kept counts from its next good poll.
func withFull(h feed.History, bare bool, failure *feed.Error, status feed.Status, start time.Time) feed.History {
	if bare {
		h.Bare = start
	}
	if failure == nil && (status != feed.NotModified || h.Full.IsZero()) {
		h.Full = start
	}
	return h
}
