package config

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// section is one table of the reference: the keys of one mapping of the file.
type section struct {
	path  string // such as mailboxes[].imap; "" is the top
	title string
	intro string
	typ   reflect.Type
	rows  []row
}

// row is one key.
type row struct {
	field    field
	text     string
	standard string // the default: `30s`, or words
	section  string // the title of its own table, if it has one
}

// sections lists every table, in the order of the file.
func sections(t *testing.T) []section {
	t.Helper()
	docs := comments(t)
	var all []section
	var walk func(typ reflect.Type, path string)
	walk = func(typ reflect.Type, path string) {
		s := section{path: path, title: title(path), intro: sentence(docs[typ.Name()], typ.Name()), typ: typ}
		var deeper []func()
		for _, f := range fieldsOf(typ) {
			holder := typ
			for _, i := range f.index[:len(f.index)-1] {
				holder = holder.Field(i).Type
			}
			name := typ.FieldByIndex(f.index).Name
			text, standard := split(sentence(docs[holder.Name()+"."+name], name))
			if text == "" {
				t.Errorf("%s.%s has no comment", holder.Name(), name)
			}
			r := row{field: f, text: text, standard: standard}
			if in, at, ok := inner(f, path); ok {
				r.section = title(at)
				if !strings.HasPrefix(at, "policy.") || f.key == "SEV-1" {
					deeper = append(deeper, func() { walk(in, at) })
				}
			}
			s.rows = append(s.rows, r)
		}
		all = append(all, s)
		for _, f := range deeper {
			f()
		}
	}
	walk(reflect.TypeFor[Config](), "")
	return all
}

// inner is the struct that a key holds, in a list or by name perhaps.
func inner(f field, path string) (reflect.Type, string, bool) {
	typ, at := f.typ, join(path, f.key)
	switch typ.Kind() {
	case reflect.Slice:
		typ, at = typ.Elem(), at+"[]"
	case reflect.Map:
		typ, at = typ.Elem(), at+".NAME"
	}
	return typ, at, typ.Kind() == reflect.Struct && !isScalar(typ)
}

// comments are those above the structs ("Ack") and their fields ("Ack.Within").
func comments(t *testing.T) map[string]string {
	t.Helper()
	docs := map[string]string{}
	for _, file := range []string{"config.go", "mailbox.go", "people.go", "policy.go", "sending.go", "judging.go", "connectors.go"} {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.GenDecl:
				if spec, ok := n.Specs[0].(*ast.TypeSpec); ok {
					docs[spec.Name.Name] = n.Doc.Text()
				}
			case *ast.TypeSpec:
				if fields, ok := n.Type.(*ast.StructType); ok {
					for _, f := range fields.Fields.List {
						if len(f.Names) == 1 {
							docs[n.Name.Name+"."+f.Names[0].Name] = f.Doc.Text()
						}
					}
				}
			}
			return true
		})
	}
	return docs
}

// sentence turns "Port is where it listens." into "Where it listens."
func sentence(doc, name string) string {
	doc = strings.Join(strings.Fields(doc), " ")
	rest, ok := strings.CutPrefix(doc, name+" ")
	if !ok {
		return doc
	}
	for _, verb := range []string{"is ", "are "} {
		rest = strings.TrimPrefix(rest, verb)
	}
	return strings.ToUpper(rest[:1]) + rest[1:]
}

var defaultForm = regexp.MustCompile(` ?Default(?: (` + "`[^`]*`" + `)\.|: (.*)\.)$`)

// split takes the default off the end of a comment.
func split(text string) (meaning, standard string) {
	m := defaultForm.FindStringSubmatch(text)
	if m == nil {
		return text, ""
	}
	return strings.TrimSuffix(text, m[0]), m[1] + m[2]
}

func title(path string) string {
	switch {
	case path == "":
		return "The top of the file"
	case strings.HasPrefix(path, "policy."):
		return "`policy.SEV-1` to `policy.SEV-4`"
	}
	return "`" + path + "`"
}

