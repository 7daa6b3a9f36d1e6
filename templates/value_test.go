package templates

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/net/html"
)

// hostile are values that mean something to Markdown, HTML, templates or mail programs.
var hostile = []string{
	"[x](http://evil.example)", "**bold**", "{{.}}", "{{.Company}}", "<script>alert(1)</script>",
	"<img src=x onerror=alert(1)>", "# heading", "- item", "1. item", "> quote", "    code", "`code`", "```",
	"![i](http://evil.example/i.png)", "<http://evil.example>", "http://evil.example", "&lt;b&gt;", "&#60;b&#62;", "&amp;",
	`\*`, `\\`, "a\\", "---", "***", "===", "[a]: http://evil.example", "[a]", "_x_", "~~x~~", "|a|b|", `"><b>`, "'--",
	"<!-- comment -->", "<![endif]-->", "</td></tr></table>", "</style>", "\ue000", "\ue001", "\ue00041\ue001", "$1", "%s", "-->",
	"</title><b>", "javascript:alert(1)", "a@b.example", "Ünïcødé 日本語 🎉", "=?utf-8?q?x?=",
}

// everywhere puts a value wherever a template can put one.
const everywhere = `---
data: ack
subject: 'S {{.Company}} S'
preheader: 'P {{.Company}} P'
banner: 'B {{.Company}} B'
---
{{.Company}}

### H {{.Company}} H

Some {{.Company}} text, **{{.Company}}**, *{{.Company}}*, ` + "`{{.Company}}`" + `, [{{.Company}}](https://example.com/a).
{{.Company}}

- {{.Company}}

1. {{.Company}}
   {{.Company}}

> {{.Company}}

    code {{.Company}}

{{define "x"}}D {{.}} D{{end}}{{template "x" .Company}} and {{printf "F %s F" .Company}} and {{$v := .Company}}{{$v}}
{{- with .Company}} {{.}}{{end}}{{range .Questions}} {{.}}{{end}}
`

