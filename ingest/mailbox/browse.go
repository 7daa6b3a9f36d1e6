package mailbox

import (
	"context"
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"

	"triaged/config"
)

// Browse hands over every mail of a folder, in the order of UIDs, and changes nothing on the server: the folder is opened with
// EXAMINE and bodies are fetched with PEEK, so that not even \Seen is set. folder is the account's watched one where it is
// empty. since, where it is set, leaves out what arrived (INTERNALDATE) before that instant.
//
// It uses a connection of its own and ends with the first error: of the server, of ctx, or of do.
func Browse(ctx context.Context, cfg config.Mailbox, o Options, folder string, since time.Time, do func(Mail) error) error {
	account, o := withDefaults(cfg.IMAP), o.withDefaults()
	if folder == "" {
		folder = account.Folder
	}
	s, err := connect(ctx, account.Server, o)
	if err != nil {
		return fmt.Errorf("%w%s", err, connectRemedy(err))
	}
	defer s.logout()
	if err := s.open(folder, false); err != nil {
		return err
	}
	for from := uint32(1); ; {
		criteria := imap.SearchCriteria{UID: []imap.UIDSet{uidRange(from, 0)}}
		if !since.IsZero() { // the server compares days in a zone of its own choice
			criteria.Since = since.AddDate(0, 0, -2)
		}
		uids, more, err := s.search(criteria, from)
		if err != nil {
			return err
		}
		for run := uids; len(run) > 0; {
			n := min(len(run), batchMails)
			if err := s.browse(ctx, cfg.Name, run[:n], o.MaxMessage, since, do); err != nil {
				return err
			}
			run = run[n:]
		}
		if !more || len(uids) == 0 {
			return nil
		}
		from = uids[len(uids)-1] + 1
	}
}

// browse fetches one run of UIDs and hands its mails over.
func (s *session) browse(ctx context.Context, name string, uids []uint32, most int64, since time.Time, do func(Mail) error) error {
	letters, err := s.letters(uids)
	if err != nil {
		return err
	}
	wanted := letters[:0]
	for _, l := range letters {
		if l.head = l.size > most; !l.at.Before(since) {
			wanted = append(wanted, l)
		}
	}
	for len(wanted) > 0 {
		n := share(wanted)
		mails, err := s.bodies(name, wanted[:n], most)
		if err != nil {
			return err
		}
		for _, m := range mails {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := do(m); err != nil {
				return err
			}
		}
		wanted = wanted[n:]
	}
	return nil
}
