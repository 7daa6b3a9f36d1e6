package store

import (
	"errors"
	"testing"
	"time"

	"triaged/classify"
)

// listening is a rig whose every event is told to these connectors.
func listening(t *testing.T, connectors ...string) *rig {
	t.Helper()
	r := newRig(t)
	r.Tell(func(Event, Thread) (string, []string) { return "kind", connectors })
	return r
}

// next reads what a connector is told first.
func (r *rig) next(connector string) (d Dispatch, ok bool) {
	r.t.Helper()
	r.change(func(tx *Tx) (err error) {
		d, ok, err = tx.NextDispatch(connector)
		return err
	})
	return d, ok
}

// tellsNext claims what is next and settles it.
func (r *rig) tellsNext(connector, state string, now time.Time) (d Dispatch) {
	r.t.Helper()
	d, ok := r.next(connector)
	if !ok {
		r.t.Fatalf("connector %s has nothing to be told", connector)
	}
	r.change(func(tx *Tx) (err error) {
		if d, ok, err = tx.ClaimDispatch(d, now, time.Minute); err != nil || !ok {
			r.t.Fatalf("ClaimDispatch: %t, %v", ok, err)
		}
		_, err = tx.SettleDispatch(Told{Dispatch: d, State: state, At: now, Next: now.Add(time.Hour), Error: "test"})
		return err
	})
	return d
}

func (r *rig) dispatches(thread int64) []Dispatch {
	r.t.Helper()
	all, err := r.Reader().Dispatches(r.t.Context(), thread)
	if err != nil {
		r.t.Fatalf("Dispatches: %v", err)
	}
	return all
}

func TestAnEventAndItsDeliveriesAreOneChange(t *testing.T) {
	t.Parallel()
	r := listening(t, "chat", "pager")
	e := r.arrives("support") // opened and judged
	all := r.dispatches(e.thread.ID)
	if len(all) != 4 {
		t.Fatalf("%d deliveries, want two events to two connectors", len(all))
	}
	if all[0].EventID != all[1].EventID || all[0].EventID == all[2].EventID || len(all[0].EventID) != len("evt_")+26 {
		t.Errorf("ids %q %q %q, want one an event, the same for every connector", all[0].EventID, all[1].EventID, all[2].EventID)
	}
	if d := all[0]; d.Event.What != "opened" || d.Severity != e.thread.Severity || d.Status != New || d.Subject != e.thread.Subject || d.Type != "technical" {
		t.Errorf("delivery = %+v, want the event with its thread as it stood", d)
	}
	// Severity and status are those that the change leaves, whichever is written first.
	r.change(func(tx *Tx) error {
		if err := tx.AddEvent(Event{Thread: e.thread.ID, At: noon, Who: "rules", What: "raised to SEV-1", Why: "y"}); err != nil {
			return err
		}
		raised := e.thread
		raised.Severity, raised.Status = classify.SEV1, Acknowledged
		return tx.SaveThread(raised)
	})
	if d := r.dispatches(e.thread.ID)[4]; d.Severity != classify.SEV1 || d.Status != Acknowledged {
		t.Errorf("the raise is told as of %s, %s, want SEV-1, acknowledged", d.Severity, d.Status)
	}
	undone := errors.New("undone")
	err := r.Change(t.Context(), func(tx *Tx) error {
		if err := tx.AddEvent(Event{Thread: e.thread.ID, At: noon, Who: "test", What: "x", Why: "y"}); err != nil {
			return err
		}
		return undone
	})
	if n := len(r.dispatches(e.thread.ID)); !errors.Is(err, undone) || n != 6 {
		t.Errorf("after a change that was undone (%v) %d deliveries, want 6 as before", err, n)
	}
	r.change(func(tx *Tx) error { return tx.AddEvent(Event{At: noon, Who: "imap", What: "of no thread", Why: "y"}) })
	if n := r.count("SELECT count(*) FROM delivery"); n != 6 {
		t.Errorf("%d deliveries after an event of no thread, want 6", n)
	}
}

