package daemon

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"triaged/ingest"
	"triaged/store"
)

// clone is a run that can be tampered with.
func (r *run) clone() *run {
	c := *r
	c.in, c.out, c.messages = slices.Clone(r.in), slices.Clone(r.out), slices.Clone(r.messages)
	c.threads, c.accepted = maps.Clone(r.threads), maps.Clone(r.accepted)
	c.events, c.obligations, c.outbox = cloned(r.events), cloned(r.obligations), cloned(r.outbox)
	return &c
}

func cloned[T any](m map[int64][]T) map[int64][]T {
	c := map[int64][]T{}
	for id, list := range m {
		c[id] = slices.Clone(list)
	}
	return c
}

// An editor tampers with the first thing of a run that it can, and says whether there was one.
type editor func(r *run) bool

// editMail changes the first mail of ours that fits.
func editMail(fits func(x *index, o outgoing) bool, change func(r *run, o *outgoing)) editor {
	return func(r *run) bool {
		x := r.index()
		for i := range r.out {
			if fits(x, r.out[i]) {
				m := *r.out[i].message
				r.out[i].message = &m
				change(r, &r.out[i])
				return true
			}
		}
		return false
	}
}

func outside(_ *index, o outgoing) bool { return !isInside(o.to) }

func ofKind(kind string) func(x *index, o outgoing) bool {
	return func(x *index, o outgoing) bool { return x.rows[o.message.MessageID].Kind == kind && !isInside(o.to) }
}

func fromPerson(x *index, o outgoing) bool {
	return !isInside(o.to) && tokenForm.MatchString(o.message.Text) && x.rows[o.message.MessageID].Facts.Letter != nil
}

func writes(text string) func(*run, *outgoing) {
	return func(_ *run, o *outgoing) { o.message.Text += "\n" + text + "\n" }
}

// editPromise changes the first obligation that fits.
func editPromise(fits func(o store.Obligation) bool, change func(o *store.Obligation)) editor {
	return func(r *run) bool {
		for id := range r.obligations {
			for i := range r.obligations[id] {
				if o := &r.obligations[id][i]; fits(*o) {
					change(o)
					return true
				}
			}
		}
		return false
	}
}

func metOf(kind string) func(store.Obligation) bool {
	return func(o store.Obligation) bool { return o.Kind == kind && o.State == store.Met }
}

// editThread changes the first thread that fits.
func editThread(fits func(t store.Thread) bool, change func(r *run, t *store.Thread)) editor {
	return func(r *run) bool {
		for id, t := range r.threads {
			if fits(t) {
				change(r, &t)
				r.threads[id] = t
				return true
			}
		}
		return false
	}
}

func closedAs(outcome string) func(store.Thread) bool {
	return func(t store.Thread) bool { return !t.ClosedAt.IsZero() && t.Outcome == outcome }
}

// dropMails drops the mails of ours that fit the first that does, and their rows in the outbox.
func dropMails(fits func(x *index, o outgoing) bool, rows bool) editor {
	return func(r *run) bool {
		x := r.index()
		i := slices.IndexFunc(r.out, func(o outgoing) bool { return fits(x, o) })
		if i < 0 {
			return false
		}
		id, token := r.out[i].message.MessageID, tokenForm.FindString(r.out[i].message.Text)
		r.out = slices.DeleteFunc(r.out, func(o outgoing) bool {
			return o.message.MessageID == id || rows && !isInside(o.to) && strings.Contains(o.message.Text, token)
		})
		if rows {
			thread := x.rows[id].Thread
			r.outbox[thread] = slices.DeleteFunc(r.outbox[thread], func(m store.Mail) bool { return m.Facts.Letter != nil })
			r.events[thread] = slices.DeleteFunc(r.events[thread], func(e store.Event) bool {
				return strings.HasPrefix(e.What, "refused") || e.What == "asked back" || e.What == "noted"
			})
		}
		return true
	}
}

// sentAgain repeats the first mail that fits, an hour later.
func sentAgain(fits func(x *index, o outgoing) bool) editor {
	return func(r *run) bool {
		x := r.index()
		for _, o := range r.out {
			if fits(x, o) {
				o.at = o.at.Add(time.Hour)
				r.out = append(r.out, o)
				return true
			}
		}
		return false
	}
}

