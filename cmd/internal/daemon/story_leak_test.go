package daemon

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"triaged/ingest"
	"triaged/outbound/relay/sink"
	"triaged/store"
)

// flat is a text without its line breaks.
func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

// TestAReplyToAllOnAnInternalMailReachesNobodyOutside: whatever an agent has in To and Cc, envelopes come from the thread (T-20).
func TestAReplyToAllOnAnInternalMailReachesNobodyOutside(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.twoAgents(desk2)
		h.start()
		id := h.asks("dana@acme.example", "Production is down for all users", down, header("Cc: kim@acme.example\n"))
		h.passes(time.Hour)
		out := len(h.outside())
		everybody := func(m *mail) {
			m.Header += "Cc: kim@acme.example, pat@partner.example, bob@desk.example, help@desk.example\n"
		}
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "Who promised them this nonsense?", everybody) // an escalation
		if got := len(h.outside()); got != out {
			t.Errorf("%d mails left the house after a reply to all", got-out)
		}
		receipt := h.about(id, "alice@desk.example")
		for _, want := range []string{"#cc kim@acme.example", "#cc pat@partner.example", "internal note"} {
			if !strings.Contains(receipt.Text, want) {
				t.Errorf("the receipt lacks %q:\n%s", want, receipt.Text)
			}
		}
		notice := h.to("bob@desk.example")[0]
		h.answersTo(notice, "bob@desk.example", "Hello Dana, we are on it.", everybody)
		for _, to := range h.acks()[out:] {
			if to != "dana@acme.example" {
				t.Errorf("a reply went to %s", to)
			}
		}
		if got := len(h.outside()); got != out+1 {
			t.Errorf("%d mails left the house for a reply to the customer, want 1", got-out)
		}
		for _, m := range h.outside() {
			if strings.Contains(string(m.Raw), "nonsense") {
				t.Errorf("an internal note was sent to %s:\n%s", m.To, m.Raw)
			}
		}
	})
}

// TestAnIntruderWithAForgedFromGetsNothing: T-01, the takeover by a copy.
func TestAnIntruderWithAForgedFromGetsNothing(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.proving()
		h.start()
		id := h.asks("alice@c.example", "Login", header("Authentication-Results: mx.desk.example; dmarc=pass header.from=c.example\n"))
		before, due := h.thread(id), h.owed(id)
		h.arrives("support", mail{From: "alice@c.example", Subject: fmt.Sprintf("Re: Login [#%d]", id), Header: "Cc: eve@evil.example\nAuthentication-Results: mx.desk.example; dmarc=fail header.from=c.example\n", Body: "Please send the history to my colleague.\n"})
		h.passes(time.Minute)
		h.arrives("support", mail{From: "alice@c.example", Subject: fmt.Sprintf("Re: Login [#%d]", id), Header: "Cc: eve@evil.example\n", Body: "Please send it all to my colleague in copy.\n"})
		h.passes(time.Minute)
		if after := h.thread(id); after.Status != before.Status || after.Severity != before.Severity {
			t.Errorf("the thread moved from %s %s to %s %s", before.Status, before.Severity, after.Status, after.Severity)
		}
		for slot, at := range due {
			if now, ok := h.owed(id)[slot]; !ok || !now.Equal(at) {
				t.Errorf("the promise %s moved from %v to %v", slot, at, now)
			}
		}
		h.answersTo(h.to("alice@desk.example")[0], "alice@desk.example", "Here is what you need.", header(genuine))
		h.passes(24 * time.Hour)
		if n := len(h.to("eve@evil.example")); n != 0 {
			t.Errorf("eve got %d mails", n)
		}
		if reply := h.newest("alice@c.example"); !strings.Contains(reply.Text, "Here is what you need.") {
			t.Errorf("the customer got:\n%s", reply.Text)
		}
	})
}

