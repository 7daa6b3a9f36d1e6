package templates

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const goodFront = "---\nsubject: 'Mine {{.Ref}}'\n---\n"

func TestEveryMistakeInATemplateIsReportedWithItsPlace(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, file, want string }{
		{"no front matter", "Hello", `1:1: there is no front matter; begin with a line ---`},
		{"front matter never ends", "---\nsubject: x\nHello", `1:1: there is no front matter`},
		{"no subject", "---\ndata: ack\n---\nHello", `1:1: there is no subject; add a line such as subject:`},
		{"empty subject", "---\nsubject: ''\n---\nHello", `2:11: the subject is empty`},
		{"subject empty for some data", "---\nsubject: '{{.Subject}}'\n---\nHello", `1:1: the subject came out empty`},
		{"subject not in quotes", "---\nsubject: {{.Ref}}\n---\nHello", `put it in single quotes`},
		{"front matter is not YAML", "---\nsubject: 'x\n---\nHello", `the front matter is not YAML`},
		{"front matter is a list", "---\n- subject\n---\nHello", `2:1: the front matter is not a list of keys`},
		{"unknown key", "---\nsubject: x\nsubjekt: y\n---\nHello", `3:1: unknown key "subjekt"; keys are subject, data, frame, preheader and banner`},
		{"a key twice", "---\nsubject: x\nsubject: y\n---\nHello", `3:1: `},
		{"an unknown frame", "---\nsubject: x\nframe: postcard\n---\nHello", `3:8: frame is "postcard"; write card or letter`},
		{"data of another mail", "---\nsubject: x\ndata: alert\n---\nHello", `3:7: data is "alert", but this mail is "ack"; write data: ack`},
		{"unknown field", goodFront + "Hello\n\nand {{.Compny}}", `6:7: unknown field .Compny of Ack; fields are Company, Team,`},
		{"unknown field in the subject", "---\nsubject: 'See {{.Foo}}'\n---\nHello", `2:17: unknown field .Foo of Ack`},
		{"unknown field in a branch no sample takes", goodFront + "{{if eq .Severity 9}}{{.Foo}}{{end}}Hello", `4:24: unknown field .Foo of Ack`},
		{"unknown field inside with", goodFront + "{{with .Contact}}{{.Fone}}{{end}}Hello", `4:20: unknown field .Fone of Contact; fields are Name, Role, Phone, Email`},
		{"unknown field of a list's element", goodFront + "{{range .Questions}}{{.Text}}{{end}}Hello", `4:23: unknown field .Text of Question; it has no fields`},
		{"unknown field of a variable", goodFront + "{{$c := .Contact}}{{$c.Fax}}Hello", `unknown field .Fax of Contact`},
		{"unknown field of the root inside range", goodFront + "{{range .Questions}}{{$.Foo}}{{end}}Hello", `unknown field .Foo of Ack`},
		{"unknown function", goodFront + "Hello {{safe .Company}}", `4:7: function "safe" not defined`},
		{"action never closed", goodFront + "Hello\n{{.Company", `5:1: unclosed action`},
		{"if never ended", goodFront + "Hello\n{{if .Company}}x", `unexpected EOF`},
		{"a mistake that shows in running", goodFront + "Hello {{index .Questions 7}}", `4:9: <index .Questions 7>: error calling index`},
		{"HTML", goodFront + "Hello\n\n<b>you</b>", `6:1: HTML is not used in templates; write Markdown`},
		{"an HTML block", goodFront + "Hello\n\n<div>\nyou\n</div>", `6:1: HTML is not used in templates`},
		{"an image", goodFront + "Hello ![logo](https://example.com/l.png)", `4:7: images are not used in mails`},
		{"a reserved character", goodFront + "Hello \ue000", `4:7: the characters U+E000 and U+E001 are reserved`},
		{"too long", goodFront + strings.Repeat("very long ", 500), `1:1: the text has `},
		{"does not end", goodFront + `{{define "x"}}x{{template "x" .}}{{end}}{{template "x" .}}`, `exceeded maximum template depth`},
		{"prints without end", goodFront + `{{range 100000000}}xxxxxxxxxx{{end}}`, `the template prints more than 1 MiB`},
		{"says nothing", goodFront + "{{if false}}x{{end}}", `1:1: the text came out empty`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := override(t, "en/ack.md", c.file)
			s, problems := Load(dir)
			if len(problems) == 0 {
				t.Fatalf("Load of\n%s\nreported nothing, want %q", c.file, c.want)
			}
			got := strings.TrimPrefix(problems[0].Error(), filepath.Join(dir, "en/ack.md")+":")
			if !strings.Contains(got, c.want) || strings.HasPrefix(c.want, "1:") && !strings.HasPrefix(got, c.want) {
				t.Errorf("Load of\n%s\ngot  %q\nwant %q", c.file, got, c.want)
			}
			if r := rendered(t, s, "ack", "en", Sample("ack")); !strings.Contains(r.Text, "Your message has reached") {
				t.Errorf("a bad override replaced ours:\n%s", r.Text)
			}
		})
	}
}

