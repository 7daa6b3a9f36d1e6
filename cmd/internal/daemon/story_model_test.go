package daemon

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"triaged/classify"
	"triaged/classify/llm/fake"
	"triaged/store"
)

const llmYAML = "llm: {base_url: \"http://llm.example/v1\", model: small-1%s}\n"

// modelled is the configuration of a house with a model.
func modelled(more string) string { return fmt.Sprintf(llmYAML, more) }

// model serves a scripted model in the house's network.
func (h *house) model(script func(n int, q fake.Question) fake.Reply) *fake.Model {
	m := fake.New(script)
	l := h.listen("llm.example:80")
	srv := &http.Server{Handler: m}
	served := make(chan struct{})
	go func() { _ = srv.Serve(l); close(served) }()
	h.close = append(h.close, func() { _ = srv.Close(); <-served })
	return m
}

// says is an answer of the model, in the form that was asked for.
func says(severity classify.Severity, kind, summary string) string {
	return fmt.Sprintf(`{"severity":%q,"type":%q,"language":"en","summary":%q,"answers":{},"confidence":0.9}`, severity.String(), kind, summary)
}

// always answers every question alike, after a while.
func always(r fake.Reply, after time.Duration) func(int, fake.Question) fake.Reply {
	return func(int, fake.Question) fake.Reply {
		return func(w http.ResponseWriter, q *http.Request) {
			t := time.NewTimer(after)
			defer t.Stop()
			select {
			case <-t.C:
				r(w, q)
			case <-q.Context().Done():
			}
		}
	}
}

// quiet is a mail in which the rules see nothing bad.
func quiet(n int) mail {
	return mail{
		From: fmt.Sprintf("dana%d@customer%d.example", n, n), ID: fmt.Sprintf("<q%d@customer.example>", n), Subject: "The pump",
		Body: "There is water on the floor of hall three by now.\n",
	}
}

// spent is what today's calls took, as the store has it.
func (h *house) spent() int {
	h.t.Helper()
	calls, _, err := h.daemon.store.SpentOn(h.daemon.doors.Load().day(time.Now()))
	if err != nil {
		h.t.Fatal(err)
	}
	return calls
}

