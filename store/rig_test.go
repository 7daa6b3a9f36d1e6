package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"triaged/classify"
	"triaged/ingest"
)

// noon is the instant at which most stories begin.
var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

const grace = 2 * time.Minute

// rig is a store on disk with the words that stories about it need.
type rig struct {
	*Store
	t   testing.TB
	dir string
	n   int
}

func newRig(t testing.TB) *rig {
	t.Helper()
	r := &rig{t: t, dir: filepath.Join(t.TempDir(), "state")}
	r.open()
	t.Cleanup(func() { _ = r.Close() })
	return r
}

func (r *rig) open() {
	r.t.Helper()
	s, err := Open(context.Background(), r.dir, grace)
	if err != nil {
		r.t.Fatalf("Open(%s): %v", r.dir, err)
	}
	r.Store = s
}

// reopen ends in good order and starts again.
func (r *rig) reopen() {
	r.t.Helper()
	if err := r.Close(); err != nil {
		r.t.Fatalf("Close: %v", err)
	}
	r.open()
}

// die leaves the state as a kill does: nothing is counted, nothing is settled.
func (r *rig) die() {
	r.t.Helper()
	r.Boot = 0
	if err := r.Close(); err != nil {
		r.t.Fatalf("Close: %v", err)
	}
}

func (r *rig) change(fn func(tx *Tx) error) {
	r.t.Helper()
	if err := r.Change(context.Background(), fn); err != nil {
		r.t.Fatalf("Change: %v", err)
	}
}

// letter is a human mail that differs from every other.
func (r *rig) letter() *ingest.Message {
	r.n++
	m := &ingest.Message{
		MessageID: fmt.Sprintf("<%d@customer.example>", r.n), Kind: ingest.Human, KindReason: "nothing speaks of a machine",
		From: ingest.Address{Name: "Dana", Addr: "dana@customer.example"}, To: []ingest.Address{{Addr: "support@desk.example"}},
		Subject: "Cannot log in", Size: 1000,
	}
	m.Digest = sha256.Sum256([]byte(m.MessageID))
	return m
}

// entered is a thread with its first message, and what is owed because of it.
type entered struct {
	thread  Thread
	message int64
	place   Place
	owed    []Obligation
	mail    Mail
}

// enter opens a thread as the daemon does: mail, thread, events, obligations and the acknowledgement.
func (r *rig) enter(tx *Tx, box string) (e entered, err error) {
	m := r.letter()
	v := classify.Verdict{Severity: classify.SEV3, Type: "technical", Reasons: []classify.Reason{{Rule: "default", Evidence: "no word of severity"}}}
	t := Thread{Mailbox: box, Customer: Customer{Address: m.From.Addr, Name: m.From.Name}, Subject: m.Subject, Status: New, OpenedAt: noon, Language: "en"}
	t, events := t.Apply(Happening{Trigger: Opened, At: noon, Who: m.From.Addr, Why: "names no thread", Verdict: &v})
	if err = tx.OpenThread(&t); err != nil {
		return e, err
	}
	if err = tx.AddParticipant(t.ID, m.From.Addr, false, noon); err != nil {
		return e, err
	}
	e.place = Place{Mailbox: box, UIDValidity: 7, UID: uint32(r.n)}
	if e.message, err = tx.AddMessage(Record{Message: m, Mailbox: box, Thread: t.ID, Role: FromCustomer, Raw: []byte("raw"), At: noon, RecordedAt: noon}); err != nil {
		return e, err
	}
	if err = tx.Sight(e.place, e.message); err != nil {
		return e, err
	}
	if err = tx.Know(t.ID, m.MessageID, nil); err != nil {
		return e, err
	}
	if err = tx.AddEvents(t.ID, events); err != nil {
		return e, err
	}
	e.owed, err = tx.Reconcile(t.Key(), t.ID, []Obligation{
		{Kind: Acknowledge, Slot: "0", To: m.From.Addr, State: Owed, Due: noon.Add(15 * time.Minute), Warn: noon.Add(7 * time.Minute), Reason: "first message"},
		{Kind: Respond, Slot: fmt.Sprint(e.message), To: m.From.Addr, State: Owed, Due: noon.Add(4 * time.Hour), Reason: "SEV-3"},
	})
	if err != nil {
		return e, err
	}
	e.thread = t
	e.mail = Mail{
		Obligation: e.owed[0].ID, Recipient: m.From.Addr, Thread: t.ID, Mailbox: box, Kind: AckMail, State: Queued, Answers: e.message,
		SenderKey: "dana@customer.example", DomainKey: "customer.example", Urgency: 3, CreatedAt: noon, Deadline: noon.Add(15 * time.Minute), NextAt: noon,
		MessageID: fmt.Sprintf("<m.%d@desk.example>", r.n), ReferenceID: fmt.Sprintf("<t.%d@desk.example>", r.n),
		Facts: Facts{InReplyTo: m.MessageID, References: []string{"<0@customer.example>"}},
	}
	e.mail.ID, err = tx.Queue(e.mail)
	return e, err
}

// arrives is a whole change with one mail that opens a thread.
func (r *rig) arrives(box string) (e entered) {
	r.t.Helper()
	r.change(func(tx *Tx) (err error) {
		e, err = r.enter(tx, box)
		return err
	})
	return e
}

// row reads a mail of the outbox as it is now.
func (r *rig) row(id int64) Mail {
	r.t.Helper()
	m, err := scanMail(r.read.QueryRow("SELECT "+mailColumns+" FROM outbox o JOIN mailbox b ON b.id = o.mailbox WHERE o.id = $1", id))
	if err != nil {
		r.t.Fatalf("read mail %d: %v", id, err)
	}
	return m
}

// count runs a counting query.
func (r *rig) count(query string, args ...any) (n int) {
	r.t.Helper()
	if err := r.read.QueryRow(query, args...).Scan(&n); err != nil {
		r.t.Fatalf("%s: %v", query, err)
	}
	return n
}

// due lists the ids of the mails that are due.
func (r *rig) due(box string, now time.Time) (ids []int64) {
	r.t.Helper()
	all, err := r.DueMail(box, now, 100)
	if err != nil {
		r.t.Fatalf("DueMail: %v", err)
	}
	for _, m := range all {
		ids = append(ids, m.ID)
	}
	return ids
}
