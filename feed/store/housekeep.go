package store

import (
	"context"
	"time"

	"broadsheet/feed"
)

// Housekeep commits what time changed: entries that aged out of their sections
// leave the documents, leases and holds that ran out end, what a wrong clock left
// behind is undone, stamps that no entry has go, and what guards held long enough
// is let go (Receipt.New counts that; Remake puts it in its places). Receipt names
// the sections that changed.
func (s *Store) Housekeep(ctx context.Context, now time.Time) (feed.Receipt, error) {
	var receipt feed.Receipt
	err := s.write(ctx, "keeping house", func(t *tx) error {
		if err := t.endLeases(`until <= ?`, micros(now)); err != nil {
			return err
		}
		if err := t.repairClock(now); err != nil {
			return err
		}
		if err := t.endHolds(now); err != nil {
			return err
		}
		if _, err := t.exec(`DELETE FROM stamps WHERE NOT EXISTS
			(SELECT 1 FROM entries e WHERE e.stamp = stamps.stamp)`); err != nil {
			return err
		}
		var err error
		if receipt.New, err = t.join(now); err != nil {
			return err
		}
		aging, err := t.rows(`SELECT section FROM sections WHERE active AND max_age > 0`)
		if err != nil {
			return err
		}
		l := t.ledger(now)
		for _, section := range aging {
			if err := l.open(section); err != nil {
				return err
			}
		}
		receipt.Sections, err = l.close()
		return err
	})
	return receipt, err
}

// pruneBatch is how many entries are pruned in one transaction, so that a poll
// that waits for the store does not notice.
const pruneBatch = 200

// Prune drops the bodies of entries that stand before a moment, and takes them
// from their sections. Their ids, keys and hashes stay: such an article never
// comes back as a new one.
func (s *Store) Prune(ctx context.Context, now, before time.Time) error {
	for more := true; more; {
		err := s.write(ctx, "pruning", func(t *tx) error {
			rows, err := t.rows(`SELECT entry FROM entries WHERE stamp IS NOT NULL
				AND sort_at < ? ORDER BY sort_at LIMIT ?`, micros(before), pruneBatch)
			more = len(rows) == pruneBatch
			if err != nil || len(rows) == 0 {
				return err
			}
			return t.prune(now, rows)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) prune(now time.Time, rows []int64) error {
	in := ` (` + marks(len(rows)) + `)`
	type lost struct{ section, newest int64 }
	var gone []lost
	if err := t.each(`SELECT section, max(sort_at) FROM members WHERE entry IN`+in+
		` GROUP BY section`, anys(rows), func(s scan) error {
		var g lost
		err := s(&g.section, &g.newest)
		gone = append(gone, g)
		return err
	}); err != nil {
		return err
	}
	l := t.ledger(now)
	for _, g := range gone {
		if err := l.open(g.section); err != nil {
			return err
		}
		l.note(g.section, g.newest)
	}
	if err := t.parkPages(rows); err != nil {
		return err
	}
	for _, statement := range []string{
		`DELETE FROM leaves WHERE entry IN`, `DELETE FROM texts WHERE entry IN`, `DELETE FROM pages WHERE entry IN`,
		`DELETE FROM members WHERE entry IN`,
		`DELETE FROM bodies WHERE entry IN`,
		`UPDATE sightings SET item = NULL WHERE entry IN`,
		`UPDATE entries SET stamp = NULL, words = '', revision = revision + 1 WHERE entry IN`,
	} {
		if _, err := t.exec(statement+in, anys(rows)...); err != nil {
			return err
		}
	}
	_, err := l.close()
	return err
}
