package config

import "time"

// Config is the whole of the configuration file.
type Config struct {
	// StateDir is the folder that holds the database, its lock and the control socket.
	StateDir string `yaml:"state_dir"`
	// Company is the name that mails are signed with. Default: the domain of the first mailbox.
	Company string `yaml:"company"`
	// Timezone is the IANA zone in which calendars are read and times are told. Default UTC.
	Timezone Zone `yaml:"timezone"`

	Mailboxes    []Mailbox           `yaml:"mailboxes"`
	Agents       []Agent             `yaml:"agents"`
	Managers     []Manager           `yaml:"managers"`
	Stakeholders Stakeholders        `yaml:"stakeholders"`
	Customers    []Customer          `yaml:"customers"`
	Forms        []string            `yaml:"forms"`
	Policy       Policies            `yaml:"policy"`
	Calendars    map[string]Calendar `yaml:"calendars"`
	Escalation   Escalation          `yaml:"escalation"`
	Silence      Silence             `yaml:"silence"`
	Assign       string              `yaml:"assign"`
	Commands     Commands            `yaml:"commands"`
	Ack          Ack                 `yaml:"ack"`
	Outbox       Outbox              `yaml:"outbox"`
	Limits       Limits              `yaml:"limits"`
	Digest       Digest              `yaml:"digest"`
	Alerts       Alerts              `yaml:"alerts"`
	Rules        []Rule              `yaml:"rules"`
	RulesFiles   []string            `yaml:"rules_files"`
	TemplatesDir string              `yaml:"templates_dir"`
	Log          Log                 `yaml:"log"`
	LLM          LLM                 `yaml:"llm"`
}

// Mailbox is one IMAP account and folder that is watched, with the alias it serves.
type Mailbox struct {
	Name              string   `yaml:"name"`
	Address           string   `yaml:"address"`
	Aliases           []string `yaml:"aliases"`
	FromName          string   `yaml:"from_name"`
	TrustedAuthservID string   `yaml:"trusted_authserv_id"`
	Subaddress        string   `yaml:"subaddress"`
	After             string   `yaml:"after"` // leave, flag or move:FOLDER
	IMAP              IMAP     `yaml:"imap"`
	SMTP              SMTP     `yaml:"smtp"`
}

// Server is what an IMAP and an SMTP account have in common: where it is and how we prove who we are.
type Server struct {
	Host            string `yaml:"host"`
	Port            int    `yaml:"port"`
	TLS             string `yaml:"tls"` // implicit, starttls or none
	CAFile          string `yaml:"ca_file"`
	Insecure        bool   `yaml:"insecure"`
	Username        string `yaml:"username"`
	Password        Secret `yaml:"password"`
	PasswordFile    string `yaml:"password_file"`
	PasswordEnv     string `yaml:"password_env"`
	AccessTokenFile string `yaml:"access_token_file"`
}

// IMAP is how a mailbox is read.
type IMAP struct {
	Server       `yaml:",inline"`
	Folder       string   `yaml:"folder"`
	PollInterval Duration `yaml:"poll_interval"`
	// Idle is whether IDLE is used where the server offers it. Default true.
	Idle           *bool    `yaml:"idle"`
	ReconnectFirst Duration `yaml:"reconnect_first"`
	ReconnectMax   Duration `yaml:"reconnect_max"`
}

// SMTP is how answers leave.
type SMTP struct {
	Server      `yaml:",inline"`
	Connections int `yaml:"connections"`
	// Rate is the most mails a minute this account sends; 0 is unlimited.
	Rate int `yaml:"rate"`
}

// Agent is a person who answers customers.
type Agent struct {
	Name      string   `yaml:"name"`
	Address   string   `yaml:"address"`
	Addresses []string `yaml:"addresses"`
	Role      string   `yaml:"role"`
	Phone     string   `yaml:"phone"`
	Duty      *bool    `yaml:"duty"`
	Team      string   `yaml:"team"`
}

// Manager gets the digest and the escalations.
type Manager struct {
	Name     string `yaml:"name"`
	Address  string `yaml:"address"`
	Timezone Zone   `yaml:"timezone"`
}

// Stakeholders are the groups that policy.*.inform can name.
type Stakeholders struct {
	Executives  []string `yaml:"executives"`
	AllHands    []string `yaml:"all_hands"`
	Engineering []string `yaml:"engineering"`
}

// Customer is what is known of a customer, found by address or else by domain.
type Customer struct {
	Domain      string `yaml:"domain"`
	Address     string `yaml:"address"`
	Name        string `yaml:"name"`
	Tier        string `yaml:"tier"`
	Language    string `yaml:"language"`
	CSM         string `yaml:"csm"`
	Channel     string `yaml:"channel"`
	Phone       string `yaml:"phone"`
	Revenue     int64  `yaml:"revenue"`
	Criticality string `yaml:"criticality"`
}

