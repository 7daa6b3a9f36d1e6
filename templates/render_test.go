package templates

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
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
			if got := s.Language(name, lang); got != lang {
				t.Errorf("%s/%s.md is missing: %s would be written in %q", lang, name, name, got)
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
	remote := regexp.MustCompile(`(?i)<(img|script|link|iframe|object|embed|video|audio|form|base)\b|url\(|@import|\bsrc=|\bon\w+=|background=|javascript:`)
	each(t, func(t *testing.T, id string, r Rendered) {
		if found := remote.FindString(r.HTML); found != "" {
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
		if !strings.HasPrefix(id, "reply-") && !strings.Contains(r.HTML, "display:none") { // what a person wrote needs no other beginning
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
