package mailbox

import (
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// datesAtOnce is how many INTERNALDATEs are asked for together.
const datesAtOnce = 500

// history finds what was in the folder before we came: the highest UID such that it and every mail
// below it arrived before notBefore (INTERNALDATE, RFC 9051 section 2.3.3). 0 for none.
//
// A mail that is not older is never swallowed, however the dates are mixed: history ends below the
// first one. Older mails above that (moved in later, or restored) are handed over as usual; whoever
// judges them sees Mail.At. It is asked once for each UIDVALIDITY, so after a reset as well: what
// was already old when triaged came is then skipped again, everything later is handed over again and
// recognised by what it is (Message-ID and digest), not by its UID.
//
// Bodies are not read, and dates only of mails within two days of notBefore: SEARCH SINCE sorts out
// the rest on the server. It compares days in a zone of the server's choice, hence the two days. So
// 200,000 old mails cost three SEARCHes.
func (s *session) history(notBefore time.Time) (uint32, error) {
	if notBefore.IsZero() {
		return 0, nil
	}
	// The highest first: what arrives while we ask has a higher UID and stays out of it.
	top, err := s.highest(imap.SearchCriteria{UID: []imap.UIDSet{uidRange(1, 0)}})
	if err != nil || top == 0 {
		return 0, err
	}
	candidates, more, err := s.search(imap.SearchCriteria{Since: notBefore.AddDate(0, 0, -2)}, 1)
	if err != nil {
		return 0, err
	}
	first, err := s.firstSince(candidates, notBefore)
	if err != nil {
		return 0, err
	}
	switch {
	case first == 0 && more: // nothing new among 50,000: rather too much is read than too little
		first = candidates[0]
	case first == 0:
		return top, nil
	}
	if first == 1 {
		return 0, nil
	}
	return s.highest(imap.SearchCriteria{UID: []imap.UIDSet{uidRange(1, first-1)}})
}

// firstSince is the lowest of the UIDs, which ascend, that did not arrive before t; 0 for none. A
// mail whose date the server does not tell counts as new.
func (s *session) firstSince(uids []uint32, t time.Time) (uint32, error) {
	for len(uids) > 0 {
		chunk := uids[:min(len(uids), datesAtOnce)]
		uids = uids[len(chunk):]
		dates, err := s.dates(chunk)
		if err != nil {
			return 0, err
		}
		for _, u := range chunk {
			if at, known := dates[u]; known && (at.IsZero() || !at.Before(t)) {
				return u, nil
			}
		}
	}
	return 0, nil
}

// dates asks for INTERNALDATEs. UIDs that have gone are missing from the answer.
func (s *session) dates(uids []uint32) (map[uint32]time.Time, error) {
	dates := make(map[uint32]time.Time, len(uids))
	err := s.during(phaseCommand, "fetch arrival dates", func() error {
		cmd := s.client.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, InternalDate: true})
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			var uid uint32
			var at time.Time
			for item := msg.Next(); item != nil; item = msg.Next() {
				switch item := item.(type) {
				case imapclient.FetchItemDataUID:
					uid = uint32(item.UID)
				case imapclient.FetchItemDataInternalDate:
					at = item.Time
				}
			}
			dates[uid] = at
		}
		return cmd.Close()
	})
	return dates, err
}
