package daemon

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"triaged/config"
	"triaged/outbound/relay/sink"
	"triaged/store"
)

// holds counts the mails of a folder.
func (h *house) holds(box, folder string) int {
	h.t.Helper()
	s, err := h.users[box].Status(folder, &imap.StatusOptions{NumMessages: true})
	if err != nil {
		return 0
	}
	return int(*s.NumMessages)
}

// TestAKillAtEachStageOfASendLeavesOneAck (F06, F09 to F15): what a kill leaves is the state folder as it is at that stage. Until the
// final dot the server has nothing and the ack is sent once; from then on it may be repeated, under the same Message-ID. The chore on
// the server is done, once, whoever does it.
func TestAKillAtEachStageOfASendLeavesOneAck(t *testing.T) {
	for _, c := range []struct {
		point string
		stage sink.Stage
		then  sink.Answer
		most  int
	}{
		{"F09 before the server has greeted", sink.Greeting, sink.Answer{Cut: true}, 1},
		{"F10 at MAIL FROM", sink.MailFrom, sink.Answer{Cut: true}, 1},
		{"F10 at RCPT TO", sink.Rcpt, sink.Answer{Cut: true}, 1},
		{"F10 at DATA", sink.Data, sink.Answer{Cut: true}, 1},
		{"F11 in the body", sink.Body, sink.Answer{Cut: true}, 1},
		{"F12 the dot was sent, and the server did not take it", sink.Dot, sink.Answer{Cut: true}, 1},
		{"F12 the dot was sent, and the server took it", sink.Dot, sink.Answer{Cut: true, Taken: true}, 2},
		{"F13 the server said 250, which was not committed", sink.Dot, sink.Answer{}, 2},
	} {
		t.Run(c.point, func(t *testing.T) {
			inHouse(t, "", func(h *house) {
				h.yaml = strings.Replace(h.yaml, "aliases:", "after: \"move:Done\"\n    aliases:", 1)
				state, killed := filepath.Join(h.dir, "state"), filepath.Join(h.dir, "killed")
				kills, dead := 0, new(atomic.Bool)
				h.smtp.Follow(func(s sink.Step) sink.Answer {
					if dead.Load() { // nothing that the first process still does may be seen
						return sink.Answer{Cut: true}
					}
					if s.Stage != c.stage || s.Stage != sink.Greeting && s.To != "" && s.To != "dana@customer.example" || kills > 0 {
						return sink.Answer{}
					}
					kills++
					dead.Store(true)
					keepState(h.t, killed, state)
					return c.then
				})
				h.start()
				h.arrives("support", mail{From: "dana@customer.example", Subject: "Cannot log in", ID: "<a1@customer.example>"})
				for range 20 {
					if h.passes(50 * time.Millisecond); kills > 0 {
						break
					}
				}
				h.net.Refuse("smtp.desk.example:25", true) // the first process is dead: nothing of it may be seen from here
				h.net.Cut("smtp.desk.example:25")
				h.end()
				h.net.Refuse("smtp.desk.example:25", false)
				dead.Store(false)
				if kills != 1 {
					h.t.Fatalf("killed %d times, want once", kills)
				}
				h.yaml = strings.Replace(h.yaml, state, killed, 1)
				h.start()
				h.passes(time.Hour)
				acks := h.acks()
				if len(acks) < 1 || len(acks) > c.most {
					h.t.Errorf("%d acks, want at least one and at most %d:\n%s", len(acks), c.most, h.logs)
				}
				if len(acks) == 2 && h.sent(0).MessageID != h.sent(1).MessageID {
					h.t.Errorf("the repeat is %s, want %s again", h.sent(1).MessageID, h.sent(0).MessageID)
				}
				if n := len(h.threads()); n != 1 {
					h.t.Errorf("%d threads, want 1", n)
				}
				if inbox, done := h.holds("support", "INBOX"), h.holds("support", "Done"); inbox != 0 || done != 1 {
					h.t.Errorf("%d mails in INBOX and %d in Done, want it moved once", inbox, done)
				}
			})
		})
	}
}

