package daemon

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"triaged/outbound/relay/sink"
	"triaged/store"
)

func TestGreylistingForTenMinutesGivesExactlyOneAck(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.smtp.Follow(sink.Until(time.Now().Add(10*time.Minute), sink.Refuse(sink.Rcpt, 451, "4.7.1", "greylisted, come back later")))
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Cannot log in"})
		h.passes(9 * time.Minute)
		h.wantAcks()
		h.passes(3 * time.Minute)
		h.wantAcks("dana@customer.example")
		h.passes(48 * time.Hour)
		h.wantAcks("dana@customer.example")
	})
}

func TestARestartInTheMiddleStillGivesExactlyOneAck(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.net.Refuse("smtp.desk.example:25", true)
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Cannot log in", ID: "<a1@customer.example>"})
		h.passes(time.Minute)
		h.end()
		h.net.Refuse("smtp.desk.example:25", false)
		h.start()
		h.passes(2 * time.Minute)
		h.wantAcks("dana@customer.example")
		h.end()
		h.start()
		h.passes(24 * time.Hour)
		h.wantAcks("dana@customer.example")
		if th := h.threads(); len(th) != 1 {
			h.t.Errorf("%d threads, want 1", len(th))
		}
	})
}

func TestALostReplyIsRepeatedWithTheSameMessageID(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.smtp.Follow(sink.Times(1, sink.To("dana@customer.example", sink.At(sink.Dot, sink.Answer{Cut: true, Taken: true}))))
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Cannot log in"})
		h.passes(time.Minute)
		h.wantAcks("dana@customer.example")
		h.passes(10 * time.Minute)
		h.wantAcks("dana@customer.example", "dana@customer.example")
		if a, b := h.sent(0).MessageID, h.sent(1).MessageID; a != b {
			h.t.Errorf("the repeat has Message-ID %s, want %s again", b, a)
		}
	})
}

func TestHistoryIsNeverAnswered(t *testing.T) {
	inHouse(t, "", func(h *house) {
		for i := range 30 {
			h.arrives("support", mail{From: fmt.Sprintf("old%d@customer.example", i), Subject: "Old", At: time.Now().Add(-time.Duration(i+1) * time.Hour)})
		}
		h.start()
		h.passes(time.Hour)
		h.wantAcks()
		if got := h.messages(store.MessageFilter{}); len(got) != 0 {
			h.t.Errorf("%d old mails were read, want none", len(got))
		}
		h.arrives("support", mail{From: "dana@customer.example", Subject: "New"})
		h.passes(10 * time.Second)
		h.wantAcks("dana@customer.example")
	})
}

func TestMailThatCameAfterTheFirstLookIsNeverHistory(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "From a server whose clock is behind", At: time.Now().Add(-time.Hour)})
		h.passes(10 * time.Second)
		h.wantAcks("dana@customer.example")
	})
}

func TestADateThatSomebodyWroteDownHolds(t *testing.T) {
	inHouse(t, "ack: {not_before: \"2000-01-01T00:00:00Z\"}\n", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Older than that", At: time.Now().Add(-time.Hour)})
		h.passes(time.Hour)
		h.wantAcks()
	})
}

func TestPeopleOfOursAreNotAnsweredUnderATagEither(t *testing.T) {
	inHouse(t, "alerts: {to: [ops@example.net]}\n", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "alice+phone@desk.example", Subject: "From my phone"})
		h.arrives("support", mail{From: "ops@example.net", Subject: "Re: your alert"})
		h.passes(time.Hour)
		h.wantAcks()
		if n := len(h.threads()); n != 2 {
			h.t.Errorf("%d threads, want both mails in one", n)
		}
	})
}