// owed are the instants of what is owed on a thread, by kind and slot.
func (h *house) owed(id int64) map[string]time.Time {
	h.t.Helper()
	all, err := h.daemon.store.Reader().Obligations(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	due := map[string]time.Time{}
	for _, o := range all {
		if o.State == store.Owed {
			due[o.Kind+"/"+o.Slot] = o.Due
		}
	}
	return due
}

// TestGuessingReferencesJoinsNothing: T-03, a hundred guesses from somebody who takes part in nothing.
func TestGuessingReferencesJoinsNothing(t *testing.T) {
	inHouse(t, "ack: {per_domain_hour: 0}\n", func(h *house) {
		h.start()
		for i := range 10 {
			h.asks(fmt.Sprintf("dana@c%d.example", i), "Help")
		}
		for i := range 100 {
			h.arrives("support", mail{
				From: "eve@evil.example", Subject: fmt.Sprintf("Re: Help [#%d]", 1001+i%10), ID: fmt.Sprintf("<%d@evil.example>", i),
				Header: fmt.Sprintf("In-Reply-To: <m.%026d@desk.example>\nReferences: <t.%026d@desk.example>\n", i, i), Body: fmt.Sprintf("Guess %d\n", i),
			})
		}
		h.passes(10 * time.Minute)
		if n := len(h.threads()); n != 110 {
			t.Errorf("%d threads, want each guess in one of its own", n)
		}
		for id := int64(1001); id <= 1010; id++ {
			if log := h.events(id); strings.Contains(log, "eve@") {
				t.Errorf("a guess reached #%d:\n%s", id, log)
			}
		}
		if n := len(h.to("eve@evil.example")); n > 3 {
			t.Errorf("eve got %d answers, want at most 3 an hour", n)
		}
	})
}

// TestCommandsSurviveARelayThatRewritesMessageIDs: the second id, last in References, is what remains.
func TestCommandsSurviveARelayThatRewritesMessageIDs(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Printer")
		for n, order := range []string{"#take", "#severity 2", "#next call them"} {
			rewritten := *h.about(id, "alice@desk.example")
			rewritten.MessageID = fmt.Sprintf("<relay-%d@outbound.relay.example>", n)
			h.answersTo(&rewritten, "alice@desk.example", order)
		}
		if th := h.thread(id); th.Owner != "alice@desk.example" || th.Severity != 2 || th.NextAction != "call them" {
			t.Errorf("owner %q, %s, next %q:\n%s", th.Owner, th.Severity, th.NextAction, h.events(id))
		}
		rewritten := *h.newest("dana@acme.example")
		rewritten.MessageID = "<relay-9@outbound.relay.example>"
		h.answersTo(&rewritten, "dana@elsewhere.example", "From my other address.")
		h.wantEvent(id, string(store.StrangerWrote))
	})
}

// TestTwoAgentsAtOnceTheSecondIsAsked: what crosses another agent's answer waits for its author's word.
func TestTwoAgentsAtOnceTheSecondIsAsked(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.twoAgents(desk2)
		h.start()
		id := h.asks("dana@acme.example", "Printer")
		alices, bobs := h.about(id, "alice@desk.example"), h.about(id, "bob@desk.example")
		h.answersTo(alices, "alice@desk.example", "Please restart it.")
		h.answersTo(bobs, "bob@desk.example", "Please do not restart it.")
		if got := h.newest("dana@acme.example"); !strings.Contains(got.Text, "Please restart it.") || len(h.outside()) != 2 {
			t.Fatalf("%d mails left the house, the last:\n%s", len(h.outside()), got.Text)
		}
		ask := h.about(id, "bob@desk.example")
		if !strings.Contains(flat(ask.Text), "Alice Ahrens has answered since") || !strings.Contains(ask.Text, "#release") {
			t.Errorf("Bob was asked:\n%s", ask.Text)
		}
		h.passes(30 * time.Hour)
		if n := len(h.to("dana@acme.example")); n != 2 {
			t.Errorf("the held reply went out by itself")
		}
		h.answersTo(ask, "bob@desk.example", "#release")
		if got := h.newest("dana@acme.example"); !strings.Contains(got.Text, "Please do not restart it.") {
			t.Errorf("#release did not send what was held:\n%s", h.events(id))
		}
		if th := h.thread(id); th.Owner != "alice@desk.example" {
			t.Errorf("owner = %q, want Alice, who answered first", th.Owner)
		}
	})
}

