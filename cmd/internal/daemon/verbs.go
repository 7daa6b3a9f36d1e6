package daemon

import (
	"fmt"
	"strings"
	"time"

	"triaged/classify"
	"triaged/config"
	"triaged/ingest"
	"triaged/store"
	"triaged/templates"
)

// do tries one command on the copy of the thread. What cannot be done is said to the agent; an error is the store's.
func (w *deed) do(c ingest.Command) error {
	switch c.Verb {
	case "take", "owner", "severity", "type", "status", "next", "eta", "waiting", "workaround", "called":
		w.change(c)
	case "cadence":
		w.cadence(c.Arg)
	case "draft":
		w.draft(c.Arg)
	case "resolve", "close", "reopen", "spam", "hold":
		w.turn(c)
	case "release":
		return w.release()
	case "merge":
		return w.merge(c.Arg)
	case "cc":
		w.accept(c)
	case "customer":
		w.setCustomer(c)
	case "triage":
		w.letter.Triage = true
		w.done = append(w.done, "The customer is asked what is still unknown.")
	case "note":
		if c.Arg != "" {
			w.letter.Words = strings.TrimSpace(c.Arg + "\n\n" + w.letter.Words)
		}
	case "summary":
		w.extra.Summary = true
	case "help":
		w.extra.Help = true
	default:
		w.not = append(w.not, "#"+c.Verb+" is not known here; #help lists the commands")
	}
	return nil
}

// apply lets a happening be, or says why it cannot.
func (w *deed) apply(h store.Happening, said string) {
	if why := w.t.Refuses(h.Trigger); why != "" {
		w.not = append(w.not, why)
		return
	}
	h.At, h.Who = w.order.now, w.order.actor()
	if h.Why == "" {
		h.Why = "#" + string(h.Trigger) + " by " + w.order.name
	}
	t, events := w.t.Apply(h)
	w.t, w.events, w.done = t, append(w.events, events...), append(w.done, said)
}

// change is what a person sets on a thread.
func (w *deed) change(c ingest.Command) {
	switch c.Verb {
	case "take":
		said := "You own this thread."
		if w.t.Owner != "" && w.t.Owner != w.order.who {
			said = "You own this thread; it was " + w.nameOf(w.t.Owner) + "'s."
		}
		w.apply(store.Happening{Trigger: store.Taken, Owner: w.order.who, Why: "#take"}, said)
	case "owner":
		w.give(c.Arg)
	case "severity":
		s, err := classify.ParseSeverity(c.Arg)
		if err != nil {
			w.not = append(w.not, err.Error())
			return
		}
		w.apply(store.Happening{Trigger: store.SeveritySet, Severity: s, Why: "#severity by " + w.order.name}, "The severity is "+s.String()+", and stays so whatever is judged later.")
	case "type":
		of, err := classify.ParseType(c.Arg)
		if err != nil {
			w.not = append(w.not, err.Error())
			return
		}
		w.apply(store.Happening{Trigger: store.TypeSet, Type: of, Why: "#type " + string(of)}, "The type is "+string(of)+".")
	case "status":
		w.status(c.Arg)
	case "next":
		w.apply(store.Happening{Trigger: store.NextSet, Text: c.Arg, Why: c.Arg}, "The next action is: "+c.Arg+" (the customer reads it in automatic updates)")
	case "eta":
		w.eta(c.Arg)
	case "waiting":
		w.apply(store.Happening{Trigger: store.WaitedFor, Why: orElse(c.Arg, "#waiting by "+w.order.name)}, "The thread waits on the customer: our clocks rest, and they are reminded if they stay silent.")
	case "workaround":
		w.apply(store.Happening{Trigger: store.WorkedAround, Text: orElse(c.Arg, w.letter.Words), Why: orElse(c.Arg, "#workaround by "+w.order.name)}, "A workaround is in place.")
	case "called":
		w.apply(store.Happening{Trigger: store.Called, Why: orElse(c.Arg, "by phone")}, "Your call is in the log. The promise of a written answer stands.")
	}
}

