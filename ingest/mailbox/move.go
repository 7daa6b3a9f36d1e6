package mailbox

import (
	"errors"
	"fmt"
	"slices"

	"github.com/emersion/go-imap/v2"
)

// move puts mails into a folder, which is created if it is missing. MOVE (RFC 6851) where it is
// offered; otherwise COPY, \Deleted and UID EXPUNGE of just these, which needs UIDPLUS (RFC 4315): a
// plain EXPUNGE would remove what a colleague marked. What has gone already counts as moved. source is the open folder.
func (s *session) move(uids []uint32, source, folder string) error {
	if !s.caps.Has(imap.CapMove) && !s.caps.Has(imap.CapUIDPlus) {
		return errNoUIDPlus
	}
	err := s.transfer(uids, source, folder)
	if c := code(err); c == imap.ResponseCodeTryCreate || c == imap.ResponseCodeNonExistent { // trap 16
		if err := s.create(folder); err != nil {
			return err
		}
		err = s.transfer(uids, source, folder)
	}
	if !refused(err) {
		return err
	}
	if left, lerr := s.remaining(uids); lerr != nil || len(left) > 0 {
		return errors.Join(err, lerr)
	}
	return nil
}

func (s *session) transfer(uids []uint32, source, folder string) error {
	set := uidSet(uids)
	if s.caps.Has(imap.CapMove) {
		return s.during(phaseCommand, fmt.Sprintf("move to folder %q", folder), func() error {
			_, err := s.client.Move(set, folder).Wait()
			return err
		})
	}
	if err := s.copy(uids, source, folder); err != nil {
		return err
	}
	if err := s.mark(uids, imap.FlagDeleted); err != nil {
		return err
	}
	return s.during(phaseCommand, "expunge what was moved", func() error {
		return s.client.UIDExpunge(set).Close()
	})
}

// copy copies mails, those left out that were copied before the link broke.
func (s *session) copy(uids []uint32, source, folder string) error {
	there, err := s.copied(uids, source, folder)
	if err != nil {
		return err
	}
	rest := slices.DeleteFunc(slices.Clone(uids), func(u uint32) bool { return slices.Contains(there, u) })
	if len(rest) == 0 {
		return nil
	}
	return s.during(phaseCommand, fmt.Sprintf("copy to folder %q", folder), func() error {
		_, err := s.client.Copy(uidSet(rest), folder).Wait()
		return err
	})
}

func (s *session) create(folder string) error {
	err := s.during(phaseCommand, fmt.Sprintf("create folder %q", folder), func() error {
		return s.client.Create(folder, nil).Wait()
	})
	if code(err) == imap.ResponseCodeAlreadyExists {
		return nil
	}
	return err
}

// remaining says which of the UIDs are still in the folder.
func (s *session) remaining(uids []uint32) ([]uint32, error) {
	left, _, err := s.search(imap.SearchCriteria{UID: []imap.UIDSet{uidSet(uids)}}, 1)
	return left, err
}

// code is the response code of a refusal, empty for anything else.
func code(err error) imap.ResponseCode {
	var answer *imap.Error
	if errors.As(err, &answer) {
		return answer.Code
	}
	return ""
}
