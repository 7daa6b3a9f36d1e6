package daemon

import (
	"fmt"
	"slices"

	"triaged/config"
	"triaged/ingest"
	"triaged/ingest/mailbox"
	"triaged/store"
)

// sender is who a mail is from, as far as that decides anything.
type sender struct {
	role     store.Role
	reply    ingest.Address // where an answer would go
	key      string         // canonical, the identity
	customer config.Customer
	proven   bool   // the answer goes to an address that is proven to be the sender's
	known    bool   // somebody we know, or proven
	refuses  string // why the address of an answer takes none; empty for most

	suspicions []string // signs of deceit, for people
}

// sender finds out who wrote: ourselves, a machine, somebody on the roster, or a customer.
func (d *doors) sender(tx *store.Tx, a arrival) (sender, error) {
	ours, err := tx.OurID(a.msg.MessageID)
	if err != nil {
		return sender{}, err
	}
	return d.who(a.msg, ours), nil
}

// who is sender without the store: ours says that the mail bears an id of ours.
func (d *doors) who(m *ingest.Message, ours bool) sender {
	s := sender{
		role: store.FromCustomer, reply: m.From, key: ingest.Canonical(m.From.Addr),
		proven: m.Auth.Result == "pass", refuses: m.NoReplyAddress,
	}
	_, own := d.cfg.OwnAddress(m.From.Addr)
	_, roster := d.cfg.Roster(m.From.Addr)
	switch {
	case ours || own && !d.isOwnForm(m):
		s.role = store.FromUs
	case m.Kind != ingest.Human:
		s.role = store.FromMachine
	case roster || d.cfg.Stakeholder(m.From.Addr):
		s.role = store.FromAgent
	case d.isForm(m.From.Addr) && len(m.ReplyTo) > 0:
		s.reply = m.ReplyTo[0]
		s.key = ingest.Canonical(s.reply.Addr)
		s.proven, s.refuses = false, d.refuses(s.reply.Addr) // anybody may type any address into a form
	case d.ofOurs(m.From.Addr):
		s.refuses = "it is a sub-address of somebody on the roster, or listed in alerts.to"
	}
	told, nobody := d.suspicions(m, s.reply)
	if s.suspicions = told; !nobody {
		s.customer = d.cfg.CustomerOf(s.reply.Addr)
	}
	s.known = s.customer != config.Customer{} || s.proven
	return s
}

// ofOurs says that an address is an agent's or manager's with a +tag, or one that alerts go to: nobody to
// be answered by a robot, though it proves no authority.
func (d *doors) ofOurs(address string) bool {
	if _, roster := d.cfg.Roster(ingest.Normalised(address)); roster {
		return true
	}
	return slices.ContainsFunc(d.cfg.Alerts.To, func(to string) bool { return ingest.Canonical(to) == ingest.Canonical(address) })
}

// isOwnForm says that a listed web form writes from an address of ours, as many do, for somebody else.
func (d *doors) isOwnForm(m *ingest.Message) bool {
	if !d.isForm(m.From.Addr) || len(m.ReplyTo) == 0 {
		return false
	}
	_, own := d.cfg.OwnAddress(m.ReplyTo[0].Addr)
	return !own
}

// refuses says why an address that stands in a form is not a customer's; empty when it may be.
func (d *doors) refuses(address string) string {
	if _, own := d.cfg.OwnAddress(address); own {
		return "the form names an address of ours"
	}
	if _, roster := d.cfg.Roster(address); roster {
		return "the form names somebody on the roster"
	}
	return ingest.NoReply(address)
}

// isForm says that an address is a listed web form, whose Reply-To is the customer.
func (d *doors) isForm(address string) bool {
	for _, f := range d.cfg.Forms {
		if ingest.Canonical(f) == ingest.Canonical(address) {
			return true
		}
	}
	return false
}

// names is what the mail names, for the store to look threads up.
func (s sender) names(m *ingest.Message, d *doors) store.Named {
	ids, refs := ingest.Named(m)
	ids = append(d.tokens(m), ids...)
	if m.Kind == ingest.Bounce {
		ids = append(ids, m.Returned...)
	}
	return store.Named{IDs: ids, Refs: refs, Own: m.MessageID, Sender: s.key, Roster: s.role == store.FromAgent}
}

