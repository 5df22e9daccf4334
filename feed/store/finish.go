package store

import (
	"context"
	"time"

	"broadsheet/feed"
)

// Finish implements worker.Archive. It is fenced, too, if the feed's url was
// changed while the old one was polled: what came of that belongs to nobody.
func (s *Store) Finish(ctx context.Context, now time.Time, report feed.Report) (
	feed.Receipt, error) {
	drafts, err := draw(report.Arrivals)
	if err != nil {
		return feed.Receipt{}, err
	}
	var receipt feed.Receipt
	err = s.write(ctx, "storing a poll", func(t *tx) (err error) {
		receipt, err = t.finish(now, report, drafts)
		return err
	})
	if err != nil {
		return feed.Receipt{}, err
	}
	return receipt, nil
}

func (t *tx) finish(now time.Time, report feed.Report, drafts []draft) (feed.Receipt, error) {
	claim := report.Claim
	p, err := t.polled(claim.Row)
	if err != nil {
		return feed.Receipt{}, err
	}
	held, err := t.holds(claim.Lease)
	if err != nil {
		return feed.Receipt{}, err
	}
	if !held || p.url != claim.URL {
		return feed.Receipt{}, fenced(claim.Source, "storing a poll")
	}
	desk, err := t.desk(now, p.source)
	if err != nil {
		return feed.Receipt{}, err
	}
	receipt, err := desk.receive(claim.Row, report, drafts)
	if err != nil {
		return feed.Receipt{}, err
	}
	if p.redescribed(report) {
		desk.front = true
	}
	if receipt.Sections, err = desk.close(); err != nil {
		return feed.Receipt{}, err
	}
	if err := t.offered(claim.Row, report); err != nil {
		return feed.Receipt{}, err
	}
	if err := t.crashed(now, claim.Row, report.Failure); err != nil {
		return feed.Receipt{}, err
	}
	if err := t.note(claim.Row, p.after(report, now)); err != nil {
		return feed.Receipt{}, err
	}
	if err := t.hold(now, claim, report.Hold); err != nil {
		return feed.Receipt{}, err
	}
	// Last, for the host's next due time follows from the feed's next poll.
	return receipt, t.release(claim.Lease, report.HostFree)
}
