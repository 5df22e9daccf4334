package store

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"broadsheet/feed"
)

// pick is a page that may be asked for.
type pick struct {
	entry int64 // 0 is none
	next  int64 // when it may be
	open  int64 // when its host is open
}

// ClaimPage implements worker.Schedule.
func (s *Store) ClaimPage(ctx context.Context, now time.Time, ask feed.Ask) (
	claim feed.PageClaim, ok bool, err error) {
	err = s.write(ctx, "claiming a page", func(t *tx) error {
		claim, ok = feed.PageClaim{}, false
		p, err := t.firstPage(now, ask)
		if err != nil || p.entry == 0 {
			return err
		}
		ok = true
		claim, err = t.claimPage(now, p.entry, ask.Until)
		return err
	})
	return claim, ok && err == nil, err
}

// claimPage leases the host of a page, and the page with it.
func (t *tx) claimPage(now time.Time, entry int64, until time.Time) (feed.PageClaim, error) {
	c := feed.PageClaim{Row: entry}
	var source, asked int64
	var host string
	if _, err := t.one(`SELECT p.source, p.host, p.url, p.tries, p.asked, o.name FROM pages p
		JOIN sources o ON o.source = p.source WHERE p.entry = ?`, list(entry), &source, &host, &c.URL, &c.Tries, &asked,
		&c.Source); err != nil {
		return c, err
	}
	c.First = momentOf(asked).IsZero()
	var err error
	if c.Spare, err = t.spare(source); err != nil {
		return c, err
	}
	if c.Lease, err = t.lease(now, host, until, sql.NullInt64{}); err != nil {
		return c, err
	}
	if _, err := t.exec(`UPDATE pages SET token = ?, next = ? WHERE entry = ?`, c.Lease.Token, micros(until), entry); err != nil {
		return c, err
	}
	if _, err := t.exec(`UPDATE hosts SET turn = 0 WHERE host = ?`, host); err != nil {
		return c, err
	}
	return c, t.settle(host, micros(time.Time{}))
}

// firstPage is the page due first, of those whose hosts are open. At a host where a feed
// is due, too, the feed goes first, and then it is the pages' turn: so feeds are on time,
// and a host of very many feeds does not keep all its pages waiting. Who asks for some
// sources only is not kept back by the feeds of others.
func (t *tx) firstPage(now time.Time, ask feed.Ask) (p pick, err error) {
	if ask.Sources != nil {
		all, err := t.pickedPages(now, ask.Sources)
		for _, c := range all {
			if c.open <= micros(now) && (p.entry == 0 || c.next < p.next) {
				p = c
			}
		}
		return p, err
	}
	_, err = t.one(`SELECT p.entry, p.next FROM hosts h JOIN pages p ON p.entry =
			(SELECT c.entry FROM pages c WHERE c.host = h.host AND c.asks AND c.next <= ? ORDER BY c.next, c.entry LIMIT 1)
		WHERE h.page_at <= ? AND h.open_at <= ? AND (h.due_at > ? OR h.turn) ORDER BY h.page_at, h.host LIMIT 1`,
		list(micros(now), micros(now), micros(now), micros(ask.DueBy)), &p.entry, &p.next)
	return p, err
}

// pickedPages are the pages of some sources that are due by a moment, the first of each
// host.
func (t *tx) pickedPages(by time.Time, sources []string) (out []pick, err error) {
	for names := range slices.Chunk(sources, batch) {
		if err := t.each(`SELECT p.entry, min(p.next), h.open_at FROM sources o JOIN pages p ON p.source = o.source
			JOIN hosts h ON h.host = p.host WHERE p.asks AND p.next <= ? AND o.name IN (`+marks(len(names))+`) GROUP BY h.host`,
			anys(names, micros(by)), func(s scan) error {
				var p pick
				err := s(&p.entry, &p.next, &p.open)
				out = append(out, p)
				return err
			}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// NextPage implements worker.Schedule.
func (s *Store) NextPage(ctx context.Context, now, by time.Time, ask feed.Ask) (due time.Time, ok bool, err error) {
	err = s.read(ctx, "looking at the pages", func(t *tx) error {
		next := int64(never)
		if ask.Sources != nil {
			all, err := t.pickedPages(by, ask.Sources)
			for _, c := range all {
				next = min(next, max(c.next, c.open))
			}
			due, ok = moment(next), next != never
			return err
		}
		_, err := t.one(`SELECT coalesce(min(CASE WHEN page_at > open_at THEN page_at ELSE open_at END), ?) FROM hosts
			WHERE page_at <= ? AND (due_at > ? OR turn)`, list(int64(never), micros(by), micros(ask.DueBy)), &next)
		due, ok = moment(next), next != never
		return err
	})
	return due, ok && err == nil, err
}

// Ripe implements worker.Archive.
func (s *Store) Ripe(ctx context.Context, now time.Time, limit int) (ripe []feed.Stored, next time.Time, err error) {
	err = s.read(ctx, "looking for what waits for its page", func(t *tx) error {
		ripe, next = nil, time.Time{}
		var first int64
		if found, err := t.one(`SELECT await FROM pages WHERE await > 0 ORDER BY await LIMIT 1`, nil, &first); err != nil || !found {
			return err
		}
		if first > micros(now) {
			next = moment(first)
			return nil
		}
		rows, err := t.rows(`SELECT entry FROM pages WHERE await > 0 AND await <= ? ORDER BY await LIMIT ?`, micros(now), limit)
		if err == nil {
			ripe, err = t.load(rows)
		}
		return err
	})
	return ripe, next, err
}

// Waiting implements worker.Archive.
func (s *Store) Waiting(ctx context.Context, sources []string) (n int, err error) {
	err = s.read(ctx, "looking for what waits for its page", func(t *tx) error {
		n = 0
		if sources == nil {
			_, err := t.one(`SELECT count(*) FROM pages WHERE await > 0`, nil, &n)
			return err
		}
		for names := range slices.Chunk(sources, batch) {
			var some int
			if _, err := t.one(`SELECT count(*) FROM pages WHERE await > 0 AND source IN
				(SELECT source FROM sources WHERE name IN (`+marks(len(names))+`))`, anys(names), &some); err != nil {
				return err
			}
			n += some
		}
		return nil
	})
	return n, err
}
