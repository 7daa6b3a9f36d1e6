package daemon

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// One Message-ID under many different mails of one domain is one alarm, and every mail is answered as it would have been.
func TestAMessageIDThatComesAgainAndAgainIsAnAlarm(t *testing.T) {
	inHouse(t, "ack: {per_domain_hour: 0}\n", func(h *house) {
		h.start()
		send := func(n int, domain, id string) {
			h.arrives("support", mail{From: fmt.Sprintf("p%d@%s", n, domain), Subject: fmt.Sprintf("Order %d", n), ID: id})
			h.passes(time.Minute)
		}
		alarms := func() int {
			return strings.Count(h.logs.String(), "ALERT one Message-ID comes again and again")
		}
		for n := range 5 {
			send(n, "replay.example", "<same@replay.example>")
			send(n, "other.example", "<same@replay.example>") // ten mails, five a domain
			send(n, "third.example", fmt.Sprintf("<own%d@third.example>", n))
			send(n+5, "third.example", fmt.Sprintf("<own%d@third.example>", n+5))
		}
		if n := alarms(); n != 0 {
			h.t.Errorf("%d alarms after five mails of one id and domain, want none", n)
		}
		for n := range 8 {
			send(5+n, "replay.example", "<same@replay.example>")
		}
		if n := alarms(); n != 1 {
			h.t.Errorf("%d alarms after thirteen mails of one id and domain, want one", n)
		}
		if got := len(h.acks()); got != 5+5+10+8 {
			h.t.Errorf("%d mails were answered, want all twenty-eight", got)
		}
	})
}
