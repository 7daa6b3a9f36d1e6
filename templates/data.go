package templates

// Ack is the data of "ack", the acknowledgement of a new thread.
//
// Nothing in it but Subject comes from the sender of the mail, and Subject is for the subject line
// only: the body of an answer to somebody unknown must be of no use to a spammer.
type Ack struct {
	Company       string     // who we are: "Example Ltd"
	Team          string     // which part of it answers: "Customer Support"
	CustomerName  string     // from the configuration; empty for unknown senders
	Ref           string     // with its sign: "#1042"
	Subject       string     // of the mail answered; empty unless the sender is known or authenticated
	Severity      int        // 1 (an emergency) to 4 (minor); the template words it, never "SEV-2"
	NextContact   string     // by when they hear from a person, as By words it: "by 14:30 today (Europe/Berlin)"
	NextContactBy string     // the person who will write then; empty for somebody of the team
	Contact       Contact    // the one point of contact: the owner, otherwise the team
	Questions     []Question // at severity 1 and 2 what is still unanswered; empty below
}

// Contact is a person or a team. Empty fields are not shown.
type Contact struct {
	Name  string
	Role  string
	Phone string
	Email string
}

// Question is a triage question. The template words those it knows, in its language; any other
// value is printed as it is.
type Question string

// The triage questions.
const (
	What       Question = "what"       // exactly happens
	Since      Question = "since"      // when
	Who        Question = "who"        // is affected
	Impact     Question = "impact"     // on their business
	Tried      Question = "tried"      // so far
	Workaround Question = "workaround" // is there one
)

// Questions are all triage questions in the order in which they are asked.
func Questions() []Question { return []Question{What, Since, Who, Impact, Tried, Workaround} }

// Alert is the data of "alert", the mail to the operator when triaged needs a hand. It never leaves the house.
type Alert struct {
	Company string   // whose installation it is
	Host    string   // the machine that cries for help
	What    string   // is wrong, one line: "No mail could be sent for 12 minutes"
	Since   string   // when it began, as At words it; empty when unknown
	Impact  string   // what it means for customers, one sentence; empty when nothing yet
	Do      []string // what to do, in order, a sentence each
	Detail  []string // evidence a line each, such as the last error; shown as it is
}

// contract binds the name of a mail to its data and to the samples with which its templates are tried.
type contract struct {
	name    string
	maxText int // octets that the text may have; 0 for no limit
	// samples are made-up data in words of that language, all of the same type, the most telling first.
	samples func(lang string) []any
}

// contracts are the mails there are. An acknowledgement is kept small because it may go to an
// address that never wrote to us (RFC 3834 section 3.1.5).
var contracts = []contract{
	{name: "ack", maxText: 4 << 10, samples: ackSamples},
	{name: "alert", samples: alertSamples},
}

func contractOf(name string) (contract, bool) {
	for _, c := range contracts {
		if c.name == name {
			return c, true
		}
	}
	return contract{}, false
}
