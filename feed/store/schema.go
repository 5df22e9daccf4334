package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations
var migrations embed.FS

// versionTable is where goose writes which migrations were applied.
const versionTable = "goose_db_version"

// provider is goose on the writer's connection, silent.
func (s *Store) provider(db *sql.DB) (*goose.Provider, error) {
	files, name := s.dialect.migrations()
	return goose.NewProvider(name, db, files,
		goose.WithLogger(goose.NopLogger()), goose.WithDisableGlobalRegistry(true))
}

// latest is the schema's version that this program knows.
func (s *Store) latest() (int64, error) {
	p, err := s.provider(&sql.DB{}) // lists its sources only
	if err != nil {
		return 0, err
	}
	sources := p.ListSources()
	return sources[len(sources)-1].Version, nil
}

// inspect refuses a database that is no store, or a newer one, without writing
// to it.
func (s *Store) inspect(ctx context.Context, path string) error {
	db, err := s.dialect.open(path, inspecting)
	if err != nil {
		return err
	}
	defer db.Close()
	var found int64
	if err := s.patiently(ctx, func() (err error) {
		found, err = s.schema(ctx, db)
		return err
	}); err != nil {
		return s.dialect.explain(err)
	}
	known, err := s.latest()
	if err != nil {
		return err
	}
	if found > known {
		return fmt.Errorf("it was written by a newer version of broadsheet "+
			"(its schema is number %d, this program knows up to %d); "+
			"it was left as it is: use that version, or another store", found, known)
	}
	return nil
}

// schema is the version of a database's schema; 0 if it has no table yet.
func (s *Store) schema(ctx context.Context, db *sql.DB) (int64, error) {
	rows, err := db.QueryContext(ctx, s.dialect.tables())
	if err != nil {
		return 0, err
	}
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return 0, errors.Join(err, rows.Close())
		}
		names = append(names, name)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil || len(names) == 0 {
		return 0, err
	}
	if !slices.Contains(names, versionTable) {
		return 0, errors.New("this is a database of something else, not a store of broadsheet")
	}
	var version sql.NullInt64
	err = db.QueryRowContext(ctx, `SELECT max(version_id) FROM `+versionTable).Scan(&version)
	return version.Int64, err
}

const (
	// migrateTries and migratePause: when two processes make the same store at
	// once, one of them finds the tables there, and then finds them complete.
	migrateTries = 20
	migratePause = 100 * time.Millisecond
)

// migrate brings the schema up to date, each step in a transaction. An older store
// is copied first.
func (s *Store) migrate(ctx context.Context, path string) error {
	known, err := s.latest()
	if err != nil {
		return err
	}
	for try := 1; ; try++ {
		err := s.patiently(ctx, func() error { return s.upTo(ctx, path, known) })
		if err == nil || try == migrateTries {
			return s.dialect.explain(err)
		}
		if pause(ctx, migratePause) != nil {
			return s.dialect.explain(err)
		}
	}
}

func (s *Store) upTo(ctx context.Context, path string, known int64) error {
	found, err := s.schema(ctx, s.writer)
	if err != nil || found == known {
		return err
	}
	if found > 0 {
		if err := s.copyBefore(ctx, path, found); err != nil {
			return fmt.Errorf("it is of an older version, and no copy of it can be made before it is changed: %w", err)
		}
	}
	p, err := s.provider(s.writer)
	if err != nil {
		return err
	}
	_, err = p.Up(ctx)
	return err
}

// copyBefore makes a copy of a store beside it, under a name that says which
// schema it has. One that is there already was made by a start that got no
// further, or by another process just now.
func (s *Store) copyBefore(ctx context.Context, path string, schema int64) error {
	copied := fmt.Sprintf("%s.schema-%d", path, schema)
	if _, err := os.Stat(copied); err == nil {
		return nil
	}
	unfinished := copied + ".part"
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if err := s.dialect.copyTo(ctx, s.writer, unfinished); err != nil {
		return err
	}
	if info, err := os.Stat(path); err != nil {
		return err
	} else if err := os.Chmod(unfinished, info.Mode().Perm()); err != nil {
		return err
	}
	return os.Rename(unfinished, copied)
}
