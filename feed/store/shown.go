package store

import (
	"math"
	"time"

	"broadsheet/feed"
)

// whole is the row of the whole paper.
func (t *tx) whole() (section int64, err error) {
	_, err = t.one(`SELECT section FROM sections WHERE name = ?`, list(feed.WholePaper), &section)
	return section, err
}

// frame is how much of a section is shown.
type frame struct {
	limit   int
	maxAge  int64 // microseconds
	least   int
	horizon int64
}

func (t *tx) frame(section int64) (f frame, err error) {
	_, err = t.one(`SELECT max_entries, max_age, min_entries, horizon FROM sections
		WHERE section = ?`, list(section), &f.limit, &f.maxAge, &f.least, &f.horizon)
	return f, err
}

// shows tells whether the entry at rank (from 0, newest first) is shown: the first
// limit, and of these the first least and those that have not aged out. What is
// shown is therefore always the first few.
func (f frame) shows(rank int, sortAt int64) bool {
	return (f.limit == 0 || rank < f.limit) && (rank < f.least || sortAt >= f.horizon)
}

// edge is the sort_at from which on entries of a section are shown. Several may
// stand at the edge itself, some of them not shown.
func (t *tx) edge(section int64, f frame) (int64, error) {
	edge := int64(math.MinInt64)
	if f.limit > 0 {
		last, err := t.ranked(section, f.limit-1)
		if err != nil {
			return 0, err
		}
		edge = last
	}
	if f.horizon == noHorizon {
		return edge, nil
	}
	old := f.horizon
	if f.least > 0 {
		kept, err := t.ranked(section, f.least-1)
		if err != nil {
			return 0, err
		}
		old = min(old, kept)
	}
	return max(edge, old), nil
}

// ranked is the sort_at of the entry at rank, from 0; the lowest number if there
// are not so many.
func (t *tx) ranked(section int64, rank int) (int64, error) {
	sortAt := int64(math.MinInt64)
	_, err := t.one(`SELECT sort_at FROM members WHERE section = ? AND copy_of IS NULL AND NOT squeezed
		ORDER BY sort_at DESC LIMIT 1 OFFSET ?`, list(section, rank), &sortAt)
	return sortAt, err
}

// ledger finds out which sections show something else after a transaction than
// before it.
type ledger struct {
	tx     *tx
	now    time.Time
	before map[int64]framed
	newest map[int64]int64 // sort_at of the newest entry that came, went or changed
	// touched are entries that may belong to another story now, or be shown
	// elsewhere, and whether they look different.
	touched map[int64]bool
	// crowds are sources of which a section may show others than before, by section;
	// shares are the numbers of those that bound them.
	crowds map[int64]map[int64]bool
	shares map[int64]int
}

type framed struct {
	frame
	edge int64
}

func (t *tx) ledger(now time.Time) *ledger {
	return &ledger{tx: t, now: now, before: map[int64]framed{}, newest: map[int64]int64{},
		touched: map[int64]bool{}, crowds: map[int64]map[int64]bool{}}
}

// open must be called before the first change to the members of a section.
func (l *ledger) open(section int64) error {
	if _, ok := l.before[section]; ok {
		return nil
	}
	f, err := l.tx.frame(section)
	if err != nil {
		return err
	}
	edge, err := l.tx.edge(section, f)
	l.before[section] = framed{f, edge}
	return err
}

// note says that an entry came into a section, left it or looks different.
func (l *ledger) note(section, sortAt int64) {
	if newest, ok := l.newest[section]; !ok || sortAt > newest {
		l.newest[section] = sortAt
	}
}

// close gives entries that were touched their places, and each source its share, lets
// others age out of the sections that were opened, and gives the versions of those that show something
// else a bump. It returns their names.
func (l *ledger) close() ([]string, error) {
	if err := l.tell(); err != nil {
		return nil, err
	}
	if err := l.share(); err != nil {
		return nil, err
	}
	dirty := map[int64]bool{}
	for section, was := range l.before {
		is := was.frame
		is.horizon = horizon(l.now, is.maxAge)
		edge, err := l.tx.edge(section, is)
		if err != nil {
			return nil, err
		}
		newest, moved := l.newest[section]
		seen := moved && newest >= min(was.edge, edge)
		aged, err := l.tx.between(section, was.edge, edge)
		if err != nil {
			return nil, err
		}
		dirty[section] = seen || aged
		if is.horizon == was.horizon || !dirty[section] && !moved {
			continue
		}
		if _, err := l.tx.exec(`UPDATE sections SET horizon = ? WHERE section = ?`,
			is.horizon, section); err != nil {
			return nil, err
		}
	}
	return l.tx.bump(dirty, l.now)
}

// between tells whether a section has a member from one edge up to another.
func (t *tx) between(section, from, to int64) (found bool, err error) {
	if from >= to {
		return false, nil
	}
	var one int
	return t.one(`SELECT 1 FROM members WHERE section = ? AND copy_of IS NULL AND NOT squeezed
		AND sort_at >= ? AND sort_at < ? LIMIT 1`, list(section, from, to), &one)
}

// bump gives sections, and with them the whole paper, another version. Modified is
// now in whole seconds, and never goes back. It returns the names of the sections
// in the order in which they are published.
func (t *tx) bump(sections map[int64]bool, now time.Time) ([]string, error) {
	whole, err := t.whole()
	if err != nil {
		return nil, err
	}
	any := false
	for _, dirty := range sections {
		any = any || dirty
	}
	if !any {
		return nil, nil
	}
	sections[whole] = true
	second := micros(now.Truncate(time.Second))
	for section, dirty := range sections {
		if !dirty {
			continue
		}
		if _, err := t.exec(`UPDATE sections SET version = version + 1,
			modified = CASE WHEN modified > ? THEN modified ELSE ? END
			WHERE section = ? AND active`, second, second, section); err != nil {
			return nil, err
		}
	}
	return t.names(sections)
}

// names are the names of the marked sections, the whole paper last.
func (t *tx) names(marked map[int64]bool) ([]string, error) {
	var names []string
	err := t.each(`SELECT section, name FROM sections WHERE active ORDER BY ord`, nil,
		func(s scan) error {
			var section int64
			var name string
			err := s(&section, &name)
			if marked[section] {
				names = append(names, name)
			}
			return err
		})
	return names, err
}
