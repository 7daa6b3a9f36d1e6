package classify

import (
	"fmt"
	"strings"
	"testing"

	"triaged/config"
)

// usual is a mail of usual length: some 250 words.
var usual = strings.Repeat("Hello, since this morning about 40 of our users report that the order page loads slowly and sometimes ends with an error. "+
	"We tried another browser and asked our network team; the VPN is fine. In the meantime they write the orders on paper. "+
	"Could you please have a look? The customer number is 4711 and our office is open until six.\n", 4)

func benchmarkJudge(b *testing.B, rules []config.Rule) {
	r, problems := Compile(rules)
	if len(problems) > 0 {
		b.Fatal(problems)
	}
	c := said("order page slow", usual)
	b.ReportAllocs()
	for b.Loop() {
		r.Judge(c)
	}
}

func BenchmarkJudgeWithDefaultRules(b *testing.B) { benchmarkJudge(b, nil) }

// BenchmarkJudgeWith500Rules uses the kinds of rule that people write, none of which may be skipped
// because it is alike another.
func BenchmarkJudgeWith500Rules(b *testing.B) {
	var rules []config.Rule
	for i := range 470 {
		when := []string{
			fmt.Sprintf(`from_domain == "customer%d.example" and customer.tier == "gold"`, i),
			fmt.Sprintf(`mentions(text, "product%d", "module %d ... broken") and impact.user_count > %d`, i, i, i),
			fmt.Sprintf(`subject contains "project %d" or text contains "project %d"`, i, i),
			fmt.Sprintf(`subject matches "(?i)\\[case-%d-[0-9]+\\]"`, i),
			fmt.Sprintf(`states("machine%d ... stopped") and not says("workaround", "calm")`, i),
		}[i%5]
		rules = append(rules, config.Rule{Name: fmt.Sprint("rule ", i), When: when, Severity: "SEV-2", At: at})
	}
	benchmarkJudge(b, rules)
}

func BenchmarkCompileDefaultRules(b *testing.B) {
	for b.Loop() {
		if _, problems := Compile(nil); len(problems) > 0 {
			b.Fatal(problems)
		}
	}
}
