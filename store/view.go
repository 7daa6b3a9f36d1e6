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

const (
	qMessages            = "SELECT " + messageColumns + " FROM message m JOIN mailbox b ON b.id = m.mailbox ORDER BY m.id"
	qMessagesOf          = "SELECT " + messageColumns + " FROM message m JOIN mailbox b ON b.id = m.mailbox WHERE m.thread = $1 ORDER BY m.id"
	qMessagesUnthreaded  = "SELECT " + messageColumns + " FROM message m JOIN mailbox b ON b.id = m.mailbox WHERE m.thread IS NULL ORDER BY m.id"
	qMessagesQuarantined = "SELECT " + messageColumns + " FROM message m JOIN mailbox b ON b.id = m.mailbox WHERE m.quarantine <> '' ORDER BY m.id"
	qRaw                 = "SELECT zstd FROM raw WHERE message = $1"
)

// Messages lists messages in the order of their recording.
func (r *Reader) Messages(ctx context.Context, f MessageFilter) ([]MessageView, error) {
	query, args := qMessages, []any{}
	switch {
	case f.Thread != 0:
		query, args = qMessagesOf, []any{f.Thread}
	case f.Quarantined:
		query = qMessagesQuarantined
	case f.Unthreaded:
		query = qMessagesUnthreaded
	}
	all, err := list(ctx, r.db, scanMessage, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list messages: %w", err)
	}
	return all, nil
}

// Raw reads the compressed raw mail of a message; nil when none is kept.
func (r *Reader) Raw(ctx context.Context, message int64) ([]byte, error) {
	var b []byte
	err := r.db.first(ctx, qRaw, []any{message}, &b)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read raw mail: %w", err)
	}
	return b, nil
}
