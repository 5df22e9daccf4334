package feed

import "testing"

func TestTheSmallerShareHolds(t *testing.T) {
	for _, c := range []struct {
		section Section
		want    int
	}{
		{Section{Limit: 60}, 0},
		{Section{Limit: 60, MaxPerSource: 7}, 7},
		{Section{Limit: 60, MaxShare: 30}, 18},
		{Section{Limit: 50, MaxShare: 33}, 17}, // 16.5 is rounded up
		{Section{Limit: 3, MaxShare: 1}, 1},    // never none at all
		{Section{Limit: 60, MaxShare: 30, MaxPerSource: 7}, 7},
		{Section{Limit: 10, MaxShare: 30, MaxPerSource: 7}, 3},
		{Section{MaxShare: 30}, 0}, // of nothing
		{Section{MaxShare: 30, MaxPerSource: 4}, 4},
		{Section{Limit: 60, MaxShare: 100}, 60},
	} {
		if got := c.section.Share(); got != c.want {
			t.Errorf("%+v: %d, want %d", c.section, got, c.want)
		}
	}
}
