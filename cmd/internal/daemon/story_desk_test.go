package daemon

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"triaged/store"
)

// TestANewOwnerIsToldAndTheNextMailGoesToThem: #owner, with what the customer last wrote.
func TestANewOwnerIsToldAndTheNextMailGoesToThem(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.twoAgents(desk2)
		h.start()
		id := h.asks("dana@acme.example", "Printer", func(m *mail) { m.Body = "The tray is stuck.\n" })
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#owner bob")
		told := h.about(id, "bob@desk.example")
		if !strings.Contains(told.Text, "Alice Ahrens gave you this thread") || !strings.Contains(told.Text, "The tray is stuck.") {
			t.Errorf("Bob reads:\n%s", told.Text)
		}
		h.answersTo(told, "bob@desk.example", "Pull the lever.")
		if reply := h.newest("dana@acme.example"); !strings.Contains(reply.Text, "Pull the lever.") {
			t.Errorf("an answer to that mail did not reach the customer:\n%s", h.events(id))
		}
		alices := len(h.to("alice@desk.example"))
		h.answersTo(h.newest("dana@acme.example"), "dana@acme.example", "Done, no change.")
		if got := h.about(id, "bob@desk.example"); !strings.Contains(got.Text, "Done, no change.") || len(h.to("alice@desk.example")) != alices {
			t.Errorf("the customer's next mail went to others than the owner")
		}
		h.answersTo(h.about(id, "bob@desk.example"), "bob@desk.example", "#owner bib")
		if oops := h.about(id, "bob@desk.example"); !strings.Contains(flat(oops.Text), "did you mean Bob Berg") {
			t.Errorf("Bob reads:\n%s", oops.Text)
		}
	})
}

// TestSpamClosesUncountedAndUnanswered: and its words are no letter.
func TestSpamClosesUncountedAndUnanswered(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("shop@cheap.example", "Buy now")
		out := len(h.outside())
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#spam\n\nGo away.")
		if h.thread(id).Status == store.Closed {
			t.Errorf("#spam with words closed the thread")
		}
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#spam")
		th := h.thread(id)
		if th.Status != store.Closed || th.Outcome != store.OutcomeSpam || len(h.owed(id)) != 0 {
			t.Errorf("%s, outcome %q, owed %v:\n%s", th.Status, th.Outcome, h.owed(id), h.events(id))
		}
		h.passes(48 * time.Hour)
		if got := len(h.outside()); got != out {
			t.Errorf("%d mails went to a spammer", got-out)
		}
	})
}

// TestOneWrongCommandAndNothingIsDone: a mail is done as a whole or not at all.
func TestOneWrongCommandAndNothingIsDone(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Printer")
		before, out := h.thread(id), len(h.outside())
		for _, words := range []string{"#take\n#severity 9\n\nHello Dana", "#take\n#eta yesterday\n\nHello Dana", "#take\n#owner nobody-here\n\nHello Dana", "#resolve", "#take\n#reopen\n\nHello Dana", "#severity 1\n#cc alice@desk.example\n\nHello Dana"} {
			h.answersTo(h.to("alice@desk.example")[0], "alice@desk.example", words)
			after := h.thread(id)
			if after.Owner != before.Owner || after.Severity != before.Severity || after.Status != before.Status || len(h.outside()) != out {
				t.Errorf("%q: owner %q, %s, %s, %d mails out:\n%s", words, after.Owner, after.Severity, after.Status, len(h.outside())-out, h.events(id))
			}
			if told := h.about(id, "alice@desk.example"); !strings.Contains(flat(told.Text), "Nothing in your mail was done, and nothing went to the customer.") {
				t.Errorf("%q: Alice reads:\n%s", words, told.Text)
			}
			h.passes(time.Minute)
		}
	})
}

const three = "agents:\n  - {name: Alice Ahrens, address: alice@desk.example}\n  - {name: Bob Berg, address: bob@desk.example}\n  - {name: Cem Can, address: cem@desk.example}\n"

