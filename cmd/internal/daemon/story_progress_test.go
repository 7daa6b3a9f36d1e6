package daemon

import (
	"strings"
	"testing"
	"time"

	"triaged/store"
)

const outage = "Production is down for all our users, nobody can work.\n"

// sentByKind counts the sent mails of a thread by kind.
func (h *house) sentByKind(id int64) map[string]int {
	n := map[string]int{}
	for _, m := range h.outbox(id) {
		if m.State == store.Sent {
			n[m.Kind]++
		}
	}
	return n
}

func TestTheOwnersReplyToANudgeBecomesTheUpdate(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Production is down", Body: outage})
		h.passes(10 * time.Second)
		h.answersTo(h.newest("alice@desk.example"), "alice@desk.example", "#take\n\nI am on it, the database does not answer.")
		h.passes(21 * time.Minute)
		nudge := h.newest("alice@desk.example")
		if first, _, _ := strings.Cut(nudge.Text, "\n"); !strings.Contains(first, "Your reply goes to") || !strings.Contains(nudge.Text, "due by") {
			h.t.Fatalf("20 minutes after the last word to a SEV-1 customer Alice was not asked for the next:\n%s", nudge.Text)
		}
		h.answersTo(nudge, "alice@desk.example", "The replica takes over now; the app is coming back.")
		update := h.newest("dana@acme.example")
		if !strings.Contains(update.Text, "The replica takes over now") || !strings.Contains(update.Text, "by ") {
			h.t.Errorf("the update reads:\n%s\nwant Alice's words and when the next comes", update.Text)
		}
		if got := h.sentByKind(1001); got[store.UpdateMail] != 1 || got[store.HoldingMail] != 0 {
			h.t.Errorf("mails by kind = %v, want one update of a person and no automatic one", got)
		}
	})
}

// TestAnUpdatePromisesNoNextThatTheRulesOfMailWithhold: where no automatic update may follow, a person's own names no time for one, and
// nobody is asked for updates to an address that is not read.
func TestAnUpdatePromisesNoNextThatTheRulesOfMailWithhold(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Production is down", func(m *mail) { m.Body = outage })
		ack := h.newest("dana@acme.example")
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#take")
		h.arrives("support", dsn("dana@acme.example", "5.1.1", "failed", ack.MessageID))
		h.passes(21 * time.Minute)
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "The replica takes over now.")
		if text := h.newest("dana@acme.example").Text; !strings.Contains(text, "The replica takes over now.") || strings.Contains(text, "by 00:") {
			t.Errorf("our mail to Dana came back, so that no automatic one follows, and the update reads:\n%s", text)
		}
		shop := h.asks("no-reply@shop.example", "Production is down", func(m *mail) { m.Body = outage })
		h.passes(45 * time.Minute)
		if n := h.kinds(shop, store.NudgeMail); n != 0 {
			t.Errorf("%d nudges for updates to an address that is not read:\n%s", n, h.events(shop))
		}
	})
}

func TestWithoutAReplyTheCustomerHearsFromTheRecordOnTheMinute(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		opened := time.Now()
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Production is down", Body: outage})
		h.passes(10 * time.Second)
		h.answersTo(h.newest("alice@desk.example"), "alice@desk.example", "#take\n#next switch to the replica")
		h.passes(2*time.Hour + time.Minute)
		var at []time.Duration
		for _, m := range h.outbox(1001) {
			if m.Kind == store.HoldingMail {
				at = append(at, m.SentAt.Sub(opened).Round(time.Second))
			}
		}
		if len(at) != 4 || at[0] > 30*time.Minute+2*time.Second || at[3] > 120*time.Minute+8*time.Second {
			h.t.Errorf("automatic updates left at %v after the opening, want every 30 minutes to the second:\n%s", at, h.events(1001))
		}
		if text := h.newest("dana@acme.example").Text; !strings.Contains(text, "switch to the replica") {
			h.t.Errorf("the automatic update does not say what comes next:\n%s", text)
		}
		h.wantEvent(1001, "communication gap")
		if len(h.to("mona@desk.example")) == 0 {
			h.t.Error("the manager does not hear of the communication gap")
		}
	})
}

