package daemon

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"triaged/classify"
	"triaged/classify/learned"
	"triaged/ingest"
	"triaged/store"
)

// opens begins a thread with a mail.
func (d *doors) opens(tx *store.Tx, a arrival, s sender, at ingest.Placement) error {
	t := d.newThread(a, s)
	verdict := d.judge(a, s, nil)
	if a.again != nil {
		t.Earlier = a.again.thread
		verdict.Reasons = append(slices.Clone(verdict.Reasons), a.again.why)
		a.noted(verdict)
	}
	return d.begins(tx, a, s, t, verdict, entry{why: at.Why, waits: s.role == store.FromCustomer}, at.MayBelongTo)
}

// newThread is the thread that a mail would open.
func (d *doors) newThread(a arrival, s sender) store.Thread {
	box, _ := d.answering(a)
	opened := a.at
	if opened.After(a.now) {
		opened = a.now // a server whose clock is ahead must not move our promises
	}
	return store.Thread{
		Mailbox: box, Language: language(a, s), Subject: a.msg.Subject, Status: store.New, OpenedAt: opened,
		Customer: store.Customer{Address: s.reply.Addr, Name: name(s), Tier: s.customer.Tier, Known: s.known},
	}
}

// begins stores a new thread and enters its first mail. mayBelongTo is a thread that it names and did not join; 0 for none.
func (d *doors) begins(tx *store.Tx, a arrival, s sender, t store.Thread, verdict classify.Verdict, e entry, mayBelongTo int64) error {
	t, events := t.Apply(store.Happening{Trigger: store.Opened, At: a.now, Who: s.reply.Addr, Why: e.why, Verdict: &verdict})
	if mayBelongTo != 0 {
		events = append(events, store.Event{At: a.now, Who: "place", What: fmt.Sprintf("may belong to #%d", mayBelongTo), Why: e.why})
	}
	if err := tx.OpenThread(&t); err != nil {
		return err
	}
	a.opened()
	if err := tx.AddEvents(t.ID, events); err != nil {
		return err
	}
	if err := d.linked(tx, t, a.again, a.now); err != nil {
		return err
	}
	if err := tx.AddParticipant(t.ID, ingest.Canonical(t.Customer.Address), false, a.now); err != nil {
		return err
	}
	if err := d.assign(tx, &t, a.now); err != nil {
		return err
	}
	e.opening, e.what = true, "A new thread"
	if err := d.enter(tx, a, s, t, e); err != nil {
		return err
	}
	if a.msg.Auth.Result == "fail" || a.msg.DubiousFrom != "" {
		return nil // what may be forged stirs nobody beyond the desk
	}
	return d.announce(tx, t, 0, a.now)
}

// joins adds a mail of somebody outside, or of a machine, to a thread that exists.
func (d *doors) joins(tx *store.Tx, a arrival, s sender, at ingest.Placement) error {
	t, err := tx.Thread(at.Thread)
	if err != nil {
		return err
	}
	if err := d.seenOutside(tx, a, s); err != nil {
		return err
	}
	h := store.Happening{At: a.now, Who: a.msg.From.Addr, Why: at.Why, Trigger: store.CustomerWrote}
	e := entry{why: at.Why, what: "The customer wrote"}
	r := reaction{}
	switch {
	case s.role == store.FromMachine || s.role == store.FromUs:
		h.Trigger, h.Why, e.what = store.MachineWrote, a.msg.KindReason, ""
	case at.Pending:
		s.role, h.Trigger, e.what = store.FromPending, store.StrangerWrote, "Somebody who is not a participant wrote"
		if err := tx.AddParticipant(t.ID, s.key, true, a.now); err != nil {
			return err
		}
	default:
		code, kind, err := d.answerOf(tx, a.msg, t.ID)
		if err != nil {
			return err
		}
		asked, err := d.answersAgent(tx, a.msg, t.ID)
		if err != nil {
			return err
		}
		if r = reactionTo(t, a.msg, code, kind, asked, a.now, d.cfg.Silence.ReopenWithin.D()); r.leaves {
			return d.follows(tx, a, s, t, r.why)
		}
		r.quiet = t.Held
		verdict := d.judge(a, s, &t)
		a.hint = hint(t, verdict)
		h.Trigger, h.Verdict, h.Rating, e.waits, e.what = r.trigger, &verdict, r.rating, r.waits(), saidWhat(r)
		if r.why != "" {
			h.Why = r.why
		}
	}
	was, severity := t.Status, t.Severity
	if err := d.happens(tx, &t, h); err != nil {
		return err
	}
	if err := d.enter(tx, a, s, t, e); err != nil {
		return err
	}
	if t, err = tx.Thread(t.ID); err != nil {
		return err
	}
	if err := d.reacted(tx, t, was, r, a.now); err != nil {
		return err
	}
	if err := errors.Join(d.announce(tx, t, severity, a.now), d.conclude(tx, t, was, a.now)); err != nil {
		return err
	}
	if err := d.looping(tx, a, t); err != nil {
		return err
	}
	return d.bounced(tx, a)
}

