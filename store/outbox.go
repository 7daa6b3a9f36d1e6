package store

import (
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Kinds of outbox rows that there are so far. What a person wrote is a reply, an update or a resolution.
const (
	AckMail        = "ack"
	ReplyMail      = "reply"
	ResolutionMail = "resolution"
	UpdateMail     = "update"
	HoldingMail    = "holding" // an update that no person wrote
	ReminderMail   = "reminder"
	ReopenedMail   = "reopened"
	RatingMail     = "rating"
	ClosedMail     = "closed"
	NoticeMail     = "notice"
	EscalationMail = "escalation"
	ReceiptMail    = "receipt"
	NudgeMail      = "nudge"
	BriefMail      = "brief"
	DigestMail     = "digest"
	AlertMail      = "alert"
)

// Internal says that mail of a kind is for the roster only: no such mail may have another recipient.
func Internal(kind string) bool {
	switch kind {
	case NoticeMail, EscalationMail, ReceiptMail, NudgeMail, BriefMail, DigestMail:
		return true
	}
	return false
}

// States of an outbox row; doc.go draws the ways between.
const (
	Queued   = "queued"
	Sending  = "sending"
	Deferred = "deferred"
	Held     = "held"
	Unknown  = "unknown"
	Sent     = "sent"
	Bounced  = "bounced"
	Failed   = "failed"
	Dropped  = "dropped"
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
	Looks       int // how often the Sent folder was asked what became of the last attempt
	Doubts      int // how many attempts ended with the mail's fate unknown
	LastError   string
	Hold        Hold // why it is held
	SentAt      time.Time
	Rendered    []byte // zstd, nil until the first attempt
	Fence       int64
}

// Queue puts a mail into the outbox, with the two ids by which an answer will name it. A mail that was
// dropped before it can have left is replaced: what was owed is owed again.
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
	args := []any{
		m.Obligation, m.Recipient, orNull(m.Thread), box, m.Kind, m.State, orNull(m.Answers), m.SenderKey, m.DomainKey,
		m.MessageID, m.ReferenceID, string(facts), m.Urgency, us(m.CreatedAt), us(m.Deadline), next, m.LastError, string(m.Hold),
	}
	id, err := tx.insert(`INSERT INTO outbox (obligation, recipient, thread, mailbox, kind, state, answers, sender_key, domain_key,
		message_id, reference_id, facts, urgency, created_at, deadline_at, next_at, last_error, hold)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)
		ON CONFLICT (obligation, recipient) DO NOTHING`, args...)
	if errors.Is(err, errNoRow) {
		id, err = tx.requeue(args)
	}
	if err != nil {
		return 0, fmt.Errorf("queue %s: %w", m.Kind, err)
	}
	for _, ours := range []string{m.MessageID, m.ReferenceID} {
		if err := tx.run("INSERT INTO our_id (id, outbox, thread, recipient) VALUES ($1,$2,$3,$4)", ours, id, orNull(m.Thread), m.Recipient); err != nil {
			return 0, fmt.Errorf("remember our id: %w", err)
		}
	}
	return id, nil
}

// requeue puts a mail in the place of one that was dropped before it can have left.
func (tx *Tx) requeue(args []any) (id int64, err error) {
	found, err := tx.one(`UPDATE outbox SET thread = $3, mailbox = $4, kind = $5, state = $6, answers = $7, sender_key = $8, domain_key = $9,
		message_id = $10, reference_id = $11, facts = $12, urgency = $13, created_at = $14, deadline_at = $15, next_at = $16, last_error = $17, hold = $18,
		subject = '', attempts = 0, looks = 0, fence = fence + 1
		WHERE obligation = $1 AND recipient = $2 AND state = 'dropped' AND doubts = 0
		RETURNING id`, args, &id)
	if err == nil && !found {
		err = fmt.Errorf("obligation %d has its mail to %s already", args[0], args[1])
	}
	if err != nil {
		return 0, err
	}
	return id, tx.run("DELETE FROM rendered WHERE outbox = $1", id)
}

// HasAck says whether a thread has an acknowledgement in the outbox. One that was dropped counts only
// where it may have left all the same.
func (tx *Tx) HasAck(thread int64) (bool, error) {
	var one int
	return tx.one("SELECT 1 FROM outbox WHERE thread = $1 AND kind = 'ack' AND (state <> 'dropped' OR doubts > 0) LIMIT 1", []any{thread}, &one)
}

// AnswersTo counts the automatic answers queued to a normalised sender since an instant, up to a cap; a cap
// of 0 counts nothing. Scheduled mail, such as updates, answers nothing and does not count.
func (tx *Tx) AnswersTo(senderKey string, since time.Time, most int) (int, error) {
	return tx.countTo("SELECT count(*) FROM (SELECT 1 FROM outbox WHERE sender_key = $1 AND created_at > $2 AND state <> 'dropped' AND kind = 'ack' LIMIT %d) AS some", senderKey, since, most)
}

// AnswersInto counts likewise for a domain; the empty domain has no budget.
func (tx *Tx) AnswersInto(domainKey string, since time.Time, most int) (int, error) {
	return tx.countTo("SELECT count(*) FROM (SELECT 1 FROM outbox WHERE domain_key = $1 AND created_at > $2 AND state <> 'dropped' LIMIT %d) AS some", domainKey, since, most)
}

// countTo writes the cap into the query: SQLite prepares a statement anew whenever another limit is bound.
func (tx *Tx) countTo(query, key string, since time.Time, most int) (n int, err error) {
	if key == "" || most <= 0 {
		return 0, nil
	}
	if _, err = tx.one(fmt.Sprintf(query, most), []any{key, us(since)}, &n); err != nil {
		return 0, fmt.Errorf("count automatic mails: %w", err)
	}
	return n, nil
}

const mailColumns = `o.id, o.obligation, o.recipient, coalesce(o.thread, 0), b.name, o.kind, o.state, coalesce(o.answers, 0), o.sender_key, o.domain_key,
	o.message_id, o.reference_id, o.facts, o.subject, o.urgency, o.created_at, o.deadline_at, o.next_at, o.attempts, o.looks, o.doubts, o.last_error, o.hold, o.sent_at, o.fence`

func scanMail(row scanner, more ...any) (Mail, error) {
	var m Mail
	var facts string
	var created, deadline, next, sent sql.NullInt64
	dest := []any{
		&m.ID, &m.Obligation, &m.Recipient, &m.Thread, &m.Mailbox, &m.Kind, &m.State, &m.Answers, &m.SenderKey, &m.DomainKey,
		&m.MessageID, &m.ReferenceID, &facts, &m.Subject, &m.Urgency, &created, &deadline, &next, &m.Attempts, &m.Looks, &m.Doubts, &m.LastError, &m.Hold, &sent, &m.Fence,
	}
	err := row.Scan(append(dest, more...)...)
	m.CreatedAt, m.Deadline, m.NextAt, m.SentAt = instant(created), instant(deadline), instant(next), instant(sent)
	if err != nil {
		return m, err
	}
	return m, json.Unmarshal([]byte(facts), &m.Facts)
}
