package outbound

import (
	"sync"
	"time"
)

// pace spaces sends so that no minute carries more than a limit; the zero value does not limit. The
// pace of acknowledgements is shared by all lines.
type pace struct {
	perMinute int
	mu        sync.Mutex
	sent      []time.Time // the last perMinute sends, oldest first
}

// wait is how long the next send has to wait.
func (p *pace) wait(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until(now)
}

// reserve counts a send, unless it has to wait first: then it says how long.
func (p *pace) reserve(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if wait := p.until(now); wait > 0 || p.perMinute <= 0 {
		return wait
	}
	if len(p.sent) >= p.perMinute {
		p.sent = p.sent[1:]
	}
	p.sent = append(p.sent, now)
	return 0
}

func (p *pace) until(now time.Time) time.Duration {
	if p.perMinute <= 0 || len(p.sent) < p.perMinute {
		return 0
	}
	return max(0, p.sent[0].Add(time.Minute).Sub(now))
}
