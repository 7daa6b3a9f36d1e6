package outbound_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"triaged/classify"
	"triaged/config"
	"triaged/ingest"
	"triaged/outbound"
	"triaged/store"
)

// monday is a Monday noon, within business hours of UTC.
var monday = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// asked is a question that is answered with yes, and what a case changes of it.
func asked(change func(q *outbound.Question, m *ingest.Message, a *config.Ack)) (outbound.Question, config.Ack) {
	three, ten, thirty := 3, 10, 30
	a := config.Ack{Within: config.Duration(15 * time.Minute), Horizon: config.Duration(24 * time.Hour), Require: "not_forged", PerSenderHour: &three, PerSenderDay: &ten, PerDomainHour: &thirty}
	from := ingest.Address{Addr: dana}
	m := &ingest.Message{Kind: ingest.Human, KindReason: "nothing speaks of a machine", From: from, Froms: []ingest.Address{from}, Auth: ingest.Authenticity{Result: "none"}}
	q := outbound.Question{Message: m, Role: store.FromCustomer, To: dana, At: monday.Add(-time.Second), Now: monday, Addressed: true}
	if change != nil {
		change(&q, m, &a)
	}
	return q, a
}

// TestAnswer: one row for every rule of mail.
func TestAnswer(t *testing.T) {
	t.Parallel()
	type q = outbound.Question
	type m = ingest.Message
	type a = config.Ack
	none := 0
	for _, c := range []struct {
		name   string
		change func(*q, *m, *a)
		want   outbound.Outcome
		hold   store.Hold
		why    string
	}{
		{"a person's first mail", nil, outbound.Send, "", "first message of the thread"},
		{"an out-of-office", func(_ *q, m *m, _ *a) { m.Kind, m.KindReason = ingest.AutoReply, "Auto-Submitted: auto-replied" }, outbound.Withhold, "", "Auto-Submitted: auto-replied"},
		{"a bounce", func(q *q, m *m, _ *a) {
			m.Kind, m.KindReason, q.Role = ingest.Bounce, "null return path", store.FromMachine
		}, outbound.Withhold, "", "null return path"},
		{"list mail", func(_ *q, m *m, _ *a) { m.Kind, m.KindReason = ingest.List, "List-Id" }, outbound.Withhold, "", "List-Id"},
		{"a report", func(_ *q, m *m, _ *a) { m.Kind, m.KindReason = ingest.Report, "multipart/report" }, outbound.Withhold, "", "multipart/report"},
		{"a no-reply address", func(q *q, _ *m, _ *a) { q.Refuses = "local part no-reply" }, outbound.Withhold, "", "takes no replies"},
		{"asks for no automatic answer", func(_ *q, m *m, _ *a) { m.NoAutoReply = true }, outbound.Withhold, "", "X-Auto-Response-Suppress"},
		{"our own mail", func(q *q, _ *m, _ *a) { q.Role = store.FromUs }, outbound.Withhold, "", "our own"},
		{"an agent", func(q *q, _ *m, _ *a) { q.Role = store.FromAgent }, outbound.Withhold, "", "roster"},
		{"somebody pending", func(q *q, _ *m, _ *a) { q.Role = store.FromPending }, outbound.Withhold, "", "not a participant"},
		{"no address to answer", func(q *q, _ *m, _ *a) { q.To = "" }, outbound.Withhold, "", "no address"},
		{"two From addresses", func(_ *q, m *m, _ *a) { m.Froms = append(m.Froms, ingest.Address{Addr: "eve@evil.example"}) }, outbound.Withhold, "", "more than one From"},
		{"a From that programs read differently", func(_ *q, m *m, _ *a) { m.DubiousFrom = "From has a comment inside an address" }, outbound.Withhold, "", "evidence of forgery: From has a comment"},
		{"two From addresses, one of them empty", func(_ *q, m *m, _ *a) { m.DubiousFrom = "there is more than one From field" }, outbound.Withhold, "", "more than one From field"},
		{"a name that shows another address, or another Sender", func(_ *q, m *m, _ *a) { m.Suspicions = []string{"the name shows another address"} }, outbound.Send, "", "first message"},
		{"forged", func(_ *q, m *m, _ *a) { m.Auth = ingest.Authenticity{Result: "fail", Why: "dmarc=fail"} }, outbound.Withhold, "", "dmarc=fail"},
		{"not authenticated where that is required", func(_ *q, m *m, a *a) { a.Require, m.Auth.Why = "authenticated", "no signature" }, outbound.Withhold, "", "ack.require is authenticated and the sender is not: no signature"},
		{"authenticated where that is required", func(_ *q, m *m, a *a) { a.Require, m.Auth.Result = "authenticated", "pass" }, outbound.Send, "", "first message"},
		{"quarantined", func(_ *q, m *m, _ *a) { m.Quarantine = "more than 500 parts" }, outbound.Withhold, "", "more than 500 parts"},
		{"over-large, read from its headers", func(_ *q, m *m, _ *a) { m.Truncated = true }, outbound.Send, "", "first message"},
		{"observing", func(q *q, _ *m, _ *a) { q.Observing = true }, outbound.Withhold, "", "observing"},
		{"history", func(q *q, _ *m, _ *a) { q.History = true }, outbound.Withhold, "", "history is never answered"},
		{"not addressed to us", func(q *q, _ *m, _ *a) { q.Addressed = false }, outbound.Withhold, "", "ack.unaddressed"},
		{"not addressed to us, where that is allowed", func(q *q, _ *m, a *a) { q.Addressed, a.Unaddressed = false, true }, outbound.Send, "", "first message"},
		{"the fifth machine mail to the thread within an hour", func(q *q, _ *m, _ *a) { q.LoopHour = 5 }, outbound.Send, "", "first message"},
		{"the sixth", func(q *q, _ *m, _ *a) { q.LoopHour = 6 }, outbound.Withhold, "", "more than 5 automatic mails reached this thread within an hour"},
		{"the third mail of a sender within an hour", func(q *q, _ *m, _ *a) { q.SentHour = 2 }, outbound.Send, "", "first message"},
		{"the fourth", func(q *q, _ *m, _ *a) { q.SentHour = 3 }, outbound.Withhold, "", "ack.per_sender_hour"},
		{"the tenth within a day", func(q *q, _ *m, _ *a) { q.SentDay = 9 }, outbound.Send, "", "first message"},
		{"the eleventh", func(q *q, _ *m, _ *a) { q.SentDay = 10 }, outbound.Withhold, "", "ack.per_sender_day"},
		{"the thirtieth into a domain", func(q *q, _ *m, _ *a) { q.DomainHour = 29 }, outbound.Send, "", "first message"},
		{"the thirty-first", func(q *q, _ *m, _ *a) { q.DomainHour = 30 }, outbound.Withhold, "", "ack.per_domain_hour"},
		{"no cap", func(q *q, _ *m, a *a) {
			q.SentHour, q.SentDay, q.DomainHour = 99, 99, 99
			a.PerSenderHour, a.PerSenderDay, a.PerDomainHour = &none, nil, &none
		}, outbound.Send, "", "first message"},
		{"as old as the horizon", func(q *q, _ *m, _ *a) { q.At = monday.Add(-24 * time.Hour) }, outbound.Send, "", "first message"},
		{"a moment older", func(q *q, _ *m, _ *a) { q.At = monday.Add(-24*time.Hour - 1) }, outbound.Hold, store.HoldHorizon, "ack.horizon"},
		{"from a server whose clock is ahead", func(q *q, _ *m, _ *a) { q.At = monday.Add(time.Hour) }, outbound.Send, "", "first message"},
		{"after a reset", func(q *q, _ *m, _ *a) { q.Doubt = store.HoldReset }, outbound.Hold, store.HoldReset, "made anew or restored"},
		{"after a restore", func(q *q, _ *m, _ *a) { q.Doubt = store.HoldRestored }, outbound.Hold, store.HoldRestored, "backup"},
		{"a machine's mail after a reset", func(q *q, m *m, _ *a) { q.Doubt, m.Kind = store.HoldReset, ingest.List }, outbound.Withhold, "", "machine mail"},
	} {
		question, ack := asked(c.change)
		got, hold, why := outbound.Answer(question, ack)
		if got != c.want || hold != c.hold || !strings.Contains(why, c.why) {
			t.Errorf("%s: Answer = %d, %q, %q; want %d, %q and a reason with %q", c.name, got, hold, why, c.want, c.hold, c.why)
		}
	}
}

