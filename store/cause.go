package store

import (
	"cmp"
	"slices"
	"strings"
)

// Cause is why mails did not leave.
type Cause struct {
	What, Why string  // "withheld ack", "machine mail: ..."
	N         int     // mails
	Threads   []int64 // each once, in their order
}

// Causes groups the mails of the window that were withheld or failed by what and why, the most frequent first. A failure of one server
// has many wordings: failures are grouped by what alone, and Why is that of the latest.
func (r Report) Causes() []Cause {
	var all []Cause
	at := map[[2]string]int{}
	for _, e := range r.Unsent {
		if !r.in(e.At) {
			continue
		}
		key := [2]string{e.What, e.Why}
		if !withheld(e) {
			key[1] = ""
		}
		i, known := at[key]
		if !known {
			i = len(all)
			at[key] = i
			all = append(all, Cause{What: e.What})
		}
		all[i].N++
		all[i].Why = e.Why
		if e.Thread != 0 && !slices.Contains(all[i].Threads, e.Thread) {
			all[i].Threads = append(all[i].Threads, e.Thread)
		}
	}
	slices.SortStableFunc(all, func(a, b Cause) int { return cmp.Compare(b.N, a.N) })
	return all
}

func withheld(e Event) bool { return strings.HasPrefix(e.What, "withheld ") }
