package calendar

import (
	"sync"
	"time"

	"github.com/rickar/cal/v2"
)

// holidays are those of regions. A year is worked out when it is first asked for, and kept.
type holidays struct {
	of    []*cal.Holiday
	years sync.Map // year to *closedDays
}

// closedDays has a bit for each day of the twelve months; month and day count from 1.
type closedDays [13]uint32

// on says whether a day is a holiday.
func (h *holidays) on(d date) bool {
	if len(h.of) == 0 {
		return false
	}
	days, known := h.years.Load(d.year)
	if !known {
		days, _ = h.years.LoadOrStore(d.year, closedIn(d.year, h.of))
	}
	return days.(*closedDays)[d.month]>>d.day&1 == 1
}

// closedIn works out a year. A holiday is kept on the day that it is observed, which may lie in the next
// year or the last one (in the United States New Year's Day 2028, a Saturday, is observed in 2027).
// Where it was moved away from a weekend, that day stays a holiday for those who work on it.
func closedIn(year int, of []*cal.Holiday) *closedDays {
	var days closedDays
	for _, h := range of {
		for y := year - 1; y <= year+1; y++ {
			start, _ := h.Calc(y)
			if start.IsZero() {
				continue
			}
			// The library gives the start of the day in the zone of the machine. Where the clocks skip
			// midnight that may be an hour before, and it takes the weekday from that: so we take the day
			// half a day later, and the day of observance from its weekday.
			actual := dateOf(start.Add(12 * time.Hour)).noon()
			observed := actual
			for _, o := range h.Observed {
				if o.Day == actual.Weekday() {
					observed = actual.AddDate(0, 0, o.Offset)
					break
				}
			}
			days.add(year, observed)
			if cal.IsWeekend(actual) {
				days.add(year, actual)
			}
		}
	}
	return &days
}

func (c *closedDays) add(year int, noon time.Time) {
	if d := dateOf(noon); d.year == year {
		c[d.month] |= 1 << d.day
	}
}
