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

// clock sleeps until something comes due and lets it through its door.
func (d *Daemon) clock(ctx context.Context) error {
	for {
		if err := d.store.Broken(); err != nil {
			return err
		}
		wait := glance
		d.listen(time.Now())
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

// tick misses what is past its instant and raises the alarm for acknowledgements that are late.
func (d *Daemon) tick(ctx context.Context, now time.Time) (more bool, err error) {
	doors, came := d.doors.Load(), false
	err = d.store.Change(ctx, func(tx *store.Tx) error {
		if err := doors.scheduleDigests(tx, now); err != nil {
			return err
		}
		overdue, err := tx.Overdue(now, tickAtOnce)
		if err != nil {
			return err
		}
		for _, o := range overdue {
			if err := doors.Due(tx, o, now); err != nil {
				return err
			}
		}
		more, came = len(overdue) == tickAtOnce, len(overdue) > 0
		return doors.warn(tx, now)
	})
	if came {
		d.wakeLines() // what came due may have queued mail that leaves now
	}
	return more, err
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
