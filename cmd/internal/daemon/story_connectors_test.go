package daemon

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// pager is a signed webhook at hook.example that hears of three events a new thread.
const pager = `connectors: [{name: pager, kind: webhook, url: "http://hook.example/hunter2", secret: whsec_aHVudGVyMi1odW50ZXIyLWh1bnRlcjItaHVudGVy, events: [opened, judged, acknowledged], allow_internal: [hook.example]}]
`

// told is what a connector's server received.
type told struct {
	ID, Type string
	At       time.Time
	Data     struct{ Ref, Severity, Status, Subject, What, Who, Why string }
	raw      string
	signed   bool
}

// hook serves hook.example; answer decides on each post, nil takes all.
func (h *house) hook(answer func(told) int) func() []told {
	l := h.listen("hook.example:80")
	var mu sync.Mutex
	var all []told
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		p := told{ID: r.Header.Get("webhook-id"), At: time.Now(), raw: string(b)}
		_ = json.Unmarshal(b, &p)
		mac := hmac.New(sha256.New, []byte("hunter2-hunter2-hunter2-hunter"))
		fmt.Fprintf(mac, "%s.%s.%s", p.ID, r.Header.Get("webhook-timestamp"), b)
		p.signed = r.Header.Get("webhook-signature") == "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil))
		mu.Lock()
		all = append(all, p)
		mu.Unlock()
		code := http.StatusOK
		if answer != nil {
			code = answer(p)
		}
		switch code {
		case 0: // no answer at all
			<-r.Context().Done()
		case 429:
			w.Header().Set("Retry-After", "600")
			fallthrough
		default:
			w.WriteHeader(code)
		}
	})}
	served := make(chan struct{})
	go func() { _ = srv.Serve(l); close(served) }()
	h.close = append(h.close, func() { _ = srv.Close(); <-served })
	return func() []told {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

// whats lists what was told of a thread, in order.
func whats(all []told, ref string) (list []string) {
	for _, p := range all {
		if p.Data.Ref == ref {
			list = append(list, p.Data.What)
		}
	}
	return list
}

func TestTheTokenInTheAddressOfAnAlertIsNeverLogged(t *testing.T) {
	inHouse(t, "alerts: {webhook: \"http://hook.example/hunter2?key=hunter3\"}\n", func(h *house) {
		h.start() // nobody listens at hook.example
		h.net.Refuse("smtp.desk.example:25", true)
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Cannot log in"})
		h.passes(20 * time.Minute)
		h.net.Refuse("smtp.desk.example:25", false)
		if logs := h.logs.String(); strings.Contains(logs, "hunter") {
			h.t.Errorf("the log holds the token:\n%s", logs)
		} else if !strings.Contains(logs, "posting alerts") {
			h.t.Errorf("nothing says that the webhook did not answer:\n%s", logs)
		}
	})
}

func TestAConnectorHearsWhatHappensToAThread(t *testing.T) {
	inHouse(t, pager, func(h *house) {
		got := h.hook(nil)
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "<!channel> Cannot log in", Body: "The word of the day is rhubarb.\n"})
		h.passes(5 * time.Second) // no connector waits for a clock
		all := got()
		if w := whats(all, "1001"); len(w) != 3 || w[0] != "opened" || !strings.HasPrefix(w[1], "judged SEV-") || w[2] != "acknowledged" {
			h.t.Fatalf("the connector heard %q, want opened, judged and acknowledged, in this order\n%s", w, h.logs)
		}
		ids := map[string]bool{}
		for _, p := range all {
			ids[p.ID] = true
			if !p.signed || !strings.HasPrefix(p.ID, "evt_") || p.Data.Subject != "<!channel> Cannot log in" || strings.Contains(p.raw, "<") {
				h.t.Errorf("told %+v, want it signed, named, and its subject inert", p)
			}
			if strings.Contains(p.raw, "rhubarb") {
				h.t.Errorf("told the text of the mail: %s", p.raw)
			}
		}
		if len(ids) != 3 || all[0].Type != "thread.opened" || all[2].Data.Status != "acknowledged" || all[0].Data.Status != "new" {
			h.t.Errorf("told %+v, want three events, each with the status of its moment", all)
		}
		h.passes(48 * time.Hour)
		counts := map[string]int{}
		for _, p := range got() {
			counts[p.ID]++
		}
		for id, n := range counts {
			if n != 1 {
				h.t.Errorf("event %s was told %d times although it was taken", id, n)
			}
		}
	})
}

