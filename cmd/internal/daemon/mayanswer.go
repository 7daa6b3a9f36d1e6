package daemon

import (
	"errors"
	"time"

	"triaged/config"
	"triaged/ingest"
	"triaged/outbound"
	"triaged/store"
)

// answering is the mailbox that answers: the first configured one named in To or Cc, otherwise the
// one the mail came in by. named says that one of our addresses stands in the mail at all.
func (d *doors) answering(a arrival) (box string, named bool) {
	m := a.msg
	for i := range d.cfg.Mailboxes {
		for _, list := range [][]ingest.Address{m.To, m.Cc} {
			for _, to := range list {
				if name, ok := d.cfg.OwnAddress(to.Addr); ok && name == d.cfg.Mailboxes[i].Name {
					return name, true
				}
			}
		}
	}
	for _, to := range m.Delivered {
		if _, ok := d.cfg.OwnAddress(to); ok {
			named = true
		}
	}
	return a.box(), named
}

// mayAnswer puts the question whether this mail is acknowledged automatically. The thread is 0 for one that it opens.
func (d *doors) mayAnswer(tx *store.Tx, a arrival, s sender, thread int64) (outbound.Outcome, store.Hold, string, error) {
	_, named := d.answering(a)
	q := outbound.Question{
		Message: a.msg, Role: s.role, To: s.reply.Addr, Refuses: s.refuses, At: a.at, Now: a.now, Addressed: named,
	}
	sender, domain := keys(s)
	ack := d.cfg.Ack
	var err1, err2, err3, err4, err5, err6 error
	q.Doubt, q.History, err1 = d.age(tx, a)
	to, into := d.ledger(tx)
	q.SentHour, err2 = to(sender, a.now.Add(-time.Hour), limit(ack.PerSenderHour))
	q.SentDay, err3 = to(sender, a.now.Add(-24*time.Hour), limit(ack.PerSenderDay))
	q.DomainHour, err4 = into(domain, a.now.Add(-time.Hour), limit(ack.PerDomainHour))
	q.MutedUntil, err5 = tx.MutedUntil(sender, s.reply.Addr, a.now)
	q.LoopHour, err6 = machineMails(tx, thread, a.now)
	if err := errors.Join(err1, err2, err3, err4, err5, err6); err != nil {
		return outbound.Withhold, "", "", err
	}
	outcome, _, why := outbound.Answer(q, d.cfg.Ack)
	a.answered(outcome, why, sender, domain)
	q.Observing = d.observing
	outcome, hold, why := outbound.Answer(q, d.cfg.Ack)
	return outcome, hold, why, nil
}

// limit is a cap as a number: none set is none.
func limit(n *int) int {
	if n == nil {
		return 0
	}
	return *n
}

// keys are what caps count by: the normalised sender, and the domain where nobody there is known to us.
func keys(s sender) (sender, domain string) {
	sender = ingest.Normalised(s.reply.Addr)
	if s.customer == (config.Customer{}) {
		if domain = ingest.Domain(s.reply.Addr); ingest.Freemail(domain) {
			domain = ""
		}
	}
	return sender, domain
}

// age says whether mail is history, and whether mail that looks new may be old: the folder was reset or
// the database restored since. What came after we first saw the folder is never history by itself: a
// server's clock may be behind, and a move keeps the date; only an ack.not_before that somebody wrote
// down counts for it.
func (d *doors) age(tx *store.Tx, a arrival) (doubt store.Hold, history bool, err error) {
	e, err := tx.OpenEpoch(a.place.Mailbox, a.place.UIDValidity, 0, a.now)
	if err != nil {
		return "", false, err
	}
	older := a.at.Before(d.notBefore)
	history = older && (!d.cfg.Ack.NotBefore.IsZero() || a.place.UID < e.UIDNext || e.UIDNext == 0)
	switch {
	case !d.restored.IsZero() && a.at.Before(d.restored):
		doubt = store.HoldRestored
	case !e.ResetAt.IsZero() && a.at.Before(e.ResetAt):
		doubt = store.HoldReset
	}
	return doubt, history, nil
}
