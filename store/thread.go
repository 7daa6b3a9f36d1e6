package store

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"triaged/classify"
)

// Status is where a thread stands; lifecycle.go draws the ways between.
type Status string

// The statuses of a thread.
const (
	New               Status = "new"
	Acknowledged      Status = "acknowledged"
	Investigating     Status = "investigating"
	Workaround        Status = "workaround"
	WaitingOnCustomer Status = "waiting_on_customer"
	Resolved          Status = "resolved"
	Closed            Status = "closed"
	Reopened          Status = "reopened"
)

// Customer is who a thread is about. Known says that the configuration lists them or that their
// mail was authenticated, so that their name and subject may be echoed.
type Customer struct {
	Address, Name, Tier string
	Known               bool
}

// Thread is the escalation record: what is known of a run of messages. Times are zero until they happened.
type Thread struct {
	ID         int64
	Mailbox    string // the configured name of the mailbox that answers
	Customer   Customer
	Language   string
	Subject    string
	Severity   classify.Severity
	Type       classify.Type
	Verdict    classify.Verdict
	Status     Status
	Owner      string // an agent's address, empty while the team has it
	Team       string
	NextAction string
	ETA        time.Time

	OpenedAt, AcknowledgedAt, FirstResponseAt, ResolvedAt, ClosedAt time.Time

	SeverityBy, TypeBy string    // the person who decided it; empty while the rules have
	RaisedAt           time.Time // since when promises are counted anew; zero: since the opening
	ReopenedAt         time.Time
	Reopenings         int
	AskedAt            time.Time // since when the customer has owed us an answer; zero while they do not
	ToldAt             time.Time // the last mail that the customer got from us, or slot that had none, beside the acknowledgement
	Cadence            string    // #cadence: how often they hear from us; empty for the policy's
	Updates            int       // how many updates were due so far: the slot of the next one
	NextTold           time.Time // when we told them to expect the next update; zero for no word
	Holdings           int       // updates in a row that no person wrote
	Briefs             int       // how many internal briefs were due so far
	BriefedAt          time.Time
	Pauses             Pauses
	Held               bool      // #hold: no automatic mail goes to the customer
	HeldUntil          time.Time // zero: until #release
	Workaround         string
	Resolution         Resolution
	Outcome            string // how it was closed
	OutcomeHow         string
	Rating             int    // 1 to 5, 0 for none
	Earlier            int64  // the thread that this one follows: closed too long ago, or about the same issue; 0 for none
	ClaimedCustomer    string // an agent's forward names this customer, and nothing proves it yet

	// Waiting are the customer's human messages that nobody has answered yet, oldest first.
	Waiting []Waiting
	// Ack is the decision on an automatic acknowledgement, where this change has made one.
	Ack *AckDecision
	// Corrections are what persons have set in this change.
	Corrections []Correction
	// Open are the obligations that are owed, or were missed and have not been met since.
	Open []Obligation
}

// Resolution is what an agent says of how it was solved.
type Resolution struct {
	Happened string `json:"happened,omitempty"`
	Did      string `json:"did,omitempty"`
	Prevent  string `json:"prevent,omitempty"`
	Tested   string `json:"tested,omitempty"`
}

// Waiting is one message that owes a person's answer.
type Waiting struct {
	Message int64
	At      time.Time
}

// AckDecision is whether a message may be acknowledged automatically, and why.
type AckDecision struct {
	At   time.Time // arrival of the message that would be answered
	Send bool
	Why  string
	// Would says that it is sent, or would have been, had the daemon not only observed.
	Would bool
}

// Ref is the reference people use: "#1042".
func (t Thread) Ref() string { return "#" + strconv.FormatInt(t.ID, 10) }

// Key is the subject of the thread's obligations: "thread:1042".
func (t Thread) Key() string { return threadKey(t.ID) }

func threadKey(id int64) string { return "thread:" + strconv.FormatInt(id, 10) }

// ParseRef reads "1042" or "#1042".
func ParseRef(s string) (int64, error) {
	id, err := strconv.ParseInt(strings.TrimPrefix(strings.TrimSpace(s), "#"), 10, 64)
	if err != nil || id <= 0 {
		return 0, fmt.Errorf("%q is no thread reference; write one such as 1042 or #1042", s)
	}
	return id, nil
}
