package classify

import (
	"fmt"
	"strings"

	"github.com/expr-lang/expr/ast"
)

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
