package outbound

import (
	"context"
	"fmt"
	"runtime/debug"
	"time"

	"triaged/outbound/relay"
	"triaged/store"
)

// crowdedPause is how long a connection rests that the server found one too many.
const crowdedPause = 30 * time.Second

// worker is one connection at work. Only its own goroutine uses it.
type worker struct {
	*line
	flight context.Context // what is in the air may land until this ends
	conn   *relay.Conn
	last   *store.Delivery // what became of the last mail, not committed yet
}

// run takes a mail, commits "the last one settled, this one attempted", sends it, and so on until
// ctx ends.
func (w *worker) run(ctx context.Context) error {
	defer func() {
		w.settle()
		if w.conn != nil {
			w.conn.Close()
		}
	}()
	for {
		m, ok := w.next(ctx)
		if !ok {
			return nil
		}
		if w.handle(ctx, m) && !pause(ctx, crowdedPause) {
			return nil
		}
	}
}

// next is the next mail. With none due it first settles what was sent.
func (w *worker) next(ctx context.Context) (store.Mail, bool) {
	if m, _, ok := w.choose(ctx); ok {
		return m, true
	}
	w.settle()
	return w.await(ctx)
}

// handle sends one mail, or decides without sending. It says whether this connection should rest.
func (w *worker) handle(ctx context.Context, m store.Mail) (rest bool) {
	if writesAnew(m, time.Now()) {
		m.Rendered = nil
	}
	rendered, decided, err := w.prepare(w.flight, m)
	switch {
	case err != nil:
		w.Log.Error("preparing a mail", "mailbox", w.box.Name, "kind", m.Kind, "thread", m.Thread, "err", err)
		w.release(m.ID, true)
		pause(ctx, time.Second)
		return false
	case decided != nil:
		w.settle()
		w.last = decided
		return false
	case ctx.Err() != nil: // nothing new leaves while the daemon ends
		w.release(m.ID, true)
		return false
	}
	mine, err := w.attempt(&m, rendered)
	if err != nil {
		w.Log.Error("recording an attempt", "mailbox", w.box.Name, "err", err)
		w.settle()
		w.release(m.ID, true)
		pause(ctx, time.Second)
		return false
	}
	if !mine {
		w.release(m.ID, true)
		return false
	}
	began := time.Now()
	d, crowded := w.outcome(m, w.send(m, rendered.Raw), began, time.Now())
	w.last = &d
	if crowded {
		w.settle()
	}
	return crowded
}

// prepare renders a mail, or decides without sending: it was found in Sent, is too old or too
// doubtful, or cannot be written. decided is then its result. An error is the store's or the
// disk's: the mail is to be tried again.
func (w *worker) prepare(ctx context.Context, m store.Mail) (r Rendered, decided *store.Delivery, err error) {
	if m.State == store.Unknown {
		if d := w.lookForIt(ctx, m); d != nil {
			return r, d, nil
		}
	}
	now := time.Now()
	if d := w.tooOld(m, now); d != nil {
		return r, d, nil
	}
	if d := noRepeat(m, now); d != nil {
		return r, d, nil
	}
	if d := tooDoubtful(m, now); d != nil {
		return r, d, nil
	}
	r, err = w.rendered(ctx, m)
	if err == nil {
		return r, nil, nil
	}
	if store.Trouble(err) || ctx.Err() != nil {
		return r, nil, fmt.Errorf("render: %w", err)
	}
	w.Log.Error("rendering a mail", "mailbox", w.box.Name, "kind", m.Kind, "thread", m.Thread, "err", err)
	return r, &store.Delivery{Mail: m, State: store.Failed, At: now, Error: "render: " + err.Error()}, nil
}

// writesAnew says that a mail to the customer which tells times is late, so that they may have gone by, and that no server can have
// taken it: it is rendered again, under the same id. Where an attempt may have arrived the bytes stay.
func writesAnew(m store.Mail, now time.Time) bool {
	switch m.Kind {
	case store.AckMail, store.HoldingMail, store.UpdateMail:
		return m.Rendered != nil && m.Doubts == 0 && m.State != store.Unknown && now.After(m.Deadline)
	}
	return false
}

// rendered makes the bytes at the first attempt and keeps to them afterwards, but for what writesAnew names.
func (w *worker) rendered(ctx context.Context, m store.Mail) (r Rendered, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	if m.Rendered == nil {
		return w.Render(ctx, m)
	}
	raw, err := w.Store.Zstd.Expand(m.Rendered)
	return Rendered{Subject: m.Subject, Raw: raw}, err
}

// send delivers over the connection, which mends itself.
func (w *worker) send(m store.Mail, raw []byte) error {
	if w.conn == nil {
		conn, err := w.account.Connect(w.flight)
		if err != nil {
			return err
		}
		w.conn = conn
	}
	return w.conn.Send(w.flight, w.box.Address, m.Recipient, raw)
}
