package learned

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"triaged/classify"
)

// Sample is a mail, what the rules say of it, and what a person said. A zero severity or an empty type is not known.
type Sample struct {
	Case     classify.Case
	Rules    classify.Verdict
	At       time.Time
	Severity classify.Severity
	Type     classify.Type
}

// What training needs: samples in all, of a class, and among those held back.
const (
	leastSamples = 60
	leastOfClass = 5
	heldBack     = 5 // one in so many, the newest
)

// ErrTooFew is wrapped by Train where there is too little to learn from.
var ErrTooFew = errors.New("too few samples")

// Report is how rules alone and rules with the opinion judge the samples that were held back.
type Report struct {
	HeldBack int                 `json:"held_back"`
	Rules    classify.Evaluation `json:"rules"`
	Together classify.Evaluation `json:"together"`
	// Raised counts the severities that it raised, Named the types that it named.
	Raised int `json:"raised"`
	Named  int `json:"named"`
	// Better counts the judgements, of severity or type, that it made right; Worse those that were right without it.
	Better int `json:"better"`
	Worse  int `json:"worse"`
}

// Proven says that the opinion has made the judgement of held-back mail better, with the reason. So that luck does not pass for it, the
// judgements made right must outnumber those made wrong by more than 19 in 20 coin tosses would (a sign test); and there may be no more
// false alarms at night unless a SEV-1 more is found.
func (r Report) Proven() (bool, string) {
	changed, gain := r.Better+r.Worse, r.Better-r.Worse
	alarms := r.Together.Severity.FalseAlarmRate - r.Rules.Severity.FalseAlarmRate
	missed := r.Rules.Severity.UnderSeverityRate - r.Together.Severity.UnderSeverityRate
	switch {
	case changed == 0:
		return false, "it makes no judgement of what was held back right or wrong"
	case float64(gain) < 1.645*math.Sqrt(float64(changed)):
		return false, fmt.Sprintf("it makes %d judgements of what was held back right and %d wrong, which may be luck", r.Better, r.Worse)
	case alarms > 0 && missed <= 0:
		return false, "with it there are more false alarms, and no SEV-1 more is found"
	}
	return true, fmt.Sprintf("it makes %d judgements of what was held back right and %d wrong", r.Better, r.Worse)
}

// Train learns from samples and tries itself on the newest fifth, which it learns from only after the Report was made. The error wraps
// ErrTooFew and says what is missing.
func Train(samples []Sample, now time.Time) (*Opinions, error) {
	samples = slices.Clone(samples)
	slices.SortStableFunc(samples, func(a, b Sample) int { return a.At.Compare(b.At) })
	if len(samples) < leastSamples {
		return nil, fmt.Errorf("%w: %d mails with a severity or type that a person set, and %d are needed", ErrTooFew, len(samples), leastSamples)
	}
	cut := len(samples) - len(samples)/heldBack
	tried, err := learn(samples[:cut], now)
	if err != nil {
		return nil, err
	}
	report := tried.try(samples[cut:])
	all, err := learn(samples, now)
	if err != nil {
		return nil, err
	}
	all.Report = report
	return all, nil
}

// learn fits what there are enough samples for.
func learn(samples []Sample, now time.Time) (*Opinions, error) {
	o := &Opinions{Version: version, TrainedAt: now, Samples: len(samples)}
	var severities, types []string
	for s := classify.SEV1; s <= classify.SEV4; s++ {
		severities = append(severities, s.String())
	}
	for _, t := range classify.Types() {
		types = append(types, string(t))
	}
	o.Severity = question(severities, samples, func(s Sample) string {
		if s.Severity == 0 {
			return ""
		}
		return s.Severity.String()
	})
	o.Type = question(types, samples, func(s Sample) string { return string(s.Type) })
	if o.Severity == nil && o.Type == nil {
		return nil, fmt.Errorf("%w: for neither severity nor type two classes have %d mails each", ErrTooFew, leastOfClass)
	}
	return o, nil
}

// question fits one classifier; nil where fewer than two classes have enough samples.
func question(classes []string, samples []Sample, truth func(Sample) string) *Weights {
	var examples []example
	count := make([]int, len(classes))
	for _, s := range samples {
		if at := slices.Index(classes, truth(s)); at >= 0 {
			subject, text := s.Case.Words()
			examples = append(examples, example{features: featuresOf(subject, text, s.Rules), class: at})
			count[at]++
		}
	}
	enough := 0
	for _, n := range count {
		if n >= leastOfClass {
			enough++
		}
	}
	if enough < 2 || len(examples) < leastSamples/2 {
		return nil
	}
	w := calibrated(classes, examples)
	return &w
}

// try judges samples that were not learned from.
func (o *Opinions) try(samples []Sample) Report {
	r := Report{HeldBack: len(samples)}
	var alone, together []classify.Scored
	for _, s := range samples {
		v := Weigh(s.Rules, o.Judge(s.Case, s.Rules))
		truth := classify.Ticket{Severity: s.Severity, Type: s.Type}
		alone, together = append(alone, classify.Score(truth, s.Rules)), append(together, classify.Score(truth, v))
		if s.Severity != 0 {
			r.count(&r.Raised, s.Rules.Severity == s.Severity, v.Severity == s.Severity, v.Severity != s.Rules.Severity)
		}
		if s.Type != "" {
			r.count(&r.Named, s.Rules.Type == s.Type, v.Type == s.Type, v.Type != s.Rules.Type)
		}
	}
	r.Rules, r.Together = classify.Evaluate(alone), classify.Evaluate(together)
	return r
}

// count notes one judgement: was it right, is it right, was it changed.
func (r *Report) count(changes *int, was, is, changed bool) {
	switch {
	case !changed:
		return
	case is && !was:
		r.Better++
	case was && !is:
		r.Worse++
	}
	*changes++
}
