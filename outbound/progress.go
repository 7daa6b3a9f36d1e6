package outbound

import (
	"fmt"
	"strconv"
	"time"

	"triaged/config"
	"triaged/config/calendar"
	"triaged/store"
)

// oweProgress: while we work on a thread the customer hears from us on a cadence, the owner is asked for that word in time, and those
// inside are told. Nothing of it is owed while the customer has the next move, nor to somebody to whom no word has ever gone.
func oweProgress(t store.Thread, p Policy) (all []store.Obligation) {
	switch t.Status {
	case store.Resolved, store.WaitingOnCustomer, store.Closed:
		return nil
	}
	promise := p.Of(t.Severity)
	if o, ok := oweBrief(t, promise); ok {
		all = append(all, o)
	}
	due, why, ok := NextUpdate(t, p)
	if !ok || t.Held || t.AcknowledgedAt.IsZero() && t.FirstResponseAt.IsZero() {
		return all
	}
	slot := strconv.Itoa(t.Updates)
	all = append(all, store.Obligation{Kind: store.Update, Slot: slot, To: t.Customer.Address, State: store.Owed, Due: due, Reason: why})
	if promise.NudgeBefore <= 0 {
		return all
	}
	return append(all, store.Obligation{
		Kind: store.Nudge, Slot: slot, To: "owner", State: store.Owed, Due: due.Add(-promise.NudgeBefore),
		Reason: fmt.Sprintf("%s before the update that is due at %s", spoken(promise.NudgeBefore), stamp(due)),
	})
}

// Every is the cadence of a thread's updates: its own, or that of its severity; zero for none.
func (p Policy) Every(t store.Thread) (every config.Span, whose string) {
	if t.Cadence != "" {
		var own config.Span
		if own.UnmarshalText([]byte(t.Cadence)) == nil {
			return own, "#cadence"
		}
	}
	return p.Of(t.Severity).UpdateEvery, t.Severity.String()
}

// NextUpdate is when the customer is to hear from us next, and why; false where no cadence is promised. What we told them stands,
// unless a raise has made it sooner, or the time went by while it was not ours to write; also where a lowering has ended the cadence.
func NextUpdate(t store.Thread, p Policy) (due time.Time, why string, ok bool) {
	promise := p.Of(t.Severity)
	every, whose := p.Every(t)
	told := t.NextTold.After(t.ToldAt) && t.NextTold.After(later(t.ReopenedAt, t.Pauses.Resumed()))
	if every.IsZero() {
		return t.NextTold, toldToExpect, told
	}
	from, since := t.OpenedAt, "the opening"
	if t.AcknowledgedAt.After(from.Add(p.AckWithin)) {
		from, since = t.AcknowledgedAt, "the acknowledgement, which was late,"
	}
	for _, later := range []struct {
		at   time.Time
		name string
	}{{t.ReopenedAt, "the reopening"}, {t.RaisedAt, "the raise"}, {t.ToldAt, "the last mail"}, {t.Pauses.Resumed(), "the end of the waiting"}} {
		if later.at.After(from) {
			from, since = later.at, later.name
		}
	}
	due = promise.Calendar.Add(from, every)
	why = fmt.Sprintf("%s: an update every %s (%s hours), counted from %s at %s", whose, every, promise.CalendarName, since, stamp(from))
	if told && (!t.RaisedAt.After(t.ToldAt) || t.NextTold.Before(due)) {
		due, why = t.NextTold, toldToExpect
	}
	return due, why, true
}

const toldToExpect = "the customer was told to expect it then"

// oweBrief: those inside hear how it stands at a fixed pace from the opening, the last raise or the end of a wait.
func oweBrief(t store.Thread, promise Promise) (store.Obligation, bool) {
	if promise.BriefEvery.IsZero() {
		return store.Obligation{}, false
	}
	from := t.OpenedAt
	for _, at := range []time.Time{t.ReopenedAt, t.RaisedAt, t.BriefedAt, t.Pauses.Resumed()} {
		from = later(from, at)
	}
	return store.Obligation{
		Kind: store.Brief, Slot: strconv.Itoa(t.Briefs), To: "inside", State: store.Owed, Due: promise.Calendar.Add(from, promise.BriefEvery),
		Reason: fmt.Sprintf("%s: a brief every %s since %s", t.Severity, promise.BriefEvery, stamp(from)),
	}, true
}

// Skipped counts the slots of a cadence that came due after due and no later than now: they were slept over, and one mail stands for all.
// last is the newest of them, or due itself.
func Skipped(cal *calendar.Calendar, due time.Time, every config.Span, now time.Time) (n int, last time.Time) {
	if every.IsZero() {
		return 0, due
	}
	for last = due; n < 10_000; n++ {
		next := cal.Add(last, every)
		if next.After(now) || !next.After(last) {
			return n, last
		}
		last = next
	}
	return n, last
}
