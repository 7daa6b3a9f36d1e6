package daemon

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"triaged/outbound/relay/sink"
	"triaged/store"
)

// stateFiles are what a kill leaves in the state folder.
var stateFiles = []string{"triaged.db", "triaged.db-wal", "triaged.boot"}

// leaves reads the state folder as a kill at this instant would leave it.
func (h *house) leaves() map[string][]byte {
	h.t.Helper()
	all := map[string][]byte{}
	for _, name := range stateFiles {
		b, err := os.ReadFile(filepath.Join(h.dir, "state", name))
		if err != nil {
			h.t.Fatal(err)
		}
		all[name] = b
	}
	return all
}

// finds puts a state folder there for the next start.
func (h *house) finds(state map[string][]byte) {
	h.t.Helper()
	_ = os.Remove(filepath.Join(h.dir, "state", "triaged.db-shm"))
	for name, b := range state {
		if err := os.WriteFile(filepath.Join(h.dir, "state", name), b, 0o600); err != nil {
			h.t.Fatal(err)
		}
	}
}

// walCuts are the lengths at which a write-ahead log may end when its writer is killed between two lengths: after each frame, and in the middle of it.
func walCuts(wal []byte, from int) (cuts []int) {
	const header, frameHeader = 32, 24
	frame := frameHeader + int(binary.BigEndian.Uint32(wal[8:12]))
	for end := header; end <= len(wal); end += frame {
		if end >= from {
			cuts = append(cuts, end)
		}
		if middle := end + frame/2; middle > from && middle < len(wal) {
			cuts = append(cuts, middle)
		}
	}
	return cuts
}

// TestAKillAtAnyWriteOfAnArrivalLosesNoMailAndAnswersOnce (F04, F06): the log of the database is cut after and within each of the pages that an arrival
// writes. What is found is the whole arrival or nothing of it, the mailbox is as it was, and the next start answers the mail once.
func TestAKillAtAnyWriteOfAnArrivalLosesNoMailAndAnswersOnce(t *testing.T) {
	long(t)
	inHouse(t, "", func(h *house) {
		h.start()
		h.passes(time.Minute)
		h.net.Refuse("smtp.desk.example:25", true)
		before := h.leaves()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Cannot log in", ID: "<a1@customer.example>"})
		h.passes(time.Second)
		after := h.leaves()
		h.kill()
		cuts := walCuts(after["triaged.db-wal"], len(before["triaged.db-wal"]))
		if len(cuts) < 10 {
			h.t.Fatalf("the arrival wrote so little that there are %d places to cut", len(cuts))
		}
		h.net.Refuse("smtp.desk.example:25", false)
		whole := 0
		for _, end := range cuts {
			h.finds(map[string][]byte{"triaged.db": after["triaged.db"], "triaged.db-wal": after["triaged.db-wal"][:end], "triaged.boot": after["triaged.boot"]})
			whole += h.wholeOrNothing(end)
			h.smtp.Forget()
			h.start()
			h.passes(2 * time.Minute)
			if got := h.acks(); len(got) != 1 || got[0] != "dana@customer.example" {
				h.t.Errorf("cut at %d of %d: acknowledged %q, want the customer once", end, len(after["triaged.db-wal"]), got)
			}
			if th := h.threads(); len(th) != 1 {
				h.t.Errorf("cut at %d: %d threads, want 1", end, len(th))
			}
			h.end()
		}
		if whole == 0 || whole == len(cuts) {
			h.t.Errorf("%d of %d cuts left the arrival whole: the cuts do not lie around its commit", whole, len(cuts))
		}
	})
}