// turn is what a person does to the life of a thread.
func (w *deed) turn(c ingest.Command) {
	switch c.Verb {
	case "resolve":
		w.resolve()
	case "close":
		_, how, _ := strings.Cut(c.Arg, " ")
		held := w.t.Held // closing ends it
		w.apply(store.Happening{Trigger: store.ClosedBy, Text: how, Why: "the customer confirmed: " + how}, "The thread is closed: the customer confirmed, "+how+".")
		if !held {
			w.later(func() error { return w.askRating(w.tx, w.t, w.order.now) })
		}
	case "reopen":
		w.apply(store.Happening{Trigger: store.ReopenedBy, Why: orElse(c.Arg, "#reopen by "+w.order.name)}, "The thread is open again; its promises are counted from now.")
	case "spam":
		if w.letter.Words != "" && !w.isNote() {
			w.not = append(w.not, "#spam closes without a mail to the sender; take the words out")
			return
		}
		w.apply(store.Happening{Trigger: store.Spammed, Why: "#spam by " + w.order.name}, "The thread is closed as spam. It counts in no figure, and its sender hears nothing.")
	case "hold":
		w.hold(c.Arg)
	}
}

func (w *deed) later(f func() error) { w.after = append(w.after, f) }

// before puts something before all else that is done later, so that a #cc in the same mail stands, wherever its line is.
func (w *deed) before(f func() error) { w.after = append([]func() error{f}, w.after...) }

// give makes somebody else the owner, who is told.
func (w *deed) give(to string) {
	agent, near, ok := w.cfg.Person(to)
	if !ok {
		said := fmt.Sprintf("#owner %s: nobody on the roster is called that", to)
		if len(near) > 0 {
			said += "; did you mean " + strings.Join(near, " or ") + "?"
		}
		w.not = append(w.not, said)
		return
	}
	w.apply(store.Happening{Trigger: store.Assigned, Owner: agent.Address, Why: "#owner by " + w.order.name}, agent.Name+" owns this thread and is told.")
	if agent.Address == w.order.who {
		return
	}
	w.later(func() error {
		last, err := w.tx.LastFromCustomer(w.t.ID)
		if err != nil {
			return err
		}
		return w.post(w.tx, w.t, letter{
			kind: store.NoticeMail, owed: store.Notify, slot: fmt.Sprintf("owner/%d", w.order.now.UnixMicro()), why: "the thread has a new owner", to: []string{agent.Address}, now: w.order.now,
			facts: store.Facts{Notice: &store.Notice{What: w.order.name + " gave you this thread", Source: last}},
		})
	})
}

func (w *deed) status(arg string) {
	switch strings.ToLower(arg) {
	case "investigating":
		w.apply(store.Happening{Trigger: store.Investigated, Why: "#status investigating"}, "The status is investigating.")
	case "workaround":
		w.change(ingest.Command{Verb: "workaround"})
	case "waiting", "waiting_on_customer":
		w.change(ingest.Command{Verb: "waiting"})
	default:
		w.not = append(w.not, "#status "+arg+" is no status to set; write investigating, workaround or waiting, or use #resolve, #close or #reopen")
	}
}

func (w *deed) eta(arg string) {
	at, err := ingest.ReadInstant(arg, w.inZone())
	switch {
	case err != nil:
		w.not = append(w.not, "#eta "+arg+": "+err.Error())
	case !at.After(w.order.now):
		w.not = append(w.not, "#eta "+arg+" is in the past")
	default:
		w.apply(store.Happening{Trigger: store.ETASet, Until: at, Why: "#eta " + arg}, "The ETA is "+templates.At("en", at.In(w.policy.Location), w.inZone())+".")
	}
}

// resolve makes the words the resolution that is sent and asked about.
func (w *deed) resolve() {
	r := w.order.resolution
	if r == (ingest.Resolution{}) {
		r = ingest.ReadResolution(w.letter.Words)
	}
	if r == (ingest.Resolution{}) {
		w.not = append(w.not, "#resolve needs to say what was done: write below it what happened, what we did and how we prevent it")
		return
	}
	res := store.Resolution{Happened: r.Happened, Did: r.Did, Prevent: r.Prevent, Tested: r.Tested}
	w.apply(store.Happening{Trigger: store.ResolvedBy, Resolution: &res, Why: "#resolve by " + w.order.name}, "The resolution goes to the customer, who is asked to confirm it.")
	w.letter.Resolution, w.letter.Words, w.kind = &res, "", store.ResolutionMail
	silence := w.cfg.Silence
	w.letter.CloseBy = w.policy.Of(w.t.Severity).Calendar.Add(w.order.now, silence.CloseAfter).Unix()
	if r.Tested == "" && w.order.source != 0 {
		w.done = append(w.done, "How was it tested? A line \"How it was tested: ...\" would tell the customer and us.")
	}
}

