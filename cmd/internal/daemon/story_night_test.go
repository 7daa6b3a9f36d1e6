package daemon

import (
	"strings"
	"testing"
	"time"

	"triaged/store"
)

// down is the mail of a customer whose production stands still.
func down(m *mail) { m.Body = "Production is down for all our users, nobody can work.\n" }

// TestASEV1NightFromTheFirstMailToTheRating: mail at 02:00, nobody reacts, the ladder climbs, an agent takes it, and all ends well.
func TestASEV1NightFromTheFirstMailToTheRating(t *testing.T) {
	long(t)
	inHouse(t, "escalation: {steps: [{after: 0s, to: owner}, {after: 5m, to: team}, {after: 15m, to: manager}]}\n", func(h *house) {
		h.twoAgents(desk2)
		h.start()
		h.passes(2*time.Hour - 2*time.Second)
		id := h.asks("dana@acme.example", "Production is down for all users", down)
		if th := h.thread(id); th.Severity != 1 {
			t.Fatalf("severity = %s, want SEV-1:\n%s", th.Severity, h.events(id))
		}
		h.passes(24*time.Minute + 50*time.Second) // it is 02:25
		for _, want := range []string{"missed respond", "escalated to owner", "escalated to team"} {
			h.wantEvent(id, want)
		}
		if n := len(h.to("mona@desk.example")); n != 0 {
			t.Errorf("the manager was woken at 02:25, want at 02:30:\n%s", h.events(id))
		}
		h.answersTo(h.newest("bob@desk.example"), "bob@desk.example", "#take")
		if th := h.thread(id); th.Owner != "bob@desk.example" || th.Status != store.Investigating || !th.FirstResponseAt.IsZero() {
			t.Errorf("after #take: owner %q, %s, first response %v", th.Owner, th.Status, th.FirstResponseAt)
		}
		h.passes(6 * time.Minute)
		if n := len(h.to("mona@desk.example")); n != 1 {
			t.Errorf("the manager got %d mails by 02:31, want 1: #take is no answer:\n%s", n, h.events(id))
		}
		h.answersTo(h.about(id, "bob@desk.example"), "bob@desk.example", "#workaround", func(m *mail) {}) // answers an escalation: a note at most
		h.wantStatus(id, store.Workaround)
		out := len(h.outside())
		notice := h.to("bob@desk.example")[0]
		h.answersTo(notice, "bob@desk.example", "#workaround switch to the second node\n\nHello Dana,\nplease switch to the second node, that works.")
		if reply := h.newest("dana@acme.example"); len(h.outside()) != out+1 || !strings.Contains(reply.Text, "please switch to the second node") || strings.Contains(reply.Text, "#workaround") {
			t.Errorf("the workaround did not reach the customer as it should:\n%s", reply.Text)
		}
		if th := h.thread(id); th.FirstResponseAt.IsZero() || th.Workaround != "switch to the second node" {
			t.Errorf("first response %v, workaround %q", th.FirstResponseAt, th.Workaround)
		}
		steps := strings.Count(h.events(id), "| escalated to ")
		h.passes(time.Hour)
		if n := strings.Count(h.events(id), "| escalated to "); n != steps {
			t.Errorf("the ladder went on after the answer:\n%s", h.events(id))
		}
		h.answersTo(notice, "bob@desk.example", "#resolve\nWhat happened: a disk died.\nWhat we did: we put in another one.")
		h.wantStatus(id, store.Resolved)
		h.follows(h.outside()[len(h.outside())-1], "yes", "dana@acme.example")
		h.wantStatus(id, store.Closed)
		h.follows(h.outside()[len(h.outside())-1], "5", "dana@acme.example")
		th := h.thread(id)
		if th.Rating != 5 || th.Outcome != store.OutcomeConfirmed {
			t.Errorf("rating %d, outcome %q:\n%s", th.Rating, th.Outcome, h.events(id))
		}
		n := len(h.smtp.Mails()) - len(h.digests())
		h.passes(10 * 24 * time.Hour)
		if got := len(h.smtp.Mails()) - len(h.digests()); got != n {
			t.Errorf("%d mails were sent in the ten days after the end", got-n)
		}
	})
}

