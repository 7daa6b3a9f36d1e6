package outbound_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"triaged/classify"
	"triaged/outbound"
	"triaged/store"
)

// due lists what is owed of a kind, "slot due state to" a line, in its order.
func due(t *testing.T, th store.Thread, kind string, now time.Time) (all []string) {
	t.Helper()
	for _, o := range outbound.Owe(th, policy(t), now) {
		if o.Reason == "" {
			t.Errorf("%s/%s is owed without a reason", o.Kind, o.Slot)
		}
		if o.Kind == kind {
			line := o.Slot + " " + o.Due.UTC().Format("Mon 02 15:04")
			if o.State != store.Owed {
				line += " " + o.State
			}
			all = append(all, line)
		}
	}
	return all
}

func hours(n float64) time.Time { return monday.Add(time.Duration(n * float64(time.Hour))) }

// TestAResolutionIsPromisedByClockAndCalendar: with pauses, raises, lowerings and reopenings. Monday noon is the opening, business
// hours are 9 to 17 UTC.
func TestAResolutionIsPromisedByClockAndCalendar(t *testing.T) {
	t.Parallel()
	pause := func(from, to float64) store.Pause { return store.Pause{From: hours(from), To: hours(to)} }
	for _, c := range []struct {
		promise string
		thread  store.Thread
		want    string
	}{
		{"SEV-1 within 4 hours, day and night", store.Thread{Severity: classify.SEV1}, "0 Mon 02 16:00"},
		{"SEV-2 within 8 hours, day and night", store.Thread{Severity: classify.SEV2}, "0 Mon 02 20:00"},
		{"SEV-3 within 2 business days", store.Thread{Severity: classify.SEV3}, "0 Wed 04 12:00"},
		{"SEV-4 within a business week", store.Thread{Severity: classify.SEV4}, "0 Mon 09 12:00"},
		{"opened on Saturday", store.Thread{Severity: classify.SEV3, OpenedAt: hours(-48)}, "0 Wed 04 09:00"}, // from Monday 9:00 on
		{"an hour of waiting is an hour more", store.Thread{Severity: classify.SEV1, Pauses: store.Pauses{pause(1, 2)}}, "0 Mon 02 17:00"},
		{"two pauses add up", store.Thread{Severity: classify.SEV1, Pauses: store.Pauses{pause(1, 2), pause(3, 3.5)}}, "0 Mon 02 17:30"},
		{"a pause overnight is the open time in it", store.Thread{Severity: classify.SEV3, Pauses: store.Pauses{pause(3, 22)}}, "0 Wed 04 15:00"}, // 15-17 and 9-10
		{"a pause of a weekend costs nothing", store.Thread{Severity: classify.SEV4, Pauses: store.Pauses{{From: hours(24*4 + 6), To: hours(24*6 + 6)}}}, "0 Mon 09 12:00"},
		{"while we wait the promise rests", store.Thread{Severity: classify.SEV1, Status: store.WaitingOnCustomer, Pauses: store.Pauses{pause(1, 2), {From: hours(3)}}}, "0 Mon 02 16:00 void"},
		{"a raise counts from itself", store.Thread{Severity: classify.SEV1, RaisedAt: hours(10)}, "0 Tue 03 02:00"},
		{"what was waited before the raise is over", store.Thread{Severity: classify.SEV1, RaisedAt: hours(10), Pauses: store.Pauses{pause(1, 9)}}, "0 Tue 03 02:00"},
		{"of a pause across the raise the rest counts", store.Thread{Severity: classify.SEV1, RaisedAt: hours(10), Pauses: store.Pauses{pause(8, 11)}}, "0 Tue 03 03:00"},
		{"a lowering counts from the opening", store.Thread{Severity: classify.SEV2}, "0 Mon 02 20:00"},
		{"a reopening counts anew, under its own number", store.Thread{Severity: classify.SEV1, Status: store.Reopened, Reopenings: 2, ReopenedAt: hours(30)}, "2 Tue 03 22:00"},
		{"a raise after the reopening", store.Thread{Severity: classify.SEV1, Status: store.Reopened, Reopenings: 1, ReopenedAt: hours(30), RaisedAt: hours(31)}, "1 Tue 03 23:00"},
		{"a raise before the reopening", store.Thread{Severity: classify.SEV1, Status: store.Reopened, Reopenings: 1, ReopenedAt: hours(30), RaisedAt: hours(1)}, "1 Tue 03 22:00"},
		{"held automatic mail moves no promise", store.Thread{Severity: classify.SEV1, Held: true}, "0 Mon 02 16:00"},
		{"resolved", store.Thread{Severity: classify.SEV1, Status: store.Resolved, AskedAt: monday}, ""},
		{"closed", store.Thread{Severity: classify.SEV1, Status: store.Closed}, ""},
	} {
		if c.thread.OpenedAt.IsZero() {
			c.thread.OpenedAt = monday
		}
		if got := strings.Join(due(t, c.thread, store.Resolve, hours(1)), ", "); got != c.want {
			t.Errorf("%s: %q, want %q", c.promise, got, c.want)
		}
	}
}

