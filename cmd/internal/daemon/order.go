package daemon

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"triaged/config"
	"triaged/ingest"
	"triaged/store"
)

// order is what somebody on the roster wants done on a thread, by mail or from the shell, after the check of their right.
type order struct {
	who      string        // their address on the roster
	name     string        // how customers read their name
	thread   store.Thread  // as it stands
	to       store.Mail    // our mail that theirs answers; zero from the shell
	source   int64         // their message, for its attachments; 0 from the shell
	orders   ingest.Orders // commands and words
	toReader bool          // words go to the customer; otherwise they are a note
	internal string        // text of ours, for those inside, that must not go out with the words
	leftOut  []string      // files of their mail that are ours, for those inside
	outside  []string      // people off the roster whom they had in copy: nothing goes to them
	direct   bool          // they wrote to the customer themselves
	now      time.Time

	resolution ingest.Resolution // the words of #resolve, where they came by section
}

// agentWrote: somebody on the roster wrote to a thread. With proof it is an order; without, it is kept as a note and moves nothing.
func (d *doors) agentWrote(tx *store.Tx, a arrival, s sender, at ingest.Placement) error {
	t, err := tx.Thread(at.Thread)
	if err != nil {
		return err
	}
	named, err := tx.OurIDs(s.names(a.msg, d).IDs)
	if err != nil {
		return err
	}
	if d.isTheirs(t, s) && !slices.ContainsFunc(named, func(n store.NamedMail) bool { return store.Internal(n.Mail.Kind) }) {
		s.role, s.refuses = store.FromCustomer, "the sender is on the roster" // their own request: they are its customer
		return d.joins(tx, a, s, at)
	}
	again, err := tx.SaidBefore(a.msg, a.known)
	if err != nil {
		return err
	}
	ours, err := ofThread(tx, named, t.ID)
	if err != nil {
		return err
	}
	_, onRoster := d.cfg.Roster(s.reply.Addr)
	c := claim{
		msg: a.msg, at: a.at, roster: onRoster, require: d.cfg.RequireOf(a.box()), named: ours, again: again,
		is: func(recipient string) bool { return isSame(d.cfg, recipient, s.reply.Addr) },
	}
	to, failed := c.authority()
	if err := d.retire(tx, a, named); err != nil {
		return err
	}
	if failed == "" && !store.Internal(to.Kind) {
		failed = "the mail it answers is no mail to the team"
	}
	o := d.orderOf(a, s, t, to)
	proven := failed == "" || a.msg.Auth.Result == "pass" && len(a.msg.Froms) == 1 && a.msg.DubiousFrom == "" && !again
	if o.direct && proven && len(o.orders.Commands) == 0 {
		return d.answeredDirectly(tx, a, s, t, at.Why)
	}
	if o.source, err = d.recordFor(tx, a, s, t, at.Why, !(o.direct && proven)); err != nil {
		return err
	}
	if failed != "" {
		return d.refuse(tx, o, a, failed)
	}
	return d.obey(tx, o, a.msg)
}

// obey does what an order says and tells its author what was understood.
func (d *doors) obey(tx *store.Tx, o order, msg *ingest.Message) error {
	if quiet, err := d.absent(tx, o); quiet || err != nil {
		return err
	}
	r, err := d.carryOut(tx, o)
	if err != nil || r == nil {
		return err
	}
	told, err := tx.Told(store.ReceiptKey(o.who), o.now.Add(-time.Hour), receiptsAnHour)
	if err != nil {
		return err
	}
	if told >= receiptsAnHour {
		return tx.AddEvent(store.Event{Thread: o.thread.ID, At: o.now, Who: "rules of mail", What: "withheld receipt", Why: fmt.Sprintf("%s has had %d within an hour", o.who, told)})
	}
	return d.receipt(tx, o, msg, *r)
}

// isTheirs says that somebody on the roster is the customer of a thread: they had a request of their own.
func (d *doors) isTheirs(t store.Thread, s sender) bool {
	return t.ClaimedCustomer == "" && isSame(d.cfg, t.Customer.Address, s.reply.Addr)
}

