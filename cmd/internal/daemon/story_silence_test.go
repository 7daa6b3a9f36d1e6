package daemon

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"triaged/store"
)

// brisk is a policy of hours, where others wait for days; caps of senders stand in no story's way.
const brisk = "silence: {remind: [2h, 4h], close_after: 7h, reopen_within: 1d}\nack: {per_sender_hour: 0, per_sender_day: 0, per_domain_hour: 0}\n"

// resolved opens a thread and resolves it; the resolution is the newest mail to the customer.
func (h *house) resolved(from, subject string) int64 {
	h.t.Helper()
	id := h.asks(from, subject)
	h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#resolve\nWe made room.")
	h.wantStatus(id, store.Resolved)
	return id
}

// kinds counts the mails on a thread that have a kind.
func (h *house) kinds(id int64, kind string) (n int) {
	for _, m := range h.outbox(id) {
		if m.Kind == kind {
			n++
		}
	}
	return n
}

// TestASilenceThatNobodyHeardIsNoSilence: the customer answers while the daemon is down, for longer than the policy waits.
func TestASilenceThatNobodyHeardIsNoSilence(t *testing.T) {
	inHouse(t, brisk, func(h *house) {
		h.start()
		id := h.resolved("dana@acme.example", "Export fails")
		asked := h.newest("dana@acme.example")
		h.end()
		h.passes(10 * time.Hour)
		h.arrives("support", h.answer(asked, "dana@acme.example", "It stops at 40 % again."))
		h.passes(5 * time.Hour)
		h.start()
		h.passes(time.Hour)
		if n := h.kinds(id, store.ReminderMail) + h.kinds(id, store.ClosedMail); n != 0 {
			t.Errorf("%d mails about their silence to a customer who had answered:\n%s", n, h.events(id))
		}
		h.wantStatus(id, store.Resolved)
		told := false
		for _, m := range h.to("alice@desk.example") {
			told = told || strings.Contains(m.Text, "40 % again")
		}
		if len(h.threads()) != 1 || !told {
			t.Errorf("the answer was not passed on:\n%s", h.events(id))
		}
	})
}

// TestAReminderSpeaksOfAQuestionOnlyWhereOneWasWritten: what an agent asked by phone stands in no mail that could be read again.
func TestAReminderSpeaksOfAQuestionOnlyWhereOneWasWritten(t *testing.T) {
	for order, written := range map[string]bool{"#called asked for the version\n#waiting": false, "#waiting\nWhich version is it?": true} {
		t.Run(order, func(t *testing.T) {
			inHouse(t, brisk, func(h *house) {
				h.start()
				id := h.asks("dana@acme.example", "Export fails")
				h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", order)
				h.wantStatus(id, store.WaitingOnCustomer)
				h.passes(2*time.Hour + time.Minute)
				text := h.newest("dana@acme.example").Text
				if h.kinds(id, store.ReminderMail) != 1 || strings.Contains(text, "The question is in") != written {
					t.Errorf("a question was written: %t, and the reminder reads:\n%s", written, text)
				}
			})
		})
	}
}

// TestADeafMailboxClosesNothing: what a customer may have said to a mailbox that cannot be read is not held against them.
func TestADeafMailboxClosesNothing(t *testing.T) {
	inHouse(t, brisk, func(h *house) {
		h.start()
		id := h.resolved("dana@acme.example", "Export fails")
		h.net.Refuse("imap.desk.example:143", true)
		h.net.Cut("imap.desk.example:143")
		h.passes(20 * time.Hour)
		h.wantStatus(id, store.Resolved)
		h.wantEvent(id, string(store.Recounted))
		if n := h.kinds(id, store.ReminderMail) + h.kinds(id, store.ClosedMail); n != 0 {
			t.Errorf("%d mails about a silence that nobody could hear end:\n%s", n, h.events(id))
		}
		h.net.Refuse("imap.desk.example:143", false)
		h.passes(20 * time.Hour)
		h.wantStatus(id, store.Closed)
		if r, c := h.kinds(id, store.ReminderMail), h.kinds(id, store.ClosedMail); r != 2 || c != 1 {
			t.Errorf("%d reminders and %d words of closing once it is heard again, want 2 and 1:\n%s", r, c, h.events(id))
		}
	})
}

