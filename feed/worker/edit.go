package worker

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
)

// edit fills in what the items of a changed body mean for the stored entries. A
// panic is an error of KindBug.
func (w *Worker) edit(ctx context.Context, report *feed.Report, items []feed.Item) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = w.panicked(report.Claim.Source, r)
		}
	}()
	claim, now := report.Claim, w.Clock()
	listed := make([]Listed, len(items))
	for i, it := range items {
		listed[i] = Listed{Item: it, Identity: normalise.IdentifyBy(it, claim.History.Guard.By)}
	}
	known, err := w.Archive.Known(ctx, claim, keysOf(listed))
	if err != nil {
		return err
	}
	verdict, alarm := w.watch(report, Decide(listed, known), now)
	if alarm.Why != "" {
		report.Gone = nil // it may be another one's feed
		listed := len(verdict.Choices)
		if verdict = bounded(verdict, maxHeld-claim.Held); len(verdict.Choices) < listed {
			report.Memo = feed.Memo{} // what was left out must be listed again
		}
	}
	report.Drops, report.Retired = append(report.Drops, verdict.Drops...), verdict.Retired
	// A feed whose url was changed is not new: it had good polls.
	if err := w.write(ctx, report, verdict, alarm, now); err != nil {
		return err
	}
	if claim.First && claim.Success.IsZero() {
		settled, shown, err := w.Archive.Settled(ctx, now, claim)
		if err != nil {
			return err
		}
		keepBack(report.Arrivals, w.Desk.beats[claim.Source].outlet.First, shown, settled)
	}
	await(report.Arrivals)
	return nil
}

// write makes the arrivals of all new and changed items. One that nothing can be
// made of costs no other.
func (w *Worker) write(ctx context.Context, report *feed.Report, v Verdict, alarm Alarm, now time.Time) error {
	stored, err := w.load(ctx, v.Choices)
	if err != nil {
		return err
	}
	for _, c := range v.Choices {
		arrival, err := w.compose(report.Claim, c, stored, now)
		if err != nil {
			report.Drops = append(report.Drops, feed.Drop{Code: "unusable", Item: c.Identity.Original,
				Text: asFailure(report.Claim.Source, err).Sentence()})
			continue
		}
		arrival = guarded(arrival, stored, alarm)
		if old, known := stored[c.Row]; known && report.History.Reader != report.Claim.History.Reader {
			arrival.Entry.Updated = old.Entry.Updated // we read it otherwise; nobody wrote it anew
		}
		report.Arrivals = append(report.Arrivals, arrival)
	}
	return nil
}

// bounded leaves out new items that there is no room to hold.
func bounded(v Verdict, room int) Verdict {
	kept := v.Choices[:0:0]
	for _, c := range v.Choices {
		if c.Row == 0 {
			room--
		}
		if c.Row == 0 && room < 0 {
			v.Drops = append(v.Drops, feed.Drop{Code: "flood", Item: c.Identity.Original,
				Text: fmt.Sprintf("the guard holds %d articles of the feed already", maxHeld)})
			continue
		}
		kept = append(kept, c)
	}
	v.Choices = kept
	return v
}

// watch lets the guard look at what a body means, and believes weaker signs where
// it has reason to. A first poll has nothing to compare with, and a reason: the feed
// may have moved here. What another feed says of itself is not believed.
func (w *Worker) watch(report *feed.Report, verdict Verdict, now time.Time) (Verdict, Alarm) {
	claim := report.Claim
	if claim.First {
		return verdict.Believe(feed.KeyLink, feed.KeyText), Alarm{}
	}
	guard := sane(claim.History.Guard, now)
	shift := Shift{Guard: guard, Verdict: verdict, Last: claim.Success, Now: now, Dates: w.dates(claim.Source, verdict),
		Was: cmp.Or(guard.Was, titleOf(claim.Header)), Is: titleOf(report.Header)}
	alarm := Trip(shift)
	report.History.Guard = After(shift, alarm)
	if shift.other() {
		report.Header = claim.Header
	}
	if alarm.Why != "" {
		w.Log.Warn("a source brings old articles as new ones; they are held", "source", claim.Source, "why", alarm.Why)
	}
	if alarm.Why != "" || alert(guard, now) {
		verdict = verdict.Believe(feed.KeyLink, feed.KeyText, feed.KeyBrief)
	}
	return verdict, alarm
}

// maxTitle is how much of a feed's title the guard looks at, in characters.
const maxTitle = 200

// titleOf is the beginning of a feed's title.
func titleOf(h feed.Header) string {
	title := []rune(strings.Join(strings.Fields(string(h.Title.Value)), " "))
	return string(title[:min(len(title), maxTitle)])
}

// dates are the own dates of new items.
func (w *Worker) dates(source string, v Verdict) (out []time.Time) {
	zone := w.Desk.zone(w.Desk.beats[source].outlet)
	for _, c := range v.Choices {
		if at, ok := normalise.OwnDate(c.Item, zone); ok && c.Row == 0 {
			out = append(out, at)
		}
	}
	return out
}

