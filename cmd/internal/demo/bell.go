package demo

import (
	"sync"

	"github.com/emersion/go-imap/v2/imapserver"
)

// bell rings at each delivery.
type bell struct {
	mu   sync.Mutex
	rung chan struct{}
}

func newBell() *bell { return &bell{rung: make(chan struct{})} }

// next is closed at the next ring.
func (b *bell) next() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.rung
}

func (b *bell) ring() {
	b.mu.Lock()
	defer b.mu.Unlock()
	close(b.rung)
	b.rung = make(chan struct{})
}

// idler is a session of the IMAP server in memory with an IDLE that misses nothing: the library's own
// stays silent about a mail that arrives between its "+" and the registration of its tracker, until
// the next one comes. Here the bell is looked for before the inbox is.
type idler struct {
	imapserver.SessionIMAP4rev2
	bell *bell
}

// Idle tells of new mail until stop is closed.
func (s idler) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	for {
		rung := s.bell.next()
		if err := s.Poll(w, true); err != nil {
			return err
		}
		select {
		case <-rung:
		case <-stop:
			return nil
		}
	}
}
