package daemon

import (
	"errors"
	"time"

	"triaged/classify/llm"
	"triaged/outbound"
)

// downAfter is how many questions in a row, all failed by the endpoint, make an outage.
const downAfter = 3

// health is how asking the model goes.
type health struct {
	failures int // questions in a row that the endpoint failed
	rest     time.Time
	why      string // the last fault of the endpoint; empty after an answer
	answered time.Time
}

// ModelState is the health of the model and what it has taken today.
type ModelState struct {
	Model       string    `json:"model"`
	Down        string    `json:"down,omitempty"`        // why nothing is asked of it
	OverBudget  string    `json:"over_budget,omitempty"` // likewise
	LastError   string    `json:"last_error,omitempty"`  // since the last answer
	LastAnswer  time.Time `json:"last_answer"`
	Calls       int       `json:"calls_today"`
	DailyCalls  int       `json:"daily_calls"`
	Tokens      int       `json:"tokens_today"`
	DailyTokens int       `json:"daily_tokens"`
	Waiting     int       `json:"waiting"` // mails that wait for an opinion
}

// Between two tries of a model that is down.
const (
	restFirst = time.Minute
	restMost  = 15 * time.Minute
)

// answered: the endpoint works, whatever it said.
func (o *opinions) answered() {
	o.mu.Lock()
	again := o.health.failures >= downAfter
	o.health = health{answered: time.Now()}
	o.mu.Unlock()
	if again {
		o.log.Info("the model answers again", "model", o.cfg.Model)
	}
}

// troubled counts a question that the endpoint has failed. why is what is wrong with it, also where the client has only found it to be
// resting; rest is how long nothing is asked, 0 until it is an outage: after a fault that does not pass by itself, or some in a row.
func (o *opinions) troubled(f *llm.Error, now time.Time) (why string, rest time.Duration) {
	o.mu.Lock()
	defer o.mu.Unlock()
	h := &o.health
	h.failures++
	if f.Fault != llm.Paused || h.why == "" {
		h.why = f.Error()
	}
	if f.Fault == llm.Paused || f.Fault == llm.NotReady || !f.Temporary() {
		h.failures = max(h.failures, downAfter)
	}
	if h.failures < downAfter {
		return h.why, 0
	}
	rest = max(f.RetryAfter, outbound.Backoff(h.failures-downAfter+1, restFirst, restMost, 0.5))
	h.rest = now.Add(rest)
	return h.why, rest
}

// resting says why nothing is asked for a while, and until when; empty where the model can be asked.
func (o *opinions) resting(now time.Time) (why string, until time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if !now.Before(o.health.rest) {
		return "", time.Time{}
	}
	return o.health.why, o.health.rest
}

// state is for whoever asks the running daemon; nil while the model is off.
func (o *opinions) state(now time.Time) (*ModelState, error) {
	if o.client == nil {
		return nil, nil
	}
	s := &ModelState{Model: o.cfg.Model, DailyCalls: o.cfg.DailyCalls, DailyTokens: o.cfg.DailyTokens}
	no, err1 := o.obstacle(now)
	var err2, err3 error
	s.Calls, s.Tokens, err2 = o.store.SpentOn(o.doors().day(now))
	s.Waiting, err3 = o.store.ToJudge()
	o.mu.Lock()
	defer o.mu.Unlock()
	s.LastError, s.LastAnswer = o.health.why, o.health.answered
	if o.health.failures >= downAfter {
		s.Down = o.health.why
	}
	if no != nil && no.budget {
		s.OverBudget = no.why
	}
	return s, errors.Join(err1, err2, err3)
}
