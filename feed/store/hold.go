package store

import (
	"context"
	"net/url"
	"strings"
	"time"

	"broadsheet/feed"
)

const (
	// holdWindow: two servers of a domain that ask to be left alone within it speak
	// for the domain.
	holdWindow = 10 * time.Minute
	// longestWide is how long a domain is held at most. So long it is free
	// afterwards, so that two servers which refuse for ever do not keep the others
	// from being asked at all.
	longestWide = time.Hour
)

// hold keeps the feeds of a server, and the feed that was polled, from being
// asked before h.Until. Other servers of the same domain are meant only once two
// of it have said so.
func (t *tx) hold(now time.Time, claim feed.Claim, h feed.Hold) error {
	if h.Until.IsZero() {
		return nil
	}
	end := micros(h.Until)
	if err := t.holdFeeds(end, `sub = ?`, claim.Row); err != nil || h.Server == "" {
		return err
	}
	return t.holdServer(now, h)
}

// holdServer keeps the feeds and pages of a server from being asked.
func (t *tx) holdServer(now time.Time, h feed.Hold) error {
	end := micros(h.Until)
	if _, err := t.exec(`INSERT INTO holds (server, host, answered, until) VALUES (?, ?, ?, ?)
		ON CONFLICT (server) DO UPDATE SET host = excluded.host, answered = excluded.answered,
		until = max(holds.until, excluded.until)`, h.Server, h.Host, micros(now), end); err != nil {
		return err
	}
	if err := t.holdFeeds(end, `server = ?`, h.Server); err != nil {
		return err
	}
	if err := t.holdPages(now, end, h.Server); err != nil {
		return err
	}
	if err := t.widen(now, h.Host); err != nil {
		return err
	}
	return t.settle(h.Host, micros(time.Time{}))
}

// heldReason is why a feed of a held server waits, if it was not the one that
// was told so.
const heldReason = "Retry-After of its server"

// holdFeeds holds the feeds for which where is true.
func (t *tx) holdFeeds(end int64, where string, arg any) error {
	if _, err := t.exec(`UPDATE subscriptions SET held_until = ? WHERE held_until < ? AND `+where,
		end, end, arg); err != nil {
		return err
	}
	_, err := t.exec(`UPDATE subscriptions SET next_poll = ?, reason = ? WHERE next_poll < ? AND `+where,
		end, heldReason, end, arg)
	return err
}

// holdPages holds the pages of a server; one that is being asked for just now, once that is
// over (see heedHolds). An article that would wait for one in vain waits no more.
func (t *tx) holdPages(now time.Time, end int64, server string) error {
	return t.settleAll(`SELECT DISTINCT host FROM pages WHERE server = ? AND asks`,
		`UPDATE pages SET due = CASE WHEN token = '' THEN max(due, ?) ELSE due END, next = max(next, ?),
		await = CASE WHEN await > ? AND await < ? THEN ? ELSE await END WHERE server = ? AND asks`,
		list(server), list(end, end, micros(now), end, micros(now), server))
}

// widen holds a whole budget for as long as at least two servers of it asked.
func (t *tx) widen(now time.Time, host string) error {
	var untils []int64
	if err := t.each(`SELECT until FROM holds WHERE host = ? AND answered > ? ORDER BY until DESC LIMIT 2`,
		list(host, micros(now.Add(-holdWindow))), func(s scan) error {
			var until int64
			err := s(&until)
			untils = append(untils, until)
			return err
		}); err != nil || len(untils) < 2 {
		return err
	}
	until := min(untils[1], micros(now.Add(longestWide)))
	n, err := t.exec(`UPDATE hosts SET held_until = ? WHERE host = ? AND held_until <= ?`,
		until, host, micros(now.Add(-longestWide)))
	if err != nil || n == 0 {
		return err
	}
	_, err = t.exec(`UPDATE pages SET await = ? WHERE host = ? AND asks AND await > ? AND await < ?`,
		micros(now), host, micros(now), until)
	return err
}

// Held implements worker.Schedule.
func (s *Store) Held(ctx context.Context, now time.Time, host, server string) (until time.Time, err error) {
	err = s.read(ctx, "looking at holds", func(t *tx) error {
		var end int64
		_, err := t.one(`SELECT max(coalesce((SELECT until FROM holds WHERE server = ?), 0),
			coalesce((SELECT held_until FROM hosts WHERE host = ?), 0))`, list(server, host), &end)
		until = time.Time{}
		if end > micros(now) {
			until = moment(end)
		}
		return err
	})
	return until, err
}

// endHolds forgets holds that are over and say nothing about a domain any more.
func (t *tx) endHolds(now time.Time) error {
	_, err := t.exec(`DELETE FROM holds WHERE until <= ? AND answered <= ?`,
		micros(now), micros(now.Add(-holdWindow)))
	return err
}

// repairHolds undoes what a clock that ran ahead left behind of holds; none ends
// after tooLong.
func (t *tx) repairHolds(now time.Time, tooLong int64) error {
	if _, err := t.exec(`DELETE FROM holds WHERE until > ? OR answered > ?`, tooLong,
		micros(now.Add(clockSlack))); err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE subscriptions SET held_until = 0 WHERE held_until > ?`,
		tooLong); err != nil {
		return err
	}
	wide := micros(now.Add(longestWide + clockSlack))
	return t.settleAll(`SELECT host FROM hosts WHERE held_until > ?`,
		`UPDATE hosts SET held_until = 0 WHERE held_until > ?`, list(wide), list(wide))
}

// serverOf is the host and port of a url, in lower case; the url itself if it
// has none.
func serverOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return address
	}
	return strings.ToLower(u.Host)
}
