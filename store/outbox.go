package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// AckMail is the kind of outbox row that there is so far.
const AckMail = "ack"

// States of an outbox row; doc.go draws the ways between.
const (
	Queued    = "queued"
	Sending   = "sending"
	Deferred  = "deferred"
	Held      = "held"
	Unknown   = "unknown"
	Delivered = "sent"
	Bounced   = "bounced"
	Failed    = "failed"
	Dropped   = "dropped"
)

// Mail is an outbox row: one mail to one recipient, owed by an obligation.
type Mail struct {
	ID          int64
	Obligation  int64
	Recipient   string
	Thread      int64
	Mailbox     string
	Kind        string
	State       string
	Answers     int64  // the message row it answers
	SenderKey   string // the recipient, normalised, for caps
	DomainKey   string
	MessageID   string
	ReferenceID string
	Facts       Facts
	Subject     string // as rendered; empty before the first attempt
	Urgency     int    // 1 goes first
	CreatedAt   time.Time
	Deadline    time.Time
	NextAt      time.Time
	Attempts    int
	Looks       int // how often the Sent folder was asked what became of it
	LastError   string
	Hold        Hold
	SentAt      time.Time
	Rendered    []byte // zstd, nil until the first attempt
	Fence       int64
}

// Facts are what a mail is rendered from, beside its thread: fixed when it was queued.
type Facts struct {
	InReplyTo  string   `json:"in_reply_to,omitempty"`
	References []string `json:"references,omitempty"`
	Subject    string   `json:"subject,omitempty"` // of the mail answered; only where it may be echoed
	Name       string   `json:"name,omitempty"`    // the recipient's display name, likewise
}

// Queue puts a mail into the outbox, with the two ids by which an answer will name it.
func (tx *Tx) Queue(m Mail) (int64, error) {
	box, err := tx.box(m.Mailbox)
	if err != nil {
		return 0, err
	}
	facts, err := json.Marshal(m.Facts)
	if err != nil {
		return 0, fmt.Errorf("write facts: %w", err)
	}
	var next any
	if m.State == Queued {
		next = us(m.NextAt)
	}
	id, err := tx.insert(`INSERT INTO outbox (obligation, recipient, thread, mailbox, kind, state, answers, sender_key, domain_key,
		message_id, reference_id, facts, urgency, created_at, deadline_at, next_at, last_error, hold)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)`,
		m.Obligation, m.Recipient, m.Thread, box, m.Kind, m.State, m.Answers, m.SenderKey, m.DomainKey,
		m.MessageID, m.ReferenceID, string(facts), m.Urgency, us(m.CreatedAt), us(m.Deadline), next, m.LastError, string(m.Hold))
	if err != nil {
		return 0, fmt.Errorf("queue %s: %w", m.Kind, err)
	}
	for _, ours := range []string{m.MessageID, m.ReferenceID} {
		if err := tx.run("INSERT INTO our_id (id, outbox, thread, recipient) VALUES ($1,$2,$3,$4)", ours, id, m.Thread, m.Recipient); err != nil {
			return 0, fmt.Errorf("remember our id: %w", err)
		}
	}
	return id, nil
}

// HasAck says whether a thread has, or had, an acknowledgement in the outbox.
func (tx *Tx) HasAck(thread int64) (bool, error) {
	var one int
	return tx.one("SELECT 1 FROM outbox WHERE thread = $1 AND kind = 'ack' AND state <> 'dropped'", []any{thread}, &one)
}

// AnswersTo counts the automatic answers queued to a normalised sender since an instant, up to a cap; a cap
// of 0 counts nothing.
func (tx *Tx) AnswersTo(senderKey string, since time.Time, most int) (int, error) {
	return tx.countTo("SELECT count(*) FROM (SELECT 1 FROM outbox WHERE sender_key = $1 AND created_at > $2 AND state <> 'dropped' LIMIT $3) AS some", senderKey, since, most)
}

// AnswersInto counts likewise for a domain; the empty domain has no budget.
func (tx *Tx) AnswersInto(domainKey string, since time.Time, most int) (int, error) {
	return tx.countTo("SELECT count(*) FROM (SELECT 1 FROM outbox WHERE domain_key = $1 AND created_at > $2 AND state <> 'dropped' LIMIT $3) AS some", domainKey, since, most)
}

func (tx *Tx) countTo(query, key string, since time.Time, most int) (n int, err error) {
	if key == "" || most <= 0 {
		return 0, nil
	}
	if _, err = tx.one(query, []any{key, us(since), most}, &n); err != nil {
		return 0, fmt.Errorf("count automatic mails: %w", err)
	}
	return n, nil
}

