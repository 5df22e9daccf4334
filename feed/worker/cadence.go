package worker

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// Cadence is how often a feed is polled when nothing else is in the way: a
// duration, a cron spec, or as its own rhythm says.
type Cadence struct {
	spec  string
	auto  bool          // see Rhythm
	every time.Duration // for a duration
	cron  cron.Schedule // for a cron spec
	zone  *time.Location
}

// maxCronOffset and cronOffsetShare bound how far a cron spec's polls are moved
// from the written minute, so that not every feed of the world is asked at :00.
const (
	maxCronOffset   = 5 * time.Minute
	cronOffsetShare = 10 // a tenth of the period
)

// Auto is the cadence of a feed that is polled as its own rhythm says.
const Auto = "auto"

// ParseCadence reads a duration ("90s", "30m", "6h", "2d"), "auto", or a
// robfig/cron spec of five fields or a descriptor ("@hourly"), which is read in
// zone. A spec that never comes due is refused.
func ParseCadence(spec string, zone *time.Location) (Cadence, error) {
	if spec == Auto {
		return Cadence{spec: spec, auto: true, zone: zone}, nil
	}
	if d, err := ParseDuration(spec); err == nil {
		if d <= 0 {
			return Cadence{}, fmt.Errorf("%q is not longer than nothing; write for example 30m or 6h", spec)
		}
		return Cadence{spec: spec, every: d, zone: zone}, nil
	}
	schedule, err := parseCron(spec)
	if err != nil {
		return Cadence{}, fmt.Errorf("%q is neither a duration (90s 30m 6h 2d) nor a cron spec (minute hour day month weekday) nor auto: %w", spec, err)
	}
	// A fixed moment keeps the verdict the same every day; a leap year starts here.
	if schedule.Next(time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return Cadence{}, fmt.Errorf("%q never comes due: no such day exists", spec)
	}
	return Cadence{spec: spec, cron: schedule, zone: zone}, nil
}

// parseCron is robfig/cron's standard parser, which panics on a time zone
// without fields and takes zones that would contradict site.timezone.
func parseCron(spec string) (s cron.Schedule, err error) {
	if strings.Contains(spec, "TZ=") {
		return nil, fmt.Errorf("a time zone in the spec is not used; set site.timezone")
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("it cannot be read")
		}
	}()
	return cron.ParseStandard(spec)
}

// ParseDuration reads a duration with the units s, m, h and d, alone or from
// the largest to the smallest ("1d12h").
func ParseDuration(s string) (time.Duration, error) {
	rest := s
	var days time.Duration
	if n, after, ok := strings.Cut(s, "d"); ok {
		v, err := strconv.ParseFloat(n, 64)
		if err != nil || !(v >= 0 && v <= maxDays) { // NaN fails both
			return 0, fmt.Errorf("%q is not a duration; write for example 90s, 30m, 6h or 2d", s)
		}
		days, rest = time.Duration(v*float64(24*time.Hour)), after
		if rest == "" {
			return days, nil
		}
	}
	d, err := time.ParseDuration(rest)
	if err != nil || d < 0 {
		return 0, fmt.Errorf("%q is not a duration; write for example 90s, 30m, 6h or 2d", s)
	}
	return days + d, nil
}

// maxDays keeps a duration in days far from overflow: a century.
const maxDays = 36500

// String is the cadence as written.
func (c Cadence) String() string { return c.spec }

// Next is the first poll of the feed called name after a poll that began at
// last. A duration gives each feed its own place in the interval, by a hash of
// its name, and the next poll is the first such place at least one interval
// after the last start: so feeds spread out, and stay put after a restart. A
// cron spec is followed in its zone, moved by an offset that is also the
// feed's own. It is not for the cadence auto.
func (c Cadence) Next(name string, last time.Time) time.Time {
	if c.cron == nil {
		return placeAfter(name, c.every, last.Add(c.every))
	}
	zone := c.zone
	if zone == nil {
		zone = time.UTC
	}
	// Undo the offset first, or a poll at 10:03 for the spec of 10:00 would be
	// followed by one more for 10:00's successor only after it; with it, each
	// firing is used once.
	first := c.cron.Next(last.In(zone))
	period := c.cron.Next(first).Sub(first)
	offset := time.Duration(hash(name) % uint64(max(1, min(maxCronOffset, period/cronOffsetShare))))
	if at := c.cron.Next(last.Add(-offset).In(zone)).Add(offset); at.After(last) {
		return at.UTC()
	}
	return first.Add(offset).UTC()
}

// placeAfter is a name's first place not before earliest, if it has one in every
// interval.
func placeAfter(name string, interval time.Duration, earliest time.Time) time.Time {
	place := time.Duration(hash(name) % uint64(interval))
	since := time.Duration(earliest.UnixNano()) - place
	wait := interval - since%interval
	if wait == interval {
		wait = 0
	}
	return earliest.Add(wait).UTC()
}

// interval is how long it is between two polls, about: of a cron spec after now,
// and of auto usual.
func (c Cadence) interval(now time.Time, usual time.Duration) time.Duration {
	switch {
	case c.auto:
		return usual
	case c.cron == nil:
		return c.every
	}
	first := c.cron.Next(now)
	return max(c.cron.Next(first).Sub(first), time.Minute)
}

// hash places a name; it must stay the same for ever and everywhere.
func hash(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(name))
	return h.Sum64() >> 1 // positive as a Duration
}
