package outbound

import (
	"context"
	"log/slog"
	"time"

	"golang.org/x/sync/errgroup"

	"triaged/config"
	"triaged/outbound/relay"
	"triaged/store"
)

// Parts are what a Runner is built from.
type Parts struct {
	Store  *store.Store
	Config *config.Config
	Log    *slog.Logger
	Dial   relay.Options // how connections are made
	// Render makes the bytes of a mail, once, at its first attempt.
	Render func(ctx context.Context, m store.Mail) (Rendered, error)
	// Settled is the door through which every result enters the record, inside the store's change.
	Settled func(tx *store.Tx, d store.Delivery) error
	// Sent asks the mailbox's Sent folder whether a mail is there; an error means that it cannot be asked.
	Sent func(ctx context.Context, mailbox string, m store.Mail) (found bool, err error)
	// Alert cries for help; it must not block.
	Alert func(what, why string)
}

// Runner sends what is due. Each mailbox has its own line and its own connections, so that a slow or
// refusing server holds up nobody else.
type Runner struct {
	lines map[string]*line
	log   *slog.Logger
}

// NewRunner builds the lines; nothing runs before Run.
func NewRunner(p Parts) *Runner {
	r := &Runner{lines: map[string]*line{}, log: p.Log}
	acks := &pace{}
	if p.Config.Ack.PerMinute != nil {
		acks.perMinute = *p.Config.Ack.PerMinute
	}
	for _, box := range p.Config.Mailboxes {
		r.lines[box.Name] = newLine(p, box, acks)
	}
	return r
}

// Wake makes a mailbox's line look at the outbox now; it never blocks.
func (r *Runner) Wake(mailbox string) {
	if l, ok := r.lines[mailbox]; ok {
		l.wakeUp()
	}
}

// Run sends until the context ends. A mail that is in flight then has drain to land; what is still
// open afterwards becomes unknown at the next start.
func (r *Runner) Run(ctx context.Context, drain time.Duration) error {
	flight, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	stop := context.AfterFunc(ctx, func() {
		if pause(flight, drain) { // flight ends by itself when all have landed
			cut()
		}
	})
	defer stop()
	g, gctx := errgroup.WithContext(ctx)
	for _, l := range r.lines {
		for range max(1, l.box.SMTP.Connections) {
			w := &worker{line: l, flight: flight}
			g.Go(func() error { return w.run(gctx) })
		}
	}
	return g.Wait()
}
