package store

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"triaged/classify"
	"triaged/config"
	"triaged/config/calendar"
)

// day is an instant of the week by which the cases were computed by hand: Monday 2 March 2026 is day 2. UTC.
func day(of, hour, minute int) time.Time {
	return time.Date(2026, time.March, of, hour, minute, 0, 0, time.UTC)
}

// week is the report of Monday to Sunday.
func week(threads []Thread, promises ...Obligation) Report {
	return Report{From: day(2, 0, 0), To: day(9, 0, 0), Threads: threads, Promises: promises}
}

// clockHours are hours around the clock.
func clockHours(classify.Severity) Hours { return calendar.Always }

// officeHours are Monday to Friday from 9 to 17.
func officeHours(t *testing.T) func(classify.Severity) Hours {
	t.Helper()
	c, err := calendar.New(config.Calendar{Hours: map[string]string{"mon-fri": "09:00-17:00"}}, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	return func(classify.Severity) Hours { return c }
}

func refs(threads []Thread) (all []int64) {
	for _, t := range threads {
		all = append(all, t.ID)
	}
	return all
}

// eight threads, each with a life that touches the week in another way.
func eight() []Thread {
	return []Thread{
		{ID: 1, Status: Acknowledged, OpenedAt: day(3, 10, 0)},                                                                  // new, open
		{ID: 2, Status: Resolved, OpenedAt: day(2, 0, 0), ResolvedAt: day(4, 0, 0)},                                             // new at the first instant, waits for the yes
		{ID: 3, Status: Closed, OpenedAt: day(1, 9, 0), ResolvedAt: day(5, 9, 0), ClosedAt: day(6, 9, 0), Outcome: "confirmed"}, // older
		{ID: 4, Status: Closed, OpenedAt: day(1, 9, 0), ResolvedAt: day(1, 10, 0), ClosedAt: day(8, 10, 0), Outcome: "unconfirmed"},
		{ID: 5, Status: Reopened, OpenedAt: day(1, 8, 0), ReopenedAt: day(7, 8, 0), Reopenings: 1, Holdings: 2},
		{ID: 6, Status: Closed, OpenedAt: day(2, 8, 0), ReopenedAt: day(3, 8, 0), ResolvedAt: day(4, 8, 0), ClosedAt: day(9, 0, 0), Outcome: "confirmed", Reopenings: 1, Holdings: 5}, // closed at the first instant after
		{ID: 7, Status: Investigating, OpenedAt: day(9, 0, 0), Holdings: 1},                                                                                                           // of the next week
		{ID: 8, Status: WaitingOnCustomer, OpenedAt: day(1, 23, 59)},
	}
}

func TestWhatHappenedInAWeekIsCountedInItsWindow(t *testing.T) {
	t.Parallel()
	r := week(eight())
	for _, c := range []struct {
		what string
		got  []Thread
		want []int64
	}{
		{"Opened", r.Opened(), []int64{1, 2, 6}},
		{"Resolved", r.Resolved(), []int64{2, 3, 6}},
		{"Reopened", r.Reopened(), []int64{5, 6}},
		{"Confirmed", r.Confirmed(), []int64{3}},
		{"Unconfirmed", r.Unconfirmed(), []int64{4}},
		{"Open", r.Open(), []int64{1, 5, 7, 8}},
		{"Awaiting", r.Awaiting(), []int64{2}},
		{"Gaps", r.Gaps(), []int64{5}},
	} {
		if got := refs(c.got); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s = %v, want %v", c.what, got, c.want)
		}
	}
	if got, want := r.ReopenRate(), (Share{2, 5}); got != want { // 5 and 6 fell; 2, 3 and the second of 6 stand
		t.Errorf("ReopenRate = %v, want %v", got, want)
	}
	if got, want := r.UnconfirmedRate(), (Share{1, 2}); got != want {
		t.Errorf("UnconfirmedRate = %v, want %v", got, want)
	}
	if got := refs(r.Within(day(3, 0, 0), day(4, 0, 0)).Opened()); !reflect.DeepEqual(got, []int64{1}) {
		t.Errorf("Tuesday's new threads = %v, want 1", got)
	}
}

