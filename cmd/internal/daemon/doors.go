package daemon

import (
	"time"

	"triaged/classify"
	"triaged/classify/learned"
	"triaged/config"
	"triaged/ingest"
	"triaged/ingest/mailbox"
	"triaged/outbound"
	"triaged/store"
)

// doors are the ways in: everything that changes a thread comes through one of them, as one change
// of the store, and decides on what it reads inside.
type doors struct {
	cfg       *config.Config
	rules     *classify.Rules
	ruled     string            // the fingerprint of rules
	learned   *learned.Opinions // nil: nothing was learned, or nobody uses it
	policy    outbound.Policy
	notBefore time.Time
	observing bool
	restored  time.Time // when a restored database was found; zero for none
	own       []string  // every address of ours
	contacts  *ingest.Contacts
	alerts    *alerts
	heard     func(mailbox string) time.Time // the last good look at a mailbox; zero for none since the start
}

// arrival is a mail that was read, with all that could be prepared outside the change.
type arrival struct {
	place store.Place
	msg   *ingest.Message
	raw   []byte // zstd
	at    time.Time
	now   time.Time
	// verdict is what the rules say should the mail open a thread; judged says that it was asked.
	verdict classify.Verdict
	judged  bool
	// junk says that the mail was filtered into Junk: it is shown to people and never answered.
	junk bool
	// known is the row of the same mail, first seen in Junk, that a person has put back; 0 for none.
	known int64
	// internal is the text of our own mails that somebody on the roster answers with it: none of it may go out again.
	internal string
	// leftOut are the files of an agent's mail that never go to the customer.
	leftOut []string
	// forward is the customer's mail in it, where somebody on the roster passes one on.
	forward *ingest.Forward
	// again is the earlier thread of the same customer that it is about once more; nil for none.
	again *repeat
	// hint says that it reads worse than what a person has set; empty where it does not.
	hint string
	// inside says that only those on the roster may read it.
	inside bool
	// notes is what is decided on the mail in the change under way, to be kept with it; nil for none.
	notes *store.Judgement
}

// box is the configured mailbox that the mail came in by.
func (a arrival) box() string {
	name, _ := mailbox.Owner(a.place.Mailbox)
	return name
}

// Arrived: a mail was read. It is recorded once, placed, judged, and what it makes us owe is written down.
func (d *doors) Arrived(tx *store.Tx, a arrival) error {
	a.notes = &store.Judgement{At: a.now, Rules: d.ruled, Auth: authenticity(a.msg.Auth), Observed: d.observing}
	if err := d.arrived(tx, a); err != nil || a.notes.Message == 0 {
		return err
	}
	return tx.AddJudgement(*a.notes)
}

func (d *doors) arrived(tx *store.Tx, a arrival) error {
	if seen, err := tx.Seen(a.place); seen || err != nil {
		return err
	}
	earlier, again, err := tx.SameMail(a.msg)
	if err != nil {
		return err
	}
	switch {
	case again && !a.junk && earlier.Thread == 0 && isJunk(earlier.Mailbox):
		a.known = earlier.ID // a person has found it in Junk: now it arrives
	case again:
		return d.seenAgain(tx, a, earlier)
	}
	from, err := d.sender(tx, a)
	if err != nil {
		return err
	}
	candidates, err := tx.Candidates(from.names(a.msg, d))
	if err != nil {
		return err
	}
	at := ingest.Place(a.msg, candidates)
	a.notes.Candidates = store.Namings(candidates)
	switch {
	case a.junk:
		return d.filtered(tx, a, from, at)
	case at.Thread != 0 && from.role == store.FromAgent:
		return d.agentWrote(tx, a, from, at)
	case at.Thread != 0:
		return d.joins(tx, a, from, at)
	case from.role == store.FromAgent:
		return d.agentBegins(tx, a, from, at)
	case from.opens(a.msg):
		return d.opens(tx, a, from, at)
	}
	if _, err := d.record(tx, a, from, 0, unthreaded(a.msg, from)); err != nil {
		return err
	}
	if err := d.ownButPersonal(tx, a, from); err != nil {
		return err
	}
	return d.bounced(tx, a)
}

// Settled: an attempt to send has ended.
func (d *doors) Settled(tx *store.Tx, s store.Delivery) error {
	ours, err := tx.Settle(s)
	if err != nil || !ours {
		return err
	}
	switch s.State {
	case store.Sent:
		return d.sent(tx, s)
	case store.Failed, store.Dropped:
		return d.notSent(tx, s)
	case store.Held:
		return d.heldBack(tx, s)
	}
	return nil
}

// Asked: a person asks for something, from the shell. Of a mail that waits, done says that it still did.
func (d *doors) Asked(tx *store.Tx, q ask) (out Outcome, done bool, err error) {
	var m store.Mail
	switch q.Verb {
	case "thread":
		out, err = d.ordered(tx, q)
		return out, len(out.NotDone) == 0, err
	case "release":
		m, done, err = tx.Release(q.Mail, q.Now)
	case "drop":
		m, done, err = tx.Drop(q.Mail, "dropped by "+q.Who)
		if err == nil && done {
			err = tx.Waive(m.Obligation, "dropped by "+q.Who)
		}
	}
	if err != nil || !done {
		return out, done, err
	}
	events := []store.Event{{Thread: m.Thread, At: q.Now, Who: q.Who, What: q.Verb + " " + m.Kind, Why: "asked by a person"}}
	if l := m.Facts.Letter; l != nil && q.Verb == "release" {
		events = append(events, store.Event{At: q.Now, Who: l.Agent, What: wrote, Why: "released by " + q.Who})
	}
	return out, done, tx.AddEvents(m.Thread, events)
}
