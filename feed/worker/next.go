package worker

import (
	"fmt"
	"slices"
	"time"

	"broadsheet/feed"
)

// Limits on what others may ask of the schedule (DESIGN §7): hints lengthen the
// wait and never shorten it.
const (
	maxHint       = 24 * time.Hour     // max-age, Expires, ttl, sy:*, skipHours, skipDays
	maxRetryAfter = 7 * 24 * time.Hour // Retry-After
	maxBackOff    = 24 * time.Hour     // a failing feed is still looked at once a day
	deadWait      = 7 * 24 * time.Hour // one that is dead or complete, once a week
	busyDelay     = time.Minute        // a redirect's host was busy all the time: not the feed's fault
	busyMost      = 3                  // so often in a row; then it is treated as any failure
)

// Asked is all that the next poll's time depends on.
type Asked struct {
	Name      string // the feed's own name in the schedule: its place in the interval
	Cadence   Cadence
	Floor     time.Duration // never more often than this
	Ceiling   time.Duration // the longest wait of every: auto
	Start     time.Time     // of the poll that just ended, or of its first request if that had to wait
	Now       time.Time
	First     bool // no poll before it was good: many feeds may have begun with it at once
	Hints     feed.Hints
	Fresh     time.Duration // after a good poll: how long its answer stays good
	Header    feed.Header   // of this poll, or of the last good one
	Elsewhere bool          // the hold is not of a server that answered, but of where a redirect led
	Failure   *feed.Error   // nil after a good poll
	Failures  int           // in a row, this one included
	Ill       time.Duration // since the last good poll; 0 after a good one
	News      []time.Time   // see feed.History
	Watched   time.Time
	PushUntil time.Time // until when its hub pushes; zero if none does
}

// wait is the latest of several moments, with its reason.
type wait struct {
	until time.Time
	why   string
}

// later takes a moment into account.
func (w *wait) later(at time.Time, why string) {
	if at.After(w.until) {
		w.until, w.why = at, why
	}
}

// Next is when a feed is polled again, and why then: the latest of all that is
// asked. It is zero for a feed that is gone: it is not polled until its url
// changes.
func Next(a Asked) (next time.Time, reason string) {
	if a.Failure != nil && a.Failure.Kind == feed.KindGone {
		return time.Time{}, "gone: 410"
	}
	w := a.usual()
	w.later(a.Start.Add(a.Floor), "fetch.floor")
	if a.Failure != nil && a.Failure.Kind == feed.KindBusy && a.Failures <= busyMost {
		w = wait{a.Start.Add(a.Floor), "another host was busy"}
		w.later(a.Now.Add(busyDelay), w.why)
	} else {
		a.hints(&w)
		a.trouble(&w)
	}
	a.pushed(&w)
	a.skip(&w)
	return w.until, w.why
}

// usual is the poll that the cadence asks for.
func (a Asked) usual() wait {
	if !a.Cadence.auto {
		return wait{a.Cadence.Next(a.Name, a.Start), "every " + a.Cadence.String()}
	}
	gap := Rhythm(a.News, a.Watched, a.Start, a.Floor, a.Ceiling)
	w := wait{a.Start.Add(gap), "every auto: about every " + about(gap)}
	if a.First {
		w.until = placeAfter(a.Name, gap, w.until)
	}
	return w
}

// hints takes into account what the feed and its server said. A feed's own hints
// hold after a failure too; what came with an error page says nothing of the feed.
func (a Asked) hints(w *wait) {
	before := w.until
	w.later(a.Start.Add(min(a.Header.TTL, maxHint)), "ttl of the feed")
	w.later(a.Start.Add(min(a.Header.UpdateEvery, maxHint)), "sy:updatePeriod of the feed")
	if a.Failure == nil {
		w.later(a.Now.Add(min(a.Fresh, maxHint)), "Cache-Control")
		if a.Header.Complete {
			w.later(a.Start.Add(deadWait), "the feed is complete: one look a week")
		}
	}
	// Feeds that began together and were told the same must not come back together.
	if a.First && w.until.After(before) {
		w.until = placeAfter(a.Name, max(a.Cadence.interval(a.Start, a.Floor), time.Minute), w.until)
	}
}

// trouble takes a failure into account.
func (a Asked) trouble(w *wait) {
	if a.Failure == nil {
		return
	}
	if a.Failure.Kind == feed.KindHeld {
		why := "Retry-After"
		if a.Elsewhere {
			why = "Retry-After of the server that it redirects to"
		}
		w.later(a.Now.Add(min(a.Hints.RetryAfter, maxRetryAfter)), why)
	}
	why := "back-off after a failure"
	if a.Failures > 1 {
		why = fmt.Sprintf("back-off after %d failures", a.Failures)
	}
	w.later(a.Start.Add(backOff(max(a.Floor, time.Minute), a.Failures)), why)
	if a.Ill >= feed.DeadAfter {
		w.later(a.Start.Add(deadWait), fmt.Sprintf("no success for %d days: one look a week",
			int(feed.DeadAfter.Hours()/24)))
	}
}

// skip moves the poll out of the hours and days in which the feed asks to be left
// alone (RSS 2.0, in UTC), by whole hours, so that feeds which skip the same night
// do not all wake up at its end. A feed that skips nearly everything is asked once
// a day all the same.
func (a Asked) skip(w *wait) {
	why := a.skipped(w.until)
	if why == "" {
		return
	}
	const day = maxHint
	latest := wait{until: a.Start.Add(day)}
	latest.later(w.until.Add(day), "") // out of any single day
	for at := w.until; !at.After(latest.until); at = at.Add(time.Hour) {
		if a.skipped(at) == "" {
			w.later(at, why)
			return
		}
	}
	w.later(a.Start.Add(day), why)
}

// skipped names what keeps the feed from being asked at a moment; empty if
// nothing does.
func (a Asked) skipped(at time.Time) string {
	at = at.UTC()
	switch {
	case slices.Contains(a.Header.SkipDays, at.Weekday()):
		return "skipDays of the feed"
	case slices.Contains(a.Header.SkipHours, at.Hour()):
		return "skipHours of the feed"
	}
	return ""
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
