package worker

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
)

// finishTime bounds the writing of a result after the program was told to stop.
const finishTime = 4 * time.Second

// Polled tells what came of one poll, for progress and logs.
type Polled struct {
	Source  string
	URL     string
	Status  feed.Status
	Failure *feed.Error // nil if the poll was good
	Listed  int
	New     int
	Updated int
	Kept    int // new ones that are kept back
	Drops   []feed.Drop
	Next    time.Time
	Reason  string
	Was     feed.State // before the poll
	State   feed.State
	Bare    bool      // validators were left out
	Due     time.Time // when the feed was to be polled
	Start   time.Time // when it was
	Took    time.Duration
}

// poll takes one claim its whole way. The error is of the store or of the
// program's stopping; what the source does wrong is in Polled.
func (w *Worker) poll(ctx context.Context, claim feed.Claim) (Polled, feed.Receipt, error) {
	start := w.Clock()
	out := Polled{Source: claim.Source, URL: claim.URL}
	g := w.newGate(claim)
	job, ok := w.Desk.beats[claim.Source].feeds[claim.URL]
	if !ok {
		return out, feed.Receipt{}, w.letGo(ctx, g, fmt.Errorf(
			"%s: a feed of it is due that is not in this configuration", claim.Source))
	}
	t := trip{job: job}
	t.visit, t.bare = visiting(claim, job.sub, start)
	outcome, failure := w.visit(ctx, g, job.source, claim.Source, t.visit)
	if err := ours(failure); err != nil {
		return out, feed.Receipt{}, w.letGo(ctx, g, err)
	}
	report := w.report(claim, job, outcome, failure, start)
	if failure == nil && outcome.Status == feed.Changed {
		err := w.edit(ctx, &report, outcome.Items)
		switch {
		case feed.KindOf(err) == feed.KindBug:
			failure = asFailure(claim.Source, err)
			report = w.report(claim, job, outcome, failure, start)
		case err != nil:
			return out, feed.Receipt{}, w.letGo(ctx, g, err)
		}
	}
	t.out, t.sent = outcome, g.sentAt()
	if err := w.remember(ctx, &report, t); err != nil {
		return out, feed.Receipt{}, w.letGo(ctx, g, err)
	}
	report.HostFree = g.freeAt()
	receipt, err := w.finish(ctx, report)
	if err != nil {
		return out, feed.Receipt{}, w.letGo(ctx, g, err)
	}
	out.Status, out.Failure = outcome.Status, failure
	out.Listed, out.Drops = report.Listed, report.Drops
	out.New, out.Updated, out.Kept = receipt.New, receipt.Updated, receipt.Kept
	out.Next, out.Reason = report.Next, report.Reason
	out.Was, out.State, out.Bare = claim.State, report.State, t.bare
	out.Due, out.Start, out.Took = claim.Due, start, w.Clock().Sub(start)
	return out, receipt, nil
}

// ours is what kept a poll from happening that is not of the source's making: we
// stopped, lost the host, or the store failed; nil for any other failure.
func ours(failure *feed.Error) error {
	if failure == nil {
		return nil
	}
	if broken, ok := errors.AsType[*storeError](failure); ok {
		return broken
	}
	if failure.Kind == feed.KindCanceled || failure.Kind == feed.KindFenced {
		return failure
	}
	return nil
}

// visit polls the source while its lease is kept alive. A panic of the source
// is a failure of that source alone.
func (w *Worker) visit(ctx context.Context, g *gate, source feed.Source, name string, v feed.Visit) (
	outcome feed.Outcome, failure *feed.Error) {
	ctx, stop := context.WithCancelCause(ctx)
	var keeper sync.WaitGroup
	keeper.Go(func() { g.keep(ctx, func() { stop(errLost) }) })
	defer keeper.Wait()
	defer stop(nil)
	defer func() {
		if r := recover(); r != nil {
			failure = w.panicked(name, r)
		}
	}()
	outcome, err := source.Poll(ctx, g, v)
	if err == nil {
		return outcome, nil
	}
	if rest := g.heldFor(); feed.KindOf(err) == feed.KindHeld && rest > 0 {
		outcome.Hints.RetryAfter = rest
	}
	switch {
	case context.Cause(ctx) == errLost:
		err = errLost
	case ctx.Err() != nil: // whatever the source makes of it
		err = canceled(ctx.Err())
	}
	return outcome, asFailure(name, err)
}