// owners are whose the threads are, in their order.
func (h *house) owners() (all []string) {
	list := h.threads()
	slices.SortFunc(list, func(a, b store.Thread) int { return int(a.ID - b.ID) })
	for _, t := range list {
		all = append(all, strings.TrimSuffix(t.Owner, "@desk.example"))
	}
	return all
}

func TestRoundRobinGivesThreadsInTurn(t *testing.T) {
	inHouse(t, "assign: round_robin\n", func(h *house) {
		h.twoAgents(three)
		h.start()
		for i := range 7 {
			h.asks(fmt.Sprintf("dana@c%d.example", i), "Printer")
			if i == 3 { // a restart forgets nobody's turn
				h.end()
				h.start()
			}
		}
		if got := h.owners(); !slices.Equal(got, []string{"alice", "bob", "cem", "alice", "bob", "cem", "alice"}) {
			t.Errorf("threads went to %q", got)
		}
		if n := len(h.to("bob@desk.example")); n != 2 {
			t.Errorf("Bob got %d mails, want those of his two threads only", n)
		}
		h.wantEvent(1002, "round_robin: it is the turn of Bob Berg")
	})
}

func TestLeastLoadedGivesThreadsToWhoHasTheFewest(t *testing.T) {
	inHouse(t, "assign: least_loaded\n", func(h *house) {
		h.twoAgents(three)
		h.start()
		for i := range 3 {
			h.asks(fmt.Sprintf("dana@c%d.example", i), "Printer")
		}
		h.answersTo(h.about(1002, "bob@desk.example"), "bob@desk.example", "#close confirmed by phone")
		for i := range 2 {
			h.asks(fmt.Sprintf("kim@c%d.example", i), "Scanner")
		}
		if got := h.owners(); !slices.Equal(got, []string{"alice", "bob", "cem", "bob", "alice"}) {
			t.Errorf("threads went to %q", got)
		}
		h.wantEvent(1004, "least_loaded: Bob Berg has the fewest open threads, 0")
	})
}

// TestATokenInTheReplyAddressIsEnough: a mail program that drops References and In-Reply-To, where the provider delivers sub-addresses.
func TestATokenInTheReplyAddressIsEnough(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.yaml = strings.Replace(h.yaml, "aliases: [help@desk.example]", "aliases: [help@desk.example]\n    subaddress: \"+\"", 1)
		h.twoAgents(desk2)
		h.start()
		id := h.asks("dana@acme.example", "Printer")
		reply := func(to, from string) func(*mail) {
			all := h.to(to)
			last := all[len(all)-1]
			if len(last.ReplyTo) != 1 || !strings.HasPrefix(last.ReplyTo[0].Addr, "support+") {
				t.Fatalf("Reply-To of the mail to %s is %v", to, last.ReplyTo)
			}
			return func(m *mail) {
				m.From, m.To, m.Header, m.Subject = from, last.ReplyTo[0].Addr, "", "about that printer"
			}
		}
		h.answersTo(h.newest("alice@desk.example"), "", "#severity 2", reply("alice@desk.example", "alice@desk.example"))
		h.answersTo(h.newest("bob@desk.example"), "", "#severity 1", reply("alice@desk.example", "bob@desk.example")) // Alice's token
		h.answersTo(h.newest("dana@acme.example"), "", "It is the one in hall 3.", reply("dana@acme.example", "dana@acme.example"))
		if th := h.thread(id); th.Severity != 2 || len(h.threads()) != 1 {
			t.Errorf("%s, %d threads:\n%s", th.Severity, len(h.threads()), h.events(id))
		}
		h.wantEvent(id, "the mail it answers was sent to somebody else")
		if notice := h.about(id, "bob@desk.example"); !strings.Contains(notice.Text, "hall 3") {
			t.Errorf("the customer's answer did not arrive:\n%s", notice.Text)
		}
	})
}

