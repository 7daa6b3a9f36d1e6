package outbound

import (
	"fmt"
	"time"

	"triaged/classify"
	"triaged/config"
	"triaged/config/calendar"
)

// Policy is what the configuration promises, ready to be counted.
type Policy struct {
	AckWithin time.Duration
	Steps     []config.EscalationStep // whom a missed promise climbs to, in order
	Silence   config.Silence
	promises  [4]Promise
	Location  *time.Location
}

// Promise is what one severity promises, on its calendar.
type Promise struct {
	FirstResponse config.Span
	ResolveWithin config.Span
	UpdateEvery   config.Span   // zero: on change
	NudgeBefore   time.Duration // how long before an update its owner is asked for it
	BriefEvery    config.Span   // zero: never
	Inform        []string      // who is kept informed, groups of the configuration
	Calendar      *calendar.Calendar
	CalendarName  string
}

// NewPolicy resolves the calendars that the configuration names.
func NewPolicy(c *config.Config) (Policy, error) {
	named, err := calendar.Named(c)
	if err != nil {
		return Policy{}, err
	}
	loc, err := time.LoadLocation(string(c.Timezone))
	if err != nil {
		return Policy{}, fmt.Errorf("load timezone: %w", err)
	}
	p := Policy{AckWithin: c.Ack.Within.D(), Steps: c.Escalation.Steps, Silence: c.Silence, Location: loc}
	for s := classify.SEV1; s <= classify.SEV4; s++ {
		of := c.Policy.Of(int(s))
		cal, ok := named[of.Calendar]
		if !ok {
			return Policy{}, fmt.Errorf("policy.%s names the calendar %q, which is not defined", s, of.Calendar)
		}
		p.promises[s-1] = Promise{FirstResponse: of.FirstResponse, ResolveWithin: of.ResolveWithin, UpdateEvery: of.UpdateEvery, NudgeBefore: of.NudgeBefore.D(), BriefEvery: of.BriefEvery, Inform: of.Inform, Calendar: cal, CalendarName: of.Calendar}
	}
	return p, nil
}

// Of is the promise of a severity; an unjudged thread is treated as the mildest.
func (p Policy) Of(s classify.Severity) Promise {
	if s < classify.SEV1 || s > classify.SEV4 {
		s = classify.SEV4
	}
	return p.promises[s-1]
}