// panicked is a panic as a failure of the source whose bytes brought it about.
func (w *Worker) panicked(source string, what any) *feed.Error {
	w.Log.Error("a source panicked", "source", source, "panic", what, "stack", string(debug.Stack()))
	return &feed.Error{Source: source, Step: "polling", Kind: feed.KindBug,
		Text: "reading it made this program panic; the log has the details"}
}

// errLost: the lease ran out and another worker took the host over.
var errLost error = &feed.Error{Step: "polling", Kind: feed.KindFenced,
	Text: "another worker took the host over"}

// asFailure is err as an *Error that names the source.
func asFailure(source string, err error) *feed.Error {
	e := &feed.Error{Source: source, Step: "polling", Kind: feed.KindOf(err), Err: err}
	if inner, ok := err.(*feed.Error); ok {
		*e = *inner
		e.Source = source
	}
	return e
}

// report is what a poll leaves behind besides its articles, and besides what
// remember adds.
func (w *Worker) report(claim feed.Claim, _ assignment, o feed.Outcome,
	failure *feed.Error, start time.Time) feed.Report {
	header := claim.Header
	if o.Status == feed.Changed {
		header = o.Header
	}
	return feed.Report{
		Claim: claim, Started: start, Failure: failure, State: stateAfter(claim, failure, start),
		Status: o.Status, Memo: o.Memo, History: claim.History, Header: header, Warnings: o.Warnings,
		Drops: o.Drops, Listed: len(o.Items) + len(o.Drops), Trace: o.Trace,
	}
}

// edit fills in what the items of a changed body mean for the stored entries. A
// panic is an error of KindBug.
func (w *Worker) edit(ctx context.Context, report *feed.Report, items []feed.Item) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = w.panicked(report.Claim.Source, r)
		}
	}()
	claim, now := report.Claim, w.Clock()
	guard := claim.History.Guard
	listed := make([]Listed, len(items))
	for i, it := range items {
		listed[i] = Listed{Item: it, Identity: normalise.IdentifyBy(it, guard.By)}
	}
	known, err := w.Archive.Known(ctx, claim, keysOf(listed))
	if err != nil {
		return err
	}
	verdict, why := w.watch(report, Decide(listed, known), now)
	report.Drops = append(report.Drops, verdict.Drops...)
	report.Retired = verdict.Retired
	stored, err := w.load(ctx, verdict.Choices)
	if err != nil {
		return err
	}
	room := maxHeld - claim.Held
	for _, c := range verdict.Choices {
		if fresh := c.Row == 0; why != "" && fresh {
			if room--; room < 0 {
				report.Drops = append(report.Drops, feed.Drop{Code: "flood", Item: c.Identity.Original,
					Text: fmt.Sprintf("the guard holds %d articles of the feed already", maxHeld)})
				continue
			}
		}
		arrival, err := w.compose(claim, c, stored, now)
		if err != nil {
			report.Drops = append(report.Drops, feed.Drop{Code: "unusable", Item: c.Identity.Original,
				Text: asFailure(claim.Source, err).Sentence()})
			continue
		}
		report.Arrivals = append(report.Arrivals, guarded(arrival, stored, why, report.History.Guard.Was != ""))
	}
	if !claim.First {
		return nil
	}
	settled, err := w.Archive.Settled(ctx, now)
	if err != nil {
		return err
	}
	keepBack(report.Arrivals, w.Desk.beats[claim.Source].outlet.First, settled)
	return nil
}

