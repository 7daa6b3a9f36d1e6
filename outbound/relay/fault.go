package relay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"os"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"

	"github.com/emersion/go-smtp"
)

// fault says what an error at a step means for the mail and the account. It is the only place that
// decides so.
func (l *link) fault(ctx context.Context, op string, err error) *Error {
	e := &Error{Op: op, Temporary: true}
	switch op {
	case "dial", "tls", "greeting", "ehlo", "starttls", "auth":
		e.Account = true
	case "dot":
		e.Unknown = true // unless the server answers
	}
	if code, enhanced, text, ok := replied(err); ok {
		e.Code, e.Enhanced, e.Text = code, enhanced, text
		e.judge()
	} else {
		e.Text = l.said(ctx, op, err)
		if e.cause = ctx.Err(); errors.Is(e.cause, context.Canceled) {
			e.Account = false // our own doing
		}
	}
	if hint := l.remedy(e, err); hint != "" {
		e.Text += "; " + hint
	}
	// Twice: cleaning could join the halves of a secret, or change the spaces in one.
	e.Text = bounded(l.redact(oneLine(l.redact(e.Text))))
	return e
}

// judge reads a reply. Replies to a mail stand for that mail alone, unless accountWide.
func (e *Error) judge() {
	e.Account = e.Account || e.accountWide()
	e.Unknown = e.Unknown && e.Code < 400 // neither yes nor no
	// 503, a bad sequence of commands, is our link gone astray: a fresh one may do.
	e.Temporary = e.Account || e.Code < 500 || e.Code == 503
}

// accountWide says that the reply is about the server, the login or a quota, whatever the mail.
func (e *Error) accountWide() bool {
	text := strings.ToLower(e.Text)
	switch {
	case e.Code == 421 || e.Code == 432 || e.Enhanced == "4.3.2": // going down; Exchange: too many connections
		return true
	case e.Code == 530 || e.Code == 534 || e.Code == 535 || e.Code == 538: // RFC 4954 section 6
		return true
	case e.Op == "mail" && (e.Code == 502 || e.Code == 503) && strings.HasPrefix(e.Enhanced, "5.7."): // not logged in
		return true
	case e.Code == 550 && e.Enhanced == "5.4.5": // Gmail: daily limit
		return true
	case e.Enhanced == "5.2.0" && strings.Contains(text, "quotaexceeded"): // Exchange: SubmissionQuotaExceeded
		return true
	}
	return false
}

// replied takes a reply apart, if err is one.
func replied(err error) (code int, enhanced, text string, ok bool) {
	var said *smtp.SMTPError
	if errors.As(err, &said) {
		if said.EnhancedCode != (smtp.EnhancedCode{}) {
			enhanced = fmt.Sprintf("%d.%d.%d", said.EnhancedCode[0], said.EnhancedCode[1], said.EnhancedCode[2])
		}
		return said.Code, enhanced, said.Message, true
	}
	var plain *textproto.Error
	if !errors.As(err, &plain) {
		return 0, "", "", false
	}
	var a, b, c int
	first, rest, _ := strings.Cut(plain.Msg, " ")
	if n, _ := fmt.Sscanf(first, "%d.%d.%d", &a, &b, &c); n == 3 && a == plain.Code/100 {
		return plain.Code, fmt.Sprintf("%d.%d.%d", a, b, c), rest, true
	}
	return plain.Code, "", plain.Msg, true
}

// said puts an error of ours or of the network in words.
func (l *link) said(ctx context.Context, op string, err error) string {
	switch {
	case ctx.Err() != nil:
		return "given up: " + ctx.Err().Error()
	case op == "dial" && (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded)):
		return fmt.Sprintf("no answer from %s within %s", l.a.address(), dialTimeout)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return fmt.Sprintf("the server did not answer within %s", l.guard.span)
	case hungUp(err):
		return "the server closed the connection"
	case errors.Is(err, smtp.ErrTooLongLine):
		return errTooLong.Error()
	}
	return err.Error()
}

// hungUp says that the other side ended the connection.
func hungUp(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNABORTED)
}

// maxText bounds the text of an Error, in bytes.
const maxText = 300

// oneLine makes a text fit for a log line: no control or format characters, single spaces.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	return strings.Join(strings.Fields(s), " ")
}

// bounded cuts a text to maxText bytes.
func bounded(s string) string {
	if len(s) <= maxText {
		return s
	}
	cut := maxText - len("...")
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "..."
}
