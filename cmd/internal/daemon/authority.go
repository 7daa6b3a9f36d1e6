package daemon

import (
	"fmt"
	"time"

	"triaged/config"
	"triaged/ingest"
	"triaged/store"
)

// freshFor is how far the Date of a mail that commands may be from its arrival.
const freshFor = 24 * time.Hour

// claim is all that decides whether a mail may command: From alone proves nothing (design section 5).
type claim struct {
	msg     *ingest.Message
	at      time.Time // arrival at the server
	roster  bool      // From is an agent's or manager's address
	require string    // authenticated or token
	named   []store.NamedMail
	is      func(recipient string) bool // the recipient of our mail is the very person From names
	again   bool                        // somebody on the roster has sent the very same mail before
}

// authority finds the mail of ours that an order answers and that proves its right, or names the check that failed.
func (c claim) authority() (to store.Mail, failed string) {
	m := c.msg
	switch {
	case !c.roster:
		return to, "the sender is not on the roster"
	case len(m.Froms) != 1:
		return to, fmt.Sprintf("it has %d From addresses, not one", len(m.Froms))
	case m.DubiousFrom != "":
		return to, "From is dubious: " + m.DubiousFrom
	case m.Sender.Addr != "" && config.Canonical(m.Sender.Addr) != config.Canonical(m.From.Addr):
		return to, "its Sender is somebody else than its From"
	case m.Kind != ingest.Human:
		return to, "it is automatic mail: " + m.KindReason
	case ingest.SubjectAway(m.Subject) != "":
		return to, "it is an absence notice: " + ingest.SubjectAway(m.Subject)
	case c.again:
		return to, "the very same mail came before, under another Message-ID: it is a replay"
	case m.Quarantine != "" || m.Truncated:
		return to, "it could not be read as a whole"
	case m.Auth.Result == "fail":
		return to, "it fails authentication: " + m.Auth.Why
	case c.require == "authenticated" && m.Auth.Result != "pass":
		return to, "commands.require is authenticated and nothing authenticates it: " + m.Auth.Why
	case m.Date.IsZero():
		return to, "it has no Date that can be read, so that it may be of any age"
	case m.Date.Sub(c.at) > freshFor || c.at.Sub(m.Date) > freshFor:
		return to, "its Date is more than 24 h from its arrival"
	}
	return c.proof()
}

// proof is the mail that it answers, if that was sent to that very person, and to nobody off the roster since. What it answers is what it
// names last; our mails to somebody name the earlier ones too, and none of those stands in for it: a note on one must not become
// an answer to another.
func (c claim) proof() (to store.Mail, failed string) {
	if len(c.named) == 0 {
		return to, "it names no mail that we sent to this person: answer one of ours"
	}
	switch n := c.named[0]; {
	case !c.is(n.Mail.Recipient):
		return to, "the mail it answers was sent to somebody else"
	case n.Dead:
		return to, "the mail it answers has been seen outside the roster, so that it commands nothing any more: answer a newer one"
	default:
		return n.Mail, ""
	}
}

// isSame says that two addresses are of the same person on the roster.
func isSame(cfg *config.Config, a, b string) bool {
	if config.Canonical(a) == config.Canonical(b) {
		return true
	}
	ma, ok := cfg.Roster(a)
	mb, ok2 := cfg.Roster(b)
	return ok && ok2 && (ma.Agent != nil && ma.Agent == mb.Agent || ma.Manager != nil && ma.Manager == mb.Manager)
}
