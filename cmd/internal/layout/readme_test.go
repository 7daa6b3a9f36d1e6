package layout

import (
	"go/ast"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"triaged/config"
	"triaged/ingest"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatalf("read README.md: %v", err)
	}
	return string(text)
}

// TestTheReadmeKnowsEveryCommand, and names none that does not exist.
func TestTheReadmeKnowsEveryCommand(t *testing.T) {
	t.Parallel()
	text := readme(t)
	commands, flags := grammar(t)
	for _, c := range commands {
		if !strings.Contains(text, "`"+c+"`") && !strings.Contains(text, "`"+c+" ") {
			t.Errorf("README.md does not speak of the command %s", c)
		}
	}
	for _, m := range regexp.MustCompile("(?m)(?:(?:^|[`\\s])(?:\\./)?triaged|go run \\./cmd/triaged) ([a-z]+)[ `]").FindAllStringSubmatch(text, -1) {
		typed := strings.Contains(m[0], "./") || strings.Contains(m[0], "`")
		if typed && !slices.Contains(commands, m[1]) {
			t.Errorf("README.md types %q; the commands are %s", strings.TrimSpace(m[0]), strings.Join(commands, " "))
		}
	}
	for _, m := range regexp.MustCompile("[\\s`]--([a-z-]+)").FindAllStringSubmatch(text, -1) {
		if !slices.Contains(flags, m[1]) {
			t.Errorf("README.md speaks of --%s, which no command takes", m[1])
		}
	}
}

// TestTheReadmeKnowsEveryVerb, as help tells of it: a row of its table for each, and none besides.
func TestTheReadmeKnowsEveryVerb(t *testing.T) {
	t.Parallel()
	text := readme(t)
	var want []string
	for _, v := range ingest.Verbs() {
		command := strings.ReplaceAll(strings.TrimSpace("#"+v.Name+" "+v.Arg), "|", `\|`)
		want = append(want, "| `"+command+"` | "+v.Does+" |")
	}
	rows := regexp.MustCompile("(?m)^\\| `#.*$").FindAllString(text, -1)
	if !slices.Equal(rows, want) {
		t.Errorf("README.md has the commands\n%s\nwant\n%s", strings.Join(rows, "\n"), strings.Join(want, "\n"))
	}
}

// grammar reads the commands and flags from the structs that the command line is parsed into.
func grammar(t *testing.T) (commands, flags []string) {
	t.Helper()
	flags = []string{"help"}
	for _, f := range house(t) {
		if f.dir() != "cmd/internal/cli" || f.test() {
			continue
		}
		ast.Inspect(f.syntax, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			s, ok := spec.Type.(*ast.StructType)
			if !ok {
				return true
			}
			for _, field := range s.Fields.List {
				for _, name := range field.Names {
					switch {
					case field.Tag == nil:
					case spec.Name.Name == "grammar":
						commands = append(commands, typed(name.Name, field.Tag))
					default:
						flags = append(flags, typed(name.Name, field.Tag))
					}
				}
			}
			return true
		})
	}
	if len(commands) < 5 {
		t.Fatalf("found only the commands %q in cmd/internal/cli", commands)
	}
	return commands, flags
}

// typed is how a field is typed on the command line: its name tag, or its own name with hyphens.
func typed(field string, tag *ast.BasicLit) string {
	text, _ := strconv.Unquote(tag.Value)
	if name := reflect.StructTag(text).Get("name"); name != "" {
		return name
	}
	return strings.ToLower(regexp.MustCompile("([a-z])([A-Z])").ReplaceAllString(field, "$1-$2"))
}

// TestTheReadmesConfigurationsLoad: whoever copies one gets no complaint but what README.md says of
// trusted_authserv_id.
func TestTheReadmesConfigurationsLoad(t *testing.T) {
	t.Parallel()
	blocks := regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(readme(t), -1)
	if len(blocks) == 0 {
		t.Error("README.md shows no configuration")
	}
	for _, block := range blocks {
		_, problems := config.Parse("README.md", []byte(block[1]))
		for _, p := range problems {
			if !p.Warning || !strings.Contains(p.What, "trusted_authserv_id") {
				t.Errorf("config.Parse of\n%s\ngot %v, want no problem", block[1], p)
			}
		}
	}
}
