package store_test

import (
	"database/sql"
	"testing"

	"broadsheet/feed/store"
)

// Shares are counted by the source of each member, which older stores did not note.
func TestAnOlderStoreKnowsWhoseItsMembersAre(t *testing.T) {
	path, db := olderStore(t, 4)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	change(t, path, `INSERT INTO sources (source, name, first_name, ord, active, paused, title, link, image, language, recipe)
		VALUES (7, 'gulf', 'gulf', 0, 1, 0, 'Gulf', '', '', '', '')`)
	change(t, path, `INSERT INTO sections (section, name, first_name, ord, active, title, description, image, max_entries,
		max_age, min_entries, created, modified, version, published, horizon)
		VALUES (3, 'world', 'world', 0, 1, 'World', '', '', 10, 0, 0, 0, 0, 1, 1, 0)`)
	change(t, path, `INSERT INTO entries (entry, source, revision, id, original, first_poll, undated, published, updated,
		first_seen, sort_at, words) VALUES (1, 7, 1, 'urn:one', 'one', 1, 0, 5, 5, 5, 5, 'one')`)
	change(t, path, `INSERT INTO members (entry, section, sort_at, published, why) VALUES (1, 3, 5, 5, 'x')`)
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if db, err = sql.Open("sqlite", path); err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var source int64
	var squeezed bool
	if err := db.QueryRow(`SELECT source, squeezed FROM members WHERE entry = 1`).Scan(&source, &squeezed); err != nil ||
		source != 7 || squeezed {
		t.Errorf("it is of source %d, squeezed out: %v, %v", source, squeezed, err)
	}
}
