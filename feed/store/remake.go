package store

import (
	"bytes"
	"context"
	"time"

	"broadsheet/feed"
)

// stale selects the stamps that another recipe or other rules than the planned
// ones are in, of sources that are configured.
const stale = `SELECT t.stamp FROM stamps t JOIN sources o ON o.source = t.source
	WHERE o.active AND (t.made <> o.recipe OR t.routed <> (SELECT rules FROM site))`

// Outdated implements worker.Archive. Entries whose bodies were pruned are left
// out: there is nothing to make them of. It looks at the few stamps first, so
// that it costs next to nothing where nothing is outdated.
func (s *Store) Outdated(ctx context.Context, after int64, limit int) ([]feed.Stored, error) {
	var out []feed.Stored
	err := s.read(ctx, "looking for outdated entries", func(t *tx) error {
		out = nil
		var one int
		if any, err := t.one(`SELECT 1 FROM (`+stale+`) t WHERE EXISTS
			(SELECT 1 FROM entries e WHERE e.stamp = t.stamp) LIMIT 1`, nil, &one); err != nil || !any {
			return err
		}
		var rows []int64
		// The sum keeps the database from collecting all that are outdated by
		// their stamps, only to sort them and take a few.
		if err := t.each(`SELECT e.entry FROM entries e WHERE e.entry > ?
			AND e.stamp + 0 IN (`+stale+`) ORDER BY e.entry LIMIT ?`, list(after, limit),
			func(s scan) error {
				var row int64
				err := s(&row)
				rows = append(rows, row)
				return err
			}); err != nil {
			return err
		}
		var err error
		out, err = t.load(rows)
		return err
	})
	return out, err
}

// Remake implements worker.Archive. An entry that comes out as it was, in the same
// sections, moves no version.
func (s *Store) Remake(ctx context.Context, now time.Time, made []feed.Arrival) (
	feed.Receipt, error) {
	drafts, err := draw(made)
	if err != nil {
		return feed.Receipt{}, err
	}
	var receipt feed.Receipt
	err = s.write(ctx, "making entries anew", func(t *tx) (err error) {
		receipt, err = t.remake(now, drafts, false)
		return err
	})
	if err != nil {
		return feed.Receipt{}, err
	}
	return receipt, nil
}

// remake writes entries made again. joins: those that waited for their pages wait no
// more.
func (t *tx) remake(now time.Time, drafts []draft, joins bool) (receipt feed.Receipt, err error) {
	all, err := t.desk(now, 0)
	if err != nil {
		return receipt, err
	}
	known, err := all.rows(drafts)
	if err != nil {
		return receipt, err
	}
	desks := map[int64]*desk{}
	for _, a := range drafts {
		old := known[a.Row]
		if old == nil || old.pruned || old.revision != a.Revision {
			continue
		}
		d := desks[old.source]
		if d == nil {
			if d, err = all.at(old.source); err != nil {
				return receipt, err
			}
			desks[old.source] = d
		}
		if !d.active {
			continue
		}
		receipt.Updated++
		if joins {
			if err := d.waitNoMore(a.Row, old); err != nil {
				return receipt, err
			}
		}
		if err := d.remake(a, old); err != nil {
			return receipt, err
		}
		if err := t.reread(a); err != nil {
			return receipt, err
		}
	}
	receipt.Sections, err = all.close()
	return receipt, err
}

// at is the desk for another source, with the same ledger.
func (d *desk) at(source int64) (*desk, error) {
	other := *d
	other.source, other.stamps = source, map[[2]string]int64{}
	_, err := d.tx.one(`SELECT active FROM sources WHERE source = ?`, list(source), &other.active)
	return &other, err
}

// remake writes an entry that was made again. Its id and dates stay, but for Updated of one
// that was overtaken.
func (d *desk) remake(a draft, old *row) error {
	stamp, err := d.stamp(a.Made, a.Routed)
	if err != nil {
		return err
	}
	var body []byte
	if _, err := d.tx.one(`SELECT body FROM bodies WHERE entry = ?`, list(a.Row), &body); err != nil {
		return err
	}
	if _, err := d.tx.exec(`UPDATE entries SET stamp = ?, revision = revision + 1, words = ?,
		updated = CASE WHEN (SELECT t.made FROM stamps t WHERE t.stamp = entries.stamp) = ? THEN max(updated, ?) ELSE updated END
		WHERE entry = ?`, stamp, a.words, feed.Overtaken, micros(a.Entry.Updated), a.Row); err != nil {
		return err
	}
	if err := d.tx.sketch(a.Row, d.source, a); err != nil {
		return err
	}
	same := bytes.Equal(body, a.body)
	if err := d.place(a, old, !same); err != nil || same {
		return err
	}
	_, err = d.tx.exec(`UPDATE bodies SET body = ? WHERE entry = ?`, a.body, a.Row)
	return err
}
