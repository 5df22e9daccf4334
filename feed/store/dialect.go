package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// dialect is all that differs between databases besides the migrations' types.
type dialect interface {
	// open makes a pool of connections to the database at path.
	open(path string, use use) (*sql.DB, error)
	// migrations are the steps of the schema and the name goose knows the
	// database by.
	migrations() (fs.FS, goose.Dialect)
	// tables lists the names of all tables of the database in one column.
	tables() string
	// copyTo writes a whole copy of the database to a file that does not exist.
	copyTo(ctx context.Context, db *sql.DB, file string) error
	// busy tells whether err means that somebody else is writing just now.
	busy(err error) bool
	// explain puts an error of the driver into plain words where it has any.
	explain(err error) error
}

// use is what a pool of connections is for.
type use int

const (
	writing    use = iota // every transaction takes the write lock when it begins
	reading               // nothing can be written
	inspecting            // as reading, and nothing of the file is assumed or set
)

// sqliteDialect is SQLite by modernc.org/sqlite.
type sqliteDialect struct{}

// open gives each connection its pragmas by the DSN. busy_timeout is short: what
// takes longer is waited for outside, where the caller's context is heard.
func (sqliteDialect) open(path string, use use) (*sql.DB, error) {
	q := url.Values{}
	q.Add("_pragma", "busy_timeout(100)")
	switch use {
	case writing:
		q.Set("_txlock", "immediate")
		q.Add("_pragma", "journal_mode(wal)")
		q.Add("_pragma", "synchronous(normal)")
		q.Add("_pragma", "foreign_keys(1)")
	default:
		q.Set("mode", "ro")
		q.Add("_pragma", "query_only(1)")
	}
	dsn := url.URL{Scheme: "file", Path: path, RawQuery: q.Encode()}
	return sql.Open("sqlite", dsn.String())
}

func (sqliteDialect) migrations() (fs.FS, goose.Dialect) {
	sub, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		panic(err) // the name is a valid path
	}
	return sub, goose.DialectSQLite3
}

func (sqliteDialect) tables() string {
	return `SELECT name FROM sqlite_schema WHERE type = 'table'`
}

func (sqliteDialect) copyTo(ctx context.Context, db *sql.DB, file string) error {
	_, err := db.ExecContext(ctx, `VACUUM INTO ?`, file)
	return err
}

func (sqliteDialect) busy(err error) bool {
	code := sqliteCode(err)
	return code == sqlite3.SQLITE_BUSY || code == sqlite3.SQLITE_LOCKED
}

func (sqliteDialect) explain(err error) error {
	switch sqliteCode(err) {
	case sqlite3.SQLITE_NOTADB:
		return errors.New("this file is not an SQLite database")
	case sqlite3.SQLITE_READONLY:
		return errors.New("the file may not be written")
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("there is no space left for the file: %w", err)
	case sqlite3.SQLITE_CORRUPT:
		return fmt.Errorf("the file is damaged: %w", err)
	}
	return err
}

// sqliteCode is the primary result code of an error of SQLite; 0 of any other.
func sqliteCode(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}
