package classify

import (
	"fmt"
	"time"

	"triaged/config"
	"triaged/ingest"
)

// Severity is how bad it is: 1 is worst. The zero value is no judgement.
type Severity int

// The severities of the design.
const (
	SEV1 Severity = 1 // production down, data loss, security breach
	SEV2 Severity = 2 // major feature broken
	SEV3 Severity = 3 // degraded, a workaround exists
	SEV4 Severity = 4 // minor
)

// String is "SEV-1" to "SEV-4".
func (s Severity) String() string { return fmt.Sprintf("SEV-%d", int(s)) }

// Type is the kind of trouble.
type Type string

// The types, in the order in which a tie is broken.
const (
	Security   Type = "security"
	Compliance Type = "compliance"
	Technical  Type = "technical"
	Service    Type = "service"
	Business   Type = "business"
)

// Reason is one step of a judgement: which rule, what it saw, what it did.
type Reason struct {
	Rule     string `json:"rule"`
	Evidence string `json:"evidence"`
	Effect   string `json:"effect"`
}

// Impact is what the mail and the customer record say of the damage. Empty means not known.
type Impact struct {
	Tier           string `json:"tier,omitempty"`
	Users          string `json:"users,omitempty"`
	RevenueAtRisk  string `json:"revenue_at_risk,omitempty"`
	Criticality    string `json:"criticality,omitempty"`
	PublicExposure string `json:"public_exposure,omitempty"`
	Regulatory     string `json:"regulatory,omitempty"`
	Deadline       string `json:"deadline,omitempty"`
	Tone           string `json:"tone,omitempty"`
	Workaround     string `json:"workaround,omitempty"`
	Since          string `json:"since,omitempty"`
}

// Verdict is severity, type and impact, with the reasons that led there.
type Verdict struct {
	Severity Severity `json:"severity"` // in JSON the string "SEV-1" to "SEV-4"
	Type     Type     `json:"type"`
	Team     string   `json:"team,omitempty"`
	Impact   Impact   `json:"impact"`
	Answered []string `json:"answered,omitempty"` // the triage questions that need not be asked, such as AskSince
	Reasons  []Reason `json:"reasons"`
}

// Case is all that a judgement may look at.
type Case struct {
	Message  *ingest.Message
	Mailbox  string // its configured name
	Customer config.Customer
	Thread   *History // nil for a new thread
	Now      time.Time
}

// History is what a thread already knows when another message of it is judged.
type History struct {
	Severity Severity
	Type     Type
	Messages int
	OpenedAt time.Time
}
