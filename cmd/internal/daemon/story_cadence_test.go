package daemon

import (
	"strings"
	"testing"
	"time"

	"triaged/config"
	"triaged/store"
)

// left are the instants at which the mails of a kind left for a thread, in order.
func (h *house) left(id int64, kind string) (at []time.Time) {
	for _, m := range h.outbox(id) {
		if m.Kind == kind && m.State == store.Sent {
			at = append(at, m.SentAt)
		}
	}
	return at
}

// TestASEV1FromTheFirstMailToTheYes: one nudge is answered, two are not, the gap is told, and the customer confirms.
func TestASEV1FromTheFirstMailToTheYes(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Production is down", down)
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#take\n#next look at the database\n\nI am looking at it.")
		word := h.left(id, store.ReplyMail)[0]
		h.passes(21 * time.Minute)
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#next switch to the replica\n\nThe database does not answer, we switch to the replica.")
		update := h.left(id, store.UpdateMail)
		if len(update) != 1 || update[0].Sub(word) > 30*time.Minute {
			t.Fatalf("updates of a person at %v, want one within 30 minutes of %v:\n%s", update, word, h.events(id))
		}
		h.passes(time.Hour + 5*time.Second) // nobody answers the nudges
		holding := h.left(id, store.HoldingMail)
		if len(holding) != 2 {
			t.Fatalf("automatic updates at %v, want two in an hour of silence:\n%s", holding, h.events(id))
		}
		for i, at := range holding {
			if due := update[0].Add(time.Duration(i+1) * 30 * time.Minute); at.Before(due) || at.Sub(due) > time.Duration(i+1)*time.Second+time.Second {
				t.Errorf("automatic update %d left at %v, it was due at %v", i+1, at, due)
			}
		}
		if text := h.newest("dana@acme.example").Text; !strings.Contains(text, "switch to the replica") || !strings.Contains(text, "put together from our records") {
			t.Errorf("the automatic update reads:\n%s", text)
		}
		h.wantEvent(id, "communication gap")
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "It works again on the replica.") // the gap's escalation takes no words for the customer
		h.answersTo(h.to("alice@desk.example")[0], "alice@desk.example", "#resolve\nWhat happened: the database's disk died.\nWhat we did: we switched to the replica.\nHow we prevent it: the switch is automatic now.\nHow it was tested: we logged in and paid.")
		h.wantStatus(id, store.Resolved)
		gone := len(h.outside())
		h.passes(3 * time.Hour)
		if n := len(h.outside()); n != gone {
			t.Errorf("%d mails went to the customer while we wait for their yes:\n%s", n-gone, h.events(id))
		}
		h.answersTo(h.newest("dana@acme.example"), "dana@acme.example", "Yes, it works again. Thank you!")
		h.wantStatus(id, store.Closed)
		if th := h.thread(id); th.Outcome != store.OutcomeConfirmed {
			t.Errorf("outcome %q, want confirmed", th.Outcome)
		}
		for kind, want := range map[string]int{store.AckMail: 1, store.ReplyMail: 1, store.UpdateMail: 1, store.HoldingMail: 2, store.ResolutionMail: 1, store.RatingMail: 1} {
			if got := h.sentByKind(id)[kind]; got != want {
				t.Errorf("%d mails of kind %s, want %d", got, kind, want)
			}
		}
	})
}

// TestASEV3RestsOverTheWeekendAndAHoliday: it opens on a Friday at 16:00; Monday is a holiday of the calendar.
func TestASEV3RestsOverTheWeekendAndAHoliday(t *testing.T) {
	long(t)
	inHouse(t, "calendars: {business: {timezone: UTC, hours: {mon-fri: \"09:00-17:00\"}, holidays: [2000-01-10]}}\n", func(h *house) {
		h.start()
		friday := time.Date(2000, 1, 7, 16, 0, 0, 0, time.UTC)
		h.passes(time.Until(friday))
		id := h.asks("dana@acme.example", "Wrong total in a report", func(m *mail) { m.Body = "One report shows a wrong total since Monday. We add it up by hand for now.\n" })
		if th := h.thread(id); th.Severity != 3 {
			t.Fatalf("%s, want SEV-3:\n%s", th.Severity, h.events(id))
		}
		h.passes(time.Until(time.Date(2000, 1, 11, 11, 59, 0, 0, time.UTC)))
		if got := h.sentByKind(id); got[store.AckMail] != 1 || got[store.HoldingMail]+got[store.NudgeMail]+got[store.EscalationMail] != 0 {
			t.Errorf("mails by kind until Tuesday noon = %v, want nothing but the ack and what was passed on:\n%s", got, h.events(id))
		}
		if log := h.events(id); strings.Contains(log, "missed respond") {
			t.Errorf("four open hours end on Tuesday at noon, and were missed before:\n%s", log)
		}
		h.passes(2 * time.Minute)
		h.wantEvent(id, "missed respond")
		h.passes(time.Until(time.Date(2000, 1, 12, 9, 0, 0, 0, time.UTC)))
		tuesday := time.Date(2000, 1, 11, 16, 0, 0, 0, time.UTC)
		at := h.left(id, store.HoldingMail)
		if len(at) != 1 || at[0].Before(tuesday) || at[0].Sub(tuesday) > 12*time.Second {
			t.Errorf("automatic updates at %v, want one a business day after the opening, on Tuesday at 16:00:\n%s", at, h.events(id))
		}
	})
}

// TestAPolicyReloadedInMidCadence: what the customer was told stands; from then on the new pace holds, and no slot is sent twice.
func TestAPolicyReloadedInMidCadence(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start(func(o *Options) {
			o.Load = func() (*config.Config, []config.Problem) { return config.Parse("triaged.yaml", []byte(h.yaml)) }
		})
		id := h.asks("dana@acme.example", "Production is down", down)
		opened := h.thread(id).OpenedAt
		h.passes(45 * time.Minute)
		h.yaml += "policy: {SEV-1: {update_every: 10m, nudge_before: 3m}}\n"
		if err := h.daemon.Reload(); err != nil {
			t.Fatal(err)
		}
		h.passes(36*time.Minute + 5*time.Second) // to 81 minutes after the opening
		var minutes []int
		for _, at := range h.left(id, store.HoldingMail) {
			minutes = append(minutes, int(at.Sub(opened).Minutes()))
		}
		want := []int{30, 60, 70, 80}
		if len(minutes) != len(want) {
			t.Fatalf("automatic updates at minutes %v, want %v: the slot that was told, then every ten minutes:\n%s", minutes, want, h.events(id))
		}
		for i := range want {
			if minutes[i] != want[i] {
				t.Errorf("automatic updates at minutes %v, want %v", minutes, want)
				break
			}
		}
	})
}
