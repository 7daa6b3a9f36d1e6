package daemon

import (
	"strings"
	"testing"
	"time"

	"triaged/ingest"
	"triaged/store"
)

// orders asks the daemon for a deed on #1001, as Alice does from the shell.
func (h *house) orders(o Order) Outcome {
	h.t.Helper()
	if o.Thread == 0 {
		o.Thread = 1001
	}
	if o.As == "" {
		o.As = "alice@desk.example"
	}
	r := h.daemon.obey(h.t.Context(), Request{Verb: "thread", Order: &o, Who: "alice"})
	if r.Error != "" || r.Outcome == nil {
		h.t.Fatalf("%s: %+v, want an outcome", o.Verb, r)
	}
	h.passes(5 * time.Second)
	return *r.Outcome
}

// hires puts another agent on the roster, before the daemon starts.
func (h *house) hires(name, address string) {
	h.yaml = strings.Replace(h.yaml, "agents:\n", "agents:\n  - {name: "+name+", address: "+address+"}\n", 1)
}

// wantDone checks that an order was carried out, and said so.
func wantDone(t *testing.T, out Outcome, want string) {
	t.Helper()
	if len(out.NotDone) > 0 || !strings.Contains(strings.Join(out.Done, "\n"), want) {
		t.Errorf("done %q, not done %q; want it done: %q", out.Done, out.NotDone, want)
	}
}

// wantNotDone checks that an order was refused with its reason.
func wantNotDone(t *testing.T, out Outcome, want string) {
	t.Helper()
	if len(out.Done) > 0 || !strings.Contains(strings.Join(out.NotDone, "\n"), want) {
		t.Errorf("done %q, not done %q; want nothing done, because %q", out.Done, out.NotDone, want)
	}
}

func TestTheShellDoesWhatMailDoes(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.hires("Bob Berg", "bob@desk.example")
		h.start()
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Export fails", Header: "Cc: kim@acme.example\n"})
		h.passes(10 * time.Second)
		before := len(h.outside())
		wantDone(h.t, h.orders(Order{Verb: "take"}), "You own this thread")
		wantDone(h.t, h.orders(Order{Verb: "severity", Arg: "sev2"}), "SEV-2")
		wantDone(h.t, h.orders(Order{Verb: "eta", Arg: "in 3h"}), "The ETA is")
		wantDone(h.t, h.orders(Order{Verb: "note", Words: "The disk may be full."}), "internal note")
		wantDone(h.t, h.orders(Order{Verb: "cc", Arg: "kim@acme.example"}), "takes part")
		if got := len(h.outside()); got != before {
			h.t.Errorf("%d mails went out, want none for commands without words", got-before)
		}
		out := h.orders(Order{Verb: "reply", Words: "Please try again."})
		wantDone(h.t, out, "Your words go to dana@acme.example, kim@acme.example")
		if m := h.newest("kim@acme.example"); !strings.Contains(m.Text, "Please try again.") {
			h.t.Errorf("who was accepted reads:\n%s", m.Text)
		}
		th := h.thread(1001)
		if th.Owner != "alice@desk.example" || th.Severity != 2 || th.ETA.IsZero() || th.FirstResponseAt.IsZero() {
			h.t.Errorf("owner %q, %s, eta %v, answered %v:\n%s", th.Owner, th.Severity, th.ETA, th.FirstResponseAt, h.events(1001))
		}
		h.wantEvent(1001, "alice@desk.example via shell")
		wantDone(h.t, h.orders(Order{Verb: "resolve", Resolution: ingest.Resolution{Happened: "A disk was full.", Did: "We made room.", Tested: "By an export."}}), "The resolution goes to the customer")
		h.wantStatus(1001, store.Resolved)
		if m := h.newest("dana@acme.example"); !strings.Contains(m.Text, "A disk was full.") || !strings.Contains(m.Text, "By an export.") {
			h.t.Errorf("the resolution reads:\n%s", m.Text)
		}
		if got := h.thread(1001).Resolution.Did; got != "We made room." {
			h.t.Errorf("what was done is recorded as %q", got)
		}
		for _, m := range h.outbox(1001) {
			if m.Kind == store.ReceiptMail {
				h.t.Errorf("%s got a receipt, want none: the shell has told her already", m.Recipient)
			}
		}
	})
}