func TestMisplacedFilesAreReported(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ file, want string }{
		{"en/akc.md", `there is no mail called "akc"; mails are ack, alert, brief, closed, digest, escalation, holding, notice,`},
		{"ack.md", "a template stands in the folder of its language; move it to "},
		{"english/ack.md", `"english" is not a language; name the folder en, de or pt-br`},
		{"EN/ack.md", `"EN" is not a language`},
	} {
		_, problems := Load(override(t, c.file, goodFront+"Hello"))
		if len(problems) != 1 || !strings.Contains(problems[0].Error(), c.want) {
			t.Errorf("Load with %s: %v, want one problem with %q", c.file, problems, c.want)
		}
	}
	for _, ignored := range []string{"README.md", "en/README.md", "en/ack.md~", "en/.#ack.md", ".git/config", "en/notes/ack.md"} {
		if _, problems := Load(override(t, ignored, "what a person keeps here")); len(problems) > 0 {
			t.Errorf("Load with %s: %v, want none", ignored, problems)
		}
	}
	missing := filepath.Join(t.TempDir(), "nowhere")
	if _, problems := Load(missing); len(problems) != 1 || !strings.Contains(problems[0].Error(), "templates_dir cannot be read") {
		t.Errorf("Load(%q): %v", missing, problems)
	}
}

func TestAllMistakesAreReportedInOnePass(t *testing.T) {
	t.Parallel()
	dir := override(t, "en/ack.md", "---\nfoo: x\nbar: y\n---\n{{.Nope}} {{.Neither}}")
	if err := os.WriteFile(filepath.Join(dir, "en", "alert.md"), []byte("nothing"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, problems := Load(dir)
	if len(problems) != 6 {
		t.Errorf("Load: %d problems %v, want 6: two keys, no subject, two fields, no front matter", len(problems), problems)
	}
}

func TestAFileOfTheSameNameReplacesOurs(t *testing.T) {
	t.Parallel()
	for _, lineEnds := range []string{"\n", "\r\n"} {
		file := "\ufeff" + strings.ReplaceAll(goodFront+"We at {{.Company}} have it.\n", "\n", lineEnds)
		s := loaded(t, override(t, "en/ack.md", file))
		r := rendered(t, s, "ack", "en", Sample("ack"))
		if r.Subject != "Mine #1042" || r.Text != "We at Example Ltd have it.\n" {
			t.Errorf("override with %q: %q, %q", lineEnds, r.Subject, r.Text)
		}
		if de := rendered(t, s, "ack", "de", Sample("ack")); !strings.HasPrefix(de.Text, "Guten Tag") {
			t.Errorf("an override of en changed de: %q", de.Text)
		}
	}
}

func TestLanguageFallsBackToItsBaseAndThenToEnglish(t *testing.T) {
	t.Parallel()
	s := loaded(t, override(t, "pt-br/ack.md", goodFront+"Olá\n"))
	for asked, want := range map[string]string{
		"de": "de", "de-AT": "de", "DE_at": "de", "de-Latn-AT": "de", "en-GB": "en", "": "en", "fr": "en",
		"pt-BR": "pt-br", "pt": "en", "pt-br-x": "pt-br", "../../etc": "en",
	} {
		if got := s.Language("ack", asked); got != want {
			t.Errorf("Language(ack, %q) = %q, want %q", asked, got, want)
		}
		if r := rendered(t, s, "ack", asked, Sample("ack")); r.Language != want {
			t.Errorf("Render(ack, %q).Language = %q, want %q", asked, r.Language, want)
		}
	}
	if got := s.Language("alert", "pt-br"); got != "en" {
		t.Errorf("a new language needs no other template: alert is in %q, want en", got)
	}
}

func TestRenderRefusesWhatItCannotRender(t *testing.T) {
	t.Parallel()
	s := loaded(t, "")
	for _, c := range []struct {
		name string
		data any
		want string
	}{
		{"nope", Sample("ack"), `render "nope": there is no such mail; mails are ack, alert`},
		{"ack", Sample("alert"), `render "ack": the data is templates.Alert, want templates.Ack`},
		{"ack", nil, `render "ack": the data is <nil>, want templates.Ack`},
		{"ack", (*Ack)(nil), `want templates.Ack`},
	} {
		if _, err := s.Render(c.name, "en", c.data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("Render(%q, %#v): %v, want %q", c.name, c.data, err, c.want)
		}
	}
	ack := Sample("ack").(Ack)
	if byPointer := rendered(t, s, "ack", "en", &ack); byPointer != rendered(t, s, "ack", "en", ack) {
		t.Error("a pointer to the data renders differently")
	}
}

func FuzzTemplate(f *testing.F) {
	f.Add(everywhere)
	f.Add(goodFront + "{{range $i, $q := .Questions}}{{$i}}{{end}}")
	for _, file := range []string{"en/ack.md", "de/ack.md", "en/notice.md"} {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(raw))
	}
	f.Add(strings.Replace(goodFront, "---\n", "---\nframe: letter\n", 1) + "> [!warning]\n>\n> {{.Company}}\n\n[a]({{.Company}})")
	c, _ := contractOf("ack")
	f.Fuzz(func(t *testing.T, file string) {
		if strings.Contains(file, "range") && len(file) > 200 {
			return // templates are the operator's: they may take long
		}
		m, problems := read(c, "en", "en/ack.md", []byte(file))
		if len(problems) > 0 {
			for _, p := range problems {
				if p.Line < 1 || p.Col < 1 || p.What == "" || p.Instead == "" {
					t.Errorf("problem %+v has no place or no remedy", p)
				}
			}
			return
		}
		r, err := m.render(Sample("ack"))
		if err != nil {
			t.Fatalf("loaded, but does not render: %v", err)
		}
		if strings.ContainsAny(r.Subject, "\r\n") || strings.ContainsAny(r.Text+r.HTML, "\ue000\ue001") {
			t.Errorf("subject %q, text %q", r.Subject, r.Text)
		}
	})
}
