package store

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
)

// groupBytes and groupChanges bound what one transaction carries, so that no wait is long.
const (
	groupBytes   = 8 << 20
	groupChanges = 64
)

// Pending is a change that was submitted and has perhaps not been committed yet.
type Pending struct {
	store *Store
	fn    func(*Tx) error // nil once it was told its result, so that what it holds can go
	size  int
	err   error
	done  chan struct{}
}

// Submit queues a change. Changes run in the order of their submission; size is the number of raw
// bytes it stores. Nothing happens before somebody waits.
func (s *Store) Submit(size int, fn func(*Tx) error) *Pending {
	p := &Pending{store: s, fn: fn, size: size, done: make(chan struct{})}
	s.mu.Lock()
	s.queue = append(s.queue, p)
	s.mu.Unlock()
	return p
}

// Change runs fn in a transaction and returns when it is durable. Changes that wait at the same time
// share a transaction, each in a savepoint of its own: an error from fn, or a panic, undoes that
// change alone. fn decides only on what it reads inside, and must not call Change. A context that has
// ended before the change was queued is its error; later it is not heard, since a change is short.
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
			p.store.commit()
		}
	}
}

// commit runs the next group as the holder of the turn, tells its members how it went and hands the
// turn on, even where a change ends this goroutine (runtime.Goexit, which t.FailNow calls).
func (s *Store) commit() {
	group := s.take()
	err := errors.New("the goroutine that was committing ended within a change")
	defer func() {
		for _, p := range group {
			if err != nil {
				p.err = err
			}
			p.fn = nil
			close(p.done)
		}
		s.turn <- struct{}{}
	}()
	if len(group) == 0 {
		err = nil
		return
	}
	err = s.transact(group)
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
	group := append([]*Pending(nil), s.queue[:n]...)
	clear(s.queue[:n]) // the array lives on; what the changes hold must not
	if s.queue = s.queue[n:]; len(s.queue) == 0 {
		s.queue = nil
	}
	return group
}

// transact runs a group in one transaction. What it returns has undone the whole group.
func (s *Store) transact(group []*Pending) error {
	if s.closed {
		return ErrClosed
	}
	if err := s.Broken(); err != nil {
		return err
	}
	tx := &Tx{s: s}
	if err := tx.run("BEGIN IMMEDIATE"); err != nil {
		return s.judge(fmt.Errorf("begin: %w", err))
	}
	committed := false
	defer func() {
		if !committed {
			_ = tx.run("ROLLBACK") // SQLite may have rolled back by itself
			clear(s.boxes)
		}
	}()
	for _, p := range group {
		if err := tx.savepoint(p); err != nil {
			return s.judge(err)
		}
	}
	if err := tx.run("COMMIT"); err != nil {
		return s.judge(fmt.Errorf("commit: %w", err))
	}
	committed = true
	return nil
}

// savepoint runs one change; what it returns breaks the whole group, p.err only this change.
func (tx *Tx) savepoint(p *Pending) error {
	if err := tx.run("SAVEPOINT one"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	tx.logged = nil
	p.err = guarded(func(tx *Tx) error {
		if err := p.fn(tx); err != nil {
			return err
		}
		return tx.tellAll()
	}, tx)
	if p.err != nil {
		if fatal(p.err) {
			return p.err
		}
		if err := tx.run("ROLLBACK TO one"); err != nil {
			return fmt.Errorf("undo: %w", err)
		}
		clear(tx.s.boxes)
	}
	if err := tx.run("RELEASE one"); err != nil {
		return fmt.Errorf("release: %w", err)
	}
	return nil
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
