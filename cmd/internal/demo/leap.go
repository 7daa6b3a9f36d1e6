package demo

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// leap runs f from the instant begin on, on a clock that stands still while anything works and leaps to
// the next thing due when everything waits: a bubble of testing/synctest, in which the whole daemon runs
// as it is, with every promise at its full length. The zero testing.T is all that such a bubble needs outside of
// go test; the demo's own tests would show if a later Go wanted more.
//
// What f is given: a context that belongs to the bubble, and rest, which waits in the time of the person
// who watches while the leaping clock stands still. It returns ctx's error once ctx has ended: the only
// way in which the outside ends f.
func leap(ctx context.Context, begin time.Time, f func(ctx context.Context, rest func(time.Duration) error) error) error {
	done := ctx.Done() // a channel that was made in the bubble could not be closed from outside
	asked, rested := make(chan time.Duration), make(chan struct{})
	defer close(asked)
	go func() {
		for d := range asked {
			t := time.NewTimer(d)
			select {
			case <-t.C:
			case <-done:
				t.Stop()
			}
			rested <- struct{}{}
		}
	}()
	rest := func(d time.Duration) error {
		asked <- d
		<-rested
		return ctx.Err()
	}
	var err error
	synctest.Test(new(testing.T), func(*testing.T) {
		time.Sleep(time.Until(begin)) // a bubble begins with the year 2000
		inside, stop := context.WithCancel(context.Background())
		defer stop()
		err = f(inside, rest)
	})
	return err
}
