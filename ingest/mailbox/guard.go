package mailbox

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// phase is what the connection is doing and what it may cost.
type phase struct {
	name    string
	silence time.Duration // longest time without a byte while we wait for one
	total   time.Duration // longest time for the whole, against a server that drips; 0 for no limit
	bytes   int64         // most bytes the server may send, against one that never ends
	mail    bool          // what comes is mostly mail, so strangers' words
}

// The phases. At the longest rest (four minutes) and one check, a dead connection is noticed in
// four and a half minutes.
var (
	phaseLogin   = phase{"logging in", 20 * time.Second, time.Minute, 1 << 20, false}
	phaseCommand = phase{"waiting for a reply", time.Minute, 5 * time.Minute, 16 << 20, false}
	phaseCheck   = phase{"checking the connection", 30 * time.Second, time.Minute, 1 << 20, false}
	phaseIdle    = phase{"idling", lookAtMost + time.Minute, lookAtMost + time.Minute, 4 << 20, false}
	phaseRest    = phase{"resting", 24 * time.Hour, 0, 1 << 20, false}
)

// slowest is the rate below which the transfer of bodies counts as a drip, bytes a second.
const slowest = 16 << 10

// phaseBodies is the fetch of n bodies of size bytes together.
func phaseBodies(n int, size int64) phase {
	return phase{
		"fetching mail", time.Minute, 5*time.Minute + time.Duration(size/slowest)*time.Second,
		2*size + int64(n)*4096 + 1<<20, true,
	}
}

// writeWithin is how long one write may wait for a server that does not read.
const writeWithin = time.Minute

var (
	errTalkative = errors.New("the server sent more than any reply needs")
	errDripping  = errors.New("the server took longer than any reply needs")
)

// guard is the connection as the IMAP library sees it. The library waits for ever for a silent
// server (trap 1), asks again after a timeout (trap 2), limits a whole literal to five minutes (trap
// 5), and loses the server's last words (trap 12). So its own deadlines are ignored, every wait has
// the limit of the phase we are in, the first error sticks and closes the connection, and the end of
// what was read is kept.
type guard struct {
	net.Conn

	mu    sync.Mutex
	phase phase
	until time.Time // end of the phase, zero for none
	left  int64     // bytes left in the phase
	err   error
	ended bool // closed, by us, the library or an error
	words words
}

func newGuard(conn net.Conn) *guard {
	g := &guard{Conn: conn}
	g.enter(phaseLogin)
	return g
}

// enter begins a phase; a Read that already waits gets the new limit, too.
func (g *guard) enter(p phase) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.phase, g.left, g.until = p, p.bytes, time.Time{}
	if p.total > 0 {
		g.until = time.Now().Add(p.total)
	}
	_ = g.Conn.SetReadDeadline(g.deadline())
}

// deadline is the instant at which a Read that begins now has waited too long.
func (g *guard) deadline() time.Time {
	by := time.Now().Add(g.phase.silence)
	if !g.until.IsZero() && g.until.Before(by) {
		return g.until
	}
	return by
}

// Read is net.Conn's, under the limits of the phase.
func (g *guard) Read(p []byte) (int, error) {
	g.mu.Lock()
	if g.err != nil {
		defer g.mu.Unlock()
		return 0, g.err
	}
	_ = g.Conn.SetReadDeadline(g.deadline())
	g.mu.Unlock()

	n, err := g.Conn.Read(p)

	g.mu.Lock()
	defer g.mu.Unlock()
	g.words.heard(p[:n], g.phase.mail)
	if g.left -= int64(n); g.left < 0 && err == nil {
		err = errTalkative
	}
	if err != nil {
		err = g.fail(err)
	}
	return n, err
}

// Write is net.Conn's, with a limit for each write.
func (g *guard) Write(p []byte) (int, error) {
	_ = g.Conn.SetWriteDeadline(time.Now().Add(writeWithin))
	n, err := g.Conn.Write(p)
	if err != nil {
		g.mu.Lock()
		defer g.mu.Unlock()
		err = g.fail(err)
	}
	return n, err
}

// fail keeps the first error, worded by the phase, and closes the connection. The lock is held.
func (g *guard) fail(err error) error {
	if g.err != nil {
		return g.err
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		if !g.until.IsZero() && !time.Now().Before(g.until) {
			err = fmt.Errorf("%s: %w (%v)", g.phase.name, errDripping, g.phase.total)
		} else {
			err = fmt.Errorf("%s: the server was silent for %v: %w", g.phase.name, g.phase.silence, err)
		}
	}
	g.err, g.ended = err, true
	_ = g.Conn.Close()
	return err
}

// kill closes the connection from outside, whatever goes on; every wait on it ends. An earlier error
// stays the cause.
func (g *guard) kill(cause error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	_ = g.fail(cause)
}

// Close is the library's way out, after a reply that it cannot read: it comes before the error does.
func (g *guard) Close() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.ended = true
	return g.Conn.Close()
}

// alive says that nobody closed the connection and no error did.
func (g *guard) alive() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return !g.ended
}

// cause is the error that ended the connection, nil while it lives.
func (g *guard) cause() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.err
}

// lastWords is what the server said of its own accord, BYE or ALERT; see words.
func (g *guard) lastWords() string {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.words.last()
}

// SetDeadline is for the library and does nothing: the phases rule.
func (g *guard) SetDeadline(time.Time) error { return nil }

// SetReadDeadline is for the library and does nothing: the phases rule.
func (g *guard) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline is for the library and does nothing: each Write sets its own.
func (g *guard) SetWriteDeadline(time.Time) error { return nil }
