package worker

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"broadsheet/feed"
)

func TestAHoldIsOfTheServerThatAnsweredUnlessConfigured(t *testing.T) {
	now := at("2026-11-22 12:00:00")
	held := &feed.Error{Kind: feed.KindHeld}
	answer := func(code int, url string) feed.Outcome {
		return feed.Outcome{Trace: feed.Trace{Code: code, URL: url}, Hints: feed.Hints{RetryAfter: 2 * time.Hour}}
	}
	month := answer(429, "http://www.gulf.example/feed")
	month.Hints.RetryAfter = 30 * 24 * time.Hour
	until := func(d time.Duration, server, host string) feed.Hold {
		return feed.Hold{Until: now.Add(d), Server: server, Host: host}
	}
	own := feed.Subscription{Host: "gulf.example"}
	tests := map[string]struct {
		sub     feed.Subscription
		out     feed.Outcome
		failure *feed.Error
		want    feed.Hold
	}{
		"H-4 429": {own, answer(429, "http://www.gulf.example/feed"), held, until(2*time.Hour, "www.gulf.example", "gulf.example")},
		"H-4 503": {own, answer(503, "https://www.gulf.example:443/feed"), held, until(2*time.Hour, "www.gulf.example", "gulf.example")},
		"another port is another server": {own, answer(503, "https://www.gulf.example:8443/feed"), held,
			until(2*time.Hour, "www.gulf.example:8443", "gulf.example")},
		"where a redirect led":         {own, answer(503, "https://cdn.example/x"), held, until(2*time.Hour, "cdn.example", "cdn.example")},
		"a month is heard as a week":   {own, month, held, until(7*24*time.Hour, "www.gulf.example", "gulf.example")},
		"hold: source":                 {feed.Subscription{Host: "gulf.example", HoldAlone: true}, answer(429, "http://www.gulf.example/"), held, until(2*time.Hour, "", "")},
		"hold: source elsewhere":       {own, answer(429, "http://bridge.example/x"), held, until(2*time.Hour, "", "")},
		"nobody answered, it is known": {own, answer(302, "http://www.gulf.example/feed"), held, until(2*time.Hour, "", "")},
		"a 500 asks for nothing":       {own, answer(500, "http://www.gulf.example/feed"), &feed.Error{Kind: feed.KindServer}, feed.Hold{}},
		"a good poll asks for nothing": {own, answer(200, "http://www.gulf.example/feed"), nil, feed.Hold{}},
	}
	w := &Worker{Desk: &Desk{
		Budget: func(host string) (string, time.Duration) {
			if host == "www.gulf.example" || host == "www.gulf.example:8443" {
				host = "gulf.example"
			}
			return host, 0
		},
		HoldAlone: func(host string) bool { return host == "bridge.example" },
	}}
	for name, tt := range tests {
		got := w.hold(trip{job: assignment{sub: tt.sub}, out: tt.out}, tt.failure, now)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
