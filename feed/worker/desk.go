package worker

import (
	"cmp"
	"fmt"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
	"broadsheet/feed/route"
	"broadsheet/feed/story"
)

// Desk is one loaded configuration as the worker needs it. It is not changed
// once it is in use.
type Desk struct {
	Site   feed.Site
	Zone   *time.Location        // of the site
	Floor  time.Duration         // no feed is polled more often
	Router *route.Router         // set before Assign
	names  *normalise.Vocabulary // of the categories that the router's rules ask for
	// Budget tells which host a request to a URL's host counts against, and how
	// long that host rests between two requests.
	Budget func(host string) (budget string, gap time.Duration)
	// Ceiling is the longest wait of every: auto; zero is defaultCeiling.
	Ceiling time.Duration
	// HoldAlone tells whether a 429 or 503 of a URL's host holds the polled feed
	// only; nil is never.
	HoldAlone func(host string) bool
	// Address tells which budget a request to a URL counts against, how many may run
	// there at once, and its server as in feed.Subscription; nil asks for no pages. It
	// fails for what is no web address.
	Address func(url string) (host, server string, slots int, err error)
	// Reader reads the pages of articles; nil asks for none. It is set before Assign.
	Reader Reader
	reads  bool                // a source wants full text
	beats  map[string]beat     // by name of the source
	urls   map[string]feedName // whose a url is, whatever its scheme
}

// defaultCeiling is the longest wait of every: auto where nothing else is said.
const defaultCeiling = 24 * time.Hour

func (d *Desk) ceiling() time.Duration { return cmp.Or(d.Ceiling, defaultCeiling) }

// feedName is one feed of a source.
type feedName struct{ source, url string }

// has tells whether a url is that of another feed than the claim's.
func (d *Desk) has(claim feed.Claim, url string) bool {
	owner, ok := d.urls[anyScheme(url)]
	return ok && owner != feedName{claim.Source, claim.URL}
}

// beat is an outlet with what is needed to poll it.
type beat struct {
	outlet feed.Outlet
	recipe string
	reads  bool                  // its articles' pages are asked for
	feeds  map[string]assignment // by URL
}

// assignment is a subscription with the source that reads it.
type assignment struct {
	sub     feed.Subscription
	source  feed.Source
	cadence Cadence
}

// Assign adds an outlet to the desk. open makes the source of each of its
// feeds. The error names the feed that cannot be assigned.
func (d *Desk) Assign(o feed.Outlet, open func(feed.Subscription) (feed.Source, error)) error {
	if d.names == nil && d.Router != nil {
		d.names = normalise.NewVocabulary(d.Router.Categories())
	}
	b := beat{outlet: o, recipe: normalise.Recipe(o, d.zone(o), d.names), feeds: map[string]assignment{}}
	if o.FullText != feed.FullTextNever && d.Reader != nil {
		b.reads, d.reads = true, true
		b.recipe += "+" + string(o.FullText) + "-" + d.Reader.Version(o.Name)
	}
	for _, sub := range o.Feeds {
		source, err := open(sub)
		if err != nil {
			return fmt.Errorf("%s: %w", o.Name, err)
		}
		cadence, err := ParseCadence(sub.Every, d.Zone)
		if err != nil {
			return fmt.Errorf("%s: every: %w", o.Name, err)
		}
		b.feeds[sub.URL] = assignment{sub: sub, source: source, cadence: cadence}
		d.own(o.Name, sub.URL)
	}
	if d.beats == nil {
		d.beats = map[string]beat{}
	}
	d.beats[o.Name] = b
	return nil
}

// own notes whose a url is. Where two have the same one, the last of them is no
// worse an answer: it keeps all others away.
func (d *Desk) own(source, url string) {
	if d.urls == nil {
		d.urls = map[string]feedName{}
	}
	d.urls[anyScheme(url)] = feedName{source, url}
}

// zone is where dates without a zone are read for an outlet.
func (d *Desk) zone(o feed.Outlet) *time.Location {
	return cmp.Or(o.Timezone, d.Zone)
}

// Rules is the version of all that decides where an entry stands: the rules of the
// router, and how it is told that two entries are one story.
func (d *Desk) Rules() string { return d.Router.Version() + "-" + story.Version }

// Recipe is the version of all that makes the entries of a source; empty for a
// source that is not on the desk.
func (d *Desk) Recipe(source string) string { return d.beats[source].recipe }