// opinions are those kept of a thread.
func (h *house) opinions(thread int64) []store.Opinion {
	h.t.Helper()
	all, err := h.daemon.store.Reader().Opinions(h.t.Context(), thread)
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

// times counts the lines of a log that hold a text.
func times(log, text string) (n int) {
	for line := range strings.Lines(log) {
		if strings.Contains(line, text) {
			n++
		}
	}
	return n
}

func TestTheModelRaisesAThreadAfterItsAcknowledgement(t *testing.T) {
	inHouse(t, modelled(""), func(h *house) {
		h.model(always(fake.Says(says(1, "service", "Hall three is being flooded.")), 12*time.Second))
		h.start()
		h.arrives("support", quiet(1))
		h.passes(time.Second)
		h.wantAcks("dana1@customer1.example")
		if th := h.threads()[0]; th.Severity != classify.SEV3 {
			h.t.Fatalf("the rules say %v, want SEV-3 before the model has spoken", th.Severity)
		}
		notices := len(h.inside())
		h.passes(time.Minute)
		h.wantAcks("dana1@customer1.example")
		th := h.threads()[0]
		if th.Severity != classify.SEV1 || th.Type != classify.Service || th.RaisedAt.IsZero() {
			h.t.Errorf("the thread is %v %s, raised at %v; want SEV-1 service", th.Severity, th.Type, th.RaisedAt)
		}
		last := th.Verdict.Reasons[len(th.Verdict.Reasons)-1]
		if th.Verdict.Severity != classify.SEV1 || last.Rule != "model small-1" {
			h.t.Errorf("the verdict is %v with %+v, want SEV-1 with the model's reason", th.Verdict.Severity, last)
		}
		for _, want := range []string{"model small-1 | judged by the model | severity SEV-1, raised from SEV-3", "model small-1 | raised to SEV-1 | it was SEV-3"} {
			if !strings.Contains(h.events(th.ID), want) {
				h.t.Errorf("the log lacks %q:\n%s", want, h.events(th.ID))
			}
		}
		inside := h.inside()
		if len(inside) != notices+1 {
			h.t.Fatalf("%d mails to the desk, want the customer's and one more", len(inside))
		}
		raw := string(inside[notices].Raw)
		for _, want := range []string{"Raised to SEV-1 by the model", "Your reply stays an internal note.", "Hall three is being flooded."} {
			if !strings.Contains(raw, want) {
				h.t.Errorf("the notice lacks %q:\n%s", want, raw)
			}
		}
		for _, o := range h.obligations(th.ID) {
			if o.Kind == store.Respond && !o.Due.Equal(th.RaisedAt.Add(15*time.Minute)) {
				h.t.Errorf("an answer is due at %v, want 15 minutes after the raise at %v", o.Due, th.RaisedAt)
			}
		}
		if o := h.opinions(th.ID); len(o) != 1 || o[0].Model != "small-1" || o[0].Prompt == "" || o[0].Tokens != 800 || o[0].Calls != 1 || h.spent() != 1 {
			h.t.Errorf("kept of it is %+v and %d calls, want one opinion of one call", o, h.spent())
		}
	})
}

func (h *house) obligations(thread int64) []store.Obligation {
	h.t.Helper()
	all, err := h.daemon.store.Reader().Obligations(h.t.Context(), thread)
	if err != nil {
		h.t.Fatal(err)
	}
	return all
}

func TestALyingModelLowersNothing(t *testing.T) {
	inHouse(t, modelled(""), func(h *house) {
		m := h.model(always(fake.Says(says(4, "business", "Nothing happened.")), 0))
		h.start()
		h.arrives("support", mail{From: "dana@customer.example", Subject: "Export", Body: "Since this morning the export does nothing, for the whole team.\n"})
		h.passes(time.Minute)
		h.arrives("support", mail{From: "kim@customer.example", Subject: "Help", Body: "Production is down for everybody.\n"})
		h.passes(time.Minute)
		h.wantAcks("dana@customer.example", "kim@customer.example")
		for _, th := range h.threads() {
			if want := map[string]classify.Severity{"dana@customer.example": classify.SEV2, "kim@customer.example": classify.SEV1}[th.Customer.Address]; th.Severity != want {
				h.t.Errorf("%s is %v, want %v as the rules say\n%s", th.Customer.Address, th.Severity, want, h.events(th.ID))
			}
		}
		if n := len(m.Asked()); n != 1 {
			h.t.Errorf("the model was asked %d times, want once: nothing raises a SEV-1", n)
		}
	})
}

func TestWhatAPersonDecidedStandsAgainstTheModel(t *testing.T) {
	inHouse(t, modelled(""), func(h *house) {
		h.model(always(fake.Says(says(1, "security", "All is lost.")), 10*time.Minute))
		h.yaml = strings.Replace(h.yaml, "model: small-1", "model: small-1, timeout: 1h", 1)
		h.start()
		h.arrives("support", quiet(1))
		h.passes(time.Minute)
		err := h.daemon.store.Change(h.t.Context(), func(tx *store.Tx) error {
			th, err := tx.Thread(1001)
			if err != nil {
				return err
			}
			d := h.daemon.doors.Load()
			for _, happens := range []store.Happening{
				{Trigger: store.SeveritySet, Severity: classify.SEV4, At: time.Now(), Who: "alice@desk.example"},
				{Trigger: store.TypeSet, Type: classify.Business, At: time.Now(), Who: "alice@desk.example"},
			} {
				if err := d.happens(tx, &th, happens); err != nil {
					return err
				}
			}
			_, err = d.settleThread(tx, th, time.Now())
			return err
		})
		if err != nil {
			h.t.Fatal(err)
		}
		mails := len(h.smtp.Mails())
		h.passes(time.Hour)
		th := h.threads()[0]
		if th.Severity != classify.SEV4 || th.Type != classify.Business {
			h.t.Errorf("the thread is %v %s, want what alice said", th.Severity, th.Type)
		}
		if log := h.events(th.ID); !strings.Contains(log, "hint: the model says SEV-1 | alice@desk.example set SEV-4, and that stands") {
			h.t.Errorf("the log has no hint:\n%s", log)
		}
		if n := len(h.smtp.Mails()); n != mails {
			h.t.Errorf("%d mails were sent because of a hint", n-mails)
		}
	})
}

func TestAModelThatFailsCostsAnEventAndNoMail(t *testing.T) {
	for name, c := range map[string]struct {
		reply   fake.Reply
		says    string
		settled bool // at once, since asking again would not help
	}{
		"hangs":            {fake.Hangs(), "timed out", false},
		"500":              {fake.Fails(500, "", ""), "broken (500)", false},
		"429":              {fake.Busy("30"), "busy (429)", false},
		"no such model":    {fake.Fails(404, "model_not_found", ""), "not found (404)", false},
		"garbage":          {fake.Says("I think it is bad."), "malformed", true},
		"refuses":          {fake.Refuses("no"), "declined", true},
		"an unknown label": {fake.Says(says(9, "technical", "?")), "not on the list", true},
		"HTML":             {fake.Status(200, "text/html", "<html>welcome</html>"), "not the API", false},
	} {
		t.Run(name, func(t *testing.T) {
			inHouse(t, modelled(""), func(h *house) {
				h.model(always(c.reply, 0))
				h.start()
				h.arrives("support", quiet(1))
				h.passes(10 * time.Minute)
				h.wantAcks("dana1@customer1.example")
				if n := len(h.inside()); n != 1 {
					h.t.Errorf("%d mails to the desk, want the customer's alone", n)
				}
				th := h.threads()[0]
				if log := h.events(th.ID); times(log, unclassified) != 1 || !strings.Contains(log, c.says) || th.Severity != classify.SEV3 {
					h.t.Errorf("%v, and the log:\n%s\nwant SEV-3 and one event that says %q", th.Severity, log, c.says)
				}
				n, err := h.daemon.store.ToJudge()
				if err != nil || (n == 0) != c.settled {
					h.t.Errorf("%d questions wait (%v), want it settled: %v", n, err, c.settled)
				}
				h.passes(30 * time.Hour)
				if n, _ := h.daemon.store.ToJudge(); n != 0 {
					h.t.Errorf("%d questions wait after a day, want them given up", n)
				}
				if log := h.events(th.ID); !c.settled && times(log, gaveUp) != 1 || times(log, unclassified) != 1 {
					h.t.Errorf("the log after a day:\n%s\nwant each thing said once", log)
				}
				if used := h.spent(); used > 0 {
					h.t.Errorf("%d calls on the next day, want none: it was given up", used)
				}
			})
		})
	}
}

func TestAModelThatComesBackIsAskedAgain(t *testing.T) {
	long(t)
	inHouse(t, modelled("")+"alerts: {webhook: \"http://hooks.example/x\"}\n", func(h *house) {
		alerts := h.webhook("hooks.example:80")
		h.model(always(fake.Says(says(2, "technical", "The hall is flooded.")), 0))
		h.net.Refuse("llm.example:80", true)
		h.start()
		for n := range 30 {
			h.arrives("support", quiet(n))
			h.passes(time.Minute)
		}
		h.passes(3 * time.Hour)
		if said := alerts(); len(said) != 1 || !strings.Contains(said[0], "the model cannot be asked") || !strings.Contains(said[0], "unreachable") {
			h.t.Errorf("alerts %q, want one about the outage", said)
		}
		state, err := h.daemon.opinions.state(time.Now())
		if err != nil || state.Down == "" || state.Waiting != 30 {
			h.t.Errorf("the model's state is %+v (%v), want it down and 30 waiting", state, err)
		}
		if dials := h.net.Dials("llm.example:80"); dials > 100 {
			h.t.Errorf("a model that is down was dialed %d times in three hours", dials)
		}
		h.net.Refuse("llm.example:80", false)
		h.passes(2 * time.Hour)
		for _, th := range h.threads() {
			if log := h.events(th.ID); th.Severity != classify.SEV2 || times(log, unclassified) != 1 {
				h.t.Errorf("%s is %v, want SEV-2 once the model is back, and one event about the outage:\n%s", th.Ref(), th.Severity, log)
			}
		}
		if state, err = h.daemon.opinions.state(time.Now()); err != nil || state.Down != "" || state.Waiting != 0 {
			h.t.Errorf("the model's state is %+v (%v), want it well", state, err)
		}
	})
}

func TestARestartResumesWhatTheModelWasNotAsked(t *testing.T) {
	inHouse(t, modelled(""), func(h *house) {
		m := h.model(always(fake.Says(says(2, "technical", "The hall is flooded.")), 15*time.Second))
		h.start()
		for n := range 5 {
			h.arrives("support", quiet(n))
		}
		h.passes(5 * time.Second)
		h.end() // two calls are under way
		asked := len(m.Asked())
		h.start()
		h.passes(5 * time.Minute)
		for _, th := range h.threads() {
			if log := h.events(th.ID); th.Severity != classify.SEV2 || strings.Contains(log, unclassified) || times(log, "| judged by the model |") != 1 {
				h.t.Errorf("%s is %v, want SEV-2 and no trace of the restart:\n%s", th.Ref(), th.Severity, log)
			}
		}
		if n := len(m.Asked()); asked != 2 || n != 7 {
			h.t.Errorf("asked %d times before the end and %d in all, want 2 and 7", asked, n)
		}
		if used := h.spent(); used != 7 {
			h.t.Errorf("%d calls are counted, want the 7 that were made", used)
		}
	})
}

func TestWithoutAModelNothingIsAskedAndNothingIsSaid(t *testing.T) {
	inHouse(t, "", func(h *house) {
		m := h.model(always(fake.Says(says(1, "technical", "x")), 0))
		h.start()
		h.arrives("support", quiet(1))
		h.passes(time.Hour)
		if log := h.events(1001); len(m.Asked()) != 0 || strings.Contains(log, "model") {
			h.t.Errorf("asked %d times:\n%s", len(m.Asked()), log)
		}
	})
}

func TestAModelThatIsSwitchedOffLeavesWhatWaitsToTheRules(t *testing.T) {
	inHouse(t, modelled(""), func(h *house) {
		h.start() // nobody serves the model
		h.arrives("support", quiet(1))
		h.passes(time.Minute)
		h.end()
		h.yaml = strings.Replace(h.yaml, modelled(""), "", 1)
		h.start()
		if n, err := h.daemon.store.ToJudge(); n != 0 || err != nil {
			h.t.Errorf("%d questions wait (%v), want none", n, err)
		}
		if log := h.events(1001); times(log, gaveUp+" | the model is off") != 1 {
			h.t.Errorf("the log does not say so:\n%s", log)
		}
	})
}

func TestMailThatDeceivesIsNotShownToTheModelAndItsThreadSaysSo(t *testing.T) {
	inHouse(t, modelled(", mailboxes: [support]")+"", func(h *house) {
		m := h.model(always(fake.Says(says(1, "technical", "x")), 0))
		h.start()
		h.arrives("support", mail{From: "dana@customer.example, kim@customer.example", Subject: "Two of us", Body: "We cannot print.\n"})
		h.passes(time.Minute)
		if log := h.events(1001); len(m.Asked()) != 0 || !strings.Contains(log, unclassified+" | a sign of deceit") {
			h.t.Errorf("asked %d times:\n%s", len(m.Asked()), log)
		}
	})
}

// A reply is judged too, on its own words.
func TestAReplyThatIsWorseIsRaisedByTheModel(t *testing.T) {
	inHouse(t, modelled(""), func(h *house) {
		m := h.model(func(n int, _ fake.Question) fake.Reply {
			if n == 0 {
				return fake.Says(says(3, "technical", "A hall is flooded."))
			}
			return fake.Says(says(2, "technical", "All halls are flooded."))
		})
		h.start()
		h.arrives("support", quiet(1))
		h.passes(time.Minute)
		h.arrives("support", mail{From: quiet(1).From, Subject: "Re: The pump", Header: "In-Reply-To: " + h.sent(0).MessageID + "\n", Body: "Hall four now as well.\n"})
		h.passes(time.Minute)
		synctest.Wait()
		if th := h.threads()[0]; th.Severity != classify.SEV2 || len(h.opinions(th.ID)) != 2 {
			h.t.Errorf("the thread is %v with %d opinions, want SEV-2 and two:\n%s", th.Severity, len(h.opinions(th.ID)), h.events(th.ID))
		}
		if q := m.Asked(); len(q) != 2 || strings.Contains(q[1].User, "The pump") {
			h.t.Errorf("the second question repeats the subject of the first: %q", q[len(q)-1].User)
		}
		h.wantAcks("dana1@customer1.example")
	})
}
