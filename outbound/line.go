package outbound

import (
	"context"
	"fmt"
	"sync"
	"time"

	"triaged/config"
	"triaged/outbound/relay"
	"triaged/store"
)

// A line looks at the outbox at least this often, whatever the clock did meanwhile.
const glance = time.Minute

// lineAhead is how many due mails are read at a time.
const lineAhead = 64

// line is the outbox of one mailbox and the connections that empty it.
type line struct {
	Parts
	box     config.Mailbox
	account *relay.Account
	jobs    chan store.Mail
	woken   chan struct{}
	rate    *pace // smtp.rate, of this account
	acks    *pace // ack.per_minute, of all accounts together

	mu     sync.Mutex // guards what follows, never held across I/O
	flying map[int64]bool
	health health
}

func newLine(p Parts, box config.Mailbox, acks *pace) *line {
	return &line{
		Parts: p, box: box,
		account: relay.New(box.SMTP, p.Dial),
		jobs:    make(chan store.Mail),
		woken:   make(chan struct{}, 1),
		rate:    &pace{perMinute: box.SMTP.Rate},
		acks:    acks,
		flying:  map[int64]bool{},
	}
}

func (l *line) wakeUp() {
	select {
	case l.woken <- struct{}{}:
	default:
	}
}

// dispatch hands due mails to free connections, most urgent first, until the context ends.
func (l *line) dispatch(ctx context.Context) error {
	defer close(l.jobs)
	for ctx.Err() == nil {
		handed, err := l.handOut(ctx)
		if err != nil {
			l.Log.Error("reading the outbox", "mailbox", l.box.Name, "err", err)
		}
		if handed && err == nil {
			continue
		}
		l.rest(ctx)
	}
	return nil
}

// handOut offers what is due now; handed says that there was something.
func (l *line) handOut(ctx context.Context) (handed bool, err error) {
	now := time.Now()
	if wait := l.closedFor(now); wait > 0 {
		return false, nil
	}
	due, err := l.Store.DueMail(l.box.Name, now, lineAhead)
	if err != nil {
		return false, err
	}
	for _, m := range due {
		if !l.take(m.ID) {
			continue
		}
		if !l.offer(ctx, m) {
			l.release(m.ID)
			return handed, nil
		}
		handed = true
	}
	return handed, nil
}

// offer waits for the pace and for a free connection; false when the line closed or ended meanwhile.
func (l *line) offer(ctx context.Context, m store.Mail) bool {
	wait := l.rate.reserve(time.Now())
	if m.Kind == store.AckMail {
		wait = max(wait, l.acks.reserve(time.Now()))
	}
	if wait > 0 && !pause(ctx, wait) {
		return false
	}
	if l.closedFor(time.Now()) > 0 {
		return false
	}
	select {
	case l.jobs <- m:
		return true
	case <-ctx.Done():
		return false
	}
}

// rest sleeps until the next mail is due, somebody wakes the line, or a minute has passed.
func (l *line) rest(ctx context.Context) {
	now := time.Now()
	wait := glance
	if next, err := l.Store.NextMail(l.box.Name); err == nil && !next.IsZero() {
		wait = min(wait, max(next.Sub(now), 0))
	}
	wait = max(wait, l.closedFor(now))
	if wait == 0 {
		wait = glance // all that is due is being sent: whoever settles one wakes the line
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-t.C:
	case <-l.woken:
	case <-ctx.Done():
	}
}

func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (l *line) take(id int64) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.flying[id] || (l.health.probing() && len(l.flying) > 0) {
		return false
	}
	l.flying[id] = true
	return true
}

func (l *line) release(id int64) {
	l.mu.Lock()
	delete(l.flying, id)
	l.mu.Unlock()
	l.wakeUp()
}

func (l *line) closedFor(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.health.closedFor(now)
}

// healthy tells the line how its server behaved; it reports whether the server has just recovered.
func (l *line) healthy(err *relay.Error) (recovered bool) {
	l.mu.Lock()
	was := l.health
	if err == nil {
		l.health = health{}
	} else {
		l.health = was.failed(time.Now(), err)
	}
	now := l.health
	l.mu.Unlock()
	switch {
	case err == nil && was.failures > 0:
		l.Log.Info("the SMTP server answers again", "mailbox", l.box.Name, "after", was.failures)
		return true
	case err != nil && (was.failures == 0 || now.failures%15 == 0):
		l.Log.Error("the SMTP server cannot be used; mail waits in the outbox", "mailbox", l.box.Name, "err", err, "failures", now.failures)
	}
	if err != nil && now.failures == alertAfter(err) {
		l.Alert("smtp "+l.box.Name, fmt.Sprintf("the SMTP server of mailbox %s cannot be used: %v; mail waits in the outbox", l.box.Name, err))
	}
	return false
}
