package cli

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"triaged/classify"
	"triaged/ingest"
	"triaged/store"
)

// corrected makes a state with a thread that the rules called SEV-4 and a person SEV-1: corrected STATE.
func corrected(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: corrected STATE")
	}
	s, err := store.Open(context.Background(), ts.MkAbs(args[0]), time.Minute)
	if err != nil {
		ts.Fatalf("open the state: %v", err)
	}
	err = s.Change(context.Background(), func(tx *store.Tx) error { return correctedThread(tx, s.Zstd) })
	if err != nil {
		ts.Fatalf("make a thread: %v", err)
	}
	if err := s.Close(); err != nil {
		ts.Fatalf("close the state: %v", err)
	}
}

func correctedThread(tx *store.Tx, z *store.Zstd) error {
	raw := "From: Dana <dana@customer.example>\r\nTo: support@desk.example\r\nSubject: A question about pens\r\nMessage-ID: <a1@customer.example>\r\n\r\nWhere can I buy more of the blue pens?\r\n"
	m := ingest.Parse([]byte(raw), ingest.Options{})
	m.Digest = sha256.Sum256([]byte(raw))
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	verdict := classify.Verdict{Severity: classify.SEV4, Type: classify.Business, Reasons: []classify.Reason{{Rule: "only a question", Evidence: `"where can I"`, Effect: "severity SEV-4"}}}
	t := store.Thread{Mailbox: "support", Customer: store.Customer{Address: "dana@customer.example"}, Subject: m.Subject, Status: store.New, OpenedAt: at}
	t, events := t.Apply(store.Happening{Trigger: store.Opened, At: at, Who: "dana@customer.example", Why: "new thread: it names none that we know", Verdict: &verdict})
	if err := tx.OpenThread(&t); err != nil {
		return err
	}
	id, err := tx.AddMessage(store.Record{Message: m, Mailbox: "support", Thread: t.ID, Role: store.FromCustomer, Place: "new thread: it names none that we know", Raw: z.Compress([]byte(raw)), At: at, RecordedAt: at})
	if err != nil {
		return err
	}
	err = tx.AddJudgement(store.Judgement{
		Message: id, At: at, Rules: "0123456789ab", Verdict: &verdict, Auth: "none: no Authentication-Results", Opened: true,
		Ack: store.AckSend, AckWhy: "first message of the thread, from a person", Observed: true,
		Candidates: []store.Naming{{Thread: 1001, By: "subject", ID: "#1001", Standing: "stranger"}},
	})
	if err != nil {
		return err
	}
	t, more := t.Apply(store.Happening{Trigger: store.SeveritySet, Severity: classify.SEV1, At: at.Add(time.Hour), Who: "alice@desk.example", Why: "#severity by Alice"})
	events = append(append(events, more...), store.Event{At: at, Who: "rules of mail", What: "withheld ack", Why: "observing: nothing is sent"})
	if err := tx.AddEvents(t.ID, events); err != nil {
		return fmt.Errorf("log: %w", err)
	}
	if _, err := tx.Reconcile(t.Key(), t.ID, []store.Obligation{{Kind: store.Respond, Slot: "1", State: store.Owed, Due: at.Add(time.Hour), Reason: "a message waits for an answer"}}); err != nil {
		return err
	}
	return tx.SaveThread(t)
}
