package store

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"triaged/ingest"
)

func TestAMailIsSeenByPlaceAndBySelf(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := r.arrives("support")
	r.change(func(tx *Tx) error {
		for _, c := range []struct {
			place Place
			want  bool
		}{
			{e.place, true},
			{Place{"support", 7, e.place.UID + 1}, false},
			{Place{"support", 8, e.place.UID}, false},
			{Place{"billing", 7, e.place.UID}, false},
		} {
			if got, err := tx.Seen(c.place); err != nil || got != c.want {
				t.Errorf("Seen(%+v) = %v, %v; want %v", c.place, got, err, c.want)
			}
		}
		r.n = 0
		same := r.letter()
		got, found, err := tx.SameMail(same)
		if err != nil || !found || got.ID != e.message || got.Thread != e.thread.ID || got.Mailbox != "support" {
			t.Errorf("SameMail = %+v, %v, %v; want the one that was recorded", got, found, err)
		}
		same.Digest[0]++
		if _, found, err := tx.SameMail(same); found || err != nil {
			t.Errorf("SameMail of the same id with other content = %v, %v; want another mail", found, err)
		}
		return nil
	})
}

func TestTwoMailsWithoutAnIdAreTwoMessages(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.change(func(tx *Tx) error {
		for range 2 {
			m := r.letter()
			m.MessageID = ""
			if _, err := tx.AddMessage(Record{Message: m, Mailbox: "support", Role: FromMachine, RecordedAt: noon}); err != nil {
				return err
			}
		}
		return nil
	})
	all, err := r.Reader().Messages(t.Context(), MessageFilter{Unthreaded: true})
	if err != nil || len(all) != 2 || !all[0].At.Equal(noon) {
		t.Errorf("Messages = %+v, %v; want two, at the instant of recording for want of another", all, err)
	}
}

// TestCandidates: which threads a mail names, by what, and what its sender is to each.
func TestCandidates(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := r.arrives("support")
	id := e.thread.ID
	r.change(func(tx *Tx) error {
		if err := tx.AddParticipant(id, "carl@cc.example", true, noon); err != nil {
			return err
		}
		return tx.Know(id, "<seen@customer.example>", []string{"<later@customer.example>", "<seen@customer.example>"})
	})
	const dana, carl, eve = "dana@customer.example", "carl@cc.example", "eve@evil.example"
	ref := fmt.Sprintf("#%d", id)
	for _, c := range []struct {
		name  string
		named Named
		want  []ingest.Candidate
	}{
		{"our Message-ID, named by the customer", Named{IDs: []string{e.mail.MessageID}, Sender: dana}, []ingest.Candidate{{Thread: id, By: ingest.OurID, ID: e.mail.MessageID, Standing: ingest.Participant}}},
		{"our second id, named by a stranger", Named{IDs: []string{e.mail.ReferenceID}, Sender: eve}, []ingest.Candidate{{Thread: id, By: ingest.OurID, ID: e.mail.ReferenceID, Standing: ingest.Stranger}}},
		{"the customer's own id", Named{IDs: []string{"<seen@customer.example>"}, Sender: dana}, []ingest.Candidate{{Thread: id, By: ingest.KnownID, ID: "<seen@customer.example>", Standing: ingest.Participant}}},
		{"a reference in the subject, by one who is pending", Named{Refs: []int64{id}, Sender: carl}, []ingest.Candidate{{Thread: id, By: ingest.SubjectRef, ID: ref, Standing: ingest.Pending}}},
		{"a reference to no thread", Named{Refs: []int64{1}, Sender: dana}, nil},
		{"an agent takes part in every thread", Named{Refs: []int64{id}, Sender: "alice@desk.example", Roster: true}, []ingest.Candidate{{Thread: id, By: ingest.SubjectRef, ID: ref, Standing: ingest.Participant}}},
		{"backwards: the customer named this mail before it came", Named{Own: "<later@customer.example>", Sender: dana}, []ingest.Candidate{{Thread: id, By: ingest.Backwards, ID: "<later@customer.example>", Standing: ingest.Participant}}},
		{"an id that was only named is not known", Named{IDs: []string{"<later@customer.example>"}, Sender: dana}, nil},
		{"an id that is known is not backwards", Named{Own: "<seen@customer.example>", Sender: dana}, nil},
		{"nothing known", Named{IDs: []string{"<x@y>"}, Own: "<z@y>", Sender: dana}, nil},
	} {
		r.change(func(tx *Tx) error {
			got, err := tx.Candidates(c.named)
			if !slices.Equal(got, c.want) {
				t.Errorf("%s: Candidates = %+v, want %+v", c.name, got, c.want)
			}
			return err
		})
	}
}

