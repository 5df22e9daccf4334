package store

import (
	"database/sql"
	"maps"
	"slices"
	"strings"
	"time"

	"broadsheet/feed"
)

// TakenBack is why an entry stands apart (feed.Apart.Why) that the configuration takes back.
const TakenBack = "the configuration takes it back (withdraw)"

// retractedWhy is why one does that its own source took back.
const retractedWhy = "its source took it back (at:deleted-entry)"

// down tells whether the configuration takes the entry "e" back, or all of its source "o".
const down = `(o.withdrawn OR EXISTS (SELECT 1 FROM takedowns k WHERE k.entry = e.entry))`

// withdrawals brings what the configuration takes back up to date. What a line took back
// that is not there any more is left outdated, so that Remake puts it in its places.
func (y *syncing) withdrawals() error {
	sources, lines := map[string]bool{}, map[string]bool{}
	for _, line := range y.plan.Withdraw {
		if name, ok := strings.CutPrefix(line, feed.WithdrawSource); ok {
			sources[name] = true
		} else {
			lines[line] = true
		}
	}
	if err := y.withdrawSources(sources); err != nil {
		return err
	}
	old := map[string]bool{}
	if err := y.tx.each(`SELECT line FROM withdrawals`, nil, func(s scan) error {
		var line string
		err := s(&line)
		old[line] = true
		return err
	}); err != nil || maps.Equal(old, lines) {
		return err
	}
	return y.withdrawLines(old, lines)
}

// withdrawSources takes whole sources back, or lets them go again.
func (y *syncing) withdrawSources(want map[string]bool) error {
	var changed []int64
	var goes []bool
	if err := y.tx.each(`SELECT source, name, withdrawn FROM sources ORDER BY source`, nil, func(s scan) error {
		var id int64
		var name string
		var is bool
		err := s(&id, &name, &is)
		if want[name] != is {
			changed, goes = append(changed, id), append(goes, want[name])
		}
		return err
	}); err != nil {
		return err
	}
	for i, id := range changed {
		if _, err := y.tx.exec(`UPDATE sources SET withdrawn = ? WHERE source = ?`, goes[i], id); err != nil {
			return err
		}
		rows, err := y.tx.rows(`SELECT entry FROM entries WHERE source = ? ORDER BY entry`, id)
		if err != nil {
			return err
		}
		if err := y.take(rows, goes[i]); err != nil {
			return err
		}
	}
	return nil
}

// withdrawLines takes single articles back, or lets them go again.
func (y *syncing) withdrawLines(old, lines map[string]bool) error {
	was, is := map[int64]bool{}, map[int64]string{}
	if err := y.tx.each(`SELECT entry FROM takedowns`, nil, func(s scan) error {
		var row int64
		err := s(&row)
		was[row] = true
		return err
	}); err != nil {
		return err
	}
	for _, line := range slices.Sorted(maps.Keys(lines)) {
		rows, err := y.tx.named(line, nameLimit)
		if err != nil {
			return err
		}
		for _, row := range rows {
			is[row] = line
		}
		if _, err := y.tx.exec(`INSERT INTO withdrawals (line) VALUES (?) ON CONFLICT DO NOTHING`, line); err != nil {
			return err
		}
	}
	for line := range old {
		if !lines[line] {
			if _, err := y.tx.exec(`DELETE FROM withdrawals WHERE line = ?`, line); err != nil {
				return err
			}
		}
	}
	var taken, let []int64
	for _, row := range slices.Sorted(maps.Keys(is)) {
		if err := y.tx.takeDown(y.now, row, is[row]); err != nil {
			return err
		}
		if !was[row] {
			taken = append(taken, row)
		}
	}
	for _, row := range slices.Sorted(maps.Keys(was)) {
		if _, still := is[row]; still {
			continue
		}
		if _, err := y.tx.exec(`DELETE FROM takedowns WHERE entry = ?`, row); err != nil {
			return err
		}
		let = append(let, row)
	}
	if err := y.take(taken, true); err != nil {
		return err
	}
	return y.take(let, false)
}

