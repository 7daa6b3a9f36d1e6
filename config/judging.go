package config

// Rule is one line of judgement. Of all the rules that match, the most severe sets the severity.
type Rule struct {
	// Name is what stands in every reason that the rule gives.
	Name string `yaml:"name" is:"required"`
	// When is an expression such as `subject contains "down" and customer.tier == "gold"`. It sees subject,
	// text, from, from_domain, to, mailbox, headers, attachments, lang, customer, thread, impact and now.
	When string `yaml:"when" is:"required expression"`
	// Severity is what a match makes of it.
	Severity string `yaml:"severity" is:"SEV-1|SEV-2|SEV-3|SEV-4"`
	// Type is the kind of trouble that a match names.
	Type string `yaml:"type" is:"technical|service|business|security|compliance"`
	// Team is who a match routes to: the team of some agent.
	Team string `yaml:"team"`

	// At is where the first character of the expression stands, behind an opening quote and on the first
	// line of a block, for errors found when it is compiled. Not part of the file.
	At Position `yaml:"-"`
}

// LLM is the optional model; it is on when base_url and model are set. It may raise a severity, never
// lower one, and nothing waits for it.
type LLM struct {
	// BaseURL is an endpoint that speaks the OpenAI API, such as http://127.0.0.1:11434/v1.
	BaseURL string `yaml:"base_url" is:"url"`
	// Model is the name of the model there.
	Model string `yaml:"model"`
	// APIKeyFile is a file that holds the key and nothing else.
	APIKeyFile string `yaml:"api_key_file" is:"path"`
	// Timeout is how long one call may take. Default `20s`.
	Timeout Duration `yaml:"timeout"`
	// DailyCalls is the most calls a day. Default `1000`.
	DailyCalls int `yaml:"daily_calls" is:"1..100000000"`
	// Mailboxes are the names of those it is used for. Default: all.
	Mailboxes []string `yaml:"mailboxes"`
}
