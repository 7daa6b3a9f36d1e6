package mailbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"triaged/config"
)

// Report is what a server said when it was probed.
type Report struct {
	// Auth are the SASL mechanisms offered before the login, such as PLAIN.
	Auth []string
	// Capabilities are all that is offered after the login, sorted.
	Capabilities []string
	// Idle, Move, UIDPlus and CondStore are the extensions that make a difference.
	Idle, Move, UIDPlus, CondStore bool
	// Folder is the watched folder, Messages how many mails are in it.
	Folder   string
	Messages uint32
	// UIDValidity is the folder's; UIDNext the UID that the next mail is expected to get, 0 if not told.
	UIDValidity, UIDNext uint32
	// Warnings are what works worse with this server than it could, each with its remedy.
	Warnings []string
}

// Probe logs in, opens the folder read-only and says what the server offers; nothing on the server
// changes. The error names the step that failed and what to do about it.
func Probe(ctx context.Context, cfg config.Mailbox, o Options) (Report, error) {
	account := withDefaults(cfg.IMAP)
	s, err := connect(ctx, account.Server, o.withDefaults())
	if err != nil {
		return Report{}, fmt.Errorf("%w%s", err, connectRemedy(err))
	}
	defer s.logout()
	r := Report{
		Auth: s.offered, Folder: account.Folder,
		Idle: s.caps.Has(imap.CapIdle), Move: s.caps.Has(imap.CapMove),
		UIDPlus: s.caps.Has(imap.CapUIDPlus), CondStore: s.caps.Has(imap.CapCondStore),
	}
	for c := range s.caps {
		r.Capabilities = append(r.Capabilities, string(c))
	}
	slices.Sort(r.Capabilities)
	if err := s.open(account.Folder, false); err != nil {
		return r, err
	}
	r.Messages, r.UIDValidity, r.UIDNext = s.selected.NumMessages, s.selected.UIDValidity, uint32(s.selected.UIDNext)
	r.Warnings = warnings(r, cfg, account)
	return r, nil
}

func warnings(r Report, cfg config.Mailbox, account config.IMAP) []string {
	var w []string
	if !r.Idle {
		w = append(w, fmt.Sprintf("no IDLE: new mail is seen every imap.poll_interval (%v)", account.PollInterval.D()))
	}
	if strings.HasPrefix(cfg.After, "move:") && !r.Move && !r.UIDPlus {
		w = append(w, "neither MOVE nor UIDPLUS: mail cannot be moved safely and will stay in the folder; set after: flag or leave")
	}
	return w
}

// connectRemedy says what to do about a connection that cannot be had.
func connectRemedy(err error) string {
	switch {
	case errors.Is(err, errRefused):
		return "; check imap.username and the secret (a file is read at each login)"
	case errors.Is(err, context.DeadlineExceeded):
		return "; check imap.host, imap.port and imap.tls, and that no firewall is in between"
	}
	return ""
}
