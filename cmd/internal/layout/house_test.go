package layout

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const module = "triaged"

// root is the top of the project, seen from this package's folder.
const root = "../../.."

// file is one Go file of the project.
type file struct {
	path   string // from the top, with slashes: store/open.go
	syntax *ast.File
	set    *token.FileSet
	lines  int
}

func (f file) dir() string  { return path.Dir(f.path) }
func (f file) test() bool   { return strings.HasSuffix(f.path, "_test.go") }
func (f file) base() string { return strings.TrimSuffix(path.Base(f.path), ".go") }

// line says where a piece of syntax is, as an editor wants it.
func (f file) line(p token.Pos) string {
	return f.path + ":" + strconv.Itoa(f.set.Position(p).Line)
}

// imports are the paths that a file imports, with where it does.
func (f file) imports(each func(path, where string)) {
	for _, spec := range f.syntax.Imports {
		p, _ := strconv.Unquote(spec.Path.Value)
		each(p, f.line(spec.Pos()))
	}
}

// house reads every Go file of the module, those in hidden folders and testdata left out as the go
// command does.
func house(t *testing.T) []file {
	t.Helper()
	var all []file
	err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := e.Name()
		if e.IsDir() && name != root && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata") {
			return fs.SkipDir
		}
		if e.IsDir() || !strings.HasSuffix(base, ".go") {
			return nil
		}
		f, err := read(name)
		all = append(all, f)
		return err
	})
	if err != nil {
		t.Fatalf("read the project's Go files: %v", err)
	}
	if len(all) < 100 {
		t.Fatalf("read the project's Go files from %s: only %d found", root, len(all))
	}
	return all
}

func read(name string) (file, error) {
	src, err := os.ReadFile(name)
	if err != nil {
		return file{}, err
	}
	rel, err := filepath.Rel(root, name)
	if err != nil {
		return file{}, err
	}
	f := file{path: filepath.ToSlash(rel), set: token.NewFileSet(), lines: strings.Count(string(src), "\n")}
	f.syntax, err = parser.ParseFile(f.set, f.path, src, parser.ParseComments)
	return f, err
}

// within says whether a folder or import path is one of these or below one of them.
func within(p string, these ...string) bool {
	for _, this := range these {
		if p == this || strings.HasPrefix(p, this+"/") {
			return true
		}
	}
	return false
}
