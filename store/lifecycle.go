package store

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"triaged/classify"
)

// Trigger is what happens to a thread.
type Trigger string

// What mail does, ours and theirs.
const (
	Opened        Trigger = "opened"
	CustomerWrote Trigger = "customer wrote"
	CameBack      Trigger = "customer came back" // to a closed thread, soon enough to reopen it
	Thanked       Trigger = "customer thanked"
	AgentWrote    Trigger = "agent wrote"
	MachineWrote  Trigger = "machine wrote"
	StrangerWrote Trigger = "stranger wrote"
	AckSent       Trigger = "acknowledged"
	AckWithheld   Trigger = "withheld ack"
	AckHeld       Trigger = "held ack"
	AckFailed     Trigger = "ack failed"
	AckBounced    Trigger = "ack bounced"
	Answered      Trigger = "answered"      // a mail that a person wrote was accepted for the customer
	MailFailed    Trigger = "mail failed"   // to the customer
	MailBounced   Trigger = "mail bounced"  // likewise
	MailDoubtful  Trigger = "mail in doubt" // it may have arrived: a person decides whether it goes again
	NoticeFailed  Trigger = "mail to the team failed"
	ModelJudged   Trigger = "judged by the model" // some time after the mail
)

// What persons do.
const (
	Taken        Trigger = "taken"
	Assigned     Trigger = "assigned"
	SeveritySet  Trigger = "severity set"
	TypeSet      Trigger = "type set"
	Investigated Trigger = "investigating"
	WorkedAround Trigger = "workaround given"
	WaitedFor    Trigger = "waiting on customer"
	ResolvedBy   Trigger = "resolved"
	ReopenedBy   Trigger = "reopened"
	ClosedBy     Trigger = "closed"
	Spammed      Trigger = "spam"
	Merged       Trigger = "merged"
	NextSet      Trigger = "next action set"
	ETASet       Trigger = "eta set"
	Noted        Trigger = "noted"
	Called       Trigger = "called"
	Paused       Trigger = "held automatic mail"
	Unpaused     Trigger = "released automatic mail"
	CustomerSet  Trigger = "customer set"
	CadenceSet   Trigger = "cadence set"
)

// What the clock does on its own.
const (
	UpdateDue     Trigger = "update due" // no person has written it: the customer gets what the record says
	UpdateSkipped Trigger = "update skipped"
	BriefDue      Trigger = "brief due"
)

// What the customer's answer to a resolution does, and the lack of one.
const (
	Confirmed Trigger = "confirmed"
	Denied    Trigger = "still broken"
	Silent    Trigger = "closed after silence"
	Recounted Trigger = "silence counted anew" // nobody was there to hear them
	Rated     Trigger = "rated"
)

// moves is the state machine; doc.go draws it. A trigger that is listed neither here nor in refused leaves the
// status as it is.
var moves = map[Status]map[Trigger]Status{
	New:               with(underway, map[Trigger]Status{AckSent: Acknowledged}, begun),
	Acknowledged:      with(underway, begun),
	Reopened:          with(underway, begun),
	Investigating:     with(underway),
	Workaround:        with(underway),
	WaitingOnCustomer: with(underway, map[Trigger]Status{CustomerWrote: Investigating, Silent: Closed}),
	Resolved: {
		ResolvedBy: Resolved, Confirmed: Closed, ClosedBy: Closed, Silent: Closed, Spammed: Closed, Merged: Closed,
		Denied: Reopened, ReopenedBy: Reopened,
	},
	Closed: {CameBack: Reopened, Denied: Reopened, ReopenedBy: Reopened},
}

// underway is what moves every thread that is neither resolved nor closed.
var underway = map[Trigger]Status{
	Investigated: Investigating, WorkedAround: Workaround, WaitedFor: WaitingOnCustomer,
	ResolvedBy: Resolved, ClosedBy: Closed, Spammed: Closed, Merged: Closed,
}

// begun is what shows that a person is at work on a thread that nobody had begun.
var begun = map[Trigger]Status{Taken: Investigating, Answered: Investigating}

func with(all ...map[Trigger]Status) map[Trigger]Status {
	sum := map[Trigger]Status{}
	for _, m := range all {
		for trigger, to := range m {
			sum[trigger] = to
		}
	}
	return sum
}

// refused says why a person's wish is not for a thread in that status, and what to do instead.
var refused = map[Status]map[Trigger]string{
	New: openAlready, Acknowledged: openAlready, Investigating: openAlready, Workaround: openAlready,
	WaitingOnCustomer: openAlready, Reopened: openAlready,
	Resolved: {
		Investigated: "the thread is resolved; #reopen takes it up again",
		WorkedAround: "the thread is resolved; #reopen takes it up again",
		WaitedFor:    "the thread is resolved and waits for the customer's confirmation already",
	},
	Closed: {
		Taken: closedAlready, Assigned: closedAlready, Investigated: closedAlready, WorkedAround: closedAlready,
		WaitedFor: closedAlready, ResolvedBy: closedAlready, ClosedBy: "the thread is closed already",
		Spammed: "the thread is closed already", Merged: closedAlready, SeveritySet: closedAlready, ETASet: closedAlready, NextSet: closedAlready,
		Paused: closedAlready, CadenceSet: closedAlready,
	},
}

