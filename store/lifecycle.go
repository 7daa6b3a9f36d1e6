package store

import (
	"fmt"
	"time"

	"triaged/classify"
)

// Trigger is what happens to a thread.
type Trigger string

// The triggers there are so far: opening, mail by whom, and what became of the acknowledgement.
const (
	Opened        Trigger = "opened"
	CustomerWrote Trigger = "customer wrote"
	AgentWrote    Trigger = "agent wrote"
	MachineWrote  Trigger = "machine wrote"
	StrangerWrote Trigger = "stranger wrote"
	AckSent       Trigger = "acknowledged"
	AckWithheld   Trigger = "withheld ack"
	AckHeld       Trigger = "held ack"
	AckFailed     Trigger = "ack failed"
	AckBounced    Trigger = "ack bounced"
)

// moves is the state machine; doc.go draws it. A trigger that is not listed for a status leaves it.
var moves = map[Status]map[Trigger]Status{
	New: {AckSent: Acknowledged},
}

// Happening is a trigger with what is known of it.
type Happening struct {
	Trigger Trigger
	At      time.Time
	Who     string            // who caused it: an address, or a part of triaged
	Why     string            // the reason in words
	Verdict *classify.Verdict // with Opened and CustomerWrote: what the message was judged to be
}

// Event is one line of a thread's append-only log. Thread 0 is the daemon's own.
type Event struct {
	Thread int64
	At     time.Time
	Who    string
	What   string
	Why    string
}

// Apply is the lifecycle: what a thread becomes when something happens, and the events that say so.
// It is pure; nothing changes a thread without an event.
func (t Thread) Apply(h Happening) (Thread, []Event) {
	events := []Event{{Thread: t.ID, At: h.At, Who: h.Who, What: string(h.Trigger), Why: h.Why}}
	if to, ok := moves[t.Status][h.Trigger]; ok {
		t.Status = to
	}
	switch h.Trigger {
	case AckSent:
		if t.AcknowledgedAt.IsZero() {
			t.AcknowledgedAt = h.At
		}
	case Opened, CustomerWrote:
		if h.Verdict != nil {
			return t.judged(*h.Verdict, h, events)
		}
	}
	return t, events
}

// judged applies a judgement: the first sets severity and type, later ones may only raise.
func (t Thread) judged(v classify.Verdict, h Happening, events []Event) (Thread, []Event) {
	first := h.Trigger == Opened
	if !first && v.Severity >= t.Severity {
		return t, events
	}
	what := "raised to " + v.Severity.String()
	if first {
		what = "judged " + v.Severity.String() + " " + string(v.Type)
		t.Type, t.Team = v.Type, v.Team
	}
	t.Severity, t.Verdict = v.Severity, v
	return t, append(events, Event{Thread: t.ID, At: h.At, Who: "rules", What: what, Why: because(v)})
}

// because is the judgement in one line: the reasons that set it.
func because(v classify.Verdict) string {
	if len(v.Reasons) == 0 {
		return "no rule matched"
	}
	r := v.Reasons[0]
	why := r.Rule
	if r.Evidence != "" {
		why += fmt.Sprintf(": %s", r.Evidence)
	}
	if more := len(v.Reasons) - 1; more > 0 {
		why += fmt.Sprintf(" (and %d more)", more)
	}
	return why
}
