package daemon

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"triaged/store"
)

// missed: what was met after its instant is recorded as missed, and each miss has its event.
func (x *index) missed(*index) (all []breach) {
	for thread, list := range x.obligations {
		misses := map[string]int{}
		for _, o := range list {
			switch o.Kind {
			case store.Acknowledge, store.Respond, store.Resolve, store.Deliver:
			default:
				continue
			}
			late := !o.MetAt.IsZero() && o.MetAt.After(o.Due.Add(time.Second))
			if late && o.State != store.Missed {
				all = append(all, breach{missesKept, fmt.Sprintf("#%d: %s %s was due at %s, met at %s, and is %s", thread, o.Kind, o.Slot, o.Due, o.MetAt, o.State)})
			}
			if o.State == store.Missed {
				misses["missed "+o.Kind]++
			}
		}
		for what, n := range misses {
			told := 0
			for _, e := range x.events[thread] {
				if e.What == what {
					told++
				}
			}
			if told < n {
				all = append(all, breach{missesKept, fmt.Sprintf("#%d: %d obligations and %d events say %q", thread, n, told, what)})
			}
		}
	}
	return all
}

// responses counts for itself, where the clock never rests, which messages had no answer of a person in time.
func (x *index) responses(*index) (all []breach) {
	within := map[int]time.Duration{1: 15 * time.Minute, 2: time.Hour}
	for _, in := range x.in {
		m := x.recorded[in.id]
		t := x.threads[m.Thread]
		promise, round := within[int(t.Severity)]
		if !round || !x.steady(m.Thread) || in.what != opensThread && in.what != customerWrites || t.Customer.Address != in.from {
			continue
		}
		due, state := in.at.Add(promise), x.owed(m.Thread, store.Respond, strconv.FormatInt(m.ID, 10))
		if slices.ContainsFunc([]store.Trigger{store.Confirmed, store.ClosedBy, store.Spammed, store.Merged}, func(end store.Trigger) bool { return x.happened(m.Thread, string(end), in.at, due) }) {
			continue // it works, they say so or an agent does, or nobody waits: nothing is owed
		}
		answered := x.answeredAt(m)
		end := x.end
		if !t.ClosedAt.IsZero() || slices.ContainsFunc(x.events[m.Thread], func(e store.Event) bool { return e.What == string(store.ResolvedBy) }) {
			end = due // whether it was still owed, depends
		}
		want := ""
		switch {
		case !answered.IsZero() && !answered.After(due):
			want = store.Met
		case !answered.IsZero() && answered.After(due.Add(2*time.Second)) && due.Before(end), answered.IsZero() && due.Before(end.Add(-time.Minute)):
			want = store.Missed
		}
		if want != "" && state != want {
			all = append(all, breach{missesKept, fmt.Sprintf("#%d: the answer to %s of %s was due at %s, came at %s, and is recorded as %q", m.Thread, in.id, in.at, due, answered, state)})
		}
	}
	return all
}

func (x *index) owed(thread int64, kind, slot string) string {
	for _, o := range x.obligations[thread] {
		if o.Kind == kind && o.Slot == slot {
			return o.State
		}
	}
	return ""
}

// answeredAt is when the first text of a person that was written after a message reached its customer.
func (x *index) answeredAt(m store.MessageView) (at time.Time) {
	for _, o := range x.out {
		token := tokenForm.FindString(o.message.Text)
		if token == "" || o.to != x.threads[m.Thread].Customer.Address || x.rows[o.message.MessageID].Thread != m.Thread {
			continue
		}
		row := x.rows[o.message.MessageID]
		if row.Facts.Letter == nil || row.Facts.Letter.Source < m.ID || row.SentAt.IsZero() {
			continue
		}
		if at.IsZero() || row.SentAt.Before(at) {
			at = row.SentAt
		}
	}
	return at
}

// closings: what closed a thread was the customer's yes, a command that says so, or a silence of which they were reminded.
func (x *index) closings(*index) (all []breach) {
	came := map[int64][]incoming{}
	for _, in := range x.in {
		if m, ok := x.recorded[in.id]; ok {
			came[m.Thread] = append(came[m.Thread], in)
		}
	}
	for id, t := range x.threads {
		if t.ClosedAt.IsZero() {
			continue
		}
		if why := x.closedBy(t, came[id]); why != "" {
			all = append(all, breach{closedRightly, fmt.Sprintf("#%d was closed at %s as %q: %s", id, t.ClosedAt, t.Outcome, why)})
		}
	}
	return all
}

// closedBy says what is wrong with the closing of a thread; empty for nothing.
func (x *index) closedBy(t store.Thread, came []incoming) string {
	const yes, spam, merged = "confirmed", "spam", "merged"
	says := func(what string) bool {
		return slices.ContainsFunc(came, func(in incoming) bool {
			agent := what == spamOf || what == closeOf || what == mergeOf
			return in.what == what && !in.at.After(t.ClosedAt) && (agent || in.from == t.Customer.Address)
		})
	}
	switch t.Outcome {
	case spam:
		if !says(spamOf) {
			return "nobody wrote #spam"
		}
	case merged:
		if !says(mergeOf) {
			return "nobody wrote #merge"
		}
	case yes:
		late := slices.ContainsFunc(came, func(in incoming) bool { return in.what == customerYes && in.from == t.Customer.Address })
		if !says(customerYes) && !says(closeOf) && !late {
			return "neither the customer nor an agent said so"
		}
	default:
		return x.silenceBefore(t, came)
	}
	return ""
}

