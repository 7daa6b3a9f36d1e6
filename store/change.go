package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime/debug"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// groupBytes and groupChanges bound what one transaction carries, so that no wait is long.
const (
	groupBytes   = 8 << 20
	groupChanges = 256
)

// Pending is a change that was submitted and has perhaps not been committed yet.
type Pending struct {
	store *Store
	fn    func(*Tx) error
	size  int
	err   error
	done  chan struct{}
}

// Submit queues a change. Changes commit in the order of their submission; size is the number of
// raw bytes it stores. Nothing happens before somebody waits.
func (s *Store) Submit(size int, fn func(*Tx) error) *Pending {
	p := &Pending{store: s, fn: fn, size: size, done: make(chan struct{})}
	s.mu.Lock()
	s.queue = append(s.queue, p)
	s.mu.Unlock()
	return p
}

// Change runs fn in a transaction and returns when it is durable. Changes that wait at the same time
// share a transaction, each in a savepoint of its own: an error from fn undoes that change alone.
// fn may run twice and must decide only on what it reads inside.
func (s *Store) Change(ctx context.Context, fn func(*Tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	return s.Submit(0, fn).Wait()
}

// Wait returns when the change is durable, or with the error that undid it. Whoever waits and finds
// nobody committing commits a group for all.
func (p *Pending) Wait() error {
	for {
		select {
		case <-p.done:
			return p.err
		case <-p.store.turn:
			group := p.store.take()
			if len(group) > 0 {
				p.store.commit(group)
			}
			p.store.turn <- struct{}{}
		}
	}
}

// take removes the next group from the queue.
func (s *Store) take() []*Pending {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, bytes := 0, 0
	for n < len(s.queue) && n < groupChanges && (n == 0 || bytes+s.queue[n].size <= groupBytes) {
		bytes += s.queue[n].size
		n++
	}
	group := s.queue[:n:n]
	s.queue = s.queue[n:]
	return group
}

// commit runs a group in one transaction and tells each member how it went.
func (s *Store) commit(group []*Pending) {
	err := s.transact(group)
	for _, p := range group {
		if err != nil {
			p.err = err
		}
		close(p.done)
	}
}

func (s *Store) transact(group []*Pending) error {
	if err := s.Broken(); err != nil {
		return err
	}
	tx := &Tx{s: s}
	if err := tx.run("BEGIN IMMEDIATE"); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	for _, p := range group {
		if err := tx.savepoint(p); err != nil {
			_ = tx.run("ROLLBACK")
			s.boxes = map[string]int64{}
			return s.judge(err)
		}
	}
	if err := tx.run("COMMIT"); err != nil {
		_ = tx.run("ROLLBACK")
		s.boxes = map[string]int64{}
		return s.judge(fmt.Errorf("commit: %w", err))
	}
	return nil
}

// savepoint runs one change; what it returns breaks the whole group, p.err only this change.
func (tx *Tx) savepoint(p *Pending) error {
	if err := tx.run("SAVEPOINT one"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	p.err = guarded(p.fn, tx)
	if p.err != nil {
		if fatal(p.err) {
			return p.err
		}
		if err := tx.run("ROLLBACK TO one"); err != nil {
			return fmt.Errorf("undo: %w", err)
		}
		tx.s.boxes = map[string]int64{}
	}
	return tx.run("RELEASE one")
}

// guarded turns a panic in a decision into an error of that change, with its stack.
func guarded(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic in a change: %v\n%s", r, debug.Stack())
		}
	}()
	return fn(tx)
}

// fatal says that the database itself is in trouble, not one change.
func fatal(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_NOMEM:
		return true
	}
	return errors.Is(err, sql.ErrConnDone)
}

// Trouble says that an error is the database's own, so that trying another change would end the same.
func Trouble(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM:
		return true
	}
	return fatal(err) || errors.Is(err, context.Canceled)
}

// judge marks the store as broken after an I/O error: whether the sync reached the disk is unknown.
func (s *Store) judge(err error) error {
	switch code(err) {
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		err = fmt.Errorf("the database cannot be trusted any more, restart after checking the disk: %w", err)
		s.broken.CompareAndSwap(nil, &err)
	case sqlite3.SQLITE_FULL:
		err = fmt.Errorf("the disk is full; mail stays on the server until there is room: %w", err)
	}
	return err
}

// code is the primary result code of SQLite in err, or 0.
func code(err error) int {
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & 0xff
	}
	return 0
}
