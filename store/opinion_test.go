package store

import (
	"testing"
	"time"

	"triaged/classify"
)

func TestAMessageHasOneOpinion(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := r.arrives("support")
	o := Opinion{Message: e.message, Thread: e.thread.ID, Model: "small-1", Prompt: "v1", Verdict: `{"severity":1}`, Raw: "raw", Tokens: 800, Calls: 2, At: noon}
	for i, c := range []struct {
		model string
		fresh bool
	}{{"small-1", true}, {"another", false}} {
		o.Model = c.model
		r.change(func(tx *Tx) error {
			if fresh, err := tx.AddOpinion(o); err != nil || fresh != c.fresh {
				t.Errorf("AddOpinion, time %d: %t, %v; want %t", i+1, fresh, err, c.fresh)
			}
			return nil
		})
	}
	o.Model = "small-1"
	if got, err := r.Reader().Opinions(t.Context(), e.thread.ID); err != nil || len(got) != 1 || got[0] != o {
		t.Errorf("Opinions: %+v, %v; want the first alone", got, err)
	}
}

func TestWhatCallsTookIsCountedByDaySenderAndMailbox(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	spend := func(day, sender, box string, calls, tokens int) {
		t.Helper()
		r.change(func(tx *Tx) error { return tx.Spend(Account{day, sender, box}, calls, tokens) })
	}
	spend("2026-01-01", "dana", "support", 5, 50)
	spend("2026-03-02", "dana", "support", 2, 2000)
	spend("2026-03-02", "dana", "support", -1, -1200) // one call of 800 tokens was enough
	spend("2026-03-02", "kim", "support", 1, 100)
	spend("2026-03-02", "kim", "billing", 1, 100)
	spend("2026-03-03", "dana", "support", 7, 70)
	r.reopen()
	for a, want := range map[Account]Spent{
		{"2026-03-02", "dana", "support"}: {3, 1000, 1, 2},
		{"2026-03-02", "kim", "billing"}:  {3, 1000, 2, 1},
		{"2026-03-03", "kim", "billing"}:  {7, 70, 0, 0},
		{"2026-01-01", "dana", "support"}: {}, // forgotten
	} {
		r.change(func(tx *Tx) error {
			if got, err := tx.Spent(a); err != nil || got != want {
				t.Errorf("Spent(%v) = %+v, %v; want %+v", a, got, err, want)
			}
			return nil
		})
	}
	if calls, tokens, err := r.SpentOn("2026-03-02"); calls != 3 || tokens != 1000 || err != nil {
		t.Errorf("SpentOn = %d, %d, %v", calls, tokens, err)
	}
}

func TestNewMailIsJudgedBeforeWhatWasPutOff(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.change(func(tx *Tx) error {
		for i, key := range []string{"judge/1", "judge/2", "judge/3"} {
			if err := tx.AddWork(Work{Kind: Judge, Key: key, Payload: "{}"}, noon.Add(time.Duration(i)*time.Second)); err != nil {
				return err
			}
		}
		return nil
	})
	all, err := r.DueJudging(noon.Add(time.Minute), 10)
	if err != nil || len(all) != 3 {
		t.Fatalf("DueJudging: %+v, %v", all, err)
	}
	r.change(func(tx *Tx) error { return tx.Retry(all[0].ID, noon, "busy") })
	all, err = r.DueJudging(noon.Add(time.Minute), 2)
	if err != nil || len(all) != 2 || all[0].Key != "judge/2" || all[1].Key != "judge/3" {
		t.Errorf("DueJudging: %+v, %v; want the two that were not put off", all, err)
	}
	if n, err := r.ToJudge(); n != 3 || err != nil {
		t.Errorf("ToJudge = %d, %v", n, err)
	}
}

func TestSomethingIsFirstOnceADayAcrossRestarts(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for _, c := range []struct {
		day, what string
		first     bool
	}{{"2026-03-02", "a", true}, {"2026-03-02", "a", false}, {"2026-03-02", "b", true}, {"2026-03-03", "a", true}} {
		r.reopen()
		r.change(func(tx *Tx) error {
			if got, err := tx.FirstOn(c.day, c.what); got != c.first || err != nil {
				t.Errorf("FirstOn(%s, %s) = %t, %v; want %t", c.day, c.what, got, err, c.first)
			}
			return nil
		})
	}
}

// TestAModelsOpinionOnlyRaises: whatever it says, in whatever status, and whatever the caller has made of it.
func TestAModelsOpinionOnlyRaises(t *testing.T) {
	t.Parallel()
	for _, status := range []Status{New, Acknowledged, Investigating, Workaround, WaitingOnCustomer, Resolved, Closed, Reopened} {
		for was := classify.SEV1; was <= classify.SEV4; was++ {
			for says := classify.Severity(0); says <= classify.SEV4; says++ {
				for _, person := range []string{"", "alice@desk.example"} {
					th := Thread{
						ID: 1, Status: status, Severity: was, Type: "technical", SeverityBy: person, TypeBy: person, Team: "db", Owner: "o", Language: "en",
						Verdict: classify.Verdict{Severity: was, Type: "technical", Team: "db", Reasons: []classify.Reason{{Rule: "r"}}},
					}
					said := classify.Verdict{Severity: says, Type: "security", Team: "attackers", Reasons: []classify.Reason{{Rule: "r"}, {Rule: "model m"}}}
					got, events := th.Apply(Happening{Trigger: ModelJudged, At: noon, Who: "model m", Why: "because", Verdict: &said, Severity: says, Language: "fr"})
					raise := status != Closed && person == "" && says.Worse(was)
					want := was
					if raise {
						want = says
					}
					if got.Severity != want || got.Verdict.Severity != want || got.RaisedAt.IsZero() == raise {
						t.Errorf("%s %v (%q) told %v: %v, verdict %v, raised at %v; want %v", status, was, person, says, got.Severity, got.Verdict.Severity, got.RaisedAt, want)
					}
					if got.Status != status || got.Team != "db" || got.Verdict.Team != "db" || got.Owner != "o" || got.Language != "en" || person != "" && got.Type != "technical" {
						t.Errorf("%s %v (%q) told %v: %+v", status, was, person, says, got)
					}
					hint := status != Closed && person != "" && says.Worse(was)
					if len(events) != 1 && !raise && !hint || len(events) != 2 && (raise || hint) {
						t.Errorf("%s %v (%q) told %v: events %+v", status, was, person, says, events)
					}
				}
			}
		}
	}
}
