package daemon

import (
	"strings"
	"testing"
	"time"

	"triaged/store"
)

// TestAMergedThreadGoesOnInTheOther: what waits in it is owed there, and what anybody answers to either lands there, until it is reopened.
func TestAMergedThreadGoesOnInTheOther(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		first := h.asks("dana@acme.example", "Export fails")
		second := h.asks("dana@acme.example", "Printer on the third floor is out of toner")
		notice, ack := h.about(second, "alice@desk.example"), h.newest("dana@acme.example")
		h.answersTo(notice, "alice@desk.example", "#merge "+h.thread(first).Ref())
		h.wantStatus(second, store.Closed)
		if th := h.thread(second); th.Outcome != store.OutcomeMerged || th.Earlier != first {
			t.Fatalf("the thread is %q and goes on in #%d, want merged and #%d:\n%s", th.Outcome, th.Earlier, first, h.events(second))
		}
		h.wantEvent(first, "took in #1002")
		if n := respondOwed(h, first); n != 2 {
			t.Errorf("%d answers are owed in the thread that goes on, want those to both mails: %v", n, h.owed(first))
		}
		if n := respondOwed(h, second); n != 0 {
			t.Errorf("the merged thread still owes: %v", h.owed(second))
		}
		if n := len(h.outside()); n != 2 {
			t.Errorf("%d mails went out, want the two acknowledgements: nobody is told of a merge", n)
		}
		h.answersTo(ack, "dana@acme.example", "It is the one beside the lift.")
		h.wantEvent(first, "customer wrote | it answers a mail of ours")
		h.answersTo(notice, "alice@desk.example", "Both are being looked at.")
		if last := h.newest("dana@acme.example"); !strings.Contains(last.Subject, "#1001") || !strings.Contains(last.Text, "Both are being looked at.") {
			t.Errorf("an answer to the notice of the merged thread went out as %q:\n%s", last.Subject, last.Text)
		}
		if n := respondOwed(h, first); n != 0 {
			t.Errorf("after the answer %v is still owed:\n%s", h.owed(first), h.events(first))
		}
		h.orders(Order{Thread: second, Verb: "reopen"})
		h.answersTo(ack, "dana@acme.example", "The toner has come.")
		h.wantEvent(second, "customer wrote | it answers a mail of ours")
	})
}

// TestWhoWasAcceptedInAMergedThreadIsNotLetIntoTheOther: the other may hold what was written to the customer alone.
func TestWhoWasAcceptedInAMergedThreadIsNotLetIntoTheOther(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.asks("dana@acme.example", "Export fails")
		second := h.asks("dana@acme.example", "Printer on the third floor is out of toner")
		h.orders(Order{Thread: second, Verb: "cc", Arg: "kim@acme.example"})
		out := h.orders(Order{Thread: second, Verb: "merge", Arg: "1001"})
		if said := strings.Join(out.Done, "\n"); !strings.Contains(said, "a line #cc kim@acme.example in #1001") {
			t.Errorf("the agent is not told that Kim takes part no longer: %q %q", said, out.NotDone)
		}
		h.answersTo(h.about(1001, "alice@desk.example"), "alice@desk.example", "The password is on its way to you.")
		for _, m := range h.to("kim@acme.example") {
			t.Errorf("Kim reads %q", m.Subject)
		}
	})
}

// TestAMergeThatWouldMixPeopleOrLoseWordsIsRefused: each refusal says what to do, and nothing is done.
func TestAMergeThatWouldMixPeopleOrLoseWordsIsRefused(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		dana := h.asks("dana@acme.example", "Export fails")
		eve := h.asks("eve@other.example", "Export fails too")
		closed := h.asks("dana@acme.example", "Colours of the chart")
		h.orders(Order{Thread: closed, Verb: "close", Arg: "confirmed by phone"})
		for _, c := range []struct {
			name string
			Order
			want string
		}{
			{"another customer's thread", Order{Thread: eve, Verb: "merge", Arg: "1001"}, "a line #cc eve@other.example there lets them"},
			{"itself", Order{Thread: dana, Verb: "merge", Arg: "#1001"}, "that is this thread"},
			{"a closed thread", Order{Thread: dana, Verb: "merge", Arg: "1003"}, "#reopen there"},
			{"a thread that is none", Order{Thread: dana, Verb: "merge", Arg: "4711"}, "there is no such thread"},
		} {
			out := h.orders(c.Order)
			if len(out.Done) > 0 || !strings.Contains(strings.Join(out.NotDone, "\n"), c.want) {
				t.Errorf("%s: done %q, not done %q, want a refusal that says %q", c.name, out.Done, out.NotDone, c.want)
			}
		}
		before := len(h.outside())
		h.answersTo(h.about(dana, "alice@desk.example"), "alice@desk.example", "#merge 1002\n\nWe go on in the other thread.")
		if n := len(h.outside()); n != before || h.thread(dana).Status == store.Closed {
			t.Errorf("a merge with words for the customer sent %d mails and left the thread %s", n-before, h.thread(dana).Status)
		}
		h.passes(time.Minute)
	})
}

// respondOwed counts the answers that are owed on a thread.
func respondOwed(h *house, id int64) (n int) {
	for slot := range h.owed(id) {
		if strings.HasPrefix(slot, store.Respond+"/") {
			n++
		}
	}
	return n
}
