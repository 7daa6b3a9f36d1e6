package daemon

import (
	"context"
	"errors"
	"sync"
	"time"
)

const (
	keysKept   = 1000
	keyLasts   = time.Hour   // a key that was found
	noKeyLasts = time.Minute // a failure: the next mail of a flood does not wait for the same silent name server
)

// keyCache remembers key records, no more than keysKept. The zero value is empty.
type keyCache struct {
	mu   sync.Mutex
	kept map[string]keptKey
}

type keptKey struct {
	txt   []string
	err   error
	until time.Time
}

// get returns what is remembered of a domain, or looks it up.
func (c *keyCache) get(ctx context.Context, domain string, lookup func(context.Context, string) ([]string, error)) ([]string, error) {
	c.mu.Lock()
	k, ok := c.kept[domain]
	c.mu.Unlock()
	if ok && time.Now().Before(k.until) {
		return k.txt, k.err
	}
	k.txt, k.err = lookup(ctx, domain)
	if errors.Is(ctx.Err(), context.Canceled) {
		return k.txt, k.err // we were interrupted: that says nothing about the domain
	}
	lasts := keyLasts
	if k.err != nil {
		lasts = noKeyLasts
	}
	k.until = time.Now().Add(lasts)
	c.keep(domain, k)
	return k.txt, k.err
}

func (c *keyCache) keep(domain string, k keptKey) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kept == nil {
		c.kept = map[string]keptKey{}
	}
	for old := range c.kept {
		if len(c.kept) < keysKept {
			break
		}
		delete(c.kept, old) // any: a map is walked in random order
	}
	c.kept[domain] = k
}
