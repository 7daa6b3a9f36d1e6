package guard

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"

	"triaged/config"
)

// The bounds of a post.
const (
	timeout    = 10 * time.Second
	replyBytes = 1 << 20
	headBytes  = 64 << 10
)

// Options are what a Client needs.
type Options struct {
	// Allow are the internal targets that the configuration lists: hosts, addresses, networks.
	Allow []string
	// Key is how errors call that list, such as alerts.allow_internal.
	Key string
	// Dial opens connections in a network of the caller's own, where names have no addresses to be looked at; nil
	// is the real network, guarded.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// Client posts. Its methods may be called from several goroutines.
type Client struct {
	allowed Allowed
	key     string
	dialer  net.Dialer
	dialOwn func(ctx context.Context, network, addr string) (net.Conn, error)
	deliver http.Client
}

// New builds a client. Its error is an Allow that cannot be read.
func New(o Options) (*Client, error) {
	allowed, err := ParseAllowed(o.Allow)
	if err != nil {
		return nil, err
	}
	c := &Client{allowed: allowed, key: o.Key, dialOwn: o.Dial}
	c.deliver = http.Client{
		Timeout: timeout,
		Transport: &http.Transport{
			Proxy: nil, DialContext: c.dial, DisableKeepAlives: true, DisableCompression: true, MaxResponseHeaderBytes: headBytes,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	return c, nil
}

// dial connects for one host, and looks at the address while it does. It has its own end: net/http lets a dial go on when
// the request that asked for it has given up.
func (c *Client) dial(ctx context.Context, network, addr string) (net.Conn, error) {
	ctx, stop := context.WithTimeout(ctx, timeout)
	defer stop()
	if c.dialOwn != nil {
		return c.dialOwn(ctx, network, addr)
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	d := c.dialer
	d.ControlContext = func(ctx context.Context, network, address string, raw syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil {
			return &refusal{"what would be connected to is no IP address"}
		}
		if !c.allowed.Permits(host, at.Addr()) {
			return internal(host, plain(at.Addr()), c.key)
		}
		if also := c.dialer.ControlContext; also != nil {
			return also(ctx, network, address, raw)
		}
		return nil
	}
	return d.DialContext(ctx, network, addr)
}

// Post sends a body (with its headers) to a URL and returns nil on an answer of 2xx. Everything else is an *Error,
// which holds nothing of the answer and of the URL only its host.
func (c *Client) Post(ctx context.Context, to config.Secret, header http.Header, body []byte) error {
	if err := Check(string(to), c.allowed, c.key); err != nil {
		return Misconfigured(err)
	}
	u, err := target(string(to))
	if err != nil {
		return Misconfigured(err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return Misconfigured(errors.New("this is not a web address"))
	}
	req.Header = header.Clone()
	if req.Header == nil {
		req.Header = http.Header{}
	}
	req.Header.Set("User-Agent", "triaged")
	res, err := c.deliver.Do(req)
	if err != nil {
		return unanswered(u.Hostname(), err)
	}
	defer func() { _ = res.Body.Close() }() // only read from
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, replyBytes))
	return answered(u.Hostname(), res, time.Now())
}
