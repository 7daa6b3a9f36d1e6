package outbound

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"triaged/config"
	"triaged/outbound/connector"
	"triaged/outbound/guard"
	"triaged/store"
)

// claim is how long an attempt may take before the row is due again: longer than any post.
const claim = time.Minute

// refusedMax is the longest pause before a connector is tried again that refuses everything: a person must look.
const refusedMax = 5 * time.Minute

// troubled is how many failures in a row make an outage.
const troubled = 3

// route is the way to one connector. Beside wake, only its own goroutine uses it.
type route struct {
	CourierParts
	name   string
	sender connector.Sender
	woken  chan struct{}

	failures int       // in a row
	closed   time.Time // no attempt before
	alerted  bool
}

func (r *route) wake() {
	select {
	case r.woken <- struct{}{}:
	default:
	}
}

// run tells one event after the other until ctx ends. What is in the air may land until flight ends.
func (r *route) run(ctx, flight context.Context) {
	for ctx.Err() == nil {
		wait := r.step(ctx, flight)
		if wait <= 0 {
			continue
		}
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-r.woken:
		case <-ctx.Done():
		}
		t.Stop()
	}
}

// step tells one event, or says how long there is nothing to do.
func (r *route) step(ctx, flight context.Context) time.Duration {
	now := time.Now()
	if now.Before(r.closed) {
		return r.closed.Sub(now)
	}
	d, wait, err := r.next(ctx, now)
	switch {
	case err != nil && ctx.Err() == nil:
		r.Log.Error("reading what a connector is to be told", "connector", r.name, "err", err)
		return time.Second
	case err != nil || wait > 0:
		return max(wait, time.Millisecond)
	case d.State != store.Queued: // given up
		return 0
	}
	sent := r.send(flight, d)
	now = time.Now()
	woke := r.noticed(sent, now)
	o := r.outcome(d, sent, now)
	if err := r.settle(o, woke); err != nil {
		r.Log.Error("recording what a connector was told", "connector", r.name, "err", err)
		return time.Second // the claim ends, and the event is told again under the same id
	}
	return 0
}

// next claims the first event that is due, or gives it up, or says how long nothing is.
func (r *route) next(ctx context.Context, now time.Time) (d store.Dispatch, wait time.Duration, err error) {
	err = r.Store.Change(ctx, func(tx *store.Tx) error {
		var ok bool
		if d, ok, err = tx.NextDispatch(r.name); err != nil {
			return err
		}
		if wait = glance; !ok {
			return nil
		}
		if wait = min(glance, d.NextAt.Sub(now)); wait > 0 {
			return nil
		}
		if why := givenUp(d, r.failures >= troubled, now, r.Config.Outbox.GiveUp.D()); why != "" {
			d.State = store.Failed
			return r.record(tx, store.Told{Dispatch: d, State: store.Failed, At: now, Error: why})
		}
		d, ok, err = tx.ClaimDispatch(d, now, claim)
		if err == nil && !ok {
			wait = time.Millisecond // somebody else has it
		}
		return err
	})
	return d, wait, err
}

// givenUp says why an event is told no more, or "": it is too old, and was tried, or there is no use in trying.
func givenUp(d store.Dispatch, failing bool, now time.Time, after time.Duration) string {
	if now.Sub(d.CreatedAt) <= after || d.Attempts == 0 && !failing {
		return ""
	}
	why := "given up after outbox.give_up"
	if d.LastError != "" {
		why += "; last: " + d.LastError
	}
	return why
}

// send is an attempt. A connector that panics has not told this event and never will.
func (r *route) send(ctx context.Context, d store.Dispatch) (err error) {
	defer func() {
		if p := recover(); p != nil {
			r.Log.Error("a connector panicked", "connector", r.name, "thread", d.Event.Thread, "panic", p, "stack", string(debug.Stack()))
			err = &guard.Error{Text: "the connector panicked; the log of triaged tells more"}
		}
	}()
	return r.sender.Send(ctx, told(d))
}

// fault reads an error of a connector; one that is no *guard.Error may pass.
func fault(err error) *guard.Error {
	if e, ok := errors.AsType[*guard.Error](err); ok {
		return e
	}
	return &guard.Error{Text: "not told", Temporary: true}
}

// noticed keeps what an attempt says of the connector itself. It returns whether an outage has just ended. A refusal of
// one event for good shows that somebody is there.
func (r *route) noticed(err error, now time.Time) (recovered bool) {
	if err == nil || !fault(err).Temporary {
		recovered = r.failures >= troubled
		if r.alerted {
			r.Log.Info("a connector answers again", "connector", r.name)
		}
		r.failures, r.alerted, r.closed = 0, false, time.Time{}
		return recovered
	}
	e := fault(err)
	r.failures++
	if e.Account {
		r.closed = now.Add(rest(r.failures, e, r.Config.Outbox))
	}
	r.Log.Warn("a connector was not told of an event", "connector", r.name, "failures", r.failures, "err", e.Text)
	if !r.alerted && (e.Refused || r.failures >= troubled) {
		r.alerted = true
		r.Alert("connector "+r.name, "connector "+r.name+" cannot be told of events", e.Text+"; what waits is kept for outbox.give_up")
	}
	return false
}

// rest is how long a connector in trouble is left alone.
func rest(failures int, e *guard.Error, o config.Outbox) time.Duration {
	most := probeMax
	if e.Refused {
		most = refusedMax
	}
	return max(e.RetryAfter, Backoff(failures, min(probeFirst, o.RetryFirst.D()), min(most, o.RetryMax.D()), 0.5))
}

// outcome turns an attempt into what is recorded.
func (r *route) outcome(d store.Dispatch, err error, now time.Time) store.Told {
	o := store.Told{Dispatch: d, State: store.Delivered, At: now}
	if err == nil {
		return o
	}
	e := fault(err)
	o.Error = e.Text
	switch {
	case !e.Temporary:
		o.State = store.Failed
	case e.Account: // not this event's fault: it is due again when the connector is
		o.State, o.Next = store.Queued, r.closed
	default:
		wait := Backoff(d.Attempts, r.Config.Outbox.RetryFirst.D(), r.Config.Outbox.RetryMax.D(), rand.Float64())
		o.State, o.Next = store.Queued, now.Add(max(wait, e.RetryAfter))
	}
	return o
}

// settle records an attempt, whether or not the daemon is ending.
func (r *route) settle(o store.Told, recovered bool) error {
	return r.Store.Change(context.Background(), func(tx *store.Tx) error {
		if recovered {
			if err := tx.WakeDispatches(r.name, o.At); err != nil {
				return err
			}
		}
		return r.record(tx, o)
	})
}

// record settles a row; what is given up is an event of its thread.
func (r *route) record(tx *store.Tx, o store.Told) error {
	ok, err := tx.SettleDispatch(o)
	if err != nil || !ok || o.State != store.Failed {
		return err
	}
	r.Log.Error("an event is given up", "connector", r.name, "thread", o.Dispatch.Event.Thread, "event", o.Dispatch.EventID, "err", o.Error)
	return tx.AddEvent(store.Event{
		Thread: o.Dispatch.Event.Thread, At: o.At, Who: teller,
		What: "not told " + r.name, Why: fmt.Sprintf("%q: %s", connector.Plain(o.Dispatch.Event.What), o.Error),
	})
}
