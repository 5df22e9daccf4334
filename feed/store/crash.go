package store

import (
	"context"
	"time"

	"broadsheet/feed"
)

// maxCrashes is how many bodies that made a parser panic are kept, of all feeds.
const maxCrashes = 20

// crashed keeps the body that made a parser panic, and forgets the oldest ones.
func (t *tx) crashed(now time.Time, sub int64, failure *feed.Error) error {
	if failure == nil || failure.Kind != feed.KindBug || len(failure.Input) == 0 {
		return nil
	}
	input := failure.Input[:min(len(failure.Input), feed.MaxInput)]
	if _, err := t.exec(`INSERT INTO crashes (sub, at, input) VALUES (?, ?, ?)
		ON CONFLICT (sub) DO UPDATE SET at = excluded.at, input = excluded.input`,
		sub, micros(now), input); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM crashes WHERE sub NOT IN
		(SELECT sub FROM crashes ORDER BY at DESC, sub DESC LIMIT ?)`, maxCrashes)
	return err
}

// Crash gives the beginning of the body of a source's feeds that made a parser
// panic last, and when; nil if none is kept.
func (s *Store) Crash(ctx context.Context, source string) (input []byte, at time.Time, err error) {
	err = s.read(ctx, "looking for a crash", func(t *tx) error {
		var when int64
		found, err := t.one(`SELECT c.at, c.input FROM crashes c JOIN subscriptions s ON s.sub = c.sub
			JOIN sources o ON o.source = s.source WHERE o.name = ? ORDER BY c.at DESC LIMIT 1`,
			list(source), &when, &input)
		if found {
			at = moment(when)
		}
		return err
	})
	return input, at, err
}
