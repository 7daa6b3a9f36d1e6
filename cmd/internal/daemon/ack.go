package daemon

import (
	"regexp"

	"triaged/ingest"
	"triaged/outbound"
	"triaged/store"
)

// decideAck asks whether the thread is acknowledged now: at its opening, and again when a customer writes
// to a thread that never had its acknowledgement. The answer becomes part of the thread's facts.
func (d *doors) decideAck(tx *store.Tx, a arrival, s sender, t *store.Thread, opening bool) (store.Hold, []store.Event, error) {
	if !opening {
		if s.role != store.FromCustomer {
			return "", nil, nil
		}
		if acked, err := d.hasAck(tx, t.ID); err != nil || acked {
			return "", nil, err
		}
	}
	thread := t.ID
	if opening {
		thread = 0 // nothing has reached it yet
	}
	outcome, hold, why, err := d.mayAnswer(tx, a, s, thread)
	if err != nil {
		return "", nil, err
	}
	if t.Held {
		outcome, hold, why = outbound.Withhold, "", onHold
	}
	t.Ack = &store.AckDecision{At: least(a.at, a.now), Send: outcome != outbound.Withhold, Why: why}
	h := store.Happening{At: a.now, Who: "rules of mail", Why: why}
	switch outcome {
	case outbound.Withhold:
		h.Trigger = store.AckWithheld
	case outbound.Hold:
		h.Trigger = store.AckHeld
	default:
		return "", nil, nil
	}
	var events []store.Event
	*t, events = t.Apply(h)
	return hold, events, nil
}

// queueAck puts the acknowledgement into the outbox, if it became owed just now.
func (d *doors) queueAck(tx *store.Tx, a arrival, s sender, t store.Thread, answers int64, hold store.Hold, fresh []store.Obligation) error {
	for _, o := range fresh {
		if o.Kind != store.Acknowledge {
			continue
		}
		m := store.Mail{
			Obligation: o.ID, Recipient: s.reply.Addr, Thread: t.ID, Mailbox: t.Mailbox, Kind: store.AckMail,
			State: store.Queued, Answers: answers, Urgency: urgency(t), CreatedAt: a.now, Deadline: o.Due, NextAt: a.now,
			Facts: d.facts(a, s),
		}
		m.SenderKey, m.DomainKey = keys(s)
		box, _ := d.cfg.Mailbox(t.Mailbox)
		domain := ingest.Domain(box.Address)
		m.MessageID, m.ReferenceID = outbound.NewID(domain), outbound.NewReferenceID(domain)
		if hold != "" {
			m.State, m.Hold, m.LastError = store.Held, hold, hold.Why()
		}
		if _, err := tx.Queue(m); err != nil {
			return err
		}
	}
	return nil
}

// urgency orders the outbox: by severity, and within one those we know first, so that a flood of strangers
// keeps no customer waiting.
func urgency(t store.Thread) int {
	n := 2 * int(t.Severity)
	if !t.Customer.Known {
		n++
	}
	return n
}

// facts are what the answer is rendered from; only who is known gets the subject echoed.
func (d *doors) facts(a arrival, s sender) store.Facts {
	f := store.Facts{InReplyTo: a.msg.MessageID, References: a.msg.References}
	if len(f.References) == 0 {
		f.References = a.msg.InReplyTo
	}
	f.Name = greeting(s)
	if s.known {
		f.Subject = a.msg.Subject
	}
	return f
}

// greeting is the name that an answer may carry: the one we gave the customer ourselves, or that of a
// sender who is proven, if it reads as a name. Anybody can put words before somebody else's address.
func greeting(s sender) string {
	switch {
	case s.customer.Address != "" && s.customer.Name != "":
		return s.customer.Name
	case s.proven && plainName.MatchString(s.reply.Name):
		return s.reply.Name
	}
	return ""
}

// plainName is up to five words of letters, such as Dr. Jean-Luc O'Neill: no address, number or link.
var plainName = regexp.MustCompile(`^(\p{Lu}\.|[\p{L}\p{M}][\p{L}\p{M}'’-]{0,30}[.,]?)( (\p{Lu}\.|[\p{L}\p{M}][\p{L}\p{M}'’-]{0,30}[.,]?)){0,4}$`)
