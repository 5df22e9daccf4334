package normalise

import (
	"time"

	"broadsheet/feed"
)

const (
	// futureLimit is how far an article's date may lie after the moment at which it
	// was first seen: what two clocks may differ by. The W3C feed validator draws
	// the same line.
	futureLimit = 10 * time.Minute
	// stampNear is how long before an article was first seen a feed may have been built
	// that is built for each poll.
	stampNear = 2 * time.Minute
	// firstYear is the first one that an article on the web can be of.
	firstYear = 1990
)

// dates fills in Published, Undated, Updated and FirstSeen.
//
// A date that cannot be read, lies in the future or before the web is no date:
// the article then stands at the moment it was first seen, and is marked. An
// item that names only when it was updated was published then, as far as
// anybody knows.
//
// A build stamp is no date of an article either: the same moment as the feed's own
// date, and not before the article was first seen. Some feeds are made for each
// poll and give that moment to all that they list. (An article of a minute ago, in a
// feed that has the date of its newest article, cannot be told from that; it loses
// the minute.)
func dates(d *draft) {
	e := &d.entry
	e.FirstSeen = d.in.FirstSeen.Round(0).UTC()
	published, ok := d.date("published", d.item.Published)
	updated, moved := d.date("updated", d.item.Updated)
	ok = ok && !d.stamp("published", published)
	moved = moved && (ok || !d.stamp("updated", updated))
	switch {
	case ok:
		e.Published = published
	case moved:
		e.Published = updated
	default:
		e.Published, e.Undated = e.FirstSeen, true
	}
	e.Updated = e.Published
	if moved && updated.After(e.Published) {
		e.Updated = updated
	}
}

// date reads a date of the item; ok is false if it is none that can be true.
func (d *draft) date(name, s string) (t time.Time, ok bool) {
	if s == "" {
		return time.Time{}, false
	}
	t, ok = parseDate(s, d.in.Zone, dateOrder(d.item))
	switch {
	case !ok:
		d.note(stepDates, "the %s date %q is not one that can be read", name, head(s, maxDate))
	case t.After(d.in.FirstSeen.Add(futureLimit)) && d.stamp(name, t):
		ok = false
	case t.After(d.in.FirstSeen.Add(futureLimit)):
		d.note(stepDates, "the %s date %q lies after the article was first seen: in the future, or it was changed", name, s)
		ok = false
	case t.Year() < firstYear:
		d.note(stepDates, "the %s date %q is before the web", name, s)
		ok = false
	}
	return t, ok
}

// stamp tells whether a date is when the feed was built.
func (d *draft) stamp(name string, t time.Time) bool {
	built, ok := parseDate(d.item.Channel.Updated, d.in.Zone, dateOrder(d.item))
	if !ok || !built.Equal(t) || t.Before(d.in.FirstSeen.Add(-stampNear)) {
		return false
	}
	d.note(stepDates, "the %s date is when the feed was built for this poll, not when the article was written", name)
	return true
}

// OwnDate is when an item says that it was published, else updated, if it says so
// in a form that can be read. zone is where a date without one is of.
func OwnDate(item feed.Item, zone *time.Location) (at time.Time, ok bool) {
	for _, s := range []string{item.Published, item.Updated} {
		if at, ok := parseDate(s, zone, dateOrder(item)); ok {
			return at, true
		}
	}
	return time.Time{}, false
}

// order is how a purely numeric date is to be read.
type order int

const (
	orderUnknown order = iota
	dayFirst
	monthFirst
)

// dateOrder is the habit of the item's language, where it is known.
func dateOrder(item feed.Item) order {
	tag := canonicalLanguage(item.Language)
	switch {
	case tag == "", tag == "en":
		return orderUnknown
	case tag == "en-US", tag == "en-PH", tag == "es-US":
		return monthFirst
	}
	return dayFirst
}
