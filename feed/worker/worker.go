package worker

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"broadsheet/feed"
)

const (
	// pollGrace is how long polls in flight may go on after the program was told
	// to stop, before they are cut off: with finishTime less than the 10 s that
	// operators grant.
	pollGrace = 4 * time.Second
	// maxIdle is the longest sleep between two looks at the schedule, which other
	// processes change too.
	maxIdle = 30 * time.Second
	// minIdle keeps a look at the schedule from following at once on one that
	// found nothing.
	minIdle = 20 * time.Millisecond
	// errorPause is the rest after the store failed, so that a broken disk does
	// not make a busy loop.
	errorPause = 5 * time.Second
	// passPatience is how long a pass waits for a host that is not free; what
	// takes longer (a hold) is left to the next pass.
	passPatience = 5 * time.Minute
	// joinEvery is how often it is looked, while there is work, whether an article waited
	// for its page long enough.
	joinEvery = 5 * time.Second
)

// Worker polls what is due. Fill in every field; none may be changed later.
type Worker struct {
	Desk        *Desk
	Schedule    Schedule
	Archive     Archive
	Clock       func() time.Time
	Log         *slog.Logger
	Concurrency int                  // polls at once
	OnPoll      func(Polled)         // called after each poll, from several goroutines; may be nil
	OnPage      func(PageRead)       // called after each page, from several goroutines; may be nil
	OnTouched   func(names []string) // sections whose documents must be made anew; may be nil
}

// Run polls on schedule until ctx ends; then it takes nothing new, gives polls
// in flight pollGrace to end, and returns nil when all of them have. What fell due
// while nobody looked is not polled all at once: see CatchUp.
func (w *Worker) Run(ctx context.Context) error {
	crew := w.newCrew(ctx)
	defer crew.wait()
	var looked, joined time.Time // at the schedule, and at what waits for pages; zero is before this process began
	for ctx.Err() == nil {
		now := w.Clock()
		if now.Round(0).Sub(looked) > away {
			if err := w.catchUp(ctx, now); err != nil && ctx.Err() == nil {
				w.Log.Error("the schedule could not be spread; trying again", "error", err)
				crew.rest(ctx, errorPause)
				continue
			}
		}
		looked = now.Round(0) // by the wall: the other clock stops while a laptop sleeps
		ask := feed.Ask{DueBy: now, Until: now.Add(leaseTime)}
		claimed, wait, err := w.next(ctx, crew, ask, now.Add(maxIdle), now.Add(maxIdle))
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			w.Log.Error("the schedule could not be read; trying again", "error", err)
			wait.feeds = errorPause
		case claimed && now.Sub(joined) < joinEvery:
			continue
		}
		joined = now
		soon, err := w.Ripen(ctx)
		if err != nil && ctx.Err() == nil {
			w.Log.Error("what waits for its page could not be published; trying again", "error", err)
			soon = errorPause
		}
		if !claimed {
			crew.rest(ctx, min(wait.feeds, wait.pages, soon, maxIdle))
		}
	}
	return nil
}

// Pass polls every feed that is due now, or with sources every feed of these
// whether due or not, and returns when each was polled, by this process or
// another one, and no article of theirs waits for its page any more. Left is 1 if some were not, for their hosts may not be asked for
// a long while.
func (w *Worker) Pass(ctx context.Context, sources []string) (left int, err error) {
	crew := w.newCrew(ctx)
	defer crew.wait()
	start := w.Clock()
	for {
		ask := feed.Ask{DueBy: start, Sources: sources, Anyway: sources != nil,
			Until: w.Clock().Add(leaseTime)}
		pagesBy, err := w.pagesOf(ctx, start, sources)
		if err != nil && ctx.Err() == nil {
			return 0, err
		}
		claimed, wait, err := w.next(ctx, crew, ask, start, pagesBy)
		switch {
		case ctx.Err() != nil:
			return 0, canceled(ctx.Err())
		case err != nil:
			return 0, err
		case crew.failure() != nil:
			return 0, crew.failure()
		case claimed:
			continue
		}
		soon, err := w.Ripen(ctx)
		if err != nil {
			return 0, err
		}
		// Once idle, the crew has no failure to come: one may have come just now.
		if crew.idle() && wait.feeds > passPatience && wait.pages > passPatience {
			waiting, err := w.Archive.Waiting(ctx, sources)
			switch {
			case err != nil:
				return 0, err
			case waiting > 0:
			case wait.feeds == never:
				return 0, crew.failure()
			default:
				return 1, crew.failure()
			}
		}
		crew.rest(ctx, min(wait.feeds, wait.pages, soon, maxIdle))
	}
}

