package wire

import (
	"bytes"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// buffered is how many bytes a direction holds before a Write waits.
const buffered = 64 << 10

// half is one direction of a connection. Waiting is done on a sync.Cond, which a synctest bubble
// counts as idle; a deadline is a timer that wakes the waiters.
type half struct {
	mu   sync.Mutex
	wake sync.Cond
	buf  bytes.Buffer

	readEnded, writeEnded bool // by Close of the reading or the writing end
	eof                   bool // the reader may know that the writer has ended
	gone                  bool // the writer may know that the reader has ended
	cut, frozen           bool

	readBy, writeBy deadline
}

// deadline is an instant and the timer that wakes whoever waits at it.
type deadline struct {
	at    time.Time
	timer *time.Timer
}

func newHalf() *half {
	h := new(half)
	h.wake.L = &h.mu
	return h
}

func (h *half) read(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for {
		switch {
		case h.readEnded:
			return 0, net.ErrClosed
		case h.readBy.passed():
			return 0, os.ErrDeadlineExceeded
		case h.cut:
			return 0, syscall.ECONNRESET
		case len(p) == 0:
			return 0, nil
		case h.buf.Len() > 0:
			n, err := h.buf.Read(p)
			h.wake.Broadcast()
			return n, err
		case h.eof:
			return 0, io.EOF
		}
		h.wake.Wait()
	}
}

func (h *half) write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	written := 0
	for {
		switch {
		case h.writeEnded:
			return written, net.ErrClosed
		case h.writeBy.passed():
			return written, os.ErrDeadlineExceeded
		case h.cut:
			return written, syscall.ECONNRESET
		case h.frozen:
			return written + len(p), nil
		case h.gone:
			return written, syscall.EPIPE
		case len(p) == 0:
			return written, nil
		}
		if room := min(buffered-h.buf.Len(), len(p)); room > 0 {
			h.buf.Write(p[:room])
			p, written = p[room:], written+room
			h.wake.Broadcast()
			continue
		}
		h.wake.Wait()
	}
}

// endWrite is the writing end's Close; it says whether this was the first.
func (h *half) endWrite() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	first := !h.writeEnded
	h.writeEnded = true
	h.eof = h.eof || !h.frozen
	h.writeBy.set(time.Time{}, nil)
	h.wake.Broadcast()
	return first
}

// endRead is the reading end's Close.
func (h *half) endRead() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.readEnded = true
	h.gone = h.gone || !h.frozen
	h.buf = bytes.Buffer{}
	h.readBy.set(time.Time{}, nil)
	h.wake.Broadcast()
}

func (h *half) reset() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.cut = true
	h.wake.Broadcast()
}

func (h *half) freeze() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.frozen = true
	h.wake.Broadcast()
}

func (h *half) setReadDeadline(t time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.readEnded {
		return net.ErrClosed
	}
	h.readBy.set(t, h.ring)
	h.wake.Broadcast()
	return nil
}

func (h *half) setWriteDeadline(t time.Time) error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.writeEnded {
		return net.ErrClosed
	}
	h.writeBy.set(t, h.ring)
	h.wake.Broadcast()
	return nil
}

// ring is what a deadline's timer does: the lock makes sure that a waiter either sees the deadline
// passed or is already waiting to be woken.
func (h *half) ring() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.wake.Broadcast()
}

func (d *deadline) passed() bool { return !d.at.IsZero() && !time.Now().Before(d.at) }

func (d *deadline) set(t time.Time, ring func()) {
	if d.timer != nil {
		d.timer.Stop()
		d.timer = nil
	}
	d.at = t
	if wait := time.Until(t); !t.IsZero() && wait > 0 {
		d.timer = time.AfterFunc(wait, ring)
	}
}
