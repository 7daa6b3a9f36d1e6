package daemon

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"triaged/ingest"
	"triaged/outbound"
	"triaged/store"
)

// gapAfter is how many automatic updates in a row are a communication gap: the customer hears machines only.
const gapAfter = store.GapAfter

// nudge asks the owner for the update that is due soon: their reply becomes it. One that was slept over past its update is skipped.
func (d *doors) nudge(tx *store.Tx, t store.Thread, o store.Obligation, now time.Time) error {
	if err := tx.Meet(o.ID, now); err != nil {
		return err
	}
	due, _, ok := outbound.NextUpdate(t, d.policy)
	why := ingest.NoReply(t.Customer.Address) // nobody there would read the update
	if !ok || !due.After(now) {
		why = "its update is due already"
	}
	if why != "" {
		return tx.AddEvent(store.Event{Thread: t.ID, At: now, Who: "clock", What: "skipped a nudge", Why: why})
	}
	if err := tx.AddEvent(store.Event{Thread: t.ID, At: now, Who: "clock", What: "asked for an update", Why: o.Reason}); err != nil {
		return err
	}
	every, _ := d.policy.Every(t)
	return d.post(tx, t, letter{
		kind: store.NudgeMail, id: o.ID, to: addresses(d.desk(t)), now: now,
		facts: store.Facts{Progress: &store.Progress{
			What: "An update is due", Due: due.Unix(), Next: d.policy.Of(t.Severity).Calendar.Add(due, every).Unix(), Missed: t.Holdings,
		}},
	})
}

// update: the instant has come and no person has written. The customer gets what the record says, on the promised minute; slots
// that were slept over become this one mail.
func (d *doors) update(tx *store.Tx, t store.Thread, o store.Obligation, now time.Time) error {
	cal := d.policy.Of(t.Severity).Calendar
	every, _ := d.policy.Every(t)
	if n, _ := outbound.Skipped(cal, o.Due, every, now); n > 0 {
		err := tx.AddEvent(store.Event{Thread: t.ID, At: now, Who: "clock", What: fmt.Sprintf("skipped %d updates", n), Why: "they came due while nobody was awake; one mail stands for all"})
		if err != nil {
			return err
		}
	}
	var next time.Time // none where a promise is kept that the cadence would no longer make
	promised := int64(0)
	if !every.IsZero() {
		next = cal.Add(now, every)
		promised = next.Unix()
	}
	why, err := d.noUpdate(tx, t, now)
	if err != nil {
		return err
	}
	if why != "" {
		if err := tx.Waive(o.ID, why); err != nil {
			return err
		}
		return d.progressed(tx, t, store.Happening{Trigger: store.UpdateSkipped, At: now, Who: "clock", Why: why, Until: next})
	}
	err = errors.Join(tx.Meet(o.ID, now), d.drop(tx, t, []string{store.HoldingMail}, "the next update stands for it", now),
		d.dropSlots(tx, t, store.Nudge, "the update that it asked for was due", now))
	if err != nil {
		return err
	}
	err = d.automatic(tx, t, letter{kind: store.HoldingMail, id: o.ID, now: now, facts: store.Facts{Progress: &store.Progress{Next: promised, Missed: t.Holdings + 1}}})
	if err != nil {
		return err
	}
	if t.Holdings+1 == gapAfter {
		if err := d.gap(tx, t, now); err != nil {
			return err
		}
	}
	return d.progressed(tx, t, store.Happening{Trigger: store.UpdateDue, At: now, Who: "clock", Why: o.Reason, Until: next})
}

