package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// ErrNoThread says that no thread has that reference.
var ErrNoThread = errors.New("no such thread")

const (
	qThread      = "SELECT " + threadColumns + " FROM thread t JOIN mailbox b ON b.id = t.mailbox WHERE t.id = $1"
	qThreadsAll  = "SELECT " + threadColumns + " FROM thread t JOIN mailbox b ON b.id = t.mailbox ORDER BY t.severity, t.opened_at, t.id"
	qThreadsOpen = "SELECT " + threadColumns + " FROM thread t JOIN mailbox b ON b.id = t.mailbox WHERE t.closed_at IS NULL ORDER BY t.severity, t.opened_at, t.id"
	qEvents      = "SELECT coalesce(thread, 0), at, who, what, why FROM event WHERE thread = $1 ORDER BY id"
	qObligations = "SELECT " + obligationColumns + " FROM obligation WHERE subject = $1 ORDER BY id"
	qOwed        = "SELECT " + obligationColumns + ` FROM obligation WHERE subject IN (SELECT 'thread:' || id FROM thread WHERE closed_at IS NULL)
		AND (state = 'owed' OR state = 'missed' AND met_at IS NULL) ORDER BY due_at, id`
	qParticipants = "SELECT address, pending FROM participant WHERE thread = $1 ORDER BY since, address"
	qOutboxOf     = "SELECT " + mailColumns + " FROM outbox o JOIN mailbox b ON b.id = o.mailbox WHERE o.thread = $1 ORDER BY o.id"
	qMailHeld     = "SELECT " + mailColumns + " FROM outbox o JOIN mailbox b ON b.id = o.mailbox WHERE o.state IN ('sending','held') AND o.state = 'held'"
	qMailUnknown  = "SELECT " + mailColumns + " FROM outbox o JOIN mailbox b ON b.id = o.mailbox WHERE o.state IN ('queued','deferred','unknown') AND o.state = 'unknown'"
)

// Threads lists threads, most severe and oldest first; closed ones only when all is set.
func (r *Reader) Threads(ctx context.Context, all bool) ([]Thread, error) {
	query := qThreadsOpen
	if all {
		query = qThreadsAll
	}
	threads, err := list(ctx, r.db, scanThread, query)
	if err != nil {
		return nil, fmt.Errorf("list threads: %w", err)
	}
	return threads, nil
}

// Thread reads one thread, or ErrNoThread.
func (r *Reader) Thread(ctx context.Context, id int64) (Thread, error) {
	found, err := list(ctx, r.db, scanThread, qThread, id)
	if err != nil {
		return Thread{}, fmt.Errorf("read thread #%d: %w", id, err)
	}
	if len(found) == 0 {
		return Thread{}, fmt.Errorf("#%d: %w", id, ErrNoThread)
	}
	return found[0], nil
}

// Events lists a thread's log in order.
func (r *Reader) Events(ctx context.Context, thread int64) ([]Event, error) {
	events, err := list(ctx, r.db, scanEvent, qEvents, thread)
	if err != nil {
		return nil, fmt.Errorf("list events of #%d: %w", thread, err)
	}
	return events, nil
}

func scanEvent(row scanner) (Event, error) {
	var e Event
	var at int64
	err := row.Scan(&e.Thread, &at, &e.Who, &e.What, &e.Why)
	e.At = time.UnixMicro(at).UTC()
	return e, err
}

// Obligations lists what was and is owed on a thread.
func (r *Reader) Obligations(ctx context.Context, thread int64) ([]Obligation, error) {
	all, err := list(ctx, r.db, scanObligation, qObligations, threadKey(thread))
	if err != nil {
		return nil, fmt.Errorf("list obligations of #%d: %w", thread, err)
	}
	return all, nil
}

// Owed lists, by thread, what is owed on open threads or was missed and has not been met since, the most urgent first.
func (r *Reader) Owed(ctx context.Context) (map[int64][]Obligation, error) {
	all, err := list(ctx, r.db, scanObligation, qOwed)
	if err != nil {
		return nil, fmt.Errorf("list what is owed: %w", err)
	}
	by := map[int64][]Obligation{}
	for _, o := range all {
		by[o.Thread] = append(by[o.Thread], o)
	}
	return by, nil
}

// Participants lists who takes part in a thread, and who asks to, the longest first.
func (r *Reader) Participants(ctx context.Context, thread int64) ([]Participant, error) {
	all, err := list(ctx, r.db, scanParticipant, qParticipants, thread)
	if err != nil {
		return nil, fmt.Errorf("list participants of #%d: %w", thread, err)
	}
	return all, nil
}

func scanParticipant(row scanner) (p Participant, err error) {
	err = row.Scan(&p.Address, &p.Pending)
	return p, err
}

// Outbox lists the mails of a thread, oldest first; with thread 0 those that wait for a person or
// for news of their fate (held or unknown).
func (r *Reader) Outbox(ctx context.Context, thread int64) ([]Mail, error) {
	if thread != 0 {
		return r.mails(ctx, qOutboxOf, thread)
	}
	held, err := r.mails(ctx, qMailHeld)
	if err != nil {
		return nil, err
	}
	unknown, err := r.mails(ctx, qMailUnknown)
	all := append(held, unknown...)
	slices.SortFunc(all, func(a, b Mail) int { return cmp.Compare(a.ID, b.ID) })
	return all, err
}

func (r *Reader) mails(ctx context.Context, query string, args ...any) ([]Mail, error) {
	all, err := list(ctx, r.db, func(row scanner) (Mail, error) { return scanMail(row) }, query, args...)
	if err != nil {
		return nil, fmt.Errorf("list outbox: %w", err)
	}
	return all, nil
}

const qMailOf = "SELECT " + mailColumns + `, r.zstd FROM our_id i JOIN outbox o ON o.id = i.outbox JOIN mailbox b ON b.id = o.mailbox
	LEFT JOIN rendered r ON r.outbox = o.id WHERE i.id = $1`

// MailOf finds the mail of ours that bears an id, with its bytes where they were made already; ok is false where the id is not ours.
func (r *Reader) MailOf(ctx context.Context, id string) (m Mail, ok bool, err error) {
	found, err := list(ctx, r.db, func(row scanner) (Mail, error) {
		var zstd []byte
		m, err := scanMail(row, &zstd)
		m.Rendered = zstd
		return m, err
	}, qMailOf, id)
	if err != nil {
		return Mail{}, false, fmt.Errorf("read the mail that bears %s: %w", id, err)
	}
	if len(found) == 0 {
		return Mail{}, false, nil
	}
	return found[0], true, nil
}

// Dispatches lists what connectors were told of a thread, or are to be told, oldest first.
func (r *Reader) Dispatches(ctx context.Context, thread int64) ([]Dispatch, error) {
	all, err := list(ctx, r.db, scanDispatch, qDispatchesOf, thread)
	if err != nil {
		return nil, fmt.Errorf("list deliveries of #%d: %w", thread, err)
	}
	return all, nil
}
