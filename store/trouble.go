package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// Trouble says that an error is the database's or the disk's own, so that another change would end
// the same now and this one may succeed later. Any other error of a change is the change's.
func Trouble(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_INTERRUPT:
		return true
	}
	return fatal(err) || errors.Is(err, ErrClosed) || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

// Broken returns the error that made the store unusable (a failed sync of the disk), or nil. After
// such an error nobody knows what is on the disk, so the daemon ends and starts anew.
func (s *Store) Broken() error {
	if e := s.broken.Load(); e != nil {
		return *e
	}
	return nil
}

// fatal says that the database itself is in trouble, not one change.
func fatal(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_NOMEM:
		return true
	}
	return errors.Is(err, sql.ErrConnDone)
}

// judge marks the store as broken after an I/O error: whether the sync reached the disk is unknown.
func (s *Store) judge(err error) error {
	switch code(err) {
	case sqlite3.SQLITE_FULL:
		return full(err)
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		if extended(err) == sqlite3.SQLITE_IOERR_SHMSIZE { // no room for the -shm file; nothing was written
			return full(err)
		}
		err = fmt.Errorf("the database cannot be trusted any more, restart after checking the disk: %w", err)
		s.broken.CompareAndSwap(nil, &err)
	}
	return err
}

func full(err error) error {
	return fmt.Errorf("the disk is full; mail stays on the server until there is room: %w", err)
}

// code is the primary result code of SQLite in err, or 0.
func code(err error) int { return extended(err) & 0xff }

// extended is the result code with its detail.
func extended(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code()
	}
	return 0
}
