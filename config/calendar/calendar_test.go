package calendar

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"triaged/config"
)

// office is the calendar of most tests: Monday to Friday with a lunch break, a short Friday, closed at
// Christmas, in Berlin. 2026-11-23 is a Monday.
func office(t *testing.T) *Calendar {
	t.Helper()
	return must(t, config.Calendar{
		Timezone: "Europe/Berlin",
		Hours:    map[string]string{"mon-thu": "09:00-12:00,13:00-17:00", "fri": "09:00-13:00"},
		Holidays: []string{"2026-12-25", "2027-01-01"},
	})
}

// business is the built-in one, in a zone.
func business(t *testing.T, zone config.Zone) *Calendar {
	t.Helper()
	return must(t, config.Calendar{Timezone: zone, Hours: map[string]string{"mon-fri": businessHours}})
}

func must(t *testing.T, cfg config.Calendar) *Calendar {
	t.Helper()
	c, err := New(cfg, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// at reads a wall clock time of a calendar.
func at(t *testing.T, c *Calendar, text string) time.Time {
	t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04:05", text+strings.Repeat(":00", 2-strings.Count(text, ":")), c.loc)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

func promised(t *testing.T, text string) config.Span {
	t.Helper()
	var s config.Span
	if err := s.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestPromisesFallDueInOpeningHours(t *testing.T) {
	t.Parallel()
	berlin := business(t, "Europe/Berlin")
	for _, tt := range []struct {
		why        string
		c          *Calendar
		made, span string
		due        string
	}{
		{"within a day", berlin, "2026-11-23 10:00", "4h", "2026-11-23 14:00"},
		{"up to closing time is due then", berlin, "2026-11-23 13:00", "4h", "2026-11-23 17:00"},
		{"a minute more is due tomorrow", berlin, "2026-11-23 13:01", "4h", "2026-11-24 09:01"},
		{"the minute before opening", berlin, "2026-11-23 08:59", "15m", "2026-11-23 09:15"},
		{"at opening", berlin, "2026-11-23 09:00", "15m", "2026-11-23 09:15"},
		{"the last minute", berlin, "2026-11-23 16:59", "15m", "2026-11-24 09:14"},
		{"at closing it is closed", berlin, "2026-11-23 17:00", "15m", "2026-11-24 09:15"},
		{"the minute after closing", berlin, "2026-11-23 17:01", "15m", "2026-11-24 09:15"},
		{"Friday 16:59 and two hours", berlin, "2026-11-27 16:59", "2h", "2026-11-30 10:59"},
		{"on a Sunday", berlin, "2026-11-29 03:00", "1h", "2026-11-30 10:00"},
		{"24h are three days of eight", berlin, "2026-11-23 09:00", "24h", "2026-11-25 17:00"},

		{"a day is the same time tomorrow", berlin, "2026-11-23 10:30", "1d", "2026-11-24 10:30"},
		{"a day over the weekend", berlin, "2026-11-27 16:59", "1d", "2026-11-30 16:59"},
		{"a day from the weekend counts from Monday", berlin, "2026-11-28 12:00", "1d", "2026-12-01 09:00"},
		{"a day from the evening counts from tomorrow", berlin, "2026-11-23 20:00", "1d", "2026-11-25 09:00"},
		{"a week is five days", berlin, "2026-11-25 11:00", "1w", "2026-12-02 11:00"},
		{"five days are a week", berlin, "2026-11-25 11:00", "5d", "2026-12-02 11:00"},
		{"days first, then hours", berlin, "2026-11-26 16:00", "1d2h", "2026-11-30 10:00"},
		{"nothing promised", berlin, "2026-11-28 12:00", "-", "2026-11-28 12:00"},

		{"over lunch", office(t), "2026-11-23 11:30", "1h", "2026-11-23 13:30"},
		{"made at lunch", office(t), "2026-11-23 12:30", "1h", "2026-11-23 14:00"},
		{"until lunch", office(t), "2026-11-23 11:00", "1h", "2026-11-23 12:00"},
		{"the short day ends a promise of a day", office(t), "2026-11-26 16:00", "1d", "2026-11-27 13:00"},
		{"a short day counts as a day", office(t), "2026-11-26 10:00", "2d", "2026-11-30 10:00"},
		{"lunch of the next day", must(t, config.Calendar{Hours: map[string]string{"mon": "09:00-17:00", "tue": "09:00-12:00,13:00-17:00"}}), "2026-11-23 12:30", "1d", "2026-11-24 13:00"},
		{"the next day opens later", must(t, config.Calendar{Hours: map[string]string{"mon": "08:00-17:00", "tue": "10:00-17:00"}}), "2026-11-23 08:30", "1d", "2026-11-24 10:00"},
		{"Christmas is no day", office(t), "2026-12-24 16:30", "1h", "2026-12-28 09:30"},
		{"Christmas is not counted", office(t), "2026-12-24 10:00", "1d", "2026-12-28 10:00"},
		{"made at Christmas", office(t), "2026-12-25 10:00", "1d", "2026-12-29 09:00"},
		{"over new year", office(t), "2026-12-31 16:00", "2h", "2027-01-04 10:00"},
	} {
		if got, want := tt.c.Add(at(t, tt.c, tt.made), promised(t, tt.span)), at(t, tt.c, tt.due); !got.Equal(want) {
			t.Errorf("%s: Add(%s, %s): got %s, want %s", tt.why, tt.made, tt.span, got.Format("Mon 2006-01-02 15:04"), tt.due)
		}
	}
}

func TestRoundTheClockEverythingIsPlain(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	made := time.Date(2027, 3, 27, 22, 0, 0, 0, berlin) // the clocks go forward that night
	for text, want := range map[string]time.Duration{"30m": 30 * time.Minute, "1d": 24 * time.Hour, "1w": 168 * time.Hour, "1d12h": 36 * time.Hour, "-": 0} {
		if got := Always.Add(made, promised(t, text)).Sub(made); got != want {
			t.Errorf("24x7: Add(%s): got %v later, want %v", text, got, want)
		}
	}
	if !Always.OpenAt(made) || !Always.NextOpening(made).Equal(made) || Always.Between(made, made.Add(time.Hour)) != time.Hour {
		t.Error("24x7: got closed, want open at any time")
	}
}

// TestTheNightTheClocksChange has a shop that is open all night: that day has 23 or 25 hours, and the
// same time tomorrow stays the same time.
func TestTheNightTheClocksChange(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		why, zone, made, span, due string
	}{
		{"Berlin forward: 02:00 to 03:00 does not exist", "Europe/Berlin", "2027-03-28 01:30", "1h", "2027-03-28 03:30"},
		{"Berlin forward: a day", "Europe/Berlin", "2027-03-27 12:00", "1d", "2027-03-28 12:00"},
		{"Berlin back: 02:00 to 03:00 comes twice", "Europe/Berlin", "2027-10-31 01:30", "3h", "2027-10-31 03:30"},
		{"Berlin back: a day", "Europe/Berlin", "2027-10-30 12:00", "1d", "2027-10-31 12:00"},
		{"New York forward", "America/New_York", "2027-03-14 01:30", "1h", "2027-03-14 03:30"},
		{"Lord Howe forward, by half an hour", "Australia/Lord_Howe", "2027-10-03 01:30", "1h", "2027-10-03 03:00"},
		{"Lord Howe back", "Australia/Lord_Howe", "2027-04-04 01:00", "2h", "2027-04-04 02:30"},
		{"Santiago forward at midnight: the day before lasts until then", "America/Santiago", "2027-09-04 23:30", "1h", "2027-09-05 01:30"},
		{"Santiago forward at midnight: a day", "America/Santiago", "2027-09-04 23:30", "1d", "2027-09-05 23:30"},
		{"Santiago forward at midnight: two days on", "America/Santiago", "2027-09-04 23:30", "2d", "2027-09-06 23:30"},
		{"Beirut forward at midnight: the day begins at 01:00", "Asia/Beirut", "2027-03-27 23:30", "1h", "2027-03-28 01:30"},
		{"Apia left out the 30th: an hour", "Pacific/Apia", "2011-12-29 23:30", "1h", "2011-12-31 00:30"},
		{"Apia left out the 30th: a day", "Pacific/Apia", "2011-12-29 12:00", "1d", "2011-12-31 12:00"},
		{"Apia left out the 30th: the open time of the day after counts once", "Pacific/Apia", "2011-12-29 23:30", "25h", "2012-01-01 00:30"},
	} {
		c := must(t, config.Calendar{Timezone: config.Zone(tt.zone), Hours: map[string]string{"mon-sun": "00:00-24:00"}})
		if got, want := c.Add(at(t, c, tt.made), promised(t, tt.span)), at(t, c, tt.due); !got.Equal(want) {
			t.Errorf("%s: Add(%s, %s): got %s, want %s", tt.why, tt.made, tt.span, got, want)
		}
	}
	c := must(t, config.Calendar{Timezone: "Europe/Berlin", Hours: map[string]string{"mon-sun": "00:00-24:00"}})
	for day, want := range map[string]time.Duration{"2027-03-28": 23 * time.Hour, "2027-10-31": 25 * time.Hour, "2027-10-30": 24 * time.Hour} {
		from := at(t, c, day+" 00:00")
		if got := c.Between(from, from.AddDate(0, 0, 1)); got != want {
			t.Errorf("open time of %s: got %v, want %v", day, got, want)
		}
	}
}

// TestADayThatAZoneLeftOutIsNoBusinessDay: Apia went from Thursday the 29th of December 2011 to Saturday the 31st.
func TestADayThatAZoneLeftOutIsNoBusinessDay(t *testing.T) {
	t.Parallel()
	c := must(t, config.Calendar{Timezone: "Pacific/Apia", Hours: map[string]string{"mon-fri": businessHours}})
	for _, tt := range []struct{ span, due string }{{"1d", "2012-01-02 15:00"}, {"4h", "2012-01-02 11:00"}} {
		if got, want := c.Add(at(t, c, "2011-12-29 15:00"), promised(t, tt.span)), at(t, c, tt.due); !got.Equal(want) {
			t.Errorf("%s from Thursday 15:00: got %s, want %s", tt.span, got, want)
		}
	}
}

func TestHoursAreReadInTheZoneOfTheCalendar(t *testing.T) {
	t.Parallel()
	tokyo := business(t, "Asia/Tokyo")
	made := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC) // 10:00 in Tokyo
	if !tokyo.OpenAt(made) {
		t.Error("10:00 in Tokyo: got closed, want open, wherever the time was read")
	}
	got := tokyo.Add(made, promised(t, "8h")) // 17:00 is after 7h: one more tomorrow
	if want := time.Date(2026, 11, 24, 1, 0, 0, 0, time.UTC); !got.Equal(want) || got.Location() != time.UTC {
		t.Errorf("Add: got %v, want %v, told in the zone that was given", got, want)
	}
}

func TestOpenAtAndNextOpeningAtTheEdges(t *testing.T) {
	t.Parallel()
	c := office(t)
	for _, tt := range []struct {
		at   string
		open bool
		next string
	}{
		{"2026-11-23 08:59:59", false, "2026-11-23 09:00"},
		{"2026-11-23 09:00", true, "2026-11-23 09:00"},
		{"2026-11-23 11:59:59", true, "2026-11-23 11:59:59"},
		{"2026-11-23 12:00", false, "2026-11-23 13:00"},
		{"2026-11-23 17:00", false, "2026-11-24 09:00"},
		{"2026-11-27 13:00", false, "2026-11-30 09:00"},
		{"2026-12-25 10:00", false, "2026-12-28 09:00"},
	} {
		when := at(t, c, tt.at)
		if got := c.OpenAt(when); got != tt.open {
			t.Errorf("OpenAt(%s): got %v, want %v", tt.at, got, tt.open)
		}
		if got := c.NextOpening(when); !got.Equal(at(t, c, tt.next)) {
			t.Errorf("NextOpening(%s): got %v, want %s", tt.at, got, tt.next)
		}
	}
}

func TestBetweenIsOpenTime(t *testing.T) {
	t.Parallel()
	c := office(t)
	for _, tt := range []struct {
		from, to string
		want     time.Duration
	}{
		{"2026-11-23 09:00", "2026-11-23 17:00", 7 * time.Hour},
		{"2026-11-23 10:00", "2026-11-23 10:30", 30 * time.Minute},
		{"2026-11-23 12:10", "2026-11-23 12:50", 0},
		{"2026-11-27 12:00", "2026-11-30 10:00", 2 * time.Hour},
		{"2026-11-28 00:00", "2026-11-29 23:00", 0},
		{"2026-11-30 10:00", "2026-11-27 12:00", -2 * time.Hour},
		{"2026-12-24 16:00", "2026-12-28 10:00", 2 * time.Hour},
		{"2026-11-23 09:00", "2026-11-30 09:00", 4*7*time.Hour + 4*time.Hour},
	} {
		if got := c.Between(at(t, c, tt.from), at(t, c, tt.to)); got != tt.want {
			t.Errorf("Between(%s, %s): got %v, want %v", tt.from, tt.to, got, tt.want)
		}
	}
}

// TestAddAndBetweenAgree tries thousands of promises over four years: open time is never lost, and a
// promise is never due while closed, except at closing time.
func TestAddAndBetweenAgree(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	for _, zone := range []config.Zone{"UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Kathmandu"} {
		for _, hours := range []map[string]string{
			{"mon-fri": businessHours},
			{"mon-thu": "09:00-12:00,13:00-17:00", "sat": "00:00-24:00"},
			{"sun": "01:00-04:00"},
		} {
			c := must(t, config.Calendar{Timezone: zone, Hours: hours, Holidays: []string{"2026-12-25", "2027-05-01"}})
			for range 500 {
				made := time.Date(2025, 1, 1, 0, 0, r.IntN(4*365*86400), 0, time.UTC)
				length := time.Duration(1+r.IntN(80*3600)) * time.Second
				due := c.Add(made, config.Span{Clock: length})
				if got := c.Between(made, due); got != length {
					t.Fatalf("%s %v: Add(%v, %v) is %v, but the open time between is %v", zone, hours, made, length, due, got)
				}
				if !c.OpenAt(due) && !c.OpenAt(due.Add(-time.Second)) {
					t.Fatalf("%s %v: Add(%v, %v) is %v, when it is closed", zone, hours, made, length, due)
				}
				days := c.Add(made, config.Span{Days: 1 + r.IntN(20)})
				if days.Before(made) || !c.OpenAt(days) && !c.OpenAt(days.Add(-time.Second)) {
					t.Fatalf("%s %v: days after %v are %v, when it is closed", zone, hours, made, days)
				}
			}
		}
	}
}

func TestNamedHasTheBuiltInAndTheOwn(t *testing.T) {
	t.Parallel()
	c := &config.Config{Timezone: "Asia/Tokyo", Calendars: map[string]config.Calendar{"shop": {Hours: map[string]string{"sat": "10:00-12:00"}}}}
	named, err := Named(c)
	if err != nil {
		t.Fatal(err)
	}
	tenInTokyo := time.Date(2026, 11, 23, 1, 0, 0, 0, time.UTC)
	if named["24x7"] != Always || !named["business"].OpenAt(tenInTokyo) || named["business"].OpenAt(tenInTokyo.Add(8*time.Hour)) {
		t.Error("built in: got other hours than 24x7, and Monday to Friday 09:00-17:00 in the configured zone")
	}
	if !named["shop"].OpenAt(tenInTokyo.AddDate(0, 0, 5)) || named["shop"].OpenAt(tenInTokyo) {
		t.Error("shop: got other hours than Saturday 10:00-12:00 in the configured zone")
	}
	c.Calendars["business"] = config.Calendar{Timezone: "UTC", Hours: map[string]string{"sun": "00:00-24:00"}}
	if named, err = Named(c); err != nil || named["business"].OpenAt(tenInTokyo) {
		t.Errorf("a calendar called business: got the built-in one, %v, want the configured", err)
	}
}

func TestACalendarThatCannotWorkIsRefused(t *testing.T) {
	t.Parallel()
	ok := map[string]string{"mon": "09:00-17:00"}
	for want, cfg := range map[string]config.Calendar{
		"never opens":    {Hours: map[string]string{"mon": "-"}},
		"not a day":      {Hours: map[string]string{"noday": "09:00-17:00"}},
		"not opening":    {Hours: map[string]string{"mon": "nine to five"}},
		"given twice":    {Hours: map[string]string{"mon-fri": "09:00-17:00", "fri": "09:00-12:00"}},
		"is not a date":  {Hours: ok, Holidays: []string{"25.12.2026"}},
		"timezone":       {Hours: ok, Timezone: "Mars/Olympus"},
		"calendar never": {},
	} {
		if _, err := New(cfg, time.UTC); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("New(%+v): got %v, want an error with %q", cfg, err, want)
		}
	}
	if _, err := Named(&config.Config{Calendars: map[string]config.Calendar{"shop": {}}}); err == nil || !strings.Contains(err.Error(), "shop") {
		t.Errorf("Named: got %v, want an error that names the calendar", err)
	}
}

func BenchmarkAddOverAWeekend(b *testing.B) {
	c, err := New(config.Calendar{Timezone: "Europe/Berlin", Hours: map[string]string{"mon-fri": businessHours}}, time.UTC)
	if err != nil {
		b.Fatal(err)
	}
	made := time.Date(2026, 11, 27, 15, 59, 0, 0, time.UTC)
	for b.Loop() {
		c.Add(made, config.Span{Clock: 4 * time.Hour})
	}
}