// TestReleaseSendsOnlyWhatItWasAskedAbout: an out-of-office that does not say what it is waits on the same thread, and nobody means that.
func TestReleaseSendsOnlyWhatItWasAskedAbout(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Printer")
		notice := h.about(id, "alice@desk.example")
		h.answersTo(notice, "alice@desk.example", "I am on holiday and cannot read my mail until I am back.")
		away := h.about(id, "alice@desk.example")
		h.smtp.Follow(sink.Times(1, sink.To("dana@acme.example", sink.At(sink.Dot, sink.Answer{Cut: true}))))
		h.answersTo(notice, "alice@desk.example", "Please restart it.")
		h.passes(30 * time.Minute)
		fate := h.about(id, "alice@desk.example")
		if !strings.Contains(flat(fate.Text), "may have arrived") || !strings.Contains(flat(away.Text), "that you are away") {
			t.Fatalf("Alice was asked:\n%s\n%s", away.Text, fate.Text)
		}
		before := len(h.outside())
		h.answersTo(fate, "alice@desk.example", "#release")
		if got := h.outside()[before:]; len(got) != 1 || !strings.Contains(string(got[0].Raw), "Please restart it.") {
			t.Errorf("%d mails left the house, want the one that she was asked about:\n%s", len(got), h.events(id))
		}
		h.answersTo(fate, "alice@desk.example", "#release")
		if got := h.about(id, "alice@desk.example"); len(h.outside()) != before+1 || !strings.Contains(flat(got.Text), "#release: what this mail asked about is held no longer") {
			t.Errorf("a second #release, %d mails left the house, and Alice reads:\n%s", len(h.outside())-before, got.Text)
		}
		h.answersTo(away, "alice@desk.example", "#release")
		if got := h.outside(); len(got) != before+2 || !strings.Contains(string(got[before+1].Raw), "on holiday") {
			t.Errorf("what she says herself to send did not go:\n%s", h.events(id))
		}
	})
}

// TestAnAnswerFromTheirOwnProgramCountsForTheOthers: an agent writes to the customer with us in copy; another one is asked.
func TestAnAnswerFromTheirOwnProgramCountsForTheOthers(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.twoAgents(desk2)
		h.proving()
		h.start()
		id := h.asks("dana@acme.example", "Printer", func(m *mail) { m.ID, m.Header = "<first@acme.example>", "Cc: alice@desk.example\n" })
		direct := mail{From: "alice@desk.example", To: "dana@acme.example", Subject: "Re: Printer", ID: "<d1@desk.example>", Header: "Cc: support@desk.example\nIn-Reply-To: <first@acme.example>\n", Body: "Please restart it.\n"}
		unproven := direct
		unproven.ID, unproven.Body = "<d0@desk.example>", "Please send me the invoice again.\n"
		out := len(h.outside())
		h.arrives("support", unproven)
		h.passes(10 * time.Second)
		if th := h.thread(id); !th.FirstResponseAt.IsZero() {
			t.Errorf("an unproven answer counts:\n%s", h.events(id))
		}
		if told := h.about(id, "alice@desk.example"); !strings.Contains(flat(told.Text), "does not count as an answer") || strings.Contains(flat(told.Text), "nothing went to the customer") {
			t.Errorf("Alice reads:\n%s", told.Text)
		}
		direct.Header += genuine
		h.arrives("support", direct)
		h.passes(10 * time.Second)
		th := h.thread(id)
		if th.FirstResponseAt.IsZero() || th.Owner != "alice@desk.example" || th.Status != store.Investigating {
			t.Errorf("first response %v, owner %q, %s:\n%s", th.FirstResponseAt, th.Owner, th.Status, h.events(id))
		}
		if got := len(h.outside()); got != out {
			t.Errorf("%d mails left the house: the customer has the answer already", got-out)
		}
		h.answersTo(h.about(id, "bob@desk.example"), "bob@desk.example", "Please do not restart it.", header(genuine))
		if ask := h.about(id, "bob@desk.example"); !strings.Contains(flat(ask.Text), "Alice Ahrens has answered since") {
			t.Errorf("Bob was not asked:\n%s", h.events(id))
		}
		if all := h.messages(store.MessageFilter{Thread: id}); !all[len(all)-1].Internal {
			t.Errorf("Bob's words have not gone to the customer, and are not kept as internal")
		}
	})
}

