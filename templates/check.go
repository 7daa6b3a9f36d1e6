package templates

import (
	"reflect"
	"strings"
	"text/template/parse"
)

// unknownField is a field that the data does not have. Samples alone would not find it in a branch
// that no sample takes, and the customer whose mail takes it would be the first to know.
type unknownField struct {
	at      string // "body:12:8", as text/template writes it
	what    string
	instead string
}

// checker follows the type of the dot through a template. An unknown type is nil and asks nothing.
type checker struct {
	tree  *parse.Tree
	root  reflect.Type
	vars  map[string]reflect.Type
	found []unknownField
}

// checkFields finds each field in the tree that data of type root does not have.
func checkFields(tree *parse.Tree, root reflect.Type) []unknownField {
	if tree == nil || tree.Root == nil {
		return nil
	}
	c := &checker{tree: tree, root: root, vars: map[string]reflect.Type{"$": root}}
	if tree.Name != tree.ParseName {
		c.root, c.vars["$"] = nil, nil // {{define}}: its dot is whatever it is called with
	}
	c.list(tree.Root, c.root)
	return c.found
}

func (c *checker) list(l *parse.ListNode, dot reflect.Type) {
	if l == nil {
		return
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			c.pipe(n.Pipe, dot)
		case *parse.TemplateNode:
			c.pipe(n.Pipe, dot)
		case *parse.IfNode:
			c.pipe(n.Pipe, dot)
			c.list(n.List, dot)
			c.list(n.ElseList, dot)
		case *parse.WithNode:
			c.list(n.List, c.pipe(n.Pipe, dot))
			c.list(n.ElseList, dot)
		case *parse.RangeNode:
			c.list(n.List, c.each(n.Pipe, dot))
			c.list(n.ElseList, dot)
		}
	}
}

// each is the type of the dot inside a range.
func (c *checker) each(p *parse.PipeNode, dot reflect.Type) reflect.Type {
	t := c.pipe(p, dot)
	if t == nil || t.Kind() != reflect.Slice {
		t = nil
	} else {
		t = t.Elem()
	}
	for i, v := range p.Decl { // one variable is the element, of two the second is
		c.vars[v.Ident[0]] = nil
		if i == len(p.Decl)-1 {
			c.vars[v.Ident[0]] = t
		}
	}
	return t
}

func (c *checker) pipe(p *parse.PipeNode, dot reflect.Type) reflect.Type {
	if p == nil {
		return nil
	}
	var t reflect.Type
	for _, cmd := range p.Cmds {
		t = c.command(cmd, dot)
	}
	for _, v := range p.Decl {
		c.vars[v.Ident[0]] = t
	}
	return t
}

// command is the type that a command yields; what functions return is not known.
func (c *checker) command(cmd *parse.CommandNode, dot reflect.Type) reflect.Type {
	var t reflect.Type
	for _, arg := range cmd.Args {
		t = c.argument(arg, dot)
	}
	if len(cmd.Args) != 1 {
		return nil
	}
	return t
}

func (c *checker) argument(n parse.Node, dot reflect.Type) reflect.Type {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return c.fields(n, dot, n.Ident)
	case *parse.VariableNode:
		return c.fields(n, c.vars[n.Ident[0]], n.Ident[1:])
	case *parse.ChainNode:
		return c.fields(n, c.argument(n.Node, dot), n.Field)
	case *parse.PipeNode:
		return c.pipe(n, dot)
	}
	return nil
}

func (c *checker) fields(n parse.Node, t reflect.Type, names []string) reflect.Type {
	for _, name := range names {
		if t == nil {
			return nil
		}
		if t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			c.unknown(n, name, t, "it has no fields")
			return nil
		}
		f, ok := t.FieldByName(name)
		if !ok {
			c.unknown(n, name, t, "fields are "+strings.Join(fieldNames(t), ", "))
			return nil
		}
		t = f.Type
	}
	return t
}

func (c *checker) unknown(n parse.Node, name string, t reflect.Type, instead string) {
	at, _ := c.tree.ErrorContext(n)
	c.found = append(c.found, unknownField{at: at, what: "unknown field ." + name + " of " + t.Name(), instead: instead})
}

func fieldNames(t reflect.Type) (names []string) {
	for f := range t.Fields() {
		names = append(names, f.Name)
	}
	return names
}
