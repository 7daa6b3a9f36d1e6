package classify

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
)

// maxPattern is the longest regular expression, in bytes.
const maxPattern = 4 << 10

// mistake is something wrong at a place of an expression.
type mistake struct {
	at            file.Location
	what, instead string
}

// checker walks the syntax tree of one rule: it refuses what could not be bounded and puts lookups
// in place of what can be known from one reading of the mail.
type checker struct {
	rules    *Rules
	tests    []int // of this rule, in order of appearance
	denied   map[int]bool
	patterns []int
	headers  bool
	mistakes []mistake
	depth    int
}

// walk visits the tree from the top, so that it knows what a node stands in.
func (c *checker) walk(n *ast.Node, under bool) {
	switch x := (*n).(type) {
	case *ast.IdentifierNode:
		c.identifier(x)
	case *ast.BinaryNode:
		c.walk(&x.Left, under)
		if x.Operator == "matches" {
			c.matches(n, x)
			return
		}
		c.walk(&x.Right, under)
		c.plus(x)
	case *ast.UnaryNode:
		c.walk(&x.Node, under != (x.Operator == "not" || x.Operator == "!"))
	case *ast.CallNode:
		c.call(n, x, under)
	case *ast.BuiltinNode:
		c.each(x.Arguments, under)
	case *ast.PredicateNode:
		if c.depth++; c.depth > 1 {
			c.wrong(x, "a condition on a list stands inside another one", "write two rules, or look at one list only")
		}
		c.walk(&x.Node, under)
		c.depth--
	case *ast.MemberNode:
		c.member(x, under)
	default:
		c.children(*n, under)
	}
}

// children walks the kinds of node that need no care of their own.
func (c *checker) children(n ast.Node, under bool) {
	switch x := n.(type) {
	case *ast.ChainNode:
		c.walk(&x.Node, under)
	case *ast.SliceNode:
		c.walk(&x.Node, under)
		if x.From != nil {
			c.walk(&x.From, under)
		}
		if x.To != nil {
			c.walk(&x.To, under)
		}
	case *ast.VariableDeclaratorNode:
		c.walk(&x.Value, under)
		c.walk(&x.Expr, under)
	case *ast.SequenceNode:
		c.each(x.Nodes, under)
	case *ast.ConditionalNode:
		c.walk(&x.Cond, under)
		c.walk(&x.Exp1, under)
		c.walk(&x.Exp2, under)
	case *ast.ArrayNode:
		c.each(x.Nodes, under)
	case *ast.MapNode:
		c.each(x.Pairs, under)
	case *ast.PairNode:
		c.walk(&x.Key, under)
		c.walk(&x.Value, under)
	}
}

func (c *checker) each(nodes []ast.Node, under bool) {
	for i := range nodes {
		c.walk(&nodes[i], under)
	}
}

func (c *checker) wrong(n ast.Node, what, instead string) {
	c.mistakes = append(c.mistakes, mistake{n.Location(), what, instead})
}

// identifier refuses the names that are ours: what would show the machinery.
func (c *checker) identifier(x *ast.IdentifierNode) {
	if x.Value == "headers" {
		c.headers = true
	}
	if strings.HasSuffix(x.Value, "_") || strings.HasPrefix(x.Value, "$") {
		c.wrong(x, fmt.Sprintf("unknown name %s", x.Value), "write one of "+strings.Join(variableNames, ", "))
	}
}

// member makes headers["X-Priority"] find the header whatever its case.
func (c *checker) member(x *ast.MemberNode, under bool) {
	c.walk(&x.Node, under)
	name, isName := x.Property.(*ast.StringNode)
	if id, ok := x.Node.(*ast.IdentifierNode); ok && isName && id.Value == "headers" {
		name.Value = strings.ToLower(name.Value)
		return
	}
	c.walk(&x.Property, under)
}

// plus refuses to join texts: doubling a text sixty times is a short expression.
func (c *checker) plus(x *ast.BinaryNode) {
	if x.Operator == "+" && (texts(x.Left) || texts(x.Right)) {
		c.wrong(x, "two texts are joined with +", "test each of them, with or between")
	}
}

// texts says whether a node may be a text; what is not known may be.
func texts(n ast.Node) bool {
	switch n.(type) {
	case *ast.IntegerNode, *ast.FloatNode:
		return false
	}
	t := n.Type()
	if t == nil {
		return true
	}
	switch t.Kind().String() {
	case "int", "int64", "float64", "struct":
		return false
	}
	return true
}