// TestObservingSendsNothingInside: neither notices nor receipts nor ladders, and nothing of it later.
func TestObservingSendsNothingInside(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("kim@other.example", "Printer")
		notice, sent := h.about(id, "alice@desk.example"), len(h.smtp.Mails())
		h.end()
		h.start(observing)
		h.asks("dana@acme.example", "Production is down for all users", down)
		h.answersTo(notice, "alice@desk.example", "Please restart it.")
		h.answersTo(notice, "alice@desk.example", "#resolve\nWe restarted it.")
		h.passes(24 * time.Hour)
		if got := len(h.smtp.Mails()); got != sent {
			t.Errorf("%d mails were sent while observing", got-sent)
		}
		if q := h.messages(store.MessageFilter{Quarantined: true}); len(q) != 0 {
			t.Errorf("%d mails were quarantined while observing: %s", len(q), q[0].Quarantine)
		}
		h.wantEvent(id, "this daemon observes: nothing goes to the customer")
		if th := h.thread(id); th.Status == store.Resolved || !th.FirstResponseAt.IsZero() {
			t.Errorf("%s, first response %v: what was never sent counts", th.Status, th.FirstResponseAt)
		}
		h.end()
		h.start()
		h.passes(time.Minute)
		for _, m := range h.smtp.Mails()[sent:] {
			if strings.Contains(string(m.Raw), "down for all users") && !strings.Contains(string(m.Raw), "overdue") && !strings.Contains(string(m.Raw), "in time") {
				t.Errorf("what was only observed was sent later:\n%s", m.Raw)
			}
		}
	})
}

// TestAnAnswerToAFormGoesToWhoFilledItIn: never to the form.
func TestAnAnswerToAFormGoesToWhoFilledItIn(t *testing.T) {
	inHouse(t, "forms: [form@desk-web.example]\n", func(h *house) {
		h.start()
		id := h.asks("form@desk-web.example", "Contact form", header("Reply-To: dana@acme.example\n"))
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "We call you.")
		if reply := h.newest("dana@acme.example"); !strings.Contains(reply.Text, "We call you.") {
			t.Errorf("Dana reads:\n%s", reply.Text)
		}
		h.answersTo(h.newest("dana@acme.example"), "dana@acme.example", "When?")
		if n := len(h.threads()); n != 1 {
			t.Errorf("%d threads, want the answer in the form's", n)
		}
		if n := len(h.to("form@desk-web.example")); n != 0 {
			t.Errorf("the form got %d mails", n)
		}
	})
}

// TestAFloodIsPassedOnUpToItsLimitAndKnownCustomersAlways: limits.notices_per_hour.
func TestAFloodIsPassedOnUpToItsLimitAndKnownCustomersAlways(t *testing.T) {
	inHouse(t, "limits: {notices_per_hour: 5}\ncustomers: [{domain: acme.example, name: Acme}]\n", func(h *house) {
		h.twoAgents(desk2)
		h.start()
		for i := range 20 {
			h.arrives("support", mail{From: fmt.Sprintf("x@s%d.example", i), Subject: fmt.Sprintf("Offer %d", i)})
		}
		h.passes(time.Minute)
		h.asks("dana@acme.example", "Printer")
		if n := len(h.to("alice@desk.example")); n != 6 {
			t.Errorf("Alice got %d mails, want five strangers' and the customer's", n)
		}
		if n := len(h.threads()); n != 21 {
			t.Errorf("%d threads, want all 21", n)
		}
		if n := strings.Count(h.logs.String(), "ALERT a flood of mail"); n != 1 {
			t.Errorf("%d alarms, want 1", n)
		}
		h.passes(time.Hour)
		h.asks("y@s99.example", "Printer")
		if got := h.newest("alice@desk.example"); !strings.Contains(got.Subject, "Printer") {
			t.Errorf("after the flood nothing is passed on: %s", got.Subject)
		}
	})
}

