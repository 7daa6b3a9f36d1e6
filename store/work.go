package store

import (
	"context"
	"fmt"
	"time"
)

// Work is something to be done after a commit, by a worker that may do it twice without harm.
type Work struct {
	ID       int64
	Kind     string // chore (on the IMAP server), alert (to the webhook) or judge (by the model)
	Key      string // the same key is never queued twice
	Mailbox  string // empty where it concerns none
	Payload  string
	Attempts int
	NextAt   time.Time
}

// Kinds of work.
const (
	Chore = "chore"
	Alert = "alert"
)

// AddWork queues work; a key that is queued already stays as it is.
func (tx *Tx) AddWork(w Work, now time.Time) error {
	var box any
	if w.Mailbox != "" {
		id, err := tx.box(w.Mailbox)
		if err != nil {
			return err
		}
		box = id
	}
	err := tx.run(`INSERT INTO work (kind, key, mailbox, payload, created_at, next_at) VALUES ($1,$2,$3,$4,$5,$5)
		ON CONFLICT (key) DO NOTHING`, w.Kind, w.Key, box, w.Payload, us(now))
	if err != nil {
		return fmt.Errorf("queue %s: %w", w.Kind, err)
	}
	return nil
}

const workColumns = "w.id, w.kind, w.key, coalesce(b.name, ''), w.payload, w.attempts, w.next_at"

const (
	qDueWork = "SELECT " + workColumns + ` FROM work w JOIN mailbox b ON b.id = w.mailbox
		WHERE w.kind = $1 AND b.name = $2 AND w.next_at <= $3 ORDER BY w.next_at, w.id LIMIT $4`
	qDueWorkOfNone = "SELECT " + workColumns + ` FROM work w LEFT JOIN mailbox b ON b.id = w.mailbox
		WHERE w.kind = $1 AND w.mailbox IS NULL AND w.next_at <= $2 ORDER BY w.next_at, w.id LIMIT $3`
)

// DueWork lists work of a kind that is due, longest due first; mailbox "" is work that concerns none.
func (s *Store) DueWork(kind, mailbox string, now time.Time, limit int) ([]Work, error) {
	query, args := qDueWork, []any{kind, mailbox, us(now), limit}
	if mailbox == "" {
		query, args = qDueWorkOfNone, []any{kind, us(now), limit}
	}
	all, err := list(context.Background(), s.read, scanWork, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list due work: %w", err)
	}
	return all, nil
}

func scanWork(row scanner) (Work, error) {
	var w Work
	var next int64
	err := row.Scan(&w.ID, &w.Kind, &w.Key, &w.Mailbox, &w.Payload, &w.Attempts, &next)
	w.NextAt = time.UnixMicro(next).UTC()
	return w, err
}

// Done removes finished work.
func (tx *Tx) Done(id int64) error { return tx.run("DELETE FROM work WHERE id = $1", id) }

// Retry puts work off until an instant, with what went wrong.
func (tx *Tx) Retry(id int64, at time.Time, why string) error {
	return tx.run("UPDATE work SET attempts = attempts + 1, next_at = $1, last_error = $2 WHERE id = $3", us(at), why, id)
}
