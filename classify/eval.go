package classify

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"mime"
	"net/mail"
	"slices"
	"strings"
	"time"

	"triaged/ingest"
)

// Ticket is a mail as help desks export it, one JSON object a line, with the truth where it is known.
type Ticket struct {
	ID      string          `json:"id"`
	RawID   json.RawMessage `json:"-"` // the id as the line has it: a string or a number
	Subject string          `json:"subject"`
	Body    string          `json:"body"`
	From    string          `json:"from"`

	Severity Severity `json:"severity"` // zero: not known
	Type     Type     `json:"type"`     // empty: not known
}

// ParseTicket reads one line. Fields that a ticket does not have are passed over; an id may be a number.
func ParseTicket(line []byte) (Ticket, error) {
	var raw struct {
		ID                          json.RawMessage
		Subject, Body, From         string
		Severity, Type, Description string
	}
	if err := json.Unmarshal(line, &raw); err != nil {
		return Ticket{}, fmt.Errorf("read a ticket: %w; write one JSON object a line", err)
	}
	t := Ticket{Subject: raw.Subject, Body: raw.Body, From: raw.From}
	var err error
	if t.RawID = raw.ID; len(raw.ID) > 0 && json.Unmarshal(raw.ID, &t.ID) != nil {
		t.ID = string(raw.ID)
	}
	if raw.Severity != "" {
		if t.Severity, err = ParseSeverity(raw.Severity); err != nil {
			return t, fmt.Errorf("ticket %q: %w", clip(t.ID), err)
		}
	}
	if raw.Type != "" {
		if t.Type, err = ParseType(raw.Type); err != nil {
			return t, fmt.Errorf("ticket %q: %w", clip(t.ID), err)
		}
	}
	return t, nil
}

// Message makes of a ticket the mail it would have been, and reads that: quotes and signature go, and
// the language is guessed, as with any mail.
func (t Ticket) Message() *ingest.Message {
	var raw strings.Builder
	from := strings.Join(strings.Fields(t.From), " ")
	if a, err := mail.ParseAddress(from); err == nil {
		from = a.String()
	}
	raw.WriteString("From: " + from + "\r\n")
	raw.WriteString("Subject: " + mime.BEncoding.Encode("utf-8", strings.Join(strings.Fields(t.Subject), " ")) + "\r\n")
	raw.WriteString("MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	body := base64.StdEncoding.EncodeToString([]byte(t.Body))
	for line := range slices.Chunk([]byte(body), 76) {
		raw.Write(line)
		raw.WriteString("\r\n")
	}
	return ingest.Parse([]byte(raw.String()), ingest.Options{})
}

// Case is the ticket as a new thread of a stranger.
func (t Ticket) Case(now time.Time) Case { return Case{Message: t.Message(), Now: now} }

// Scored is one judgement beside the truth.
type Scored struct {
	Truth, Judged struct {
		Severity Severity
		Type     Type
	}
}

// Score puts a verdict beside the truth of its ticket.
func Score(t Ticket, v Verdict) Scored {
	var s Scored
	s.Truth.Severity, s.Truth.Type = t.Severity, t.Type
	s.Judged.Severity, s.Judged.Type = v.Severity, v.Type
	return s
}

// Evaluation is how good judgements were. N counts the tickets; a rate over nothing is 0. The rates
// of severity are over the tickets whose severity is known, those of type likewise.
type Evaluation struct {
	N        int            `json:"n"`
	Severity SeverityFigure `json:"severity"`
	Type     TypeFigure     `json:"type"`
}

// SeverityFigure is the quality of severities. Confusion counts by truth, then by what was judged.
type SeverityFigure struct {
	N         int     `json:"n"`
	Accuracy  float64 `json:"accuracy"`
	WithinOne float64 `json:"within_one"` // at most one level beside the truth
	// UnderSeverityRate is the share of true SEV-1 that was judged SEV-3 or SEV-4.
	UnderSeverityRate float64 `json:"under_severity_rate"`
	// FalseAlarmRate is the share of true SEV-3 and SEV-4 that was judged SEV-1.
	FalseAlarmRate float64                   `json:"false_alarm_rate"`
	Confusion      map[string]map[string]int `json:"confusion"`
}

// TypeFigure is the quality of types. Confusion counts by truth, then by what was judged.
type TypeFigure struct {
	N         int                       `json:"n"`
	Accuracy  float64                   `json:"accuracy"`
	Confusion map[string]map[string]int `json:"confusion"`
}

// Evaluate sums up.
func Evaluate(all []Scored) Evaluation {
	e := Evaluation{N: len(all)}
	e.Severity.Confusion, e.Type.Confusion = map[string]map[string]int{}, map[string]map[string]int{}
	var exact, near, worst, under, mild, alarms, kinds int
	for _, s := range all {
		if truth, judged := s.Truth.Type, s.Judged.Type; truth != "" {
			e.Type.N++
			kinds += one(truth == judged)
			tally(e.Type.Confusion, string(truth), string(judged))
		}
		truth, judged := s.Truth.Severity, s.Judged.Severity
		if truth == 0 {
			continue
		}
		e.Severity.N++
		tally(e.Severity.Confusion, truth.String(), judged.String())
		exact += one(truth == judged)
		near += one(truth-judged <= 1 && judged-truth <= 1)
		worst += one(truth == SEV1)
		under += one(truth == SEV1 && judged >= SEV3)
		mild += one(truth >= SEV3)
		alarms += one(truth >= SEV3 && judged == SEV1)
	}
	e.Type.Accuracy = share(kinds, e.Type.N)
	e.Severity.Accuracy, e.Severity.WithinOne = share(exact, e.Severity.N), share(near, e.Severity.N)
	e.Severity.UnderSeverityRate, e.Severity.FalseAlarmRate = share(under, worst), share(alarms, mild)
	return e
}

func tally(confusion map[string]map[string]int, truth, judged string) {
	if confusion[truth] == nil {
		confusion[truth] = map[string]int{}
	}
	confusion[truth][judged]++
}

func one(yes bool) int {
	if yes {
		return 1
	}
	return 0
}

// share is n of all, to four digits.
func share(n, all int) float64 {
	if all == 0 {
		return 0
	}
	return math.Round(float64(n)/float64(all)*1e4) / 1e4
}
