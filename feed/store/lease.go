package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"time"

	"broadsheet/feed"
)

// Borrow implements worker.Schedule. A host that no source is configured at has
// one slot.
func (s *Store) Borrow(ctx context.Context, now time.Time, host string, until time.Time) (
	lease feed.Lease, retry time.Time, ok bool, err error) {
	err = s.write(ctx, "borrowing a host", func(t *tx) error {
		lease, retry, ok = feed.Lease{}, time.Time{}, false
		var open int64
		found, err := t.one(`SELECT open_at FROM hosts WHERE host = ?`, list(host), &open)
		if err != nil {
			return err
		}
		if !found {
			if err := t.setSlots(host, 1); err != nil {
				return err
			}
			open = micros(time.Time{})
		}
		if open > micros(now) {
			retry = moment(open)
			return nil
		}
		ok = true
		lease, err = t.lease(now, host, until, sql.NullInt64{})
		return err
	})
	return lease, retry, ok && err == nil, err
}

// lease takes a slot of a host that is open. source is the one that is polled.
func (t *tx) lease(now time.Time, host string, until time.Time, source sql.NullInt64) (
	feed.Lease, error) {
	if _, err := t.exec(`DELETE FROM leases WHERE host = ? AND until <= ?`,
		host, micros(now)); err != nil {
		return feed.Lease{}, err
	}
	used := map[int]bool{}
	if err := t.each(`SELECT slot FROM leases WHERE host = ?`, list(host), func(s scan) error {
		var slot int
		err := s(&slot)
		used[slot] = true
		return err
	}); err != nil {
		return feed.Lease{}, err
	}
	slot := 0
	for used[slot] {
		slot++
	}
	l := feed.Lease{Host: host, Slot: slot, Token: rand.Text(), Until: moment(micros(until))}
	if _, err := t.exec(`INSERT INTO leases (host, slot, token, until, source)
		VALUES (?, ?, ?, ?, ?)`, l.Host, l.Slot, l.Token, micros(until), source); err != nil {
		return feed.Lease{}, err
	}
	return l, t.settle(host, micros(time.Time{}))
}

// Renew implements worker.Schedule. A lease that has ended and that nobody took
// over is not lost yet.
func (s *Store) Renew(ctx context.Context, now time.Time, lease feed.Lease, until time.Time) (
	feed.Lease, error) {
	err := s.write(ctx, "renewing a lease", func(t *tx) error {
		n, err := t.exec(`UPDATE leases SET until = ? WHERE host = ? AND slot = ? AND token = ?`,
			micros(until), lease.Host, lease.Slot, lease.Token)
		if err != nil {
			return err
		}
		if n == 0 {
			return fenced("", "renewing a lease")
		}
		if _, err := t.exec(`UPDATE pages SET next = ? WHERE token = ? AND token <> ''`, micros(until), lease.Token); err != nil {
			return err
		}
		return t.settle(lease.Host, micros(time.Time{}))
	})
	if err != nil {
		return feed.Lease{}, err
	}
	lease.Until = moment(micros(until))
	return lease, nil
}

// Release implements worker.Schedule.
func (s *Store) Release(ctx context.Context, now time.Time, lease feed.Lease,
	free time.Time) error {
	return s.write(ctx, "releasing a lease", func(t *tx) error {
		return t.release(lease, free)
	})
}

// holds tells whether a lease was not lost.
func (t *tx) holds(lease feed.Lease) (bool, error) {
	var one int
	return t.one(`SELECT 1 FROM leases WHERE host = ? AND slot = ? AND token = ?`,
		list(lease.Host, lease.Slot, lease.Token), &one)
}

// release ends a lease, if it was not lost.
func (t *tx) release(lease feed.Lease, free time.Time) error {
	n, err := t.exec(`DELETE FROM leases WHERE host = ? AND slot = ? AND token = ?`,
		lease.Host, lease.Slot, lease.Token)
	if err != nil || n == 0 {
		return err
	}
	// The page may have moved to another host meanwhile, or its server want to be left alone.
	const due = `max(due, coalesce((SELECT h.until FROM holds h WHERE h.server = pages.server), due))`
	if err := t.settleAll(`SELECT host FROM pages WHERE token = ? AND token <> ''`,
		`UPDATE pages SET due = `+due+`, next = `+due+`, token = '' WHERE token = ? AND token <> ''`,
		list(lease.Token), list(lease.Token)); err != nil {
		return err
	}
	return t.settle(lease.Host, micros(free))
}
