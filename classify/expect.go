package classify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"triaged/config"
	"triaged/ingest"
)

// Check judges the mails of tests at now and reports where the verdict is not the one expected, with
// the reasons that led there. customer looks up who writes from an address.
func (r *Rules) Check(tests []config.RuleTest, customer func(address string) config.Customer, now time.Time) []config.Problem {
	var problems []config.Problem
	for _, t := range tests {
		v := r.Judge(Case{Message: testMail(t), Mailbox: t.Mailbox, Customer: customer(t.From), Now: now})
		if wrong := disappointments(t, v); len(wrong) > 0 {
			name := t.Name
			if name == "" {
				name = t.Subject
			}
			problems = append(problems, config.Problem{
				Position: t.At,
				What:     fmt.Sprintf("test %q: %s, because of %s", clip(name), strings.Join(wrong, ", "), inShort(v.Reasons)),
				Instead:  "mend the rule or the test",
			})
		}
	}
	return problems
}

// testMail is the mail of a test. Its text is what a person would have written: it is not searched for
// quotes and signatures.
func testMail(t config.RuleTest) *ingest.Message {
	lang := t.Lang
	if lang == "" {
		lang = Ticket{Subject: t.Subject, Body: t.Mail}.Message().Language
	}
	return &ingest.Message{
		Subject: t.Subject, Text: t.Mail, ReplyText: t.Mail, Language: lang, From: ingest.Address{Addr: t.From}, Kind: ingest.Human,
	}
}

// disappointments says where a verdict is not what a test expects.
func disappointments(t config.RuleTest, v Verdict) []string {
	var wrong []string
	is := func(what, got, want string) {
		if want != "" && got != want {
			wrong = append(wrong, fmt.Sprintf("%s is %s, want %s", what, got, want))
		}
	}
	is("severity", v.Severity.String(), t.Severity)
	if most, err := ParseSeverity(t.NotWorseThan); err == nil && v.Severity.Worse(most) {
		wrong = append(wrong, fmt.Sprintf("severity is %v, want at most %v", v.Severity, most))
	}
	if least, err := ParseSeverity(t.NotBetterThan); err == nil && least.Worse(v.Severity) {
		wrong = append(wrong, fmt.Sprintf("severity is %v, want at least %v", v.Severity, least))
	}
	is("type", string(v.Type), t.Type)
	is("team", v.Team, t.Team)
	for _, name := range t.Reasons {
		if !slices.ContainsFunc(v.Reasons, func(r Reason) bool { return r.Rule == name }) {
			wrong = append(wrong, fmt.Sprintf("rule %q did not match", clip(name)))
		}
	}
	return wrong
}

// inShort tells reasons in one line.
func inShort(reasons []Reason) string {
	var parts []string
	for _, r := range reasons {
		parts = append(parts, fmt.Sprintf("%s (%s: %s)", r.Rule, r.Evidence, r.Effect))
	}
	return strings.Join(parts, "; ")
}