// hint tells the desk of a mail that reads worse than what one of them has set, which stands.
func hint(t store.Thread, v classify.Verdict) string {
	why, hinted := t.Hint(v)
	if !hinted {
		return ""
	}
	return fmt.Sprintf("This reads like %s: %s. Answer #severity %d if it is.", v.Severity, why, int(v.Severity))
}

// saidWhat is how a customer's mail is announced to those inside.
func saidWhat(r reaction) string {
	switch r.trigger {
	case store.Confirmed:
		return "The customer confirms that it works"
	case store.Denied:
		return "The customer says it is still broken"
	case store.CameBack:
		return "The customer came back after closing"
	case store.Rated:
		return fmt.Sprintf("The customer rates us %d of 5", r.rating)
	case store.Thanked:
		return "The customer says thank you"
	}
	return "The customer wrote"
}

// follows opens a thread for a mail to one that was closed too long ago.
func (d *doors) follows(tx *store.Tx, a arrival, s sender, old store.Thread, why string) error {
	t := d.newThread(a, s)
	t.Earlier = old.ID
	err := tx.AddEvent(store.Event{Thread: old.ID, At: a.now, Who: a.msg.From.Addr, What: "wrote again, in a new thread", Why: why})
	if err != nil {
		return err
	}
	return d.begins(tx, a, s, t, d.judge(a, s, nil), entry{why: "it follows " + old.Ref() + ": " + why, waits: true}, 0)
}

// seenOutside retires the ids of internal mails that a mail from off the roster names.
func (d *doors) seenOutside(tx *store.Tx, a arrival, s sender) error {
	if s.role == store.FromMachine {
		return nil // a delivery report returns our own mail, and reaches us alone
	}
	named, err := tx.OurIDs(s.names(a.msg, d).IDs)
	if err != nil {
		return err
	}
	return d.retire(tx, a, named)
}

// entry is how a mail comes into its thread.
type entry struct {
	why     string // why it belongs there
	forward bool   // a customer's mail that somebody on the roster passes on
	what    string // how it is announced to those inside; empty for what is not passed on
	opening bool
	waits   bool // a person has to answer it
}

// enter records the mail in its thread, settles what is owed now and passes it on.
func (d *doors) enter(tx *store.Tx, a arrival, s sender, t store.Thread, e entry) error {
	as := s
	if e.forward {
		as.role = store.ForCustomer
	}
	id, err := d.record(tx, a, as, t.ID, e.why)
	if err != nil {
		return err
	}
	var named []string
	if s.role == store.FromCustomer {
		named, _ = ingest.Named(a.msg)
	}
	switch {
	case e.waits:
		t.Waiting = append(t.Waiting, store.Waiting{Message: id, At: least(a.at, a.now)})
	case s.role == store.FromCustomer:
		if err := tx.Answered(id); err != nil {
			return err
		}
	}
	if s.role != store.FromMachine && s.role != store.FromUs {
		if err := tx.Know(t.ID, a.msg.MessageID, named); err != nil {
			return err
		}
	}
	if err := d.colleagues(tx, a, s, t); err != nil {
		return err
	}
	hold, more, err := d.decideAck(tx, a, s, &t, e.opening)
	if err != nil {
		return err
	}
	if err := tx.AddEvents(t.ID, append(suspected(a, s), more...)); err != nil {
		return err
	}
	fresh, err := d.settleThread(tx, t, a.now)
	if err != nil {
		return err
	}
	if err := d.matters(tx, a, s, t, id, e); err != nil {
		return err
	}
	if err := d.queueAck(tx, a, s, t, id, hold, fresh); err != nil || e.what == "" || a.msg.Kind != ingest.Human {
		return err
	}
	return d.passOn(tx, a, s, t, id, e.what)
}

// judge asks the rules, then what was learned; a thread that exists gives them its history. What was judged before the change
// stands for a new thread.
func (d *doors) judge(a arrival, s sender, t *store.Thread) classify.Verdict {
	if t == nil && a.judged {
		return a.noted(a.verdict)
	}
	c := a.toJudge(s, t)
	v := d.rules.Judge(c)
	if d.learned != nil {
		v = learned.Weigh(v, d.learned.Judge(c, v))
	}
	return a.noted(v)
}

// toJudge is what a judgement may look at.
func (a arrival) toJudge(s sender, t *store.Thread) classify.Case {
	c := classify.Case{Message: a.msg, Mailbox: a.box(), Customer: s.customer, Now: a.now}
	if t != nil {
		c.Thread = &classify.History{Severity: t.Severity, Type: t.Type, Messages: len(t.Waiting), OpenedAt: t.OpenedAt}
	}
	return c
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
