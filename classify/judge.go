package classify

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/vm"
)

// Bounds of one rule on one mail: what it may build, and steps of regular expressions (bytes read
// times the size of the pattern; some ten nanoseconds each at worst).
const (
	ruleMemory = 20_000
	ruleWork   = 20_000_000
)

// unknown is the severity of a mail that no rule speaks of: the middle, where a wrong guess costs least.
const unknown = SEV3

// Judge returns what the case says: pure, and never without a reason. It reads the subject and the new
// words, no quotes and no signatures. On a thread (c.Thread is set) the verdict is of this message
// alone: whoever applies it raises the thread by it, and never lowers it. There a subject that begins
// with "Re:" is somebody's earlier words and is not read again.
func (r *Rules) Judge(c Case) Verdict {
	subject, text := judged(c)
	m := r.study(c, subject, text)
	v := Verdict{Impact: m.impact, Answered: r.asked.read(m, m.impact)}
	var decided decision
	machine := vm.VM{MemoryBudget: ruleMemory}
	for _, summed := range []bool{false, true} { // those that look at the sums wait until they are complete
		for i := range r.rules {
			rule := &r.rules[i]
			if rule.summed != summed {
				continue
			}
			matched, err := m.matches(&machine, rule)
			switch {
			case err != nil:
				v.Reasons = append(v.Reasons, Reason{Rule: rule.name, Evidence: clip(err.Error()), Effect: "none: the rule was stopped"})
			case matched:
				decided.count(rule)
				m.env.Damage += rule.damage
				m.env.Trouble += rule.trouble
				v.Reasons = append(v.Reasons, Reason{Rule: rule.name, Evidence: m.evidence(rule), Effect: effect(rule)})
			}
		}
	}
	decided.settle(&v)
	return v
}

// judged picks what is read of a message.
func judged(c Case) (subject, text string) {
	subject, text = c.Message.Subject, c.Message.ReplyText
	if c.Thread != nil && answers(subject) {
		subject = ""
	}
	return subject, text
}

// answers says whether a subject is that of a reply, in the languages mail programs speak.
func answers(subject string) bool {
	before, _, found := strings.Cut(subject, ":")
	if !found {
		return false
	}
	switch strings.ToLower(strings.TrimSpace(before)) {
	case "re", "aw", "antw", "antwort", "sv", "rv", "r", "rif", "res", "vs", "odp", "ynt", "回复", "返信":
		return true
	}
	return false
}

// decision collects what the matching rules want.
type decision struct {
	severity           Severity
	kind               Type
	kindBy, teamBy     Severity
	team               string
	kindFound, teamSet bool
}

// count takes one matching rule into account. A rule without severity is the least severe.
func (d *decision) count(r *rule) {
	if r.severity.Worse(d.severity) {
		d.severity = r.severity
	}
	tie := r.severity == d.kindBy && r.kind.tieRank() < d.kind.tieRank()
	if r.kind != "" && (!d.kindFound || r.severity.Worse(d.kindBy) || tie) {
		d.kind, d.kindBy, d.kindFound = r.kind, r.severity, true
	}
	if r.team != "" && (!d.teamSet || r.severity.Worse(d.teamBy)) {
		d.team, d.teamBy, d.teamSet = r.team, r.severity, true
	}
}

// settle writes the decision, and says aloud what is only an assumption.
func (d *decision) settle(v *Verdict) {
	v.Severity, v.Type, v.Team = d.severity, d.kind, d.team
	if v.Severity == 0 {
		v.Severity = unknown
		v.Reasons = append(v.Reasons, Reason{
			Rule: "default", Evidence: "no rule says how bad it is", Effect: "severity " + unknown.String(),
		})
	}
	if v.Type == "" {
		v.Type = Technical
		v.Reasons = append(v.Reasons, Reason{Rule: "default", Evidence: noKind, Effect: "type technical"})
	}
}

// effect says what a matching rule wants.
func effect(r *rule) string {
	var parts []string
	if r.severity != 0 {
		parts = append(parts, "severity "+r.severity.String())
	}
	if r.kind != "" {
		parts = append(parts, "type "+string(r.kind))
	}
	if r.damage != 0 {
		parts = append(parts, fmt.Sprintf("damage %+d", r.damage))
	}
	if r.trouble != 0 {
		parts = append(parts, fmt.Sprintf("trouble %+d", r.trouble))
	}
	if r.team != "" {
		parts = append(parts, "team "+clip(r.team))
	}
	return strings.Join(parts, ", ")
}
