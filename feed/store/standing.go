package store

import (
	"context"
	"database/sql"
	"fmt"
	"math"
	"slices"
	"time"

	"broadsheet/feed"
)

// fillTime is how long a section may fill after its first entry came before its
// readers count: all the sources of a new paper are polled in that time.
const fillTime = time.Hour

// openSection notes when the first entry came to a section.
func (t *tx) openSection(section int64, now time.Time) error {
	_, err := t.exec(`UPDATE sections SET opened = ? WHERE section = ? AND opened = 0`,
		micros(now), section)
	return err
}

// Settled implements worker.Archive.
func (s *Store) Settled(ctx context.Context, now time.Time, claim feed.Claim) (
	settled map[string]bool, shown int, err error) {
	err = s.read(ctx, "looking at the sections", func(t *tx) error {
		settled = map[string]bool{}
		// Those of one source are found by the few stamps that it has.
		if _, err := t.one(`SELECT count(*) FROM entries e WHERE e.first_seen > ? AND e.stamp IN
			(SELECT t.stamp FROM stamps t JOIN subscriptions s ON s.source = t.source WHERE s.sub = ?)
			AND NOT EXISTS (SELECT 1 FROM standings n WHERE n.entry = e.entry AND n.standing <> ?)`,
			list(micros(now.Add(-fillTime)), claim.Row, feed.Pending), &shown); err != nil {
			return err
		}
		return t.each(`SELECT name FROM sections WHERE active AND opened > 0 AND opened <= ?`,
			list(micros(now.Add(-fillTime))), func(s scan) error {
				var name string
				err := s(&name)
				settled[name] = true
				return err
			})
	})
	return settled, shown, err
}

// setApart keeps an entry out of every section. sub is the feed whose guard holds
// it, null if an operator decided.
func (t *tx) setApart(entry int64, standing feed.Standing, sub sql.NullInt64, now time.Time, why string) error {
	_, err := t.exec(`INSERT INTO standings (entry, standing, sub, since, why) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (entry) DO UPDATE SET standing = excluded.standing, sub = excluded.sub,
		since = excluded.since, why = excluded.why`, entry, standing, sub, micros(now), why)
	return err
}

// Apart lists the entries that are in no section for one of these reasons, of one
// source or of all (""), by source and then the newest first. Those whose bodies
// were pruned are left out.
func (s *Store) Apart(ctx context.Context, source string, standings ...feed.Standing) ([]feed.Stored, error) {
	var found []feed.Stored
	err := s.read(ctx, "reading what is kept back", func(t *tx) error {
		rows, err := t.rows(`SELECT n.entry FROM standings n JOIN entries e ON e.entry = n.entry
			JOIN sources o ON o.source = e.source
			WHERE e.stamp IS NOT NULL AND (? = '' OR o.name = ?) AND n.standing IN (`+marks(len(standings))+`)
			ORDER BY o.name, e.sort_at DESC, n.entry DESC`, anys(standings, source, source)...)
		if err != nil {
			return err
		}
		found, err = t.load(rows)
		return err
	})
	return found, err
}

// loadApart fills in why entries are in no section.
func (t *tx) loadApart(rows []int64, into map[int64]*feed.Stored) error {
	return t.each(`SELECT n.entry, n.standing, n.since, n.why, coalesce(s.url, '')
		FROM standings n LEFT JOIN subscriptions s ON s.sub = n.sub
		WHERE n.entry IN (`+marks(len(rows))+`)`, anys(rows), func(s scan) error {
		var row, since int64
		a := &feed.Apart{}
		err := s(&row, &a.Standing, &since, &a.Why, &a.Feed)
		a.Since = moment(since)
		if st := into[row]; st != nil {
			st.Apart = a
		}
		return err
	})
}

// Judge writes what an operator decided about entries: another standing, or none
// (feed.Shown). Entries that stand apart now leave their sections at once; those
// that do not any more are left outdated, so that Remake puts them in their places.
func (s *Store) Judge(ctx context.Context, now time.Time, d feed.Decision, standing feed.Standing, rows []int64) (
	feed.Receipt, error) {
	var receipt feed.Receipt
	err := s.write(ctx, "writing a decision", func(t *tx) error {
		var err error
		if standing == feed.Shown {
			err = t.learn(rows)
			if err == nil {
				err = t.rejoin(now, rows)
			}
		} else {
			receipt.Sections, err = t.withdraw(now, d.Why, standing, rows)
		}
		if err != nil {
			return err
		}
		return t.decide(now, d)
	})
	return receipt, err
}

