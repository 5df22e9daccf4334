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
	// firstYear is the first one that an article on the web can be of.
	firstYear = 1990
)

// dates fills in Published, Undated, Updated and FirstSeen.
//
// A date that cannot be read, lies in the future or before the web is no date:
// the article then stands at the moment it was first seen, and is marked. An
// item that names only when it was updated was published then, as far as
// anybody knows.
func dates(d *draft) {
	e := &d.entry
	e.FirstSeen = d.in.FirstSeen.Round(0).UTC()
	published, ok := d.date("published", d.item.Published)
	updated, moved := d.date("updated", d.item.Updated)
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
	case t.After(d.in.FirstSeen.Add(futureLimit)):
		d.note(stepDates, "the %s date %q lies in the future", name, s)
		ok = false
	case t.Year() < firstYear:
		d.note(stepDates, "the %s date %q is before the web", name, s)
		ok = false
	}
	return t, ok
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
