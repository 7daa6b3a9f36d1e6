package ingest

import (
	"fmt"
	"time"
)

// join makes an instant of a day and a time of day.
func (p *instant) join() (at time.Time, why string) {
	if !p.timed && !p.dated && !p.hasAhead && !p.hasWeekday {
		return at, "it names no day and no time"
	}
	hour, minute := wholeDay, 0
	if p.timed {
		hour, minute = p.hour, p.minute
	}
	loc := p.now.Location()
	if p.zone != nil {
		loc = p.zone
	}
	y, m, d := p.now.In(loc).Date()
	on := func(y int, m time.Month, d int) time.Time {
		return wallClock(y, m, d, hour, minute, loc, p.now).In(p.now.Location())
	}
	switch {
	case p.dated:
		return p.onDate(on)
	case p.hasAhead:
		at = on(y, m, d+p.ahead)
		if p.hasWeekday && at.In(loc).Weekday() != p.weekday && !p.midnight {
			return at, "that day is no " + p.weekday.String()
		}
		return at, ""
	case p.hasWeekday:
		days := (int(p.weekday) - int(p.now.In(loc).Weekday()) + 7) % 7
		if at = on(y, m, d+days); !at.After(p.now) {
			at = on(y, m, d+days+7)
		}
		return at, ""
	}
	if at = on(y, m, d); !at.After(p.now) {
		at = on(y, m, d+1)
	}
	return at, ""
}

// onDate finds the year where none is said: this one, or the next where the day has passed.
func (p *instant) onDate(on func(int, time.Month, int) time.Time) (at time.Time, why string) {
	years := []int{p.year}
	if p.year == 0 {
		this := p.now.Year()
		years = []int{this, this + 1}
		if p.month == 2 && p.day == 29 {
			years = append(years, this+2)
		}
	}
	why = fmt.Sprintf("there is no day %d.%d.", p.day, p.month)
	for _, y := range years {
		if real := time.Date(y, time.Month(p.month), p.day, 12, 0, 0, 0, time.UTC); real.Day() != p.day || p.month < 1 || p.month > 12 || p.day < 1 {
			continue
		}
		if at, why = on(y, time.Month(p.month), p.day), ""; at.After(p.now) {
			break
		}
	}
	if why == "" && p.hasWeekday {
		if real := time.Date(at.Year(), time.Month(p.month), p.day, 12, 0, 0, 0, time.UTC).Weekday(); real != p.weekday {
			return at, "that day is a " + real.String()
		}
	}
	return at, why
}

// wallClock is the instant at which clocks in loc show the time. Where the clocks go back it comes twice: the first
// that is after now counts. Where they go forward it never comes: the clocks' new time does, an hour on.
func wallClock(y int, m time.Month, d, hour, minute int, loc *time.Location, now time.Time) time.Time {
	u := time.Date(y, m, d, hour, minute, 0, 0, time.UTC)
	_, before := u.Add(-24 * time.Hour).In(loc).Zone()
	_, after := u.Add(24 * time.Hour).In(loc).Zone()
	var found time.Time
	for _, offset := range []int{max(before, after), min(before, after)} { // the larger offset comes first
		t := u.Add(-time.Duration(offset) * time.Second).In(loc)
		if t.Day() != u.Day() || t.Hour() != u.Hour() || t.Minute() != u.Minute() {
			continue
		}
		if found = t; t.After(now) {
			break
		}
	}
	if found.IsZero() {
		found = u.Add(-time.Duration(before) * time.Second).In(loc)
	}
	return found
}
