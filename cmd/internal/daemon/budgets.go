package daemon

import (
	"time"

	"triaged/classify/llm"
	"triaged/store"
)

// stake is what a question may take at most; it is counted before the call, so that budgets hold whatever happens.
type stake struct {
	store.Account
	calls, tokens int
}

// less is what is left of it after a question took so much.
func (r stake) less(calls, tokens int) stake {
	r.calls -= calls
	r.tokens -= tokens
	return r
}

// day is the day that budgets are counted on.
func (d *doors) day(now time.Time) string { return now.In(d.policy.Location).Format(time.DateOnly) }

// midnight is when the next day's budgets begin.
func (d *doors) midnight(now time.Time) time.Time {
	y, m, day := now.In(d.policy.Location).Date()
	return time.Date(y, m, day+1, 0, 0, 0, 0, d.policy.Location)
}

// afford counts a question to the model before it is asked, or puts it off where a budget is used up. What waited from the day before
// may take half of the day's calls, so that the mail of the day is not left without.
func (d *doors) afford(tx *store.Tx, m matter, r stake, need int, now time.Time) (bool, error) {
	spent, err := tx.Spent(r.Account)
	if err != nil {
		return false, err
	}
	cfg := d.cfg.LLM
	if d.day(m.At) != r.Day {
		cfg.DailyCalls = (cfg.DailyCalls + 1) / 2
	}
	if ok, why := llm.Allow(llm.Spent(spent), need, cfg); !ok {
		until := d.midnight(now)
		if err := d.putOff(tx, m, why, until, now); err != nil {
			return false, err
		}
		if spent.SenderCalls+r.calls > cfg.SenderDailyCalls || d.day(m.At) != r.Day {
			return false, nil // one sender's flood, or yesterday's mail, is on its threads
		}
		return false, d.overBudget(tx, why, until, now)
	}
	return true, tx.Spend(r.Account, r.calls, r.tokens)
}

// overBudget raises the alarm of a day on which a budget is used up.
func (d *doors) overBudget(tx *store.Tx, why string, until, now time.Time) error {
	if first, err := tx.FirstOn(d.day(now), "alert of a budget of llm"); err != nil || !first {
		return err
	}
	return d.alerts.raise(tx, alarm{
		Key: "llm budget", What: "a budget of the model is used up: the rules judge alone", At: now,
		Why: why + "; it begins anew at " + until.Format(time.RFC3339) + "; triaged check --running tells what was used",
	})
}

// modelDown raises the alarm of a day on which the model cannot be asked.
func (d *doors) modelDown(tx *store.Tx, why string, now time.Time) error {
	if first, err := tx.FirstOn(d.day(now), "alert of an outage of llm"); err != nil || !first {
		return err
	}
	return d.alerts.raise(tx, alarm{
		Key: "llm down", What: "the model cannot be asked: the rules judge alone", At: now,
		Why: why + "; mail is answered as always, triaged check --connect tells more",
	})
}
