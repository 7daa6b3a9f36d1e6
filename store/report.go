package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"
)

// Report is the facts of a window of time, from which every figure is measured (measure.go). Threads closed as spam or merged count nowhere.
type Report struct {
	From, To time.Time // From belongs to the window, To does not
	// Threads are those whose life touches the window: not closed yet, or closed since From. Most severe first, then the oldest.
	Threads []Thread
	// Promises are the acknowledgements, answers, updates and resolutions of these threads that were or are owed.
	Promises []Obligation
	// Acks are the acknowledgements that SMTP accepted in the window.
	Acks []Acked
	// Unsent are the events of mails that were withheld or failed in the window, oldest first.
	Unsent []Event
	// Waiting are the mails that wait for a person now.
	Waiting []Mail
	// Corrected says how often persons have set right what the machine had judged, of the threads opened in the window.
	Corrected Corrected
}

// Acked is one acknowledgement with the arrival of the mail that it answers.
type Acked struct {
	Thread            int64
	Arrived, Accepted time.Time
}

// unsentWords is the condition of the index event_unsent, word for word.
const unsentWords = `(what >= 'withheld ' AND what < 'withheld!'
  OR what IN ('ack failed','ack bounced','mail failed','mail bounced','mail to the team failed'))`

// CROSS JOIN: the threads come first, by their own index.
const (
	promiseOf = "SELECT o.id, o.subject, coalesce(o.thread, 0), o.kind, o.slot, o.recipient, o.state, o.due_at, o.warn_at, o.met_at, o.missed_at, o.reason" +
		` FROM thread t CROSS JOIN obligation o
		WHERE o.subject = 'thread:' || t.id AND o.kind IN ('acknowledge','respond','update','resolve') AND o.state <> 'void' AND `
	ackedOf = `SELECT o.thread, m.at, o.sent_at FROM thread t CROSS JOIN outbox o JOIN message m ON m.id = o.answers
		WHERE o.thread = t.id AND o.kind = 'ack' AND o.sent_at >= $1 AND o.sent_at < $2 AND `

	qThreadsSince  = "SELECT " + threadColumns + " FROM thread t JOIN mailbox b ON b.id = t.mailbox WHERE t.closed_at >= $1"
	qPromisesOpen  = promiseOf + "t.closed_at IS NULL"
	qPromisesSince = promiseOf + "t.closed_at >= $1"
	qAckedOpen     = ackedOf + "t.closed_at IS NULL"
	qAckedSince    = ackedOf + "t.closed_at >= $1"
	qUnsent        = "SELECT coalesce(thread, 0), at, who, what, why FROM event WHERE at >= $1 AND at < $2 AND " + unsentWords + " ORDER BY at"
)

// Report reads the facts of a window that ends now or later: what a thread was before it was closed and opened again is known no more.
func (r *Reader) Report(ctx context.Context, from, to time.Time) (Report, error) {
	all := Report{From: from, To: to}
	for _, read := range []func() error{
		func() error { return more(ctx, r, &all.Threads, scanThread, qThreadsOpen) },
		func() error { return more(ctx, r, &all.Threads, scanThread, qThreadsSince, us(from)) },
		func() error { return more(ctx, r, &all.Promises, scanObligation, qPromisesOpen) },
		func() error { return more(ctx, r, &all.Promises, scanObligation, qPromisesSince, us(from)) },
		func() error { return more(ctx, r, &all.Acks, scanAcked, qAckedOpen, us(from), us(to)) },
		func() error { return more(ctx, r, &all.Acks, scanAcked, qAckedSince, us(from), us(to)) },
		func() error { return more(ctx, r, &all.Unsent, scanEvent, qUnsent, us(from), us(to)) },
	} {
		if err := read(); err != nil {
			return Report{}, fmt.Errorf("read the report since %s: %w", from.Format(time.DateTime), err)
		}
	}
	var err error
	if all.Corrected, err = r.Corrections(ctx, from, to); err != nil {
		return Report{}, err
	}
	all.Waiting, err = r.Outbox(ctx, 0)
	return all.sorted(), err
}

// more appends what a query finds.
func more[T any](ctx context.Context, r *Reader, to *[]T, scan func(scanner) (T, error), query string, args ...any) error {
	found, err := list(ctx, r.db, scan, query, args...)
	*to = append(*to, found...)
	return err
}

func scanAcked(row scanner) (Acked, error) {
	var a Acked
	var arrived, accepted sql.NullInt64
	err := row.Scan(&a.Thread, &arrived, &accepted)
	a.Arrived, a.Accepted = instant(arrived), instant(accepted)
	return a, err
}

// sorted leaves out what is uncounted and puts the most urgent first. A thread that was closed between two readings is kept once.
func (r Report) sorted() Report {
	seen := map[int64]bool{}
	r.Threads = slices.DeleteFunc(r.Threads, func(t Thread) bool {
		twice := seen[t.ID]
		seen[t.ID] = true
		return twice || t.Uncounted()
	})
	slices.SortStableFunc(r.Threads, func(a, b Thread) int {
		if a.Severity != b.Severity {
			return int(a.Severity) - int(b.Severity)
		}
		return a.OpenedAt.Compare(b.OpenedAt)
	})
	return r
}

// Within is the same facts for a part of the window.
func (r Report) Within(from, to time.Time) Report {
	r.From, r.To = from, to
	r.Acks = slices.DeleteFunc(slices.Clone(r.Acks), func(a Acked) bool { return !r.in(a.Accepted) })
	r.Unsent = slices.DeleteFunc(slices.Clone(r.Unsent), func(e Event) bool { return !r.in(e.At) })
	return r
}

// in says whether an instant lies in the window; what has not happened does not.
func (r Report) in(at time.Time) bool {
	return !at.IsZero() && !at.Before(r.From) && at.Before(r.To)
}
