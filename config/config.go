package config

// Config is the whole of the configuration file.
type Config struct {
	// StateDir is the folder that holds the database, its lock and the control socket. It is made on the
	// first start, readable by nobody else.
	StateDir string `yaml:"state_dir" is:"required path"`
	// Company is the name that mails are signed with. Default: the domain of the first mailbox.
	Company string `yaml:"company"`
	// Timezone is the IANA zone in which calendars are read and times are told, such as Europe/Berlin.
	// Default `UTC`.
	Timezone Zone `yaml:"timezone"`

	// Mailboxes are the accounts that are watched, at least one. A mail that names several of them is
	// answered by the first in this list.
	Mailboxes []Mailbox `yaml:"mailboxes" is:"required"`
	// Agents are the people who answer customers.
	Agents []Agent `yaml:"agents"`
	// Managers are those who get the daily digest and hear of an escalation last.
	Managers []Manager `yaml:"managers"`
	// Stakeholders are the groups that a policy can keep informed.
	Stakeholders Stakeholders `yaml:"stakeholders"`
	// Customers is what is known of customers beforehand; everybody else is served as well.
	Customers []Customer `yaml:"customers"`
	// Forms are the addresses that web forms send from: only from these is Reply-To believed to be the
	// customer.
	Forms []string `yaml:"forms" is:"address"`
	// Policy is what each severity promises.
	Policy Policies `yaml:"policy"`
	// Calendars are opening hours by name, for policy.*.calendar. Built in: `24x7`, and `business`, Monday
	// to Friday 09:00-17:00, which a calendar of that name here replaces.
	Calendars map[string]Calendar `yaml:"calendars"`
	// Escalation is who hears of a promise that was not kept.
	Escalation Escalation `yaml:"escalation"`
	// Silence is what happens when a customer does not answer.
	Silence Silence `yaml:"silence"`
	// Assign is who gets a new thread: the whole team on duty until somebody takes it, the agents in turn,
	// or the one with the fewest open threads. Default `team`.
	Assign string `yaml:"assign" is:"team|round_robin|least_loaded"`
	// Commands is what an agent's #command must prove.
	Commands Commands `yaml:"commands"`
	// Ack is the policy of automatic answers.
	Ack Ack `yaml:"ack"`
	// Outbox is how sending is retried.
	Outbox Outbox `yaml:"outbox"`
	// Limits are what protects the daemon from a single mail, enforced before any MIME parsing.
	Limits Limits `yaml:"limits"`
	// Digest is when managers get their daily mail.
	Digest Digest `yaml:"digest"`
	// Alerts is where the daemon cries for help.
	Alerts Alerts `yaml:"alerts"`
	// Connectors are the chats and web addresses that hear of what happens on threads. They take a restart.
	Connectors []Connector `yaml:"connectors"`
	// Rules are your own lines of judgement, beside the built-in ones; one with the name of a built-in rule
	// takes its place.
	Rules []Rule `yaml:"rules"`
	// Tests are mails and what the rules must make of them; triaged check runs them.
	Tests []RuleTest `yaml:"tests"`
	// RulesFiles are further files of rules: each a list of rules, or a mapping with the keys rules and tests.
	RulesFiles []string `yaml:"rules_files" is:"path"`
	// TemplatesDir is a folder whose files replace the built-in mail texts of the same name.
	TemplatesDir string `yaml:"templates_dir" is:"path"`
	// Log is how the daemon speaks.
	Log Log `yaml:"log"`
	// LLM is an optional language model that may raise a severity.
	LLM LLM `yaml:"llm"`

	// file and places remember where each value stands, for problems found after loading.
	file   string
	places map[string]place
}

// At is where the value of a key stands, such as At("mailboxes[0].imap.host"); where the file has no
// such key it is the place of the nearest key above it. A Config that was not read from a file gives
// the zero Position.
func (c *Config) At(path string) Position { return find(c.places, path) }
