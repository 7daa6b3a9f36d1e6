package daemon

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"triaged/classify"
	"triaged/config"
	"triaged/ingest/mailbox"
	"triaged/store"
)

// rehearsal is a daemon without the outside: the real doors on a throw-away state, and nobody who would send. They decide as if
// everything could be sent, at the time they are told.
type rehearsal struct {
	*Daemon
	box string
	dir string
}

// rehearse makes one for the mail of a mailbox; an empty name is the first one. What is only for the outside (alerts, connectors)
// is left out, and so is ack.not_before: mail is replayed as if triaged had been there.
func rehearse(ctx context.Context, cfg *config.Config, box string) (r *rehearsal, err error) {
	if box == "" {
		box = cfg.Mailboxes[0].Name
	}
	if _, ok := cfg.Mailbox(box); !ok {
		return nil, fmt.Errorf("mailbox %q is not configured", box)
	}
	dir, err := os.MkdirTemp("", "triaged-replay-")
	if err != nil {
		return nil, fmt.Errorf("make a throw-away state: %w", err)
	}
	own := *cfg
	own.StateDir, own.Ack.NotBefore = filepath.Join(dir, "state"), time.Time{}
	own.Alerts, own.Connectors = config.Alerts{}, nil
	quiet := slog.New(slog.DiscardHandler)
	r = &rehearsal{Daemon: &Daemon{cfg: &own, log: quiet}, box: box, dir: dir}
	defer func() {
		if err != nil {
			err = errors.Join(err, r.end())
			r = nil
		}
	}()
	if r.store, err = store.Open(ctx, own.StateDir, own.Outbox.UnknownGrace.D()); err != nil {
		return r, fmt.Errorf("open a throw-away state: %w", err)
	}
	if r.alerts, err = newAlerts(quiet, r.store, &own, nil); err != nil {
		return r, err
	}
	if err := r.furnish(&own); err != nil {
		return r, err
	}
	r.doors.Load().notBefore = time.Time{}
	return r, nil
}

// end throws the state away.
func (r *rehearsal) end() error {
	var err error
	if r.store != nil {
		err = r.store.Close()
	}
	return errors.Join(err, os.RemoveAll(r.dir))
}

// prepare reads a mail as if it had arrived at an instant; uid tells it from the others.
func (r *rehearsal) prepare(m mailbox.Mail, uid int) arrival {
	m.Mailbox, m.UIDValidity, m.UID = r.box, 1, uint32(uid)
	return r.read(r.doors.Load(), m, m.At)
}

// enter lets a mail through the doors, and its acknowledgement be sent at once, and tells what was decided.
func (r *rehearsal) enter(tx *store.Tx, a arrival) (store.Decided, error) {
	doors := r.doors.Load()
	if err := doors.Arrived(tx, a); err != nil {
		return store.Decided{}, err
	}
	decided, found, err := tx.DecidedAt(a.place)
	if err == nil && !found {
		err = errors.New("it was not recorded")
	}
	if err != nil || decided.Ack != store.AckSend {
		return decided, err
	}
	m, queued, err := tx.QueuedAck(decided.Thread)
	if err != nil || !queued {
		return decided, err
	}
	if m.Fence, _, err = tx.Attempt(m, "", []byte{}, a.now, time.Minute); err != nil {
		return decided, err
	}
	m.Attempts++
	return decided, doors.Settled(tx, store.Delivery{Mail: m, State: store.Sent, At: a.now})
}

// Try lets one mail through the doors as if it arrived now, without any state: it begins a thread, if it may. look sees what was
// decided, and the throw-away state, while it exists.
func Try(ctx context.Context, cfg *config.Config, box string, raw []byte, now time.Time, look func(*store.Reader, store.Decided) error) (err error) {
	r, err := rehearse(ctx, cfg, box)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.end()) }()
	a := r.prepare(mailbox.Mail{Raw: raw, At: now, Size: int64(len(raw))}, 1)
	var decided store.Decided
	err = r.store.Change(ctx, func(tx *store.Tx) (err error) {
		decided, err = r.enter(tx, a)
		return err
	})
	if err != nil {
		return err
	}
	return look(r.store.Reader(), decided)
}

// Judging judges mails by the rules of today, as the doors would a mail that opens a thread.
type Judging struct{ r *rehearsal }

// NewJudging compiles the rules. Close it.
func NewJudging(ctx context.Context, cfg *config.Config) (*Judging, error) {
	r, err := rehearse(ctx, cfg, "")
	return &Judging{r}, err
}

// Of judges a mail that a mailbox got at an instant, and gives what it looked at. Of somebody on the roster who passed on a customer's
// mail it judges that one.
func (j *Judging) Of(raw []byte, box string, at time.Time) (classify.Case, classify.Verdict) {
	doors := j.r.doors.Load()
	owner, _ := mailbox.Owner(box)
	a := j.r.read(doors, mailbox.Mail{Mailbox: owner, UIDValidity: 1, UID: 1, Raw: raw, At: at, Size: int64(len(raw))}, at)
	if a.forward != nil {
		passed, customer := doors.passedOn(a)
		return passed.toJudge(customer, nil), doors.judge(passed, customer, nil)
	}
	s := doors.who(a.msg, false)
	return a.toJudge(s, nil), doors.judge(a, s, nil)
}

// Close throws away what judging needed.
func (j *Judging) Close() error { return j.r.end() }
