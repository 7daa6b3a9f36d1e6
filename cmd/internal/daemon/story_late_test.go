package daemon

import (
	"strings"
	"testing"
	"time"

	"triaged/store"
)

// wantPromise checks how a promise of a thread is recorded.
func (h *house) wantPromise(thread int64, kind, want string) {
	h.t.Helper()
	all, err := h.daemon.store.Reader().Obligations(h.t.Context(), thread)
	if err != nil {
		h.t.Fatal(err)
	}
	for _, o := range all {
		if o.Kind == kind {
			if o.State != want {
				h.t.Errorf("%s of #%d, due %s and met %s, is %s; want %s:\n%s", kind, thread, o.Due, o.MetAt, o.State, want, h.events(thread))
			}
			return
		}
	}
	h.t.Errorf("#%d owes no %s", thread, kind)
}

// takenAfter lets the server's answer to the newest mail of a kind be that it was taken, a while from now.
func (h *house) takenAfter(thread int64, kind string, d time.Duration) {
	h.t.Helper()
	doors := h.daemon.doors.Load()
	var m store.Mail
	for _, row := range h.outbox(thread) {
		if row.Kind == kind {
			m = row
		}
	}
	err := h.daemon.store.Change(h.t.Context(), func(tx *store.Tx) (err error) {
		if m.Fence, _, err = tx.Attempt(m, "Re", []byte("Re"), time.Now(), time.Hour); err != nil {
			return err
		}
		return doors.Settled(tx, store.Delivery{Mail: m, State: store.Sent, At: time.Now().Add(d)})
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// The clock looks when an instant comes, but a mail may be taken before it does: at a start many things are late at once.
func TestWhatCameLateIsMissedThoughTheClockHasNotLooked(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Production is down", Body: outage})
		h.passes(10 * time.Second)
		h.net.Refuse("smtp.desk.example:25", true)
		h.net.Cut("smtp.desk.example:25")
		h.arrives("support", mail{From: "erin@other.example", Subject: "Where is the manual", Body: "Where do I find the manual?\n"})
		h.answersTo(h.newest("alice@desk.example"), "alice@desk.example", "#resolve\nWe restarted the database.")
		h.passes(2 * time.Minute)
		h.takenAfter(1002, store.AckMail, 16*time.Minute)
		h.takenAfter(1001, store.ResolutionMail, 20*time.Minute)
		h.wantPromise(1002, store.Acknowledge, store.Missed)
		h.wantEvent(1002, "missed acknowledge")
		h.wantPromise(1001, store.Acknowledge, store.Met)
		h.wantPromise(1001, store.Respond, store.Missed)
		h.wantPromise(1001, store.Deliver, store.Missed)
		h.wantPromise(1001, store.Resolve, store.Met)
		if n := strings.Count(h.events(1001), "missed respond"); n != 1 {
			h.t.Errorf("%d events say that the answer came late, want 1:\n%s", n, h.events(1001))
		}
	})
}

func TestUpdatesOfOneThreadWithholdNoAckOfAnother(t *testing.T) {
	inHouse(t, "", func(h *house) {
		h.start()
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Production is down", Body: outage})
		h.passes(12 * time.Hour)
		if n := h.kinds(1001, store.HoldingMail); n < 12 {
			h.t.Fatalf("%d automatic updates within 12 hours, want one every half hour", n)
		}
		h.arrives("support", mail{From: "dana@acme.example", Subject: "Where is the manual", Body: "Where do I find the manual?\n"})
		h.passes(time.Minute)
		if got := h.kinds(1002, store.AckMail); got != 1 {
			h.t.Errorf("%d acknowledgements of a second matter, want 1: the caps are for answers, and the updates of another thread are none:\n%s", got, h.events(1002))
		}
	})
}
