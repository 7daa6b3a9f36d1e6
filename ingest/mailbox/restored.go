package mailbox

import (
	"context"
	"fmt"
	"slices"

	"github.com/emersion/go-imap/v2"

	"triaged/ingest"
)

// compareAtMost is how many mails are compared at the beginning of a connection with what was recorded of them.
const compareAtMost = 5

// Known is what the Journal remembers of a mail by which it can be told from another one.
type Known struct {
	UID       uint32
	MessageID string // empty where the mail bears none
	Subject   string
}

// same compares two mails; known is false where they tell too little, as one that could not be read does.
func (k Known) same(other Known) (same, known bool) {
	switch {
	case k.MessageID != "" && other.MessageID != "":
		return k.MessageID == other.MessageID, true
	case k.MessageID == other.MessageID && k.Subject != "" && other.Subject != "":
		return k.Subject == other.Subject, true
	}
	return false, false
}

// another says why a folder cannot be the one that was recorded, though its UIDVALIDITY is: a backup was put back, or the folder
// made anew. UIDs are never given twice and UIDNEXT never falls (RFC 9051 section 2.3.1.1), but servers do not change UIDVALIDITY
// for every restore. next is the folder's UIDNEXT, 0 where not told; top the highest UID ever recorded or taken for
// history; known are recorded mails, and there is what bears their UIDs now. Empty: it is the same folder.
func another(next, top uint32, known, there []Known) (why string) {
	highest := uint32(0) // that is still what it was
	for _, k := range known {
		for _, now := range there {
			if now.UID != k.UID {
				continue
			}
			switch same, known := k.same(now); {
			case same:
				highest = max(highest, k.UID)
			case known:
				return fmt.Sprintf("UID %d is another mail now", k.UID)
			}
		}
	}
	// A server that still has our mail at UIDNEXT or above only tells UIDNEXT wrongly.
	if next != 0 && next <= top && highest < next {
		return fmt.Sprintf("the next UID is %d, and there was UID %d already", next, top)
	}
	return ""
}

// restored says why the open folder is another one than was recorded under its UIDVALIDITY; see another.
func (w *Watcher) restored(ctx context.Context, s *session, e Epoch) (why string, err error) {
	top := max(e.Watermark, e.History)
	if top == 0 {
		return "", nil
	}
	known, err := w.journal.Newest(ctx, w.name, e.UIDValidity, window)
	if err != nil {
		return "", &journalError{"see what was recorded last", err}
	}
	var there []Known
	if !w.shy {
		w.shy = true // until it went well: a mail that breaks the connection here must not do so every time
		if there, err = s.identities(known); err != nil {
			return "", err
		}
	}
	w.shy = false
	return another(uint32(s.selected.UIDNext), top, known, there), nil
}

// identities is what the folder has now under the highest UIDs of known that are taken.
func (s *session) identities(known []Known) ([]Known, error) {
	if len(known) == 0 {
		return nil, nil
	}
	recorded := make([]uint32, len(known))
	for i, k := range known {
		recorded[i] = k.UID
	}
	slices.Sort(recorded)
	first, last := recorded[0], recorded[len(recorded)-1]
	listed, _, err := s.search(imap.SearchCriteria{UID: []imap.UIDSet{uidRange(first, last)}}, first)
	if err != nil {
		return nil, err
	}
	taken := slices.DeleteFunc(listed, func(u uint32) bool { _, found := slices.BinarySearch(recorded, u); return !found })
	taken = taken[max(0, len(taken)-compareAtMost):]
	if len(taken) == 0 {
		return nil, nil
	}
	f := &bodyFetch{ // whole headers, so that they read as they did when they were recorded
		section: &imap.FetchItemBodySection{
			Peek: true, Specifier: imap.PartSpecifierHeader, Partial: &imap.SectionPartial{Size: headBytes},
		},
		most: headBytes, budget: compareAtMost * headBytes, came: make(map[uint32][]byte),
	}
	err = s.during(phaseCommand, "compare with what was recorded", func() error { return f.run(s, taken) })
	if err != nil && !refused(err) { // a server that refuses has not said that they differ
		return nil, err
	}
	var there []Known
	for uid, header := range f.came {
		if len(header) == headBytes { // cut off
			continue
		}
		m := ingest.Parse(header, ingest.Options{})
		there = append(there, Known{UID: uid, MessageID: m.MessageID, Subject: m.Subject})
	}
	return there, nil
}
