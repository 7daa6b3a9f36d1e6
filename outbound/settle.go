package outbound

import (
	"context"
	"fmt"
	"time"

	"triaged/store"
)

// lease is how long an attempt may take: longer than the ten minutes of a final dot.
const lease = 20 * time.Minute

// settleMax is the longest pause between attempts to record a delivery.
const settleMax = 10 * time.Second

// attempt commits the last result and the new attempt as one change; after an error neither is. mine
// is false when the mail no longer waits.
func (w *worker) attempt(m *store.Mail, r Rendered) (mine bool, err error) {
	kept := m.Rendered
	if kept == nil {
		kept = w.Store.Zstd.Compress(r.Raw)
	}
	var fence int64
	err = w.Store.Change(context.Background(), func(tx *store.Tx) (err error) {
		if w.last != nil {
			if err := w.Settled(tx, *w.last); err != nil {
				return err
			}
		}
		fence, mine, err = tx.Attempt(*m, r.Subject, kept, time.Now(), lease)
		return err
	})
	if err != nil {
		return false, err
	}
	w.settled()
	m.Fence = fence
	m.Attempts++
	return mine, nil
}

// settle commits the last result on its own. While the disk is full or the database busy it tries
// again for as long as the flight lasts: a row must not stay in sending while the process lives. What cannot
// be committed at all is unknown at the next start.
func (w *worker) settle() {
	for wait := time.Second; w.last != nil; wait = min(2*wait, settleMax) {
		err := w.Store.Change(context.Background(), func(tx *store.Tx) error { return w.Settled(tx, *w.last) })
		if err != nil && !store.Trouble(err) {
			w.Log.Error("recording a delivery", "mailbox", w.box.Name, "state", w.last.State, "err", err)
			err = w.settleBare(err)
		}
		if err == nil {
			w.settled()
			return
		}
		w.Log.Error("recording a delivery; trying again", "mailbox", w.box.Name, "state", w.last.State, "err", err)
		if w.Store.Broken() != nil || !pause(w.flight, wait) {
			w.settled()
		}
	}
}

// settleBare records what became of a mail where what follows from it cannot be: the thread may be
// beyond reading, but a mail that was sent must not be sent again.
func (w *worker) settleBare(cause error) error {
	d := *w.last
	w.Alert("delivery "+w.box.Name, fmt.Sprintf("what follows from a delivery of thread #%d could not be recorded: %v", d.Mail.Thread, cause))
	return w.Store.Change(context.Background(), func(tx *store.Tx) error {
		if ok, err := tx.Settle(d); err != nil || !ok {
			return err
		}
		if d.State == store.Sent {
			if err := tx.Meet(d.Mail.Obligation, d.At); err != nil {
				return err
			}
		}
		return tx.AddEvent(store.Event{Thread: d.Mail.Thread, At: d.At, Who: "outbox", What: d.Mail.Kind + " " + d.State, Why: "recorded alone, since recording what follows broke: " + cause.Error()})
	})
}

// settled gives the last mail back; where it waits again, that is news.
func (w *worker) settled() {
	if w.last == nil {
		return
	}
	waits := w.last.State == store.Deferred || w.last.State == store.Unknown
	w.release(w.last.Mail.ID, waits || w.last.State == store.Held) // of a mail that is held its author may be asked by another
	w.last = nil
}