// cadence changes how often the customer of this thread hears from us.
func (w *deed) cadence(arg string) {
	var every config.Span
	switch {
	case arg == "default":
		arg = ""
	case every.UnmarshalText([]byte(arg)) != nil:
		w.not = append(w.not, "#cadence "+arg+": write an interval such as 2h or 1d, - for none, or default for that of the severity")
		return
	}
	said := "The customer hears from us every " + arg + "."
	if every.IsZero() {
		said = "The customer hears from us when something changes."
	}
	if arg == "" {
		said = "The customer hears from us as often as the severity promises."
	}
	w.apply(store.Happening{Trigger: store.CadenceSet, Text: arg, Why: "#cadence " + orElse(arg, "default")}, said)
}

// draft sends the agent a text from the record, which goes out only by their reply.
func (w *deed) draft(arg string) {
	what := strings.ToLower(arg)
	if what != "update" && what != "apology" {
		w.not = append(w.not, "#draft "+arg+": write #draft update or #draft apology")
		return
	}
	w.done = append(w.done, "A draft is on its way to you; it goes to the customer only by your reply.")
	w.later(func() error {
		return w.post(w.tx, w.t, letter{
			kind: store.NudgeMail, owed: store.Notify, slot: fmt.Sprintf("draft/%d", w.order.now.UnixMicro()), why: "a draft", to: []string{w.order.who}, now: w.order.now,
			facts: store.Facts{Progress: &store.Progress{What: "Draft", Draft: what, Missed: w.t.Holdings}},
		})
	})
}

func (w *deed) hold(arg string) {
	var until time.Time
	said := "Automatic mail to the customer is held until you #release it."
	if arg != "" {
		at, err := ingest.ReadInstant(arg, w.inZone())
		if err != nil || !at.After(w.order.now) {
			w.not = append(w.not, "#hold "+arg+": write nothing, or a time to come such as until tomorrow 9:00")
			return
		}
		until, said = at, "Automatic mail to the customer is held until "+templates.At("en", at.In(w.policy.Location), w.inZone())+"."
	}
	w.apply(store.Happening{Trigger: store.Paused, Until: until, Why: "#hold by " + w.order.name}, said)
}

// accept lets somebody take part: from now on they get what goes to the customer.
func (w *deed) accept(c ingest.Command) {
	address := config.Canonical(c.Arg)
	switch {
	case !w.isOutsider(address):
		w.not = append(w.not, "#cc "+c.Arg+": that is one of us, who see the thread anyway")
	case ingest.NoReply(address) != "":
		w.not = append(w.not, "#cc "+c.Arg+": "+ingest.NoReply(address))
	default:
		w.events = append(w.events, store.Event{At: w.order.now, Who: w.order.actor(), What: "accepted " + address, Why: "#cc by " + w.order.name})
		w.done = append(w.done, address+" takes part: what goes to the customer goes to them too.")
		w.later(func() error { return w.tx.Accept(w.t.ID, address, w.order.now) })
	}
}

// setCustomer says whose thread it is, where a forward or a form did not prove it.
func (w *deed) setCustomer(c ingest.Command) {
	address := config.Canonical(c.Arg)
	if !w.isOutsider(address) {
		w.not = append(w.not, "#customer "+c.Arg+": that is one of us")
		return
	}
	known, former := w.cfg.CustomerOf(address), config.Canonical(w.t.Customer.Address)
	w.apply(store.Happening{
		Trigger: store.CustomerSet, Why: "#customer by " + w.order.name,
		Customer: store.Customer{Address: address, Name: known.Name, Tier: known.Tier, Known: known != config.Customer{}},
	}, "The customer of this thread is "+address+".")
	if known.Language != "" {
		w.t.Language = known.Language
	}
	if former != address && w.isOutsider(former) { // they may have been a mistake, and get nothing by mistake
		w.done = append(w.done, former+" takes part no longer: nothing more goes to them. A line #cc "+former+" lets them.")
		w.before(func() error { return w.tx.Suspend(w.t.ID, former) })
	}
	w.later(func() error { return w.tx.Accept(w.t.ID, address, w.order.now) })
	w.later(func() error { return w.greet(w.tx, &w.t, w.order.now) })
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
