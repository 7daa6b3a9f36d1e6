package outbound

import (
	"fmt"
	"strconv"
	"time"

	"triaged/store"
)

// Owe returns everything that is owed on a thread at this instant, each with its reason. It is pure;
// the store reconciles the answer by (kind, slot), so what is left out here is owed no longer. Mails that were promised when
// they were queued (deliver, notify, rate) are not its business: their delivery settles them.
func Owe(t store.Thread, p Policy, now time.Time) []store.Obligation {
	if t.Status == store.Closed {
		return nil
	}
	all := oweAcknowledge(t, p)
	for _, w := range t.Waiting {
		all = append(all, oweRespond(t, p, w))
	}
	if t.Status == store.Resolved || t.Status == store.WaitingOnCustomer {
		all = append(all, oweSilence(t, p)...)
	}
	if t.Status != store.Resolved {
		all = append(all, oweResolve(t, p))
	}
	all = append(all, oweProgress(t, p)...)
	if t.Held && !t.HeldUntil.IsZero() {
		all = append(all, store.Obligation{
			Kind: store.FollowUp, Slot: "release/" + strconv.FormatInt(t.HeldUntil.Unix(), 10), State: store.Owed, Due: t.HeldUntil,
			Reason: "automatic mail to the customer was held until then",
		})
	}
	return append(all, oweEscalate(t, p, all)...)
}

// oweAcknowledge: a thread is acknowledged once, counted from the arrival of the mail that is answered.
func oweAcknowledge(t store.Thread, p Policy) []store.Obligation {
	if t.Ack == nil {
		for _, o := range t.Open {
			if o.Kind == store.Acknowledge && o.State == store.Owed {
				return []store.Obligation{o}
			}
		}
		return nil
	}
	o := store.Obligation{
		Kind: store.Acknowledge, Slot: "0", To: t.Customer.Address, Reason: t.Ack.Why,
		State: store.Void, Due: t.Ack.At.Add(p.AckWithin),
	}
	if t.Ack.Send {
		o.State = store.Owed
		o.Warn = t.Ack.At.Add(p.AckWithin / 2)
	}
	return []store.Obligation{o}
}

// oweRespond: every unanswered message of the customer owes a person's answer, counted anew from a raise.
func oweRespond(t store.Thread, p Policy, w store.Waiting) store.Obligation {
	promise := p.Of(t.Severity)
	from := w.At
	since := "of the message at " + stamp(w.At)
	if t.RaisedAt.After(from) {
		from, since = t.RaisedAt, "of the raise at "+stamp(t.RaisedAt)
	}
	return store.Obligation{
		Kind: store.Respond, Slot: strconv.FormatInt(w.Message, 10), To: t.Customer.Address, State: store.Owed,
		Due:    promise.Calendar.Add(from, promise.FirstResponse),
		Reason: fmt.Sprintf("%s: a person answers within %s (%s hours) %s", t.Severity, promise.FirstResponse, promise.CalendarName, since),
	}
}

// oweResolve: a thread is to be resolved in time, once an opening or reopening. What the customer kept us waiting does
// not count, and while they do the promise rests.
func oweResolve(t store.Thread, p Policy) store.Obligation {
	promise := p.Of(t.Severity)
	from, since := t.OpenedAt, "the opening"
	if t.ReopenedAt.After(from) {
		from, since = t.ReopenedAt, "the reopening"
	}
	if t.RaisedAt.After(from) {
		from, since = t.RaisedAt, "the raise"
	}
	o := store.Obligation{
		Kind: store.Resolve, Slot: strconv.Itoa(t.Reopenings), To: t.Customer.Address, State: store.Owed,
		Due:    promise.Calendar.Add(from, promise.ResolveWithin),
		Reason: fmt.Sprintf("%s: resolved within %s (%s hours) of %s at %s", t.Severity, promise.ResolveWithin, promise.CalendarName, since, stamp(from)),
	}
	var rested time.Duration
	for _, pause := range t.Pauses {
		if pause.To.IsZero() {
			o.State, o.Reason = store.Void, "rests while we wait on the customer, since "+stamp(pause.From)
			continue
		}
		if pause.To.After(from) {
			rested += promise.Calendar.Between(later(pause.From, from), pause.To)
		}
	}
	if rested > 0 && o.State == store.Owed {
		o.Due = promise.Calendar.AddOpen(o.Due, rested)
		o.Reason += fmt.Sprintf(", and %s more for the waiting on the customer", rested.Round(time.Minute))
	}
	return o
}

// oweSilence: a customer who owes us an answer is reminded, and at last the thread is closed unconfirmed. Nothing of it
// runs while automatic mail is held, or since the customer has said anything.
func oweSilence(t store.Thread, p Policy) (all []store.Obligation) {
	if t.AskedAt.IsZero() || t.Held {
		return nil
	}
	cal := p.Of(t.Severity).Calendar
	asked := strconv.FormatInt(t.AskedAt.Unix(), 10)
	for i, after := range p.Silence.Remind {
		all = append(all, store.Obligation{
			Kind: store.Remind, Slot: fmt.Sprintf("%s/%d", asked, i+1), To: t.Customer.Address, State: store.Owed, Due: cal.Add(t.AskedAt, after),
			Reason: fmt.Sprintf("reminder %d of %d, %s after we asked at %s", i+1, len(p.Silence.Remind), after, stamp(t.AskedAt)),
		})
	}
	return append(all, store.Obligation{
		Kind: store.Confirm, Slot: asked, To: t.Customer.Address, State: store.Owed, Due: cal.Add(t.AskedAt, p.Silence.CloseAfter),
		Reason: fmt.Sprintf("closed unconfirmed if the customer says nothing for %s since %s", p.Silence.CloseAfter, stamp(t.AskedAt)),
	})
}

// oweEscalate: an unmet promise climbs, from the instant it was missed, or from that at which it is due by now: a lowering gives time,
// and a raise makes a promise that is missed anew. Of several of a kind the oldest climbs for all.
func oweEscalate(t store.Thread, p Policy, owed []store.Obligation) (all []store.Obligation) {
	still := map[string]store.Obligation{}
	for _, o := range owed {
		if o.State == store.Owed {
			still[o.Kind+"/"+o.Slot] = o
		}
	}
	climbs := map[string]bool{}
	for _, o := range t.Open {
		current, unmet := still[o.Kind+"/"+o.Slot]
		if o.State != store.Missed || climbs[o.Kind] || !unmet {
			continue
		}
		from, anew := later(o.MissedAt, current.Due), ""
		if t.RaisedAt.After(o.MissedAt) {
			anew = "@" + strconv.FormatInt(t.RaisedAt.Unix(), 10)
		}
		switch o.Kind {
		case store.Respond, store.Resolve:
		default:
			continue
		}
		climbs[o.Kind] = true
		for i, step := range p.Steps {
			all = append(all, store.Obligation{
				Kind: store.Escalate, Slot: fmt.Sprintf("%s/%s/%d%s", o.Kind, o.Slot, i+1, anew), To: step.To, State: store.Owed, Due: from.Add(step.After.D()),
				Reason: fmt.Sprintf("step %d of %d: %s was due at %s and missed; %s", i+1, len(p.Steps), o.Kind, stamp(current.Due), current.Reason),
			})
		}
	}
	return all
}

func stamp(t time.Time) string { return t.UTC().Format("2006-01-02 15:04 MST") }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
