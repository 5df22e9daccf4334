package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/search"
)

const (
	// maxSelected is how many entries a selection holds at most, whatever its section
	// shows.
	maxSelected = 100
	// maxCandidates is how many entries that match are looked at, whether they stand in
	// the section: nearly all do, but for copies, and for what is kept apart.
	maxCandidates = 2000
	// maxRare is in how many entries a word may be that is rare, and maxRareLooks how many
	// words of a query are looked at to find one.
	maxRare      = 2000
	maxRareLooks = 16
	// maxStemmed is in how large a store a star at a word is heeded. All words that begin
	// so are gathered before anything is found, which is the one thing about a search that
	// costs more the more is stored: some 20 ms of 100,000 entries.
	maxStemmed = 500_000
)

// Select reads what a reader asks for of a section, or of the whole paper: the newest of
// its entries that fit, also those that its documents do not show any more. There are no
// more than limit (0 is any), the section's own limit and maxSelected. Copies of a story
// are not found by their own words: the one that is shown is.
//
// The view holds the selection, the sections for navigation, the source that was asked
// for, and nothing of archives. A section or source that is not configured is
// feed.ErrUnknown. What it costs does not grow with what is stored.
func (s *Store) Select(ctx context.Context, section string, sel feed.Selection, limit int) (feed.View, error) {
	var v feed.View
	err := s.read(ctx, "searching", func(t *tx) (err error) {
		v, err = t.selection(section, sel, limit)
		return err
	})
	if errors.Is(err, feed.ErrUnknown) {
		return feed.View{}, fmt.Errorf("section %q, %+v: %w", section, sel, feed.ErrUnknown)
	}
	return v, err
}

func (t *tx) selection(name string, sel feed.Selection, limit int) (v feed.View, err error) {
	v, c, sections, err := t.head(name)
	if err != nil {
		return v, err
	}
	v.Selection = sel
	labels := []string{search.Any}
	if name != feed.WholePaper { // nearly all are in that, and what is changes without them
		labels = []string{search.Section(c.id)}
	}
	if sel.Source != "" {
		row, line, err := t.sourceLine(sel.Source)
		if err != nil {
			return v, err
		}
		labels, v.Sources = append(labels, search.Source(row)), []feed.SourceLine{line}
	}
	if sel.Category != "" {
		labels = append(labels, search.Category(sel.Category))
	}
	if sel.Language != "" {
		labels = append(labels, search.Language(sel.Language))
	}
	q := search.Parse(sel.Query)
	if sel.Query == "" || !q.IsZero() { // else it has nothing that could be found
		slots, err := t.fitting(c, labels, q, atMost(maxSelected, limit, c.Limit))
		if err != nil {
			return v, err
		}
		if v.Entries, err = t.told(c, slots); err != nil {
			return v, err
		}
	}
	for _, e := range v.Entries {
		// The section may show nothing of them, and so know nothing of their coming.
		if came := e.FirstSeen.Truncate(time.Second); came.After(v.Modified) {
			v.Modified = came
		}
	}
	v.Index, err = t.index(sections, false)
	return v, err
}

// fitting are the places of the newest entries in a section that have all labels and
// are what a query asks for, in no order.
func (t *tx) fitting(c *sectionView, labels []string, q search.Query, limit int) (slots []slot, err error) {
	match, floor, err := t.match(labels, q)
	if err != nil {
		return nil, err
	}
	err = t.each(`SELECT m.entry, m.sort_at, m.published FROM (`+foundRows+`) f CROSS JOIN members m
		WHERE m.entry = f.entry AND m.section = ? AND m.copy_of IS NULL ORDER BY f.place DESC LIMIT ?`,
		list(match, floor, maxCandidates, c.id, limit), func(s scan) error {
			var at slot
			err := s(&at.row, &at.sortAt, &at.published)
			slots = append(slots, at)
			return err
		})
	return slots, err
}

// match writes what is asked for, and says from which row of the index on it is looked
// for.
func (t *tx) match(labels []string, q search.Query) (match string, floor int64, err error) {
	var newest int64
	if _, err := t.one(`SELECT floor, (SELECT coalesce(max(entry), 0) FROM entries) FROM searching`, nil,
		&floor, &newest); err != nil {
		return "", 0, err
	}
	if newest > maxStemmed {
		q = q.Unstemmed()
	}
	if floor > -math.MaxInt64 { // as the migration leaves it: there is no more than the reach
		rare, err := t.rare(q)
		if err != nil {
			return "", 0, err
		}
		if rare || !costly(q) {
			floor = -math.MaxInt64
		}
	}
	return matching(labels, q), floor, nil
}

// rare tells whether one of the words that are needed is in few entries: nothing else
// that is asked for is then looked at in more of them.
func (t *tx) rare(q search.Query) (bool, error) {
	looked := 0
	for _, p := range q.Need {
		for _, word := range p.Words {
			if looked++; looked > maxRareLooks {
				return false, nil
			}
			n, err := t.rows(`SELECT count(*) FROM (`+foundRows+`)`,
				matching([]string{word}, search.Query{}), -math.MaxInt64, maxRare)
			if err != nil || n[0] < maxRare {
				return err == nil, err
			}
		}
	}
	return false, nil
}

// costly tells whether a query may look through very much and find little: the places of
// words in texts are compared where a phrase is asked for, and what is kept out may be
// nearly all.
func costly(q search.Query) bool {
	return len(q.Bar) > 0 || slices.ContainsFunc(q.Need, func(p search.Phrase) bool { return len(p.Words) > 1 })
}

// atMost is the smallest of limits; 0 is none.
func atMost(limit int, others ...int) int {
	for _, n := range others {
		if n > 0 {
			limit = min(limit, n)
		}
	}
	return limit
}

// sourceLine finds a configured source by its name.
func (t *tx) sourceLine(name string) (row int64, line feed.SourceLine, err error) {
	found, err := t.one(`SELECT source, name, title, link, image, language FROM sources WHERE name = ? AND active`,
		list(name), &row, &line.Name, &line.Title, &line.Link, &line.Image, &line.Language)
	if err == nil && !found {
		err = feed.ErrUnknown
	}
	line.Title = cmp.Or(line.Title, line.Name)
	line.Link, line.Image = bare(line.Link), bare(line.Image)
	return row, line, err
}

// SectionAt names the configured section whose documents are at a path below the site's
// base (feed.Section.Path).
func (s *Store) SectionAt(ctx context.Context, path string) (name string, found bool, err error) {
	err = s.read(ctx, "looking for a section", func(t *tx) error {
		found = false
		sections, err := t.sections()
		for _, c := range sections {
			if c.Path() == path {
				name, found = c.Name, true
			}
		}
		return err
	})
	return name, found, err
}

// Search gives the newest stored entries that have what a query asks for, in their
// titles, texts, authors or categories, whether or not they are in a section.
func (s *Store) Search(ctx context.Context, query string, limit int) ([]feed.Stored, error) {
	var found []feed.Stored
	q := search.Parse(query)
	if len(q.Need) == 0 {
		return nil, nil // there is nothing to take others out of
	}
	err := s.read(ctx, "searching", func(t *tx) error {
		match, floor, err := t.match(nil, q)
		if err != nil {
			return err
		}
		rows, err := t.rows(`SELECT entry FROM (`+foundRows+`)`, match, floor, limit)
		if err == nil {
			found, err = t.load(rows)
		}
		return err
	})
	return found, err
}
