package mailbox

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"triaged/config"
)

// Watcher watches one mailbox. Make it with New; call Run once.
type Watcher struct {
	name    string // as the Journal knows the folder
	junk    bool   // it is a Junk folder
	imap    config.IMAP
	after   string
	journal Journal
	options Options
	log     *slog.Logger
	wake    chan struct{} // chores are due; holds at most one word

	// What outlives a connection. Only the goroutine of Run touches it.
	epoch    Epoch  // of the last folder opened
	swept    uint32 // every UID up to here that the server listed is recorded, as far as this process saw
	doubts   doubts
	deaf     bool   // the last timed look found mail that IDLE had not announced
	rested   bool   // this connection has had a look before
	recorded int    // mails the Journal took on this connection
	proven   string // the secret that last logged in, as a hash
	refusals int    // logins refused since then
	shy      bool   // comparing with what was recorded has broken a connection: the next one does without
	said     string // the Journal's trouble, as it was logged
}

// New makes a watcher for a mailbox of the configuration; it does nothing before Run.
func New(cfg config.Mailbox, j Journal, o Options) *Watcher {
	o = o.withDefaults()
	return &Watcher{
		name: cfg.Name, imap: withDefaults(cfg.IMAP), after: cfg.After, journal: j, options: o,
		log:  o.Logger.With("mailbox", cfg.Name),
		wake: make(chan struct{}, 1),
	}
}

// Wake tells the watcher that chores are due. It never waits.
func (w *Watcher) Wake() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Run watches until ctx ends, and then returns nil: every failure is reported to Journal.Checked and
// the log, and tried again. When it returns, everything it started has ended.
func (w *Watcher) Run(ctx context.Context) error {
	failures := 0
	for ctx.Err() == nil {
		w.recorded, w.rested = 0, false
		began := time.Now()
		err := w.watch(ctx)
		if ctx.Err() != nil {
			break
		}
		w.journal.Checked(w.name, time.Now(), err)
		if w.recorded > 0 || time.Since(began) >= steady {
			failures = 0
		}
		failures++
		w.pauseAfter(ctx, err, failures)
	}
	return nil
}

// watch is the life of one connection. It returns why it ended.
func (w *Watcher) watch(ctx context.Context) error {
	s, err := connect(ctx, w.imap.Server, w.options)
	if err != nil {
		return err
	}
	defer s.close()
	w.proven, w.refusals = secret(w.imap.Server), 0
	if err := s.open(w.imap.Folder, !leaves(w.after)); err != nil {
		return err
	}
	if err := w.begin(ctx, s, func() (uint32, error) { return s.history(w.options.NotBefore) }); err != nil {
		return err
	}
	w.log.Info("watching", "folder", w.imap.Folder, "messages", s.selected.NumMessages,
		"uidvalidity", s.selected.UIDValidity, "not_before", w.options.NotBefore, "idle", w.idles(s), "look_every", w.interval(s))
	return w.attend(ctx, s)
}

// begin opens the folder's epoch in the Journal and has it decided what is history, once.
func (w *Watcher) begin(ctx context.Context, s *session, history func() (upTo uint32, err error)) error {
	validity := s.selected.UIDValidity
	epoch, err := w.journal.Epoch(ctx, w.name, validity, uint32(s.selected.UIDNext))
	if err != nil {
		return &journalError{"open the epoch", err}
	}
	why, err := w.restored(ctx, s, epoch)
	if err != nil {
		return err
	}
	if why != "" {
		w.log.Warn("the folder was restored or made anew under its old UIDVALIDITY, so all of it that is not history is looked at again", "why", why)
		if err := w.journal.Restart(ctx, w.name, validity, uint32(s.selected.UIDNext), why); err != nil {
			return &journalError{"begin the epoch anew", err}
		}
		if epoch, err = w.journal.Epoch(ctx, w.name, validity, uint32(s.selected.UIDNext)); err != nil {
			return &journalError{"open the epoch", err}
		}
		w.swept, w.doubts = 0, doubts{}
	}
	if before := w.epoch.UIDValidity; before != validity {
		w.swept, w.doubts = 0, doubts{}
		if before != 0 {
			w.log.Warn("UIDVALIDITY changed: the folder was recreated or restored, so all of it that is not history is looked at again",
				"before", before, "now", validity)
		}
	}
	epoch.UIDValidity = validity
	if !epoch.HistoryDecided {
		if epoch.History, err = history(); err != nil {
			return err
		}
		if err := w.journal.SetHistory(ctx, w.name, validity, epoch.History); err != nil {
			return &journalError{"record what is history", err}
		}
		w.log.Info("new epoch", "uidvalidity", validity, "history_up_to_uid", epoch.History)
	}
	w.epoch = epoch
	return nil
}

// attend looks, does chores and rests, in turn. It ends with the connection; trouble of the Journal
// alone does not end it.
func (w *Watcher) attend(ctx context.Context, s *session) error {
	nextLook, stumbles := time.Time{}, 0
	for woken := byTimer; ; {
		troubled := false
		if woken != byChores {
			found, held, err := w.look(ctx, s)
			if troubled = w.journalTrouble(s, err); err != nil && !troubled {
				return err
			}
			if troubled || held > 0 { // repeat soon, but ever less soon
				stumbles++
				nextLook = time.Now().Add(min(w.backoff(stumbles), againAtMost(err)))
			} else {
				stumbles, w.said = 0, ""
				w.journal.Checked(w.name, time.Now(), nil)
				w.listened(woken, found)
				nextLook = time.Now().Add(w.interval(s))
			}
		}
		if !troubled {
			if err := w.chores(ctx, s); err != nil {
				return err
			}
		}
		var err error
		if woken, err = w.rest(ctx, s, nextLook, troubled); err != nil {
			return err
		}
	}
}

// journalTrouble reports an error of the Journal's, which does not concern the connection. The mails
// it did not take wait safely on the server.
func (w *Watcher) journalTrouble(s *session, err error) bool {
	var trouble *journalError
	if !errors.As(err, &trouble) || !s.guard.alive() {
		return false
	}
	if said := err.Error(); said != w.said { // the same again is known
		w.log.Error("mail waits on the server", "error", err)
		w.said = said
	}
	w.journal.Checked(w.name, time.Now(), err)
	return true
}
