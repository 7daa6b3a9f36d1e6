package daemon

import (
	"slices"
	"strconv"
	"strings"

	"triaged/ingest"
	"triaged/store"
)

// What the slots of receipts begin with: what was understood of a message, and a mail that may have arrived. The rest names which.
const (
	receiptOf = "receipt/"
	fateOf    = "fate/"
)

// release sends what waits for an agent's word. In answer to a mail that asks about one, it is that and no other: what else waits may be
// something that nobody ever meant to send. Otherwise it is all, and it ends #hold and takes a forward at its word.
func (w *deed) release() error {
	held, err := w.tx.HeldOn(w.t.ID)
	if err != nil {
		return err
	}
	if r := w.order.to.Facts.Receipt; r != nil && slices.Contains(r.AskLines, "#release") {
		if held, err = w.askedAbout(held); err == nil && len(held) == 0 {
			w.not = append(w.not, "#release: what this mail asked about is held no longer")
		}
		if err == nil {
			w.sendHeld(held)
		}
		return err
	}
	w.sendHeld(held)
	if w.t.Held {
		w.apply(store.Happening{Trigger: store.Unpaused, Why: "#release by " + w.order.name}, "Automatic mail to the customer goes on.")
	}
	if w.t.ClaimedCustomer != "" {
		w.setCustomer(ingest.Command{Verb: "customer", Arg: w.t.ClaimedCustomer})
	}
	if len(w.done) == 0 && w.letter.Words == "" {
		w.not = append(w.not, "#release: nothing is held on this thread")
	}
	return nil
}

// askedAbout keeps of held mails those that the receipt asks about to which the order is the answer. The slot of a receipt names what it is about:
// the message of which the mails were made, or the mail that may have arrived.
func (w *deed) askedAbout(held []store.Mail) (some []store.Mail, err error) {
	receipt, err := w.tx.Obligation(w.order.to.Obligation)
	if err != nil {
		return nil, err
	}
	for _, m := range held {
		made, err := w.tx.Obligation(m.Obligation)
		if err != nil {
			return nil, err
		}
		if receipt.Slot == receiptOf+made.Slot || strings.HasPrefix(receipt.Slot, fateOf+strconv.FormatInt(m.ID, 10)+"/") {
			some = append(some, m)
		}
	}
	return some, nil
}

// sendHeld queues held mails once the order is known to be right.
func (w *deed) sendHeld(held []store.Mail) {
	for _, m := range held {
		w.later(func() error {
			_, _, err := w.tx.Release(m.ID, w.order.now)
			return err
		})
		if m.Facts.Letter != nil {
			w.events = append(w.events, store.Event{At: w.order.now, Who: m.Facts.Letter.Agent, What: wrote, Why: "released by " + w.order.name})
		}
	}
	if len(held) > 0 {
		w.done = append(w.done, "What was held goes to the customer now.")
	}
}
