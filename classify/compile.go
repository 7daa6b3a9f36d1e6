package classify

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/expr-lang/expr"
	"github.com/expr-lang/expr/ast"
	exprcheck "github.com/expr-lang/expr/checker"
	"github.com/expr-lang/expr/compiler"
	"github.com/expr-lang/expr/conf"
	"github.com/expr-lang/expr/file"
	"github.com/expr-lang/expr/optimizer"
	"github.com/expr-lang/expr/parser"

	"triaged/config"
)

// Limits of one rule.
const (
	maxNodes = 500      // nodes of its syntax tree
	maxWhen  = 16 << 10 // bytes of its condition
)

// rule compiles one rule; nil when it holds a mistake.
func (r *Rules) rule(c config.Rule) (*rule, []config.Problem) {
	var problems []config.Problem
	wrong := func(what, instead string) {
		problems = append(problems, config.Problem{Position: c.At, What: what, Instead: instead})
	}
	out := rule{name: clip(c.Name), when: c.When, team: c.Team, damage: c.Damage, trouble: c.Trouble}
	if strings.TrimSpace(c.Name) == "" {
		wrong("a rule has no name", "give it one: it stands in every reason")
	}
	if c.Severity == "" && c.Type == "" && c.Team == "" && c.Damage == 0 && c.Trouble == 0 {
		wrong(fmt.Sprintf("rule %q says nothing", clip(c.Name)), "give it a severity, a type, a team, damage or trouble")
	}
	var err error
	if c.Severity != "" {
		if out.severity, err = ParseSeverity(c.Severity); err != nil {
			wrong(fmt.Sprintf("rule %q: unknown severity %q", clip(c.Name), clip(c.Severity)), "write SEV-1, SEV-2, SEV-3 or SEV-4")
		}
	}
	if c.Type != "" {
		if out.kind, err = ParseType(c.Type); err != nil {
			wrong(fmt.Sprintf("rule %q: unknown type %q", clip(c.Name), clip(c.Type)), "write technical, service, business, security or compliance")
		}
	}
	if strings.TrimSpace(c.When) == "" {
		wrong(fmt.Sprintf("rule %q has no condition", clip(c.Name)), `give it one, such as when: subject contains "invoice"`)
	} else {
		problems = append(problems, r.condition(&out, c)...)
	}
	if out.summed && (out.damage != 0 || out.trouble != 0) {
		wrong(fmt.Sprintf("rule %q adds to the sums that it looks at", clip(c.Name)), "write two rules: one that adds, one that decides")
	}
	if len(problems) > 0 {
		return nil, problems
	}
	return &out, nil
}

// condition compiles when.
func (r *Rules) condition(out *rule, c config.Rule) []config.Problem {
	at := func(l file.Location) config.Position { return place(c, l.From) }
	if len(c.When) > maxWhen {
		return []config.Problem{{Position: c.At, What: fmt.Sprintf("the condition has %d bytes, %d are allowed", len(c.When), maxWhen), Instead: "write several rules"}}
	}
	settings := r.settings()
	tree, err := parser.ParseWithConfig(c.When, settings)
	if err != nil {
		return []config.Problem{fromExpr(c, err)}
	}
	_, _ = exprcheck.Check(tree, settings) // types for our walk; what is wrong is reported below
	check := &checker{rules: r, denied: map[int]bool{}}
	check.walk(&tree.Node, false)
	var problems []config.Problem
	for _, m := range check.mistakes {
		problems = append(problems, config.Problem{Position: at(m.at), What: m.what, Instead: m.instead})
	}
	if len(problems) > 0 {
		return problems
	}
	if _, err := exprcheck.Check(tree, settings); err != nil {
		return []config.Problem{fromExpr(c, err)}
	}
	out.guard = guard(tree.Node)
	if err := optimizer.Optimize(&tree.Node, settings); err != nil {
		return []config.Problem{fromExpr(c, err)}
	}
	if out.program, err = compiler.Compile(tree, settings); err != nil {
		return []config.Problem{fromExpr(c, err)}
	}
	for _, id := range check.tests {
		if !check.denied[id] {
			out.evidence = append(out.evidence, id)
		}
	}
	out.patterns, r.headers, out.summed = check.patterns, r.headers || check.headers, check.sums
	return nil
}

// settings say what the expressions of rules may use.
func (r *Rules) settings() *conf.Config {
	replaced := func(...any) (any, error) { return nil, errors.New("has been replaced") }
	s := conf.CreateNew()
	for _, option := range []expr.Option{
		expr.Env(variables{}), expr.AsBool(), expr.MaxNodes(maxNodes),
		expr.Function("says", replaced, new(func(...string) bool)),
		expr.Function("together", replaced, new(func(...string) bool)),
		expr.Function("states", replaced, new(func(...string) bool)),
		expr.Function("mentions", replaced, new(func(string, ...string) bool)),
		expr.Function("matches_", matchPattern, new(func(string, int, *run) bool)),
		expr.DisableAllBuiltins(),
	} {
		option(s)
	}
	for _, name := range allowed {
		expr.EnableBuiltin(name)(s)
	}
	for name := range s.Disabled {
		delete(s.Builtins, name)
	}
	s.Check()
	return s
}

// guard finds tests of which at least one holds whenever the condition does, so that most rules need
// not run for most mails; nil where there are none.
func guard(n ast.Node) []int {
	switch x := n.(type) {
	case *ast.MemberNode:
		if id, ok := x.Node.(*ast.IdentifierNode); ok && id.Value == "seen_" {
			return []int{x.Property.(*ast.IntegerNode).Value}
		}
	case *ast.BinaryNode:
		left, right := guard(x.Left), guard(x.Right)
		switch x.Operator {
		case "and", "&&":
			if left == nil || right != nil && len(right) < len(left) {
				return right
			}
			return left
		case "or", "||":
			if left != nil && right != nil {
				return slices.Concat(left, right)
			}
		}
	}
	return nil
}

// place is where the rune at offset of a condition stands in the user's file.
func place(c config.Rule, offset int) config.Position {
	at := c.At
	if at.Line == 0 {
		return at
	}
	line, col := 0, 0
	for _, r := range []rune(c.When)[:min(offset, len([]rune(c.When)))] {
		if col++; r == '\n' {
			line, col = line+1, 0
		}
	}
	at.Line += line
	at.Col += col
	return at
}

// fromExpr words a complaint of the expression compiler.
func fromExpr(c config.Rule, err error) config.Problem {
	p := config.Problem{Position: c.At, What: err.Error()}
	var e *file.Error
	if errors.As(err, &e) {
		p.Position, p.What = place(c, e.From), e.Message
	}
	p.What, p.Instead = remedy(p.What)
	p.What = fmt.Sprintf("rule %q: %s", clip(c.Name), p.What)
	return p
}