func TestADeadConnectorDelaysNoMailAndHearsItAllLater(t *testing.T) {
	inHouse(t, pager, func(h *house) {
		got := h.hook(nil)
		h.start()
		h.net.Silence("hook.example:80", true)
		for i := range 5 {
			h.arrives("support", mail{From: fmt.Sprintf("c%d@customer%d.example", i, i), Subject: "Help"})
		}
		h.passes(10 * time.Second)
		if n := len(h.acks()); n != 5 {
			h.t.Fatalf("%d acks while a connector is silent, want 5", n)
		}
		h.passes(3 * time.Hour)
		if n := len(got()); n != 0 {
			h.t.Fatalf("%d posts arrived at a silent host", n)
		}
		if n := strings.Count(h.logs.String(), "ALERT connector pager cannot be told"); n != 1 {
			h.t.Errorf("%d alarms about the connector, want 1", n)
		}
		h.net.Silence("hook.example:80", false)
		h.passes(2 * time.Minute)
		for i := range 5 {
			w := whats(got(), fmt.Sprint(1001+i))
			if len(w) < 3 || w[0] != "opened" || !strings.HasPrefix(w[1], "judged") || w[2] != "acknowledged" {
				h.t.Errorf("of #%d it heard %q after the outage, want everything in order", 1001+i, w)
			}
		}
		if logs := h.logs.String(); strings.Contains(logs, "hunter2") || !strings.Contains(logs, "a connector answers again") {
			h.t.Errorf("the log holds a secret, or does not say that the outage is over:\n%s", logs)
		}
	})
}

func TestAnEventThatFailsHoldsBackOnlyItsOwnThread(t *testing.T) {
	inHouse(t, pager, func(h *house) {
		var failing atomic.Bool
		failing.Store(true)
		got := h.hook(func(p told) int {
			if failing.Load() && p.Data.Ref == "1001" {
				return 500
			}
			return 200
		})
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "First"})
		h.passes(10 * time.Second)
		h.arrives("support", mail{From: "erik@other.example", Subject: "Second"})
		h.passes(10 * time.Second)
		if w := whats(got(), "1002"); len(w) != 3 {
			h.t.Errorf("of the other thread it heard %q, want all three events", w)
		}
		h.passes(10 * time.Minute)
		first := whats(got(), "1001")
		if len(first) < 4 || len(first) > 7 || slices.ContainsFunc(first, func(w string) bool { return w != "opened" }) {
			h.t.Errorf("of the failing thread it heard %q, want its first event alone, some five times in ten minutes", first)
		}
		ids := map[string]bool{}
		for _, p := range got() {
			if p.Data.Ref == "1001" {
				ids[p.ID] = true
			}
		}
		if len(ids) != 1 {
			h.t.Errorf("its retries had the ids %v, want one", ids)
		}
		failing.Store(false)
		h.passes(time.Hour)
		if w := whats(got(), "1001"); w[len(w)-1] != "acknowledged" || !strings.HasPrefix(w[len(w)-2], "judged") || w[len(w)-3] != "opened" {
			h.t.Errorf("then it heard %q, want the rest in order", w)
		}
	})
}

func TestRetryAfterIsHonoured(t *testing.T) {
	inHouse(t, pager, func(h *house) {
		var answered atomic.Bool
		got := h.hook(func(told) int {
			if !answered.Swap(true) {
				return 429
			}
			return 200
		})
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "First"})
		h.passes(time.Minute)
		h.arrives("support", mail{From: "erik@other.example", Subject: "Second"})
		h.passes(8 * time.Minute)
		if n := len(got()); n != 1 {
			h.t.Errorf("%d posts within the ten minutes that the server asked for, want the one it answered", n)
		}
		h.passes(2 * time.Minute)
		again := 0
		for _, p := range got()[1:] {
			if p.ID == got()[0].ID {
				again++
			}
		}
		if n := len(got()); n != 7 || again != 1 {
			h.t.Errorf("%d posts afterwards, %d of them the first again, want 7 and 1", n, again)
		}
	})
}

func TestWhatIsRefusedForGoodIsAnEventAndHoldsNothingUp(t *testing.T) {
	inHouse(t, pager, func(h *house) {
		got := h.hook(func(p told) int {
			if p.Data.What == "opened" {
				return 400
			}
			return 200
		})
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Help"})
		h.passes(time.Minute)
		if w := whats(got(), "1001"); len(w) != 3 || w[0] != "opened" || w[2] != "acknowledged" {
			h.t.Errorf("it heard %q, want the refused event once and then the others", w)
		}
		if ev := h.events(1001); strings.Count(ev, `connectors | not told pager | "opened": post to hook.example: it answered 400 Bad Request`) != 1 {
			h.t.Errorf("the log of the thread does not say it once:\n%s", ev)
		}
	})
}

