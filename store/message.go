package store

import (
	"encoding/json"
	"fmt"
	"time"

	"triaged/ingest"
)

// Role is what the sender of a message is to its thread.
type Role string

// FromUs is mail of ours that came back in, ForCustomer a customer's mail that somebody on the roster passed on.
const (
	FromCustomer Role = "customer"
	FromPending  Role = "pending"
	FromAgent    Role = "agent"
	ForCustomer  Role = "forwarded"
	FromUs       Role = "own"
	FromMachine  Role = "machine"
)

// Record is a message as it goes into the store: what was read, where it belongs and why.
type Record struct {
	Message    *ingest.Message
	Mailbox    string
	Thread     int64 // 0 while it belongs to none
	Role       Role
	Internal   bool
	Place      string // why it stands in this thread, or in none
	Raw        []byte // zstd, see Compress; nil keeps none
	At         time.Time
	RecordedAt time.Time
}

// Place is where on a server a mail was seen.
type Place struct {
	Mailbox          string
	UIDValidity, UID uint32
}

// Seen says whether this very mail was recorded before.
func (tx *Tx) Seen(p Place) (bool, error) {
	box, err := tx.box(p.Mailbox)
	if err != nil {
		return false, err
	}
	var one int
	return tx.one("SELECT 1 FROM sighting WHERE mailbox = $1 AND uid_validity = $2 AND uid = $3", []any{box, p.UIDValidity, p.UID}, &one)
}

// Earlier is a mail that was recorded before under another sighting.
type Earlier struct {
	ID, Thread int64
	Mailbox    string
}

// SameMail finds a mail by Message-ID and digest, however it came.
func (tx *Tx) SameMail(m *ingest.Message) (e Earlier, found bool, err error) {
	found, err = tx.one(`SELECT m.id, coalesce(m.thread, 0), b.name FROM message m JOIN mailbox b ON b.id = m.mailbox
		WHERE m.message_id = $1 AND m.digest = $2`, []any{m.MessageID, m.Digest[:]}, &e.ID, &e.Thread, &e.Mailbox)
	return e, found, err
}

// SaidBefore says that somebody on the roster has sent a mail of the same From, Date, Subject and text before, whatever its
// Message-ID and thread: the very same words again are a replay. The row that is this very mail does not count; 0 for none.
func (tx *Tx) SaidBefore(m *ingest.Message, but int64) (bool, error) {
	var one int
	return tx.one("SELECT 1 FROM message WHERE role = 'agent' AND digest = $1 AND id <> $2 LIMIT 1", []any{m.Digest[:], but}, &one)
}

// Sight records where a message was seen and moves the folder's watermark.
func (tx *Tx) Sight(p Place, message int64) error {
	box, err := tx.box(p.Mailbox)
	if err != nil {
		return err
	}
	if err := tx.run("INSERT INTO sighting (mailbox, uid_validity, uid, message) VALUES ($1,$2,$3,$4)", box, p.UIDValidity, p.UID, message); err != nil {
		return fmt.Errorf("record uid %d of %s: %w", p.UID, p.Mailbox, err)
	}
	return tx.run("UPDATE epoch SET watermark = $1 WHERE mailbox = $2 AND uid_validity = $3 AND watermark < $1", p.UID, box, p.UIDValidity)
}

// AddMessage stores a message and returns its row id.
func (tx *Tx) AddMessage(r Record) (int64, error) {
	box, err := tx.box(r.Mailbox)
	if err != nil {
		return 0, err
	}
	m := r.Message
	to, err := json.Marshal(bare(m.To, m.Cc))
	if err != nil {
		return 0, fmt.Errorf("write recipients: %w", err)
	}
	if r.At.IsZero() {
		r.At = r.RecordedAt // a server that tells no date must not stop its mail
	}
	id, err := tx.insert(`INSERT INTO message (mailbox, thread, message_id, digest, kind, kind_reason, role, internal,
		from_address, from_name, recipients, subject, place, quarantine, size, at, recorded_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)`,
		box, orNull(r.Thread), m.MessageID, m.Digest[:], string(m.Kind), m.KindReason, string(r.Role), r.Internal,
		m.From.Addr, m.From.Name, string(to), m.Subject, r.Place, m.Quarantine, m.Size, us(r.At), us(r.RecordedAt))
	if err != nil {
		return 0, fmt.Errorf("store message: %w", err)
	}
	if r.Raw != nil {
		if err := tx.run("INSERT INTO raw (message, zstd) VALUES ($1,$2)", id, r.Raw); err != nil {
			return 0, fmt.Errorf("store raw mail: %w", err)
		}
	}
	return id, nil
}

func bare(lists ...[]ingest.Address) []string {
	all := []string{}
	for _, l := range lists {
		for _, a := range l {
			all = append(all, a.Addr)
		}
	}
	return all
}

// MoveMessage puts a message that was recorded elsewhere, without a thread, where it belongs now.
func (tx *Tx) MoveMessage(id int64, r Record) error {
	box, err := tx.box(r.Mailbox)
	if err != nil {
		return err
	}
	err = tx.run(`UPDATE message SET mailbox = $1, thread = $2, role = $3, place = $4, at = $5, recorded_at = $6,
		internal = $7 WHERE id = $8 AND thread IS NULL`, box, orNull(r.Thread), string(r.Role), r.Place, us(r.At), us(r.RecordedAt), r.Internal, id)
	if err != nil {
		return fmt.Errorf("move message: %w", err)
	}
	return nil
}

// MoveWaiting moves the messages of a thread that wait for an answer into another, and returns the last of them; 0 for none.
func (tx *Tx) MoveWaiting(from, into int64) (last int64, err error) {
	rows, err := tx.query(`UPDATE message SET thread = $1 WHERE thread = $2 AND role IN ('customer','forwarded') AND answered = 0 RETURNING id`, into, from)
	if err != nil {
		return 0, fmt.Errorf("move what waits on #%d: %w", from, err)
	}
	moved, err := collect(rows, nil, func(row scanner) (id int64, err error) { return id, row.Scan(&id) })
	for _, id := range moved {
		last = max(last, id)
	}
	return last, err
}

// AddEvent appends a line to a log, and queues it for the connectors that hear of it.
func (tx *Tx) AddEvent(e Event) error {
	id, err := tx.insert("INSERT INTO event (thread, at, who, what, why) VALUES ($1,$2,$3,$4,$5)", orNull(e.Thread), us(e.At), e.Who, e.What, e.Why)
	if err != nil {
		return fmt.Errorf("log event %q: %w", e.What, err)
	}
	if tx.s.audience != nil && e.Thread != 0 {
		tx.logged = append(tx.logged, logged{id, e})
	}
	return nil
}

// AddEvents appends several lines to the log of one thread.
func (tx *Tx) AddEvents(thread int64, events []Event) error {
	for _, e := range events {
		e.Thread = thread
		if err := tx.AddEvent(e); err != nil {
			return err
		}
	}
	return nil
}
