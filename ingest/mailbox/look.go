package mailbox

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/emersion/go-imap/v2"
)

// look finds every mail that the server has and the Journal has not, and hands it over. found is how
// many were recorded. held is the lowest UID that was listed but could not be handed over this time
// (it went, or the server refused it), 0 for none: then the look is to be repeated soon.
func (w *Watcher) look(ctx context.Context, s *session) (found int, held uint32, err error) {
	s.forgetAnnouncement()
	before := w.recorded
	for {
		from := lookFrom(w.epoch.History, max(w.epoch.Watermark, w.swept))
		listed, more, err := s.search(imap.SearchCriteria{UID: []imap.UIDSet{uidRange(from, 0)}}, from)
		if err != nil {
			return w.recorded - before, 0, err
		}
		missing := listed
		if len(listed) > 0 {
			recorded, err := w.journal.Recorded(ctx, w.name, w.epoch.UIDValidity, from)
			if err != nil {
				return w.recorded - before, 0, &journalError{"see what is recorded", err}
			}
			missing = without(listed, recorded)
		}
		taken := w.recorded
		held, err = w.drain(ctx, s, missing)
		switch {
		case err != nil:
			return w.recorded - before, held, err
		case held > 0:
			w.swept = max(w.swept, held-1)
		case len(listed) > 0:
			w.swept = max(w.swept, listed[len(listed)-1])
		}
		if held == 0 {
			w.doubts = doubts{} // all that was listed has been handed over
		}
		if !more {
			return w.recorded - before, held, nil
		}
		if held > 0 && w.recorded == taken {
			return w.recorded - before, held, fmt.Errorf("the server lists %d UIDs from %d on that it does not have", len(missing), held)
		}
	}
}

// drain fetches uids, which ascend, and hands them over in batches; see handover. After an error the
// Journal has whatever came before it.
func (w *Watcher) drain(ctx context.Context, s *session, uids []uint32) (held uint32, err error) {
	h := handover{journal: w.journal, taken: w.took}
	hold := func(u uint32) {
		if held == 0 || u < held {
			held = u
		}
	}
	for len(uids) > 0 && err == nil {
		n := w.doubts.run(uids, batchMails)
		run, rest := uids[:n], uids[n:]
		var left []uint32
		if left, err = w.fetchRun(ctx, s, &h, run, hold); err != nil && ctx.Err() == nil {
			left, err = w.doubt(left, err, hold)
		}
		uids = slices.Concat(left, rest)
	}
	return held, errors.Join(err, h.settle())
}

// fetchRun fetches one run of UIDs, sizes first and then bodies, and gives them to h. With an error it
// returns the UIDs that were not given.
func (w *Watcher) fetchRun(ctx context.Context, s *session, h *handover, run []uint32, hold func(uint32)) ([]uint32, error) {
	if why := w.doubts.condemned(run[0]); why != "" { // it is alone: no company is allowed to it
		w.log.Error("mail could not be fetched, going on without it", "uid", run[0], "error", why)
		return nil, h.give(ctx, []Mail{{Mailbox: w.name, Junk: w.junk, UIDValidity: w.epoch.UIDValidity, UID: run[0], Failed: why}})
	}
	if err := w.journal.Room(); err != nil {
		return run, &journalError{"take mail", fmt.Errorf("%w: %w", errNoRoom, err)}
	}
	letters, err := s.letters(run)
	if err != nil {
		return run, err
	}
	w.missed(run, letters, hold)
	for len(letters) > 0 {
		for i := range letters {
			letters[i].head = letters[i].size > w.options.MaxMessage || w.doubts.large(letters[i].uid)
		}
		n := share(letters)
		mails, err := s.bodies(w.name, letters[:n], w.options.MaxMessage)
		if err == nil {
			for i := range mails {
				mails[i].Junk = w.junk
			}
			w.missedBodies(letters[:n], mails, hold)
			err = h.give(ctx, mails)
		}
		if err != nil {
			return uidsOf(letters), err
		}
		letters = letters[n:]
	}
	return nil, nil
}
