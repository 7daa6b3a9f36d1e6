package config

import "time"

// Ack is the policy of automatic answers. A cap withholds the answer, never the thread; 0 is no cap.
type Ack struct {
	// Within is how soon a new thread is acknowledged. Default `15m`.
	Within Duration `yaml:"within"`
	// Horizon is the age (by the server's arrival date) after which an acknowledgement is no longer sent by
	// itself: after an outage older mails wait for you. Default `24h`.
	Horizon Duration `yaml:"horizon"`
	// NotBefore leaves mail that arrived earlier unread at the first start: a date (midnight in timezone)
	// or an RFC 3339 time. Default: the first start.
	NotBefore time.Time `yaml:"not_before"`
	// Require is what a sender must show to be answered: `not_forged` (no evidence of forgery) or
	// `authenticated` (the trusted_authserv_id says so, or our own check finds a DKIM signature of the
	// sender's domain). Default `not_forged`.
	Require string `yaml:"require" is:"not_forged|authenticated"`
	// Unaddressed is whether mail that names none of our addresses (Bcc, lists) is acknowledged.
	// Default `false`.
	Unaddressed bool `yaml:"unaddressed"`
	// PerSenderHour is the most acknowledgements to one sender in an hour. Default `3`.
	PerSenderHour *int `yaml:"per_sender_hour" is:"0..1000000"`
	// PerSenderDay is the most to one sender in a day. Default `10`.
	PerSenderDay *int `yaml:"per_sender_day" is:"0..1000000"`
	// PerDomainHour is the most to one domain in an hour, unless it is a customer's. Default `30`.
	PerDomainHour *int `yaml:"per_domain_hour" is:"0..1000000"`
	// PerMinute is the most automatic answers in a minute altogether; what is above waits, nothing is
	// withheld. Default `120`.
	PerMinute *int `yaml:"per_minute" is:"0..1000000"`
}

// Outbox is how sending is retried when the server is away or says "later".
type Outbox struct {
	// RetryFirst is the pause before the second attempt; it doubles from there. Default `30s`.
	RetryFirst Duration `yaml:"retry_first"`
	// RetryMax is the longest pause. Default `2h`.
	RetryMax Duration `yaml:"retry_max"`
	// GiveUp is the age at which a mail counts as failed. Default `5d`.
	GiveUp Duration `yaml:"give_up"`
	// UnknownGrace is how long a mail whose fate is unknown (the connection broke after the final dot)
	// waits before it is decided upon. Default `2m`.
	UnknownGrace Duration `yaml:"unknown_grace"`
}

// Limits are what protects the daemon from a single mail, and the disk from all of them. Sizes are such as 50MiB, 256KiB or 1024.
type Limits struct {
	// MessageSize is the largest mail that is read; of a larger one only the header is, and a thread is
	// opened from that. Default `50MiB`.
	MessageSize Size `yaml:"message_size"`
	// HeaderBytes is the largest header block. Default `256KiB`.
	HeaderBytes Size `yaml:"header_bytes"`
	// HeaderLine is the longest single header. Default `64KiB`.
	HeaderLine Size `yaml:"header_line"`
	// HeaderCount is the most headers. Default `1000`.
	HeaderCount int `yaml:"header_count" is:"1..1000000"`
	// Addresses is the most addresses in a header. Default `500`.
	Addresses int `yaml:"addresses" is:"1..1000000"`
	// Depth is how deep MIME parts may nest. Default `20`.
	Depth int `yaml:"depth" is:"1..1000"`
	// Parts is the most MIME parts. Default `500`.
	Parts int `yaml:"parts" is:"1..1000000"`
	// TextBytes is how much text is kept and judged. Default `1MiB`.
	TextBytes Size `yaml:"text_bytes"`
	// NoticesPerHour is the most mails of people who are not in customers that are passed on to agents in an hour; 0 is no
	// cap. Beyond it they stay in their threads, with one alert, so that a flood does not bury what matters. Default `200`.
	NoticesPerHour *int `yaml:"notices_per_hour" is:"0..1000000"`
	// Received is the most Received headers before a mail is taken to be looping. Default `100`.
	Received int `yaml:"received" is:"1..1000000"`
	// DiskReserve is the free space below which no new mail is read, on the file system of state_dir; what is
	// owed still goes out, and reading goes on by itself. 0 is none. Default: 10 % of the file system, at most 1GiB.
	DiskReserve *Size `yaml:"disk_reserve" is:"zero"`
}

// Alerts is where the daemon cries for help: an acknowledgement that does not leave, a mailbox that
// cannot be read.
type Alerts struct {
	// To are addresses that are written to, from another mailbox than the one in trouble where there is one.
	To []string `yaml:"to" is:"address"`
	// Webhook is a URL that gets a JSON POST. It may hold a token and is not logged.
	Webhook string `yaml:"webhook" is:"url"`
	// AllowInternal are hosts, addresses and networks inside your own network that the webhook may connect to;
	// everything else that is not public is refused. Default: this machine, where webhook names it (localhost,
	// 127.0.0.1); otherwise none.
	AllowInternal []string `yaml:"allow_internal" is:"network"`
}

// Log is how the daemon speaks, on standard error.
type Log struct {
	// Level is the least that is said. Default `info`.
	Level string `yaml:"level" is:"debug|info|warn|error"`
	// Format is for people or for machines. Default `text`.
	Format string `yaml:"format" is:"text|json"`
}
