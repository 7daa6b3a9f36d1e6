package daemon

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"triaged/ingest"
	"triaged/outbound/relay/sink"
	"triaged/store"
)

// answers makes a robot of an address: whatever is sent to it is answered at once, from it, by reply.
func (h *house) answers(box string, reply func(m *ingest.Message) mail) {
	last := 0
	h.robot = func() {
		all := h.outside()
		for ; last < len(all); last++ {
			h.arrives(box, reply(ingest.Parse(all[last].Raw, ingest.Options{})))
		}
	}
}

// lives lets time pass in small steps, with the robot at work in between.
func (h *house) lives(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); {
		h.passes(30 * time.Second)
		h.robot()
	}
}

func TestARobotWithoutAnyHeaderThatAnswersEverythingGetsThreeMails(t *testing.T) {
	long(t)
	inHouse(t, "", func(h *house) {
		h.start()
		n := 0
		h.answers("support", func(m *ingest.Message) mail { // a new mail each time: no id, no subject of ours, no marker
			n++
			return mail{From: "robot@machine.example", Subject: fmt.Sprintf("Message %d", n), Body: fmt.Sprintf("We have seen message %d.\n", n)}
		})
		h.arrives("support", mail{From: "robot@machine.example", Subject: "Message 0"})
		h.lives(24 * time.Hour)
		if got := len(h.acks()); got > 3 {
			h.t.Errorf("%d mails went to the robot in a day, want at most 3", got)
		}
	})
}

// TestARobotThatCriesForHelpIsUpdatedNoMoreOftenThanASenderIsAnswered: each update of a SEV-1 makes it open another thread.
func TestARobotThatCriesForHelpIsUpdatedNoMoreOftenThanASenderIsAnswered(t *testing.T) {
	long(t)
	inHouse(t, "", func(h *house) {
		h.start()
		n := 0
		h.answers("support", func(m *ingest.Message) mail {
			n++
			return mail{From: "robot@machine.example", Subject: fmt.Sprintf("Message %d", n), Body: fmt.Sprintf("%sThis is message %d.\n", outage, n)}
		})
		h.arrives("support", mail{From: "robot@machine.example", Subject: "Message 0", Body: outage})
		for range 24 * 4 {
			h.passes(15 * time.Minute)
			h.robot()
		}
		if got := len(h.acks()); got < 4 || got > 20 {
			t.Errorf("%d mails went to the robot in a day, want more than the acknowledgements, and no more than 20", got)
		}
		if got := len(h.threads()); got > 20 {
			t.Errorf("it made %d threads of them", got)
		}
	})
}

func TestARobotThatAnswersInTheThreadGetsOneMail(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.answers("support", func(m *ingest.Message) mail {
			return mail{From: "robot@machine.example", Subject: "Re: " + m.Subject, Header: "In-Reply-To: " + m.MessageID + "\n"}
		})
		h.arrives("support", mail{From: "robot@machine.example", Subject: "Hello"})
		h.lives(24 * time.Hour)
		h.wantAcks("robot@machine.example")
	})
}

// custom are the header fields that a careless relay strips, with their continuation lines.
var custom = regexp.MustCompile(`(?mi)^(Auto-Submitted|X-[A-Za-z-]+|Precedence|List-[A-Za-z-]+|References|In-Reply-To|Return-Path):.*\r\n([ \t].*\r\n)*`)

func TestTwoDaemonsThroughARelayThatStripsEveryMarkStopAtTwoMailsEachWay(t *testing.T) {
	long(t)
	inHouse(t, "", func(h *house) {
		other := h.neighbour()
		h.start()
		other.start()
		h.arrives("support", mail{From: "Other Desk <support@other.example>", Subject: "We cannot reach you"})
		seenHere, seenThere := 0, 0
		for range 24 * 60 {
			h.passes(time.Minute)
			for all := h.outside(); seenHere < len(all); seenHere++ {
				other.put("support", stripped(h.t, all[seenHere]), time.Now())
			}
			for all := other.outside(); seenThere < len(all); seenThere++ {
				h.put("support", stripped(h.t, all[seenThere]), time.Now())
			}
		}
		if seenHere > 2 || seenThere > 2 {
			h.t.Errorf("in 24 hours %d mails went there and %d came back, want at most 2 each way", seenHere, seenThere)
		}
		if seenHere == 0 {
			h.t.Error("nothing was sent at all: the story does not test what it says")
		}
	})
}

