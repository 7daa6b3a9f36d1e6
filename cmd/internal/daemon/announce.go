package daemon

import (
	"fmt"
	"slices"
	"time"

	"triaged/classify"
	"triaged/store"
)

// announcedAnHour bounds how many threads of people we do not know are announced within an hour: a flood of mail that reads like an
// emergency must not reach everybody in the house.
const announcedAnHour = 5

// announce tells those inside whom the policy keeps informed that a severe thread has begun, or has become severe; what was its
// severity before, 0 for a new one.
func (d *doors) announce(tx *store.Tx, t store.Thread, was classify.Severity, now time.Time) error {
	if t.Status == store.Closed || !t.Severity.Worse(was) || t.Severity > classify.SEV3 {
		return nil
	}
	to := slices.DeleteFunc(d.informed(t, true), func(a string) bool { return slices.Contains(addresses(d.desk(t)), a) }) // they get the mail itself
	if len(to) == 0 {
		return nil
	}
	if !t.Customer.Known {
		n, err := tx.StrangersAnnounced(now.Add(-time.Hour), announcedAnHour*20)
		if err != nil {
			return err
		}
		if n >= announcedAnHour {
			return tx.AddEvent(store.Event{Thread: t.ID, At: now, Who: "rules of mail", What: "withheld brief", Why: fmt.Sprintf("%d threads of people we do not know were announced within an hour", n)})
		}
	}
	what := "Opened"
	if was != 0 {
		what = "Raised to " + t.Severity.String()
	}
	return d.post(tx, t, letter{
		kind: store.BriefMail, owed: store.Notify, slot: fmt.Sprintf("opened/%d/%d", t.Severity, t.Reopenings), why: what, to: to, now: now,
		facts: store.Facts{Progress: &store.Progress{What: what}},
	})
}

// conclude tells those who were kept informed that it is over.
func (d *doors) conclude(tx *store.Tx, t store.Thread, was store.Status, now time.Time) error {
	ended := t.Status == store.Resolved || t.Status == store.Closed
	if !ended || was == store.Resolved || was == store.Closed || t.Outcome == store.OutcomeSpam || t.Severity > classify.SEV3 {
		return nil
	}
	what := "Closing summary"
	if t.Outcome == store.OutcomeMerged {
		what = "It goes on in " + t.OutcomeHow
	}
	return d.post(tx, t, letter{
		kind: store.BriefMail, owed: store.Notify, slot: fmt.Sprintf("ended/%d", t.Reopenings), why: "the thread is " + string(t.Status), to: d.informed(t, true), now: now,
		facts: store.Facts{Progress: &store.Progress{What: what}},
	})
}