// takeDown keeps that a line of the configuration takes an entry back.
func (t *tx) takeDown(now time.Time, row int64, line string) error {
	_, err := t.exec(`INSERT INTO takedowns (entry, line, since) VALUES (?, ?, ?)
		ON CONFLICT (entry) DO UPDATE SET line = excluded.line`, row, line, micros(now))
	return err
}

// take has entries leave their sections, and their archives once it is known who else is
// shown in their places (finish); or has them placed anew.
func (y *syncing) take(rows []int64, back bool) error {
	if len(rows) == 0 {
		return nil
	}
	if !back {
		if err := y.tx.outdate(rows); err != nil {
			return err
		}
		return y.tx.letPages(y.now, rows)
	}
	if err := y.tx.parkPages(rows); err != nil {
		return err
	}
	for part := range slices.Chunk(rows, batch) {
		if err := y.ledger.leave(part); err != nil {
			return err
		}
	}
	y.taken = append(y.taken, rows...)
	return nil
}

// takenDown tells whether the configuration takes a new entry back, and keeps that.
func (d *desk) takenDown(a draft, id string) (bool, error) {
	var withdrawn bool
	if _, err := d.tx.one(`SELECT withdrawn FROM sources WHERE source = ?`, list(d.source), &withdrawn); err != nil || withdrawn {
		return withdrawn, err
	}
	names := append([]string{id, a.Original}, a.IDs...)
	for _, k := range a.Keys {
		names = append(names, k.Value)
	}
	for part := range slices.Chunk(names, batch) {
		var line string
		found, err := d.tx.one(`SELECT line FROM withdrawals WHERE line IN (`+marks(len(part))+`) ORDER BY line LIMIT 1`,
			anys(part), &line)
		if err != nil || found {
			if err == nil {
				err = d.tx.takeDown(d.now, a.Row, line)
			}
			return true, err
		}
	}
	return false, nil
}

// loadDown fills in which entries the configuration takes back.
func (t *tx) loadDown(rows []int64, into map[int64]*feed.Stored) error {
	return t.each(`SELECT e.entry, coalesce((SELECT k.since FROM takedowns k WHERE k.entry = e.entry), e.first_seen)
		FROM entries e JOIN sources o ON o.source = e.source WHERE `+down+` AND e.entry IN (`+marks(len(rows))+`)`,
		anys(rows), func(s scan) error {
			var row, since int64
			err := s(&row, &since)
			if st := into[row]; st != nil {
				st.Apart = &feed.Apart{Standing: feed.Withdrawn, Since: moment(since), Why: TakenBack}
			}
			return err
		})
}

// retract heeds what a source says it took back of its own articles (RFC 6721). Each is
// heeded once: what an operator let go again stays.
func (d *desk) retract(gone []feed.Retraction) error {
	if len(gone) == 0 {
		return nil
	}
	var rows []int64
	for part := range slices.Chunk(gone, batch) {
		refs := make([]string, len(part))
		for i, g := range part {
			refs[i] = g.ID
		}
		found, err := d.tx.rows(`SELECT k.entry FROM keys k WHERE k.source = ? AND k.kind = ? AND k.value IN (`+marks(len(refs))+`)
			AND k.entry IS NOT NULL AND NOT k.shared AND NOT EXISTS (SELECT 1 FROM retractions r WHERE r.entry = k.entry)
			ORDER BY k.entry`, anys(refs, d.source, feed.KeyGUID)...)
		if err != nil {
			return err
		}
		rows = append(rows, found...)
	}
	slices.Sort(rows)
	rows = slices.Compact(rows)
	if err := d.tx.parkPages(rows); err != nil {
		return err
	}
	for part := range slices.Chunk(rows, batch) {
		if err := d.leave(part); err != nil {
			return err
		}
	}
	for _, row := range rows {
		if _, err := d.tx.exec(`INSERT INTO retractions (entry, at) VALUES (?, ?)`, row, micros(d.now)); err != nil {
			return err
		}
		if err := d.tx.setApart(row, feed.Withdrawn, sql.NullInt64{}, d.now, retractedWhy); err != nil {
			return err
		}
	}
	d.retracted = rows
	return nil
}
