package cli

import (
	"fmt"
	"io"
	"regexp"
	"strings"
	"text/tabwriter"
	"time"

	"triaged/config"
	"triaged/store"
)

// page shows a thread to people: where it stands, what was said, what is promised, and why.
type page struct {
	w   io.Writer
	cfg *config.Config
	now time.Time
}

// lastOfLog is how much of the log a brief page shows.
const lastOfLog = 6

// thread prints a thread; brief leaves out how it was judged, the mails of ours, and all but the end of the log.
func (p page) thread(v showView, brief bool) {
	fmt.Fprintf(p.w, "#%s  %s\n%s %s, %s\n\n", v.Ref, clean(v.Subject), v.Severity, v.Type, standing(v.threadView))
	p.people(v)
	p.work(v)
	p.times(v)
	p.resolution(v.Resolution)
	if !brief {
		p.section("Judged so because")
		printReasons(p.w, v.Verdict.Reasons)
		printOpinions(p.w, v.Opinions)
	}
	p.said("Said to and by the customer", v, "customer")
	p.said("Said inside", v, "internal")
	p.owed(v.Obligations)
	if !brief {
		p.mails(v.Outbox)
		p.connectors(v.Deliveries)
	}
	p.log(v.Events, brief)
}

func (p page) section(title string) { fmt.Fprintf(p.w, "\n%s\n", title) }

func (p page) line(name, value string) {
	if value = strings.TrimSpace(value); value != "" {
		fmt.Fprintf(p.w, "  %-15s %s\n", name, clean(value))
	}
}

func (p page) people(v showView) {
	customer := strings.TrimSpace(v.Customer.Name + " <" + v.Customer.Address + ">")
	if v.Customer.Tier != "" {
		customer += ", " + v.Customer.Tier
	}
	p.line("customer", customer)
	if v.ClaimedCustomer != "" {
		p.line("", "perhaps "+v.ClaimedCustomer+", as a forward says: triaged thread customer "+v.Ref+" "+v.ClaimedCustomer)
	}
	for _, who := range v.Participants {
		switch {
		case who.Pending:
			p.line("asks to join", who.Address+", who gets nothing until: triaged thread cc "+v.Ref+" "+who.Address)
		case !strings.EqualFold(who.Address, v.Customer.Address):
			p.line("takes part", who.Address)
		}
	}
	switch {
	case v.Owner != "":
		p.line("owner", p.called(v.Owner))
	case v.Team != "":
		p.line("owner", "nobody yet; the team "+v.Team+" has it")
	default:
		p.line("owner", "nobody yet; the team has it")
	}
}

func (p page) work(v showView) {
	p.line("next action", v.NextAction)
	p.line("ETA", clock(v.ETA))
	p.line("workaround", v.Workaround)
	if v.Held {
		until := "until it is released"
		if v.HeldUntil != nil {
			until = "until " + clock(v.HeldUntil)
		}
		p.line("held", "no automatic mail goes to the customer "+until)
	}
	if v.Due != nil {
		p.line("owed next", v.Due.words(p.now)+", "+clock(v.Due.At))
	}
}

func (p page) times(v showView) {
	p.line("opened", clock(v.OpenedAt))
	if v.Earlier != nil {
		p.line("follows", "#"+*v.Earlier)
	}
	for _, step := range []struct {
		name string
		at   *string
	}{
		{"acknowledged", v.AcknowledgedAt}, {"first response", v.FirstResponseAt}, {"resolved", v.ResolvedAt}, {"closed", v.ClosedAt},
	} {
		if step.at != nil {
			p.line(step.name, clock(step.at)+since(v.OpenedAt, step.at))
		}
	}
	switch {
	case v.OutcomeHow != "" && v.Outcome == store.OutcomeMerged:
		p.line("", "it goes on in "+v.OutcomeHow)
	case v.OutcomeHow != "":
		p.line("", "confirmed "+v.OutcomeHow)
	}
	if v.Reopenings > 0 {
		p.line("reopened", plural(v.Reopenings, "time", "times"))
	}
	if v.Rating != nil {
		p.line("rating", fmt.Sprintf("%d of 5", *v.Rating))
	}
}

func (p page) resolution(r *resolutionView) {
	if r == nil {
		return
	}
	p.section("Resolution")
	p.line("what happened", r.Happened)
	p.line("what was done", r.Did)
	p.line("prevented by", r.Prevent)
	p.line("tested by", r.Tested)
}

// said lists what was written for one audience, in its order.
func (p page) said(title string, v showView, audience string) {
	var some []messageView
	for _, m := range v.Messages {
		if m.Audience == audience {
			some = append(some, m)
		}
	}
	if len(some) == 0 {
		return
	}
	p.section(title)
	w := tabwriter.NewWriter(p.w, 0, 0, 2, ' ', 0)
	for _, m := range some {
		arrow, who, kind := "<-", m.From, m.Kind
		if m.Direction == "out" {
			arrow, who = "->", strings.Join(m.To, ", ")
			by, what, _ := strings.Cut(m.KindReason, ": ")
			kind = what
			if author, person := strings.CutPrefix(by, "written by "); person {
				kind += " by " + p.first(author)
			}
		}
		fmt.Fprintf(w, "  %s\t%s %s\t%s\t%s\n", clock(m.At), arrow, clean(who), clean(kind), short(clean(m.Subject), 60))
	}
	_ = w.Flush() // the writer's own error shows with the next line
}

