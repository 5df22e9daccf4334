package publish

import (
	"slices"
	"time"

	"broadsheet/feed"
)

// How long a copy of a document is fresh.
const (
	// freshUnknown is for a section whose rhythm cannot be told yet.
	freshUnknown = 5 * time.Minute
	// freshLeast spares a section that changes all the time the same question from the
	// same client within a minute; freshMost keeps a copy of a quiet section, in which
	// something may have been withdrawn, from being shown for long.
	freshLeast = time.Minute
	freshMost  = time.Hour
	// freshArrivals is how many of the newest arrivals tell the rhythm: some, so that
	// one night says little, and not many, so that a section that has woken up is known.
	freshArrivals = 12
	// together is how close entries came that arrived as one: by one poll, or by polls of
	// sources that are due at the same time.
	together = time.Minute
)

// fresh is how long a copy of the section's documents need not be asked for again: half
// of the median time between two arrivals. A cache may show it once more for as long
// while it fetches (stale-while-revalidate), so that what a reader sees is usually at
// most one article behind. It is made of what the documents are made of, and of no clock.
//
// Full pages of an archive, reading lists and stylesheets have no such rhythm: they change
// when something is withdrawn, or with the configuration.
func fresh(v feed.View, mediaType string) time.Duration {
	if v.Chain.Page > 0 && v.Chain.Part == 0 || mediaType == typeOPML || mediaType == typeStyle {
		return freshMost
	}
	var times []time.Time
	for _, e := range v.Entries {
		times = append(times, e.SortAt)
	}
	slices.SortFunc(times, func(a, b time.Time) int { return b.Compare(a) })
	var gaps []time.Duration
	for arrival := 0; arrival < len(times) && len(gaps) < freshArrivals; {
		next := arrival + 1
		for next < len(times) && times[arrival].Sub(times[next]) <= together {
			next++
		}
		if next < len(times) {
			gaps = append(gaps, times[arrival].Sub(times[next]))
		}
		arrival = next
	}
	if len(gaps) == 0 {
		return freshUnknown
	}
	slices.Sort(gaps)
	half := gaps[len(gaps)/2] / 2
	return min(max(half, freshLeast), freshMost).Truncate(freshLeast)
}