// crowd puts a second automatic update a minute behind the first.
func crowd(r *run) bool {
	for id, rows := range r.outbox {
		for _, row := range rows {
			if row.Kind == store.HoldingMail || row.Kind == store.ReplyMail {
				first, second := row, row
				first.Kind, first.Obligation, first.MessageID = store.HoldingMail, -1, "<first@desk.example>"
				second.Kind, second.Obligation, second.MessageID, second.CreatedAt = store.HoldingMail, -2, "<second@desk.example>", row.CreatedAt.Add(time.Minute)
				first.Facts.Progress, second.Facts.Progress = &store.Progress{}, &store.Progress{}
				r.outbox[id] = append(rows, first, second)
				return true
			}
		}
	}
	return false
}

// sameSlot gives two mails that went out one obligation.
func sameSlot(r *run) bool {
	for _, rows := range r.outbox {
		for i := range rows {
			for j := range rows[:i] {
				if rows[i].Recipient == rows[j].Recipient && rows[i].Kind != store.AckMail && rows[j].Kind != store.AckMail && !rows[i].SentAt.IsZero() && !rows[j].SentAt.IsZero() {
					rows[i].Obligation = rows[j].Obligation
					return true
				}
			}
		}
	}
	return false
}

// unkept promises the next update a minute after a mail, where none came.
func unkept(r *run) bool {
	x := r.index()
	for id, rows := range r.outbox {
		for i, row := range rows {
			by := row.SentAt.Add(time.Minute)
			if row.Facts.Letter == nil || row.SentAt.IsZero() || row.Recipient != r.threads[id].Customer.Address || x.rests(id, row.SentAt, by) || x.troubled(by.Add(-3*time.Hour), by) {
				continue
			}
			letter := *row.Facts.Letter
			letter.Next = by.Unix()
			rows[i].Facts.Letter = &letter
			return true
		}
	}
	return false
}

// slow makes a thread so severe that the answer it had is late.
func slow(r *run) bool {
	x := r.index()
	for _, in := range r.in {
		m := x.recorded[in.id]
		t := r.threads[m.Thread]
		at := x.answeredAt(m)
		if in.what == opensThread && x.steady(m.Thread) && t.Severity > 2 && at.After(in.at.Add(16*time.Minute)) && t.Customer.Address == in.from &&
			x.owed(m.Thread, store.Respond, "") == "" && t.ClosedAt.IsZero() && !x.happened(m.Thread, string(store.ResolvedBy), time.Time{}, r.end) {
			t.Severity = 1
			r.threads[t.ID] = t
			return true
		}
	}
	return false
}

func unsay(what string) func(*run, *store.Thread) {
	return func(r *run, t *store.Thread) {
		x := r.index()
		for i := range r.in {
			if x.recorded[r.in[i].id].Thread == t.ID && (r.in[i].what == what || r.in[i].what == customerYes || r.in[i].what == closeOf) {
				r.in[i].what = noteOf
			}
		}
	}
}

