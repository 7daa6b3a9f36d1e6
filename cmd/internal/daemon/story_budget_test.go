package daemon

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"triaged/classify"
	"triaged/classify/llm/fake"
)

// TestAFloodOfMailCostsNoMoreThanTheBudget is a flood within an hour, with a budget that is far too small and a model that takes
// 20 seconds. TRIAGED_FLOOD sets how many mails; the budget is one call for twenty of them.
func TestAFloodOfMailCostsNoMoreThanTheBudget(t *testing.T) {
	long(t)
	mails := 200
	if n, err := strconv.Atoi(os.Getenv("TRIAGED_FLOOD")); err == nil {
		mails = n
	}
	budget := mails / 20
	more := modelled(fmt.Sprintf(", timeout: 30s, daily_calls: %d, connections: 4", budget)) +
		"ack: {per_domain_hour: 0, per_minute: 0}\nalerts: {webhook: \"http://hooks.example/x\"}\nlimits: {notices_per_hour: 0}\n"
	inHouse(t, more, func(h *house) {
		alerts := h.webhook("hooks.example:80")
		m := h.model(always(fake.Says(says(2, "technical", "It stands.")), 20*time.Second))
		h.start()
		time.Sleep(time.Until(midnight(time.Now()).Add(9 * time.Hour)))
		for n := range mails {
			h.arrives("support", quiet(n))
			time.Sleep(time.Hour / time.Duration(mails))
		}
		h.passes(30 * time.Minute) // the first update of a SEV-2 would be due later
		if n := len(h.acks()); n != mails {
			h.t.Errorf("%d mails are acknowledged, want all %d", n, mails)
		}
		judged, told := 0, 0
		for _, th := range h.threads() {
			if late := th.AcknowledgedAt.Sub(th.OpenedAt); late > 2*time.Second {
				h.t.Errorf("%s was acknowledged after %s, want a second or two whatever the model does", th.Ref(), late)
			}
			log := h.events(th.ID)
			judged += times(log, "| judged by the model |")
			told += times(log, unclassified+" | the budget llm.daily_calls is used up")
		}
		if n := len(m.Asked()); n > budget || n < budget-1 {
			h.t.Errorf("the model was asked %d times, want the budget of %d used up and kept", n, budget)
		}
		if judged != len(m.Asked()) || judged+told != mails {
			h.t.Errorf("%d threads were judged and %d say why not, want %d in all", judged, told, mails)
		}
		if said := alerts(); len(said) != 1 || !strings.Contains(said[0], "daily_calls") {
			h.t.Errorf("%d alerts, want exactly one: %q", len(said), said)
		}
		state, err := h.daemon.opinions.state(time.Now())
		if err != nil || state.OverBudget == "" || state.Calls > budget || state.Waiting != told {
			h.t.Errorf("the model's state is %+v (%v), want it over budget, and %d waiting", state, err, told)
		}
	})
}

// midnight is the end of a day in UTC.
func midnight(now time.Time) time.Time { return now.UTC().Truncate(24 * time.Hour).Add(24 * time.Hour) }

func TestYesterdaysMailLeavesHalfOfTheBudgetToToday(t *testing.T) {
	long(t)
	inHouse(t, modelled(", daily_calls: 20, sender_daily_calls: 1000, retries: 0")+"ack: {per_domain_hour: 0}\nalerts: {webhook: \"http://hooks.example/x\"}\n", func(h *house) {
		alerts := h.webhook("hooks.example:80")
		m := h.model(always(fake.Says(says(2, "technical", "It stands.")), 0))
		h.start()
		time.Sleep(time.Until(midnight(time.Now()).Add(20 * time.Hour)))
		for n := range 40 {
			h.arrives("support", quiet(n))
			h.passes(time.Minute)
		}
		if n := len(m.Asked()); n != 20 {
			h.t.Errorf("asked %d times on the first day, want 20", n)
		}
		time.Sleep(time.Until(midnight(time.Now()).Add(time.Hour)))
		if n := len(m.Asked()); n != 30 {
			h.t.Errorf("asked %d times an hour into the second day, want 10 of yesterday's mail", n)
		}
		for n := range 10 {
			h.arrives("support", quiet(100+n))
			h.passes(time.Minute)
		}
		if n := len(m.Asked()); n != 40 || h.spent() != 20 {
			h.t.Errorf("asked %d times, %d of them today; want 40 and 20: today's mail finds the other half", n, h.spent())
		}
		h.passes(24 * time.Hour)
		if n, err := h.daemon.store.ToJudge(); n != 0 || err != nil {
			h.t.Errorf("%d questions wait (%v), want the rest given up", n, err)
		}
		if said := alerts(); len(said) != 1 {
			h.t.Errorf("%d alerts, want one: on the second day no mail of that day went without: %q", len(said), said)
		}
	})
}

func TestOneSendersFloodTakesTheirShareAndAlarmsNobody(t *testing.T) {
	inHouse(t, modelled(", sender_daily_calls: 4, retries: 0")+"ack: {per_sender_hour: 0, per_sender_day: 0}\nalerts: {webhook: \"http://hooks.example/x\"}\n", func(h *house) {
		alerts := h.webhook("hooks.example:80")
		m := h.model(always(fake.Says(says(2, "technical", "It stands.")), 0))
		h.start()
		for n := range 10 {
			flood := quiet(n)
			flood.From = fmt.Sprintf("eve+%d@flood.example", n)
			h.arrives("support", flood)
			h.passes(time.Minute)
		}
		h.arrives("support", quiet(50))
		h.passes(time.Minute)
		if n := len(m.Asked()); n != 5 {
			h.t.Errorf("asked %d times, want 4 for the sender of the flood and 1 for somebody else", n)
		}
		for _, th := range h.threads() {
			if log := h.events(th.ID); (th.Severity == classify.SEV2) == strings.Contains(log, "llm.sender_daily_calls is used up") {
				h.t.Errorf("%s is %v, and its log:\n%s", th.Ref(), th.Severity, log)
			}
		}
		if len(alerts()) != 0 {
			h.t.Errorf("alerts %q, want none", alerts())
		}
	})
}
