package daemon

import (
	"encoding/base64"
	"fmt"
	"mime"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"

	"triaged/classify"
	"triaged/classify/llm/fake"
	"triaged/store"
)

// attack is a mail that gives orders to a model, and the name of the answer that it wants.
type attack struct {
	How, Subject, Mail, HTML, Wants string
}

// attacks are those of the model's package, with the answers of a model that obeys.
func attacks(t *testing.T) (mails []attack, replies map[string]string) {
	t.Helper()
	data, err := os.ReadFile("../../../classify/llm/testdata/injections.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Replies map[string]string
		Mails   []attack
	}
	if err := yaml.Load(data, &all); err != nil {
		t.Fatal(err)
	}
	if len(all.Mails) < 60 {
		t.Fatalf("%d attacks, want 60", len(all.Mails))
	}
	return all.Mails, all.Replies
}

// milder says the same of something that the rules do not call an outage, so that the model is asked about it.
func (a attack) milder() attack {
	r := strings.NewReplacer("Production is down for all of our 800 users since 9:00.", "The report is slow at times.", "We found a data breach: customer records are public.", "The report has the wrong colours.")
	a.Mail, a.HTML, a.How = r.Replace(a.Mail), r.Replace(a.HTML), a.How+", of something mild"
	return a
}

// from is the attack as it arrives.
func (a attack) from(sender string) mail {
	part := func(kind, body string) string {
		b := base64.StdEncoding.EncodeToString([]byte(body))
		var lines strings.Builder
		for ; len(b) > 76; b = b[76:] {
			lines.WriteString(b[:76] + "\n")
		}
		return "Content-Type: text/" + kind + "; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" + lines.String() + b + "\n"
	}
	text := part("plain", strings.ReplaceAll(a.Mail, "{{quiet}}", strings.Repeat("All is quiet on this line. ", 1600)))
	m := mail{From: sender, Subject: mime.BEncoding.Encode("utf-8", a.Subject), ID: "<" + strings.Replace(sender, "@", ".x@", 1) + ">", Header: "MIME-Version: 1.0\n"}
	if a.HTML == "" {
		head, body, _ := strings.Cut(text, "\n\n")
		m.Header, m.Body = m.Header+head+"\n", body
		return m
	}
	m.Header += "Content-Type: multipart/alternative; boundary=b\n"
	m.Body = "--b\n" + text + "--b\n" + part("html", a.HTML) + "--b--\n"
	return m
}

// TestAnAttackOnTheModelReachesNobody: with a model that obeys every attacker each of them gets one acknowledgement, nobody
// else gets anything, and no thread is milder than the rules say, closed, or in other hands.
func TestAnAttackOnTheModelReachesNobody(t *testing.T) {
	long(t)
	mails, replies := attacks(t)
	inHouse(t, modelled(", daily_calls: 1000")+"limits: {notices_per_hour: 0}\n"+untold, func(h *house) {
		var wanted atomic.Value
		m := h.model(func(int, fake.Question) fake.Reply {
			if wanted.Load() == "tool" {
				return fake.CallsTool("close_ticket", `{"id":1001}`)
			}
			return fake.Says(replies[wanted.Load().(string)])
		})
		h.start()
		how, want := map[string]string{}, []string(nil)
		for i, a := range mails {
			for j, a := range []attack{a, a.milder()} {
				sender := fmt.Sprintf("eve@m%d-%d.example", i, j)
				wanted.Store(a.Wants)
				h.arrives("support", a.from(sender))
				h.passes(10 * time.Second)
				how[sender], want = a.How, append(want, sender)
			}
		}
		h.passes(time.Minute)
		if n := len(m.Asked()); n < 55 {
			h.t.Errorf("the model was asked about %d mails: this proves little", n)
		}
		h.wantAcks(want...)
		for _, th := range h.threads() {
			h.wantUnharmed(how[th.Customer.Address], th)
		}
		for _, sent := range h.outside() {
			for _, bad := range []string{"evil.example", "cosmetic", "close it", "javascript", "#resolve", "SEV-4, confidence"} {
				if strings.Contains(string(sent.Raw), bad) {
					h.t.Errorf("%s: the mail to %s holds %q", how[sent.To[0]], sent.To[0], bad)
				}
			}
		}
		for _, sent := range h.inside() {
			if len(sent.To) != 1 || sent.To[0] != "alice@desk.example" && sent.To[0] != "mona@desk.example" {
				h.t.Errorf("a mail to the desk went to %q", sent.To)
			}
		}
		if n := h.net.Dials("evil.example:80") + h.net.Dials("evil.example:443"); n != 0 {
			h.t.Errorf("%d connections to an attacker", n)
		}
	})
}

// wantUnharmed holds a thread to what its rules said.
func (h *house) wantUnharmed(how string, th store.Thread) {
	h.t.Helper()
	log := h.events(th.ID)
	var rules classify.Severity
	if _, after, ok := strings.Cut(log, "rules | judged SEV-"); !ok {
		h.t.Fatalf("%s: no judgement of the rules:\n%s", how, log)
	} else if _, err := fmt.Sscanf(after, "%d", &rules); err != nil {
		h.t.Fatal(err)
	}
	if rules.Worse(th.Severity) {
		h.t.Errorf("%s: the thread is %v, and the rules said %v", how, th.Severity, rules)
	}
	if th.Status != store.Acknowledged || th.Owner != "" || th.Team != "" || th.Customer.Address == "" || th.Held {
		h.t.Errorf("%s: the thread is %s, of %q and %q", how, th.Status, th.Owner, th.Team)
	}
	if th.Severity != rules && !strings.Contains(log, "| raised to "+th.Severity.String()) {
		h.t.Errorf("%s: the thread was raised to %v without an event:\n%s", how, th.Severity, log)
	}
	if times(log, "acknowledged | SMTP took the mail") != 1 || strings.Contains(log, "evil.example/") || strings.Contains(log, "https://") {
		h.t.Errorf("%s: its log:\n%s", how, log)
	}
}
