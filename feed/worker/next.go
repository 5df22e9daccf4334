package worker

import (
	"fmt"
	"time"

	"broadsheet/feed"
)

// Limits on what others may ask of the schedule (DESIGN §7): hints lengthen the
// wait and never shorten it.
const (
	maxHint       = 24 * time.Hour     // max-age, Expires, ttl, sy:*
	maxRetryAfter = 7 * 24 * time.Hour // Retry-After
	maxBackOff    = 24 * time.Hour     // a failing feed is still looked at once a day
	busyDelay     = time.Minute        // a redirect's host was busy all the time: not the feed's fault
)

// Asked is all that the next poll's time depends on.
type Asked struct {
	Name     string // the feed's own name in the schedule: its place in the interval
	Cadence  Cadence
	Floor    time.Duration // never more often than this
	Start    time.Time     // of the poll that just ended
	Now      time.Time
	Hints    feed.Hints
	Header   feed.Header // of this poll, or of the last good one
	Failure  *feed.Error // nil after a good poll
	Failures int         // in a row, this one included
}

// Next is when a feed is polled again, and why then. It is zero for a feed that
// is gone: it is not polled until its url changes.
func Next(a Asked) (next time.Time, reason string) {
	next, reason = a.Cadence.Next(a.Name, a.Start), "every "+a.Cadence.String()
	later := func(at time.Time, why string) {
		if at.After(next) {
			next, reason = at, why
		}
	}
	later(a.Start.Add(a.Floor), "fetch.floor")
	if a.Failure == nil {
		later(a.Now.Add(min(a.Hints.Fresh, maxHint)), "Cache-Control")
		later(a.Start.Add(min(a.Header.TTL, maxHint)), "ttl of the feed")
		later(a.Start.Add(min(a.Header.UpdateEvery, maxHint)), "sy:updatePeriod of the feed")
		return next, reason
	}
	switch a.Failure.Kind {
	case feed.KindGone:
		return time.Time{}, "gone: 410"
	case feed.KindBusy:
		return a.Now.Add(busyDelay), "another host was busy"
	case feed.KindHeld:
		later(a.Now.Add(min(a.Hints.RetryAfter, maxRetryAfter)), "Retry-After")
	}
	why := "back-off after a failure"
	if a.Failures > 1 {
		why = fmt.Sprintf("back-off after %d failures", a.Failures)
	}
	later(a.Start.Add(backOff(max(a.Floor, time.Minute), a.Failures)), why)
	return next, reason
}

// backOff doubles from base with each failure, up to maxBackOff. The first
// failure costs nothing beyond the cadence: most are over by the next poll.
func backOff(base time.Duration, failures int) time.Duration {
	for range failures - 1 {
		if base >= maxBackOff {
			return maxBackOff
		}
		base *= 2
	}
	return min(base, maxBackOff)
}

// stateAfter is how a feed is doing after a poll. A poll that another host kept
// from happening says nothing about it.
func stateAfter(before feed.State, failure *feed.Error) feed.State {
	switch {
	case failure == nil:
		return feed.StateOK
	case failure.Kind == feed.KindBusy:
		return before
	case failure.Kind == feed.KindGone:
		return feed.StateGone
	case failure.Kind == feed.KindHeld:
		return feed.StateHeld
	default:
		return feed.StateFailing
	}
}
