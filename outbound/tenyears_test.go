package outbound

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"triaged/classify"
	"triaged/config"
	"triaged/store"
)

// tenYears hold three leap days, in 2016, 2020 and 2024. The zones: the north, a half-hour zone of the south, clocks that change at
// midnight in the north and in the south (which has given it up in 2024), and clocks that never change.
var (
	tenYearsFrom = time.Date(2016, 1, 1, 0, 0, 0, 0, time.UTC)
	tenYearsTo   = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	fiveZones    = []string{"Europe/Berlin", "Australia/Adelaide", "Asia/Beirut", "America/Asuncion", "Asia/Kolkata"}
)

// shut are the holidays of the ten years: one that falls on any weekday, and the leap days.
func shut() (dates []string) {
	for y := tenYearsFrom.Year(); y < tenYearsTo.Year(); y++ {
		dates = append(dates, fmt.Sprintf("%d-12-25", y))
	}
	return append(dates, "2016-02-29", "2024-02-29")
}

// inFiveZones runs a promise in each zone, with the calendars of a desk there.
func inFiveZones(t *testing.T, promise func(t *testing.T, zone *time.Location, p Policy)) {
	t.Helper()
	t.Parallel()
	for _, name := range fiveZones {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		cfg := &config.Config{Timezone: config.Zone(name), Calendars: map[string]config.Calendar{
			"desk": {Hours: map[string]string{"mon-fri": "09:00-17:00"}, Holidays: shut()},
			"days": {Hours: map[string]string{"mon-sun": "00:00-24:00"}},
		}}
		cfg.Policy.SEV1 = config.Policy{Calendar: "24x7", UpdateEvery: config.Span{Clock: 30 * time.Minute}}
		cfg.Policy.SEV2 = config.Policy{Calendar: "24x7", UpdateEvery: config.Span{Clock: 2 * time.Hour}}
		cfg.Policy.SEV3 = config.Policy{Calendar: "desk", UpdateEvery: config.Span{Days: 1}}
		cfg.Policy.SEV4 = config.Policy{Calendar: "days", UpdateEvery: config.Span{Days: 1}}
		p, err := NewPolicy(cfg)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			promise(t, zone, p)
		})
	}
}

// cadence is a thread whose updates go out, as the daemon's clock makes them: it looks at instants, and what is due then is one mail.
type cadence struct {
	store.Thread
	Policy
	sent    []time.Time
	skipped int
}

func begun(p Policy, s classify.Severity, at time.Time) *cadence {
	return &cadence{Policy: p, Thread: store.Thread{Status: store.Investigating, Severity: s, OpenedAt: at, AcknowledgedAt: at}}
}

// due is what Owe says of the thread's next update.
func (c *cadence) due() time.Time {
	due, _, _ := NextUpdate(c.Thread, c.Policy)
	return due
}

// looks lets the clock look once, and returns when the next update was due.
func (c *cadence) looks(now time.Time) (due time.Time) {
	if due = c.due(); due.After(now) {
		return due
	}
	every, _ := c.Every(c.Thread)
	cal := c.Of(c.Severity).Calendar
	n, _ := Skipped(cal, due, every, now)
	c.Thread, _ = c.Apply(store.Happening{Trigger: store.UpdateDue, At: now, Until: cal.Add(now, every)})
	c.sent, c.skipped = append(c.sent, now), c.skipped+n
	return due
}

// TestEveryDigestOfTenYearsComesOnceOnItsDate: in each zone, at times of day that are skipped, shown twice, and neither.
func TestEveryDigestOfTenYearsComesOnceOnItsDate(t *testing.T) {
	inFiveZones(t, func(t *testing.T, zone *time.Location, _ Policy) {
		for _, clock := range []string{"00:00", "00:30", "02:30", "08:00", "23:59"} {
			d := timesAt(clock, zone)
			from := time.Date(2016, 1, 1, 0, 0, 0, 0, zone)
			all := DigestSlots(d, from, time.Date(2026, 1, 1, 0, 0, 0, 0, zone))
			if len(all) != 10*365+3 {
				t.Fatalf("at %s: %d digests in ten years with three leap days, want %d", clock, len(all), 10*365+3)
			}
			for i, s := range all {
				want := time.Date(2016, 1, 1+i, 12, 0, 0, 0, time.UTC).Format(time.DateOnly)
				if s.Date != want || s.At.In(zone).Format(time.DateOnly) != want {
					t.Fatalf("at %s: digest %d is that of %s, at %s; want %s, on that local date", clock, i, s.Date, s.At.In(zone), want)
				}
				if shown := s.At.In(zone).Format("15:04"); shown < clock {
					t.Fatalf("at %s: the digest of %s comes at %s already", clock, s.Date, shown)
				}
				if before := s.At.Add(-time.Hour).In(zone); before.Format(time.DateOnly) == want && before.Format("15:04") >= clock {
					t.Fatalf("at %s: the digest of %s comes when the clock shows it for the second time", clock, s.Date)
				}
				if i > 0 && (s.At.Sub(all[i-1].At) < 22*time.Hour || s.At.Sub(all[i-1].At) > 26*time.Hour) {
					t.Fatalf("at %s: %s after the digest of the day before, on %s", clock, s.At.Sub(all[i-1].At), s.Date)
				}
				next, _ := d.Next(s.At.Add(-1))
				last, _ := d.Last(s.At)
				if i%7 == 0 && (next != s || last != s) { // what the clock asks at that instant
					t.Fatalf("at %s: around the digest of %s the next is %v, the last %v", clock, s.Date, next, last)
				}
			}
		}
	})
}