func TestAWrongAddressIsAnAlarmAndLosesNothingUntilGivenUp(t *testing.T) {
	long(t)
	inHouse(t, pager+"outbox: {give_up: 6h}\n", func(h *house) {
		got := h.hook(func(told) int { return 404 })
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Help"})
		h.passes(5 * time.Hour)
		if n := len(got()); n < 20 || n > 80 {
			h.t.Errorf("%d posts to a wrong address in five hours, want one every five minutes or so", n)
		}
		if n := strings.Count(h.logs.String(), "ALERT connector pager"); n != 1 {
			h.t.Errorf("%d alarms, want 1", n)
		}
		if ev := h.events(1001); strings.Contains(ev, "not told") {
			h.t.Errorf("given up before outbox.give_up:\n%s", ev)
		}
		h.passes(72 * time.Hour)
		ev := h.events(1001)
		if strings.Count(ev, `not told pager | "opened": given up after outbox.give_up`) != 1 || strings.Count(ev, "not told") != 3 {
			h.t.Errorf("want one line for each of the three events that were given up, and none for these lines:\n%s", ev)
		}
		before := len(got())
		h.passes(24 * time.Hour)
		if n := len(got()) - before; n != 0 {
			h.t.Errorf("%d more posts although everything is given up", n)
		}
	})
}

func TestAnEndInTheMiddleOfAPostRepeatsItUnderTheSameId(t *testing.T) {
	inHouse(t, pager, func(h *house) {
		var silent atomic.Bool
		silent.Store(true)
		got := h.hook(func(told) int {
			if silent.Load() {
				return 0
			}
			return 200
		})
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Help"})
		h.passes(3 * time.Second)
		began := time.Now()
		h.end()
		if took := time.Since(began); took > 10*time.Second {
			h.t.Errorf("the end took %s, want at most 10s", took)
		}
		silent.Store(false)
		h.start()
		h.passes(10 * time.Minute)
		all := got()
		if len(all) < 4 || all[0].ID != all[1].ID || all[0].raw != all[1].raw {
			h.t.Fatalf("told %+v, want the event that was cut off once more, the same to the letter", all)
		}
		if w := whats(all[1:], "1001"); len(w) != 3 {
			h.t.Errorf("after the restart it heard %q, want each event once", w)
		}
	})
}

func TestWhatIsOnlyObservedIsToldToNobody(t *testing.T) {
	inHouse(t, pager, func(h *house) {
		got := h.hook(nil)
		h.start(observing)
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Help"})
		h.passes(time.Hour)
		h.end()
		h.start()
		h.passes(time.Hour)
		for _, p := range got() {
			if w := p.Data.What; w == "opened" || strings.HasPrefix(w, "judged") {
				h.t.Errorf("told %q, which was only observed", w)
			}
		}
	})
}

func TestTheFirstSuccessWakesWhatWasPutOff(t *testing.T) {
	inHouse(t, pager, func(h *house) {
		var failing atomic.Bool
		failing.Store(true)
		got := h.hook(func(told) int {
			if failing.Load() {
				return 500
			}
			return 200
		})
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "First"})
		h.passes(5 * time.Hour) // the pauses are of hours by now
		failing.Store(false)
		if n := strings.Count(h.logs.String(), "ALERT connector pager"); n != 1 {
			h.t.Errorf("%d alarms, want 1", n)
		}
		before := len(got())
		h.arrives("support", mail{From: "erik@other.example", Subject: "Second"})
		h.passes(10 * time.Second)
		if w := whats(got()[before:], "1001"); len(w) < 3 || w[0] != "opened" {
			h.t.Errorf("after the first success it heard %q of the thread that was put off, want all of it", w)
		}
	})
}

func TestAPostInTheAirLandsBeforeTheEnd(t *testing.T) {
	inHouse(t, pager, func(h *house) {
		got := h.hook(func(told) int {
			time.Sleep(4 * time.Second)
			return 200
		})
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Help"})
		h.passes(3 * time.Second)
		h.end()
		h.start()
		h.passes(10 * time.Minute)
		ids := map[string]int{}
		for _, p := range got() {
			ids[p.ID]++
		}
		for id, n := range ids {
			if n != 1 {
				h.t.Errorf("event %s was told %d times across an orderly end, want once", id, n)
			}
		}
		if len(ids) < 3 {
			h.t.Errorf("%d events were told, want at least 3", len(ids))
		}
	})
}
