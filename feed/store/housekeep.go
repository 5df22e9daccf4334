package store

import (
	"context"
	"time"

	"broadsheet/feed"
)

// Housekeep commits what time changed: entries that aged out of their sections
// leave the documents, leases and holds that ran out end, what a wrong clock left
// behind is undone, stamps that no entry has go, and what guards held long enough
// is let go (Receipt.New counts that; Remake puts it in its places). Marks of old texts
// go too. Receipt names the sections that changed.
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
	if err != nil {
		return receipt, err
	}
	return receipt, s.unmarkOld(ctx, now)
}

// markTime is how long articles are found by their texts: about as far back as the
// archive goes that a new source brings along. What is older is a copy only if it
// has the same link.
const markTime = 30 * 24 * time.Hour

// unmarkOld takes the marks of old texts out of the index, which therefore grows
// with what a month brings and not with what is stored.
func (s *Store) unmarkOld(ctx context.Context, now time.Time) error {
	for more := true; more; {
		if err := s.write(ctx, "keeping house", func(t *tx) error {
			rows, err := t.rows(`SELECT entry FROM sketches WHERE marked AND drawn < ? ORDER BY drawn LIMIT ?`,
				micros(now.Add(-markTime)), pruneBatch)
			if more = len(rows) == pruneBatch; err != nil || len(rows) == 0 {
				return err
			}
			if err := t.unmark(rows, true); err != nil {
				return err
			}
			_, err = t.exec(`UPDATE sketches SET marked = 0 WHERE entry IN (`+marks(len(rows))+`)`, anys(rows)...)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
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
	l := t.ledger(now)
	if err := l.leave(rows); err != nil {
		return err
	}
	if err := t.forget(rows); err != nil {
		return err
	}
	if err := t.unfound(rows); err != nil {
		return err
	}
	if err := t.parkPages(rows); err != nil {
		return err
	}
	for _, statement := range []string{
		`DELETE FROM leaves WHERE entry IN`, `DELETE FROM texts WHERE entry IN`, `DELETE FROM pages WHERE entry IN`,
		`DELETE FROM bodies WHERE entry IN`,
		`UPDATE sightings SET item = NULL WHERE entry IN`,
		`UPDATE entries SET stamp = NULL, words = '', revision = revision + 1 WHERE entry IN`,
	} {
		if _, err := t.exec(statement+in, anys(rows)...); err != nil {
			return err
		}
	}
	if _, err := l.close(); err != nil {
		return err
	}
	return t.dropPages(rows)
}
