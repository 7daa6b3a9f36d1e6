package ingest

import (
	"strings"
	"testing"
	"time"
)

func berlin(t *testing.T) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Skipf("no time zones on this machine: %v", err)
	}
	return loc
}

// Times are read as people write them; now is Wednesday, 25 November 2026, 11:20 in Berlin.
func TestTimesAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 11, 20, 30, 0, berlin(t))
	for _, c := range []struct{ in, want string }{
		{"14:30", "2026-11-25 14:30"},
		{"2pm", "2026-11-25 14:00"},
		{"2 pm", "2026-11-25 14:00"},
		{"2:15 p.m.", "2026-11-25 14:15"},
		{"12am", "2026-11-26 00:00"},
		{"12pm", "2026-11-25 12:00"},
		{"11:20", "2026-11-26 11:20"}, // it has passed by thirty seconds
		{"11:21", "2026-11-25 11:21"},
		{"9:00", "2026-11-26 09:00"},
		{"0:30", "2026-11-26 00:30"},
		{"24:00", "2026-11-26 00:00"},
		{"14.30", "2026-11-25 14:30"},
		{"14 Uhr", "2026-11-25 14:00"},
		{"14:30 Uhr", "2026-11-25 14:30"},
		{"um 14 Uhr 30", "2026-11-25 14:30"},
		{"by 2pm", "2026-11-25 14:00"},
		{"until 14:30", "2026-11-25 14:30"},
		{"bis 14:30", "2026-11-25 14:30"},
		{"at 16", "2026-11-25 16:00"},
		{"noon", "2026-11-25 12:00"},
		{"eod", "2026-11-25 17:00"},
		{"by the end of the day", "2026-11-25 17:00"},
		{"fri 17h", "2026-11-27 17:00"},
		{"heute 15h30", "2026-11-25 15:30"},
		{"demain à 9h", "2026-11-26 09:00"},
		{"2026-11-26 10:00-05:00", "2026-11-26 16:00"},
		{"end of day", "2026-11-25 17:00"},
		{"by end of tomorrow", "2026-11-26 17:00"},
		{"tomorrow, close of business", "2026-11-26 17:00"},
		{"in 2h", "2026-11-25 13:20"},
		{"2h", "2026-11-25 13:20"},
		{"90m", "2026-11-25 12:50"},
		{"1h30m", "2026-11-25 12:50"},
		{"1h 30m", "2026-11-25 12:50"},
		{"1h30", "2026-11-25 12:50"},
		{"1.5h", "2026-11-25 12:50"},
		{"1,5 Stunden", "2026-11-25 12:50"},
		{"in two hours", "2026-11-25 13:20"},
		{"in half an hour", "2026-11-25 11:50"},
		{"in an hour and 10 minutes", "2026-11-25 12:30"},
		{"in einer halben Stunde", "2026-11-25 11:50"},
		{"in zwei Stunden", "2026-11-25 13:20"},
		{"in 3 days", "2026-11-28 11:20"},
		{"2d", "2026-11-27 11:20"},
		{"1w", "2026-12-02 11:20"},
		{"in einer Woche", "2026-12-02 11:20"},
		{"tomorrow", "2026-11-26 17:00"},
		{"tomorrow 10:00", "2026-11-26 10:00"},
		{"tomorrow at 10", "2026-11-26 10:00"},
		{"10am tomorrow", "2026-11-26 10:00"},
		{"tomorrow by noon", "2026-11-26 12:00"},
		{"Tomorrow, 10:00.", "2026-11-26 10:00"},
		{"today", "2026-11-25 17:00"},
		{"today 16:00", "2026-11-25 16:00"},
		{"heute bis 16 Uhr", "2026-11-25 16:00"},
		{"morgen", "2026-11-26 17:00"},
		{"morgen 10:00", "2026-11-26 10:00"},
		{"morgen um 10", "2026-11-26 10:00"},
		{"morgen früh um 9:00", "2026-11-26 09:00"},
		{"übermorgen 9:15", "2026-11-27 09:15"},
		{"the day after tomorrow at 9:15", "2026-11-27 09:15"},
		{"demain à 14:30", "2026-11-26 14:30"},
		{"mañana a las 14:30", "2026-11-26 14:30"},
		{"fri 9:00", "2026-11-27 09:00"},
		{"Fri. 9am", "2026-11-27 09:00"},
		{"friday", "2026-11-27 17:00"},
		{"by Friday", "2026-11-27 17:00"},
		{"Friday noon", "2026-11-27 12:00"},
		{"9:00 on monday", "2026-11-30 09:00"},
		{"wed 12:00", "2026-11-25 12:00"},
		{"wed 9:00", "2026-12-02 09:00"},
		{"wednesday", "2026-11-25 17:00"},
		{"Freitag 9:00", "2026-11-27 09:00"},
		{"bis Freitag", "2026-11-27 17:00"},
		{"bis Freitag um 10", "2026-11-27 10:00"},
		{"10:00 am Freitag", "2026-11-27 10:00"},
		{"am Freitag um 10:00", "2026-11-27 10:00"},
		{"vendredi 9:00", "2026-11-27 09:00"},
		{"2026-11-26 10:00", "2026-11-26 10:00"},
		{"2026-11-26T10:00", "2026-11-26 10:00"},
		{"2026-11-26T10:00:00Z", "2026-11-26 11:00"},
		{"2026-11-26 10:00 UTC", "2026-11-26 11:00"},
		{"2026-11-26 10:00+05:30", "2026-11-26 05:30"},
		{"2026-11-26 10:00 CET", "2026-11-26 10:00"},
		{"2026-11-26", "2026-11-26 17:00"},
		{"26.11. 10:00", "2026-11-26 10:00"},
		{"26.11.", "2026-11-26 17:00"},
		{"26.11.2026", "2026-11-26 17:00"},
		{"26.11.26 8:00", "2026-11-26 08:00"},
		{"26. 11. 2026", ""},
		{"3.1.", "2027-01-03 17:00"}, // this year's has passed
		{"26 Nov 10:00", "2026-11-26 10:00"},
		{"Nov 26", "2026-11-26 17:00"},
		{"November 26th, 2026 at 3:30pm", "2026-11-26 15:30"},
		{"26. November 2026, 10 Uhr", "2026-11-26 10:00"},
		{"Thursday, 26 November, 10:00", "2026-11-26 10:00"},
		{"Do 26.11. 10:00", "2026-11-26 10:00"},
		{"26/11/2026", "2026-11-26 17:00"},
		{"11/26/2026", "2026-11-26 17:00"},
		{"29.2.", "2028-02-29 17:00"}, // the next there is
		{"29.2.2028", "2028-02-29 17:00"},
	} {
		got, err := ReadInstant(c.in, now)
		switch {
		case c.want == "" && err == nil:
			t.Errorf("ReadInstant(%q) = %v, want an error", c.in, got)
		case c.want != "" && err != nil:
			t.Errorf("ReadInstant(%q): %v, want %s", c.in, err, c.want)
		case c.want != "" && (got.Format("2006-01-02 15:04") != c.want || got.Location() != now.Location()):
			t.Errorf("ReadInstant(%q) = %v, want %s", c.in, got, c.want)
		}
	}
}

