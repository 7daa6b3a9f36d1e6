package outbound

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"triaged/classify"
	"triaged/config"
	"triaged/outbound/guard"
	"triaged/store"
)

func TestEveryKindOfEventCanBeConfigured(t *testing.T) {
	t.Parallel()
	field, _ := reflect.TypeFor[config.Connector]().FieldByName("Events")
	words := strings.Split(field.Tag.Get("is"), "|")
	if slices.Sort(words); len(slices.Compact(slices.Clone(words))) != len(words) {
		t.Errorf("connectors[].events takes a word twice: %q", words)
	}
	made := []string{otherKind}
	for _, k := range eventKinds {
		made = append(made, k.kind)
		if got := EventKind(store.Event{What: k.begins + "x"}); got != k.kind {
			t.Errorf("EventKind(%q) = %s, want %s", k.begins, got, k.kind)
		}
	}
	slices.Sort(made)
	made = slices.Compact(made)
	if !slices.Equal(words, made) {
		t.Errorf("connectors[].events takes %q\nevents are of kind   %q", words, made)
	}
	for trigger, want := range map[store.Trigger]string{
		store.CameBack: "reopened", store.Denied: "reopened", store.ReopenedBy: "reopened", store.Opened: "opened",
		store.Silent: "closed", store.ClosedBy: "closed", store.Confirmed: "closed", store.ResolvedBy: "resolved",
		store.Noted: otherKind, store.Thanked: otherKind, store.CustomerSet: otherKind, store.Paused: otherKind,
		"severity set to SEV-1": "severity_set", "refused: resolved": otherKind, "escalated to mona@desk.example": "escalated",
	} {
		if got := EventKind(store.Event{What: string(trigger)}); got != want {
			t.Errorf("EventKind(%q) = %s, want %s", trigger, got, want)
		}
	}
	if got := EventKind(store.Event{What: "may belong to #7"}); got != otherKind {
		t.Errorf("EventKind of something rare = %s, want %s", got, otherKind)
	}
}

func TestWhoHearsOfAnEvent(t *testing.T) {
	t.Parallel()
	all := []config.Connector{
		{Name: "everything"},
		{Name: "raises", Events: []string{"raised", "missed"}},
		{Name: "severe", Severities: []string{"SEV-1", "SEV-2"}},
		{Name: "severe raises", Events: []string{"raised"}, Severities: []string{"SEV-1"}},
	}
	check := func(what, who string, s classify.Severity, want ...string) {
		t.Helper()
		_, got := Hears(all, store.Event{Thread: 1042, What: what, Who: who}, store.Thread{ID: 1042, Severity: s})
		if !slices.Equal(got, want) {
			t.Errorf("of %q by %s on a thread of %s hear %q, want %q", what, who, s, got, want)
		}
	}
	check("opened", "dana@customer.example", classify.SEV3, "everything")
	check("opened", "dana@customer.example", classify.SEV2, "everything", "severe")
	check("raised to SEV-1", "rules", classify.SEV1, "everything", "raises", "severe", "severe raises")
	check("missed respond", "clock", classify.SEV4, "everything", "raises")
	check("not told everything", teller, classify.SEV1) // it would never end
	if _, got := Hears(all, store.Event{What: "uidvalidity reset", Who: "imap"}, store.Thread{}); got != nil {
		t.Errorf("of an event of no thread hear %q, want nobody", got)
	}
}

func TestWhatIsToldHoldsNoWordsOfTheMail(t *testing.T) {
	t.Parallel()
	d := store.Dispatch{
		EventID: "evt_1", Kind: "judged", Subject: "Help\r\n\u202enow", Severity: classify.SEV2, Type: "technical", Status: store.New,
		Event: store.Event{Thread: 1042, Who: "rules", What: "judged SEV-2 technical", Why: "production is down: our password is hunter2 (and 2 more)"},
	}
	for _, what := range []string{string(store.Noted), "held a reply", string(store.ResolvedBy), string(store.AgentWrote), "severity set to SEV-1", "whatever comes"} {
		note := store.Dispatch{Event: store.Event{Thread: 1042, Who: "alice@desk.example", What: what, Why: "the customer's password is hunter2"}}
		if e := told(note); e.Why != "" {
			t.Errorf("of %q is told %q, which a person wrote in a mail", what, e.Why)
		}
	}
	e := told(d)
	if e.Why != "production is down" || e.Subject != "Help now" || e.Ref != "1042" || e.Severity != "SEV-2" {
		t.Errorf("told = %+v, want the rule without its evidence, and the subject in one line", e)
	}
}

func TestAnEventIsGivenUpWhenItIsOldAndTried(t *testing.T) {
	t.Parallel()
	born := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	check := func(attempts int, failing bool, age time.Duration, want string) {
		t.Helper()
		d := store.Dispatch{CreatedAt: born, Attempts: attempts, LastError: "503"}
		if got := givenUp(d, failing, born.Add(age), time.Hour); got != want {
			t.Errorf("after %d attempts, failing %t, %s old: %q, want %q", attempts, failing, age, got, want)
		}
	}
	const why = "given up after outbox.give_up; last: 503"
	check(5, true, time.Hour, "")
	check(1, false, time.Hour+1, why)
	check(0, false, 48*time.Hour, "") // triaged was off: it gets its one attempt
	check(0, true, time.Hour+1, why)  // and none where nobody answers
}

func TestHowLongATroubledConnectorIsLeftAlone(t *testing.T) {
	t.Parallel()
	o := config.Outbox{RetryFirst: config.Duration(30 * time.Second), RetryMax: config.Duration(2 * time.Hour)}
	check := func(failures int, e guard.Error, want time.Duration) {
		t.Helper()
		if got := rest(failures, &e, o); got != want {
			t.Errorf("rest(%d, %+v) = %s, want %s", failures, e, got, want)
		}
	}
	check(1, guard.Error{}, 5*time.Second)
	check(2, guard.Error{}, 10*time.Second)
	check(20, guard.Error{}, time.Minute)
	check(20, guard.Error{Refused: true}, 5*time.Minute)
	check(1, guard.Error{RetryAfter: 10 * time.Minute}, 10*time.Minute)
	check(20, guard.Error{RetryAfter: time.Second}, time.Minute)
}