func TestSlotsThatWereSleptOverAreOneMail(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Production is down", Body: outage})
		h.passes(10 * time.Second)
		h.end()
		h.passes(3 * time.Hour)
		h.start()
		h.passes(time.Minute)
		if got := h.sentByKind(1001); got[store.HoldingMail] != 1 || got[store.BriefMail] > 2 {
			h.t.Errorf("mails by kind after three hours asleep = %v, want one automatic update:\n%s", got, h.events(1001))
		}
		h.wantEvent(1001, "skipped 5 updates")
	})
}

func TestStakeholdersHearOfTheBeginningEveryHourAndTheEnd(t *testing.T) {
	inHouse(t, "stakeholders: {executives: [eve@desk.example], all_hands: [all@desk.example]}\n", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Production is down", Body: outage})
		h.passes(2*time.Hour + time.Minute)
		if eve, all := len(h.to("eve@desk.example")), len(h.to("all@desk.example")); eve != 3 || all != 1 {
			h.t.Errorf("executives got %d mails, all hands %d; want opening and two briefs, and the opening", eve, all)
		}
		h.answersTo(h.to("alice@desk.example")[0], "alice@desk.example", "#resolve\nWe restarted the database.")
		if eve, all := len(h.to("eve@desk.example")), len(h.to("all@desk.example")); eve != 4 || all != 2 {
			h.t.Errorf("after the resolution executives have %d mails, all hands %d; want a closing summary each", eve, all)
		}
		if text := h.newest("eve@desk.example").Text; !strings.Contains(text, "We restarted the database.") {
			h.t.Errorf("the closing summary lacks what was done:\n%s", text)
		}
		h.passes(4 * time.Hour)
		if eve := len(h.to("eve@desk.example")); eve != 4 {
			h.t.Errorf("executives got %d mails, want none after the closing summary", eve)
		}
	})
}

func TestCadenceAndDraftsOfAThread(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Production is down", Body: outage})
		h.passes(10 * time.Second)
		h.answersTo(h.newest("alice@desk.example"), "alice@desk.example", "#take\n#cadence 3h\n#draft apology")
		h.passes(time.Minute)
		drafted := false
		for _, m := range h.to("alice@desk.example") {
			drafted = drafted || strings.Contains(m.Text, "I apologise")
		}
		if !drafted {
			h.t.Errorf("Alice has no draft of an apology:\n%s", h.events(1001))
		}
		h.passes(3 * time.Hour)
		if got := h.sentByKind(1001)[store.HoldingMail]; got != 1 {
			h.t.Errorf("%d automatic updates within 3 h at a cadence of 3h, want 1:\n%s", got, h.events(1001))
		}
		before := len(h.outside())
		h.passes(time.Minute)
		if len(h.outside()) != before {
			h.t.Error("a draft went to the customer by itself")
		}
	})
}

// TestWhoAnswersOurQuestionIsNotToldAtOnceThatNothingIsNew: the cadence rests while we wait, and counts anew from their answer.
func TestWhoAnswersOurQuestionIsNotToldAtOnceThatNothingIsNew(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Production is down", func(m *mail) { m.Body = outage })
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#waiting\nWhich version?")
		h.passes(3 * time.Hour)
		h.answersTo(h.about(id, "dana@acme.example"), "dana@acme.example", "Version 7.")
		h.passes(29 * time.Minute)
		if n := h.sentByKind(id); n[store.HoldingMail] != 0 || n[store.BriefMail] != 0 {
			t.Errorf("mails by kind %v within half an hour of their answer, want no update and no brief:\n%s", n, h.events(id))
		}
		h.passes(2 * time.Minute)
		if n := h.sentByKind(id)[store.HoldingMail]; n != 1 {
			t.Errorf("%d updates half an hour after their answer, want 1:\n%s", n, h.events(id))
		}
	})
}

