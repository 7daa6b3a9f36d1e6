package daemon

import (
	"fmt"
	"time"

	"triaged/config"
	"triaged/ingest"
	"triaged/outbound"
	"triaged/store"
)

// letter is a mail to be queued on a thread, in a copy for each recipient.
type letter struct {
	kind  string // of the outbox
	id    int64  // the obligation that it meets; 0 to promise a new one, of kind owed and slot
	owed  string
	slot  string
	why   string
	to    []string
	facts store.Facts
	now   time.Time
	hold  store.Hold // why it waits for a person; empty to send it
	doubt string     // with HoldAsked: what its author was asked about
}

// Urgencies in the outbox: what customers wait for goes first, by severity, and only a SEV-1 stirs the agents before them.
const (
	urgentNotice = 3
	calmNotice   = 10
)

// post queues a letter and promises its delivery. While observing nothing is queued: what was recorded then is never sent later.
func (d *doors) post(tx *store.Tx, t store.Thread, l letter) error {
	if d.observing || len(l.to) == 0 {
		return nil
	}
	o := store.Obligation{
		Subject: t.Key(), Thread: t.ID, Kind: l.owed, Slot: l.slot, To: l.to[0], State: store.Owed,
		Due: l.now.Add(d.policy.AckWithin), Reason: l.why,
	}
	if l.hold != "" {
		o.Due = l.now.Add(d.cfg.Outbox.GiveUp.D())
	}
	id, err := l.id, error(nil)
	if id == 0 {
		id, err = tx.PromiseOnce(o)
	}
	if err != nil || id == 0 {
		return err
	}
	for _, to := range l.to {
		if err := d.copyTo(tx, t, l, id, to); err != nil {
			return err
		}
	}
	return nil
}

// copyTo queues one recipient's copy, with ids of its own.
func (d *doors) copyTo(tx *store.Tx, t store.Thread, l letter, owed int64, to string) error {
	if store.Internal(l.kind) && !outbound.MayRead(d.cfg, l.kind, to) {
		return fmt.Errorf("a %s is for those on the roster, and %s is not: nothing was done", l.kind, to)
	}
	box, ok := d.cfg.Mailbox(t.Mailbox)
	if !ok {
		box = d.cfg.Mailboxes[0] // the thread's own is no longer configured
	}
	domain := ingest.Domain(box.Address)
	m := store.Mail{
		Obligation: owed, Recipient: to, Thread: t.ID, Mailbox: box.Name, Kind: l.kind, State: store.Queued, Urgency: d.urgencyOf(t, l.kind),
		CreatedAt: l.now, Deadline: l.now.Add(d.policy.AckWithin), NextAt: l.now, Facts: l.facts,
		MessageID: outbound.NewID(domain), ReferenceID: outbound.NewReferenceID(domain),
	}
	if l.hold != "" {
		m.State, m.Hold, m.LastError = store.Held, l.hold, l.hold.Why()
		if l.doubt != "" {
			m.LastError += ": " + l.doubt
		}
	}
	var err error
	switch {
	case store.Internal(l.kind):
		if m.Facts.References == nil {
			m.Facts.References, err = tx.IDsTo(t.ID, to)
		}
	default:
		if m.Facts.References, err = tx.IDsOf(t.ID); len(m.Facts.References) > 0 {
			m.Facts.InReplyTo = m.Facts.References[len(m.Facts.References)-1]
		}
		if l.owed != store.Deliver {
			m.SenderKey = ingest.Normalised(to) // two of these that come back mute the address
		}
	}
	if err != nil {
		return err
	}
	switch {
	case l.kind == store.NoticeMail && !t.Customer.Known:
		m.SenderKey = store.StrangersNotices
	case l.kind == store.BriefMail && !t.Customer.Known:
		m.SenderKey = store.StrangersBriefs
	case l.kind == store.ReceiptMail && l.facts.Receipt.Refused:
		m.SenderKey = store.RefusalKey(to)
	case l.kind == store.ReceiptMail:
		m.SenderKey = store.ReceiptKey(to)
	}
	_, err = tx.Queue(m)
	return err
}

func (d *doors) urgencyOf(t store.Thread, kind string) int {
	switch {
	case !store.Internal(kind):
		return 2 * int(t.Severity)
	case t.Severity == 1:
		return urgentNotice
	}
	return calmNotice + int(t.Severity)
}

// automatic queues a scheduled mail to the customer, unless something stands against it; that is an event then, and an obligation
// that it would have met is void.
func (d *doors) automatic(tx *store.Tx, t store.Thread, l letter) error {
	why, err := d.unwelcome(tx, t, l.now)
	if err != nil {
		return err
	}
	if why != "" {
		if err := tx.Waive(l.id, why); err != nil {
			return err
		}
		return tx.AddEvent(store.Event{Thread: t.ID, At: l.now, Who: "rules of mail", What: "withheld " + l.kind, Why: why})
	}
	l.to = []string{t.Customer.Address}
	l.facts.Name, l.facts.Subject = knownName(t), knownSubject(t)
	return d.post(tx, t, l)
}

// unwelcome says why the customer of a thread gets no automatic mail; empty when they may. Whoever was neither acknowledged nor
// written to by a person is nobody to send scheduled mail to: the reason why stands in the thread's log.
func (d *doors) unwelcome(tx *store.Tx, t store.Thread, now time.Time) (string, error) {
	switch {
	case t.Held:
		return onHold, nil
	case t.AcknowledgedAt.IsZero() && t.FirstResponseAt.IsZero():
		return "the customer was neither acknowledged nor written to by a person", nil
	case ingest.NoReply(t.Customer.Address) != "":
		return ingest.NoReply(t.Customer.Address), nil
	}
	if _, roster := d.cfg.Roster(t.Customer.Address); roster {
		return "the customer is on the roster", nil
	}
	if t.AcknowledgedAt.IsZero() {
		if watched, err := tx.OnlyWatched(t.ID); err != nil || watched {
			return "the thread was only observed: nothing of that time is answered", err
		}
	}
	if came, err := tx.CameBack(t.ID, t.Customer.Address); err != nil || came {
		return "our last mail to this address came back: the customer has to be reached another way", err
	}
	n, err := machineMails(tx, t.ID, now)
	if err != nil || outbound.Silenced(n) != "" {
		return outbound.Silenced(n), err
	}
	until, err := tx.MutedUntil(ingest.Normalised(t.Customer.Address), t.Customer.Address, now)
	if err != nil || until.IsZero() {
		return "", err
	}
	return fmt.Sprintf("two mails to this address came back: no automatic mail until %s", until.UTC().Format("2006-01-02 15:04 MST")), nil
}

// onHold is why nothing automatic goes to the customer of a held thread.
const onHold = "#hold: automatic mail to the customer waits for #release"

// addresses are where agents get their mail.
func addresses(agents []config.Agent) (all []string) {
	for _, a := range agents {
		all = append(all, a.Address)
	}
	return all
}
