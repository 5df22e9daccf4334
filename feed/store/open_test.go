package store_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pressly/goose/v3"

	"broadsheet/feed"
	"broadsheet/feed/store"
)

func TestWhatIsNoStoreIsRefusedInPlainWordsAndLeftAsItIs(t *testing.T) {
	folder := t.TempDir()
	file := func(name, content string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	other := filepath.Join(folder, "other.db")
	change(t, other, `CREATE TABLE photos (name TEXT)`)
	newer := filepath.Join(folder, "newer.db")
	create(t, newer)
	change(t, newer, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`)
	for name, c := range map[string]struct {
		path    string
		create  bool
		message string
	}{
		"nothing there":        {filepath.Join(folder, "new.db"), false, "`broadsheet run` and `broadsheet once` make one"},
		"an empty file":        {file("empty.db", ""), false, "there is no store"},
		"a folder":             {folder, true, "is a folder"},
		"in no folder":         {filepath.Join(folder, "no", "x.db"), true, "there is no folder"},
		"not a database":       {file("text.db", strings.Repeat("hello ", 1000)), true, "not an SQLite database"},
		"another's database":   {other, true, "a database of something else"},
		"of a newer program":   {newer, true, "written by a newer version of broadsheet (its schema is number 99, this program knows up to "},
		"a PostgreSQL address": {"postgres://name:secret@db.example/paper", true, "PostgreSQL is not in this version"},
	} {
		t.Run(name, func(t *testing.T) {
			before, _ := os.ReadFile(c.path)
			s, err := store.Open(t.Context(), c.path, store.Options{Create: c.create})
			if err == nil {
				s.Close()
				t.Fatal("it was opened")
			}
			if !strings.Contains(err.Error(), c.message) || strings.Contains(err.Error(), "secret") {
				t.Fatalf("%q does not say %q", err, c.message)
			}
			if after, _ := os.ReadFile(c.path); !bytes.Equal(before, after) {
				t.Fatal("the file was changed")
			}
		})
	}
	if _, err := os.Stat(filepath.Join(folder, "new.db")); !errors.Is(err, os.ErrNotExist) {
		t.Fatal("a store was made that nobody asked for")
	}
}

// create makes a store at path and closes it again.
func create(t *testing.T, path string) {
	t.Helper()
	s, err := store.Open(t.Context(), path, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// change runs a statement on an SQLite file behind the store's back.
func change(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func TestAPathMayHaveAnyCharacters(t *testing.T) {
	path := filepath.Join(t.TempDir(), "what? 100% #1 & más.db")
	create(t, path)
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), path, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
}

func TestSeveralProcessesMayMakeTheSameStoreAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paper.db")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			s, err := store.Open(t.Context(), path, store.Options{Create: true})
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			if _, err := s.Sync(t.Context(), day, paper(3)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// hold takes the write lock of a store from outside until free is called.
func hold(t *testing.T, path string) (free func()) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	return func() { tx.Rollback(); db.Close() }
}

func TestABusyStoreIsWaitedForUntilTheContextEnds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paper.db")
	s := open(t, path)
	if _, err := s.Sync(t.Context(), day, paper(1)); err != nil {
		t.Fatal(err)
	}
	free := hold(t, path)
	ask := feed.Ask{DueBy: day, Until: day.Add(time.Minute)}

	stopped, stop := context.WithCancel(t.Context())
	stop()
	_, ok, err := s.Claim(stopped, day, ask)
	if ok || feed.KindOf(err) != feed.KindCanceled || !errors.Is(err, context.Canceled) {
		t.Fatalf("stopped: %v, %v", ok, err)
	}
	// Longer than SQLite waits by itself.
	short, cancel := context.WithTimeout(t.Context(), 250*time.Millisecond)
	defer cancel()
	_, ok, err = s.Claim(short, day, ask)
	if ok || feed.KindOf(err) != feed.KindBusy {
		t.Fatalf("no time left: %v, %v", ok, err)
	}
	if _, _, err := s.Status(t.Context(), day); err != nil {
		t.Fatalf("reading had to wait: %v", err)
	}
	claimed := make(chan error)
	go func() {
		_, ok, err := s.Claim(t.Context(), day, ask)
		if !ok {
			err = errors.Join(err, errors.New("nothing to claim"))
		}
		claimed <- err
	}()
	free()
	if err := <-claimed; err != nil {
		t.Fatal(err)
	}
}

func TestTheSameConfigurationWritesNotOneByte(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paper.db")
	s := open(t, path)
	write := func() []byte {
		t.Helper()
		if _, err := s.Sync(t.Context(), day, paper(50)); err != nil {
			t.Fatal(err)
		}
		log, err := os.ReadFile(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return log
	}
	if first, second := write(), write(); !bytes.Equal(first, second) {
		t.Fatalf("the log of writes grew from %d to %d bytes", len(first), len(second))
	}
}

func TestTheStoreRunsInFakeTime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "paper.db")
	synctest.Test(t, func(t *testing.T) {
		s := open(t, path)
		if _, err := s.Sync(t.Context(), time.Now(), paper(1)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		ask := feed.Ask{DueBy: time.Now(), Until: time.Now().Add(time.Minute)}
		if _, ok, err := s.Claim(t.Context(), time.Now(), ask); err != nil || !ok {
			t.Fatal(ok, err)
		}
	})
}

// olderStore is a store as it was when its schema had a number, open, and where it is.
func olderStore(t *testing.T, schema int64) (path string, db *sql.DB) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "paper.db")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	steps, err := goose.NewProvider(goose.DialectSQLite3, db, os.DirFS("migrations/sqlite"), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := steps.UpTo(t.Context(), schema); err != nil {
		t.Fatal(err)
	}
	return path, db
}

// TestAnOlderStoreIsCopiedBeforeItIsChanged.
func TestAnOlderStoreIsCopiedBeforeItIsChanged(t *testing.T) {
	path, db := olderStore(t, 1)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	change(t, path, `INSERT INTO sources (name, first_name, ord, active, paused, title, link, image, language, recipe)
		VALUES ('gulf', 'gulf', 0, 1, 0, 'Gulf', '', '', '', '')`)
	for range 2 { // the second time there is nothing to do
		s, err := store.Open(t.Context(), path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for file, columns := range map[string]int{path: 1, path + ".schema-1": 0} {
		db, err := sql.Open("sqlite", file)
		if err != nil {
			t.Fatal(err)
		}
		var rows, found int
		if err := db.QueryRow(`SELECT count(*), (SELECT count(*) FROM pragma_table_info('sources') WHERE name = 'stopped')
			FROM sources WHERE name = 'gulf'`).Scan(&rows, &found); err != nil || rows != 1 || found != columns {
			t.Errorf("%s: %d rows, %d columns of the new schema, %v", filepath.Base(file), rows, found, err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	if left, err := filepath.Glob(path + "*.part"); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}
