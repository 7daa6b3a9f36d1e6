package mailbox

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"triaged/config"
)

// takeEvery is how often it is looked whether the mail has come.
const takeEvery = 2 * time.Second

// Taken is a mail of ours that was waited for.
type Taken struct {
	Folder string
	Header []byte // the whole header, at most 256 KiB
	// Removed says that the mail is gone from the server. It stays where the server cannot remove one mail alone.
	Removed bool
}

// Take waits, until ctx ends, for the mail that bears ref in X-Triaged-Ref, in the watched folder and where a daemon or the server
// may have put it: the folder that after: names, and Junk. It returns its header and removes this mail and no other. It uses a
// connection of its own.
func Take(ctx context.Context, cfg config.Mailbox, o Options, ref string) (Taken, error) {
	account := withDefaults(cfg.IMAP)
	s, err := connect(ctx, account.Server, o.withDefaults())
	if err != nil {
		return Taken{}, fmt.Errorf("%w%s", err, connectRemedy(err))
	}
	defer s.logout()
	folders := []string{account.Folder}
	if verb, folder, _ := strings.Cut(cfg.After, ":"); verb == "move" && folder != "" {
		folders = append(folders, folder)
	}
	if junk, err := s.junkFolder(); err == nil && junk != "" {
		folders = append(folders, junk)
	}
	var t Taken
	for {
		found, err := s.take(folders, ref, &t)
		switch {
		case err != nil:
			return t, err
		case !found && t.Folder != "": // a daemon has moved it no further
			return t, nil
		}
		if !wait(ctx, takeEvery) {
			if t.Folder != "" {
				return t, nil
			}
			return t, fmt.Errorf("the mail did not arrive in %s: %w", strings.Join(folders, ", "), context.Cause(ctx))
		}
	}
}

// take looks once into each folder, and removes what it finds.
func (s *session) take(folders []string, ref string, t *Taken) (found bool, err error) {
	for i, folder := range folders {
		if err := s.open(folder, false); err != nil {
			if i > 0 && refused(err) { // it need not be there
				continue
			}
			return false, err
		}
		uid, header, err := s.bearing(ref)
		if err != nil {
			return false, err
		}
		if uid == 0 {
			continue
		}
		if t.Folder == "" {
			t.Folder, t.Header = folder, header
		}
		if t.Removed, err = s.remove(folder, uid); err != nil || !t.Removed {
			return false, err
		}
		found = true
	}
	return found, nil
}

// bearing finds the mail of the open folder whose X-Triaged-Ref is ref, with its header; 0 for none.
func (s *session) bearing(ref string) (uid uint32, header []byte, err error) {
	uids, _, err := s.search(withField(fieldRef, ref), 1)
	if err != nil || len(uids) == 0 {
		return 0, nil, err
	}
	f := &bodyFetch{
		section: &imap.FetchItemBodySection{
			Peek: true, Specifier: imap.PartSpecifierHeader, Partial: &imap.SectionPartial{Size: headBytes},
		},
		most: headBytes, budget: sentAtMost * headBytes, came: make(map[uint32][]byte),
	}
	err = s.during(phaseCommand, "fetch the header", func() error { return f.run(s, uids[max(0, len(uids)-sentAtMost):]) })
	for uid, header := range f.came {
		if err == nil && knownBy(header, ref) { // a search finds parts of words, too
			return uid, header, nil
		}
	}
	return 0, nil, err
}

// remove deletes one mail of the open folder. Without UIDPLUS (RFC 4315) an EXPUNGE would take along what others have
// marked: then the mail stays.
func (s *session) remove(folder string, uid uint32) (bool, error) {
	if !s.caps.Has(imap.CapUIDPlus) && !s.caps.Has(imap.CapIMAP4rev2) {
		return false, nil
	}
	validity := s.selected.UIDValidity
	if err := s.open(folder, true); err != nil {
		return false, err
	}
	if s.selected.UIDValidity != validity {
		return false, errors.New("UIDVALIDITY changed while the mail was being removed")
	}
	if err := s.mark([]uint32{uid}, imap.FlagDeleted); err != nil {
		return false, err
	}
	return true, s.during(phaseCommand, "remove the mail", func() error { return s.client.UIDExpunge(uidSet([]uint32{uid})).Close() })
}
