package store

import (
	"database/sql"
	"fmt"
	"time"
)

// Kinds of obligation that are owed so far.
const (
	Acknowledge = "acknowledge" // an automatic first answer
	Respond     = "respond"     // a person's answer to one message
	Resolve     = "resolve"     // a resolution
	Update      = "update"      // word of how it stands, to the customer
	Nudge       = "nudge"       // the question for that word, to the owner
	Brief       = "brief"       // word of how it stands, to those inside
	Escalate    = "escalate"    // word of a missed promise to the next one up
	Remind      = "remind"      // a reminder to a silent customer
	Confirm     = "confirm"     // the customer's yes, or the end of waiting for it
	Rate        = "rate"        // the question how we did
	Deliver     = "deliver"     // what a person wrote, to its readers
	Notify      = "notify"      // a mail to those inside
	FollowUp    = "follow_up"   // something taken up again at a named time
	Digest      = "digest"      // a manager's mail of the day; its slot is the local date
)

// States of an obligation. A missed one stays missed when it is met late; MetAt then says when.
const (
	Owed   = "owed"
	Met    = "met"
	Missed = "missed"
	Void   = "void"
)

// NoLonger begins the reason of what events have overtaken.
const NoLonger = "owed no longer: "

// Obligation is something owed to somebody by an instant. (Subject, Kind, Slot) names it for ever.
type Obligation struct {
	ID      int64
	Subject string // thread:ID or manager:ADDRESS
	Thread  int64
	Kind    string
	Slot    string
	To      string
	State   string
	Due     time.Time
	// Warn is when an alarm is raised if it is still owed; zero for never, or when it was raised.
	Warn     time.Time
	MetAt    time.Time
	MissedAt time.Time
	Reason   string
}

// Reconcile makes the table agree with all that is owed to a subject now: what is new is inserted,
// what moved is moved, what was void is owed again, and what is owed no longer becomes void. What was
// met or missed stays so. It returns, with their row ids, the obligations that ask for a mail by this
// call: those that became owed, and those that were missed and never met and are owed anew, for later.
func (tx *Tx) Reconcile(subject string, thread int64, all []Obligation) (fresh []Obligation, err error) {
	have, err := tx.obligations(subject)
	if err != nil {
		return nil, err
	}
	keep := map[int64]bool{}
	for _, o := range all {
		old, known := have[o.Kind+"/"+o.Slot]
		o.ID, o.Subject, o.Thread = old.ID, subject, thread
		keep[old.ID] = true
		switch {
		case !known:
			if o.ID, err = tx.owe(o); err != nil {
				return nil, err
			}
			if o.State == Owed {
				fresh = append(fresh, o)
			}
		case old.State == Void && o.State == Owed:
			if err := tx.reowe(o); err != nil {
				return nil, err
			}
			fresh = append(fresh, o)
		case old.State == Missed && old.MetAt.IsZero() && o.State == Owed && o.Due.After(old.Due):
			fresh = append(fresh, o)
		case old.State == Owed && (old.Due.UnixMicro() != o.Due.UnixMicro() || old.State != o.State):
			if err := tx.reowe(o); err != nil {
				return nil, err
			}
		}
	}
	for _, old := range have {
		if old.State == Owed && !keep[old.ID] && !old.promised() {
			if err := tx.run("UPDATE obligation SET state = 'void', warn_at = NULL, reason = $1 WHERE id = $2", NoLonger+old.Reason, old.ID); err != nil {
				return nil, fmt.Errorf("void obligation: %w", err)
			}
		}
	}
	return fresh, nil
}

// promised says that an obligation was made by Promise: only its delivery settles it.
func (o Obligation) promised() bool { return o.Kind == Deliver || o.Kind == Notify || o.Kind == Rate }

// Promise adds one obligation beside those that are reconciled, such as an alert, and returns its row id.
func (tx *Tx) Promise(o Obligation) (int64, error) { return tx.owe(o) }

func (tx *Tx) owe(o Obligation) (int64, error) {
	id, err := tx.insert(`INSERT INTO obligation (subject, thread, kind, slot, recipient, state, due_at, warn_at, reason)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, o.Subject, orNull(o.Thread), o.Kind, o.Slot, o.To, o.State, us(o.Due), us(o.Warn), o.Reason)
	if err != nil {
		return 0, fmt.Errorf("owe %s to %s: %w", o.Kind, o.Subject, err)
	}
	return id, nil
}

func (tx *Tx) reowe(o Obligation) error {
	err := tx.run("UPDATE obligation SET state = $1, due_at = $2, warn_at = $3, recipient = $4, reason = $5 WHERE id = $6",
		o.State, us(o.Due), us(o.Warn), o.To, o.Reason, o.ID)
	if err != nil {
		return fmt.Errorf("move %s of %s: %w", o.Kind, o.Subject, err)
	}
	return nil
}

const obligationColumns = "id, subject, coalesce(thread, 0), kind, slot, recipient, state, due_at, warn_at, met_at, missed_at, reason"

func scanObligation(row scanner) (Obligation, error) {
	var o Obligation
	var due, warn, met, missed sql.NullInt64
	err := row.Scan(&o.ID, &o.Subject, &o.Thread, &o.Kind, &o.Slot, &o.To, &o.State, &due, &warn, &met, &missed, &o.Reason)
	o.Due, o.Warn, o.MetAt, o.MissedAt = instant(due), instant(warn), instant(met), instant(missed)
	return o, err
}

// obligations reads all of a subject, by kind/slot.
func (tx *Tx) obligations(subject string) (map[string]Obligation, error) {
	rows, err := tx.query("SELECT "+obligationColumns+" FROM obligation WHERE subject = $1", subject)
	if err != nil {
		return nil, fmt.Errorf("read obligations of %s: %w", subject, err)
	}
	defer rows.Close()
	all := map[string]Obligation{}
	for rows.Next() {
		o, err := scanObligation(rows)
		if err != nil {
			return nil, err
		}
		all[o.Kind+"/"+o.Slot] = o
	}
	return all, rows.Err()
}

// Meet records that an obligation was met; one that was missed stays missed and gets its late instant.
func (tx *Tx) Meet(id int64, at time.Time) error {
	return tx.run(`UPDATE obligation SET state = CASE WHEN state = 'missed' THEN 'missed' ELSE 'met' END,
		met_at = $1, warn_at = NULL WHERE id = $2 AND met_at IS NULL`, us(at), id)
}

// MeetOf meets an obligation that is known by its name only; one that does not exist is none.
func (tx *Tx) MeetOf(subject, kind, slot string, at time.Time) error {
	return tx.run(`UPDATE obligation SET state = CASE WHEN state = 'missed' THEN 'missed' ELSE 'met' END,
		met_at = $1, warn_at = NULL WHERE subject = $2 AND kind = $3 AND slot = $4 AND met_at IS NULL AND state <> 'void'`, us(at), subject, kind, slot)
}

// Waive makes an owed obligation void, with the reason.
func (tx *Tx) Waive(id int64, why string) error {
	return tx.run("UPDATE obligation SET state = 'void', warn_at = NULL, reason = $1 WHERE id = $2 AND state = 'owed'", why, id)
}

// PromiseOnce is Promise, or 0 where there is such an obligation already.
func (tx *Tx) PromiseOnce(o Obligation) (int64, error) {
	var one int
	known, err := tx.one("SELECT 1 FROM obligation WHERE subject = $1 AND kind = $2 AND slot = $3", []any{o.Subject, o.Kind, o.Slot}, &one)
	if err != nil || known {
		return 0, err
	}
	return tx.owe(o)
}
