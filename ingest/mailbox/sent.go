package mailbox

import (
	"bufio"
	"bytes"
	"context"
	"net/textproto"
	"strings"

	"github.com/emersion/go-imap/v2"

	"triaged/config"
)

// sentAtMost is how many mails that may be the one are looked at.
const sentAtMost = 50

// fieldRef is the header field that names a thread in each mail we send. It is there for servers
// that replace Message-IDs.
const fieldRef = "X-Triaged-Ref"

// LookupSent looks in the account's Sent folder for a mail that we may have sent: one whose
// Message-ID, last References entry or X-Triaged-Ref is one of ids (the first two with angle
// brackets). It returns the id that was found. It uses a short connection of its own.
//
// Not found means "not sent" only where authoritative is true: the server has a folder with the
// attribute \Sent (RFC 6154; its name does not count), the search succeeded, and the folder holds
// some mail of ours, so that the server demonstrably files what we submit.
func LookupSent(ctx context.Context, cfg config.Mailbox, o Options, ids []string) (found string, authoritative bool, err error) {
	account := withDefaults(cfg.IMAP)
	s, err := connect(ctx, account.Server, o.withDefaults())
	if err != nil {
		return "", false, err
	}
	defer s.logout()
	folders, err := s.folders()
	folder := special(folders, imap.MailboxAttrSent)
	if err != nil || folder == "" {
		return "", false, err
	}
	if err := s.open(folder, false); err != nil {
		return "", false, err
	}
	for _, id := range ids {
		ok, err := s.holds(id)
		if err != nil {
			return "", false, err
		}
		if ok {
			return id, true, nil
		}
	}
	ours, err := s.highest(withField(fieldRef, ""))
	return "", err == nil && ours > 0, err
}

// holds says whether the open folder has a mail that is known by id. The server's search is for
// substrings and anywhere in References, where later mails of a thread name the earlier ones: so
// what it finds is read.
func (s *session) holds(id string) (bool, error) {
	byRef := imap.SearchCriteria{Or: [][2]imap.SearchCriteria{{withField("References", id), withField(fieldRef, id)}}}
	uids, _, err := s.search(imap.SearchCriteria{Or: [][2]imap.SearchCriteria{{withField("Message-ID", id), byRef}}}, 1)
	if err != nil || len(uids) == 0 {
		return false, err
	}
	uids = uids[max(0, len(uids)-sentAtMost):]
	section := &imap.FetchItemBodySection{
		Peek: true, Specifier: imap.PartSpecifierHeader, HeaderFields: []string{"Message-ID", "References", fieldRef},
	}
	f := &bodyFetch{section: section, most: headBytes, budget: sentAtMost * headBytes, came: make(map[uint32][]byte)}
	err = s.during(phaseCommand, "fetch headers of sent mail", func() error { return f.run(s, uids) })
	for _, header := range f.came {
		if knownBy(header, id) {
			return err == nil, err
		}
	}
	return false, err
}

// knownBy says whether a header section carries id where only the mail itself carries it.
func knownBy(header []byte, id string) bool {
	h, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(header))).ReadMIMEHeader()
	if err != nil && len(h) == 0 {
		return false
	}
	if strings.TrimSpace(h.Get("Message-Id")) == id || strings.TrimSpace(h.Get(fieldRef)) == id {
		return true
	}
	references := strings.Fields(h.Get("References"))
	return len(references) > 0 && references[len(references)-1] == id
}

func withField(name, value string) imap.SearchCriteria {
	return imap.SearchCriteria{Header: []imap.SearchCriteriaHeaderField{{Key: name, Value: value}}}
}