// Policies is one Policy per severity.
type Policies struct {
	SEV1 Policy `yaml:"SEV-1"`
	SEV2 Policy `yaml:"SEV-2"`
	SEV3 Policy `yaml:"SEV-3"`
	SEV4 Policy `yaml:"SEV-4"`
}

// Policy is what one severity promises. An empty UpdateEvery or BriefEvery means none.
type Policy struct {
	FirstResponse Span     `yaml:"first_response"`
	UpdateEvery   Span     `yaml:"update_every"`
	NudgeBefore   Duration `yaml:"nudge_before"`
	BriefEvery    Span     `yaml:"brief_every"`
	ResolveWithin Span     `yaml:"resolve_within"`
	Calendar      string   `yaml:"calendar"`
	Inform        []string `yaml:"inform"`
}

// Calendar is a set of opening hours; see config/calendar for its arithmetic.
type Calendar struct {
	Timezone Zone              `yaml:"timezone"`
	Hours    map[string]string `yaml:"hours"` // mon: "09:00-17:00"
	Holidays []string          `yaml:"holidays"`
}

// Escalation is who hears of an unmet promise, counted from the missed instant.
type Escalation struct {
	Steps []EscalationStep `yaml:"steps"`
}

// EscalationStep is one rung of the ladder.
type EscalationStep struct {
	After Duration `yaml:"after"`
	To    string   `yaml:"to"` // owner, team or manager
}

// Silence is the policy for a customer who does not answer a resolution.
type Silence struct {
	Remind     []Span `yaml:"remind"`
	CloseAfter Span   `yaml:"close_after"`
}

// Commands says what an agent's #command must prove.
type Commands struct {
	Require string `yaml:"require"` // authenticated or token
}

// Ack is the policy of automatic answers.
type Ack struct {
	Within        Duration  `yaml:"within"`
	Horizon       Duration  `yaml:"horizon"`
	NotBefore     time.Time `yaml:"not_before"`
	Require       string    `yaml:"require"` // not_forged or authenticated
	Unaddressed   bool      `yaml:"unaddressed"`
	PerSenderHour *int      `yaml:"per_sender_hour"`
	PerSenderDay  *int      `yaml:"per_sender_day"`
	PerDomainHour *int      `yaml:"per_domain_hour"`
	PerMinute     *int      `yaml:"per_minute"`
}

// Outbox is how sending is retried.
type Outbox struct {
	RetryFirst   Duration `yaml:"retry_first"`
	RetryMax     Duration `yaml:"retry_max"`
	GiveUp       Duration `yaml:"give_up"`
	UnknownGrace Duration `yaml:"unknown_grace"`
}

// Limits are enforced before the MIME library sees a message.
type Limits struct {
	MessageSize Size `yaml:"message_size"`
	HeaderBytes Size `yaml:"header_bytes"`
	HeaderLine  Size `yaml:"header_line"`
	HeaderCount int  `yaml:"header_count"`
	Addresses   int  `yaml:"addresses"`
	Depth       int  `yaml:"depth"`
	Parts       int  `yaml:"parts"`
	TextBytes   Size `yaml:"text_bytes"`
	Received    int  `yaml:"received"`
}

// Digest is when managers get their daily mail.
type Digest struct {
	At       string   `yaml:"at"`
	Timezone Zone     `yaml:"timezone"`
	Days     []string `yaml:"days"`
}

// Alerts is where the daemon cries for help.
type Alerts struct {
	To      []string `yaml:"to"`
	Webhook string   `yaml:"webhook"`
}

// Rule is one line of judgement; see package classify for the language.
type Rule struct {
	Name     string `yaml:"name"`
	When     string `yaml:"when"`
	Severity string `yaml:"severity"`
	Type     string `yaml:"type"`
	Team     string `yaml:"team"`

	// At is where the rule stands, for errors found later. Not part of the file.
	At Position `yaml:"-"`
}

// Log is how the daemon speaks.
type Log struct {
	Level  string `yaml:"level"`
	Format string `yaml:"format"`
}

// LLM is the optional model; it is on when BaseURL and Model are set.
type LLM struct {
	BaseURL    string   `yaml:"base_url"`
	Model      string   `yaml:"model"`
	APIKeyFile string   `yaml:"api_key_file"`
	Timeout    Duration `yaml:"timeout"`
	DailyCalls int      `yaml:"daily_calls"`
	Mailboxes  []string `yaml:"mailboxes"`
}
