package store

import "time"

// Pause is a time in which a thread waited on its customer, so that no clock of ours ran. To is zero while it lasts.
type Pause struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to,omitzero"`
}

// Pauses of a thread, oldest first.
type Pauses []Pause

// begin starts a pause, unless one is on.
func (p Pauses) begin(at time.Time) Pauses {
	if n := len(p); n > 0 && p[n-1].To.IsZero() {
		return p
	}
	return append(p[:len(p):len(p)], Pause{From: at})
}

// end ends the pause that is on.
func (p Pauses) end(at time.Time) Pauses {
	n := len(p)
	if n == 0 || !p[n-1].To.IsZero() {
		return p
	}
	ended := append(Pauses(nil), p...)
	ended[n-1].To = at
	return ended
}

// Resumed is when the last wait on the customer ended; zero where there was none, or it lasts.
func (p Pauses) Resumed() time.Time {
	if len(p) == 0 {
		return time.Time{}
	}
	return p[len(p)-1].To
}
