package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"broadsheet/feed"
)

// sheetBatch is how many pages of an archive are read at once to be made.
const sheetBatch = 4

func noSection(name string) error { return fmt.Errorf("section %q: %w", name, feed.ErrUnknown) }

// frozen is an entry as it stands on a page that was made: the JSON form of an Entry
// leaves out what depends on the configuration.
type frozen struct {
	Seq     int64       `json:"seq"`
	Entry   feed.Entry  `json:"entry"`
	Source  string      `json:"source"`
	Feeds   []string    `json:"feeds,omitempty"`
	Also    []feed.Copy `json:"also,omitempty"`
	Terms   feed.Terms  `json:"terms,omitempty"`
	NoIndex bool        `json:"noindex,omitempty"`
	Address string      `json:"address,omitempty"`
}

func freeze(seq int64, e feed.Entry) frozen {
	return frozen{seq, e, e.Source, e.Feeds, e.Also, e.Terms, e.NoIndex, e.Address}
}

func (f frozen) thaw() feed.Entry {
	e := f.Entry
	e.Source, e.Feeds, e.Also, e.Terms, e.NoIndex, e.Address = f.Source, f.Feeds, f.Also, f.Terms, f.NoIndex, f.Address
	return e
}

// Sheets implements publish.Store.
func (s *Store) Sheets(ctx context.Context, section string) ([]feed.Sheet, error) {
	var out []feed.Sheet
	err := s.read(ctx, "reading an archive", func(t *tx) error {
		out = nil
		c, err := t.section(section)
		if err != nil {
			return err
		}
		due, err := t.due(c)
		if err != nil {
			return err
		}
		for _, d := range due {
			sheet, err := t.sheet(c, d)
			if err != nil {
				return err
			}
			out = append(out, sheet)
		}
		return nil
	})
	return out, err
}

// sheetOf is a page of an archive as it is to be made.
type sheetOf struct {
	page  int
	part  int   // 0 for a full one
	stale int64 // as stored; 0 for a page that was not made yet
}

// due are the next pages of a section that are to be made, or made anew, the oldest first.
func (t *tx) due(c *sectionView) ([]sheetOf, error) {
	var out []sheetOf
	// The sums keep the database from looking at all pages and places of the section.
	if err := t.each(`SELECT page, part, stale FROM volumes WHERE section + 0 = ? AND stale > 0
		UNION SELECT v.page, v.part, v.stale FROM `+happened+` AND q.section + 0 = ? ORDER BY page LIMIT ?`,
		list(c.id, c.id, sheetBatch), func(s scan) error {
			var d sheetOf
			err := s(&d.page, &d.part, &d.stale)
			out = append(out, d)
			return err
		}); err != nil {
		return nil, err
	}
	var places, bound int
	if _, err := t.one(`SELECT places, bound FROM sections WHERE section = ?`, list(c.id), &places, &bound); err != nil {
		return nil, err
	}
	for page := bound + 1; page <= places/pageSize && len(out) < sheetBatch; page++ {
		out = append(out, sheetOf{page: page})
	}
	return out, nil
}

// sheet reads a page that is to be made.
//
// What was published on a page stays there as it was, but for what may not be published
// any more (termsOf), whatever became of it since: an
// entry is read anew only if it was taken back, or its place was never published. A place
// that shows nothing is given up, so that the entry gets another one if it comes back.
func (t *tx) sheet(c *sectionView, d sheetOf) (sheet feed.Sheet, err error) {
	old, err := t.volume(c.id, d)
	if err != nil {
		return sheet, err
	}
	sheet.Stale = d.stale
	site, err := t.site()
	if err != nil {
		return sheet, err
	}
	sheet.View = c.bare(site)
	v := &sheet.View
	if v.Chain, err = t.links(c, d); err != nil {
		return sheet, err
	}
	places, err := t.places(c.id, d)
	if err != nil {
		return sheet, err
	}
	var look []int64
	for _, p := range places {
		if _, had := old[p.seq]; p.gone == 0 && (!had || p.again > 0) {
			look = append(look, p.entry)
		}
	}
	fresh, err := t.borne(c, look)
	if err != nil {
		return sheet, err
	}
	var tellers []int64
	for _, p := range places {
		tellers = append(tellers, p.teller)
	}
	terms, err := t.termsOf(c, tellers)
	if err != nil {
		return sheet, err
	}
	for _, p := range places {
		place := feed.Seat{Seq: p.seq, ID: p.id, Mark: p.again}
		was, had := old[p.seq]
		is, shown := fresh[p.entry]
		switch {
		case p.gone > 0:
			v.Gone = append(v.Gone, feed.Tombstone{ID: p.id, At: moment(p.gone)})
		case shown:
			place.Row = is.row
			v.Entries = append(v.Entries, is.entry)
		case had:
			place.Row = p.teller
			e := was.thaw()
			e.Terms = e.Terms.Stricter(terms[p.teller])
			v.Entries = append(v.Entries, e)
		}
		sheet.Places = append(sheet.Places, place)
	}
	slices.SortStableFunc(v.Entries, inSection)
	slices.SortStableFunc(v.Gone, func(a, b feed.Tombstone) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(a.ID, b.ID))
	})
	return sheet, nil
}

// links is the place of a page among the others of its archive.
func (t *tx) links(c *sectionView, d sheetOf) (feed.Chain, error) {
	chain := feed.Chain{Page: d.page, Part: d.part}
	var places, first int
	if _, err := t.one(`SELECT places, coalesce((SELECT min(page) FROM volumes WHERE section = sections.section), bound + 1)
		FROM sections WHERE section = ?`, list(c.id), &places, &first); err != nil {
		return chain, err
	}
	if d.page > first {
		chain.Older = d.page - 1
	}
	if d.part == 0 && (d.page+1)*pageSize <= places {
		chain.Newer = d.page + 1
	}
	return chain, nil
}

