package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

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
