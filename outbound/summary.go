package outbound

import (
	"strings"

	"triaged/store"
	"triaged/templates"
)

// lastEvents is how much of the log a summary shows.
const lastEvents = 6

// summary is a thread at a glance, for those inside.
func (w writing) summary() templates.Summary {
	t, c := w.thread, w.Config.CustomerOf(w.thread.Customer.Address)
	s := templates.Summary{
		Ref: t.Ref(), Subject: t.Subject, Customer: t.Customer.Name, Address: t.Customer.Address, Tier: t.Customer.Tier,
		Phone: c.Phone, Channel: c.Channel, Severity: t.Severity.String(), SeverityWhy: severityWhy(t), Type: string(t.Type),
		Status: statusWords(t.Status), Team: t.Team, NextAction: t.NextAction, ETA: w.at(t.ETA), Opened: w.at(t.OpenedAt),
	}
	if s.Customer == "" {
		s.Customer = c.Name
	}
	if owner, ok := w.Config.Agent(t.Owner); ok {
		s.Owner = owner.Name
	}
	for _, o := range w.folder.Obligations {
		what := owedWords(o.Kind)
		switch {
		case what == "":
		case o.State == store.Missed && o.MetAt.IsZero():
			s.Late = append(s.Late, what+" was due "+w.at(o.Due))
		case o.State == store.Owed:
			s.Owed = append(s.Owed, what+" "+w.by(o.Due))
		}
	}
	events := w.folder.Events
	if len(events) > lastEvents {
		events = events[len(events)-lastEvents:]
	}
	for _, e := range events {
		s.Events = append(s.Events, w.here(e.At).Format("2 Jan 15:04")+" "+w.called(e.Who)+": "+e.What+" ("+clipped(e.Why, 160)+")")
	}
	return s
}

// called is the name of somebody in the log.
func (w writing) called(who string) string {
	address, shell := strings.CutSuffix(who, store.ViaShell)
	m, ok := w.Config.Roster(address)
	switch {
	case ok && shell:
		return m.Name() + store.ViaShell
	case ok:
		return m.Name()
	}
	return who
}

// severityWhy is why a thread is as severe as it is: a person's word, what the model saw that raised it, or what the rules saw first.
func severityWhy(t store.Thread) string {
	if t.SeverityBy != "" {
		return "set by a person"
	}
	for _, r := range t.Verdict.Reasons {
		if strings.HasPrefix(r.Rule, "model ") && strings.HasPrefix(r.Effect, "severity "+t.Severity.String()) {
			return r.Rule + ": " + clipped(r.Evidence, 120)
		}
	}
	for _, r := range t.Verdict.Reasons {
		if r.Evidence != "" {
			return r.Rule + ": " + clipped(r.Evidence, 120)
		}
	}
	return "no rule saw more"
}

func statusWords(s store.Status) string { return strings.ReplaceAll(string(s), "_", " ") }

// owedWords is how an obligation is told to those inside; empty for what they need not know of.
func owedWords(kind string) string {
	switch kind {
	case store.Respond:
		return "an answer from a person"
	case store.Resolve:
		return "the resolution"
	case store.Update:
		return "an update to the customer"
	case store.Confirm:
		return "the customer's yes, or the thread is closed,"
	}
	return ""
}

func clipped(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most])) + "…"
	}
	return s
}