func TestObservingSendsNothingAndTheNextMailGetsTheOneAck(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start(observing)
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Cannot log in", ID: "<a1@customer.example>"})
		h.passes(time.Hour)
		h.wantAcks()
		h.end()
		h.start()
		h.passes(time.Hour)
		h.wantAcks()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Re: Cannot log in", ID: "<a2@customer.example>", Header: "In-Reply-To: <a1@customer.example>\n"})
		h.passes(time.Minute)
		h.wantAcks("dana@customer.example")
		if th := h.threads(); len(th) != 1 {
			h.t.Errorf("%d threads, want 1", len(th))
		}
	})
}

func TestAnOutageLongerThanTheHorizonHoldsItsAcks(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.end()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Waiting for days"})
		h.passes(30 * time.Hour)
		h.start()
		h.passes(time.Hour)
		h.wantAcks()
		th := h.threads()
		if len(th) != 1 || time.Since(th[0].OpenedAt) < 30*time.Hour {
			h.t.Fatalf("threads = %+v, want one, opened when its mail arrived", th)
		}
		if n := strings.Count(h.logs.String(), "automatic mails are held"); n != 1 {
			h.t.Errorf("%d alarms about held mail, want 1:\n%s", n, h.logs)
		}
		if strings.Contains(h.logs.String(), "acknowledgements are late") {
			h.t.Error("a held acknowledgement was cried about as late, as if a server were in trouble")
		}
		var held []int64
		for _, m := range h.outbox(th[0].ID) {
			if m.State == store.Held && m.Kind == store.AckMail {
				held = append(held, m.ID)
			}
		}
		r := h.daemon.obey(t.Context(), Request{Verb: "release", Mail: held, Who: "test"})
		if r.Error != "" || len(r.Done) != 1 {
			h.t.Fatalf("release of %d = %+v, want it done", held, r)
		}
		h.passes(time.Minute)
		h.wantAcks("dana@customer.example")
	})
}

func TestARestoredDatabaseHoldsWhatItMayHaveSent(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.end()
		db := filepath.Join(h.dir, "state", "triaged.db")
		backup, err := os.ReadFile(db)
		if err != nil {
			h.t.Fatal(err)
		}
		h.start()
		for i := range 60 {
			h.arrives("support", mail{From: fmt.Sprintf("c%d@customer%d.example", i, i), Subject: "Help", ID: fmt.Sprintf("<r%d@x.example>", i)})
		}
		h.passes(time.Minute)
		if n := len(h.acks()); n != 60 {
			h.t.Fatalf("%d acks, want 60", n)
		}
		h.end()
		_ = os.Remove(db + "-wal")
		if err := os.WriteFile(db, backup, 0o600); err != nil {
			h.t.Fatal(err)
		}
		h.start()
		h.passes(time.Hour)
		if n := len(h.acks()); n != 60 {
			h.t.Errorf("after the restore %d acks, want the 60 of before", n)
		}
		h.arrives("support", mail{From: "fresh@customer.example", Subject: "New"})
		h.passes(time.Minute)
		if n := len(h.acks()); n != 61 {
			h.t.Errorf("%d acks, want one more for the mail that came after the restore", n)
		}
	})
}

func TestAStrangerWhoNamesAThreadDoesNotGetIn(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Cannot log in", ID: "<a1@customer.example>"})
		h.passes(time.Minute)
		ack := h.sent(0)
		h.arrives("support", mail{From: "eve@evil.example", Subject: "Re: #1001", Header: "References: <a1@customer.example>\n"})
		h.passes(time.Minute)
		h.arrives("support", mail{From: "mallory@evil.example", Subject: "Re: x", Header: "References: " + ack.MessageID + "\n"})
		h.passes(time.Minute)
		if got := len(h.messages(store.MessageFilter{Thread: 1001})); got != 2 {
			h.t.Errorf("%d messages in the thread, want the customer's and the one that proved to know an id of ours (pending)", got)
		}
		if ev := h.events(1001); !strings.Contains(ev, "stranger wrote") || !strings.Contains(ev, "pending") {
			h.t.Errorf("events lack the pending stranger:\n%s", ev)
		}
		h.wantAcks("dana@customer.example", "eve@evil.example")
	})
}

