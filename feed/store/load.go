package store

import (
	"context"
	"fmt"
	"slices"

	"broadsheet/feed"
)

// Known implements worker.Archive.
func (s *Store) Known(ctx context.Context, claim feed.Claim, keys []feed.Key) (
	map[feed.Key]feed.Known, error) {
	byKind := map[feed.KeyKind][]string{}
	for _, k := range keys {
		byKind[k.Kind] = append(byKind[k.Kind], k.Value)
	}
	var known map[feed.Key]feed.Known
	err := s.read(ctx, "looking keys up", func(t *tx) error {
		known = make(map[feed.Key]feed.Known, len(keys))
		for kind, values := range byKind {
			for part := range slices.Chunk(values, batch) {
				if err := t.known(claim.Row, kind, part, known); err != nil {
					return err
				}
			}
		}
		return nil
	})
	return known, err
}

func (t *tx) known(sub int64, kind feed.KeyKind, values []string,
	into map[feed.Key]feed.Known) error {
	return t.each(`SELECT k.value, coalesce(k.entry, 0), k.shared, coalesce(g.hash, '')
		FROM keys k LEFT JOIN sightings g ON g.entry = k.entry AND g.sub = ?
		WHERE k.source = (SELECT source FROM subscriptions WHERE sub = ?) AND k.kind = ?
		AND k.value IN (`+marks(len(values))+`)`, anys(values, sub, sub, kind),
		func(s scan) error {
			key := feed.Key{Kind: kind}
			var k feed.Known
			err := s(&key.Value, &k.Entry, &k.Shared, &k.Hash)
			k.Retired = k.Entry == 0
			into[key] = k
			return err
		})
}

// Load implements worker.Archive. Of an entry whose body was pruned there are the
// columns alone: ids, dates and the source.
func (s *Store) Load(ctx context.Context, rows []int64) ([]feed.Stored, error) {
	var out []feed.Stored
	err := s.read(ctx, "reading entries", func(t *tx) (err error) {
		out, err = t.load(rows)
		return err
	})
	return out, err
}

// load gives entries with all that belongs to them, in the order asked.
func (t *tx) load(rows []int64) ([]feed.Stored, error) {
	byRow := make(map[int64]*feed.Stored, len(rows))
	for part := range slices.Chunk(rows, batch) {
		for _, read := range []func([]int64, map[int64]*feed.Stored) error{
			t.loadEntries, t.loadSightings, t.loadMembers, t.loadApart, t.loadDown, t.loadPages, t.loadStories,
		} {
			if err := read(part, byRow); err != nil {
				return nil, err
			}
		}
	}
	return inOrder(rows, byRow, func(s *feed.Stored) feed.Stored { return *s }), nil
}

// entries gives what is published of entries, in the order asked.
func (t *tx) entries(rows []int64) ([]feed.Entry, error) {
	byRow := make(map[int64]*feed.Stored, len(rows))
	for part := range slices.Chunk(rows, batch) {
		if err := t.loadEntries(part, byRow); err != nil {
			return nil, err
		}
		if err := t.loadFeeds(part, byRow); err != nil {
			return nil, err
		}
	}
	return inOrder(rows, byRow, func(s *feed.Stored) feed.Entry { return s.Entry }), nil
}

// inOrder lists what was found in the order of rows.
func inOrder[T any](rows []int64, found map[int64]*feed.Stored, as func(*feed.Stored) T) []T {
	out := make([]T, 0, len(rows))
	for _, row := range rows {
		if s := found[row]; s != nil {
			out = append(out, as(s))
		}
	}
	return out
}

func (t *tx) loadEntries(rows []int64, into map[int64]*feed.Stored) error {
	return t.each(`SELECT e.entry, e.revision, e.id, e.original, e.first_poll, e.undated,
		e.published, e.updated, e.first_seen, e.sort_at, o.name, o.terms, o.noindex, coalesce(t.made, ''),
		coalesce(t.routed, ''), b.body
		FROM entries e JOIN sources o ON o.source = e.source
		LEFT JOIN stamps t ON t.stamp = e.stamp LEFT JOIN bodies b ON b.entry = e.entry
		WHERE e.entry IN (`+marks(len(rows))+`)`, anys(rows), func(s scan) error {
		st := &feed.Stored{}
		var id, source string
		var undated, noindex bool
		var terms feed.Terms
		var published, updated, seen, sortAt int64
		var body []byte
		if err := s(&st.Row, &st.Revision, &id, &st.Original, &st.FirstPoll, &undated,
			&published, &updated, &seen, &sortAt, &source, &terms, &noindex, &st.Made, &st.Routed, &body); err != nil {
			return err
		}
		if body != nil {
			if err := unpack(body, &st.Entry); err != nil {
				return fmt.Errorf("entry %d (%s): %w", st.Row, id, err)
			}
		}
		e := &st.Entry
		e.ID, e.Source, e.Undated = id, source, undated
		e.Published, e.Updated = moment(published), moment(updated)
		e.FirstSeen, e.SortAt = moment(seen), moment(sortAt)
		e.Terms, e.NoIndex = terms, noindex
		into[st.Row] = st
		return nil
	})
}

// sightingOrder is the order of an entry's sightings: the first one leads.
const sightingOrder = ` FROM sightings g JOIN subscriptions s ON s.sub = g.sub
	WHERE g.entry IN (%s) ORDER BY g.entry, g.seen, g.sub`

// loadFeeds fills in which feeds listed the entries.
func (t *tx) loadFeeds(rows []int64, into map[int64]*feed.Stored) error {
	return t.each(fmt.Sprintf(`SELECT g.entry, s.url`+sightingOrder, marks(len(rows))),
		anys(rows), func(s scan) error {
			var row int64
			var url string
			err := s(&row, &url)
			if st := into[row]; st != nil {
				st.Entry.Feeds = append(st.Entry.Feeds, url)
			}
			return err
		})
}

// loadSightings fills in what the entries were made of, and Feeds.
func (t *tx) loadSightings(rows []int64, into map[int64]*feed.Stored) error {
	return t.each(fmt.Sprintf(`SELECT g.entry, g.seen, s.url, g.item`+sightingOrder,
		marks(len(rows))), anys(rows), func(s scan) error {
		var row, seen int64
		var sighting feed.Sighting
		var item []byte
		if err := s(&row, &seen, &sighting.Feed, &item); err != nil {
			return err
		}
		st := into[row]
		if st == nil {
			return nil
		}
		st.Entry.Feeds = append(st.Entry.Feeds, sighting.Feed)
		if item == nil {
			return nil // pruned
		}
		sighting.Seen = moment(seen)
		if err := unpack(item, &sighting.Item); err != nil {
			return fmt.Errorf("entry %d (%s): %w", row, st.Entry.ID, err)
		}
		st.Sightings = append(st.Sightings, sighting)
		return nil
	})
}

func (t *tx) loadMembers(rows []int64, into map[int64]*feed.Stored) error {
	return t.each(`SELECT m.entry, c.name, m.why, m.squeezed, coalesce((SELECT o.name FROM entries l
		JOIN sources o ON o.source = l.source WHERE l.entry = m.copy_of), '') FROM members m
		JOIN sections c ON c.section = m.section WHERE c.name <> ? AND m.entry IN (`+
		marks(len(rows))+`) ORDER BY m.entry, c.ord`, anys(rows, feed.WholePaper),
		func(s scan) error {
			var row int64
			var m feed.Membership
			err := s(&row, &m.Section, &m.Why, &m.Squeezed, &m.Instead)
			if st := into[row]; st != nil {
				st.Members = append(st.Members, m)
			}
			return err
		})
}
