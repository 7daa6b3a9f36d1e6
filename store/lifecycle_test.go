package store

import (
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"triaged/classify"
)

var everyStatus = []Status{New, Acknowledged, Investigating, Workaround, WaitingOnCustomer, Resolved, Closed, Reopened}

// drawn reads the table that doc.go draws: what each trigger does in each status.
func drawn(t *testing.T) (order []Trigger, cells map[Trigger]map[Status]string) {
	t.Helper()
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	cells = map[Trigger]map[Status]string{}
	in := false
	for line := range strings.SplitSeq(string(text), "\n") {
		row := strings.TrimPrefix(line, "//\t")
		fields := strings.Fields(row)
		switch {
		case strings.Join(fields, " ") == "new ack inv wor wai res clo reo":
			in = true
		case in && (row == line || len(fields) < 9):
			return order, cells
		case in:
			name := Trigger(strings.Join(fields[:len(fields)-8], " "))
			order, cells[name] = append(order, name), map[Status]string{}
			for i, cell := range fields[len(fields)-8:] {
				cells[name][everyStatus[i]] = cell
			}
		}
	}
	t.Fatal("doc.go draws no table")
	return nil, nil
}

// declared are the triggers that the source names.
func declared(t *testing.T) (all []Trigger) {
	t.Helper()
	text, err := os.ReadFile("lifecycle.go")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if _, rest, ok := strings.Cut(line, " Trigger = \""); ok {
			name, _, _ := strings.Cut(rest, "\"")
			all = append(all, Trigger(name))
		}
	}
	return all
}

// standing is a thread as it may well be in a status.
func standing(s Status) Thread {
	th := Thread{ID: 1001, Status: s, Severity: classify.SEV3, OpenedAt: noon.Add(-48 * time.Hour), Owner: "alice@desk.example"}
	asked := noon.Add(-time.Hour)
	switch s {
	case WaitingOnCustomer:
		th.AskedAt, th.Pauses = asked, Pauses{{From: asked}}
	case Resolved:
		th.AskedAt, th.ResolvedAt = asked, asked
	case Closed:
		th.ResolvedAt, th.ClosedAt, th.Outcome = asked, asked, OutcomeUnconfirmed
	case Reopened:
		th.ReopenedAt, th.Reopenings = asked, 1
	}
	return th
}

// complete is a happening with all that any trigger could need.
func complete(trigger Trigger, at time.Time) Happening {
	return Happening{
		Trigger: trigger, At: at, Who: "somebody", Why: "because", Owner: "bob@desk.example", Severity: classify.SEV2, Type: classify.Business,
		Text: "the words", Until: at.Add(time.Hour), Resolution: &Resolution{Did: "we did it"}, Rating: 4,
		Customer: Customer{Address: "kim@customer.example"},
	}
}

// TestEveryStatusMeetsEveryTrigger: the whole machine, as doc.go draws it.
func TestEveryStatusMeetsEveryTrigger(t *testing.T) {
	t.Parallel()
	order, cells := drawn(t)
	if all := declared(t); len(all) < 38 || !sameTriggers(all, order) {
		t.Fatalf("doc.go draws %d triggers %q, lifecycle.go has %d: %q", len(order), order, len(all), all)
	}
	for _, trigger := range order {
		for _, from := range everyStatus {
			cell := cells[trigger][from]
			name := fmt.Sprintf("%s + %s", from, trigger)
			was := standing(from)
			got, events := was.Apply(complete(trigger, noon))
			if len(events) != 1 || events[0].Thread != 1001 || !events[0].At.Equal(noon) || events[0].Who != "somebody" || events[0].What == "" || events[0].Why == "" {
				t.Errorf("%s: events = %+v, want one that says what, who and why", name, events)
			}
			why := was.Refuses(trigger)
			if (why != "") != (cell == "x") {
				t.Errorf("%s: Refuses = %q, doc.go draws %q", name, why, cell)
			}
			switch {
			case cell == "x":
				if !reflect.DeepEqual(got, was) {
					t.Errorf("%s is refused and changed the thread:\n%+v\n%+v", name, was, got)
				}
				if events[0].What != "refused: "+string(trigger) || events[0].Why != why {
					t.Errorf("%s: the event of the refusal is %+v, want its reason %q", name, events[0], why)
				}
			case cell == ".":
				if got.Status != from {
					t.Errorf("%s = %s, doc.go lets it stay", name, got.Status)
				}
			case !strings.HasPrefix(string(got.Status), cell):
				t.Errorf("%s = %s, doc.go draws %q", name, got.Status, cell)
			}
			if err := sound(got); err != "" {
				t.Errorf("%s: %s: %+v", name, err, got)
			}
		}
	}
}

