package daemon

import (
	"strings"
	"testing"
	"time"

	"triaged/store"
)

func TestACustomerIsAcknowledgedWithinASecond(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "Dana <dana@customer.example>", Subject: "Cannot log in", ID: "<a1@customer.example>"})
		h.passes(time.Second)
		h.wantAcks("dana@customer.example")
		ack := h.sent(0)
		if len(ack.InReplyTo) != 1 || ack.InReplyTo[0] != "<a1@customer.example>" {
			h.t.Errorf("In-Reply-To = %q, want the customer's id", ack.InReplyTo)
		}
		th := h.threads()
		if len(th) != 1 || th[0].Status != store.Acknowledged || th[0].AcknowledgedAt.IsZero() {
			h.t.Fatalf("threads = %+v, want one that is acknowledged", th)
		}
		if th[0].ID != 1001 {
			h.t.Errorf("first reference = #%d, want #1001", th[0].ID)
		}
	})
}

func TestAReplyJoinsAndIsNotAcknowledgedAgain(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Cannot log in", ID: "<a1@customer.example>"})
		h.passes(time.Minute)
		ack := h.sent(0)
		h.arrives("support", mail{
			From: "dana@customer.example", Subject: "Re: Cannot log in", ID: "<a2@customer.example>",
			Header: "In-Reply-To: " + ack.MessageID + "\n", Body: "It also fails on my phone.\n",
		})
		h.passes(time.Hour)
		h.wantAcks("dana@customer.example")
		if th := h.threads(); len(th) != 1 {
			h.t.Fatalf("%d threads, want 1", len(th))
		}
		if got := len(h.messages(store.MessageFilter{Thread: 1001})); got < 2 {
			h.t.Errorf("%d messages in the thread, want both", got)
		}
	})
}

func TestOpenerAndReplyInOneBatchAreOneThread(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Cannot log in", ID: "<a1@customer.example>", At: time.Now().Add(time.Second)})
		h.arrives("support", mail{
			From: "dana@customer.example", Subject: "Re: Cannot log in", ID: "<a2@customer.example>",
			Header: "References: <a1@customer.example>\n", At: time.Now().Add(time.Second),
		})
		h.start()
		h.passes(time.Minute)
		if th := h.threads(); len(th) != 1 {
			h.t.Fatalf("%d threads, want 1:\n%s", len(th), h.events(1001))
		}
		h.wantAcks("dana@customer.example")
	})
}

func TestOneMailInTwoMailboxesGetsOneAck(t *testing.T) {
	inHouse(t, billingYAML, func(h *house) {
		h.start()
		m := mail{From: "dana@customer.example", To: "billing@desk.example, support@desk.example", Subject: "Invoice", ID: "<a1@customer.example>"}
		h.arrives("billing", m)
		h.arrives("support", m)
		h.passes(10 * time.Minute)
		h.wantAcks("dana@customer.example")
		if from := h.outside()[0].From; from != "support@desk.example" {
			h.t.Errorf("answered from %s, want the first configured mailbox that the mail names", from)
		}
		if ev := h.events(1001); !strings.Contains(ev, "seen again") {
			h.t.Errorf("events lack the second sighting:\n%s", ev)
		}
	})
}

func TestMachinesAgentsAndOurselvesAreRecordedAndNotAnswered(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		for _, m := range []mail{
			{From: "dana@customer.example", Subject: "Automatic reply: away", Header: "Auto-Submitted: auto-replied\n"},
			{From: "MAILER-DAEMON@mx.example", Subject: "Undelivered Mail Returned to Sender", Header: "Return-Path: <>\nAuto-Submitted: auto-replied\n"},
			{From: "news@list.example", Subject: "Weekly", Header: "List-Id: <news.list.example>\n"},
			{From: "no-reply@shop.example", Subject: "Your order"},
			{From: "Alice Ahrens <alice@desk.example>", Subject: "test"},
			{From: "support@desk.example", Subject: "from ourselves"},
		} {
			h.arrives("support", m)
			h.passes(time.Second)
		}
		h.passes(time.Hour)
		h.wantAcks()
		if got := len(h.messages(store.MessageFilter{})); got != 6 {
			h.t.Errorf("%d messages recorded, want 6", got)
		}
	})
}

func TestSMTPDownForAnHourOnlyDelaysTheAck(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.net.Refuse("smtp.desk.example:25", true)
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Cannot log in"})
		h.passes(time.Hour)
		h.wantAcks()
		if !strings.Contains(h.logs.String(), "acknowledgements are late") {
			h.t.Errorf("no alarm was raised after half of ack.within:\n%s", h.logs)
		}
		h.net.Refuse("smtp.desk.example:25", false)
		h.passes(2 * time.Minute)
		h.wantAcks("dana@customer.example")
	})
}

func TestAWebFormsReplyToIsTheCustomer(t *testing.T) {
	inHouse(t, "forms: [form@desk.example]\n", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "form@desk.example", Subject: "Contact form", Header: "Reply-To: dana@customer.example\n"})
		h.passes(10 * time.Second)
		h.arrives("support", mail{From: "someone@else.example", Subject: "Not a form", Header: "Reply-To: victim@customer.example\n"})
		h.passes(time.Minute)
		h.wantAcks("dana@customer.example", "someone@else.example")
	})
}

func TestWhatTheAckMayEcho(t *testing.T) {
	inHouse(t, "customers: [{domain: known.example, name: Known, tier: gold}]\n", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "Buy Now <spam@stranger.example>", Subject: "BUY http://evil.example", Body: "BUY my thing at http://evil.example\n"})
		h.passes(10 * time.Second)
		h.arrives("support", mail{From: "Dana <dana@known.example>", Subject: "Printer jam"})
		h.passes(10 * time.Second)
		h.wantAcks("spam@stranger.example", "dana@known.example")
		raw := string(h.outside()[0].Raw)
		for _, no := range []string{"BUY", "evil.example", "Buy Now"} {
			if strings.Contains(raw, no) {
				h.t.Errorf("the answer to a stranger carries %q", no)
			}
		}
		if s := h.sent(1).Subject; !strings.Contains(s, "Printer jam") {
			h.t.Errorf("the answer to a known customer has subject %q, want theirs in it", s)
		}
		for _, want := range []string{"Auto-Submitted: auto-replied", "X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply"} {
			if !strings.Contains(raw, want) {
				h.t.Errorf("the answer lacks %q", want)
			}
		}
	})
}
