package store

import (
	"slices"
	"time"

	"triaged/classify"
)

// Every figure that people are told is defined here, once, as a pure function of the facts of a window. Where a figure is
// of something that ended, it belongs to the window in which it ended.

// Goal is the part of the promises that should be kept.
const Goal = 0.95

// GapAfter is how many automatic updates in a row are a communication gap: the customer hears machines only.
const GapAfter = 2

// Share is some of all.
type Share struct{ Part, Of int }

// Percent is the share in whole percent, rounded down so that nothing looks reached that is not; 100 of nothing.
func (s Share) Percent() int {
	if s.Of == 0 {
		return 100
	}
	return 100 * s.Part / s.Of
}

// Below says that a share misses a goal between 0 and 1; of nothing none is missed.
func (s Share) Below(goal float64) bool { return s.Of > 0 && float64(s.Part) < goal*float64(s.Of) }

// Spread is how durations lie: the middle one (of an even number the mean of the two in the middle) and the longest.
type Spread struct {
	N               int
	Median, Longest time.Duration
}

func spread(all []time.Duration) Spread {
	if len(all) == 0 {
		return Spread{}
	}
	slices.Sort(all)
	n := len(all)
	return Spread{N: n, Median: (all[(n-1)/2] + all[n/2]) / 2, Longest: all[n-1]}
}

// Hours are the opening hours on which a duration is counted.
type Hours interface {
	// Between is the open time from a to b.
	Between(a, b time.Time) time.Duration
}

// byPeople are the promises that only people can keep.
func byPeople(o Obligation) bool { return o.Kind == Respond || o.Kind == Resolve }

// honoured says whether a promise was kept; settled is false while its time has not come.
func honoured(o Obligation) (kept, settled bool) {
	switch o.State {
	case Met:
		return !o.MetAt.After(o.Due), true
	case Missed:
		return false, true
	}
	return false, false
}

// Acknowledgement is the instant of SMTP's 250 minus the arrival of the mail that is acknowledged, for those accepted in the
// window; and of the acknowledgements that came due in it, how many were accepted in time. One that was withheld is not owed.
func (r Report) Acknowledgement() (Spread, Share) {
	var all []time.Duration
	for _, a := range r.Acks {
		if r.in(a.Accepted) {
			all = append(all, a.Accepted.Sub(a.Arrived))
		}
	}
	return spread(all), r.share(func(o Obligation) bool { return o.Kind == Acknowledge })
}

func (r Report) share(of func(Obligation) bool) (s Share) {
	for _, o := range r.Promises {
		good, settled := honoured(o)
		if !settled || !r.in(o.Due) || !of(o) {
			continue
		}
		s.Of++
		if good {
			s.Part++
		}
	}
	return s
}

// FirstResponse is the open time from the opening of a thread to the first mail of a person that SMTP accepted, for those in the
// window. The hours are those of the severity that the thread has now.
func (r Report) FirstResponse(hours func(classify.Severity) Hours) Spread {
	var all []time.Duration
	for _, t := range r.threads(func(t Thread) bool { return r.in(t.FirstResponseAt) }) {
		all = append(all, hours(t.Severity).Between(t.OpenedAt, t.FirstResponseAt))
	}
	return spread(all)
}

// Resolution is the open time from the opening of a thread to its resolution, without that in which we waited on the customer, for
// the threads that Resolved names. A reopened one counts from its first opening: that is how long the customer had the trouble.
func (r Report) Resolution(hours func(classify.Severity) Hours) Spread {
	var all []time.Duration
	for _, t := range r.Resolved() {
		on := hours(t.Severity)
		d := on.Between(t.OpenedAt, t.ResolvedAt)
		for _, p := range t.Pauses {
			if to := p.To; p.From.Before(t.ResolvedAt) {
				if to.IsZero() || to.After(t.ResolvedAt) {
					to = t.ResolvedAt
				}
				d -= on.Between(p.From, to)
			}
		}
		all = append(all, max(d, 0))
	}
	return spread(all)
}

// Compliance is by severity how many of the answers and resolutions that came due in the window were given in time. Acknowledgements
// and updates, which triaged sends by itself, are no merit of the team; Acknowledgement and Gaps tell of them.
func (r Report) Compliance() map[classify.Severity]Share {
	severity := map[int64]classify.Severity{}
	for _, t := range r.Threads {
		severity[t.ID] = t.Severity
	}
	all := map[classify.Severity]Share{}
	for s := classify.SEV1; s <= classify.SEV4; s++ {
		if share := r.share(func(o Obligation) bool { return byPeople(o) && severity[o.Thread] == s }); share.Of > 0 {
			all[s] = share
		}
	}
	return all
}

// Satisfaction is CSAT: the mean of the marks 1 to 5 of threads closed in the window, and how many are 4 or 5.
func (r Report) Satisfaction() (mean float64, good Share) {
	sum := 0
	for _, t := range r.threads(func(t Thread) bool { return r.in(t.ClosedAt) && t.Rating > 0 }) {
		sum += t.Rating
		good.Of++
		if t.Rating >= 4 {
			good.Part++
		}
	}
	if good.Of > 0 {
		mean = float64(sum) / float64(good.Of)
	}
	return mean, good
}

// ReopenRate is how many resolutions fell: the threads reopened in the window, of these and the resolutions of the window that stand.
func (r Report) ReopenRate() Share {
	fell := len(r.Reopened())
	return Share{Part: fell, Of: fell + len(r.Resolved())}
}

// UnconfirmedRate is how many of the threads closed in the window were closed after silence.
func (r Report) UnconfirmedRate() Share {
	n := len(r.Unconfirmed())
	return Share{Part: n, Of: n + len(r.Confirmed())}
}
