package classify

import (
	_ "embed"
	"fmt"
	"slices"

	"github.com/expr-lang/expr/vm"
	"go.yaml.in/yaml/v4"

	"triaged/config"
)

//go:embed default.yaml
var defaultRules []byte

// Rules is a compiled rule set. It is immutable and may be used by many goroutines at once.
type Rules struct {
	rules    []rule
	lexicon  *lexicon
	tests    []test
	testIDs  map[string]int
	patterns []pattern
	byText   map[string]int // pattern by its text
	headers  bool           // some rule looks at headers
	markers  markers
	impacts  impacts
	asked    asked
}

// rule is a compiled config.Rule.
type rule struct {
	name     string
	when     string
	severity Severity // 0: names none
	kind     Type     // empty: names none
	team     string
	damage   int // what it adds to the sums
	trouble  int
	summed   bool // it looks at the sums, so that it is asked when they are complete
	program  *vm.Program
	guard    []int // tests of which at least one must hold; nil: unknown
	evidence []int // tests to quote from when the rule matches
	patterns []int
}

// test is a question about words that is answered once a mail for all rules that ask it.
type test struct {
	concepts []concept
	fields   field
	together bool // all of them in one sentence; otherwise any of them
}

// Defaults are the rules every rule set starts with, as package classify ships them.
func Defaults() ([]config.Rule, error) {
	var list struct {
		Rules []config.Rule `yaml:"rules"`
	}
	if err := yaml.Load(defaultRules, &list, yaml.WithKnownFields()); err != nil {
		return nil, fmt.Errorf("read the default rules: %w", err)
	}
	for i := range list.Rules {
		list.Rules[i].At = config.Position{File: "default.yaml"}
	}
	return list.Rules, nil
}

// Compile makes a rule set of the default rules and the given ones. A given rule with the name of a
// default rule takes its place. Every mistake is reported with its place in the user's file; the
// rules that hold none are compiled all the same, so the rule set can always be used.
func Compile(rules []config.Rule) (*Rules, []config.Problem) {
	defaults, err := Defaults()
	if err != nil {
		return &Rules{}, []config.Problem{{What: err.Error()}}
	}
	lx, err := loadLexicon()
	if err != nil {
		return &Rules{}, []config.Problem{{What: err.Error()}}
	}
	problems := duplicates(rules)
	defaults = slices.DeleteFunc(defaults, func(d config.Rule) bool {
		return slices.ContainsFunc(rules, func(r config.Rule) bool { return r.Name == d.Name })
	})
	r, found := compile(lx, slices.Concat(rules, defaults))
	return r, append(problems, found...)
}

// compile makes a rule set of exactly these rules.
func compile(lx *lexicon, rules []config.Rule) (*Rules, []config.Problem) {
	r := &Rules{lexicon: lx, testIDs: map[string]int{}, byText: map[string]int{}, markers: lx.markers(), impacts: lx.impacts(), asked: lx.asked()}
	var problems []config.Problem
	for _, c := range rules {
		compiled, found := r.rule(c)
		problems = append(problems, found...)
		if compiled != nil {
			r.rules = append(r.rules, *compiled)
		}
	}
	lx.index.finish()
	return r, problems
}

func duplicates(rules []config.Rule) []config.Problem {
	var problems []config.Problem
	first := map[string]config.Position{}
	for _, r := range rules {
		if at, ok := first[r.Name]; ok && r.Name != "" {
			problems = append(problems, config.Problem{
				Position: r.At,
				What:     fmt.Sprintf("rule %q exists already in line %d", clip(r.Name), at.Line),
				Instead:  "give it another name",
			})
			continue
		}
		first[r.Name] = r.At
	}
	return problems
}

// test is the number of a test; the same question is asked once.
func (r *Rules) test(t test) int {
	key := fmt.Sprint(t.concepts, t.fields, t.together)
	id, ok := r.testIDs[key]
	if !ok {
		id = len(r.tests)
		r.testIDs[key], r.tests = id, append(r.tests, t)
	}
	return id
}

// pattern is the number of a regular expression; the same one is compiled once.
func (r *Rules) pattern(s string) (int, error) {
	if id, ok := r.byText[s]; ok {
		return id, nil
	}
	p, err := compilePattern(s)
	if err != nil {
		return 0, err
	}
	id := len(r.patterns)
	r.byText[s], r.patterns = id, append(r.patterns, p)
	return id, nil
}
