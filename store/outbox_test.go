package store

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

// attempt commits an attempt at a mail as it is due now.
func (r *rig) attempt(box string, now time.Time) Mail {
	r.t.Helper()
	all, err := r.DueMail(box, now, 1)
	if err != nil || len(all) != 1 {
		r.t.Fatalf("DueMail(%s, %v) = %v, %v; want one", box, now, all, err)
	}
	m := all[0]
	r.change(func(tx *Tx) error {
		fence, ok, err := tx.Attempt(m, "Re: Cannot log in", []byte("bytes"), now, time.Minute)
		if !ok {
			r.t.Errorf("Attempt of a due mail: ok = false")
		}
		m.Fence = fence
		return err
	})
	return m
}

func (r *rig) settle(d Delivery) (ok bool) {
	r.t.Helper()
	r.change(func(tx *Tx) (err error) { ok, err = tx.Settle(d); return err })
	return ok
}

func TestAMailIsDueMostUrgentFirstInItsOwnMailboxOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	a, b, c := r.arrives("support"), r.arrives("support"), r.arrives("billing")
	r.change(func(tx *Tx) error { return tx.run("UPDATE outbox SET urgency = 1 WHERE id = $1", b.mail.ID) })
	if got := r.due("support", noon); !slices.Equal(got, []int64{b.mail.ID, a.mail.ID}) {
		t.Errorf("due in support = %v, want the urgent %d before %d", got, b.mail.ID, a.mail.ID)
	}
	if got := r.due("billing", noon); !slices.Equal(got, []int64{c.mail.ID}) {
		t.Errorf("due in billing = %v, want %d", got, c.mail.ID)
	}
	if got := r.due("support", noon.Add(-time.Microsecond)); len(got) != 0 {
		t.Errorf("due a microsecond early = %v, want none", got)
	}
	r.change(func(tx *Tx) error {
		return tx.run("UPDATE outbox SET next_at = $1 WHERE id = $2", us(noon.Add(time.Minute)), b.mail.ID)
	})
	for _, c := range []struct{ after, want time.Time }{
		{noon.Add(-time.Second), noon},
		{noon, noon.Add(time.Minute)}, // what is due by then hides nothing
		{noon.Add(time.Minute), time.Time{}},
	} {
		if next, err := r.NextMail("support", c.after); err != nil || !next.Equal(c.want) {
			t.Errorf("NextMail after %v = %v, %v; want %v", c.after, next, err, c.want)
		}
	}
	if next, err := r.NextMail("nowhere", time.Time{}); err != nil || !next.IsZero() {
		t.Errorf("NextMail of an unknown mailbox = %v, %v; want zero", next, err)
	}
}

func TestAnAttemptIsMadeOnceAndAStaleResultChangesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := r.arrives("support")
	stale, err := r.DueMail("support", noon, 1)
	if err != nil {
		t.Fatal(err)
	}
	m := r.attempt("support", noon)
	r.change(func(tx *Tx) error {
		_, ok, err := tx.Attempt(stale[0], "s", nil, noon, time.Minute)
		if ok {
			t.Error("a second attempt at a mail in the air: ok = true")
		}
		return err
	})
	if r.settle(Delivery{Mail: stale[0], State: Failed, At: noon, Error: "stale"}) {
		t.Error("Settle with the fence from before the attempt: ok = true")
	}
	if got := r.row(e.mail.ID); got.State != Sending || got.Attempts != 1 {
		t.Errorf("row = %s after %d attempts, want sending after 1", got.State, got.Attempts)
	}
	if !r.settle(Delivery{Mail: m, State: Deferred, At: noon, Next: noon.Add(time.Minute), Error: "451"}) {
		t.Fatal("Settle: ok = false")
	}
	again := r.attempt("support", noon.Add(time.Minute))
	if string(again.Rendered) != "bytes" || again.Subject != "Re: Cannot log in" {
		t.Errorf("second attempt has bytes %q and subject %q, want those of the first", again.Rendered, again.Subject)
	}
	if r.settle(Delivery{Mail: m, State: Sent, At: noon}) {
		t.Error("Settle of the first attempt during the second: ok = true")
	}
	if !r.settle(Delivery{Mail: again, State: Sent, At: noon.Add(time.Minute)}) || r.settle(Delivery{Mail: again, State: Failed, At: noon}) {
		t.Error("want the second attempt settled exactly once")
	}
	if got := r.row(e.mail.ID); got.State != Sent || !got.SentAt.Equal(noon.Add(time.Minute)) {
		t.Errorf("row = %s at %v, want sent a minute after noon", got.State, got.SentAt)
	}
}

