package syndication

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"broadsheet/feed"
)

// maxHint is the longest interval that a feed can mean seriously.
const maxHint = 366 * 24 * time.Hour

// ttl reads the minutes of an RSS ttl; 0 if it is blank, not a whole number,
// not positive or beyond reason.
func ttl(s string) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err != nil || n <= 0 || n > int(maxHint/time.Minute) {
		return 0
	}
	return time.Duration(n) * time.Minute
}

// skipHours reads the hours of skipHours, in order. 24 is the midnight of RSS
// 0.91. A feed that names every hour has none to be asked in, so it means none.
func skipHours(list []string) []int {
	var out []int
	for _, s := range list {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil || n < 0 || n > 24 || slices.Contains(out, n%24) {
			continue
		}
		out = append(out, n%24)
	}
	if len(out) == 24 {
		return nil
	}
	slices.Sort(out)
	return out
}

// skipDays reads the days of skipDays, in order; all seven mean none.
func skipDays(list []string) []time.Weekday {
	var out []time.Weekday
	for day := time.Sunday; day <= time.Saturday; day++ {
		named := func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), day.String()) }
		if slices.ContainsFunc(list, named) {
			out = append(out, day)
		}
	}
	if len(out) == 7 {
		return nil
	}
	return out
}

// periods are the values of sy:updatePeriod.
var periods = map[string]time.Duration{
	"hourly": time.Hour, "daily": 24 * time.Hour, "weekly": 7 * 24 * time.Hour,
	"monthly": 30 * 24 * time.Hour, "yearly": 365 * 24 * time.Hour,
}

// updateEvery reads sy:updatePeriod and sy:updateFrequency: the period is daily
// and the frequency once if only the other is given.
func updateEvery(x extensions) time.Duration {
	period, frequency := x.one("sy", "updatePeriod"), x.one("sy", "updateFrequency")
	if period == "" && frequency == "" {
		return 0
	}
	every, ok := periods[strings.ToLower(or(period, "daily"))]
	if !ok {
		return 0
	}
	times, err := strconv.Atoi(or(frequency, "1"))
	if err != nil || times < 1 {
		times = 1
	}
	return max(every/time.Duration(times), time.Minute).Truncate(time.Second)
}

// ended reports whether a podcast says that no more episodes will come. The
// fh:complete of RFC 5005 §2 says something else: that all there is stands in
// this one document, which may well change.
func ended(x extensions) bool {
	return strings.EqualFold(x.one("itunes", "complete"), "yes")
}

// relations sorts the links of a channel into the fields of its header. Those of the
// HTTP header come first, and where that names a hub, the document's hubs do not count
// (WebSub §4).
func (r *reader) relations(links []feed.Link) {
	h := &r.doc.Header
	for _, l := range links {
		switch strings.ToLower(l.Rel) {
		case "self":
			if isWeb(l.Href) {
				h.Self = or(h.Self, l.Href)
			}
		case "hub":
			if isWeb(l.Href) && !r.headed && len(h.Hubs) < maxList && !slices.Contains(h.Hubs, l.Href) {
				h.Hubs = append(h.Hubs, l.Href)
			}
		case "next":
			if isWeb(l.Href) {
				h.Next = or(h.Next, l.Href)
			}
		}
	}
}

// home picks the page that a feed accompanies: an HTML alternate, else any that
// is not a feed itself.
func home(links []feed.Link) string {
	var second string
	for _, l := range links {
		if !strings.EqualFold(l.Rel, "alternate") || l.Href == "" {
			continue
		}
		kind := strings.ToLower(l.Type)
		if kind == "" || strings.Contains(kind, "html") {
			return l.Href
		}
		isFeed := func(format string) bool { return strings.Contains(kind, format) }
		if !slices.ContainsFunc([]string{"atom", "rss", "json"}, isFeed) {
			second = or(second, l.Href)
		}
	}
	return second
}