func TestAnIdThatWasNamedFirstIsKnownOnceItsMailCame(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := r.arrives("support")
	r.change(func(tx *Tx) error { return tx.Know(e.thread.ID, "", []string{"<b@c>"}) })
	r.change(func(tx *Tx) error { return tx.Know(e.thread.ID, "<b@c>", nil) })
	r.change(func(tx *Tx) error {
		got, err := tx.Candidates(Named{IDs: []string{"<b@c>"}})
		if len(got) != 1 || got[0].By != ingest.KnownID {
			t.Errorf("Candidates = %+v, want it known", got)
		}
		return err
	})
}

func TestWhoTakesPartIsNotMadePendingAgain(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := r.arrives("support")
	standing := func(address string, add ...bool) ingest.Standing {
		var s ingest.Standing
		r.change(func(tx *Tx) (err error) {
			for _, pending := range add {
				if err := tx.AddParticipant(e.thread.ID, address, pending, noon); err != nil {
					return err
				}
			}
			s, err = tx.standing(e.thread.ID, Named{Sender: address})
			return err
		})
		return s
	}
	if got := standing("dana@customer.example", true); got != ingest.Participant {
		t.Errorf("the customer, added as pending: %v, want a participant still", got)
	}
	if got := standing("carl@cc.example", true, true); got != ingest.Pending {
		t.Errorf("a stranger added as pending: %v, want pending", got)
	}
	if got := standing("carl@cc.example", false); got != ingest.Participant {
		t.Errorf("accepted: %v, want a participant", got)
	}
}

func TestAFolderUnderANewUIDValidityIsAReset(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := r.arrives("support")
	epoch := func(v uint32, at time.Time) (got Epoch) {
		r.change(func(tx *Tx) (err error) { got, err = tx.OpenEpoch("support", v, 1, at); return err })
		return got
	}
	if first := epoch(7, noon); !first.ResetAt.IsZero() || first.HistoryDecided {
		t.Errorf("first epoch = %+v, want no reset and history undecided", first)
	}
	r.change(func(tx *Tx) error { return tx.SetHistory("support", 7, 3) })
	r.change(func(tx *Tx) error { return tx.Sight(Place{"support", 7, 9}, e.message) })
	r.change(func(tx *Tx) error { return tx.Sight(Place{"support", 7, 5}, e.message) })
	if got := epoch(7, noon.Add(time.Hour)); got.History != 3 || !got.HistoryDecided || got.Watermark != 9 || !got.OpenedAt.Equal(noon) {
		t.Errorf("epoch = %+v, want history 3 and watermark 9, opened at noon", got)
	}
	uids, err := r.Recorded("support", 7, 5)
	if err != nil || !slices.Equal(uids, []uint32{5, 9}) {
		t.Errorf("Recorded from 5 = %v, %v; want 5 and 9", uids, err)
	}
	if got := epoch(8, noon.Add(2*time.Hour)); !got.ResetAt.Equal(noon.Add(2*time.Hour)) || got.Watermark != 0 {
		t.Errorf("second epoch = %+v, want a reset two hours on", got)
	}
	if n := r.count("SELECT count(*) FROM event WHERE what = 'uidvalidity reset'"); n != 1 {
		t.Errorf("%d events tell of the reset, want 1", n)
	}
}

