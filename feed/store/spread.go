package store

import (
	"context"
	"fmt"
	"time"

	"broadsheet/feed"
)

// spreadReason is why a feed waits that was overdue with many others.
const spreadReason = "catching up after an outage"

// Spread implements worker.Schedule.
func (s *Store) Spread(ctx context.Context, before time.Time,
	place func(late []feed.Late) []time.Time) (moved int, err error) {
	err = s.write(ctx, "spreading what is overdue", func(t *tx) error {
		moved = 0
		late, subs, err := t.late(before)
		if err != nil || len(late) == 0 {
			return err
		}
		at := place(late)
		if len(at) != len(late) {
			return fmt.Errorf("%d places for %d feeds", len(at), len(late))
		}
		for i, sub := range subs {
			if !at[i].After(late[i].Due) {
				continue
			}
			moved++
			if _, err := t.exec(`UPDATE subscriptions SET next_poll = ?, reason = ? WHERE sub = ?`,
				micros(at[i]), spreadReason, sub); err != nil {
				return err
			}
		}
		return t.requeue()
	})
	return moved, err
}

// late lists the feeds that were due before a moment and had been polled already,
// those due longest first.
func (t *tx) late(before time.Time) (late []feed.Late, subs []int64, err error) {
	err = t.each(`SELECT s.sub, o.name, s.url, s.next_poll FROM subscriptions s
		JOIN sources o ON o.source = s.source WHERE s.wanted AND s.next_poll < ? AND s.last_poll > ?
		ORDER BY s.next_poll, s.sub`, list(micros(before), micros(time.Time{})), func(s scan) error {
		var l feed.Late
		var sub, due int64
		err := s(&sub, &l.Source, &l.URL, &due)
		l.Due = moment(due)
		late, subs = append(late, l), append(subs, sub)
		return err
	})
	return late, subs, err
}

// Taken implements worker.Archive.
func (s *Store) Taken(ctx context.Context, claim feed.Claim, url string) (taken bool, err error) {
	err = s.read(ctx, "looking for a url", func(t *tx) (err error) {
		var one int
		taken, err = t.one(`SELECT 1 FROM subscriptions s JOIN sources o ON o.source = s.source
			WHERE s.active AND o.active AND s.sub <> ? AND (s.url = ? OR s.moved_to = ?) LIMIT 1`,
			list(claim.Row, url, url), &one)
		return err
	})
	return taken, err
}
