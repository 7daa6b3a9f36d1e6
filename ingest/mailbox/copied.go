package mailbox

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/textproto"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// compareTogether is how many headers are fetched, and Message-IDs searched for, by one command.
const compareTogether = 16

// head is what tells whether a mail is a copy of another: its header, with every trace line of its delivery.
type head struct {
	id   string // Message-ID, empty for none
	hash [32]byte
}

// copied says which of the mails of the open folder are in the target already: a link that broke between COPY and the mark
// leaves the copy there and us without its answer. The target is searched by Message-ID, but only an equal header is a copy: a stranger
// may choose the same Message-ID, and such a mail must not be expunged unmoved. A mail without one is copied again. Afterwards the folder is
// open as before.
func (s *session) copied(uids []uint32, source, target string) (there []uint32, err error) {
	heads, err := s.heads(uids)
	if refused(err) { // a server that cannot tell is not asked
		return nil, nil
	}
	if err != nil || len(heads) == 0 {
		return nil, err
	}
	was, messages := s.selected, s.messages.Load()
	known := map[[32]byte]bool{}
	err = s.open(target, false)
	if err == nil {
		known, err = s.headsOf(heads)
	}
	if err != nil && !refused(err) { // refused: it is yet to be created, or cannot be searched
		return nil, err
	}
	s.messages.Store(messages) // what the other folder holds is no news of this one
	if err := s.open(source, true); err != nil {
		s.guard.kill(err)
		return nil, fmt.Errorf("%w: %v", errReadOnly, err)
	}
	if s.selected.UIDValidity != was.UIDValidity {
		s.guard.kill(errors.New("UIDVALIDITY changed while the target of a move was looked at"))
		return nil, s.guard.cause()
	}
	for _, u := range uids {
		if h, ok := heads[u]; ok && known[h.hash] {
			there = append(there, u)
		}
	}
	return there, nil
}

// heads reads the headers of mails of the open folder, those left out that have no Message-ID.
func (s *session) heads(uids []uint32) (map[uint32]head, error) {
	all := make(map[uint32]head, len(uids))
	for some := range slices.Chunk(uids, compareTogether) {
		f := &bodyFetch{
			section: &imap.FetchItemBodySection{
				Peek: true, Specifier: imap.PartSpecifierHeader, Partial: &imap.SectionPartial{Size: headBytes},
			},
			most: headBytes, budget: compareTogether * headBytes, came: make(map[uint32][]byte),
		}
		err := s.during(phaseCommand, "fetch headers of what is moved", func() error { return f.run(s, some) })
		if err != nil {
			return nil, err
		}
		for uid, header := range f.came {
			h, _ := textproto.NewReader(bufio.NewReader(bytes.NewReader(header))).ReadMIMEHeader() // a wrong line ends it, no more
			if id := strings.TrimSpace(h.Get("Message-Id")); id != "" && !strings.ContainsAny(id, "\r\n\x00") {
				all[uid] = head{id: id, hash: sha256.Sum256(header)}
			}
		}
	}
	return all, nil
}

// headsOf looks in the open folder for mails with the Message-IDs of heads, and returns the hashes of their headers.
func (s *session) headsOf(heads map[uint32]head) (map[[32]byte]bool, error) {
	var ids []string
	for _, h := range heads {
		ids = append(ids, h.id)
	}
	slices.Sort(ids)
	known := map[[32]byte]bool{}
	for some := range slices.Chunk(slices.Compact(ids), compareTogether) {
		uids, _, err := s.search(anyOf(some), 1)
		if err != nil {
			return nil, err
		}
		found, err := s.heads(uids[max(0, len(uids)-10*compareTogether):]) // the newest: a copy was made just before
		if err != nil {
			return nil, err
		}
		for _, h := range found {
			known[h.hash] = true
		}
	}
	return known, nil
}

// anyOf matches the mails with one of the Message-IDs.
func anyOf(ids []string) imap.SearchCriteria {
	if len(ids) == 1 {
		return withField("Message-ID", ids[0])
	}
	half := len(ids) / 2
	return imap.SearchCriteria{Or: [][2]imap.SearchCriteria{{anyOf(ids[:half]), anyOf(ids[half:])}}}
}
