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
// what was published once is not lost by a better recipe.
func (w *Worker) anew(ctx context.Context, old feed.Stored) feed.Arrival {
	e := old.Entry
	a := feed.Arrival{Row: old.Row, Revision: old.Revision, Original: old.Original}
	if old.Made != w.Desk.Recipe(e.Source) {
		page := w.pageOf(old)
		if again, reread := w.readAgain(ctx, old); reread != nil {
			page, a.Reread = again, reread
		}
		made, err := w.makeOf(e.Source, old.Sightings, page, e.FirstSeen)
		if err != nil {
			w.Log.Warn("an entry stays as it was made before", "source", e.Source, "id", e.ID, "error", err)
		} else {
			e = keepOf(old, made.Entry, w.Clock())
		}
	}
	return w.placed(a, e)
}
