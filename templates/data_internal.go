package templates

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

// Summary is a thread at a glance, for agents and managers. Every field is in words of the reader's language and
// zone; an empty one is left out.
type Summary struct {
	Ref, Subject string // "#1042"
	Customer     string // "Dana Whitfield, Acme"
	Address      string // the customer's
	Tier         string // "gold"
	Phone        string
	Channel      string // where else they can be reached: "#acme in Slack"

	Severity    string // "SEV-2"
	SeverityWhy string // "a major feature is broken, no workaround"
	Type        string // "technical"
	Status      string // "waiting for the customer"
	Owner, Team string
	NextAction  string
	ETA         string

	Opened string   // when, as At words it
	Owed   []string // "an answer by 14:30 today (Europe/Berlin)"
	Late   []string // what should have happened by now, in the same words
	Events []string // the latest of the log, newest last, one line each
}

// Notice is the data of "notice": a message of a customer, passed on to an agent.
type Notice struct {
	ReplyDoes string   // the first line of the mail: "Your reply goes to Dana Whitfield at Acme."
	What      string   // "New thread", "The customer wrote", "A stranger who names this thread wrote (not accepted)"
	Warnings  []string // a sentence each, such as what looks forged
	Summary   Summary

	From      string   // of the message: "Dana Whitfield <dana@acme.example>"
	Message   Quoted   // its newest text
	Files     []string // "error.png (240 kB)"
	CcLines   []string // of people in copy who get nothing yet: "#cc kim@acme.example"
	Truncated bool     // Message is only the beginning
}

// Escalation is the data of "escalation": something is late, and somebody else has to know.
type Escalation struct {
	ReplyDoes   string // the first line of the mail
	What        string // is late: "No answer to Dana Whitfield for 25 minutes"
	Why         string // this reader gets it: "You are the manager on duty."
	Step, Steps int    // the second of three; 0 of 0 when there are no steps
	Summary     Summary
	Do          []string // what to do, in order, a sentence each
}

// Receipt is the data of "receipt": what became of a mail with commands, or of one that was held.
type Receipt struct {
	ReplyDoes string   // the first line of the mail
	OK        bool     // all of it was done
	Done      []string // what was understood and done
	NotDone   []string // what was not, with the reason and the remedy
	Ask       string   // the question when something is held
	AskLines  []string // ready lines to answer it with: "#release"
	CcLines   []string // as in Notice
	Sent      Words    // what went to the customer
	Summary   *Summary // nil when it is about no thread
	Help      []string // the commands there are, a line each, when they were asked for
}
