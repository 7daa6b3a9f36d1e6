package store

import (
	"testing"
	"time"

	"triaged/classify"
)

// TestEveryStatusMeetsEveryTrigger: the whole machine, as doc.go draws it. What is not a move here
// leaves the status, and always leaves an event.
func TestEveryStatusMeetsEveryTrigger(t *testing.T) {
	t.Parallel()
	statuses := []Status{New, Acknowledged, Investigating, Workaround, WaitingOnCustomer, Resolved, Closed, Reopened}
	triggers := []Trigger{Opened, CustomerWrote, AgentWrote, MachineWrote, StrangerWrote, AckSent, AckWithheld, AckHeld, AckFailed, AckBounced}
	want := map[Status]map[Trigger]Status{New: {AckSent: Acknowledged}}
	for _, from := range statuses {
		for _, trigger := range triggers {
			to := from
			if w, ok := want[from][trigger]; ok {
				to = w
			}
			was := Thread{ID: 1001, Status: from, Severity: classify.SEV3}
			got, events := was.Apply(Happening{Trigger: trigger, At: noon, Who: "somebody", Why: "because"})
			if got.Status != to {
				t.Errorf("%s + %s = %s, want %s", from, trigger, got.Status, to)
			}
			if len(events) != 1 || events[0] != (Event{Thread: 1001, At: noon, Who: "somebody", What: string(trigger), Why: "because"}) {
				t.Errorf("%s + %s: events = %+v, want one that says so", from, trigger, events)
			}
			if acked := !got.AcknowledgedAt.IsZero(); acked != (trigger == AckSent) {
				t.Errorf("%s + %s: AcknowledgedAt = %v", from, trigger, got.AcknowledgedAt)
			}
		}
	}
}

func TestTheFirstAcknowledgementIsTheOneThatCounts(t *testing.T) {
	t.Parallel()
	th, _ := Thread{Status: New}.Apply(Happening{Trigger: AckSent, At: noon})
	th, _ = th.Apply(Happening{Trigger: AckSent, At: noon.Add(time.Hour)})
	if !th.AcknowledgedAt.Equal(noon) {
		t.Errorf("AcknowledgedAt = %v, want %v", th.AcknowledgedAt, noon)
	}
}

func TestLaterJudgementsOnlyRaise(t *testing.T) {
	t.Parallel()
	verdict := func(s classify.Severity, of classify.Type) *classify.Verdict {
		return &classify.Verdict{Severity: s, Type: of, Team: "db", Reasons: []classify.Reason{{Rule: "outage", Evidence: "production is down"}, {Rule: "tier"}}}
	}
	th, events := Thread{}.Apply(Happening{Trigger: Opened, At: noon, Verdict: verdict(classify.SEV3, "technical")})
	if th.Severity != classify.SEV3 || th.Type != "technical" || th.Team != "db" || len(events) != 2 || events[1].Why != "outage: production is down (and 1 more)" {
		t.Fatalf("opened: %+v, %+v", th, events)
	}
	for _, c := range []struct {
		says classify.Severity
		want classify.Severity
	}{{classify.SEV4, classify.SEV3}, {classify.SEV3, classify.SEV3}, {classify.SEV1, classify.SEV1}} {
		got, events := th.Apply(Happening{Trigger: CustomerWrote, At: noon, Verdict: verdict(c.says, "business")})
		if got.Severity != c.want || got.Type != "technical" {
			t.Errorf("%s judged again as %s: %s %s, want %s technical", th.Severity, c.says, got.Severity, got.Type, c.want)
		}
		if raised := len(events) == 2; raised != (c.want != th.Severity) {
			t.Errorf("%s judged again as %s: events = %+v", th.Severity, c.says, events)
		}
	}
}

func TestParseRef(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{"1042": 1042, "#1042": 1042, " #1042 ": 1042, "": 0, "#": 0, "-1": 0, "0": 0, "x": 0, "##1": 0, "99999999999999999999": 0} {
		if got, err := ParseRef(in); got != want && err == nil || (err == nil) != (want != 0) {
			t.Errorf("ParseRef(%q) = %d, %v; want %d", in, got, err, want)
		}
	}
}
