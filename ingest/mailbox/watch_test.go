package mailbox

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"

	"triaged/config"
	"triaged/ingest/mailbox/wire"
)

// account is how the tests log in, to the host and port of addr.
func account() config.Mailbox {
	return config.Mailbox{Name: "support", Address: "support@example.com", IMAP: config.IMAP{Server: config.Server{
		Host: "imap.example.com", Port: 143, TLS: "none", Username: "support", Password: "correct horse",
	}}}
}

// watch is a watcher that runs until the test ends.
type watch struct {
	*Watcher
	journal *memory
	log     *lockedBuffer
	stop    func() // ends it and waits
}

// startWatch runs a watcher against what listens on n. At the end of the test it is stopped; that
// nothing it started is left is checked by the bubble.
func startWatch(t *testing.T, n *wire.Net, j *memory, cfg config.Mailbox, o Options) *watch {
	t.Helper()
	w := &watch{journal: j, log: new(lockedBuffer)}
	o.Dial, o.Logger = n.Dial, slog.New(slog.NewTextHandler(w.log, nil))
	w.Watcher = New(cfg, j, o)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- w.Run(ctx) }()
	w.stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run = %v, want nil when its context ends", err)
		}
	})
	t.Cleanup(func() {
		w.stop()
		if t.Failed() {
			t.Logf("log of the watcher:\n%s", w.log.String())
		}
		if strings.Contains(w.log.String(), "correct horse") {
			t.Error("the log shows the password")
		}
	})
	return w
}

// inBubble runs a parallel test on a fake clock.
func inBubble(t *testing.T, f func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, f)
}

type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