func TestSenderCapsStopAnswersAndNeverThreads(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		for i := range 20 {
			h.arrives("support", mail{From: fmt.Sprintf("u+%d@gmail.com", i), Subject: "Hello"})
		}
		h.passes(10 * time.Minute)
		if n := len(h.acks()); n != 3 {
			h.t.Errorf("%d acks to one person with many tags, want 3", n)
		}
		if n := len(h.threads()); n != 20 {
			h.t.Errorf("%d threads, want all 20", n)
		}
		if ev := h.events(1020); !strings.Contains(ev, "withheld ack | this sender has had 3 automatic mails within an hour") {
			h.t.Errorf("the last thread does not say why nothing was sent:\n%s", ev)
		}
	})
}

func TestAFailedAckIsAnEventAndAnAlarmAndNoOtherMail(t *testing.T) {
	long(t)
	inHouse(t, "", func(h *house) {
		h.start()
		h.smtp.Follow(sink.Refuse(sink.Rcpt, 550, "5.1.1", "no such user"))
		h.arrives("support", mail{From: "gone@customer.example", Subject: "Help"})
		h.passes(48 * time.Hour)
		h.wantAcks()
		if ev := h.events(1001); !strings.Contains(ev, "ack failed") || !strings.Contains(ev, "5.1.1") {
			h.t.Errorf("events lack the failure:\n%s", ev)
		}
		if n := strings.Count(h.logs.String(), "ALERT an acknowledgement cannot be sent"); n != 1 {
			h.t.Errorf("%d alarms, want 1", n)
		}
	})
}

func TestBadMailNeverStopsTheGoodOneAfterIt(t *testing.T) {
	deep := "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b0\n"
	var nest strings.Builder
	for i := range 10000 {
		fmt.Fprintf(&nest, "--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n", i, i+1)
	}
	bad := map[string]mail{
		"30 MB":                 {From: "big@bad.example", Subject: "big", Body: strings.Repeat("0123456789abcdef\n", 30<<20/17)},
		"10,000 levels":         {From: "deep@bad.example", Subject: "deep", Header: deep, Body: nest.String()},
		"100,000 header fields": {From: "wide@bad.example", Subject: "wide", Header: strings.Repeat("X-A: b\n", 100000)},
		"an unknown charset":    {From: "odd@bad.example", Subject: "odd", Header: "Content-Type: text/plain; charset=x-klingon\n", Body: "nuqneH\n"},
	}
	for name, b := range bad {
		t.Run(name, func(t *testing.T) {
			inHouse(t, "", func(h *house) {
				h.start()
				h.arrives("support", b)
				h.arrives("support", mail{From: "good@customer.example", Subject: "Good"})
				h.passes(time.Minute)
				if acks := strings.Join(h.acks(), " "); !strings.Contains(acks, "good@customer.example") {
					h.t.Errorf("after %s the good mail was not acknowledged: %q\n%s", name, acks, h.logs)
				}
				if n := len(h.messages(store.MessageFilter{})); n != 2 {
					h.t.Errorf("%d messages recorded, want both", n)
				}
			})
		})
	}
}

func TestLateAcksAreToldToTheWebhook(t *testing.T) {
	inHouse(t, "alerts: {webhook: \"http://hook.example/alert\"}\n", func(h *house) {
		got := h.webhook("hook.example:80")
		h.start()
		h.net.Refuse("smtp.desk.example:25", true)
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Cannot log in"})
		h.passes(20 * time.Minute)
		h.net.Refuse("smtp.desk.example:25", false)
		all := strings.Join(got(), "\n")
		if !strings.Contains(all, "acknowledgements are late") || !strings.Contains(all, "#1001") {
			h.t.Errorf("the webhook heard %q, want the late acknowledgement of #1001", all)
		}
	})
}
