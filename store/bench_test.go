package store

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// cpu is what this process has used so far.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// inGroups runs one change an iteration, so many at a time to a transaction.
func inGroups(b *testing.B, r *rig, group int, change func(tx *Tx, i int) error) {
	b.Helper()
	b.ReportAllocs()
	before := cpu(b)
	b.ResetTimer()
	for i := 0; i < b.N; {
		var pending []*Pending
		for range min(group, b.N-i) {
			pending = append(pending, r.Submit(4<<10, func(tx *Tx) error { i++; return change(tx, i-1) }))
		}
		for _, p := range pending {
			if err := p.Wait(); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.StopTimer()
	b.ReportMetric(float64(cpu(b)-before)/float64(b.N)/1e3, "cpu-µs/op")
}

// BenchmarkArrivedChange is the change of a mail that opens a thread and is acknowledged, with all that
// is asked on the way.
func BenchmarkArrivedChange(b *testing.B) {
	for _, group := range []int{1, 50} {
		b.Run(fmt.Sprintf("group=%d", group), func(b *testing.B) {
			r := newRig(b)
			inGroups(b, r, group, func(tx *Tx, i int) error {
				p := Place{Mailbox: "support", UIDValidity: 7, UID: uint32(i + 1)}
				m := r.letter()
				r.n--
				if _, err := tx.Seen(p); err != nil {
					return err
				}
				if _, _, err := tx.SameMail(m); err != nil {
					return err
				}
				if _, err := tx.OurID(m.MessageID); err != nil {
					return err
				}
				if _, err := tx.Candidates(Named{IDs: []string{"<a@b>"}, Own: m.MessageID, Sender: m.From.Addr}); err != nil {
					return err
				}
				if _, err := tx.OpenEpoch("support", 7, 1, noon); err != nil {
					return err
				}
				key := fmt.Sprint("sender", i)
				if _, err := tx.AnswersTo(key, noon, 3); err != nil {
					return err
				}
				if _, err := tx.AnswersTo(key, noon, 10); err != nil {
					return err
				}
				if _, err := tx.AnswersInto(key, noon, 30); err != nil {
					return err
				}
				_, err := r.enter(tx, "support")
				return err
			})
		})
	}
}

// BenchmarkSettleAttempt is a sending connection's change: the last mail settled with what follows from it,
// the next one attempted.
func BenchmarkSettleAttempt(b *testing.B) {
	for _, group := range []int{1, 4} {
		b.Run(fmt.Sprintf("group=%d", group), func(b *testing.B) {
			r := newRig(b)
			var mails []entered
			for len(mails) < b.N {
				var pending []*Pending
				for range 200 {
					pending = append(pending, r.Submit(0, func(tx *Tx) error {
						e, err := r.enter(tx, "support")
						mails = append(mails, e)
						return err
					}))
				}
				for _, p := range pending {
					if err := p.Wait(); err != nil {
						b.Fatal(err)
					}
				}
			}
			raw := make([]byte, 1500)
			inGroups(b, r, group, func(tx *Tx, i int) error {
				m := mails[i].mail
				fence, ok, err := tx.Attempt(m, "Re: Cannot log in", raw, noon, time.Minute)
				if err != nil || !ok {
					return fmt.Errorf("attempt: %v %w", ok, err)
				}
				m.Fence = fence
				if ok, err := tx.Settle(Delivery{Mail: m, State: Sent, At: noon}); err != nil || !ok {
					return fmt.Errorf("settle: %v %w", ok, err)
				}
				if err := tx.Meet(m.Obligation, noon); err != nil {
					return err
				}
				t, err := tx.Thread(m.Thread)
				if err != nil {
					return err
				}
				t, events := t.Apply(Happening{Trigger: AckSent, At: noon, Who: "outbox", Why: "SMTP took it"})
				if err := tx.SaveThread(t); err != nil {
					return err
				}
				return tx.AddEvents(t.ID, events)
			})
		})
	}
}

// BenchmarkDueMail is a look at an outbox in which as many mails wait as in a long outage.
func BenchmarkDueMail(b *testing.B) {
	r := newRig(b)
	r.change(func(tx *Tx) error {
		for range 2000 {
			if _, err := r.enter(tx, "support"); err != nil {
				return err
			}
		}
		return nil
	})
	b.ReportAllocs()
	before := cpu(b)
	b.ResetTimer()
	for range b.N {
		if _, err := r.DueMail("support", noon, 64); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(cpu(b)-before)/float64(b.N)/1e3, "cpu-µs/op")
}
