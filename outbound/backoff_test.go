package outbound_test

import (
	"math"
	"testing"
	"time"

	"triaged/outbound"
)

func TestBackoffDoublesUpToItsCap(t *testing.T) {
	t.Parallel()
	const first, most = 30 * time.Second, 2 * time.Hour
	for _, c := range []struct {
		attempt int
		want    time.Duration
	}{
		{-3, first},
		{0, first},
		{1, first},
		{2, time.Minute},
		{3, 2 * time.Minute},
		{8, 64 * time.Minute},
		{9, most},
		{10, most},
		{math.MaxInt, most},
	} {
		if got := outbound.Backoff(c.attempt, first, most, 0.5); got != c.want {
			t.Errorf("Backoff(%d, 30s, 2h, 0.5) = %s, want %s", c.attempt, got, c.want)
		}
	}
}

func TestBackoffSpreadsByAFifth(t *testing.T) {
	t.Parallel()
	for jitter, want := range map[float64]time.Duration{0: 80 * time.Second, 0.5: 100 * time.Second, 1: 120 * time.Second} {
		if got := outbound.Backoff(1, 100*time.Second, time.Hour, jitter); got != want {
			t.Errorf("Backoff(1, 100s, 1h, %v) = %s, want %s", jitter, got, want)
		}
	}
}

func TestBackoffHasNoSurprises(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ first, most, want time.Duration }{
		"no first wait":      {0, time.Hour, 0},
		"a cap below first":  {time.Hour, time.Minute, time.Minute},
		"the longest of all": {math.MaxInt64 / 2, math.MaxInt64 / 2, math.MaxInt64 / 2},
	} {
		if got := outbound.Backoff(40, c.first, c.most, 0.5); got != c.want {
			t.Errorf("%s: Backoff(40, %s, %s, 0.5) = %s, want %s", name, c.first, c.most, got, c.want)
		}
	}
}