func TestAConnectorHearsOfAThreadInOrder(t *testing.T) {
	t.Parallel()
	r := listening(t, "chat", "pager")
	a, b := r.arrives("support"), r.arrives("support")
	if d := r.tellsNext("chat", Queued, noon); d.Event.Thread != a.thread.ID || d.Event.What != "opened" {
		t.Fatalf("first told %q of #%d, want the opening of #%d", d.Event.What, d.Event.Thread, a.thread.ID)
	}
	// It failed and is put off for an hour: only its own thread waits.
	var told []string
	for range 2 {
		d := r.tellsNext("chat", Delivered, noon)
		if d.Event.Thread != b.thread.ID {
			t.Errorf("told of #%d while its first event is put off", d.Event.Thread)
		}
		told = append(told, d.Event.What)
	}
	if told[0] != "opened" || told[1] != "judged SEV-3 technical" {
		t.Errorf("the other thread was told in the order %q", told)
	}
	if d, ok := r.next("chat"); !ok || d.Event.Thread != a.thread.ID || !d.NextAt.Equal(noon.Add(time.Hour)) {
		t.Errorf("next is %q of #%d at %s, want the one that was put off", d.Event.What, d.Event.Thread, d.NextAt)
	}
	if d, ok := r.next("pager"); !ok || !d.NextAt.Equal(noon) {
		t.Errorf("the other connector waits until %s", d.NextAt)
	}
	// Once it is given up, the next of its thread has its turn.
	r.tellsNext("chat", Failed, noon.Add(time.Hour))
	if d, ok := r.next("chat"); !ok || d.Event.What != "judged SEV-3 technical" || !d.NextAt.Equal(noon.Add(time.Hour)) {
		t.Errorf("next is %q at %s, want the judgement, at once", d.Event.What, d.NextAt)
	}
}

func TestAKillDuringAnAttemptRepeatsItUnderTheSameId(t *testing.T) {
	t.Parallel()
	r := listening(t, "chat")
	r.arrives("support")
	before, _ := r.next("chat")
	r.change(func(tx *Tx) error {
		_, _, err := tx.ClaimDispatch(before, noon, time.Minute)
		return err
	})
	r.die()
	r.open()
	after, ok := r.next("chat")
	if !ok || after.EventID != before.EventID || after.Attempts != 1 || !after.NextAt.Equal(noon.Add(time.Minute)) {
		t.Errorf("after a kill: %+v, want the same event, due when the claim ends", after)
	}
	r.change(func(tx *Tx) error {
		if ok, err := tx.SettleDispatch(Told{Dispatch: before, State: Delivered, At: noon}); err != nil || ok {
			t.Errorf("a result from before the claim: ok = %t, %v, want it to change nothing", ok, err)
		}
		if err := tx.WakeDispatches("chat", noon); err != nil {
			return err
		}
		if d, _, err := tx.NextDispatch("chat"); err != nil || !d.NextAt.Equal(noon.Add(time.Minute)) {
			t.Errorf("waking ended somebody's claim: due at %s, %v", d.NextAt, err)
		}
		return nil
	})
}

func TestWakingMakesWhatIsPutOffDue(t *testing.T) {
	t.Parallel()
	r := listening(t, "chat")
	r.arrives("support")
	r.tellsNext("chat", Queued, noon)
	r.change(func(tx *Tx) error { return tx.WakeDispatches("chat", noon.Add(time.Second)) })
	if d, _ := r.next("chat"); !d.NextAt.Equal(noon.Add(time.Second)) {
		t.Errorf("due at %s, want it now", d.NextAt)
	}
}

func TestWhatWaitsForAConnectorOfThePastIsDropped(t *testing.T) {
	t.Parallel()
	r := listening(t, "chat", "pager")
	e := r.arrives("support")
	r.change(func(tx *Tx) error {
		n, err := tx.DropDispatches([]string{"pager"})
		if n != 2 {
			t.Errorf("%d dropped, want the two events of the connector that is gone", n)
		}
		return err
	})
	if _, ok := r.next("chat"); ok {
		t.Error("something waits for the connector that is gone")
	}
	if _, ok := r.next("pager"); !ok {
		t.Error("nothing waits for the other connector any more")
	}
	for _, d := range r.dispatches(e.thread.ID) {
		if d.Connector == "chat" && (d.State != Dropped || d.LastError == "") {
			t.Errorf("%+v, want it dropped, with the reason", d)
		}
	}
}