func TestWhatWasBeingSentWhenTheProcessEndedIsUnknown(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := r.arrives("support")
	r.arrives("support")
	r.attempt("support", noon)
	r.die()
	before := time.Now()
	r.open()
	got := r.row(e.mail.ID)
	if got.State != Unknown || got.Doubts != 1 || got.Looks != 0 || got.NextAt.Before(before.Add(grace)) {
		t.Errorf("row = %s, doubts %d, next %v; want unknown, 1, after the grace", got.State, got.Doubts, got.NextAt)
	}
	if n := r.count("SELECT count(*) FROM outbox WHERE state = 'queued'"); n != 1 {
		t.Errorf("%d other mails are queued, want 1 untouched", n)
	}
	all, err := r.Reader().Outbox(t.Context(), 0)
	if err != nil || len(all) != 1 || all[0].ID != e.mail.ID {
		t.Errorf("Outbox of what waits = %v, %v; want the unknown one", all, err)
	}
}

func TestHoldReleaseAndDrop(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := r.arrives("support")
	r.change(func(tx *Tx) error { return tx.HoldLive(HoldRestored) })
	if got := r.row(e.mail.ID); got.State != Held || got.Hold != HoldRestored || len(r.due("support", noon.Add(time.Hour))) != 0 {
		t.Fatalf("row = %+v, want held and not due", got)
	}
	held := func(box string, why Hold, want int) {
		t.Helper()
		if n, err := r.HeldFor(box, why); err != nil || n != want {
			t.Errorf("HeldFor(%s, %s) = %d, %v; want %d", box, why, n, err, want)
		}
	}
	held("support", HoldRestored, 1)
	held("support", HoldReset, 0)
	held("billing", HoldRestored, 0)
	later := noon.Add(48 * time.Hour)
	r.change(func(tx *Tx) error { return tx.ReleaseFor("support", HoldReset, later) })
	held("support", HoldRestored, 1)
	decide := func(what string, want bool, fn func(tx *Tx) (Mail, bool, error)) {
		t.Helper()
		r.change(func(tx *Tx) error {
			_, ok, err := fn(tx)
			if ok != want {
				t.Errorf("%s: ok = %v, want %v", what, ok, want)
			}
			return err
		})
	}
	release := func(tx *Tx) (Mail, bool, error) { return tx.Release(e.mail.ID, later) }
	drop := func(tx *Tx) (Mail, bool, error) { return tx.Drop(e.mail.ID, "dropped by test") }
	decide("release a held mail", true, release)
	decide("release it again", false, release)
	if got := r.row(e.mail.ID); got.State != Queued || !got.CreatedAt.Equal(later) || got.Hold != "" {
		t.Errorf("row = %+v, want queued, its age counted anew", got)
	}
	decide("drop a queued mail", true, drop)
	decide("drop it again", false, drop)
	decide("release a dropped mail", false, release)
	if err := r.Change(t.Context(), func(tx *Tx) error { _, _, err := tx.Drop(4711, ""); return err }); err == nil || !strings.Contains(err.Error(), "no mail 4711 in the outbox: triaged queue list") {
		t.Errorf("Drop(4711) of a mail that is not: err = %v, want that there is none, and where to look", err)
	}
}