func sameTriggers(a, b []Trigger) bool {
	in := map[Trigger]int{}
	for _, x := range a {
		in[x]++
	}
	for _, x := range b {
		in[x]--
	}
	for _, n := range in {
		if n != 0 {
			return false
		}
	}
	return true
}

// sound says what is wrong with a thread; empty for nothing.
func sound(t Thread) string {
	closed := t.Status == Closed
	switch {
	case closed == t.ClosedAt.IsZero():
		return "closed and ClosedAt do not go together"
	case closed != (t.Outcome == OutcomeConfirmed || t.Outcome == OutcomeUnconfirmed || t.Uncounted()):
		return "closed without an outcome, or an outcome of a thread that is open"
	case (closed || t.Status == Resolved) && t.ResolvedAt.IsZero():
		return "resolved without an instant"
	case !closed && t.Status != Resolved && !t.ResolvedAt.IsZero():
		return "ResolvedAt of a thread that is not resolved"
	case !t.AskedAt.IsZero() && t.Status != WaitingOnCustomer && t.Status != Resolved:
		return "the customer owes an answer to a thread that asks nothing"
	case closed && t.Held:
		return "automatic mail is held on a closed thread"
	case t.Reopenings > 0 == t.ReopenedAt.IsZero():
		return "Reopenings and ReopenedAt do not go together"
	}
	for i, p := range t.Pauses {
		last := i == len(t.Pauses)-1
		switch {
		case p.To.IsZero() && (!last || t.Status != WaitingOnCustomer):
			return "a pause that does not end"
		case !p.To.IsZero() && p.To.Before(p.From):
			return "a pause that ends before it begins"
		case i > 0 && p.From.Before(t.Pauses[i-1].To):
			return "pauses out of order"
		}
	}
	if n := len(t.Pauses); t.Status == WaitingOnCustomer && (n == 0 || !t.Pauses[n-1].To.IsZero()) {
		return "waiting without a pause"
	}
	return ""
}

