package outbound

import (
	"fmt"
	"time"

	"triaged/config"
	"triaged/ingest"
	"triaged/store"
)

// Question is all that decides whether a message may be answered automatically.
type Question struct {
	Message *ingest.Message
	Role    store.Role
	To      string    // the address an answer would go to
	Refuses string    // why that address takes no automatic mail; empty for most
	At      time.Time // arrival at the server
	Now     time.Time

	Addressed bool       // To, Cc, Delivered-To or X-Original-To name an address of ours
	Observing bool       // run --observe: the answer is decided as ever, and withheld
	History   bool       // older than ack.not_before
	Doubt     store.Hold // why this mail may be old although it looks new; empty for no doubt

	SentHour, SentDay int // automatic mails to this sender so far
	DomainHour        int // and to its domain, counted only for unknown ones

	LoopHour int // machine mails that the thread received within an hour; see LoopMails

	MutedUntil time.Time // mails to this address came back, so that it gets none until then; zero for none
}

// Outcome of a Question.
type Outcome int

// A withheld mail is never sent; a held one waits for an operator.
const (
	Withhold Outcome = iota
	Hold
	Send
)

// Answer decides whether a message is acknowledged automatically, and says why. With Hold it also says
// what is waited for. While observing, what would have been sent or held is withheld. It is the one place
// where the rules of mail meet (design section 5); RFC 3834 section 2 stands behind most of them.
func Answer(q Question, a config.Ack) (Outcome, store.Hold, string) {
	outcome, hold, why := answer(q, a)
	if q.Observing && outcome != Withhold {
		return Withhold, "", Observed(outcome, why)
	}
	return outcome, hold, why
}

// Observed words why a mail is withheld that would have been sent or held, had the daemon not only observed.
func Observed(would Outcome, why string) string {
	if would == Hold {
		return "observing: nothing is sent; it would have been held: " + why
	}
	return "observing: nothing is sent; it would have been: " + why
}

func answer(q Question, a config.Ack) (Outcome, store.Hold, string) {
	for _, no := range []func(Question, config.Ack) string{sender, machine, forged, writable, circumstance, budget} {
		if why := no(q, a); why != "" {
			return Withhold, "", why
		}
	}
	if q.Doubt != "" {
		return Hold, q.Doubt, q.Doubt.Why()
	}
	if age := q.Now.Sub(q.At); age > a.Horizon.D() {
		return Hold, store.HoldHorizon, fmt.Sprintf("the mail arrived %s ago, longer than ack.horizon: an operator decides", age.Round(time.Minute))
	}
	return Send, "", "first message of the thread, from a person"
}

// sender: only customers are answered, at an address that can take mail.
func sender(q Question, _ config.Ack) string {
	switch q.Role {
	case store.FromCustomer:
	case store.FromAgent:
		return "the sender is on the roster"
	case store.FromUs:
		return "the mail is our own"
	case store.FromPending:
		return "the sender is not a participant of this thread: an agent must accept them"
	default:
		return "machine mail: " + q.Message.KindReason
	}
	switch {
	case q.To == "":
		return "no address to answer could be read from the mail"
	case q.Refuses != "":
		return "the sender takes no replies: " + q.Refuses
	}
	return ""
}

// machine: automatic mail is never answered (RFC 3834 section 2), nor mail that asks not to be.
func machine(q Question, _ config.Ack) string {
	m := q.Message
	switch {
	case m.Kind != ingest.Human:
		return "machine mail: " + m.KindReason
	case m.NoAutoReply:
		return "the sender asks for no automatic answer (X-Auto-Response-Suppress)"
	case m.Quarantine != "":
		return "the mail could not be read as usual: " + m.Quarantine
	}
	return ""
}

// forged: evidence of forgery withholds, and so does its absence where authentication is required.
func forged(q Question, a config.Ack) string {
	m := q.Message
	switch {
	case len(m.Froms) > 1:
		return "the mail names more than one From address, so none is trusted (RFC 5322 section 3.6.2)"
	case m.DubiousFrom != "":
		return "evidence of forgery: " + m.DubiousFrom
	case m.Auth.Result == "fail":
		return "evidence of forgery: " + m.Auth.Why
	case a.Require == "authenticated" && m.Auth.Result != "pass":
		return "ack.require is authenticated and the sender is not: " + m.Auth.Why
	}
	return ""
}

// writable: some addresses can be read and not be written to, such as one with a local part beyond ASCII.
func writable(q Question, _ config.Ack) string {
	if _, err := BareAddress(q.To); err != nil {
		return "no mail can be written to that address: " + err.Error()
	}
	return ""
}

// circumstance: history and mail that was not sent to us.
func circumstance(q Question, a config.Ack) string {
	switch {
	case q.History:
		return "the mail is older than ack.not_before: history is never answered"
	case !q.Addressed && !a.Unaddressed:
		return "none of our addresses stands in To, Cc, Delivered-To or X-Original-To (ack.unaddressed)"
	}
	return ""
}

// budget: caps stop answers, never threads.
func budget(q Question, a config.Ack) string {
	switch {
	case Silenced(q.LoopHour) != "":
		return Silenced(q.LoopHour)
	case !q.MutedUntil.IsZero():
		return "two mails to this address came back: no automatic mail until " + q.MutedUntil.UTC().Format("2006-01-02 15:04 MST")
	case over(q.SentHour, a.PerSenderHour):
		return fmt.Sprintf("this sender has had %d automatic mails within an hour (ack.per_sender_hour)", q.SentHour)
	case over(q.SentDay, a.PerSenderDay):
		return fmt.Sprintf("this sender has had %d automatic mails within a day (ack.per_sender_day)", q.SentDay)
	case over(q.DomainHour, a.PerDomainHour):
		return fmt.Sprintf("this unknown domain has had %d automatic mails within an hour (ack.per_domain_hour)", q.DomainHour)
	}
	return ""
}

// LoopMails is how many machine mails a thread may receive within an hour. With more its circuit breaker is open, until the
// hour has fewer: two robots may be answering each other.
const LoopMails = 5

// Silenced says why a thread that received n machine mails within an hour sends nothing automatic; empty while it may.
func Silenced(n int) string {
	if n <= LoopMails {
		return ""
	}
	return fmt.Sprintf("more than %d automatic mails reached this thread within an hour: nothing automatic leaves it until they cease", LoopMails)
}

// over says that a cap is reached; 0 is no cap.
func over(n int, cap *int) bool { return cap != nil && *cap > 0 && n >= *cap }
