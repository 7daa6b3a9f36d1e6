package outbound

import (
	"fmt"
	"time"

	"triaged/outbound/relay"
)

// health is what a line knows of its server. While it fails, one mail at a time probes it: an outage
// must neither hammer the server nor spend the attempts of every mail.
type health struct {
	failures int       // in a row
	last     time.Time // when the last of them was noticed
	closed   time.Time // no attempt before
	alerted  bool
	good     time.Time // when the server last took a mail
}

// The pauses between probes, at most outbox.retry_max. A refused login is retried more slowly, since providers lock accounts
// that knock too often.
const (
	probeFirst = 5 * time.Second
	probeMax   = time.Minute
	loginMax   = 5 * time.Minute
)

// failed returns the health after an attempt that began at an instant has failed. Connections that
// were in the air together when the server went away have seen one failure, not one each.
func (h health) failed(began, now time.Time, err *relay.Error, retryMax time.Duration) health {
	if h.failures > 0 && began.Before(h.last) {
		return h
	}
	most := probeMax
	if err.Op == "auth" {
		most = loginMax
	}
	h.failures++
	h.last = now
	h.closed = now.Add(Backoff(h.failures, probeFirst, min(most, retryMax), 0.5))
	return h
}

// crowded says that others got through while this attempt failed: the server has had enough of
// connections, not of us.
func (h health) crowded(began time.Time) bool { return h.failures == 0 && h.good.After(began) }

func (h health) closedFor(now time.Time) time.Duration {
	if h.failures == 0 {
		return 0
	}
	return max(0, h.closed.Sub(now))
}

func (h health) probing() bool { return h.failures > 0 }

// alarming says that the failures are somebody's business: a refused login at once, the rest at the third.
func (h health) alarming(err *relay.Error) bool { return err.Op == "auth" || h.failures >= 3 }

func (l *line) closedFor(now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.health.closedFor(now)
}

// well notes that the server took a mail; it reports whether it has just recovered.
func (l *line) well(now time.Time) (recovered bool) {
	l.mu.Lock()
	was := l.health.failures
	l.health = health{good: now}
	l.mu.Unlock()
	if was == 0 {
		return false
	}
	l.Log.Info("the SMTP server answers again", "mailbox", l.box.Name, "after", was)
	return true
}

// unwell notes that the server or the login is in trouble, and raises the alarm once an outage. It
// reports whether only this connection is one too many.
func (l *line) unwell(began, now time.Time, err *relay.Error) (crowded bool) {
	l.mu.Lock()
	was := l.health
	if was.crowded(began) {
		l.mu.Unlock()
		return true
	}
	l.health = was.failed(began, now, err, l.Config.Outbox.RetryMax.D())
	cry := !was.alerted && l.health.alarming(err)
	l.health.alerted = was.alerted || cry
	failures := l.health.failures
	l.mu.Unlock()
	if was.failures == 0 || failures != was.failures && failures%15 == 0 {
		l.Log.Error("the SMTP server cannot be used; mail waits in the outbox", "mailbox", l.box.Name, "err", err, "failures", failures)
	}
	if cry {
		l.Alert("smtp "+l.box.Name, fmt.Sprintf("the SMTP server of mailbox %s cannot be used: %v; mail waits in the outbox", l.box.Name, err))
	}
	return false
}