// pagesOf is by when pages must be due that a pass which began at start asks for; zero
// if it asks for none any more: it takes as long as an article may wait, and longer only
// while one does. What is left is for the next pass.
func (w *Worker) pagesOf(ctx context.Context, start time.Time, sources []string) (by time.Time, err error) {
	now := w.Clock()
	if now.Sub(start) < feed.PageWait {
		return now, nil
	}
	waiting, err := w.Archive.Waiting(ctx, sources)
	if err != nil || waiting == 0 {
		return time.Time{}, err
	}
	return now, nil
}

// never is the wait for work that will not come.
const never = time.Duration(1<<63 - 1)

// waits is how long there will be nothing to do; never if nothing will come.
type waits struct{ feeds, pages time.Duration }

// next claims a feed or a page and hands it to the crew, or tells how long there
// will be nothing to do, looking ahead to feeds that are due by one moment and pages
// that are by another; zero is no pages.
func (w *Worker) next(ctx context.Context, crew *crew, ask feed.Ask, feedsBy, pagesBy time.Time) (
	claimed bool, wait waits, err error) {
	if !crew.seat(ctx) {
		return false, waits{never, never}, ctx.Err()
	}
	reads := w.Desk.reads && !pagesBy.IsZero()
	ask.FeedsOnly = !reads
	if claimed, err = w.claim(ctx, crew, ask, reads); claimed {
		return true, waits{}, nil
	}
	crew.leave()
	wait = waits{never, never}
	if err != nil {
		return false, wait, err
	}
	by := ask
	by.DueBy = feedsBy
	due, ok, err := w.Schedule.NextDue(ctx, w.Clock(), by)
	if err != nil {
		return false, wait, err
	}
	if ok {
		wait.feeds = max(due.Sub(w.Clock()), 0)
	}
	if !reads {
		return false, wait, nil
	}
	due, ok, err = w.Schedule.NextPage(ctx, w.Clock(), pagesBy, ask)
	if ok {
		wait.pages = max(due.Sub(w.Clock()), 0)
	}
	return false, wait, err
}

// claim takes a feed or, if it reads pages, a page, in turn where there are both.
func (w *Worker) claim(ctx context.Context, crew *crew, ask feed.Ask, reads bool) (ok bool, err error) {
	feeds := func() (bool, error) {
		claim, ok, err := w.Schedule.Claim(ctx, w.Clock(), ask)
		if ok {
			crew.start(claim)
		}
		return ok, err
	}
	pages := func() (bool, error) {
		claim, ok, err := w.Schedule.ClaimPage(ctx, w.Clock(), ask)
		if ok {
			crew.startPage(claim)
		}
		return ok, err
	}
	first, second := feeds, pages
	switch {
	case !reads:
		return feeds()
	case crew.pagesFirst():
		first, second = pages, feeds
	}
	if ok, err := first(); ok || err != nil {
		return ok, err
	}
	return second()
}

// tell reports a poll: one line a poll, its failures included.
func (w *Worker) tell(p Polled, r feed.Receipt, err error) {
	if err != nil {
		if kind := feed.KindOf(err); kind == feed.KindCanceled || errors.Is(err, context.Canceled) {
			return
		}
		w.Log.Error("a poll was not stored", "source", p.Source, "error", err)
		return
	}
	status := string(p.Status)
	if p.Failure != nil {
		status = "failed"
	}
	attrs := []any{"source", p.Source, "status", status, "listed", p.Listed, "new", p.New,
		"updated", p.Updated, "kept_back", p.Kept, "state", string(p.State), "duration_s", p.Took.Seconds(),
		"next_poll", p.Next, "reason", p.Reason}
	if p.Failure != nil {
		attrs = append(attrs, "error", p.Failure.Sentence(), "kind", string(p.Failure.Kind))
	}
	w.Log.Info("poll", attrs...)
	w.tellState(p)
	if w.OnTouched != nil && len(r.Sections) > 0 {
		w.OnTouched(r.Sections)
	}
	if w.OnPoll != nil {
		w.OnPoll(p)
	}
}

// tellState logs what became of a feed, once: at the poll that made it so. Only
// what needs the operator is a warning.
func (w *Worker) tellState(p Polled) {
	if p.Bare {
		w.Log.Info("asked without validators, as its server said 304 for long", "source", p.Source)
	}
	if p.Was == p.State {
		return
	}
	level, why := slog.LevelInfo, "it answered as it should"
	if p.Failure != nil {
		why = p.Failure.Sentence()
	}
	if p.State == feed.StateStale || p.State == feed.StateGone {
		level = slog.LevelWarn
	}
	w.Log.Log(context.Background(), level, "source state", "source", p.Source, "from", string(p.Was),
		"to", string(p.State), "why", why)
}
