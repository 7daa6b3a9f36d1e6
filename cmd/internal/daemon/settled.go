package daemon

import (
	"fmt"
	"strconv"
	"time"

	"triaged/store"
)

// sent: the server took the mail. The instant of its answer is when the customer was acknowledged, or answered.
func (d *doors) sent(tx *store.Tx, s store.Delivery) error {
	owed, err := tx.Obligation(s.Mail.Obligation)
	if err != nil {
		return err
	}
	if err := d.tardy(tx, owed, s.At); err != nil {
		return err
	}
	if err := tx.Meet(owed.ID, s.At); err != nil || s.Mail.Thread == 0 {
		return err
	}
	why := fmt.Sprintf("SMTP took the mail for %s at attempt %d", s.Mail.Recipient, s.Mail.Attempts)
	if s.Error != "" {
		why = s.Error
	}
	letter := s.Mail.Facts.Letter
	switch {
	case s.Mail.Kind == store.AckMail:
		t, err := tx.Thread(s.Mail.Thread)
		if err != nil {
			return err
		}
		if err := d.happens(tx, &t, store.Happening{Trigger: store.AckSent, At: s.At, Who: "outbox", Why: why}); err != nil {
			return err
		}
		_, err = d.settleThread(tx, t, s.At) // the cadence begins
		return err
	case letter != nil:
		t, err := tx.Thread(s.Mail.Thread)
		if err != nil {
			return err
		}
		if s.Mail.Recipient != t.Customer.Address || !letter.ByPerson() {
			return tx.AddEvent(store.Event{Thread: t.ID, At: s.At, Who: "outbox", What: "sent " + s.Mail.Kind, Why: why})
		}
		h := store.Happening{Trigger: store.Answered, At: s.At, Who: letter.Agent, Owner: letter.Agent, Why: why}
		if letter.Next != 0 {
			h.Until = time.Unix(letter.Next, 0).UTC()
		}
		return d.answered(tx, t, letter.UpTo, h)
	}
	return tx.AddEvent(store.Event{Thread: s.Mail.Thread, At: s.At, Who: "outbox", What: "sent " + s.Mail.Kind, Why: why})
}

// notSent: a mail will never leave. That is an event and an alarm, never another mail to the same address.
func (d *doors) notSent(tx *store.Tx, s store.Delivery) error {
	if err := tx.Waive(s.Mail.Obligation, "the mail was not sent: "+s.Error); err != nil {
		return err
	}
	if s.Mail.Kind == store.DigestMail {
		return d.alerts.raise(tx, alarm{Key: "not sent " + s.Mail.Recipient, What: "a digest cannot be sent to " + s.Mail.Recipient, At: s.At, Mailbox: s.Mail.Mailbox, Why: s.Error})
	}
	if s.Mail.Thread == 0 { // an alert: crying about it by the same way would never end
		d.alerts.log.Error("an alert could not be sent", "to", s.Mail.Recipient, "err", s.Error)
		return nil
	}
	t, err := tx.Thread(s.Mail.Thread)
	if err != nil {
		return err
	}
	h := store.Happening{Trigger: store.MailFailed, At: s.At, Who: "outbox", Why: s.Mail.Kind + " to " + s.Mail.Recipient + " " + s.State + ": " + s.Error, Copy: s.Mail.Recipient != t.Customer.Address}
	what := "a mail to " + s.Mail.Recipient + " cannot be sent"
	switch {
	case s.Mail.Kind == store.AckMail:
		h.Trigger, h.Why, what = store.AckFailed, s.State+": "+s.Error, "an acknowledgement cannot be sent"
	case store.Internal(s.Mail.Kind):
		h.Trigger = store.NoticeFailed
	}
	if err := d.happens(tx, &t, h); err != nil {
		return err
	}
	if _, err := d.settleThread(tx, t, s.At); err != nil {
		return err
	}
	return d.alerts.raise(tx, alarm{
		Key: "not sent " + s.Mail.Mailbox + s.Mail.Kind, What: what, At: s.At, Mailbox: s.Mail.Mailbox,
		Threads: []string{t.Ref()}, Why: s.Error,
	})
}

// heldBack: a mail that may have arrived waits for a person. Who wrote it is asked by mail, an operator by the alarm.
func (d *doors) heldBack(tx *store.Tx, s store.Delivery) error {
	e := store.Event{Thread: s.Mail.Thread, At: s.At, Who: "outbox", What: "held " + s.Mail.Kind, Why: s.Error}
	if err := tx.AddEvent(e); err != nil || s.Mail.Thread == 0 {
		return err
	}
	if s.Mail.Facts.Letter != nil {
		if err := d.askAuthor(tx, s, *s.Mail.Facts.Letter); err != nil {
			return err
		}
	}
	return d.alerts.raise(tx, alarm{
		Key: "held " + s.Mail.Mailbox + " " + string(s.Hold), What: "a mail is held", At: s.At, Mailbox: s.Mail.Mailbox,
		Threads: []string{fmt.Sprintf("#%d", s.Mail.Thread)}, Why: s.Hold.Why() + "; triaged queue list shows it, then release or drop it",
	})
}

// askAuthor asks who wrote a letter that may have arrived whether it goes again, or the desk where they have left the roster. Until it
// was sent the customer's silence does not run: they may have read nothing.
func (d *doors) askAuthor(tx *store.Tx, s store.Delivery, l store.Letter) error {
	t, err := tx.Thread(s.Mail.Thread)
	if err != nil {
		return err
	}
	h := store.Happening{Trigger: store.MailDoubtful, At: s.At, Who: "outbox", Why: s.Mail.Recipient + " may never have read the " + s.Mail.Kind, Copy: s.Mail.Recipient != t.Customer.Address}
	if err := d.happens(tx, &t, h); err != nil {
		return err
	}
	if _, err := d.settleThread(tx, t, s.At); err != nil {
		return err
	}
	to := []string{l.Agent}
	if d.isOutsider(l.Agent) {
		to = addresses(d.desk(t))
	}
	return d.post(tx, t, letter{
		kind: store.ReceiptMail, owed: store.Notify, slot: fateOf + strconv.FormatInt(s.Mail.ID, 10) + "/" + strconv.Itoa(s.Mail.Doubts), why: "a mail may have arrived", to: to, now: s.At,
		facts: store.Facts{Receipt: &store.Receipt{
			Sent: l.Words, Ask: fmt.Sprintf("What you wrote to %s may have arrived: %s. Should it be sent again?", s.Mail.Recipient, s.Error), AskLines: []string{"#release"},
		}},
	})
}
