package store

import (
	"reflect"
	"testing"
	"time"

	"triaged/classify"
	"triaged/ingest"
)

func TestAJudgementIsReadAsItWasMade(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := r.arrives("support")
	want := Judgement{
		Message: e.message, At: noon, Rules: "0123456789ab", Auth: "pass: dkim", Opened: true, Ack: AckWithhold, AckWhy: "the sender is on the roster",
		Verdict: &classify.Verdict{
			Severity: classify.SEV2, Type: classify.Technical, Reasons: []classify.Reason{{Rule: "login", Evidence: `"cannot log in"`, Effect: "severity SEV-2"}},
		},
		Candidates: Namings([]ingest.Candidate{{Thread: 1001, By: ingest.SubjectRef, ID: "#1001", Standing: ingest.Stranger}}),
	}
	r.change(func(tx *Tx) error { return tx.AddJudgement(want) })
	for name, read := range map[string]func() ([]Decided, error){
		"of the thread": func() ([]Decided, error) { return r.Reader().Decided(t.Context(), e.thread.ID) },
		"by Message-ID": func() ([]Decided, error) {
			all, err := r.Reader().Decided(t.Context(), e.thread.ID)
			if err != nil || len(all) == 0 {
				return all, err
			}
			return r.Reader().DecidedByID(t.Context(), all[0].MessageID)
		},
		"at its place": func() (all []Decided, err error) {
			r.change(func(tx *Tx) error {
				d, _, err := tx.DecidedAt(e.place)
				all = append(all, d)
				return err
			})
			return all, nil
		},
	} {
		got, err := read()
		if err != nil || len(got) != 1 || !got[0].Judged || !reflect.DeepEqual(got[0].Judgement, want) {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, want)
		}
	}
	if n := want.Candidates[0]; n.By != "subject" || n.Standing != "stranger" {
		t.Errorf("a candidate in words is %+v", n)
	}
}

func TestAMessageWithoutAJudgementSaysSo(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e := r.arrives("support")
	got, err := r.Reader().Decided(t.Context(), e.thread.ID)
	if err != nil || len(got) != 1 || got[0].Judged || got[0].Verdict != nil || !got[0].Judgement.At.IsZero() {
		t.Errorf("Decided = %+v, %v; want the message, not judged", got, err)
	}
}

// While nothing is sent the caps have to count what would have been.
func TestWhatWouldHaveBeenSentIsCounted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	e, quiet := r.arrives("support"), r.arrives("support")
	r.change(func(tx *Tx) error {
		if err := tx.AddJudgement(Judgement{Message: quiet.message, At: noon, Ack: AckWithhold, Observed: true}); err != nil {
			return err
		}
		return tx.AddJudgement(Judgement{Message: e.message, At: noon, Ack: AckSend, Observed: true, SenderKey: "dana@customer.example", DomainKey: "customer.example"})
	})
	r.change(func(tx *Tx) error {
		for what, n := range map[string]func() (int, error){
			"to the sender":   func() (int, error) { return tx.ObservedTo("dana@customer.example", noon.Add(-time.Hour), 5) },
			"into the domain": func() (int, error) { return tx.ObservedInto("customer.example", noon.Add(-time.Hour), 5) },
		} {
			if got, err := n(); err != nil || got != 1 {
				t.Errorf("%d answers %s, %v; want 1", got, what, err)
			}
		}
		if got, err := tx.ObservedTo("dana@customer.example", noon, 5); err != nil || got != 0 {
			t.Errorf("%d answers since then, %v; want none", got, err)
		}
		for thread, want := range map[int64]bool{e.thread.ID: true, quiet.thread.ID: false} {
			if got, err := tx.WouldHaveAck(thread); err != nil || got != want {
				t.Errorf("WouldHaveAck(%d) = %t, %v; want %t", thread, got, err, want)
			}
		}
		return nil
	})
}

func TestAPersonsWordIsKeptAsALabel(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	raised, agreed, untouched := r.arrives("support"), r.arrives("support"), r.arrives("support")
	sets := func(e entered, h Happening) {
		h.Who = "alice@desk.example"
		r.change(func(tx *Tx) error {
			th, err := tx.Thread(e.thread.ID)
			if err != nil {
				return err
			}
			th, _ = th.Apply(h)
			if err := tx.SaveThread(th); err != nil {
				return err
			}
			return tx.SaveThread(th) // a change may save more than once
		})
	}
	machine := raised.thread.Severity
	other := classify.SEV1
	if machine == other {
		other = classify.SEV4
	}
	sets(raised, Happening{Trigger: SeveritySet, Severity: classify.SEV2, At: noon})
	sets(raised, Happening{Trigger: SeveritySet, Severity: other, At: noon.Add(time.Minute)})
	sets(raised, Happening{Trigger: TypeSet, Type: classify.Compliance, At: noon.Add(time.Minute)})
	sets(agreed, Happening{Trigger: SeveritySet, Severity: agreed.thread.Severity, At: noon})

	labels, err := r.Reader().Labels(t.Context())
	if err != nil || len(labels) != 2 {
		t.Fatalf("Labels = %+v, %v; want two threads", labels, err)
	}
	if l := labels[0]; l.Thread != raised.thread.ID || l.Message != raised.message || l.Severity != other || l.Type != classify.Compliance {
		t.Errorf("label = %+v, want the last word on severity and type", l)
	}
	if l := labels[1]; l.Thread != agreed.thread.ID || l.Severity != agreed.thread.Severity || l.Type != "" {
		t.Errorf("label = %+v, want the confirmed severity and no type", l)
	}
	at := untouched.thread.OpenedAt
	n, err := r.Reader().Corrections(t.Context(), at.Add(-time.Hour), at.Add(time.Hour))
	if want := (Corrected{Judged: 3, Corrected: 1, Severity: 1, Type: 1}); err != nil || n != want {
		t.Errorf("Corrections = %+v, %v; want %+v: agreeing is no correction", n, err, want)
	}
	if n, err := r.Reader().Corrections(t.Context(), at.Add(time.Hour), at.Add(2*time.Hour)); err != nil || n != (Corrected{}) {
		t.Errorf("Corrections of an empty window = %+v, %v", n, err)
	}
}
