package classify

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"
	"github.com/expr-lang/expr/file"
)

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
	sums     bool // it looks at damage or trouble
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
	c.headers = c.headers || x.Value == "headers"
	c.sums = c.sums || x.Value == "damage" || x.Value == "trouble"
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
