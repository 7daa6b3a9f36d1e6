package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"
)

// AckState is how the acknowledgement of a thread stands.
type AckState struct {
	// State is owed, late (unsent after half its time), held, missed, met, met late, withheld, or, of a mail
	// that will never leave, failed or dropped; empty where no acknowledgement was considered.
	State  string
	Due    time.Time
	Reason string // why it is so: the decision, or what the server said last
}

const (
	ackColumns = `b.thread, b.state, b.due_at, b.met_at, b.warn_at, b.reason, coalesce(o.state, ''), coalesce(o.last_error, '')`
	ackOf      = ` JOIN obligation b ON b.subject = 'thread:' || t.id AND b.kind = 'acknowledge' LEFT JOIN outbox o ON o.obligation = b.id`
	qAcksOpen  = "SELECT " + ackColumns + " FROM thread t" + ackOf + " WHERE t.closed_at IS NULL"
	qAcksAll   = "SELECT " + ackColumns + " FROM thread t" + ackOf
	qAck       = "SELECT " + ackColumns + " FROM thread t" + ackOf + " WHERE t.id = $1"
)

// Acks tells, by thread, how acknowledgements stand; those of closed threads only when all is set.
func (r *Reader) Acks(ctx context.Context, all bool) (map[int64]AckState, error) {
	query := qAcksOpen
	if all {
		query = qAcksAll
	}
	return r.acks(ctx, query)
}

// Ack tells how the acknowledgement of one thread stands.
func (r *Reader) Ack(ctx context.Context, thread int64) (AckState, error) {
	all, err := r.acks(ctx, qAck, thread)
	return all[thread], err
}

func (r *Reader) acks(ctx context.Context, query string, args ...any) (map[int64]AckState, error) {
	rows, err := r.db.QueryContext(ctx, query, args...)
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
			return nil, fmt.Errorf("list acknowledgements: %w", err)
		}
		a.Due = instant(due)
		all[thread] = a.with(mail, lastError, met.Valid, !warn.Valid)
	}
	return all, rows.Err()
}

// with adds what the mail of an obligation tells.
func (a AckState) with(mail, lastError string, met, warned bool) AckState {
	switch {
	case mail == Failed || mail == Dropped || mail == Held:
		a.State, a.Reason = mail, lastError
	case a.State == Void:
		a.State = "withheld"
	case a.State == Missed && met:
		a.State = "met late"
	case a.State == Owed && warned:
		a.State, a.Reason = "late", lastError
	}
	return a
}
