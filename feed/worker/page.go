package worker

import (
	"context"
	"errors"
	"fmt"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/normalise"
)

const (
	// commitTries is how often what a page means is worked out anew because its article
	// was written meanwhile.
	commitTries = 5
	// twinsTold: a text that pages of so many other addresses of one source had, too, is
	// no article's.
	twinsTold = 2
)

// PageRead tells what came of one page, for progress and logs.
type PageRead struct {
	Source  string
	ID      string // of the article
	URL     string
	Verdict feed.PageVerdict
	Why     string
	Kind    feed.Kind // of a failure
	Next    time.Time // when it is asked for again; zero is never
	Took    time.Duration
}

// brought is what came of asking for a page.
type brought struct {
	page    *feed.Page // nil if none came
	leaves  []feed.Leaf
	failure *feed.Error
	at      time.Time
	skipped bool // it was not asked for
}

// page takes one page its whole way. The error is of the store or of the program's
// stopping; what the site does wrong is in PageRead.
func (w *Worker) page(ctx context.Context, claim feed.PageClaim) (PageRead, feed.Receipt, error) {
	out := PageRead{Source: claim.Source, URL: claim.URL}
	g := w.newGate(feed.Claim{Lease: claim.Lease, Source: claim.Source, URL: claim.URL})
	b := w.Desk.beats[claim.Source]
	if !b.reads {
		return out, feed.Receipt{}, w.letGo(ctx, g, fmt.Errorf(
			"%s: a page of it is due, and in this configuration it has no full text", claim.Source))
	}
	stored, err := w.pageEntry(ctx, claim)
	if err != nil {
		return out, feed.Receipt{}, w.letGo(ctx, g, err)
	}
	out.ID = stored.Entry.ID
	got := brought{at: w.Clock()}
	if got.skipped = w.spared(claim, b, stored); !got.skipped {
		got = w.bring(ctx, g, claim, stored)
	}
	if err := ours(got.failure); err != nil {
		return out, feed.Receipt{}, w.letGo(ctx, g, err)
	}
	report, receipt, err := w.commitPage(ctx, g, claim, stored, got)
	if err != nil {
		return out, feed.Receipt{}, w.letGo(ctx, g, err)
	}
	out.Verdict, out.Why, out.Kind, out.Next = report.Verdict, report.Why, report.Kind, report.Next
	out.Took = w.Clock().Sub(got.at)
	return out, receipt, nil
}

// pageEntry reads the entry whose page is claimed.
func (w *Worker) pageEntry(ctx context.Context, claim feed.PageClaim) (feed.Stored, error) {
	stored, err := w.Archive.Load(ctx, []int64{claim.Row})
	if err == nil && (len(stored) == 0 || len(stored[0].Sightings) == 0) {
		err = &feed.Error{Source: claim.Source, Step: "reading a page", Kind: feed.KindFenced, Text: "its article is not kept any more"}
	}
	if err != nil {
		return feed.Stored{}, err
	}
	return stored[0], nil
}

// spared reports whether a page need not be asked for after all: since its article came,
// those of others showed that the source's feed is whole. If finding out makes us panic, it is
// asked for.
func (w *Worker) spared(claim feed.PageClaim, b beat, stored feed.Stored) (is bool) {
	defer func() {
		if what := recover(); what != nil {
			is = false
			_ = w.panicked(claim.Source, what) // it is in the log
		}
	}()
	return claim.First && stored.Reading != nil && stored.Reading.Page == nil &&
		!normalise.Wants(b.outlet.FullText, stored.Entry, normalise.Record{Spare: claim.Spare})
}

// bring asks for a page.
func (w *Worker) bring(ctx context.Context, g *gate, claim feed.PageClaim, stored feed.Stored) brought {
	got := brought{at: w.Clock()}
	errand := feed.Errand{Source: claim.Source, URL: claim.URL, Title: stored.Entry.Title}
	var page feed.Page
	got.failure = w.attend(ctx, g, claim.Source, func(ctx context.Context) (err error) {
		page, got.leaves, err = w.Desk.Reader.Read(ctx, g, errand)
		return err
	})
	if got.failure != nil {
		if rest := g.heldFor(); got.failure.Kind == feed.KindHeld && rest > 0 {
			got.failure.RetryAfter, got.failure.Server = rest, ""
		}
		return got
	}
	page.Seen, page.Reader = got.at.UTC(), w.Desk.Reader.Version(claim.Source)
	got.page = &page
	return got
}

