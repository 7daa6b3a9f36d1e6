package relay

import (
	"context"
	"fmt"
	"time"

	"github.com/emersion/go-smtp"
)

// send carries one mail. A nil return means 250 to the final dot.
func (l *link) send(ctx context.Context, m mail) (e *Error) {
	stop := context.AfterFunc(ctx, func() { l.guard.Close() })
	defer func() {
		l.last = time.Now()
		l.broken = !stop() || l.conn.failed || l.guard.err != nil || e != nil && !e.sound()
	}()
	first := l.sent == 0
	l.sent++
	if e := l.mail(ctx, m, first); e != nil {
		return e
	}
	l.dirty = true
	l.guard.phase(commandTimeout, maxReply)
	if err := l.client.Rcpt(m.to, nil); err != nil { // nil options: NOTIFY is never sent
		return l.fault(ctx, "rcpt", err)
	}
	l.guard.phase(dataTimeout, maxReply)
	w, err := l.client.Data()
	if err != nil {
		return l.fault(ctx, "data", err)
	}
	l.guard.phase(bodyTimeout(len(m.raw)), maxReply)
	if _, err := w.Write(m.raw); err != nil {
		return l.fault(ctx, "data", l.lastWords(err))
	}
	l.guard.phase(dotTimeout, maxReply)
	_, err = w.CloseWithResponse()
	if err != nil && l.conn.failed {
		return l.fault(ctx, "data", l.lastWords(err))
	}
	l.dirty = false
	if err != nil {
		return l.fault(ctx, "dot", err)
	}
	return nil
}

// mail opens the transaction. With first false, an error by which a server ends a link that it
// found idle too long is marked stale.
func (l *link) mail(ctx context.Context, m mail, first bool) *Error {
	l.guard.phase(commandTimeout, maxReply)
	var err error
	if l.dirty {
		err = l.client.Reset() // go-smtp says EHLO again after it, before MAIL
	}
	var o smtp.MailOptions
	if err == nil {
		var e *Error
		if o, e = l.options(&m); e != nil {
			return e
		}
		l.dirty = false
		l.guard.phase(commandTimeout, maxReply)
		err = l.client.Mail(m.from, &o)
	}
	if err == nil {
		return nil
	}
	e := l.fault(ctx, "mail", err)
	e.Stale = !first && ctx.Err() == nil && (e.Code == 421 || e.Code == 0 && hungUp(err))
	return e
}

// options fits the mail to what the server offers, or says why it cannot be sent there.
func (l *link) options(m *mail) (smtp.MailOptions, *Error) {
	o := smtp.MailOptions{Size: int64(len(m.raw))} // sent only where SIZE is offered
	if size, ok := l.client.MaxMessageSize(); ok && size > 0 && len(m.raw) > size {
		return o, &Error{Op: "mail", Enhanced: "5.3.4", Text: fmt.Sprintf("the mail has %d bytes, the server takes at most %d; leave out attachments", len(m.raw), size)}
	}
	if eight, _ := l.client.Extension("8BITMIME"); m.eightBit && !eight {
		return o, &Error{Op: "mail", Enhanced: "5.6.3", Text: "the mail holds 8-bit bytes and the server does not offer 8BITMIME"}
	}
	if !m.utf8 {
		return o, nil
	}
	if ok, _ := l.client.Extension("SMTPUTF8"); !ok {
		return o, &Error{Op: "mail", Enhanced: "5.6.7", Text: "an address has letters beyond ASCII before the @ and the server does not offer SMTPUTF8"}
	}
	o.UTF8 = true
	return o, nil
}

// bodyTimeout bounds the whole body, beside the bound on each block: ten minutes and a second for
// each KiB.
func bodyTimeout(n int) time.Duration {
	return dotTimeout + time.Duration(n/1024)*time.Second
}

// sound says that the link can go on after e: the server refused in good order.
func (e *Error) sound() bool {
	local := e.Code == 0 && !e.Temporary
	refused := e.Code >= 400 && e.Code != 421 && e.Code != 503
	return local || refused
}