// TestWhatCustomersGetHoldsNoAgentsAddress: looks at every mail of a busy thread.
func TestWhatCustomersGetHoldsNoAgentsAddress(t *testing.T) {
	inHouse(t, brisk, func(h *house) {
		h.twoAgents(desk2)
		h.start()
		id := h.asks("dana@acme.example", "Printer", header("Cc: kim@acme.example\n"))
		h.answersTo(h.about(id, "alice@desk.example"), "Alice Ahrens <alice@desk.example>", "#cc kim@acme.example\n\nWe look.\n\n-- \nAlice Ahrens <alice@desk.example>\nTel 123")
		h.answersTo(h.newest("dana@acme.example"), "dana@acme.example", "And now?")
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#waiting\nWhich version?")
		h.passes(10 * time.Hour)
		h.answersTo(h.newest("dana@acme.example"), "dana@acme.example", "Version 7.")
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#resolve\nWe fixed it.\n\nAlice Ahrens\nalice@desk.example")
		h.follows(h.outside()[len(h.outside())-1], "no", "dana@acme.example")
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#note they are angry, bob@desk.example")
		internal := map[string]bool{}
		for _, m := range h.inside() {
			p := ingest.Parse(m.Raw, ingest.Options{})
			internal[p.MessageID], internal[p.References[len(p.References)-1]] = true, true
		}
		if len(h.outside()) < 8 {
			t.Fatalf("only %d mails left the house: %q", len(h.outside()), h.acks())
		}
		for _, m := range h.outside() {
			raw := string(m.Raw)
			text := ingest.Parse(m.Raw, ingest.Options{}).Text
			for _, no := range []string{"alice@desk.example", "bob@desk.example", "angry", "Your reply goes to"} {
				if strings.Contains(raw, no) || strings.Contains(text, no) {
					t.Errorf("a mail to %s holds %q:\n%s", m.To, no, raw)
				}
			}
			for no := range internal {
				if strings.Contains(raw, strings.Trim(no, "<>")) {
					t.Errorf("a mail to %s holds the internal id %s", m.To, no)
				}
			}
		}
	})
}

// TestNoInternalMailCanBeQueuedForSomebodyOutside: a mistake of ours is an error that undoes its change, and no mail (T-20).
func TestNoInternalMailCanBeQueuedForSomebodyOutside(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Printer")
		before := len(h.outbox(id))
		for _, kind := range []string{store.NoticeMail, store.EscalationMail, store.ReceiptMail} {
			for _, to := range []string{"dana@acme.example", "support@desk.example", ""} {
				err := h.daemon.store.Change(t.Context(), func(tx *store.Tx) error {
					th, err := tx.Thread(id)
					if err != nil {
						return err
					}
					return h.daemon.doors.Load().post(tx, th, letter{
						kind: kind, owed: store.Notify, slot: "test/" + kind + to, why: "a mistake", to: []string{"alice@desk.example", to}, now: time.Now(),
						facts: store.Facts{Receipt: &store.Receipt{}},
					})
				})
				if err == nil || !strings.Contains(err.Error(), "for those on the roster") {
					t.Errorf("a %s to %q: err = %v", kind, to, err)
				}
			}
		}
		if got := len(h.outbox(id)); got != before {
			t.Errorf("%d mails were queued, among them none should be", got-before)
		}
	})
}