// commitPage works out what a page means and writes it, again if its article was written
// meanwhile.
func (w *Worker) commitPage(ctx context.Context, g *gate, claim feed.PageClaim, stored feed.Stored, got brought) (
	report feed.PageReport, receipt feed.Receipt, err error) {
	ctx, cancel := withGrace(ctx, finishTime)
	defer cancel()
	for try := 1; ; try++ {
		report, err = w.pageReport(ctx, claim, stored, got)
		if feed.KindOf(err) == feed.KindBug && got.failure == nil {
			// A page that cannot be read is one that failed: else it would stay due, and be
			// asked for again and again.
			got = brought{failure: asFailure(claim.Source, err), at: got.at}
			report, err = w.pageReport(ctx, claim, stored, got)
		}
		if err != nil {
			return report, receipt, err
		}
		report.HostFree = g.freeAt()
		receipt, err = w.Archive.FinishPage(ctx, w.Clock(), report)
		if feed.KindOf(err) != feed.KindBusy || try == commitTries {
			return report, receipt, err
		}
		if stored, err = w.pageEntry(ctx, claim); err != nil {
			return report, receipt, err
		}
	}
}

// pageReport is all that a page means for what is stored. A panic is an error of KindBug.
func (w *Worker) pageReport(ctx context.Context, claim feed.PageClaim, stored feed.Stored, got brought) (
	r feed.PageReport, err error) {
	defer func() {
		if what := recover(); what != nil {
			err = w.panicked(claim.Source, what)
		}
	}()
	now := w.Clock()
	r = feed.PageReport{Claim: claim, Asked: got.at, Leaves: got.leaves}
	switch {
	case got.skipped:
		r.Asked, r.Verdict = time.Time{}, feed.PageSkipped
		r.Why = "the source's articles come whole in its feed"
	case got.failure != nil:
		w.failedPage(&r, got.failure, now)
	default:
		if err := w.readPage(ctx, &r, stored, *got.page, now); err != nil {
			return r, err
		}
	}
	if s := stored.Reading; r.Verdict == feed.PageRefused && s != nil && s.Shown {
		r.Leaves = nil // kept is what the text that stays was read of: it may be read again
	}
	if r.Verdict == feed.PageRefused || r.Verdict == feed.PageTwin {
		r.Tries = claim.Tries + 1
		r.Next = Retry(r.Tries, feed.KindUnknown, now, 0)
	}
	waits := stored.Apart != nil && stored.Apart.Standing == feed.Pending
	if waits && !r.Waits && !remakes(r.Made, stored.Row) {
		r.Made = append(r.Made, w.anew(ctx, stored))
	}
	return r, nil
}

// remakes reports whether an entry is among those made again.
func remakes(made []feed.Arrival, row int64) bool {
	for _, a := range made {
		if a.Row == row {
			return true
		}
	}
	return false
}

// failedPage notes a page that did not come. That another host was busy is no fault of
// its own.
func (w *Worker) failedPage(r *feed.PageReport, failure *feed.Error, now time.Time) {
	r.Verdict, r.Why, r.Kind, r.Leaves = feed.PageFailed, failure.Sentence(), failure.Kind, nil
	r.Tries = r.Claim.Tries
	if r.Waits = failure.Kind == feed.KindBusy; !r.Waits {
		r.Tries++
	}
	r.Next = Retry(max(r.Tries, 1), failure.Kind, now, failure.RetryAfter)
	if r.Waits {
		r.Next = now.Add(busyDelay)
	}
	if failure.Kind != feed.KindHeld || failure.Server == "" {
		return
	}
	if budget, _ := w.Desk.Budget(failure.Server); w.Desk.HoldAlone == nil || !w.Desk.HoldAlone(failure.Server) {
		r.Hold = feed.Hold{Server: failure.Server, Host: budget, Until: now.Add(min(failure.RetryAfter, maxRetryAfter))}
	}
}

