package outbound_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"triaged/classify"
	"triaged/config"
	"triaged/ingest"
	"triaged/outbound"
	"triaged/store"
	"triaged/templates"
)

const agentAddress, secondAddress = "alice.ahrens@desk.example", "alice@home.example"

// writingDesk is what every mail is written with.
func writingDesk(t *testing.T, more string) outbound.Desk {
	t.Helper()
	cfg, problems := config.Parse("triaged.yaml", []byte(`
state_dir: /nowhere
timezone: Europe/Berlin
company: Desk Ltd
mailboxes:
  - {name: support, address: support@desk.example, from_name: Desk Support, imap: {host: a.example, username: u, password: p}, smtp: {host: a.example, username: u, password: p}`+more+`}
agents: [{name: Alice Ahrens, address: `+agentAddress+`, addresses: [`+secondAddress+`], role: Support Engineer, phone: "+49 30 1234567"}, {name: Jörg Berg, address: joerg@desk.example, language: de}]
managers: [{name: Mona, address: mona@desk.example}]
customers: [{domain: acme.example, name: Acme, tier: gold, phone: "+49 40 7654321", channel: "#acme"}]
`))
	if config.Broken(problems) {
		t.Fatalf("config.Parse: %v", problems)
	}
	set, problems := templates.Load("")
	if config.Broken(problems) {
		t.Fatal(problems)
	}
	p, err := outbound.NewPolicy(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return outbound.Desk{Templates: set, Config: cfg, Policy: p, Now: hours(1)}
}

// secrets are words of ours that no customer may read.
var secrets = []string{"SECRET-NOTE", "SECRET-NEXT", "SECRET-WHY", "SECRET-WORKAROUND", "SECRET-TEAM", "SECRET-EVENT", "SECRET-TIER", "SECRET-HOW", "SECRET-RULE", "SECRET-OWED"}

// fullThread knows everything that a thread can; what is not the customer's says so.
func fullThread(lang string) outbound.Folder {
	th := store.Thread{
		ID: 1042, Mailbox: "support", Language: lang, Subject: "Export fails", Severity: classify.SEV1, Type: classify.Technical, Status: store.Resolved,
		Customer: store.Customer{Address: "dana@acme.example", Name: "Dana Whitfield", Tier: "SECRET-TIER", Known: true},
		Owner:    agentAddress, Team: "SECRET-TEAM", NextAction: "SECRET-NEXT", Workaround: "SECRET-WORKAROUND", OutcomeHow: "SECRET-HOW", ETA: hours(5),
		OpenedAt: monday, AcknowledgedAt: monday, SeverityBy: secondAddress, AskedAt: monday, ResolvedAt: monday, Reopenings: 1, ReopenedAt: monday,
		Verdict: classify.Verdict{Severity: classify.SEV1, Reasons: []classify.Reason{{Rule: "SECRET-RULE", Evidence: "SECRET-WHY"}}},
	}
	return outbound.Folder{
		Thread:      th,
		Obligations: []store.Obligation{{Kind: store.Respond, Slot: "1", State: store.Missed, Due: monday, MissedAt: monday, Reason: "SECRET-OWED"}, {Kind: store.Resolve, State: store.Owed, Due: hours(3)}},
		Events:      []store.Event{{At: monday, Who: agentAddress, What: "noted", Why: "SECRET-NOTE SECRET-EVENT"}},
		Source:      &ingest.Message{From: ingest.Address{Name: "Dana", Addr: "dana@acme.example"}, Text: "The export stops at 40 %.", ReplyText: "The export stops at 40 %.", Attachments: []ingest.Attachment{{Filename: "log.txt", Size: 2048}}},
		Files:       []outbound.File{{Name: "log.txt", ContentType: "text/plain", Data: []byte("line\r\n")}},
		Skipped:     []string{"movie.mp4: larger than 20 MB"},
	}
}

// bareThread knows as little as a thread can.
func bareThread(lang string) outbound.Folder {
	return outbound.Folder{Thread: store.Thread{ID: 1001, Mailbox: "support", Language: lang, Severity: classify.SEV4, Status: store.New, OpenedAt: monday, Customer: store.Customer{Address: "x@y.example"}}}
}

// everyKind is a mail of each kind, with all its facts or with as few as there may be.
func everyKind(full bool, to string) (all []store.Mail) {
	letter := func(l store.Letter) store.Facts {
		if l.Agent = agentAddress; !full {
			l.Agent = "gone@desk.example"
		}
		return store.Facts{Letter: &l, Name: "Dana Whitfield", Subject: "Export fails"}
	}
	day := hours(24 * 7).Unix()
	add := func(kind string, f store.Facts) {
		m := store.Mail{Kind: kind, Mailbox: "support", Recipient: to, Thread: 1042, MessageID: outbound.NewID("desk.example"), ReferenceID: outbound.NewReferenceID("desk.example"), Facts: f}
		if store.Internal(kind) {
			m.Recipient = agentAddress
		}
		if full {
			m.Facts.InReplyTo, m.Facts.References = "<a@acme.example>", []string{"<a@acme.example>"}
		}
		all = append(all, m)
	}
	echo := store.Facts{}
	if full {
		echo = store.Facts{Name: "Dana Whitfield", Subject: "Export fails"}
	}
	reminder := func(about string) (f store.Facts) {
		if f = echo; full {
			f.Reminder = &store.Reminder{About: about, Number: 1, Of: 2, CloseBy: day}
		}
		return f
	}
	add(store.AckMail, echo)
	add(store.ReplyMail, letter(store.Letter{Words: "Please try again."}))
	add(store.ReplyMail, letter(store.Letter{Triage: true}))
	add(store.ResolutionMail, letter(store.Letter{Resolution: &store.Resolution{Did: "We made room."}}))
	add(store.ReminderMail, reminder("resolution"))
	add(store.ReminderMail, reminder("question"))
	add(store.ReopenedMail, echo)
	add(store.RatingMail, echo)
	add(store.ClosedMail, reminder("resolution"))
	if !full {
		add(store.NoticeMail, store.Facts{})
		add(store.EscalationMail, store.Facts{})
		add(store.ReceiptMail, store.Facts{})
		return all
	}
	add(store.ResolutionMail, letter(store.Letter{Words: "All well.", Resolution: &store.Resolution{Happened: "A disk was full.", Did: "We made room.", Prevent: "An alarm.", Tested: "By an export."}, CloseBy: day}))
	add(store.NoticeMail, store.Facts{Notice: &store.Notice{What: "The customer wrote", Source: 7, Warnings: []string{"odd"}, CcLines: []string{"#cc kim@acme.example"}}})
	add(store.EscalationMail, store.Facts{Escalation: &store.Escalation{What: "Late", Why: "SECRET-OWED", Step: 1, Steps: 3, Do: []string{"Answer."}}})
	add(store.ReceiptMail, store.Facts{Receipt: &store.Receipt{OK: true, Done: []string{"You own it."}, Help: true, Summary: true, Sent: "Hello", CcLines: []string{"#cc kim@acme.example"}}})
	add(store.ReceiptMail, store.Facts{Receipt: &store.Receipt{NotDone: []string{"no"}, Ask: "Sure?", AskLines: []string{"#release"}}})
	return all
}

// TestEveryKindOfMailIsWrittenInBothLanguages: from a thread that knows everything and from one that knows nothing.
func TestEveryKindOfMailIsWrittenInBothLanguages(t *testing.T) {
	t.Parallel()
	d := writingDesk(t, "")
	kinds := map[string]bool{}
	for _, lang := range []string{"en", "de", "de-AT", "", "tlh"} {
		for _, full := range []bool{true, false} {
			f := bareThread(lang)
			if full {
				f = fullThread(lang)
			}
			for _, m := range everyKind(full, "dana@acme.example") {
				name := fmt.Sprintf("%s in %q, full %v", m.Kind, lang, full)
				r, err := outbound.Render(d, m, f)
				if err != nil {
					t.Errorf("%s: %v", name, err)
					continue
				}
				kinds[m.Kind] = true
				p := ingest.Parse(r.Raw, ingest.Options{})
				if len(p.Tolerated) > 0 || len(p.To) != 1 || p.To[0].Addr != m.Recipient || strings.TrimSpace(p.Text) == "" || r.Subject == "" {
					t.Errorf("%s: to %v, tolerated %v, subject %q:\n%s", name, p.To, p.Tolerated, r.Subject, p.Text)
				}
				want := "en"
				if strings.HasPrefix(lang, "de") && !store.Internal(m.Kind) {
					want = "de"
				}
				if !strings.Contains(string(r.Raw), "\r\nContent-Language: "+want+"\r\n") {
					t.Errorf("%s: is not in %s:\n%s", name, want, p.Text)
				}
				if strings.Contains(p.Text, "<no value>") || strings.Contains(p.Text, "%!") || strings.Contains(p.Text, "0001") {
					t.Errorf("%s: reads\n%s", name, p.Text)
				}
				if byPerson := m.Facts.Letter != nil; byPerson == strings.Contains(string(r.Raw), "Auto-Submitted: auto-") {
					t.Errorf("%s: a person wrote it: %v, and its header says otherwise", name, byPerson)
				}
			}
		}
	}
	if len(kinds) != 10 {
		t.Errorf("%d kinds were written: %v", len(kinds), kinds)
	}
	m := everyKind(true, "")[10]
	m.Recipient = "joerg@desk.example"
	if r, err := outbound.Render(d, m, fullThread("en")); err != nil || !strings.Contains(string(r.Raw), "Content-Language: de") {
		t.Errorf("an agent who reads German got another language: %v", err)
	}
}

// TestInternalMailIsWrittenForTheRosterOnly: whatever the outbox says.
func TestInternalMailIsWrittenForTheRosterOnly(t *testing.T) {
	t.Parallel()
	d := writingDesk(t, "")
	for _, m := range everyKind(true, "dana@acme.example") {
		if !store.Internal(m.Kind) {
			continue
		}
		for _, to := range []string{"dana@acme.example", "support@desk.example", "alice@desk.example.evil.example", "", "alice.ahrens+x@desk.example"} {
			m.Recipient = to
			if r, err := outbound.Render(d, m, fullThread("en")); err == nil || !strings.Contains(err.Error(), "roster") || len(r.Raw) > 0 {
				t.Errorf("a %s to %q was written: %v", m.Kind, to, err)
			}
		}
		for _, to := range []string{agentAddress, secondAddress, "MONA@desk.example"} {
			m.Recipient = to
			if _, err := outbound.Render(d, m, fullThread("en")); err != nil {
				t.Errorf("a %s to %q: %v", m.Kind, to, err)
			}
		}
	}
	odd := store.Mail{Kind: "update-of-tomorrow", Mailbox: "support", Recipient: "dana@acme.example"}
	if _, err := outbound.Render(d, odd, fullThread("en")); err == nil {
		t.Error("a kind that nobody knows was written")
	}
	for _, kind := range []string{store.ReplyMail, store.ResolutionMail} {
		odd := store.Mail{Kind: kind, Mailbox: "support", Recipient: "dana@acme.example", MessageID: outbound.NewID("desk.example"), ReferenceID: outbound.NewReferenceID("desk.example")}
		if _, err := outbound.Render(d, odd, fullThread("en")); err == nil {
			t.Errorf("a %s without words was written", kind)
		}
		if odd.Mailbox = "gone"; true {
			if _, err := outbound.Render(d, odd, fullThread("en")); err == nil {
				t.Errorf("a %s of a mailbox that is gone was written", kind)
			}
		}
	}
}

var ourID = regexp.MustCompile(`\b[mt]\.[a-z2-7]{26}\b`)

// TestWhatCustomersGetHoldsNothingOfOurs: of random threads full of internal words, nothing but what is theirs (T-20).
func TestWhatCustomersGetHoldsNothingOfOurs(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("long under -short")
	}
	seed := uint64(time.Now().UnixNano())
	dice := rand.New(rand.NewPCG(seed, 3))
	desks := []outbound.Desk{writingDesk(t, ""), writingDesk(t, `, subaddress: "+"`)}
	flip := func() bool { return dice.IntN(2) == 0 }
	for range 150 {
		d := desks[dice.IntN(2)]
		d.Now = hours(float64(dice.IntN(300)) - 50)
		f := fullThread([]string{"en", "de", "fr", ""}[dice.IntN(4)])
		th := &f.Thread
		th.Status = []store.Status{store.New, store.Acknowledged, store.Investigating, store.Workaround, store.WaitingOnCustomer, store.Resolved, store.Closed, store.Reopened}[dice.IntN(8)]
		th.Severity = classify.Severity(1 + dice.IntN(4))
		th.Owner = []string{"", agentAddress, secondAddress, "gone@desk.example", "mona@desk.example"}[dice.IntN(5)]
		if flip() {
			th.Subject, th.Customer.Name = "", ""
		}
		if flip() {
			th.ETA = time.Time{}
		}
		th.Held, th.ClaimedCustomer = flip(), "claimed@desk.example"
		for _, m := range everyKind(true, "dana@acme.example") {
			if store.Internal(m.Kind) {
				continue
			}
			r, err := outbound.Render(d, m, f)
			if err != nil {
				t.Fatalf("seed %d: %s: %v", seed, m.Kind, err)
			}
			p := ingest.Parse(r.Raw, ingest.Options{})
			text := ourID.ReplaceAllString(string(r.Raw), "") + p.Text // chance may write a name at the end of one
			for _, no := range slices.Concat(secrets, []string{agentAddress, secondAddress, "joerg@", "mona@", "gone@desk.example", "claimed@", "Your reply goes", "internal note", "SEV-"}) {
				if strings.Contains(text, no) {
					t.Fatalf("seed %d: a %s to a customer holds %q:\n%s", seed, m.Kind, no, p.Text)
				}
			}
		}
	}
}

// TestErrorsOfRenderingAreNoTroubleOfTheStore: else a mail that cannot be written would be tried for ever.
func TestErrorsOfRenderingAreNoTroubleOfTheStore(t *testing.T) {
	t.Parallel()
	m := everyKind(true, "dana@acme.example")[0]
	m.Mailbox = "gone"
	_, err := outbound.Render(writingDesk(t, ""), m, fullThread("en"))
	if err == nil || store.Trouble(err) || errors.Is(err, store.ErrNoThread) {
		t.Errorf("err = %v, want one of the mail alone", err)
	}
}