// TestAWeekdaysDigestComesOnThoseDaysOnly is the same with days left out.
func TestAWeekdaysDigestComesOnThoseDaysOnly(t *testing.T) {
	inFiveZones(t, func(t *testing.T, zone *time.Location, _ Policy) {
		d := timesAt("00:00", zone)
		d.Days = [7]bool{time.Monday: true, time.Thursday: true}
		all := DigestSlots(d, time.Date(2016, 1, 4, 0, 0, 0, 0, zone), time.Date(2025, 12, 29, 0, 0, 0, 0, zone)) // Monday to Monday
		if want := 2 * 521; len(all) != want {
			t.Errorf("%d digests in 521 weeks, want %d", len(all), want)
		}
		for _, s := range all {
			if day := s.At.In(zone).Weekday(); !d.Days[day] {
				t.Fatalf("a digest on %s, a %s", s.Date, day)
			}
		}
	})
}

// TestAroundTheClockNoHourIsLostOrDoubled: 30 minutes and two hours are that, whatever the clocks on the wall do.
func TestAroundTheClockNoHourIsLostOrDoubled(t *testing.T) {
	inFiveZones(t, func(t *testing.T, zone *time.Location, p Policy) {
		for _, s := range []classify.Severity{classify.SEV1, classify.SEV2} {
			every := p.Of(s).UpdateEvery.Clock
			from, to := time.Date(2016, 1, 1, 0, 7, 0, 0, zone), time.Date(2026, 1, 1, 0, 7, 0, 0, zone)
			c := begun(p, s, from)
			for at := from.Add(every); !at.After(to); at = at.Add(every) {
				if due := c.looks(at); !due.Equal(at) {
					t.Fatalf("%s: update %d is due at %s, want %s", s, c.Updates, due.In(zone), at)
				}
			}
			if want := int(to.Sub(from) / every); len(c.sent) != want || c.Updates != want || c.skipped != 0 {
				t.Errorf("%s: %d mails and %d skipped in ten years, want %d and none", s, len(c.sent), c.skipped, want)
			}
		}
	})
}

// TestEveryBusinessDayHasOneUpdateInOpeningHours compares with the dates: no weekend, no holiday, no leap day that is one, and always
// at the time of day of the one before.
func TestEveryBusinessDayHasOneUpdateInOpeningHours(t *testing.T) {
	inFiveZones(t, func(t *testing.T, zone *time.Location, p Policy) {
		cal, holidays := p.Of(classify.SEV3).Calendar, shut()
		for _, ofDay := range []time.Duration{9 * time.Hour, 12*time.Hour + 31*time.Minute, 16*time.Hour + 59*time.Minute} {
			var want []string
			for day := 4; day <= 10*365+3; day++ { // 4 January 2016 is a Monday
				date := time.Date(2016, 1, day, int(ofDay.Hours()), int(ofDay.Minutes())%60, 0, 0, zone)
				if w := date.Weekday(); w == time.Saturday || w == time.Sunday || slices.Contains(holidays, date.Format(time.DateOnly)) {
					continue
				}
				want = append(want, date.Format(time.DateTime))
			}
			c := begun(p, classify.SEV3, time.Date(2016, 1, 4, 0, 0, 0, 0, zone).Add(ofDay))
			for _, date := range want[1:] {
				due := c.due()
				if got := due.In(zone).Format(time.DateTime); got != date {
					t.Fatalf("after %d updates the next is due at %s, want %s", c.Updates, got, date)
				}
				if !cal.OpenAt(due) {
					t.Fatalf("an update is due at %s, while closed", due.In(zone))
				}
				c.looks(due)
			}
			if c.skipped != 0 {
				t.Errorf("%d slots were skipped though nobody slept", c.skipped)
			}
		}
	})
}

// TestEveryDayHasOneUpdate: "1d" on a calendar that never closes is a date, not 24 hours. A time that midnight's change of the clocks
// skips is the one after, on the same date.
func TestEveryDayHasOneUpdate(t *testing.T) {
	inFiveZones(t, func(t *testing.T, zone *time.Location, p Policy) {
		for _, minute := range []int{15, 8 * 60, 23*60 + 45} {
			c := begun(p, classify.SEV4, time.Date(2015, 12, 31, 0, minute, 0, 0, zone))
			for day := 1; day <= 10*365+3; day++ {
				due := c.due()
				want := time.Date(2016, 1, day, 12, 0, 0, 0, time.UTC).Format(time.DateOnly)
				if got := due.In(zone).Format(time.DateOnly); got != want {
					t.Fatalf("update %d is due on %s, want %s", c.Updates, due.In(zone), want)
				}
				c.looks(due)
			}
		}
	})
}