// watch lets the guard look at what a body means, and believes weaker signs where
// it has reason to: why is the reason if it tripped just now. A first poll has
// nothing to compare with, and every reason: the feed may have moved here.
func (w *Worker) watch(report *feed.Report, verdict Verdict, now time.Time) (_ Verdict, why string) {
	claim := report.Claim
	if claim.First {
		return verdict.Believe(), ""
	}
	shift := Shift{Guard: claim.History.Guard, Verdict: verdict, Last: claim.Success, Now: now,
		Dates: w.dates(claim.Source, verdict),
		Was:   cmp.Or(claim.History.Guard.Was, string(claim.Header.Title.Value)), Is: string(report.Header.Title.Value)}
	why = Trip(shift)
	report.History.Guard = After(shift, why)
	if why != "" {
		w.Log.Warn("a source brings old articles as new ones; they are held", "source", claim.Source, "why", why)
	}
	if why != "" || alert(shift.Guard, now) {
		verdict = verdict.Believe()
	}
	return verdict, why
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

// guarded is an arrival of a poll at which the guard tripped, for a reason or not:
// new articles are held, at their own dates, and known ones do not count as
// updated, for a source that makes everything anew corrects nothing. strange:
// another feed came in the place of the source's own.
func guarded(a feed.Arrival, stored map[int64]feed.Stored, why string, strange bool) feed.Arrival {
	old, known := stored[a.Row]
	switch {
	case why == "":
	case known:
		a.Entry.Updated = old.Entry.Updated
	default:
		a.Standing, a.Why = feed.Held, why
		if strange {
			a.Standing = feed.Strange
		}
		a.Entry.SortAt = feed.SortAt(true, own(a.Entry), a.Entry.FirstSeen)
	}
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
		return w.placed(arrival, made), nil
	}
	before, err := w.make(claim.Source, old.Sightings, old.Entry.FirstSeen)
	if err != nil {
		before = old.Entry
	}
	after, err := w.make(claim.Source, resight(old.Sightings, sighting), old.Entry.FirstSeen)
	if err != nil {
		return arrival, err
	}
	arrival.Row, arrival.Revision = old.Row, old.Revision
	made := Settle(old.Entry, before, after, now)
	made.Feeds = withFeed(old.Entry.Feeds, claim.URL)
	return w.placed(arrival, made), nil
}

// make runs the normaliser for an entry of a source.
func (w *Worker) make(source string, sightings []feed.Sighting, firstSeen time.Time) (feed.Entry, error) {
	b := w.Desk.beats[source]
	made, err := normalise.Make(normalise.Input{Sightings: sightings, Outlet: b.outlet,
		Zone: w.Desk.zone(b.outlet), FirstSeen: firstSeen})
	if err != nil {
		return feed.Entry{}, err
	}
	made.Entry.Source = source
	for _, s := range sightings {
		made.Entry.Feeds = withFeed(made.Entry.Feeds, s.Feed)
	}
	return made.Entry, nil
}

// placed routes an entry and notes which recipe and rules made it so.
func (w *Worker) placed(a feed.Arrival, e feed.Entry) feed.Arrival {
	a.Entry = e
	a.Members = w.Desk.Router.Route(&e)
	a.Made, a.Routed = w.Desk.Recipe(e.Source), w.Desk.Router.Version()
	return a
}

// finish writes a report, also after the program was told to stop: the work is
// done, and a moment is left for it.
func (w *Worker) finish(ctx context.Context, report feed.Report) (feed.Receipt, error) {
	ctx, cancel := withGrace(ctx, finishTime)
	defer cancel()
	return w.Archive.Finish(ctx, w.Clock(), report)
}

// letGo ends a claim without a result, and gives cause back. The feed stays due:
// without a rest, its origin would be asked at once and again for as long as the
// store fails or another configuration is not ours.
func (w *Worker) letGo(ctx context.Context, g *gate, cause error) error {
	ctx, cancel := withGrace(ctx, finishTime)
	defer cancel()
	free := g.freeAt()
	if kind := feed.KindOf(cause); kind != feed.KindCanceled && kind != feed.KindFenced {
		free = g.freeAfter(busyDelay)
	}
	if err := w.Schedule.Release(ctx, w.Clock(), g.claim.Lease, free); err != nil {
		w.Log.Warn("a lease was not given back; it will run out", "host", g.claim.Lease.Host, "error", err)
	}
	return cause
}

// withGrace is ctx, but its end is delayed by grace.
func withGrace(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	unhook := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(grace):
			cancel()
		case <-out.Done():
		}
	})
	return out, func() { unhook(); cancel() }
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
