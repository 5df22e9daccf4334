package worker

import (
	"testing"
	"time"

	"broadsheet/feed"
)

const (
	oldHome = "https://gulf.example/feed"
	newHome = "https://gulf-news.example/feed"
)

// polls is a run of good polls, each an hour after the one before unless it says
// otherwise, and what each was redirected to for good.
func polls(m feed.Move, configured string, apart time.Duration, permanent ...string) (after feed.Move, adopted bool) {
	now := at("2026-11-22 10:00:00")
	for _, p := range permanent {
		asked := configured
		if m.To != "" {
			asked = m.To
		}
		var adopt bool
		m, adopt = moved(m, Led{Configured: configured, Asked: asked, Permanent: p, At: now}, false)
		adopted = adopted || adopt
		now = now.Add(apart)
	}
	return m, adopted
}

// TestAMoveIsBelievedAfterThreeGoodPollsOverADay: H-5, T-28.
func TestAMoveIsBelievedAfterThreeGoodPollsOverADay(t *testing.T) {
	other := "https://evil.example/feed"
	tests := map[string]struct {
		configured string
		apart      time.Duration
		to         []string
		want       string
	}{
		"three over a day":                     {oldHome, 12 * time.Hour, []string{newHome, newHome, newHome}, newHome},
		"T-28 one alone":                       {oldHome, 12 * time.Hour, []string{newHome, "", "", ""}, ""},
		"two over a week":                      {oldHome, 84 * time.Hour, []string{newHome, newHome}, ""},
		"many within a day":                    {oldHome, time.Hour, []string{newHome, newHome, newHome, newHome, newHome, newHome}, ""},
		"a break begins anew":                  {oldHome, 12 * time.Hour, []string{newHome, newHome, "", newHome, newHome}, ""},
		"another target begins anew":           {oldHome, 12 * time.Hour, []string{newHome, newHome, other, newHome, newHome}, ""},
		"never https to http":                  {oldHome, 12 * time.Hour, []string{"http://gulf.example/f", "http://gulf.example/f", "http://gulf.example/f"}, ""},
		"http to https":                        {"http://gulf.example/feed", 12 * time.Hour, []string{oldHome, oldHome, oldHome}, oldHome},
		"http to http":                         {"http://gulf.example/feed", 12 * time.Hour, []string{"http://g.example/f", "http://g.example/f", "http://g.example/f"}, "http://g.example/f"},
		"a login page":                         {oldHome, 12 * time.Hour, []string{"https://gulf.example/login?next=feed", "https://gulf.example/login?next=feed", "https://gulf.example/login?next=feed"}, ""},
		"a consent page":                       {oldHome, 12 * time.Hour, []string{"https://consent.gulf.example/feed", "https://consent.gulf.example/feed", "https://consent.gulf.example/feed"}, ""},
		"a captive portal":                     {oldHome, 12 * time.Hour, []string{"https://captive-portal.hotel.example/", "https://captive-portal.hotel.example/", "https://captive-portal.hotel.example/"}, ""},
		"a parked domain":                      {oldHome, 12 * time.Hour, []string{"https://www.sedoparking.example/x", "https://www.sedoparking.example/x", "https://www.sedoparking.example/x"}, ""},
		"the section authors is no login page": {oldHome, 12 * time.Hour, []string{"https://gulf.example/authors/feed", "https://gulf.example/authors/feed", "https://gulf.example/authors/feed"}, "https://gulf.example/authors/feed"},
		"to itself in other writing":           {oldHome, 12 * time.Hour, []string{"https://GULF.example:443/feed", "https://GULF.example:443/feed", "https://GULF.example:443/feed"}, ""},
		"on from there":                        {oldHome, 12 * time.Hour, []string{newHome, newHome, newHome, other, other, other}, other},
		"and never back to less security":      {"http://gulf.example/feed", 12 * time.Hour, []string{newHome, newHome, newHome, "http://a.example/", "http://a.example/", "http://a.example/"}, newHome},
		"back home":                            {oldHome, 12 * time.Hour, []string{newHome, newHome, newHome, oldHome, oldHome, oldHome}, ""},
	}
	for name, tt := range tests {
		if m, _ := polls(feed.Move{}, tt.configured, tt.apart, tt.to...); m.To != tt.want {
			t.Errorf("%s: it is asked at %q, want %q: %+v", name, m.To, tt.want, m)
		}
	}
}

func TestAMoveOntoAnotherFeedIsNotMade(t *testing.T) {
	now := at("2026-11-22 10:00:00")
	m := feed.Move{Next: newHome, First: now.Add(-48 * time.Hour), Count: 9}
	led := Led{Configured: oldHome, Asked: oldHome, Permanent: newHome, At: now}
	if after, adopt := moved(m, led, true); adopt || after.To != "" || after.Count != 0 {
		t.Errorf("it moved: %+v", after)
	}
	if after, adopt := moved(m, led, false); !adopt || after.To != newHome {
		t.Errorf("the test would not see it: %+v", after)
	}
}

func TestTheHistoryOfMovesIsKept(t *testing.T) {
	m, adopted := polls(feed.Move{}, oldHome, 12*time.Hour, newHome, newHome, newHome)
	if !adopted || len(m.Past) != 1 || m.Past[0].From != oldHome || !m.Past[0].At.Equal(at("2026-11-23 10:00:00")) {
		t.Errorf("it remembers %+v", m)
	}
	var long feed.Move
	for range 3 * maxPast {
		long = given(long, newHome, at("2026-11-22 10:00:00"))
	}
	if len(long.Past) != maxPast {
		t.Errorf("%d addresses are remembered", len(long.Past))
	}
}

// TestTheOldAddressIsTriedAgain: H-5, the old url is restorable.
func TestTheOldAddressIsTriedAgain(t *testing.T) {
	claim := feed.Claim{URL: oldHome, History: feed.History{Move: feed.Move{To: newHome}}}
	for failures, want := range []string{newHome, newHome, newHome, oldHome, newHome, oldHome} {
		claim.Failures = failures
		if got := addressOf(claim); got != want {
			t.Errorf("after %d failures %s is asked", failures, got)
		}
	}
	led := Led{Configured: oldHome, Asked: oldHome, At: at("2026-11-22 10:00:00")}
	if m, _ := moved(claim.History.Move, led, false); m.To != "" || len(m.Past) != 1 || m.Past[0].From != newHome {
		t.Errorf("the old one is good again: %+v", m)
	}
	led.Permanent = newHome
	if m, _ := moved(claim.History.Move, led, false); m.To != newHome || len(m.Past) != 0 {
		t.Errorf("the old one still leads there: %+v", m)
	}
}

func TestAnotherFeedsUrlIsKnownWhateverItsScheme(t *testing.T) {
	d := &Desk{}
	for _, name := range []string{"gulf", "tide"} {
		o := feed.Outlet{Name: name, Feeds: []feed.Subscription{{URL: "https://" + name + ".example/feed", Every: "1h"}}}
		if err := d.Assign(o, func(feed.Subscription) (feed.Source, error) { return nil, nil }); err != nil {
			t.Fatal(err)
		}
	}
	claim := feed.Claim{Source: "gulf", URL: "https://gulf.example/feed"}
	for url, want := range map[string]bool{"https://tide.example/feed": true, "http://TIDE.example:80/feed": true,
		"http://gulf.example/feed": false, "https://tide.example/other": false, "": false} {
		if got := d.has(claim, url); got != want {
			t.Errorf("%s is another feed's: %t", url, got)
		}
	}
}
