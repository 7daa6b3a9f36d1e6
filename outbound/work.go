package outbound

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"triaged/outbound/relay"
	"triaged/store"
)

// lease is how long an attempt may take: longer than the ten minutes of a final dot.
const lease = 20 * time.Minute

// work is one connection's life: take a mail, commit "the last one settled, this one attempted",
// send, and so on. What it sends runs under flight, so that a mail in the air may land after ctx ended.
func (l *line) work(ctx, flight context.Context) error {
	var conn *relay.Conn
	var last *store.Delivery
	defer func() {
		l.settle(last)
		if conn != nil {
			conn.Close()
		}
	}()
	for {
		m, ok := l.next(ctx, &last)
		if !ok {
			return nil
		}
		rendered, done := l.prepare(flight, m)
		if done != nil {
			l.settle(last)
			last = done
			continue
		}
		attempted, err := l.attempt(last, m, rendered)
		last = nil
		if err != nil || attempted == nil {
			if err != nil {
				l.Log.Error("recording an attempt", "mailbox", l.box.Name, "err", err)
				pause(ctx, time.Second)
			}
			l.release(m.ID)
			continue
		}
		conn, last = l.send(flight, conn, *attempted, rendered.Raw)
	}
}

// next returns the next mail. With nothing waiting it first settles what was sent.
func (l *line) next(ctx context.Context, last **store.Delivery) (store.Mail, bool) {
	select {
	case m, ok := <-l.jobs:
		return m, ok
	default:
	}
	l.settle(*last)
	*last = nil
	select {
	case m, ok := <-l.jobs:
		return m, ok
	case <-ctx.Done():
		return store.Mail{}, false
	}
}

// prepare renders a mail, or decides without sending: it was found in Sent, is too old, or cannot be
// written. done is then its result.
func (l *line) prepare(ctx context.Context, m store.Mail) (Rendered, *store.Delivery) {
	now := time.Now()
	if d := l.tooOld(m, now); d != nil {
		return Rendered{}, d
	}
	if m.State == store.Unknown {
		if d := l.lookForIt(ctx, m, now); d != nil {
			return Rendered{}, d
		}
	}
	r, err := l.rendered(ctx, m)
	if err != nil {
		l.Log.Error("rendering a mail", "mailbox", l.box.Name, "kind", m.Kind, "thread", m.Thread, "err", err)
		return Rendered{}, &store.Delivery{Mail: m, State: store.Failed, At: now, Error: "render: " + err.Error()}
	}
	return r, nil
}

// rendered makes the bytes at the first attempt and keeps to them afterwards.
func (l *line) rendered(ctx context.Context, m store.Mail) (Rendered, error) {
	if m.Rendered == nil {
		return l.Render(ctx, m)
	}
	raw, err := l.Store.Zstd.Expand(m.Rendered)
	return Rendered{Subject: m.Subject, Raw: raw}, err
}

// tooOld: an acknowledgement beyond the horizon would only puzzle; any mail is given up at last.
func (l *line) tooOld(m store.Mail, now time.Time) *store.Delivery {
	age := now.Sub(m.CreatedAt)
	switch {
	case m.Kind == store.AckMail && m.State != store.Unknown && age > l.Config.Ack.Horizon.D():
		return &store.Delivery{Mail: m, State: store.Dropped, At: now, Error: "older than ack.horizon; last: " + m.LastError}
	case m.Attempts > 0 && age > l.Config.Outbox.GiveUp.D():
		return &store.Delivery{Mail: m, State: store.Failed, At: now, Error: "given up after outbox.give_up; last: " + m.LastError}
	}
	return nil
}

// lookForIt asks the Sent folder what became of a mail whose fate is unknown. Twice a minute apart, since
// Sent may lag; where it cannot be asked, an acknowledgement is repeated with the same Message-ID.
func (l *line) lookForIt(ctx context.Context, m store.Mail, now time.Time) *store.Delivery {
	ctx, stop := context.WithTimeout(ctx, 30*time.Second)
	defer stop()
	found, err := l.Sent(ctx, l.box.Name, m)
	switch {
	case err != nil:
		return nil
	case found:
		return &store.Delivery{Mail: m, State: store.Sent, At: now, Error: "found in the Sent folder"}
	case m.Looks == 0:
		m.Looks++
		return &store.Delivery{Mail: m, State: store.Unknown, At: now, Next: now.Add(time.Minute), Error: m.LastError}
	}
	return nil
}

// attempt commits the last result and the new attempt as one change.
func (l *line) attempt(last *store.Delivery, m store.Mail, r Rendered) (*store.Mail, error) {
	mine := false
	kept := m.Rendered
	if kept == nil {
		kept = l.Store.Zstd.Compress(r.Raw)
	}
	err := l.Store.Change(context.Background(), func(tx *store.Tx) error {
		if last != nil {
			if err := l.Settled(tx, *last); err != nil {
				return err
			}
		}
		fence, ok, err := tx.Attempt(m, r.Subject, kept, time.Now(), lease)
		mine = ok
		m.Fence = fence
		return err
	})
	if err != nil {
		return nil, err
	}
	if last != nil {
		l.release(last.Mail.ID)
	}
	if !mine {
		return nil, nil
	}
	m.Attempts++
	return &m, nil
}

// settle commits a result on its own; what cannot be committed now is unknown at the next start.
func (l *line) settle(last *store.Delivery) {
	if last == nil {
		return
	}
	err := l.Store.Change(context.Background(), func(tx *store.Tx) error { return l.Settled(tx, *last) })
	if err != nil {
		l.Log.Error("recording a delivery", "mailbox", l.box.Name, "state", last.State, "err", err)
	}
	l.release(last.Mail.ID)
}

// send delivers one mail over the connection, which mends itself, and says what became of it.
func (l *line) send(ctx context.Context, conn *relay.Conn, m store.Mail, raw []byte) (*relay.Conn, *store.Delivery) {
	var err error
	if conn == nil {
		conn, err = l.account.Connect(ctx)
	}
	if err == nil {
		err = conn.Send(ctx, l.box.Address, m.Recipient, raw)
	}
	d := l.outcome(m, err, time.Now())
	return conn, &d
}

// outcome turns the server's answer into what is recorded.
func (l *line) outcome(m store.Mail, err error, now time.Time) store.Delivery {
	d := store.Delivery{Mail: m, State: store.Sent, At: now}
	if err == nil {
		if l.healthy(nil) {
			l.recovered(now)
		}
		return d
	}
	e, ok := errors.AsType[*relay.Error](err)
	if !ok {
		e = &relay.Error{Op: "send", Text: err.Error(), Temporary: true}
	}
	d.Error = e.Error()
	wait := l.wait(m, now)
	if e.Account { // not this mail's fault: it is due again as soon as the server is tried again
		l.healthy(e)
		wait = l.closedFor(now)
	}
	switch {
	case e.Unknown:
		d.State, d.Next = store.Unknown, now.Add(l.Config.Outbox.UnknownGrace.D())
	case e.Temporary:
		d.State, d.Next = store.Deferred, now.Add(wait)
	default:
		d.State = store.Failed
	}
	return d
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