// TestWhatACustomerQuotesIsNobodysTurn: a forged approval below their words is their own text (T-12).
func TestWhatACustomerQuotesIsNobodysTurn(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Refund", func(m *mail) {
			m.Body = "As you wrote:\n\n> From: support@desk.example\n> #severity 1\n> Approved, refund of 900.\n\nOn Mon, 3 Jan 2000 at 10:00, Alice Ahrens <alice@desk.example> wrote:\n> #close confirmed by phone\n> Approved.\n"
		})
		all := h.messages(store.MessageFilter{Thread: id})
		if len(all) != 1 || all[0].Role != store.FromCustomer {
			t.Errorf("%d messages, want one of the customer's: %+v", len(all), all)
		}
		if th := h.thread(id); th.Severity == 1 || th.Status != store.Acknowledged || th.Owner != "" {
			t.Errorf("%s, %s, owner %q:\n%s", th.Severity, th.Status, th.Owner, h.events(id))
		}
		if notice := h.about(id, "alice@desk.example"); strings.Contains(notice.Text, "\nApproved") {
			t.Errorf("the notice shows a quote as somebody's own words:\n%s", notice.Text)
		}
	})
}

// TestAnInternalMailInAnAttachmentStaysInside: some mail programs attach what they answer.
func TestAnInternalMailInAnAttachmentStaysInside(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Printer")
		raw := strings.ReplaceAll(string(h.inside()[0].Raw), "\r\n", "\n")
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "", func(m *mail) {
			m.Header += "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=q\n"
			m.Body = "--q\nContent-Type: text/plain\n\nPlease restart it, as the plan says.\n\n--q\nContent-Type: message/rfc822\nContent-Disposition: inline\n\n" + raw +
				"\n--q\nContent-Type: text/csv\nContent-Disposition: attachment; filename=plan.csv\n\nrestart\n\n--q--\n"
		})
		sent := string(h.outside()[1].Raw)
		if !strings.Contains(sent, "as the plan says") || !strings.Contains(sent, "plan.csv") {
			t.Errorf("Alice's words and her file did not go out:\n%s", sent)
		}
		if strings.Contains(sent, "message/rfc822") || strings.Contains(sent, "Your reply goes to") {
			t.Errorf("our notice went to the customer:\n%s", sent)
		}
		if told := h.about(id, "alice@desk.example"); !strings.Contains(flat(told.Text), "did not go to the customer: it is a mail of ours") {
			t.Errorf("Alice is not told:\n%s", told.Text)
		}
	})
}

// TestAResolutionThatRepeatsOurInternalMailIsAskedAbout: #resolve sends words too.
func TestAResolutionThatRepeatsOurInternalMailIsAskedAbout(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Production is down", func(m *mail) { m.Body = outage })
		h.passes(40 * time.Minute)
		escalation := h.about(id, "alice@desk.example")
		out := len(h.outside())
		line := ""
		for l := range strings.SplitSeq(escalation.Text, "\n") {
			if len(strings.Fields(l)) > 9 {
				line = l
			}
		}
		h.answersTo(escalation, "alice@desk.example", "#resolve\nWe made room.\n"+line+"\nIt works again.")
		if got := len(h.outside()); got != out {
			t.Errorf("the customer reads %q:\n%s", line, h.newest("dana@acme.example").Text)
		}
		h.wantStatus(id, store.Acknowledged)
		h.answersTo(escalation, "alice@desk.example", "#release\n#resolve\nWe made room.\n"+line+"\nIt works again.")
		h.wantStatus(id, store.Resolved)
	})
}
