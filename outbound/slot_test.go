package outbound

import (
	"fmt"
	"testing"
	"time"

	"triaged/config"
)

// zonesThatMove are zones with a rule of their own each: half an hour, midnight, a date left out, DST without a fixed date.
var zonesThatMove = []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia", "Africa/Casablanca"}

var everyDay = [7]bool{true, true, true, true, true, true, true}

// TestEveryDigestOfTenYearsIsAtTheFirstInstantThatShowsItsTime compares with a walk along the clock.
func TestEveryDigestOfTenYearsIsAtTheFirstInstantThatShowsItsTime(t *testing.T) {
	t.Parallel()
	times := []string{"00:00", "00:30", "01:30", "02:00", "02:15", "02:30", "03:00", "08:00", "12:00", "23:45"}
	from, to := time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, name := range zonesThatMove {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zone, err := time.LoadLocation(name)
			if err != nil {
				t.Fatal(err)
			}
			want := firstShown(times, zone, from, to)
			total := 0
			for _, clock := range times {
				got := map[string]time.Time{}
				var last DigestSlot
				for _, s := range DigestSlots(timesAt(clock, zone), from, to) {
					if _, twice := got[s.Date]; twice || !s.At.After(last.At) || s.Date <= last.Date {
						t.Errorf("%s: slot %v after %v, want every date once and in order", clock, s, last)
					}
					got[s.Date], last = s.At, s
				}
				total += len(got)
				for date, at := range want[clock] {
					if !got[date].Equal(at) {
						t.Errorf("%s on %s: %s, want %s", clock, date, got[date].In(zone), at.In(zone))
					}
				}
				if len(got) != len(want[clock]) {
					t.Errorf("%s: %d slots, want %d", clock, len(got), len(want[clock]))
				}
			}
			if total < 10*3640 {
				t.Errorf("only %d slots were looked at", total)
			}
		})
	}
}

// firstShown walks along the clock by quarters of an hour, at which all zones change, and keeps by time of day and date the first
// instant at which the clock shows it or a later one.
func firstShown(times []string, zone *time.Location, from, to time.Time) map[string]map[string]time.Time {
	all := map[string]map[string]time.Time{}
	for _, clock := range times {
		all[clock] = map[string]time.Time{}
	}
	for at := from.Add(-48 * time.Hour); at.Before(to); at = at.Add(15 * time.Minute) {
		shown := at.In(zone).Format("2006-01-02 15:04")
		for _, clock := range times {
			if _, known := all[clock][shown[:10]]; !known && shown[11:] >= clock {
				all[clock][shown[:10]] = at
			}
		}
	}
	for _, clock := range times {
		for date, at := range all[clock] {
			if at.Before(from) {
				delete(all[clock], date)
			}
		}
	}
	return all
}

func timesAt(clock string, zone *time.Location) DigestTimes {
	d := DigestTimes{Days: everyDay, Zone: zone}
	if _, err := fmt.Sscanf(clock, "%d:%d", &d.Hour, &d.Minute); err != nil {
		panic(err)
	}
	return d
}

func TestDigestsOnTheNightsThatTheClocksChange(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, clock, date, want string }{
		{"Europe/Berlin", "02:30", "2026-03-29", "2026-03-29T03:00:00+02:00"},       // does not exist
		{"America/New_York", "01:30", "2026-11-01", "2026-11-01T01:30:00-04:00"},    // twice
		{"Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-04T02:30:00+11:00"}, // half an hour is skipped
		{"Australia/Lord_Howe", "01:45", "2026-04-05", "2026-04-05T01:45:00+11:00"}, // half an hour comes twice
		{"America/Sao_Paulo", "00:00", "2018-11-04", "2018-11-04T01:00:00-02:00"},   // the day begins at one
		{"Europe/Berlin", "08:00", "2028-02-29", "2028-02-29T08:00:00+01:00"},       // a leap day
		{"Pacific/Apia", "08:00", "2011-12-30", ""},                                 // the day that was not
		{"Pacific/Apia", "08:00", "2011-12-31", "2011-12-31T08:00:00+14:00"},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		noon, _ := time.Parse(time.DateOnly, c.date)
		got := ""
		for _, s := range DigestSlots(timesAt(c.clock, zone), noon.Add(-48*time.Hour), noon.Add(72*time.Hour)) {
			if s.Date == c.date {
				got += s.At.Format(time.RFC3339)
			}
		}
		if got != c.want {
			t.Errorf("%s in %s on %s: %q, want %q", c.clock, c.zone, c.date, got, c.want)
		}
	}
}

func TestNextAndLastDigestGoByTheConfiguration(t *testing.T) {
	t.Parallel()
	cfg := &config.Config{Digest: config.Digest{At: "08:00", Days: []string{"mon", "fri"}}}
	d := DigestTimesOf(cfg, config.Manager{Timezone: "Europe/Berlin"})
	friday := time.Date(2026, 11, 27, 7, 0, 0, 0, time.UTC) // 08:00
	for _, c := range []struct {
		now        time.Time
		last, next string
	}{
		{friday.Add(-time.Microsecond), "2026-11-23", "2026-11-27"},
		{friday, "2026-11-27", "2026-11-30"},
		{friday.Add(time.Hour), "2026-11-27", "2026-11-30"},
	} {
		last, ok1 := d.Last(c.now)
		next, ok2 := d.Next(c.now)
		if !ok1 || !ok2 || last.Date != c.last || next.Date != c.next {
			t.Errorf("at %s: last %v, next %v; want %s and %s", c.now, last, next, c.last, c.next)
		}
	}
	if _, ok := (DigestTimes{Zone: time.UTC}).Next(friday); ok {
		t.Error("there is a next digest where no day is one")
	}
}
