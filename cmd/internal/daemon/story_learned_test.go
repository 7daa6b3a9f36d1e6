package daemon

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"triaged/classify"
	"triaged/classify/learned"
)

// coldKilns are the samples of a desk for which a cold kiln is SEV-1.
func coldKilns(t *testing.T) *learned.Opinions {
	t.Helper()
	rules, problems := classify.Compile(nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var samples []learned.Sample
	for i := range 100 {
		kiln, when := []string{"big kiln", "gas kiln", "second kiln"}[i%3], []string{"over night", "at noon", "an hour ago", "since six"}[i%4]
		ticket := classify.Ticket{Subject: "The " + kiln, Body: fmt.Sprintf("The %s went cold %s, the glaze is soft.", kiln, when), Severity: 1, Type: classify.Technical}
		if i%2 == 1 {
			ticket = classify.Ticket{Subject: "Clay", Body: fmt.Sprintf("Which clay goes with the %s, and is there a leaflet? I asked %s.", kiln, when), Severity: 4, Type: classify.Service}
		}
		c := ticket.Case(time.Now())
		samples = append(samples, learned.Sample{Case: c, Rules: rules.Judge(c), At: time.Unix(int64(i), 0), Severity: ticket.Severity, Type: ticket.Type})
	}
	o, err := learned.Train(samples, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestWhatWasLearnedRaisesAtOnceAndSaysWhy(t *testing.T) {
	o := coldKilns(t)
	inHouse(t, untold, func(h *house) {
		state := filepath.Join(h.dir, "state")
		if err := os.MkdirAll(state, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := WriteLearned(state, o); err != nil {
			t.Fatal(err)
		}
		h.start()
		cold := h.asks("dana@pots.example", "The gas kiln", func(m *mail) { m.Body = "The gas kiln went cold at noon, the glaze is soft.\n" })
		if th := h.thread(cold); th.Severity != classify.SEV1 {
			t.Errorf("%s, want SEV-1:\n%s", th.Severity, h.events(cold))
		}
		said := false
		for _, r := range h.thread(cold).Verdict.Reasons {
			said = said || r.Rule == "learned" && strings.Contains(r.Evidence, "by the words “") && strings.Contains(r.Effect, "raised from")
		}
		if !said {
			t.Errorf("nothing says why:\n%+v", h.thread(cold).Verdict.Reasons)
		}
		clay := h.asks("tom@pots.example", "Clay", func(m *mail) { m.Body = "Which clay goes with the gas kiln, and is there a leaflet?\n" })
		if th := h.thread(clay); th.Severity < classify.SEV3 {
			t.Errorf("a question is %s:\n%s", th.Severity, h.events(clay))
		}
		h.answersTo(h.about(cold, "alice@desk.example"), "alice@desk.example", "#take\n#severity 3")
		h.answersTo(h.newest("dana@pots.example"), "dana@pots.example", "The gas kiln went cold again, the glaze is soft.")
		if th := h.thread(cold); th.Severity != classify.SEV3 {
			t.Errorf("what was learned overrules Alice: %s\n%s", th.Severity, h.events(cold))
		}
		h.end()
		if err := os.WriteFile(filepath.Join(state, "learned.json"), []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
		h.start()
		if !strings.Contains(h.logs.String(), "the rules judge without what was learned") {
			t.Error("a damaged file is not told of")
		}
		h.asks("eve@pots.example", "The gas kiln", func(m *mail) { m.Body = "The gas kiln went cold at noon.\n" })
		if n := len(h.threads()); n != 3 {
			t.Errorf("%d threads with a damaged file, want 3", n)
		}
	})
}