var openAlready = map[Trigger]string{ReopenedBy: "the thread is open"}

const closedAlready = "the thread is closed; #reopen opens it again"

// Refuses says why a person cannot do that to the thread as it stands; empty when they can.
func (t Thread) Refuses(trigger Trigger) string { return refused[t.Status][trigger] }

// Happening is a trigger with what is known of it.
type Happening struct {
	Trigger Trigger
	At      time.Time
	Who     string            // who caused it: an address, or a part of triaged
	Why     string            // the reason in words
	Verdict *classify.Verdict // with Opened, CustomerWrote and CameBack: what the message was judged to be; with ModelJudged: as weighed

	Owner      string            // with Taken and Assigned; with Answered: who answered
	Severity   classify.Severity // with SeveritySet; with ModelJudged: what the model says
	Language   string            // with ModelJudged: the language to write in, where none was known
	Type       classify.Type     // with TypeSet
	Text       string            // with NextSet, WorkedAround, ClosedBy and Merged: the words
	Into       int64             // with Merged: the thread in which it goes on
	Until      time.Time         // with ETASet; with Paused where it ends by itself; with Answered and UpdateDue: the next update told
	Resolution *Resolution       // with ResolvedBy
	Rating     int               // with Rated, and CameBack where they rate us too: 1 to 5
	Copy       bool              // with MailFailed, MailBounced and MailDoubtful: it was the copy of somebody who was accepted beside the customer
	Customer   Customer          // with CustomerSet
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
// It is pure; nothing changes a thread without an event. What Refuses names changes nothing and is an event too.
func (t Thread) Apply(h Happening) (Thread, []Event) {
	if why := t.Refuses(h.Trigger); why != "" {
		return t, []Event{{Thread: t.ID, At: h.At, Who: h.Who, What: "refused: " + string(h.Trigger), Why: why}}
	}
	events := []Event{{Thread: t.ID, At: h.At, Who: h.Who, What: string(h.Trigger), Why: h.Why}}
	was := t.Status
	if to, ok := moves[t.Status][h.Trigger]; ok {
		t.Status = to
	}
	t = t.moved(was, h)
	t = t.noted(h)
	switch h.Trigger {
	case Opened, CustomerWrote, CameBack:
		if h.Verdict != nil {
			return t.judged(*h.Verdict, h, events)
		}
	case SeveritySet:
		return t.ranked(h, events)
	case ModelJudged:
		return t.advised(h, events)
	}
	return t, events
}

// moved keeps the instants that belong to a status.
func (t Thread) moved(was Status, h Happening) Thread {
	if t.Status == was && h.Trigger != ResolvedBy && h.Trigger != WaitedFor {
		return t
	}
	if was == WaitingOnCustomer && t.Status != was {
		t.Pauses = t.Pauses.end(h.At)
	}
	t.AskedAt = time.Time{}
	switch t.Status {
	case WaitingOnCustomer:
		t.AskedAt = h.At
		t.Pauses = t.Pauses.begin(h.At)
	case Resolved:
		t.ResolvedAt, t.AskedAt = h.At, h.At
	case Closed:
		t.ClosedAt, t.Held, t.HeldUntil = h.At, false, time.Time{}
		t.Outcome, t.OutcomeHow = outcomes[h.Trigger], h.Text
		if t.ResolvedAt.IsZero() {
			t.ResolvedAt = h.At
		}
	case Reopened:
		t.ReopenedAt, t.ResolvedAt, t.ClosedAt = h.At, time.Time{}, time.Time{}
		t.Reopenings++
		t.Outcome, t.OutcomeHow = "", ""
	}
	return t
}

// Outcomes of a closed thread. Only the first two are counted as solved.
const (
	OutcomeConfirmed   = "confirmed"
	OutcomeUnconfirmed = "unconfirmed"
	OutcomeSpam        = "spam"
	OutcomeMerged      = "merged" // it goes on in the thread that Earlier names
)

var outcomes = map[Trigger]string{
	Confirmed: OutcomeConfirmed, ClosedBy: OutcomeConfirmed, Silent: OutcomeUnconfirmed, Spammed: OutcomeSpam, Merged: OutcomeMerged,
}

// Uncounted says that a thread stands in no figure: it was no request, or is one that is counted elsewhere.
func (t Thread) Uncounted() bool { return t.Outcome == OutcomeSpam || t.Outcome == OutcomeMerged }

// noted keeps what a happening says beside the status.
func (t Thread) noted(h Happening) Thread {
	switch h.Trigger {
	case AckSent:
		if t.AcknowledgedAt.IsZero() {
			t.AcknowledgedAt = h.At
		}
	case Answered:
		if t.FirstResponseAt.IsZero() {
			t.FirstResponseAt = h.At
		}
		if t.Owner == "" {
			t.Owner = h.Owner
		}
		t.ToldAt, t.NextTold, t.Holdings = h.At, h.Until, 0
		t.Updates++ // an update sent on one's own begins the chain anew
		if t.Status == WaitingOnCustomer || t.Status == Resolved {
			t.AskedAt = h.At // the customer's silence counts from the last word
		}
	case UpdateDue:
		t.ToldAt, t.NextTold = h.At, h.Until
		t.Updates++
		t.Holdings++
	case UpdateSkipped: // the chain goes on as if it had been sent
		t.ToldAt, t.NextTold = h.At, h.Until
		t.Updates++
	case BriefDue:
		t.BriefedAt = h.At
		t.Briefs++
	case CadenceSet:
		t.Cadence, t.NextTold = h.Text, time.Time{}
	case CustomerWrote, MailFailed, MailBounced, MailDoubtful:
		if h.Copy {
			return t // the customer has theirs
		}
		t.AskedAt = time.Time{} // what they say stops the clock, and so does what they may never have read
	case Taken, Assigned:
		t.Owner = h.Owner
	case TypeSet:
		t = t.corrected(h, OfType, string(t.Type), string(h.Type), t.TypeBy == "")
		t.Type, t.TypeBy = h.Type, h.Who
	case NextSet:
		t.NextAction = h.Text
	case ETASet:
		t.ETA = h.Until
	case WorkedAround:
		t.Workaround = h.Text
	case ResolvedBy:
		if h.Resolution != nil {
			t.Resolution = *h.Resolution
		}
	case Paused:
		t.Held, t.HeldUntil = true, h.Until
	case Unpaused:
		t.Held, t.HeldUntil = false, time.Time{}
		t = t.askedAnew(h.At) // nobody was reminded meanwhile
	case Recounted:
		t = t.askedAnew(h.At)
	case Confirmed:
		if t.Outcome == OutcomeUnconfirmed {
			t.Outcome = OutcomeConfirmed // also after it was closed for silence
		}
	case Merged:
		t.Earlier = h.Into
	case Rated, CameBack:
		if h.Rating > 0 {
			t.Rating = h.Rating
		}
	case CustomerSet:
		t.Customer, t.ClaimedCustomer = h.Customer, ""
	}
	return t
}

// askedAnew lets a silence that runs begin again.
func (t Thread) askedAnew(at time.Time) Thread {
	if !t.AskedAt.IsZero() {
		t.AskedAt = at
	}
	return t
}

// ranked is a person's severity, which stands against every later automatic judgement. A raise counts all
// promises anew from now, a lowering from the opening.
func (t Thread) ranked(h Happening, events []Event) (Thread, []Event) {
	if t.Severity == h.Severity && t.SeverityBy != "" {
		return t, events
	}
	was := t.Severity
	switch {
	case h.Severity.Worse(was):
		t.RaisedAt = h.At
	case h.Severity != was:
		t.RaisedAt = time.Time{}
	}
	t = t.corrected(h, OfSeverity, was.String(), h.Severity.String(), t.SeverityBy == "")
	t.Severity, t.SeverityBy = h.Severity, h.Who
	events[0].What = fmt.Sprintf("severity set to %s", h.Severity)
	events[0].Why = fmt.Sprintf("it was %s; %s", was, orElse(h.Why, "a person decides, and that stands"))
	return t, events
}

// judged applies a judgement: the first sets severity and type, later ones may only raise, and only hint where a
// person has decided.
func (t Thread) judged(v classify.Verdict, h Happening, events []Event) (Thread, []Event) {
	first := h.Trigger == Opened
	if !first && v.Severity >= t.Severity {
		return t, events
	}
	if why, hinted := t.Hint(v); hinted && !first {
		return t, append(events, Event{Thread: t.ID, At: h.At, Who: "rules", What: "hint: this reads like " + v.Severity.String(), Why: why})
	}
	what := "raised to " + v.Severity.String()
	if first {
		what = "judged " + v.Severity.String() + " " + string(v.Type)
		t.Type, t.Team = v.Type, v.Team
	} else {
		t.RaisedAt = h.At
	}
	t.Severity, t.Verdict = v.Severity, v
	return t, append(events, Event{Thread: t.ID, At: h.At, Who: "rules", What: what, Why: because(v)})
}

// Hint says why a later judgement is worse than the severity that a person has set, which stands all the same; false where it is not.
func (t Thread) Hint(v classify.Verdict) (why string, hinted bool) {
	if t.SeverityBy == "" || !v.Severity.Worse(t.Severity) {
		return "", false
	}
	return because(v) + "; " + t.SeverityBy + " set " + t.Severity.String() + ", and that stands", true
}

// because is the judgement in one line: the reason that set its severity, or else the first.
func because(v classify.Verdict) string {
	if len(v.Reasons) == 0 {
		return "no rule matched"
	}
	r := v.Reasons[0]
	if i := slices.IndexFunc(v.Reasons, func(r classify.Reason) bool { return strings.HasPrefix(r.Effect, "severity "+v.Severity.String()) }); i >= 0 {
		r = v.Reasons[i]
	}
	why := r.Rule
	if r.Evidence != "" {
		why += fmt.Sprintf(": %s", r.Evidence)
	}
	if more := len(v.Reasons) - 1; more > 0 {
		why += fmt.Sprintf(" (and %d more)", more)
	}
	return why
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