// TestRandomLivesStaySound: whatever happens to a thread, in whatever order.
func TestRandomLivesStaySound(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	dice := rand.New(rand.NewPCG(seed, 7))
	triggers, _ := drawn(t)
	for range 3000 {
		verdict := func() *classify.Verdict {
			return &classify.Verdict{Severity: classify.Severity(1 + dice.IntN(4)), Type: classify.Technical}
		}
		at := noon
		th, _ := Thread{ID: 1001, Status: New, OpenedAt: at}.Apply(Happening{Trigger: Opened, At: at, Who: "dana@customer.example", Why: "w", Verdict: verdict()})
		var life []string
		for range 40 {
			at = at.Add(time.Duration(dice.Int64N(int64(72 * time.Hour))))
			trigger := triggers[1+dice.IntN(len(triggers)-1)] // it is opened once
			h := complete(trigger, at)
			h.Severity = classify.Severity(1 + dice.IntN(4))
			if trigger == CustomerWrote || trigger == CameBack || trigger == ModelJudged {
				h.Verdict = verdict()
			}
			was := th
			var events []Event
			th, events = was.Apply(h)
			life = append(life, fmt.Sprintf("%s -> %s", trigger, th.Status))
			story := func() string { return fmt.Sprintf("seed %d\n%s", seed, strings.Join(life, "\n")) }
			if wrong := sound(th); wrong != "" {
				t.Fatalf("%s: %+v\n%s", wrong, th, story())
			}
			if len(events) == 0 {
				t.Fatalf("%s left no event\n%s", trigger, story())
			}
			if was.Status != Closed && th.Status == Closed && trigger != Confirmed && trigger != ClosedBy && trigger != Silent && trigger != Spammed && trigger != Merged {
				t.Fatalf("%s closes a thread\n%s", trigger, story())
			}
			if was.SeverityBy != "" && th.Severity != was.Severity && trigger != SeveritySet {
				t.Fatalf("%s changed a severity that a person had set\n%s", trigger, story())
			}
			if was.Severity != th.Severity && trigger != SeveritySet && !th.Severity.Worse(was.Severity) {
				t.Fatalf("%s lowered a severity\n%s", trigger, story())
			}
			if th.Severity.Worse(was.Severity) && !th.RaisedAt.Equal(at) || !th.Severity.Worse(was.Severity) && th.Severity == was.Severity && !th.RaisedAt.Equal(was.RaisedAt) {
				t.Fatalf("%s: severity %s to %s, raised at %v to %v\n%s", trigger, was.Severity, th.Severity, was.RaisedAt, th.RaisedAt, story())
			}
			if !was.AcknowledgedAt.IsZero() && !th.AcknowledgedAt.Equal(was.AcknowledgedAt) || !was.FirstResponseAt.IsZero() && !th.FirstResponseAt.Equal(was.FirstResponseAt) {
				t.Fatalf("%s moved a first instant\n%s", trigger, story())
			}
			if th.Reopenings < was.Reopenings || th.Status == Reopened && was.Status != Reopened && th.Reopenings != was.Reopenings+1 {
				t.Fatalf("%s: %d reopenings after %d\n%s", trigger, th.Reopenings, was.Reopenings, story())
			}
		}
	}
}