// TestAReloadAndAnEndInMidSendRepeatNothing (F22): the dot is on its way while both happen, and may land.
func TestAReloadAndAnEndInMidSendRepeatNothing(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.smtp.Follow(sink.To("dana@customer.example", sink.At(sink.Dot, sink.Answer{Delay: 5 * time.Second})))
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Cannot log in"})
		h.passes(time.Second)
		h.wantAcks()
		cfg, problems := config.Parse("triaged.yaml", []byte(h.yaml+"company: Another Name\n"))
		if config.Broken(problems) {
			h.t.Fatal(problems)
		}
		if err := h.daemon.furnish(h.daemon.keepFixed(cfg)); err != nil {
			h.t.Fatal(err)
		}
		began := time.Now()
		h.end()
		if took := time.Since(began); took > drain+time.Second {
			h.t.Errorf("the end took %s, want no more than the drain", took)
		}
		h.wantAcks("dana@customer.example")
		h.start()
		h.passes(time.Hour)
		h.wantAcks("dana@customer.example")
	})
}

// TestNothingIsEverPutIntoSent (F14): the server files what it takes, or nobody does, so there is no copy to lose or to repeat.
func TestNothingIsEverPutIntoSent(t *testing.T) {
	inHouse(t, "", func(h *house) {
		if err := h.users["support"].Create("Sent", &imap.CreateOptions{SpecialUse: []imap.MailboxAttr{imap.MailboxAttrSent}}); err != nil {
			h.t.Fatal(err)
		}
		h.start()
		for i := range 3 {
			h.arrives("support", mail{From: fmt.Sprintf("c%d@customer%d.example", i, i), Subject: "Help"})
		}
		h.passes(time.Hour)
		if n := h.holds("support", "Sent"); n != 0 || len(h.acks()) != 3 {
			h.t.Errorf("%d mails in Sent after %d acks, want none after 3", n, len(h.acks()))
		}
	})
}

// TestAClockThatGoesBackByDaysHoldsWhatWaits (F21). Fake time never jumps, so the story says that it did.
func TestAClockThatGoesBackByDaysHoldsWhatWaits(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.net.Refuse("smtp.desk.example:25", true)
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Cannot log in"})
		h.passes(10 * time.Second)
		if back := wentBack(time.Minute, time.Minute-25*time.Hour); back != 25*time.Hour || back <= backAtMost {
			h.t.Errorf("the clock went back by %s, want 25h", back)
		}
		if back := wentBack(time.Minute, 8*time.Hour); back > 0 { // asleep
			h.t.Errorf("a machine that slept went back by %s", back)
		}
		if err := h.daemon.holdForClock(t.Context(), 25*time.Hour, time.Now()); err != nil {
			h.t.Fatal(err)
		}
		h.net.Refuse("smtp.desk.example:25", false)
		h.passes(2 * time.Hour)
		h.wantAcks()
		if n := strings.Count(h.logs.String(), "ALERT the clock of this machine went back by 25h"); n != 1 {
			h.t.Errorf("%d alarms, want 1", n)
		}
		var held []int64
		for _, m := range h.outbox(1001) {
			if m.State == store.Held && m.Hold == store.HoldClock && m.Kind == store.AckMail {
				held = append(held, m.ID)
			}
		}
		if r := h.daemon.obey(t.Context(), Request{Verb: "release", Mail: held, Who: "test"}); len(r.Done) != 1 {
			h.t.Fatalf("release of %d = %+v, want it done", held, r)
		}
		h.passes(time.Minute)
		h.wantAcks("dana@customer.example")
		h.arrives("support", mail{From: "fresh@customer.example", Subject: "New"})
		h.passes(time.Minute)
		h.wantAcks("dana@customer.example", "fresh@customer.example")
	})
}

// keepState copies a state folder as a kill would leave it. Files that come and go meanwhile are notes, and nothing of the record.
func keepState(t *testing.T, to, from string) {
	t.Helper()
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Errorf("keep the state folder: %v", err)
		return
	}
	if err := os.MkdirAll(to, 0o700); err != nil {
		t.Errorf("keep the state folder: %v", err)
	}
	for _, e := range entries {
		if e.Type()&fs.ModeSocket != 0 {
			continue
		}
		text, err := os.ReadFile(filepath.Join(from, e.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			err = os.WriteFile(filepath.Join(to, e.Name()), text, 0o600)
		}
		if err != nil {
			t.Errorf("keep the state folder: %v", err)
		}
	}
}
