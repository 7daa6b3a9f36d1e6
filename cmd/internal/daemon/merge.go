package daemon

import (
	"errors"
	"fmt"
	"slices"

	"triaged/ingest"
	"triaged/store"
)

// merge ends a thread whose matter goes on in another of the same customer. What they still wait for is owed there, and whatever they
// or the team answer to either of the two lands there; #reopen parts them again.
func (w *deed) merge(arg string) error {
	id, err := store.ParseRef(arg)
	if err != nil {
		w.not = append(w.not, "#merge "+arg+": "+err.Error())
		return nil
	}
	into, err := w.tx.Thread(id)
	if errors.Is(err, store.ErrNoThread) {
		w.not = append(w.not, "#merge "+arg+": there is no such thread")
		return nil
	}
	if err != nil {
		return err
	}
	all, err := w.tx.Participants(into.ID)
	if err != nil {
		return err
	}
	if why := mergeRefused(w.t, into, all); why != "" {
		w.not = append(w.not, "#merge "+arg+": "+why)
		return nil
	}
	if w.letter.Words != "" && !w.isNote() {
		w.not = append(w.not, "#merge closes without a mail to the customer; take the words out, or write them in "+into.Ref())
		return nil
	}
	w.apply(store.Happening{Trigger: store.Merged, Into: into.ID, Text: into.Ref(), Why: "#merge by " + w.order.name},
		"This thread is closed and counts in no figure: it goes on in "+into.Ref()+", where whatever comes to either lands. #reopen parts them again.")
	if w.t.Severity.Worse(into.Severity) {
		w.done = append(w.done, fmt.Sprintf("%s stays %s; this thread was %s. #severity there raises it.", into.Ref(), into.Severity, w.t.Severity))
	}
	var there []string
	for _, p := range all {
		if !p.Pending {
			there = append(there, p.Address)
		}
	}
	w.later(func() error { return w.goesOnIn(into.ID, there) })
	return nil
}

// mergeRefused says why a thread cannot go on in another; empty when it can. all take part in that other one.
func mergeRefused(t, into store.Thread, all []store.Participant) string {
	sameCustomer := slices.ContainsFunc(all, func(p store.Participant) bool {
		return !p.Pending && ingest.Canonical(p.Address) == ingest.Canonical(t.Customer.Address)
	})
	switch {
	case into.ID == t.ID:
		return "that is this thread"
	case into.Status == store.Closed:
		return "that thread is closed; #reopen there takes it up again"
	case t.ClaimedCustomer != "":
		return "who the customer is has not been confirmed yet: #customer " + t.ClaimedCustomer + " does that"
	case into.ClaimedCustomer != "":
		return "who the customer of that thread is has not been confirmed yet"
	case !sameCustomer:
		return fmt.Sprintf("%s does not take part in that thread, and would read what was written to %s; a line #cc %s there lets them",
			t.Customer.Address, into.Customer.Address, t.Customer.Address)
	}
	return ""
}

// goesOnIn moves what the merged thread still owes into the other, whose desk is told of what waits. Who was accepted here has not been let
// into what is written there.
func (w *deed) goesOnIn(id int64, there []string) error {
	last, err := w.tx.MoveWaiting(w.t.ID, id)
	if err != nil {
		return err
	}
	all, err := w.tx.Participants(w.t.ID)
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := w.tx.AddParticipant(id, p.Address, true, w.order.now); err != nil {
			return err
		}
		if !p.Pending && !slices.Contains(there, p.Address) {
			w.done = append(w.done, fmt.Sprintf("%s took part here; a line #cc %s in #%d lets them there too.", p.Address, p.Address, id))
		}
	}
	took := store.Event{Thread: id, At: w.order.now, Who: w.order.actor(), What: "took in " + w.t.Ref(), Why: "#merge by " + w.order.name}
	if err := w.tx.AddEvent(took); err != nil || last == 0 {
		return err
	}
	into, err := w.tx.Thread(id)
	if err != nil {
		return err
	}
	err = w.happens(w.tx, &into, store.Happening{Trigger: store.CustomerWrote, At: w.order.now, Who: into.Customer.Address, Why: "what they wrote in " + w.t.Ref() + " waits here"})
	if err != nil {
		return err
	}
	if into, err = again(w.tx, into); err != nil {
		return err
	}
	if _, err := w.settleThread(w.tx, into, w.order.now); err != nil {
		return err
	}
	to := slices.DeleteFunc(addresses(w.desk(into)), func(a string) bool { return a == w.order.who })
	return w.post(w.tx, into, letter{
		kind: store.NoticeMail, owed: store.Notify, slot: fmt.Sprintf("merged/%d/%d", w.t.ID, last), why: w.t.Ref() + " goes on here", to: to, now: w.order.now,
		facts: store.Facts{Notice: &store.Notice{What: w.order.name + " merged " + w.t.Ref() + " into this thread; what the customer wrote there waits here", Source: last}},
	})
}
