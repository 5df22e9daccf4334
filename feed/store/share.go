package store

import (
	"cmp"
	"maps"
	"math"
	"slices"
)

// A section may show so many entries of one source only (feed.Section.Share). What is
// over that is squeezed out: it stays a member, and comes back when another one goes.
// Of a source that changed, only those are looked at that are shown and as many of
// those that wait, so that it costs the same however many were squeezed out.

// shares are the numbers of the sections that show a bounded number of each source.
func (t *tx) shares() (map[int64]int, error) {
	out := map[int64]int{}
	return out, t.each(`SELECT section, max_entries, max_per_source, max_share FROM sections
		WHERE active AND (max_per_source > 0 OR max_share > 0)`, nil, func(s scan) error {
		var section int64
		var r sectionRow
		err := s(&section, &r.limit, &r.perSource, &r.share)
		if n := r.number(); n > 0 {
			out[section] = n
		}
		return err
	})
}

// crowd says that a section may have to show others of a source than before.
func (l *ledger) crowd(section, source int64) {
	if l.crowds[section] == nil {
		l.crowds[section] = map[int64]bool{}
	}
	l.crowds[section][source] = true
}

// gone says that an entry that is there itself leaves a section.
func (l *ledger) gone(m membership) {
	if !m.squeezed {
		l.note(m.section, m.sortAt)
	}
	l.crowd(m.section, m.source)
}

// share gives each source that changed its share of the sections that bound it.
func (l *ledger) share() (err error) {
	if l.shares == nil && len(l.crowds) > 0 { // nothing was told anew
		if l.shares, err = l.tx.shares(); err != nil {
			return err
		}
	}
	for _, section := range slices.Sorted(maps.Keys(l.crowds)) {
		n := l.shares[section]
		if n == 0 {
			continue
		}
		for _, source := range slices.Sorted(maps.Keys(l.crowds[section])) {
			if err := l.squeeze(section, source, n); err != nil {
				return err
			}
		}
	}
	return nil
}

// squeeze has a section show the first n of a source, and no others of it.
func (l *ledger) squeeze(section, source int64, n int) error {
	inside, err := l.tx.crowded(section, source, false, math.MaxInt32)
	if err != nil {
		return err
	}
	outside, err := l.tx.crowded(section, source, true, n)
	if err != nil || len(inside) <= n && len(outside) == 0 {
		return err
	}
	if err := l.open(section); err != nil {
		return err
	}
	all := append(inside, outside...)
	slices.SortFunc(all, rival)
	for i, m := range all {
		if m.squeezed == (i >= n) {
			continue
		}
		l.note(section, m.sortAt)
		if _, err := l.tx.exec(`UPDATE members SET squeezed = ? WHERE entry = ? AND section = ?`,
			i >= n, m.entry, section); err != nil {
			return err
		}
	}
	return nil
}

// rival is the order in which members of one source have its share: as they stand in
// the section, and of those that stand in one place who came first.
func rival(a, b membership) int {
	return cmp.Or(cmp.Compare(b.sortAt, a.sortAt), cmp.Compare(b.published, a.published), cmp.Compare(a.entry, b.entry))
}

// rivals is that order in SQL.
const rivals = `sort_at DESC, published DESC, entry`

// crowded are the first members of a source in a section that are there themselves,
// shown or squeezed out.
func (t *tx) crowded(section, source int64, squeezed bool, limit int) ([]membership, error) {
	var out []membership
	err := t.each(`SELECT entry, sort_at, published FROM members WHERE section = ? AND source = ?
		AND squeezed = ? AND copy_of IS NULL ORDER BY `+rivals+` LIMIT ?`, list(section, source, squeezed, limit),
		func(s scan) error {
			m := membership{section: section, source: source, squeezed: squeezed}
			err := s(&m.entry, &m.sortAt, &m.published)
			out = append(out, m)
			return err
		})
	return out, err
}

// divide gives all sources of a section their shares anew, because the number is
// another one: n, or any if it is 0.
func (t *tx) divide(section int64, n int) error {
	if n == 0 {
		_, err := t.exec(`UPDATE members SET squeezed = ? WHERE section = ? AND squeezed`, false, section)
		return err
	}
	type odd struct {
		entry    int64
		squeezed bool
	}
	var all []odd
	if err := t.each(`SELECT entry, squeezed FROM (SELECT entry, squeezed, row_number() OVER
		(PARTITION BY source ORDER BY `+rivals+`) AS place FROM members WHERE section = ? AND copy_of IS NULL) m
		WHERE squeezed <> (place > ?)`, list(section, n), func(s scan) error {
		var o odd
		err := s(&o.entry, &o.squeezed)
		all = append(all, o)
		return err
	}); err != nil {
		return err
	}
	for _, o := range all {
		if _, err := t.exec(`UPDATE members SET squeezed = ? WHERE entry = ? AND section = ?`,
			!o.squeezed, o.entry, section); err != nil {
			return err
		}
	}
	return nil
}