// owed lists promises: those that stand first, then what became of the others. Of mail to be delivered only what stands is told,
// and nothing of what events have overtaken.
func (p page) owed(all []obligationView) {
	var open, past []obligationView
	for _, o := range all {
		switch {
		case o.State == store.Owed || o.State == store.Missed && o.MetAt == nil:
			open = append(open, o)
		case o.State == store.Void && strings.HasPrefix(o.Reason, store.NoLonger):
		case o.Kind != store.Notify && o.Kind != store.Deliver:
			past = append(past, o)
		}
	}
	for _, part := range []struct {
		title string
		of    []obligationView
	}{{"Owed", open}, {"Settled", past}} {
		if len(part.of) == 0 {
			continue
		}
		p.section(part.title)
		w := tabwriter.NewWriter(p.w, 0, 0, 2, ' ', 0)
		for _, o := range part.of {
			fmt.Fprintf(w, "  %s\t%s\t%s\n", o.Kind, when(o), short(clean(o.Reason), 90))
		}
		_ = w.Flush()
	}
}

// when is how a promise stands.
func when(o obligationView) string {
	switch {
	case o.State == store.Void:
		return "void"
	case o.MissedAt != nil && o.MetAt != nil:
		return "met late, " + clock(o.MetAt)
	case o.MetAt != nil:
		return "met " + clock(o.MetAt)
	case o.State == store.Missed:
		return "MISSED, was due " + clock(o.DueAt)
	}
	return "due " + clock(o.DueAt)
}

func (p page) mails(all []outboxView) {
	if len(all) == 0 {
		return
	}
	p.section("Mails of ours")
	w := tabwriter.NewWriter(p.w, 0, 0, 2, ' ', 0)
	for _, m := range all {
		fmt.Fprintf(w, "  %s\t%s\tto %s\t%s\t%s\n", m.Kind, m.State, clean(m.To), plural(m.Attempts, "attempt", "attempts"), clean(m.LastError))
	}
	_ = w.Flush()
}

func (p page) connectors(all []deliveryView) {
	if len(all) == 0 {
		return
	}
	p.section("Connectors")
	w := tabwriter.NewWriter(p.w, 0, 0, 2, ' ', 0)
	for _, d := range all {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\t%s\n", clean(d.Connector), d.State, clean(d.What), plural(d.Attempts, "attempt", "attempts"), clean(d.LastError))
	}
	_ = w.Flush()
}

func (p page) log(all []eventView, brief bool) {
	p.section("Log")
	if brief && len(all) > lastOfLog {
		all = all[len(all)-lastOfLog:]
		fmt.Fprintln(p.w, "  ...")
	}
	w := tabwriter.NewWriter(p.w, 0, 0, 2, ' ', 0)
	for _, e := range all {
		fmt.Fprintf(w, "  %s\t%s\t%s\t%s\n", clock(e.At), p.first(e.Who), clean(e.What), shortIDs(clean(e.Why)))
	}
	_ = w.Flush()
}

// called is somebody on the roster by name and address.
func (p page) called(address string) string {
	if m, ok := p.cfg.Roster(address); ok && m.Name() != "" {
		return m.Name() + " <" + address + ">"
	}
	return address
}

// first is somebody on the roster by name, for a column; others stay as they are.
func (p page) first(who string) string {
	address, shell := strings.CutSuffix(who, store.ViaShell)
	if m, ok := p.cfg.Roster(address); ok && m.Name() != "" {
		address = m.Name()
	}
	if shell {
		address += store.ViaShell
	}
	return clean(address)
}

// longID is the part of a Message-ID of ours that says nothing to people.
var longID = regexp.MustCompile(`<([mt]\.[a-z2-7]{4})[a-z2-7]{16,}@`)

// shortIDs shortens the ids in a reason.
func shortIDs(why string) string { return longID.ReplaceAllString(why, "<$1…@") }

// since is how long after the opening something was, in brackets.
func since(opened, at *string) string {
	from, err1 := time.Parse(time.RFC3339Nano, *opened)
	to, err2 := time.Parse(time.RFC3339Nano, *at)
	if err1 != nil || err2 != nil || to.Before(from) {
		return ""
	}
	return " (after " + age(to.Sub(from)) + ")"
}

// clock is an instant as people read it, in the zone of the shell.
func clock(at *string) string {
	if at == nil {
		return ""
	}
	t, err := time.Parse(time.RFC3339Nano, *at)
	if err != nil {
		return *at
	}
	return t.Local().Format("2006-01-02 15:04:05")
}
