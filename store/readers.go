package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// readers are connections that only read. A query is prepared once for their life: preparing costs
// more than running.
type readers struct {
	*sql.DB
	asked sync.Map // *sql.Stmt by query
}

func openReaders(path string) (*readers, error) {
	db, err := sql.Open("sqlite", dsn(path, "ro", "query_only(1)", "busy_timeout(5000)", "cache_size(-1000)"))
	if err != nil {
		return nil, fmt.Errorf("open database for reading: %w", err)
	}
	db.SetMaxOpenConns(4)
	db.SetMaxIdleConns(4)
	return &readers{DB: db}, nil
}

func (r *readers) close() error {
	var errs []error
	r.asked.Range(func(_, st any) bool {
		errs = append(errs, st.(*sql.Stmt).Close())
		return true
	})
	return errors.Join(append(errs, r.Close())...)
}

func (r *readers) stmt(ctx context.Context, query string) (*sql.Stmt, error) {
	if st, ok := r.asked.Load(query); ok {
		return st.(*sql.Stmt), nil
	}
	st, err := r.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if first, taken := r.asked.LoadOrStore(query, st); taken {
		return first.(*sql.Stmt), st.Close()
	}
	return st, nil
}

// first scans the first row of a query, or returns sql.ErrNoRows.
func (r *readers) first(ctx context.Context, query string, args []any, dest ...any) error {
	st, err := r.stmt(ctx, query)
	if err != nil {
		return err
	}
	return st.QueryRowContext(ctx, args...).Scan(dest...)
}

// list scans every row of a query.
func list[T any](ctx context.Context, r *readers, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	st, err := r.stmt(ctx, query)
	if err != nil {
		return nil, err
	}
	rows, err := st.QueryContext(ctx, args...)
	return collect(rows, err, scan)
}

// collect scans every row of a query.
func collect[T any](rows *sql.Rows, err error, scan func(scanner) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	all := []T{}
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, rows.Err()
}
