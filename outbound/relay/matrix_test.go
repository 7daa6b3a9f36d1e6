package relay_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"triaged/outbound/relay"
	"triaged/outbound/relay/sink"
)

// judged is what an error says of the next step.
type judged struct{ temporary, unknown, account bool }

func judgement(e *relay.Error) judged { return judged{e.Temporary, e.Unknown, e.Account} }

var (
	retry     = judged{temporary: true}
	refused   = judged{}
	serverOff = judged{temporary: true, account: true}
	unknown   = judged{temporary: true, unknown: true}
)

// Each reply at each stage. A refused mail leaves the link fit for the next one; 421 does not.
func TestEachRefusalIsJudged(t *testing.T) {
	t.Parallel()
	anywhere := map[int]judged{
		421: serverOff, 432: serverOff, 450: retry, 451: retry, 452: retry, 454: retry,
		503: retry, 530: serverOff, 535: serverOff, 550: refused, 552: refused, 554: refused,
	}
	for _, stage := range []sink.Stage{sink.MailFrom, sink.Rcpt, sink.Data, sink.Dot} {
		for code, want := range anywhere {
			t.Run(fmt.Sprintf("%s %d", stage, code), func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					r := start(t, sink.Options{})
					enhanced := fmt.Sprintf("%d.9.9", code/100)
					r.sink.Follow(sink.Times(1, sink.Refuse(stage, code, enhanced, "because")))
					c := r.connect()
					e := fault(t, c.Send(t.Context(), from, to, []byte(note)))
					if got := judgement(e); got != want || e.Op != string(stage) || e.Code != code || e.Enhanced != enhanced || !strings.HasPrefix(e.Text, "because") {
						t.Errorf("%d at %s: got %+v (%v), want %+v", code, stage, got, e, want)
					}
					r.took()
					if err := c.Send(t.Context(), from, to, []byte(note)); err != nil {
						t.Fatalf("the next mail: %v", err)
					}
					r.took(note)
					links, _, _ := r.sink.Connections()
					if fresh := code == 421 || code == 503; fresh != (links == 2) {
						t.Errorf("%d links after %d at %s", links, code, stage)
					}
				})
			})
		}
	}
}

// What goes wrong before MAIL is never a mail's fault, permanent as it may sound.
func TestTroubleAtConnectIsTheAccounts(t *testing.T) {
	t.Parallel()
	for _, stage := range []sink.Stage{sink.Greeting, sink.Ehlo, sink.Auth} {
		for _, code := range []int{421, 432, 450, 451, 452, 454, 535, 550, 552, 554} {
			t.Run(fmt.Sprintf("%s %d", stage, code), func(t *testing.T) {
				bubble(t, func(t *testing.T) {
					r := start(t, sink.Options{Username: "u", Password: "p"})
					r.cfg.Username, r.cfg.Password = "u", "p"
					r.sink.Follow(sink.Refuse(stage, code, "", "not you"))
					_, err := relay.New(r.cfg, r.o).Connect(t.Context())
					e := fault(t, err)
					if got := judgement(e); got != serverOff || e.Op != string(stage) || e.Code != code {
						t.Errorf("%d at %s: got %+v (%v), want %+v", code, stage, got, e, serverOff)
					}
				})
			})
		}
	}
}

// Limits that providers announce with a permanent code are the account's, not the mail's.
func TestQuotasDoNotFailAMail(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		stage          sink.Stage
		code           int
		enhanced, text string
		want           judged
	}{
		"Exchange, too many connections":  {sink.Dot, 432, "4.3.2", "STOREDRV.ClientSubmit; sender thread limit exceeded", serverOff},
		"Exchange, quota":                 {sink.Dot, 554, "5.2.0", "STOREDRV.Submission.Exception:SubmissionQuotaExceededException", serverOff},
		"Exchange, another 5.2.0":         {sink.Dot, 554, "5.2.0", "STOREDRV.Submission.Exception:SendAsDeniedException", refused},
		"Gmail, daily limit":              {sink.MailFrom, 550, "5.4.5", "Daily user sending limit exceeded", serverOff},
		"not logged in, by go-smtp":       {sink.MailFrom, 502, "5.7.0", "Please authenticate first", serverOff},
		"STARTTLS first":                  {sink.MailFrom, 530, "5.7.0", "Must issue a STARTTLS command first", serverOff},
		"a recipient that does not exist": {sink.Rcpt, 550, "5.1.1", "no such user", refused},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := start(t, sink.Options{})
				r.sink.Follow(sink.Refuse(c.stage, c.code, c.enhanced, c.text))
				e := fault(t, r.connect().Send(t.Context(), from, to, []byte(note)))
				if got := judgement(e); got != c.want {
					t.Errorf("%v: got %+v, want %+v", e, got, c.want)
				}
			})
		})
	}
}

