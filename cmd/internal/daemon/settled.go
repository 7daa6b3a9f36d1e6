package daemon

import (
	"fmt"
	"time"

	"triaged/store"
)

// ask is what a person asks for.
type ask struct {
	Verb string // release or drop
	Mail int64
	Who  string
	Now  time.Time
}

// sent: the server took the mail. The instant of its answer is when the customer was acknowledged.
func (d *doors) sent(tx *store.Tx, s store.Delivery) error {
	if err := tx.Meet(s.Mail.Obligation, s.At); err != nil || s.Mail.Thread == 0 {
		return err
	}
	t, err := tx.Thread(s.Mail.Thread)
	if err != nil {
		return err
	}
	why := fmt.Sprintf("SMTP took the mail for %s at attempt %d", s.Mail.Recipient, s.Mail.Attempts)
	if s.Error != "" {
		why = s.Error
	}
	t, events := t.Apply(store.Happening{Trigger: store.AckSent, At: s.At, Who: "outbox", Why: why})
	if err := tx.SaveThread(t); err != nil {
		return err
	}
	return tx.AddEvents(t.ID, events)
}

// notSent: a mail will never leave. That is an event and an alarm, never another mail to the same address.
func (d *doors) notSent(tx *store.Tx, s store.Delivery) error {
	if err := tx.Waive(s.Mail.Obligation, "the mail was not sent: "+s.Error); err != nil {
		return err
	}
	if s.Mail.Thread == 0 { // an alert: crying about it by the same way would never end
		d.alerts.log.Error("an alert could not be sent", "to", s.Mail.Recipient, "err", s.Error)
		return nil
	}
	t, err := tx.Thread(s.Mail.Thread)
	if err != nil {
		return err
	}
	t, events := t.Apply(store.Happening{Trigger: store.AckFailed, At: s.At, Who: "outbox", Why: s.State + ": " + s.Error})
	if err := tx.SaveThread(t); err != nil {
		return err
	}
	if err := tx.AddEvents(t.ID, events); err != nil {
		return err
	}
	return d.alerts.raise(tx, alarm{
		Key: "not sent " + s.Mail.Mailbox, What: "an acknowledgement cannot be sent", At: s.At, Mailbox: s.Mail.Mailbox,
		Threads: []string{t.Ref()}, Why: s.Error,
	})
}

// heldBack: a mail that may have arrived several times over waits for a person.
func (d *doors) heldBack(tx *store.Tx, s store.Delivery) error {
	e := store.Event{Thread: s.Mail.Thread, At: s.At, Who: "outbox", What: "held " + s.Mail.Kind, Why: s.Error}
	if err := tx.AddEvent(e); err != nil || s.Mail.Thread == 0 {
		return err
	}
	return d.alerts.raise(tx, alarm{
		Key: "held " + s.Mail.Mailbox + " " + string(s.Hold), What: "a mail is held", At: s.At, Mailbox: s.Mail.Mailbox,
		Threads: []string{fmt.Sprintf("#%d", s.Mail.Thread)}, Why: s.Hold.Why() + "; triaged queue list shows it, then release or drop it",
	})
}
