package config

import "slices"

// Rule is one line of judgement. Of all the rules that match, the most severe sets the severity.
type Rule struct {
	// Name is what stands in every reason that the rule gives.
	Name string `yaml:"name" is:"required"`
	// When is an expression such as `subject contains "down" and customer.tier == "gold"`. It sees subject,
	// text, from, from_domain, to, mailbox, headers, attachments, lang, customer, thread, impact, damage, trouble and now.
	When string `yaml:"when" is:"required expression"`
	// Severity is what a match makes of it.
	Severity string `yaml:"severity" is:"SEV-1|SEV-2|SEV-3|SEV-4"`
	// Type is the kind of trouble that a match names.
	Type string `yaml:"type" is:"technical|service|business|security|compliance"`
	// Team is who a match routes to: the team of some agent.
	Team string `yaml:"team"`
	// Damage is what a match adds to the sum of that name, how bad it is; rules may look at the sum: `damage >= 9`.
	Damage int `yaml:"damage" is:"-20..20"`
	// Trouble is what a match adds to the sum of that name, whether anything is wrong at all.
	Trouble int `yaml:"trouble" is:"-20..20"`

	// At is where the first character of the expression stands, behind an opening quote and on the first
	// line of a block, for errors found when it is compiled. Not part of the file.
	At Position `yaml:"-"`
}

// RuleTest is a mail and what the rules, yours and the built-in ones together, must make of it. What it
// does not name may be anything. Check runs every one.
type RuleTest struct {
	// Name is what a failure is told by. Default: the subject.
	Name string `yaml:"name"`
	// Subject is the subject of the mail.
	Subject string `yaml:"subject"`
	// Mail is the new text of the mail, without header, quotes and signature.
	Mail string `yaml:"mail"`
	// From is who wrote it; the customer is looked up by it.
	From string `yaml:"from"`
	// Mailbox is the name of the mailbox that it came to.
	Mailbox string `yaml:"mailbox"`
	// Lang is its language, such as de. Default: guessed.
	Lang string `yaml:"lang"`
	// Severity is what it must be.
	Severity string `yaml:"severity" is:"SEV-1|SEV-2|SEV-3|SEV-4"`
	// NotWorseThan is the most severe that it may be.
	NotWorseThan string `yaml:"not_worse_than" is:"SEV-1|SEV-2|SEV-3|SEV-4"`
	// NotBetterThan is the least severe that it may be.
	NotBetterThan string `yaml:"not_better_than" is:"SEV-1|SEV-2|SEV-3|SEV-4"`
	// Type is the kind of trouble it must be.
	Type string `yaml:"type" is:"technical|service|business|security|compliance"`
	// Team is who it must be routed to.
	Team string `yaml:"team"`
	// Reasons are rules that must be among the reasons.
	Reasons []string `yaml:"reasons"`

	// At is where the test stands. Not part of the file.
	At Position `yaml:"-"`
}

// LLM is the optional model; it is on when base_url and model are set. It may raise a severity, never
// lower one, and nothing waits for it; mail that the rules put at SEV-1 is not shown to it. Budgets count
// requests, retries included, and tokens, over a day of timezone; when one is used up the rules judge alone.
type LLM struct {
	// BaseURL is an endpoint that speaks the OpenAI API, such as http://127.0.0.1:11434/v1. For Azure it is
	// the address of the deployment with its api-version, such as
	// https://NAME.openai.azure.com/openai/deployments/NAME?api-version=2024-10-21.
	BaseURL string `yaml:"base_url" is:"url"`
	// Model is the name of the model there.
	Model string `yaml:"model"`
	// APIKeyFile is a file that holds the key and nothing else.
	APIKeyFile string `yaml:"api_key_file" is:"path"`
	// Timeout is how long one call may take. Default `20s`.
	Timeout Duration `yaml:"timeout"`
	// Retries is how often a call is repeated at once when the endpoint is busy, broken or slow.
	// Default `1`.
	Retries *int `yaml:"retries" is:"0..3"`
	// Connections is how many calls are made at a time. Default `2`.
	Connections int `yaml:"connections" is:"1..64"`
	// ReplyTokens is the most tokens an answer may have; a model that thinks first needs more.
	// Default `1000`.
	ReplyTokens int `yaml:"reply_tokens" is:"200..100000"`
	// DailyCalls is the most calls a day. Default `1000`.
	DailyCalls int `yaml:"daily_calls" is:"1..100000000"`
	// DailyTokens is the most tokens a day, of questions and answers together. Default `2000000`.
	DailyTokens int `yaml:"daily_tokens" is:"1..1000000000000"`
	// SenderDailyCalls is the most calls a day for mail of one sender. Default `20`.
	SenderDailyCalls int `yaml:"sender_daily_calls" is:"1..100000000"`
	// MailboxDailyCalls is the most calls a day for mail to one mailbox. Default: as many as daily_calls.
	MailboxDailyCalls int `yaml:"mailbox_daily_calls" is:"1..100000000"`
	// Breaker is when a broken endpoint is left alone.
	Breaker Breaker `yaml:"breaker"`
	// Mailboxes are the names of those it is used for. Default: all.
	Mailboxes []string `yaml:"mailboxes"`
}

// Breaker is when a broken endpoint is left alone: after some failures in a row nothing is asked for a
// while, then one call tries it.
type Breaker struct {
	// Failures is how many in a row, of the endpoint and not of a mail, stop the calls. Default `5`.
	Failures int `yaml:"failures" is:"1..1000"`
	// Pause is how long nothing is asked before one call tries again. Default `1m`.
	Pause Duration `yaml:"pause"`
}

// On says whether there is a model to ask.
func (l LLM) On() bool { return l.BaseURL != "" && l.Model != "" }

// Serves says whether there is one for the mail of a mailbox.
func (l LLM) Serves(mailbox string) bool {
	return l.On() && (len(l.Mailboxes) == 0 || slices.Contains(l.Mailboxes, mailbox))
}
