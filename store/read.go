package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// Reader looks at a state folder without changing it; the daemon may be running.
type Reader struct{ db *sql.DB }

// ErrNoState says that the state folder holds no database yet.
var ErrNoState = errors.New("there is no database yet: has triaged run with this state_dir?")

// ErrNoThread says that no thread has that reference.
var ErrNoThread = errors.New("no such thread")

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

// Threads lists threads, most severe and oldest first; closed ones only when all is set.
func (r *Reader) Threads(ctx context.Context, all bool) ([]Thread, error) {
	where := "WHERE t.closed_at IS NULL"
	if all {
		where = ""
	}
	rows, err := r.db.QueryContext(ctx, "SELECT "+threadColumns+" FROM thread t JOIN mailbox b ON b.id = t.mailbox "+where+" ORDER BY t.severity, t.opened_at, t.id")
	list, err := collect(rows, err, scanThread)
	if err != nil {
		return nil, fmt.Errorf("list threads: %w", err)
	}
	return list, nil
}

// Thread reads one thread, or ErrNoThread.
func (r *Reader) Thread(ctx context.Context, id int64) (Thread, error) {
	t, err := scanThread(r.db.QueryRowContext(ctx, "SELECT "+threadColumns+" FROM thread t JOIN mailbox b ON b.id = t.mailbox WHERE t.id = $1", id))
	if errors.Is(err, sql.ErrNoRows) {
		return t, fmt.Errorf("#%d: %w", id, ErrNoThread)
	}
	if err != nil {
		return t, fmt.Errorf("read thread #%d: %w", id, err)
	}
	return t, nil
}

// MessageView is a message as people look at it.
type MessageView struct {
	ID               int64
	Thread           int64
	Mailbox          string
	MessageID        string
	Kind, KindReason string
	Role             Role
	Internal         bool
	From, FromName   string
	To               []string
	Subject          string
	Place            string
	Quarantine       string
	Size             int64
	At               time.Time
}

const messageColumns = `m.id, coalesce(m.thread, 0), b.name, m.message_id, m.kind, m.kind_reason, m.role, m.internal, m.from_address,
	m.from_name, m.recipients, m.subject, m.place, m.quarantine, m.size, m.at`

func scanMessage(row scanner) (MessageView, error) {
	var m MessageView
	var to string
	var at int64
	err := row.Scan(&m.ID, &m.Thread, &m.Mailbox, &m.MessageID, &m.Kind, &m.KindReason, &m.Role, &m.Internal, &m.From,
		&m.FromName, &to, &m.Subject, &m.Place, &m.Quarantine, &m.Size, &at)
	if err != nil {
		return m, err
	}
	m.At = time.UnixMicro(at).UTC()
	return m, json.Unmarshal([]byte(to), &m.To)
}

// MessageFilter chooses which messages to list.
type MessageFilter struct {
	Thread                  int64
	Unthreaded, Quarantined bool
}

// Messages lists messages in the order of their recording.
func (r *Reader) Messages(ctx context.Context, f MessageFilter) ([]MessageView, error) {
	where, args := "", []any{}
	switch {
	case f.Thread != 0:
		where, args = "WHERE m.thread = $1", []any{f.Thread}
	case f.Quarantined:
		where = "WHERE m.quarantine <> ''"
	case f.Unthreaded:
		where = "WHERE m.thread IS NULL"
	}
	rows, err := r.db.QueryContext(ctx, "SELECT "+messageColumns+" FROM message m JOIN mailbox b ON b.id = m.mailbox "+where+" ORDER BY m.id", args...)
	list, err := collect(rows, err, scanMessage)
	if err != nil {
		return nil, fmt.Errorf("list messages: %w", err)
	}
	return list, nil
}

// Events lists a thread's log in order.
func (r *Reader) Events(ctx context.Context, thread int64) ([]Event, error) {
	rows, err := r.db.QueryContext(ctx, "SELECT coalesce(thread, 0), at, who, what, why FROM event WHERE thread = $1 ORDER BY id", thread)
	list, err := collect(rows, err, func(row scanner) (Event, error) {
		var e Event
		var at int64
		err := row.Scan(&e.Thread, &at, &e.Who, &e.What, &e.Why)
		e.At = time.UnixMicro(at).UTC()
		return e, err
	})
	if err != nil {
		return nil, fmt.Errorf("list events of #%d: %w", thread, err)
	}
	return list, nil
}

// Obligations lists what was and is owed on a thread.
func (r *Reader) Obligations(ctx context.Context, thread int64) ([]Obligation, error) {
	rows, err := r.db.QueryContext(ctx, "SELECT "+obligationColumns+" FROM obligation WHERE subject = $1 ORDER BY id", threadKey(thread))
	list, err := collect(rows, err, scanObligation)
	if err != nil {
		return nil, fmt.Errorf("list obligations of #%d: %w", thread, err)
	}
	return list, nil
}

// Outbox lists the mails of a thread; with thread 0 those that wait for a person (held or unknown).
func (r *Reader) Outbox(ctx context.Context, thread int64) ([]Mail, error) {
	where, args := "WHERE o.state IN ('held','unknown')", []any{}
	if thread != 0 {
		where, args = "WHERE o.thread = $1", []any{thread}
	}
	rows, err := r.db.QueryContext(ctx, "SELECT "+mailColumns+" FROM outbox o JOIN mailbox b ON b.id = o.mailbox "+where+" ORDER BY o.id", args...)
	list, err := collect(rows, err, func(row scanner) (Mail, error) { return scanMail(row) })
	if err != nil {
		return nil, fmt.Errorf("list outbox: %w", err)
	}
	return list, nil
}

// Raw reads the compressed raw mail of a message; nil when none is kept.
func (r *Reader) Raw(ctx context.Context, message int64) ([]byte, error) {
	var b []byte
	err := r.db.QueryRowContext(ctx, "SELECT zstd FROM raw WHERE message = $1", message).Scan(&b)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read raw mail: %w", err)
	}
	return b, nil
}

// AckState is how the acknowledgement of a thread stands.
type AckState struct {
	State  string // owed, late (unsent after half its time), held, missed, met, withheld; empty where none was considered
	Due    time.Time
	Reason string
}

// Acks tells how the acknowledgements of all threads stand.
func (r *Reader) Acks(ctx context.Context) (map[int64]AckState, error) {
	rows, err := r.db.QueryContext(ctx, `SELECT b.thread, b.state, b.due_at, b.met_at, b.warn_at, b.reason,
		coalesce(o.state, ''), coalesce(o.last_error, '')
		FROM obligation b LEFT JOIN outbox o ON o.obligation = b.id WHERE b.kind = 'acknowledge'`)
	if err != nil {
		return nil, fmt.Errorf("list acknowledgements: %w", err)
	}
	defer rows.Close()
	all := map[int64]AckState{}
	for rows.Next() {
		var thread int64
		var a AckState
		var mail, lastError string
		var due, met, warn sql.NullInt64
		if err := rows.Scan(&thread, &a.State, &due, &met, &warn, &a.Reason, &mail, &lastError); err != nil {
			return nil, err
		}
		a.Due = instant(due)
		switch {
		case a.State == Void:
			a.State = "withheld"
		case mail == Held:
			a.State, a.Reason = Held, lastError
		case a.State == Missed && met.Valid:
			a.State = "met late"
		case a.State == Owed && !warn.Valid:
			a.State, a.Reason = "late", lastError
		}
		all[thread] = a
	}
	return all, rows.Err()
}