// silenceBefore says what is wrong with a closing after silence.
func (x *index) silenceBefore(t store.Thread, came []incoming) string {
	asked := time.Time{}
	for _, e := range x.events[t.ID] {
		if !e.At.Before(t.ClosedAt) {
			break
		}
		switch e.What {
		case string(store.ResolvedBy), string(store.WaitedFor), string(store.Unpaused), string(store.Recounted), string(store.CadenceSet):
			asked = e.At
		}
	}
	closeAfter, _ := time.ParseDuration("168h")
	if x.cfg.Silence.CloseAfter.Days == 0 {
		closeAfter = 12 * time.Hour
	}
	switch {
	case asked.IsZero():
		return "the customer was never asked"
	case t.ClosedAt.Sub(asked) < closeAfter-time.Hour: // clocks may have been changed meanwhile
		return fmt.Sprintf("they were asked at %s, %s before", asked, t.ClosedAt.Sub(asked))
	}
	for _, in := range came {
		if in.from == t.Customer.Address && in.what != machineMail && x.recorded[in.id].Role == store.FromCustomer && in.at.After(asked) && in.at.Before(t.ClosedAt) && !x.troubled(in.at, t.ClosedAt, imapFault, daemonFault) {
			return fmt.Sprintf("they wrote %s (%s) at %s", in.id, in.what, in.at)
		}
	}
	reminders := 0
	for _, row := range x.outbox[t.ID] {
		if row.Kind == store.ReminderMail && !row.CreatedAt.Before(asked) && row.CreatedAt.Before(t.ClosedAt) {
			reminders++
		}
	}
	skipped := x.happened(t.ID, "withheld reminder", asked, t.ClosedAt) || x.happened(t.ID, "skipped a reminder", asked, t.ClosedAt)
	if reminders < 2 && !skipped {
		return fmt.Sprintf("they were reminded %d times", reminders)
	}
	return ""
}

// updates: when a mail names the time of the next, there is a mail to the customer by then, unless the thread came to rest before.
func (x *index) updates(*index) (all []breach) {
	for id, rows := range x.outbox {
		t := x.threads[id]
		for _, row := range rows {
			promised := time.Time{}
			switch {
			case row.Recipient != t.Customer.Address || row.SentAt.IsZero():
			case row.Facts.Letter != nil && row.Facts.Letter.Next != 0:
				promised = time.Unix(row.Facts.Letter.Next, 0)
			case row.Kind == store.HoldingMail && row.Facts.Progress.Next != 0:
				promised = time.Unix(row.Facts.Progress.Next, 0)
			}
			by := promised.Add(time.Second) // a time that has gone by when the mail leaves is not told
			if promised.IsZero() || promised.Before(row.SentAt) || by.After(x.end) || x.rests(id, row.SentAt, promised) || x.troubled(promised.Add(-2*time.Hour), by) {
				continue
			}
			kept := slices.ContainsFunc(rows, func(next store.Mail) bool {
				if next.ID == row.ID || next.Recipient != t.Customer.Address || next.Kind == store.AckMail {
					return false
				}
				return slices.ContainsFunc(x.copies[next.MessageID], func(o outgoing) bool { return o.at.After(row.SentAt) && !o.at.After(by) })
			})
			if !kept {
				all = append(all, breach{updateInTime, fmt.Sprintf("#%d: the mail of %s promised the next at %s", id, row.SentAt, promised)})
			}
		}
	}
	return all
}

// rests says that nothing is owed at the end of a while: the thread waits for the customer, is over, is held or has another cadence.
func (x *index) rests(thread int64, from, to time.Time) bool {
	state, held := "", false
	for _, e := range x.events[thread] {
		if e.At.After(to) {
			break
		}
		switch {
		case e.What == string(store.WaitedFor), e.What == string(store.ResolvedBy), e.What == string(store.ClosedBy), e.What == string(store.Spammed), e.What == string(store.Merged),
			e.What == string(store.Silent), e.What == string(store.Confirmed):
			state = e.What
		case e.What == string(store.CustomerWrote) && state == string(store.WaitedFor), e.What == string(store.Investigated), e.What == string(store.WorkedAround),
			e.What == string(store.Denied), e.What == string(store.ReopenedBy), e.What == string(store.CameBack):
			state = ""
		case e.What == string(store.Paused):
			held = true
		case e.What == string(store.Unpaused):
			held = false
		}
		changed := strings.HasPrefix(e.What, "severity set") || strings.HasPrefix(e.What, "raised to") || e.What == string(store.CadenceSet) ||
			e.What == string(store.Unpaused) || e.What == string(store.CustomerWrote) || strings.HasPrefix(e.What, "withheld holding") ||
			e.What == string(store.UpdateSkipped) && strings.Contains(e.Why, "came back") // the address is gone
		if changed && e.At.After(from) {
			return true
		}
	}
	return state != "" || held
}

// stuck: at the end nothing is owed whose instant has passed.
func (x *index) stuck(*index) (all []breach) {
	for thread, list := range x.obligations {
		for _, o := range list {
			if o.State == store.Owed && o.Due.Before(x.end.Add(-time.Minute)) {
				all = append(all, breach{nothingStuck, fmt.Sprintf("#%d: %s %s is owed since %s", thread, o.Kind, o.Slot, o.Due)})
			}
		}
	}
	for thread, rows := range x.outbox {
		for _, row := range rows {
			if (row.State == store.Queued || row.State == store.Deferred || row.State == store.Sending) && row.NextAt.Before(x.end.Add(-time.Minute)) && !row.NextAt.IsZero() {
				all = append(all, breach{nothingStuck, fmt.Sprintf("#%d: %s to %s is %s since %s", thread, row.Kind, row.Recipient, row.State, row.NextAt)})
			}
		}
	}
	return all
}
