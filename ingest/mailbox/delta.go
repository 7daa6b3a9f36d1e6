package mailbox

import (
	"math"
	"slices"

	"github.com/emersion/go-imap/v2"
)

const (
	// window is how far below the watermark we look again: UIDs are given out in order but may
	// become visible out of order, when two deliveries end at once.
	window = 500
	// passAtMost is how many UIDs are looked at in one go, whatever the server claims to hold.
	passAtMost = 50_000
)

// walk lists the UIDs of a server's reply, ascending and without repeats, from from on and at most
// limit of them; more says that the reply held further ones. The ranges are walked, never expanded:
// 1:4294967295 is 13 bytes on the wire and 16 GB as a list (trap 11). UIDs below from are dropped:
// the answer to n:* names the last mail even if its UID is lower (RFC 9051 section 6.4.8, trap 10).
func walk(set imap.UIDSet, from uint32, limit int) (uids []uint32, more bool) {
	ranges := make([][2]uint32, 0, len(set))
	for _, r := range set {
		start, stop := uint32(min(r.Start, r.Stop)), uint32(max(r.Start, r.Stop))
		if start != 0 && stop >= from { // 0 is "*", which a reply must not hold
			ranges = append(ranges, [2]uint32{start, stop})
		}
	}
	slices.SortFunc(ranges, func(a, b [2]uint32) int { return int(int64(a[0]) - int64(b[0])) })
	next := uint64(from) // 64 bits: the last UID has a successor here
	for _, r := range ranges {
		for u := max(uint64(r[0]), next); u <= uint64(r[1]); u++ {
			if len(uids) == limit {
				return uids, true
			}
			uids = append(uids, uint32(u))
			next = u + 1
		}
	}
	return uids, false
}

// without returns the listed UIDs that are not recorded; both ascend.
func without(listed, recorded []uint32) []uint32 {
	var missing []uint32
	for _, u := range listed {
		for len(recorded) > 0 && recorded[0] < u {
			recorded = recorded[1:]
		}
		if len(recorded) == 0 || recorded[0] != u {
			missing = append(missing, u)
		}
	}
	return missing
}

// lookFrom is the first UID of interest: a window below the watermark, but never history.
func lookFrom(history, watermark uint32) uint32 {
	if watermark <= window || watermark-window <= history {
		return min(history, math.MaxUint32-1) + 1
	}
	return watermark - window + 1
}

func uidRange(from, to uint32) imap.UIDSet {
	var set imap.UIDSet
	set.AddRange(imap.UID(from), imap.UID(to))
	return set
}

func uidSet(uids []uint32) imap.UIDSet {
	var set imap.UIDSet
	for _, u := range uids {
		set.AddNum(imap.UID(u))
	}
	return set
}

// search lists UIDs that match, from from on; see walk.
func (s *session) search(criteria imap.SearchCriteria, from uint32) (uids []uint32, more bool, err error) {
	data, err := s.searchFor(criteria, imap.SearchOptions{ReturnAll: true})
	if err != nil {
		return nil, false, err
	}
	set, _ := data.All.(imap.UIDSet)
	uids, more = walk(set, from, passAtMost)
	return uids, more, nil
}

// highest is the largest UID that matches, 0 for none.
func (s *session) highest(criteria imap.SearchCriteria) (uint32, error) {
	data, err := s.searchFor(criteria, imap.SearchOptions{ReturnMax: true})
	if err != nil {
		return 0, err
	}
	top := data.Max
	if set, ok := data.All.(imap.UIDSet); ok {
		for _, r := range set {
			top = max(top, uint32(r.Start), uint32(r.Stop))
		}
	}
	return top, nil
}

func (s *session) searchFor(criteria imap.SearchCriteria, want imap.SearchOptions) (data *imap.SearchData, err error) {
	options := &want
	if !s.caps.Has(imap.CapESearch) {
		options = nil // a plain SEARCH returns all
	}
	err = s.during(phaseCommand, "search folder", func() (err error) {
		data, err = s.client.UIDSearch(&criteria, options).Wait()
		return err
	})
	return data, err
}
