package daemon

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"triaged/ingest"
	"triaged/ingest/mailbox"
	"triaged/outbound"
	"triaged/store"
)

// heldAtMost is how many automatic mails a reset or a restored database may release on its own.
const heldAtMost = 50

// Epoch opens a folder's UIDVALIDITY.
func (d *Daemon) Epoch(ctx context.Context, box string, uidValidity, uidNext uint32) (mailbox.Epoch, error) {
	var e store.Epoch
	err := d.store.Change(ctx, func(tx *store.Tx) (err error) {
		e, err = tx.OpenEpoch(box, uidValidity, uidNext, time.Now())
		return err
	})
	if err == nil && !e.ResetAt.IsZero() {
		d.log.Warn("the folder was made anew or restored once: mail is recognised by id and content", "mailbox", box, "uidvalidity", uidValidity, "since", e.ResetAt)
	}
	return mailbox.Epoch{UIDValidity: e.UIDValidity, History: e.History, HistoryDecided: e.HistoryDecided, Watermark: e.Watermark}, err
}

// Newest lists what was recorded last.
func (d *Daemon) Newest(_ context.Context, box string, uidValidity uint32, limit int) ([]mailbox.Known, error) {
	all, err := d.store.Newest(box, uidValidity, limit)
	known := make([]mailbox.Known, len(all))
	for i, m := range all {
		known[i] = mailbox.Known{UID: m.UID, MessageID: m.MessageID, Subject: m.Subject}
	}
	return known, err
}

// Restart begins a folder's epoch anew.
func (d *Daemon) Restart(ctx context.Context, box string, uidValidity, uidNext uint32, why string) error {
	return d.store.Change(ctx, func(tx *store.Tx) error { return tx.RestartEpoch(box, uidValidity, uidNext, why, time.Now()) })
}

// SetHistory marks UIDs as history.
func (d *Daemon) SetHistory(ctx context.Context, box string, uidValidity, upTo uint32) error {
	return d.store.Change(ctx, func(tx *store.Tx) error { return tx.SetHistory(box, uidValidity, upTo) })
}

// Recorded lists recorded UIDs.
func (d *Daemon) Recorded(_ context.Context, box string, uidValidity, from uint32) ([]uint32, error) {
	return d.store.Recorded(box, uidValidity, from)
}

// Arrived reads mails side by side and records them in their order, several in one transaction. Where one of them was being read
// when a process ended they are taken one by one; see underway.
func (d *Daemon) Arrived(ctx context.Context, mails []mailbox.Mail) error {
	if !d.underway.suspects(mails) {
		return d.arrive(ctx, mails)
	}
	for i := range mails {
		if err := d.arrive(ctx, mails[i:i+1]); err != nil {
			return err
		}
	}
	return nil
}

