package daemon

import (
	"context"
	"fmt"
	"time"

	"triaged/config"
	"triaged/ingest"
	"triaged/outbound"
	"triaged/store"
)

// urgentDigest lets every mail that somebody waits for go first.
const urgentDigest = 20

// scheduleDigests owes each manager the next digest. Its slot is the local date, so that no restart, no clock that jumps and no
// change of the zone or the hour makes two of one day.
func (d *doors) scheduleDigests(tx *store.Tx, now time.Time) error {
	for _, m := range d.cfg.Managers {
		next, ok := outbound.DigestTimesOf(d.cfg, m).Next(now)
		if !ok {
			continue
		}
		if err := tx.Schedule(oweDigest(m, next)); err != nil {
			return err
		}
	}
	return nil
}

func oweDigest(m config.Manager, s outbound.DigestSlot) store.Obligation {
	address := ingest.Canonical(m.Address)
	return store.Obligation{
		Subject: "manager:" + address, Kind: store.Digest, Slot: s.Date, To: address, State: store.Owed, Due: s.At,
		Reason: "the digest of " + s.Date + " at " + s.At.Format("15:04 MST"),
	}
}

// digest queues a digest whose instant has come. Of several that were slept over the last one stands for all.
func (d *doors) digest(tx *store.Tx, o store.Obligation, now time.Time) error {
	m, ok := d.manager(o.To)
	if !ok {
		return tx.Waive(o.ID, "no longer a manager")
	}
	times := outbound.DigestTimesOf(d.cfg, m)
	switch last, ok := times.Last(now); {
	case !ok || last.Date < o.Slot:
		return d.moveDigest(tx, o, m, now)
	case last.Date > o.Slot:
		if err := tx.Waive(o.ID, "slept over: the digest of "+last.Date+" stands for it"); err != nil {
			return err
		}
		later := oweDigest(m, last)
		id, err := tx.PromiseOnce(later)
		if err != nil || id == 0 {
			return err
		}
		later.ID, o = id, later
		o.ID = id
	}
	switch {
	case d.observing:
		return tx.Waive(o.ID, "observing: nothing is sent")
	case o.Due.Before(d.restored):
		return tx.Waive(o.ID, "the database was restored: it may have been sent already")
	}
	if err := tx.Meet(o.ID, now); err != nil {
		return err
	}
	next, ok := times.Next(now)
	if !ok {
		next.At = now.Add(24 * time.Hour)
	}
	box := d.cfg.Mailboxes[0]
	domain := ingest.Domain(box.Address)
	_, err := tx.Queue(store.Mail{
		Obligation: o.ID, Recipient: o.To, Mailbox: box.Name, Kind: store.DigestMail, State: store.Queued, Urgency: urgentDigest,
		MessageID: outbound.NewID(domain), ReferenceID: outbound.NewReferenceID(domain), CreatedAt: now, Deadline: next.At, NextAt: now,
	})
	return err
}

// moveDigest: the configuration has moved the hour since, or there is no digest on that day any more.
func (d *doors) moveDigest(tx *store.Tx, o store.Obligation, m config.Manager, now time.Time) error {
	for _, s := range outbound.DigestSlots(outbound.DigestTimesOf(d.cfg, m), now, now.Add(48*time.Hour)) {
		if s.Date == o.Slot {
			return tx.Schedule(oweDigest(m, s))
		}
	}
	return tx.Waive(o.ID, "there is no digest on that day any more")
}

func (d *doors) manager(address string) (config.Manager, bool) {
	for _, m := range d.cfg.Managers {
		if ingest.Canonical(m.Address) == address {
			return m, true
		}
	}
	return config.Manager{}, false
}

// renderDigest writes a digest from the facts as they are now.
func (d *Daemon) renderDigest(ctx context.Context, m store.Mail) (outbound.Rendered, error) {
	doors, now := d.doors.Load(), time.Now()
	manager, ok := doors.manager(m.Recipient)
	if !ok {
		return outbound.Rendered{}, fmt.Errorf("%s is no longer a manager", m.Recipient)
	}
	morning := outbound.MorningOf(doors.cfg, manager, m.CreatedAt)
	for _, box := range doors.cfg.Mailboxes {
		if state, ok := d.watch.states()[box.Name]; ok && state.Deaf {
			morning.Deaf = append(morning.Deaf, outbound.Deaf{Mailbox: box.Name, Since: state.since})
		}
	}
	report, err := d.store.Reader().Report(ctx, morning.From(now), now)
	if err != nil {
		return outbound.Rendered{}, err
	}
	return outbound.RenderDigest(outbound.Desk{Templates: d.templates.Load(), Config: doors.cfg, Policy: doors.policy, Now: now}, m, morning, report)
}