// orderOf reads what somebody wants done. Their words go to the customer only where the mail that they answer says so.
func (d *doors) orderOf(a arrival, s sender, t store.Thread, to store.Mail) order {
	o := order{
		who: d.primary(s.reply.Addr), name: d.nameOf(s.reply.Addr), thread: t, to: to, orders: ingest.ReadOrders(a.msg.ReplyText),
		toReader: answersCustomer(to) && t.ClaimedCustomer == "", internal: a.internal, leftOut: a.leftOut, now: a.now,
	}
	if a.forward != nil { // what somebody passes on is never their own words, nor a command
		o.orders, o.toReader = ingest.Orders{Words: orElse(a.forward.Comment, "passed on a mail of "+orElse(a.forward.From.Addr, "somebody"))}, false
	}
	for _, list := range [][]ingest.Address{a.msg.To, a.msg.Cc} {
		o.direct = o.direct || slicesContainsAddress(list, t.Customer.Address)
		for _, copied := range list {
			if d.isOutsider(copied.Addr) {
				o.outside = append(o.outside, ingest.Canonical(copied.Addr))
			}
		}
	}
	return o
}

// answersCustomer says that the words of a reply to a mail of ours are for the customer, as the first line of that mail said.
func answersCustomer(to store.Mail) bool {
	return to.Kind == store.NudgeMail || to.Kind == store.NoticeMail && to.Facts.Notice != nil && !to.Facts.Notice.Note
}

// ofThread are the mails of one thread, and of those that were merged into it, in their order.
func ofThread(tx *store.Tx, named []store.NamedMail, thread int64) (some []store.NamedMail, err error) {
	for _, n := range named {
		into, err := tx.GoesOn(n.Mail.Thread)
		if err != nil {
			return nil, err
		}
		if into == thread {
			some = append(some, n)
		}
	}
	return some, nil
}

