package worker

import (
	"context"

	"broadsheet/feed"
)

// remakeBatch is how many entries are made anew in one transaction: small enough
// that a poll waiting for the store does not notice.
const remakeBatch = 100

// Remake applies a changed recipe or changed rules to the stored entries, in
// batches, from what the sources once said: no origin is asked, and no id, date
// or place moves, but for Updated of what was overtaken. It returns how many entries it wrote. Stopping it costs
// nothing; the next start goes on.
func (w *Worker) Remake(ctx context.Context) (written int, err error) {
	for after := int64(0); ; {
		batch, err := w.Archive.Outdated(ctx, after, remakeBatch)
		if err != nil || len(batch) == 0 {
			return written, err
		}
		made := make([]feed.Arrival, 0, len(batch))
		for _, old := range batch {
			made = append(made, w.anew(ctx, old))
			after = old.Row
		}
		receipt, err := w.Archive.Remake(ctx, w.Clock(), made)
		if err != nil {
			return written, err
		}
		written += receipt.Updated
		if w.OnTouched != nil && len(receipt.Sections) > 0 {
			w.OnTouched(receipt.Sections)
		}
	}
}

// anew makes one stored entry again. An entry that only the rules changed for is
// routed again as it is; one that the recipe refuses now stays as it was, for
// what was published once is not lost by a better recipe. So does one that makes us
// panic: it counts as made and routed, and is not tried again at every start.
func (w *Worker) anew(ctx context.Context, old feed.Stored) feed.Arrival {
	e := old.Entry
	a := feed.Arrival{Row: old.Row, Revision: old.Revision, Original: old.Original}
	if old.Made != w.Desk.Recipe(e.Source) {
		made, reread, err := w.again(ctx, old)
		if err != nil {
			w.Log.Warn("an entry stays as it was made before", "source", e.Source, "id", e.ID, "error", err)
		} else {
			e, a.Reread = made, reread
		}
	}
	return w.replaced(a, e, old.Members)
}

// again makes an entry by the recipe of now, of its page as the reader of now reads it. A
// panic is an error.
func (w *Worker) again(ctx context.Context, old feed.Stored) (e feed.Entry, reread *feed.Reread, err error) {
	defer func() {
		if what := recover(); what != nil {
			err = w.panicked(old.Entry.Source, what)
		}
	}()
	page := w.pageOf(old)
	if fresh, r := w.readAgain(ctx, old); r != nil {
		page, reread = fresh, r
	}
	made, err := w.makeOf(old.Entry.Source, old.Sightings, page, old.Entry.FirstSeen)
	if err != nil {
		return e, nil, err
	}
	return keepOf(old, made.Entry, w.Clock()), reread, nil
}

// replaced is placed, for an entry that has places: if routing it makes us panic, it keeps
// them.
func (w *Worker) replaced(a feed.Arrival, e feed.Entry, places []feed.Membership) (out feed.Arrival) {
	defer func() {
		if what := recover(); what != nil {
			w.Log.Warn("an entry stays where it was placed before", "source", e.Source, "id", e.ID, "error", w.panicked(e.Source, what))
			out = a
			out.Entry, out.Members, out.Made, out.Routed = e, places, w.Desk.Recipe(e.Source), w.Desk.Rules()
		}
	}()
	return w.placed(a, e)
}