func (d *Daemon) arrive(ctx context.Context, mails []mailbox.Mail) (err error) {
	end, err := d.underway.begin(mails)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, end(err == nil)) }()
	doors := d.doors.Load()
	arrivals := make([]arrival, len(mails))
	var g errgroup.Group
	for i, m := range mails {
		d.reading <- struct{}{} // parsing is bounded over all mailboxes: it is what needs memory
		g.Go(func() error {
			arrivals[i] = d.readSafely(ctx, doors, m, time.Now())
			<-d.reading
			err := d.prover.prove(ctx, doors, arrivals[i], m.Raw)
			mails[i].Raw = nil // its compressed copy is all that is needed from here
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	pending := make([]*store.Pending, len(arrivals))
	for i, a := range arrivals {
		pending[i] = d.store.Submit(len(a.raw), func(tx *store.Tx) error { return doors.Arrived(tx, a) })
	}
	var errs []error
	said := map[string]bool{} // a full disk fails a whole batch, and is one thing to say
	for i, p := range pending {
		if err := p.Wait(); err != nil {
			if err = d.quarantine(ctx, arrivals[i], err); err != nil && !said[err.Error()] {
				said[err.Error()] = true
				errs = append(errs, err)
			}
		}
	}
	d.wakeUp(mails[0].Mailbox)
	return errors.Join(errs...)
}

// readSafely reads a mail, or leaves it unread where reading has ended a process too often, or breaks now: that is somebody's business.
func (d *Daemon) readSafely(ctx context.Context, doors *doors, m mailbox.Mail, now time.Time) (a arrival) {
	why := d.underway.condemns(m)
	defer func() {
		if p := recover(); p != nil {
			why = fmt.Sprintf("reading it broke: %v", p)
			d.log.Error("reading a mail broke", "mailbox", m.Mailbox, "uid", m.UID, "panic", p, "stack", string(debug.Stack()))
		}
		if why != "" {
			a = d.unread(m, now, why)
			doors.alerts.cry(alarm{Key: "quarantine", What: "a mail was quarantined", Why: why, Mailbox: m.Mailbox, At: now})
		}
	}()
	if why == "" {
		a = d.read(doors, m, now)
		d.recognise(ctx, doors, &a)
	}
	return a
}

// read prepares one mail outside the change, as of now: parsing, judging and compressing are pure and slow.
func (d *Daemon) read(doors *doors, m mailbox.Mail, now time.Time) arrival {
	owner, _ := mailbox.Owner(m.Mailbox)
	box, _ := doors.cfg.Mailbox(owner)
	msg := ingest.Parse(m.Raw, ingest.Options{
		Limits: doors.cfg.Limits, TrustedAuthservID: box.TrustedAuthservID, Own: doors.own, Truncated: m.Truncated,
	})
	if m.Failed != "" {
		msg.Quarantine = "it could not be fetched: " + m.Failed
	}
	if m.Size > msg.Size {
		msg.Size = m.Size
	}
	a := arrival{
		place: store.Place{Mailbox: m.Mailbox, UIDValidity: m.UIDValidity, UID: m.UID},
		msg:   msg, raw: d.store.Zstd.Compress(m.Raw), at: m.At, now: now, junk: m.Junk,
	}
	s := doors.who(msg, false)
	if s.opens(msg) {
		a.verdict, a.judged = doors.judge(a, s, nil), true
	}
	if s.role == store.FromAgent {
		d.readAgent(doors, &a, m.Raw)
	}
	return a
}

// quarantine records a mail that broke a decision, so that the next mails go on. It only fails where
// the store itself does.
func (d *Daemon) quarantine(ctx context.Context, a arrival, cause error) error {
	if store.Trouble(cause) {
		return cause
	}
	d.log.Error("a mail broke its processing and is quarantined", "mailbox", a.place.Mailbox, "uid", a.place.UID, "err", cause)
	doors := d.doors.Load()
	a.msg.Quarantine = "processing it failed: " + cause.Error()
	err := d.store.Change(ctx, func(tx *store.Tx) error {
		if seen, err := tx.Seen(a.place); seen || err != nil {
			return err
		}
		if earlier, again, err := tx.SameMail(a.msg); err != nil || again {
			return errors.Join(err, tx.Sight(a.place, earlier.ID))
		}
		_, err := doors.record(tx, a, sender{role: store.FromMachine}, 0, "quarantined")
		return err
	})
	if err != nil {
		return fmt.Errorf("quarantine uid %d: %w", a.place.UID, err)
	}
	doors.alerts.cry(alarm{Key: "quarantine", What: "a mail was quarantined", Why: a.msg.Quarantine, Mailbox: a.place.Mailbox, At: a.now})
	return nil
}

// Chores lists what is to be done on the server.
func (d *Daemon) Chores(_ context.Context, box string, limit int) ([]mailbox.Chore, error) {
	due, err := d.store.DueWork(store.Chore, box, time.Now(), limit)
	if err != nil {
		return nil, err
	}
	var all []mailbox.Chore
	for _, w := range due {
		c := mailbox.Chore{ID: w.ID, Do: w.Payload}
		if _, err := fmt.Sscanf(w.Key[len(box):], "/%d/%d", &c.UIDValidity, &c.UID); err != nil {
			return nil, fmt.Errorf("read chore %q: %w", w.Key, err)
		}
		all = append(all, c)
	}
	return all, nil
}

// ChoreDone settles a chore.
func (d *Daemon) ChoreDone(ctx context.Context, id int64, failed error) error {
	return d.store.Change(ctx, func(tx *store.Tx) error {
		if failed == nil {
			return tx.Done(id)
		}
		return tx.Retry(id, time.Now().Add(outbound.Backoff(1, time.Minute, time.Hour, 0.5)), failed.Error())
	})
}

// Checked is told how each look at a folder ended; the first complete one after a reset decides what
// becomes of the mails that were held because of it.
func (d *Daemon) Checked(box string, at time.Time, err error) {
	if errors.As(err, new(noRoom)) {
		d.watch.pausing(box, at)
		return
	}
	d.watch.checked(box, at, err)
	if err != nil {
		d.nudgeClock() // three failures make an alarm
		return
	}
	for _, hold := range []store.Hold{store.HoldReset, store.HoldRestored, store.HoldHorizon} {
		if err := d.settleHeld(box, hold, at); err != nil {
			d.log.Error("deciding on held mail", "mailbox", box, "err", err)
		}
	}
}

// settleHeld releases the few mails that a reset or a restored database has held; many of them, and all
// that are beyond the horizon, wait for the operator, who is told once.
func (d *Daemon) settleHeld(box string, hold store.Hold, now time.Time) error {
	n, err := d.store.HeldFor(box, hold)
	if err != nil {
		return err
	}
	grew, asked := d.watch.grew(box, hold, n)
	if !grew {
		return nil
	}
	doors := d.doors.Load()
	release := n <= heldAtMost && hold != store.HoldHorizon && !asked
	err = d.store.Change(context.Background(), func(tx *store.Tx) error {
		if release {
			return tx.ReleaseFor(box, hold, now)
		}
		return doors.alerts.raise(tx, alarm{
			Key: "held " + box + " " + string(hold), What: fmt.Sprintf("%d automatic mails are held", n), Mailbox: box, At: now,
			Why: hold.Why() + "; triaged queue list shows them, then release or drop them",
		})
	})
	if err == nil && release {
		d.watch.grew(box, hold, 0)
		d.runner.Wake(box)
	}
	return err
}
