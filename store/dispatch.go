package store

import (
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"triaged/classify"
)

// States of a dispatch beside Queued, Failed and Dropped, which it shares with the outbox; doc.go draws them.
const (
	WaitingTurn = "waiting"
	Delivered   = "delivered"
)

// Dispatch is a row of the delivery table: one event on its way to one connector. Severity, Type and Status
// are the thread's at the event.
type Dispatch struct {
	ID        int64
	Connector string
	EventID   string // names the event to the outside, for ever
	Kind      string
	Event     Event
	Subject   string
	Severity  classify.Severity
	Type      classify.Type
	Status    Status
	State     string
	CreatedAt time.Time
	NextAt    time.Time
	Attempts  int
	LastError string
	// DeliveredAt is when the other side took it.
	DeliveredAt time.Time
	Fence       int64
}

// Audience says who hears of an event of a thread: the event's kind and the names of connectors. It is
// called at the end of the change, with the thread as the change leaves it, and must be quick.
type Audience func(e Event, t Thread) (kind string, connectors []string)

// Tell sets who hears of events from now on. Call it before the first change that is to be heard of; a store without
// an audience tells nobody.
func (s *Store) Tell(a Audience) { s.audience = a }

// logged is an event of the change under way.
type logged struct {
	id int64
	Event
}

