package mailbox

import (
	"context"
	"crypto/sha256"
	"errors"
	"math/rand/v2"
	"os"
	"time"

	"triaged/config"
	"triaged/config/login"
)

const (
	// steady is how long a connection must have lived for its end to count as a first failure.
	steady = time.Minute
	// secretEvery is how often, after a refused login, we see whether the secret was changed.
	secretEvery = 10 * time.Second
)

// exponential is the pause after the n-th failure in a row: first, twice that, and so on up to most;
// jitter, from 0 to 1, takes up to a fifth off, so that many mailboxes of one server do not return
// at the same instant.
func exponential(n int, first, most time.Duration, jitter float64) time.Duration {
	pause := most
	if shift := n - 1; shift < 32 && first<<shift>>shift == first {
		pause = min(first<<shift, most)
	}
	return pause - time.Duration(jitter*float64(pause)/5)
}

// refusedPause is the pause after the n-th refused login since one worked: three times
// reconnect_max, which is 15 minutes by default, because providers lock accounts that keep trying.
// When this very secret has worked before, the first refusal is more likely the server's hiccup: one
// earlier try is spent on that.
func refusedPause(n int, most time.Duration, workedBefore bool) time.Duration {
	if workedBefore && n == 1 {
		return min(most, time.Minute)
	}
	return 3 * most
}

func (w *Watcher) backoff(n int) time.Duration {
	return exponential(n, w.imap.ReconnectFirst.D(), w.imap.ReconnectMax.D(), rand.Float64())
}

// pauseAfter says what happened and waits before the next connection. After a refused login a
// changed secret (a rotated token, a corrected password file) ends the wait.
func (w *Watcher) pauseAfter(ctx context.Context, err error, failures int) {
	pause := w.backoff(failures)
	if !errors.Is(err, errRefused) {
		w.log.Warn("mailbox not watched", "error", err, "retry_in", pause, "failures", failures)
		wait(ctx, pause)
		return
	}
	used := secret(w.imap.Server)
	w.refusals++
	pause = refusedPause(w.refusals, w.imap.ReconnectMax.D(), used != "" && used == w.proven)
	w.log.Error("MAIL IS NOT BEING READ: the server refuses our login; correct the account's secret, it is read again at each try",
		"username", w.imap.Username, "error", err, "retry_in", pause, "refusals", w.refusals)
	for end := time.Now().Add(pause); wait(ctx, min(secretEvery, time.Until(end))); {
		if secret(w.imap.Server) != used {
			w.log.Info("the secret was changed: trying it")
			return
		}
		if !time.Now().Before(end) {
			return
		}
	}
}

// wait sleeps; false says that ctx ended.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

// secret is a hash of the account's present secret, only to see whether it changed; empty when it
// cannot be read.
func secret(s config.Server) string {
	var b []byte
	if s.AccessTokenFile != "" {
		b, _ = os.ReadFile(s.AccessTokenFile)
	} else if p, err := login.Password(s); err == nil {
		b = []byte(p)
	}
	if len(b) == 0 {
		return ""
	}
	sum := sha256.Sum256(b)
	return string(sum[:])
}
