package relay

import (
	"context"
	"time"
)

// Conn is a sending connection. It has at most one link at a time and is used by one goroutine.
type Conn struct {
	a    *Account
	link *link // nil when there is none
	// idle closes the link when it fires. Whoever stops it in time owns the link; when it fired
	// first, the link is the timer's and is on its way out.
	idle *time.Timer
}

// Send delivers raw, complete bytes with CRLF line ends, to one recipient. It returns nil when the
// final dot was answered 250, otherwise an *Error. It dials where there is no usable link; an error
// of that dial has Account set, and nothing of the mail has left.
func (c *Conn) Send(ctx context.Context, from, to string, raw []byte) error {
	m, e := compose(from, to, raw)
	if e != nil {
		return e
	}
	if ctx.Err() != nil {
		return (&link{a: c.a}).fault(ctx, "mail", ctx.Err())
	}
	reused := c.wake()
	if !reused {
		e = c.redial(ctx)
	}
	if e == nil {
		e = c.link.send(ctx, m)
	}
	if reused && e != nil && e.Stale {
		c.a.o.Logger.DebugContext(ctx, "smtp link was dead, dialing again", "server", c.a.address(), "said", e.Text)
		if e = c.redial(ctx); e == nil {
			e = c.link.send(ctx, m)
		}
	}
	c.rest()
	if e != nil {
		return e
	}
	return nil
}

// Usable says whether the next Send would go over the link there is, without a dial.
func (c *Conn) Usable(now time.Time) bool {
	return c.link != nil && c.link.sent < MaxMails && now.Sub(c.link.last) < MaxIdle
}

// Close says QUIT, waits a moment for the answer and closes the link. Send may follow: it dials.
func (c *Conn) Close() {
	if c.wake() {
		c.link.quit()
	}
	c.link = nil
}

// wake takes the link back from the idle timer and says whether it can carry a mail.
func (c *Conn) wake() bool {
	if c.idle != nil && !c.idle.Stop() {
		c.link = nil
	}
	c.idle = nil
	return c.link != nil
}

// redial replaces the link.
func (c *Conn) redial(ctx context.Context) *Error {
	if c.link != nil {
		c.link.guard.Close()
	}
	var e *Error
	c.link, e = c.a.open(ctx)
	return e
}

// rest puts the link away until the next mail, unless it is broken or used up.
func (c *Conn) rest() {
	switch {
	case c.link == nil:
	case c.link.broken:
		c.link.guard.Close()
		c.link = nil
	case c.link.sent >= MaxMails:
		c.link.quit()
		c.link = nil
	default:
		c.idle = time.AfterFunc(MaxIdle, c.link.quit)
	}
}