// kind tells how a value is written.
func kind(f field, nested bool) string {
	typ, list := f.typ, ""
	if nested {
		return or(map[reflect.Kind]string{reflect.Slice: "list of keys", reflect.Map: "names with keys"}[typ.Kind()], "keys")
	}
	if typ.Kind() == reflect.Slice {
		typ, list = typ.Elem(), "list of "
	}
	if typ.Kind() == reflect.Pointer {
		typ = typ.Elem()
	}
	rules := strings.Fields(f.is)
	for _, r := range rules {
		if words := strings.Split(r, "|"); len(words) > 1 {
			return list + "`" + strings.Join(words, "`, `") + "`"
		}
	}
	names := map[string]string{"time": "HH:MM", "env": "name of a variable", "url": "URL", "language": "language code", "holiday": "date or region code"}
	for _, r := range rules {
		if formats[r] != nil || r == "expression" {
			return plural(list, or(names[r], r))
		}
	}
	switch {
	case typ == timeType:
		return "date or time"
	case typ.Kind() == reflect.Map:
		return "days with hours"
	case typ.Kind() == reflect.Bool:
		return "true or false"
	case typ == reflect.TypeFor[Duration](), typ == spanType:
		return plural(list, "interval")
	case slices.Contains([]string{"Zone", "Size", "Secret"}, typ.Name()):
		return list + strings.ToLower(typ.Name())
	case typ.Kind() == reflect.String:
		return plural(list, "text")
	}
	return plural(list, "number")
}

func plural(list, noun string) string {
	switch {
	case list == "":
		return noun
	case strings.HasSuffix(noun, "s"):
		return list + noun + "es"
	}
	return list + noun + "s"
}

// link is what a page on the web makes of a title.
func link(text, title string) string {
	anchor := strings.ReplaceAll(strings.ToLower(title), " ", "-")
	return "[" + text + "](#" + regexp.MustCompile(`[^a-z0-9_-]`).ReplaceAllString(anchor, "") + ")"
}

func value(r row) string {
	if r.section == "" {
		return kind(r.field, false)
	}
	return link(kind(r.field, true), r.section)
}

// reference is the whole page.
func reference(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(introduction)
	for _, s := range sections(t) {
		fmt.Fprintf(&b, "\n## %s\n\n", s.title)
		if s.path != "" {
			b.WriteString(s.intro + "\n\n")
		}
		b.WriteString("| key | value | default | meaning |\n| --- | --- | --- | --- |\n")
		for _, r := range s.rows {
			standard, text := r.standard, r.text
			if r.field.required() {
				standard = "**required**"
			}
			if r.field.later() {
				text += " *Not used by this version yet.*"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", r.field.key, value(r), standard, cell.Replace(text))
		}
		if s.typ == reflect.TypeFor[Policy]() {
			policyTable(&b)
		}
	}
	return b.String()
}

var cell = strings.NewReplacer("|", `\|`, "#command", "`#command`")

func policyTable(b *strings.Builder) {
	var p Policies
	p.defaults()
	b.WriteString("\nThe defaults:\n\n| | first_response | update_every | brief_every | resolve_within | calendar | inform |\n| --- | --- | --- | --- | --- | --- | --- |\n")
	for i := 1; i <= 4; i++ {
		of := p.Of(i)
		fmt.Fprintf(b, "| SEV-%d | %s | %s | %s | %s | %s | %s |\n", i, of.FirstResponse, of.UpdateEvery, of.BriefEvery, of.ResolveWithin, of.Calendar, strings.Join(of.Inform, ", "))
	}
}

const introduction = `<!-- Made from the comments in this folder by go generate ./config. Do not edit. -->

# The configuration file

One YAML file (JSON is YAML). The smallest that works, and every key to copy from, is in [sample.yaml](sample.yaml);
` + "`triaged check --sample`" + ` prints it. ` + "`triaged check --config FILE`" + ` reports every mistake at once, with line and column
and what to write instead. A key that is not listed here is a mistake.

How values are written:

- **interval**: a number with a unit, or several: ` + "`90s`, `30m`, `2h`, `2d`, `1w`, `1d12h`" + `
- **size**: ` + "`50MiB`" + ` (binary), ` + "`25MB`" + ` (decimal) or a number of bytes
- **zone**: an IANA time zone such as ` + "`Europe/Berlin`" + `
- **path**: absolute, or counted from the folder of the file it stands in; ` + "`~`" + ` is not understood
- **secret**: the text itself. It is never shown or logged; where there is a choice, use a file
- **address**: without display name: ` + "`alice@example.com`" + `
`
