package config

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestSampleIsAConfigurationThatWorks(t *testing.T) {
	t.Parallel()
	_, problems := Parse("sample.yaml", []byte(Sample))
	if problems = besideAdvice(problems); len(problems) > 0 {
		t.Errorf("Parse(Sample): got %v, want no problem", problems)
	}
}

// besideAdvice leaves out the one thing that only the reader of the sample can know: how their server
// signs its Authentication-Results.
func besideAdvice(problems []Problem) []Problem {
	return slices.DeleteFunc(problems, func(p Problem) bool { return p.Warning && strings.HasSuffix(p.What, byTokenAlone) })
}

// uncommented is the sample with every key in it set.
func uncommented() string { return regexp.MustCompile(`(?m)^# `).ReplaceAllString(Sample, "") }

func TestSampleWorksWithEveryLineUncommented(t *testing.T) {
	t.Parallel()
	_, problems := Parse("sample.yaml", []byte(uncommented()))
	for _, p := range problems {
		if !p.Warning || !strings.HasSuffix(p.What, notYet) {
			t.Errorf("Parse(uncommented Sample): got %v, want at most keys %q", p, notYet)
		}
	}
}
