package relay

import (
	"bufio"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/textproto"
	"os"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	"triaged/config/login"
)

// link is one connection to the server, from dial to QUIT.
type link struct {
	a      *Account
	guard  *guard
	conn   *spoken
	client *smtp.Client

	tls       *tls.ConnectionState // nil in the clear
	mechanism string               // of the login; empty for none
	secrets   []string             // what must not show in errors

	sent   int       // mails tried
	last   time.Time // end of the last use
	dirty  bool      // a transaction is open: RSET before the next
	broken bool      // not fit for another command
}

// begin brings a fresh connection to where MAIL may follow. It names the step that went wrong.
func (l *link) begin(ctx context.Context) (op string, err error) {
	conn := net.Conn(l.guard)
	if l.a.cfg.TLS == "implicit" {
		if conn, err = l.encrypt(ctx); err != nil {
			return "tls", err
		}
	}
	text := textproto.NewConn(conn)
	l.guard.phase(greetTimeout, maxReply)
	if _, err = l.reply(text, 220); err != nil {
		return "greeting", err
	}
	name := l.name()
	if l.a.cfg.TLS == "starttls" {
		if op, err = l.startTLS(text, name); err != nil {
			return op, err
		}
		if conn, err = l.encrypt(ctx); err != nil {
			return "starttls", err
		}
	}
	if text.R.Buffered() > 0 {
		return "greeting", errors.New("the server spoke before its turn")
	}
	l.conn = &spoken{Conn: conn, greeting: []byte("220 go on\r\n")}
	l.client = smtp.NewClient(l.conn)
	l.guard.phase(commandTimeout, maxReply)
	if err = l.client.Hello(name); err != nil {
		return "ehlo", err
	}
	return "auth", l.login()
}

// errNoStartTLS is a server that does not encrypt, or somebody between us who hides that it does.
var errNoStartTLS = errors.New("the server does not offer STARTTLS; no credentials were sent. " +
	"Set smtp.tls: implicit (port 465) if it speaks TLS from the start; if it used to offer STARTTLS, somebody may be tampering with the connection")

// startTLS asks for encryption (RFC 3207) under our own name. Whatever the server has already said
// beyond its go-ahead was said in the clear, by anybody: it ends the session.
func (l *link) startTLS(text *textproto.Conn, name string) (op string, err error) {
	l.guard.phase(commandTimeout, maxReply)
	if err := text.PrintfLine("EHLO %s", name); err != nil {
		return "ehlo", err
	}
	msg, err := l.reply(text, 250)
	if err != nil {
		return "ehlo", err
	}
	offered := false
	for line := range strings.Lines(msg) {
		offered = offered || strings.EqualFold(strings.TrimSpace(line), "STARTTLS")
	}
	if !offered {
		return "starttls", errNoStartTLS
	}
	l.guard.phase(commandTimeout, maxReply)
	if err := text.PrintfLine("STARTTLS"); err != nil {
		return "starttls", err
	}
	if _, err := l.reply(text, 220); err != nil {
		return "starttls", err
	}
	if text.R.Buffered() > 0 {
		return "starttls", errors.New("the server went on in the clear after STARTTLS; somebody may be tampering with the connection")
	}
	return "", nil
}

// reply reads a whole reply with the code that is wanted.
func (l *link) reply(text *textproto.Conn, want int) (string, error) {
	_, msg, err := text.ReadResponse(want)
	if err == nil {
		err = l.guard.err
	}
	return msg, err
}

// encrypt runs the TLS handshake; the certificate is checked here, not at some later command.
func (l *link) encrypt(ctx context.Context) (net.Conn, error) {
	cfg, err := login.TLS(l.a.cfg.Server)
	if err != nil {
		return nil, err
	}
	l.guard.phase(tlsTimeout, maxHandshake)
	c := tls.Client(l.guard, cfg)
	if err := c.HandshakeContext(ctx); err != nil {
		return nil, err
	}
	state := c.ConnectionState()
	l.tls = &state
	return c, nil
}

// name is how we introduce ourselves: a full name or an address literal (RFC 5321 section 4.1.1.1).
func (l *link) name() string {
	if l.a.o.HeloName != "" {
		return l.a.o.HeloName
	}
	host, _ := os.Hostname()
	if strings.Trim(host, hostBytes) != "" || strings.HasPrefix(host, "localhost") {
		host = ""
	}
	if strings.Contains(strings.Trim(host, "."), ".") {
		return host
	}
	if tcp, ok := l.guard.LocalAddr().(*net.TCPAddr); ok && len(tcp.IP) > 0 {
		if tcp.IP.To4() != nil {
			return "[" + tcp.IP.String() + "]"
		}
		return "[IPv6:" + tcp.IP.String() + "]"
	}
	if host != "" {
		return host
	}
	return "localhost"
}

// hostBytes are what a host name consists of.
const hostBytes = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"

// quit leaves politely. The link is not used again.
func (l *link) quit() {
	l.guard.phase(quitTimeout, maxReply)
	_ = l.client.Quit() // the server may have gone first
	l.guard.Close()
}

// lastWords is what the server said before it hung up on us: a refusal in the middle of the body,
// such as 552, tells more than the failed write.
func (l *link) lastWords(err error) error {
	l.guard.phase(quitTimeout, maxReply)
	code, msg, rerr := textproto.NewReader(bufio.NewReader(l.conn)).ReadResponse(0)
	if rerr == nil && code >= 400 {
		return &textproto.Error{Code: code, Msg: msg}
	}
	return err
}