// TestASleepOverThreeSlotsIsOneMail at each slot of the ten years: two are skipped, and the cadence goes on from the mail.
func TestASleepOverThreeSlotsIsOneMail(t *testing.T) {
	inFiveZones(t, func(t *testing.T, zone *time.Location, p Policy) {
		for s := classify.SEV1; s <= classify.SEV4; s++ {
			cal, every := p.Of(s).Calendar, p.Of(s).UpdateEvery
			sleeps := 0
			c := begun(p, s, time.Date(2016, 1, 4, 10, 7, 0, 0, zone))
			for due := c.due(); due.Before(tenYearsTo); {
				third := due
				for range 2 {
					third = cal.Add(third, every)
				}
				wakes := third.Add(time.Minute)
				c.looks(wakes)
				due = c.looks(wakes) // the clock looks again at once
				sleeps++
				if c.Updates != sleeps || len(c.sent) != sleeps || c.skipped != 2*sleeps {
					t.Fatalf("%s: awake at %s after three slots: %d mails and %d skipped in %d sleeps", s, wakes.In(zone), len(c.sent), c.skipped, sleeps)
				}
				if !due.Equal(cal.Add(wakes, every)) {
					t.Fatalf("%s: after the one mail at %s the next is due at %s", s, wakes.In(zone), due.In(zone))
				}
			}
		}
	})
}

// TestAClockThatJumpsMakesNoUpdateTwice: by an hour and by a day, forth and back, as the machine shows it. No slot has two mails, and
// between two mails the clock shows at least the cadence.
func TestAClockThatJumpsMakesNoUpdateTwice(t *testing.T) {
	inFiveZones(t, func(t *testing.T, zone *time.Location, p Policy) {
		r := rand.New(rand.NewPCG(7, 0))
		for s := classify.SEV1; s <= classify.SEV4; s++ {
			cal, every := p.Of(s).Calendar, p.Of(s).UpdateEvery
			step := 10 * time.Minute
			if every.Clock == 0 {
				step = 6 * time.Hour
			}
			c := begun(p, s, time.Date(2016, 1, 4, 10, 7, 0, 0, zone))
			jumps := 0
			for now := c.OpenedAt; now.Before(tenYearsTo) && len(c.sent) < 1500; now = now.Add(step) {
				c.looks(now)
				if r.IntN(20) == 0 {
					jumps++
					now = now.Add([]time.Duration{time.Hour, -time.Hour, 24 * time.Hour, -24 * time.Hour}[r.IntN(4)])
					c.looks(now)
				}
			}
			if len(c.sent) < 500 || jumps < 300 {
				t.Errorf("%s: %d mails among %d jumps are too few to tell", s, len(c.sent), jumps)
			}
			for i := 1; i < len(c.sent); i++ {
				if earliest := cal.Add(c.sent[i-1], every); c.sent[i].Before(earliest) {
					t.Fatalf("%s: mails at %s and %s, want the second no earlier than %s", s, c.sent[i-1].In(zone), c.sent[i].In(zone), earliest.In(zone))
				}
			}
			if c.Updates != len(c.sent) {
				t.Errorf("%s: %d slots were used for %d mails", s, c.Updates, len(c.sent))
			}
		}
	})
}

// TestAClockThatJumpsFindsTheSameDigests: around each digest of the ten years the clock jumps by an hour and by a day. What the daemon
// then asks names each date with one and the same instant, so that the store, which keeps a slot by its date, has it once.
func TestAClockThatJumpsFindsTheSameDigests(t *testing.T) {
	inFiveZones(t, func(t *testing.T, zone *time.Location, _ Policy) {
		d := timesAt("00:00", zone)
		instants := map[string]time.Time{}
		found := func(now time.Time, s DigestSlot, ok bool) {
			if known, again := instants[s.Date]; !ok || again && !known.Equal(s.At) {
				t.Fatalf("at %s: the digest of %q is at %s, and was at %s", now.In(zone), s.Date, s.At.In(zone), known.In(zone))
			}
			instants[s.Date] = s.At
		}
		all := DigestSlots(d, tenYearsFrom, tenYearsTo)
		for i := 1; i < len(all)-1; i++ {
			for j, now := range []time.Time{all[i].At, all[i].At.Add(time.Hour), all[i].At.Add(-time.Hour), all[i].At.Add(24 * time.Hour), all[i].At.Add(-24 * time.Hour)} {
				if j > 0 && i%3 > 0 { // every digest is asked for, a third of them amid jumps
					break
				}
				last, ok := d.Last(now)
				if found(now, last, ok); last.At.After(now) {
					t.Fatalf("at %s the last digest is %s", now.In(zone), last.At.In(zone))
				}
				next, ok := d.Next(now)
				if found(now, next, ok); !next.At.After(now) {
					t.Fatalf("at %s the next digest is %s", now.In(zone), next.At.In(zone))
				}
			}
		}
		for _, s := range all[1 : len(all)-1] {
			if !instants[s.Date].Equal(s.At) {
				t.Errorf("the digest of %s was found at %s, want %s", s.Date, instants[s.Date], s.At)
			}
		}
	})
}
