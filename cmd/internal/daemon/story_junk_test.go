package daemon

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"triaged/store"
)

func (h *house) filters(box string, m mail) {
	h.t.Helper()
	raw := m.bytes()
	if _, err := h.users[box].Append("Junk", literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: time.Now()}); err != nil {
		h.t.Fatalf("append: %v", err)
	}
}

func TestACustomerFilteredIntoJunkShowsUpAndIsNotAnswered(t *testing.T) {
	inHouse(t, "", func(h *house) {
		if err := h.users["support"].Create("Junk", nil); err != nil {
			h.t.Fatal(err)
		}
		h.start()
		h.passes(15 * time.Minute) // the first look is over: what comes now is new
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Help", ID: "<a1@customer.example>"})
		h.passes(time.Minute)
		lost := mail{From: "omar@customer.example", Subject: "Nobody answers me", ID: "<j1@customer.example>"}
		raw := lost.bytes()
		if _, err := h.users["support"].Append("Junk", literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: time.Now()}); err != nil {
			h.t.Fatal(err)
		}
		h.filters("support", mail{From: "dana@customer.example", Subject: "Re: Help", ID: "<j2@customer.example>", Header: "In-Reply-To: <a1@customer.example>\n"})
		h.passes(12 * time.Minute)
		h.wantAcks("dana@customer.example")
		junk := h.messages(store.MessageFilter{Unthreaded: true})
		if len(junk) != 2 || !strings.Contains(junk[0].Place, "Junk folder of support") {
			h.t.Fatalf("messages = %+v, want the two in Junk, and where they lie", junk)
		}
		if ev := h.events(1001); !strings.Contains(ev, "mail in Junk | a mail of dana@customer.example to this thread lies in Junk") {
			h.t.Errorf("the thread does not say that its customer was filtered:\n%s", ev)
		}

		h.put("support", raw, time.Now()) // a person moves it to the inbox
		h.passes(time.Minute)
		h.wantAcks("dana@customer.example", "omar@customer.example")
		if n := len(h.threads()); n != 2 {
			h.t.Errorf("%d threads, want one more for the customer who was found", n)
		}
	})
}

// TestACommandFilteredIntoJunkIsSeenAndDoneOnceItIsFound: an agent's mail is no better off than a customer's.
func TestACommandFilteredIntoJunkIsSeenAndDoneOnceItIsFound(t *testing.T) {
	inHouse(t, "", func(h *house) {
		if err := h.users["support"].Create("Junk", nil); err != nil {
			h.t.Fatal(err)
		}
		h.start()
		h.passes(15 * time.Minute)
		id := h.asks("dana@acme.example", "Printer")
		order := h.answer(h.about(id, "alice@desk.example"), "alice@desk.example", "#severity 1")
		raw := order.bytes()
		if _, err := h.users["support"].Append("Junk", literal{bytes.NewReader(raw)}, &imap.AppendOptions{Time: time.Now()}); err != nil {
			h.t.Fatal(err)
		}
		h.passes(12 * time.Minute)
		if th := h.thread(id); th.Severity == 1 {
			t.Errorf("a command was done from Junk:\n%s", h.events(id))
		}
		h.wantEvent(id, "mail in Junk | a mail of alice@desk.example to this thread lies in Junk")
		h.put("support", raw, time.Now())
		h.passes(time.Minute)
		if th := h.thread(id); th.Severity != 1 {
			t.Errorf("a command that was found in Junk and moved to the inbox was not done:\n%s", h.events(id))
		}
	})
}
