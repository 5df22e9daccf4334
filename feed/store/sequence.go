package store

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"broadsheet/feed"
)

const (
	// pageSize is how many places a page of an archive has: what a reader takes in one
	// request without noticing. Published pages are cut by it: it must never change.
	pageSize = 50
	// numberBatch is how many places are given in one transaction, so that a poll that
	// waits for the store does not notice.
	numberBatch = 2000
)

// joins notes that an entry is in a section itself, shown or squeezed out, and may have no
// place in its archive.
func (t *tx) joins(section, entry int64) error {
	_, err := t.exec(`INSERT INTO joining (section, entry) VALUES (?, ?) ON CONFLICT DO NOTHING`, section, entry)
	return err
}

// joiner is what is shown in a section and waits for a place in its archive.
type joiner struct {
	entry, story      int64
	sortAt, published int64
	id                string
}

// Number implements publish.Store.
func (s *Store) Number(ctx context.Context, now time.Time, section string) error {
	for more := true; more; {
		if err := s.write(ctx, "numbering what is new", func(t *tx) error {
			c, err := t.section(section)
			if err != nil {
				return err
			}
			if err := t.moveArchive(c); err != nil {
				return err
			}
			more, err = t.number(now, c)
			return err
		}); err != nil {
			return err
		}
	}
	return nil
}

// section is a configured section by its name.
func (t *tx) section(name string) (*sectionView, error) {
	sections, err := t.sections()
	if err != nil {
		return nil, err
	}
	return sectionNamed(sections, name)
}

// number gives places to a batch of what has none, the oldest first; more tells whether
// there may be others.
func (t *tx) number(now time.Time, c *sectionView) (more bool, err error) {
	var fresh []joiner
	if err := t.each(`SELECT j.entry, coalesce(e.story, 0), m.sort_at, m.published, e.id FROM joining j
		CROSS JOIN members m ON m.section = j.section AND m.entry = j.entry JOIN entries e ON e.entry = j.entry
		WHERE j.section = ? AND m.copy_of IS NULL ORDER BY m.sort_at, m.published, e.id LIMIT ?`,
		list(c.id, numberBatch), func(s scan) error {
			var j joiner
			err := s(&j.entry, &j.story, &j.sortAt, &j.published, &j.id)
			fresh = append(fresh, j)
			return err
		}); err != nil {
		return false, err
	}
	rows := make([]int64, len(fresh))
	for i, j := range fresh {
		rows[i] = j.entry
	}
	groups, err := t.groupsOf(rows, c.Stories, c.Private != "")
	if err != nil {
		return false, err
	}
	var last int64
	if _, err := t.one(`SELECT places FROM sections WHERE section = ?`, list(c.id), &last); err != nil {
		return false, err
	}
	before := last
	var placed []joiner // by who bears the id
	for _, j := range fresh {
		if group := groups[j.entry]; group != nil {
			j.entry = bearer(group).entry
		}
		given, err := t.givePlace(c.id, j.entry, last+1)
		if err != nil {
			return false, err
		}
		if given {
			last++
			placed = append(placed, j)
		}
	}
	// From here on the ids count as published, in the order of documents: another copy of
	// a story cannot take its place over any more.
	slices.SortFunc(placed, func(a, b joiner) int {
		return cmp.Or(cmp.Compare(b.sortAt, a.sortAt), cmp.Compare(b.published, a.published), cmp.Compare(a.id, b.id))
	})
	bearers := make([]int64, len(placed))
	for i, j := range placed {
		bearers[i] = j.entry
		if err := t.issued(now, j.entry, j.story); err != nil {
			return false, err
		}
	}
	// Search finds what no document has room for, and leads to its page.
	ids, err := t.idsOf(bearers)
	if err != nil {
		return false, err
	}
	if err := t.nameArticles(slices.Sorted(maps.Values(ids))); err != nil {
		return false, err
	}
	if last > before {
		if _, err := t.exec(`UPDATE sections SET places = ? WHERE section = ?`, last, c.id); err != nil {
			return false, err
		}
	}
	for part := range slices.Chunk(rows, batch) {
		if _, err := t.exec(`DELETE FROM joining WHERE section = ? AND entry IN (`+marks(len(part))+`)`,
			anys(part, c.id)...); err != nil {
			return false, err
		}
	}
	if len(fresh) == numberBatch {
		return true, nil
	}
	_, err = t.exec(`DELETE FROM joining WHERE section = ?`, c.id) // what is left is not shown any more
	return false, err
}

// givePlace gives an entry a place, unless it has one. One that was taken back and is
// shown again has its old place again.
func (t *tx) givePlace(section, entry, seq int64) (given bool, err error) {
	var gone int64
	found, err := t.one(`SELECT gone FROM sequence WHERE entry = ? AND section = ?`, list(entry, section), &gone)
	switch {
	case err != nil:
		return false, err
	case found && gone == 0:
		return false, nil
	case found:
		_, err := t.exec(`UPDATE sequence SET gone = 0, again = again + 1 WHERE entry = ? AND section = ?`, entry, section)
		return false, err
	}
	_, err = t.exec(`INSERT INTO sequence (section, seq, entry) VALUES (?, ?, ?)`, section, seq, entry)
	return true, err
}

// moveArchive has the pages of a section made anew if the addresses in them changed.
func (t *tx) moveArchive(c *sectionView) error {
	site, err := t.site()
	if err != nil {
		return err
	}
	at := site.URL + c.Section.Archive()
	moved, err := t.exec(`UPDATE sections SET archive = ? WHERE section = ? AND archive <> ?`, at, c.id, at)
	if err != nil || moved == 0 {
		return err
	}
	_, err = t.exec(`UPDATE volumes SET stale = stale + 1 WHERE section = ?`, c.id)
	return err
}

// happened are the places to which something happened since their pages were made, with
// these pages; 50 is pageSize.
const happened = `sequence q CROSS JOIN volumes v ON v.section = q.section AND v.page = (q.seq + 49) / 50
	AND (v.part = 0 OR q.seq <= (v.page - 1) * 50 + v.part) WHERE q.again > 0`

// unbound selects the sections whose archives lack something, or hold what must go.
const unbound = `SELECT section FROM joining UNION SELECT section FROM volumes WHERE stale > 0
	UNION SELECT q.section FROM ` + happened

// tombstones is how many articles that were taken back are named with a section: enough
// for a reader who was away for long.
const tombstones = 50

// chain fills in where the rest of a section is found, and what was taken back.
func (t *tx) chain(c *sectionView, v *feed.View) error {
	if _, err := t.one(`SELECT page FROM volumes WHERE section = ? AND part = 0 ORDER BY page DESC LIMIT 1`,
		list(c.id), &v.Chain.Older); err != nil {
		return err
	}
	return t.each(`SELECT e.id, q.gone FROM sequence q JOIN entries e ON e.entry = q.entry
		WHERE q.section = ? AND q.gone > 0 ORDER BY q.gone DESC, q.seq DESC LIMIT ?`, list(c.id, tombstones),
		func(s scan) error {
			stone, err := tombstone(s)
			v.Gone = append(v.Gone, stone)
			return err
		})
}

func tombstone(s scan) (feed.Tombstone, error) {
	var stone feed.Tombstone
	var at int64
	err := s(&stone.ID, &at)
	stone.At = moment(at)
	return stone, err
}
