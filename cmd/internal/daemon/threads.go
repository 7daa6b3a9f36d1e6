package daemon

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"triaged/classify"
	"triaged/ingest"
	"triaged/outbound"
	"triaged/store"
)

// opens begins a thread with a mail.
func (d *doors) opens(tx *store.Tx, a arrival, s sender, at ingest.Placement) error {
	box, _ := d.answering(a)
	verdict := d.judge(a, s, nil)
	opened := a.at
	if opened.After(a.now) {
		opened = a.now // a server whose clock is ahead must not move our promises
	}
	t := store.Thread{
		Mailbox: box, Language: language(a, s), Subject: a.msg.Subject, Status: store.New, OpenedAt: opened,
		Customer: store.Customer{Address: s.reply.Addr, Name: name(s), Tier: s.customer.Tier, Known: s.known},
	}
	t, events := t.Apply(store.Happening{Trigger: store.Opened, At: a.now, Who: s.reply.Addr, Why: at.Why, Verdict: &verdict})
	if at.MayBelongTo != 0 {
		events = append(events, store.Event{At: a.now, Who: "place", What: fmt.Sprintf("may belong to #%d", at.MayBelongTo), Why: at.Why})
	}
	if err := tx.OpenThread(&t); err != nil {
		return err
	}
	if err := tx.AddParticipant(t.ID, s.key, false, a.now); err != nil {
		return err
	}
	return d.enter(tx, a, s, t, events, at.Why, true)
}

// joins adds a mail to a thread that exists.
func (d *doors) joins(tx *store.Tx, a arrival, s sender, at ingest.Placement) error {
	t, err := tx.Thread(at.Thread)
	if err != nil {
		return err
	}
	h := store.Happening{At: a.now, Who: a.msg.From.Addr, Why: at.Why, Trigger: store.CustomerWrote}
	switch {
	case s.role == store.FromMachine || s.role == store.FromUs:
		h.Trigger, h.Why = store.MachineWrote, a.msg.KindReason
	case s.role == store.FromAgent:
		h.Trigger = store.AgentWrote
	case at.Pending:
		s.role, h.Trigger = store.FromPending, store.StrangerWrote
		if err := tx.AddParticipant(t.ID, s.key, true, a.now); err != nil {
			return err
		}
	default:
		verdict := d.judge(a, s, &t)
		h.Verdict = &verdict
	}
	t, events := t.Apply(h)
	if err := d.enter(tx, a, s, t, events, at.Why, false); err != nil {
		return err
	}
	return d.bounced(tx, a)
}

// enter records the mail in its thread and settles what is owed now.
func (d *doors) enter(tx *store.Tx, a arrival, s sender, t store.Thread, events []store.Event, why string, opening bool) error {
	id, err := d.record(tx, a, s, t.ID, why)
	if err != nil {
		return err
	}
	var named []string
	if s.role == store.FromCustomer {
		named, _ = ingest.Named(a.msg)
		t.Waiting = append(t.Waiting, store.Waiting{Message: id, At: least(a.at, a.now)})
	}
	if s.role != store.FromMachine && s.role != store.FromUs {
		if err := tx.Know(t.ID, a.msg.MessageID, named); err != nil {
			return err
		}
	}
	hold, more, err := d.decideAck(tx, a, s, &t, opening)
	if err != nil {
		return err
	}
	if !opening { // a new thread was stored as it is
		if err := tx.SaveThread(t); err != nil {
			return err
		}
	}
	if err := tx.AddEvents(t.ID, append(append(events, suspected(a, s)...), more...)); err != nil {
		return err
	}
	fresh, err := tx.Reconcile(t.Key(), t.ID, outbound.Owe(t, d.policy, a.now))
	if err != nil {
		return err
	}
	return d.queueAck(tx, a, s, t, id, hold, fresh)
}

// decideAck asks whether the thread is acknowledged now: at its opening, and again when a customer writes
// to a thread that never had its acknowledgement. The answer becomes part of the thread's facts.
func (d *doors) decideAck(tx *store.Tx, a arrival, s sender, t *store.Thread, opening bool) (store.Hold, []store.Event, error) {
	if !opening {
		if s.role != store.FromCustomer {
			return "", nil, nil
		}
		if acked, err := tx.HasAck(t.ID); err != nil || acked {
			return "", nil, err
		}
	}
	outcome, hold, why, err := d.mayAnswer(tx, a, s)
	if err != nil {
		return "", nil, err
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

// judge asks the rules; a thread that exists gives them its history. What was judged before the change
// stands for a new thread.
func (d *doors) judge(a arrival, s sender, t *store.Thread) classify.Verdict {
	if t == nil && a.judged {
		return a.verdict
	}
	c := classify.Case{Message: a.msg, Mailbox: a.box(), Customer: s.customer, Now: a.now}
	if t != nil {
		c.Thread = &classify.History{Severity: t.Severity, Type: t.Type, Messages: len(t.Waiting), OpenedAt: t.OpenedAt}
	}
	return d.rules.Judge(c)
}

func name(s sender) string {
	if s.customer.Address != "" && s.customer.Name != "" {
		return s.customer.Name
	}
	return s.reply.Name
}

func language(a arrival, s sender) string {
	if s.customer.Language != "" {
		return strings.ToLower(s.customer.Language)
	}
	return a.msg.Language
}

func least(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}