// opens says that such mail begins a thread: a person's, as far as we can tell whose it is.
func (s sender) opens(m *ingest.Message) bool {
	return (s.role == store.FromCustomer || s.role == store.FromAgent) && m.From.Addr != ""
}

// unthreaded says why a mail is kept without a thread.
func unthreaded(m *ingest.Message, s sender) string {
	switch {
	case s.role == store.FromUs:
		return "our own mail, which names no thread"
	case s.role == store.FromMachine:
		return "machine mail that belongs to no thread: " + m.KindReason
	}
	return "the sender could not be read"
}

// seenAgain: the same mail in another mailbox, or after a reset, is one message.
func (d *doors) seenAgain(tx *store.Tx, a arrival, e store.Earlier) error {
	if err := tx.Sight(a.place, e.ID); err != nil {
		return err
	}
	if err := d.chore(tx, a); err != nil || e.Thread == 0 {
		return err
	}
	return tx.AddEvent(store.Event{
		Thread: e.Thread, At: a.now, Who: a.place.Mailbox, What: "seen again",
		Why: fmt.Sprintf("the same Message-ID and content in mailbox %s, uid %d: not answered twice", a.place.Mailbox, a.place.UID),
	})
}

// filtered: a mail lies in Junk. It is recorded so that a customer who was filtered shows up, and a
// thread that it belongs to says so; it opens nothing and is never answered.
func (d *doors) filtered(tx *store.Tx, a arrival, s sender, at ingest.Placement) error {
	if _, err := d.record(tx, a, s, 0, "it lies in the Junk folder of "+a.box()+": shown, never answered"); err != nil {
		return err
	}
	if at.Thread == 0 || s.role != store.FromCustomer && s.role != store.FromAgent {
		return nil
	}
	return tx.AddEvent(store.Event{
		Thread: at.Thread, At: a.now, Who: a.place.Mailbox, What: "mail in Junk",
		Why: "a mail of " + a.msg.From.Addr + " to this thread lies in Junk: move it to the inbox",
	})
}

func isJunk(box string) bool {
	_, junk := mailbox.Owner(box)
	return junk
}

// record stores a message with its sighting, and what is to be done with it on the server.
func (d *doors) record(tx *store.Tx, a arrival, s sender, thread int64, why string) (int64, error) {
	r := store.Record{
		Message: a.msg, Mailbox: a.place.Mailbox, Thread: thread, Role: s.role, Internal: a.inside, Place: why,
		Raw: a.raw, At: a.at, RecordedAt: a.now,
	}
	id, err := a.known, error(nil)
	if id == 0 {
		id, err = tx.AddMessage(r)
	} else {
		err = tx.MoveMessage(id, r)
	}
	if err != nil {
		return 0, err
	}
	if err := tx.Sight(a.place, id); err != nil {
		return 0, err
	}
	a.recorded(id)
	if err := d.flooding(tx, a); err != nil {
		return 0, err
	}
	return id, d.chore(tx, a)
}

// chore queues what `after` asks to be done on the server, now that the mail is ours.
func (d *doors) chore(tx *store.Tx, a arrival) error {
	box, _ := d.cfg.Mailbox(a.box())
	if a.junk || box.After == "" || box.After == "leave" {
		return nil
	}
	return tx.AddWork(store.Work{
		Kind: store.Chore, Key: fmt.Sprintf("%s/%d/%d", a.place.Mailbox, a.place.UIDValidity, a.place.UID),
		Mailbox: a.place.Mailbox, Payload: box.After,
	}, a.now)
}

// ownButPersonal tells of a person's words that come from an address of ours, such as from a web form that nobody has listed: they open no
// thread, or two of our mailboxes could answer each other for ever.
func (d *doors) ownButPersonal(tx *store.Tx, a arrival, s sender) error {
	if s.role != store.FromUs || a.msg.Kind != ingest.Human || a.msg.Quarantine != "" {
		return nil
	}
	return d.alerts.raise(tx, alarm{
		Key: "own address " + a.msg.From.Addr, What: "a mail that reads like a person's came from an address of ours, and is in no thread", Mailbox: a.place.Mailbox, At: a.now,
		Why: fmt.Sprintf("%s, %q; if a web form writes so, list the address under forms; triaged messages shows the mail", a.msg.From.Addr, a.msg.Subject),
	})
}
