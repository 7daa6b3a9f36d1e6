package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// ErrNoThread says that no thread has that reference.
var ErrNoThread = errors.New("no such thread")

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

const (
	qOutboxOf      = "SELECT " + mailColumns + " FROM outbox o JOIN mailbox b ON b.id = o.mailbox WHERE o.thread = $1 ORDER BY o.id"
	qOutboxHeld    = "SELECT " + mailColumns + " FROM outbox o JOIN mailbox b ON b.id = o.mailbox WHERE o.state IN ('sending','held') AND o.state = 'held'"
	qOutboxUnknown = "SELECT " + mailColumns + " FROM outbox o JOIN mailbox b ON b.id = o.mailbox WHERE o.state IN ('queued','deferred','unknown') AND o.state = 'unknown'"
	qOutboxWaits   = "SELECT * FROM (" + qOutboxHeld + " UNION ALL " + qOutboxUnknown + ") AS waits ORDER BY 1"
)

// Outbox lists the mails of a thread, oldest first; with thread 0 those that wait for a person or
// for news of their fate (held or unknown).
func (r *Reader) Outbox(ctx context.Context, thread int64) ([]Mail, error) {
	query, args := qOutboxWaits, []any{}
	if thread != 0 {
		query, args = qOutboxOf, []any{thread}
	}
	rows, err := r.db.QueryContext(ctx, query, args...)
	list, err := collect(rows, err, func(row scanner) (Mail, error) { return scanMail(row) })
	if err != nil {
		return nil, fmt.Errorf("list outbox: %w", err)
	}
	return list, nil
}
