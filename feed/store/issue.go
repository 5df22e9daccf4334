package store

import (
	"slices"
	"time"

	"broadsheet/feed"
)

// issue keeps that documents of a section have these ids, in the order in which
// they have them; only what is new is written. outrun: a story was published
// under another id since the documents were made, and must keep that.
func (t *tx) issue(now time.Time, section int64, ids []string) (outrun bool, err error) {
	var mode feed.Stories
	var private bool
	if _, err := t.one(`SELECT stories, private <> '' FROM sections WHERE section = ?`, list(section), &mode,
		&private); err != nil {
		return false, err
	}
	type fresh struct{ entry, story int64 }
	found := map[string]fresh{}
	for part := range slices.Chunk(ids, batch) {
		if err := t.each(`SELECT id, entry, coalesce(story, 0) FROM entries WHERE issued IS NULL AND id IN (`+
			marks(len(part))+`)`, anys(part), func(s scan) error {
			var id string
			var f fresh
			err := s(&id, &f.entry, &f.story)
			found[id] = f
			return err
		}); err != nil {
			return false, err
		}
	}
	var order []fresh
	for _, id := range ids {
		f, ok := found[id]
		if !ok {
			continue
		}
		order = append(order, f)
		if f.story == 0 {
			continue
		}
		groups, err := t.groupsOf([]int64{f.entry}, mode, private)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(groups[f.entry], func(m *member) bool { return m.issued != never }) {
			return true, nil
		}
	}
	for _, f := range order {
		if err := t.issued(now, f.entry, f.story); err != nil {
			return false, err
		}
	}
	return false, nil
}

// issued keeps that a document has the id of an entry from now on, unless one had it before:
// after all others of its story, whatever the clock says. story is 0 if it is in none.
func (t *tx) issued(now time.Time, entry, story int64) error {
	_, err := t.exec(`UPDATE entries SET issued = max(?, 1 + coalesce((SELECT max(o.issued)
		FROM entries o WHERE o.story = ?), ?)) WHERE entry = ? AND issued IS NULL`,
		micros(now), story, micros(time.Time{}), entry)
	return err
}
