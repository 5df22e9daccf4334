package store

import (
	"context"
	"encoding/json"
	"time"

	"broadsheet/feed"
)

// Status tells how every configured feed and section is doing, in the order of the
// configuration; the whole paper comes last.
func (s *Store) Status(ctx context.Context, now time.Time) (
	feeds []feed.FeedStatus, sections []feed.SectionStatus, err error) {
	err = s.read(ctx, "reading the status", func(t *tx) (err error) {
		if feeds, err = t.feedStatus(now); err != nil {
			return err
		}
		sections, err = t.sectionStatus()
		return err
	})
	return feeds, sections, err
}

func (t *tx) feedStatus(now time.Time) ([]feed.FeedStatus, error) {
	entries := map[int64]int{}
	if err := t.each(`SELECT sub, count(*) FROM sightings GROUP BY sub`, nil, func(s scan) error {
		var sub int64
		var n int
		err := s(&sub, &n)
		entries[sub] = n
		return err
	}); err != nil {
		return nil, err
	}
	kept := map[int64]int{}
	if err := t.each(`SELECT sub, count(*) FROM standings WHERE standing IN (?, ?) GROUP BY sub`,
		list(feed.Held, feed.Strange),
		func(s scan) error {
			var sub int64
			var n int
			err := s(&sub, &n)
			kept[sub] = n
			return err
		}); err != nil {
		return nil, err
	}
	var out []feed.FeedStatus
	err := t.each(`SELECT s.sub, o.name, s.url, o.paused, CASE WHEN o.stopped THEN coalesce((SELECT
		'paused by ' || d.who || CASE WHEN d.why = '' THEN '' ELSE ': ' || d.why END FROM decisions d
		WHERE d.verb = 'pause' AND d.target = o.name ORDER BY d.decision DESC LIMIT 1), 'paused') ELSE '' END, s.state, s.since, s.last_poll,
		s.last_success, s.next_poll, s.reason, s.error, s.kind, s.failures, s.listed, s.code,
		s.bytes, s.warnings, s.drops, s.header, s.history, coalesce(h.held_until, 0), s.never_good
		FROM subscriptions s JOIN sources o ON o.source = s.source
		LEFT JOIN hosts h ON h.host = s.host
		WHERE s.active AND o.active ORDER BY o.ord, s.ord`, nil, func(s scan) error {
		var f feed.FeedStatus
		var sub, since, last, success, next int64
		var paused bool
		var wide int64
		var unproved bool // its url is new: what polls of another one said does not count
		var stopped string
		var warnings, drops, header, history []byte
		if err := s(&sub, &f.Source, &f.URL, &paused, &stopped, &f.State, &since, &last, &success, &next,
			&f.Reason, &f.Error, &f.Kind, &f.Failures, &f.Listed, &f.Code, &f.Bytes,
			&warnings, &drops, &header, &history, &wide, &unproved); err != nil {
			return err
		}
		f.Since, f.LastPoll, f.LastSuccess = moment(since), moment(last), moment(success)
		f.NextPoll, f.Entries, f.Held = moment(next), entries[sub], kept[sub]
		var h feed.Header
		for text, into := range map[*[]byte]any{&warnings: &f.Warnings, &drops: &f.Drops, &header: &h,
			&history: &f.History} {
			if err := json.Unmarshal(*text, into); err != nil {
				return err
			}
		}
		f.Format, f.Title = h.Format, string(h.Title.Value)
		if wide > next && wide > micros(now) {
			f.NextPoll, f.Reason = moment(wide), "Retry-After of two servers of its domain"
		}
		if paused {
			stopped = "paused"
		}
		out = append(out, judged(f, stopped, unproved, now))
		return nil
	})
	return out, err
}

// judged is f with the states that nobody stores: they come from the
// configuration, from what an operator decided (stopped says what, in words) and
// from time passing.
func judged(f feed.FeedStatus, stopped string, unproved bool, now time.Time) feed.FeedStatus {
	good := f.LastSuccess
	if good.IsZero() || unproved {
		good = f.History.Ill
	}
	if good.IsZero() {
		good = f.Since // new since then
	}
	ill := f.State == feed.StateFailing || f.State == feed.StateHeld
	switch {
	case stopped != "":
		f.State = feed.StatePaused
		f.NextPoll, f.Reason = time.Time{}, stopped
	case f.State == feed.StateGone:
		f.NextPoll = time.Time{}
	case ill && now.Sub(good) >= feed.StaleAfter:
		f.State, f.Since = feed.StateStale, good.Add(feed.StaleAfter)
	}
	return f
}

func (t *tx) sectionStatus() ([]feed.SectionStatus, error) {
	rows, err := t.sections()
	if err != nil {
		return nil, err
	}
	var out []feed.SectionStatus
	for _, c := range rows {
		st := feed.SectionStatus{Section: c.Section, Version: c.version,
			Modified: moment(c.modified), Pending: c.published < c.version}
		var newest int64
		var roomy int // those that their source's share has room for
		if _, err := t.one(`SELECT count(*) FROM members WHERE section = ? AND copy_of IS NULL`,
			list(c.id), &st.Entries); err != nil {
			return nil, err
		}
		if _, err := t.one(`SELECT count(*), coalesce(max(sort_at), 0) FROM members
			WHERE section = ? AND copy_of IS NULL AND NOT squeezed`, list(c.id), &roomy, &newest); err != nil {
			return nil, err
		}
		if roomy > 0 {
			st.Newest = moment(newest)
		}
		if st.Shown, err = t.countShown(c, roomy); err != nil {
			return nil, err
		}
		if _, err := t.one(`SELECT hash FROM documents WHERE section = ?
			AND media_type LIKE 'application/atom+xml%' ORDER BY path LIMIT 1`, list(c.id),
			&st.ETag); err != nil {
			return nil, err
		}
		out = append(out, st)
	}
	return out, nil
}

// countShown is how many of a section's members are shown, of those that no share
// squeezed out.
func (t *tx) countShown(c *sectionView, members int) (int, error) {
	young := members
	if c.horizon != noHorizon {
		if _, err := t.one(`SELECT count(*) FROM members WHERE section = ? AND copy_of IS NULL
			AND NOT squeezed AND sort_at >= ?`,
			list(c.id, c.horizon), &young); err != nil {
			return 0, err
		}
	}
	n := min(members, max(young, c.Min))
	if c.Limit > 0 {
		n = min(n, c.Limit)
	}
	return n, nil
}
