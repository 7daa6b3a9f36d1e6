package daemon

import (
	"time"

	"triaged/ingest"
	"triaged/outbound"
	"triaged/store"
)

// machineMails is how many automatic mails the thread has received within an hour; 0 for one that is about to open.
func machineMails(tx *store.Tx, thread int64, now time.Time) (int, error) {
	if thread == 0 {
		return 0, nil
	}
	return tx.MachineMails(thread, now.Add(-time.Hour), outbound.LoopMails+1)
}

// wentSilent is the event of a thread whose circuit breaker has opened.
const wentSilent = "went silent"

// looping opens the circuit breaker of a thread that machines write to: one event and one alarm a day. That nothing
// automatic is sent meanwhile, outbound.Answer decides, from the same count.
func (d *doors) looping(tx *store.Tx, a arrival, t store.Thread) error {
	if a.msg.Kind == ingest.Human {
		return nil
	}
	n, err := machineMails(tx, t.ID, a.now)
	if err != nil {
		return err
	}
	why := outbound.Silenced(n)
	if why == "" {
		return nil
	}
	if before, err := tx.Happened(t.ID, wentSilent, a.now.Add(-24*time.Hour)); before || err != nil {
		return err
	}
	if err := tx.AddEvent(store.Event{Thread: t.ID, At: a.now, Who: "rules of mail", What: wentSilent, Why: why}); err != nil {
		return err
	}
	return d.alerts.raise(tx, alarm{
		Key: "loop " + t.Ref(), What: "machines write to a thread", Why: why + "; look whether two robots answer each other",
		Mailbox: t.Mailbox, Threads: []string{t.Ref()}, At: a.now,
	})
}
