package calendar

import (
	"time"

	"triaged/config"
)

// OpenAt says whether t is within opening hours.
func (c *Calendar) OpenAt(t time.Time) bool {
	if !c.closes {
		return true
	}
	for _, s := range c.openings(dateOf(t.In(c.loc))) {
		if !t.Before(s.from) && t.Before(s.to) {
			return true
		}
	}
	return false
}

// NextOpening is t itself when it is open, otherwise the next instant that is. It keeps t's zone.
func (c *Calendar) NextOpening(t time.Time) time.Time {
	if !c.closes {
		return t
	}
	s, _ := c.from(t)
	return s.from.In(t.Location())
}

// from is the open span at or after t, cut to begin no earlier than t, and its day. There always is
// one: some weekday opens, and the holidays come to an end.
func (c *Calendar) from(t time.Time) (span, date) {
	for d := dateOf(t.In(c.loc)); ; d = d.next() {
		for _, s := range c.openings(d) {
			if t.Before(s.from) {
				return s, d
			}
			if t.Before(s.to) {
				return span{t, s.to}, d
			}
		}
	}
}

// Add is the instant that a promise made at t falls due, in t's zone. What promises nothing is due
// at t.
func (c *Calendar) Add(t time.Time, s config.Span) time.Time {
	if !c.closes {
		return t.Add(time.Duration(7*s.Weeks+s.Days)*24*time.Hour + s.Clock)
	}
	if s.IsZero() {
		return t
	}
	due, day := c.from(t)
	at := due.from
	if days := 5*s.Weeks + s.Days; days > 0 {
		at = c.days(at, day, days)
	}
	return c.open(at, s.Clock).In(t.Location())
}

// days goes to the same time of day on the nth business day after day.
func (c *Calendar) days(t time.Time, day date, n int) time.Time {
	var open []span
	for n > 0 {
		day = day.next()
		if open = c.openings(day); len(open) > 0 {
			n--
		}
	}
	local := t.In(c.loc)
	ofDay := time.Duration(local.Hour())*time.Hour + time.Duration(local.Minute())*time.Minute +
		time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
	same := c.instant(day, ofDay)
	for _, s := range open {
		if same.Before(s.from) {
			return s.from
		}
		if !same.After(s.to) {
			return same
		}
	}
	return open[len(open)-1].to
}

// AddOpen is t after so much open time: when a clock that was stopped with d left on it, and goes on at
// t, runs out. It is told in t's zone; with nothing left that is t.
func (c *Calendar) AddOpen(t time.Time, d time.Duration) time.Time {
	if !c.closes || d <= 0 {
		return t.Add(max(d, 0))
	}
	return c.open(t, d).In(t.Location())
}

// open adds open time to t. What ends at closing time stays there.
func (c *Calendar) open(t time.Time, rest time.Duration) time.Time {
	for rest > 0 {
		s, _ := c.from(t)
		if length := s.to.Sub(s.from); rest > length {
			rest -= length
			t = s.to
			continue
		}
		return s.from.Add(rest)
	}
	return t
}

// Between is the open time from a to b, negative when b is earlier.
func (c *Calendar) Between(a, b time.Time) time.Duration {
	if b.Before(a) {
		return -c.Between(b, a)
	}
	if !c.closes {
		return b.Sub(a)
	}
	var sum time.Duration
	for t := a; ; {
		s, _ := c.from(t)
		if !s.from.Before(b) {
			return sum
		}
		if !s.to.Before(b) {
			return sum + b.Sub(s.from)
		}
		sum += s.to.Sub(s.from)
		t = s.to
	}
}
