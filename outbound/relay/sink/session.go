package sink

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/emersion/go-smtp"
)

// errGone ends a handler whose link was cut or fell silent; nobody reads it.
var errGone = errors.New("the script ended the link")

// session is one client, from EHLO on.
type session struct {
	s    *Server
	c    *smtp.Conn
	tap  *tap
	user string
	mail Mail // being received
	n    int  // MAIL commands so far
}

// session is go-smtp's way in: called at EHLO, and again after STARTTLS.
func (s *Server) session(c *smtp.Conn) (smtp.Session, error) {
	se := &session{s: s, c: c}
	switch nc := c.Conn().(type) {
	case *tap:
		se.tap = nc
	case *tls.Conn:
		se.tap = nc.NetConn().(*tap)
	}
	if err := se.follow(Ehlo, "", ""); err != nil {
		return nil, err
	}
	return se, nil
}

// follow asks the script and does what it says; nil means to answer as usual.
func (se *session) follow(stage Stage, from, to string) error {
	return se.do(se.s.ask(Step{Stage: stage, Conn: se.tap.n, Mail: se.n, From: from, To: to}))
}

// do carries out an answer, except for keeping the mail.
func (se *session) do(a Answer) error {
	se.tap.wait(a.Delay)
	switch {
	case a.Cut:
		se.tap.Close()
		return errGone
	case a.Silent:
		se.tap.silence()
		return errGone
	case a.Code != 0:
		return reply(a)
	}
	return nil
}

// reply is the refusal in go-smtp's words.
func reply(a Answer) error {
	e := &smtp.SMTPError{Code: a.Code, EnhancedCode: smtp.EnhancedCodeNotSet, Message: a.Text}
	if a.Enhanced != "" {
		if _, err := fmt.Sscanf(a.Enhanced, "%d.%d.%d", &e.EnhancedCode[0], &e.EnhancedCode[1], &e.EnhancedCode[2]); err != nil {
			panic(fmt.Sprintf("sink: script answers with enhanced code %q, want one such as 4.7.1", a.Enhanced))
		}
	}
	return e
}

// Mail is MAIL FROM.
func (se *session) Mail(from string, o *smtp.MailOptions) error {
	if se.s.o.Username != "" && se.user == "" {
		return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "Authentication required"}
	}
	se.n++
	_, isTLS := se.c.TLSConnectionState()
	se.mail = Mail{
		From: from, Conn: se.tap.n, User: se.user, Helo: se.c.Hostname(), TLS: isTLS || se.s.o.Implicit,
		EightBit: o.Body == smtp.Body8BitMIME, UTF8: o.UTF8, Size: o.Size,
	}
	return se.follow(MailFrom, from, "")
}

// Rcpt is RCPT TO.
func (se *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if err := se.follow(Rcpt, se.mail.From, to); err != nil {
		return err
	}
	se.mail.To = append(se.mail.To, to)
	se.tap.at = se.step(Data)
	return nil
}

// Data is everything after 354.
func (se *session) Data(r io.Reader) error {
	if se.tap.refused {
		_, err := io.Copy(io.Discard, r)
		return err // the tap has answered already and swallows this
	}
	if a := se.s.ask(se.step(Body)); a.Cut || a.Silent || a.Delay > 0 {
		if a.Silent {
			se.tap.deaf()
			return errGone
		}
		if err := se.do(Answer{Delay: a.Delay, Cut: a.Cut}); err != nil {
			return err
		}
	}
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	a := se.s.ask(se.step(Dot))
	m := se.mail
	m.Raw = raw
	if a.Taken {
		m.At = time.Now()
		se.s.take(m)
	}
	if err := se.do(a); err != nil {
		return err
	}
	m.At, m.Answered = time.Now(), true
	se.s.take(m)
	return nil
}

// step describes where this mail is.
func (se *session) step(stage Stage) Step {
	to := ""
	if len(se.mail.To) > 0 {
		to = se.mail.To[0]
	}
	return Step{Stage: stage, Conn: se.tap.n, Mail: se.n, From: se.mail.From, To: to}
}

// Reset drops the mail being received.
func (se *session) Reset() { se.mail = Mail{} }

// Logout has nothing to free.
func (se *session) Logout() error { return nil }
