package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Store is an open store. It may be used from several goroutines, and several
// processes may have the same one open.
type Store struct {
	dialect dialect
	writer  *sql.DB // one connection: SQLite has one writer
	reader  *sql.DB
}

// Options says how to open a store.
type Options struct {
	// Create makes a new store where there is none. Without it that is an error.
	Create bool
}

// readers is how many connections read at once; readers never wait for the
// writer.
const readers = 4

// Open opens the store that dsn names: the path of an SQLite file. It brings the
// schema up to this program's. A file that is no store, or whose schema is newer
// than this program knows, is refused and left as it is.
func Open(ctx context.Context, dsn string, o Options) (*Store, error) {
	if strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://") {
		return nil, errors.New("store: PostgreSQL is not in this version; " +
			"give the path of a file, e.g. broadsheet.db")
	}
	path, err := filepath.Abs(dsn)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	fresh, err := missing(path)
	switch {
	case err != nil:
		return nil, err
	case fresh && !o.Create:
		return nil, fmt.Errorf("there is no store at %s yet; "+
			"`broadsheet run` and `broadsheet once` make one", dsn)
	}
	s := &Store{dialect: sqliteDialect{}}
	if err := s.open(ctx, path, fresh); err != nil {
		return nil, errors.Join(fmt.Errorf("store %s: %w", dsn, err), s.Close())
	}
	return s, nil
}

// missing reports whether path has no store yet, and an error if it cannot have
// one.
func missing(path string) (bool, error) {
	info, err := os.Stat(path)
	switch {
	case err == nil && info.IsDir():
		return false, fmt.Errorf("store: %s is a folder; give the path of a file in it", path)
	case err == nil:
		return info.Size() == 0, nil
	case !errors.Is(err, os.ErrNotExist):
		return false, fmt.Errorf("store: %w", err)
	}
	folder := filepath.Dir(path)
	if _, err := os.Stat(folder); err != nil {
		return false, fmt.Errorf("store: there is no folder %s", folder)
	}
	return true, nil
}

func (s *Store) open(ctx context.Context, path string, fresh bool) error {
	if !fresh {
		if err := s.inspect(ctx, path); err != nil {
			return err
		}
	}
	var err error
	if s.writer, err = s.dialect.open(path, writing); err != nil {
		return err
	}
	s.writer.SetMaxOpenConns(1)
	if err := s.migrate(ctx, path); err != nil {
		return err
	}
	if s.reader, err = s.dialect.open(path, reading); err != nil {
		return err
	}
	s.reader.SetMaxOpenConns(readers)
	s.reader.SetMaxIdleConns(readers)
	return nil
}

// Close ends all connections. Nothing is lost without it.
func (s *Store) Close() error {
	var errs []error
	for _, db := range []*sql.DB{s.reader, s.writer} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}
