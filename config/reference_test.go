package config

import (
	"flag"
	"os"
	"reflect"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

var update = flag.Bool("update", false, "write reference.md anew")

// smallest is the configuration of the design, the least that works.
const smallest = `
state_dir: /var/lib/triaged
mailboxes:
  - name: support
    address: support@example.com
    imap: {host: imap.example.com, username: support@example.com, password_file: /run/secrets/imap}
    smtp: {host: smtp.example.com, username: support@example.com, password_file: /run/secrets/smtp}
agents:
  - {name: Alice, address: alice@example.com}
managers:
  - {name: Mona, address: mona@example.com}
`

func TestReferenceIsWhatTheCodeSays(t *testing.T) {
	t.Parallel()
	want := reference(t)
	if *update {
		if err := os.WriteFile("reference.md", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("reference.md")
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("reference.md differs from the comments in the code; run go generate ./config")
	}
}

// TestDefaultsAreThoseOfTheReference decodes the default that a comment names and compares it with the
// one that an empty key gets; a key that gets one without a word is a mistake too.
func TestDefaultsAreThoseOfTheReference(t *testing.T) {
	t.Parallel()
	c, problems := Parse("smallest.yaml", []byte(smallest+"escalation: {steps: [{to: owner}]}\n"))
	if Broken(problems) {
		t.Fatalf("Parse(smallest): got %v, want no mistake", problems)
	}
	for _, s := range sections(t) {
		v, ok := valueAt(reflect.ValueOf(*c), s.path)
		if !ok {
			continue // a list that the smallest configuration leaves empty
		}
		for _, r := range s.rows {
			got := v.FieldByIndex(r.field.index)
			literal, isLiteral := strings.CutPrefix(strings.TrimSuffix(r.standard, "`"), "`")
			switch {
			case isLiteral && literal != "off":
				if want := decoded(t, literal, r.field); !reflect.DeepEqual(got.Interface(), want.Interface()) {
					t.Errorf("%s.%s: the comment says default %s, the code sets %v", s.path, r.field.key, literal, reflect.Indirect(got))
				}
			case r.standard == "" && !got.IsZero() && r.section == "" && !r.field.required() && s.path != "policy.SEV-1" && r.field.key != "password_file":
				t.Errorf("%s.%s: the code sets %v, the comment names no default", s.path, r.field.key, reflect.Indirect(got))
			}
		}
	}
}

func TestSampleShowsEveryKeyWithItsDefault(t *testing.T) {
	t.Parallel()
	c, _ := Parse("sample.yaml", []byte(uncommented()))
	for _, s := range sections(t) {
		for _, r := range s.rows {
			if !inSample(c, s.path, r.field.key) {
				t.Errorf("sample.yaml does not show %s", join(s.path, r.field.key))
			}
			literal, isLiteral := strings.CutPrefix(strings.TrimSuffix(r.standard, "`"), "`")
			if v, ok := valueAt(reflect.ValueOf(*c), s.path); ok && isLiteral && s.path != "" && s.path != "escalation.steps[]" {
				got := v.FieldByIndex(r.field.index).Interface()
				if want := decoded(t, literal, r.field).Interface(); !reflect.DeepEqual(got, want) {
					t.Errorf("sample.yaml shows %s: %v, which is not the default %s", join(s.path, r.field.key), got, literal)
				}
			}
		}
	}
}

// inSample finds a key in any item of the list or mapping that a section is about.
func inSample(c *Config, section, key string) bool {
	if key == "password" || key == "password_env" {
		return strings.Contains(Sample, key+":") // excluded by the other ways to give a secret
	}
	if section == "policy" {
		return c.places[join(section, key)].isSet()
	}
	for path, p := range c.places {
		if p.isSet() && account(generic(path)) == account(join(section, key)) {
			return true
		}
	}
	return false
}

// account is where the keys that IMAP and SMTP share are shown once.
func account(path string) string {
	if key, ok := strings.CutPrefix(path, "mailboxes[].smtp."); ok && indexOf(fieldsOf(reflect.TypeFor[Server]()), key) >= 0 {
		return "mailboxes[].imap." + key
	}
	return path
}

// generic turns a path of a file into that of the reference: mailboxes[1].name into mailboxes[].name.
func generic(path string) string {
	var b strings.Builder
	for i, part := range strings.Split(path, ".") {
		if open := strings.IndexByte(part, '['); open > 0 {
			part = part[:open] + "[]"
		}
		if i == 1 && strings.HasPrefix(path, "policy.") {
			part = "SEV-1"
		}
		if i == 1 && strings.HasPrefix(path, "calendars.") {
			part = "NAME"
		}
		if b.Len() > 0 {
			b.WriteByte('.')
		}
		b.WriteString(part)
	}
	return b.String()
}

func decoded(t *testing.T, literal string, f field) reflect.Value {
	t.Helper()
	var n yaml.Node
	if err := yaml.Load([]byte(literal), &n); err != nil {
		t.Fatalf("%s: the default %s is not YAML: %v", f.key, literal, err)
	}
	d := newDecoder("default", []byte(literal))
	v := reflect.New(f.typ).Elem()
	d.value(n.Content[0], v, f.key, f.is+" zero")
	if len(d.problems) > 0 {
		t.Fatalf("%s: the default %s: %v", f.key, literal, d.problems)
	}
	return v
}

// valueAt goes down a section's path, taking the last item of a list.
func valueAt(v reflect.Value, path string) (reflect.Value, bool) {
	if path == "" {
		return v, true
	}
	for part := range strings.SplitSeq(path, ".") {
		part, isList := strings.CutSuffix(part, "[]")
		if v.Kind() != reflect.Struct {
			return v, false
		}
		i := indexOf(fieldsOf(v.Type()), part)
		if i < 0 {
			return v, false
		}
		v = v.FieldByIndex(fieldsOf(v.Type())[i].index)
		if isList && v.Len() == 0 {
			return v, false
		}
		if isList {
			v = v.Index(v.Len() - 1)
		}
	}
	return v, v.Kind() == reflect.Struct
}
