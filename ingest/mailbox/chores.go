package mailbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"
)

// choresAtOnce is how many chores are read from the Journal together.
const choresAtOnce = 500

var (
	errNoUIDPlus = errors.New("the server has neither MOVE nor UIDPLUS: an EXPUNGE would remove what others marked as deleted, so the mail stays where it is; set after: flag or leave")
	errUnknownDo = errors.New("unknown kind of chore")
	errReadOnly  = errors.New("the folder cannot be opened for writing")
)

// chores does what the Journal lists, until there is nothing left, something fails, or mail comes
// first. Every chore may be done twice: a mail that has gone is a chore well done, and so is one of
// another UIDVALIDITY, whose UID means nothing any more. An error is the connection's end.
func (w *Watcher) chores(ctx context.Context, s *session) error {
	for !s.announced() {
		due, err := w.journal.Chores(ctx, w.name, choresAtOnce)
		if err != nil {
			w.log.Error("chores wait", "error", err)
			return nil
		}
		if len(due) == 0 {
			return nil
		}
		clean := true
		for _, group := range alike(due) {
			ok, err := w.settle(ctx, s, group)
			if err != nil {
				return err
			}
			clean = clean && ok
		}
		if !clean {
			return nil // the Journal says when they are tried again
		}
	}
	return nil
}

// alike groups chores that one command can do, in the order of their first.
func alike(due []Chore) [][]Chore {
	var groups [][]Chore
	at := make(map[[2]string]int)
	for _, c := range due {
		key := [2]string{fmt.Sprint(c.UIDValidity), c.Do}
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], c)
	}
	return groups
}

// settle does a group and tells the Journal. What fails together is tried one by one, so that one
// stubborn mail does not hold up the others. clean says that nothing failed.
func (w *Watcher) settle(ctx context.Context, s *session, group []Chore) (clean bool, err error) {
	doing := w.do(s, group)
	readOnly := errors.Is(doing, errReadOnly)
	if doing != nil && !readOnly && !s.guard.alive() {
		return false, doing
	}
	if refused(doing) && len(group) > 1 {
		clean = true
		for _, c := range group {
			ok, err := w.settle(ctx, s, []Chore{c})
			if err != nil {
				return false, err
			}
			clean = clean && ok
		}
		return clean, nil
	}
	if doing != nil {
		w.log.Warn("chore not done", "do", group[0].Do, "uid", group[0].UID, "chores", len(group), "error", doing)
	}
	for _, c := range group {
		if err := w.journal.ChoreDone(ctx, c.ID, doing); err != nil {
			w.log.Error("chore not settled", "chore", c.ID, "error", err)
			return false, nil
		}
	}
	if readOnly {
		return false, doing
	}
	return doing == nil, nil
}

// do does a group of chores that are alike.
func (w *Watcher) do(s *session, group []Chore) error {
	if group[0].UIDValidity != s.selected.UIDValidity {
		w.log.Info("chore is obsolete: the folder has another UIDVALIDITY now", "do", group[0].Do, "chores", len(group))
		return nil
	}
	if err := w.writable(s); err != nil {
		return err
	}
	uids := make([]uint32, len(group))
	for i, c := range group {
		uids[i] = c.UID
	}
	slices.Sort(uids)
	uids = slices.Compact(uids)
	verb, folder, _ := strings.Cut(group[0].Do, ":")
	switch {
	case verb == "flag":
		return s.mark(uids, imap.FlagSeen)
	case verb == "move" && folder != "":
		return s.move(uids, w.imap.Folder, folder)
	}
	return fmt.Errorf("%w: %q", errUnknownDo, group[0].Do)
}

// writable opens the folder for writing if it is not. A folder that is only read is opened with
// EXAMINE, so that we cannot change it by accident.
func (w *Watcher) writable(s *session) error {
	if s.writable {
		return nil
	}
	if err := s.open(w.imap.Folder, true); err != nil {
		// A SELECT that fails leaves no folder selected: begin anew, for reading.
		s.guard.kill(err)
		return fmt.Errorf("%w: %v", errReadOnly, err)
	}
	if s.selected.UIDValidity != w.epoch.UIDValidity {
		s.guard.kill(errors.New("UIDVALIDITY changed while the folder was opened for writing"))
		return s.guard.cause()
	}
	return nil
}

// mark sets flags. after: flag sets \Seen only: the mail no longer counts as unread for the people
// who share the mailbox, and \Flagged stays theirs. Marking what has gone is no error (RFC 9051
// section 6.4.9).
func (s *session) mark(uids []uint32, flags ...imap.Flag) error {
	return s.during(phaseCommand, "set flags", func() error {
		return s.client.Store(uidSet(uids), &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: flags}, nil).Close()
	})
}
