package cli

import (
	"strconv"
	"time"

	"triaged/classify"
	"triaged/store"
)

// threadView is a thread in the contract's JSON.
type threadView struct {
	Ref             string           `json:"ref"`
	Status          store.Status     `json:"status"`
	Severity        string           `json:"severity"`
	Type            classify.Type    `json:"type"`
	Verdict         classify.Verdict `json:"verdict"`
	Customer        customerView     `json:"customer"`
	Subject         string           `json:"subject"`
	Mailbox         string           `json:"mailbox"`
	Owner           string           `json:"owner"`
	Team            string           `json:"team"`
	NextAction      string           `json:"next_action"`
	ETA             *string          `json:"eta"`
	OpenedAt        *string          `json:"opened_at"`
	AcknowledgedAt  *string          `json:"acknowledged_at"`
	FirstResponseAt *string          `json:"first_response_at"`
	ResolvedAt      *string          `json:"resolved_at"`
	ClosedAt        *string          `json:"closed_at"`
	// Ack is how the acknowledgement stands: owed, late, held, missed, met or withheld, with the reason.
	Ack ackView `json:"ack"`
}

type customerView struct {
	Address string `json:"address"`
	Name    string `json:"name"`
	Tier    string `json:"tier"`
}

type ackView struct {
	State  string  `json:"state"`
	DueAt  *string `json:"due_at"`
	Reason string  `json:"reason"`
}

type messageView struct {
	MessageID  string   `json:"message_id"`
	From       string   `json:"from"`
	To         []string `json:"to"`
	Kind       string   `json:"kind"`
	KindReason string   `json:"kind_reason"`
	Direction  string   `json:"direction"`
	Audience   string   `json:"audience"`
	At         *string  `json:"at"`
	Subject    string   `json:"subject"`
	Place      string   `json:"place"`
	Mailbox    string   `json:"mailbox"`
	Ref        *string  `json:"ref"`
	Quarantine string   `json:"quarantine,omitempty"`
	Size       int64    `json:"size"`
}

type eventView struct {
	At   *string `json:"at"`
	Who  string  `json:"who"`
	What string  `json:"what"`
	Why  string  `json:"why"`
}

type obligationView struct {
	Kind     string  `json:"kind"`
	To       string  `json:"to"`
	Slot     string  `json:"slot"`
	State    string  `json:"state"`
	DueAt    *string `json:"due_at"`
	MetAt    *string `json:"met_at"`
	MissedAt *string `json:"missed_at"`
	Reason   string  `json:"reason"`
}

type outboxView struct {
	ID        int64   `json:"id"`
	Ref       string  `json:"ref"`
	Kind      string  `json:"kind"`
	To        string  `json:"to"`
	State     string  `json:"state"`
	MessageID string  `json:"message_id"`
	Attempts  int     `json:"attempts"`
	NextAt    *string `json:"next_at"`
	SentAt    *string `json:"sent_at"`
	LastError string  `json:"last_error"`
}

// deliveryView is an event on its way to a connector.
type deliveryView struct {
	Connector   string  `json:"connector"`
	EventID     string  `json:"event_id"`
	Kind        string  `json:"kind"`
	What        string  `json:"what"`
	State       string  `json:"state"`
	Attempts    int     `json:"attempts"`
	NextAt      *string `json:"next_at"`
	DeliveredAt *string `json:"delivered_at"`
	LastError   string  `json:"last_error"`
}

// showView is everything of one thread.
type showView struct {
	threadView
	Messages    []messageView    `json:"messages"`
	Events      []eventView      `json:"events"`
	Obligations []obligationView `json:"obligations"`
	Outbox      []outboxView     `json:"outbox"`
	Deliveries  []deliveryView   `json:"deliveries"`
}

// rfc3339 is an instant in JSON: null until it happened.
func rfc3339(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.UTC().Format(time.RFC3339Nano)
	return &s
}

func viewThread(t store.Thread, ack store.AckState) threadView {
	return threadView{
		Ref: strconv.FormatInt(t.ID, 10), Status: t.Status, Severity: t.Severity.String(), Type: t.Type, Verdict: t.Verdict,
		Customer: customerView{t.Customer.Address, t.Customer.Name, t.Customer.Tier}, Subject: t.Subject, Mailbox: t.Mailbox,
		Owner: t.Owner, Team: t.Team, NextAction: t.NextAction, ETA: rfc3339(t.ETA), OpenedAt: rfc3339(t.OpenedAt),
		AcknowledgedAt: rfc3339(t.AcknowledgedAt), FirstResponseAt: rfc3339(t.FirstResponseAt),
		ResolvedAt: rfc3339(t.ResolvedAt), ClosedAt: rfc3339(t.ClosedAt),
		Ack: ackView{State: ack.State, DueAt: rfc3339(ack.Due), Reason: ack.Reason},
	}
}

func viewMessage(m store.MessageView) messageView {
	v := messageView{
		MessageID: m.MessageID, From: m.From, To: m.To, Kind: m.Kind, KindReason: m.KindReason, Direction: "in", Audience: "customer",
		At: rfc3339(m.At), Subject: m.Subject, Place: m.Place, Mailbox: m.Mailbox, Quarantine: m.Quarantine, Size: m.Size,
	}
	if m.Role == store.FromAgent || m.Internal {
		v.Audience = "internal"
	}
	if m.Thread != 0 {
		ref := strconv.FormatInt(m.Thread, 10)
		v.Ref = &ref
	}
	return v
}

// viewSent is a mail of ours as a message of its thread.
func viewSent(m store.Mail, from string) messageView {
	ref := strconv.FormatInt(m.Thread, 10)
	return messageView{
		MessageID: m.MessageID, From: from, To: []string{m.Recipient}, Kind: "auto_reply", KindReason: "sent by triaged: " + m.Kind,
		Direction: "out", Audience: "customer", At: rfc3339(m.SentAt), Subject: m.Subject, Place: "sent in this thread",
		Mailbox: m.Mailbox, Ref: &ref,
	}
}

func viewEvent(e store.Event) eventView { return eventView{rfc3339(e.At), e.Who, e.What, e.Why} }

func viewObligation(o store.Obligation) obligationView {
	return obligationView{o.Kind, o.To, o.Slot, o.State, rfc3339(o.Due), rfc3339(o.MetAt), rfc3339(o.MissedAt), o.Reason}
}

func viewMail(m store.Mail) outboxView {
	return outboxView{
		m.ID, strconv.FormatInt(m.Thread, 10), m.Kind, m.Recipient, m.State, m.MessageID, m.Attempts,
		rfc3339(m.NextAt), rfc3339(m.SentAt), m.LastError,
	}
}

func viewDispatch(d store.Dispatch) deliveryView {
	return deliveryView{
		d.Connector, d.EventID, d.Kind, d.Event.What, d.State, d.Attempts, rfc3339(d.NextAt), rfc3339(d.DeliveredAt), d.LastError,
	}
}
