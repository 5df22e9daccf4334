package store_test

import (
	"bufio"
	"context"
	"database/sql"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"broadsheet/feed"
	"broadsheet/feed/store"
)

// indexer names the store that this process, started by a test, indexes until it is
// killed.
const indexer = "BROADSHEET_STORE_INDEXER"

// indexUntilKilled says when it begins.
func indexUntilKilled(path string) error {
	s, err := store.Open(context.Background(), path, store.Options{})
	if err != nil {
		return err
	}
	fmt.Println("indexing")
	_, err = s.Index(context.Background())
	fmt.Println("done")
	return err
}

// unindexedStore is a store of n articles as the migration leaves one: nothing is indexed.
func unindexedStore(t *testing.T, n int) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "paper.db")
	s := open(t, path)
	if _, err := s.Sync(t.Context(), day, paper(1)); err != nil {
		t.Fatal(err)
	}
	var all []feed.Arrival
	for i := range n {
		all = append(all, short(i))
	}
	poll(t, s, day, all)
	for _, statement := range []string{`INSERT INTO search (search) VALUES ('delete-all')`, `UPDATE searching SET version = ''`} {
		change(t, path, statement)
	}
	return path
}

// short is article n with a text of few words.
func short(n int) feed.Arrival {
	a := article(n)
	a.Entry.Content = feed.HTML(fmt.Sprintf("<p>Part %d of the tale of the ferry.</p>", n))
	return a
}

// hits is how many entries of the section all a query finds, at most 100.
func hits(t *testing.T, s *store.Store, query string) int {
	t.Helper()
	v, err := s.Select(t.Context(), "all", feed.Selection{Query: query}, 0)
	if err != nil {
		t.Fatal(err)
	}
	return len(v.Entries)
}

// sound checks that the index is well-formed.
func sound(t *testing.T, path string) {
	t.Helper()
	change(t, path, `INSERT INTO search (search) VALUES ('integrity-check')`)
}

func TestAnOlderStoreIsIndexedInTheBackground(t *testing.T) {
	path := unindexedStore(t, 120)
	s := open(t, path)
	if _, err := s.Sync(t.Context(), day, paper(1)); err != nil {
		t.Fatal(err)
	}
	if n, err := s.Unindexed(t.Context()); n != 120 || err != nil || hits(t, s, "ferry") != 0 {
		t.Fatalf("before, %d are not indexed (%v), and %d found", n, err, hits(t, s, "ferry"))
	}
	poll(t, s, day, []feed.Arrival{short(500)})
	if n := hits(t, s, "ferry"); n != 1 {
		t.Fatalf("%d are found, want what came since", n)
	}
	if n, err := s.Index(t.Context()); n != 120 || err != nil {
		t.Fatalf("%d indexed: %v", n, err)
	}
	if n := hits(t, s, "ferry"); n != 100 {
		t.Errorf("%d are found, want as many as are selected", n)
	}
	for i := range 120 {
		if n := hits(t, s, fmt.Sprintf(`"part %d of"`, i)); n != 1 {
			t.Errorf("article %d is found %d times", i, n)
		}
	}
	if n, err := s.Index(t.Context()); n != 0 || err != nil {
		t.Errorf("once more, %d indexed: %v", n, err)
	}
	sound(t, path)
}

func TestWhatIsWrittenBeforeItsTurnIsIndexedAsItIsNow(t *testing.T) {
	path := unindexedStore(t, 60)
	s := open(t, path)
	if _, err := s.Sync(t.Context(), day, paper(1)); err != nil {
		t.Fatal(err)
	}
	found, err := s.Find(t.Context(), short(3).Original, 1)
	if err != nil || len(found) != 1 {
		t.Fatal(found, err)
	}
	a := short(3)
	a.Row, a.Revision, a.Entry.Content = found[0].Row, found[0].Revision, "<p>The tram.</p>"
	poll(t, s, day, []feed.Arrival{a})
	if n := hits(t, s, "tram"); n != 1 {
		t.Errorf("before its turn, %d are found", n)
	}
	if _, err := s.Index(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n, old := hits(t, s, "tram"), hits(t, s, `"part 3 of"`); n != 1 || old != 0 {
		t.Errorf("%d are found by the new text, %d by the old one", n, old)
	}
	sound(t, path)
}

// TestIndexingSurvivesBeingKilled kills the process that indexes again and again.
func TestIndexingSurvivesBeingKilled(t *testing.T) {
	path := unindexedStore(t, 1500)
	s := open(t, path)
	if _, err := s.Sync(t.Context(), day, paper(1)); err != nil {
		t.Fatal(err)
	}
	left := func() (below int) {
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		if err := db.QueryRow(`SELECT below FROM searching`).Scan(&below); err != nil {
			t.Fatal(err)
		}
		return below
	}
	halves := 0
	for before := left(); halves < 3 && before > 0; {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
		cmd.Env = append(os.Environ(), indexer+"="+path)
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		bufio.NewScanner(out).Scan() // it began
		for left() == before {
		}
		if err := cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		cmd.Wait()
		sound(t, path)
		if before = left(); before > 0 {
			halves++
		}
	}
	if halves == 0 {
		t.Fatal("no process was killed in the middle")
	}
	if _, err := s.Index(t.Context()); err != nil {
		t.Fatal(err)
	}
	sound(t, path)
	for i := 0; i < 1500; i += 7 {
		if n := hits(t, s, fmt.Sprintf(`"part %d of"`, i)); n != 1 {
			t.Errorf("article %d is found %d times", i, n)
		}
	}
}

// TestCostlySearchesEndAtTheirReach: the store says where it is, for it lies beyond more
// articles than a test has.
func TestCostlySearchesEndAtTheirReach(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paper.db")
	s := open(t, path)
	if _, err := s.Sync(t.Context(), day, paper(1)); err != nil {
		t.Fatal(err)
	}
	poll(t, s, day, []feed.Arrival{short(0), short(1), short(2), short(3)}) // a minute apart
	// Some words are common: very many old articles have them.
	change(t, path, `WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < 3000)
		INSERT INTO search (rowid, words) SELECT -n, 'the ferry tale tram' FROM i`)
	change(t, path, fmt.Sprintf(`UPDATE searching SET floor = (%d << 31)`, day.Unix()-60))
	for query, want := range map[string]int{"ferry": 4, "ferry tale": 4, "3": 1, `"the ferry"`: 2, "ferry -tram": 2,
		`"tale of the ferry"`: 4, `"part 3 of the tale"`: 1, `"the ferry" 3`: 1, `"the ferry" nowhere`: 0} {
		if n := hits(t, s, query); n != want {
			t.Errorf("%s finds %d, want %d", query, n, want)
		}
	}
}

func TestStarsAreNotHeededInAVeryLargeStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paper.db")
	s := open(t, path)
	if _, err := s.Sync(t.Context(), day, paper(1)); err != nil {
		t.Fatal(err)
	}
	poll(t, s, day, []feed.Arrival{short(0)})
	if n := hits(t, s, "ferr*"); n != 1 {
		t.Errorf("%d found", n)
	}
	change(t, path, `UPDATE entries SET entry = 600000`)
	poll(t, s, day, []feed.Arrival{short(1)})
	if n := hits(t, s, "ferr*"); n != 0 {
		t.Errorf("%d found", n)
	}
}
