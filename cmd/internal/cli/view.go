package cli

import (
	"strconv"
	"time"

	"triaged/classify"
	"triaged/ingest"
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
	// Due is what the customer is owed next; null where it is their turn.
	Due *dueView `json:"due"`

	Outcome         string          `json:"outcome"` // of a closed thread: confirmed, unconfirmed, spam or merged
	OutcomeHow      string          `json:"outcome_how"`
	Rating          *int            `json:"rating"`
	Held            bool            `json:"held"` // #hold: no automatic mail goes to the customer
	HeldUntil       *string         `json:"held_until"`
	Workaround      string          `json:"workaround"`
	Resolution      *resolutionView `json:"resolution"`
	Reopenings      int             `json:"reopenings"`
	Earlier         *string         `json:"earlier"`          // the thread that this one follows
	ClaimedCustomer string          `json:"claimed_customer"` // named by a forward, and not confirmed yet
}

type resolutionView struct {
	Happened string `json:"happened"`
	Did      string `json:"did"`
	Prevent  string `json:"prevent"`
	Tested   string `json:"tested"`
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

	at time.Time // as At
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
	WrittenBy string  `json:"written_by,omitempty"` // the agent whose words it carries
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
	Participants []participantView `json:"participants"`

	Messages    []messageView    `json:"messages"`
	Events      []eventView      `json:"events"`
	Obligations []obligationView `json:"obligations"`
	Outbox      []outboxView     `json:"outbox"`
	Deliveries  []deliveryView   `json:"deliveries"`
	Opinions    []opinionView    `json:"opinions"`
}

// participantView is somebody who takes part in a thread; pending: nothing goes to them until an agent accepts them.
type participantView struct {
	Address string `json:"address"`
	Pending bool   `json:"pending"`
}

// rfc3339 is an instant in JSON: null until it happened.
func rfc3339(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.UTC().Format(time.RFC3339Nano)
	return &s
}

func viewThread(t store.Thread, ack store.AckState, owed []store.Obligation, now time.Time) threadView {
	v := threadView{
		Ref: strconv.FormatInt(t.ID, 10), Status: t.Status, Severity: t.Severity.String(), Type: t.Type, Verdict: t.Verdict,
		Customer: customerView{t.Customer.Address, t.Customer.Name, t.Customer.Tier}, Subject: t.Subject, Mailbox: t.Mailbox,
		Owner: t.Owner, Team: t.Team, NextAction: t.NextAction, ETA: rfc3339(t.ETA), OpenedAt: rfc3339(t.OpenedAt),
		AcknowledgedAt: rfc3339(t.AcknowledgedAt), FirstResponseAt: rfc3339(t.FirstResponseAt),
		ResolvedAt: rfc3339(t.ResolvedAt), ClosedAt: rfc3339(t.ClosedAt),
		Ack: ackView{State: ack.State, DueAt: rfc3339(ack.Due), Reason: ack.Reason}, Due: nextDue(owed, now),
		Outcome: t.Outcome, OutcomeHow: t.OutcomeHow, Held: t.Held, HeldUntil: rfc3339(t.HeldUntil), Workaround: t.Workaround,
		Reopenings: t.Reopenings, ClaimedCustomer: t.ClaimedCustomer,
	}
	if t.Rating != 0 {
		v.Rating = &t.Rating
	}
	if t.Earlier != 0 {
		earlier := strconv.FormatInt(t.Earlier, 10)
		v.Earlier = &earlier
	}
	if r := t.Resolution; r != (store.Resolution{}) {
		v.Resolution = &resolutionView{r.Happened, r.Did, r.Prevent, r.Tested}
	}
	return v
}

func viewMessage(m store.MessageView) messageView {
	v := messageView{
		MessageID: m.MessageID, From: m.From, To: m.To, Kind: m.Kind, KindReason: m.KindReason, Direction: "in", Audience: "customer",
		At: rfc3339(m.At), Subject: m.Subject, Place: m.Place, Mailbox: m.Mailbox, Quarantine: m.Quarantine, Size: m.Size, at: m.At,
	}
	if m.Internal {
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
	v := messageView{
		MessageID: m.MessageID, From: from, To: []string{m.Recipient}, Kind: string(ingest.AutoReply), KindReason: "sent by triaged: " + m.Kind,
		Direction: "out", Audience: "customer", At: rfc3339(m.SentAt), Subject: m.Subject, Place: "sent in this thread",
		Mailbox: m.Mailbox, Ref: &ref, at: m.SentAt,
	}
	if l := m.Facts.Letter; l != nil && l.ByPerson() {
		v.Kind, v.KindReason = string(ingest.Human), "written by "+l.Agent+": "+m.Kind
	}
	if store.Internal(m.Kind) {
		v.Audience = "internal"
	}
	return v
}

func viewEvent(e store.Event) eventView { return eventView{rfc3339(e.At), e.Who, e.What, e.Why} }

func viewObligation(o store.Obligation) obligationView {
	return obligationView{o.Kind, o.To, o.Slot, o.State, rfc3339(o.Due), rfc3339(o.MetAt), rfc3339(o.MissedAt), o.Reason}
}

func viewMail(m store.Mail) outboxView {
	v := outboxView{
		ID: m.ID, Ref: strconv.FormatInt(m.Thread, 10), Kind: m.Kind, To: m.Recipient, State: m.State, MessageID: m.MessageID,
		Attempts: m.Attempts, NextAt: rfc3339(m.NextAt), SentAt: rfc3339(m.SentAt), LastError: m.LastError,
	}
	if m.Facts.Letter != nil {
		v.WrittenBy = m.Facts.Letter.Agent
	}
	return v
}

func viewDispatch(d store.Dispatch) deliveryView {
	return deliveryView{
		d.Connector, d.EventID, d.Kind, d.Event.What, d.State, d.Attempts, rfc3339(d.NextAt), rfc3339(d.DeliveredAt), d.LastError,
	}
}
