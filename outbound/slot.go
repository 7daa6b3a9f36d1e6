package outbound

import (
	"strings"
	"time"

	"triaged/config"
)

// DigestTimes is when a manager's digests are due: a time of day, on some days of the week, in a zone.
type DigestTimes struct {
	Hour, Minute int
	Days         [7]bool // by time.Weekday
	Zone         *time.Location
}

// DigestTimesOf reads a manager's times from the configuration, which has been checked.
func DigestTimesOf(c *config.Config, m config.Manager) DigestTimes {
	d := DigestTimes{Zone: m.Timezone.Location()}
	if t, err := time.Parse("15:04", c.Digest.At); err == nil {
		d.Hour, d.Minute = t.Hour(), t.Minute()
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		d.Days[day] = len(c.Digest.Days) == 0
		for _, name := range c.Digest.Days {
			d.Days[day] = d.Days[day] || strings.EqualFold(name, day.String()[:3])
		}
	}
	return d
}

// DigestSlot is one digest that is due: the local date names it for ever.
type DigestSlot struct {
	Date string // "2026-11-25"
	At   time.Time
}

// DigestSlots are the digests due from an instant on and before another, in their order: for each date at most one, at the first instant
// at which the clock shows the time of day or a later one. So a time that the clocks skip is the instant at which they do,
// of one that they show twice it is the first, and a date that a zone leaves out has none.
func DigestSlots(d DigestTimes, from, to time.Time) (all []DigestSlot) {
	y, m, day := from.In(d.Zone).Date()
	for i := -1; ; i++ {
		date := time.Date(y, m, day+i, 12, 0, 0, 0, time.UTC)
		if date.After(to.Add(48 * time.Hour)) { // no zone is further from UTC
			return all
		}
		if !d.Days[date.Weekday()] {
			continue
		}
		if at, ok := d.on(date); ok && !at.Before(from) && at.Before(to) {
			all = append(all, DigestSlot{Date: date.Format(time.DateOnly), At: at})
		}
	}
}

// Next is the first digest after an instant; false where no day is one.
func (d DigestTimes) Next(after time.Time) (DigestSlot, bool) {
	all := DigestSlots(d, after.Add(1), after.AddDate(0, 0, 15)) // a week, and the date that a zone left out
	if len(all) == 0 {
		return DigestSlot{}, false
	}
	return all[0], true
}

// Last is the latest digest at or before an instant.
func (d DigestTimes) Last(by time.Time) (DigestSlot, bool) {
	all := DigestSlots(d, by.AddDate(0, 0, -15), by.Add(1))
	if len(all) == 0 {
		return DigestSlot{}, false
	}
	return all[len(all)-1], true
}

// on is the digest's instant on a date, which is given as that date in UTC; false where the zone leaves the date out.
func (d DigestTimes) on(date time.Time) (time.Time, bool) {
	y, m, day := date.Date()
	wanted := time.Date(y, m, day, d.Hour, d.Minute, 0, 0, time.UTC)
	at := time.Date(y, m, day, d.Hour, d.Minute, 0, 0, d.Zone)
	start, end := at.ZoneBounds()
	switch shown := onClock(at); {
	case shown.Before(wanted): // skipped, and time.Date took the side before
		at = end
	case shown.After(wanted): // likewise, after
		at = start
	case !start.IsZero(): // it may have been shown before the clocks went back
		_, offset := start.Add(-1).Zone()
		if earlier := wanted.Add(-time.Duration(offset) * time.Second); earlier.Before(start) {
			at = earlier
		}
	}
	at = at.In(d.Zone)
	ay, am, ad := at.Date()
	return at, ay == y && am == m && ad == day
}

// onClock is what the clock shows at an instant, as that time in UTC.
func onClock(t time.Time) time.Time {
	_, offset := t.Zone()
	return t.UTC().Add(time.Duration(offset) * time.Second)
}
