package config

import (
	"regexp"
	"strings"
	"testing"
)

func TestSampleIsAConfigurationThatWorks(t *testing.T) {
	t.Parallel()
	if _, problems := Parse("sample.yaml", []byte(Sample)); len(problems) > 0 {
		t.Errorf("Parse(Sample): got %v, want no problem", problems)
	}
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
