package worker

import (
	"time"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
)

const (
	// pageRest is how soon after the last time a page is asked for again because its item
	// changed, and datedRest if only the item's date did: some feeds stamp all articles anew
	// with every answer.
	pageRest  = time.Hour
	datedRest = 6 * time.Hour
)

// pageRetries is when a page is asked for again that did not come, or was refused, so many
// times in a row. After the last of them it is given up.
var pageRetries = []time.Duration{time.Hour, 6 * time.Hour, 24 * time.Hour, 3 * 24 * time.Hour}

// Retry is when a page is asked for again after so many failures in a row; zero is never.
// wait is for how long its server asked to be left alone.
func Retry(tries int, kind feed.Kind, now time.Time, wait time.Duration) time.Time {
	switch {
	case finalKind(kind), tries > len(pageRetries):
		return time.Time{}
	case tries < 1:
		return now.Add(busyDelay)
	}
	return now.Add(max(pageRetries[tries-1], min(wait, maxRetryAfter)))
}

// finalKind reports whether a page that failed so is not asked for again.
func finalKind(kind feed.Kind) bool {
	switch kind {
	case feed.KindRobots, feed.KindGone, feed.KindMissing, feed.KindBlocked, feed.KindNotFeed: // a file, not a web page
		return true
	}
	return false
}

// askFor asks for the page of a new article, if that is worth it; id is the one it will be
// published under, as far as is known.
func (w *Worker) askFor(claim feed.Claim, made feed.Entry, id string, now time.Time) *feed.PageAsk {
	made.ID = id
	if !w.wants(claim, made) {
		return nil
	}
	ask := w.addressed(claim, made.Link)
	if ask != nil {
		ask.Due, ask.Until = now, now.Add(feed.PageWait)
	}
	return ask
}

// wants tells whether the page of an article of the claim's source is worth asking for;
// made is as the feed has it.
func (w *Worker) wants(claim feed.Claim, made feed.Entry) bool {
	b := w.Desk.beats[claim.Source]
	return b.reads && normalise.Wants(b.outlet.FullText, made, normalise.Record{Spare: claim.Spare})
}

// addressed says where a page is asked for; nil if it is no web page of an article.
func (w *Worker) addressed(claim feed.Claim, link string) *feed.PageAsk {
	if w.Desk.Address == nil || link == claim.URL {
		return nil
	}
	host, server, slots, err := w.Desk.Address(link)
	if err != nil {
		return nil
	}
	return &feed.PageAsk{URL: link, Host: host, Server: server, Slots: slots}
}

// askAgain asks for the page of an article whose item changed, as it is listed now.
func (w *Worker) askAgain(claim feed.Claim, old feed.Stored, sightings []feed.Sighting, now time.Time) *feed.PageAsk {
	if !w.Desk.beats[claim.Source].reads {
		return nil
	}
	before, err := w.make(claim.Source, old.Sightings, old.Entry.FirstSeen)
	if err != nil {
		return nil
	}
	after, err := w.make(claim.Source, sightings, old.Entry.FirstSeen)
	if err != nil {
		return nil
	}
	after.ID = old.Entry.ID
	noticed, dated := before.Digest != after.Digest || before.Link != after.Link, after.Updated.After(before.Updated)
	r := old.Reading
	switch {
	case !noticed && !dated:
		return nil
	case r != nil && r.Verdict == feed.PageFailed && finalKind(r.Kind) && r.URL == after.Link:
		return nil
	case !(r != nil && r.Shown && after.Link != "") && !w.wants(claim, after):
		return nil
	}
	ask := w.addressed(claim, after.Link)
	if ask == nil {
		return nil
	}
	if ask.Rest = datedRest; noticed {
		ask.Rest = pageRest
	}
	if old.Apart == nil || old.Apart.Standing == feed.Pending {
		ask.Due = now // else only once it is let go
	}
	return ask
}

// await has new articles wait for their pages. Of those that are kept back the pages are
// asked for only once they are let go.
func await(arrivals []feed.Arrival) {
	for i := range arrivals {
		a := &arrivals[i]
		switch {
		case a.Row != 0 || a.Ask == nil:
		case a.Standing == feed.Shown:
			a.Standing, a.Why = feed.Pending, "its page is being asked for"
		default:
			a.Ask.Due, a.Ask.Until = time.Time{}, time.Time{}
		}
	}
}
