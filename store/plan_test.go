package store

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"triaged/ingest"
)

// everything runs each statement of the store at least once.
func everything(t *testing.T, r *rig) {
	t.Helper()
	r.Tell(func(Event, Thread) (string, []string) { return "opened", []string{"chat"} })
	e := r.arrives("support")
	held := r.arrives("support")
	now := noon.Add(time.Hour)
	r.change(func(tx *Tx) error {
		for _, step := range []func() error{
			func() error { _, err := tx.Seen(e.place); return err },
			func() error { _, _, err := tx.SameMail(r.letter()); return err },
			func() error {
				_, err := tx.Candidates(Named{IDs: []string{"<x@y>", e.mail.MessageID}, Refs: []int64{e.thread.ID}, Own: "<z@y>", Sender: "dana@customer.example"})
				return err
			},
			func() error { _, err := tx.OurID("<x@y>"); return err },
			func() error { return tx.Know(e.thread.ID, "<a@b>", []string{"<c@d>"}) },
			func() error { _, err := tx.Thread(e.thread.ID); return err },
			func() error { return tx.SaveThread(e.thread) },
			func() error { _, err := tx.HasAck(e.thread.ID); return err },
			func() error { _, err := tx.AnswersTo("dana@customer.example", noon, 3); return err },
			func() error { _, err := tx.AnswersInto("customer.example", noon, 30); return err },
			func() error { _, err := tx.MachineMails(e.thread.ID, noon, 6); return err },
			func() error { _, err := tx.SharingID("<a@b>", "b.example", noon, 6); return err },
			func() error { _, err := tx.Happened(e.thread.ID, "went silent", noon); return err },
			func() error { _, err := tx.OpenEpoch("support", 7, 1, noon); return err },
			func() error { return tx.SetHistory("support", 7, 1) },
			func() error { return tx.RestartEpoch("billing", 7, 1, "test", noon) },
			func() error { _, err := tx.Overdue(now, 10); return err },
			func() error { _, err := tx.Late(now, 10); return err },
			func() error { return tx.Warned(e.owed[0].ID) },
			func() error { return tx.Miss(e.owed[0].ID, now) },
			func() error { return tx.Meet(e.owed[0].ID, now) },
			func() error { return tx.Waive(e.owed[1].ID, "test") },
			func() error { _, err := tx.Reconcile(e.thread.Key(), e.thread.ID, nil); return err },
			func() error { _, err := tx.Reconcile(held.thread.Key(), held.thread.ID, nil); return err },
			func() error { _, _, err := tx.Attempt(e.mail, "s", []byte("z"), now, time.Minute); return err },
			func() error { _, err := tx.Settle(Delivery{Mail: e.mail, State: Sent, At: now}); return err },
			func() error { _, err := tx.WakeDeferred("support", now); return err },
			func() error { return tx.HoldLive(HoldRestored) },
			func() error { _, _, err := tx.Release(held.mail.ID, now); return err },
			func() error { return tx.ReleaseFor("support", HoldRestored, now) },
			func() error { _, _, err := tx.Drop(held.mail.ID, "test"); return err },
			func() error { return tx.AddWork(Work{Kind: Chore, Key: "k", Mailbox: "support", Payload: "p"}, now) },
			func() error {
				_, err := tx.AddOpinion(Opinion{Message: e.message, Thread: e.thread.ID, Verdict: "{}", At: now})
				return err
			},
			func() error { return tx.Spend(Account{"2026-03-02", "dana@customer.example", "support"}, 2, 100) },
			func() error {
				_, err := tx.Spent(Account{"2026-03-02", "dana@customer.example", "support"})
				return err
			},
			func() error { _, err := tx.FirstOn("2026-03-02", "test"); return err },
			func() error { return tx.Retry(1, now, "test") },
			func() error { return tx.Done(1) },
			func() error { return tx.orphansUnknown(now) },
			func() error {
				d, _, err := tx.NextDispatch("chat")
				if err != nil {
					return err
				}
				if d, _, err = tx.ClaimDispatch(d, now, time.Minute); err != nil {
					return err
				}
				_, err = tx.SettleDispatch(Told{Dispatch: d, State: Delivered, At: now})
				return err
			},
			func() error { return tx.WakeDispatches("chat", now) },
			func() error { _, err := tx.DropDispatches(nil); return err },
			func() error { return judgements(tx, e, now) },
			func() error { return lifeOfAThread(tx, e, now) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	for _, err := range []error{
		second(r.Reader().Report(t.Context(), noon, now)), second(r.DueMail("support", now, 10)), second(r.NextMail("support", now)), second(r.NextDue()), second(r.HeldFor("support", HoldReset)),
		second(r.Recorded("support", 7, 1)), second(r.Newest("support", 7, 5)), second(r.DueWork(Chore, "support", now, 10)), second(r.DueWork(Alert, "", now, 10)),
		second(r.DueJudging(now, 10)), second(r.ToJudge()), third(r.SpentOn("2026-03-02")), second(r.Reader().Opinions(t.Context(), e.thread.ID)),
		second(r.Reader().OpenedBy(t.Context(), "dana@customer.example", noon, 3)), second(r.Reader().OpenedFrom(t.Context(), "customer.example", noon, 3)), second(r.Reader().Decided(t.Context(), e.thread.ID)), second(r.Reader().DecidedByID(t.Context(), "<x@y>")), second(r.Reader().Corrections(t.Context(), noon, now)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// judgements runs what is kept of decisions and corrections.
func judgements(tx *Tx, e entered, now time.Time) error {
	corrected := e.thread
	corrected.Corrections = []Correction{{Field: OfType, At: now, Who: "alice@desk.example", Was: "technical", Became: "business", Machine: true}}
	return errors.Join(
		tx.AddJudgement(Judgement{Message: e.message, At: now}), second(tx.ObservedTo("dana@customer.example", noon, 3)), second(tx.ObservedInto("customer.example", noon, 3)),
		second(tx.WouldHaveAck(e.thread.ID)), third(tx.DecidedAt(e.place)), third(tx.QueuedAck(e.thread.ID)), tx.SaveThread(corrected),
	)
}

// lifeOfAThread runs what agents and customers do by mail.
func lifeOfAThread(tx *Tx, e entered, now time.Time) error {
	id, thread, alice := e.mail.MessageID, e.thread.ID, "alice@desk.example"
	return errors.Join(
		second(tx.OurIDs([]string{id, "<x@y>"})), tx.KillID(id), second(tx.Participants(thread)), second(tx.IDsOf(thread)), second(tx.IDsTo(thread, alice)),
		second(tx.HeldOn(thread)), second(tx.AnsweredSince(thread, e.mail.ID, alice)), tx.Accept(thread, "kim@customer.example", now),
		second(tx.LastFromCustomer(thread)), second(tx.Told(ReceiptKey(alice), noon, 3)), second(tx.Times(thread, "opened", noon, 3)), second(tx.LastThread()), second(tx.LettersSince(thread, noon)),
		tx.Answered(e.message), tx.AnsweredUpTo(thread, e.message), tx.MeetOf(e.thread.Key(), Respond, "1", now), second(tx.SaidBefore(&ingest.Message{}, 0)),
		second(tx.PromiseOnce(Obligation{Subject: e.thread.Key(), Thread: thread, Kind: Notify, Slot: "1", To: alice, State: Owed, Due: now})),
		second(tx.PromiseOnce(Obligation{Subject: e.thread.Key(), Thread: thread, Kind: Notify, Slot: "1", To: alice, State: Owed, Due: now})),
		second(tx.MailHeld(e.owed[0].ID)), second(tx.OpenThreadsOf(alice)), second(tx.LastTurn(alice)), tx.TakeTurn(alice, now), tx.TakeTurn(alice, now),
		second(tx.Overtake(thread, []string{HoldingMail, ReminderMail}, "why")), second(tx.OvertakeSlots(thread, Nudge, "why")), second(tx.GoesOn(thread)), second(tx.MoveWaiting(thread, thread)), second(tx.CameBack(thread, "dana@customer.example")), second(tx.OnlyWatched(thread)), second(tx.OpenedBy("dana@customer.example", noon, 3)), tx.Suspend(thread, "dana@customer.example"),
		tx.MoveMessage(e.message, Record{Message: &ingest.Message{}, Mailbox: "support", Thread: thread, Role: FromAgent, Internal: true, At: now, RecordedAt: now}),
	)
}

func second[T any](_ T, err error) error { return err }

func third[T, U any](_ T, _ U, err error) error { return err }

// short are indexes that hold only what is live, so that reading all of one is quick.
var short = regexp.MustCompile(`USING (COVERING )?INDEX (outbox_due|outbox_busy|obligation_due|obligation_warn|thread_open|thread_owner|message_unthreaded|message_quarantined|delivery_due|delivery_turn)\b`)

// scan matches a plan's line that reads a whole table or index; constant and derived tables do not count.
var scan = regexp.MustCompile(`^SCAN (\w+)`)

// TestNothingReadsAWholeTable: at a million messages a change costs what it costs at ten.
func TestNothingReadsAWholeTable(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	everything(t, r)
	queries := slices.Collect(maps.Keys(r.stmts))
	r.read.asked.Range(func(q, _ any) bool {
		queries = append(queries, q.(string))
		return true
	})
	queries = append(queries, qAck, qOutboxOf, qMailHeld, qMailUnknown, qMessagesOf, qMessagesQuarantined, qMessagesUnthreaded, qEvents, qObligations, qThread, qRaw, qMailOf, qDispatchesOf)
	if len(queries) < 70 {
		t.Fatalf("only %d statements to look at", len(queries))
	}
	for _, q := range queries {
		if w, _, _ := strings.Cut(q, " "); !slices.Contains([]string{"SELECT", "INSERT", "UPDATE", "DELETE"}, w) {
			continue // BEGIN, SAVEPOINT and the like
		}
		rows, err := r.conn.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+q, make([]any, strings.Count(q, "$"))...)
		if err != nil {
			t.Errorf("explain %s: %v", q, err)
			continue
		}
		plan, err := collect(rows, err, func(row scanner) (string, error) {
			var id, parent, unused int
			var detail string
			err := row.Scan(&id, &parent, &unused, &detail)
			return detail, err
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range plan {
			m := scan.FindStringSubmatch(line)
			if m == nil || short.MatchString(line) || slices.Contains([]string{"CONSTANT", "next", "waits", "some", "newest", "b"}, m[1]) && !strings.Contains(q, "obligation b") {
				continue
			}
			t.Errorf("%s\n\treads too much: %s\n\tplan: %s", q, line, strings.Join(plan, " | "))
		}
	}
}

// TestEveryIndexIsUsed: an index nobody asks costs every mail.
func TestEveryIndexIsUsed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	everything(t, r)
	queries := append(slices.Collect(maps.Keys(r.stmts)), qOutboxOf, qMailHeld, qMailUnknown, qMessagesOf, qMessagesQuarantined, qMessagesUnthreaded, qEvents, qThreadsOpen)
	r.read.asked.Range(func(q, _ any) bool {
		queries = append(queries, q.(string))
		return true
	})
	var plans strings.Builder
	for _, q := range queries {
		rows, err := r.conn.QueryContext(t.Context(), "EXPLAIN QUERY PLAN "+q, make([]any, strings.Count(q, "$"))...)
		if err != nil {
			continue
		}
		lines, _ := collect(rows, err, func(row scanner) (string, error) {
			var id, parent, unused int
			var detail string
			err := row.Scan(&id, &parent, &unused, &detail)
			return detail, err
		})
		plans.WriteString(strings.Join(lines, "\n") + "\n")
	}
	rows, err := r.read.Query("SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")
	names, err := collect(rows, err, func(row scanner) (s string, err error) { err = row.Scan(&s); return s, err })
	if err != nil || len(names) < 8 {
		t.Fatalf("list indexes: %v, %v", names, err)
	}
	for _, name := range names {
		if !regexp.MustCompile(`INDEX ` + name + `\b`).MatchString(plans.String()) {
			t.Errorf("index %s is used by no statement", name)
		}
	}
}