func TestADroppedMailInTheAirIsNotTaken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := r.arrives("support")
	r.attempt("support", noon)
	r.change(func(tx *Tx) error {
		_, ok, err := tx.Drop(e.mail.ID, "too late")
		if ok {
			t.Error("Drop of a mail that is being sent: ok = true")
		}
		return err
	})
}

func TestAnAckIsOwedAnewOnlyWhereNoneCanHaveLeft(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		before func(r *rig, e entered)
		has    bool
	}{
		{"queued", func(*rig, entered) {}, true},
		{"dropped unsent", func(r *rig, e entered) { r.settle(Delivery{Mail: e.mail, State: Dropped, At: noon}) }, false},
		{"failed", func(r *rig, e entered) {
			r.settle(Delivery{Mail: r.attempt("support", noon), State: Failed, At: noon})
		}, true},
		{"dropped when nobody knew whether it had left", func(r *rig, e entered) {
			m := r.attempt("support", noon)
			m.Doubts++
			r.settle(Delivery{Mail: m, State: Unknown, At: noon, Next: noon})
			r.change(func(tx *Tx) error { _, _, err := tx.Drop(e.mail.ID, "test"); return err })
		}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			e := r.arrives("support")
			c.before(r, e)
			r.change(func(tx *Tx) error {
				has, err := tx.HasAck(e.thread.ID)
				if has != c.has {
					t.Errorf("HasAck = %v, want %v", has, c.has)
				}
				return err
			})
			again := e.mail
			again.MessageID, again.ReferenceID, again.CreatedAt, again.NextAt = "<m.again@desk.example>", "<t.again@desk.example>", noon.Add(time.Hour), noon.Add(time.Hour)
			err := r.Change(t.Context(), func(tx *Tx) error { _, err := tx.Queue(again); return err })
			if (err != nil) != c.has {
				t.Fatalf("Queue again: %v, want an error: %v", err, c.has)
			}
			if err != nil {
				return
			}
			m := r.attempt("support", noon.Add(time.Hour))
			if m.ID != e.mail.ID || m.MessageID != again.MessageID || m.Attempts != 0 {
				t.Errorf("mail = %+v, want the row used again with its new id", m)
			}
			r.change(func(tx *Tx) error {
				old, err1 := tx.OurID(e.mail.MessageID)
				fresh, err2 := tx.OurID(again.ReferenceID)
				if !old || !fresh {
					t.Errorf("OurID = %v, %v; want both the old and the new ids known", old, fresh)
				}
				return errors.Join(err1, err2)
			})
		})
	}
}

func TestCapsCountWhatWasQueuedSinceAnInstant(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for range 4 {
		r.arrives("support")
	}
	dropped := r.arrives("support")
	r.settle(Delivery{Mail: dropped.mail, State: Dropped, At: noon})
	r.change(func(tx *Tx) error { // an update is no answer
		o, err := tx.Promise(Obligation{Subject: "thread:1001", Thread: 1001, Kind: Update, Slot: "1", State: Owed, Due: noon})
		if err != nil {
			return err
		}
		m := dropped.mail
		m.Kind, m.Obligation, m.MessageID, m.ReferenceID, m.DomainKey = HoldingMail, o, "<m.u@desk.example>", "<t.u@desk.example>", ""
		_, err = tx.Queue(m)
		return err
	})
	r.change(func(tx *Tx) error {
		for _, c := range []struct {
			name  string
			count func(string, time.Time, int) (int, error)
			key   string
			since time.Time
			most  int
			want  int
		}{
			{"all but the dropped one", tx.AnswersTo, "dana@customer.example", noon.Add(-time.Second), 10, 4},
			{"no further than the cap", tx.AnswersTo, "dana@customer.example", noon.Add(-time.Second), 3, 3},
			{"an instant itself is outside", tx.AnswersTo, "dana@customer.example", noon, 10, 0},
			{"somebody else", tx.AnswersTo, "erin@customer.example", noon.Add(-time.Second), 10, 0},
			{"no cap", tx.AnswersTo, "dana@customer.example", noon.Add(-time.Second), 0, 0},
			{"the domain", tx.AnswersInto, "customer.example", noon.Add(-time.Second), 10, 4},
			{"no domain", tx.AnswersInto, "", noon.Add(-time.Second), 10, 0},
		} {
			if got, err := c.count(c.key, c.since, c.most); err != nil || got != c.want {
				t.Errorf("%s: counted %d (%v), want %d", c.name, got, err, c.want)
			}
		}
		return nil
	})
}