// TestAnswersCountFromTheirMessageOrALaterRaise: never from an earlier one.
func TestAnswersCountFromTheirMessageOrALaterRaise(t *testing.T) {
	t.Parallel()
	th := store.Thread{Severity: classify.SEV1, OpenedAt: monday, RaisedAt: hours(1), Waiting: []store.Waiting{{Message: 5, At: monday}, {Message: 6, At: hours(2)}}}
	if got := due(t, th, store.Respond, hours(2)); !slices.Equal(got, []string{"5 Mon 02 13:15", "6 Mon 02 14:15"}) {
		t.Errorf("owed %q", got)
	}
	th.Status = store.Resolved // a question after the resolution still waits
	if got := due(t, th, store.Respond, hours(2)); len(got) != 2 {
		t.Errorf("owed on a resolved thread: %q", got)
	}
}

// TestSilenceIsCountedInBusinessDays: two reminders and the end, from when we asked.
func TestSilenceIsCountedInBusinessDays(t *testing.T) {
	t.Parallel()
	asked := func(at time.Time) string { return fmt.Sprint(at.Unix()) }
	thursday, saturday := hours(24*3), hours(24*5)
	for _, c := range []struct {
		promise string
		thread  store.Thread
		remind  []string
		confirm []string
	}{
		{
			"SEV-3 asked on Monday noon",
			store.Thread{Severity: classify.SEV3, Status: store.Resolved, AskedAt: monday},
			[]string{asked(monday) + "/1 Wed 04 12:00", asked(monday) + "/2 Fri 06 12:00"},
			[]string{asked(monday) + " Wed 11 12:00"},
		},
		{
			"over a weekend",
			store.Thread{Severity: classify.SEV3, Status: store.Resolved, AskedAt: thursday},
			[]string{asked(thursday) + "/1 Mon 09 12:00", asked(thursday) + "/2 Wed 11 12:00"},
			[]string{asked(thursday) + " Mon 16 12:00"},
		},
		{
			"asked on a Saturday",
			store.Thread{Severity: classify.SEV4, Status: store.WaitingOnCustomer, AskedAt: saturday},
			[]string{asked(saturday) + "/1 Wed 11 09:00", asked(saturday) + "/2 Fri 13 09:00"},
			[]string{asked(saturday) + " Wed 18 09:00"},
		},
		{
			"SEV-1 knows no weekend",
			store.Thread{Severity: classify.SEV1, Status: store.Resolved, AskedAt: thursday},
			[]string{asked(thursday) + "/1 Sat 07 12:00", asked(thursday) + "/2 Mon 09 12:00"},
			[]string{asked(thursday) + " Thu 12 12:00"},
		},
		{"the customer has said something", store.Thread{Severity: classify.SEV3, Status: store.Resolved}, nil, nil},
		{"held", store.Thread{Severity: classify.SEV3, Status: store.Resolved, AskedAt: monday, Held: true}, nil, nil},
		{"nothing was asked", store.Thread{Severity: classify.SEV3, Status: store.Investigating}, nil, nil},
		{"closed", store.Thread{Severity: classify.SEV3, Status: store.Closed, AskedAt: monday}, nil, nil},
	} {
		c.thread.OpenedAt = monday
		if got := due(t, c.thread, store.Remind, monday); !slices.Equal(got, c.remind) {
			t.Errorf("%s: reminders %q, want %q", c.promise, got, c.remind)
		}
		if got := due(t, c.thread, store.Confirm, monday); !slices.Equal(got, c.confirm) {
			t.Errorf("%s: the end %q, want %q", c.promise, got, c.confirm)
		}
	}
}

// TestAHoldThatNamesATimeEndsByItself.
func TestAHoldThatNamesATimeEndsByItself(t *testing.T) {
	t.Parallel()
	th := store.Thread{Severity: classify.SEV3, OpenedAt: monday, Held: true}
	if got := due(t, th, store.FollowUp, monday); got != nil {
		t.Errorf("a hold without an end is owed %q", got)
	}
	th.HeldUntil = hours(21)
	if got := due(t, th, store.FollowUp, monday); !slices.Equal(got, []string{fmt.Sprintf("release/%d Tue 03 09:00", hours(21).Unix())}) {
		t.Errorf("a hold until Tuesday 9:00 is owed %q", got)
	}
}

