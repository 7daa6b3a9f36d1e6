package outbound

import (
	"sync"
	"time"

	"triaged/outbound/relay"
)

// health is what a line knows of its server. While it fails, one mail at a time probes it: an outage
// must neither hammer the server nor spend the attempts of every mail.
type health struct {
	failures int
	closed   time.Time // no attempt before
}

// failed returns the health after one more failure. A refused login is retried more slowly, since
// providers lock accounts that knock too often.
func (h health) failed(now time.Time, err *relay.Error) health {
	h.failures++
	most := time.Minute
	if err.Op == "auth" {
		most = 5 * time.Minute
	}
	h.closed = now.Add(Backoff(h.failures, 5*time.Second, most, 0.5))
	return h
}

func (h health) closedFor(now time.Time) time.Duration {
	if h.failures == 0 {
		return 0
	}
	return max(0, h.closed.Sub(now))
}

func (h health) probing() bool { return h.failures > 0 }

// alertAfter is how many failures in a row raise the alarm: a refused login at once, the rest on the third.
func alertAfter(err *relay.Error) int {
	if err.Op == "auth" {
		return 1
	}
	return 3
}

// pace spaces sends so that no minute carries more than a limit; the zero value does not limit.
type pace struct {
	perMinute int
	mu        sync.Mutex
	sent      []time.Time // the last perMinute sends, oldest first
}

// reserve counts a send and returns how long it must wait first.
func (p *pace) reserve(now time.Time) time.Duration {
	if p.perMinute <= 0 {
		return 0
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	at := now
	if len(p.sent) >= p.perMinute {
		if free := p.sent[0].Add(time.Minute); free.After(now) {
			at = free
		}
		p.sent = p.sent[1:]
	}
	p.sent = append(p.sent, at)
	return at.Sub(now)
}
