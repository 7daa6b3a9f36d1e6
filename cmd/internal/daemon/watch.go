package daemon

import (
	"sync"
	"time"

	"triaged/store"
)

// A mailbox is deaf after this many failed looks in a row, or this long without a good one.
const (
	deafAfter = 3
	deafFor   = 10 * time.Minute
)

// watch is what the daemon knows of its mailboxes while it runs.
type watch struct {
	mu    sync.Mutex
	boxes map[string]*BoxState
	ready func() // called once, when every mailbox was looked at or failed once
	left  int
}

// BoxState is the health of one mailbox.
type BoxState struct {
	LastGood time.Time          `json:"last_good_check"`
	LastErr  string             `json:"last_error,omitempty"`
	Failures int                `json:"failures"`
	Deaf     bool               `json:"deaf"`
	since    time.Time          // of the last good look, or of the start
	holds    map[store.Hold]int // how many are held for the operator, as announced
	seen     bool
}

func newWatch(names []string, now time.Time, ready func()) *watch {
	w := &watch{boxes: map[string]*BoxState{}, ready: ready, left: len(names)}
	for _, n := range names {
		w.boxes[n] = &BoxState{since: now, holds: map[store.Hold]int{}}
	}
	return w
}

// heard is the last good look at a mailbox; zero for none since the start, and for one that is not watched.
func (w *watch) heard(box string) time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if b := w.boxes[box]; b != nil {
		return b.LastGood
	}
	return time.Time{}
}

// pausing records a look at a mailbox that is heard well, while no mail is read.
func (w *watch) pausing(box string, at time.Time) {
	w.record(box, func(b *BoxState) { b.since, b.Failures, b.LastErr = at, 0, "" })
}

// checked records how a look at a mailbox ended.
func (w *watch) checked(box string, at time.Time, err error) {
	w.record(box, func(b *BoxState) {
		if err != nil {
			b.Failures++
			b.LastErr = err.Error()
			return
		}
		b.LastGood, b.since, b.Failures, b.LastErr = at, at, 0, ""
	})
}

// record changes the state of a mailbox; the last one to be looked at makes the daemon ready.
func (w *watch) record(box string, change func(*BoxState)) {
	w.mu.Lock()
	b := w.boxes[box]
	change(b)
	first := !b.seen
	if first {
		b.seen = true
		w.left--
	}
	announce := first && w.left == 0
	w.mu.Unlock()
	if announce {
		w.ready()
	}
}

// turned returns the mailboxes that have become deaf, and those that hear again, since it was last asked.
func (w *watch) turned(now time.Time) (deaf, hearing map[string]BoxState) {
	w.mu.Lock()
	defer w.mu.Unlock()
	deaf, hearing = map[string]BoxState{}, map[string]BoxState{}
	for name, b := range w.boxes {
		is := b.Failures >= deafAfter || now.Sub(b.since) > deafFor
		switch {
		case is && !b.Deaf:
			deaf[name] = *b
		case !is && b.Deaf:
			hearing[name] = *b
		}
		b.Deaf = is
	}
	return deaf, hearing
}

// grew says that more is held than was known, and whether the operator has been asked already.
func (w *watch) grew(box string, why store.Hold, n int) (grew, asked bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	b := w.boxes[box]
	was := b.holds[why]
	if n == 0 {
		delete(b.holds, why)
		return false, false
	}
	b.holds[why] = n
	return n > was, was > 0
}

// states is a copy of all.
func (w *watch) states() map[string]BoxState {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := map[string]BoxState{}
	for name, b := range w.boxes {
		all[name] = *b
	}
	return all
}