// matches takes a constant pattern only, compiles it once and counts its cost.
func (c *checker) matches(n *ast.Node, x *ast.BinaryNode) {
	pattern, ok := x.Right.(*ast.StringNode)
	if !ok {
		c.wrong(x.Right, "the pattern of matches is not a constant", `write it between quotes, such as subject matches "(?i)ticket [0-9]+"`)
		return
	}
	id, err := c.rules.pattern(pattern.Value)
	if err != nil {
		c.wrong(pattern, err.Error(), "write a shorter pattern in RE2 syntax, or several rules")
		return
	}
	c.patterns = append(c.patterns, id)
	ast.Patch(n, &ast.CallNode{
		Callee:    &ast.IdentifierNode{Value: "matches_"},
		Arguments: []ast.Node{x.Left, &ast.IntegerNode{Value: id}, &ast.IdentifierNode{Value: "run_"}},
	})
}

// call puts a lookup in place of says, states, mentions and together.
func (c *checker) call(n *ast.Node, x *ast.CallNode, under bool) {
	callee, ok := x.Callee.(*ast.IdentifierNode)
	if !ok {
		c.walk(&x.Callee, under)
		c.each(x.Arguments, under)
		return
	}
	var id int
	var err error
	switch callee.Value {
	case "says", "together":
		id, err = c.spoken(callee.Value, x.Arguments)
	case "states":
		id, err = c.literal(x.Arguments, inSubject|inText, fact)
	case "mentions":
		id, err = c.mentions(x)
	default:
		c.identifier(callee)
		c.each(x.Arguments, under)
		return
	}
	if err != nil {
		what, instead, _ := strings.Cut(err.Error(), "; ")
		c.mistakes = append(c.mistakes, mistake{x.Location(), what, instead})
		return
	}
	c.tests = append(c.tests, id)
	if under {
		c.denied[id] = true
	}
	ast.Patch(n, &ast.MemberNode{Node: &ast.IdentifierNode{Value: "seen_"}, Property: &ast.IntegerNode{Value: id}})
}

// spoken is the test of says (any of the concepts) or together (all of them in one sentence).
func (c *checker) spoken(function string, args []ast.Node) (int, error) {
	names, err := constants(function, args)
	if err != nil {
		return 0, err
	}
	t := test{fields: inSubject | inText, together: function == "together"}
	for _, name := range names {
		concept, ok := c.rules.lexicon.names[name]
		if !ok || c.rules.lexicon.manners[concept] == marker {
			known := c.rules.lexicon.speakable()
			return 0, fmt.Errorf("%s(%q): no such word list; write %s", function, clip(name), nearest(name, known))
		}
		t.concepts = append(t.concepts, concept)
	}
	if t.together && len(names) < 2 {
		return 0, fmt.Errorf("together takes two word lists or more; write says(%q) for one", names[0])
	}
	return c.rules.test(t), nil
}

// mentions is the test of mentions(subject|text, words...).
func (c *checker) mentions(x *ast.CallNode) (int, error) {
	if len(x.Arguments) > 1 {
		if id, ok := x.Arguments[0].(*ast.IdentifierNode); ok {
			switch id.Value {
			case "subject":
				return c.literal(x.Arguments[1:], inSubject, topic)
			case "text":
				return c.literal(x.Arguments[1:], inText, topic)
			}
		}
	}
	return 0, fmt.Errorf(`mentions looks into subject or text; write mentions(subject, "word") or mentions(text, "one", "other")`)
}

func (c *checker) literal(args []ast.Node, in field, how manner) (int, error) {
	words, err := constants("the function", args)
	if err != nil {
		return 0, err
	}
	found, err := c.rules.lexicon.literal(words, how)
	if err != nil {
		return 0, err
	}
	return c.rules.test(test{concepts: []concept{found}, fields: in}), nil
}

// constants reads arguments that must stand in the rule itself.
func constants(function string, args []ast.Node) ([]string, error) {
	var words []string
	for _, a := range args {
		s, ok := a.(*ast.StringNode)
		if !ok || strings.TrimSpace(s.Value) == "" || len(s.Value) > maxPattern {
			return nil, fmt.Errorf("%s takes words between quotes, separated by commas", function)
		}
		words = append(words, s.Value)
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("%s takes at least one word between quotes", function)
	}
	return words, nil
}

// pattern is a regular expression of some rule, with what a byte of input costs at worst.
type pattern struct {
	re   *regexp.Regexp
	cost int
}

func compilePattern(s string) (pattern, error) {
	if len(s) > maxPattern {
		return pattern{}, fmt.Errorf("the pattern has %d bytes, %d are allowed", len(s), maxPattern)
	}
	parsed, err := syntax.Parse(s, syntax.Perl)
	if err != nil {
		return pattern{}, fmt.Errorf("the pattern cannot be read: %s", strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return pattern{}, fmt.Errorf("the pattern cannot be compiled: %w", err)
	}
	re, err := regexp.Compile(s)
	if err != nil {
		return pattern{}, fmt.Errorf("the pattern cannot be read: %w", err)
	}
	return pattern{re, len(prog.Inst)}, nil
}