// TestATimeThatACustomerWasToldStandsWhenTheSeverityIsLowered: also where the lower one promises no cadence.
func TestATimeThatACustomerWasToldStandsWhenTheSeverityIsLowered(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Production is down", func(m *mail) { m.Body = outage })
		h.passes(31 * time.Minute)
		if text := h.about(id, "dana@acme.example").Text; !strings.Contains(text, "again by 01:00") {
			t.Fatalf("the update tells no next one:\n%s", text)
		}
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#severity 4")
		h.passes(24 * time.Hour)
		if n := h.sentByKind(id)[store.HoldingMail]; n != 2 {
			t.Errorf("%d updates, want the one of before and the one that was promised:\n%s", n, h.events(id))
		}
		if text := h.newest("dana@acme.example").Text; strings.Contains(text, "hear from us again by") {
			t.Errorf("the last update promises another, though a SEV-4 hears on change:\n%s", text)
		}
	})
}

// TestWhoComesBackIsNotToldAtOnceThatNothingIsNew: a time that was told before the thread was closed is no promise any more.
func TestWhoComesBackIsNotToldAtOnceThatNothingIsNew(t *testing.T) {
	inHouse(t, brisk, func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Production is down", func(m *mail) { m.Body = outage })
		h.passes(31 * time.Minute)
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#close confirmed by phone")
		h.passes(3 * time.Hour)
		h.answersTo(h.about(id, "dana@acme.example"), "dana@acme.example", "It is down again.")
		h.wantStatus(id, store.Reopened)
		h.passes(29 * time.Minute)
		if n := h.sentByKind(id)[store.HoldingMail]; n != 1 {
			t.Errorf("%d automatic updates, want only the one of before the closing:\n%s", n, h.events(id))
		}
		h.passes(2 * time.Minute)
		if n := h.sentByKind(id)[store.HoldingMail]; n != 2 {
			t.Errorf("%d automatic updates half an hour after the reopening, want a second:\n%s", n, h.events(id))
		}
	})
}

// TestAQuestionInReplyToANudgePromisesNoUpdate: while we wait on the customer none comes.
func TestAQuestionInReplyToANudgePromisesNoUpdate(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Production is down", func(m *mail) { m.Body = outage })
		h.passes(21 * time.Minute)
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#waiting\nWhich version?")
		if text := h.newest("dana@acme.example").Text; !strings.Contains(text, "Which version?") || strings.Contains(text, "hear from us again by") {
			t.Errorf("the question reads:\n%s", text)
		}
	})
}

// TestTheCadenceBeginsWithTheAcknowledgement: nothing else has to happen to a thread, and a late one is not followed by an update at once.
func TestTheCadenceBeginsWithTheAcknowledgement(t *testing.T) {
	inHouse(t, "policy: {SEV-1: {update_every: 5m}}\n", func(h *house) {
		h.start()
		opened := time.Now()
		id := h.asks("dana@acme.example", "Production is down", func(m *mail) { m.Body = outage })
		h.passes(11 * time.Minute)
		if at := h.left(id, store.HoldingMail); len(at) != 2 || at[0].Sub(opened).Round(time.Minute) != 5*time.Minute {
			t.Errorf("updates left at %v, want five and ten minutes after %v:\n%s", at, opened, h.events(id))
		}
		h.smtpDown(true)
		id = h.asks("kim@acme.example", "Production is down", func(m *mail) { m.Body = outage })
		h.passes(time.Hour)
		h.smtpDown(false)
		h.passes(4 * time.Minute)
		if n := h.sentByKind(id); n[store.AckMail] != 1 || n[store.HoldingMail] != 0 {
			t.Errorf("mails by kind %v four minutes after the server came back, want the acknowledgement alone:\n%s", n, h.events(id))
		}
		h.passes(3 * time.Minute)
		if n := h.sentByKind(id)[store.HoldingMail]; n != 1 {
			t.Errorf("%d updates five minutes after the late acknowledgement, want 1:\n%s", n, h.events(id))
		}
	})
}
