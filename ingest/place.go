package ingest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
)

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

// String is the evidence in a word or two.
func (e Evidence) String() string {
	switch e {
	case OurID:
		return "an id of ours"
	case KnownID:
		return "a known id"
	case SubjectRef:
		return "subject"
	case Backwards:
		return "named before"
	}
	return "nothing"
}

// String is the standing in a word.
func (s Standing) String() string {
	switch s {
	case Pending:
		return "pending"
	case Participant:
		return "participant"
	}
	return "stranger"
}

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

// Named is what a message names, for the store to look candidates up: ids from References and In-Reply-To,
// last named first, and references such as #1042 or [#1042] from the Subject only.
func Named(m *Message) (ids []string, refs []int64) {
	seen := map[string]bool{}
	for _, list := range [][]string{m.InReplyTo, m.References} {
		for i := len(list) - 1; i >= 0; i-- {
			if id := list[i]; !seen[id] {
				seen[id] = true
				ids = append(ids, id)
			}
		}
	}
	for _, found := range subjectRef.FindAllStringSubmatch(m.Subject, 10) {
		if n, err := strconv.ParseInt(found[1], 10, 64); err == nil && n > 0 {
			refs = append(refs, n)
		}
	}
	return ids, refs
}

// subjectRef is a reference as our subjects carry it. "#1042a" and "PR#1042" are somebody else's.
var subjectRef = regexp.MustCompile(`(?:^|[\s(\[])#(\d{1,15})\b`)

// Place decides which thread a message belongs to, from the threads it names. Naming an id we made proves
// having seen it, so anybody who does joins: a participant as one, others pending. What could be guessed or copied,
// a known Message-ID or a #1042, lets only participants in. The strongest evidence wins, then the
// most recently named id. Candidates of a stranger that are not joined become a hint.
func Place(m *Message, candidates []Candidate) Placement {
	best, hint := -1, int64(0)
	for i, c := range candidates {
		if !joins(m, c) {
			if hint == 0 {
				hint = c.Thread
			}
			continue
		}
		if best < 0 || stronger(m, c, candidates[best]) {
			best = i
		}
	}
	if best < 0 {
		if hint != 0 {
			return Placement{MayBelongTo: hint, Why: "new thread: " + why(m, candidates, hint)}
		}
		return Placement{Why: "new thread: it names none that we know"}
	}
	c := candidates[best]
	p := Placement{Thread: c.Thread, Pending: c.Standing != Participant, Why: joined(m, c)}
	return p
}

// joins says that the evidence suffices for this sender. Where From is likely forged, taking part proves
// nothing: what could be guessed lets nobody in.
func joins(m *Message, c Candidate) bool {
	if c.Thread == 0 {
		return false
	}
	return c.By == OurID || c.Standing == Participant && forgery(m) == ""
}

// forgery is the evidence that From is not true; empty for none.
func forgery(m *Message) string {
	switch {
	case len(m.Froms) > 1:
		return "it has more than one From address"
	case m.DubiousFrom != "":
		return m.DubiousFrom
	case m.Auth.Result == "fail":
		return m.Auth.Why
	}
	return ""
}

// stronger says that a beats b: by the kind of evidence, then standing, then by being named later.
func stronger(m *Message, a, b Candidate) bool {
	switch {
	case a.By != b.By:
		return a.By < b.By
	case a.Standing != b.Standing:
		return a.Standing > b.Standing
	}
	return rank(m, a.ID) < rank(m, b.ID)
}

// rank is 0 for the id named last in References, growing towards the first; In-Reply-To comes before all.
func rank(m *Message, id string) int {
	if slices.Contains(m.InReplyTo, id) {
		return -1
	}
	if i := slices.Index(m.References, id); i >= 0 {
		return len(m.References) - i
	}
	return len(m.References) + 1
}

func joined(m *Message, c Candidate) string {
	how := map[Evidence]string{
		OurID:      "it answers a mail of ours",
		KnownID:    "it answers a mail of the thread",
		SubjectRef: "its subject names the thread",
		Backwards:  "an earlier mail of the thread answers it",
	}[c.By]
	if c.ID != "" {
		how += " (" + printable(c.ID) + ")"
	}
	switch c.Standing {
	case Participant:
		return how + " and " + who(m) + " takes part in it"
	default:
		return how + ", but " + who(m) + " does not take part in it: pending until an agent accepts"
	}
}

// why says why a named thread was not joined.
func why(m *Message, candidates []Candidate, hint int64) string {
	for _, c := range candidates {
		if c.Thread != hint || joins(m, c) {
			continue
		}
		if c.Standing == Participant {
			return fmt.Sprintf("it names %s as %s, and there is evidence of forgery: %s", printable(c.ID), who(m), printable(forgery(m)))
		}
		if c.By == SubjectRef {
			return fmt.Sprintf("its subject names %s, which anybody could write, and %s does not take part in that thread", printable(c.ID), who(m))
		}
		return fmt.Sprintf("it names %s, which is no proof of having seen a mail of ours, and %s does not take part in that thread", printable(c.ID), who(m))
	}
	return "it names none that we know"
}

func who(m *Message) string {
	if m.From.Addr == "" {
		return "the sender"
	}
	return printable(m.From.Addr)
}
