package worker

import (
	"fmt"
	"testing"
	"time"

	"broadsheet/feed"
)

// hourly is a desk of n feeds and, as late, the first of them, due an hour ago.
func hourly(t *testing.T, n, late int, every string) (*Desk, []feed.Late) {
	t.Helper()
	d := &Desk{Floor: 15 * time.Minute}
	var out []feed.Late
	for i := range n {
		o := feed.Outlet{Name: fmt.Sprintf("s%d", i), Feeds: []feed.Subscription{{URL: fmt.Sprintf("http://h%d.example/", i), Every: every}}}
		if err := d.Assign(o, func(feed.Subscription) (feed.Source, error) { return nil, nil }); err != nil {
			t.Fatal(err)
		}
		if i < late {
			out = append(out, feed.Late{Source: o.Name, URL: o.Feeds[0].URL, Due: at("2026-11-22 09:00:00")})
		}
	}
	return d, out
}

// TestWhatIsOverdueIsSpreadOverAsLongAsItUsuallyTakes: E-5.
func TestWhatIsOverdueIsSpreadOverAsLongAsItUsuallyTakes(t *testing.T) {
	now := at("2026-11-22 10:00:00")
	for name, tt := range map[string]struct {
		feeds, late int
		every       string
		within      time.Duration
		perMinute   int
	}{
		"all of a thousand":   {1000, 1000, "1h", time.Hour, 3 * 1000 / 60},
		"ten minutes of them": {1000, 167, "1h", 11 * time.Minute, 2 * 1000 / 60},
		"three of three":      {3, 3, "1h", 30 * time.Second, 3},
		"slow ones":           {1000, 1000, "1d", longestCatchUp, 25},
		"by cron":             {1000, 1000, "0 * * * *", time.Hour, 3 * 1000 / 60},
		"by their own rhythm": {100, 100, "auto", 15 * time.Minute, 20},
	} {
		d, late := hourly(t, tt.feeds, tt.late, tt.every)
		perMinute := map[int]int{}
		for _, at := range CatchUp(d, late, now) {
			wait := at.Sub(now)
			if wait < 0 || wait > tt.within {
				t.Errorf("%s: a feed waits %v, want at most %v", name, wait, tt.within)
			}
			perMinute[int(wait.Minutes())]++
		}
		for minute, n := range perMinute {
			if n > tt.perMinute {
				t.Errorf("%s: %d polls in minute %d, want at most %d", name, n, minute, tt.perMinute)
			}
		}
	}
}

func TestAFeedThatTheDeskDoesNotHaveIsLeftAsItIs(t *testing.T) {
	d, late := hourly(t, 1, 1, "1h")
	late[0].Source = "nobody"
	if got := CatchUp(d, late, at("2026-11-22 10:00:00")); !got[0].Equal(late[0].Due) {
		t.Errorf("it is moved to %v", got)
	}
}