func policy(t *testing.T) outbound.Policy {
	t.Helper()
	cfg, problems := config.Parse("triaged.yaml", []byte(`
state_dir: /nowhere
timezone: UTC
mailboxes:
  - {name: support, address: support@desk.example, imap: {host: a.example, username: u, password: p}, smtp: {host: a.example, username: u, password: p}}
agents: [{name: Alice, address: alice@desk.example}]
managers: [{name: Mona, address: mona@desk.example}]
`))
	if config.Broken(problems) {
		t.Fatalf("config.Parse: %v", problems)
	}
	p, err := outbound.NewPolicy(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestOwe: all that is owed on a thread, by when and why.
func TestOwe(t *testing.T) {
	t.Parallel()
	p := policy(t)
	kept := store.Obligation{ID: 7, Kind: store.Acknowledge, Slot: "0", State: store.Owed, Due: monday}
	waits := []store.Waiting{{Message: 5, At: monday}}
	for _, c := range []struct {
		name   string
		thread store.Thread
		want   []store.Obligation
		why    string
	}{
		{"nothing waits", store.Thread{Severity: classify.SEV1}, nil, ""},
		{
			"an acknowledgement from the mail's arrival, with an alarm at half its time",
			store.Thread{Ack: &store.AckDecision{At: monday, Send: true, Why: "first message"}},
			[]store.Obligation{{Kind: store.Acknowledge, Slot: "0", State: store.Owed, Due: monday.Add(15 * time.Minute), Warn: monday.Add(7*time.Minute + 30*time.Second)}},
			"first message",
		},
		{
			"a withheld acknowledgement is void and warns nobody",
			store.Thread{Ack: &store.AckDecision{At: monday, Why: "a robot"}},
			[]store.Obligation{{Kind: store.Acknowledge, Slot: "0", State: store.Void, Due: monday.Add(15 * time.Minute)}},
			"a robot",
		},
		{"one that is owed stays as it is", store.Thread{Open: []store.Obligation{kept}}, []store.Obligation{kept}, ""},
		{"SEV-1 at any hour", store.Thread{Severity: classify.SEV1, Waiting: waits}, []store.Obligation{{Kind: store.Respond, Slot: "5", State: store.Owed, Due: monday.Add(15 * time.Minute)}}, "SEV-1: a person answers within 15m (24x7 hours)"},
		{"SEV-3 in open hours", store.Thread{Severity: classify.SEV3, Waiting: waits}, []store.Obligation{{Kind: store.Respond, Slot: "5", State: store.Owed, Due: monday.Add(4 * time.Hour)}}, "business"},
		{"SEV-3 late in the day: the rest tomorrow", store.Thread{Severity: classify.SEV3, Waiting: []store.Waiting{{Message: 5, At: monday.Add(4 * time.Hour)}}}, []store.Obligation{{Kind: store.Respond, Slot: "5", State: store.Owed, Due: monday.Add(24 * time.Hour)}}, "SEV-3"},
		{"a thread nobody has judged: the mildest", store.Thread{Waiting: waits}, []store.Obligation{{Kind: store.Respond, Slot: "5", State: store.Owed, Due: monday.Add(24 * time.Hour)}}, ""},
		{"each message that waits", store.Thread{Severity: classify.SEV2, Waiting: []store.Waiting{{Message: 5, At: monday}, {Message: 6, At: monday.Add(time.Minute)}}}, []store.Obligation{
			{Kind: store.Respond, Slot: "5", State: store.Owed, Due: monday.Add(time.Hour)}, {Kind: store.Respond, Slot: "6", State: store.Owed, Due: monday.Add(time.Hour + time.Minute)},
		}, "SEV-2"},
		{"a closed thread owes nothing", store.Thread{Status: store.Closed, Severity: classify.SEV1, Waiting: waits, Open: []store.Obligation{kept}, Ack: &store.AckDecision{At: monday, Send: true}}, nil, ""},
	} {
		got := slices.DeleteFunc(outbound.Owe(c.thread, p, monday), func(o store.Obligation) bool { return o.Kind == store.Resolve || o.Kind == store.Brief })
		if len(got) != len(c.want) {
			t.Errorf("%s: Owe = %+v, want %+v", c.name, got, c.want)
			continue
		}
		for i, o := range got {
			if !strings.Contains(o.Reason, c.why) {
				t.Errorf("%s: reason %q, want %q in it", c.name, o.Reason, c.why)
			}
			if o.Reason = ""; o != c.want[i] {
				t.Errorf("%s: Owe[%d] = %+v, want %+v", c.name, i, o, c.want[i])
			}
		}
	}
}