// wholeOrNothing opens what a kill has left, and says 1 where the arrival is in it.
func (h *house) wholeOrNothing(end int) int {
	h.t.Helper()
	r, err := store.OpenReader(h.t.Context(), filepath.Join(h.dir, "state"))
	if err != nil {
		h.t.Fatalf("cut at %d: %v", end, err)
	}
	defer func() { _ = r.Close() }()
	messages, err := r.Messages(h.t.Context(), store.MessageFilter{})
	if err != nil {
		h.t.Fatal(err)
	}
	threads, err := r.Threads(h.t.Context(), true)
	if err != nil {
		h.t.Fatal(err)
	}
	acks := 0
	for _, th := range threads {
		rows, err := r.Outbox(h.t.Context(), th.ID)
		if err != nil {
			h.t.Fatal(err)
		}
		for _, m := range rows {
			if m.Kind == store.AckMail {
				acks++
			}
		}
	}
	if n := len(messages); n > 1 || len(threads) != n || acks != n {
		h.t.Errorf("cut at %d: %d messages, %d threads and %d acknowledgements, want one of each or none", end, len(messages), len(threads), acks)
	}
	return len(messages)
}

// TestAKillDuringAnAttemptRepeatsNoWordsOfAnAgent (F10 to F12): the daemon is killed while an agent's words are on their way, at each step of
// SMTP. What it finds at the next start is an attempt that was begun before MAIL FROM, and not how far it came: the words wait for their
// author's word, and are never repeated unasked.
func TestAKillDuringAnAttemptRepeatsNoWordsOfAnAgent(t *testing.T) {
	for _, c := range []struct {
		point string
		stage sink.Stage
		taken bool // the server had the whole mail
	}{
		{"F10 before RCPT TO was answered", sink.Rcpt, false},
		{"F10 before 354", sink.Data, false},
		{"F11 in the body", sink.Body, false},
		{"F12 after the dot, and the server had taken it", sink.Dot, true},
		{"F12 after the dot, and the server had not taken it", sink.Dot, false},
	} {
		t.Run(c.point, func(t *testing.T) {
			inHouse(t, "", func(h *house) {
				h.start()
				id := h.asks("dana@customer.example", "Cannot log in")
				h.smtp.Follow(sink.Times(1, sink.To("dana@customer.example", sink.At(c.stage, sink.Answer{Silent: true, Taken: c.taken}))))
				h.answersTo(h.about(id, "alice@desk.example"), "alice@desk.example", "Please try again now.")
				h.passes(5 * time.Second)
				h.kill()
				h.smtp.Follow(nil)
				h.start()
				h.passes(time.Hour)
				want := 0 // it waits for its author
				if c.taken {
					want = 1
				}
				h.wantCopies("dana@customer.example", store.ReplyMail, want)
				ask := h.about(id, "alice@desk.example")
				if asked := h.kinds(id, store.ReceiptMail); asked != 1 || !strings.Contains(flat(ask.Text), "may have arrived") {
					h.t.Errorf("the author was asked %d times:\n%s", asked, h.events(id))
				}
				h.passes(24 * time.Hour)
				h.wantCopies("dana@customer.example", store.ReplyMail, want)
				h.answersTo(ask, "alice@desk.example", "#release")
				h.wantCopies("dana@customer.example", store.ReplyMail, want+1)
			})
		})
	}
}

// copiesOf counts the mails of a kind that reached somebody.
func (h *house) copiesOf(to, kind string) (n int) {
	for _, m := range h.to(to) {
		row, ok, err := h.daemon.store.Reader().MailOf(h.t.Context(), m.MessageID)
		if err != nil || !ok {
			h.t.Fatalf("%s is not in the outbox: %v", m.MessageID, err)
		}
		if row.Kind == kind {
			n++
		}
	}
	return n
}

// wantCopies checks how many copies of one mail reached somebody; all are the same mail.
func (h *house) wantCopies(to, kind string, want int) {
	h.t.Helper()
	ids := map[string]bool{}
	for _, m := range h.to(to) {
		if row, _, _ := h.daemon.store.Reader().MailOf(h.t.Context(), m.MessageID); row.Kind == kind {
			ids[m.MessageID] = true
		}
	}
	if got := h.copiesOf(to, kind); got != want || want > 0 && len(ids) != 1 {
		h.t.Errorf("%d copies of %s under %d ids reached %s, want %d under one:\n%s", got, kind, len(ids), to, want, fmt.Sprint(h.threads()))
	}
}
