package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"broadsheet/feed"
)

// pageDraft is a report with what is costly about it done before the write lock is taken.
type pageDraft struct {
	feed.PageReport
	made   []draft
	leaves []byte
}

// FinishPage implements worker.Archive.
func (s *Store) FinishPage(ctx context.Context, now time.Time, report feed.PageReport) (feed.Receipt, error) {
	d := pageDraft{PageReport: report}
	var err error
	if d.made, err = draw(report.Made); err != nil {
		return feed.Receipt{}, err
	}
	if d.leaves, err = packLeaves(report.Leaves); err != nil {
		return feed.Receipt{}, err
	}
	var receipt feed.Receipt
	err = s.write(ctx, "storing a page", func(t *tx) (err error) {
		receipt, err = t.finishPage(now, d)
		return err
	})
	if err != nil {
		return feed.Receipt{}, err
	}
	return receipt, nil
}

func (t *tx) finishPage(now time.Time, r pageDraft) (receipt feed.Receipt, err error) {
	var source int64
	var token string
	if _, err := t.one(`SELECT source, token FROM pages WHERE entry = ?`, list(r.Claim.Row), &source, &token); err != nil {
		return receipt, err
	}
	held, err := t.holds(r.Claim.Lease)
	if err != nil {
		return receipt, err
	}
	if !held || token != r.Claim.Lease.Token {
		return receipt, fenced(r.Claim.Source, "storing a page")
	}
	twins, err := t.twins(r.Claim.Row, r.Print)
	if err != nil {
		return receipt, err
	}
	if !slices.Equal(twins, r.Twins) {
		return receipt, moved(r.Claim.Source)
	}
	desk, err := t.desk(now, source)
	if err != nil {
		return receipt, err
	}
	if receipt.Updated, err = desk.receivePage(r); err != nil {
		return receipt, err
	}
	if receipt.Sections, err = desk.close(); err != nil {
		return receipt, err
	}
	if err := t.keepLeaves(now, r.Claim.Row, r.leaves); err != nil {
		return receipt, err
	}
	if err := t.notePage(now, r); err != nil {
		return receipt, err
	}
	if !r.Hold.Until.IsZero() && r.Hold.Server != "" {
		if err := t.holdServer(now, r.Hold); err != nil {
			return receipt, err
		}
	}
	// Its item may have led the page to another host meanwhile.
	var host string
	if _, err := t.one(`SELECT host FROM pages WHERE entry = ?`, list(r.Claim.Row), &host); err != nil {
		return receipt, err
	}
	if err := t.settle(host, micros(time.Time{})); err != nil {
		return receipt, err
	}
	return receipt, t.release(r.Claim.Lease, r.HostFree)
}

// moved is the error of a report that was made of what is not so any more.
func moved(source string) error {
	return &feed.Error{Source: source, Step: "storing a page", Kind: feed.KindBusy,
		Text: "what it is for was written meanwhile"}
}

// receivePage writes the entries that a page changes, and tells how many.
func (d *desk) receivePage(r pageDraft) (n int, err error) {
	known, err := d.rows(r.made)
	if err != nil {
		return 0, err
	}
	for _, a := range r.made {
		old := known[a.Row]
		switch {
		case old == nil || old.pruned || old.source != d.source:
			continue
		case old.revision != a.Revision:
			return 0, moved(r.Claim.Source)
		}
		n++
		if a.Row == r.Claim.Row && !r.Waits {
			if err := d.waitNoMore(a.Row, old); err != nil {
				return n, err
			}
		}
		if _, err := d.tx.exec(`UPDATE entries SET updated = ? WHERE entry = ?`, micros(a.Entry.Updated), a.Row); err != nil {
			return n, err
		}
		if err := d.remake(a, old); err != nil {
			return n, err
		}
		if err := d.tx.reread(a); err != nil {
			return n, err
		}
	}
	return n, nil
}

// waitNoMore ends the waiting of an entry for its page; old is then what stands.
func (d *desk) waitNoMore(entry int64, old *row) error {
	n, err := d.tx.exec(`DELETE FROM standings WHERE entry = ? AND standing = ?`, entry, feed.Pending)
	if err != nil {
		return err
	}
	if n > 0 {
		old.apart = false
	}
	_, err = d.tx.exec(`UPDATE pages SET await = 0 WHERE entry = ? AND await > 0`, entry)
	return err
}

