package demo

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"triaged/classify"
	"triaged/ingest"
	"triaged/store"
)

// impact is what is known of the damage: from the customer record, and in words of the mail.
func impact(i classify.Impact) string {
	var known []string
	if i.Tier != "" {
		known = append(known, "tier "+i.Tier)
	}
	for _, of := range [][2]string{
		{"users", i.Users},
		{"revenue at risk", i.RevenueAtRisk},
		{"criticality", i.Criticality},
		{"public", i.PublicExposure},
		{"regulatory", i.Regulatory},
		{"deadline", i.Deadline},
		{"since", i.Since},
	} {
		if of[1] != "" {
			known = append(known, fmt.Sprintf("%s %q", of[0], strings.TrimPrefix(of[1], of[0]+" ")))
		}
	}
	return strings.Join(known, ", ")
}

// answered says what a mail of ours is.
func answered(kind string) string {
	switch kind {
	case store.AckMail:
		return "acknowledgement"
	case store.HoldingMail:
		return "update from the record"
	}
	return kind
}

// owed says what an obligation is.
func owed(kind string) string {
	switch kind {
	case store.Respond:
		return "a person's answer"
	case store.Update:
		return "word of how it stands"
	case store.Resolve:
		return "a solution"
	}
	return kind
}

// promised says that an obligation is a promise to the customer.
func promised(kind string) bool {
	return kind == store.Respond || kind == store.Update || kind == store.Resolve
}

// severity is the colour of a severity.
func severity(s classify.Severity) style {
	switch s {
	case classify.SEV1:
		return red
	case classify.SEV2:
		return yellow
	case classify.SEV3:
		return cyan
	}
	return plain
}

func person(a ingest.Address) string {
	if a.Name == "" {
		return a.Addr
	}
	return fmt.Sprintf("%s <%s>", a.Name, a.Addr)
}

// ms is a duration as people compare it.
func ms(d time.Duration) string {
	if d < 10*time.Millisecond {
		return fmt.Sprintf("%.1f ms", float64(d)/float64(time.Millisecond))
	}
	return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
}

// longID is the part of a Message-ID of ours that says nothing to people.
var longID = regexp.MustCompile(`<([^@<>]{6})[^@<>]{10,}@`)

// brief shortens the ids in a reason.
func brief(why string) string { return longID.ReplaceAllString(why, "<$1…@") }
