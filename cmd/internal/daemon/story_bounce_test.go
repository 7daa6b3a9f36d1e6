package daemon

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"triaged/store"
)

// dsn is a delivery status report (RFC 3464) about a mail of ours.
func dsn(recipient, status, action, returnedID string) mail {
	return mail{
		From: "Mail Delivery System <MAILER-DAEMON@mx.customer.example>", Subject: "Undelivered Mail Returned to Sender",
		Header: "Return-Path: <>\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n",
		Body: fmt.Sprintf("--b\nContent-Type: text/plain\n\nI'm sorry.\n--b\nContent-Type: message/delivery-status\n\n"+
			"Reporting-MTA: dns; mx.customer.example\n\nFinal-Recipient: rfc822; %s\nAction: %s\nStatus: %s\nDiagnostic-Code: smtp; 550 no such user\n\n"+
			"--b\nContent-Type: text/rfc822-headers\n\nMessage-ID: %s\nSubject: We have your message\n\n--b--\n", recipient, action, status, returnedID),
	}
}

func TestABounceThatProvesItselfMarksItsMail(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "gone@customer.example", Subject: "Help"})
		h.passes(time.Minute)
		h.arrives("support", dsn("gone@customer.example", "5.1.1", "failed", h.sent(0).MessageID))
		h.passes(time.Hour)
		h.wantAcks("gone@customer.example")
		if s := h.outbox(1001)[0].State; s != store.Bounced {
			h.t.Errorf("the acknowledgement is %s, want bounced", s)
		}
		if ev := h.events(1001); !strings.Contains(ev, "ack bounced | gone@customer.example 5.1.1") {
			h.t.Errorf("events lack the bounce:\n%s", ev)
		}
		if n := strings.Count(h.logs.String(), "ALERT a mail of ours came back"); n != 1 {
			h.t.Errorf("%d alarms, want 1", n)
		}
		if n := len(h.threads()); n != 1 {
			h.t.Errorf("%d threads, want 1", n)
		}
	})
}

func TestAForgedBounceChangesNothing(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Help"})
		h.arrives("support", mail{From: "eve@evil.example", Subject: "Help too"})
		h.passes(time.Minute)
		eves := h.sent(0).MessageID
		if h.acks()[0] != "eve@evil.example" {
			eves = h.sent(1).MessageID
		}
		for _, forged := range []mail{
			dsn("dana@customer.example", "5.1.1", "failed", "<made-up@desk.example>"), // no id of ours
			dsn("dana@customer.example", "5.1.1", "failed", eves),                     // an id of ours, another mail's recipient
			dsn("eve@evil.example", "4.2.2", "delayed", eves),                         // not a failure
			dsn("eve@evil.example", "2.1.5", "delivered", eves),
		} {
			h.arrives("support", forged)
			h.passes(10 * time.Second)
		}
		for _, ref := range []int64{1001, 1002} {
			if s := h.outbox(ref)[0].State; s != store.Sent {
				h.t.Errorf("the acknowledgement of #%d is %s, want sent", ref, s)
			}
		}
	})
}

func TestTwoBouncesMuteAnAddressForSevenDays(t *testing.T) {
	long(t)
	inHouse(t, untold, func(h *house) {
		h.start()
		for i := range 2 {
			h.arrives("support", mail{From: "gone@customer.example", Subject: fmt.Sprintf("Help %d", i)})
			h.passes(time.Minute)
			h.arrives("support", dsn("gone@customer.example", "5.7.133", "failed", h.sent(i).MessageID))
			h.passes(2 * time.Hour)
		}
		h.arrives("support", mail{From: "gone@customer.example", Subject: "Help again"})
		h.passes(time.Minute)
		h.wantAcks("gone@customer.example", "gone@customer.example")
		if ev := h.events(1003); !strings.Contains(ev, "two mails to this address came back: no automatic mail until") {
			h.t.Errorf("the thread does not say why nothing was sent:\n%s", ev)
		}
		h.passes(8 * 24 * time.Hour)
		h.arrives("support", mail{From: "gone@customer.example", Subject: "Back"})
		h.passes(time.Minute)
		h.wantAcks("gone@customer.example", "gone@customer.example", "gone@customer.example")
	})
}

// TestAnAddressThatReturnsOurMailGetsNoMoreUntilAPersonWrites: no cadence goes on towards an address that is not there.
func TestAnAddressThatReturnsOurMailGetsNoMoreUntilAPersonWrites(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("gone@customer.example", "Production is down", func(m *mail) { m.Body = outage })
		h.arrives("support", dsn("gone@customer.example", "5.1.1", "failed", h.sent(0).MessageID))
		h.passes(2 * time.Hour)
		h.wantAcks("gone@customer.example")
		h.wantEvent(id, "our last mail to this address came back")
		h.answersTo(h.to("alice@desk.example")[0], "alice@desk.example", "Does this reach you?")
		h.passes(31 * time.Minute)
		if n := h.sentByKind(id)[store.HoldingMail]; n != 1 {
			t.Errorf("%d updates after a person's mail was taken, want the cadence to go on with 1:\n%s", n, h.events(id))
		}
	})
}

// TestACopyThatComesBackDoesNotStopTheCustomersSilence: the customer has read the question, whoever else has not.
func TestACopyThatComesBackDoesNotStopTheCustomersSilence(t *testing.T) {
	inHouse(t, brisk, func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Printer")
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#cc kim@acme.example")
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#resolve\nWe made room.")
		h.arrives("support", dsn("kim@acme.example", "5.1.1", "failed", h.newest("kim@acme.example").MessageID))
		h.passes(time.Minute)
		h.wantEvent(id, "mail bounced | kim@acme.example")
		h.passes(80 * time.Hour) // a weekend is in between
		h.wantStatus(id, store.Closed)
	})
}
