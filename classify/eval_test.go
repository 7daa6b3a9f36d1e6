package classify

import (
	"testing"
)

func TestEvaluationCountsWhatGoalsMean(t *testing.T) {
	t.Parallel()
	score := func(truth, judged Severity, kind, judgedKind Type) Scored {
		return Score(Ticket{Severity: truth, Type: kind}, Verdict{Severity: judged, Type: judgedKind})
	}
	e := Evaluate([]Scored{
		score(SEV1, SEV1, Security, Security),
		score(SEV1, SEV2, Security, Technical),
		score(SEV1, SEV3, "", Technical),
		score(SEV1, SEV4, "", Technical),
		score(SEV3, SEV1, Technical, Technical),
		score(SEV4, SEV4, Business, Business),
		score(0, SEV1, Service, Business), // no true severity: counts for the type only
	})
	for _, c := range []struct {
		what      string
		got, want float64
	}{
		{"n", float64(e.N), 7},
		{"severity n", float64(e.Severity.N), 6},
		{"accuracy: 2 of 6", e.Severity.Accuracy, 0.3333},
		{"within one: 3 of 6", e.Severity.WithinOne, 0.5},
		{"true SEV-1 judged SEV-3 or SEV-4: 2 of 4", e.Severity.UnderSeverityRate, 0.5},
		{"true SEV-3 or SEV-4 judged SEV-1: 1 of 2", e.Severity.FalseAlarmRate, 0.5},
		{"SEV-1 judged SEV-2", float64(e.Severity.Confusion["SEV-1"]["SEV-2"]), 1},
		{"type: 3 of 5", e.Type.Accuracy, 0.6},
		{"service judged business", float64(e.Type.Confusion["service"]["business"]), 1},
	} {
		if c.got != c.want {
			t.Errorf("Evaluate: %s: got %v, want %v", c.what, c.got, c.want)
		}
	}
	if none := Evaluate(nil); none.Severity.Confusion == nil || none.Type.Confusion == nil {
		t.Error("Evaluate(nil): a confusion is null, want {}")
	}
}

func TestTicketsAreReadAsTheMailTheyWere(t *testing.T) {
	t.Parallel()
	ticket, err := ParseTicket([]byte(`{"id": 7, "subject": "Störung\r\nBcc: evil@example.com", "from": "Ann <ann@kunde.example>", "severity": "sev-2", "type": "Technical", "hard": true,
		"body": "Kein Login möglich.\n\n-- \nAnn\n\nAm 5. Januar 2026 schrieb Support <support@example.com>:\n> Alles wieder gut"}`))
	if err != nil || ticket.ID != "7" || ticket.Severity != SEV2 || ticket.Type != Technical {
		t.Fatalf("ParseTicket: got %+v, %v", ticket, err)
	}
	m := ticket.Message()
	if m.From.Addr != "ann@kunde.example" || m.Subject != "Störung Bcc: evil@example.com" || m.ReplyText != "Kein Login möglich." {
		t.Errorf("Message: from %q, subject %q, reply text %q", m.From.Addr, m.Subject, m.ReplyText)
	}
	for _, bad := range []string{`{"id":"1","severity":"P1"}`, `{"id":"1","type":"hardware"}`, `nonsense`, ``} {
		if _, err := ParseTicket([]byte(bad)); err == nil {
			t.Errorf("ParseTicket(%s) gave no error", bad)
		}
	}
}