func TestWhatTheShellCannotDoChangesNothingAndSaysWhy(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Export fails"})
		h.passes(10 * time.Second)
		before := h.thread(1001)
		for _, c := range []struct {
			o    Order
			want string
		}{
			{Order{Verb: "severity", Arg: "9"}, "severity"},
			{Order{Verb: "owner", Arg: "bod"}, "nobody on the roster"},
			{Order{Verb: "reopen"}, "the thread is open"},
			{Order{Verb: "resolve"}, "what was done"},
			{Order{Verb: "reply"}, "no words"},
			{Order{Verb: "reply", Words: "> a quote and nothing else"}, "nothing is left"},
			{Order{Verb: "reslove", Words: "Done."}, "#resolve"},
			{Order{Verb: "take", Arg: "it"}, "takes nothing"},
			{Order{Verb: "help"}, "--help"},
			{Order{Verb: "take", Thread: 9}, "there is no thread #9"},
			{Order{Verb: "take", As: "mallory@evil.example"}, "not on the roster"},
			{Order{Verb: "take", Resolution: ingest.Resolution{Did: "x"}}, "go with resolve alone"},
		} {
			wantNotDone(h.t, h.orders(c.o), c.want)
		}
		if after := h.thread(1001); after.Status != before.Status || after.Severity != before.Severity || after.Owner != "" || len(h.outside()) != 1 {
			h.t.Errorf("%s %s of %q after refusals, %d mails:\n%s", after.Status, after.Severity, after.Owner, len(h.outside()), h.events(1001))
		}
	})
}

func TestAnAnswerFromTheShellIsSeenByTheNextAgent(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.hires("Bob Berg", "bob@desk.example")
		h.start()
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Export fails"})
		h.passes(10 * time.Second)
		notice, hers := h.newest("bob@desk.example"), h.newest("alice@desk.example")
		wantDone(h.t, h.orders(Order{Verb: "reply", Words: "Please try again."}), "Your words go to")
		h.answersTo(hers, "alice@desk.example", "And tell me what you see.")
		if got := len(h.outside()); got != 3 {
			h.t.Errorf("%d mails went out, want ack, the answer from the shell and her own one by mail", got)
		}
		h.answersTo(notice, "bob@desk.example", "Have you tried turning it off?")
		if got := len(h.outside()); got != 3 {
			h.t.Errorf("Bob's answer went out though Alice had answered")
		}
		if ask := h.newest("bob@desk.example"); !strings.Contains(strings.Join(strings.Fields(ask.Text), " "), "Alice Ahrens has answered since") {
			h.t.Errorf("Bob reads:\n%s", ask.Text)
		}
	})
}

func TestNothingGoesToACustomerWhomOnlyAForwardNames(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.hires("Bob Berg", "bob@desk.example")
		h.start()
		h.arrives("support", mail{
			From: "alice@desk.example", Subject: "Fwd: Export fails", ID: "<fwd@client.example>",
			Body: "Please take this one.\n\n---------- Forwarded message ---------\nFrom: Dana Whitfield <dana@acme.example>\nDate: Mon, 3 Jan 2000 at 10:00\nSubject: Export fails\nTo: <alice@desk.example>\n\nThe export stops.\n",
		})
		h.passes(10 * time.Second)
		if got := h.thread(1001).ClaimedCustomer; got != "dana@acme.example" {
			h.t.Fatalf("claimed customer = %q, want dana@acme.example:\n%s", got, h.events(1001))
		}
		wantNotDone(h.t, h.orders(Order{Verb: "reply", Words: "Hello."}), "#customer dana@acme.example")
		h.answersTo(h.newest("bob@desk.example"), "bob@desk.example", "Alice, who is this?")
		for _, m := range h.outbox(1001) {
			if m.Facts.Letter != nil {
				h.t.Errorf("%s's words were queued for %s, though who the customer is has not been confirmed", m.Facts.Letter.Agent, m.Recipient)
			}
		}
		wantDone(h.t, h.orders(Order{Verb: "customer", Arg: "dana@acme.example"}), "The customer of this thread is")
		wantDone(h.t, h.orders(Order{Verb: "reply", Words: "Hello Dana."}), "Your words go to dana@acme.example")
	})
}
