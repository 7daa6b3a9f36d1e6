package templates

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/clipperhouse/displaywidth"
	"golang.org/x/net/html"
)

var update = flag.Bool("update", false, "write the golden files anew")

func loaded(t testing.TB, dir string) *Set {
	t.Helper()
	s, problems := Load(dir)
	for _, p := range problems {
		t.Errorf("Load(%q): problem %v, want none", dir, p)
	}
	return s
}

func rendered(t testing.TB, s *Set, name, lang string, data any) Rendered {
	t.Helper()
	r, err := s.Render(name, lang, data)
	if err != nil {
		t.Fatalf("Render(%q, %q, %+v): %v", name, lang, data, err)
	}
	return r
}

// each calls f with every sample of every mail in every language of ours.
func each(t *testing.T, f func(t *testing.T, id string, r Rendered)) {
	s := loaded(t, "")
	for _, c := range contracts {
		for _, lang := range s.Languages(c.name) {
			for i, data := range c.samples(lang) {
				id := fmt.Sprintf("%s-%s-%d", c.name, lang, i+1)
				t.Run(id, func(t *testing.T) {
					t.Parallel()
					f(t, id, rendered(t, s, c.name, lang, data))
				})
			}
		}
	}
}

func TestMailsLookAsTheyLookedWhenWeLiked(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, id string, r Rendered) {
		golden(t, id+".txt", "Subject: "+r.Subject+"\nLanguage: "+r.Language+"\n\n"+r.Text)
		golden(t, id+".html", r.HTML)
	})
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	path := filepath.Join("testdata", "golden", file)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v; write it with go test ./templates -update, and look at it", err)
	}
	if got != string(want) {
		t.Errorf("%s changed; look at it, then run go test ./templates -update\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

func TestEveryLanguageHasEveryTemplate(t *testing.T) {
	t.Parallel()
	folders, err := filepath.Glob("*/*.md")
	if err != nil || len(folders) == 0 {
		t.Fatalf("Glob: %v, %v", folders, err)
	}
	s := loaded(t, "")
	for _, f := range folders {
		lang := filepath.Dir(f)
		for _, name := range s.Names() {
			if !slices.Contains(s.Languages(name), lang) {
				t.Errorf("%s/%s.md is missing: %s would be written in %q", lang, name, name, s.Language(name, lang))
			}
		}
	}
}

func TestTextIsWrappedLikeMailWrittenByHand(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ string, r Rendered) {
		for i, line := range strings.Split(r.Text, "\n") {
			if w := displaywidth.String(line); w > width && strings.Contains(strings.TrimSpace(line), " ") {
				t.Errorf("line %d has %d columns, want at most %d: %q", i+1, w, width, line)
			}
			if line != smallPrint && strings.TrimRight(line, " \t") != line {
				t.Errorf("line %d ends in white space: %q", i+1, line)
			}
		}
		if strings.Contains(r.Text, "\n\n\n") || strings.ContainsAny(r.Text, "*\\\ue000\ue001") {
			t.Errorf("text shows its making: %q", r.Text)
		}
	})
}

func TestHTMLLoadsNothingAndFitsEveryScreen(t *testing.T) {
	t.Parallel()
	enclosed := regexp.MustCompile(`<img src="cid:[^"<>]+" alt="[^"<>]+"`) // goes along with the mail
	remote := regexp.MustCompile(`(?i)<(img|script|link|iframe|object|embed|video|audio|form|base)\b|url\(|@import|\bsrc=|\bon\w+=|background=|javascript:`)
	each(t, func(t *testing.T, id string, r Rendered) {
		if found := remote.FindString(enclosed.ReplaceAllString(r.HTML, "")); found != "" {
			t.Errorf("HTML contains %q", found)
		}
		for _, want := range []string{
			"<!DOCTYPE html>", `<html lang="` + r.Language + `" dir="ltr">`, `name="color-scheme" content="light dark"`,
			"@media (prefers-color-scheme: dark)", "max-width:6", `role="presentation"`, "<!--[if mso]>",
		} {
			if !strings.Contains(r.HTML, want) {
				t.Errorf("HTML lacks %q", want)
			}
		}
		if !strings.HasPrefix(id, "reply-") && !strings.HasPrefix(id, "update-") && !strings.Contains(r.HTML, "display:none") { // what a person wrote needs no other beginning
			t.Error("HTML has no preheader")
		}
		for _, el := range elements(t, r.HTML) {
			if el == "font" || el == "center" {
				t.Errorf("HTML uses <%s>", el)
			}
		}
	})
}

