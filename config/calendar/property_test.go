package calendar

import (
	"math/rand/v2"
	"testing"
	"time"

	"triaged/config"
)

// tried are the calendars that every promise below is made on: zones whose clocks change by an hour, by
// half an hour and, in the past, at midnight; days with a break, nights, and holidays of regions.
func tried(t *testing.T, each func(c *Calendar, zone config.Zone)) {
	t.Helper()
	for _, zone := range []config.Zone{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo"} {
		for _, cfg := range []config.Calendar{
			{Hours: map[string]string{"mon-fri": businessHours}, Holidays: []string{"de-by", "2026-12-24"}},
			{Hours: map[string]string{"mon-thu": "08:30-12:00,13:00-17:45", "sat": "00:00-24:00"}, Holidays: []string{"us"}},
			{Hours: map[string]string{"sun": "00:00-04:00"}, Holidays: []string{"gb"}},
			{Hours: map[string]string{"mon-sun": "00:00-24:00"}},
		} {
			cfg.Timezone = zone
			each(must(t, cfg), zone)
		}
	}
}

func TestPropertiesOfAddOverTenYears(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 2))
	tried(t, func(c *Calendar, zone config.Zone) {
		for range 400 {
			made := time.Date(2016, 1, 1, 0, 0, r.IntN(10*365*86400), 0, time.UTC)
			if r.IntN(3) == 0 { // at an edge: a change of the clocks, or an opening
				made = edge(c, made).Add(time.Duration(r.IntN(3)-1) * time.Second)
			}
			length := time.Duration(1+r.IntN(60*3600)) * time.Second
			clock := config.Span{Clock: length}
			due := c.Add(made, clock)
			if got := c.Between(made, due); got != length {
				t.Fatalf("%s: Add(%v, %v) is %v, the open time between is %v", zone, made, length, due, got)
			}
			if got := c.AddOpen(made, length); !got.Equal(due) {
				t.Fatalf("%s: AddOpen(%v, %v) is %v, Add says %v", zone, made, length, got, due)
			}
			first := length / time.Duration(2+r.IntN(5))
			if got := c.AddOpen(c.AddOpen(made, first), length-first); !got.Equal(due) {
				t.Fatalf("%s: a clock of %v stopped after %v ends at %v, want %v", zone, length, first, got, due)
			}
			later := made.Add(time.Duration(r.IntN(72*3600)) * time.Second)
			if got := c.Add(later, clock); got.Before(due) {
				t.Fatalf("%s: %v from %v is due at %v, from %v already at %v", zone, length, made, due, later, got)
			}
			days := config.Span{Weeks: r.IntN(3), Days: 1 + r.IntN(6), Clock: length}
			inDays := c.Add(made, days)
			if inDays.Before(made) || inDays.Before(due) {
				t.Fatalf("%s: Add(%v, %v) is %v, which is before %v", zone, made, days, inDays, due)
			}
			// In the hour that comes twice a time of day goes back by itself.
			if got := c.Add(later.Add(time.Hour), days); got.Before(inDays) {
				t.Fatalf("%s: %v from %v is due at %v, from %v already at %v", zone, days, made, inDays, later.Add(time.Hour), got)
			}
		}
	})
}

// edge is the first instant from t on where the calendar opens, or the zone changes its offset.
func edge(c *Calendar, t time.Time) time.Time {
	opening := c.NextOpening(t)
	if _, end := t.In(c.loc).ZoneBounds(); !end.IsZero() && t.Unix()%2 == 0 {
		return end
	}
	return opening
}

func TestAClockThatIsNotRunningOutStaysWhereItIs(t *testing.T) {
	t.Parallel()
	c := office(t)
	sunday := at(t, c, "2026-11-29 03:00")
	for _, left := range []time.Duration{0, -time.Hour} {
		if got := c.AddOpen(sunday, left); !got.Equal(sunday) {
			t.Errorf("AddOpen(%v) while closed: got %v, want the instant itself", left, got)
		}
		if got := Always.AddOpen(sunday, left); !got.Equal(sunday) {
			t.Errorf("24x7: AddOpen(%v): got %v, want the instant itself", left, got)
		}
	}
	if got, want := Always.AddOpen(sunday, time.Hour), sunday.Add(time.Hour); !got.Equal(want) {
		t.Errorf("24x7: AddOpen(1h): got %v, want %v", got, want)
	}
	if got := c.AddOpen(sunday.UTC(), time.Hour); got.Location() != time.UTC || !got.Equal(at(t, c, "2026-11-30 10:00")) {
		t.Errorf("AddOpen(1h) on a Sunday: got %v, want Monday 10:00, told in the zone that was given", got)
	}
}
