package mailbox

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"

	"triaged/config"
)

const (
	// junkEvery is how often the Junk folder is looked at: it is a safety net, and each look is a login.
	junkEvery = 10 * time.Minute
	// junkRetryMost is the longest pause after looks that failed, as providers lock accounts that keep trying.
	junkRetryMost = time.Hour
	// junkSearchEvery is how often the account's folders are listed to see which one is Junk.
	junkSearchEvery = 24 * time.Hour
	// junkSuffix ends the names of Junk folders in the Journal; the configuration keeps it free.
	junkSuffix = "/junk"
)

// JunkName is the name that the Journal knows a mailbox's Junk folder by.
func JunkName(mailbox string) string { return mailbox + junkSuffix }

// Owner is the configured mailbox that a name in the Journal belongs to, and whether it is its Junk folder.
func Owner(journalName string) (mailbox string, junk bool) {
	return strings.CutSuffix(journalName, junkSuffix)
}

// Junk looks into the Junk folder of one mailbox's account, so that a customer whose mail was
// filtered is seen. Make it with NewJunk; call Run once.
//
// It finds the folder by its attribute \Junk (RFC 6154), opens it with EXAMINE, and hands over what
// arrived since the first look as Mail with Junk set, under the name JunkName. What lay there before
// is history: years of junk are nobody's news. It has a connection only while it looks.
//
// Its troubles are logged once and are never reported to Journal.Checked: a Junk folder that cannot
// be read is no deafness of the mailbox.
type Junk struct {
	w      *Watcher // what looking takes; its own Run is never called
	off    bool
	every  time.Duration
	folder string    // empty until it is found
	listed time.Time // when the folders were listed last
	told   bool      // that there is no Junk folder
	looked time.Time // the last complete look of this process
}

// NewJunk makes the watcher of a mailbox's Junk folder; it does nothing before Run. Options.NotBefore
// does not matter here.
func NewJunk(cfg config.Mailbox, j Journal, o Options) *Junk {
	w := New(cfg, j, o)
	w.name, w.junk = JunkName(cfg.Name), true
	w.log = w.options.Logger.With("mailbox", w.name)
	return &Junk{w: w, off: cfg.Junk == "off", every: max(junkEvery, w.imap.PollInterval.D())}
}

// Run looks every ten minutes, or every poll_interval where that is longer, until ctx ends; then it
// returns nil, as it does at once where junk is off. When it returns, everything it started has ended.
func (k *Junk) Run(ctx context.Context) error {
	if k.off {
		return nil
	}
	failures := 0
	for pause := rand.N(lookSpread); wait(ctx, pause); {
		found, err := k.look(ctx)
		if ctx.Err() != nil {
			break
		}
		pause = k.every - rand.N(lookSpread)
		switch {
		case err != nil:
			failures++
			pause = max(pause, exponential(failures, k.every, junkRetryMost, rand.Float64()))
			k.complain(err, failures, pause)
			continue
		case failures > 0:
			k.w.log.Info("the Junk folder is looked at again", "failures", failures)
			failures = 0
		}
		if found > 0 {
			k.w.log.Info("mail was filtered into Junk: recorded, never answered", "mails", found)
		}
		if k.folder == "" {
			pause = junkSearchEvery - rand.N(lookSpread)
		}
	}
	return nil
}

// complain says the first failure of a row aloud and the others to whoever listens closely.
func (k *Junk) complain(err error, failures int, pause time.Duration) {
	level := slog.LevelWarn
	if failures > 1 {
		level = slog.LevelDebug
	}
	k.w.log.Log(context.Background(), level, "the Junk folder was not looked at; set junk: off where it is not to be",
		"error", err, "failures", failures, "retry_in", pause)
}

// look is one connection: log in, look, log out. found is how many mails were recorded.
func (k *Junk) look(ctx context.Context) (found int, err error) {
	s, err := connect(ctx, k.w.imap.Server, k.w.options)
	if err != nil {
		return 0, err
	}
	defer s.logout()
	if k.folder == "" || time.Since(k.listed) >= junkSearchEvery {
		if err := k.find(s); err != nil {
			return 0, err
		}
	}
	if k.folder == "" {
		return 0, nil
	}
	if err := s.open(k.folder, false); err != nil {
		if refused(err) {
			k.folder = "" // renamed or removed, perhaps: it is searched for at the next look
		}
		return 0, err
	}
	if err := k.w.begin(ctx, s, func() (uint32, error) { return k.history(s) }); err != nil {
		return 0, err
	}
	began := time.Now()
	if found, _, err = k.w.look(ctx, s); err == nil {
		k.looked = began
	}
	return found, err
}

// find sees which folder is Junk. It may be none: then that is said once.
func (k *Junk) find(s *session) error {
	name, err := s.junkFolder()
	if err != nil {
		return err
	}
	k.listed = time.Now()
	why := "the server names none"
	if name != "" && name == k.w.imap.Folder {
		name, why = "", "it is the watched folder itself"
	}
	switch {
	case name == "" && !k.told:
		k.w.log.Info("no Junk folder to look into; one is searched for every day", "why", why)
	case name != "" && name != k.folder:
		k.w.log.Info("looking into the Junk folder, read-only", "folder", name, "every", k.every)
	}
	k.folder, k.told = name, name == ""
	return nil
}

// history is everything at the first look. When the folder was recreated while we watched, it is what
// arrived before the last look; across a restart that is not known, and it is everything again.
func (k *Junk) history(s *session) (uint32, error) {
	if k.looked.IsZero() {
		return s.highest(imap.SearchCriteria{UID: []imap.UIDSet{uidRange(1, 0)}})
	}
	return s.history(k.looked)
}
