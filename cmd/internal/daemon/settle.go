package daemon

import (
	"errors"
	"math"
	"time"

	"triaged/outbound"
	"triaged/store"
)

// settleThread saves a thread after all that a change did to it, and makes the table of what is owed agree.
func (d *doors) settleThread(tx *store.Tx, t store.Thread, now time.Time) (fresh []store.Obligation, err error) {
	if err := d.solved(tx, t, now); err != nil {
		return nil, err
	}
	if t.Status == store.Closed {
		if err := tx.AnsweredUpTo(t.ID, math.MaxInt64); err != nil {
			return nil, err
		}
		t.Waiting = nil
	}
	if err := errors.Join(d.overtaken(tx, t, now), tx.SaveThread(t)); err != nil {
		return nil, err
	}
	return tx.Reconcile(t.Key(), t.ID, outbound.Owe(t, d.policy, now))
}

// solved meets what a resolution and a confirmation meet, before the thread owes it no longer.
func (d *doors) solved(tx *store.Tx, t store.Thread, now time.Time) error {
	if t.Status != store.Resolved && t.Status != store.Closed || t.Uncounted() {
		return nil
	}
	for _, o := range t.Open {
		met := time.Time{}
		switch {
		case o.Kind == store.Resolve:
			met = t.ResolvedAt
		case o.Kind == store.Confirm && t.Outcome == store.OutcomeConfirmed:
			met = now
		}
		if met.IsZero() {
			continue
		}
		if err := d.tardy(tx, o, met); err != nil {
			return err
		}
		if err := tx.Meet(o.ID, met); err != nil {
			return err
		}
	}
	return nil
}

// again reads a thread anew within a change, after its messages or promises have changed.
func again(tx *store.Tx, t store.Thread) (store.Thread, error) {
	if err := tx.SaveThread(t); err != nil {
		return t, err
	}
	return tx.Thread(t.ID)
}
