package store

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

var errDecided = errors.New("decided against it")

// note leaves a trace of a change.
func note(tx *Tx, what string) error {
	return tx.AddEvent(Event{At: noon, Who: "test", What: what})
}

func (r *rig) notes() (all []string) {
	r.t.Helper()
	rows, err := r.read.Query("SELECT what FROM event WHERE who = 'test' ORDER BY id")
	if err != nil {
		r.t.Fatal(err)
	}
	all, err = collect(rows, err, func(row scanner) (s string, err error) { err = row.Scan(&s); return s, err })
	if err != nil {
		r.t.Fatal(err)
	}
	return all
}

func TestChangesThatWaitShareATransactionAndOnlyTheFailingOneIsUndone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	var pending []*Pending
	for i := range 300 { // more than one group
		pending = append(pending, r.Submit(0, func(tx *Tx) error {
			if err := note(tx, fmt.Sprintf("%03d", i)); err != nil {
				return err
			}
			switch i {
			case 5:
				return errDecided
			case 6:
				panic("a bug")
			}
			return nil
		}))
	}
	errs := make([]error, len(pending))
	var g sync.WaitGroup
	for i, p := range pending {
		g.Go(func() { errs[i] = p.Wait() })
	}
	g.Wait()
	for i, err := range errs {
		switch {
		case i == 5 && !errors.Is(err, errDecided):
			t.Errorf("change 5: err = %v, want its own", err)
		case i == 6 && (err == nil || !strings.Contains(err.Error(), "a bug")):
			t.Errorf("change 6: err = %v, want the panic", err)
		case i != 5 && i != 6 && err != nil:
			t.Errorf("change %d: %v", i, err)
		}
	}
	got := r.notes()
	if len(got) != 298 || slices.Contains(got, "005") || slices.Contains(got, "006") {
		t.Errorf("%d changes stayed, want all but 005 and 006: %v", len(got), got)
	}
	if !slices.IsSorted(got) {
		t.Errorf("changes ran out of the order of their submission: %v", got)
	}
}

func TestAChangeSeesTheChangesBeforeItInItsGroup(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	place := Place{Mailbox: "support", UIDValidity: 7, UID: 1}
	first := r.Submit(0, func(tx *Tx) error { _, err := r.enter(tx, "support"); return err })
	seen := false
	second := r.Submit(0, func(tx *Tx) (err error) { seen, err = tx.Seen(place); return err })
	if err := errors.Join(first.Wait(), second.Wait()); err != nil {
		t.Fatal(err)
	}
	if !seen {
		t.Error("Seen = false in the change after the one that recorded the mail")
	}
}

func TestGroupsAreBoundedByBytesAndNumber(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		sizes []int
		want  int
	}{
		{"two that fit together", []int{4 << 20, 4 << 20, 1}, 2},
		{"one over the bound goes alone", []int{9 << 20, 1}, 1},
		{"small ones up to the number", make([]int, groupChanges+1), groupChanges},
		{"none", nil, 0},
	} {
		s := &Store{}
		for _, n := range c.sizes {
			s.Submit(n, func(*Tx) error { return nil })
		}
		if got := len(s.take()); got != c.want {
			t.Errorf("%s: take() has %d changes, want %d", c.name, got, c.want)
		}
		if left := len(s.queue); left != len(c.sizes)-c.want {
			t.Errorf("%s: %d changes left, want %d", c.name, left, len(c.sizes)-c.want)
		}
	}
}

func TestAFullDiskTellsEverybodyLosesNothingAndPasses(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.arrives("support")
	var pages int
	if err := r.conn.QueryRowContext(t.Context(), "PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limit := func(n int) {
		if _, err := r.conn.ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", n)); err != nil {
			t.Fatal(err)
		}
	}
	limit(pages)
	events := r.count("SELECT count(*) FROM event")
	small := r.Submit(0, func(tx *Tx) error { return note(tx, "small") })
	big := r.Submit(1<<20, func(tx *Tx) error {
		m := r.letter()
		_, err := tx.AddMessage(Record{Message: m, Mailbox: "support", Role: FromMachine, Raw: make([]byte, 1<<20), At: noon, RecordedAt: noon})
		return err
	})
	for name, p := range map[string]*Pending{"small": small, "big": big} {
		err := p.Wait()
		if err == nil || !Trouble(err) || !strings.Contains(err.Error(), "disk is full") {
			t.Errorf("%s: err = %v, want that the disk is full, as Trouble", name, err)
		}
	}
	if err := r.Broken(); err != nil {
		t.Errorf("Broken = %v: a full disk passes", err)
	}
	if got := r.count("SELECT count(*) FROM event"); got != events {
		t.Errorf("%d events, want the %d from before", got, events)
	}
	limit(1 << 30)
	r.arrives("support")
	r.change(func(tx *Tx) error { return note(tx, "room again") })
}

func TestABrokenStoreStaysBroken(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	cause := errors.New("sync: input/output error")
	r.broken.Store(&cause)
	ran := false
	err := r.Change(t.Context(), func(*Tx) error { ran = true; return nil })
	if !errors.Is(err, cause) || ran {
		t.Errorf("Change on a broken store: ran %v, err %v; want the cause and no run", ran, err)
	}
}

func TestAGoroutineThatEndsWithinAChangeHoldsUpNobody(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_ = r.Change(context.Background(), func(tx *Tx) error {
			_ = note(tx, "half done")
			runtime.Goexit()
			return nil
		})
	}()
	<-gone
	r.change(func(tx *Tx) error { return note(tx, "next") })
	if got := r.notes(); !slices.Equal(got, []string{"next"}) {
		t.Errorf("notes = %v, want only the second change", got)
	}
}

func TestAfterCloseChangesAreRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	if err := errors.Join(r.Close(), r.Close()); err != nil {
		t.Fatalf("Close twice: %v", err)
	}
	if err := r.Change(t.Context(), func(*Tx) error { return nil }); !errors.Is(err, ErrClosed) {
		t.Errorf("Change after Close: %v, want ErrClosed", err)
	}
}

func TestAnEndedContextQueuesNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := r.Change(ctx, func(tx *Tx) error { return note(tx, "too late") }); !errors.Is(err, context.Canceled) {
		t.Errorf("Change: %v, want context.Canceled", err)
	}
	if got := r.notes(); len(got) != 0 {
		t.Errorf("notes = %v, want none", got)
	}
}

func TestAMailboxMadeByAnUndoneChangeIsForgotten(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_ = r.Change(t.Context(), func(tx *Tx) error {
		if _, err := r.enter(tx, "support"); err != nil {
			return err
		}
		return errDecided
	})
	r.arrives("support") // a stale mailbox id would break the foreign key
}
