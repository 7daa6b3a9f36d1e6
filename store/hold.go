package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Hold is why a mail waits for an operator.
type Hold string

// The reasons to hold a mail.
const (
	HoldHorizon  Hold = "horizon"  // the mail answered is older than ack.horizon
	HoldReset    Hold = "reset"    // UIDVALIDITY changed, or the folder was restored: the mail answered may be an old one
	HoldRestored Hold = "restored" // the database was restored: the mail may have been sent already
	HoldDoubt    Hold = "doubt"    // its fate became unknown too often to try again unasked
	HoldAsked    Hold = "asked"    // an agent was asked whether it should go to the customer
	HoldClock    Hold = "clock"    // the machine's clock went back by more than a day while it waited
	HoldFate     Hold = "fate"     // what a person wrote may have arrived, and is not repeated unasked
)

// Why words the reason.
func (h Hold) Why() string {
	switch h {
	case HoldHorizon:
		return "the mail arrived longer ago than ack.horizon"
	case HoldReset:
		return "the folder was made anew or restored and this mail is older than that: it may have been answered before"
	case HoldRestored:
		return "the database was restored from a backup and this mail is older than that: it may have been sent before"
	case HoldAsked:
		return "its author was asked whether it should go to the customer"
	case HoldFate:
		return "the connection broke after the server had the whole mail: it may have arrived, and sending again may repeat it"
	case HoldClock:
		return "the clock of this machine went back by more than a day while the mail waited: its time may be wrong"
	case HoldDoubt:
		return "the server broke off several times after it had the whole mail: it may have arrived, and trying again may repeat it"
	}
	return "an operator holds it"
}

// HoldLive holds everything that waits in the outbox: after a restore it may have been sent already.
func (tx *Tx) HoldLive(why Hold) error {
	return tx.run(`UPDATE outbox SET state = 'held', hold = $1, next_at = NULL, fence = fence + 1, last_error = $2
		WHERE state IN ('queued','deferred','unknown')`, string(why), why.Why())
}

const qHeldFor = `SELECT count(DISTINCT o.thread) FROM outbox o JOIN mailbox b ON b.id = o.mailbox
	WHERE b.name = $1 AND o.state IN ('sending','held') AND o.state = 'held' AND o.hold = $2`

// HeldFor counts the threads on which a mailbox holds mail for a reason.
func (s *Store) HeldFor(mailbox string, why Hold) (n int, err error) {
	if err := s.read.first(context.Background(), qHeldFor, []any{mailbox, string(why)}, &n); err != nil {
		return 0, fmt.Errorf("count held mail: %w", err)
	}
	return n, nil
}

// MailHeld says whether the mail that would meet an obligation is held.
func (tx *Tx) MailHeld(obligation int64) (bool, error) {
	var one int
	return tx.one("SELECT 1 FROM outbox WHERE obligation = $1 AND state = 'held' LIMIT 1", []any{obligation}, &one)
}

// ReleaseFor queues what a mailbox holds for a reason, due now.
func (tx *Tx) ReleaseFor(mailbox string, why Hold, now time.Time) error {
	box, err := tx.box(mailbox)
	if err != nil {
		return err
	}
	return tx.run("UPDATE outbox SET state = 'queued', hold = '', next_at = $1, created_at = $1, last_error = '' WHERE mailbox = $2 AND state IN ('sending','held') AND state = 'held' AND hold = $3", us(now), box, string(why))
}

// Release queues one held mail. ok is false when it is not held.
func (tx *Tx) Release(id int64, now time.Time) (Mail, bool, error) {
	return tx.decide(id, "UPDATE outbox SET state = 'queued', hold = '', next_at = $1, created_at = $1, last_error = '' WHERE id = $2 AND state = 'held'", us(now), id)
}

// Drop gives up one mail that is held, queued or deferred. ok is false when it is none of these.
func (tx *Tx) Drop(id int64, why string) (Mail, bool, error) {
	return tx.decide(id, `UPDATE outbox SET state = 'dropped', hold = '', next_at = NULL, fence = fence + 1, last_error = $1
		WHERE id = $2 AND state IN ('held','queued','deferred','unknown')`, why, id)
}

func (tx *Tx) decide(id int64, query string, args ...any) (m Mail, ok bool, err error) {
	st, err := tx.stmt("SELECT " + mailColumns + " FROM outbox o JOIN mailbox b ON b.id = o.mailbox WHERE o.id = $1")
	if err != nil {
		return m, false, err
	}
	m, err = scanMail(st.QueryRow(id))
	if errors.Is(err, sql.ErrNoRows) {
		return m, false, fmt.Errorf("there is no mail %d in the outbox: triaged queue list shows those that wait", id)
	}
	if err != nil {
		return m, false, fmt.Errorf("read mail %d of the outbox: %w", id, err)
	}
	res, err := tx.exec(query, args...)
	if err != nil {
		return m, false, fmt.Errorf("decide on mail %d of the outbox: %w", id, err)
	}
	n, err := res.RowsAffected()
	return m, n == 1, err
}