// noUpdate says why no automatic update goes out now; empty where it does. A robot that opens a thread with each mail of ours would
// make every update another thread: before a person has answered, threads beyond what a sender is acknowledged in a day stop the cadence.
func (d *doors) noUpdate(tx *store.Tx, t store.Thread, now time.Time) (string, error) {
	if why, err := d.unwelcome(tx, t, now); err != nil || why != "" {
		return why, err
	}
	waits, err := tx.PersonsMailWaits(t.ID)
	if err != nil || waits {
		return "what a person wrote is on its way", err
	}
	most := limit(d.cfg.Ack.PerSenderDay)
	if most == 0 || !t.FirstResponseAt.IsZero() {
		return "", nil
	}
	n, err := tx.OpenedBy(t.Customer.Address, now.Add(-24*time.Hour), most+1)
	if err != nil || n <= most {
		return "", err
	}
	return fmt.Sprintf("this sender has opened more than %d threads within a day, and no person has answered this one (ack.per_sender_day)", most), nil
}

// gap: the customer has heard nothing but machines twice in a row. Those who answer for it are told.
func (d *doors) gap(tx *store.Tx, t store.Thread, now time.Time) error {
	why := fmt.Sprintf("%d updates in a row were automatic: no person has written since %s", gapAfter, orNever(t.FirstResponseAt, t.ToldAt))
	if err := tx.AddEvent(store.Event{Thread: t.ID, At: now, Who: "clock", What: "communication gap", Why: why}); err != nil {
		return err
	}
	return d.post(tx, t, letter{
		kind: store.EscalationMail, owed: store.Notify, slot: "gap/" + strconv.Itoa(t.Updates), why: why, to: d.ownerAndManagers(t), now: now,
		facts: store.Facts{Escalation: &store.Escalation{
			What: "Communication gap: the customer hears only automatic updates", Why: why,
			Do: []string{"Write to the customer: reply to the mail that was passed on to you, or to the next nudge.", "#eta and #next put something true into the automatic updates."},
		}},
	})
}

func orNever(first, last time.Time) string {
	if first.IsZero() {
		return "the thread was opened"
	}
	return last.UTC().Format("2006-01-02 15:04 MST")
}

// brief tells those inside how it stands.
func (d *doors) brief(tx *store.Tx, t store.Thread, o store.Obligation, now time.Time) error {
	promise := d.policy.Of(t.Severity)
	if n, _ := outbound.Skipped(promise.Calendar, o.Due, promise.BriefEvery, now); n > 0 {
		if err := tx.AddEvent(store.Event{Thread: t.ID, At: now, Who: "clock", What: fmt.Sprintf("skipped %d briefs", n), Why: "they came due while nobody was awake; one mail stands for all"}); err != nil {
			return err
		}
	}
	if err := errors.Join(tx.Meet(o.ID, now), d.dropSlots(tx, t, store.Brief, "the next brief stands for it", now)); err != nil {
		return err
	}
	err := d.post(tx, t, letter{
		kind: store.BriefMail, id: o.ID, to: d.informed(t, false), now: now,
		facts: store.Facts{Progress: &store.Progress{What: "Brief", Number: t.Briefs + 1, Missed: t.Holdings}},
	})
	if err != nil {
		return err
	}
	return d.progressed(tx, t, store.Happening{Trigger: store.BriefDue, At: now, Who: "clock", Why: o.Reason})
}

func (d *doors) progressed(tx *store.Tx, t store.Thread, h store.Happening) error {
	if err := d.happens(tx, &t, h); err != nil {
		return err
	}
	_, err := d.settleThread(tx, t, h.At)
	return err
}

// informed are those inside whom the policy of a severity keeps informed. Everybody at once is told of the beginning and the end only.
func (d *doors) informed(t store.Thread, ends bool) (to []string) {
	for _, group := range d.policy.Of(t.Severity).Inform {
		switch group {
		case "owner":
			to = append(to, addresses(d.desk(t))...)
		case "managers":
			for _, m := range d.cfg.Managers {
				to = append(to, m.Address)
			}
		case "csm":
			if csm := d.cfg.CustomerOf(t.Customer.Address).CSM; csm != "" {
				to = append(to, csm)
			}
		case "executives":
			to = append(to, d.cfg.Stakeholders.Executives...)
		case "engineering":
			to = append(to, d.cfg.Stakeholders.Engineering...)
		case "all_hands":
			if ends {
				to = append(to, d.cfg.Stakeholders.AllHands...)
			}
		}
	}
	return distinct(to)
}
