package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Reader looks at a state folder without changing it; the daemon may be running.
type Reader struct{ db *sql.DB }

// ErrNoState says that the state folder holds no database yet.
var ErrNoState = errors.New("there is no database yet: has triaged run with this state_dir?")

// OpenReader opens the state in dir for reading.
func OpenReader(ctx context.Context, dir string) (*Reader, error) {
	path := filepath.Join(dir, databaseFile)
	if _, err := os.Stat(path); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("%s: %w", path, ErrNoState)
		}
		return nil, fmt.Errorf("open database: %w", err)
	}
	db, err := openReaders(path)
	if err != nil {
		return nil, err
	}
	if err := db.PingContext(ctx); err != nil {
		_ = db.Close()
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	return &Reader{db: db}, nil
}

// Reader is the daemon's own view for reading; it lives as long as the store.
func (s *Store) Reader() *Reader { return &Reader{db: s.read} }

// Close ends the reader's connections.
func (r *Reader) Close() error { return r.db.Close() }

// list runs one of the daemon's own queries, prepared once.
func list[T any](s *Store, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	st, err := s.ask(query)
	if err != nil {
		return nil, err
	}
	rows, err := st.Query(args...)
	return collect(rows, err, scan)
}

// first scans the only row of such a query.
func (s *Store) first(query string, args []any, dest ...any) error {
	st, err := s.ask(query)
	if err != nil {
		return err
	}
	return st.QueryRow(args...).Scan(dest...)
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
