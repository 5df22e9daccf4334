package store

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"slices"
	"strings"

	"broadsheet/feed"
)

// addressSize is how many letters an entry's address has: 100 bits, so that no source
// makes two ids of one address.
const addressSize = 20

// addressOf is the name of the page of the entry with a published id. It follows from
// the id alone, so that it is the same in every store and after every move.
func addressOf(id string) string {
	sum := sha256.Sum256([]byte(id))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:]))[:addressSize]
}

// address fills in the names of entries' own pages.
func address(entries []feed.Entry) {
	for i := range entries {
		entries[i].Address = addressOf(entries[i].ID)
	}
}

// nameArticles writes the addresses of entries that documents or archives have now, by id. An address that
// is taken stays with whom it belongs to.
func (t *tx) nameArticles(ids []string) error {
	for part := range slices.Chunk(ids, batch) {
		var fresh []string
		if err := t.each(`SELECT id FROM entries WHERE address IS NULL AND id IN (`+marks(len(part))+`)`, anys(part),
			func(s scan) error {
				var id string
				err := s(&id)
				fresh = append(fresh, id)
				return err
			}); err != nil {
			return err
		}
		for _, id := range fresh {
			if _, err := t.exec(`UPDATE OR IGNORE entries SET address = ? WHERE id = ?`, addressOf(id), id); err != nil {
				return err
			}
		}
	}
	return nil
}

// Article gives the article whose own page has an address, as the section shows it that
// allows most of it: a view of that section with this one entry. private is the
// unguessable part of a private section's address, in which alone it is looked for then;
// it is empty for public sections. The view has no entry if no such section has the
// article now; it has a tombstone then if the article was taken back.
func (s *Store) Article(ctx context.Context, address, private string) (feed.View, error) {
	var view feed.View
	err := s.read(ctx, "reading an article", func(t *tx) (err error) {
		view, err = t.article(address, private)
		return err
	})
	return view, err
}

func (t *tx) article(address, private string) (v feed.View, err error) {
	var row, since int64
	var id string
	found, err := t.one(`SELECT entry, id FROM entries WHERE address = ?`, list(address), &row, &id)
	if err != nil || !found {
		return v, err
	}
	sections, err := t.sections()
	if err != nil {
		return v, err
	}
	rows, err := t.storyRows(row)
	if err != nil {
		return v, err
	}
	for _, c := range sections {
		if c.Name == feed.WholePaper || c.Private != private {
			continue
		}
		e, at, err := t.standsIn(c, rows, address)
		if err != nil {
			return v, err
		}
		if !at || len(v.Entries) > 0 && !c.Terms.Looser(v.Section.Terms) {
			continue
		}
		v.Section, v.Version, v.Entries = c.Section, c.version, []feed.Entry{e}
		v.Modified, v.Created = moment(c.modified), moment(c.created)
	}
	if v.Site, err = t.site(); err != nil {
		return v, err
	}
	if len(v.Entries) > 0 {
		v.ID = feed.Mint(v.Site.ID, v.Section.FirstName)
		v.Index, err = t.index(sections, false)
		return v, err
	}
	back, err := t.one(`SELECT coalesce((SELECT n.since FROM standings n WHERE n.entry = e.entry AND n.standing = ?),
		(SELECT k.since FROM takedowns k WHERE k.entry = e.entry), e.first_seen)
		FROM entries e JOIN sources o ON o.source = e.source WHERE e.entry = ? AND (`+down+`
		OR EXISTS (SELECT 1 FROM standings n WHERE n.entry = e.entry AND n.standing = ?))`,
		list(feed.Withdrawn, row, feed.Withdrawn), &since)
	if back {
		v.Gone = []feed.Tombstone{{ID: id, At: moment(since)}}
	}
	return v, err
}

// storyRows are the entries that may stand for one in a section, itself among them.
func (t *tx) storyRows(row int64) ([]int64, error) {
	groups, err := t.groupsOf([]int64{row}, feed.StoriesOn, true)
	if err != nil || groups[row] == nil {
		return []int64{row}, err
	}
	var rows []int64
	for _, m := range groups[row] {
		rows = append(rows, m.entry)
	}
	return rows, nil
}

// standsIn gives the entry that a section shows, or would if it were new enough, under
// the id with an address.
func (t *tx) standsIn(c *sectionView, rows []int64, address string) (e feed.Entry, found bool, err error) {
	var slots []slot
	if err := t.each(`SELECT entry, sort_at, published FROM members WHERE section = ? AND copy_of IS NULL
		AND entry IN (`+marks(len(rows))+`)`, anys(rows, c.id), func(s scan) error {
		var at slot
		err := s(&at.row, &at.sortAt, &at.published)
		slots = append(slots, at)
		return err
	}); err != nil || len(slots) == 0 {
		return e, false, err
	}
	entries, err := t.told(c, slots)
	if err != nil {
		return e, false, err
	}
	for _, e := range entries {
		if e.Address == address && e.Title != "" { // without a title its body was pruned
			return e, true, nil
		}
	}
	return e, false, nil
}
