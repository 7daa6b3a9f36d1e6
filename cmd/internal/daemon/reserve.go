package daemon

import (
	"context"
	"fmt"
	"sync"
	"time"

	"triaged/config"
)

const (
	// reserveMost and reserveShare are the default of limits.disk_reserve: a tenth of a small disk, and of a
	// large one no more than what the daemon needs to send all that it owes.
	reserveMost  = 1 << 30
	reserveShare = 10
	// measureEvery is how often the disk is measured while no mail arrives.
	measureEvery = 10 * time.Second
)

// space is a file system in bytes; free is what our user may still write. A total of 0 says nothing.
type space struct{ free, total uint64 }

// reserve is how much of a disk stays free, in bytes. set is limits.disk_reserve, nil for its default.
func reserve(set *config.Size, total uint64) uint64 {
	if set != nil {
		return uint64(*set)
	}
	return min(reserveMost, total/reserveShare)
}

// pauses says that no new mail is read for want of space, and why. The reason names no measured value, so that it is
// the same until the pause ends.
func pauses(disk space, set *config.Size) (why string) {
	keep := reserve(set, disk.total)
	if disk.total == 0 || disk.free >= keep {
		return ""
	}
	return fmt.Sprintf("less than limits.disk_reserve (%s) is free on the disk of state_dir: new mail waits on the server until there is room", mib(keep))
}

func mib(n uint64) string {
	if s := config.Size(n); n%(1<<20) == 0 {
		return s.String()
	}
	return fmt.Sprintf("%dMiB", n>>20)
}

// disk measures the file system of state_dir.
type disk struct {
	dir     string
	set     *config.Size
	measure func(dir string) (free, total uint64, err error)

	mu      sync.Mutex
	why     string // of the pause; empty for none
	failure string // of the last measure
}

// look measures and decides. turned says that the answer differs from the last one; failed is set where measuring
// failed for a new reason, which pauses nothing.
func (d *disk) look() (why string, now space, turned bool, failed error) {
	free, total, err := d.measure(d.dir)
	d.mu.Lock()
	defer d.mu.Unlock()
	if err != nil {
		if err.Error() != d.failure {
			failed = err
		}
		d.failure = err.Error()
		return d.why, now, false, failed
	}
	d.failure = ""
	now = space{free, total}
	was := d.why
	d.why = pauses(now, d.set)
	return d.why, now, (was == "") != (d.why == ""), nil
}

// paused is the reason of the pause, as last measured; empty for none.
func (d *disk) paused() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.why
}

// noRoom is the error that Room gives.
type noRoom string

func (n noRoom) Error() string { return string(n) }

// Room says why no new mail is taken now: the disk is nearly full.
func (d *Daemon) Room() error {
	why, now, turned, failed := d.disk.look()
	switch {
	case failed != nil:
		d.log.Warn("the disk of state_dir cannot be measured", "err", failed)
	case turned && why != "":
		d.log.Error("DEGRADED: "+why, "free", mib(now.free), "of", mib(now.total))
		d.alerts.cry(alarm{
			Key: "disk", What: "the disk is nearly full: no new mail is read", At: time.Now(),
			Why: why + "; what is owed still goes out, and reading goes on by itself",
		})
	case turned:
		d.log.Info("there is room on the disk again: mail is read", "free", mib(now.free), "of", mib(now.total))
	}
	if why != "" {
		return noRoom(why)
	}
	return nil
}

// watchDisk measures until the context ends, so that a nearly full disk is told though no mail arrives.
func (d *Daemon) watchDisk(ctx context.Context) error {
	t := time.NewTicker(measureEvery)
	defer t.Stop()
	for {
		_ = d.Room()
		select {
		case <-t.C:
		case <-ctx.Done():
			return nil
		}
	}
}
