package daemon

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"triaged/store"
)

// forwards are a customer's mail as three programs pass it on.
var forwards = map[string]func(*mail){
	"Gmail": func(m *mail) {
		m.Subject = "Fwd: Press stands still"
		m.Body = "please have a look\n\n---------- Forwarded message ---------\nFrom: Dana Whitfield <dana@acme.example>\nDate: Mon, Jan 3, 2000 at 9:00 AM\nSubject: Press stands still\nTo: Alice Ahrens <alice@desk.example>\n\n\nThe press in hall 3 stands still.\n"
	},
	"Outlook": func(m *mail) {
		m.Subject = "FW: Press stands still"
		m.Body = "please have a look\n\n________________________________\nFrom: Dana Whitfield <dana@acme.example>\nSent: Monday, January 3, 2000 9:00 AM\nTo: Alice Ahrens <alice@desk.example>\nSubject: Press stands still\n\nThe press in hall 3 stands still.\n"
	},
	"attached": func(m *mail) {
		m.Subject = "Press stands still"
		m.Header += "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n"
		m.Body = "--b\nContent-Type: text/plain\n\nplease have a look\n--b\nContent-Type: message/rfc822\nContent-Disposition: attachment; filename=\"Press.eml\"\n\n" +
			"From: Dana Whitfield <dana@acme.example>\nTo: alice@desk.example\nSubject: Press stands still\nDate: Mon, 03 Jan 2000 09:00:00 +0000\nMessage-ID: <press@acme.example>\n\nThe press in hall 3 stands still.\n--b--\n"
	},
}

// TestAForwardedMailOpensAThreadForItsCustomer: at once where the agent's mail is proven, otherwise when they have said so.
func TestAForwardedMailOpensAThreadForItsCustomer(t *testing.T) {
	for program, as := range forwards {
		for _, proven := range []bool{true, false} {
			t.Run(fmt.Sprintf("%s, proven %v", program, proven), func(t *testing.T) {
				inHouse(t, "", func(h *house) {
					h.twoAgents(desk2)
					if proven {
						h.proving()
					}
					h.start()
					auth := ""
					if proven {
						auth = genuine
					}
					m := mail{From: "Alice Ahrens <alice@desk.example>", ID: "<fw@desk.example>", Header: auth}
					as(&m)
					h.arrives("support", m)
					h.passes(10 * time.Second)
					th := h.thread(1001)
					if th.Subject != "Press stands still" {
						t.Errorf("subject = %q", th.Subject)
					}
					if !proven {
						if n := len(h.outside()); n != 0 {
							t.Fatalf("%d mails to %q on the word of a mail that nothing proves", n, h.acks())
						}
						if first := h.about(1001, "bob@desk.example"); !strings.Contains(flat(first.Text), "a reply stays an internal note") {
							t.Errorf("Bob reads:\n%s", first.Text)
						}
						h.answersTo(h.about(1001, "bob@desk.example"), "bob@desk.example", "I think I know this customer.")
						if n := len(h.outside()); n != 0 {
							t.Errorf("a note went to %q", h.acks())
						}
						for _, m := range h.inside() {
							if strings.Contains(string(m.Raw), "From: \"Bob") {
								t.Errorf("a note was sent as a reply to Alice:\n%s", m.Raw)
							}
						}
						ask := h.about(1001, "alice@desk.example")
						if !strings.Contains(ask.Text, "#customer dana@acme.example") {
							t.Fatalf("Alice was asked:\n%s", ask.Text)
						}
						h.answersTo(ask, "alice@desk.example", "#customer dana@acme.example")
					}
					h.wantAcks("dana@acme.example")
					th = h.thread(1001)
					if th.Customer.Address != "dana@acme.example" || th.ClaimedCustomer != "" {
						t.Errorf("customer %q, claimed %q:\n%s", th.Customer.Address, th.ClaimedCustomer, h.events(1001))
					}
					if raw := string(h.outside()[0].Raw); strings.Contains(raw, "alice@desk.example") || strings.Contains(raw, "fw@desk.example") || strings.Contains(raw, "have a look") {
						t.Errorf("the acknowledgement holds what the agent wrote:\n%s", raw)
					}
					waits := false
					for slot := range h.owed(1001) {
						waits = waits || strings.HasPrefix(slot, store.Respond+"/")
					}
					if !waits {
						t.Errorf("nobody owes the customer an answer: %v\n%s", h.owed(1001), h.events(1001))
					}
					h.answersTo(h.newest("dana@acme.example"), "dana@acme.example", "Is anybody there?")
					if len(h.threads()) != 1 {
						t.Fatalf("the customer's answer opened another thread")
					}
					notice := h.about(1001, "bob@desk.example")
					h.answersTo(notice, "bob@desk.example", "Hello Dana, we are on our way.", header(auth))
					reply := h.newest("dana@acme.example")
					if !strings.Contains(reply.Text, "we are on our way") || strings.Contains(fmt.Sprint(reply.References), "fw@desk.example") {
						t.Errorf("the reply is %v:\n%s", reply.References, reply.Text)
					}
					for slot := range h.owed(1001) {
						if strings.HasPrefix(slot, store.Respond+"/") {
							t.Errorf("%s is owed still after the answer:\n%s", slot, h.events(1001))
						}
					}
				})
			})
		}
	}
}

// TestAnAgentsOwnRequestIsAThreadLikeAnother: they are its customer, may write to it, and never get an acknowledgement.
func TestAnAgentsOwnRequestIsAThreadLikeAnother(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.twoAgents(desk2)
		h.start()
		h.arrives("support", mail{From: "alice@desk.example", Subject: "My own keyboard is broken", ID: "<own@desk.example>"})
		h.passes(time.Minute)
		if n := len(h.to("alice@desk.example")); n != 0 {
			t.Errorf("Alice got %d mails about her own request", n)
		}
		h.answersTo(h.about(1001, "bob@desk.example"), "bob@desk.example", "Which one is it?")
		reply := h.newest("alice@desk.example")
		if !strings.Contains(reply.Text, "Which one is it?") {
			t.Fatalf("Alice reads:\n%s", reply.Text)
		}
		before := len(h.to("alice@desk.example"))
		h.answersTo(reply, "alice@desk.example", "The one in room 7.")
		if got := h.about(1001, "bob@desk.example"); !strings.Contains(got.Text, "The one in room 7.") {
			t.Errorf("Bob did not get the answer:\n%s", h.events(1001))
		}
		if n := len(h.to("alice@desk.example")); n != before {
			t.Errorf("Alice got %d more mails for her answer: %s", n-before, h.events(1001))
		}
	})
}