// retire lets ids that were given to the roster command nothing any more once a mail shows them outside.
func (d *doors) retire(tx *store.Tx, a arrival, named []store.NamedMail) error {
	seenOutside := d.isOutsider(a.msg.From.Addr)
	for _, list := range [][]ingest.Address{a.msg.To, a.msg.Cc} {
		for _, to := range list {
			seenOutside = seenOutside || d.isOutsider(to.Addr)
		}
	}
	if !seenOutside {
		return nil
	}
	for _, n := range named {
		if store.Internal(n.Mail.Kind) && !n.Dead {
			if err := tx.KillID(n.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// recordFor stores an agent's mail in its thread; one that only those inside may read is internal.
func (d *doors) recordFor(tx *store.Tx, a arrival, s sender, t store.Thread, why string, internal bool) (int64, error) {
	a.inside = internal
	id, err := d.record(tx, a, s, t.ID, why)
	if err != nil {
		return 0, err
	}
	if err := tx.Know(t.ID, a.msg.MessageID, nil); err != nil {
		return 0, err
	}
	return id, tx.AddEvents(t.ID, append([]store.Event{{At: a.now, Who: a.msg.From.Addr, What: string(store.AgentWrote), Why: why}}, suspected(a, s)...))
}

// answeredDirectly: an agent has written to the customer from their own mail program, with us in copy.
func (d *doors) answeredDirectly(tx *store.Tx, a arrival, s sender, t store.Thread, why string) error {
	id, err := d.recordFor(tx, a, s, t, why, false)
	if err != nil {
		return err
	}
	who := d.primary(s.reply.Addr)
	if err := tx.AddEvent(store.Event{Thread: t.ID, At: a.now, Who: who, What: wrote, Why: "from their own mail program"}); err != nil {
		return err
	}
	return d.answered(tx, t, id, store.Happening{
		Trigger: store.Answered, At: a.now, Who: who, Owner: who,
		Why: "they wrote to the customer themselves, with " + a.box() + " in copy",
	})
}

// answered: the customer's messages up to one have been answered by a person.
func (d *doors) answered(tx *store.Tx, t store.Thread, upTo int64, h store.Happening) error {
	for _, w := range t.Waiting {
		if w.Message > upTo {
			continue
		}
		slot := strconv.FormatInt(w.Message, 10)
		for _, o := range t.Open {
			if o.Kind != store.Respond || o.Slot != slot {
				continue
			}
			if err := d.tardy(tx, o, h.At); err != nil {
				return err
			}
		}
		if err := tx.MeetOf(t.Key(), store.Respond, slot, h.At); err != nil {
			return err
		}
	}
	if err := tx.AnsweredUpTo(t.ID, upTo); err != nil {
		return err
	}
	if err := tx.MeetOf(t.Key(), store.Update, strconv.Itoa(t.Updates), h.At); err != nil {
		return err
	}
	if err := d.happens(tx, &t, h); err != nil {
		return err
	}
	t, err := again(tx, t)
	if err != nil {
		return err
	}
	_, err = d.settleThread(tx, t, h.At)
	return err
}

// How often somebody is told that mail in their name was refused, for it may be forged; and how many receipts they get at all,
// for a robot may be answering them.
const (
	refusalsAnHour = 3
	refusalsADay   = 10
	receiptsAnHour = 60
)

// refuse: a mail in the name of somebody on the roster has no right to command. It moves nothing, and they are told.
func (d *doors) refuse(tx *store.Tx, o order, a arrival, failed string) error {
	wants := strings.Join(verbsOf(o.orders), " ")
	what := "refused a reply"
	if wants != "" {
		what = "refused " + wants
	}
	err := tx.AddEvent(store.Event{Thread: o.thread.ID, At: o.now, Who: a.msg.From.Addr, What: what, Why: failed})
	if _, roster := d.cfg.Roster(o.who); err != nil || a.msg.Kind != ingest.Human || !roster || ingest.SubjectAway(a.msg.Subject) != "" {
		return err
	}
	for since, most := range map[time.Duration]int{time.Hour: refusalsAnHour, 24 * time.Hour: refusalsADay} {
		if told, err := tx.Told(store.RefusalKey(o.who), o.now.Add(-since), most); err != nil || told >= most {
			return err
		}
	}
	r := store.Receipt{
		Refused: true, NotDone: []string{fmt.Sprintf("A mail in your name on %s was refused: %s.", o.thread.Ref(), failed)},
		Ask: "Nothing was done and nothing went to the customer. To go on, answer this mail.",
	}
	if o.direct {
		r.Ask = "What the mail says to the customer itself does not count as an answer. To go on, answer this mail, or the one in which the customer's words were passed on to you."
	}
	return d.receipt(tx, o, nil, r)
}

func verbsOf(o ingest.Orders) (all []string) {
	for _, c := range o.Commands {
		all = append(all, "#"+c.Verb)
	}
	return all
}

// receipt tells an agent what was understood. msg is their mail, for their mail program to put the two together; nil where
// nothing proves that it is theirs.
func (d *doors) receipt(tx *store.Tx, o order, msg *ingest.Message, r store.Receipt) error {
	l := letter{
		kind: store.ReceiptMail, owed: store.Notify, slot: receiptOf + strconv.FormatInt(o.source, 10), why: "what was understood of a mail",
		to: []string{o.who}, now: o.now, facts: store.Facts{Receipt: &r},
	}
	if msg != nil && msg.MessageID != "" {
		l.facts.InReplyTo, l.facts.References = msg.MessageID, append(msg.References[:len(msg.References):len(msg.References)], msg.MessageID)
	}
	return d.post(tx, o.thread, l)
}

// primary is the address at which somebody on the roster gets their mail.
func (d *doors) primary(address string) string {
	if m, ok := d.cfg.Roster(address); ok && m.Agent != nil {
		return m.Agent.Address
	} else if ok {
		return m.Manager.Address
	}
	return address
}

func (d *doors) nameOf(address string) string {
	if m, ok := d.cfg.Roster(address); ok {
		return m.Name()
	}
	return address
}

func slicesContainsAddress(list []ingest.Address, address string) bool {
	for _, a := range list {
		if config.Canonical(a.Addr) == config.Canonical(address) {
			return true
		}
	}
	return false
}
