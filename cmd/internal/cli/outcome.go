package cli

import (
	"strconv"
	"strings"
	"time"

	"triaged/classify"
	"triaged/cmd/internal/daemon"
	"triaged/ingest"
	"triaged/store"
)

// outcome is what was, or would have been, decided on one mail.
type outcome struct {
	File       string            `json:"file,omitempty"`
	At         *string           `json:"at"`
	From       string            `json:"from"`
	To         []string          `json:"to"`
	Subject    string            `json:"subject"`
	MessageID  string            `json:"message_id"`
	Kind       string            `json:"kind"`
	KindReason string            `json:"kind_reason"`
	Ref        *string           `json:"ref"`
	Opens      bool              `json:"opens"` // it begins its thread
	Place      string            `json:"place"`
	Severity   string            `json:"severity,omitempty"` // of this mail; empty where the rules were not asked
	Type       classify.Type     `json:"type,omitempty"`
	Reasons    []classify.Reason `json:"reasons"`
	// Ack is send, hold or withhold; empty where there was nothing to decide.
	Ack    string `json:"ack"`
	AckWhy string `json:"ack_why"`
	Again  bool   `json:"again,omitempty"` // the same mail came before
	Error  string `json:"error,omitempty"`

	at time.Time
}

func outcomeOf(d store.Decided) outcome {
	m := d.MessageView
	o := outcome{
		At: rfc3339(m.At), From: m.From, To: m.To, Subject: m.Subject, MessageID: m.MessageID, Kind: m.Kind, KindReason: m.KindReason,
		Opens: d.Opened, Place: m.Place, Reasons: []classify.Reason{}, Ack: d.Ack, AckWhy: d.AckWhy, at: m.At,
	}
	if m.Thread != 0 {
		ref := strconv.FormatInt(m.Thread, 10)
		o.Ref = &ref
	}
	if v := d.Verdict; v != nil {
		o.Severity, o.Type, o.Reasons = v.Severity.String(), v.Type, v.Reasons
	}
	return o
}

func outcomeOfStep(s daemon.Step) outcome {
	o := outcomeOf(s.Decided)
	o.File = s.Name
	if s.Again {
		o.Again, o.Opens, o.Severity, o.Type, o.Ack, o.AckWhy = true, false, "", "", "", "the same mail came before: not answered twice"
	}
	if s.Failed != nil {
		o.Error, o.Place = s.Failed.Error(), "processing it fails: it would be quarantined"
	}
	return o
}

// ref is the thread as people name it, with a sign before one that the mail begins.
func (o outcome) ref() string {
	switch {
	case o.Ref == nil:
		return "-"
	case o.Opens:
		return "+#" + *o.Ref
	}
	return "#" + *o.Ref
}

// severity is short: a dash where nothing was judged.
func (o outcome) severity() string {
	if o.Severity == "" {
		return "-"
	}
	return o.Severity
}

// answer says what becomes of the acknowledgement: a word and why.
func (o outcome) answer() (word, why string) {
	switch o.Ack {
	case store.AckSend:
		return "sent", o.AckWhy
	case store.AckHold:
		return "held", o.AckWhy
	case store.AckWithhold:
		return "withheld", o.AckWhy
	}
	switch {
	case o.Error != "":
		return "failed", o.Error
	case o.Again:
		return "none", o.AckWhy
	case o.Ref == nil:
		return "none", o.Place
	case o.Kind != string(ingest.Human):
		return "none", "machine mail"
	}
	return "none", "the thread had its own, or no customer wrote"
}

// cause is why an answer was withheld, without what differs from mail to mail: caps are called by their keys.
func (o outcome) cause() string {
	why, _, _ := strings.Cut(o.AckWhy, ": ")
	if count, cap, found := strings.Cut(why, " (ack.per_"); found && strings.ContainsAny(count, "123456789") {
		return "the cap ack.per_" + strings.TrimSuffix(cap, ")") + " is reached"
	}
	return why
}