func TestAcknowledgementIsOfNoUseToASpammer(t *testing.T) {
	t.Parallel()
	s := loaded(t, "")
	for _, lang := range s.Languages("ack") {
		for _, data := range ackSamples(lang) {
			ack := data.(Ack)
			ack.Subject = "Buy cheap watches at watches.example"
			r := rendered(t, s, "ack", lang, ack)
			for part, body := range map[string]string{"text": r.Text, "html": r.HTML} {
				if strings.Contains(body, "watches") {
					t.Errorf("%s: the %s repeats the subject of the mail answered:\n%s", lang, part, body)
				}
			}
			if !strings.Contains(r.Subject, "watches") {
				t.Errorf("%s: subject %q, want it echoed for senders whose Subject is given", lang, r.Subject)
			}
			if len(r.Text) > 4<<10 {
				t.Errorf("%s: text has %d octets, want at most 4096", lang, len(r.Text))
			}
		}
	}
}

// toCustomers are the mails that leave the house; those that nobody wrote by hand are true.
var toCustomers = map[string]bool{
	"ack": true, "reminder": true, "reopened": true, "rating": true, "closed": true, "holding": true,
	"reply": false, "resolution": false, "triage": false, "update": false,
}

func TestMailsToCustomersEchoTheSubjectInTheSubjectOnly(t *testing.T) {
	t.Parallel()
	s := loaded(t, "")
	for name := range toCustomers {
		c, _ := contractOf(name)
		for _, lang := range s.Languages(name) {
			for i, data := range c.samples(lang) {
				r := rendered(t, s, name, lang, with(data, "Subject", "Re: watches.example [#1042]"))
				if n := strings.Count(r.Subject, "watches.example"); n != 1 || strings.Count(r.Subject, "Re:") != 1 || strings.Contains(r.Text+r.HTML, "watches") {
					t.Errorf("%s-%s-%d: subject %q, want the thread's in it once; the body must not repeat it:\n%s", name, lang, i+1, r.Subject, r.Text)
				}
				if none := rendered(t, s, name, lang, with(data, "Subject", "")); strings.Contains(none.Subject, "Re:") || !strings.Contains(none.Subject, "[#10") {
					t.Errorf("%s-%s-%d: subject %q without one of the thread's, want words of our own and the reference", name, lang, i+1, none.Subject)
				}
			}
		}
	}
}

// with is a copy of data with another value in one field.
func with(data any, field, value string) any {
	v := reflect.New(reflect.TypeOf(data)).Elem()
	v.Set(reflect.ValueOf(data))
	v.FieldByName(field).SetString(value)
	return v.Interface()
}

func TestNoMailSoundsLikeARobot(t *testing.T) {
	t.Parallel()
	robotic := regexp.MustCompile(`(?i)!\s|\bticket\b|do not reply|noreply|valued customer|has been (received|created|closed|updated)|wurde (erstellt|geschlossen|aktualisiert)|[\x{1F300}-\x{1FAFF}]`)
	each(t, func(t *testing.T, _ string, r Rendered) {
		if found := robotic.FindString(r.Subject + "\n" + strings.ReplaceAll(r.Text, "\n  ! ", "\n")); found != "" {
			t.Errorf("the mail says %q:\n%s", found, r.Text)
		}
	})
}

func TestInternalMailsBeginWithWhatAReplyDoes(t *testing.T) {
	t.Parallel()
	const does = "Your reply goes to Dana <dana@acme.example> & nobody else."
	s := loaded(t, "")
	for _, name := range []string{"notice", "escalation", "receipt", "nudge", "brief", "digest"} {
		c, _ := contractOf(name)
		for _, lang := range s.Languages(name) {
			for i, data := range c.samples(lang) {
				r := rendered(t, s, name, lang, with(data, "ReplyDoes", does))
				if !strings.HasPrefix(r.Text, does+"\n") {
					t.Errorf("%s-%s-%d: text does not begin with %q:\n%s", name, lang, i+1, does, r.Text)
				}
				shown := visible(t, r.HTML) // the preheader, then the body
				if rest := strings.TrimPrefix(shown, does); rest == shown || !strings.Contains(rest[:min(len(rest), 200)], does) {
					t.Errorf("%s-%s-%d: HTML begins %q, want %q as preheader and as first line", name, lang, i+1, shown[:150], does)
				}
			}
		}
	}
}

