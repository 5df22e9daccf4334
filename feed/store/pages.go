package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"broadsheet/feed"
)

// pagesAsked is whether pages of a source may be asked for; it follows SET asks =. Those of
// articles that nobody is to see may not, whenever they are due.
const pagesAsked = `(due < 9223372036854775807 AND (SELECT o.active AND NOT o.paused AND NOT o.stopped
	AND o.full_text <> '' FROM sources o WHERE o.source = pages.source)
	AND NOT EXISTS (SELECT 1 FROM standings n WHERE n.entry = pages.entry AND n.standing <> '` + string(feed.Pending) + `'))`

// ask writes that an entry's page is to be asked for. What is due sooner stays so; a page
// that is being asked for just now is asked for once more.
func (d *desk) ask(entry int64, a feed.PageAsk, standing feed.Standing) error {
	t := d.tx
	if err := t.slotsForPages(a.Host, max(1, a.Slots)); err != nil {
		return err
	}
	var before string // the host that its page was at
	if found, err := t.one(`SELECT host FROM pages WHERE entry = ?`, list(entry), &before); err != nil {
		return err
	} else if found {
		d.hosts[before] = true
	}
	due, await := int64(never), int64(0)
	if !a.Due.IsZero() {
		held, err := t.heldUntil(a.Server, d.now)
		if err != nil {
			return err
		}
		due = max(micros(a.Due), held)
	}
	if standing == feed.Pending {
		await = micros(a.Until)
	}
	if _, err := t.exec(`INSERT INTO pages (entry, source, url, host, server, due, next, asks, await, asked)
		VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT (entry) DO UPDATE SET
		url = excluded.url, host = excluded.host, server = excluded.server, tries = 0,
		due = CASE WHEN excluded.due = ? THEN pages.due
			WHEN pages.token = '' THEN min(pages.due, max(excluded.due, pages.asked + ?)) ELSE excluded.due + ? END`,
		entry, d.source, a.URL, a.Host, a.Server, due, due, await,
		micros(time.Time{}), int64(never), a.Rest.Microseconds(), a.Rest.Microseconds()); err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE pages SET asks = `+pagesAsked+`,
		next = CASE WHEN token = '' THEN due ELSE next END WHERE entry = ?`, entry); err != nil {
		return err
	}
	d.hosts[a.Host] = true
	return nil
}

// slotsForPages is setSlots for a host that pages are at. Of one that feeds are at, too, a
// Sync says how many there are.
func (t *tx) slotsForPages(host string, slots int) error {
	var old int
	var fed bool
	found, err := t.one(`SELECT slots, EXISTS (SELECT 1 FROM subscriptions s WHERE s.host = hosts.host AND s.wanted)
		FROM hosts WHERE host = ?`, list(host), &old, &fed)
	if err != nil || found && (fed || old == slots) {
		return err
	}
	return t.setSlots(host, slots)
}

// heldUntil is until when a server asked to be left alone; 0 if it did not.
func (t *tx) heldUntil(server string, now time.Time) (until int64, err error) {
	_, err = t.one(`SELECT until FROM holds WHERE server = ? AND until > ?`, list(server, micros(now)), &until)
	return until, err
}

// settleHosts works out when pages of the hosts are due at which some were asked for.
func (d *desk) settleHosts() error {
	for host := range d.hosts {
		if err := d.tx.settle(host, micros(time.Time{})); err != nil {
			return err
		}
	}
	return nil
}

// changePages runs a change of the pages of entries, and works out when pages of their
// hosts are due.
func (t *tx) changePages(rows []int64, set, where string, args ...any) error {
	for part := range slices.Chunk(rows, batch) {
		in := ` WHERE entry IN (` + marks(len(part)) + `)` + where
		if err := t.settleAll(`SELECT DISTINCT host FROM pages`+in, `UPDATE pages SET `+set+in,
			anys(part), append(slices.Clone(args), anys(part)...)); err != nil {
			return err
		}
	}
	return nil
}

// parkPages keeps the pages of entries from being asked for: nobody is to see them. When
// they were to be is kept, for if they are let go.
func (t *tx) parkPages(rows []int64) error {
	return t.changePages(rows, `next = due, asks = 0, await = 0, token = ''`, ``)
}

// letPages lets the pages of entries be asked for that were let go: those that were due
// when they are, and those that were never asked for now. They wait for them no more.
func (t *tx) letPages(now time.Time, rows []int64) error {
	if err := t.changePages(rows, `due = ?`, fmt.Sprintf(` AND due = %d AND asked = %d`, int64(never), micros(time.Time{})),
		micros(now)); err != nil {
		return err
	}
	if err := t.changePages(rows, `await = 0, asks = `+pagesAsked+`, next = CASE WHEN token = '' THEN due ELSE next END`, ``); err != nil {
		return err
	}
	return t.changePages(rows, heedHolds, fmt.Sprintf(heldNow, micros(now)))
}

// heedHolds puts pages off that may be asked for again, of servers that asked meanwhile to
// be left alone; heldNow selects these, with what moment it is. One that is being asked for
// just now stays due as it was: else it would look as if its item had changed.
const (
	heedHolds = `due = CASE WHEN token = '' THEN max(due, (SELECT h.until FROM holds h WHERE h.server = pages.server)) ELSE due END,
		next = max(next, (SELECT h.until FROM holds h WHERE h.server = pages.server))`
	heldNow = ` AND asks AND server IN (SELECT server FROM holds WHERE until > %d)`
)

// reask works out which pages of a source may be asked for, after the source changed. If
// none may, no article waits for one.
func (t *tx) reask(now time.Time, where string, args ...any) error {
	_, err := t.exec(`UPDATE pages SET asks = `+pagesAsked+` WHERE source IN (SELECT source FROM sources WHERE `+where+`)`, args...)
	if err != nil {
		return err
	}
	if _, err := t.exec(`UPDATE pages SET `+heedHolds+` WHERE source IN (SELECT source FROM sources WHERE `+where+`)`+
		fmt.Sprintf(heldNow, micros(now)), args...); err != nil {
		return err
	}
	_, err = t.exec(`UPDATE pages SET await = ? WHERE await > ? AND NOT asks AND token = ''
		AND source IN (SELECT source FROM sources WHERE `+where+`)`, append(list(micros(now), micros(now)), args...)...)
	return err
}

// forgetWaiting lets no article of a source wait that is not configured any more: they are
// put in their places when it is put back.
func (t *tx) forgetWaiting(source int64) error {
	const waiting = `(SELECT entry FROM pages WHERE await > 0 AND source = ?)`
	if _, err := t.exec(`DELETE FROM standings WHERE standing = ? AND entry IN `+waiting, feed.Pending, source); err != nil {
		return err
	}
	_, err := t.exec(`UPDATE pages SET await = 0 WHERE await > 0 AND source = ?`, source)
	return err
}

// spareMost is how far back it is counted how many pages had no more than the feed.
const spareMost = 10

// spare is how many of a source's latest pages in a row had no more than the feed's text.
func (t *tx) spare(source int64) (n int, err error) {
	used := micros(time.Time{})
	if _, err := t.one(`SELECT coalesce(max(asked), ?) FROM pages WHERE source = ? AND verdict = ?`,
		list(used, source, feed.PageUsed), &used); err != nil {
		return 0, err
	}
	_, err = t.one(`SELECT count(*) FROM (SELECT 1 FROM pages WHERE source = ? AND verdict = ? AND asked > ? LIMIT ?) latest`,
		list(source, feed.PageSame, used, spareMost), &n)
	return n, err
}

// loadPages fills in what is known of the entries' pages.
func (t *tx) loadPages(rows []int64, into map[int64]*feed.Stored) error {
	return t.each(`SELECT p.entry, p.url, p.verdict, p.why, p.kind, p.tries, p.asked, p.due, p.await, p.reader,
		p.chosen, EXISTS (SELECT 1 FROM leaves l WHERE l.entry = p.entry), x.page
		FROM pages p LEFT JOIN texts x ON x.entry = p.entry WHERE p.entry IN (`+marks(len(rows))+`)`, anys(rows),
		func(s scan) error {
			var row, asked, due, await int64
			var chosen string
			var page []byte
			r := &feed.Reading{}
			if err := s(&row, &r.URL, &r.Verdict, &r.Why, &r.Kind, &r.Tries, &asked, &due, &await, &r.Reader,
				&chosen, &r.Leaves, &page); err != nil {
				return err
			}
			r.Asked, r.Due, r.Until = momentOf(asked), momentOf(due), momentOf(await)
			if page != nil {
				r.Page = &feed.Page{}
				if err := unpack(page, r.Page); err != nil {
					return fmt.Errorf("the page of entry %d: %w", row, err)
				}
				r.Shown = chosen != ""
			}
			if st := into[row]; st != nil {
				st.Reading = r
			}
			return nil
		})
}

// Pages tells how the pages of the configured sources' articles are doing, of those that
// have any, in the order of the configuration.
func (s *Store) Pages(ctx context.Context) (out []feed.PagesStatus, err error) {
	err = s.read(ctx, "reading the status", func(t *tx) error {
		out = nil
		at := map[string]int{}
		if err := t.each(`SELECT o.name, p.verdict, p.asks, p.due = ?, count(*) FROM pages p JOIN sources o ON o.source = p.source
			WHERE o.active GROUP BY o.ord, o.name, p.verdict, p.asks, p.due = ? ORDER BY o.ord`, list(int64(never), int64(never)), func(s scan) error {
			var name string
			var verdict feed.PageVerdict
			var asks, over bool
			var n int
			if err := s(&name, &verdict, &asks, &over, &n); err != nil {
				return err
			}
			i, ok := at[name]
			if !ok {
				i = len(out)
				at[name], out = i, append(out, feed.PagesStatus{Source: name})
			}
			countPages(&out[i], verdict, asks, over, n)
			return nil
		}); err != nil {
			return err
		}
		for i := range out {
			var err error
			if out[i].Failure, err = t.lastWhy(out[i].Source, feed.PageFailed); err != nil {
				return err
			}
			if out[i].Refusal, err = t.lastWhy(out[i].Source, feed.PageRefused, feed.PageTwin); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

// momentOf is the time that was stored; zero for one that never was or never comes.
func momentOf(us int64) time.Time {
	if us <= 0 || us == never {
		return time.Time{}
	}
	return moment(us)
}

// lastWhy is what was told of the last page of a source with one of these verdicts.
func (t *tx) lastWhy(source string, verdicts ...feed.PageVerdict) (why string, err error) {
	last := micros(time.Time{})
	for _, v := range verdicts {
		var asked int64
		var said string
		found, err := t.one(`SELECT asked, why FROM pages WHERE source = (SELECT source FROM sources WHERE name = ?)
			AND verdict = ? ORDER BY asked DESC LIMIT 1`, list(source, v), &asked, &said)
		if err != nil {
			return "", err
		}
		if found && asked >= last {
			why, last = said, asked
		}
	}
	return why, nil
}

// countPages counts n pages with a verdict; asks: they will be asked for, over: they
// will not be unless their articles change.
func countPages(p *feed.PagesStatus, verdict feed.PageVerdict, asks, over bool, n int) {
	switch verdict {
	case feed.PageUnread:
		if asks {
			p.Waiting += n
		}
	case feed.PageUsed:
		p.Used += n
	case feed.PageSame:
		p.Same += n
	case feed.PageSkipped:
		p.Skipped += n
	case feed.PageFailed:
		p.Failed += n
	default:
		p.Refused += n
	}
	if over && (verdict == feed.PageFailed || verdict == feed.PageRefused || verdict == feed.PageTwin) {
		p.GivenUp += n
	}
}
