package daemon

import (
	"fmt"
	"strings"

	"triaged/ingest"
	"triaged/store"
)

// bounced: a delivery report counts only if it names an id of ours and that mail's recipient, for only
// who got our mail can have returned it (RFC 3464 section 4.1: reports are easily forged). It marks the
// mail and its thread and raises the alarm; it never causes another mail.
func (d *doors) bounced(tx *store.Tx, a arrival) error {
	if a.msg.Kind != ingest.Bounce {
		return nil
	}
	ids, _ := ingest.Named(a.msg)
	for _, id := range append(ids, a.msg.Returned...) {
		m, ours, err := tx.OurMail(id)
		if err != nil {
			return err
		}
		f, proven := failureOf(a.msg, m)
		if !ours || !proven {
			continue
		}
		why := strings.TrimSpace(fmt.Sprintf("%s %s %s", f.Recipient, f.Status, f.Diagnostic))
		if done, err := tx.Bounce(m.ID, a.now, why); err != nil || !done || m.Thread == 0 {
			return err // a bounce of an alert is recorded, and cried about to nobody
		}
		t, err := tx.Thread(m.Thread)
		if err != nil {
			return err
		}
		trigger, reach := store.MailBounced, "the customer has to be reached another way"
		switch {
		case m.Kind == store.AckMail:
			trigger = store.AckBounced
		case store.Internal(m.Kind):
			trigger, reach = store.NoticeFailed, "somebody of the team does not get their mail"
		case m.Recipient != t.Customer.Address:
			reach = "whoever was accepted on the thread does not get its mail"
		}
		if err := d.happens(tx, &t, store.Happening{Trigger: trigger, At: a.now, Who: a.msg.From.Addr, Why: why, Copy: m.Recipient != t.Customer.Address}); err != nil {
			return err
		}
		if _, err := d.settleThread(tx, t, a.now); err != nil {
			return err
		}
		return d.alerts.raise(tx, alarm{
			Key: "bounced " + m.Mailbox, What: "a mail of ours came back", Why: why + "; " + reach,
			Mailbox: m.Mailbox, Threads: []string{t.Ref()}, At: a.now,
		})
	}
	return nil
}

// failureOf finds what a report says of the recipient of a mail of ours, if that is a failure for good.
// The class of the status decides, not a list of codes (RFC 3463 section 3.1).
func failureOf(b *ingest.Message, m store.Mail) (ingest.Failure, bool) {
	for _, f := range b.Bounces {
		if ingest.Canonical(f.Recipient) != ingest.Canonical(m.Recipient) {
			continue
		}
		switch {
		case strings.EqualFold(f.Action, "delayed") || strings.HasPrefix(f.Status, "4") || strings.HasPrefix(f.Status, "2"):
			continue
		case strings.EqualFold(f.Action, "failed") || strings.HasPrefix(f.Status, "5"):
			return f, true
		}
	}
	return ingest.Failure{}, false
}