// stripped is a mail as the relay passes it on: no mark that it was automatic, not even whom it answers.
func stripped(t *testing.T, m sink.Mail) []byte {
	t.Helper()
	head, body, ok := bytes.Cut(m.Raw, []byte("\r\n\r\n"))
	if !ok {
		t.Fatalf("no header in %q", m.Raw)
	}
	return append(custom.ReplaceAll(append(head, '\r', '\n'), nil), append([]byte("\r\n"), body...)...)
}

func TestAJoeJobIsNotAnsweredAndTheRealCustomersAre(t *testing.T) {
	long(t)
	inHouse(t, "", func(h *house) {
		h.yaml = strings.Replace(h.yaml, "aliases: [help@desk.example]", "aliases: [help@desk.example]\n    trusted_authserv_id: mx.desk.example", 1)
		h.start()
		real := 0
		for i := range 5000 {
			forged := mail{
				From: fmt.Sprintf("victim%d@v%d.example", i, i%7), Subject: "BUY http://x", Body: fmt.Sprintf("BUY %d\n", i),
				Header: fmt.Sprintf("Authentication-Results: mx.desk.example; dmarc=fail header.from=v%d.example; spf=fail; dkim=none\n", i%7),
			}
			h.arrives("support", forged)
			if i%100 == 0 {
				real++
				h.arrives("support", mail{From: fmt.Sprintf("c%d@real%d.example", i, i), Subject: "Help", Body: fmt.Sprintf("Please help %d\n", i)})
			}
		}
		h.passes(15 * time.Minute)
		acks := h.acks()
		for _, to := range acks {
			if strings.HasPrefix(to, "victim") {
				h.t.Fatalf("a forged sender was answered: %s", to)
			}
		}
		if len(acks) != real {
			h.t.Errorf("%d of %d real customers were acknowledged within 15 minutes", len(acks), real)
		}
		if n := len(h.threads()); n != 5000+real {
			h.t.Errorf("%d threads, want every mail in one, %d", n, 5000+real)
		}
	})
}

func TestMessageIDGamesLoseNothing(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		for _, m := range []mail{
			{From: "a@one.example", Subject: "First", ID: "<same@id.example>"},
			{From: "b@two.example", Subject: "Second, with the id of the first", ID: "<same@id.example>"},
			{From: "c@three.example", Subject: "No id"},
			{From: "d@four.example", Subject: "No id either"},
			{From: "e@five.example", Subject: "Empty id", ID: "<>"},
			{From: "f@six.example", Subject: "Broken id", ID: "not an id at all"},
		} {
			h.arrives("support", m)
			h.passes(20 * time.Second)
		}
		if n := len(h.threads()); n != 6 {
			h.t.Errorf("%d threads, want 6", n)
		}
		if n := len(h.acks()); n != 6 {
			h.t.Errorf("%d acknowledgements, want 6: %q", n, h.acks())
		}
	})
}

func TestAPreSeededMessageIDDoesNotSuppressTheRealMail(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "eve@evil.example", Subject: "x", ID: "<invoice-77@customer.example>"})
		h.passes(time.Minute)
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Invoice 77 is wrong", ID: "<invoice-77@customer.example>"})
		h.passes(time.Minute)
		h.wantAcks("eve@evil.example", "dana@customer.example")
		if n := len(h.threads()); n != 2 {
			h.t.Errorf("%d threads, want 2", n)
		}
	})
}