func TestAFolderThatWasRestoredBeginsAnew(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := r.arrives("support")
	r.arrives("billing")
	r.change(func(tx *Tx) error {
		_, err := tx.OpenEpoch("support", 7, 1, noon)
		return errors.Join(err, tx.SetHistory("support", 7, 3), tx.Sight(Place{"support", 7, 9}, e.message), tx.Sight(Place{"support", 6, 9}, e.message))
	})
	for _, box := range []string{"support", "billing"} {
		r.change(func(tx *Tx) error {
			return tx.AddWork(Work{Kind: Chore, Key: box + "/7/9", Mailbox: box, Payload: "flag"}, noon)
		})
	}
	r.change(func(tx *Tx) error { return tx.AddWork(Work{Kind: Alert, Key: "alert", Payload: "{}"}, noon) })
	newest, err := r.Newest("support", 7, 1)
	if err != nil || len(newest) != 1 || newest[0].UID != 9 || newest[0].MessageID != "<1@customer.example>" || newest[0].Subject != "Cannot log in" {
		t.Errorf("Newest = %+v, %v, want the mail that was seen as UID 9", newest, err)
	}

	r.change(func(tx *Tx) error { return tx.RestartEpoch("support", 7, 5, "a reason", noon.Add(time.Hour)) })
	var got Epoch
	r.change(func(tx *Tx) (err error) { got, err = tx.OpenEpoch("support", 7, 99, noon.Add(2*time.Hour)); return err })
	want := Epoch{UIDValidity: 7, UIDNext: 5, OpenedAt: noon, ResetAt: noon.Add(time.Hour)}
	if got != want {
		t.Errorf("epoch = %+v, want %+v", got, want)
	}
	if uids, err := r.Recorded("support", 7, 1); err != nil || len(uids) != 0 {
		t.Errorf("Recorded = %v, %v, want none", uids, err)
	}
	for what, query := range map[string]string{
		"sightings of another UIDVALIDITY or mailbox": "SELECT count(*) <> 2 FROM sighting",
		"the message itself":                          "SELECT count(*) <> 2 FROM message",
		"chores by its UIDs, and only them":           "SELECT count(*) <> 0 FROM work WHERE key = 'support/7/9'",
		"work of others":                              "SELECT count(*) <> 2 FROM work",
		"an event with the reason":                    "SELECT count(*) <> 1 FROM event WHERE what = 'folder restored' AND why LIKE '%a reason%'",
	} {
		if r.count(query) != 0 {
			t.Errorf("not as it should be: %s", what)
		}
	}
}

func TestWorkIsQueuedOnceRetriedAndDone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.change(func(tx *Tx) error {
		for _, w := range []Work{
			{Kind: Chore, Key: "a", Mailbox: "support", Payload: "flag"},
			{Kind: Chore, Key: "a", Mailbox: "support", Payload: "again"},
			{Kind: Chore, Key: "b", Mailbox: "billing", Payload: "flag"},
			{Kind: Alert, Key: "c", Payload: "{}"},
		} {
			if err := tx.AddWork(w, noon); err != nil {
				return err
			}
		}
		return nil
	})
	due := func(kind, box string, at time.Time) []Work {
		t.Helper()
		all, err := r.DueWork(kind, box, at, 10)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	w := due(Chore, "support", noon)
	if len(w) != 1 || w[0].Payload != "flag" || w[0].Mailbox != "support" {
		t.Fatalf("due = %+v, want the first of its key", w)
	}
	if a := due(Alert, "", noon); len(a) != 1 || a[0].Key != "c" {
		t.Errorf("alerts due = %+v, want c", a)
	}
	if n := due(Chore, "nowhere", noon); len(n) != 0 {
		t.Errorf("due in an unknown mailbox = %+v, want none", n)
	}
	r.change(func(tx *Tx) error { return tx.Retry(w[0].ID, noon.Add(time.Minute), "NO") })
	if again := due(Chore, "support", noon); len(again) != 0 {
		t.Errorf("due after Retry = %+v, want none yet", again)
	}
	if again := due(Chore, "support", noon.Add(time.Minute)); len(again) != 1 || again[0].Attempts != 1 {
		t.Errorf("due a minute later = %+v, want it with one attempt", again)
	}
	r.change(func(tx *Tx) error { return tx.Done(w[0].ID) })
	if again := due(Chore, "support", noon.Add(time.Hour)); len(again) != 0 {
		t.Errorf("due after Done = %+v, want none", again)
	}
}