// What can be read in two ways, has passed or is no time is refused, with what to write instead.
func TestDoubtfulTimesAreRefusedWithExamples(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 25, 18, 20, 0, 0, berlin(t))
	for _, c := range []struct{ in, why string }{
		{"", "empty"},
		{"soon", "“soon”"},
		{"when the pump arrives", "“when”"},
		{"14", "an hour or a day"},
		{"tomorrow at 5", "morning or evening"},
		{"10.11", "a time or a date"},
		{"3/4/2027", "two ways"},
		{"next friday", "two ways"},
		{"25:00", "no time of day"},
		{"14:75", "no time of day"},
		{"13pm", "no time of day"},
		{"31.2.2027", "no day"},
		{"2026-13-01", "no day"},
		{"2026-11-24", "has passed"},
		{"today 9:00", "has passed"},
		{"today", "has passed"},
		{"2062-11-26", "two years"},
		{"in 99999 days", ""},
		{"99999999999h", ""},
		{"monday tuesday", "two days"},
		{"10:00 11:00", "two times"},
		{"tomorrow 26.11.", "two days"},
		{"friday 26.11.", "is a Thursday"},
		{"tomorrow morning", "“morning”"},
		{"end of the week", "“end”"},
		{"19:00-20:00", "two times"},
		{"tomorrow 19:00-20:00", "two times"},
		{"uhr", "no day and no time"},
		{"14:30 PST", "“pst”"},
	} {
		got, err := ReadInstant(c.in, now)
		if err == nil {
			t.Errorf("ReadInstant(%q) = %v, want an error with %q", c.in, got, c.why)
			continue
		}
		if !strings.Contains(err.Error(), c.why) || !strings.Contains(err.Error(), "tomorrow 10:00") {
			t.Errorf("ReadInstant(%q): %v, want %q and examples in it", c.in, err, c.why)
		}
	}
}

