package store

import (
	"encoding/json"
	"time"

	"broadsheet/feed"
)

// join ends the holding of entries whose feeds have had stable ids for long
// enough: they join their sections, at their own dates, once they are made anew.
// It tells how many there are. A feed that was not polled with success since then
// may still be making its ids anew.
func (t *tx) join(now time.Time) (joined int, err error) {
	type held struct {
		sub, success, since int64
		guard               feed.Guard
	}
	var feeds []held
	if err := t.each(`SELECT s.sub, s.last_success, s.history, max(n.since)
		FROM standings n JOIN subscriptions s ON s.sub = n.sub WHERE n.standing = ? GROUP BY s.sub`,
		list(feed.Held), func(s scan) error {
			var h held
			var history []byte
			if err := s(&h.sub, &h.success, &history, &h.since); err != nil {
				return err
			}
			var remembered feed.History
			err := json.Unmarshal(history, &remembered)
			h.guard = remembered.Guard
			feeds = append(feeds, h)
			return err
		}); err != nil {
		return 0, err
	}
	for _, h := range feeds {
		since := moment(h.since)
		if h.guard.Tripped.After(since) {
			since = h.guard.Tripped
		}
		if due := micros(since.Add(feed.StableTime)); due > micros(now) || h.success < due {
			continue
		}
		rows, err := t.rows(`SELECT entry FROM standings WHERE sub = ? AND standing = ?`, h.sub, feed.Held)
		if err != nil {
			return 0, err
		}
		if err := t.rejoin(rows); err != nil {
			return 0, err
		}
		joined += len(rows)
	}
	return joined, nil
}
