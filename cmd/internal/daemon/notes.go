package daemon

import (
	"time"

	"triaged/classify"
	"triaged/ingest"
	"triaged/outbound"
	"triaged/store"
)

// What is decided on a mail is noted while its change runs and kept with it, so that it can be explained as it was decided.

// recorded notes the row of the mail.
func (a arrival) recorded(id int64) {
	if a.notes != nil {
		a.notes.Message = id
	}
}

// opened notes that the mail began its thread.
func (a arrival) opened() {
	if a.notes != nil {
		a.notes.Opened = true
	}
}

// noted notes a verdict, and returns it.
func (a arrival) noted(v classify.Verdict) classify.Verdict {
	if a.notes != nil {
		a.notes.Verdict = &v
	}
	return v
}

// answered notes what was decided on an automatic answer, as if it could be sent; the keys count where nothing is.
func (a arrival) answered(o outbound.Outcome, why, sender, domain string) {
	if a.notes == nil {
		return
	}
	a.notes.AckWhy = why
	switch o {
	case outbound.Send:
		a.notes.Ack = store.AckSend
	case outbound.Hold:
		a.notes.Ack = store.AckHold
	default:
		a.notes.Ack = store.AckWithhold
		return
	}
	if a.notes.Observed {
		a.notes.SenderKey, a.notes.DomainKey = sender, domain
	}
}

// greeted notes what was decided on the greeting of a customer whom somebody on the roster has named.
func (a arrival) greeted(ack *store.AckDecision, customer string) {
	if a.notes == nil || ack == nil {
		return
	}
	if a.notes.Ack, a.notes.AckWhy = store.AckWithhold, ack.Why; ack.Would {
		a.notes.Ack = store.AckSend
		if a.notes.Observed {
			a.notes.SenderKey = ingest.Normalised(customer)
		}
	}
}

// authenticity is what is known of a sender's authenticity, in words.
func authenticity(a ingest.Authenticity) string {
	if a.Why == "" {
		return a.Result
	}
	return a.Result + ": " + a.Why
}

// hasAck says whether a thread has its acknowledgement. While observing none goes out: then it has the one that would have.
func (d *doors) hasAck(tx *store.Tx, thread int64) (bool, error) {
	if acked, err := tx.HasAck(thread); err != nil || acked || !d.observing {
		return acked, err
	}
	return tx.WouldHaveAck(thread)
}

// ledger counts the answers that a sender, and a domain, have had; while observing those that they would have had.
func (d *doors) ledger(tx *store.Tx) (to, into func(key string, since time.Time, most int) (int, error)) {
	if d.observing {
		return tx.ObservedTo, tx.ObservedInto
	}
	return tx.AnswersTo, tx.AnswersInto
}
