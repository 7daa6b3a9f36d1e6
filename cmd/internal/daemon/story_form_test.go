package daemon

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

const trusting = "aliases: [help@desk.example]\n    trusted_authserv_id: mx.desk.example"

// A form's mail proves who the form is. Who filled it in, and with whose address, it does not prove.
func TestAFormThatIsAuthenticDoesNotVouchForWhoFilledItIn(t *testing.T) {
	inHouse(t, "forms: [form@desk-web.example]\n", func(h *house) {
		h.yaml = strings.Replace(h.yaml, "aliases: [help@desk.example]", trusting, 1)
		h.start()
		h.arrives("support", mail{
			From: "form@desk-web.example", Subject: "BUY http://evil.example",
			Header: "Authentication-Results: mx.desk.example; dmarc=pass header.from=desk-web.example; dkim=pass header.d=desk-web.example\n" +
				"Reply-To: Buy Now <victim@stranger.example>\n",
		})
		h.passes(time.Minute)
		h.wantAcks("victim@stranger.example")
		raw := string(h.outside()[0].Raw)
		for _, no := range []string{"BUY", "evil.example", "Buy Now"} {
			if strings.Contains(raw, no) {
				h.t.Errorf("the answer to an address that somebody typed into a form carries %q:\n%s", no, raw)
			}
		}
	})
}

func TestAnAddressTypedIntoAFormIsAnsweredOnlyIfItIsACustomers(t *testing.T) {
	inHouse(t, "forms: [form@desk.example]\n", func(h *house) {
		h.start()
		for _, to := range []string{"support@desk.example", "Help@desk.example", "alice@desk.example", "no-reply@shop.example", "mailer-daemon@shop.example"} {
			h.arrives("support", mail{From: "form@desk.example", Subject: "Contact form", Body: "I am " + to + " and it does not work.\n", Header: "Reply-To: " + to + "\n"})
		}
		h.passes(time.Minute)
		h.wantAcks()
		if got := len(h.threads()); got != 5 {
			h.t.Errorf("%d threads, want 5: what a form brings is never lost", got)
		}
		for _, th := range h.threads() {
			if e := h.events(th.ID); !strings.Contains(e, "withheld ack") {
				h.t.Errorf("events of #%d = %s, want its ack withheld", th.ID, e)
			}
		}
	})
}

func TestAFormMayWriteFromANoReplyAddress(t *testing.T) {
	inHouse(t, "forms: [noreply@desk-web.example]\n", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "noreply@desk-web.example", Subject: "Contact form", Header: "Reply-To: dana@customer.example\n"})
		h.arrives("support", mail{From: "noreply@desk-web.example", Subject: "Contact form, nobody named"})
		h.passes(time.Minute)
		h.wantAcks("dana@customer.example")
	})
}

func TestTheNameBeforeAnAddressIsEchoedOnlyWhereItIsTrue(t *testing.T) {
	more := "customers: [{domain: known.example, name: Known}, {address: kim@known.example, name: Kim Kilroy}]\n"
	inHouse(t, more, func(h *house) {
		h.yaml = strings.Replace(h.yaml, "aliases: [help@desk.example]", trusting, 1)
		h.start()
		pass := "Authentication-Results: mx.desk.example; dmarc=pass header.from="
		for i, c := range []struct{ from, header, greeted string }{
			{"Click evil dot example <dana@known.example>", "", ""}, // anybody may have written this
			{"Evil <kim@known.example>", "", "Kim Kilroy"},
			{"Dr. Jean-Luc O'Neill <jo@true.example>", pass + "true.example\n", "Dr. Jean-Luc O'Neill"},
			{"evil.example/pay <jo@true.example>", pass + "true.example\n", ""},
			{"Call 0900 1234 now <jo@true.example>", pass + "true.example\n", ""},
		} {
			h.arrives("support", mail{From: c.from, Subject: fmt.Sprintf("Printer jam %d", i), Header: c.header})
			h.passes(10 * time.Second)
			want := "Hello,"
			if c.greeted != "" {
				want = "Hello " + c.greeted + ","
			}
			if got := h.sent(i).Text; !strings.HasPrefix(got, want) {
				h.t.Errorf("the answer to %s begins %.60q, want %q", c.from, got, want)
			}
		}
	})
}

func TestTwoCustomersOfAFormThatGivesNoMessageIDAreTwo(t *testing.T) {
	inHouse(t, "forms: [form@desk.example]\n", func(h *house) {
		h.start()
		for _, who := range []string{"dana@customer.example", "kim@other.example"} { // in one second, in the same words
			h.arrives("support", mail{From: "form@desk.example", Subject: "Call me", Header: "Reply-To: " + who + "\n"})
		}
		h.passes(time.Minute)
		h.wantAcks("dana@customer.example", "kim@other.example")
	})
}

// TestAFormMayWriteFromAnAddressOfOurs: many do; whoever filled it in is the customer all the same.
func TestAFormMayWriteFromAnAddressOfOurs(t *testing.T) {
	inHouse(t, "forms: [support@desk.example]\ncustomers: [{domain: acme.example, name: Acme}]\n", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "Website <support@desk.example>", Subject: "Contact form", Header: "Reply-To: dana@acme.example\n", Body: "My printer is broken.\n"})
		h.passes(time.Minute)
		if all := h.threads(); len(all) != 1 || all[0].Customer.Address != "dana@acme.example" {
			t.Fatalf("threads = %+v, want one of Dana's", all)
		}
		h.arrives("support", mail{From: "Website <support@desk.example>", Subject: "Contact form", Header: "Reply-To: help@desk.example\n", Body: "My printer is broken, too.\n"})
		h.arrives("support", mail{From: "support@desk.example", Subject: "No form", Body: "Something of our own.\n"})
		h.passes(time.Minute)
		if n := len(h.threads()); n != 1 {
			t.Errorf("%d threads, want none for mail of ours", n)
		}
	})
}