// The night the clocks change: an hour that is missing moves forward, one that comes twice is the next to come.
func TestTheNightTheClocksChange(t *testing.T) {
	t.Parallel()
	loc := berlin(t)
	for _, c := range []struct {
		name string
		now  time.Time
		in   string
		want string
	}{
		{"the missing hour", time.Date(2026, 3, 28, 20, 0, 0, 0, loc), "tomorrow 2:30", "2026-03-29T03:30:00+02:00"},
		{"the hour after it", time.Date(2026, 3, 28, 20, 0, 0, 0, loc), "tomorrow 3:00", "2026-03-29T03:00:00+02:00"},
		{"a duration over it", time.Date(2026, 3, 29, 1, 30, 0, 0, loc), "1h", "2026-03-29T03:30:00+02:00"},
		{"the hour that comes twice", time.Date(2026, 10, 24, 20, 0, 0, 0, loc), "2:30", "2026-10-25T02:30:00+02:00"},
		{"between its two times", time.Date(2026, 10, 25, 0, 45, 0, 0, time.UTC).In(loc), "2:30", "2026-10-25T02:30:00+01:00"},
		{"a day over it", time.Date(2026, 10, 24, 20, 0, 0, 0, loc), "1d", "2026-10-25T20:00:00+01:00"},
		{"midnight that is missing", time.Date(2026, 4, 23, 9, 0, 0, 0, cairo(t)), "tomorrow 0:30", "2026-04-24T01:30:00+03:00"},
	} {
		got, err := ReadInstant(c.in, c.now)
		if err != nil || got.Format(time.RFC3339) != c.want {
			t.Errorf("%s: ReadInstant(%q) at %v = %v, %v, want %s", c.name, c.in, c.now, got.Format(time.RFC3339), err, c.want)
		}
	}
}

func cairo(t *testing.T) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Africa/Cairo")
	if err != nil {
		t.Skipf("no time zones on this machine: %v", err)
	}
	return loc
}

func FuzzReadInstant(f *testing.F) {
	for _, s := range []string{"14:30", "in 2h", "tomorrow 10:00", "fri 9:00", "26.11. 10:00", "2026-11-26", "by nov 26th at 3pm", "14 uhr 30", "1h30", "29.2."} {
		f.Add(s, int64(1_795_602_030))
	}
	f.Fuzz(func(t *testing.T, s string, unix int64) {
		now := time.Unix(unix%(1<<33), 0).In(time.FixedZone("X", 3600))
		got, err := ReadInstant(s, now)
		if err == nil && (!got.After(now) || got.Sub(now) > furthest) {
			t.Errorf("ReadInstant(%q, %v) = %v", s, now, got)
		}
		if err != nil && (!got.IsZero() || strings.ContainsAny(err.Error(), "\r\n\x00")) {
			t.Errorf("ReadInstant(%q) = %v, %q", s, got, err)
		}
	})
}
