package relay

import "fmt"

// Error is a refused or broken delivery, with all that decides what happens next.
type Error struct {
	Op       string // dial, greeting, starttls, auth, mail, rcpt, data, dot
	Code     int    // SMTP reply code; 0 for a network error
	Enhanced string // RFC 3463, such as 4.7.1; empty where the server gave none
	Text     string // what the server or the network said, one line, without secrets

	// Temporary says that trying again may help.
	Temporary bool
	// Unknown says that the link broke after the final dot: the mail may have been taken.
	Unknown bool
	// Account says that the trouble is the server's or the login's, not this mail's: nothing else
	// would get through either.
	Account bool
}

// Error reads "rcpt to: 550 5.1.1 no such user".
func (e *Error) Error() string {
	if e.Code == 0 {
		return fmt.Sprintf("%s: %s", e.Op, e.Text)
	}
	return fmt.Sprintf("%s: %d %s %s", e.Op, e.Code, e.Enhanced, e.Text)
}
