package store

import (
	"slices"
	"strings"

	"broadsheet/feed/search"
)

// All that is SQLite's own about the index of words is in this file.

// foundBits are those of an index row's number that are the entry's: two thousand
// million of them. The rest is its place, in seconds, so that the order of the numbers
// is that of a section.
const foundBits = 31

const (
	foundEntry = 1<<foundBits - 1
	foundPlace = 1<<(63-foundBits) - 1 // seconds to either side of 1970: 136 years
)

// foundRow is the number of an entry's row in the index. sortAt, in microseconds, is its
// own, which never moves, whatever the place of its story.
func foundRow(entry, sortAt int64) int64 {
	const second = 1_000_000
	seconds := min(max(sortAt/second, -foundPlace), foundPlace)
	return seconds<<foundBits | entry&foundEntry
}

// enter puts the words of an entry into the index, in the place of those it had.
func (t *tx) enter(row int64, words string) error {
	if err := t.unword(row); err != nil {
		return err
	}
	_, err := t.exec(`INSERT INTO search (rowid, words) VALUES (?, ?)`, row, words)
	return err
}

// unword takes an entry's words out of the index.
func (t *tx) unword(row int64) error {
	_, err := t.exec(`DELETE FROM search WHERE rowid = ?`, row)
	return err
}

// foundRows selects the newest rows of the index that match, no more than a number of
// them, from a row on: as entry, and as place for their order.
const foundRows = `SELECT rowid AS place, rowid & 2147483647 AS entry FROM search
	WHERE search MATCH ? AND rowid >= ? ORDER BY rowid DESC LIMIT ?`

// matching writes what is asked for as FTS5 wants it: everything quoted, so that nothing
// in a query is a word of its language. There is a label at least.
func matching(labels []string, q search.Query) string {
	var b strings.Builder
	list := func(phrases []search.Phrase, between string) {
		for i, p := range phrases {
			if i > 0 {
				b.WriteString(between)
			}
			b.WriteString(`"` + strings.Join(p.Words, " ") + `"`)
			if p.Stem {
				b.WriteString(" *")
			}
		}
	}
	var need []search.Phrase
	for _, l := range labels {
		need = append(need, search.Phrase{Words: []string{l}})
	}
	b.WriteByte('(')
	list(slices.Concat(need, q.Need), " AND ")
	b.WriteByte(')')
	if len(q.Bar) > 0 {
		b.WriteString(" NOT (")
		list(q.Bar, " OR ")
		b.WriteByte(')')
	}
	return b.String()
}