func TestAUIDVALIDITYResetAnswersNothingTwice(t *testing.T) {
	long(t)
	inHouse(t, "", func(h *house) {
		h.start()
		var raws [][]byte
		for i := range 80 {
			m := mail{From: fmt.Sprintf("c%d@customer%d.example", i, i), Subject: "Help", ID: fmt.Sprintf("<u%d@x.example>", i)}
			if i%2 == 0 {
				m.ID = "" // half of them have none: the content must do
			}
			raws = append(raws, m.bytes())
			h.put("support", raws[i], time.Now())
		}
		h.passes(time.Minute)
		before := len(h.acks())
		if before != 80 {
			h.t.Fatalf("%d acks, want 80", before)
		}
		if err := h.users["support"].Delete("INBOX"); err != nil {
			h.t.Fatal(err)
		}
		if err := h.users["support"].Create("INBOX", nil); err != nil {
			h.t.Fatal(err)
		}
		for _, raw := range raws {
			h.put("support", raw, time.Now())
		}
		h.net.Cut("imap.desk.example:143")
		h.passes(time.Hour)
		if got := len(h.acks()); got != before {
			h.t.Errorf("after the reset %d acks, want the %d of before", got, before)
		}
		if n := len(h.messages(store.MessageFilter{})); n != 80 {
			h.t.Errorf("%d messages, want 80: the same mail is one", n)
		}
	})
}

// A thread that machines write to goes silent: one event, one alarm, and no acknowledgement to the person who writes meanwhile.
func TestAThreadThatMachinesWriteToGoesSilent(t *testing.T) {
	inHouse(t, "ack: {per_sender_hour: 0, per_sender_day: 0}\n", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Help", Header: "X-Auto-Response-Suppress: All\n"}) // not acknowledged: she may be later
		h.passes(time.Minute)
		robot := func(n int) {
			h.arrives("support", mail{From: "dana@customer.example", Subject: "Re: Help [#1001]", Body: fmt.Sprintf("Automatic mail %d\n", n), Header: "Auto-Submitted: auto-replied\n"})
			h.passes(time.Minute)
		}
		silent := func() (events, alarms int) {
			return strings.Count(h.events(1001), "| went silent | more than 5 automatic mails reached this thread within an hour"), strings.Count(h.logs.String(), "ALERT machines write to a thread")
		}
		for n := range 5 {
			robot(n)
		}
		if events, alarms := silent(); events != 0 || alarms != 0 {
			h.t.Errorf("after five machine mails: %d events and %d alarms, want none:\n%s", events, alarms, h.events(1001))
		}
		for n := range 20 {
			robot(5 + n)
		}
		if events, alarms := silent(); events != 1 || alarms != 1 {
			h.t.Errorf("after twenty-five machine mails: %d events and %d alarms, want one of each:\n%s", events, alarms, h.events(1001))
		}
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Re: Help [#1001]", Body: "Is anybody there?\n"})
		h.passes(time.Minute)
		if ev := h.events(1001); !strings.Contains(ev, "withheld ack | more than 5 automatic mails reached this thread") {
			h.t.Errorf("the thread does not say that it withholds its answer:\n%s", ev)
		}
		h.wantAcks()
		h.passes(2 * time.Hour) // the machines have ceased
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Re: Help [#1001]", Body: "It is still broken.\n"})
		h.passes(time.Minute)
		h.wantAcks("dana@customer.example")
	})
}

// TestASilencedThreadSendsNoUpdateEither: while machines write to it nothing automatic leaves, the cadence included.
func TestASilencedThreadSendsNoUpdateEither(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		id := h.asks("dana@customer.example", "Production is down", func(m *mail) { m.Body = outage })
		for n := range 10 {
			h.arrives("support", mail{From: "dana@customer.example", Subject: "Re: Help [#1001]", Body: fmt.Sprintf("Automatic mail %d\n", n), Header: "Auto-Submitted: auto-replied\n"})
			h.passes(time.Minute)
		}
		h.passes(25 * time.Minute)
		if n := h.sentByKind(id)[store.HoldingMail]; n != 0 {
			t.Errorf("%d updates left a thread that went silent:\n%s", n, h.events(id))
		}
		h.passes(time.Hour) // the machines have ceased
		if n := h.sentByKind(id)[store.HoldingMail]; n == 0 {
			t.Errorf("no update once the machines had ceased:\n%s", h.events(id))
		}
	})
}