// TestHoldRestsAndReleaseBeginsAnew: #hold keeps automatic mail back, until #release or a named time.
func TestHoldRestsAndReleaseBeginsAnew(t *testing.T) {
	inHouse(t, brisk, func(h *house) {
		h.start()
		id := h.resolved("dana@acme.example", "Export fails")
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#hold")
		h.passes(20 * time.Hour)
		if n := h.kinds(id, store.ReminderMail) + h.kinds(id, store.ClosedMail); n != 0 {
			t.Errorf("%d automatic mails while they were held:\n%s", n, h.events(id))
		}
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#release")
		h.passes(time.Hour)
		if n := h.kinds(id, store.ReminderMail) + h.kinds(id, store.ClosedMail); n != 0 {
			t.Errorf("%d mails at once after #release, want the silence counted from it:\n%s", n, h.events(id))
		}
		h.passes(2 * time.Hour)
		if n := h.kinds(id, store.ReminderMail); n == 0 {
			t.Errorf("no reminder after #release:\n%s", h.events(id))
		}
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#hold until tomorrow 9:00")
		if th := h.thread(id); !th.Held || th.HeldUntil.Hour() != 9 || th.HeldUntil.Day() != time.Now().Add(24*time.Hour).Day() {
			t.Fatalf("held %v until %v:\n%s", th.Held, th.HeldUntil, h.events(id))
		}
		before := h.kinds(id, store.ReminderMail)
		h.passes(time.Until(h.thread(id).HeldUntil) - time.Minute)
		if h.kinds(id, store.ReminderMail) != before || !h.thread(id).Held {
			t.Errorf("the hold ended early:\n%s", h.events(id))
		}
		h.passes(2 * time.Minute)
		if h.thread(id).Held {
			t.Errorf("the hold did not end by itself:\n%s", h.events(id))
		}
		h.passes(8 * time.Hour)
		h.wantStatus(id, store.Closed)
	})
}

// TestAYesToAnotherQuestionConfirmsNothing: an agent asked something on a resolved thread.
func TestAYesToAnotherQuestionConfirmsNothing(t *testing.T) {
	inHouse(t, brisk, func(h *house) {
		h.start()
		id := h.resolved("dana@acme.example", "Export fails")
		dana := func(words string) { h.answersTo(h.about(id, "dana@acme.example"), "dana@acme.example", words) }
		dana("The button is grey now.")
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "Did you log in again?")
		dana("Yes.")
		h.wantStatus(id, store.Resolved)
		h.wantEvent(id, "their yes answers what an agent wrote")
		dana("It works now, thanks!")
		h.wantStatus(id, store.Closed)
	})
}

// TestAHeldThreadAsksAndAcknowledgesNothing: #hold stands for every automatic mail, the first and the last.
func TestAHeldThreadAsksAndAcknowledgesNothing(t *testing.T) {
	inHouse(t, brisk, func(h *house) {
		h.start()
		alice := func(id int64, words string) {
			h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", words)
		}
		id := h.asks("kim@acme.example", "Scanner", header("X-Auto-Response-Suppress: All\n"))
		alice(id, "#hold")
		h.arrives("support", mail{From: "kim@acme.example", Subject: fmt.Sprintf("Re: Scanner [#%d]", id), Body: "Anybody?\n"})
		h.passes(time.Hour)
		h.wantAcks()
		h.wantEvent(id, "withheld ack | #hold")

		id = h.asks("dana@acme.example", "Printer")
		alice(id, "#hold")
		alice(id, "#close confirmed by phone")
		id = h.resolved("dana@acme.example", "Copier")
		alice(id, "#hold")
		h.answersTo(h.about(id, "dana@acme.example"), "dana@acme.example", "Yes, it works.")
		h.wantStatus(id, store.Closed)
		h.wantEvent(id, "withheld rating | #hold")
		h.wantAcks("dana@acme.example", "dana@acme.example", "dana@acme.example") // two acknowledgements and a resolution
	})
}

