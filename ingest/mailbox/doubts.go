package mailbox

import (
	"cmp"
	"fmt"
)

// strikesOut is how many failures of its own a UID is allowed before it is handed over as Failed.
const strikesOut = 3

// doubts is what a watcher remembers, across connections, of UIDs whose fetch failed. One mail that
// makes the server or the library stumble must not stop the mailbox for ever (trap 9): what failed
// together is tried again in halves, down to single UIDs, and a single one has three tries.
type doubts struct {
	of map[uint32]*doubt
}

type doubt struct {
	company int // in how large a batch it may be tried; 0 for any
	strikes int
	why     error
	large   bool // its literal was larger than allowed, whatever RFC822.SIZE said
}

func (d *doubts) at(uid uint32) *doubt {
	if d.of == nil {
		d.of = make(map[uint32]*doubt)
	}
	if d.of[uid] == nil {
		d.of[uid] = new(doubt)
	}
	return d.of[uid]
}

// run says how many of the UIDs may be fetched together, from the first on: at most limit, at most
// what the doubtful ones among them allow, at least one.
func (d *doubts) run(uids []uint32, limit int) int {
	n := 0
	for n < len(uids) && n < limit {
		if t := d.of[uids[n]]; t != nil && t.company > 0 {
			limit = min(limit, t.company)
			if n >= limit {
				break
			}
		}
		n++
	}
	return max(n, 1)
}

// failed is told that the fetch of uids, which were still to come, failed together. suspect is the
// one whose body was on its way, 0 where that is not known.
func (d *doubts) failed(uids []uint32, suspect uint32, why error) {
	switch {
	case len(uids) == 1:
		d.strike(uids[0], why)
	case suspect != 0:
		d.strike(suspect, why)
	default:
		for _, u := range uids {
			t := d.at(u)
			t.company, t.why = len(uids)/2, why
		}
	}
}

func (d *doubts) strike(uid uint32, why error) {
	t := d.at(uid)
	t.company, t.why = 1, why
	t.strikes++
}

// condemned says why a UID is not tried again; empty while it is.
func (d *doubts) condemned(uid uint32) string {
	if t := d.of[uid]; t != nil && t.strikes >= strikesOut {
		return fmt.Sprintf("could not be fetched after %d tries: %v", t.strikes, cmp.Or(t.why, errNothingCame))
	}
	return ""
}

// large says that the UID's literal exceeded the limit, so that only its beginning is asked for.
func (d *doubts) large(uid uint32) bool {
	t := d.of[uid]
	return t != nil && t.large
}

// cleared forgets UIDs that have been handed over.
func (d *doubts) cleared(mails []Mail) {
	for _, m := range mails {
		delete(d.of, m.UID)
	}
}
