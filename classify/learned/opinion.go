package learned

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"triaged/classify"
)

// How sure it must be, as calibrated, and of how much of a mail it must have heard before.
const (
	raiseAt   = 0.65
	suggestAt = 0.5
	leastSeen = 0.3 // of the words
)

// Opinions is what was learned.
type Opinions struct {
	Version   int       `json:"version"`
	TrainedAt time.Time `json:"trained_at"`
	Samples   int       `json:"samples"`
	Severity  *Weights  `json:"severity,omitempty"` // nil: too few samples to learn it
	Type      *Weights  `json:"type,omitempty"`
	Report    Report    `json:"report"`
}

// Opinion is what it says of one mail. A zero severity or an empty type is no opinion.
type Opinion struct {
	Severity classify.Severity
	Sure     float64 // that it is at least as bad
	Type     classify.Type
	TypeSure float64
	Words    []string // of the mail, what weighed most for the severity
}

// Judge says how bad a mail is and of what type, or nothing where it knows too few of its words. v is what the rules say.
func (o *Opinions) Judge(c classify.Case, v classify.Verdict) (said Opinion) {
	subject, text := c.Words()
	features := featuresOf(subject, text, v)
	if o.Severity != nil && o.Severity.knows(features) {
		chances := o.Severity.chances(features)
		sure := 0.0
		for i, name := range o.Severity.Classes { // from the worst on: the worst that it is sure enough of
			s, err := classify.ParseSeverity(name)
			if sure += chances[i]; err == nil && sure >= raiseAt {
				said.Severity, said.Sure, said.Words = s, sure, o.Severity.words(features, i)
				break
			}
		}
	}
	if o.Type != nil && o.Type.knows(features) {
		chances := o.Type.chances(features)
		top := slices.Index(chances, slices.Max(chances))
		if t, err := classify.ParseType(o.Type.Classes[top]); err == nil && chances[top] >= suggestAt {
			said.Type, said.TypeSure = t, chances[top]
		}
	}
	return said
}

// knows says that enough of a mail's words were in the samples.
func (w Weights) knows(features []feature) bool {
	words, known := 0, 0
	for _, f := range features {
		if f.name == "" || strings.Contains(f.name, " ") {
			continue
		}
		words++
		if slices.ContainsFunc(w.By, func(by map[uint32]float32) bool { return by[f.at] != 0 }) {
			known++
		}
	}
	return words > 0 && float64(known) >= leastSeen*float64(words)
}

// words are the three of a mail that weigh most for a class.
func (w Weights) words(features []feature, class int) (words []string) {
	named := slices.DeleteFunc(slices.Clone(features), func(f feature) bool { return f.name == "" || float64(w.By[class][f.at])*f.value <= 0 })
	slices.SortStableFunc(named, func(a, b feature) int {
		x, y := float64(w.By[class][a.at])*a.value, float64(w.By[class][b.at])*b.value
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	for _, f := range named[:min(3, len(named))] {
		words = append(words, f.name)
	}
	return words
}

// voice is the name of its reasons.
const voice = "learned"

// Weigh is all that an opinion may do: raise, name a type where no rule had a reason for one; otherwise it is a hint, or nothing.
// What persons have set is not asked about: they have the last word, and rules judge before them.
func Weigh(rules classify.Verdict, o Opinion) classify.Verdict {
	v := rules
	v.Reasons = slices.Clone(rules.Reasons)
	say := func(evidence, effect string) {
		v.Reasons = append(v.Reasons, classify.Reason{Rule: voice, Evidence: evidence, Effect: effect})
	}
	if o.Severity != 0 && o.Severity.Worse(v.Severity) {
		heard := fmt.Sprintf("%.0f %% of what was like it was %v or worse, by the words %s", 100*o.Sure, o.Severity, quoted(o.Words))
		say(heard, fmt.Sprintf("severity %v, raised from %v", o.Severity, v.Severity))
		v.Severity = o.Severity
	}
	if o.Type != "" && o.Type != v.Type {
		heard := fmt.Sprintf("%.0f %% of what was like it was %s", 100*o.TypeSure, o.Type)
		if rules.TypeAssumed() {
			say(heard, "type "+string(o.Type))
			v.Type = o.Type
		} else {
			say(heard, "hint: type "+string(o.Type))
		}
	}
	return v
}

func quoted(words []string) string {
	if len(words) == 0 {
		return "that it has in common with them"
	}
	return "“" + strings.Join(words, "”, “") + "”"
}
