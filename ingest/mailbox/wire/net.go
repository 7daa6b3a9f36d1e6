package wire

import (
	"context"
	"fmt"
	"maps"
	"net"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// backlog is how many dialed connections wait for Accept before Dial itself waits.
const backlog = 128

// Addr is an address on a Net, host:port as it was given to Listen.
type Addr string

// Network is "tcp", so that code which asks takes the connection for what it stands for.
func (a Addr) Network() string { return "tcp" }

// String is host:port.
func (a Addr) String() string { return string(a) }

// Net is a network in memory. The zero value is ready for use and all methods may be called from
// several goroutines.
type Net struct {
	mu        sync.Mutex
	listeners map[string]*listener
	refused   map[string]bool
	silent    map[string]bool
	dials     map[string]int
	conns     map[*Conn]string   // the dialing ends that are open, by the address dialed
	accepting map[*Conn]struct{} // the accepting ends that are open
	lastPort  int
}

// Listen opens addr (host:port). Port 0 is given a free port; the listener's Addr tells which. It
// fails with EADDRINUSE while another listener holds the address.
func (n *Net) Listen(addr string) (net.Listener, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if host, ok := strings.CutSuffix(addr, ":0"); ok {
		n.lastPort++
		addr = fmt.Sprintf("%s:%d", host, 20000+n.lastPort)
	}
	if n.listeners[addr] != nil {
		return nil, opError("listen", addr, syscall.EADDRINUSE)
	}
	l := &listener{net: n, addr: Addr(addr), queue: make(chan *Conn, backlog), done: make(chan struct{})}
	if n.listeners == nil {
		n.listeners = make(map[string]*listener)
	}
	n.listeners[addr] = l
	return l, nil
}

// Dial connects to addr. It has the signature of net.Dialer.DialContext, and its errors: a closed or
// refused port is ECONNREFUSED in a *net.OpError, the end of ctx is a timeout or a cancellation. The
// network argument is not looked at.
func (n *Net) Dial(ctx context.Context, _, addr string) (net.Conn, error) {
	n.mu.Lock()
	if n.dials == nil {
		n.dials = make(map[string]int)
	}
	n.dials[addr]++
	l, refused, silent := n.listeners[addr], n.refused[addr], n.silent[addr]
	n.mu.Unlock()
	if silent {
		<-ctx.Done()
	}
	if err := ctx.Err(); err != nil {
		return nil, opError("dial", addr, err)
	}
	if l == nil || refused {
		return nil, opError("dial", addr, os.NewSyscallError("connect", syscall.ECONNREFUSED))
	}
	client, server := pair(n, Addr(addr))
	n.opened(client, server, addr)
	select {
	case l.queue <- server:
		return client, nil
	case <-ctx.Done():
		client.Close()
		return nil, opError("dial", addr, ctx.Err())
	case <-l.done:
		client.Close()
		return nil, opError("dial", addr, os.NewSyscallError("connect", syscall.ECONNREFUSED))
	}
}

// Refuse closes (true) or opens (false) addr for new connections, whether or not somebody listens.
func (n *Net) Refuse(addr string, on bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.refused == nil {
		n.refused = make(map[string]bool)
	}
	n.refused[addr] = on
}

// Silence makes new dials to addr wait until their context ends (true), or lifts that (false); a
// dial that already waits is not woken.
func (n *Net) Silence(addr string, on bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.silent == nil {
		n.silent = make(map[string]bool)
	}
	n.silent[addr] = on
}

// Cut resets every connection that was dialed to addr and is open now, and says how many.
func (n *Net) Cut(addr string) int {
	open := n.Open(addr)
	for _, c := range open {
		c.Cut()
	}
	return len(open)
}

// Freeze makes every connection that was dialed to addr and is open now half-open, and says how many.
func (n *Net) Freeze(addr string) int {
	open := n.Open(addr)
	for _, c := range open {
		c.Freeze()
	}
	return len(open)
}

// Open returns the dialing ends of the connections to addr that their dialer has not closed, in no order.
func (n *Net) Open(addr string) []*Conn {
	n.mu.Lock()
	defer n.mu.Unlock()
	var open []*Conn
	for c, to := range n.conns {
		if to == addr {
			open = append(open, c)
		}
	}
	return open
}

// Dials says how often addr was dialed so far, with or without success.
func (n *Net) Dials(addr string) int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.dials[addr]
}

// Close ends the network: listeners are closed, and every connection is reset at both ends, also one
// that is frozen and whose far end would otherwise wait for ever. A test in a bubble needs it when it
// froze something, as everything must have ended when the bubble does.
func (n *Net) Close() {
	n.mu.Lock()
	listeners := slices.Collect(maps.Values(n.listeners))
	ends := slices.Concat(slices.Collect(maps.Keys(n.conns)), slices.Collect(maps.Keys(n.accepting)))
	n.mu.Unlock()
	for _, l := range listeners {
		l.Close()
	}
	for _, c := range ends {
		c.Cut()
	}
}

func (n *Net) opened(client, server *Conn, addr string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.conns == nil {
		n.conns, n.accepting = make(map[*Conn]string), make(map[*Conn]struct{})
	}
	n.conns[client], n.accepting[server] = addr, struct{}{}
}

func (n *Net) closed(c *Conn) {
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.conns, c)
	delete(n.accepting, c)
}

func opError(op, addr string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Addr: Addr(addr), Err: err}
}

// listener hands out the far ends of dialed connections.
type listener struct {
	net   *Net
	addr  Addr
	queue chan *Conn
	done  chan struct{}
	once  sync.Once
}

// Accept waits for the next connection; after Close it fails with net.ErrClosed.
func (l *listener) Accept() (net.Conn, error) {
	select {
	case <-l.done:
		return nil, opError("accept", string(l.addr), net.ErrClosed)
	default:
	}
	select {
	case c := <-l.queue:
		return c, nil
	case <-l.done:
		return nil, opError("accept", string(l.addr), net.ErrClosed)
	}
}

// Close frees the address. Connections that were dialed but not accepted are reset; accepted ones live on.
func (l *listener) Close() error {
	err := opError("close", string(l.addr), net.ErrClosed)
	l.once.Do(func() {
		err = nil
		l.net.mu.Lock()
		delete(l.net.listeners, string(l.addr))
		l.net.mu.Unlock()
		close(l.done)
		for {
			select {
			case c := <-l.queue:
				c.Cut()
			default:
				return
			}
		}
	})
	return err
}

func (l *listener) Addr() net.Addr { return l.addr }
