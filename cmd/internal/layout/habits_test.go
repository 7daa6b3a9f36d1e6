package layout

import (
	"go/ast"
	"go/token"
	"slices"
	"testing"
)

// TestNothingRunsBeforeMain: what an import does by itself, nobody can order, test or leave out.
func TestNothingRunsBeforeMain(t *testing.T) {
	t.Parallel()
	for _, f := range house(t) {
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				t.Errorf("%s: func init: build it where it is used and hand it in", f.line(fn.Pos()))
			}
		}
	}
}

// TestPackagesKeepNoState: a package's variables are tables. Whatever changes has an owner, so that
// two daemons can live in one process, as the tests do.
func TestPackagesKeepNoState(t *testing.T) {
	t.Parallel()
	files := house(t)
	vars := map[string]map[string]bool{} // by package folder
	for _, f := range files {
		if f.test() {
			continue
		}
		for _, s := range packageVars(f) {
			if vars[f.dir()] == nil {
				vars[f.dir()] = map[string]bool{}
			}
			for _, name := range s.Names {
				vars[f.dir()][name.Name] = name.Name != "_"
			}
			if sel, ok := s.Type.(*ast.SelectorExpr); ok {
				if x, ok := sel.X.(*ast.Ident); ok && (x.Name == "sync" || x.Name == "atomic") {
					t.Errorf("%s: a package variable of type %s.%s is state; give it an owner", f.line(s.Pos()), x.Name, sel.Sel.Name)
				}
			}
		}
	}
	for _, f := range files {
		if f.test() {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			for _, target := range assigned(n) {
				if id := rootOf(target); id != nil && vars[f.dir()][id.Name] && atPackageLevel(f, id) {
					t.Errorf("%s: assigns to package variable %s; give what changes an owner", f.line(id.Pos()), id.Name)
				}
			}
			return true
		})
	}
}

func packageVars(f file) (all []*ast.ValueSpec) {
	for _, d := range f.syntax.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, s := range g.Specs {
				all = append(all, s.(*ast.ValueSpec))
			}
		}
	}
	return all
}

// assigned are the expressions that a statement changes.
func assigned(n ast.Node) []ast.Expr {
	switch s := n.(type) {
	case *ast.AssignStmt:
		if s.Tok != token.DEFINE {
			return s.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{s.X}
	case *ast.CallExpr:
		if fn, ok := s.Fun.(*ast.Ident); ok && (fn.Name == "delete" || fn.Name == "clear") && len(s.Args) > 0 {
			return s.Args[:1]
		}
	}
	return nil
}

// rootOf is the variable that an expression such as v[i].x belongs to.
func rootOf(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.IndexExpr:
			e = x.X
		case *ast.SelectorExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// atPackageLevel says that a name is not a local variable: the parser has found no declaration in
// the functions around it.
func atPackageLevel(f file, id *ast.Ident) bool {
	if id.Obj == nil {
		return true
	}
	s, ok := id.Obj.Decl.(*ast.ValueSpec)
	return ok && slices.Contains(packageVars(f), s)
}

// TestDecisionsAreHandedTheTime: what reads and judges takes now as an argument and never waits.
func TestDecisionsAreHandedTheTime(t *testing.T) {
	t.Parallel()
	pure := []string{"ingest", "classify", "templates", "config"}
	for _, f := range house(t) {
		if f.test() || !within(f.dir(), pure...) || within(f.dir(), "ingest/mailbox", "classify/llm") {
			continue
		}
		for _, where := range calls(f, "time", "Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker") {
			t.Errorf("%s: asks the clock; take now as an argument", where)
		}
	}
}

// TestNothingSleepsOnTheRealClock: a test that waits, waits in a bubble of fake time.
func TestNothingSleepsOnTheRealClock(t *testing.T) {
	t.Parallel()
	files := house(t)
	bubbles := map[string]bool{}
	for _, f := range files {
		f.imports(func(p, _ string) { bubbles[f.dir()] = bubbles[f.dir()] || p == "testing/synctest" })
	}
	for _, f := range files {
		if !f.test() || bubbles[f.dir()] {
			continue
		}
		for _, where := range calls(f, "time", "Sleep") {
			t.Errorf("%s: time.Sleep in a package whose tests know no bubble; use testing/synctest", where)
		}
	}
}

// calls are the places where a file uses one of a package's functions.
func calls(f file, pkg string, names ...string) (where []string) {
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == pkg && x.Obj == nil && slices.Contains(names, sel.Sel.Name) {
			where = append(where, f.line(sel.Pos()))
		}
		return true
	})
	return where
}
