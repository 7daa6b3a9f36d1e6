package daemon

import (
	"fmt"
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
