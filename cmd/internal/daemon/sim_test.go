package daemon

import (
	"flag"
	"fmt"
	"regexp"
	"strconv"
	"testing"
	"time"
)

// A simulation of go test is small; .ci/run and .ci/long say -args -seeds 300 -days 30 -customers 200.
var (
	seeds     = flag.Uint64("seeds", 2, "how many seeds are simulated")
	firstSeed = flag.Uint64("seed", 1, "the first seed that is simulated")
	days      = flag.Int("days", 3, "how many days a simulation lasts")
	customers = flag.Int("customers", 30, "how many customers write in a simulation")
	showCase  = flag.Bool("case", false, "show the whole case of each promise that was broken in a simulation")
)

// TestPromisesAreKeptWhateverFails lives through days of mail with servers that fail and a daemon that is restarted, killed and
// suspended, and holds each against the invariants. -args -seed N -seeds 1 repeats the plan of one.
func TestPromisesAreKeptWhateverFails(t *testing.T) {
	t.Parallel()
	long(t)
	for seed := *firstSeed; seed < *firstSeed+*seeds; seed++ {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			began := time.Now()
			r := simulate(t, scale{seed: seed, days: *days, customers: *customers})
			for i, b := range r.check() {
				if i == 40 {
					t.Error("and more")
					break
				}
				t.Errorf("%s: %s", b.rule, b.what)
				if id, ok := threadIn(b.what); ok && *showCase {
					t.Log(r.show(id))
				}
			}
			t.Log(r.kinds(), r.outcomes())
			t.Logf("seed %d: %d days, %d mails in, %d out, %d threads, %d faults, in %s", seed, *days, len(r.in), len(r.out), len(r.threads), len(r.faults), time.Since(began).Round(time.Millisecond))
		})
	}
}

var threadForm = regexp.MustCompile(`#(\d{4,})`)

// threadIn is the thread that the words of a breach name.
func threadIn(what string) (id int64, ok bool) {
	found := threadForm.FindStringSubmatch(what)
	if found == nil {
		return 0, false
	}
	id, err := strconv.ParseInt(found[1], 10, 64)
	return id, err == nil
}
