package mailbox

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

const (
	batchMails = 250       // mails fetched by one command (trap 18: one FETCH at a time, up to 250)
	batchBytes = 4 << 20   // about how many bytes of mail a batch holds
	headBytes  = 256 << 10 // how much of a mail over the limit is read
)

var (
	errNothingCame = errors.New("the server lists the UID but sends nothing for it")
	errCut         = errors.New("the body ended early")
	errOversize    = errors.New("the body is larger than the server had said and than is allowed")
)

// letter is what the server says of a mail before its body is fetched.
type letter struct {
	uid  uint32
	at   time.Time
	size int64
	head bool // only its beginning is fetched
}

// weight is about how many bytes the fetch will bring.
func (l letter) weight() int64 {
	if l.head {
		return headBytes
	}
	return l.size
}

// fetchFault is a failed fetch: which UIDs had not come, and which one was on its way (0: unknown).
type fetchFault struct {
	missing []uint32
	suspect uint32
	err     error
}

func (f *fetchFault) Error() string { return f.err.Error() }
func (f *fetchFault) Unwrap() error { return f.err }

// letters asks for size and arrival of uids, which ascend. It never asks for ENVELOPE or
// BODYSTRUCTURE, which odd mail makes unreadable for the library (trap 9). What has gone is missing
// from the answer (trap 15).
func (s *session) letters(uids []uint32) ([]letter, error) {
	found := make(map[uint32]letter, len(uids))
	err := s.during(phaseCommand, "fetch sizes", func() error {
		cmd := s.client.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, RFC822Size: true, InternalDate: true})
		for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
			l := letter{size: -1}
			for item := msg.Next(); item != nil; item = msg.Next() {
				switch item := item.(type) {
				case imapclient.FetchItemDataUID:
					l.uid = uint32(item.UID)
				case imapclient.FetchItemDataInternalDate:
					l.at = item.Time
				case imapclient.FetchItemDataRFC822Size:
					l.size = item.Size
				}
			}
			if l.size >= 0 { // otherwise it was news of flags
				found[l.uid] = l
			}
		}
		return cmd.Close()
	})
	if err != nil {
		return nil, &fetchFault{missing: uids, err: err}
	}
	letters := make([]letter, 0, len(found))
	for _, u := range uids {
		if l, ok := found[u]; ok {
			letters = append(letters, l)
		}
	}
	return letters, nil
}

// share says how many of the letters, from the first on, make one batch of bodies: about batchBytes,
// at least one, and what is fetched only in part is not mixed with what is fetched whole.
func share(letters []letter) int {
	total := int64(0)
	for n, l := range letters {
		if total += l.weight(); n > 0 && (total > batchBytes || l.head != letters[0].head) {
			return n
		}
	}
	return len(letters)
}

// bodies fetches a batch. It returns all that came whole, in the order of the letters; what is
// missing has gone from the server meanwhile, which is no error. On an error nothing is returned.
func (s *session) bodies(mailbox string, batch []letter, maxMessage int64) ([]Mail, error) {
	f := &bodyFetch{
		section: &imap.FetchItemBodySection{Peek: true},
		most:    maxMessage, budget: maxMessage, came: make(map[uint32][]byte, len(batch)),
	}
	uids, total := make([]uint32, len(batch)), int64(0)
	for i, l := range batch {
		uids[i], total = l.uid, total+l.weight()
	}
	if batch[0].head {
		f.section.Partial, f.most = &imap.SectionPartial{Size: headBytes}, headBytes
	}
	if len(batch) > 1 {
		f.budget = 2 * batchBytes
	}
	err := s.during(phaseBodies(len(batch), total), "fetch mail", func() error { return f.run(s, uids) })
	if err != nil {
		return nil, f.fault(uids, err)
	}
	mails := make([]Mail, 0, len(batch))
	for _, l := range batch {
		raw, ok := f.came[l.uid]
		if !ok {
			continue
		}
		mails = append(mails, Mail{
			Mailbox: mailbox, UIDValidity: s.selected.UIDValidity, UID: l.uid,
			At: l.at, Size: max(l.size, int64(len(raw))), Raw: raw, Truncated: l.head,
		})
	}
	return mails, nil
}

// bodyFetch is one FETCH of bodies while it runs.
type bodyFetch struct {
	section *imap.FetchItemBodySection
	most    int64 // largest literal that is allowed
	budget  int64 // bytes still allowed for all of them
	came    map[uint32][]byte
	current uint32 // whose literal is being read
}

// run reads the replies to the end.
func (f *bodyFetch) run(s *session, uids []uint32) error {
	cmd := s.client.Fetch(uidSet(uids), &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{f.section}})
	for msg := cmd.Next(); msg != nil; msg = cmd.Next() {
		var uid uint32
		for item := msg.Next(); item != nil; item = msg.Next() {
			switch item := item.(type) {
			case imapclient.FetchItemDataUID:
				uid = uint32(item.UID)
			case imapclient.FetchItemDataBodySection:
				if len(item.Section.Part) > 0 || item.Section.Specifier != f.section.Specifier {
					continue // not what we asked for
				}
				f.current = uid
				if err := f.read(uid, item.Literal); err != nil {
					s.abandon(cmd, item.Literal, err)
					return err
				}
				f.current = 0
			}
		}
	}
	// A cut literal reads as a clean end; only here does the library tell (trap 3).
	return cmd.Close()
}

// abandon gives up a FETCH inside a literal. The order matters: the connection first, because the
// library otherwise waits for the rest of the literal (trap 4); then a literal that was not read, on
// which its reader goroutine waits; then that goroutine's end, because closing the command reads from
// the same buffer, and so must nobody after a literal's error.
func (s *session) abandon(cmd *imapclient.FetchCommand, body io.Reader, cause error) {
	s.guard.kill(cause)
	if errors.Is(cause, errOversize) {
		_, _ = io.Copy(io.Discard, body)
	}
	<-s.client.Closed()
	_ = cmd.Close()
}

func (f *bodyFetch) read(uid uint32, body imap.LiteralReader) error {
	if body == nil { // NIL: as if nothing had come
		return nil
	}
	size := body.Size()
	if f.budget -= size; size > f.most || f.budget < 0 {
		return fmt.Errorf("UID %d: %d bytes: %w", uid, size, errOversize)
	}
	raw := make([]byte, size)
	if n, err := io.ReadFull(body, raw); err != nil {
		return fmt.Errorf("UID %d: %w: %d bytes of %d: %w", uid, errCut, n, size, err)
	}
	f.came[uid] = raw
	return nil
}

// fault says what a failed fetch teaches about the UIDs.
func (f *bodyFetch) fault(uids []uint32, err error) error {
	fault := &fetchFault{suspect: f.current, err: err}
	for _, u := range uids {
		if _, ok := f.came[u]; !ok {
			fault.missing = append(fault.missing, u)
		}
	}
	if len(fault.missing) == 0 { // all came, the end did not
		fault.missing = uids
	}
	return fault
}
