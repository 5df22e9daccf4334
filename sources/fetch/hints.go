package fetch

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxHint bounds a hint so that sums of durations cannot overflow. How long a
// hint is heeded is decided elsewhere, and is far shorter.
const maxHint = 365 * 24 * time.Hour

// received is the moment that an answer's dates count from: its Date, so that a
// wrong clock on either side does no harm, else now (RFC 9110 §6.6.1).
func received(h http.Header) time.Time {
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		return date
	}
	return time.Now()
}

// parseRetryAfter reads seconds or an HTTP-date (RFC 9110 §10.2.3). Zero means
// that nothing usable was said; "now" is a second.
func parseRetryAfter(value string, date time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if value == "" {
		return 0
	}
	if s, ok := seconds(value); ok {
		return max(s, time.Second)
	}
	if at, err := http.ParseTime(value); err == nil {
		return min(max(at.Sub(date), time.Second), maxHint)
	}
	return 0
}

// freshness is how long an answer says it stays good, less the time it already
// lay in caches (RFC 9111 §4.2). said is false if it does not speak of that.
func freshness(h http.Header, date time.Time) (life time.Duration, said bool) {
	life, said = maxAge(h)
	if !said {
		value := h.Get("Expires")
		if value == "" {
			return 0, false
		}
		expires, err := http.ParseTime(value)
		if err != nil {
			return 0, true // "0" and the like: in the past (RFC 9111 §5.3)
		}
		life = min(max(expires.Sub(date), 0), maxHint)
	}
	if age, ok := seconds(strings.TrimSpace(h.Get("Age"))); ok {
		life -= age
	}
	return max(life, 0), true
}

// maxAge reads Cache-Control. said is true if it speaks of freshness at all, in
// which case Expires does not count.
func maxAge(h http.Header) (life time.Duration, said bool) {
	for field := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "no-cache", "no-store":
			return 0, true
		case "max-age":
			if said {
				continue // the first one counts (RFC 9111 §4.2.1)
			}
			said = true
			life, _ = seconds(strings.Trim(strings.TrimSpace(value), `"`))
		}
	}
	return life, said
}

// seconds reads delta-seconds (RFC 9111 §1.2.2). Those too large to count are
// maxHint.
func seconds(s string) (time.Duration, bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > int64(maxHint/time.Second) {
		return maxHint, true
	}
	return time.Duration(n) * time.Second, true
}