func TestAcknowledgementsAreMeasuredFromTheArrivalToThe250(t *testing.T) {
	t.Parallel()
	ack := func(thread int64, state string, due, met time.Time) Obligation {
		return Obligation{Thread: thread, Kind: Acknowledge, State: state, Due: due, MetAt: met, MissedAt: due}
	}
	r := week(eight(),
		ack(1, Met, day(3, 10, 15), day(3, 10, 1)),
		ack(2, Met, day(2, 0, 15), day(2, 0, 16)), // the clock was not looked at between
		ack(3, Missed, day(4, 9, 15), day(4, 11, 0)),
		ack(4, Missed, day(4, 9, 15), time.Time{}),
		ack(5, Owed, day(8, 9, 15), time.Time{}),
		ack(6, Met, day(1, 8, 15), day(1, 8, 1)), // of the week before
	)
	r.Acks = []Acked{
		{1, day(3, 10, 0), day(3, 10, 1)},
		{2, day(2, 0, 0), day(2, 0, 16)},
		{3, day(4, 9, 0), day(4, 11, 0)},
		{6, day(1, 8, 0), day(1, 8, 1)},
		{8, day(1, 23, 59), day(2, 0, 1)},
	}
	took, inTime := r.Acknowledgement()
	// 1 min, 2 min, 16 min, 120 min: the middle is (2+16)/2.
	if want := (Spread{4, 9 * time.Minute, 2 * time.Hour}); took != want {
		t.Errorf("took %+v, want %+v", took, want)
	}
	if want := (Share{1, 4}); inTime != want {
		t.Errorf("in time %v, want %v: late, late and never are three", inTime, want)
	}
}

func TestResponseAndResolutionAreMeasuredInOpenTime(t *testing.T) {
	t.Parallel()
	threads := []Thread{
		// Friday 16:00 to Monday 10:00 of the week before the window: not counted by FirstResponse.
		{ID: 1, OpenedAt: day(-1, 16, 0), FirstResponseAt: day(1, 10, 0)},
		// Friday 16:00 to Sunday: 1 h of opening hours, 45 h on the clock.
		{ID: 2, OpenedAt: day(6, 16, 0), FirstResponseAt: day(8, 13, 0), ResolvedAt: day(8, 14, 0)},
		// Monday 08:00 to Tuesday 11:00: 8 + 2 h, or 27 h. Resolved Wednesday 12:00: 8 + 8 + 3 h, or 52 h;
		// of that Tuesday 12:00 to Wednesday 10:00 is the customer's: 5 + 1 h, or 22 h.
		{
			ID: 3, OpenedAt: day(2, 8, 0), FirstResponseAt: day(3, 11, 0), ResolvedAt: day(4, 12, 0),
			Pauses: Pauses{{From: day(3, 12, 0), To: day(4, 10, 0)}, {From: day(4, 12, 0)}},
		},
		// Monday 09:00 to 09:30.
		{ID: 4, OpenedAt: day(2, 9, 0), FirstResponseAt: day(2, 9, 30), ResolvedAt: day(2, 9, 40)},
	}
	r := week(threads)
	const h = time.Hour
	for _, c := range []struct {
		what      string
		got, want Spread
	}{
		{"FirstResponse in office hours", r.FirstResponse(officeHours(t)), Spread{3, h, 10 * h}},
		{"FirstResponse on the clock", r.FirstResponse(clockHours), Spread{3, 27 * h, 45 * h}},
		{"Resolution in office hours", r.Resolution(officeHours(t)), Spread{3, h, 13 * h}},
		{"Resolution on the clock", r.Resolution(clockHours), Spread{3, 30 * h, 46 * h}},
		{"Resolution of nothing", week(nil).Resolution(clockHours), Spread{}},
	} {
		if c.got != c.want {
			t.Errorf("%s = %+v, want %+v", c.what, c.got, c.want)
		}
	}
}

func TestComplianceCountsWhatPeopleHaveToKeepBySeverity(t *testing.T) {
	t.Parallel()
	threads := []Thread{{ID: 1, Severity: classify.SEV1}, {ID: 2, Severity: classify.SEV2}, {ID: 3, Severity: classify.SEV2}, {ID: 4, Severity: classify.SEV4}}
	due := day(4, 12, 0)
	promise := func(thread int64, kind, state string, due, met time.Time) Obligation {
		o := Obligation{Thread: thread, Kind: kind, State: state, Due: due, MetAt: met}
		if state == Missed {
			o.MissedAt = due
		}
		return o
	}
	r := week(threads,
		promise(1, Respond, Met, due, due),                     // at the very instant
		promise(1, Resolve, Missed, due, due.Add(time.Hour)),   // late stays missed
		promise(1, Update, Met, due, due),                      // triaged's own work
		promise(1, Acknowledge, Missed, due, time.Time{}),      // likewise
		promise(2, Respond, Met, due, due.Add(-time.Hour)),     //
		promise(3, Respond, Met, due, due.Add(time.Second)),    // before the clock missed it, and late all the same
		promise(3, Resolve, Owed, due, time.Time{}),            // still time
		promise(4, Respond, Missed, day(9, 0, 0), time.Time{}), // of the next week
		promise(9, Respond, Met, due, due),                     // of a thread that was spam
	)
	want := map[classify.Severity]Share{classify.SEV1: {1, 2}, classify.SEV2: {1, 2}}
	if got := r.Compliance(); !reflect.DeepEqual(got, want) {
		t.Errorf("Compliance = %v, want %v", got, want)
	}
	if got := r.Broken(); len(got) != 1 || got[0].Kind != Resolve {
		t.Errorf("Broken = %+v, want the resolution of thread 1", got)
	}
}

func TestAShareNeverLooksBetterThanItIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		s       Share
		percent int
		below   bool
	}{
		{Share{0, 0}, 100, false},
		{Share{0, 1}, 0, true},
		{Share{19, 20}, 95, false},
		{Share{949, 1000}, 94, true},
		{Share{1999, 2000}, 99, false},
		{Share{1, 1}, 100, false},
		{Share{94, 99}, 94, true},
	} {
		if got := c.s.Percent(); got != c.percent || c.s.Below(Goal) != c.below {
			t.Errorf("%v = %d %%, below the goal: %v; want %d %%, %v", c.s, got, c.s.Below(Goal), c.percent, c.below)
		}
	}
}

func TestSatisfactionIsTheMeanAndTheShareOfGoodMarks(t *testing.T) {
	t.Parallel()
	var threads []Thread
	for i, mark := range []int{5, 4, 4, 1, 0, 3} { // 0: not rated
		threads = append(threads, Thread{ID: int64(i), ClosedAt: day(5, i, 0), Rating: mark})
	}
	threads = append(threads, Thread{ID: 9, ClosedAt: day(1, 0, 0), Rating: 1})
	mean, good := week(threads).Satisfaction()
	if mean != 3.4 || good != (Share{3, 5}) {
		t.Errorf("Satisfaction = %v, %v; want 17/5 and 3 of 5", mean, good)
	}
	if mean, good := week(nil).Satisfaction(); mean != 0 || good.Of != 0 {
		t.Errorf("Satisfaction of nothing = %v, %v", mean, good)
	}
}

func TestCausesGroupWhatDidNotLeave(t *testing.T) {
	t.Parallel()
	r := week(nil)
	add := func(thread int64, what, why string) {
		r.Unsent = append(r.Unsent, Event{Thread: thread, At: day(3, 0, 0), What: what, Why: why})
	}
	add(1, "withheld ack", "machine mail")
	add(2, "mail failed", "550 no such user")
	add(3, "withheld ack", "machine mail")
	add(3, "withheld ack", "machine mail")
	add(4, "withheld ack", "cap")
	add(5, "mail failed", "552 mailbox full")
	r.Unsent = append(r.Unsent, Event{Thread: 6, At: day(9, 0, 0), What: "mail failed", Why: "of the next week"})
	want := []Cause{
		{"withheld ack", "machine mail", 3, []int64{1, 3}},
		{"mail failed", "552 mailbox full", 2, []int64{2, 5}},
		{"withheld ack", "cap", 1, []int64{4}},
	}
	if got := r.Causes(); !reflect.DeepEqual(got, want) {
		t.Errorf("Causes = %+v, want %+v", got, want)
	}
}

func TestDaysAreThoseOfTheReadersClock(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	// Saturday 28 to Monday 30 March 2026: on Sunday the clocks go forward, so that it has 23 hours.
	from, to := time.Date(2026, 3, 28, 0, 0, 0, 0, berlin), time.Date(2026, 3, 31, 0, 0, 0, 0, berlin)
	r := Report{From: from, To: to, Threads: []Thread{
		{ID: 1, Severity: classify.SEV1, OpenedAt: time.Date(2026, 3, 27, 23, 0, 0, 0, time.UTC)},                                                             // Saturday 00:00
		{ID: 2, Severity: classify.SEV3, OpenedAt: time.Date(2026, 3, 28, 22, 59, 0, 0, time.UTC)},                                                            // Saturday 23:59
		{ID: 3, Severity: classify.SEV3, OpenedAt: time.Date(2026, 3, 28, 23, 0, 0, 0, time.UTC)},                                                             // Sunday 00:00
		{ID: 4, Severity: 0, OpenedAt: time.Date(2026, 3, 29, 21, 59, 0, 0, time.UTC)},                                                                        // Sunday 23:59
		{ID: 5, Severity: classify.SEV2, OpenedAt: time.Date(2026, 3, 29, 22, 0, 0, 0, time.UTC), ResolvedAt: time.Date(2026, 3, 30, 21, 59, 0, 0, time.UTC)}, // Monday
	}}
	got := ""
	for _, d := range r.Days(berlin) {
		got += fmt.Sprintf("%s +%v -%v\n", d.Date.Format("Mon"), d.New, d.Resolved)
	}
	if want := "Sat +[1 0 1 0] -[0 0 0 0]\nSun +[0 0 1 1] -[0 0 0 0]\nMon +[0 1 0 0] -[0 1 0 0]\n"; got != want {
		t.Errorf("days:\n%swant:\n%s", got, want)
	}
}
