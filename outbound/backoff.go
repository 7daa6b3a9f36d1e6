package outbound

import "time"

// Backoff is how long to wait after a failed attempt: first after attempt 1 (the first that failed),
// doubled with each further one, never more than max, then spread by ±20 % so that mails which failed
// together do not return together. jitter in [0, 1) is the caller's random number: 0 is 20 % less,
// 0.5 none, 1 is 20 % more. An attempt below 1 counts as 1; a first of 0 or less waits nothing.
func Backoff(attempt int, first, max time.Duration, jitter float64) time.Duration {
	if first <= 0 {
		return 0
	}
	wait := first
	for n := 1; n < attempt && wait < max; n++ {
		if wait > max/2 { // doubling would pass max, or overflow
			wait = max
			break
		}
		wait *= 2
	}
	wait = min(wait, max)
	return wait + time.Duration((jitter-0.5)*0.4*float64(wait))
}
