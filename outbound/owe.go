package outbound

import (
	"fmt"
	"strconv"
	"time"

	"triaged/store"
)

// Owe returns everything that is owed on a thread at this instant, each with its reason. It is pure;
// the store reconciles the answer by (kind, slot), so what is left out here is owed no longer.
func Owe(t store.Thread, p Policy, now time.Time) []store.Obligation {
	if t.Status == store.Closed {
		return nil
	}
	all := oweAcknowledge(t, p)
	for _, w := range t.Waiting {
		all = append(all, oweRespond(t, p, w))
	}
	return all
}

// oweAcknowledge: a thread is acknowledged once, counted from the arrival of the mail that is answered.
func oweAcknowledge(t store.Thread, p Policy) []store.Obligation {
	if t.Ack == nil {
		if t.AckOwed != nil {
			return []store.Obligation{*t.AckOwed}
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

// oweRespond: every unanswered message of the customer owes a person's answer.
func oweRespond(t store.Thread, p Policy, w store.Waiting) store.Obligation {
	promise := p.Of(t.Severity)
	return store.Obligation{
		Kind: store.Respond, Slot: strconv.FormatInt(w.Message, 10), To: t.Customer.Address, State: store.Owed,
		Due: promise.Calendar.Add(w.At, promise.FirstResponse),
		Reason: fmt.Sprintf("%s: a person answers within %s (%s hours) of the message at %s",
			t.Severity, promise.Told, promise.CalendarName, w.At.UTC().Format("2006-01-02 15:04 MST")),
	}
}
