package store

import (
	"time"

	"triaged/classify"
)

// threads are those that something happened to in the window, or that are in some state.
func (r Report) threads(are func(t Thread) bool) (some []Thread) {
	for _, t := range r.Threads {
		if are(t) {
			some = append(some, t)
		}
	}
	return some
}

// Opened are the threads that began in the window, by the arrival of their first mail.
func (r Report) Opened() []Thread {
	return r.threads(func(t Thread) bool { return r.in(t.OpenedAt) })
}

// Resolved are the threads that were resolved in the window, or closed without that, and have not been reopened since.
func (r Report) Resolved() []Thread {
	return r.threads(func(t Thread) bool { return r.in(t.ResolvedAt) })
}

// Reopened are the threads that were reopened in the window, counted once.
func (r Report) Reopened() []Thread {
	return r.threads(func(t Thread) bool { return r.in(t.ReopenedAt) })
}

// Confirmed are the threads closed in the window with the customer's yes, or on an agent's word that there was one.
func (r Report) Confirmed() []Thread {
	return r.threads(func(t Thread) bool { return r.in(t.ClosedAt) && t.Outcome == OutcomeConfirmed })
}

// Unconfirmed are the threads closed in the window after silence.
func (r Report) Unconfirmed() []Thread {
	return r.threads(func(t Thread) bool { return r.in(t.ClosedAt) && t.Outcome == OutcomeUnconfirmed })
}

// Open are the threads that are neither resolved nor closed now.
func (r Report) Open() []Thread {
	return r.threads(func(t Thread) bool { return t.Status != Resolved && t.Status != Closed })
}

// Awaiting are the threads that are resolved and wait for the customer's yes now.
func (r Report) Awaiting() []Thread {
	return r.threads(func(t Thread) bool { return t.Status == Resolved })
}

// Gaps are the open threads whose customers got GapAfter updates in a row, or more, that no person wrote.
func (r Report) Gaps() []Thread {
	return r.threads(func(t Thread) bool { return t.Holdings >= GapAfter && t.Status != Resolved && t.Status != Closed })
}

// Broken are the answers and resolutions that were missed in the window, whether they came later or not.
func (r Report) Broken() (all []Obligation) {
	for _, o := range r.Promises {
		if r.in(o.MissedAt) && byPeople(o) {
			all = append(all, o)
		}
	}
	return all
}

// Day is how many threads began and were resolved on one day, by severity from SEV-1 on.
type Day struct {
	Date          time.Time // its midnight
	New, Resolved [4]int
}

// Days counts the window day by day, as the clocks of a zone show them. A resolution that fell later is counted no more.
func (r Report) Days(in *time.Location) (all []Day) {
	y, m, d := r.From.In(in).Date()
	for i := 0; ; i++ {
		from, to := time.Date(y, m, d+i, 0, 0, 0, 0, in), time.Date(y, m, d+i+1, 0, 0, 0, 0, in)
		if !from.Before(r.To) {
			return all
		}
		day, part := Day{Date: from}, r.Within(from, to)
		for _, t := range part.Opened() {
			day.New[column(t)]++
		}
		for _, t := range part.Resolved() {
			day.Resolved[column(t)]++
		}
		all = append(all, day)
	}
}

// column is a thread's place in a Day; an unjudged one counts as the mildest.
func column(t Thread) int {
	if t.Severity < classify.SEV1 || t.Severity > classify.SEV4 {
		return 3
	}
	return int(t.Severity) - 1
}