// readPage notes what a page that came means for its article, and for others if it is no
// article's.
func (w *Worker) readPage(ctx context.Context, r *feed.PageReport, stored feed.Stored, page feed.Page, now time.Time) (err error) {
	r.Reader, r.Print = page.Reader, normalise.Print(page)
	if r.Twins, err = w.Archive.Twins(ctx, r.Claim, r.Print); err != nil {
		return err
	}
	if addresses(r.Twins) >= twinsTold {
		return w.takeBack(ctx, r, stored, now)
	}
	w.weigh(r, stored, page, now)
	return nil
}

// addresses counts the different addresses of pages.
func addresses(twins []feed.Twin) int {
	seen := map[string]bool{}
	for _, t := range twins {
		seen[t.URL] = true
	}
	return len(seen)
}

// twinWhy is what is told of a page that is no article's.
const twinWhy = "the same text as other pages of the site"

// takeBack refuses a page that others have, too, and takes it from the entries that have
// its text.
func (w *Worker) takeBack(ctx context.Context, r *feed.PageReport, stored feed.Stored, now time.Time) error {
	r.Verdict, r.Why = feed.PageTwin, twinWhy
	rows := []int64{}
	for _, t := range r.Twins {
		if t.Shown {
			rows = append(rows, t.Row)
		}
	}
	others, err := w.Archive.Load(ctx, rows)
	if err != nil {
		return err
	}
	if p := stored.Reading; p != nil && p.Shown && normalise.Print(*p.Page) == r.Print {
		others = append(others, stored)
	}
	for _, s := range others {
		e := s.Entry
		made, err := w.make(e.Source, s.Sightings, e.FirstSeen)
		if err != nil {
			continue // it stays as it is
		}
		a := w.placed(feed.Arrival{Row: s.Row, Revision: s.Revision, Original: s.Original}, keepOf(s, made, now))
		a.Reread = &feed.Reread{Verdict: feed.PageTwin, Why: twinWhy, Reader: s.Reading.Reader, Print: r.Print,
			Next: now.Add(pageRetries[0])}
		r.Made = append(r.Made, a)
	}
	return nil
}

// weigh decides whether a page's text becomes the article's. What is shown never becomes
// less by it; and only what takes the place of an earlier text of the page, and that a
// reader would notice, counts as an update.
func (w *Worker) weigh(r *feed.PageReport, stored feed.Stored, page feed.Page, now time.Time) {
	e := stored.Entry
	fresh, err := w.makeOf(e.Source, stored.Sightings, sheet{page: &page}, e.FirstSeen)
	if err != nil {
		r.Verdict, r.Why = feed.PageRefused, asFailure(e.Source, err).Sentence()
		return
	}
	r.Verdict, r.Why = fresh.Choice.Verdict, fresh.Choice.Why
	old := w.pageOf(stored)
	reread := &feed.Reread{Verdict: r.Verdict, Why: r.Why, Reader: r.Reader, Print: r.Print, Page: &page}
	switch {
	case old.shown && r.Verdict == feed.PageUsed && normalise.Poorer(*old.page, page) != "":
		r.Verdict, r.Why = feed.PageRefused, normalise.Poorer(*old.page, page)
		return
	case old.shown && r.Verdict != feed.PageUsed:
		r.Verdict, r.Why = feed.PageRefused, r.Why+"; the text that came before stays"
		return
	case r.Verdict == feed.PageRefused:
		return
	case r.Verdict == feed.PageUsed:
		reread.Chosen = r.Print
	}
	made := keepOf(stored, fresh.Entry, now)
	if old.shown && stored.Made != feed.Overtaken {
		if before, err := w.makeOf(e.Source, stored.Sightings, old, e.FirstSeen); err == nil {
			made = Settle(e, before.Entry, fresh.Entry, now)
		}
	}
	a := w.placed(feed.Arrival{Row: stored.Row, Revision: stored.Revision, Original: stored.Original}, made)
	a.Reread = reread
	r.Made = append(r.Made, a)
}

// pageOf is what an entry is made of besides its items.
func (w *Worker) pageOf(stored feed.Stored) sheet {
	if stored.Reading == nil || !w.Desk.beats[stored.Entry.Source].reads {
		return sheet{}
	}
	return sheet{stored.Reading.Page, stored.Reading.Shown}
}

