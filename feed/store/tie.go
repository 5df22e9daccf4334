package store

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
	"strings"

	"broadsheet/feed/story"
)

const (
	// markReach is how many of the newest entries with one mark are looked at, so that
	// a mark that very many have (a notice below every text) costs no more than others,
	// and copies are found though one source repeats the article some hundred times.
	markReach = 256
	// maxPeers is how many entries with marks of a new one it is compared with, those
	// that share most first, and maxOfSource how many of one source, so that there is
	// room for those of others.
	maxPeers    = 32
	maxOfSource = 2
)

// peer is an entry that another one is compared with.
type peer struct {
	entry, source, story int64
	sketch               story.Sketch
}

// sketch writes what an entry is compared by, if that changed, and finds out which
// others are the same article. It costs the same however many are stored.
func (t *tx) sketch(entry, source int64, d draft) error {
	var old []byte
	found, err := t.one(`SELECT sketch FROM sketches WHERE entry = ? AND version = ?`, list(entry, story.Version), &old)
	if err != nil || found && bytes.Equal(old, d.packed) {
		return err
	}
	if found {
		if err := t.unmark([]int64{entry}, false); err != nil {
			return err
		}
	}
	if err := t.mark(entry, d.sketch.Marks()); err != nil {
		return err
	}
	if _, err := t.exec(`INSERT INTO sketches (entry, drawn, version, marked, original, length, sketch)
		VALUES (?, (SELECT first_seen FROM entries WHERE entry = ?), ?, 1, ?, ?, ?)
		ON CONFLICT (entry) DO UPDATE SET version = excluded.version, marked = 1, original = excluded.original,
		length = excluded.length, sketch = excluded.sketch`,
		entry, entry, story.Version, d.sketch.Original, d.sketch.Length, d.packed); err != nil {
		return err
	}
	return t.tie(entry, source, d.sketch)
}

// mark puts marks of an entry into the index.
func (t *tx) mark(entry int64, of []uint64) error {
	if len(of) == 0 {
		return nil
	}
	var args []any
	for _, m := range of {
		args = append(args, int64(m), entry)
	}
	_, err := t.exec(`INSERT INTO marks (mark, entry) VALUES (?, ?)`+strings.Repeat(`, (?, ?)`, len(of)-1)+
		` ON CONFLICT DO NOTHING`, args...)
	return err
}

// unmark takes the marks of entries, no more than a batch of them, out of the index;
// textOnly leaves those of their links there.
func (t *tx) unmark(rows []int64, textOnly bool) error {
	type mark struct {
		of    uint64
		entry int64
	}
	var gone []mark
	if err := t.each(`SELECT entry, sketch FROM sketches WHERE version = ? AND entry IN (`+marks(len(rows))+`)`,
		anys(rows, story.Version),
		func(s scan) error {
			var row int64
			var packed []byte
			if err := s(&row, &packed); err != nil {
				return err
			}
			sketch, err := story.Unpack(packed)
			for _, m := range sketch.Marks() {
				if !textOnly || m != sketch.LinkMark() {
					gone = append(gone, mark{m, row})
				}
			}
			return err
		}); err != nil {
		return err
	}
	for _, m := range gone {
		if _, err := t.exec(`DELETE FROM marks WHERE mark = ? AND entry = ?`, int64(m.of), m.entry); err != nil {
			return err
		}
	}
	return nil
}

// tie finds the entries that are the same article as one, and keeps what it finds.
// What was found before is looked at again, and what shares a story with any of
// that too, so that it does not matter in which order copies arrive.
func (t *tx) tie(entry, source int64, s story.Sketch) error {
	near, err := t.sharing(entry, s.Marks())
	if err != nil {
		return err
	}
	before, err := t.rows(`SELECT other FROM ties WHERE entry = ?`, entry)
	if err != nil {
		return err
	}
	tied := map[int64]bool{}
	seen := map[int64]bool{entry: true}
	for look := append(near, before...); len(look) > 0; {
		peers, err := t.peers(look, seen)
		if err != nil {
			return err
		}
		stories := map[int64]bool{}
		for _, p := range peers {
			match, why := story.Same(s, p.sketch, p.source == source)
			if match == story.No {
				continue
			}
			tied[p.entry], stories[p.story] = true, true
			if err := t.bind(entry, p.entry, match, why); err != nil {
				return err
			}
		}
		delete(stories, 0)
		if look, err = t.companions(slices.Sorted(maps.Keys(stories))); err != nil {
			return err
		}
	}
	for _, other := range before {
		if err := t.loosen(entry, other, tied[other]); err != nil {
			return err
		}
	}
	return nil
}

