package llm

import (
	"fmt"

	"triaged/config"
)

// Spent is what today's calls took so far, those under way included at their most: 1 + llm.retries calls.
type Spent struct {
	Calls, Tokens int // all of them
	SenderCalls   int // for mail of this sender, as ingest.Normalised has it
	MailboxCalls  int // for mail to this mailbox
}

// Allow says whether one more mail may be put to the model, and why not. It counts at worst, so that no
// budget is ever exceeded: a mail may take 1 + llm.retries calls of need tokens each (see Need).
func Allow(s Spent, need int, cfg config.LLM) (ok bool, why string) {
	calls := 1
	if cfg.Retries != nil {
		calls += *cfg.Retries
	}
	for _, b := range []struct {
		name             string
		spent, more, cap int
	}{
		{"daily_calls", s.Calls, calls, cfg.DailyCalls},
		{"daily_tokens", s.Tokens, calls * need, cfg.DailyTokens},
		{"sender_daily_calls", s.SenderCalls, calls, cfg.SenderDailyCalls},
		{"mailbox_daily_calls", s.MailboxCalls, calls, cfg.MailboxDailyCalls},
	} {
		if b.more > b.cap-b.spent {
			return false, fmt.Sprintf("the budget llm.%s is used up: %d of %d spent, the next mail may take %d", b.name, b.spent, b.cap, b.more)
		}
	}
	return true, "within the budgets of the day"
}
