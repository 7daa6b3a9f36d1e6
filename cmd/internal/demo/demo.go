package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Options say how the day is shown.
type Options struct {
	// Out is where the narrative goes, in lines of at most 80 columns; coloured where it is a terminal
	// and NO_COLOR is not set.
	Out io.Writer
	// Log is where the daemon logs to; nil for nowhere.
	Log *slog.Logger
	// Keep leaves the state folder in place, with the configuration beside it.
	Keep bool
	// Speed divides the pauses for reading: 0 and 1 take about eleven seconds in all, 2 half of that.
	Speed float64
	// Version is what triaged calls itself towards the servers.
	Version string
}

// The pauses for reading, at speed 1.
const (
	toReadMail    = 300 * time.Millisecond // a mail, before it is sent
	toReadOutcome = 550 * time.Millisecond // what became of it
)

// Run shows the day and returns when it is over. It returns nil as well when ctx ends before that, or
// when nobody reads Out any more (`triaged demo | head`), and an error when something did not go as a
// day should: a server that cannot be started, a mail that is not settled within ten seconds, an Out
// that cannot be written to.
func Run(ctx context.Context, o Options) error { return show(ctx, o, watch) }

// show lets a day pass on a page, and sorts out how it ended.
func show(ctx context.Context, o Options, day func(context.Context, Options, *page) error) error {
	broken := make(chan os.Signal, 1)
	signal.Notify(broken, syscall.SIGPIPE) // otherwise a closed pipe kills us before we have cleaned up
	defer signal.Stop(broken)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Speed <= 0 {
		o.Speed = 1
	}
	p := newPage(o.Out)
	err := day(ctx, o, p)
	if errors.Is(p.err, syscall.EPIPE) {
		return nil
	}
	if ctx.Err() != nil {
		p.blank()
		p.line("Stopped.")
		return p.err
	}
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	return p.err
}

// watch is the day from its first line to its last.
func watch(ctx context.Context, o Options, p *page) (err error) {
	d, err := openDesk(ctx, o, sockets(), "")
	if err != nil {
		return err
	}
	defer func() {
		if cerr := d.close(); err == nil {
			err = cerr
		}
	}()
	opening(p, d)
	if err := pause(ctx, toReadOutcome, o.Speed); err != nil {
		return err
	}
	var played []outcome
	for i, s := range day() {
		out, err := play(ctx, o, p, d, i+1, s)
		if err != nil {
			return fmt.Errorf("scene %d, %q: %w", i+1, s.title, err)
		}
		played = append(played, out)
	}
	if err := tellAck(p, d, played); err != nil {
		return err
	}
	if err := goesOn(ctx, o, p, d, *played[0].thread, len(played)); err != nil {
		return err
	}
	return closing(ctx, p, d, played)
}

// play sends the mail of one scene and tells what becomes of it.
func play(ctx context.Context, o Options, p *page, d *desk, n int, s scene) (outcome, error) {
	l, err := s.letter(d.world)
	if err != nil {
		return outcome{}, err
	}
	raw := l.bytes(time.Now())
	tellMail(p, n, s, raw)
	if err := pause(ctx, toReadMail, o.Speed); err != nil {
		return outcome{}, err
	}
	if err := d.world.send(ctx, s.from, s.to, raw); err != nil {
		return outcome{}, err
	}
	out, err := d.record.await(ctx, l.id, len(s.to))
	if err != nil {
		return out, err
	}
	if out, err = d.world.weigh(out); err != nil {
		return out, err
	}
	tellOutcome(p, d, out)
	if p.err != nil {
		return out, p.err
	}
	return out, pause(ctx, toReadOutcome, o.Speed)
}

// pause waits, unless ctx ends.
func pause(ctx context.Context, d time.Duration, speed float64) error {
	t := time.NewTimer(time.Duration(float64(d) / speed))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
