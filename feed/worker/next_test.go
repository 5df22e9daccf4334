package worker

import (
	"fmt"
	"testing"
	"time"

	"broadsheet/feed"
)

func TestNextPollIsTheLatestOfWhatIsAsked(t *testing.T) {
	start := at("2026-11-22 10:00:00")
	now := start.Add(2 * time.Second)
	hourly := mustCadence(t, "1h", time.UTC)
	cadence := hourly.Next("gulf-wire", start)
	fail := func(kind feed.Kind) *feed.Error { return &feed.Error{Kind: kind} }
	tests := map[string]struct {
		a      Asked
		want   time.Time
		reason string
	}{
		"nothing said: the cadence": {Asked{}, cadence, "every 1h"},
		"the floor holds for a cadence shorter than it": {
			Asked{Cadence: mustCadence(t, "1m", time.UTC)}, start.Add(15 * time.Minute), "fetch.floor"},
		"H-3 max-age lengthens":      {Asked{Fresh: 5 * time.Hour}, now.Add(5 * time.Hour), "Cache-Control"},
		"H-3 max-age never shortens": {Asked{Fresh: time.Minute}, cadence, "every 1h"},
		"H-3 sixteen years are a day": {
			Asked{Fresh: 16 * 365 * 24 * time.Hour}, now.Add(24 * time.Hour), "Cache-Control"},
		"RSS-8 ttl lengthens": {
			Asked{Header: feed.Header{TTL: 3 * time.Hour}}, start.Add(3 * time.Hour), "ttl of the feed"},
		"SY-1 yearly is a day": {
			Asked{Header: feed.Header{UpdateEvery: 365 * 24 * time.Hour}}, start.Add(24 * time.Hour), "sy:updatePeriod of the feed"},
		"a feed's own hints hold after a failure too": {
			Asked{Header: feed.Header{TTL: 3 * time.Hour}, Failure: fail(feed.KindServer), Failures: 1},
			start.Add(3 * time.Hour), "ttl of the feed"},
		"what came with an error page says nothing of the feed": {
			Asked{Fresh: 5 * time.Hour, Failure: fail(feed.KindMissing), Failures: 1}, cadence, "every 1h"},
		"POD-2 a complete feed is looked at once a week": {
			Asked{Header: feed.Header{Complete: true}}, start.Add(7 * 24 * time.Hour), "the feed is complete: one look a week"},
		"a cron spec is named": {Asked{Cadence: mustCadence(t, "0 6 * * *", time.UTC)},
			mustCadence(t, "0 6 * * *", time.UTC).Next("gulf-wire", start), "every 0 6 * * *"},
		"auto knows nothing yet": {Asked{Cadence: mustCadence(t, "auto", time.UTC)},
			start.Add(100 * time.Minute), "every auto: about every 2h"},
		"auto is lengthened by hints, too": {Asked{Cadence: mustCadence(t, "auto", time.UTC), Fresh: 5 * time.Hour},
			now.Add(5 * time.Hour), "Cache-Control"},
		"H-4 a hold that is only known of": {
			Asked{Failure: fail(feed.KindHeld), Failures: 1, Elsewhere: true, Hints: feed.Hints{RetryAfter: 3 * time.Hour}},
			now.Add(3 * time.Hour), "Retry-After of the server that it redirects to"},
		"E-6 dead for 90 days: one look a week": {
			Asked{Failure: fail(feed.KindMissing), Failures: 200, Ill: 90 * 24 * time.Hour},
			start.Add(7 * 24 * time.Hour), "no success for 90 days: one look a week"},
		"H-4 Retry-After is kept for days": {
			Asked{Failure: fail(feed.KindHeld), Failures: 1, Hints: feed.Hints{RetryAfter: 72 * time.Hour}},
			now.Add(72 * time.Hour), "Retry-After"},
		"H-4 Retry-After is capped at a week": {
			Asked{Failure: fail(feed.KindHeld), Failures: 1, Hints: feed.Hints{RetryAfter: 900 * time.Hour}},
			now.Add(7 * 24 * time.Hour), "Retry-After"},
		"E-6 a first failure costs nothing": {
			Asked{Failure: fail(feed.KindServer), Failures: 1}, cadence, "every 1h"},
		"E-6 failures back off": {
			Asked{Failure: fail(feed.KindServer), Failures: 6}, start.Add(8 * time.Hour), "back-off after 6 failures"},
		"E-6 never less than once a day": {
			Asked{Failure: fail(feed.KindUnreachable), Failures: 5000}, start.Add(24 * time.Hour), "back-off after 5000 failures"},
		"H-7 410 stops": {Asked{Failure: fail(feed.KindGone), Failures: 1}, time.Time{}, "gone: 410"},
		"a busy host is not the feed's failure": {
			Asked{Failure: fail(feed.KindBusy), Failures: 1}, start.Add(15 * time.Minute), "another host was busy"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			a := tt.a
			a.Name, a.Floor, a.Ceiling, a.Start, a.Now = "gulf-wire", 15*time.Minute, 24*time.Hour, start, now
			if a.Cadence.String() == "" {
				a.Cadence = hourly
			}
			got, reason := Next(a)
			if !got.Equal(tt.want) || reason != tt.reason {
				t.Errorf("Next = %v (%s), want %v (%s)", got, reason, tt.want, tt.reason)
			}
		})
	}
}

