package worker

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func at(s string) time.Time {
	t, err := time.Parse("2006-01-02 15:04:05", s)
	if err != nil {
		panic(err)
	}
	return t
}

func mustCadence(t *testing.T, spec string, zone *time.Location) Cadence {
	t.Helper()
	c, err := ParseCadence(spec, zone)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestParseCadenceRefusesWhatWouldNeverOrWronglyFire(t *testing.T) {
	tests := map[string]string{
		"":                    "neither a duration",
		"0s":                  "not longer than nothing",
		"-5m":                 "neither a duration",
		"soon":                "neither a duration",
		"NaNd":                "neither a duration",
		"0 0 30 2 *":          "never comes due",
		"TZ=UTC":              "site.timezone", // the library's parser panics on this one
		"CRON_TZ=UTC 0 * * *": "site.timezone",
		"* * * * 7":           "neither a duration",
		"61 * * * *":          "neither a duration",
	}
	for spec, want := range tests {
		if _, err := ParseCadence(spec, time.UTC); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseCadence(%q) = %v, want an error with %q", spec, err, want)
		}
	}
}

func TestParseDurationReadsTheUnitsOfTheConfiguration(t *testing.T) {
	tests := map[string]time.Duration{
		"90s": 90 * time.Second, "30m": 30 * time.Minute, "6h": 6 * time.Hour,
		"2d": 48 * time.Hour, "1d12h": 36 * time.Hour, "0.5d": 12 * time.Hour, "0s": 0,
	}
	for text, want := range tests {
		if got, err := ParseDuration(text); err != nil || got != want {
			t.Errorf("ParseDuration(%q) = %v, %v, want %v", text, got, err, want)
		}
	}
}

func TestADurationGivesTheFirstPlaceAtLeastOneIntervalAfterTheLastStart(t *testing.T) {
	c := mustCadence(t, "1h", time.UTC)
	last := at("2026-11-22 10:17:42")
	first := c.Next("gulf-wire", last)
	if wait := first.Sub(last); wait < time.Hour || wait >= 2*time.Hour {
		t.Fatalf("waits %v, want at least one interval and less than two", wait)
	}
	for next := first; next.Before(first.Add(48 * time.Hour)); {
		after := c.Next("gulf-wire", next)
		if after.Sub(next) != time.Hour {
			t.Fatalf("after %v comes %v: a feed that is polled in its place stays in it", next, after)
		}
		next = after
	}
	late := c.Next("gulf-wire", first.Add(10*time.Minute)) // the program was down
	if place := late.Sub(first) % time.Hour; place != 0 {
		t.Errorf("a late poll moved the feed's place by %v", place)
	}
}

func TestAThousandFeedsAreSpreadOverTheInterval(t *testing.T) {
	c := mustCadence(t, "1h", time.UTC)
	perMinute := map[int]int{}
	for i := range 1000 {
		perMinute[c.Next(fmt.Sprintf("feed-%d", i), at("2026-11-22 10:00:00")).Minute()]++
	}
	const mean = 1000.0 / 60
	for minute, n := range perMinute {
		if float64(n) > 3*mean {
			t.Errorf("minute %d has %d polls, more than three times the mean", minute, n)
		}
	}
}

func TestACronSpecIsFollowedInTheZoneWithAStableOffset(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	c := mustCadence(t, "0 6 * * *", berlin)
	first := c.Next("gulf-wire", at("2026-07-01 12:00:00"))
	due := at("2026-07-02 04:00:00") // 06:00 in summer
	offset := first.Sub(due)
	if offset < 0 || offset > 5*time.Minute {
		t.Fatalf("06:00 in Berlin became %v", first)
	}
	if again := c.Next("gulf-wire", first); again.Sub(first) != 24*time.Hour {
		t.Errorf("after %v comes %v, want each firing used once", first, again)
	}
	if other := c.Next("meridien", at("2026-07-01 12:00:00")); other.Equal(first) {
		t.Errorf("two feeds share the offset %v", offset)
	}
	between := first.Add(-time.Second) // 06:00 has struck, the feed's own moment has not come
	if got := c.Next("gulf-wire", between); !got.Equal(first) {
		t.Errorf("asked at %v the next poll is %v, want %v", between, got, first)
	}
}

func TestAFrequentCronSpecIsMovedByLessThanATenthOfItsPeriod(t *testing.T) {
	c := mustCadence(t, "*/20 * * * *", time.UTC)
	for i := range 50 {
		next := c.Next(fmt.Sprint(i), at("2026-11-22 10:00:00"))
		if offset := next.Sub(next.Truncate(20 * time.Minute)); offset > 2*time.Minute {
			t.Errorf("feed %d is moved by %v", i, offset)
		}
	}
}
