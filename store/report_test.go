package store

import (
	"reflect"
	"testing"
	"time"
)

// lives makes threads of all ages: one open, one closed before the window, one closed in it, one that was spam.
func lives(t *testing.T, r *rig) (open, before, within, spam entered) {
	t.Helper()
	all := []*entered{&open, &before, &within, &spam}
	for _, e := range all {
		*e = r.arrives("support")
	}
	r.change(func(tx *Tx) error {
		for e, closed := range map[*entered]time.Time{&before: noon.Add(time.Hour), &within: noon.Add(30 * time.Hour), &spam: noon.Add(30 * time.Hour)} {
			e.thread.Status, e.thread.ClosedAt, e.thread.Outcome = Closed, closed, OutcomeConfirmed
			if e == &spam {
				e.thread.Outcome = OutcomeSpam
			}
			if err := tx.SaveThread(e.thread); err != nil {
				return err
			}
		}
		return nil
	})
	return open, before, within, spam
}

func TestAReportHoldsEveryThreadWhoseLifeTouchesItsWindow(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	open, before, within, _ := lives(t, r)
	got := func(from time.Time) Report {
		rep, err := r.Reader().Report(t.Context(), from, noon.Add(48*time.Hour))
		if err != nil {
			t.Fatalf("Report: %v", err)
		}
		return rep
	}
	day := got(noon.Add(24 * time.Hour))
	if want := []int64{open.thread.ID, within.thread.ID}; !reflect.DeepEqual(refs(day.Threads), want) {
		t.Errorf("threads of the second day = %v, want %v", refs(day.Threads), want)
	}
	if len(day.Promises) != 6 { // of the open one, of the one closed within, and of the spam, which no figure finds
		t.Errorf("%d promises, want two a thread: %+v", len(day.Promises), day.Promises)
	}
	both := got(noon)
	if want := []int64{open.thread.ID, before.thread.ID, within.thread.ID}; !reflect.DeepEqual(refs(both.Threads), want) {
		t.Errorf("threads of both days = %v, want %v", refs(both.Threads), want)
	}
}

func TestAReportHoldsWhatWasAcknowledgedAndWhatDidNotLeave(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	open, _, within, _ := lives(t, r)
	send := func(e entered, at time.Time) {
		r.change(func(tx *Tx) error {
			fence, _, err := tx.Attempt(e.mail, "s", []byte("z"), at, time.Minute)
			if err != nil {
				return err
			}
			e.mail.Fence = fence
			if _, err = tx.Settle(Delivery{Mail: e.mail, State: Sent, At: at}); err != nil {
				return err
			}
			return tx.Meet(e.mail.Obligation, at)
		})
	}
	send(open, noon.Add(2*time.Second))
	send(within, noon.Add(25*time.Hour))
	r.change(func(tx *Tx) error {
		for i, what := range []string{"withheld ack", "ack failed", "mail bounced", "sent ack", "withhold", "mail to the team failed"} {
			if err := tx.AddEvent(Event{Thread: open.thread.ID, At: noon.Add(time.Duration(i) * time.Hour), Who: "test", What: what, Why: "because"}); err != nil {
				return err
			}
		}
		return tx.AddEvent(Event{Thread: open.thread.ID, At: noon.Add(48 * time.Hour), Who: "test", What: "withheld ack", Why: "later"})
	})
	rep, err := r.Reader().Report(t.Context(), noon, noon.Add(48*time.Hour))
	if err != nil {
		t.Fatalf("Report: %v", err)
	}
	took, _ := rep.Acknowledgement()
	if want := (Spread{2, (25*time.Hour + 2*time.Second) / 2, 25 * time.Hour}); took != want {
		t.Errorf("acknowledged in %+v, want %+v", took, want)
	}
	if took, _ := rep.Within(noon, noon.Add(time.Hour)).Acknowledgement(); took.N != 1 {
		t.Errorf("%d acknowledged in the first hour, want 1", took.N)
	}
	var what []string
	for _, e := range rep.Unsent {
		what = append(what, e.What)
	}
	if want := []string{"withheld ack", "ack failed", "mail bounced", "mail to the team failed"}; !reflect.DeepEqual(what, want) {
		t.Errorf("unsent = %q, want %q", what, want)
	}
}