// TestWhatEachHappeningKeeps: the fields beside the status.
func TestWhatEachHappeningKeeps(t *testing.T) {
	t.Parallel()
	hour := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }
	asked := noon.Add(-time.Hour) // as standing has it
	for _, c := range []struct {
		promise string
		from    Status
		happens []Happening
		kept    func(Thread) any
		want    any
	}{
		{"waiting asks", Investigating, []Happening{{Trigger: WaitedFor, At: noon}}, func(t Thread) any { return t.AskedAt }, noon},
		{"waiting begins a pause", Investigating, []Happening{{Trigger: WaitedFor, At: noon}}, func(t Thread) any { return t.Pauses }, Pauses{{From: noon}}},
		{"waiting again asks again", WaitingOnCustomer, []Happening{{Trigger: WaitedFor, At: noon}}, func(t Thread) any { return t.AskedAt }, noon},
		{"waiting again is one pause", WaitingOnCustomer, []Happening{{Trigger: WaitedFor, At: noon}}, func(t Thread) any { return t.Pauses }, Pauses{{From: asked}}},
		{"the customer's word ends the pause", WaitingOnCustomer, []Happening{{Trigger: CustomerWrote, At: noon}}, func(t Thread) any { return t.Pauses }, Pauses{{From: asked, To: noon}}},
		{"and asks no longer", WaitingOnCustomer, []Happening{{Trigger: CustomerWrote, At: noon}}, func(t Thread) any { return t.AskedAt.IsZero() }, true},
		{"two pauses follow each other", WaitingOnCustomer, []Happening{{Trigger: Investigated, At: noon}, {Trigger: WaitedFor, At: hour(1)}, {Trigger: ResolvedBy, At: hour(2)}}, func(t Thread) any { return t.Pauses }, Pauses{{From: asked, To: noon}, {From: hour(1), To: hour(2)}}},
		{"our answer while we wait counts the silence anew", WaitingOnCustomer, []Happening{{Trigger: Answered, At: noon}}, func(t Thread) any { return t.AskedAt }, noon},
		{"an answer to an open thread asks nothing", Investigating, []Happening{{Trigger: Answered, At: noon}}, func(t Thread) any { return t.AskedAt.IsZero() }, true},
		{"a resolution asks", Investigating, []Happening{{Trigger: ResolvedBy, At: noon, Resolution: &Resolution{Did: "x"}}}, func(t Thread) any { return t.AskedAt }, noon},
		{"and keeps its instant", Investigating, []Happening{{Trigger: ResolvedBy, At: noon}}, func(t Thread) any { return t.ResolvedAt }, noon},
		{"and its words", Investigating, []Happening{{Trigger: ResolvedBy, At: noon, Resolution: &Resolution{Did: "x"}}}, func(t Thread) any { return t.Resolution }, Resolution{Did: "x"}},
		{"a second resolution counts from itself", Resolved, []Happening{{Trigger: ResolvedBy, At: noon}}, func(t Thread) any { return t.ResolvedAt }, noon},
		{"a resolution that came back asks nothing", Resolved, []Happening{{Trigger: MailBounced, At: noon}}, func(t Thread) any { return t.AskedAt.IsZero() }, true},
		{"nor one whose fate nobody knows", Resolved, []Happening{{Trigger: MailDoubtful, At: noon}}, func(t Thread) any { return t.AskedAt.IsZero() }, true},
		{"until it was sent again", Resolved, []Happening{{Trigger: MailDoubtful, At: noon}, {Trigger: Answered, At: hour(1)}}, func(t Thread) any { return t.AskedAt }, hour(1)},
		{"a question after the resolution stops the silence", Resolved, []Happening{{Trigger: CustomerWrote, At: noon}}, func(t Thread) any { return t.AskedAt.IsZero() }, true},
		{"and its answer begins it again", Resolved, []Happening{{Trigger: CustomerWrote, At: noon}, {Trigger: Answered, At: hour(1)}}, func(t Thread) any { return t.AskedAt }, hour(1)},
		{"after #release the silence is counted anew", Resolved, []Happening{{Trigger: Paused, At: noon}, {Trigger: Unpaused, At: hour(300)}}, func(t Thread) any { return t.AskedAt }, hour(300)},
		{"but none begins by it", Investigating, []Happening{{Trigger: Paused, At: noon}, {Trigger: Unpaused, At: hour(300)}}, func(t Thread) any { return t.AskedAt.IsZero() }, true},
		{"a silence that nobody heard is counted anew", WaitingOnCustomer, []Happening{{Trigger: Recounted, At: noon}}, func(t Thread) any { return t.AskedAt }, noon},
		{"held until then", Investigating, []Happening{{Trigger: Paused, At: noon, Until: hour(9)}}, func(t Thread) any { return []any{t.Held, t.HeldUntil} }, []any{true, hour(9)}},
		{"released", Investigating, []Happening{{Trigger: Paused, At: noon, Until: hour(9)}, {Trigger: Unpaused, At: hour(1)}}, func(t Thread) any { return []any{t.Held, t.HeldUntil} }, []any{false, time.Time{}}},
		{"closing releases", Investigating, []Happening{{Trigger: Paused, At: noon}, {Trigger: ClosedBy, At: hour(1)}}, func(t Thread) any { return t.Held }, false},
		{"a yes is confirmed", Resolved, []Happening{{Trigger: Confirmed, At: noon}}, func(t Thread) any { return t.Outcome }, OutcomeConfirmed},
		{"silence is not", Resolved, []Happening{{Trigger: Silent, At: noon}}, func(t Thread) any { return t.Outcome }, OutcomeUnconfirmed},
		{"a late yes confirms after all", Resolved, []Happening{{Trigger: Silent, At: noon}, {Trigger: Confirmed, At: hour(1)}}, func(t Thread) any { return t.Outcome }, OutcomeConfirmed},
		{"a yes makes no spam a success", Resolved, []Happening{{Trigger: Spammed, At: noon}, {Trigger: Confirmed, At: hour(1)}}, func(t Thread) any { return t.Outcome }, OutcomeSpam},
		{"a person's closing says how", Resolved, []Happening{{Trigger: ClosedBy, At: noon, Text: "by phone"}}, func(t Thread) any { return t.Outcome + " " + t.OutcomeHow }, "confirmed by phone"},
		{"resolved before closed keeps its instant", Resolved, []Happening{{Trigger: Confirmed, At: noon}}, func(t Thread) any { return []time.Time{t.ResolvedAt, t.ClosedAt} }, []time.Time{asked, noon}},
		{"closed without a resolution is resolved by it", Investigating, []Happening{{Trigger: ClosedBy, At: noon}}, func(t Thread) any { return t.ResolvedAt }, noon},
		{"reopening counts", Closed, []Happening{{Trigger: CameBack, At: noon}}, func(t Thread) any { return []any{t.Reopenings, t.ReopenedAt, t.ClosedAt, t.ResolvedAt, t.Outcome} }, []any{1, noon, time.Time{}, time.Time{}, ""}},
		{"each time", Closed, []Happening{{Trigger: CameBack, At: noon}, {Trigger: ResolvedBy, At: hour(1)}, {Trigger: Denied, At: hour(2)}}, func(t Thread) any { return []any{t.Reopenings, t.ReopenedAt} }, []any{2, hour(2)}},
		{"the first answer is the first response", New, []Happening{{Trigger: Answered, At: noon, Owner: "bob"}, {Trigger: Answered, At: hour(1)}}, func(t Thread) any { return []any{t.FirstResponseAt, t.ToldAt} }, []any{noon, hour(1)}},
		{"#take is no response", New, []Happening{{Trigger: Taken, At: noon, Owner: "bob"}}, func(t Thread) any { return t.FirstResponseAt.IsZero() }, true},
		{"the owner stays whoever answers", Investigating, []Happening{{Trigger: Answered, At: noon, Owner: "bob"}}, func(t Thread) any { return t.Owner }, "alice@desk.example"},
		{"#take takes", Investigating, []Happening{{Trigger: Taken, At: noon, Owner: "bob"}}, func(t Thread) any { return t.Owner }, "bob"},
		{"the type is a person's", New, []Happening{{Trigger: TypeSet, At: noon, Who: "bob", Type: classify.Security}}, func(t Thread) any { return []any{t.Type, t.TypeBy} }, []any{classify.Security, "bob"}},
		{"a raise counts from itself", New, []Happening{{Trigger: SeveritySet, At: noon, Who: "bob", Severity: classify.SEV1}}, func(t Thread) any { return []any{t.Severity, t.SeverityBy, t.RaisedAt} }, []any{classify.SEV1, "bob", noon}},
		{"a lowering from the opening", New, []Happening{{Trigger: SeveritySet, At: noon, Severity: classify.SEV1}, {Trigger: SeveritySet, At: hour(1), Severity: classify.SEV4}}, func(t Thread) any { return t.RaisedAt.IsZero() }, true},
		{"a severity confirmed by a person still counts from its raise", New, []Happening{{Trigger: CustomerWrote, At: noon, Verdict: &classify.Verdict{Severity: classify.SEV1}}, {Trigger: SeveritySet, At: hour(1), Who: "bob", Severity: classify.SEV1}}, func(t Thread) any { return t.RaisedAt }, noon},
		{"a rating", Closed, []Happening{{Trigger: Rated, At: noon, Rating: 5}}, func(t Thread) any { return t.Rating }, 5},
		{"whose it is", New, []Happening{{Trigger: CustomerSet, At: noon, Customer: Customer{Address: "kim@customer.example"}}}, func(t Thread) any { return t.Customer.Address }, "kim@customer.example"},
		{"a plan", New, []Happening{{Trigger: NextSet, At: noon, Text: "call"}, {Trigger: ETASet, At: noon, Until: hour(3)}, {Trigger: WorkedAround, At: noon, Text: "restart"}}, func(t Thread) any { return []any{t.NextAction, t.ETA, t.Workaround} }, []any{"call", hour(3), "restart"}},
	} {
		th := standing(c.from)
		for _, h := range c.happens {
			th, _ = th.Apply(h)
			if wrong := sound(th); wrong != "" {
				t.Errorf("%s: %s", c.promise, wrong)
			}
		}
		if got := c.kept(th); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", c.promise, got, c.want)
		}
	}
}