// reread writes what an entry is made of besides its items.
func (t *tx) reread(a draft) error {
	r := a.Reread
	if r == nil {
		return nil
	}
	if _, err := t.exec(`UPDATE pages SET verdict = ?, why = ?, reader = ?, print = ?, chosen = ? WHERE entry = ?`,
		r.Verdict, r.Why, r.Reader, r.Print, r.Chosen, a.Row); err != nil {
		return err
	}
	if !r.Next.IsZero() {
		own := []int64{a.Row}
		if err := t.changePages(own, `due = ?, tries = 1, next = CASE WHEN token = '' THEN ? ELSE next END`, ``,
			micros(r.Next), micros(r.Next)); err != nil {
			return err
		}
		if err := t.changePages(own, `asks = `+pagesAsked, ``); err != nil {
			return err
		}
	}
	if r.Page == nil {
		_, err := t.exec(`DELETE FROM texts WHERE entry = ?`, a.Row)
		return err
	}
	page, err := pack(r.Page)
	if err != nil {
		return err
	}
	_, err = t.exec(`INSERT INTO texts (entry, page) VALUES (?, ?)
		ON CONFLICT (entry) DO UPDATE SET page = excluded.page`, a.Row, page)
	return err
}

// notePage writes what came of a page, and when it is asked for again: also if its item
// changed meanwhile.
func (t *tx) notePage(now time.Time, r pageDraft) error {
	due := int64(never)
	if !r.Next.IsZero() {
		due = micros(r.Next)
	}
	if _, err := t.exec(`UPDATE pages SET verdict = ?, why = ?, kind = ?, tries = ?, token = '',
		due = CASE WHEN due > ? THEN min(due, ?) ELSE ? END WHERE entry = ?`,
		r.Verdict, r.Why, r.Kind, r.Tries, micros(now), due, due, r.Claim.Row); err != nil {
		return err
	}
	if !r.Asked.IsZero() {
		if _, err := t.exec(`UPDATE pages SET asked = ? WHERE entry = ?`, micros(r.Asked), r.Claim.Row); err != nil {
			return err
		}
	}
	if r.Reader != "" {
		if _, err := t.exec(`UPDATE pages SET reader = ?, print = ? WHERE entry = ?`, r.Reader, r.Print, r.Claim.Row); err != nil {
			return err
		}
	}
	if _, err := t.exec(`UPDATE pages SET next = due, asks = `+pagesAsked+` WHERE entry = ?`, r.Claim.Row); err != nil {
		return err
	}
	_, err := t.exec(`UPDATE pages SET `+heedHolds+` WHERE entry = ?`+fmt.Sprintf(heldNow, micros(now)), r.Claim.Row)
	return err
}

// Twins implements worker.Archive.
func (s *Store) Twins(ctx context.Context, claim feed.PageClaim, print string) (twins []feed.Twin, err error) {
	err = s.read(ctx, "comparing pages", func(t *tx) (err error) {
		twins, err = t.twins(claim.Row, print)
		return err
	})
	return twins, err
}

// twinsMost bounds how many entries are told to have had the same page.
const twinsMost = 200

// twins are the other entries of the same source whose pages, at other addresses, had
// this print: first those that show it, so that it is taken back from all of them in time.
func (t *tx) twins(entry int64, print string) (out []feed.Twin, err error) {
	if print == "" {
		return nil, nil
	}
	err = t.each(`SELECT p.entry, p.url, p.chosen = p.print FROM pages p JOIN pages own ON own.entry = ?
		WHERE p.source = own.source AND p.print = ? AND p.entry <> own.entry AND p.url <> own.url
		ORDER BY p.chosen = p.print DESC, p.entry LIMIT ?`, list(entry, print, twinsMost), func(s scan) error {
		var w feed.Twin
		err := s(&w.Row, &w.URL, &w.Shown)
		out = append(out, w)
		return err
	})
	return out, err
}

// Join implements worker.Archive.
func (s *Store) Join(ctx context.Context, now time.Time, made []feed.Arrival) (feed.Receipt, error) {
	drafts, err := draw(made)
	if err != nil {
		return feed.Receipt{}, err
	}
	var receipt feed.Receipt
	err = s.write(ctx, "ending the waiting for pages", func(t *tx) (err error) {
		receipt, err = t.remake(now, drafts, true)
		return err
	})
	return receipt, err
}
