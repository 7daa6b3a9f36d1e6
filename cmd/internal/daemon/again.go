package daemon

import (
	"context"
	"fmt"
	"strings"
	"time"

	"triaged/classify"
	"triaged/ingest"
	"triaged/store"
)

// A first mail is compared with so many of its customer's threads, each parsed once more, of so long.
const (
	comparedWith   = 3
	comparedWithin = 30 * 24 * time.Hour
)

// repeat is the earlier thread that a first mail is about again.
type repeat struct {
	thread int64
	ref    string
	why    classify.Reason
}

// recognise looks, outside the change, whether a mail that would open a thread is about an issue that the same customer has had before:
// the same address, or anybody at a known customer's domain. A mail is never lost for what cannot be read of the past.
func (d *Daemon) recognise(ctx context.Context, doors *doors, a *arrival) {
	address, domain := doors.whose(*a)
	if address == "" {
		return
	}
	now, r, since := a.now, d.store.Reader(), a.now.Add(-comparedWithin)
	before, err := r.OpenedBy(ctx, address, since, comparedWith)
	if err == nil && domain != "" {
		before, err = r.OpenedFrom(ctx, domain, since, comparedWith)
	}
	var earlier []classify.Earlier
	box, _ := doors.cfg.Mailbox(a.box())
	for _, b := range before {
		msg, readErr := d.source(ctx, b.Message, ingest.Options{Limits: doors.cfg.Limits, TrustedAuthservID: box.TrustedAuthservID, Own: doors.own})
		if readErr != nil || msg == nil {
			continue // its bytes are gone, or not to be read: nothing to compare with
		}
		earlier = append(earlier, classify.Earlier{Ref: store.Thread{ID: b.Thread}.Ref(), Subject: b.Subject, Text: msg.ReplyText, OpenedAt: b.OpenedAt})
	}
	if err != nil {
		d.log.Warn("looking for the same issue", "mailbox", a.place.Mailbox, "uid", a.place.UID, "err", err)
		return
	}
	found, why, ok := doors.rules.Repeats(a.msg, earlier, now)
	if !ok {
		return
	}
	for _, b := range before {
		if (store.Thread{ID: b.Thread}).Ref() == found.Ref {
			a.again = &repeat{thread: b.Thread, ref: found.Ref, why: why}
		}
	}
}

// whose says whose earlier threads a mail may be about again: those of an address, or of everybody at the domain of a known customer
// where that is not empty too. Both are empty where the mail begins no thread of a customer.
func (d *doors) whose(a arrival) (address, domain string) {
	s := d.who(a.msg, false)
	if !a.judged || s.role != store.FromCustomer {
		return "", ""
	}
	if s.known {
		domain = strings.ToLower(s.customer.Domain)
	}
	return s.reply.Addr, domain
}

// linked notes on both threads that one repeats the other.
func (d *doors) linked(tx *store.Tx, t store.Thread, again *repeat, now time.Time) error {
	if again == nil {
		return nil
	}
	return tx.AddEvents(again.thread, []store.Event{{At: now, Who: "rules", What: "the same issue again in " + t.Ref(), Why: again.why.Evidence}})
}

// warning tells the desk of it.
func (r *repeat) warning() string {
	return fmt.Sprintf("This looks like %s again, of the same customer: %s.", r.ref, r.why.Evidence)
}