func TestTheFirstAcknowledgementIsTheOneThatCounts(t *testing.T) {
	t.Parallel()
	th, _ := Thread{Status: New}.Apply(Happening{Trigger: AckSent, At: noon})
	th, _ = th.Apply(Happening{Trigger: AckSent, At: noon.Add(time.Hour)})
	if !th.AcknowledgedAt.Equal(noon) {
		t.Errorf("AcknowledgedAt = %v, want %v", th.AcknowledgedAt, noon)
	}
}

func TestLaterJudgementsOnlyRaise(t *testing.T) {
	t.Parallel()
	verdict := func(s classify.Severity, of classify.Type) *classify.Verdict {
		return &classify.Verdict{Severity: s, Type: of, Team: "db", Reasons: []classify.Reason{{Rule: "outage", Evidence: "production is down"}, {Rule: "tier"}}}
	}
	th, events := Thread{}.Apply(Happening{Trigger: Opened, At: noon, Verdict: verdict(classify.SEV3, "technical")})
	if th.Severity != classify.SEV3 || th.Type != "technical" || th.Team != "db" || len(events) != 2 || events[1].Why != "outage: production is down (and 1 more)" {
		t.Fatalf("opened: %+v, %+v", th, events)
	}
	for _, c := range []struct {
		says classify.Severity
		want classify.Severity
	}{{classify.SEV4, classify.SEV3}, {classify.SEV3, classify.SEV3}, {classify.SEV1, classify.SEV1}} {
		got, events := th.Apply(Happening{Trigger: CustomerWrote, At: noon, Verdict: verdict(c.says, "business")})
		if got.Severity != c.want || got.Type != "technical" {
			t.Errorf("%s judged again as %s: %s %s, want %s technical", th.Severity, c.says, got.Severity, got.Type, c.want)
		}
		if raised := len(events) == 2; raised != (c.want != th.Severity) {
			t.Errorf("%s judged again as %s: events = %+v", th.Severity, c.says, events)
		}
	}
}

