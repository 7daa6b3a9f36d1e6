package templates

// Digest is the data of "digest", the mail that a manager gets in the morning. Every text is in words of the reader's language
// and zone; an empty one is left out.
type Digest struct {
	ReplyDoes        string // the first line of the mail
	Company, Manager string
	Day              string // that the digest is of: "Monday 23 November"
	Since            string // what is new is new since then: "08:00 yesterday (Europe/Berlin)"
	Headline         string // the one sentence to read: "2 of 14 open threads are late, both SEV-1."

	Missed, Soon, Rest []DigestThread // open threads, most urgent first: a promise is broken, is due soon, neither
	More               int            // open threads that are not listed
	Open               []Tally        // by severity

	Changes []Tally // since then: new, resolved, reopened, closed without a yes
	Gaps    []DigestThread

	Period     string   // that the figures are of: "the 7 days until 08:00 today"
	Figures    []Figure // how quick, how good
	Compliance []Figure // kept promises, by severity
	Unsent     []Tally  // mails that were withheld or failed, by reason
	Deaf       []string // mailboxes whose mail is not seen, a sentence each
	Chart      Picture
}

// DigestThread is an open thread in a line or two.
type DigestThread struct {
	Ref, Subject string
	Severity     string // "SEV-1"
	Customer     string // "Dana Whitfield, Acme"
	Age          string // "3 h"
	Owner        string // empty: nobody
	Status       string // "investigating"
	Promise      string // the broken promise or the next one: "an answer, owed by 13:50 today"
}

// Tally is how many there are of something, and which.
type Tally struct {
	What   string // "SEV-1", "new", "the customer's mail was automatic"
	Number int
	Which  string // "#1042, #1044"
}

// Figure is one measured figure.
type Figure struct {
	What   string // "Acknowledged"
	Value  string // "98 %"
	Detail string // "median 4 s, slowest 2 min, 41 mails"
	Bad    bool   // it misses its goal
}

// Picture is an image that goes along with the mail. In HTML it is shown, in text its description stands.
type Picture struct {
	ContentID string // of the inline file; empty for no picture
	Alt       string // what it shows, with its numbers
}