// TestCommandsThatContradictEachOtherDoNothing: no thread is resolved behind the customer's back.
func TestCommandsThatContradictEachOtherDoNothing(t *testing.T) {
	inHouse(t, brisk, func(h *house) {
		h.start()
		for _, c := range []struct{ orders, says string }{
			{"#note\n#resolve\nWe made room.", "#note keeps the whole mail inside"},
			{"#resolve\n#note\nWe made room.", "#note keeps the whole mail inside"},
			{"#note\n#triage", "#note keeps the whole mail inside"},
			{"#resolve\n#spam\nWe made room.", "#spam closes without a mail to the sender"},
			{"#triage\n#spam", "#spam closes without a mail to the sender"},
			{"#resolve\n#reopen\nWe made room.", "a command below it that it is not"},
			{"#triage\n#resolve\nWe made room.", "#triage asks the customer what is unknown"},
		} {
			id := h.asks("dana@acme.example", "Export fails")
			h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", c.orders)
			if th, n := h.thread(id), h.sentByKind(id); th.Status != store.Acknowledged || n[store.ResolutionMail]+n[store.ReplyMail] != 0 {
				t.Errorf("%q: %s, sent %v:\n%s", c.orders, th.Status, n, h.events(id))
			}
			if told := h.about(id, "alice@desk.example"); !strings.Contains(flat(told.Text), c.says) {
				t.Errorf("%q: the receipt does not say that %s:\n%s", c.orders, c.says, told.Text)
			}
		}
		id := h.asks("dana@acme.example", "Export fails")
		h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "#resolve\n#close confirmed by phone\nWe made room.")
		h.wantStatus(id, store.Closed)
	})
}

// TestANewCustomerTakesThePlaceOfTheFormer: whoever was taken for the customer by mistake gets nothing of what is written to the right one.
func TestANewCustomerTakesThePlaceOfTheFormer(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("dana@acme.example", "Printer")
		notice := h.about(id, "alice@desk.example")
		h.answersTo(notice, "alice@desk.example", "#customer kim@other.example")
		if told := h.about(id, "alice@desk.example"); !strings.Contains(told.Text, "#cc dana@acme.example") {
			t.Errorf("Alice is not told that Dana takes part no longer:\n%s", told.Text)
		}
		before := len(h.to("dana@acme.example"))
		h.answersTo(notice, "alice@desk.example", "Dear Kim, here is your contract.")
		if n := len(h.to("dana@acme.example")) - before; n != 0 {
			t.Errorf("what Alice wrote to Kim went to Dana as well:\n%s", h.events(id))
		}
		h.answersTo(notice, "alice@desk.example", "#cc dana@acme.example\n#customer kim@other.example\n\nDear both, it works again.")
		if n := len(h.to("dana@acme.example")) - before; n != 1 {
			t.Errorf("Dana got %d mails after #cc, want 1:\n%s", n, h.events(id))
		}
		h.answersTo(notice, "alice@desk.example", "#customer bo@other.example\n#cc kim@other.example\n\nDear Bo and Kim, and now it is painted.")
		if n := len(h.to("kim@other.example")); n != 3 {
			t.Errorf("Kim got %d mails, want 3: a #cc in the same mail stands:\n%s", n, h.events(id))
		}
	})
}

// TestWhatWasOnlyObservedIsNotUpdatedLater: agents answered by themselves while the daemon watched; going live begins no cadence
// on their threads before one of them writes through it.
func TestWhatWasOnlyObservedIsNotUpdatedLater(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.twoAgents(desk2)
		h.proving()
		h.start(observing)
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Production is down", ID: "<first@acme.example>", Body: outage, Header: "Cc: alice@desk.example\n"})
		h.passes(time.Minute)
		h.arrives("support", mail{From: "alice@desk.example", To: "dana@acme.example", Subject: "Re: Production is down", ID: "<d1@desk.example>", Header: "Cc: support@desk.example\nIn-Reply-To: <first@acme.example>\n" + genuine, Body: "Please restart it.\n"})
		h.passes(time.Hour)
		h.end()
		h.passes(24 * time.Hour)
		h.start()
		h.passes(3 * time.Hour)
		h.wantAcks()
		h.wantEvent(1001, "the thread was only observed")
		h.answersTo(h.about(1001, "alice@desk.example"), "alice@desk.example", "#owner alice@desk.example")
		h.orders(Order{Thread: 1001, As: "alice@desk.example", Verb: "reply", Words: "Is it up again?"})
		h.passes(31 * time.Minute)
		if n := h.sentByKind(1001)[store.HoldingMail]; n != 1 {
			t.Errorf("%d updates half an hour after Alice wrote through us, want 1:\n%s", n, h.events(1001))
		}
	})
}
