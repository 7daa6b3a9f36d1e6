package config

// Mailbox is one IMAP account and folder that is watched, with the alias it serves.
type Mailbox struct {
	// Name is how logs, rules and commands call the mailbox. Keep it: the position in the mailbox is
	// remembered under it.
	Name string `yaml:"name" is:"required"`
	// Address is the alias that customers write to and that answers come from.
	Address string `yaml:"address" is:"required address"`
	// Aliases are further addresses that are delivered into this mailbox.
	Aliases []string `yaml:"aliases" is:"address"`
	// FromName is the display name beside the address. Default: the company.
	FromName string `yaml:"from_name"`
	// TrustedAuthservID is the name your own mail server signs its Authentication-Results with (the first
	// word of that header). Results under any other name are not believed.
	TrustedAuthservID string `yaml:"trusted_authserv_id"`
	// Subaddress is the separator for reply addresses such as support+TOKEN@example.com. Set it, usually to
	// "+", only when your provider delivers them. Default: off.
	Subaddress string `yaml:"subaddress" is:"+|-|=|_"`
	// After is what happens to a mail on the server once it is recorded: `leave`, `flag` (as seen) or
	// `move:FOLDER`. Default `leave`.
	After string `yaml:"after"`
	// Junk is whether the account's Junk folder is looked at every ten minutes, so that a customer whose
	// mail was filtered shows up: `watch` or `off`. Nothing in it is changed or answered. Default `watch`.
	Junk string `yaml:"junk" is:"watch|off"`
	// IMAP is how the mailbox is read.
	IMAP IMAP `yaml:"imap" is:"required"`
	// SMTP is how answers leave.
	SMTP SMTP `yaml:"smtp" is:"required"`
}

// Server is what an IMAP and an SMTP account have in common: where it is and how we prove who we are.
// A secret is given in one way only: a file is best, as it can be rotated without a restart.
type Server struct {
	// Host is the server's name, which its certificate must carry, or its address.
	Host string `yaml:"host" is:"required host"`
	// Port is where it listens. Default: by tls, 993 or 143 for IMAP, 465 or 587 for SMTP.
	Port int `yaml:"port" is:"1..65535"`
	// TLS is `implicit` (encrypted from the first byte), `starttls` (required, never skipped) or `none`
	// (only to this machine, or with insecure). Default: by port (993 and 465 implicit; 143, 587 and 25
	// starttls), otherwise implicit for IMAP and starttls for SMTP.
	TLS string `yaml:"tls" is:"implicit|starttls|none"`
	// CAFile is a PEM file with the authorities to trust instead of the system's.
	CAFile string `yaml:"ca_file" is:"path"`
	// Insecure allows tls: none to another machine. Passwords and mail then travel in the clear.
	// Default `false`.
	Insecure bool `yaml:"insecure"`
	// Username is the login. Default: the mailbox's address; for SMTP only where a secret is set, as an
	// SMTP server without username and secret is used without login.
	Username string `yaml:"username"`
	// Password is the secret itself. Prefer password_file.
	Password Secret `yaml:"password"`
	// PasswordFile is a file that holds the password and nothing else.
	PasswordFile string `yaml:"password_file" is:"path"`
	// PasswordEnv is the name of the environment variable that holds the password.
	PasswordEnv string `yaml:"password_env" is:"env"`
	// AccessTokenFile is a file with an OAuth 2.0 access token, read again at each login, for OAUTHBEARER or
	// XOAUTH2 (Gmail, Exchange Online).
	AccessTokenFile string `yaml:"access_token_file" is:"path"`
}

// IMAP is how a mailbox is read.
type IMAP struct {
	Server `yaml:",inline"`
	// Folder is the folder that is watched. Default `INBOX`.
	Folder string `yaml:"folder"`
	// PollInterval is how often the folder is looked at, also while IDLE waits. Default `1m`.
	PollInterval Duration `yaml:"poll_interval"`
	// Idle is whether IDLE is used where the server offers it, so that mail is seen at once.
	// Default `true`.
	Idle *bool `yaml:"idle"`
	// ReconnectFirst is the pause before the first new attempt after a lost connection. Default `1s`.
	ReconnectFirst Duration `yaml:"reconnect_first"`
	// ReconnectMax is the longest such pause; it doubles up to here. Default `5m`.
	ReconnectMax Duration `yaml:"reconnect_max"`
}

// SMTP is how answers leave.
type SMTP struct {
	Server `yaml:",inline"`
	// Connections is how many mails are sent at the same time at most. Default `4`.
	Connections int `yaml:"connections" is:"1..100"`
	// Rate is the most mails a minute this account sends; 0 is unlimited. Default `0`.
	Rate int `yaml:"rate" is:"0..1000000"`
}
