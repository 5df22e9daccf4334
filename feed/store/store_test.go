package store_test

import (
	"path/filepath"
	"testing"

	"broadsheet/feed/store"
	"broadsheet/feed/store/storetest"
)

func TestSQLiteConforms(t *testing.T) {
	storetest.Run(t, func(t *testing.T) func() storetest.Store {
		path := filepath.Join(t.TempDir(), "paper.db")
		return func() storetest.Store { return open(t, path) }
	})
}

// open opens the store at path for as long as the test runs.
func open(t testing.TB, path string) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), path, store.Options{Create: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
