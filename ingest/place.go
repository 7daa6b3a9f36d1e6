package ingest

// Standing is what a sender is to a thread.
type Standing int

// A stranger never joins by what anybody could guess; a pending sender is seen by agents and by nobody else.
const (
	Stranger Standing = iota
	Pending
	Participant
)

// Evidence is how a message names a thread, strongest first.
type Evidence int

// The evidence that Place weighs, in the order of design section 4.
const (
	OurID      Evidence = iota + 1 // an id we made: naming it proves having seen it
	KnownID                        // a Message-ID of a message of the thread
	SubjectRef                     // a #1042 in the subject
	Backwards                      // an id that a participant's earlier mail already named
)

// Candidate is one thread that a message names, and how.
type Candidate struct {
	Thread   int64
	By       Evidence
	ID       string   // the id or reference that was named
	Standing Standing // of the message's sender in that thread
}

// Placement is the decision: which thread, whether only as pending, and why. Thread 0 opens a new one.
type Placement struct {
	Thread  int64
	Pending bool
	Why     string
	// MayBelongTo is a thread that was named but not joined, to be shown as a hint; 0 for none.
	MayBelongTo int64
}
