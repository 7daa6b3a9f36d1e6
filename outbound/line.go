package outbound

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"triaged/config"
	"triaged/outbound/relay"
	"triaged/store"
)

// A line looks at the outbox at least this often, whatever the clock did meanwhile.
const glance = time.Minute

// lineAhead is how many due mails are read at a time, beside those that may be in the air.
const lineAhead = 32

// line is the outbox of one mailbox and the connections that empty it.
type line struct {
	Parts
	box     config.Mailbox
	account *relay.Account
	rate    *pace // smtp.rate, of this account
	acks    *pace // ack.per_minute, of all accounts together

	woken chan struct{} // wakes the connection that watches
	news  atomic.Bool   // the outbox may hold what ahead does not show

	watching chan struct{} // one token: of the idle connections, its holder sleeps for all
	choosing chan struct{} // one token: its holder uses ahead and quiet
	ahead    []store.Mail  // due mails in their order that nobody has taken
	quiet    time.Time     // until then nothing comes due, unless there is news

	mu     sync.Mutex // guards what follows, never held across I/O
	flying map[int64]bool
	health health
}

func newLine(p Parts, box config.Mailbox, acks *pace) *line {
	l := &line{
		Parts: p, box: box,
		account:  relay.New(box.SMTP, p.Dial),
		rate:     &pace{perMinute: box.SMTP.Rate},
		acks:     acks,
		woken:    make(chan struct{}, 1),
		watching: make(chan struct{}, 1),
		choosing: make(chan struct{}, 1),
		flying:   map[int64]bool{},
	}
	l.news.Store(true)
	l.watching <- struct{}{}
	l.choosing <- struct{}{}
	return l
}

// wakeUp says that there may be news in the outbox.
func (l *line) wakeUp() {
	l.news.Store(true)
	l.stir()
}

// stir makes the connection that watches look again.
func (l *line) stir() {
	select {
	case l.woken <- struct{}{}:
	default:
	}
}

// await is the next mail for a connection, or false when the context has ended. One idle connection
// watches; the others wait to be the next that does.
func (l *line) await(ctx context.Context) (store.Mail, bool) {
	select {
	case <-l.watching:
	case <-ctx.Done():
		return store.Mail{}, false
	}
	defer func() { l.watching <- struct{}{} }()
	for {
		m, wait, ok := l.choose(ctx)
		if ok || ctx.Err() != nil {
			return m, ok
		}
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-l.woken:
		case <-ctx.Done():
		}
		t.Stop()
	}
}

// choose takes the most urgent mail that may be sent now, or says how long there is nothing to do.
func (l *line) choose(ctx context.Context) (m store.Mail, wait time.Duration, ok bool) {
	<-l.choosing
	defer func() { l.choosing <- struct{}{} }()
	now := time.Now()
	if ctx.Err() != nil {
		return m, 0, false
	}
	if wait := l.closedFor(now); wait > 0 {
		return m, wait, false
	}
	if l.news.Swap(false) || (len(l.ahead) == 0 && !now.Before(l.quiet)) {
		if err := l.look(now); err != nil {
			l.Log.Error("reading the outbox", "mailbox", l.box.Name, "err", err)
			l.news.Store(true)
			return m, time.Second, false
		}
	}
	if len(l.ahead) == 0 {
		return m, min(glance, max(l.quiet.Sub(now), 0)), false
	}
	for len(l.ahead) > 0 {
		m := l.ahead[0]
		wait, mine := l.take(m, now)
		if wait > 0 {
			return m, wait, false
		}
		l.ahead = l.ahead[1:]
		if mine {
			return m, 0, true
		}
	}
	return m, 0, false
}

// look reads what is due, and where nothing is, when something will be.
func (l *line) look(now time.Time) error {
	due, err := l.Store.DueMail(l.box.Name, now, lineAhead+l.box.SMTP.Connections) // as many may be flying
	if err != nil {
		return err
	}
	l.ahead = l.ahead[:0]
	l.mu.Lock()
	for _, m := range due {
		if !l.flying[m.ID] {
			l.ahead = append(l.ahead, m)
		}
	}
	l.mu.Unlock()
	l.quiet = now
	if len(l.ahead) > 0 {
		return nil
	}
	l.quiet = now.Add(glance)
	// What is due by now is flying: it brings news when it is put off again, and must not hide what follows.
	next, err := l.Store.NextMail(l.box.Name, now)
	if err != nil {
		return err
	}
	if !next.IsZero() && next.Before(l.quiet) {
		l.quiet = next
	}
	return nil
}

// take reserves a mail for one connection, if the limits on speed let it go now; otherwise it says how
// long to wait. While the server fails, one mail at a time probes it: whoever releases that one stirs the
// line. mine is false when another connection has the mail.
func (l *line) take(m store.Mail, now time.Time) (wait time.Duration, mine bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.health.probing() && len(l.flying) > 0:
		return glance, false
	case l.flying[m.ID]:
		return 0, false
	}
	if wait = l.rate.wait(now); wait == 0 && m.Kind == store.AckMail {
		wait = l.acks.reserve(now)
	}
	if wait > 0 {
		return wait, false
	}
	l.rate.reserve(now)
	l.flying[m.ID] = true
	return 0, true
}

// release gives a mail back; news says that it may be due again.
func (l *line) release(id int64, news bool) {
	l.mu.Lock()
	delete(l.flying, id)
	l.mu.Unlock()
	if news {
		l.news.Store(true)
	}
	l.stir()
}

// pause waits; false when the context ended first.
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
