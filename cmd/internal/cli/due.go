package cli

import (
	"time"

	"triaged/store"
)

type dueView struct {
	Kind string  `json:"kind"`
	At   *string `json:"at"`
	Late bool    `json:"late"`
}

// nextDue finds what a customer is owed next: what is late comes first, and is late until it is met.
func nextDue(owed []store.Obligation, now time.Time) *dueView {
	var next *store.Obligation
	for i, o := range owed {
		open := o.State == store.Owed || o.State == store.Missed && o.MetAt.IsZero()
		if open && toCustomer(o.Kind) && (next == nil || o.Due.Before(next.Due)) {
			next = &owed[i]
		}
	}
	if next == nil {
		return nil
	}
	return &dueView{Kind: next.Kind, At: rfc3339(next.Due), Late: next.State == store.Missed || next.Due.Before(now)}
}

// toCustomer says that an obligation is a promise to the customer.
func toCustomer(kind string) bool {
	switch kind {
	case store.Acknowledge, store.Respond, store.Update, store.Resolve:
		return true
	}
	return false
}

// words are the next promise for people: "answer in 14m", "answer LATE 2h05m"; a dash where it is the customer's turn.
func (d *dueView) words(now time.Time) string {
	if d == nil {
		return "-"
	}
	at, err := time.Parse(time.RFC3339Nano, *d.At)
	switch {
	case err != nil:
		return dueWords(d.Kind)
	case d.Late:
		return dueWords(d.Kind) + " LATE " + age(now.Sub(at))
	}
	return dueWords(d.Kind) + " in " + age(at.Sub(now))
}

// dueWords is what a customer is owed, in a word.
func dueWords(kind string) string {
	switch kind {
	case store.Acknowledge:
		return "ack"
	case store.Respond:
		return "answer"
	case store.Resolve:
		return "solution"
	}
	return kind
}
