package relay

import (
	"errors"
	"net"
	"time"
)

// errTooLong ends a link whose server talks without end.
var errTooLong = errors.New("the server's reply is longer than any reply should be")

// guard is the bare connection with our deadlines: one for everything a phase reads, however slowly
// it drips, and one for each write. It ignores the library's own, which leave out writes and STARTTLS.
type guard struct {
	net.Conn
	span  time.Duration // of the phase
	until time.Time     // its end
	left  int           // bytes it may still read
	err   error         // of the first failed Read
}

// phase begins a step of the session that may take d and answer with n bytes.
func (g *guard) phase(d time.Duration, n int) {
	g.span, g.until, g.left = d, time.Now().Add(d), n
	_ = g.Conn.SetReadDeadline(g.until) // a connection that cannot has failed, and Read says so
}

// Read reads within the phase. Its first error is its last: net/textproto takes the part of a line
// before an error for the whole line, so that without this the rest would pass for the next reply.
func (g *guard) Read(p []byte) (int, error) {
	if g.err == nil && g.left <= 0 {
		g.err = errTooLong
	}
	if g.err != nil {
		return 0, g.err
	}
	if len(p) > g.left {
		p = p[:g.left]
	}
	n, err := g.Conn.Read(p)
	g.left -= n
	if n == 0 {
		g.err = err
	}
	return n, err
}

// Write gives each block its own time, within the phase.
func (g *guard) Write(p []byte) (int, error) {
	end := time.Now().Add(blockTimeout)
	if g.until.Before(end) {
		end = g.until
	}
	if err := g.Conn.SetWriteDeadline(end); err != nil {
		return 0, err
	}
	return g.Conn.Write(p)
}

// SetDeadline, SetReadDeadline and SetWriteDeadline are the library's; phase and Write know better.
func (g *guard) SetDeadline(time.Time) error      { return nil }
func (g *guard) SetReadDeadline(time.Time) error  { return nil }
func (g *guard) SetWriteDeadline(time.Time) error { return nil }

// spoken is what the library's client talks through, encrypted where it should be. It plays back a
// greeting, since the real one was read before the client existed, and remembers a failed write:
// what was being written has not left whole.
type spoken struct {
	net.Conn
	greeting []byte
	failed   bool
}

// Read gives the greeting, then what the server says.
func (s *spoken) Read(p []byte) (int, error) {
	if len(s.greeting) > 0 {
		n := copy(p, s.greeting)
		s.greeting = s.greeting[n:]
		return n, nil
	}
	return s.Conn.Read(p)
}

// Write notes failure.
func (s *spoken) Write(p []byte) (int, error) {
	n, err := s.Conn.Write(p)
	if err != nil {
		s.failed = true
	}
	return n, err
}
