package layout

import (
	"bytes"
	"go/ast"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTheTopHoldsOnlyTheRooms: a new thing belongs into a room, or it is a new room, which is the
// owner's to decide.
func TestTheTopHoldsOnlyTheRooms(t *testing.T) {
	t.Parallel()
	fixed := append([]string{"go.mod", "go.sum", "README.md", "LICENSE", ".git", ".gitignore", ".ci"}, rooms...)
	ignored := ignoredNames(t)
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains(fixed, e.Name()) && !matches(ignored, e.Name()) {
			t.Errorf("the top holds %s; it holds only %s", e.Name(), strings.Join(fixed, " "))
		}
	}
}

func ignoredNames(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, ".gitignore"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for line := range strings.Lines(string(text)) {
		all = append(all, strings.Trim(strings.TrimSpace(line), "/"))
	}
	return all
}

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { ok, _ := filepath.Match(p, name); return ok })
}

// TestFilesAndFunctionsFitTheReader: one noun a file, one thought a function.
func TestFilesAndFunctionsFitTheReader(t *testing.T) {
	t.Parallel()
	const fileLines, functionLines = 450, 90
	for _, f := range house(t) {
		if f.test() {
			continue
		}
		if f.lines > fileLines {
			t.Errorf("%s has %d lines, want at most %d: it holds more than one noun", f.path, f.lines, fileLines)
		}
		for _, d := range f.syntax.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if n := f.set.Position(fn.End()).Line - f.set.Position(fn.Pos()).Line + 1; n > functionLines {
				t.Errorf("%s: %s has %d lines, want at most %d", f.line(fn.Pos()), fn.Name.Name, n, functionLines)
			}
		}
	}
}

// TestNamesAreNouns: these names say that nobody has found the noun yet.
func TestNamesAreNouns(t *testing.T) {
	t.Parallel()
	vague := []string{"util", "utils", "common", "helper", "helpers", "model", "models", "type", "types", "misc", "manager", "shared", "base", "lib"}
	for _, f := range house(t) {
		name := strings.TrimSuffix(f.base(), "_test")
		if slices.Contains(vague, name) || slices.Contains(vague, filepath.Base(f.dir())) || slices.Contains(vague, f.syntax.Name.Name) {
			t.Errorf("%s: name it by what it is in the story", f.path)
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			if s, ok := n.(*ast.TypeSpec); ok && strings.HasSuffix(s.Name.Name, "Manager") && s.Name.Name != "Manager" { // a person is one
				t.Errorf("%s: type %s: a manager is a noun nobody has found yet", f.line(s.Pos()), s.Name.Name)
			}
			return true
		})
	}
}

// machine matches what belongs to the machine somebody worked on, not to the project: folders of
// that machine, and where its package managers were told to look.
var machine = regexp.MustCompile(`(?:^|[^\w./-])/(?:work|root|tmp)/\w|\b(?:GOPROXY|GONOSUMDB|GONOSUMCHECK|GOINSECURE|PIP_INDEX_URL|NPM_CONFIG_REGISTRY)\s*=|--index-url`)

// TestNothingNamesTheMachineItWasMadeOn: the project is the same wherever it is cloned.
func TestNothingNamesTheMachineItWasMadeOn(t *testing.T) {
	t.Parallel()
	err := filepath.WalkDir(root, func(name string, e fs.DirEntry, err error) error {
		rel, _ := filepath.Rel(root, name)
		switch {
		case err != nil:
			return err
		case e.IsDir() && (rel == ".git" || rel == "state"):
			return fs.SkipDir
		case e.IsDir() || !e.Type().IsRegular() || rel == filepath.Join("cmd", "internal", "layout", "order_test.go"):
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if bytes.IndexByte(text[:min(len(text), 8000)], 0) >= 0 {
			return nil // a binary
		}
		for i, line := range strings.Split(string(text), "\n") {
			if found := machine.FindString(line); found != "" {
				t.Errorf("%s:%d names %q, which is nothing of the project", rel, i+1, strings.TrimSpace(found))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("read the project's files: %v", err)
	}
}
