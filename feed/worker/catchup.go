package worker

import (
	"context"
	"time"

	"broadsheet/feed"
)

const (
	// away: if nobody looked at the schedule for so long, what is overdue is so
	// because of us (an outage, a laptop that slept) and not of a busy minute. A poll
	// may keep the last seat for longer than a minute.
	away = 5 * time.Minute
	// lateness is what may be overdue after any restart: the polls of a few seconds
	// at once do no harm.
	lateness = 10 * time.Second
	// calm is a number of polls a minute that never does harm, however few are usual.
	calm = 6
	// longestCatchUp bounds how long the last feed waits, however many there are.
	longestCatchUp = 2 * time.Hour
)

// catchUp spreads what fell due while nobody looked.
func (w *Worker) catchUp(ctx context.Context, now time.Time) error {
	moved, err := w.Schedule.Spread(ctx, now.Add(-lateness), func(late []feed.Late) []time.Time {
		return CatchUp(w.Desk, late, now)
	})
	if moved > 0 {
		w.Log.Info("what fell due while nobody looked is spread", "feeds", moved)
	}
	return err
}

// CatchUp says when overdue feeds are polled, from now on: within as long as the
// usual schedule takes for as many polls, so that catching up at most doubles what
// is usual; within an interval of the feed's own; and within two hours. Each feed
// keeps its own place in its interval if that comes soon enough, else it has one
// in the time of catching up, by a hash of its name. Feeds that the desk does not
// have stay as they are.
func CatchUp(d *Desk, late []feed.Late, now time.Time) []time.Time {
	perMinute := max(d.perMinute(now), calm)
	window := min(time.Duration(float64(len(late))/perMinute*float64(time.Minute)), longestCatchUp)
	out := make([]time.Time, len(late))
	for i, l := range late {
		job, ok := d.beats[l.Source].feeds[l.URL]
		if !ok {
			out[i] = l.Due
			continue
		}
		out[i] = catchUpOf(job.cadence, l.Source+" "+l.URL, now, window, d.Floor)
	}
	return out
}

// catchUpOf is when one overdue feed is polled within a window.
func catchUpOf(c Cadence, name string, now time.Time, window, usual time.Duration) time.Time {
	interval := c.interval(now, usual)
	window = max(min(window, interval), time.Second)
	if c.cron == nil && !c.auto {
		if own := placeAfter(name, interval, now); own.Sub(now) < window {
			return own
		}
	}
	return now.Add(time.Duration(hash(name) % uint64(window)))
}

// perMinute is how many polls a minute the desk's cadences ask for.
func (d *Desk) perMinute(now time.Time) float64 {
	sum := 0.0
	for _, b := range d.beats {
		for _, job := range b.feeds {
			if !b.outlet.Paused {
				sum += time.Minute.Minutes() / max(job.cadence.interval(now, time.Hour), time.Second).Minutes()
			}
		}
	}
	return sum
}
