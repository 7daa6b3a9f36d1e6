package classify

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"triaged/ingest"
)

var monday = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// shipped are the default rules; compiled once for all tests, and never changed.
var shipped = sync.OnceValue(func() *Rules {
	r, problems := Compile(nil)
	if len(problems) > 0 {
		panic(fmt.Sprint(problems))
	}
	return r
})

// says is a case of a stranger's first mail.
func said(subject, text string) Case {
	return Case{Message: &ingest.Message{Subject: subject, Text: text, ReplyText: text}, Now: monday}
}

// expected is one mail of testdata and what a support lead expects of it.
type expected struct {
	Subject       string   `yaml:"subject"`
	Mail          string   `yaml:"mail"`
	Lang          string   `yaml:"lang"`
	Severity      Severity `yaml:"severity"`
	NotWorseThan  Severity `yaml:"not_worse_than"`
	NotBetterThan Severity `yaml:"not_better_than"`
	Type          Type     `yaml:"type"`
	Because       string   `yaml:"because"`
}

// disappointments says where a verdict is not what was expected.
func (e expected) disappointments(v Verdict) []string {
	var wrong []string
	if e.Severity != 0 && v.Severity != e.Severity {
		wrong = append(wrong, fmt.Sprintf("severity %v, want %v", v.Severity, e.Severity))
	}
	if e.NotWorseThan != 0 && v.Severity.Worse(e.NotWorseThan) {
		wrong = append(wrong, fmt.Sprintf("severity %v, want at most %v", v.Severity, e.NotWorseThan))
	}
	if e.NotBetterThan != 0 && e.NotBetterThan.Worse(v.Severity) {
		wrong = append(wrong, fmt.Sprintf("severity %v, want at least %v", v.Severity, e.NotBetterThan))
	}
	if e.Type != "" && v.Type != e.Type {
		wrong = append(wrong, fmt.Sprintf("type %v, want %v", v.Type, e.Type))
	}
	if e.Because != "" && !slices.ContainsFunc(v.Reasons, func(r Reason) bool { return r.Rule == e.Because }) {
		wrong = append(wrong, fmt.Sprintf("rule %q did not match", e.Because))
	}
	return wrong
}

func TestDefaultRulesJudgeAsASupportLeadExpects(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no mails in testdata:", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var mails []expected
		if err := yaml.Load(text, &mails, yaml.WithKnownFields()); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, m := range mails {
			c := said(m.Subject, m.Mail)
			c.Message.Language = m.Lang
			v := shipped().Judge(c)
			if wrong := m.disappointments(v); len(wrong) > 0 {
				t.Errorf("%s: Judge(%q, %q): %s\n%s", file, m.Subject, strings.TrimSpace(m.Mail), strings.Join(wrong, "; "), reasonsOf(v))
			}
		}
	}
}

// reasonsOf prints reasons for a failing test.
func reasonsOf(v Verdict) string {
	var b strings.Builder
	for _, r := range v.Reasons {
		fmt.Fprintf(&b, "    %s | %s | %s\n", r.Rule, r.Evidence, r.Effect)
	}
	return b.String()
}
