package daemon

import (
	"context"
	"fmt"
	"time"

	"triaged/store"
)

// glance is the longest the clock sleeps: the wall clock may have jumped meanwhile.
const glance = time.Minute

// tickAtOnce bounds what one change does.
const tickAtOnce = 500

// backAtMost is how far the clock may go back before a person looks. By less, mail that is scheduled is late by as much.
const backAtMost = 24 * time.Hour

// wentBack is how far the wall clock went back, given the time that has passed and the time that the wall clock says has; negative
// where it went forward.
func wentBack(passed, shown time.Duration) time.Duration { return passed - shown }

// holdForClock: the clock has gone back by days. What waits was written and scheduled by a clock that was wrong then or is wrong now.
func (d *Daemon) holdForClock(ctx context.Context, back time.Duration, now time.Time) error {
	doors := d.doors.Load()
	return d.store.Change(ctx, func(tx *store.Tx) error {
		if err := tx.HoldLive(store.HoldClock); err != nil {
			return err
		}
		return doors.alerts.raise(tx, alarm{
			Key: "clock", What: fmt.Sprintf("the clock of this machine went back by %s", back.Round(time.Minute)), At: now,
			Why: "mail that waits is held, and scheduled mail may be late; correct the clock, then release or drop what triaged queue list shows",
		})
	})
}

// clock sleeps until something comes due and lets it through its door.
func (d *Daemon) clock(ctx context.Context) error {
	last := time.Now()
	for {
		if err := d.store.Broken(); err != nil {
			return err
		}
		wait := glance
		now := time.Now()
		// Sub goes by the monotonic clock as long as both have it; Round takes it away.
		if back := wentBack(now.Sub(last), now.Round(0).Sub(last.Round(0))); back > backAtMost {
			if err := d.holdForClock(ctx, back, now); err != nil {
				d.log.Error("holding mail because the clock went back", "err", err)
			}
		}
		last = now
		d.listen(now)
		more, err := d.tick(ctx, time.Now())
		if err != nil && ctx.Err() == nil {
			d.log.Error("looking at what is due", "err", err)
		} else if next, err := d.store.NextDue(); err == nil && !next.IsZero() {
			wait = min(wait, max(time.Until(next), 0))
		}
		if more {
			wait = 0
		}
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-d.wakeClock:
			t.Stop()
		case <-ctx.Done():
			t.Stop()
			return nil
		}
	}
}

// listen raises the alarm for mailboxes that can no longer be heard, and tells when they can again.
func (d *Daemon) listen(now time.Time) {
	deaf, hearing := d.watch.turned(now)
	for box, b := range deaf {
		why := fmt.Sprintf("no good look at it for %s", now.Sub(b.since).Round(time.Second))
		if b.Failures > 0 {
			why = fmt.Sprintf("%d looks in a row failed: %s", b.Failures, b.LastErr)
		}
		d.alerts.cry(alarm{
			Key: "deaf " + box, What: "mailbox " + box + " is deaf: its mail is not seen", Mailbox: box, At: now,
			Why: why + "; mail waits on the server, triaged check --connect tells more",
		})
	}
	for box := range hearing {
		d.log.Info("the mailbox is heard again", "mailbox", box)
	}
}

// tick does what is due, and raises the alarm for acknowledgements that are late. What breaks stops nothing else: the rest is done one by one.
func (d *Daemon) tick(ctx context.Context, now time.Time) (more bool, err error) {
	doors, done := d.doors.Load(), 0
	var overdue []store.Obligation
	err = d.store.Change(ctx, func(tx *store.Tx) error {
		if overdue, err = d.overdue(tx, doors, now); err != nil {
			return err
		}
		for _, o := range overdue {
			if err := doors.Due(tx, o, now); err != nil {
				return err
			}
		}
		return doors.warn(tx, now)
	})
	switch {
	case err == nil:
		done = len(overdue)
	case len(overdue) > 0 && !store.Trouble(err):
		done, err = d.oneByOne(ctx, doors, overdue, now)
	}
	if done > 0 {
		d.wakeLines() // what came due may have queued mail that leaves now
	}
	return done > 0 && len(overdue) == tickAtOnce, err
}

// overdue owes the next digests and lists what is due.
func (d *Daemon) overdue(tx *store.Tx, doors *doors, now time.Time) ([]store.Obligation, error) {
	if err := doors.scheduleDigests(tx, now); err != nil {
		return nil, err
	}
	return tx.Overdue(now, tickAtOnce)
}

// oneByOne does each of what is due in a change of its own. One that breaks is told of, and tried again within a minute: the error is of
// the last such.
func (d *Daemon) oneByOne(ctx context.Context, doors *doors, overdue []store.Obligation, now time.Time) (done int, broke error) {
	for _, o := range overdue {
		err := d.store.Change(ctx, func(tx *store.Tx) error { return doors.Due(tx, o, now) })
		switch {
		case err == nil:
			done++
		case store.Trouble(err) || ctx.Err() != nil:
			return done, err
		default:
			broke = err
			doors.alerts.cry(alarm{Key: fmt.Sprintf("due %d", o.ID), What: "what is due on a thread cannot be done: " + o.Kind, Why: err.Error(), Threads: []string{fmt.Sprintf("#%d", o.Thread)}, At: now})
		}
	}
	if err := d.store.Change(ctx, func(tx *store.Tx) error { return doors.warn(tx, now) }); err != nil {
		return done, err
	}
	return done, broke
}

// warn: an acknowledgement still unsent after half its time is somebody's business.
func (d *doors) warn(tx *store.Tx, now time.Time) error {
	late, err := tx.Late(now, tickAtOnce)
	if err != nil || len(late) == 0 {
		return err
	}
	unsent := 0
	a := alarm{Key: "late acknowledgements", What: "acknowledgements are late", At: now}
	for _, o := range late {
		if err := tx.Warned(o.ID); err != nil {
			return err
		}
		if held, err := tx.MailHeld(o.ID); err != nil {
			return err
		} else if held { // it waits for a person, who has been told
			continue
		}
		if err := tx.AddEvent(store.Event{Thread: o.Thread, At: now, Who: "clock", What: "ack is late", Why: "still unsent after half its time, due " + o.Due.Format(time.RFC3339)}); err != nil {
			return err
		}
		unsent++
		if len(a.Threads) < 20 {
			a.Threads = append(a.Threads, fmt.Sprintf("#%d", o.Thread))
		}
	}
	if len(a.Threads) == 0 {
		return nil
	}
	a.Why = fmt.Sprintf("%d still unsent after half of ack.within; see triaged threads and triaged check --connect", unsent)
	return d.alerts.raise(tx, a)
}
