package daemon

import (
	"fmt"
	"time"

	"triaged/config"
	"triaged/ingest"
	"triaged/outbound"
	"triaged/store"
)

// agentBegins: somebody on the roster wrote, and it belongs to no thread. A customer's mail that they pass on opens a thread
// for that customer; anything else is a request of their own.
func (d *doors) agentBegins(tx *store.Tx, a arrival, s sender, at ingest.Placement) error {
	named, err := tx.OurIDs(s.names(a.msg, d).IDs)
	if err != nil {
		return err
	}
	if len(named) > 0 { // an alert or a digest: mail of ours that belongs to no thread
		a.inside = true
		_, err := d.record(tx, a, s, 0, "it answers a mail of ours that belongs to no thread: "+named[0].Mail.Kind)
		return err
	}
	if a.forward == nil || !d.isOutsider(a.forward.From.Addr) && a.forward.From.Addr != "" {
		return d.opens(tx, a, s, at)
	}
	return d.forwarded(tx, a, s, at)
}

// forwarded opens a thread for the customer whose mail an agent passes on. Who that is is believed at once only where the agent's mail
// is proven and the original sender is sure; otherwise the agent is asked, by a mail to their address on the roster.
func (d *doors) forwarded(tx *store.Tx, a arrival, s sender, at ingest.Placement) error {
	f := a.forward
	judged, customer := d.passedOn(a)
	sure := f.Sure && f.From.Addr != "" && a.msg.Auth.Result == "pass" && len(a.msg.Froms) == 1 && a.msg.DubiousFrom == ""
	t := d.newThread(a, s)
	t.Subject = f.Subject
	if sure {
		t.Customer = store.Customer{Address: f.From.Addr, Name: name(customer), Tier: customer.customer.Tier, Known: customer.known}
		t.Language = language(a, customer)
	} else {
		t.ClaimedCustomer = config.Canonical(f.From.Addr)
	}
	e := entry{why: s.reply.Addr + " passed on a mail of " + orElse(f.From.Addr, "somebody who cannot be read"), forward: true, waits: true}
	if err := d.begins(tx, a, s, t, d.judge(judged, customer, nil), e, at.MayBelongTo); err != nil {
		return err
	}
	return d.afterForward(tx, a, s, sure)
}

// passedOn is the customer's mail that somebody on the roster has passed on, to be judged, and its sender.
func (d *doors) passedOn(a arrival) (arrival, sender) {
	f := a.forward
	customer := sender{role: store.FromAgent, reply: f.From, key: ingest.Canonical(f.From.Addr), customer: d.cfg.CustomerOf(f.From.Addr)}
	customer.known = customer.customer != config.Customer{}
	written := *a.msg
	written.From, written.Subject, written.Text, written.ReplyText = f.From, f.Subject, f.Text, f.Text
	a.msg, a.judged = &written, false
	return a, customer
}

// afterForward greets the customer of the thread that was just opened, or asks the agent who it is.
func (d *doors) afterForward(tx *store.Tx, a arrival, s sender, sure bool) error {
	id, err := tx.LastThread()
	if err != nil {
		return err
	}
	t, err := tx.Thread(id)
	if err != nil {
		return err
	}
	if err := tx.Know(t.ID, a.forward.MessageID, nil); err != nil {
		return err
	}
	if sure {
		if err := d.greet(tx, &t, a.now); err != nil {
			return err
		}
		a.greeted(t.Ack, t.Customer.Address)
		fresh, err := d.settleThread(tx, t, a.now)
		if err != nil {
			return err
		}
		return d.queueGreeting(tx, t, fresh, a.now)
	}
	from, why := a.forward.From.Addr, orElse(a.forward.Why, "nothing proves that this mail is yours")
	r := store.Receipt{Done: []string{"Thread " + t.Ref() + " is open for the mail that you passed on."}}
	if from == "" {
		r.Ask, r.AskLines = fmt.Sprintf("Whose is it? The original sender could not be read: %s.", why), []string{"#customer name@example.com"}
	} else {
		r.Ask, r.AskLines = fmt.Sprintf("Is %s the customer? It has not been told anything yet: %s.", from, why), []string{"#customer " + from}
	}
	return d.receipt(tx, order{who: d.primary(s.reply.Addr), thread: t, source: -t.ID, now: a.now}, a.msg, r)
}

// greet decides whether a customer whom an agent has named is acknowledged.
func (d *doors) greet(tx *store.Tx, t *store.Thread, now time.Time) error {
	if acked, err := d.hasAck(tx, t.ID); err != nil || acked {
		return err
	}
	no, err := d.stranger(tx, *t, now)
	if err != nil {
		return err
	}
	why := orElse(no, "an agent named the customer")
	t.Ack = &store.AckDecision{At: now, Send: no == "" && !d.observing, Would: no == "", Why: why}
	if t.Ack.Send {
		return nil
	}
	if no == "" {
		no = outbound.Observed(outbound.Send, why)
		t.Ack.Why = no
	}
	return d.happens(tx, t, store.Happening{Trigger: store.AckWithheld, At: now, Who: "rules of mail", Why: no})
}

// stranger says why a customer whom only an agent has named gets no acknowledgement; empty when they may.
func (d *doors) stranger(tx *store.Tx, t store.Thread, now time.Time) (string, error) {
	if t.Held {
		return onHold, nil
	}
	if why := ingest.NoReply(t.Customer.Address); why != "" {
		return why, nil
	}
	key := ingest.Normalised(t.Customer.Address)
	until, err := tx.MutedUntil(key, t.Customer.Address, now)
	if err != nil || !until.IsZero() {
		return "two mails to this address came back", err
	}
	ack := d.cfg.Ack
	to, _ := d.ledger(tx)
	for _, cap := range []struct {
		most  *int
		since time.Duration
	}{{ack.PerSenderHour, time.Hour}, {ack.PerSenderDay, 24 * time.Hour}} {
		n, err := to(key, now.Add(-cap.since), limit(cap.most))
		if err != nil {
			return "", err
		}
		if limit(cap.most) > 0 && n >= limit(cap.most) {
			return fmt.Sprintf("this sender has had %d automatic mails within %s", n, cap.since), nil
		}
	}
	return "", nil
}

// queueGreeting puts the acknowledgement of such a customer into the outbox.
func (d *doors) queueGreeting(tx *store.Tx, t store.Thread, fresh []store.Obligation, now time.Time) error {
	for _, o := range fresh {
		if o.Kind != store.Acknowledge {
			continue
		}
		err := d.post(tx, t, letter{
			kind: store.AckMail, id: o.ID, to: []string{t.Customer.Address}, now: now,
			facts: store.Facts{Name: knownName(t), Subject: knownSubject(t)},
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// knownName and knownSubject are what automatic mail may echo: only of customers whom the configuration lists.
func knownName(t store.Thread) string {
	if t.Customer.Known {
		return t.Customer.Name
	}
	return ""
}

func knownSubject(t store.Thread) string {
	if t.Customer.Known {
		return t.Subject
	}
	return ""
}