// A link that breaks: before the final dot is out the mail is safe to send again, after it nobody knows.
func TestBrokenLinksAreJudgedByTheDot(t *testing.T) {
	t.Parallel()
	cut, silent := sink.Answer{Cut: true}, sink.Answer{Silent: true}
	for name, c := range map[string]struct {
		stage  sink.Stage
		answer sink.Answer
		raw    string
		op     string
		want   judged
		after  time.Duration
	}{
		"cut at MAIL":                     {sink.MailFrom, cut, note, "mail", retry, 0},
		"cut at RCPT":                     {sink.Rcpt, cut, note, "rcpt", retry, 0},
		"cut at DATA":                     {sink.Data, cut, note, "data", retry, 0},
		"cut in the body":                 {sink.Body, cut, string(bulk(512)), "data", retry, 0},
		"silent at MAIL":                  {sink.MailFrom, silent, note, "mail", retry, 5 * time.Minute},
		"silent at RCPT":                  {sink.Rcpt, silent, note, "rcpt", retry, 5 * time.Minute},
		"silent at DATA":                  {sink.Data, silent, note, "data", retry, 2 * time.Minute},
		"stops reading the body":          {sink.Body, silent, string(bulk(512)), "data", retry, 3 * time.Minute},
		"cut after the dot, not taken":    {sink.Dot, cut, note, "dot", unknown, 0},
		"cut after the dot, taken":        {sink.Dot, sink.Answer{Cut: true, Taken: true}, note, "dot", unknown, 0},
		"silent after the dot, taken":     {sink.Dot, sink.Answer{Silent: true, Taken: true}, note, "dot", unknown, 10 * time.Minute},
		"silent after a large mail's dot": {sink.Dot, silent, string(bulk(512)), "dot", unknown, 10 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := start(t, sink.Options{})
				r.sink.Follow(sink.Times(1, sink.At(c.stage, c.answer)))
				conn := r.connect()
				within(t, c.after, c.after+5*time.Second, func() {
					e := fault(t, conn.Send(t.Context(), from, to, []byte(c.raw)))
					if got := judgement(e); got != c.want || e.Op != c.op || e.Code != 0 {
						t.Errorf("got %+v (%v), want %+v at %s", got, e, c.want, c.op)
					}
				})
				taken := len(r.sink.Mails())
				if c.answer.Taken != (taken == 1) {
					t.Errorf("the server took %d", taken)
				}
				if err := conn.Send(t.Context(), from, to, []byte(note)); err != nil {
					t.Errorf("the next mail: %v", err)
				}
			})
		})
	}
}

// A server at the end of its day: RFC 5321 gives the final dot ten minutes.
func TestWaitsForALateAnswerToTheDot(t *testing.T) {
	bubble(t, func(t *testing.T) {
		r := start(t, sink.Options{})
		r.sink.Follow(sink.At(sink.Dot, sink.Answer{Delay: 9*time.Minute + 30*time.Second}))
		if err := r.connect().Send(t.Context(), from, to, []byte(note)); err != nil {
			t.Errorf("250 after 9m30s: got %v, want nil", err)
		}
		r.took(note)
	})
}

func TestGreylistingPassesWithTime(t *testing.T) {
	t.Parallel()
	for _, wait := range []time.Duration{5 * time.Minute, 15 * time.Minute, time.Hour, 5 * time.Hour} {
		t.Run(wait.String(), func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				r := start(t, sink.Options{})
				r.sink.Follow(sink.Greylist(wait))
				c := r.connect()
				if e := fault(t, c.Send(t.Context(), from, to, []byte(note))); judgement(e) != retry || e.Code != 451 {
					t.Errorf("first attempt: %v", e)
				}
				time.Sleep(wait)
				if err := c.Send(t.Context(), from, to, []byte(note)); err != nil {
					t.Errorf("after %s: %v", wait, err)
				}
			})
		})
	}
}