// bind keeps that two entries are the same article.
func (t *tx) bind(entry, other int64, m story.Match, why string) error {
	for _, pair := range [][2]int64{{entry, other}, {other, entry}} {
		if _, err := t.exec(`INSERT INTO ties (entry, other, link, why) VALUES (?, ?, ?, ?)
			ON CONFLICT (entry, other) DO UPDATE SET link = excluded.link, why = excluded.why`,
			pair[0], pair[1], m == story.Link, why); err != nil {
			return err
		}
	}
	return nil
}

// loosen forgets that two entries are the same article if they are not any more. One
// that is still to be made anew is not judged by what it was: a better recipe
// takes no story apart on its way through the store.
func (t *tx) loosen(entry, other int64, still bool) error {
	if still {
		return nil
	}
	var one int
	if waits, err := t.one(`SELECT 1 FROM entries e WHERE e.entry = ? AND (e.stamp IN (`+stale+`)
		OR NOT EXISTS (SELECT 1 FROM sketches k WHERE k.entry = e.entry AND k.version = ?))`,
		list(other, story.Version), &one); err != nil || waits {
		return err
	}
	_, err := t.exec(`DELETE FROM ties WHERE (entry = ? AND other = ?) OR (entry = ? AND other = ?)`,
		entry, other, other, entry)
	return err
}

// sharing are the entries that share marks with one, those that share most first,
// then the newest.
func (t *tx) sharing(entry int64, of []uint64) ([]int64, error) {
	type sharer struct {
		entry, source int64
		marks         int
	}
	var all []sharer
	if len(of) == 0 {
		return nil, nil
	}
	const newest = `SELECT entry FROM (SELECT entry FROM marks WHERE mark = ? ORDER BY entry DESC LIMIT ?)`
	var args []any
	for _, m := range of {
		args = append(args, int64(m), markReach)
	}
	if err := t.each(`SELECT m.entry, e.source, count(*) FROM (`+newest+strings.Repeat(` UNION ALL `+newest, len(of)-1)+
		`) m JOIN entries e ON e.entry = m.entry GROUP BY m.entry, e.source`, args, func(s scan) error {
		var found sharer
		err := s(&found.entry, &found.source, &found.marks)
		if found.entry != entry {
			all = append(all, found)
		}
		return err
	}); err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b sharer) int {
		return cmp.Or(cmp.Compare(b.marks, a.marks), cmp.Compare(b.entry, a.entry))
	})
	var out []int64
	had := map[int64]int{}
	for _, s := range all {
		if had[s.source]++; had[s.source] <= maxOfSource && len(out) < maxPeers {
			out = append(out, s.entry)
		}
	}
	return out, nil
}

// peers reads the sketches of entries that were not seen yet.
func (t *tx) peers(rows []int64, seen map[int64]bool) ([]peer, error) {
	var out []peer
	rows = slices.DeleteFunc(slices.Clone(rows), func(row int64) bool { return seen[row] })
	for part := range slices.Chunk(rows, batch) {
		if err := t.each(`SELECT k.entry, e.source, coalesce(e.story, 0), k.sketch FROM sketches k
			JOIN entries e ON e.entry = k.entry WHERE k.version = ? AND k.entry IN (`+marks(len(part))+`)`,
			anys(part, story.Version), func(s scan) error {
				var p peer
				var packed []byte
				err := s(&p.entry, &p.source, &p.story, &packed)
				if err == nil {
					p.sketch, err = story.Unpack(packed)
				}
				seen[p.entry] = true
				out = append(out, p)
				return err
			}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// companions are the entries of stories.
func (t *tx) companions(stories []int64) (rows []int64, err error) {
	for part := range slices.Chunk(stories, batch) {
		some, err := t.rows(`SELECT entry FROM entries WHERE story IN (`+marks(len(part))+`)`, anys(part)...)
		if err != nil {
			return nil, err
		}
		rows = append(rows, some...)
	}
	return rows, nil
}

// forget drops what entries are compared by. Their ties stay: what they are a copy of
// does not change with them.
func (t *tx) forget(rows []int64) error {
	if err := t.unmark(rows, false); err != nil {
		return err
	}
	_, err := t.exec(`DELETE FROM sketches WHERE entry IN (`+marks(len(rows))+`)`, anys(rows)...)
	return err
}
