package store

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"broadsheet/feed"
	"broadsheet/feed/search"
)

const (
	// indexBatch is how many entries that were stored before are indexed in one
	// transaction, so that a poll that waits for the store does not notice.
	indexBatch = 50
	// searchReach is how many of the newest entries are looked through by a search that
	// may cost as much as is looked through: one for phrases of common words, or without
	// others. What has a word that is not common is found however old.
	searchReach = 100_000
	// reachStep is by how much the reach may be longer, so that where it ends is
	// worked out now and then and not for each article.
	reachStep = searchReach / 10
)

// entered is an entry that is to be put into the index.
type entered struct {
	row   int64 // in the index
	words string
}

// words are what an entry is found by, but for what it is.
func words(e feed.Entry) string { return strings.Join(search.Words(e), " ") }

// found notes what an entry is found by from now on.
func (d *desk) found(a draft, old *row, sections []int64) {
	labels := search.Labels(a.Entry, d.source, sections)
	d.entered[a.Row] = entered{foundRow(a.Row, old.sortAt), a.found + " " + strings.Join(labels, " ")}
}

// enterAll writes what was noted: in the order of the index's rows, which makes one piece
// of it and not one for each entry.
func (d *desk) enterAll() error {
	rows := slices.SortedFunc(maps.Values(d.entered), func(a, b entered) int {
		if a.row < b.row {
			return -1
		}
		return 1
	})
	for _, e := range rows {
		if err := d.tx.enter(e.row, e.words); err != nil {
			return fmt.Errorf("indexing: %w", err)
		}
	}
	clear(d.entered)
	return nil
}

// unfound takes entries, no more than a batch of them, out of the index.
func (t *tx) unfound(rows []int64) error {
	var gone []int64
	if err := t.each(`SELECT entry, sort_at FROM entries WHERE entry IN (`+marks(len(rows))+`)`, anys(rows),
		func(s scan) error {
			var entry, sortAt int64
			err := s(&entry, &sortAt)
			gone = append(gone, foundRow(entry, sortAt))
			return err
		}); err != nil {
		return err
	}
	for _, row := range gone {
		if err := t.unword(row); err != nil {
			return err
		}
	}
	return nil
}

// searching has all that is stored indexed anew in the background if that was never
// done, or in another way. What is written from now on is indexed at once.
func (y *syncing) searching() error {
	_, err := y.tx.exec(`UPDATE searching SET version = ?, below = (SELECT coalesce(max(entry), 0) + 1 FROM entries)
		WHERE version <> ?`, search.Version, search.Version)
	return err
}

// Index puts what was stored before there was an index, or was indexed in another way,
// into it: the latest entries first, in batches. It returns how many it indexed. Stopping
// it costs nothing; the next call goes on. Where all is indexed it costs next to nothing.
func (s *Store) Index(ctx context.Context) (indexed int, err error) {
	for {
		n, more, err := s.indexSome(ctx)
		indexed += n
		if err != nil {
			return indexed, err
		}
		if !more {
			return indexed, s.endReach(ctx)
		}
	}
}

// Unindexed is how many stored entries cannot be searched yet (Index).
func (s *Store) Unindexed(ctx context.Context) (n int, err error) {
	err = s.read(ctx, "measuring the index", func(t *tx) error {
		var version string
		var below int64
		if _, err := t.one(`SELECT version, below FROM searching`, nil, &version, &below); err != nil {
			return err
		}
		if version != search.Version {
			below = math.MaxInt64 // no configuration was written since
		}
		_, err := t.one(`SELECT count(*) FROM bodies WHERE entry < ?`, list(below), &n)
		return err
	})
	return n, err
}

// unindexed is an entry that is still to be indexed.
type unindexed struct {
	entry, revision, sortAt, source int64
	fields                          feed.Entry
	words                           string
}

// indexSome indexes one batch; more is false if there was none.
func (s *Store) indexSome(ctx context.Context) (n int, more bool, err error) {
	var some []unindexed
	var below int64
	err = s.read(ctx, "looking for what is not indexed", func(t *tx) (err error) {
		below, some, err = t.unindexed()
		return err
	})
	if err != nil || below == 0 {
		return 0, false, err
	}
	for i := range some {
		some[i].words = words(some[i].fields)
	}
	err = s.write(ctx, "indexing what is stored", func(t *tx) error {
		n = 0
		var now int64
		if _, err := t.one(`SELECT below FROM searching`, nil, &now); err != nil || now != below {
			return err // another process did this batch
		}
		next := int64(0)
		for _, u := range some {
			next = u.entry
			done, err := t.indexOld(u)
			if err != nil {
				return err
			}
			if done {
				n++
			}
		}
		_, err := t.exec(`UPDATE searching SET below = ?`, next)
		return err
	})
	return n, err == nil, err
}

// unindexed are the next entries to be indexed, those before below; 0 if there is none.
func (t *tx) unindexed() (below int64, some []unindexed, err error) {
	if _, err := t.one(`SELECT below FROM searching`, nil, &below); err != nil || below == 0 {
		return 0, nil, err
	}
	return below, some, t.each(`SELECT e.entry, e.revision, e.sort_at, e.source, b.body FROM entries e
		JOIN bodies b ON b.entry = e.entry WHERE e.entry < ? ORDER BY e.entry DESC LIMIT ?`, list(below, indexBatch),
		func(s scan) error {
			var u unindexed
			var body []byte
			if err := s(&u.entry, &u.revision, &u.sortAt, &u.source, &body); err != nil {
				return err
			}
			err := unpack(body, &u.fields)
			some = append(some, u)
			return err
		})
}

// indexOld indexes an entry unless it was written meanwhile, and so indexed.
func (t *tx) indexOld(u unindexed) (done bool, err error) {
	var one int
	same, err := t.one(`SELECT 1 FROM entries WHERE entry = ? AND revision = ? AND stamp IS NOT NULL`,
		list(u.entry, u.revision), &one)
	if err != nil || !same {
		return false, err
	}
	sections, err := t.rows(`SELECT section FROM members WHERE entry = ? ORDER BY section`, u.entry)
	if err != nil {
		return false, err
	}
	labels := search.Labels(u.fields, u.source, sections)
	return true, t.enter(foundRow(u.entry, u.sortAt), u.words+" "+strings.Join(labels, " "))
}

// endReach works out where the reach of costly searches ends, if much came since that
// was done.
func (s *Store) endReach(ctx context.Context) error {
	var newest, floored, entry, sortAt int64
	err := s.read(ctx, "measuring the index", func(t *tx) error {
		if _, err := t.one(`SELECT coalesce(max(entry), 0) FROM entries`, nil, &newest); err != nil {
			return err
		}
		if _, err := t.one(`SELECT floored FROM searching`, nil, &floored); err != nil {
			return err
		}
		if newest < max(floored+reachStep, searchReach) {
			return nil
		}
		_, err := t.one(`SELECT entry, sort_at FROM entries WHERE stamp IS NOT NULL ORDER BY sort_at DESC LIMIT 1 OFFSET ?`,
			list(searchReach), &entry, &sortAt)
		return err
	})
	if err != nil || newest < max(floored+reachStep, searchReach) || entry == 0 {
		return err
	}
	return s.write(ctx, "measuring the index", func(t *tx) error {
		_, err := t.exec(`UPDATE searching SET floor = ?, floored = ?`, foundRow(0, sortAt), newest)
		return err
	})
}
