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

// Person is a Contact who wrote a mail.
type Person = Contact

// Link is a way to answer with one tap. Only mailto: links that we made ourselves are rendered.
type Link struct {
	Label string // "Yes, it works"
	URL   string // "mailto:support+TOKEN@example.com?subject=..."; empty for no link
}

// The mails below are about a thread that exists. Subject is that of the thread, for the subject line only
// (the templates add Re: and Ref themselves); it is empty unless the customer is known or authenticated. CustomerName
// is empty for unknown customers.

// Reply is the data of "reply": what an agent wrote to the customer. The template adds a signature.
type Reply struct {
	Company, Team, CustomerName, Ref, Subject string

	Words Words  // all that the agent wrote
	From  Person // who wrote it
	ETA   string // when we expect a solution, as By words it; empty when unknown
}

// Resolution is the data of "resolution": what was solved and how, with the request to confirm it.
type Resolution struct {
	Company, Team, CustomerName, Ref, Subject string

	Words                          Words // an opening of the agent, with its greeting; may be empty
	Happened, Did, Prevent, Tested Words // the four things to tell; an empty one is left out
	From                           Person
	Works, Broken                  Link   // yes, it works; no, it does not
	CloseBy                        string // the day on which silence closes it: "Monday 7 December"; empty for never
}

// What a Reminder or a Closed can be about.
const (
	AboutResolution = "resolution" // we said that it is solved and were not told whether it is
	AboutQuestion   = "question"   // we asked something and got no answer
)

// Reminder is the data of "reminder": we wait for a word of the customer.
type Reminder struct {
	Company, Team, CustomerName, Ref, Subject string

	About         string // AboutResolution or AboutQuestion
	Written       bool   // a person has written to them, so that a question can be read again
	Number, Of    int    // the first of two
	CloseBy       string // the day on which silence closes it: "Monday 7 December"
	Works, Broken Link   // about a resolution
	Contact       Contact
}

// Reopened is the data of "reopened": the customer told us that it is not solved.
type Reopened struct {
	Company, Team, CustomerName, Ref, Subject string

	NextContact string // by when they hear from a person, as By words it
	Contact     Contact
}

// Rating is the data of "rating": thanks for a confirmation, and the question how we did.
type Rating struct {
	Company, Team, CustomerName, Ref, Subject string

	Links   []Link // the marks to choose from, 1 to 5
	Contact Contact
}

// Closed is the data of "closed": a thread was closed after silence, and any mail opens it again.
type Closed struct {
	Company, Team, CustomerName, Ref, Subject string

	About   string // AboutResolution or AboutQuestion
	Contact Contact
}

// Triage is the data of "triage": an agent asks what is still unknown.
type Triage struct {
	Company, Team, CustomerName, Ref, Subject string

	Words     Words // an opening of the agent, with its greeting; may be empty
	Questions []Question
	From      Person
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
	{name: "reply", samples: replySamples},
	{name: "resolution", samples: resolutionSamples},
	{name: "reminder", samples: reminderSamples},
	{name: "reopened", samples: reopenedSamples},
	{name: "rating", samples: ratingSamples},
	{name: "closed", samples: closedSamples},
	{name: "triage", samples: triageSamples},
	{name: "notice", samples: noticeSamples},
	{name: "escalation", samples: escalationSamples},
	{name: "receipt", samples: receiptSamples},
	{name: "update", samples: updateSamples},
	{name: "holding", samples: holdingSamples},
	{name: "nudge", samples: nudgeSamples},
	{name: "brief", samples: briefSamples},
	{name: "digest", samples: digestSamples},
}

func contractOf(name string) (contract, bool) {
	for _, c := range contracts {
		if c.name == name {
			return c, true
		}
	}
	return contract{}, false
}
