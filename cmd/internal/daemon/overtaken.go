package daemon

import (
	"errors"
	"time"

	"triaged/store"
)

// overtaken drops automatic mail to the customer that still waits, such as during an outage of SMTP, and has become untrue: nobody
// reads that we investigate what is solved, is reminded of what they have answered, or hears from us as a spammer.
func (d *doors) overtaken(tx *store.Tx, t store.Thread, now time.Time) error {
	kinds, why := untrue(t)
	if len(kinds) == 0 {
		return nil
	}
	return d.drop(tx, t, kinds, why, now)
}

// untrue lists the kinds of automatic mail that make no sense on a thread as it stands, and why.
func untrue(t store.Thread) (kinds []string, why string) {
	switch {
	case t.Outcome == store.OutcomeSpam:
		return []string{store.AckMail, store.HoldingMail, store.ReminderMail, store.ReopenedMail, store.RatingMail, store.ClosedMail}, "the thread is closed as spam"
	case t.AcknowledgedAt.IsZero() && t.FirstResponseAt.IsZero():
		return nil, "" // there can be none yet
	case t.Status == store.Closed:
		return []string{store.HoldingMail, store.ReminderMail, store.ReopenedMail}, "the thread is closed"
	case t.Held:
		return []string{store.HoldingMail, store.ReminderMail, store.ReopenedMail, store.RatingMail, store.ClosedMail}, onHold
	case t.Status == store.Resolved || t.Status == store.WaitingOnCustomer:
		kinds = []string{store.HoldingMail, store.ReopenedMail, store.RatingMail, store.ClosedMail}
		if t.AskedAt.IsZero() {
			kinds = append(kinds, store.ReminderMail) // they have written, or never read what we asked
		}
		return kinds, "the thread is " + string(t.Status)
	}
	if len(t.Pauses) == 0 && t.Reopenings == 0 {
		return nil, "" // nothing was asked yet
	}
	return []string{store.ReminderMail, store.RatingMail, store.ClosedMail}, "the thread is " + string(t.Status)
}

// drop takes mails of some kinds out of the outbox before they leave.
func (d *doors) drop(tx *store.Tx, t store.Thread, kinds []string, why string, now time.Time) error {
	dropped, err := tx.Overtake(t.ID, kinds, why)
	return errors.Join(err, withheld(tx, t, dropped, why, now))
}

// dropSlots takes what the schedule of a thread has queued for one kind of obligation out of the outbox before it leaves.
func (d *doors) dropSlots(tx *store.Tx, t store.Thread, owed, why string, now time.Time) error {
	dropped, err := tx.OvertakeSlots(t.ID, owed, why)
	return errors.Join(err, withheld(tx, t, dropped, why, now))
}

func withheld(tx *store.Tx, t store.Thread, dropped []string, why string, now time.Time) error {
	for _, kind := range dropped {
		if err := tx.AddEvent(store.Event{Thread: t.ID, At: now, Who: "rules of mail", What: "withheld " + kind, Why: "it had not left yet: " + why}); err != nil {
			return err
		}
	}
	return nil
}