// notices are what mail programs answer while their owner is away, without a mark in the header.
var notices = map[string]string{
	"English": "Thank you for your mail. I am out of the office until 14 August with no access to my mail. In urgent cases please write to bob@desk.example.\n#resolve",
	"German":  "Vielen Dank für Ihre Nachricht. Ich bin bis zum 14. August nicht im Büro und habe keinen Zugriff auf meine E-Mails. In dringenden Fällen wenden Sie sich bitte an bob@desk.example.",
	"French":  "Bonjour,\nje suis absente du bureau jusqu'au 14 août et je ne consulte pas mes messages. En cas d'urgence, veuillez contacter bob@desk.example.",
	"Spanish": "Hola:\nestoy fuera de la oficina hasta el 14 de agosto y no tengo acceso al correo. Si es urgente, escriba a bob@desk.example.",
	"Italian": "Buongiorno,\nsono fuori ufficio fino al 14 agosto e non ho accesso alla posta elettronica. Per urgenze potete scrivere a bob@desk.example.",
}

// TestAnOwnerOnHolidayAnswersNothingAndTheThreadClimbs: their program answers every mail of ours, says so nowhere in the header, and
// in one case even carries an order.
func TestAnOwnerOnHolidayAnswersNothingAndTheThreadClimbs(t *testing.T) {
	for language, words := range notices {
		t.Run(language, func(t *testing.T) {
			inHouse(t, untold+"escalation: {steps: [{after: 0s, to: owner}, {after: 30m, to: team}, {after: 1h, to: manager}]}\n", func(h *house) {
				h.twoAgents(desk2)
				h.start()
				id := h.asks("dana@acme.example", "Production is down for all users", down)
				h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#take")
				h.passes(time.Second)
				out, seen := len(h.outside()), len(h.to("alice@desk.example"))
				for range 40 {
					h.passes(3 * time.Minute)
					for all := h.to("alice@desk.example"); seen < len(all); seen++ {
						h.arrives("support", h.answer(all[seen], "Alice Ahrens <alice@desk.example>", words))
					}
				}
				if got := len(h.outside()); got != out {
					t.Errorf("%d mails went to the customer, the first:\n%s", got-out, h.newest("dana@acme.example").Text)
				}
				th := h.thread(id)
				if !th.FirstResponseAt.IsZero() || th.Status == store.Resolved || th.Status == store.Closed {
					t.Errorf("an absence notice counts: first response %v, %s:\n%s", th.FirstResponseAt, th.Status, h.events(id))
				}
				h.wantEvent(id, "escalated to team")
				if len(h.to("bob@desk.example")) < 2 || len(h.to("mona@desk.example")) == 0 {
					t.Errorf("Bob got %d mails and Mona %d: the thread did not climb:\n%s", len(h.to("bob@desk.example")), len(h.to("mona@desk.example")), h.events(id))
				}
				if seen > 20 {
					t.Errorf("Alice got %d mails in hours: the robot and we answer each other", seen)
				}
			})
		})
	}
}

// TestARobotOfAnAgentThatNobodyRecognisesStopsSoon: words that read like a person's, to every mail.
func TestARobotOfAnAgentThatNobodyRecognisesStopsSoon(t *testing.T) {
	long(t)
	inHouse(t, "", func(h *house) {
		h.twoAgents(desk2)
		h.start()
		id := h.asks("dana@acme.example", "Production is down for all users", down)
		seen := 0
		for range 50 {
			h.passes(6 * time.Minute)
			for all := h.to("alice@desk.example"); seen < len(all); seen++ {
				h.arrives("support", h.answer(all[seen], "alice@desk.example", "We had a good look at this and call you."))
			}
		}
		n := h.sentByKind(id)
		if n[store.ReplyMail] != 1 || n[store.AckMail] != 1 || n[store.HoldingMail] > 9 {
			t.Errorf("mails by kind %v, want the ack, the words once, and the updates of five hours:\n%s", n, h.events(id))
		}
		if n[store.ReceiptMail] > 20 {
			t.Errorf("%d receipts in five hours: the robot and we answer each other:\n%s", n[store.ReceiptMail], h.events(id))
		}
	})
}
