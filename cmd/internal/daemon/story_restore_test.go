package daemon

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// restore puts a mailbox back to what its first mails were, under its UIDVALIDITY, as a backup of the mail server does.
func (h *house) restore(box string, first ...kept) {
	h.t.Helper()
	h.users[box] = h.account(box)
	for _, k := range first {
		h.put(box, k.raw, k.at)
	}
	h.serve()
	h.net.Cut("imap.desk.example:143")
}

// kept is a mail as a backup has it.
type kept struct {
	raw []byte
	at  time.Time
}

func (h *house) gets(i int) kept {
	h.t.Helper()
	m := mail{From: fmt.Sprintf("c%d@customer%d.example", i, i), Subject: fmt.Sprintf("Question %d", i), ID: fmt.Sprintf("<q%d@x.example>", i)}
	k := kept{m.bytes(), time.Now()}
	h.put("support", k.raw, k.at)
	return k
}

func TestAMailboxPutBackFromABackupLosesNoMailAndAnswersNoneTwice(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		var all []kept
		for i := range 10 {
			all = append(all, h.gets(i))
		}
		h.passes(time.Minute)
		if n := len(h.acks()); n != 10 {
			h.t.Fatalf("%d acks before the restore, want 10", n)
		}
		h.passes(time.Hour)
		h.restore("support", all[:6]...) // mails 7 to 10 are gone, and their UIDs are given again
		for i := range 5 {
			h.arrives("support", mail{From: fmt.Sprintf("new%d@customer.example", i), Subject: "After the restore", ID: fmt.Sprintf("<n%d@x.example>", i)})
		}
		h.passes(10 * time.Minute)
		sent := map[string]int{}
		for _, to := range h.acks() {
			sent[to]++
		}
		for i := range 5 {
			if to := fmt.Sprintf("new%d@customer.example", i); sent[to] != 1 {
				h.t.Errorf("%s got %d answers, want 1", to, sent[to])
			}
		}
		for i := range 10 {
			if to := fmt.Sprintf("c%d@customer%d.example", i, i); sent[to] != 1 {
				h.t.Errorf("%s got %d answers, want the 1 from before", to, sent[to])
			}
		}
		if n := len(h.threads()); n != 15 {
			h.t.Errorf("%d threads, want 15", n)
		}
		if !strings.Contains(h.logs.String(), "restored or made anew") {
			h.t.Error("the log does not tell of the restore")
		}
		h.end()
		h.start()
		h.passes(10 * time.Minute)
		if n := len(h.acks()); n != 15 {
			h.t.Errorf("%d answers after a restart, want the 15", n)
		}
	})
}

func TestAMailboxPutBackWithManyUnknownMailsWaitsForTheOperator(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		first := h.gets(0)
		for i := range 70 { // seen by us, lost by the server
			h.gets(i + 1)
		}
		h.passes(time.Minute)
		h.end()
		h.passes(time.Hour)
		h.restore("support", first)
		for i := range 60 { // came while we were down, under UIDs that we have seen
			h.arrives("support", mail{From: fmt.Sprintf("late%d@late%d.example", i, i), Subject: "Hello", ID: fmt.Sprintf("<l%d@x.example>", i)})
		}
		h.passes(time.Minute)
		h.start()
		h.passes(time.Hour)
		if n := len(h.acks()); n != 71 {
			h.t.Errorf("%d answers, want the 71 of before: more than 50 wait", n)
		}
		if n := len(h.threads()); n != 131 {
			h.t.Errorf("%d threads, want 131: nothing is lost", n)
		}
		if n := strings.Count(h.logs.String(), "ALERT 60 automatic mails are held"); n != 1 {
			h.t.Errorf("%d alerts that 60 are held, want 1", n)
		}
		h.arrives("support", mail{From: "fresh@customer.example", Subject: "New"})
		h.passes(time.Minute)
		if n := len(h.acks()); n != 72 {
			h.t.Errorf("%d answers, want one more for the mail that came after", n)
		}
	})
}
