package wire

import (
	"io"
	"net"
	"time"
)

// Conn is one end of a connection over a Net. It is a net.Conn with two faults to inject.
type Conn struct {
	net           *Net
	local, remote Addr
	in, out       *half // what the peer writes, what we write
}

// pair makes a connection to addr: the dialing end and the accepting end.
func pair(n *Net, addr Addr) (client, server *Conn) {
	up, down := newHalf(), newHalf()
	client = &Conn{net: n, local: "client:0", remote: addr, in: down, out: up}
	server = &Conn{net: n, local: addr, remote: "client:0", in: up, out: down}
	return client, server
}

// Read waits for bytes, the peer's end (io.EOF), the read deadline (os.ErrDeadlineExceeded), a cut
// (ECONNRESET) or our own Close (net.ErrClosed). What the peer wrote before its Close is read first.
func (c *Conn) Read(p []byte) (int, error) {
	n, err := c.in.read(p)
	return n, c.wrap("read", err)
}

// Write waits for room in the buffer. Errors are those of Read, and EPIPE once the peer has closed.
func (c *Conn) Write(p []byte) (int, error) {
	n, err := c.out.write(p)
	return n, c.wrap("write", err)
}

// Close ends both directions: the peer reads what is buffered, then io.EOF. Unless the connection is
// frozen; then the peer is told nothing. A second Close returns net.ErrClosed.
func (c *Conn) Close() error {
	c.net.closed(c)
	first := c.out.endWrite()
	c.in.endRead()
	if !first {
		return c.wrap("close", net.ErrClosed)
	}
	return nil
}

// Cut resets the connection: both ends get ECONNRESET from here on, buffered bytes are lost.
func (c *Conn) Cut() {
	c.in.reset()
	c.out.reset()
}

// Freeze makes the connection half-open: bytes written from here on vanish without an error, in both
// directions, and so does the news of a Close. Only deadlines can tell.
func (c *Conn) Freeze() {
	c.in.freeze()
	c.out.freeze()
}

// LocalAddr is the address listened on at the accepting end, a made-up one at the dialing end.
func (c *Conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr is the address dialed at the dialing end, a made-up one at the accepting end.
func (c *Conn) RemoteAddr() net.Addr { return c.remote }

// SetDeadline sets both deadlines. The zero time is none.
func (c *Conn) SetDeadline(t time.Time) error {
	if err := c.SetReadDeadline(t); err != nil {
		return err
	}
	return c.SetWriteDeadline(t)
}

// SetReadDeadline ends a Read that waits, too. After Close it fails with net.ErrClosed.
func (c *Conn) SetReadDeadline(t time.Time) error {
	return c.wrap("set", c.in.setReadDeadline(t))
}

// SetWriteDeadline ends a Write that waits, too. After Close it fails with net.ErrClosed.
func (c *Conn) SetWriteDeadline(t time.Time) error {
	return c.wrap("set", c.out.setWriteDeadline(t))
}

// wrap words an error as the net package does; io.EOF stays bare, as readers compare it.
func (c *Conn) wrap(op string, err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return &net.OpError{Op: op, Net: "tcp", Source: c.local, Addr: c.remote, Err: err}
}
