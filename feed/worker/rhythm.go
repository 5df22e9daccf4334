package worker

import (
	"fmt"
	"math"
	"slices"
	"time"

	"broadsheet/feed"
)

// The model behind every: auto. Articles come at a rate that follows the hours of
// the week and of the day in which earlier ones came, the recent ones counting for
// more, and that rises for a while after each article, because news come in
// bursts. Polls come in proportion to the square root of that rate: of all ways to
// share out a number of polls, this one finds all articles soonest on average.
const (
	// eager is how many polls an hour a feed of one article an hour gets: about as
	// many as at every: 1h for a busy one, far fewer for all others.
	eager   = 1.0
	fading  = 21 * 24 * time.Hour // what happened so long ago counts for 1/e
	burst   = time.Hour           // what an article stirs up fades as fast
	stirred = 0.4                 // share of articles that others stir up
	// sureDays and sureWeeks are how many times an hour of the day, or of the week,
	// must have been seen before it counts as much as what is known without it.
	sureDays, sureWeeks = 3, 2

	rhythmStep = 5 * time.Minute
	// maxNews is how many articles are remembered of a feed: a few weeks of a daily
	// one, more than a day of the busiest.
	maxNews = 128
	// longestSpan is how far back it is looked: nothing older counts for anything.
	longestSpan = 4 * fading
)

const (
	hoursOfDay  = 24
	hoursOfWeek = 7 * 24
)

// Rhythm is how long after a poll at now a feed of the cadence auto is polled
// again: from floor to ceiling. news is when its articles came, the oldest first;
// watched is since when they are noted, zero if they never were.
func Rhythm(news []time.Time, watched, now time.Time, floor, ceiling time.Duration) time.Duration {
	r := newRate(news, watched, now)
	polls := 0.0
	for gap := rhythmStep; gap < ceiling; gap += rhythmStep {
		polls += eager * math.Sqrt(r.at(now.Add(gap-rhythmStep/2))) * rhythmStep.Hours()
		if polls >= 1 {
			return max(gap, floor)
		}
	}
	return max(ceiling, floor)
}

// rate is how many articles an hour are to be expected of a feed, by the hour of
// the week.
type rate struct {
	usual  [hoursOfWeek]float64
	recent []time.Time // articles that may still stir up others
}

// counts is articles, or hours in which they could have come, by the hour of the
// week, those of long ago counting for less.
type counts [hoursOfWeek]float64

func newRate(news []time.Time, watched, now time.Time) *rate {
	r := &rate{}
	var came, could counts
	for _, t := range news {
		age := max(now.Sub(t), 0)
		came.spread(hourOfWeek(t), math.Exp(-age.Hours()/fading.Hours()))
		if age < 6*burst {
			r.recent = append(r.recent, t)
		}
	}
	span := min(max(now.Sub(beginning(news, watched, now)), time.Hour), longestSpan)
	fade, weight := math.Exp(-1/fading.Hours()), 1.0
	for back := time.Duration(0); back < span; back += time.Hour {
		could[hourOfWeek(now.Add(-back))] += weight
		weight *= fade
	}
	r.usual = expect(came, could)
	return r
}

// beginning is since when a feed's articles are known: all of them since watched,
// or since the oldest one that is remembered.
func beginning(news []time.Time, watched, now time.Time) time.Time {
	switch {
	case len(news) > 0 && (len(news) >= maxNews || watched.IsZero() || news[0].Before(watched)):
		return news[0]
	case watched.IsZero():
		return now
	}
	return watched
}

// spread counts an article for its hour and, less, for the hours beside it.
func (c *counts) spread(hour int, weight float64) {
	for off, share := range [...]float64{0.25, 0.5, 0.25} {
		c[(hour+off-1+hoursOfWeek)%hoursOfWeek] += weight * share
	}
}

// expect gives the rate by the hour of the week: what that hour itself showed, as
// far as it was seen, and else what that hour of the day did, and all hours.
func expect(came, could counts) (usual [hoursOfWeek]float64) {
	var all, hours float64
	var cameAt, couldAt [hoursOfDay]float64
	for h := range came {
		all, hours = all+came[h], hours+could[h]
		cameAt[h%hoursOfDay] += came[h]
		couldAt[h%hoursOfDay] += could[h]
	}
	// As if part of one more article had come: a feed of which nothing is known is
	// looked at soon, and ever more rarely while nothing comes.
	mean := (all + 1/(1+all)) / hours
	for h := range usual {
		d := h % hoursOfDay
		ofDay := (cameAt[d] + sureDays*mean) / (couldAt[d] + sureDays)
		usual[h] = (came[h] + sureWeeks*ofDay) / (could[h] + sureWeeks)
	}
	return usual
}

// at is the rate at a moment.
func (r *rate) at(t time.Time) float64 {
	sum := (1 - stirred) * r.usual[hourOfWeek(t)]
	for _, n := range r.recent {
		if d := t.Sub(n); d >= 0 {
			sum += stirred * math.Exp(-d.Hours()/burst.Hours()) / burst.Hours()
		}
	}
	return sum
}

func hourOfWeek(t time.Time) int {
	t = t.UTC()
	return int(t.Weekday())*hoursOfDay + t.Hour()
}

// about is a gap in round numbers.
func about(gap time.Duration) string {
	switch {
	case gap < 55*time.Minute:
		return fmt.Sprintf("%dm", max(5, int(gap.Round(5*time.Minute).Minutes())))
	case gap < 23*time.Hour+30*time.Minute:
		return fmt.Sprintf("%dh", int(gap.Round(time.Hour).Hours()))
	default:
		return fmt.Sprintf("%dd", max(1, int(gap.Round(24*time.Hour).Hours()/24)))
	}
}

// withNews is h with the articles that a poll at now brought. One without a date
// of its own counts as of the poll, except on the first one, which brings an
// archive of any age.
func withNews(h feed.History, arrivals []feed.Arrival, first bool, now time.Time) feed.History {
	if h.Watched.IsZero() {
		h.Watched = now
	}
	news := slices.Clone(h.News)
	for _, a := range arrivals {
		at := a.Entry.Published
		if a.Row != 0 || first && a.Entry.Undated || !first && a.Standing != feed.Shown && a.Standing != feed.Pending {
			continue
		}
		if a.Entry.Undated || at.After(now) {
			at = now
		}
		news = append(news, at.UTC().Truncate(time.Minute))
	}
	slices.SortFunc(news, time.Time.Compare)
	news = slices.CompactFunc(news, time.Time.Equal)
	h.News = news[max(0, len(news)-maxNews):]
	return h
}
