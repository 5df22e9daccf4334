package store

import (
	"slices"

	"broadsheet/feed"
)

// termsOf are the terms under which a section may show entries, beside its own: those of
// their sources, and in the whole paper, which has none of its own, also those of the
// public section that they are in which allows most.
func (t *tx) termsOf(c *sectionView, rows []int64) (map[int64]feed.Terms, error) {
	out := make(map[int64]feed.Terms, len(rows))
	for part := range slices.Chunk(rows, batch) {
		if err := t.each(`SELECT e.entry, o.terms FROM entries e JOIN sources o ON o.source = e.source
			WHERE e.entry IN (`+marks(len(part))+`)`, anys(part), func(s scan) error {
			var row int64
			var terms feed.Terms
			err := s(&row, &terms)
			out[row] = terms
			return err
		}); err != nil {
			return nil, err
		}
	}
	if c.Name != feed.WholePaper {
		return out, nil
	}
	loosest, err := t.loosest(rows)
	for row, terms := range loosest {
		out[row] = out[row].Stricter(terms)
	}
	return out, err
}

// loosest are the terms of the public sections that entries are in which allow most. An
// entry that is in none is left out.
func (t *tx) loosest(rows []int64) (map[int64]feed.Terms, error) {
	var some int
	bound, err := t.one(`SELECT 1 FROM sections WHERE active AND private = '' AND terms IN (?, ?) LIMIT 1`,
		list(feed.TermsExcerpt, feed.TermsLink), &some)
	if err != nil || !bound {
		return nil, err
	}
	out := map[int64]feed.Terms{}
	for part := range slices.Chunk(rows, batch) {
		if err := t.each(`SELECT m.entry, c.terms FROM members m JOIN sections c ON c.section = m.section
			WHERE c.active AND c.private = '' AND c.name <> ? AND m.entry IN (`+marks(len(part))+`)`,
			anys(part, any(feed.WholePaper)), func(s scan) error {
				var row int64
				var terms feed.Terms
				err := s(&row, &terms)
				if was, ok := out[row]; !ok || terms.Looser(was) {
					out[row] = terms
				}
				return err
			}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// tighten has pages of archives made anew on which something of a source stands of which
// less may be published now: what a page holds stays, but not all of it is shown.
func (y *syncing) tighten(source int64) error {
	_, err := y.tx.exec(`UPDATE volumes SET stale = stale + 1 WHERE EXISTS (SELECT 1 FROM sequence q
		JOIN entries e ON e.entry = q.teller WHERE q.section = volumes.section
		AND q.seq BETWEEN (volumes.page - 1) * 50 + 1 AND volumes.page * 50 AND e.source = ?)`, source)
	return err
}

// tightenSection does so with those of a section that lets less through now, and those of
// the whole paper.
func (y *syncing) tightenSection(section int64) error {
	_, err := y.tx.exec(`UPDATE volumes SET stale = stale + 1 WHERE section = ?
		OR section IN (SELECT section FROM sections WHERE name = ?)`, section, feed.WholePaper)
	return err
}
