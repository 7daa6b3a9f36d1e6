package llm

import (
	"sync"
	"time"
)

// longestPause bounds what an endpoint may ask for by Retry-After.
const longestPause = time.Hour

// breaker leaves a broken endpoint alone.
//
//	closed --failures in a row--> open --pause--> half open --one call--> closed, or open again
type breaker struct {
	failures int
	pause    time.Duration

	mu      sync.Mutex
	inARow  int
	until   time.Time // zero while closed
	probing bool      // half open: one call is under way
}

// enter asks to make a call; wait says for how long not, 0 that it may go. A caller that may go must leave.
func (b *breaker) enter(now time.Time) (wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case b.until.IsZero():
		return 0
	case now.Before(b.until):
		return b.until.Sub(now)
	case b.probing:
		return b.pause
	}
	b.probing = true
	return 0
}

// outcome is what a call says of the endpoint.
type outcome int

const (
	answered outcome = iota // it works, whatever it said of the mail
	failed                  // it does not
	unknown                 // the caller went away before it could tell
)

// leave tells what became of a call. rest is how long the endpoint asked to be left alone, 0 for none.
func (b *breaker) leave(o outcome, now time.Time, rest time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	probe := b.probing
	b.probing = false
	switch {
	case o == answered:
		b.inARow, b.until = 0, time.Time{}
	case o == unknown:
	default:
		b.inARow++
		if probe || b.inARow >= b.failures {
			b.until = now.Add(b.pause)
		}
		if until := now.Add(min(rest, longestPause)); rest > 0 && until.After(b.until) {
			b.until = until
		}
	}
}
