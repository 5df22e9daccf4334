package store

import (
	"slices"
	"time"
)

// takeBack has entries leave the archives that they stand in, or in which their words
// stand in the place of another one of their story: the pages are made anew. It is called
// once they have left their sections. Where another one of the story is shown under the
// same id now, it stands there; otherwise the place says that the article was taken back.
func (t *tx) takeBack(now time.Time, rows []int64) error {
	if len(rows) == 0 {
		return nil
	}
	sections, err := t.sections()
	if err != nil {
		return err
	}
	byRow := map[int64]*sectionView{}
	for _, c := range sections {
		byRow[c.id] = c
	}
	for part := range slices.Chunk(rows, batch) {
		in := ` IN (` + marks(len(part)) + `)`
		// Of the others of a story only what they say of where else it is told changes.
		if _, err := t.exec(`UPDATE sequence SET again = again + 1 WHERE entry IN (SELECT o.entry FROM entries e
			JOIN entries o ON o.story = e.story WHERE e.entry`+in+`)`, anys(part)...); err != nil {
			return err
		}
		places := map[int64][]int64{}
		if err := t.each(`SELECT section, entry FROM sequence WHERE gone = 0 AND entry`+in+`
			UNION SELECT section, entry FROM sequence WHERE gone = 0 AND teller`+in,
			append(anys(part), anys(part)...), func(s scan) error {
				var section, entry int64
				err := s(&section, &entry)
				places[section] = append(places[section], entry)
				return err
			}); err != nil {
			return err
		}
		for section, bearers := range places {
			if err := t.vacate(now, section, byRow[section], bearers); err != nil {
				return err
			}
		}
	}
	return nil
}

// vacate marks places of a section, which is nil if it is not configured, as taken back
// unless something else is shown there.
func (t *tx) vacate(now time.Time, section int64, c *sectionView, bearers []int64) error {
	shown := map[int64]borneEntry{}
	if c != nil {
		var err error
		if shown, err = t.borne(c, bearers); err != nil {
			return err
		}
	}
	for _, entry := range bearers {
		gone := micros(now.Truncate(time.Second))
		if _, is := shown[entry]; is {
			gone = 0
		}
		if _, err := t.exec(`UPDATE sequence SET gone = ?, again = again + 1 WHERE section = ? AND entry = ?`,
			gone, section, entry); err != nil {
			return err
		}
	}
	return nil
}

// dropPages drops the oldest pages of archives of which no text is stored any more, after
// entries were pruned. A page stays as it is until all of it goes: pages never change.
func (t *tx) dropPages(rows []int64) error {
	sections, err := t.rows(`SELECT DISTINCT section FROM sequence WHERE entry IN (`+marks(len(rows))+`)`, anys(rows)...)
	if err != nil {
		return err
	}
	for _, section := range sections {
		for more := true; more; {
			if more, err = t.dropPage(section); err != nil {
				return err
			}
		}
	}
	return nil
}

// dropPage drops the oldest page of an archive if nothing on it is stored any more. The
// one after it leads nowhere then.
func (t *tx) dropPage(section int64) (dropped bool, err error) {
	var page int64
	found, err := t.one(`SELECT page FROM volumes WHERE section = ? ORDER BY page LIMIT 1`, list(section), &page)
	if err != nil || !found {
		return false, err
	}
	var one int
	kept, err := t.one(`SELECT 1 FROM sequence q JOIN entries e ON e.entry = q.entry
		LEFT JOIN entries w ON w.entry = q.teller WHERE q.section = ? AND q.seq BETWEEN ? AND ?
		AND (e.stamp IS NOT NULL OR w.stamp IS NOT NULL) LIMIT 1`,
		list(section, (page-1)*pageSize+1, page*pageSize), &one)
	if err != nil || kept {
		return false, err
	}
	for _, statement := range []string{
		`DELETE FROM archived WHERE section = ? AND page = ?`,
		`DELETE FROM volumes WHERE section = ? AND page = ?`,
		`UPDATE volumes SET stale = stale + 1 WHERE section = ? AND page = 1 + ?`,
	} {
		if _, err := t.exec(statement, section, page); err != nil {
			return false, err
		}
	}
	return true, nil
}
