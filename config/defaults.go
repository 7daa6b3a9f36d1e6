package config

import (
	"strings"
	"time"
)

// Defaults fills in whatever was left out, as the comments at the fields promise. Load and Parse
// call it; a Config made in code needs it once. A second call changes nothing.
func (c *Config) Defaults() {
	c.Timezone = or(c.Timezone, "UTC")
	if c.Company == "" && len(c.Mailboxes) > 0 {
		_, c.Company, _ = strings.Cut(c.Mailboxes[0].Address, "@")
	}
	for i := range c.Mailboxes {
		c.Mailboxes[i].defaults(c.Company)
	}
	for i := range c.Agents {
		c.Agents[i].Duty = orSet(c.Agents[i].Duty, true)
		c.Agents[i].Language = or(c.Agents[i].Language, "en")
	}
	c.Assign = or(c.Assign, "team")
	c.Policy.defaults()
	if c.Escalation.Steps == nil {
		c.Escalation.Steps = []EscalationStep{
			{After: 0, To: "owner"},
			{After: minutes(10), To: "team"},
			{After: minutes(20), To: "manager"},
		}
	}
	if c.Silence.Remind == nil {
		c.Silence.Remind = []Span{{Days: 2}, {Days: 4}}
	}
	c.Silence.CloseAfter = or(c.Silence.CloseAfter, Span{Days: 7})
	c.Silence.ReopenWithin = or(c.Silence.ReopenWithin, minutes(30*24*60))
	c.Ack.defaults()
	c.Outbox.defaults()
	c.Limits.defaults()
	c.Alerts.defaults()
	for i := range c.Connectors {
		c.Connectors[i].defaults()
	}
	c.Digest.At = or(c.Digest.At, "08:00")
	c.Digest.Timezone = or(c.Digest.Timezone, c.Timezone)
	for i := range c.Managers {
		c.Managers[i].Timezone = or(c.Managers[i].Timezone, c.Digest.Timezone)
		c.Managers[i].Language = or(c.Managers[i].Language, "en")
	}
	c.Log.Level = or(c.Log.Level, "info")
	c.Log.Format = or(c.Log.Format, "text")
	c.LLM.defaults()
}

func (l *LLM) defaults() {
	l.Timeout = or(l.Timeout, Duration(20*time.Second))
	l.Retries = orSet(l.Retries, 1)
	l.Connections = or(l.Connections, 2)
	l.ReplyTokens = or(l.ReplyTokens, 1000)
	l.DailyCalls = or(l.DailyCalls, 1000)
	l.DailyTokens = or(l.DailyTokens, 2_000_000)
	l.SenderDailyCalls = or(l.SenderDailyCalls, 20)
	l.MailboxDailyCalls = or(l.MailboxDailyCalls, l.DailyCalls)
	l.Breaker.Failures = or(l.Breaker.Failures, 5)
	l.Breaker.Pause = or(l.Breaker.Pause, minutes(1))
}

func (m *Mailbox) defaults(company string) {
	m.FromName = or(m.FromName, company)
	m.After = or(m.After, "leave")
	m.Junk = or(m.Junk, "watch")
	m.IMAP.Server.defaults(993, 143, "implicit", m.Address)
	m.IMAP.Folder = or(m.IMAP.Folder, "INBOX")
	m.IMAP.PollInterval = or(m.IMAP.PollInterval, minutes(1))
	m.IMAP.Idle = orSet(m.IMAP.Idle, true)
	m.IMAP.ReconnectFirst = or(m.IMAP.ReconnectFirst, Duration(time.Second))
	m.IMAP.ReconnectMax = or(m.IMAP.ReconnectMax, minutes(5))
	username := ""
	if len(m.SMTP.secrets()) > 0 {
		username = m.Address
	}
	m.SMTP.Server.defaults(465, 587, "starttls", username)
	m.SMTP.Connections = or(m.SMTP.Connections, 4)
}

