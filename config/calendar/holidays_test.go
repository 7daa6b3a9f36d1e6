package calendar

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"triaged/config"
)

// closedOn lists the weekdays of a year on which a calendar of Monday to Sunday has no hours, or all
// such days.
func closedOn(c *Calendar, year int, weekends bool) (days []string) {
	for d := (date{year, time.January, 1}); d.year == year; d = d.next() {
		noon := time.Date(d.year, d.month, d.day, 12, 0, 0, 0, c.loc)
		weekend := noon.Weekday() == time.Saturday || noon.Weekday() == time.Sunday
		if !c.OpenAt(noon) && (weekends || !weekend) {
			days = append(days, noon.Format("01-02"))
		}
	}
	return days
}

func daily(t *testing.T, zone config.Zone, holidays ...string) *Calendar {
	t.Helper()
	return must(t, config.Calendar{Timezone: zone, Hours: map[string]string{"mon-sun": "09:00-17:00"}, Holidays: holidays})
}

func TestEveryRegionThatAConfigurationCanNameIsKnown(t *testing.T) {
	t.Parallel()
	if got, want := slices.Sorted(maps.Keys(regions)), slices.Sorted(slices.Values(config.Regions())); !slices.Equal(got, want) {
		t.Fatalf("regions of the calendar: %v, of the configuration: %v", got, want)
	}
	for _, region := range config.Regions() {
		c := daily(t, "UTC", region)
		for year := 2025; year < 2035; year++ {
			days := closedOn(c, year, true)
			if len(days) < 4 || len(days) > 30 || !slices.Contains(days, "01-01") {
				t.Errorf("%s in %d is closed on %v, want New Year's Day and some more", region, year, days)
			}
		}
	}
}

// TestHolidaysOfAYearAreThoseOfTheOfficialLists compares with what the governments publish.
func TestHolidaysOfAYearAreThoseOfTheOfficialLists(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		region   string
		year     int
		weekends bool
		want     string
	}{
		{"de", 2026, false, "01-01 04-03 04-06 05-01 05-14 05-25 12-25"},
		{"de-by", 2026, false, "01-01 01-06 04-03 04-06 05-01 05-14 05-25 06-04 12-25"},
		{"de-mv", 2028, false, "03-08 04-14 04-17 05-01 05-25 06-05 10-03 10-31 12-25 12-26"},
		{"de-mv", 2022, false, "04-15 04-18 05-26 06-06 10-03 10-31 12-26"},
		{"at", 2026, false, "01-01 01-06 04-06 05-01 05-14 05-25 06-04 10-26 12-08 12-25"},
		{"us", 2026, false, "01-01 01-19 02-16 05-25 06-19 07-03 09-07 10-12 11-11 11-26 12-25"},
		{"us", 2027, false, "01-01 01-18 02-15 05-31 06-18 07-05 09-06 10-11 11-11 11-25 12-24 12-31"}, // 12-31 for 2028
		{"gb", 2026, false, "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28"},
		{"gb", 2027, true, "01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26 12-27 12-28"}, // moved, and the days themselves
		{"fr", 2026, false, "01-01 04-06 05-01 05-08 05-14 05-25 07-14 11-11 12-25"},
	} {
		cal := daily(t, "UTC", c.region)
		if got := strings.Join(closedOn(cal, c.year, c.weekends), " "); got != c.want {
			t.Errorf("%s in %d:\n got  %s\n want %s", c.region, c.year, got, c.want)
		}
	}
}

func TestRegionsAndDatesAddUp(t *testing.T) {
	t.Parallel()
	c := daily(t, "UTC", "de", "2026-12-24", "us")
	for day, want := range map[string]bool{"2026-12-24": false, "2026-12-25": false, "2026-07-03": false, "2026-05-01": false, "2026-05-04": true, "2027-12-23": true} {
		if got := c.OpenAt(at(t, c, day+" 12:00")); got != want {
			t.Errorf("%s: open %t, want %t", day, got, want)
		}
	}
}

