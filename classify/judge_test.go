package classify

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"triaged/config"
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

// testsIn reads the tests of a file of rules.
func testsIn(t *testing.T, file string) []config.RuleTest {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list struct {
		Tests []config.RuleTest `yaml:"tests"`
	}
	if err := yaml.Load(text, &list, yaml.WithKnownFields()); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	for i := range list.Tests {
		list.Tests[i].At = config.Position{File: file}
	}
	return list.Tests
}

func stranger(string) config.Customer { return config.Customer{} }

func TestDefaultRulesJudgeAsASupportLeadExpects(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "*.yaml"))
	if err != nil || len(files) == 0 {
		t.Fatal("no mails in testdata:", err)
	}
	for _, file := range files {
		for _, p := range shipped().Check(testsIn(t, file), stranger, monday) {
			t.Error(p.Error())
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