// defaults sets what was left out of port and tls, each by the other.
func (s *Server) defaults(implicitPort, otherPort int, usual, username string) {
	if s.TLS == "" {
		switch s.Port {
		case 993, 465:
			s.TLS = "implicit"
		case 143, 587, 25:
			s.TLS = "starttls"
		default:
			s.TLS = usual
		}
	}
	if s.Port == 0 && s.TLS == "implicit" {
		s.Port = implicitPort
	}
	s.Port = or(s.Port, otherPort)
	s.Username = or(s.Username, username)
}

// defaults is the table of the design, section 2.
func (p *Policies) defaults() {
	p.SEV1.defaults(Policy{
		FirstResponse: clock(15), UpdateEvery: clock(30), BriefEvery: clock(60), ResolveWithin: clock(4 * 60),
		Calendar: "24x7", Inform: []string{"customer", "owner", "executives", "all_hands"},
	})
	p.SEV2.defaults(Policy{
		FirstResponse: clock(60), UpdateEvery: clock(2 * 60), BriefEvery: clock(60), ResolveWithin: clock(8 * 60),
		Calendar: "24x7", Inform: []string{"customer", "owner", "managers", "csm"},
	})
	p.SEV3.defaults(Policy{
		FirstResponse: clock(4 * 60), UpdateEvery: Span{Days: 1}, BriefEvery: None(), ResolveWithin: Span{Days: 2},
		Calendar: "business", Inform: []string{"customer", "owner", "csm"},
	})
	p.SEV4.defaults(Policy{
		FirstResponse: Span{Days: 1}, UpdateEvery: None(), BriefEvery: None(), ResolveWithin: Span{Weeks: 1},
		Calendar: "business", Inform: []string{"customer", "owner"},
	})
}

func (p *Policy) defaults(d Policy) {
	p.FirstResponse = or(p.FirstResponse, d.FirstResponse)
	p.UpdateEvery = or(p.UpdateEvery, d.UpdateEvery)
	p.BriefEvery = or(p.BriefEvery, d.BriefEvery)
	p.ResolveWithin = or(p.ResolveWithin, d.ResolveWithin)
	p.Calendar = or(p.Calendar, d.Calendar)
	if p.Inform == nil {
		p.Inform = d.Inform
	}
	if p.NudgeBefore == 0 {
		p.NudgeBefore = Duration(min(p.UpdateEvery.plain()/3, 10*time.Minute))
	}
}

func (a *Ack) defaults() {
	a.Within = or(a.Within, minutes(15))
	a.Horizon = or(a.Horizon, minutes(24*60))
	a.Require = or(a.Require, "not_forged")
	a.PerSenderHour = orSet(a.PerSenderHour, 3)
	a.PerSenderDay = orSet(a.PerSenderDay, 10)
	a.PerDomainHour = orSet(a.PerDomainHour, 30)
	a.PerMinute = orSet(a.PerMinute, 120)
}

func (o *Outbox) defaults() {
	o.RetryFirst = or(o.RetryFirst, Duration(30*time.Second))
	o.RetryMax = or(o.RetryMax, minutes(2*60))
	o.GiveUp = or(o.GiveUp, minutes(5*24*60))
	o.UnknownGrace = or(o.UnknownGrace, minutes(2))
}

func (l *Limits) defaults() {
	l.MessageSize = or(l.MessageSize, 50<<20)
	l.HeaderBytes = or(l.HeaderBytes, 256<<10)
	l.HeaderLine = or(l.HeaderLine, 64<<10)
	l.HeaderCount = or(l.HeaderCount, 1000)
	l.Addresses = or(l.Addresses, 500)
	l.Depth = or(l.Depth, 20)
	l.Parts = or(l.Parts, 500)
	l.TextBytes = or(l.TextBytes, 1<<20)
	l.NoticesPerHour = orSet(l.NoticesPerHour, 200)
	l.Received = or(l.Received, 100)
}

func or[T comparable](value, otherwise T) T {
	var zero T
	if value == zero {
		return otherwise
	}
	return value
}

func orSet[T any](value *T, otherwise T) *T {
	if value == nil {
		return &otherwise
	}
	return value
}

func minutes(n int) Duration { return Duration(time.Duration(n) * time.Minute) }

func clock(minutes int) Span { return Span{Clock: time.Duration(minutes) * time.Minute} }
