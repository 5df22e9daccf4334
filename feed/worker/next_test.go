package worker

import (
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
		"H-3 max-age lengthens":      {Asked{Hints: feed.Hints{Fresh: 5 * time.Hour}}, now.Add(5 * time.Hour), "Cache-Control"},
		"H-3 max-age never shortens": {Asked{Hints: feed.Hints{Fresh: time.Minute}}, cadence, "every 1h"},
		"H-3 sixteen years are a day": {
			Asked{Hints: feed.Hints{Fresh: 16 * 365 * 24 * time.Hour}}, now.Add(24 * time.Hour), "Cache-Control"},
		"RSS-8 ttl lengthens": {
			Asked{Header: feed.Header{TTL: 3 * time.Hour}}, start.Add(3 * time.Hour), "ttl of the feed"},
		"SY-1 yearly is a day": {
			Asked{Header: feed.Header{UpdateEvery: 365 * 24 * time.Hour}}, start.Add(24 * time.Hour), "sy:updatePeriod of the feed"},
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
			a.Name, a.Floor, a.Start, a.Now = "gulf-wire", 15*time.Minute, start, now
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
