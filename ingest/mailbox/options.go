package mailbox

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"net"
	"strconv"
	"strings"
	"time"

	"triaged/config"
)

// Options are what a watcher needs beside its configuration. The zero value works.
type Options struct {
	// Logger hears what the watcher does, never secrets or mail text. Default: silence.
	Logger *slog.Logger
	// Dial opens the TCP connection. Default: a net.Dialer with keep-alives that notice a dead
	// peer within about a minute.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
	// MaxMessage is the size in bytes above which only the beginning of a mail is read. Default 50 MiB.
	MaxMessage int64
	// NotBefore is ack.not_before: what the folder held and is older is history. Zero: nothing is.
	NotBefore time.Time
	// Version is told to servers that ask who we are (RFC 2971); empty says nothing.
	Version string
}

// What the configuration says when it is silent, so that a Watcher built by hand works too.
const (
	defaultMaxMessage     = 50 << 20
	defaultPollInterval   = time.Minute
	defaultReconnectFirst = time.Second
	defaultReconnectMax   = 5 * time.Minute
)

func (o Options) withDefaults() Options {
	if o.Logger == nil {
		o.Logger = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	if o.Dial == nil {
		d := &net.Dialer{KeepAliveConfig: net.KeepAliveConfig{
			Enable: true, Idle: 30 * time.Second, Interval: 10 * time.Second, Count: 3,
		}}
		o.Dial = d.DialContext
	}
	o.MaxMessage = cmp.Or(o.MaxMessage, defaultMaxMessage)
	return o
}

// withDefaults fills what an IMAP account leaves open.
func withDefaults(c config.IMAP) config.IMAP {
	if c.TLS == "" {
		c.TLS = "implicit"
		if c.Port == 143 {
			c.TLS = "starttls"
		}
	}
	if c.Port == 0 {
		c.Port = 993
		if c.TLS != "implicit" {
			c.Port = 143
		}
	}
	c.Folder = cmp.Or(c.Folder, "INBOX")
	c.PollInterval = cmp.Or(c.PollInterval, config.Duration(defaultPollInterval))
	c.ReconnectFirst = cmp.Or(c.ReconnectFirst, config.Duration(defaultReconnectFirst))
	c.ReconnectMax = max(cmp.Or(c.ReconnectMax, config.Duration(defaultReconnectMax)), c.ReconnectFirst)
	return c
}

func address(s config.Server) string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// leaves says that nothing is done to a mail on the server after its commit.
func leaves(after string) bool { return after == "" || strings.EqualFold(after, "leave") }