// tampering is every way in which an invariant is broken, by its words.
var tampering = []struct {
	rule, how string
	edit      editor
}{
	{ackInTime, "an acknowledgement is dropped", dropMails(ofKind(store.AckMail), false)},
	{ackInTime, "an acknowledgement comes 16 minutes later", editMail(ofKind(store.AckMail), func(r *run, o *outgoing) { o.at = o.at.Add(16 * time.Minute) })},
	{nothingLost, "a mail is not recorded", func(r *run) bool { r.messages = r.messages[1:]; return true }},
	{nothingLost, "a customer's mail belongs to no thread", func(r *run) bool {
		for i, m := range r.messages {
			if m.Role == store.FromCustomer {
				r.messages[i].Thread = 0
				return true
			}
		}
		return false
	}},
	{nothingLost, "a mail is quarantined", func(r *run) bool { r.messages[0].Quarantine = "the parser broke"; return true }},
	{slotOnce, "a mail goes out again an hour later", sentAgain(outside)},
	{slotOnce, "two automatic updates lie a minute apart", crowd},
	{slotOnce, "two mails stand for one promise", sameSlot},
	{slotOnce, "a repeated mail is another one", func(r *run) bool { // after a lost reply the same bytes may go again, and no others
		return editMail(ofKind(store.AckMail), func(r *run, o *outgoing) {
			o.answered = false
			twin := *o
			twin.at, twin.raw = o.at.Add(2*time.Minute), o.raw+"x"
			r.out = append(r.out, twin)
		})(r)
	}},
	{noMachines, "an automatic mail answers a machine's", editMail(ofKind(store.AckMail), func(r *run, o *outgoing) {
		i := slices.IndexFunc(r.in, func(in incoming) bool { return in.what == machineMail })
		o.message.InReplyTo = append(o.message.InReplyTo, r.in[i].id)
	})},
	{noMachines, "a robot gets an acknowledgement", editMail(ofKind(store.AckMail), func(r *run, o *outgoing) {
		i := slices.IndexFunc(r.in, func(in incoming) bool { return in.what == machineMail && strings.HasPrefix(in.from, "cron@") })
		o.to = r.in[i].from
	})},
	{nothingOutside, "a customer reads a note", editMail(outside, writes("intern-3-1-kanarie"))},
	{nothingOutside, "a customer reads an agent's address", editMail(outside, writes("agent3@desk.example"))},
	{nothingOutside, "a customer reads a line of an internal template", editMail(outside, func(_ *run, o *outgoing) { o.message.Text += internalLines()[0] })},
	{nothingOutside, "a customer reads another customer's words", editMail(outside, writes("geheim-99999-1-wort"))},
	{missesKept, "an answer came late and is recorded as met", editPromise(metOf(store.Respond), func(o *store.Obligation) { o.MetAt = o.Due.Add(time.Hour) })},
	{missesKept, "an acknowledgement came late and is recorded as met", editPromise(metOf(store.Acknowledge), func(o *store.Obligation) { o.MetAt = o.Due.Add(time.Hour) })},
	{missesKept, "a miss has no event", editPromise(metOf(store.Resolve), func(o *store.Obligation) { o.State = store.Missed })},
	{missesKept, "the clocks of the check and of the record disagree", slow},
	{closedRightly, "nobody said yes", editThread(closedAs(store.OutcomeConfirmed), unsay(customerYes))},
	{closedRightly, "a silence was no silence", editThread(func(t store.Thread) bool {
		return t.Outcome == store.OutcomeConfirmed && !t.ResolvedAt.IsZero() && t.ClosedAt.Sub(t.ResolvedAt) < 6*time.Hour
	}, func(r *run, t *store.Thread) { t.Outcome = store.OutcomeUnconfirmed })},
	{closedRightly, "nobody wrote #spam", editThread(closedAs(store.OutcomeConfirmed), func(r *run, t *store.Thread) { t.Outcome = store.OutcomeSpam; unsay(spamOf)(r, t) })},
	{oneRecipient, "an envelope has two recipients", editMail(outside, func(_ *run, o *outgoing) { o.rcpts = append(slices.Clone(o.rcpts), "kim@c1.example") })},
	{oneRecipient, "a mail goes to somebody else", editMail(outside, func(_ *run, o *outgoing) {
		o.to, o.rcpts, o.message.To = "eve@evil.example", []string{"eve@evil.example"}, []ingest.Address{{Addr: "eve@evil.example"}}
	})},
	{oneRecipient, "somebody is in copy", editMail(outside, func(_ *run, o *outgoing) { o.message.Cc = []ingest.Address{{Addr: "eve@evil.example"}} })},
	{wordsOnce, "an agent's words arrive twice", sentAgain(fromPerson)},
	{wordsOnce, "an agent's words are lost", dropMails(fromPerson, true)},
	{updateInTime, "the update that a mail promised does not come", unkept},
	{nothingStuck, "a promise is owed since yesterday", editPromise(metOf(store.Respond), func(o *store.Obligation) {
		o.State, o.Due, o.MetAt = store.Owed, o.Due.Add(-240*time.Hour), time.Time{}
	})},
	{nothingStuck, "a mail waits since an hour", func(r *run) bool {
		for _, rows := range r.outbox {
			for i := range rows {
				rows[i].State, rows[i].NextAt = store.Queued, r.end.Add(-time.Hour)
				return true
			}
		}
		return false
	}},
}

// TestEachInvariantCanFail tampers with what a quiet simulation has recorded: the check objects each time, and by the right words.
func TestEachInvariantCanFail(t *testing.T) {
	t.Parallel()
	long(t)
	r := simulate(t, scale{seed: 2, days: 3, customers: 25, calm: true})
	for _, b := range r.check() {
		t.Fatalf("before anything was changed, %s: %s", b.rule, b.what)
	}
	broken := map[string]bool{}
	for _, c := range tampering {
		t.Run(c.rule+": "+c.how, func(t *testing.T) {
			changed := r.clone()
			if !c.edit(changed) {
				t.Fatal("the simulation holds nothing to do this to")
			}
			broken[c.rule] = true
			found := changed.check()
			if !slices.ContainsFunc(found, func(b breach) bool { return b.rule == c.rule }) {
				t.Errorf("the check does not object: %v", found)
			}
		})
	}
	for _, rule := range []string{ackInTime, nothingLost, slotOnce, noMachines, nothingOutside, missesKept, closedRightly, oneRecipient, wordsOnce, updateInTime, nothingStuck} {
		if !broken[rule] {
			t.Errorf("nothing breaks the rule %q", rule)
		}
	}
}
