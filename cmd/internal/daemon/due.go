package daemon

import (
	"fmt"
	"strings"
	"time"

	"triaged/store"
)

// Due: the instant of an obligation has come. What is ours to do then is done; a promise that needed somebody else is missed.
func (d *doors) Due(tx *store.Tx, o store.Obligation, now time.Time) error {
	if o.Kind == store.Digest {
		return d.digest(tx, o, now)
	}
	if o.Thread == 0 {
		return tx.Miss(o.ID, now)
	}
	t, err := tx.Thread(o.Thread)
	if err != nil {
		return err
	}
	if !stillOwed(t, o) {
		return nil // another that came due in this very change has settled it
	}
	switch o.Kind {
	case store.Escalate:
		return d.escalate(tx, t, o, now)
	case store.Remind, store.Confirm:
		return d.silence(tx, t, o, now)
	case store.FollowUp:
		return d.unhold(tx, t, o, now)
	case store.Nudge:
		return d.nudge(tx, t, o, now)
	case store.Update:
		return d.update(tx, t, o, now)
	case store.Brief:
		return d.brief(tx, t, o, now)
	}
	return d.miss(tx, t, o, now)
}

func stillOwed(t store.Thread, o store.Obligation) bool {
	for _, open := range t.Open {
		if open.ID == o.ID {
			return open.State == store.Owed && open.Due.Equal(o.Due)
		}
	}
	return false
}

// miss: a promise was not kept. That stays in the record, and begins to climb.
func (d *doors) miss(tx *store.Tx, t store.Thread, o store.Obligation, now time.Time) error {
	if err := tx.Miss(o.ID, now); err != nil {
		return err
	}
	if err := tx.AddEvent(store.Event{Thread: o.Thread, At: now, Who: "clock", What: "missed " + o.Kind, Why: o.Reason}); err != nil {
		return err
	}
	if o.Kind == store.Deliver {
		return d.undelivered(tx, t, o, now)
	}
	t, err := tx.Thread(t.ID)
	if err != nil {
		return err
	}
	_, err = d.settleThread(tx, t, now)
	return err
}

// tardy: something owed is about to be met. If its instant has passed, it was missed first, though the clock has not come to it yet.
func (d *doors) tardy(tx *store.Tx, o store.Obligation, at time.Time) error {
	if o.State != store.Owed || !at.After(o.Due) {
		return nil
	}
	if err := tx.Miss(o.ID, at); err != nil || o.Thread == 0 {
		return err
	}
	return tx.AddEvent(store.Event{Thread: o.Thread, At: at, Who: "clock", What: "missed " + o.Kind, Why: o.Reason})
}

// undelivered: what an agent wrote has not left in time.
func (d *doors) undelivered(tx *store.Tx, t store.Thread, o store.Obligation, now time.Time) error {
	if held, err := tx.MailHeld(o.ID); err != nil || held {
		return err
	}
	return d.alerts.raise(tx, alarm{
		Key: "undelivered " + t.Mailbox, What: "what an agent wrote has not left yet", At: now, Mailbox: t.Mailbox, Threads: []string{t.Ref()},
		Why: o.Reason + "; triaged show " + t.Ref() + " tells what the server said",
	})
}

// escalate tells the next one up of a promise that is still unmet. The mail is its meeting.
func (d *doors) escalate(tx *store.Tx, t store.Thread, o store.Obligation, now time.Time) error {
	parts := strings.Split(o.Slot, "/") // kind/slot/step
	missed := store.Obligation{Kind: parts[0]}
	for _, open := range t.Open {
		if len(parts) == 3 && open.Kind == parts[0] && open.Slot == parts[1] {
			missed = open
		}
	}
	to := d.rung(o.To, t)
	step := 0
	_, _ = fmt.Sscan(parts[len(parts)-1], &step) // an odd slot is step 0, which is not shown
	if err := tx.AddEvent(store.Event{Thread: t.ID, At: now, Who: "clock", What: "escalated to " + o.To, Why: o.Reason}); err != nil {
		return err
	}
	if err := tx.Meet(o.ID, now); err != nil || len(to) == 0 {
		return err
	}
	return d.post(tx, t, letter{
		kind: store.EscalationMail, id: o.ID, to: to, now: now,
		facts: store.Facts{Escalation: &store.Escalation{What: missedWhat(missed.Kind), Why: missed.Reason, Step: step, Steps: len(d.policy.Steps), Do: d.advice(missed.Kind, t)}},
	})
}

func missedWhat(kind string) string {
	if kind == store.Resolve {
		return "The promised resolution is overdue"
	}
	return "The customer has not had an answer from a person in time"
}

