package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"broadsheet/feed"
)

// candidate is a feed that may be polled.
type candidate struct {
	sub  int64 // 0 is none
	open int64 // when its host is open and no feed of its source is being polled
	due  int64 // its next poll
}

// Claim implements worker.Schedule.
func (s *Store) Claim(ctx context.Context, now time.Time, ask feed.Ask) (
	claim feed.Claim, ok bool, err error) {
	err = s.write(ctx, "claiming a feed", func(t *tx) error {
		claim, ok = feed.Claim{}, false
		c, err := t.best(now, ask)
		if err != nil || c.sub == 0 {
			return err
		}
		ok = true
		claim, err = t.claim(now, c.sub, ask.Until)
		return err
	})
	return claim, ok && err == nil, err
}

// claim leases the host of a feed.
func (t *tx) claim(now time.Time, sub int64, until time.Time) (feed.Claim, error) {
	var source, due int64
	var success int64
	var host, full string
	var memo, header, history []byte
	c := feed.Claim{Row: sub}
	if _, err := t.one(`SELECT s.source, s.host, s.url, s.memo, s.header, s.never_good,
		s.failures, s.state, s.next_poll, s.last_success, s.history,
		(SELECT count(*) FROM standings n WHERE n.sub = s.sub AND n.standing IN (?, ?)), o.name, o.first_name, o.full_text
		FROM subscriptions s JOIN sources o ON o.source = s.source WHERE s.sub = ?`,
		list(feed.Held, feed.Strange, sub), &source, &host, &c.URL, &memo, &header, &c.First, &c.Failures, &c.State, &due,
		&success, &history, &c.Held, &c.Source, &c.FirstName, &full); err != nil {
		return c, err
	}
	c.Due = moment(due)
	if success != micros(time.Time{}) {
		c.Success = moment(success)
	}
	for text, into := range map[*[]byte]any{&memo: &c.Memo, &header: &c.Header, &history: &c.History} {
		if err := json.Unmarshal(*text, into); err != nil {
			return c, err
		}
	}
	// A worker that held another feed of the source for too long must not commit
	// beside this one: the two would not know each other's articles.
	if err := t.endLeases(`source = ?`, source); err != nil {
		return c, err
	}
	var err error
	if c.PushSince, c.PushUntil, err = t.pushed(sub, now); err != nil {
		return c, err
	}
	if full != "" {
		if c.Spare, err = t.spare(source); err != nil {
			return c, err
		}
	}
	// Where a page is due too, it has the next turn.
	if _, err := t.exec(`UPDATE hosts SET turn = 1 WHERE host = ? AND page_at <= ? AND NOT turn`, host, micros(now)); err != nil {
		return c, err
	}
	c.Lease, err = t.lease(now, host, until, sql.NullInt64{Int64: source, Valid: true})
	return c, err
}

// best is the feed that is due longest of those that may be polled now.
func (t *tx) best(now time.Time, ask feed.Ask) (candidate, error) {
	if ask.Sources == nil && !ask.Anyway {
		return t.firstOpen(now, ask)
	}
	all, err := t.picked(now, ask)
	best := candidate{}
	for _, c := range all {
		if c.open <= micros(now) && (best.sub == 0 || c.due < best.due) {
			best = c
		}
	}
	return best, err
}