// volume is what a page was made of, by number of the place; nothing if it is to be
// made for the first time, or as another part.
func (t *tx) volume(section int64, d sheetOf) (map[int64]frozen, error) {
	var packed []byte
	found, err := t.one(`SELECT entries FROM volumes WHERE section = ? AND page = ? AND part = ?`,
		list(section, d.page, d.part), &packed)
	if err != nil || !found {
		return nil, err
	}
	var entries []frozen
	if err := unpack(packed, &entries); err != nil {
		return nil, err
	}
	out := make(map[int64]frozen, len(entries))
	for _, f := range entries {
		out[f.Seq] = f
	}
	return out, nil
}

// seat is a place of an archive as it is stored.
type seat struct {
	seq, entry, teller int64
	gone, again        int64
	id                 string
}

// places are those of a page, by number.
func (t *tx) places(section int64, d sheetOf) (out []seat, err error) {
	from := int64(d.page-1)*pageSize + 1
	to := from + pageSize - 1
	if d.part > 0 {
		to = from + int64(d.part) - 1
	}
	err = t.each(`SELECT q.seq, q.entry, coalesce(q.teller, 0), q.gone, q.again, e.id
		FROM sequence q JOIN entries e ON e.entry = q.entry
		WHERE q.section = ? AND q.seq BETWEEN ? AND ? ORDER BY q.seq`, list(section, from, to), func(s scan) error {
		var p seat
		err := s(&p.seq, &p.entry, &p.teller, &p.gone, &p.again, &p.id)
		out = append(out, p)
		return err
	})
	return out, err
}

// borneEntry is an entry as a section shows it.
type borneEntry struct {
	row   int64
	entry feed.Entry
}

// borne gives what a section shows under the ids of entries, by the row of the bearer,
// however much of the section is shown. What it does not show is left out.
func (t *tx) borne(c *sectionView, bearers []int64) (map[int64]borneEntry, error) {
	groups, err := t.groupsOf(bearers, c.Stories, c.Private != "")
	if err != nil {
		return nil, err
	}
	of := map[int64]int64{} // bearer, by who may be shown under its id
	for _, row := range bearers {
		group := groups[row]
		if group == nil {
			of[row] = row
		} else if bearer(group).entry == row {
			for _, m := range group {
				of[m.entry] = row
			}
		}
	}
	var candidates []int64
	for row := range of {
		candidates = append(candidates, row)
	}
	slices.Sort(candidates)
	var slots []slot
	for part := range slices.Chunk(candidates, batch) {
		if err := t.each(`SELECT entry, sort_at, published FROM members
			WHERE section + 0 = ? AND copy_of IS NULL AND entry IN (`+marks(len(part))+`)`, anys(part, c.id), func(s scan) error {
			var at slot
			err := s(&at.row, &at.sortAt, &at.published)
			slots = append(slots, at)
			return err
		}); err != nil {
			return nil, err
		}
	}
	entries, err := t.told(c, slots)
	if err != nil {
		return nil, err
	}
	byID := make(map[string]feed.Entry, len(entries))
	for _, e := range entries {
		byID[e.ID] = e
	}
	ids, err := t.idsOf(bearers)
	if err != nil {
		return nil, err
	}
	out := make(map[int64]borneEntry, len(slots))
	for _, at := range slots {
		row := of[at.row]
		if e, ok := byID[ids[row]]; ok {
			out[row] = borneEntry{at.row, e}
		}
	}
	return out, nil
}

// idsOf are the published ids of entries, by row.
func (t *tx) idsOf(rows []int64) (map[int64]string, error) {
	out := make(map[int64]string, len(rows))
	for part := range slices.Chunk(rows, batch) {
		if err := t.each(`SELECT entry, id FROM entries WHERE entry IN (`+marks(len(part))+`)`, anys(part), func(s scan) error {
			var row int64
			var id string
			err := s(&row, &id)
			out[row] = id
			return err
		}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Rest implements publish.Store.
func (s *Store) Rest(ctx context.Context, section string, shown []string) (sheet feed.Sheet, needed bool, err error) {
	err = s.read(ctx, "reading the end of an archive", func(t *tx) error {
		sheet, needed = feed.Sheet{}, false
		c, err := t.section(section)
		if err != nil {
			return err
		}
		var places int
		if _, err := t.one(`SELECT places FROM sections WHERE section = ?`, list(c.id), &places); err != nil {
			return err
		}
		d := sheetOf{page: places/pageSize + 1, part: places % pageSize}
		if d.part == 0 {
			return nil
		}
		has := make(map[string]bool, len(shown))
		for _, id := range shown {
			has[id] = true
		}
		seats, err := t.places(c.id, d)
		if err != nil {
			return err
		}
		var hidden []int64
		for _, p := range seats {
			if p.gone == 0 && !has[p.id] {
				hidden = append(hidden, p.entry)
			}
		}
		borne, err := t.borne(c, hidden)
		if err != nil || len(borne) == 0 {
			return err
		}
		needed = true
		if sheet.Made, err = t.made(c.id, d); err != nil {
			return err
		}
		if sheet.Made {
			sheet.View.Section, sheet.View.Chain = c.Section, feed.Chain{Page: d.page, Part: d.part}
			return nil
		}
		sheet, err = t.sheet(c, d)
		return err
	})
	return sheet, needed, err
}

// made tells whether a part of a page is stored.
func (t *tx) made(section int64, d sheetOf) (bool, error) {
	var one int
	return t.one(`SELECT 1 FROM volumes WHERE section = ? AND page = ? AND part = ?`,
		list(section, d.page, d.part), &one)
}
