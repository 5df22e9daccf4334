package store

import (
	"encoding/json"
	"slices"
	"time"

	"broadsheet/feed"
)

// join ends the holding of entries whose feeds have had stable ids for long enough
// since: they join their sections, at their own dates, once they are made anew. It
// tells how many there are. A feed that was not polled with success since then may
// still be making its ids anew, unless it will not be polled any more.
func (t *tx) join(now time.Time) (joined int, err error) {
	type holder struct {
		sub, success int64
		polled       bool
		history      []byte
	}
	var feeds []holder
	if err := t.each(`SELECT s.sub, s.last_success, s.active AND s.state <> ?, s.history FROM subscriptions s
		WHERE s.sub IN (SELECT n.sub FROM standings n WHERE n.standing = ?)`,
		list(feed.StateGone, feed.Held), func(s scan) error {
			var h holder
			err := s(&h.sub, &h.success, &h.polled, &h.history)
			feeds = append(feeds, h)
			return err
		}); err != nil {
		return 0, err
	}
	for _, h := range feeds {
		var remembered feed.History
		if err := json.Unmarshal(h.history, &remembered); err != nil {
			return joined, err
		}
		seen := now
		if h.polled && h.success < micros(now) {
			seen = moment(h.success)
		}
		before := seen.Add(-feed.StableTime)
		if remembered.Guard.Changed.After(before) {
			continue
		}
		rows, err := t.rows(`SELECT entry FROM standings WHERE standing = ? AND sub = ? AND since <= ?`,
			feed.Held, h.sub, micros(before))
		if err != nil {
			return joined, err
		}
		if err := t.learn(rows); err != nil {
			return joined, err
		}
		if err := t.rejoin(now, rows); err != nil {
			return joined, err
		}
		joined += len(rows)
	}
	return joined, nil
}

// learn tells the guards of the feeds that entries are held of that these are let
// go: so many at once are no flood, and should another feed have come in the place
// of the source's own, it passes for that from now on.
func (t *tx) learn(rows []int64) error {
	type lesson struct{ sub, since int64 }
	counts := map[lesson]int{}
	histories := map[int64][]byte{}
	for part := range slices.Chunk(rows, batch) {
		if err := t.each(`SELECT s.sub, s.history, n.since, count(*) FROM standings n
			JOIN subscriptions s ON s.sub = n.sub WHERE n.standing IN (?, ?) AND n.entry IN (`+marks(len(part))+`)
			GROUP BY s.sub, s.history, n.since`, anys(part, feed.Held, feed.Strange), func(s scan) error {
			var l lesson
			var n int
			var history []byte
			err := s(&l.sub, &history, &l.since, &n)
			histories[l.sub] = history
			counts[l] += n
			return err
		}); err != nil {
			return err
		}
	}
	most := map[int64]int{}
	for l, n := range counts {
		most[l.sub] = max(most[l.sub], n)
	}
	for sub, text := range histories {
		var h feed.History
		if err := json.Unmarshal(text, &h); err != nil {
			return err
		}
		h.Guard.Was, h.Guard.Largest = "", max(h.Guard.Largest, most[sub])
		text, err := json.Marshal(h)
		if err != nil {
			return err
		}
		if _, err := t.exec(`UPDATE subscriptions SET history = ? WHERE sub = ?`, string(text), sub); err != nil {
			return err
		}
	}
	return nil
}
