package daemon

import (
	"strings"
	"testing"
	"time"
)

// climbed counts the steps of the ladder that an answer which is due has taken so far.
func (h *house) climbed(id int64) int { return strings.Count(h.events(id), "| escalated to ") }

// TestALoweringTakesTheManagerOutOfIt: what is no longer late climbs no further, until it is late again.
func TestALoweringTakesTheManagerOutOfIt(t *testing.T) {
	inHouse(t, "policy: {SEV-2: {first_response: 6h, resolve_within: 2d, update_every: \"-\"}}\n", func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Production is down", func(m *mail) { m.Body = outage })
		h.passes(26 * time.Minute)
		if n := h.climbed(id); n != 2 {
			t.Fatalf("%d steps were taken 26 minutes after an unanswered SEV-1, want 2:\n%s", n, h.events(id))
		}
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#severity 2")
		h.passes(5 * time.Hour)
		if n := h.climbed(id); n != 2 {
			t.Errorf("%d steps were taken on an answer that is due after six hours, want the two of before:\n%s", n, h.events(id))
		}
		h.passes(time.Hour)
		if n := h.climbed(id); n != 3 {
			t.Errorf("%d steps were taken once it was late again, want the third:\n%s", n, h.events(id))
		}
	})
}

// TestARaiseMakesAMissedPromiseAnew, and who owns it has no part in that: a step is taken once.
func TestARaiseMakesAMissedPromiseAnew(t *testing.T) {
	inHouse(t, "policy: {SEV-2: {first_response: 1h, resolve_within: 2d, update_every: \"-\"}}\n", func(h *house) {
		h.twoAgents(desk2)
		h.start()
		id := h.asks("dana@acme.example", "Export fails")
		alice := func(words string) {
			h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", words)
		}
		alice("#severity 2")
		h.passes(2 * time.Hour)
		if n := h.climbed(id); n != 3 {
			t.Fatalf("%d steps were taken in two hours, want 3:\n%s", n, h.events(id))
		}
		alice("#owner bob@desk.example")
		h.passes(2 * time.Hour)
		if n := h.climbed(id); n != 3 {
			t.Errorf("%d steps were taken, want none again because of a new owner:\n%s", n, h.events(id))
		}
		h.answersTo(h.about(id, "bob@desk.example"), "bob@desk.example", "#severity 1")
		h.passes(14 * time.Minute)
		if n := h.climbed(id); n != 3 {
			t.Errorf("%d steps were taken before the fifteen minutes of a SEV-1 had gone by:\n%s", n, h.events(id))
		}
		h.passes(25 * time.Minute)
		if n := h.climbed(id); n != 6 {
			t.Errorf("%d steps were taken, want three more for the promise of the raise:\n%s", n, h.events(id))
		}
		if last := h.newest("mona@desk.example"); !strings.Contains(last.Text, "3 of 3") {
			t.Errorf("the manager does not read which step it is:\n%s", last.Text)
		}
	})
}
