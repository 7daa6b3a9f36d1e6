package templates

// Update is the data of "update": the words of an agent on how it goes. The template adds when the next one comes.
type Update struct {
	Company, Team, CustomerName, Ref, Subject string

	Words      Words  // all that the agent wrote
	From       Person // who wrote it
	NextUpdate string // as By words it; empty when none is promised
	ETA        string // when we expect a solution, as By words it; empty when unknown
}

// Holding is the data of "holding": the update that goes out when nobody wrote one. All of it comes from the record, and where the
// record has no news the template says so.
type Holding struct {
	Company, Team, CustomerName, Ref, Subject string

	Status       string // "being investigated", in words of the reader's language; empty to say nothing of it
	LastAction   string // what was done last, for customers to read; empty when nothing was
	LastActionAt string // as At words it
	NextAction   string // what we do next
	NextUpdate   string // as By words it; empty when none is promised
	ETA          string
	Workaround   Words
	Contact      Contact
}

// Nudge is the data of "nudge": an update is due, and the owner's reply becomes it.
type Nudge struct {
	ReplyDoes string // the first line of the mail: "Your reply goes to Dana Whitfield at Acme."
	What      string // "The next update to Dana Whitfield is due by 14:30 today (Europe/Berlin)"
	DueAt     string // as By words it
	Missed    int    // updates in a row that went out without anybody's words
	Summary   Summary
	Draft     Words // what goes out if nobody answers
}

// Brief is the data of "brief": where an urgent thread stands, for those inside who are kept informed.
type Brief struct {
	ReplyDoes string // the first line of the mail
	What      string // "Opened", "Hourly brief", "Closing summary"
	Number    int    // of the briefs of this thread; 0 to show none
	Gap       string // the communication gap in a sentence; empty for none
	Summary   Summary

	Resolution, Workaround Words
}
