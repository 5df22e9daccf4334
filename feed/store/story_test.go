package store_test

import (
	"database/sql"
	"path/filepath"
	"testing"
	"time"

	"broadsheet/feed"
	"broadsheet/feed/store"
)

// twoCopies are the arrivals of one article at two sources of paper(3).
func twoCopies() (arrivals []feed.Arrival) {
	for _, source := range []string{"source-0", "source-1"} {
		e := invented(1)
		e.Link = "https://" + source + ".example/1"
		arrivals = append(arrivals, feed.Arrival{IDs: []string{e.Link}, Original: e.Link, Entry: e, Made: "recipe-1", Routed: "rules-1",
			Keys: []feed.Key{{Kind: feed.KeyGUID, Value: e.Link}}, Members: []feed.Membership{{Section: "all", Why: "a rule"}}})
	}
	return arrivals
}

// shownIn are the ids that a section shows.
func shownIn(t *testing.T, s *store.Store, section string) (ids []string) {
	t.Helper()
	v, err := s.View(t.Context(), section)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range v.Entries {
		ids = append(ids, e.ID)
	}
	return ids
}

// bring stores arrivals, one of each source.
func bring(t *testing.T, s *store.Store, arrivals []feed.Arrival) {
	t.Helper()
	for i, a := range arrivals {
		source := []string{"source-0", "source-1"}[i]
		c, ok, err := s.Claim(t.Context(), day, feed.Ask{DueBy: day, Sources: []string{source}, Until: day.Add(time.Minute)})
		if err != nil || !ok {
			t.Fatal("no feed", err)
		}
		if _, err := s.Finish(t.Context(), day, feed.Report{Claim: c, Started: day, State: feed.StateOK, Status: feed.Changed,
			Next: day, HostFree: day, Arrivals: []feed.Arrival{a}}); err != nil {
			t.Fatal(err)
		}
	}
}

// makeAnew makes all outdated entries again as they are, one at a time, and calls
// after after each.
func makeAnew(t *testing.T, s *store.Store, rules string, after func(left int)) {
	t.Helper()
	all, err := s.Outdated(t.Context(), 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for i, old := range all {
		if _, err := s.Remake(t.Context(), day, []feed.Arrival{{Row: old.Row, Revision: old.Revision, Original: old.Original, Entry: old.Entry,
			Members: []feed.Membership{{Section: "all", Why: "a rule"}}, Made: old.Made, Routed: rules}}); err != nil {
			t.Fatal(err)
		}
		after(len(all) - 1 - i)
	}
}

// TestTheStoriesOfAnOlderStoreAreFoundInTheBackground: its entries have no sketches, and
// are outdated because the version of stories is part of the rules'.
func TestTheStoriesOfAnOlderStoreAreFoundInTheBackground(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paper.db")
	s := open(t, path)
	p := paper(3)
	for i := range p.Outlets {
		p.Outlets[i].Feeds[0].Host = p.Outlets[i].Name + ".example"
	}
	if _, err := s.Sync(t.Context(), day, p); err != nil {
		t.Fatal(err)
	}
	bring(t, s, twoCopies())
	for _, statement := range []string{ // as the migration leaves a store
		`DELETE FROM marks`, `DELETE FROM ties`, `DELETE FROM sketches`, `UPDATE site SET sketched = ''`,
		`UPDATE entries SET story = NULL, issued = first_seen`, `UPDATE members SET copy_of = NULL`,
	} {
		change(t, path, statement)
	}
	p.Rules = "rules-2"
	if _, err := s.Sync(t.Context(), day, p); err != nil {
		t.Fatal(err)
	}
	if ids := shownIn(t, s, "all"); len(ids) != 2 {
		t.Errorf("before, it shows %v", ids)
	}
	makeAnew(t, s, p.Rules, func(int) {})
	if ids := shownIn(t, s, "all"); len(ids) != 1 || ids[0] != "https://source-0.example/1" {
		t.Errorf("it shows %v", ids)
	}
}

// TestAnotherWayToSketchTakesNoStoryApart: the old sketches cannot be read any more, and
// until all of a story are drawn anew it stays as it is.
func TestAnotherWayToSketchTakesNoStoryApart(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paper.db")
	s := open(t, path)
	p := paper(3)
	for i := range p.Outlets {
		p.Outlets[i].Feeds[0].Host = p.Outlets[i].Name + ".example"
	}
	if _, err := s.Sync(t.Context(), day, p); err != nil {
		t.Fatal(err)
	}
	bring(t, s, twoCopies())
	change(t, path, `UPDATE site SET sketched = 'another'`)
	change(t, path, `UPDATE sketches SET sketch = x'00', version = 'another'`)
	change(t, path, `INSERT INTO marks (mark, entry) VALUES (1, 1)`)
	p.Rules = "rules-2"
	if _, err := s.Sync(t.Context(), day, p); err != nil {
		t.Fatal(err)
	}
	if ids := shownIn(t, s, "all"); len(ids) != 1 {
		t.Errorf("before, it shows %v", ids)
	}
	makeAnew(t, s, p.Rules, func(left int) {
		if ids := shownIn(t, s, "all"); len(ids) != 1 {
			t.Errorf("with %d left it shows %v", left, ids)
		}
	})
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var marks, stray, sketches, ties int
	if err := db.QueryRow(`SELECT (SELECT count(*) FROM marks), (SELECT count(*) FROM marks WHERE mark = 1), (SELECT count(*) FROM sketches), (SELECT count(*) FROM ties)`).Scan(&marks, &stray, &sketches, &ties); err != nil ||
		marks < 2 || stray != 0 || sketches != 2 || ties != 2 {
		t.Errorf("%d marks, %d sketches, %d ties, %v", marks, sketches, ties, err)
	}
}

// TestIdsThatAnOlderStoreMayHavePublishedAreKnownForThat: those of entries that stood in
// sections, in the order in which they came.
func TestIdsThatAnOlderStoreMayHavePublishedAreKnownForThat(t *testing.T) {
	path, db := olderStore(t, 2)
	for _, statement := range []string{
		`INSERT INTO sources (name, first_name, ord, active, paused, title, link, image, language, recipe)
			VALUES ('gulf', 'gulf', 0, 1, 0, 'Gulf', '', '', '', '')`,
		`INSERT INTO sections (name, first_name, ord, active, title, description, image, max_entries, max_age, min_entries, created,
			modified, version, published, horizon) VALUES ('world', 'world', 0, 1, '', '', '', 0, 0, 0, 0, 0, 1, 1, 0)`,
		`INSERT INTO entries (source, revision, id, original, first_poll, undated, published, updated, first_seen, sort_at, words)
			VALUES (1, 1, 'urn:a', 'a', 0, 0, 1, 1, 7, 1, ''), (1, 1, 'urn:b', 'b', 0, 0, 1, 1, 8, 1, '')`,
		`INSERT INTO members (entry, section, sort_at, published, why) VALUES (1, 1, 1, 1, '')`,
	} {
		if _, err := db.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	open(t, path)
	var a, b sql.NullInt64
	if err := db.QueryRow(`SELECT (SELECT issued FROM entries WHERE id = 'urn:a'), (SELECT issued FROM entries WHERE id = 'urn:b')`).Scan(&a, &b); err != nil ||
		a.Int64 != 7 || b.Valid {
		t.Errorf("%v and %v, %v", a, b, err)
	}
	if err := db.Close(); err != nil {
		t.Error(err)
	}
}