// TestAFeedIsLeftAloneInTheHoursAndDaysThatItSkips: RSS-8. 2026-11-22 is a Sunday.
func TestAFeedIsLeftAloneInTheHoursAndDaysThatItSkips(t *testing.T) {
	night := []int{22, 23, 0, 1, 2, 3, 4, 5}
	var nearly []int
	for h := range 24 {
		if h != 10 {
			nearly = append(nearly, h)
		}
	}
	weekdays := []time.Weekday{1, 2, 3, 4, 5, 6}
	tests := map[string]struct {
		header feed.Header
		start  string
		every  string
		want   string // how long after the start, at least; the feed's own minute is added
		reason string
	}{
		"by day it is asked as usual":         {feed.Header{SkipHours: night}, "2026-11-22 10:00:00", "1h", "1h", "every 1h"},
		"in the night it waits for the day":   {feed.Header{SkipHours: night}, "2026-11-22 21:00:00", "1h", "9h", "skipHours of the feed"},
		"hours are in UTC":                    {feed.Header{SkipHours: night}, "2026-11-22 20:30:00", "1h", "9h30m", "skipHours of the feed"},
		"nearly every hour is once a day":     {feed.Header{SkipHours: nearly}, "2026-11-22 10:30:00", "1h", "23h30m", "skipHours of the feed"},
		"a day":                               {feed.Header{SkipDays: []time.Weekday{time.Monday}}, "2026-11-22 22:30:00", "1h", "24h", "skipDays of the feed"},
		"nearly every day is once a day":      {feed.Header{SkipDays: weekdays}, "2026-11-22 22:30:00", "1h", "24h", "skipDays of the feed"},
		"a daily feed moves out of the night": {feed.Header{SkipHours: night}, "2026-11-22 23:30:00", "1d", "30h30m", "skipHours of the feed"},
		"a daily feed that skips most days":   {feed.Header{SkipDays: weekdays}, "2026-11-22 12:30:00", "1d", "24h", "every 1d"},
	}
	for name, tt := range tests {
		start := at(tt.start)
		a := Asked{Name: "gulf-wire", Cadence: mustCadence(t, tt.every, time.UTC), Floor: 15 * time.Minute,
			Start: start, Now: start, Header: tt.header}
		got, reason := Next(a)
		least, err := time.ParseDuration(tt.want)
		if err != nil {
			t.Fatal(err)
		}
		if wait := got.Sub(start); wait < least || wait > least+a.Cadence.every+time.Hour || reason != tt.reason {
			t.Errorf("%s: it waits %v (%s), want %v or less than an interval more (%s)", name, wait, reason, least, tt.reason)
		}
		if reason != "every 1d" && a.skipped(got) != "" && len(tt.header.SkipDays) < 6 {
			t.Errorf("%s: it is asked at %v, which it skips", name, got)
		}
	}
}

// TestFeedsThatBeganTogetherAndAreToldTheSameDoNotComeBackTogether: E-5.
func TestFeedsThatBeganTogetherAndAreToldTheSameDoNotComeBackTogether(t *testing.T) {
	start := at("2026-11-22 10:00:00")
	for what, a := range map[string]Asked{
		"max-age": {Fresh: 3 * time.Hour},
		"ttl":     {Header: feed.Header{TTL: 3 * time.Hour}},
		"auto":    {Cadence: mustCadence(t, "auto", time.UTC)},
	} {
		minutes := map[int]int{}
		for i := range 1000 {
			a.Name, a.First, a.Start, a.Now, a.Ceiling = fmt.Sprintf("feed-%d", i), true, start, start, 24*time.Hour
			if a.Cadence.String() == "" {
				a.Cadence = mustCadence(t, "1h", time.UTC)
			}
			next, _ := Next(a)
			minutes[int(next.Sub(start).Minutes())]++
		}
		for minute, n := range minutes {
			if n > 3*1000/60 {
				t.Errorf("%s: %d polls in minute %d", what, n, minute)
			}
		}
	}
}