// guarded is an arrival of a poll at which the guard may have tripped: then new
// articles are held, at their own dates, and known ones do not count as updated,
// for a source that makes everything anew corrects nothing.
func guarded(a feed.Arrival, stored map[int64]feed.Stored, alarm Alarm) feed.Arrival {
	old, known := stored[a.Row]
	switch {
	case alarm.Why == "":
		return a
	case known:
		a.Entry.Updated, a.Ask = old.Entry.Updated, nil
		return a
	}
	a.Standing, a.Why = feed.Held, alarm.Why
	if alarm.Strange {
		a.Standing = feed.Strange
	}
	a.Entry.SortAt = feed.SortAt(true, own(a.Entry), a.Entry.FirstSeen)
	return a
}

// load reads the entries that choices change, by row.
func (w *Worker) load(ctx context.Context, choices []Choice) (map[int64]feed.Stored, error) {
	var rows []int64
	for _, c := range choices {
		if c.Row != 0 {
			rows = append(rows, c.Row)
		}
	}
	out := make(map[int64]feed.Stored, len(rows))
	if len(rows) == 0 {
		return out, nil
	}
	stored, err := w.Archive.Load(ctx, rows)
	for _, s := range stored {
		out[s.Row] = s
	}
	return out, err
}

// compose makes the arrival of a new or changed item.
func (w *Worker) compose(claim feed.Claim, c Choice, stored map[int64]feed.Stored, now time.Time) (
	feed.Arrival, error) {
	sighting := feed.Sighting{Feed: claim.URL, Seen: now, Item: c.Item}
	arrival := feed.Arrival{Original: c.Identity.Original, FirstPoll: claim.First,
		Keys: c.Keys, Item: c.Item, Hash: c.Identity.Hash}
	old, ok := stored[c.Row]
	if !ok {
		made, err := w.make(claim.Source, []feed.Sighting{sighting}, now)
		if err != nil {
			return arrival, err
		}
		made.SortAt = feed.SortAt(claim.First, own(made), now)
		arrival.IDs = normalise.IDs(w.Desk.Site.ID, claim.FirstName, c.Identity.Original)
		arrival.Ask = w.askFor(claim, made, arrival.IDs[0], now)
		return w.placed(arrival, made), nil
	}
	page := w.pageOf(old)
	before, err := w.makeOf(claim.Source, old.Sightings, page, old.Entry.FirstSeen)
	if err != nil || old.Made == feed.Overtaken {
		before.Entry = old.Entry
	}
	sightings := resight(old.Sightings, sighting)
	after, err := w.makeOf(claim.Source, sightings, page, old.Entry.FirstSeen)
	if err != nil {
		return arrival, err
	}
	arrival.Ask = w.askAgain(claim, old, sightings, now)
	arrival.Row, arrival.Revision = old.Row, old.Revision
	made := Settle(old.Entry, before.Entry, after.Entry, now)
	made.Feeds = withFeed(old.Entry.Feeds, claim.URL)
	return w.placed(arrival, made), nil
}

// make runs the normaliser for an entry of a source, without its page.
func (w *Worker) make(source string, sightings []feed.Sighting, firstSeen time.Time) (feed.Entry, error) {
	made, err := w.makeOf(source, sightings, sheet{}, firstSeen)
	return made.Entry, err
}

// sheet is what an entry is made of besides its items.
type sheet struct {
	page  *feed.Page // nil if there is none
	shown bool       // its text was chosen before
}

// makeOf runs the normaliser for an entry of a source.
func (w *Worker) makeOf(source string, sightings []feed.Sighting, s sheet, firstSeen time.Time) (normalise.Result, error) {
	b := w.Desk.beats[source]
	made, err := normalise.Make(normalise.Input{Sightings: sightings, Outlet: b.outlet, Vocabulary: w.Desk.names,
		Page: s.page, PageShown: s.shown, Zone: w.Desk.zone(b.outlet), FirstSeen: firstSeen})
	if err != nil {
		return normalise.Result{}, err
	}
	made.Entry.Source = source
	for _, s := range sightings {
		made.Entry.Feeds = withFeed(made.Entry.Feeds, s.Feed)
	}
	return made, nil
}

// placed routes an entry and notes which recipe and rules made it so.
func (w *Worker) placed(a feed.Arrival, e feed.Entry) feed.Arrival {
	a.Entry = e
	a.Members = w.Desk.Router.Route(&e)
	a.Made, a.Routed = w.Desk.Recipe(e.Source), w.Desk.Rules()
	return a
}

// own is an entry's own date, zero for an undated one.
func own(e feed.Entry) time.Time {
	if e.Undated {
		return time.Time{}
	}
	return e.Published
}

// withFeed adds a feed's URL once.
func withFeed(feeds []string, url string) []string {
	for _, f := range feeds {
		if f == url {
			return feeds
		}
	}
	return append(feeds[:len(feeds):len(feeds)], url)
}