func override(t testing.TB, file, content string) string {
	t.Helper()
	dir := t.TempDir()
	path := filepath.Join(dir, file)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestValuesAreValuesWhereverATemplatePutsThem(t *testing.T) {
	t.Parallel()
	s := loaded(t, override(t, "en/ack.md", everywhere))
	plain := rendered(t, s, "ack", "en", Ack{Company: "Plain", Questions: []Question{"Plain"}})
	for _, value := range hostile {
		checkLiteral(t, s, value, plain)
	}
}

// checkLiteral renders a value everywhere and compares with a harmless one: the text differs in the
// value only, and HTML has the same elements.
func checkLiteral(t *testing.T, s *Set, value string, plain Rendered) {
	t.Helper()
	want := oneLine(value)
	r := rendered(t, s, "ack", "en", Ack{Company: value, Questions: []Question{Question(value)}})
	literal := func(s string) string {
		return strings.Join(strings.Fields(strings.ReplaceAll(s, "Plain", want)), " ")
	}
	if got, want := r.Subject, literal(plain.Subject); got != want {
		t.Errorf("value %q: subject %q, want %q", value, got, want)
	}
	if got, want := strings.Join(strings.Fields(r.Text), " "), literal(plain.Text); got != want {
		t.Errorf("value %q: text\n%q, want\n%q", value, got, want)
	}
	if got, want := visible(t, r.HTML), literal(visible(t, plain.HTML)); got != want {
		t.Errorf("value %q: HTML shows\n%q, want\n%q", value, got, want)
	}
	if got, want := elements(t, r.HTML), elements(t, plain.HTML); !slices.Equal(got, want) {
		t.Errorf("value %q: HTML has elements\n%v, want\n%v", value, got, want)
	}
}

func TestOurTemplatesPrintHostileNamesLiterally(t *testing.T) {
	t.Parallel()
	s := loaded(t, "")
	for _, value := range hostile {
		ack := Sample("ack").(Ack)
		plain := elements(t, rendered(t, s, "ack", "en", ack).HTML)
		ack.CustomerName, ack.Contact.Name, ack.NextContactBy = value, value, value
		r := rendered(t, s, "ack", "en", ack)
		if want := "Hello " + oneLine(value) + ","; !strings.HasPrefix(strings.Join(strings.Fields(r.Text), " "), want) {
			t.Errorf("name %q: text begins %q, want %q", value, r.Text[:60], want)
		}
		if want := "Hello " + oneLine(value) + ","; !strings.Contains(visible(t, r.HTML), want) {
			t.Errorf("name %q: HTML does not show %q", value, want)
		}
		if got := elements(t, r.HTML); !slices.Equal(got, plain) {
			t.Errorf("name %q: HTML has elements %v, want %v", value, got, plain)
		}
	}
}

func TestValuesCannotBreakLinesOrTurnText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"a\r\nBcc: b@c.example":    "a Bcc: b@c.example",
		"a\n\n# heading":           "a # heading",
		"a\x00b\x07c\x7f\u0085d":   "abc d",
		"evil\u202egpj.exe\u2066x": "evilgpj.exex",
		"a\u2028b\u2029c\u00a0d":   "a b c d",
		" \t a  b ":                "a b",
		"\xff\xfe":                 "\ufffd",
		"שלום\u200f!":              "שלום\u200f!", // marks that only help stay
	} {
		if got := oneLine(in); got != want {
			t.Errorf("oneLine(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLinksGoWhereTheTemplateSays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ markdown, value, href string }{
		{"[x](tel:{{.Company}})", "+49 (0)30 / 12-34", "tel:+490301234"},
		{"[x](mailto:{{.Company}})", "a b@c.example?bcc=d@e.example", "mailto:a%20b@c.example%3Fbcc=d@e.example"},
		{"[x](https://t.example/{{.Company}})", "../../a b", "https://t.example/..%2F..%2Fa%20b"},
		{"[x](https://t.example/?q={{.Company}})", "a&b=c#d", "https://t.example/?q=a%26b%3Dc%23d"},
		{"[x]({{.Company}})", "https://t.example/a", "https://t.example/a"},
		{"[x]({{.Company}})", "javascript:alert(1)", ""},
		{"[x]({{.Company}})", "mailto:a@b.example", ""},
		{"[x]({{.Company}})", "data:text/html,x", ""},
		{"[x](javascript:{{.Company}})", "alert(1)", ""},
		{"[x](&#106;avascript:alert)", "", ""},
		{"<https://t.example/a?b=c&d=e>", "", "https://t.example/a?b=c&d=e"},
	} {
		s := loaded(t, override(t, "en/ack.md", "---\nsubject: s\n---\n"+c.markdown+"\n"))
		r := rendered(t, s, "ack", "en", Ack{Company: c.value})
		if got := href(t, r.HTML); got != c.href {
			t.Errorf("%s with %q: href %q, want %q", c.markdown, c.value, got, c.href)
		}
	}
}

func href(t *testing.T, doc string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(doc))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && n.Data == "a" {
			return n.Attr[slices.IndexFunc(n.Attr, func(a html.Attribute) bool { return a.Key == "href" })].Val
		}
	}
	return ""
}

func FuzzValue(f *testing.F) {
	for _, v := range hostile {
		f.Add(v)
	}
	s, _ := Load("")
	plain, err := s.Render("ack", "en", func() Ack { a := Sample("ack").(Ack); a.CustomerName = "x"; return a }())
	if err != nil {
		f.Fatal(err)
	}
	want := elements(f, plain.HTML)
	f.Fuzz(func(t *testing.T, value string) {
		if len(value) > 200 || oneLine(value) == "" {
			return // an empty name is another branch
		}
		ack := Sample("ack").(Ack)
		ack.CustomerName, ack.Subject = value, value
		r := rendered(t, s, "ack", "en", ack)
		if strings.IndexFunc(r.Subject, unicode.IsControl) >= 0 {
			t.Errorf("value %q: subject %q has a control character", value, r.Subject)
		}
		flat := func(s string) string { return strings.Join(strings.Fields(s), " ") }
		if greeting := "Hello " + flat(oneLine(value)) + ","; !strings.HasPrefix(flat(r.Text), greeting) {
			t.Errorf("value %q: text %q", value, r.Text)
		}
		if got := elements(t, r.HTML); !slices.Equal(got, want) {
			t.Errorf("value %q: elements %v, want %v", value, got, want)
		}
	})
}
