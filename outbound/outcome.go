package outbound

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"triaged/outbound/relay"
	"triaged/store"
)

// maxDoubts is how many attempts at one mail may end with its fate unknown before a person decides: a
// server that always breaks off after the mail may have taken each of them.
const maxDoubts = 5

// outcome turns the server's answer into what is recorded. crowded says that the server found this
// connection one too many.
func (l *line) outcome(m store.Mail, err error, began, now time.Time) (d store.Delivery, crowded bool) {
	d = store.Delivery{Mail: m, State: store.Sent, At: now}
	if err == nil {
		if l.well(now) {
			l.recovered(now)
		}
		return d, false
	}
	e, ok := errors.AsType[*relay.Error](err)
	if !ok {
		e = &relay.Error{Op: "send", Text: err.Error(), Temporary: true}
	}
	d.Error = e.Error()
	wait := l.wait(m, now)
	if e.Account { // not this mail's fault: it is due again as soon as the server is tried again
		crowded = l.unwell(began, now, e)
		wait = l.closedFor(now)
	}
	switch {
	case e.Unknown:
		d.State = store.Unknown
		d.Mail.Looks = 0
		d.Mail.Doubts++
		o := l.Config.Outbox
		d.Next = now.Add(Backoff(d.Mail.Doubts, o.UnknownGrace.D(), max(o.UnknownGrace.D(), o.RetryMax.D()), 0.5))
	case e.Temporary:
		d.State, d.Next = store.Deferred, now.Add(wait)
	default:
		d.State = store.Failed
	}
	return d, crowded
}

// wait is the time until the next attempt: the backoff, but a minute at most while an acknowledgement
// can still be on time.
func (l *line) wait(m store.Mail, now time.Time) time.Duration {
	o := l.Config.Outbox
	wait := Backoff(m.Attempts, o.RetryFirst.D(), o.RetryMax.D(), rand.Float64())
	if m.Kind == store.AckMail && now.Before(m.Deadline) {
		wait = min(wait, time.Minute)
	}
	return wait
}

// recovered: one success wakes the account's deferred acknowledgements.
func (l *line) recovered(now time.Time) {
	err := l.Store.Change(context.Background(), func(tx *store.Tx) error {
		_, err := tx.WakeDeferred(l.box.Name, now)
		return err
	})
	if err != nil {
		l.Log.Error("waking deferred mail", "mailbox", l.box.Name, "err", err)
	}
	l.wakeUp()
}

// tooOld: an acknowledgement beyond the horizon would only puzzle; any mail is given up at last.
func (l *line) tooOld(m store.Mail, now time.Time) *store.Delivery {
	age := now.Sub(m.CreatedAt)
	switch {
	case m.Kind == store.AckMail && age > l.Config.Ack.Horizon.D():
		return &store.Delivery{Mail: m, State: store.Dropped, At: now, Error: lastly("older than ack.horizon", m)}
	case m.Kind == store.DigestMail && now.After(m.Deadline):
		return &store.Delivery{Mail: m, State: store.Dropped, At: now, Error: lastly("the next digest is due, and stands for it", m)}
	case m.Attempts > 0 && age > l.Config.Outbox.GiveUp.D():
		return &store.Delivery{Mail: m, State: store.Failed, At: now, Error: lastly("given up after outbox.give_up", m)}
	}
	return nil
}

// noRepeat: what may have arrived is repeated only where a second copy does less harm than none. Acknowledgements and mail to
// those inside are; what a person wrote waits for a person; scheduled mail to a customer is let go.
func noRepeat(m store.Mail, now time.Time) *store.Delivery {
	if m.State != store.Unknown {
		return nil
	}
	switch m.Kind {
	case store.ReplyMail, store.ResolutionMail, store.UpdateMail:
		return &store.Delivery{Mail: m, State: store.Held, Hold: store.HoldFate, At: now, Error: lastly("nobody knows whether it arrived, and a person's words are not repeated unasked", m)}
	case store.NudgeMail, store.BriefMail, store.DigestMail, store.HoldingMail, store.ReminderMail, store.ReopenedMail, store.RatingMail, store.ClosedMail:
		return &store.Delivery{Mail: m, State: store.Dropped, At: now, Error: lastly("it may have arrived, and is not repeated", m)}
	}
	return nil
}

// tooDoubtful: a mail whose fate became unknown time and again may have arrived each time. One that a
// person has released since is queued, and tried.
func tooDoubtful(m store.Mail, now time.Time) *store.Delivery {
	if m.State != store.Unknown || m.Doubts < maxDoubts {
		return nil
	}
	return &store.Delivery{Mail: m, State: store.Held, Hold: store.HoldDoubt, At: now, Error: lastly(fmt.Sprintf("after %d attempts nobody knows whether it arrived", m.Doubts), m)}
}

func lastly(why string, m store.Mail) string {
	if m.LastError == "" {
		return why
	}
	return why + "; last: " + m.LastError
}

// lookForIt asks the Sent folder what became of a mail whose fate is unknown. Twice a minute apart, since
// Sent may lag; where it cannot be asked, an acknowledgement is repeated with the same Message-ID.
func (l *line) lookForIt(ctx context.Context, m store.Mail) *store.Delivery {
	ctx, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	found, err := l.Sent(ctx, l.box.Name, m)
	now := time.Now()
	switch {
	case err != nil:
		l.Log.Info("looking for a mail in Sent", "mailbox", l.box.Name, "thread", m.Thread, "err", err)
		return nil
	case found:
		return &store.Delivery{Mail: m, State: store.Sent, At: now, Error: "found in the Sent folder"}
	case m.Looks == 0:
		m.Looks++
		return &store.Delivery{Mail: m, State: store.Unknown, At: now, Next: now.Add(time.Minute), Error: m.LastError}
	}
	return nil
}
