package daemon

import (
	"strings"
	"testing"
	"time"

	"triaged/outbound/relay/sink"
	"triaged/store"
)

// TestWhoWritesAgainAfterALongOutageIsAcknowledged: the first acknowledgement was dropped unsent, so
// the thread has had none.
func TestWhoWritesAgainAfterALongOutageIsAcknowledged(t *testing.T) {
	long(t)
	inHouse(t, "", func(h *house) {
		h.start()
		h.net.Refuse("smtp.desk.example:25", true)
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Cannot log in", ID: "<a1@customer.example>"})
		h.passes(25 * time.Hour)
		h.net.Refuse("smtp.desk.example:25", false)
		h.passes(2 * time.Hour)
		h.wantAcks()
		if ev := h.events(1001); !strings.Contains(ev, "older than ack.horizon") {
			h.t.Errorf("events do not tell that the acknowledgement was dropped:\n%s", ev)
		}
		h.arrives("support", mail{
			From: "dana@customer.example", Subject: "Re: Cannot log in", ID: "<a2@customer.example>",
			Header: "References: <a1@customer.example>\n",
		})
		h.passes(time.Minute)
		h.wantAcks("dana@customer.example")
		if th := h.threads(); len(th) != 1 || th[0].Status != store.Acknowledged {
			h.t.Errorf("threads = %+v, want the one, acknowledged:\n%s", th, h.events(1001))
		}
	})
}

// TestAServerThatBreaksOffAgainAndAgainIsSomebodysBusiness: the mail is held, with an event and an alarm.
func TestAServerThatBreaksOffAgainAndAgainIsSomebodysBusiness(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.smtp.Follow(sinkCut)
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Cannot log in", ID: "<a1@customer.example>"})
		h.passes(5 * time.Hour)
		h.wantAcks("dana@customer.example", "dana@customer.example", "dana@customer.example", "dana@customer.example", "dana@customer.example")
		if ev := h.events(1001); !strings.Contains(ev, "held ack") {
			h.t.Errorf("events do not tell that the acknowledgement is held:\n%s", ev)
		}
		if !strings.Contains(h.logs.String(), "ALERT a mail is held") {
			h.t.Error("no alarm was raised")
		}
	})
}

// sinkCut takes each mail and hangs up instead of saying so.
func sinkCut(s sink.Step) sink.Answer {
	if s.Stage != sink.Dot {
		return sink.Answer{}
	}
	return sink.Answer{Cut: true, Taken: true}
}
