package store

import (
	"fmt"
	"time"
)

// Attempt commits that a mail is being tried now, with the bytes that will be sent; those of an earlier
// attempt stay where m has them. ok is false when the row is no longer waiting as m says: somebody else has it, or it
// was dropped or held.
func (tx *Tx) Attempt(m Mail, subject string, rendered []byte, now time.Time, lease time.Duration) (fence int64, ok bool, err error) {
	res, err := tx.exec(`UPDATE outbox SET state = 'sending', next_at = NULL, attempts = attempts + 1, fence = fence + 1,
		claimed_by = $1, lease_until = $2, subject = $3
		WHERE id = $4 AND fence = $5 AND state IN ('queued','deferred','unknown')`,
		tx.s.Boot, us(now.Add(lease)), subject, m.ID, m.Fence)
	if err != nil {
		return 0, false, fmt.Errorf("record attempt: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return m.Fence + 1, false, err
	}
	keep := "INSERT INTO rendered (outbox, zstd) VALUES ($1,$2) ON CONFLICT (outbox) DO UPDATE SET zstd = excluded.zstd"
	if m.Rendered != nil {
		keep = "INSERT INTO rendered (outbox, zstd) VALUES ($1,$2) ON CONFLICT (outbox) DO NOTHING"
	}
	if err := tx.run(keep, m.ID, rendered); err != nil {
		return 0, false, fmt.Errorf("keep the bytes of a mail: %w", err)
	}
	return m.Fence + 1, true, nil
}

// Delivery is what became of one attempt, or of a look at what became of it.
type Delivery struct {
	Mail  Mail   // with its fence, looks and doubts
	State string // sent, deferred, unknown, failed, held or dropped
	At    time.Time
	Next  time.Time // with deferred and unknown: when to try, or to find out
	Hold  Hold      // with held: why
	Error string
}

// Settle records a delivery. ok is false when the row has moved on since: its fence is another.
func (tx *Tx) Settle(d Delivery) (ok bool, err error) {
	var sent, next any
	switch d.State {
	case Sent:
		sent = us(d.At)
	case Deferred, Unknown:
		next = us(d.Next)
	}
	res, err := tx.exec(`UPDATE outbox SET state = $1, sent_at = $2, next_at = $3, hold = $4, last_error = $5, looks = $6, doubts = $7,
		claimed_by = NULL, lease_until = NULL
		WHERE id = $8 AND fence = $9 AND state IN ('sending','queued','deferred','unknown')`,
		d.State, sent, next, string(d.Hold), d.Error, d.Mail.Looks, d.Mail.Doubts, d.Mail.ID, d.Mail.Fence)
	if err != nil {
		return false, fmt.Errorf("settle delivery: %w", err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// WakeDeferred makes the deferred mails of an account due now, since its server answers
// again, and says how many there were.
func (tx *Tx) WakeDeferred(mailbox string, now time.Time) (int64, error) {
	box, err := tx.box(mailbox)
	if err != nil {
		return 0, err
	}
	res, err := tx.exec(`UPDATE outbox SET next_at = $1 WHERE mailbox = $2 AND state IN ('queued','deferred','unknown')
		AND state = 'deferred' AND next_at > $1`, us(now), box)
	if err != nil {
		return 0, fmt.Errorf("wake deferred mail: %w", err)
	}
	return res.RowsAffected()
}

// orphansUnknown finds the rows that were being sent when the last process ended: nobody knows their
// fate. They are looked into at next.
func (tx *Tx) orphansUnknown(next time.Time) error {
	err := tx.run(`UPDATE outbox SET state = 'unknown', next_at = $1, claimed_by = NULL, lease_until = NULL, fence = fence + 1,
		doubts = doubts + 1, looks = 0, last_error = 'the process ended while this mail was being sent'
		WHERE state IN ('sending','held') AND state = 'sending'`, us(next))
	if err != nil {
		return fmt.Errorf("mark mail that was being sent as unknown: %w", err)
	}
	return nil
}
