package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"broadsheet/feed"
)

// tx is a transaction. Its statements are prepared once.
type tx struct {
	raw   *sql.Tx
	stmts map[string]*sql.Stmt
}

// write runs fn in a transaction that holds the write lock from its beginning,
// so that it reads what it changes; step names it in errors. Waiting for the lock
// ends with ctx, and once it is held the transaction runs to its end: it is
// short, and a program that stops shall not lose a result that it has. fn may run
// again if the database was busy.
func (s *Store) write(ctx context.Context, step string, fn func(*tx) error) error {
	return s.within(ctx, s.writer, nil, step, fn)
}

// read runs fn in a transaction that sees the store at one moment.
func (s *Store) read(ctx context.Context, step string, fn func(*tx) error) error {
	return s.within(ctx, s.reader, &sql.TxOptions{ReadOnly: true}, step, fn)
}

func (s *Store) within(ctx context.Context, db *sql.DB, o *sql.TxOptions, step string,
	fn func(*tx) error) error {
	err := s.patiently(ctx, func() error {
		conn, err := db.Conn(ctx)
		if err != nil {
			return err
		}
		defer conn.Close()
		raw, err := conn.BeginTx(context.WithoutCancel(ctx), o)
		if err != nil {
			return err
		}
		defer raw.Rollback() // does nothing after the commit
		if err := fn(&tx{raw: raw, stmts: map[string]*sql.Stmt{}}); err != nil {
			return err
		}
		return raw.Commit()
	})
	if _, told := errors.AsType[*feed.Error](err); err == nil || told {
		return err
	}
	return fmt.Errorf("store: %s: %w", step, s.dialect.explain(err))
}

const (
	firstPause = 2 * time.Millisecond
	maxPause   = 100 * time.Millisecond
)

// patiently calls do until the database is not busy, or ctx ends.
func (s *Store) patiently(ctx context.Context, do func() error) error {
	for wait := firstPause; ; wait = min(2*wait, maxPause) {
		if err := ctx.Err(); err != nil {
			return gaveUp(err)
		}
		err := do()
		if err != nil && ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			return gaveUp(err)
		}
		if err == nil || !s.dialect.busy(err) {
			return err
		}
		if err := pause(ctx, wait); err != nil {
			return gaveUp(err)
		}
	}
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// gaveUp is the error of a caller whose context ended while it waited.
func gaveUp(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return &feed.Error{Step: "waiting for the store", Kind: feed.KindBusy,
			Text: "another process kept it busy", Err: err}
	}
	return &feed.Error{Step: "waiting for the store", Kind: feed.KindCanceled,
		Text: "the program is stopping", Err: err}
}

// stmt prepares a statement, once in a transaction.
func (t *tx) stmt(query string) (*sql.Stmt, error) {
	if st, ok := t.stmts[query]; ok {
		return st, nil
	}
	st, err := t.raw.Prepare(query)
	if err != nil {
		return nil, fmt.Errorf("%w in %s", err, query)
	}
	t.stmts[query] = st
	return st, nil
}

// exec runs a statement and returns how many rows it changed.
func (t *tx) exec(query string, args ...any) (int64, error) {
	st, err := t.stmt(query)
	if err != nil {
		return 0, err
	}
	result, err := st.Exec(args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// scan reads the columns of one row.
type scan func(dest ...any) error

// each calls fn for every row. fn may not use t: the connection is busy.
func (t *tx) each(query string, args []any, fn func(scan) error) error {
	st, err := t.stmt(query)
	if err != nil {
		return err
	}
	rows, err := st.Query(args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		switch err := fn(rows.Scan); {
		case errors.Is(err, errEnough):
			return nil
		case err != nil:
			return err
		}
	}
	return rows.Err()
}

// errEnough ends each without an error.
var errEnough = errors.New("enough")

// one reads a single row; found is false if there is none.
func (t *tx) one(query string, args []any, dest ...any) (found bool, err error) {
	st, err := t.stmt(query)
	if err != nil {
		return false, err
	}
	err = st.QueryRow(args...).Scan(dest...)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, err
}

// batch is how many values one statement lists: large enough to be quick, small
// enough for the limits of any database on parameters.
const batch = 256

// marks is "?,?,?" for n values.
func marks(n int) string {
	return strings.TrimSuffix(strings.Repeat("?,", n), ",")
}

// anys makes arguments of values.
func anys[T any](values []T, before ...any) []any {
	out := make([]any, 0, len(before)+len(values))
	out = append(out, before...)
	for _, v := range values {
		out = append(out, v)
	}
	return out
}

// micros is how a time is stored.
func micros(t time.Time) int64 { return t.UnixMicro() }

// moment is the time that was stored.
func moment(us int64) time.Time { return time.UnixMicro(us).UTC() }

// list makes values for a list of arguments.
func list(values ...any) []any { return values }