// readAgain reads what is kept of an entry's page, if another version of the reader read
// it. nil if it did not, or is of no use.
func (w *Worker) readAgain(ctx context.Context, old feed.Stored) (sheet, *feed.Reread) {
	b, r := w.Desk.beats[old.Entry.Source], old.Reading
	if r == nil || !b.reads || !r.Leaves || r.Verdict == feed.PageTwin {
		return sheet{}, nil
	}
	version := w.Desk.Reader.Version(old.Entry.Source)
	if r.Reader == version {
		return sheet{}, nil
	}
	page, err := w.readLeaves(ctx, old)
	if err != nil {
		w.Log.Warn("a page stays as it was read before", "source", old.Entry.Source, "id", old.Entry.ID, "error", err)
		return sheet{}, nil
	}
	page.Seen, page.Reader = r.Asked, version
	fresh, err := w.makeOf(old.Entry.Source, old.Sightings, sheet{page: &page}, old.Entry.FirstSeen)
	if err != nil {
		return sheet{}, nil
	}
	out := &feed.Reread{Verdict: fresh.Choice.Verdict, Why: fresh.Choice.Why, Reader: version, Print: normalise.Print(page), Page: &page}
	switch {
	case out.Verdict == feed.PageUsed:
		out.Chosen = out.Print
	case out.Verdict == feed.PageRefused || r.Shown:
		out.Page = r.Page
		if r.Shown {
			out.Verdict, out.Why, out.Chosen = r.Verdict, r.Why, normalise.Print(*r.Page)
		}
	}
	return sheet{out.Page, out.Chosen != ""}, out
}

// readLeaves reads what is kept of an entry's page. A panic is an error.
func (w *Worker) readLeaves(ctx context.Context, old feed.Stored) (page feed.Page, err error) {
	defer func() {
		if what := recover(); what != nil {
			err = w.panicked(old.Entry.Source, what)
		}
	}()
	leaves, err := w.Archive.Leaves(ctx, old.Row)
	if err != nil {
		return page, err
	}
	return w.Desk.Reader.Again(feed.Errand{Source: old.Entry.Source, URL: old.Reading.URL, Title: old.Entry.Title}, leaves)
}

// Ripen publishes articles with their feeds' texts that waited for their pages long
// enough, and tells for how long no other one will have.
func (w *Worker) Ripen(ctx context.Context) (wait time.Duration, err error) {
	for {
		now := w.Clock()
		ripe, next, err := w.Archive.Ripe(ctx, now, remakeBatch)
		switch {
		case err != nil:
			return never, err
		case len(ripe) == 0 && next.IsZero():
			return never, nil
		case len(ripe) == 0:
			return max(next.Sub(now), minIdle), nil
		}
		made := make([]feed.Arrival, len(ripe))
		for i, s := range ripe {
			made[i] = w.anew(ctx, s)
		}
		receipt, err := w.Archive.Join(ctx, now, made)
		if err != nil {
			return never, err
		}
		if w.OnTouched != nil && len(receipt.Sections) > 0 {
			w.OnTouched(receipt.Sections)
		}
		if receipt.Updated == 0 { // all of them are being written by others
			return time.Second, nil
		}
		w.Log.Info("articles are published with their feeds' texts; their pages did not come in time", "articles", receipt.Updated)
	}
}

// tellPage reports a page: one line a page, its failures included.
func (w *Worker) tellPage(p PageRead, r feed.Receipt, err error) {
	if err != nil {
		kind := feed.KindOf(err)
		if kind == feed.KindCanceled || kind == feed.KindFenced || errors.Is(err, context.Canceled) {
			return
		}
		w.Log.Error("a page was not stored", "source", p.Source, "error", err)
		return
	}
	attrs := []any{"source", p.Source, "id", p.ID, "status", string(p.Verdict), "why", p.Why, "duration_s", p.Took.Seconds()}
	if p.Kind != feed.KindUnknown {
		attrs = append(attrs, "kind", string(p.Kind))
	}
	if !p.Next.IsZero() {
		attrs = append(attrs, "next", p.Next)
	}
	w.Log.Info("page", attrs...)
	if w.OnTouched != nil && len(r.Sections) > 0 {
		w.OnTouched(r.Sections)
	}
	if w.OnPage != nil {
		w.OnPage(p)
	}
}