func TestAPromiseAtTheEdgesOfHolidays(t *testing.T) {
	t.Parallel()
	bavaria := must(t, config.Calendar{Timezone: "Europe/Berlin", Hours: map[string]string{"mon-fri": businessHours}, Holidays: []string{"de-by"}})
	states := must(t, config.Calendar{Timezone: "America/New_York", Hours: map[string]string{"mon-fri": businessHours}, Holidays: []string{"us"}})
	for _, tt := range []struct {
		why             string
		c               *Calendar
		made, span, due string
	}{
		{"up to the last minute before Easter", bavaria, "2026-04-02 16:00", "1h", "2026-04-02 17:00"},
		{"a minute more is after Easter", bavaria, "2026-04-02 16:01", "1h", "2026-04-07 09:01"},
		{"a day over Easter", bavaria, "2026-04-02 11:00", "1d", "2026-04-07 11:00"},
		{"made on Good Friday", bavaria, "2026-04-03 11:00", "15m", "2026-04-07 09:15"},
		{"over the end of the year", bavaria, "2026-12-31 16:30", "1h", "2027-01-04 09:30"},
		{"Epiphany is one more", bavaria, "2027-01-05 16:30", "1h", "2027-01-07 09:30"},
		{"a holiday of next year kept in this one", states, "2027-12-30 16:30", "1h", "2028-01-03 09:30"},
		{"Independence Day moved to Friday", states, "2026-07-02 16:30", "1h", "2026-07-06 09:30"},
	} {
		if got, want := tt.c.Add(at(t, tt.c, tt.made), promised(t, tt.span)), at(t, tt.c, tt.due); !got.Equal(want) {
			t.Errorf("%s: Add(%s, %s): got %s, want %s", tt.why, tt.made, tt.span, got.Format("Mon 2006-01-02 15:04"), tt.due)
		}
	}
}

// TestHolidaysDoNotDependOnTheMachine runs itself again in zones whose clocks skip midnight: the library
// computes in the zone of the machine.
func TestHolidaysDoNotDependOnTheMachine(t *testing.T) {
	t.Parallel()
	if os.Getenv("PRINT_HOLIDAYS") != "" {
		for year := 2000; year < 2040; year++ {
			for _, region := range config.Regions() {
				fmt.Println(region, year, closedOn(daily(t, "UTC", region), year, true))
			}
		}
		return
	}
	if testing.Short() {
		t.Skip("runs itself four times")
	}
	first := ""
	for _, zone := range []string{"UTC", "America/Sao_Paulo", "Asia/Beirut", "Africa/Cairo"} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run", "^"+t.Name()+"$")
		cmd.Env = append(os.Environ(), "PRINT_HOLIDAYS=1", "TZ="+zone)
		out, err := cmd.Output()
		got, _, _ := strings.Cut(string(out), "PASS")
		if err != nil || got == "" {
			t.Fatalf("in zone %s: %v, %d octets", zone, err, len(out))
		}
		if first == "" {
			first = got
		}
		if got != first {
			t.Errorf("in zone %s some holidays are on other days than in UTC", zone)
		}
	}
}

func TestACalendarIsSharedWhileYearsAreWorkedOut(t *testing.T) {
	t.Parallel()
	c := daily(t, "UTC", "de-by", "us")
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for year := 2020; year < 2040; year++ {
				if c.OpenAt(time.Date(year, time.December, 25, 12, 0, 0, 0, time.UTC)) {
					t.Errorf("open at Christmas %d", year)
				}
			}
		})
	}
	all.Wait()
}

func BenchmarkAddOverAHoliday(b *testing.B) {
	c, err := New(config.Calendar{Timezone: "Europe/Berlin", Hours: map[string]string{"mon-fri": businessHours}, Holidays: []string{"de-by"}}, time.UTC)
	if err != nil {
		b.Fatal(err)
	}
	made := time.Date(2026, 11, 27, 15, 59, 0, 0, time.UTC)
	for b.Loop() {
		c.Add(made, config.Span{Clock: 4 * time.Hour})
	}
}

func BenchmarkAYearIsWorkedOut(b *testing.B) {
	for b.Loop() {
		closedIn(2026, regions["de-by"])
	}
}
