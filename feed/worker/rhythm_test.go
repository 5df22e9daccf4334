package worker

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// life is when the articles of an invented source come, in months.
type life struct {
	name string
	news []time.Time
}

const simulated = 120 * 24 * time.Hour

// lives are four sources as they are: one that talks all day, one with a letter
// each Tuesday, one that is silent until something happens, one that died.
func lives(begin time.Time) []life {
	random := rand.New(rand.NewPCG(1, 2))
	minutes := func(n int) time.Duration { return time.Duration(random.IntN(n)) * time.Minute }
	var chatty, letters, bursty, dead []time.Time
	for d := time.Duration(0); d < simulated; d += 24 * time.Hour {
		day := begin.Add(d)
		for range 30 + random.IntN(20) { // by day, more about noon
			hour := 6*time.Hour + time.Duration(random.NormFloat64()*float64(4*time.Hour)) + 7*time.Hour
			chatty = append(chatty, day.Add(max(0, min(hour, 24*time.Hour-time.Minute))))
		}
		if day.Weekday() == time.Tuesday {
			letters = append(letters, day.Add(9*time.Hour+minutes(40)))
		}
		if random.IntN(5) == 0 {
			at := day.Add(minutes(24 * 60))
			for range 5 + random.IntN(15) {
				at = at.Add(minutes(25))
				bursty = append(bursty, at)
			}
		}
		if d < 10*24*time.Hour {
			dead = append(dead, day.Add(minutes(24*60)), day.Add(minutes(24*60)))
		}
	}
	out := []life{{"chatty", chatty}, {"weekly", letters}, {"bursty", bursty}, {"dead", dead}}
	for _, l := range out {
		slices.SortFunc(l.news, time.Time.Compare)
	}
	return out
}

// watch polls a source as next says and tells how late its articles were found
// after the first four weeks, and with how many requests.
func watch(l life, begin time.Time, next func(news []time.Time, now time.Time) time.Duration) (late []time.Duration, requests int) {
	settled := begin.Add(28 * 24 * time.Hour)
	var known []time.Time
	i := 0
	for now := begin; now.Before(begin.Add(simulated)); {
		if now.After(settled) {
			requests++
		}
		for ; i < len(l.news) && !l.news[i].After(now); i++ {
			if now.After(settled) {
				late = append(late, now.Sub(l.news[i]))
			}
			known = append(known, l.news[i].Truncate(time.Minute))
		}
		known = slices.Compact(known)
		known = known[max(0, len(known)-maxNews):]
		now = now.Add(next(known, now))
	}
	slices.Sort(late)
	return late, requests
}

func p95(late []time.Duration) time.Duration {
	if len(late) == 0 {
		return 0
	}
	return late[len(late)*95/100].Round(time.Minute)
}

// TestTheAutoCadenceOfFourSources: over three months, fewer requests than every
// hour, and no later where there is much to find.
func TestTheAutoCadenceOfFourSources(t *testing.T) {
	const floor, ceiling = 15 * time.Minute, 24 * time.Hour
	begin := at("2026-01-05 00:00:00")
	hourly := func([]time.Time, time.Time) time.Duration { return time.Hour }
	auto := func(news []time.Time, now time.Time) time.Duration { return Rhythm(news, begin, now, floor, ceiling) }
	t.Logf("%-8s %16s %16s %16s %16s", "source", "p95 late, auto", "requests, auto", "p95 late, 1h", "requests, 1h")
	sum, sumFixed := 0, 0
	for _, l := range lives(begin) {
		late, n := watch(l, begin, auto)
		lateFixed, fixed := watch(l, begin, hourly)
		sum, sumFixed = sum+n, sumFixed+fixed
		t.Logf("%-8s %16s %16d %16s %16d", l.name, p95(late), n, p95(lateFixed), fixed)
		atMost := map[string]struct {
			late  time.Duration
			share float64 // of the requests of every: 1h
		}{"chatty": {70 * time.Minute, 1.1}, "bursty": {6 * time.Hour, 0.33}, "weekly": {ceiling, 0.06}, "dead": {0, 0.06}}[l.name]
		if p95(late) > atMost.late || float64(n) > atMost.share*float64(fixed) {
			t.Errorf("%s: p95 %v with %d requests, want at most %v with %.0f", l.name, p95(late), n,
				atMost.late, atMost.share*float64(fixed))
		}
	}
	if sum*2 > sumFixed {
		t.Errorf("%d requests in all, more than half of the %d of every: 1h", sum, sumFixed)
	}
}

func TestASilentSourceSlowsDownAndABurstSpeedsUp(t *testing.T) {
	const floor, ceiling = 15 * time.Minute, 24 * time.Hour
	begin := at("2026-01-05 00:00:00")
	gap := func(news []time.Time, after time.Duration) time.Duration {
		return Rhythm(news, begin, begin.Add(after), floor, ceiling)
	}
	if first := gap(nil, 0); first > 2*time.Hour {
		t.Errorf("a feed of which nothing is known waits %v", first)
	}
	last := time.Duration(0)
	for _, silent := range []time.Duration{0, 6 * time.Hour, 24 * time.Hour, 72 * time.Hour, 240 * time.Hour, 2400 * time.Hour} {
		g := gap(nil, silent)
		if g < last {
			t.Errorf("after %v of silence it waits %v, less than the %v before", silent, g, last)
		}
		last = g
	}
	if last != ceiling {
		t.Errorf("a source that is silent for 100 days waits %v, want the ceiling", last)
	}
	week := 7 * 24 * time.Hour
	quiet := []time.Time{begin, begin.Add(24 * time.Hour)}
	var noisy []time.Time
	for i := range 12 {
		noisy = append(noisy, begin.Add(week-time.Duration(12-i)*5*time.Minute))
	}
	if q, n := gap(quiet, week), gap(append(quiet, noisy...), week); n*4 > q || n > 45*time.Minute {
		t.Errorf("in a burst it waits %v, in silence %v", n, q)
	}
	var torrent []time.Time
	for i := range maxNews {
		torrent = append(torrent, begin.Add(week-time.Duration(maxNews-i)*time.Minute))
	}
	if g := gap(torrent, week); g != floor {
		t.Errorf("a torrent is polled after %v, want the floor", g)
	}
}
