package publish

import (
	"testing"
	"time"

	"broadsheet/feed"
)

// TestACopyIsFreshForHalfOfTheSectionsRhythm is S-2: max-age matched to the real cadence.
func TestACopyIsFreshForHalfOfTheSectionsRhythm(t *testing.T) {
	every := func(gap time.Duration, n int) (out []time.Duration) {
		for i := range n {
			out = append(out, time.Duration(i)*gap)
		}
		return out
	}
	for name, row := range map[string]struct {
		ages []time.Duration // of the entries, in any order
		want time.Duration
	}{
		"nothing yet":                  {nil, 5 * time.Minute},
		"one article":                  {[]time.Duration{0}, 5 * time.Minute},
		"all from one poll":            {every(time.Second, 20), 5 * time.Minute},
		"one in 20 minutes":            {every(20*time.Minute, 20), 10 * time.Minute},
		"one in 25 minutes":            {every(25*time.Minute, 20), 12 * time.Minute},
		"one in 10 seconds":            {every(10*time.Second, 60), time.Minute},
		"one in 90 seconds":            {every(90*time.Second, 20), time.Minute},
		"one a week":                   {every(7*24*time.Hour, 5), time.Hour},
		"two":                          {every(30*time.Minute, 2), 15 * time.Minute},
		"in any order":                 {[]time.Duration{40 * time.Minute, 0, 20 * time.Minute}, 10 * time.Minute},
		"polls that bring several":     {[]time.Duration{0, 0, time.Second, time.Hour, time.Hour, time.Hour, 2 * time.Hour}, 30 * time.Minute},
		"a night between two days":     {[]time.Duration{0, 20 * time.Minute, 40 * time.Minute, 10 * time.Hour, 10*time.Hour + 20*time.Minute, 10*time.Hour + 40*time.Minute}, 10 * time.Minute},
		"busy now, quiet long ago":     {append(every(4*time.Minute, 13), 48*time.Hour, 96*time.Hour, 144*time.Hour), 2 * time.Minute},
		"quiet for years, like a blog": {every(300*24*time.Hour, 3), time.Hour},
	} {
		v := feed.View{}
		for _, age := range row.ages {
			v.Entries = append(v.Entries, feed.Entry{SortAt: sampleDay.Add(-age)})
		}
		if got := fresh(v, typeRSS); got != row.want {
			t.Errorf("%s: %v, want %v", name, got, row.want)
		}
	}
}

func TestWhatSeldomChangesIsFreshForAnHour(t *testing.T) {
	busy := feed.View{Entries: []feed.Entry{{SortAt: sampleDay}, {SortAt: sampleDay.Add(-4 * time.Minute)}}}
	full, open := busy, busy
	full.Chain = feed.Chain{Page: 3}
	open.Chain = feed.Chain{Page: 4, Part: 7}
	for name, got := range map[string]time.Duration{
		"a full page of an archive": fresh(full, typeAtom), "a reading list": fresh(busy, typeOPML), "a stylesheet": fresh(busy, typeStyle),
	} {
		if got != time.Hour {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := fresh(open, typeAtom); got != 2*time.Minute {
		t.Errorf("a page that is not full: %v", got)
	}
	for path, d := range documents(t, sampleView()) {
		if d.Fresh < freshLeast || d.Fresh > freshMost {
			t.Errorf("%s: fresh for %v", path, d.Fresh)
		}
	}
}
