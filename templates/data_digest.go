package templates

// Digest is the data of "digest", the mail that a manager gets in the morning. Every text is in words of the reader's language
// and zone; an empty one is left out. It stands alone in text: the picture adds nothing that is not said.
type Digest struct {
	ReplyDoes        string // the first line of the mail
	Company, Manager string
	Day              string // that the digest is of: "Monday 23 November"
	Short            string // the headline in a few words, for the subject: "2 late, 14 open"
	Headline         string // the sentence to read if it is the only one
	Since            string // what is new is new since then: "08:00 yesterday (Europe/Berlin)"

	Missed, Soon, Rest []DigestThread // open threads, most urgent first: a promise is broken, is due soon, neither
	More               int            // open threads that are not listed
	Open               []Tally        // by severity
	Gaps               []string       // threads whose customers read nothing but records, a line each

	Changes    []Tally  // since then: new, resolved, reopened, closed without a yes
	Period     string   // that the figures are of: "The 7 days until 08:00 today"
	Figures    []Figure // how quick, how good
	Compliance []Figure // kept promises, by severity
	Unsent     []Tally  // mails that were withheld or failed, by reason
	Deaf       []string // mailboxes whose mail is not seen, a sentence each
	Chart      Picture
}

// DigestThread is an open thread in three lines.
type DigestThread struct {
	Ref, Subject string
	Severity     string // "SEV-1"
	Customer     string // "Dana Whitfield, Acme"
	Age          string // "3 h old"
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
	What   string // "Acknowledged in time"
	Value  string // "98 %"
	Detail string // "median 4 s, slowest 2 min, of 41"
	Bad    bool   // it misses its goal
}