func TestAcknowledgementSaysWhatACustomerNeeds(t *testing.T) {
	t.Parallel()
	s := loaded(t, "")
	for _, lang := range s.Languages("ack") {
		said := map[string]int{}
		for sev := 1; sev <= 4; sev++ {
			ack := SampleIn("ack", lang).(Ack)
			ack.Severity = sev
			r := rendered(t, s, "ack", lang, ack)
			for _, want := range []string{ack.Company, ack.Team, ack.CustomerName, ack.Ref, ack.NextContact, ack.Contact.Name, ack.Contact.Role, ack.Contact.Phone} {
				if flat := strings.Join(strings.Fields(r.Text), " "); !strings.Contains(flat, want) {
					t.Errorf("%s, severity %d: text does not say %q:\n%s", lang, sev, want, r.Text)
				}
			}
			if strings.Contains(strings.ToUpper(r.Subject+r.Text+r.HTML), "SEV-") {
				t.Errorf("%s, severity %d: the mail speaks of SEV-n", lang, sev)
			}
			said[r.Text]++
			for i := 1; i <= 6; i++ {
				if !strings.Contains(r.Text, fmt.Sprintf("\n%d. ", i)) {
					t.Errorf("%s, severity %d: question %d is missing:\n%s", lang, sev, i, r.Text)
				}
			}
		}
		if len(said) != 4 {
			t.Errorf("%s: %d wordings of urgency for 4 severities", lang, len(said))
		}
	}
}

func TestThereIsAlwaysAContactAndNobodyIsNamedTwice(t *testing.T) {
	t.Parallel()
	s := loaded(t, "")
	for _, lang := range s.Languages("ack") {
		ack := Ack{Company: "Example Ltd", Team: "Example Ltd", Ref: "#7", Severity: 3, Contact: Contact{Email: "support@example.com"}}
		r := rendered(t, s, "ack", lang, ack)
		if !strings.Contains(r.Text, "\n    Example Ltd\n    ") || !strings.Contains(r.Text, "support@example.com\n") {
			t.Errorf("%s: the company is not named as contact:\n%s", lang, r.Text)
		}
		if n := strings.Count(r.Text, "Example Ltd"); n != 3 {
			t.Errorf("%s: Example Ltd stands there %d times, want 3: above, as contact, below:\n%s", lang, n, r.Text)
		}
	}
}

func TestQuestionsOfOnesOwnArePrintedAsTheyAre(t *testing.T) {
	t.Parallel()
	ack := Sample("ack").(Ack)
	ack.Questions = []Question{Since, "Which *region* are you in?"}
	r := rendered(t, loaded(t, ""), "ack", "en", ack)
	if !strings.Contains(r.Text, "1. Since when?\n2. Which *region* are you in?\n") {
		t.Errorf("text:\n%s", r.Text)
	}
}

func TestSetIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	s := loaded(t, "")
	want := rendered(t, s, "ack", "en", Sample("ack"))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 50 {
				if got, err := s.Render("ack", "en", Sample("ack")); err != nil || got != want {
					t.Errorf("Render changed under concurrency: %v", err)
				}
			}
		})
	}
	wg.Wait()
}

// elements are the names of the elements of a document in their order.
func elements(t testing.TB, doc string) (names []string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(doc))
	if err != nil {
		t.Fatalf("html.Parse: %v", err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			names = append(names, n.Data)
		}
	}
	return names
}

// visible is the text of a document, style sheet and title aside, with single spaces.
func visible(t testing.TB, doc string) string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(doc))
	if err != nil {
		t.Fatalf("html.Parse: %v", err)
	}
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "style" && n.Parent.Data != "title" {
			b.WriteString(n.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func BenchmarkRenderAck(b *testing.B) {
	s := loaded(b, "")
	data := Sample("ack")
	for b.Loop() {
		if _, err := s.Render("ack", "en", data); err != nil {
			b.Fatal(err)
		}
	}
}
