package daemon

import (
	"slices"
	"strings"
	"testing"
	"time"

	"triaged/store"
)

// smtpDown takes the SMTP server away, or gives it back.
func (h *house) smtpDown(down bool) {
	h.net.Refuse("smtp.desk.example:25", down)
	if down {
		h.net.Cut("smtp.desk.example:25")
	}
}

// TestUpdatesThatWaitForTheServerAreOneMail: after an outage of SMTP the customer reads where it stands once, with a time to come.
func TestUpdatesThatWaitForTheServerAreOneMail(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Production is down", func(m *mail) { m.Body = outage })
		h.smtpDown(true)
		h.passes(4*time.Hour + 5*time.Minute)
		h.smtpDown(false)
		h.passes(15 * time.Minute)
		if n := h.sentByKind(id)[store.HoldingMail]; n != 1 {
			t.Errorf("%d automatic updates arrived at once after the outage, want one:\n%s", n, h.events(id))
		}
		if text := h.newest("dana@acme.example").Text; !strings.Contains(text, "04:30") {
			t.Errorf("the update promises a time that has gone by:\n%s", text)
		}
	})
}

// TestNudgesAndBriefsThatWaitForTheServerAreOneMailEach: nobody inside finds an outage of SMTP told hour by hour.
func TestNudgesAndBriefsThatWaitForTheServerAreOneMailEach(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Production is down", func(m *mail) { m.Body = outage })
		before := h.toEach(id)
		h.smtpDown(true)
		h.passes(4*time.Hour + 22*time.Minute)
		h.smtpDown(false)
		h.passes(3 * time.Minute)
		briefs, nudges := 0, 0
		for what, n := range h.toEach(id) {
			switch n -= before[what]; {
			case strings.HasPrefix(what, store.BriefMail):
				briefs = max(briefs, n)
			case strings.HasPrefix(what, store.NudgeMail):
				nudges = max(nudges, n)
			}
		}
		if briefs != 1 || nudges != 1 {
			t.Errorf("after the outage one person got %d briefs and %d nudges at once, want 1 and 1:\n%s", briefs, nudges, h.events(id))
		}
	})
}

// toEach counts what was sent on a thread by kind and recipient.
func (h *house) toEach(id int64) map[string]int {
	n := map[string]int{}
	for _, m := range h.outbox(id) {
		if m.State == store.Sent {
			n[m.Kind+" "+m.Recipient]++
		}
	}
	return n
}

// TestWhatHappenedSinceOvertakesAutomaticMail: what waits for the server and is no longer true is never sent.
func TestWhatHappenedSinceOvertakesAutomaticMail(t *testing.T) {
	for _, c := range []struct {
		name, order string
		waits       time.Duration // with SMTP down, before the order
		none        string        // the kind that must not leave
	}{
		{"an update before a resolution", "#resolve\nWe made room.", 32 * time.Minute, store.HoldingMail},
		{"an update before a question", "#waiting\nWhich version?", 32 * time.Minute, store.HoldingMail},
		{"an update on hold", "#hold", 32 * time.Minute, store.HoldingMail},
		{"an update on a closed thread", "#close confirmed by phone", 32 * time.Minute, store.HoldingMail},
		{"an update to a spammer", "#spam", 32 * time.Minute, store.HoldingMail},
	} {
		t.Run(c.name, func(t *testing.T) {
			inHouse(t, "", func(h *house) {
				h.start()
				id := h.asks("dana@acme.example", "Production is down", func(m *mail) { m.Body = outage })
				notice := h.about(id, "alice@desk.example")
				h.smtpDown(true)
				h.passes(c.waits)
				h.answersTo(notice, "alice@desk.example", c.order)
				h.smtpDown(false)
				h.passes(20 * time.Minute)
				if n := h.sentByKind(id)[c.none]; n != 0 {
					t.Errorf("%d mails of kind %s left after %q:\n%s", n, c.none, c.order, h.events(id))
				}
				h.wantEvent(id, "withheld "+c.none+" | it had not left yet")
			})
		})
	}
}

