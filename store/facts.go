package store

// Facts are what a mail is rendered from, beside its thread: fixed when it was queued. Each kind of mail has its part.
type Facts struct {
	InReplyTo  string   `json:"in_reply_to,omitempty"`
	References []string `json:"references,omitempty"`
	Subject    string   `json:"subject,omitempty"` // of the mail answered; only where it may be echoed
	Name       string   `json:"name,omitempty"`    // the recipient's display name, likewise

	Alert      *Alarm      `json:"alert,omitempty"`
	Letter     *Letter     `json:"letter,omitempty"`
	Reminder   *Reminder   `json:"reminder,omitempty"`
	Notice     *Notice     `json:"notice,omitempty"`
	Escalation *Escalation `json:"escalation,omitempty"`
	Receipt    *Receipt    `json:"receipt,omitempty"`
	Progress   *Progress   `json:"progress,omitempty"`
}

// Progress is what an update, a nudge or a brief tells beside the thread.
type Progress struct {
	What   string `json:"what,omitempty"`   // opened, hourly, closing; of a nudge: what is asked for
	Due    int64  `json:"due,omitempty"`    // of a nudge: when the update is due, Unix seconds
	Next   int64  `json:"next,omitempty"`   // when the next update comes, Unix seconds; 0 for no promise
	Number int    `json:"number,omitempty"` // of a brief, counted from 1
	Missed int    `json:"missed,omitempty"` // automatic updates in a row
	Draft  string `json:"draft,omitempty"`  // a text that goes out only by a person's reply
}

// Alarm is what an alert tells its reader.
type Alarm struct {
	What    string   `json:"what"`
	Why     string   `json:"why"`
	Threads []string `json:"threads,omitempty"`
}

// Letter is what an agent wrote to the customer: a reply, a resolution or the triage questions.
type Letter struct {
	Agent      string      `json:"agent"`                // the address of who wrote it
	Words      string      `json:"words,omitempty"`      // without quotes, ids and commands
	Source     int64       `json:"source,omitempty"`     // the message row whose attachments go along; 0 for none
	UpTo       int64       `json:"up_to,omitempty"`      // it answers the customer's messages up to this row
	Resolution *Resolution `json:"resolution,omitempty"` // with a resolution
	Triage     bool        `json:"triage,omitempty"`     // it asks what is still unknown
	Next       int64       `json:"next,omitempty"`       // of an update: when the next one comes, Unix seconds
	CloseBy    int64       `json:"close_by,omitempty"`   // when silence will close the thread, Unix seconds; 0 for unknown
}

// ByPerson says that somebody wrote it: the bare triage questions are ours.
func (l Letter) ByPerson() bool { return l.Words != "" || l.Resolution != nil }

// Reminder is what a customer is reminded of.
type Reminder struct {
	About   string `json:"about"` // resolution or question
	Number  int    `json:"number,omitempty"`
	Of      int    `json:"of,omitempty"`
	CloseBy int64  `json:"close_by,omitempty"` // Unix seconds
}

// Notice is a message that is passed on to those inside.
type Notice struct {
	What     string   `json:"what"`             // has happened, a few words
	Source   int64    `json:"source,omitempty"` // the message row that is passed on; 0 for none
	Warnings []string `json:"warnings,omitempty"`
	CcLines  []string `json:"cc_lines,omitempty"` // ready #cc lines for who is not accepted yet
	Note     bool     `json:"note,omitempty"`     // a reply to it is a note, not an answer to the customer
}

// Escalation is a promise that was not kept, told to the next one up.
type Escalation struct {
	What  string   `json:"what"`
	Why   string   `json:"why"`
	Step  int      `json:"step,omitempty"`
	Steps int      `json:"steps,omitempty"`
	Do    []string `json:"do,omitempty"`
}

// Receipt is what was understood of an agent's mail.
type Receipt struct {
	OK       bool     `json:"ok"`
	Refused  bool     `json:"refused,omitempty"` // it tells of a mail that had no right to command
	Done     []string `json:"done,omitempty"`
	NotDone  []string `json:"not_done,omitempty"`
	Ask      string   `json:"ask,omitempty"`       // a question, where something is held
	AskLines []string `json:"ask_lines,omitempty"` // ready lines that answer it
	CcLines  []string `json:"cc_lines,omitempty"`
	Sent     string   `json:"sent,omitempty"`    // what goes to the customer
	Summary  bool     `json:"summary,omitempty"` // the thread was asked for
	Help     bool     `json:"help,omitempty"`
}
