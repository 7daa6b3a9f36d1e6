package store

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Reader looks at a state folder without changing it; the daemon may be running. Its methods may be
// called from several goroutines.
type Reader struct{ db *readers }

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
		_ = db.close()
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	return &Reader{db: db}, nil
}

// Reader is the daemon's own view for reading; it lives as long as the store.
func (s *Store) Reader() *Reader { return &Reader{db: s.read} }

// Close ends the reader's connections.
func (r *Reader) Close() error { return r.db.close() }
