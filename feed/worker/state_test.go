package worker

import (
	"testing"
	"time"

	"broadsheet/feed"
)

const day = 24 * time.Hour

// TestTheStateAfterAPoll: O-8, DESIGN §4.
func TestTheStateAfterAPoll(t *testing.T) {
	now := at("2026-11-22 12:00:00")
	fail := func(kind feed.Kind) *feed.Error { return &feed.Error{Kind: kind} }
	good := func(ago time.Duration) feed.Claim {
		return feed.Claim{State: feed.StateFailing, Success: now.Add(-ago)}
	}
	never := func(ill time.Duration) feed.Claim {
		return feed.Claim{State: feed.StateFailing, First: true, Success: now.Add(-300 * day),
			History: feed.History{Ill: now.Add(-ill)}}
	}
	tests := map[string]struct {
		claim   feed.Claim
		failure *feed.Error
		want    feed.State
	}{
		"good":                               {good(300 * day), nil, feed.StateOK},
		"H-7 410":                            {good(300 * day), fail(feed.KindGone), feed.StateGone},
		"a first failure":                    {good(time.Hour), fail(feed.KindServer), feed.StateFailing},
		"H-7 404 and 401 are failures":       {good(time.Hour), fail(feed.KindDenied), feed.StateFailing},
		"held":                               {good(time.Hour), fail(feed.KindHeld), feed.StateHeld},
		"six days":                           {good(7*day - time.Second), fail(feed.KindServer), feed.StateFailing},
		"stale after a week":                 {good(7 * day), fail(feed.KindMissing), feed.StateStale},
		"held for a week is stale, too":      {good(7 * day), fail(feed.KindHeld), feed.StateStale},
		"never good, for an hour":            {never(time.Hour), fail(feed.KindServer), feed.StateFailing},
		"never good, for a week":             {never(7 * day), fail(feed.KindServer), feed.StateStale},
		"its first poll ever":                {feed.Claim{First: true}, fail(feed.KindServer), feed.StateFailing},
		"another host was busy: as before":   {good(300 * day), fail(feed.KindBusy), feed.StateFailing},
		"the old url's success counts never": {never(0), fail(feed.KindServer), feed.StateFailing},
	}
	for name, tt := range tests {
		if got := stateAfter(tt.claim, tt.failure, now); got != tt.want {
			t.Errorf("%s: it is %s, want %s", name, got, tt.want)
		}
	}
}

// TestABodyIsWantedEveryEightDays: H-8.
func TestABodyIsWantedEveryEightDays(t *testing.T) {
	now := at("2026-11-22 12:00:00")
	memo := feed.Memo{ETag: `"1"`}
	old := feed.History{Full: now.Add(-8*day - time.Second)}
	tests := map[string]struct {
		sub  feed.Subscription
		memo feed.Memo
		h    feed.History
		want bool
	}{
		"after more than 8 days":         {feed.Subscription{}, memo, old, true},
		"after 8 days":                   {feed.Subscription{}, memo, feed.History{Full: now.Add(-8 * day)}, false},
		"nobody counted yet":             {feed.Subscription{}, memo, feed.History{}, false},
		"unconditional: never":           {feed.Subscription{Conditional: true}, memo, old, false},
		"there are no validators anyway": {feed.Subscription{}, feed.Memo{Digest: "x"}, old, false},
		"tried yesterday, in vain":       {feed.Subscription{}, memo, feed.History{Full: old.Full, Bare: now.Add(-day)}, false},
	}
	for name, tt := range tests {
		if got := wantsFull(tt.sub, tt.memo, tt.h, now); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	h := withFull(old, true, &feed.Error{Kind: feed.KindServer}, "", now)
	if !h.Bare.Equal(now) || !h.Full.Equal(old.Full) {
		t.Errorf("a try that failed left %+v", h)
	}
	if h = withFull(old, false, nil, feed.NotModified, now); !h.Full.Equal(old.Full) {
		t.Errorf("a 304 left %+v", h)
	}
	if h = withFull(feed.History{}, false, nil, feed.NotModified, now); !h.Full.Equal(now) {
		t.Errorf("the first poll that counts left %+v", h)
	}
	if h = withFull(old, true, nil, feed.Unchanged, now); !h.Full.Equal(now) {
		t.Errorf("an equal body left %+v", h)
	}
}