func TestParseRef(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{"1042": 1042, "#1042": 1042, " #1042 ": 1042, "": 0, "#": 0, "-1": 0, "0": 0, "x": 0, "##1": 0, "99999999999999999999": 0} {
		if got, err := ParseRef(in); got != want && err == nil || (err == nil) != (want != 0) {
			t.Errorf("ParseRef(%q) = %d, %v; want %d", in, got, err, want)
		}
	}
}

func TestAJudgementsEventNamesWhatSetTheSeverity(t *testing.T) {
	t.Parallel()
	v := classify.Verdict{Severity: classify.SEV1, Type: classify.Technical, Reasons: []classify.Reason{
		{Rule: "thanks", Evidence: "thank you", Effect: "damage -1"}, {Rule: "our site is down", Evidence: "down", Effect: "severity SEV-1"}, {Rule: "slow", Evidence: "slow", Effect: "severity SEV-3"},
	}}
	_, events := Thread{}.Apply(Happening{Trigger: Opened, At: time.Unix(0, 0), Who: "dana@customer.example", Verdict: &v})
	if last := events[len(events)-1]; last.Why != "our site is down: down (and 2 more)" {
		t.Errorf("the event of a judgement says %q, want the reason that set the severity", last.Why)
	}
	why, hinted := Thread{Severity: classify.SEV3, SeverityBy: "alice@desk.example"}.Hint(v)
	if want := "our site is down: down (and 2 more); alice@desk.example set SEV-3, and that stands"; !hinted || why != want {
		t.Errorf("Hint = %q, %v, want %q", why, hinted, want)
	}
	if why, hinted := (Thread{Severity: classify.SEV3}).Hint(v); hinted {
		t.Errorf("Hint = %q where nobody has set the severity, want none", why)
	}
}
