package daemon

import (
	"sync"
	"time"

	"triaged/store"
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
	holds    map[store.Hold]int // how many are held for the operator, as announced
	seen     bool
}

func newWatch(names []string, ready func()) *watch {
	w := &watch{boxes: map[string]*BoxState{}, ready: ready, left: len(names)}
	for _, n := range names {
		w.boxes[n] = &BoxState{holds: map[store.Hold]int{}}
	}
	return w
}

// checked records how a look at a mailbox ended.
func (w *watch) checked(box string, at time.Time, err error) {
	w.mu.Lock()
	b := w.boxes[box]
	if err != nil {
		b.Failures++
		b.LastErr = err.Error()
	} else {
		b.LastGood, b.Failures, b.LastErr = at, 0, ""
	}
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
