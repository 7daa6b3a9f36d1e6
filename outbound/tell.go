package outbound

import (
	"slices"
	"strconv"
	"strings"

	"triaged/config"
	"triaged/outbound/connector"
	"triaged/store"
)

// teller is who causes the events about connectors, of which no connector hears: they would never end.
const teller = "connectors"

// eventKind is how a thread's log begins an event of a kind. reason says whose words its reason is made of.
type eventKind struct {
	begins, kind string
	reason       reason
}

// reason is how much of an event's reason leaves the house: none of what a person wrote in a mail.
type reason int

const (
	silent  reason = iota // it may hold a person's words
	ours                  // it is made of our words
	ofARule               // our words up to the colon, then a quotation
)

// eventKinds are the kinds of events; config.Connector.Events has the same words. The first that fits counts.
var eventKinds = []eventKind{
	{string(store.Opened), "opened", ours},
	{"judged ", "judged", ofARule},
	{"raised to ", "raised", ofARule},
	{string(store.SeveritySet), "severity_set", silent},
	{string(store.CustomerWrote), "customer_wrote", ours},
	{string(store.AgentWrote), "agent_wrote", silent},
	{string(store.MachineWrote), "machine_wrote", ours},
	{string(store.StrangerWrote), "stranger_wrote", ours},
	{string(store.AckSent), "acknowledged", ours},
	{string(store.AckWithheld), "ack_withheld", ours},
	{string(store.AckHeld), "ack_held", ours},
	{string(store.AckFailed), "ack_failed", ours},
	{string(store.AckBounced), "ack_bounced", ours},
	{"ack is late", "ack_late", ours},
	{string(store.Answered), "answered", silent},
	{string(store.Taken), "assigned", silent},
	{string(store.Assigned), "assigned", silent},
	{string(store.Investigated), "status_set", silent},
	{string(store.WorkedAround), "status_set", silent},
	{string(store.WaitedFor), "status_set", silent},
	{string(store.ResolvedBy), "resolved", silent},
	{string(store.Confirmed), "closed", silent},
	{string(store.ClosedBy), "closed", silent}, // and closed after silence
	{string(store.Spammed), "closed", silent},
	{string(store.Merged), "closed", silent},
	{string(store.CameBack), "reopened", silent},
	{string(store.Denied), "reopened", silent},
	{string(store.ReopenedBy), "reopened", silent},
	{"missed ", "missed", ours},
	{"escalated to ", "escalated", ours},
	{string(store.MailFailed), "mail_failed", ours},
	{string(store.MailBounced), "mail_failed", ours},
	{string(store.NoticeFailed), "mail_failed", ours},
}

// otherKind is whatever has no kind of its own.
const otherKind = "other"

// EventKind is the kind of an event, for receivers to sort by.
func EventKind(e store.Event) string { return kindOf(e).kind }

func kindOf(e store.Event) eventKind {
	for _, k := range eventKinds {
		if strings.HasPrefix(e.What, k.begins) {
			return k
		}
	}
	return eventKind{kind: otherKind}
}

// Hears says which connectors hear of an event of a thread, and of what kind it is. It is pure: a connector hears of the
// kinds and severities it is configured for, all where it names none, and never of a connector's own trouble.
func Hears(all []config.Connector, e store.Event, t store.Thread) (kind string, names []string) {
	kind = EventKind(e)
	if e.Thread == 0 || e.Who == teller {
		return kind, nil
	}
	for _, c := range all {
		if (len(c.Events) == 0 || slices.Contains(c.Events, kind)) && (len(c.Severities) == 0 || slices.Contains(c.Severities, t.Severity.String())) {
			names = append(names, c.Name)
		}
	}
	return kind, names
}

// told is a row as connectors tell it, without the words of any mail.
func told(d store.Dispatch) connector.Event {
	why := d.Event.Why
	switch kindOf(d.Event).reason {
	case silent:
		why = ""
	case ofARule:
		why, _, _ = strings.Cut(why, ": ")
	}
	return connector.Event{
		ID: d.EventID, Kind: d.Kind, Ref: strconv.FormatInt(d.Event.Thread, 10), At: d.Event.At,
		Severity: d.Severity.String(), Type: string(d.Type), Status: string(d.Status), Subject: connector.Plain(d.Subject),
		What: connector.Plain(d.Event.What), Who: connector.Plain(d.Event.Who), Why: connector.Plain(why),
	}
}
