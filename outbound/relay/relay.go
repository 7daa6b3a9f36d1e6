package relay

import (
	"fmt"
	"strings"
)

// Error is a refused or broken delivery, with all that decides what happens next.
type Error struct {
	Op       string // compose, dial, tls, greeting, ehlo, starttls, auth, mail, rcpt, data, dot
	Code     int    // SMTP reply code; 0 for a network error and for what we refuse ourselves
	Enhanced string // RFC 3463, such as 4.7.1; empty where the server gave none
	Text     string // what the server or the network said, one line, without secrets

	// Temporary says that trying again may help.
	Temporary bool
	// Unknown says that the link broke after the final dot: the mail may have been taken.
	Unknown bool
	// Account says that the trouble is the server's or the login's, not this mail's: nothing else
	// would get through either.
	Account bool
	// Stale says that a reused link was dead at the first command: nothing of the mail had left. Send
	// dials again by itself then, so only this package meets it.
	Stale bool

	cause error // the error of a context that ended
}

// Error reads "rcpt: 550 5.1.1 no such user".
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Op + ":")
	if e.Code != 0 {
		fmt.Fprintf(&b, " %d", e.Code)
	}
	if e.Enhanced != "" {
		b.WriteString(" " + e.Enhanced)
	}
	b.WriteString(" " + e.Text)
	return b.String()
}

// Unwrap is context.Canceled or context.DeadlineExceeded where the caller's context ended the
// delivery, otherwise nil: what the network said may hold more than Text shows.
func (e *Error) Unwrap() error { return e.cause }
