package worker

import (
	"time"

	"broadsheet/feed"
)

// Settle gives an entry that was made again what never moves: its id, dates of
// publication and first sight, and its place. Updated moves only if a reader
// would notice the change: before and after are made by the same recipe, so
// that a better recipe is not taken for a correction by the author.
func Settle(stored, before, after feed.Entry, now time.Time) feed.Entry {
	made := Keep(stored, after)
	if before.Digest == after.Digest || restless(stored, now) {
		return made
	}
	made.Updated = now
	if own := after.Updated; own.After(stored.Updated) && own.Before(now) {
		made.Updated = own
	}
	return made
}

// updateRest is how long an entry that counted as updated does not again: texts
// that hold counters or change with every answer are no news.
const updateRest = time.Hour

// restless reports whether an entry counted as updated a moment ago. That it was
// published then is no reason: its first correction counts.
func restless(stored feed.Entry, now time.Time) bool {
	since := now.Sub(stored.Updated)
	return stored.Updated.After(stored.Published) && since >= 0 && since < updateRest
}

// Keep is made with all of stored that a re-making must not move.
func Keep(stored, made feed.Entry) feed.Entry {
	made.ID, made.Source, made.Feeds = stored.ID, stored.Source, stored.Feeds
	made.Published, made.Undated, made.Updated = stored.Published, stored.Undated, stored.Updated
	made.FirstSeen, made.SortAt = stored.FirstSeen, stored.SortAt
	return made
}

// keepOf is made in the place of old. One that was overtaken is a change of its source's, too,
// and counts as one.
func keepOf(old feed.Stored, made feed.Entry, now time.Time) feed.Entry {
	if old.Made == feed.Overtaken {
		return Settle(old.Entry, old.Entry, made, now)
	}
	return Keep(old.Entry, made)
}

// resight puts an item into the sightings of an entry: in the place of what the
// same feed said before, else at the end.
func resight(old []feed.Sighting, now feed.Sighting) []feed.Sighting {
	out := append([]feed.Sighting(nil), old...)
	for i := range out {
		if out[i].Feed == now.Feed {
			now.Seen = out[i].Seen
			out[i] = now
			return out
		}
	}
	return append(out, now)
}
