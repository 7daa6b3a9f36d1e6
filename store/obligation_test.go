package store

import (
	"slices"
	"testing"
	"time"
)

// owedNow reads an obligation as it stands.
func (r *rig) owed(id int64) Obligation {
	r.t.Helper()
	all, err := list(r.t.Context(), r.read, scanObligation, "SELECT "+obligationColumns+" FROM obligation WHERE id = $1", id)
	if err != nil || len(all) != 1 {
		r.t.Fatalf("obligation %d: %v, %v", id, all, err)
	}
	return all[0]
}

// TestReconcile: the table comes to agree with all that is owed now.
func TestReconcile(t *testing.T) {
	t.Parallel()
	due := noon.Add(15 * time.Minute)
	ask := func(state string, due time.Time) Obligation {
		return Obligation{Kind: Acknowledge, Slot: "0", To: "dana@customer.example", State: state, Due: due, Warn: due.Add(-time.Minute), Reason: "again"}
	}
	for _, c := range []struct {
		name   string
		before func(tx *Tx, id int64) error
		now    []Obligation
		state  string
		due    time.Time
		fresh  bool
	}{
		{"owed and owed still", nil, []Obligation{ask(Owed, due)}, Owed, due, false},
		{"an instant that differs by less than the table can hold is the same", nil, []Obligation{ask(Owed, due.Add(300*time.Nanosecond))}, Owed, due, false},
		{"moved", nil, []Obligation{ask(Owed, due.Add(time.Hour))}, Owed, due.Add(time.Hour), false},
		{"owed no longer", nil, nil, Void, due, false},
		{"withheld after all", nil, []Obligation{ask(Void, due)}, Void, due, false},
		{"void, and owed again", func(tx *Tx, id int64) error { return tx.Waive(id, "test") }, []Obligation{ask(Owed, due.Add(time.Hour))}, Owed, due.Add(time.Hour), true},
		{"void, and void still", func(tx *Tx, id int64) error { return tx.Waive(id, "test") }, []Obligation{ask(Void, due)}, Void, due, false},
		{"met stays met", func(tx *Tx, id int64) error { return tx.Meet(id, noon) }, []Obligation{ask(Owed, due.Add(time.Hour))}, Met, due, false},
		{"met stays met when nothing is owed", func(tx *Tx, id int64) error { return tx.Meet(id, noon) }, nil, Met, due, false},
		{"missed stays missed", func(tx *Tx, id int64) error { return tx.Miss(id, due) }, nil, Missed, due, false},
		{"missed, and asked for anew for later: missed, and sent all the same", func(tx *Tx, id int64) error { return tx.Miss(id, due) }, []Obligation{ask(Owed, due.Add(time.Hour))}, Missed, due, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			e := r.arrives("support")
			id := e.owed[0].ID
			var fresh []Obligation
			r.change(func(tx *Tx) (err error) {
				if c.before != nil {
					if err := c.before(tx, id); err != nil {
						return err
					}
				}
				fresh, err = tx.Reconcile(e.thread.Key(), e.thread.ID, append(slices.Clone(c.now), e.owed[1]))
				return err
			})
			got := r.owed(id)
			if got.State != c.state || !got.Due.Equal(c.due) {
				t.Errorf("state %s due %v, want %s due %v", got.State, got.Due, c.state, c.due)
			}
			if (len(fresh) == 1 && fresh[0].ID == id) != c.fresh || len(fresh) > 1 {
				t.Errorf("fresh = %+v, want it there: %v", fresh, c.fresh)
			}
			if other := r.owed(e.owed[1].ID); other.State != Owed {
				t.Errorf("the other obligation is %s, want owed", other.State)
			}
		})
	}
}

func TestAMissedObligationStaysMissedAndGetsItsInstant(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.arrives("support").owed[0].ID
	late := noon.Add(20 * time.Minute)
	r.change(func(tx *Tx) error { return tx.Miss(id, noon.Add(15*time.Minute)) })
	r.change(func(tx *Tx) error { return tx.Waive(id, "too late to waive") })
	r.change(func(tx *Tx) error { return tx.Meet(id, late) })
	r.change(func(tx *Tx) error { return tx.Meet(id, late.Add(time.Hour)) })
	if o := r.owed(id); o.State != Missed || !o.MetAt.Equal(late) || o.MissedAt.IsZero() {
		t.Errorf("obligation = %+v, want missed, with the instant of its first mail", o)
	}
}

func TestTheClockIsToldWhatComesNext(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if next, err := r.NextDue(); err != nil || !next.IsZero() {
		t.Fatalf("NextDue of an empty store = %v, %v; want zero", next, err)
	}
	e := r.arrives("support")
	ack, respond := e.owed[0], e.owed[1]
	want := func(when string, at time.Time) {
		t.Helper()
		if next, err := r.NextDue(); err != nil || !next.Equal(at) {
			t.Errorf("%s: NextDue = %v, %v; want %v", when, next, err, at)
		}
	}
	want("fresh", ack.Warn)
	r.change(func(tx *Tx) error {
		early, err := tx.Late(ack.Warn.Add(-time.Microsecond), 9)
		if err != nil || len(early) != 0 {
			t.Errorf("Late a microsecond early = %v, %v; want none", early, err)
		}
		late, err := tx.Late(ack.Warn, 9)
		if err != nil || len(late) != 1 || late[0].ID != ack.ID {
			t.Errorf("Late at its instant = %v, %v; want the ack", late, err)
		}
		return tx.Warned(ack.ID)
	})
	want("warned", ack.Due)
	r.change(func(tx *Tx) error {
		early, err := tx.Overdue(ack.Due.Add(-time.Microsecond), 9)
		if err != nil || len(early) != 0 {
			t.Errorf("Overdue a microsecond early = %v, %v; want none", early, err)
		}
		over, err := tx.Overdue(ack.Due, 9)
		if err != nil || len(over) != 1 || over[0].ID != ack.ID {
			t.Errorf("Overdue at its instant = %v, %v; want the ack", over, err)
		}
		return tx.Miss(ack.ID, ack.Due)
	})
	want("missed", respond.Due)
	r.change(func(tx *Tx) error { return tx.Meet(respond.ID, noon) })
	want("met", time.Time{})
}

func TestTheThreadKnowsWhatWaitsAndWhichAckIsOwed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := r.arrives("support")
	r.change(func(tx *Tx) error {
		th, err := tx.Thread(e.thread.ID)
		if err != nil {
			return err
		}
		if len(th.Waiting) != 1 || th.Waiting[0].Message != e.message || len(th.Open) == 0 || th.Open[0].ID != e.owed[0].ID {
			t.Errorf("thread = %+v, want its message waiting and its ack owed", th)
		}
		if err := tx.Meet(e.owed[0].ID, noon); err != nil {
			return err
		}
		th, err = tx.Thread(e.thread.ID)
		if len(th.Open) > 0 && th.Open[0].ID == e.owed[0].ID {
			t.Errorf("Open = %+v after it was met, want it gone", th.Open)
		}
		return err
	})
}