// firstOpen is the feed due first, of those an ask is for, whose host is open and whose
// source is not being polled. Hosts are looked at in the order of their first feed; those
// before the one that is found are as few as there are leases. A host whose pages
// have their turn is left to them, unless who asks takes none.
func (t *tx) firstOpen(now time.Time, ask feed.Ask) (candidate, error) {
	best, due, turns := candidate{}, ask.DueBy, !ask.FeedsOnly
	err := t.each(`SELECT h.due_at, s.sub, s.next_poll FROM hosts h JOIN subscriptions s
		ON s.sub = (SELECT c.sub FROM subscriptions c
			WHERE c.host = h.host AND c.wanted AND c.next_poll <= ? AND NOT EXISTS
				(SELECT 1 FROM leases l WHERE l.source = c.source AND l.until > ?)
			ORDER BY c.next_poll, c.sub LIMIT 1)
		WHERE h.due_at <= ? AND h.open_at <= ? AND NOT (? AND h.turn AND h.page_at <= ?) ORDER BY h.due_at, h.host`,
		list(micros(due), micros(now), micros(due), micros(now), turns, micros(now)), func(s scan) error {
			var first int64
			var c candidate
			if err := s(&first, &c.sub, &c.due); err != nil {
				return err
			}
			if best.sub == 0 || c.due < best.due {
				best = c
			}
			if best.due <= first {
				return errEnough
			}
			return nil
		})
	return best, err
}

// picked are the candidates of an ask that a person made: few sources, or feeds
// that are not due.
func (t *tx) picked(now time.Time, ask feed.Ask) ([]candidate, error) {
	var out []candidate
	query := `SELECT s.sub, s.next_poll, s.held_until, h.open_at, coalesce((SELECT max(l.until) FROM leases l
		WHERE l.source = s.source AND l.until > ?), h.open_at)
		FROM subscriptions s JOIN sources o ON o.source = s.source
		JOIN hosts h ON h.host = s.host WHERE s.active AND o.active AND NOT o.paused
		AND NOT o.stopped AND `
	if ask.Anyway {
		// What a person asks for overrides the cadence and never a hold.
		query += `s.last_poll < ?`
	} else {
		query += `s.wanted AND s.next_poll <= ?`
	}
	args := list(micros(now), micros(ask.DueBy))
	read := func(s scan) error {
		var c candidate
		var held, open, busy int64
		err := s(&c.sub, &c.due, &held, &open, &busy)
		c.open = max(held, open, busy)
		out = append(out, c)
		return err
	}
	if ask.Sources == nil {
		return out, t.each(query, args, read)
	}
	for names := range slices.Chunk(ask.Sources, batch) {
		if err := t.each(query+` AND o.name IN (`+marks(len(names))+`)`,
			anys(names, args...), read); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// NextDue implements worker.Schedule. A moment that is not in the past may turn
// out too early, never too late: what keeps a feed may have been renewed.
func (s *Store) NextDue(ctx context.Context, now time.Time, ask feed.Ask) (
	due time.Time, ok bool, err error) {
	err = s.read(ctx, "looking at the schedule", func(t *tx) error {
		next, err := t.nextDue(now, ask)
		due, ok = moment(next), next != never
		return err
	})
	return due, ok && err == nil, err
}

func (t *tx) nextDue(now time.Time, ask feed.Ask) (int64, error) {
	next := int64(never)
	if ask.Sources != nil || ask.Anyway {
		all, err := t.picked(now, ask)
		for _, c := range all {
			if ask.Anyway {
				next = min(next, c.open)
			} else {
				next = min(next, max(c.open, c.due))
			}
		}
		return next, err
	}
	free, err := t.firstOpen(now, ask)
	if err != nil {
		return 0, err
	}
	if free.sub != 0 {
		next = free.due
	}
	at, due := micros(now), micros(ask.DueBy)
	for _, query := range []string{
		// Feeds of hosts that are not open.
		`SELECT coalesce(min(CASE WHEN due_at > open_at THEN due_at ELSE open_at END), ?)
			FROM hosts WHERE open_at > ? AND due_at <= ?`,
		// Feeds of sources that are being polled: few, so they come first in the join.
		`SELECT coalesce(min(CASE WHEN s.next_poll > l.until THEN s.next_poll ELSE l.until END), ?)
			FROM leases l CROSS JOIN subscriptions s
			WHERE s.source = l.source AND l.until > ? AND s.wanted AND s.next_poll <= ?`,
	} {
		var when int64
		if _, err := t.one(query, list(int64(never), at, due), &when); err != nil {
			return 0, err
		}
		next = min(next, when)
	}
	return next, nil
}
