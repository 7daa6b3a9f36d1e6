package llm

import (
	"fmt"
	"slices"
	"strings"

	"triaged/classify"
	"triaged/config"
	"triaged/ingest"
)

// Eligible says whether a mail may be shown to the model, and why or why not. Not shown are: mail to a
// mailbox that is not listed, mail of machines (it carries login codes and other people's secrets), mail
// that could not be read, mail in which ingest saw a sign of deceit (among them: text and HTML say
// different things, so that a person and a model would read different mails), and mail without words.
func Eligible(c classify.Case, cfg config.LLM) (ok bool, why string) {
	m := c.Message
	switch {
	case !cfg.On():
		return false, "the model is off"
	case len(cfg.Mailboxes) > 0 && !slices.Contains(cfg.Mailboxes, c.Mailbox):
		return false, fmt.Sprintf("llm.mailboxes does not list %s", c.Mailbox)
	case m.Kind != ingest.Human:
		return false, fmt.Sprintf("mail of a machine (%s) is not shown to a model", m.Kind)
	case m.NoReplyAddress != "":
		return false, "mail of a machine (" + m.NoReplyAddress + ") is not shown to a model"
	case m.Quarantine != "":
		return false, "the mail could not be read as usual"
	case m.DubiousFrom != "":
		return false, "a sign of deceit: " + m.DubiousFrom
	case len(m.Suspicions) > 0:
		return false, "a sign of deceit: " + m.Suspicions[0]
	}
	if subject, text := c.Words(); strings.TrimSpace(subject+text) == "" {
		return false, "the mail has no words"
	}
	return true, "mail of a person to a mailbox that the model serves"
}