// advice is what to do about a missed promise, the next thing first.
func (d *doors) advice(kind string, t store.Thread) (do []string) {
	if t.Owner == "" {
		do = append(do, "Nobody owns it: #take in a reply to the customer's mail makes it yours.")
	}
	if kind == store.Respond {
		return append(do, "Answer the customer, even if only to say what happens next and when: reply to the mail that was passed on to you.")
	}
	return append(do, "Tell the customer where it stands.", "Look for a workaround first; #workaround says that there is one.", "#eta gives the customer a time.")
}

// rung is who stands on a step of the ladder: an owner who is missing is the team.
func (d *doors) rung(name string, t store.Thread) (to []string) {
	switch name {
	case "manager":
		for _, m := range d.cfg.Managers {
			to = append(to, m.Address)
		}
	case "owner":
		to = addresses(d.desk(t))
	default:
		to = addresses(d.cfg.AgentsOf(t.Team))
	}
	return distinct(to)
}

// silence reminds a silent customer, or closes the thread at last. What they may have said unheard, while the daemon was down or their
// mailbox deaf, is no silence, nor is it one before our question has left: it is counted anew, so that nobody is reminded of what they have
// answered or never read.
func (d *doors) silence(tx *store.Tx, t store.Thread, o store.Obligation, now time.Time) error {
	waits, err := tx.PersonsMailWaits(t.ID)
	if err != nil {
		return err
	}
	why := ""
	switch heard := d.heard(t.Mailbox); {
	case waits:
		why = "what a person wrote to them has not left yet"
	case d.observing:
		why = "observing: nothing is sent"
	case now.Sub(heard) > deafFor:
		why = "the mailbox " + t.Mailbox + " has not been heard for a while: they may have answered"
	case o.Kind == store.Remind:
		return d.remind(tx, t, o, now)
	default:
		return d.silent(tx, t, o, now)
	}
	if err := d.happens(tx, &t, store.Happening{Trigger: store.Recounted, At: now, Who: "clock", Why: why}); err != nil {
		return err
	}
	_, err = d.settleThread(tx, t, now)
	return err
}

// remind asks a silent customer again. Of reminders that were slept over only the last one is sent.
func (d *doors) remind(tx *store.Tx, t store.Thread, o store.Obligation, now time.Time) error {
	if err := tx.Meet(o.ID, now); err != nil {
		return err
	}
	r := &store.Reminder{About: about(t), Of: len(d.policy.Silence.Remind), CloseBy: d.closesAt(t).Unix()}
	for _, open := range t.Open {
		if open.Kind == store.Remind && open.State == store.Owed && open.ID != o.ID && !open.Due.After(now) && open.Due.After(o.Due) {
			return tx.AddEvent(store.Event{Thread: t.ID, At: now, Who: "clock", What: "skipped a reminder", Why: "a later one is due as well"})
		}
	}
	_, number, _ := strings.Cut(o.Slot, "/")
	_, _ = fmt.Sscan(number, &r.Number)
	if err := tx.AddEvent(store.Event{Thread: t.ID, At: now, Who: "clock", What: "reminded the customer", Why: o.Reason}); err != nil {
		return err
	}
	return d.automatic(tx, t, letter{kind: store.ReminderMail, id: o.ID, now: now, facts: store.Facts{Reminder: r}})
}

// about is what we wait for: word on a resolution, or the answer to a question.
func about(t store.Thread) string {
	if t.Status == store.Resolved {
		return "resolution"
	}
	return "question"
}

func (d *doors) closesAt(t store.Thread) time.Time {
	return d.policy.Of(t.Severity).Calendar.Add(t.AskedAt, d.policy.Silence.CloseAfter)
}

// silent: the customer has said nothing for as long as the policy waits. The thread is closed, counted as unconfirmed, and they are told.
func (d *doors) silent(tx *store.Tx, t store.Thread, o store.Obligation, now time.Time) error {
	what, was := about(t), t.Status
	if err := tx.Waive(o.ID, "the customer stayed silent"); err != nil {
		return err
	}
	if err := d.happens(tx, &t, store.Happening{Trigger: store.Silent, At: now, Who: "clock", Why: o.Reason}); err != nil {
		return err
	}
	err := d.automatic(tx, t, letter{
		kind: store.ClosedMail, owed: store.Notify, slot: fmt.Sprintf("closed/%d", t.Reopenings), why: "the thread is closed", now: now,
		facts: store.Facts{Reminder: &store.Reminder{About: what}},
	})
	if err != nil {
		return err
	}
	if err := d.conclude(tx, t, was, now); err != nil {
		return err
	}
	_, err = d.settleThread(tx, t, now)
	return err
}

// unhold ends a #hold at the time it named.
func (d *doors) unhold(tx *store.Tx, t store.Thread, o store.Obligation, now time.Time) error {
	if err := tx.Meet(o.ID, now); err != nil {
		return err
	}
	if err := d.happens(tx, &t, store.Happening{Trigger: store.Unpaused, At: now, Who: "clock", Why: "the time that #hold named has come"}); err != nil {
		return err
	}
	_, err := d.settleThread(tx, t, now)
	return err
}