// TestASpammerIsNotAcknowledgedByAMailThatWaited: "its sender hears nothing" holds for an acknowledgement that was put off.
func TestASpammerIsNotAcknowledgedByAMailThatWaited(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.smtpDown(true)
		h.arrives("support", mail{From: "eve@pills.example", Subject: "Cheap pills"})
		h.passes(20 * time.Second)
		h.orders(Order{Thread: 1001, As: "alice@desk.example", Verb: "spam"})
		h.smtpDown(false)
		h.passes(2 * time.Hour)
		h.wantAcks()
	})
}

// TestAReminderThatWaitedIsNotSentToWhoHasAnswered: they wrote while SMTP was down.
func TestAReminderThatWaitedIsNotSentToWhoHasAnswered(t *testing.T) {
	inHouse(t, brisk, func(h *house) {
		h.start()
		id := h.resolved("dana@acme.example", "Export fails")
		asked := h.newest("dana@acme.example")
		h.smtpDown(true)
		h.passes(2*time.Hour + time.Minute)
		h.answersTo(asked, "dana@acme.example", "It stops at 40 % again.")
		h.smtpDown(false)
		h.passes(time.Hour)
		if n := h.sentByKind(id)[store.ReminderMail]; n != 0 {
			t.Errorf("%d reminders to a customer who had answered:\n%s", n, h.events(id))
		}
	})
}

// TestNobodyIsSilentAboutAMailThatHasNotLeft: while the resolution waits for the server the customer is neither reminded nor given up.
func TestNobodyIsSilentAboutAMailThatHasNotLeft(t *testing.T) {
	long(t)
	inHouse(t, brisk, func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Export fails")
		notice := h.about(id, "alice@desk.example")
		h.smtpDown(true)
		h.answersTo(notice, "alice@desk.example", "#resolve\nWe made room.")
		h.passes(10 * time.Hour)
		h.wantStatus(id, store.Resolved)
		h.smtpDown(false)
		h.passes(time.Hour + 50*time.Minute)
		if n := h.kinds(id, store.ReminderMail) + h.kinds(id, store.ClosedMail); n != 0 {
			t.Errorf("%d mails about their silence within two hours of the resolution:\n%s", n, h.events(id))
		}
		h.passes(6 * time.Hour)
		h.wantStatus(id, store.Closed)
		if n := h.sentByKind(id)[store.ReminderMail]; n != 2 {
			t.Errorf("%d reminders once it had left, want 2:\n%s", n, h.events(id))
		}
	})
}

// TestALateMailPromisesNothingThatHasGoneBy: it is written anew when the server is back, under the id that it had.
func TestALateMailPromisesNothingThatHasGoneBy(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.smtpDown(true)
		id := h.asks("dana@acme.example", "Production is down", func(m *mail) { m.Body = outage })
		meant := h.outbox(id)
		h.passes(time.Hour)
		h.smtpDown(false)
		h.passes(2 * time.Minute)
		ack := h.newest("dana@acme.example")
		if strings.Contains(ack.Text, "00:15") {
			t.Errorf("an hour late, the acknowledgement promises a quarter of an hour:\n%s", ack.Text)
		}
		if !slices.ContainsFunc(meant, func(m store.Mail) bool { return m.MessageID == ack.MessageID }) {
			t.Errorf("it left as %s, which is no id it had before", ack.MessageID)
		}
		for _, m := range h.to("alice@desk.example") {
			if strings.HasPrefix(m.Text, "Your reply goes to") {
				h.answersTo(m, "alice@desk.example", "#take")
			}
		}
		h.passes(20 * time.Minute)
		nudge := h.about(id, "alice@desk.example")
		h.smtpDown(true)
		h.answersTo(nudge, "alice@desk.example", "The replica takes over.")
		h.passes(2 * time.Hour)
		h.smtpDown(false)
		h.passes(5 * time.Minute)
		update := h.newest("dana@acme.example")
		if !strings.Contains(update.Text, "The replica takes over.") || strings.Contains(update.Text, "hear from us again by") {
			t.Errorf("two hours late, the update reads:\n%s", update.Text)
		}
	})
}
