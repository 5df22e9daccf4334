package store

import (
	"context"
	"strings"

	"broadsheet/feed"
)

// Find gives entries that query means, the newest first: those with this published
// id, original id or key (guid, link in its canonical form, text hash), else those
// with all of its words in their titles, whatever their case and accents.
func (s *Store) Find(ctx context.Context, query string, limit int) ([]feed.Stored, error) {
	var found []feed.Stored
	err := s.read(ctx, "looking for an entry", func(t *tx) error {
		rows, err := t.named(query, limit)
		if err == nil && len(rows) == 0 {
			rows, err = t.titled(fold(query), limit)
		}
		if err == nil {
			found, err = t.load(rows)
		}
		return err
	})
	return found, err
}

// nameLimit is how many sources may have an article of one name.
const nameLimit = 1000

// Named gives the entries with exactly this published id, original id or key, of
// whatever source.
func (s *Store) Named(ctx context.Context, name string) (found []feed.Stored, err error) {
	err = s.read(ctx, "looking for an entry", func(t *tx) error {
		rows, err := t.named(name, nameLimit)
		if err == nil {
			found, err = t.load(rows)
		}
		return err
	})
	return found, err
}

// named finds entries by an id or a key. Keys are looked up source by source, as
// they are indexed.
func (t *tx) named(query string, limit int) ([]int64, error) {
	return t.rows(`SELECT e.entry FROM entries e WHERE e.id = ? OR e.original = ? OR e.entry IN
		(SELECT k.entry FROM sources o CROSS JOIN keys k WHERE k.source = o.source
			AND k.kind IN (?, ?, ?) AND k.value = ?)
		ORDER BY e.sort_at DESC, e.entry DESC LIMIT ?`,
		query, query, feed.KeyGUID, feed.KeyLink, feed.KeyText, query, limit)
}

// titled finds entries by words of their titles.
func (t *tx) titled(words string, limit int) ([]int64, error) {
	where, args := []string{"e.stamp IS NOT NULL"}, []any{}
	quote := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
	for word := range strings.FieldsSeq(words) {
		where = append(where, `e.words LIKE ? ESCAPE '\'`)
		args = append(args, "%"+quote.Replace(word)+"%")
	}
	if len(args) == 0 {
		return nil, nil
	}
	return t.rows(`SELECT e.entry FROM entries e WHERE `+strings.Join(where, " AND ")+
		` ORDER BY e.sort_at DESC, e.entry DESC LIMIT ?`, append(args, limit)...)
}

// rows lists what a query of one column gives.
func (t *tx) rows(query string, args ...any) (rows []int64, err error) {
	err = t.each(query, args, func(s scan) error {
		var row int64
		err := s(&row)
		rows = append(rows, row)
		return err
	})
	return rows, err
}
