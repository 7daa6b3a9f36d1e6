package calendar

import (
	"fmt"
	"time"

	"triaged/config"
)

// Calendar is a set of opening hours. What it answers does not change after New, and it may be shared
// between goroutines. The zero Calendar never closes.
type Calendar struct {
	loc      *time.Location
	week     [7][]config.Opening // by time.Weekday
	holidays map[date]bool       // those given as dates
	regions  holidays
	closes   bool // false: 24x7
}

// Always is the calendar 24x7.
var Always = &Calendar{}

// date is a day of the calendar, as against an instant.
type date struct {
	year  int
	month time.Month
	day   int
}

func dateOf(t time.Time) date {
	y, m, d := t.Date()
	return date{y, m, d}
}

// New makes a calendar from its configuration; fallback is the zone where it names none. Hours that
// do not parse or never open, an unknown zone and a holiday that is neither a date nor a known region
// are errors.
func New(cfg config.Calendar, fallback *time.Location) (*Calendar, error) {
	c := &Calendar{loc: fallback, holidays: map[date]bool{}, closes: true}
	if cfg.Timezone != "" {
		loc, err := time.LoadLocation(string(cfg.Timezone))
		if err != nil {
			return nil, fmt.Errorf("timezone %q: %w", cfg.Timezone, err)
		}
		c.loc = loc
	}
	week, err := cfg.Week()
	if err != nil {
		return nil, err
	}
	c.week = week
	opens := false
	for _, hours := range week {
		opens = opens || len(hours) > 0
	}
	if !opens {
		return nil, fmt.Errorf("the calendar never opens; write such as hours: {mon-fri: %q}", businessHours)
	}
	for _, h := range cfg.Holidays {
		day, region, err := config.Holiday(h)
		switch {
		case err != nil:
			return nil, fmt.Errorf("holiday %w", err)
		case region != "":
			c.regions.of = append(c.regions.of, regions[region]...)
		default:
			c.holidays[dateOf(day)] = true
		}
	}
	return c, nil
}

const businessHours = "09:00-17:00"

// Named makes every calendar that a policy can name: those of the configuration, and the built-in
// 24x7 and business.
func Named(c *config.Config) (map[string]*Calendar, error) {
	zone := c.Timezone.Location()
	business, err := New(config.Calendar{Hours: map[string]string{"mon-fri": businessHours}}, zone)
	if err != nil {
		return nil, fmt.Errorf("calendar business: %w", err)
	}
	named := map[string]*Calendar{"24x7": Always, "business": business}
	for name, cfg := range c.Calendars {
		if named[name], err = New(cfg, zone); err != nil {
			return nil, fmt.Errorf("calendar %s: %w", name, err)
		}
	}
	return named, nil
}

// openings are the instants of one day, in order; none on a closed day, nor on one that the zone left
// out, as where the date line was moved. A time of day that the clocks skip moves with them.
func (c *Calendar) openings(d date) []span {
	hours := c.week[d.noon().Weekday()]
	if len(hours) == 0 || c.holidays[d] || c.regions.on(d) || dateOf(c.instant(d, 12*time.Hour)) != d {
		return nil
	}
	spans := make([]span, 0, len(hours))
	for _, h := range hours {
		s := span{c.clock(d, h.From), c.clock(d, h.To)}
		if s.to.After(s.from) {
			spans = append(spans, s)
		}
	}
	return spans
}

// clock is a time of day, in minutes, as an instant.
func (c *Calendar) clock(d date, minute int) time.Time {
	return c.instant(d, time.Duration(minute)*time.Minute)
}

// instant is a time of day as it would be had the clocks not changed yet: one that they skip moves with
// them. time.Date promises either side of the gap, and 24:00 would then be an hour before midnight.
func (c *Calendar) instant(d date, ofDay time.Duration) time.Time {
	const s = time.Second
	t := time.Date(d.year, d.month, d.day, 0, 0, int(ofDay/s), int(ofDay%s), c.loc)
	_, offset := t.Zone()
	wanted := time.Date(d.year, d.month, d.day, 0, 0, int(ofDay/s), int(ofDay%s), time.UTC)
	if skipped := wanted.Sub(t.Add(time.Duration(offset) * s)); skipped > 0 {
		return t.Add(skipped)
	}
	return t
}

func (d date) next() date { return dateOf(d.noon().AddDate(0, 0, 1)) }

// noon is where a day has its weekday, in no zone.
func (d date) noon() time.Time { return time.Date(d.year, d.month, d.day, 12, 0, 0, 0, time.UTC) }

// span is open from its first instant up to, not including, its last.
type span struct{ from, to time.Time }
