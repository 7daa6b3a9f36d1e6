package llm

import (
	"encoding/base64"
	"errors"
	"mime"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"unicode"

	"go.yaml.in/yaml/v4"

	"triaged/classify"
	"triaged/classify/llm/fake"
	"triaged/ingest"
)

// attack is a mail that gives orders to a model.
type attack struct {
	How     string `yaml:"how"`
	Subject string `yaml:"subject"`
	Mail    string `yaml:"mail"`
	HTML    string `yaml:"html"`
	Wants   string `yaml:"wants"`
}

type attacks struct {
	Replies map[string]string `yaml:"replies"`
	Mails   []attack          `yaml:"mails"`
}

// known are the attacks of testdata; read once and never changed.
var known = sync.OnceValues(func() (attacks, error) {
	var all attacks
	data, err := os.ReadFile("testdata/injections.yaml")
	if err != nil {
		return all, err
	}
	return all, yaml.Load(data, &all, yaml.WithKnownFields())
})

var rules = sync.OnceValue(func() *classify.Rules {
	r, problems := classify.Compile(nil)
	if len(problems) > 0 {
		panic(problems)
	}
	return r
})

// message is the attack as it arrives: a mail, read by the parser of the house.
func (a attack) message() *ingest.Message {
	text := strings.ReplaceAll(a.Mail, "{{quiet}}", strings.Repeat("All is quiet on this line. ", 1600))
	part := func(kind, body string) string {
		b := base64.StdEncoding.EncodeToString([]byte(body))
		var lines strings.Builder
		for ; len(b) > 76; b = b[76:] {
			lines.WriteString(b[:76] + "\r\n")
		}
		return "Content-Type: text/" + kind + "; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n" + lines.String() + b + "\r\n"
	}
	head := "From: Jane <jane@customer.example>\r\nTo: support@example.com\r\nDate: Mon, 05 Jan 2026 09:00:00 +0000\r\n" +
		"Message-ID: <1@customer.example>\r\nMIME-Version: 1.0\r\nSubject: " + mime.BEncoding.Encode("utf-8", a.Subject) + "\r\n"
	if a.HTML == "" {
		return ingest.Parse([]byte(head+part("plain", text)), ingest.Options{})
	}
	mixed := "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n" + part("plain", text) + "--b\r\n" + part("html", a.HTML) + "--b--\r\n"
	return ingest.Parse([]byte(head+mixed), ingest.Options{})
}

// TestAModelThatObeysEveryAttackerDoesNoHarm: at most a label is wrong, and never a milder severity.
func TestAModelThatObeysEveryAttackerDoesNoHarm(t *testing.T) {
	t.Parallel()
	all, err := known()
	if err != nil || len(all.Mails) < 60 {
		t.Fatalf("read testdata/injections.yaml: %d mails, %v; want 60", len(all.Mails), err)
	}
	asked := 0
	for _, a := range all.Mails {
		reply, ok := all.Replies[a.Wants]
		if !ok {
			t.Fatalf("%s: there is no reply %q", a.How, a.Wants)
		}
		synctest.Test(t, func(t *testing.T) {
			answer := fake.Says(reply)
			if a.Wants == "tool" {
				answer = fake.CallsTool("close_ticket", `{"id":1042}`)
			}
			h := build(t, always(answer), nil)
			c := classify.Case{Message: a.message(), Mailbox: "support"}
			before := rules().Judge(c)
			if ok, why := Eligible(c, h.cfg); !ok {
				t.Logf("%s: not shown to the model: %s", a.How, why)
				return
			}
			o, err := h.Judge(t.Context(), c)
			if n := len(h.model.Asked()); n != 1 || h.net.Dials(host) != 1 {
				t.Errorf("%s: %d requests over %d connections, want one", a.How, n, h.net.Dials(host))
			}
			asked++
			q := h.model.Asked()[0]
			if q.Messages != 2 || q.System != instructions || strings.Contains(string(q.Body), `"tool`) || len(q.User) > shownBytes+20 {
				t.Errorf("%s: asked with %d messages, %d bytes", a.How, q.Messages, len(q.User))
			}
			if strings.ContainsFunc(q.User, func(r rune) bool { return r != '\n' && r != '\t' && unicode.In(r, unicode.Cc, unicode.Cf) }) {
				t.Errorf("%s: the question holds what people do not see: %q", a.How, q.User)
			}
			if err != nil {
				var e *Error
				if !errors.As(err, &e) || e.Temporary() || e.OfEndpoint() {
					t.Errorf("%s: Judge: got %v, want a fault of this mail alone", a.How, err)
				}
				return
			}
			for _, byPerson := range []bool{false, true} {
				wantHarmless(t, a.How, before, o, byPerson, q.User)
			}
		})
	}
	if asked < 50 {
		t.Errorf("only %d of %d mails reached the model: this proves little", asked, len(all.Mails))
	}
}

// wantHarmless holds an opinion to all that it must never do.
func wantHarmless(t *testing.T, how string, before classify.Verdict, o Opinion, byPerson bool, mail string) {
	t.Helper()
	after, reasons := Weigh(before, o, Persons{byPerson, byPerson})
	if before.Severity.Worse(after.Severity) || byPerson && after.Severity != before.Severity {
		t.Errorf("%s: severity %v became %v (by a person: %t)", how, before.Severity, after.Severity, byPerson)
	}
	if after.Type != before.Type && (byPerson || !before.TypeAssumed()) {
		t.Errorf("%s: type %s became %s, though a rule had a reason", how, before.Type, after.Type)
	}
	if after.Team != before.Team || len(reasons) == 0 || len(after.Reasons) != len(before.Reasons)+len(reasons) {
		t.Errorf("%s: team %q became %q, with reasons %+v", how, before.Team, after.Team, reasons)
	}
	for name, words := range o.Answers.all() {
		if *words != "" && !strings.Contains(fold(mail), fold(*words)) {
			t.Errorf("%s: %s is %q, which the mail does not say", how, name, *words)
		}
	}
	for _, r := range reasons {
		text := r.Rule + r.Evidence + r.Effect
		for _, bad := range []string{"://", "www.", "javascript:", "evil.example/", "eve@evil.example", "sk-0123456789abcdef0123456789"} {
			if strings.Contains(text, bad) {
				t.Errorf("%s: a reason holds %q: %+v", how, bad, r)
			}
		}
		if strings.ContainsFunc(text, unicode.IsControl) {
			t.Errorf("%s: a reason holds control characters: %+q", how, text)
		}
	}
}

// TestNoAnswerToAnyMailDoesHarm: every wish of every attacker on every mail.
func TestNoAnswerToAnyMailDoesHarm(t *testing.T) {
	t.Parallel()
	all, err := known()
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range all.Mails {
		c := classify.Case{Message: a.message(), Mailbox: "support"}
		before := rules().Judge(c)
		subject, text := Shown(c)
		for name, reply := range all.Replies {
			if o, fault := parse(reply, subject+"\n"+text); fault == nil {
				wantHarmless(t, a.How+" / "+name, before, o, false, subject+"\n"+text)
			}
		}
	}
}