// Attempt commits that a mail is being tried now, with the bytes that will be sent. ok is false when
// the row is no longer waiting: somebody else has it, or it was dropped or held.
func (tx *Tx) Attempt(m Mail, subject string, rendered []byte, now time.Time, lease time.Duration) (fence int64, ok bool, err error) {
	res, err := tx.exec(`UPDATE outbox SET state = 'sending', next_at = NULL, attempts = attempts + 1, fence = fence + 1,
		claimed_by = $1, lease_until = $2, subject = $3, zstd = coalesce(zstd, $4)
		WHERE id = $5 AND fence = $6 AND state IN ('queued','deferred','unknown')`,
		tx.s.Boot, us(now.Add(lease)), subject, rendered, m.ID, m.Fence)
	if err != nil {
		return 0, false, fmt.Errorf("record attempt: %w", err)
	}
	n, err := res.RowsAffected()
	return m.Fence + 1, n == 1, err
}

// Delivery is what became of one attempt.
type Delivery struct {
	Mail  Mail
	State string // sent, deferred, unknown, failed, held or dropped
	At    time.Time
	Next  time.Time // with deferred and unknown: when to try, or to find out
	Error string
}

// Settle records a delivery. ok is false when the row has moved on since (its fence is another).
func (tx *Tx) Settle(d Delivery) (ok bool, err error) {
	var sent, next any
	if d.State == Delivered {
		sent = us(d.At)
	}
	if d.State == Deferred || d.State == Unknown || d.State == Queued {
		next = us(d.Next)
	}
	res, err := tx.exec(`UPDATE outbox SET state = $1, sent_at = $2, next_at = $3, last_error = $4, looks = $5, claimed_by = NULL, lease_until = NULL
		WHERE id = $6 AND fence = $7 AND state NOT IN ('sent','bounced','failed','dropped')`, d.State, sent, next, d.Error, d.Mail.Looks, d.Mail.ID, d.Mail.Fence)
	if err != nil {
		return false, fmt.Errorf("settle delivery: %w", err)
	}
	n, err := res.RowsAffected()
	return n == 1, err
}

// WakeDeferred makes the deferred mails of an account due now: its server answers again.
func (tx *Tx) WakeDeferred(mailbox string, now time.Time) (int64, error) {
	box, err := tx.box(mailbox)
	if err != nil {
		return 0, err
	}
	res, err := tx.exec("UPDATE outbox SET next_at = $1 WHERE mailbox = $2 AND state = 'deferred' AND next_at > $1 AND kind = 'ack'", us(now), box)
	if err != nil {
		return 0, fmt.Errorf("wake deferred mail: %w", err)
	}
	return res.RowsAffected()
}

// orphansUnknown finds the rows that were being sent when the last process ended: nobody knows their fate.
func (tx *Tx) orphansUnknown(now time.Time) error {
	return tx.run(`UPDATE outbox SET state = 'unknown', next_at = $1, claimed_by = NULL, lease_until = NULL, fence = fence + 1,
		last_error = 'the process ended while this mail was being sent' WHERE state = 'sending'`, us(now))
}

const mailColumns = `o.id, o.obligation, o.recipient, coalesce(o.thread, 0), b.name, o.kind, o.state, coalesce(o.answers, 0), o.sender_key, o.domain_key,
	o.message_id, o.reference_id, o.facts, o.subject, o.urgency, o.created_at, o.deadline_at, o.next_at, o.attempts, o.looks, o.last_error, o.hold, o.sent_at, o.fence`

func scanMail(row scanner, more ...any) (Mail, error) {
	var m Mail
	var facts string
	var created, deadline, next, sent sql.NullInt64
	dest := []any{
		&m.ID, &m.Obligation, &m.Recipient, &m.Thread, &m.Mailbox, &m.Kind, &m.State, &m.Answers, &m.SenderKey, &m.DomainKey,
		&m.MessageID, &m.ReferenceID, &facts, &m.Subject, &m.Urgency, &created, &deadline, &next, &m.Attempts, &m.Looks, &m.LastError, &m.Hold, &sent, &m.Fence,
	}
	err := row.Scan(append(dest, more...)...)
	m.CreatedAt, m.Deadline, m.NextAt, m.SentAt = instant(created), instant(deadline), instant(next), instant(sent)
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal([]byte(facts), &m.Facts)
}