func TestARecoveredServerWakesItsOwnDeferredAcks(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	mine, other := r.arrives("support"), r.arrives("billing")
	for _, box := range []string{"support", "billing"} {
		r.settle(Delivery{Mail: r.attempt(box, noon), State: Deferred, At: noon, Next: noon.Add(time.Hour), Error: "421"})
	}
	r.change(func(tx *Tx) error {
		n, err := tx.WakeDeferred("support", noon.Add(time.Minute))
		if n != 1 {
			t.Errorf("WakeDeferred woke %d, want 1", n)
		}
		return err
	})
	if got := r.row(mine.mail.ID).NextAt; !got.Equal(noon.Add(time.Minute)) {
		t.Errorf("next attempt of the account's mail at %v, want now", got)
	}
	if got := r.row(other.mail.ID).NextAt; !got.Equal(noon.Add(time.Hour)) {
		t.Errorf("next attempt of another account's mail at %v, want as it was", got)
	}
}

func TestHowAnAckStandsIsToldInOneWord(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, want, why string
		before          func(r *rig, e entered)
	}{
		{"owed", "owed", "first message", func(*rig, entered) {}},
		{"late", "late", "451 busy", func(r *rig, e entered) {
			r.settle(Delivery{Mail: r.attempt("support", noon), State: Deferred, At: noon, Next: noon, Error: "451 busy"})
			r.change(func(tx *Tx) error { return tx.Warned(e.owed[0].ID) })
		}},
		{"met", "met", "first message", func(r *rig, e entered) { r.change(func(tx *Tx) error { return tx.Meet(e.owed[0].ID, noon) }) }},
		{"missed", "missed", "first message", func(r *rig, e entered) { r.change(func(tx *Tx) error { return tx.Miss(e.owed[0].ID, noon) }) }},
		{"met late", "met late", "first message", func(r *rig, e entered) {
			r.change(func(tx *Tx) error {
				return errors.Join(tx.Miss(e.owed[0].ID, noon), tx.Meet(e.owed[0].ID, noon))
			})
		}},
		{"withheld", "withheld", "a robot", func(r *rig, e entered) {
			r.change(func(tx *Tx) error { return tx.Waive(e.owed[0].ID, "a robot") })
		}},
		{"failed", "failed", "550 no such user", func(r *rig, e entered) {
			r.settle(Delivery{Mail: r.attempt("support", noon), State: Failed, At: noon, Error: "550 no such user"})
			r.change(func(tx *Tx) error { return tx.Waive(e.owed[0].ID, "not sent") })
		}},
		{"held", "held", HoldRestored.Why(), func(r *rig, e entered) { r.change(func(tx *Tx) error { return tx.HoldLive(HoldRestored) }) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			e := r.arrives("support")
			c.before(r, e)
			one, err1 := r.Reader().Ack(t.Context(), e.thread.ID)
			open, err2 := r.Reader().Acks(t.Context(), false)
			all, err3 := r.Reader().Acks(t.Context(), true)
			if err := errors.Join(err1, err2, err3); err != nil {
				t.Fatal(err)
			}
			if one.State != c.want || !strings.Contains(one.Reason, c.why) || open[e.thread.ID] != one || all[e.thread.ID] != one {
				t.Errorf("Ack = %+v, Acks = %+v and %+v; want %s because %s", one, open, all, c.want, c.why)
			}
		})
	}
}
