package relay

import (
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"

	"triaged/config"
)

// The limits of one link; see the package comment.
const (
	MaxMails = 100              // mails a link carries
	MaxIdle  = 30 * time.Second // a link without a mail is closed

	dialTimeout    = 30 * time.Second
	tlsTimeout     = 30 * time.Second
	greetTimeout   = 5 * time.Minute
	authTimeout    = 2 * time.Minute
	commandTimeout = 5 * time.Minute
	dataTimeout    = 2 * time.Minute
	blockTimeout   = 3 * time.Minute
	dotTimeout     = 10 * time.Minute
	quitTimeout    = 2 * time.Second

	maxReply     = 64 << 10 // bytes of one reply
	maxHandshake = 1 << 20  // bytes of a TLS handshake
)

// Options are what the configuration does not say.
type Options struct {
	Logger *slog.Logger // default: nowhere
	// Dial opens the connection; default TCP with keep-alive.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// HeloName is how we introduce ourselves; default the host's full name, or else the address literal.
	HeloName string
}

// Account is one SMTP server with its login. Its methods may be called from several goroutines.
type Account struct {
	cfg config.SMTP
	o   Options
}

// New prepares an account; nothing is dialed. A port or a TLS mode left out follow from each other:
// 465 implicit, 587 starttls, 25 none.
func New(cfg config.SMTP, o Options) *Account {
	switch {
	case cfg.TLS == "" && (cfg.Port == 0 || cfg.Port == 465):
		cfg.TLS = "implicit"
	case cfg.TLS == "":
		cfg.TLS = "starttls"
	}
	if cfg.Port == 0 {
		cfg.Port = map[string]int{"implicit": 465, "starttls": 587, "none": 25}[cfg.TLS]
	}
	if strings.Trim(o.HeloName, hostBytes+"_:[]") != "" {
		o.HeloName = "" // nothing that could end the command
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Dial == nil {
		d := &net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 30 * time.Second, Interval: 10 * time.Second, Count: 3}}
		o.Dial = d.DialContext
	}
	return &Account{cfg: cfg, o: o}
}

// address is host:port.
func (a *Account) address() string {
	return net.JoinHostPort(a.cfg.Host, strconv.Itoa(a.cfg.Port))
}

// Connect dials, encrypts, says EHLO and logs in. Its error is an *Error with Account set, except
// where ctx was canceled.
func (a *Account) Connect(ctx context.Context) (*Conn, error) {
	c := &Conn{a: a}
	if e := c.redial(ctx); e != nil {
		return nil, e
	}
	c.rest()
	return c, nil
}

// open makes a link that is ready for MAIL.
func (a *Account) open(ctx context.Context) (*link, *Error) {
	l := &link{a: a}
	dctx, cancel := context.WithTimeout(ctx, dialTimeout)
	raw, err := a.o.Dial(dctx, "tcp", a.address())
	cancel()
	if err != nil {
		return nil, l.fault(ctx, "dial", err)
	}
	l.guard = &guard{Conn: raw}
	stop := context.AfterFunc(ctx, func() { raw.Close() })
	op, err := l.begin(ctx)
	if !stop() && err == nil {
		op, err = "ehlo", ctx.Err()
	}
	if err != nil {
		e := l.fault(ctx, op, err)
		raw.Close()
		return nil, e
	}
	l.last = time.Now()
	a.o.Logger.DebugContext(ctx, "smtp connected", "server", a.address(), "tls", l.tlsVersion(), "login", l.mechanism)
	return l, nil
}

// tlsVersion is such as "TLS 1.3"; empty in the clear.
func (l *link) tlsVersion() string {
	if l.tls == nil {
		return ""
	}
	return tls.VersionName(l.tls.Version)
}