// rejoin ends the standing of entries. What the rules make of them is worked out
// when they are made anew.
func (t *tx) rejoin(now time.Time, rows []int64) error {
	for part := range slices.Chunk(rows, batch) {
		in := ` IN (` + marks(len(part)) + `)`
		if _, err := t.exec(`DELETE FROM standings WHERE entry`+in, anys(part)...); err != nil {
			return err
		}
	}
	if err := t.outdate(rows); err != nil {
		return err
	}
	return t.letPages(now, rows)
}

// outdate has entries made anew, and put in their places.
func (t *tx) outdate(rows []int64) error {
	for part := range slices.Chunk(rows, batch) {
		in := ` IN (` + marks(len(part)) + `)`
		var sources []int64
		if err := t.each(`SELECT DISTINCT source FROM entries WHERE entry`+in, anys(part), func(s scan) error {
			var source int64
			err := s(&source)
			sources = append(sources, source)
			return err
		}); err != nil {
			return err
		}
		for _, source := range sources {
			stamp, err := t.stamp(source, "", "")
			if err != nil {
				return err
			}
			if _, err := t.exec(`UPDATE entries SET stamp = ?, revision = revision + 1
				WHERE stamp IS NOT NULL AND source = ? AND entry`+in, anys(part, stamp, source)...); err != nil {
				return err
			}
		}
	}
	return nil
}

// withdraw takes entries from their sections for good.
func (t *tx) withdraw(now time.Time, why string, standing feed.Standing, rows []int64) ([]string, error) {
	if err := t.parkPages(rows); err != nil {
		return nil, err
	}
	l := t.ledger(now)
	for part := range slices.Chunk(rows, batch) {
		if err := l.leave(part); err != nil {
			return nil, err
		}
		for _, row := range part {
			if err := t.setApart(row, standing, sql.NullInt64{}, now, why); err != nil {
				return nil, err
			}
		}
	}
	names, err := l.close()
	if err != nil {
		return nil, err
	}
	return names, t.takeBack(now, rows)
}

// decide records a decision.
func (t *tx) decide(now time.Time, d feed.Decision) error {
	_, err := t.exec(`INSERT INTO decisions (at, who, verb, target, why) VALUES (?, ?, ?, ?, ?)`,
		micros(now), d.Who, d.Verb, d.Target, d.Why)
	return err
}

// Stop keeps a source from being polled, or lets it be polled again.
func (s *Store) Stop(ctx context.Context, now time.Time, d feed.Decision, source string, stopped bool) error {
	return s.write(ctx, "writing a decision", func(t *tx) error {
		n, err := t.exec(`UPDATE sources SET stopped = ? WHERE name = ? AND active`, stopped, source)
		if err == nil && n == 0 {
			err = fmt.Errorf("there is no source %s in it", source)
		}
		if err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE subscriptions SET wanted = (SELECT subscriptions.active AND o.active
			AND NOT o.paused AND NOT o.stopped AND subscriptions.state <> ? FROM sources o
			WHERE o.source = subscriptions.source)
			WHERE source = (SELECT source FROM sources WHERE name = ?)`, feed.StateGone, source); err != nil {
			return err
		}
		if err := t.reask(now, `name = ?`, source); err != nil {
			return err
		}
		if err := t.requeue(); err != nil {
			return err
		}
		return t.decide(now, d)
	})
}

// Decisions lists what operators decided, the latest first; limit 0 is all.
func (s *Store) Decisions(ctx context.Context, limit int) ([]feed.Decision, error) {
	var out []feed.Decision
	if limit <= 0 {
		limit = math.MaxInt32
	}
	err := s.read(ctx, "reading the decisions", func(t *tx) error {
		out = nil
		return t.each(`SELECT at, who, verb, target, why FROM decisions ORDER BY decision DESC LIMIT ?`,
			list(limit), func(s scan) error {
				var d feed.Decision
				var at int64
				err := s(&at, &d.Who, &d.Verb, &d.Target, &d.Why)
				d.At = moment(at)
				out = append(out, d)
				return err
			})
	})
	return out, err
}