// TestACustomerWritesInEveryState: what their mail does, wherever the thread stands.
func TestACustomerWritesInEveryState(t *testing.T) {
	long(t)
	inHouse(t, brisk, func(h *house) {
		h.start()
		alice := func(id int64, words string) {
			h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", words)
		}
		confirm := func(h *house) { h.follows(h.outside()[len(h.outside())-1], "yes", "dana@acme.example") }
		for _, c := range []struct {
			name    string
			bring   func(id int64)
			writes  string
			want    store.Status
			waits   bool   // a person owes an answer
			threads int    // that there are more afterwards
			says    string // the log
		}{
			{"acknowledged", func(int64) {}, "Any news?", store.Acknowledged, true, 0, "customer wrote"},
			{"investigating", func(id int64) { alice(id, "#take") }, "Any news?", store.Investigating, true, 0, "customer wrote"},
			{"workaround", func(id int64) { alice(id, "#workaround restart it") }, "It crashed again.", store.Workaround, true, 0, "customer wrote"},
			{"waiting", func(id int64) { alice(id, "#waiting") }, "It is version 7.", store.Investigating, true, 0, "customer wrote"},
			{"resolved, and it is not", func(id int64) { alice(id, "#resolve\nWe made room.") }, "It stops at 40 % again.", store.Resolved, true, 0, "customer wrote"},
			{"resolved, and it is", func(id int64) { alice(id, "#resolve\nWe made room.") }, "Yes, it works. Thank you!", store.Closed, false, 0, "confirmed"},
			{"closed early", func(id int64) { alice(id, "#resolve\nWe made room."); confirm(h); h.passes(2 * time.Hour) }, "It stops at 40 % again.", store.Reopened, true, 0, "customer came back"},
			{"closed early, thanks", func(id int64) { alice(id, "#resolve\nWe made room."); confirm(h); h.passes(2 * time.Hour) }, "Thank you so much!", store.Closed, false, 0, "customer thanked"},
			{"closed late", func(id int64) { alice(id, "#resolve\nWe made room."); confirm(h); h.passes(30 * time.Hour) }, "It stops at 40 % again.", store.Closed, false, 1, "wrote again, in a new thread"},
			{"closed late, thanks", func(id int64) { alice(id, "#resolve\nWe made room."); confirm(h); h.passes(30 * time.Hour) }, "Thank you so much!", store.Closed, false, 0, "customer thanked"},
			{"reopened", func(id int64) { alice(id, "#close confirmed by phone"); alice(id, "#reopen") }, "Any news?", store.Reopened, true, 0, "customer wrote"},
			{"closed as spam", func(id int64) { alice(id, "#spam") }, "Why do you not answer?", store.Reopened, true, 0, "customer came back"},
		} {
			id := h.asks("dana@acme.example", "Export fails, "+c.name)
			c.bring(id)
			before, told := len(h.threads()), len(h.to("alice@desk.example"))
			h.answersTo(h.about(id, "dana@acme.example"), "dana@acme.example", c.writes)
			h.wantStatus(id, c.want)
			h.wantEvent(id, c.says)
			waits := false
			for slot := range h.owed(id) {
				waits = waits || strings.HasPrefix(slot, store.Respond+"/")
			}
			first := c.name == "acknowledged" || c.name == "investigating" || c.name == "workaround" || c.name == "waiting" // the opening waits as well
			if waits != c.waits && !first {
				t.Errorf("%s: an answer is owed: %v, want %v:\n%s", c.name, waits, c.waits, h.events(id))
			}
			if got := len(h.threads()) - before; got != c.threads {
				t.Errorf("%s: %d more threads, want %d", c.name, got, c.threads)
			}
			if c.threads == 1 {
				if next := h.thread(id + 1); next.Earlier != id || next.Status != store.Acknowledged {
					t.Errorf("%s: the new thread follows #%d and is %s, want #%d", c.name, next.Earlier, next.Status, id)
				}
			}
			if len(h.to("alice@desk.example")) == told {
				t.Errorf("%s: nobody was told what the customer wrote:\n%s", c.name, h.events(id))
			}
		}
	})
}
