package llm

import (
	"fmt"
	"maps"
	"slices"

	"triaged/classify"
)

// How sure a model must be of itself.
const (
	raiseAt   = 0.6 // to raise a severity
	suggestAt = 0.5 // to name a type where no rule did, or a language, or to fill in what is not known
)

// Persons says what of a verdict a person decided: an opinion on that is a hint.
type Persons struct{ Severity, Type bool }

// Weigh is all that an opinion may do. It may raise the severity; never lower it, and never against a
// person's decision: then it is a hint. It may name the type where no rule had a reason for
// one, and fill in what the rules did not find of the damage, in words of the mail. Team, recipients,
// state and whatever is sent are out of its reach. The verdict that comes back has the reasons of rules and
// those of the model, which also come back alone; there is always one. rules is not changed.
func Weigh(rules classify.Verdict, o Opinion, by Persons) (classify.Verdict, []classify.Reason) {
	v := rules
	var reasons []classify.Reason
	say := func(evidence, effect string) {
		reasons = append(reasons, classify.Reason{Rule: "model " + o.Model, Evidence: evidence, Effect: effect})
	}
	heard := fmt.Sprintf("%q (%.0f %% sure, prompt %s)", o.Summary, 100*o.Confidence, o.Prompt)
	valid := o.Severity >= classify.SEV1 && o.Severity <= classify.SEV4
	switch {
	case !valid || !o.Severity.Worse(v.Severity):
		say(heard, fmt.Sprintf("none: severity stays %v, the model says %v", v.Severity, o.Severity))
	case by.Severity:
		say(heard, fmt.Sprintf("hint: the model says %v; a person set %v", o.Severity, v.Severity))
	case !(o.Confidence >= raiseAt):
		say(heard, fmt.Sprintf("hint: the model says %v, and is not sure enough to raise it", o.Severity))
	default:
		say(heard, fmt.Sprintf("severity %v, raised from %v", o.Severity, v.Severity))
		v.Severity = o.Severity
	}
	if slices.Contains(classify.Types(), o.Type) && o.Type != v.Type {
		switch {
		case by.Type || !rules.TypeAssumed() || !(o.Confidence >= suggestAt):
			say("its reading of the mail", fmt.Sprintf("hint: the model says type %s", o.Type))
		default:
			say("no rule says what kind it is", "type "+string(o.Type))
			v.Type = o.Type
		}
	}
	if o.Confidence >= suggestAt {
		v.Answered = slices.Clone(v.Answered)
		for _, filled := range fill(&v.Impact, o.Answers) {
			say(filled[1], "impact "+filled[0])
			if q := answers[filled[0]]; q != "" && !slices.Contains(v.Answered, q) {
				v.Answered = append(v.Answered, q)
			}
		}
	}
	v.Reasons = slices.Concat(rules.Reasons, reasons)
	return v, reasons
}

// answers are the triage questions that need not be asked once something is known.
var answers = map[string]string{
	"since": classify.AskSince, "users": classify.AskWho, "workaround": classify.AskWorkaround,
	"public_exposure": classify.AskImpact, "revenue_at_risk": classify.AskImpact,
}

// fill puts answers where nothing is known, and says which.
func fill(i *classify.Impact, a Answers) (filled [][2]string) {
	known := map[string]*string{
		"users": &i.Users, "since": &i.Since, "workaround": &i.Workaround, "deadline": &i.Deadline,
		"revenue_at_risk": &i.RevenueAtRisk, "public_exposure": &i.PublicExposure, "regulatory": &i.Regulatory,
	}
	given := a.all()
	for _, name := range slices.Sorted(maps.Keys(known)) {
		if words := *given[name]; *known[name] == "" && words != "" {
			*known[name] = words
			filled = append(filled, [2]string{name, fmt.Sprintf("%q", words)})
		}
	}
	return filled
}

// LanguageOr is the language to write in where the mail's own is not known: the model's, if it is sure.
func (o Opinion) LanguageOr(known string) string {
	if known == "" && o.Confidence >= suggestAt && slices.Contains(languages, o.Language) && o.Language != "other" {
		return o.Language
	}
	return known
}
