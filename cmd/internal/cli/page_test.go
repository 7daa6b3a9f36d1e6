package cli

import (
	"strings"
	"testing"
	"time"

	"triaged/config"
	"triaged/ingest"
	"triaged/store"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func TestTheNextPromiseIsTheOneThatPressesMost(t *testing.T) {
	t.Parallel()
	in := func(kind, state string, due time.Duration) store.Obligation {
		return store.Obligation{Kind: kind, State: state, Due: noon.Add(due)}
	}
	late := in(store.Respond, store.Missed, -2*time.Hour)
	metLate := late
	metLate.MetAt = noon
	for _, c := range []struct {
		name string
		owed []store.Obligation
		want string
	}{
		{"nothing is owed", nil, "-"},
		{"the earliest comes first", []store.Obligation{in(store.Resolve, store.Owed, 4*time.Hour), in(store.Respond, store.Owed, 14*time.Minute)}, "answer in 14m"},
		{"what was missed is late until it is met", []store.Obligation{in(store.Resolve, store.Owed, time.Hour), late}, "answer LATE 2h00m"},
		{"what was met late is owed no more", []store.Obligation{metLate, in(store.Update, store.Owed, 30*time.Minute)}, "update in 30m"},
		{"a daemon that slept does not make it punctual", []store.Obligation{in(store.Acknowledge, store.Owed, -time.Minute)}, "ack LATE 1m"},
		{"what the customer owes and what stays inside are no promises to them", []store.Obligation{
			in(store.Confirm, store.Owed, time.Hour), in(store.Remind, store.Owed, time.Hour), in(store.Notify, store.Missed, -time.Hour), in(store.Brief, store.Owed, time.Minute),
		}, "-"},
		{"what is void is owed no more", []store.Obligation{in(store.Respond, store.Void, time.Hour)}, "-"},
	} {
		if got := nextDue(c.owed, noon).words(noon); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestAMailOfOursSaysWhoWroteItAndForWhom(t *testing.T) {
	t.Parallel()
	words := &store.Letter{Agent: "alice@desk.example", Words: "Please try again."}
	for _, c := range []struct {
		kind           string
		letter         *store.Letter
		want, audience string
	}{
		{store.AckMail, nil, "auto_reply", "customer"},
		{store.ReplyMail, words, "human", "customer"},
		{store.ReplyMail, &store.Letter{Agent: "alice@desk.example", Triage: true}, "auto_reply", "customer"},
		{store.ResolutionMail, &store.Letter{Agent: "alice@desk.example", Resolution: &store.Resolution{Did: "x"}}, "human", "customer"},
		{store.HoldingMail, nil, "auto_reply", "customer"},
		{store.NoticeMail, nil, "auto_reply", "internal"},
		{store.NudgeMail, nil, "auto_reply", "internal"},
		{store.BriefMail, nil, "auto_reply", "internal"},
		{store.EscalationMail, nil, "auto_reply", "internal"},
		{store.ReceiptMail, nil, "auto_reply", "internal"},
	} {
		v := viewSent(store.Mail{Kind: c.kind, Facts: store.Facts{Letter: c.letter}, SentAt: noon}, "support@desk.example")
		if v.Kind != c.want || v.Audience != c.audience || v.Direction != "out" {
			t.Errorf("%s: kind %q, audience %q, direction %q; want %q, %q, out", c.kind, v.Kind, v.Audience, v.Direction, c.want, c.audience)
		}
	}
}

func TestThePagePartsWhatTheCustomerReadsFromWhatStaysInside(t *testing.T) {
	t.Parallel()
	cfg := &config.Config{Agents: []config.Agent{{Name: "Alice Ahrens", Address: "alice@desk.example"}}}
	th := store.Thread{
		ID: 1042, Subject: "Export\x1b[31m fails", Status: store.Closed, Outcome: store.OutcomeConfirmed, OutcomeHow: "by phone", Owner: "alice@desk.example",
		Customer: store.Customer{Address: "dana@acme.example", Name: "Dana", Tier: "gold"}, OpenedAt: noon, ClosedAt: noon.Add(time.Hour), Rating: 4, Reopenings: 2, Earlier: 1001,
		Held: true, Workaround: "use the old export", Resolution: store.Resolution{Happened: "a full disk", Did: "made room"},
	}
	v := showView{
		threadView:   viewThread(th, store.AckState{}, nil, noon),
		Participants: []participantView{{"dana@acme.example", false}, {"kim@acme.example", false}, {"eve@elsewhere.example", true}},
		Messages: []messageView{
			viewMessage(store.MessageView{From: "dana@acme.example", Kind: string(ingest.Human), Role: store.FromCustomer, Subject: "Export fails", At: noon}),
			viewMessage(store.MessageView{From: "alice@desk.example", Kind: string(ingest.Human), Role: store.FromAgent, Internal: true, Subject: "Only for us", At: noon}),
			viewSent(store.Mail{Kind: store.ReplyMail, Recipient: "dana@acme.example", Subject: "Re: Export fails", SentAt: noon, Facts: store.Facts{Letter: &store.Letter{Agent: "alice@desk.example", Words: "x"}}}, "support@desk.example"),
		},
		Obligations: []obligationView{viewObligation(store.Obligation{Kind: store.Respond, State: store.Void, Reason: store.NoLonger + "SEV-2"})},
		Events:      []eventView{{Who: "alice@desk.example" + store.ViaShell, What: "taken", Why: "it names <m.ash4teimplyhz23jrtcjzehtuu@desk.example>"}},
	}
	var b strings.Builder
	page{w: &b, cfg: cfg, now: noon}.thread(v, false)
	text := b.String()
	said, inside, found := strings.Cut(text, "Said inside")
	if !found || strings.Contains(said, "Only for us") || !strings.Contains(inside, "Only for us") {
		t.Errorf("an agent's note stands among what the customer reads:\n%s", text)
	}
	for _, want := range []string{
		"closed, confirmed, held", "dana@acme.example>, gold", "takes part      kim@acme.example", "triaged thread cc 1042 eve@elsewhere.example",
		"owner           Alice Ahrens <alice@desk.example>", "confirmed by phone", "rating          4 of 5", "reopened        2 times", "follows         #1001",
		"workaround      use the old export", "what happened   a full disk", "reply by Alice Ahrens", "Alice Ahrens via shell  taken", "<m.ash4…@desk.example>", "(after 1h00m)",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q:\n%s", want, text)
		}
	}
	for _, no := range []string{"\x1b", store.NoLonger} {
		if strings.Contains(text, no) {
			t.Errorf("the page shows %q:\n%s", no, text)
		}
	}
}
