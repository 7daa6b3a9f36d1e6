package daemon

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"triaged/config"
	"triaged/outbound/relay/sink"
)

// tank is a disk whose free space a story decides.
type tank struct {
	mu   sync.Mutex
	free uint64
	err  error
}

func (k *tank) holds(free uint64, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.free, k.err = free, err
}

func (k *tank) measure(string) (free, total uint64, err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.free, 100 << 30, k.err
}

// onDisk gives a daemon the disk of a story.
func (h *house) onDisk(k *tank) func(*Options) {
	return func(o *Options) { o.Disk = k.measure }
}

func TestReadingPausesBelowTheReserve(t *testing.T) {
	t.Parallel()
	size := func(n config.Size) *config.Size { return &n }
	for _, c := range []struct {
		name  string
		disk  space
		set   *config.Size
		pause bool
	}{
		{"a large disk, just below the default of 1 GiB", space{1<<30 - 1, 500 << 30}, nil, true},
		{"a large disk with 1 GiB, though that is far less than a tenth", space{1 << 30, 500 << 30}, nil, false},
		{"a small disk, just below a tenth", space{1<<30/10 - 1, 1 << 30}, nil, true},
		{"a small disk with a tenth", space{1 << 30 / 10, 1 << 30}, nil, false},
		{"less than what was set", space{2<<30 - 1, 500 << 30}, size(2 << 30), true},
		{"as much as was set", space{2 << 30, 500 << 30}, size(2 << 30), false},
		{"no reserve, no room", space{0, 500 << 30}, size(0), false},
		{"no room at all", space{0, 500 << 30}, nil, true},
		{"a file system that does not tell", space{0, 0}, nil, false},
	} {
		why := pauses(c.disk, c.set)
		if (why != "") != c.pause {
			t.Errorf("%s: pauses() = %q, want a pause: %v", c.name, why, c.pause)
		}
		if c.pause && !strings.Contains(why, "limits.disk_reserve") {
			t.Errorf("%s: %q does not name the key", c.name, why)
		}
	}
}

func TestTheKernelIsAskedForTheDisk(t *testing.T) {
	t.Parallel()
	free, total, err := measure(t.TempDir())
	if err != nil || total == 0 || free > total {
		t.Errorf("measure = %d of %d, %v, want a part of something", free, total, err)
	}
	if _, _, err := measure("/nowhere/at/all"); err == nil {
		t.Error("a folder that is not there was measured")
	}
}

func TestANearlyFullDiskIsAPauseAndNotALoss(t *testing.T) {
	inHouse(t, "alerts: {webhook: \"http://hook.example/alert\"}\n", func(h *house) {
		got := h.webhook("hook.example:80")
		k, began := &tank{free: 50 << 30}, time.Now()
		h.start(h.onDisk(k))
		h.smtp.Follow(func(s sink.Step) sink.Answer { // the first acknowledgement is still owed when the disk fills
			if s.Stage == sink.Rcpt && time.Since(began) < 5*time.Minute {
				return sink.Answer{Code: 451, Enhanced: "4.7.1", Text: "later"}
			}
			return sink.Answer{}
		})
		h.arrives("support", mail{From: "first@customer.example", Subject: "Before"})
		h.passes(time.Minute)
		dials := h.net.Dials("imap.desk.example:143")

		k.holds(1<<30-1, nil)
		h.passes(30 * time.Second) // nothing arrives meanwhile: the disk is watched all the same
		if h.daemon.obey(t.Context(), Request{Verb: "status"}).Degraded == "" {
			h.t.Error("not degraded after 30 s")
		}
		h.arrives("support", mail{From: "second@customer.example", Subject: "Meanwhile"})
		h.passes(20 * time.Minute)
		h.wantAcks("first@customer.example")
		if n := len(h.threads()); n != 1 {
			h.t.Errorf("%d threads below the reserve, want the 1 from before", n)
		}
		if b := h.daemon.watch.states()["support"]; b.Deaf || b.Failures > 0 {
			h.t.Errorf("the mailbox counts as in trouble: %+v", b)
		}
		if n := h.net.Dials("imap.desk.example:143") - dials; n > 3 { // what looks into Junk comes and goes
			h.t.Errorf("%d new connections, want the one that idles kept", n)
		}
		if all := strings.Join(got(), "\n"); strings.Count(all, `"what":"the disk is nearly full`) != 1 {
			h.t.Errorf("the webhook heard %q, want one alert about the disk", all)
		}
		if n := strings.Count(h.logs.String(), "DEGRADED"); n != 1 {
			h.t.Errorf("%d log lines, want 1", n)
		}

		k.holds(1<<30, nil)
		h.passes(time.Minute)
		h.wantAcks("first@customer.example", "second@customer.example")
		if s := h.daemon.obey(t.Context(), Request{Verb: "status"}).Degraded; s != "" {
			h.t.Errorf("still degraded: %s", s)
		}
	})
}

func TestADiskThatCannotBeMeasuredPausesNothing(t *testing.T) {
	inHouse(t, "", func(h *house) {
		k := &tank{err: errors.New("no such device")}
		h.start(h.onDisk(k))
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Help"})
		h.passes(5 * time.Minute)
		h.wantAcks("dana@customer.example")
		if n := strings.Count(h.logs.String(), "cannot be measured"); n != 1 {
			h.t.Errorf("%d warnings, want 1", n)
		}
	})
}
