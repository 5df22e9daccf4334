package store

import (
	"slices"
	"time"

	"broadsheet/feed"
)

// setSlots makes a host or changes how many requests may run there at once.
func (t *tx) setSlots(host string, slots int) error {
	old := micros(time.Time{})
	if _, err := t.exec(`INSERT INTO hosts (host, slots, free_at, open_at, due_at)
		VALUES (?, ?, ?, ?, ?) ON CONFLICT (host) DO UPDATE SET slots = excluded.slots`,
		host, slots, old, old, int64(never)); err != nil {
		return err
	}
	return t.settle(host, old)
}

// settle works out when a host is open again and when a feed and a page of it are due,
// after one of its leases, holds, feeds or pages changed. free is the end of another gap: the
// longest counts.
func (t *tx) settle(host string, free int64) error {
	var slots int
	var was, held, due, page int64
	if found, err := t.one(`SELECT slots, free_at, held_until, `+feedDue+`, `+pageDue+`
		FROM hosts WHERE host = ?`, list(int64(never), int64(never), host), &slots, &was, &held, &due, &page); err != nil || !found {
		return err
	}
	var ends []int64
	if err := t.each(`SELECT until FROM leases WHERE host = ?`, list(host), func(s scan) error {
		var until int64
		err := s(&until)
		ends = append(ends, until)
		return err
	}); err != nil {
		return err
	}
	free = max(free, was)
	_, err := t.exec(`UPDATE hosts SET free_at = ?, open_at = ?, due_at = ?, page_at = ? WHERE host = ?`,
		free, opening(slots, max(free, held), ends), due, page, host)
	return err
}

// feedDue and pageDue are when a feed and a page of a host are due.
const (
	feedDue = `coalesce((SELECT min(s.next_poll) FROM subscriptions s
		WHERE s.host = hosts.host AND s.wanted), ?)`
	pageDue = `coalesce((SELECT min(p.next) FROM pages p WHERE p.host = hosts.host AND p.asks), ?)`
)

// opening is when a slot of a host can be taken: when its gap or hold is over and fewer
// leases than slots have not ended.
func opening(slots int, free int64, ends []int64) int64 {
	if len(ends) < slots {
		return free
	}
	slices.Sort(ends)
	return max(free, ends[len(ends)-slots])
}

// requeue works out for all hosts when a feed and a page of them are due.
func (t *tx) requeue() error {
	for _, statement := range []string{
		`UPDATE hosts SET due_at = ` + feedDue + ` WHERE due_at <> ` + feedDue,
		`UPDATE hosts SET page_at = ` + pageDue + ` WHERE page_at <> ` + pageDue,
	} {
		if _, err := t.exec(statement, int64(never), int64(never)); err != nil {
			return err
		}
	}
	return nil
}

const (
	// clockSlack is how far a stored moment of the past may lie ahead of the
	// clock before the clock must have been wrong when it was stored.
	clockSlack = 5 * time.Minute
	// longestHold and longestLease bound what is stored of the future: a
	// Retry-After is heard up to 7 days, a lease is of minutes.
	longestHold  = 7*24*time.Hour + time.Hour
	longestLease = 24 * time.Hour
	// longestSpread is more than what is overdue is ever spread over.
	longestSpread = 3 * time.Hour
)

// verdicts are all there are on pages.
var verdicts = []feed.PageVerdict{feed.PageUnread, feed.PageUsed, feed.PageSame, feed.PageRefused, feed.PageTwin,
	feed.PageFailed, feed.PageSkipped}

// repairClock undoes what a clock that ran ahead left behind: feeds that were
// polled in the future are due, and hosts are not kept for longer than a hold or a
// lease may last.
func (t *tx) repairClock(now time.Time) error {
	at := micros(now)
	ahead, tooLong := micros(now.Add(clockSlack)), micros(now.Add(longestHold))
	fed, err := t.exec(`UPDATE subscriptions SET next_poll = ?, reason = 'the clock was wrong'
		WHERE next_poll > ? AND (last_poll > ? OR held_until > ? OR reason = ? AND next_poll > ?)`,
		at, at, ahead, tooLong, spreadReason, micros(now.Add(longestSpread)))
	if err != nil {
		return err
	}
	for _, statement := range []string{
		`UPDATE standings SET since = ? WHERE since > ?`, `UPDATE sections SET opened = ? WHERE opened > ?`,
	} {
		if _, err := t.exec(statement, at, ahead); err != nil {
			return err
		}
	}
	paged, err := t.exec(`UPDATE pages SET due = ?, next = ?, token = '' WHERE asks AND (due > ? OR next > ? OR asked > ?)
		AND due < ?`, at, at, tooLong, tooLong, ahead, int64(never))
	if err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE pages SET await = ? WHERE await > ? AND await > 0`, at, micros(now.Add(feed.PageWait+clockSlack))); err != nil {
		return err
	}
	// Found by an index on all that stand before asked in it, and not by reading every page.
	if _, err := t.exec(`UPDATE pages SET asked = ? WHERE entry IN (SELECT p.entry FROM sources o CROSS JOIN pages p
		ON p.source = o.source AND p.verdict IN (`+marks(len(verdicts))+`) AND p.asked > ?)`,
		append(anys(verdicts, at), ahead)...); err != nil {
		return err
	}
	if fed > 0 || paged > 0 {
		if err := t.requeue(); err != nil {
			return err
		}
	}
	if err := t.repairHolds(now, tooLong); err != nil {
		return err
	}
	if err := t.settleAll(`SELECT host FROM hosts WHERE free_at > ?`,
		`UPDATE hosts SET free_at = ? WHERE free_at > ?`, list(tooLong), list(at, tooLong)); err != nil {
		return err
	}
	return t.endLeases(`until > ?`, micros(now.Add(longestLease)))
}

// endLeases ends the leases for which where holds.
func (t *tx) endLeases(where string, args ...any) error {
	return t.settleAll(`SELECT host FROM leases WHERE `+where,
		`DELETE FROM leases WHERE `+where, args, args)
}

// settleAll runs change and then settles the hosts that pick had found before it.
func (t *tx) settleAll(pick, change string, pickArgs, changeArgs []any) error {
	var hosts []string
	if err := t.each(pick, pickArgs, func(s scan) error {
		var host string
		err := s(&host)
		hosts = append(hosts, host)
		return err
	}); err != nil || len(hosts) == 0 {
		return err
	}
	if _, err := t.exec(change, changeArgs...); err != nil {
		return err
	}
	for _, host := range hosts {
		if err := t.settle(host, micros(time.Time{})); err != nil {
			return err
		}
	}
	return nil
}

// repair is repairClock on the way of a Sync.
func (y *syncing) repair() error { return y.tx.repairClock(y.now) }

// fenced is the error of a worker whose lease another one has now.
func fenced(source, step string) error {
	return &feed.Error{Source: source, Step: step, Kind: feed.KindFenced,
		Text: "another worker took the host over"}
}