// TestTheLadderClimbsFromTheMissedInstant: one ladder a kind, for as long as the promise is unmet.
func TestTheLadderClimbsFromTheMissedInstant(t *testing.T) {
	t.Parallel()
	waits := []store.Waiting{{Message: 5, At: monday}, {Message: 6, At: monday}}
	missed := func(kind, slot string, at time.Time) store.Obligation {
		return store.Obligation{Kind: kind, Slot: slot, State: store.Missed, Due: at, MissedAt: at.Add(time.Minute), Reason: "SEV-1"}
	}
	ladder := func(of string, base string, minutes ...int) (all []string) {
		from, _ := time.Parse("15:04", base)
		for i, m := range minutes {
			all = append(all, fmt.Sprintf("%s/%d Mon 02 %s", of, i+1, from.Add(time.Duration(m)*time.Minute).Format("15:04")))
		}
		return all
	}
	for _, c := range []struct {
		promise string
		thread  store.Thread
		want    []string
	}{
		{"nothing missed", store.Thread{Waiting: waits}, nil},
		{"a missed answer, from the minute in which it was seen missed", store.Thread{Waiting: waits, Open: []store.Obligation{missed(store.Respond, "5", hours(0.25))}}, ladder("respond/5", "12:16", 0, 10, 20)},
		{"two missed answers climb once, by the older", store.Thread{Waiting: waits, Open: []store.Obligation{missed(store.Respond, "5", hours(0.25)), missed(store.Respond, "6", hours(0.5))}}, ladder("respond/5", "12:16", 0, 10, 20)},
		{"the older one was answered", store.Thread{Waiting: waits[1:], Open: []store.Obligation{missed(store.Respond, "5", hours(0.25)), missed(store.Respond, "6", hours(0.5))}}, ladder("respond/6", "12:31", 0, 10, 20)},
		{"all were answered", store.Thread{Open: []store.Obligation{missed(store.Respond, "5", hours(0.25))}}, nil},
		{"an answer and a resolution climb each", store.Thread{Waiting: waits, Open: []store.Obligation{missed(store.Respond, "5", hours(0.25)), missed(store.Resolve, "0", hours(4))}}, append(ladder("respond/5", "12:16", 0, 10, 20), ladder("resolve/0", "16:01", 0, 10, 20)...)},
		{"while we wait for the customer no resolution climbs", store.Thread{Status: store.WaitingOnCustomer, Pauses: store.Pauses{{From: monday}}, Open: []store.Obligation{missed(store.Resolve, "0", hours(4))}}, nil},
		{"the resolution of before a reopening climbs no more", store.Thread{Status: store.Reopened, Reopenings: 1, ReopenedAt: hours(5), Open: []store.Obligation{missed(store.Resolve, "0", hours(4))}}, nil},
		{"resolved", store.Thread{Status: store.Resolved, AskedAt: hours(5), Open: []store.Obligation{missed(store.Resolve, "0", hours(4))}}, nil},
		{"closed", store.Thread{Status: store.Closed, Waiting: waits, Open: []store.Obligation{missed(store.Respond, "5", hours(0.25))}}, nil},
		{"held automatic mail keeps nobody inside from knowing", store.Thread{Held: true, Waiting: waits, Open: []store.Obligation{missed(store.Respond, "5", hours(0.25))}}, ladder("respond/5", "12:16", 0, 10, 20)},
		{"raised after it was missed, it climbs anew from when it is due now", store.Thread{RaisedAt: hours(4), Waiting: waits, Open: []store.Obligation{missed(store.Respond, "5", hours(0.25))}}, []string{
			fmt.Sprintf("respond/5/1@%d Mon 02 16:15", hours(4).Unix()), fmt.Sprintf("respond/5/2@%d Mon 02 16:25", hours(4).Unix()), fmt.Sprintf("respond/5/3@%d Mon 02 16:35", hours(4).Unix()),
		}},
		{"lowered after it was missed, it climbs when it is due now", store.Thread{Severity: classify.SEV2, Waiting: waits, Open: []store.Obligation{missed(store.Respond, "5", hours(0.25))}}, ladder("respond/5", "13:00", 0, 10, 20)},
	} {
		c.thread.OpenedAt = monday
		if c.thread.Severity == 0 {
			c.thread.Severity = classify.SEV1
		}
		if got := due(t, c.thread, store.Escalate, hours(5)); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.promise, got, c.want)
		}
	}
}

// TestOweIsPureAndNamesEachPromiseOnce: the same again gives the same, and no two have one name.
func TestOweIsPureAndNamesEachPromiseOnce(t *testing.T) {
	t.Parallel()
	p := policy(t)
	for _, status := range []store.Status{store.New, store.Acknowledged, store.Investigating, store.Workaround, store.WaitingOnCustomer, store.Resolved, store.Closed, store.Reopened} {
		th := store.Thread{
			Status: status, Severity: classify.SEV2, OpenedAt: monday, AskedAt: monday, Held: false, Reopenings: 1, ReopenedAt: monday,
			Waiting: []store.Waiting{{Message: 1, At: monday}, {Message: 2, At: monday}}, Ack: &store.AckDecision{At: monday, Send: true, Why: "x"},
			Open: []store.Obligation{{Kind: store.Respond, Slot: "1", State: store.Missed, MissedAt: monday}, {Kind: store.Resolve, Slot: "1", State: store.Missed, MissedAt: monday}},
		}
		first, again := outbound.Owe(th, p, hours(9)), outbound.Owe(th, p, hours(9))
		if !slices.Equal(first, again) {
			t.Errorf("%s: two answers to one question", status)
		}
		seen := map[string]bool{}
		for _, o := range first {
			if seen[o.Kind+"/"+o.Slot] {
				t.Errorf("%s: %s/%s is owed twice", status, o.Kind, o.Slot)
			}
			seen[o.Kind+"/"+o.Slot] = true
		}
		if (len(first) == 0) != (status == store.Closed) {
			t.Errorf("%s owes %d", status, len(first))
		}
	}
}