// tellAll queues the events of a change for the connectors that hear of them, as the last thing in it: only now the
// threads stand as the events have left them.
func (tx *Tx) tellAll() error {
	var t Thread
	for _, l := range tx.logged {
		if l.Thread != t.ID { // most changes have the events of one thread
			st, err := tx.stmt(qThread)
			if err != nil {
				return err
			}
			if t, err = scanThread(st.QueryRow(l.Thread)); err != nil {
				return fmt.Errorf("read thread #%d: %w", l.Thread, err)
			}
		}
		if err := tx.tell(l.id, l.Event, t); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) tell(id int64, e Event, t Thread) error {
	kind, all := tx.s.audience(e, t)
	eventID := "evt_" + rand.Text() // the same for all of them: it names the event
	for _, connector := range all {
		state, next := Queued, us(e.At)
		var one int
		behind, err := tx.one("SELECT 1 FROM delivery WHERE connector = $1 AND thread = $2 AND state = 'queued'", []any{connector, e.Thread}, &one)
		if behind {
			state, next = WaitingTurn, nil
		}
		if err == nil {
			err = tx.run(`INSERT INTO delivery (event, connector, thread, event_id, kind, severity, type, status, state, created_at, next_at)
				VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
				id, connector, e.Thread, eventID, kind, int(t.Severity), string(t.Type), string(t.Status), state, us(e.At), next)
		}
		if err != nil {
			return fmt.Errorf("queue event %q for connector %s: %w", e.What, connector, err)
		}
	}
	return nil
}

const (
	dispatchColumns = `d.id, d.connector, d.event_id, d.kind, d.thread, e.at, e.who, e.what, e.why, t.subject, d.severity, d.type, d.status,
		d.state, d.created_at, d.next_at, d.attempts, d.last_error, d.delivered_at, d.fence`
	dispatchTables = " FROM delivery d JOIN event e ON e.id = d.event JOIN thread t ON t.id = d.thread "
	qDispatchNext  = "SELECT " + dispatchColumns + dispatchTables + "WHERE d.connector = $1 AND d.state = 'queued' ORDER BY d.next_at LIMIT 1"
	qDispatchesOf  = "SELECT " + dispatchColumns + dispatchTables + "WHERE d.event IN (SELECT id FROM event WHERE thread = $1) ORDER BY d.id"
)

func scanDispatch(row scanner) (Dispatch, error) {
	var d Dispatch
	var at, created int64
	var next, delivered sql.NullInt64
	var severity int
	err := row.Scan(&d.ID, &d.Connector, &d.EventID, &d.Kind, &d.Event.Thread, &at, &d.Event.Who, &d.Event.What, &d.Event.Why, &d.Subject,
		&severity, &d.Type, &d.Status, &d.State, &created, &next, &d.Attempts, &d.LastError, &delivered, &d.Fence)
	d.Severity = classify.Severity(severity)
	d.DeliveredAt = instant(delivered)
	d.Event.At, d.CreatedAt, d.NextAt = time.UnixMicro(at).UTC(), time.UnixMicro(created).UTC(), instant(next)
	return d, err
}

// NextDispatch is what a connector is to be told first, due or not; ok is false where nothing waits.
func (tx *Tx) NextDispatch(connector string) (d Dispatch, ok bool, err error) {
	st, err := tx.stmt(qDispatchNext)
	if err != nil {
		return d, false, err
	}
	d, err = scanDispatch(st.QueryRow(connector))
	if errors.Is(err, sql.ErrNoRows) {
		return d, false, nil
	}
	if err != nil {
		return d, false, fmt.Errorf("read what connector %s is told next: %w", connector, err)
	}
	return d, true, nil
}

// ClaimDispatch commits that an attempt begins, and returns the row to settle it with. A process that dies leaves
// the row due again when the lease ends: the event is told at least once.
func (tx *Tx) ClaimDispatch(d Dispatch, now time.Time, lease time.Duration) (Dispatch, bool, error) {
	res, err := tx.exec(`UPDATE delivery SET attempts = attempts + 1, fence = fence + 1, claimed_by = $1, next_at = $2
		WHERE id = $3 AND fence = $4 AND state = 'queued'`, tx.s.Boot, us(now.Add(lease)), d.ID, d.Fence)
	if err != nil {
		return d, false, fmt.Errorf("claim delivery: %w", err)
	}
	n, err := res.RowsAffected()
	d.Attempts++
	d.Fence++
	return d, n == 1, err
}

// Told is what became of one attempt to tell.
type Told struct {
	Dispatch Dispatch // with the fence it was claimed or read with
	State    string   // delivered, queued (again, at Next), failed or dropped
	At       time.Time
	Next     time.Time
	Error    string
}

// SettleDispatch records an attempt, and lets the next event of the thread have its turn where this one is done.
// ok is false when the row has moved on since.
func (tx *Tx) SettleDispatch(o Told) (ok bool, err error) {
	var next, delivered any
	switch o.State {
	case Queued:
		next = us(o.Next)
	case Delivered:
		delivered = us(o.At)
	}
	res, err := tx.exec(`UPDATE delivery SET state = $1, next_at = $2, delivered_at = $3, last_error = $4, claimed_by = NULL
		WHERE id = $5 AND fence = $6 AND state = 'queued'`, o.State, next, delivered, o.Error, o.Dispatch.ID, o.Dispatch.Fence)
	if err != nil {
		return false, fmt.Errorf("settle delivery: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	if o.State == Queued {
		return true, nil
	}
	return true, tx.nextTurn(o.Dispatch.Connector, o.Dispatch.Event.Thread, o.At)
}

// nextTurn queues the oldest event that waits in a thread.
func (tx *Tx) nextTurn(connector string, thread int64, now time.Time) error {
	err := tx.run(`UPDATE delivery SET state = 'queued', next_at = $1 WHERE id =
		(SELECT min(id) FROM delivery WHERE connector = $2 AND thread = $3 AND state = 'waiting')`, us(now), connector, thread)
	if err != nil {
		return fmt.Errorf("queue the next delivery of #%d: %w", thread, err)
	}
	return nil
}

// WakeDispatches makes everything that is put off for a connector due now, since it answers again.
func (tx *Tx) WakeDispatches(connector string, now time.Time) error {
	err := tx.run("UPDATE delivery SET next_at = $1 WHERE connector = $2 AND state = 'queued' AND next_at > $1 AND claimed_by IS NULL", us(now), connector)
	if err != nil {
		return fmt.Errorf("wake deliveries of connector %s: %w", connector, err)
	}
	return nil
}

// DropDispatches gives up what waits for connectors that are no longer configured, and says how much that was.
func (tx *Tx) DropDispatches(configured []string) (int64, error) {
	known := map[string]bool{}
	for _, name := range configured {
		known[name] = true
	}
	rows, err := tx.query("SELECT DISTINCT connector FROM delivery WHERE state = 'queued'")
	gone, err := collect(rows, err, func(row scanner) (s string, err error) { err = row.Scan(&s); return s, err })
	if err != nil {
		return 0, fmt.Errorf("list connectors: %w", err)
	}
	var dropped int64
	for _, name := range gone {
		if known[name] {
			continue
		}
		for _, state := range []string{"waiting", "queued"} { // whoever waits, waits behind one that is queued
			res, err := tx.exec(`UPDATE delivery SET state = 'dropped', next_at = NULL, fence = fence + 1, last_error = 'the connector is no longer configured'
				WHERE connector = $1 AND state = '`+state+`'`, name)
			if err != nil {
				return 0, fmt.Errorf("drop deliveries: %w", err)
			}
			n, err := res.RowsAffected()
			if err != nil {
				return 0, err
			}
			dropped += n
		}
	}
	return dropped, nil
}
